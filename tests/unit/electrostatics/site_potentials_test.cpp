#include "electrostatics/site_potentials.hpp"

#include <array>
#include <catch2/catch.hpp>
#include <cmath>

#include "core/error.hpp"
#include "ionic.hpp"
#include "unit/kmc/allocation_count.hpp"

using namespace lithiate;
using namespace lithiate::electrostatics;
using namespace lithiate::fixtures;
using Catch::Matchers::Contains;
using Catch::Matchers::WithinAbs;

namespace {

/// A supercell of lopsided_salt with random charges -3 to 3 e, any total.
struct RandomSalt {
  EwaldTable table;
  std::vector<Quanta> charges;
  Random random;

  explicit RandomSalt(std::uint64_t seed, const Matrix3i& t = skewed())
      : table(lopsided_salt().lattice, lopsided_salt().fractional, t), random(seed, Purpose::test) {
    for (SiteIndex i = 0; i < table.n_sites(); ++i) charges.push_back(any_charge());
  }
  Quanta any_charge() { return static_cast<Quanta>(random.below(7)) - 3; }
  SiteIndex any_site() {
    return static_cast<SiteIndex>(random.below(static_cast<std::uint64_t>(table.n_sites())));
  }
  ChargeChange any_change() { return {any_site(), any_charge()}; }
  SitePotentials potentials() const { return {table, charges, Neutrality::background}; }
};

/// Exchange of the charges of two sites.
std::array<ChargeChange, 2> swap_of(const SitePotentials& p, SiteIndex i, SiteIndex j) {
  const auto& q = p.charges();
  return {ChargeChange{i, q[static_cast<std::size_t>(j)]},
          ChargeChange{j, q[static_cast<std::size_t>(i)]}};
}

bool same_bits(const SitePotentials& a, const SitePotentials& b) {
  if (a.total_eV() != b.total_eV() || a.charges() != b.charges()) return false;
  for (SiteIndex i = 0; i < a.table().n_sites(); ++i)
    if (a.potential_V(i) != b.potential_V(i)) return false;
  return true;
}

SitePotentials renewed(const SitePotentials& p) {
  return {p.table(), p.charges(), Neutrality::background};
}

}  // namespace

TEST_CASE("the total is the pairwise sum of the cell, neutral or charged", "[electrostatics]") {
  for (const Matrix3i& t : {diagonal(2, 2, 1), skewed()}) {
    const RandomSalt salt(5, t);
    Ions ions = repeated(lopsided_salt(), t);
    const SitePotentials potentials = salt.potentials();
    const double known_eV =
        Ewald(ions.lattice).energy_eV(ions.fractional, in_e(potentials), Neutrality::background);
    REQUIRE_THAT(potentials.total_eV(), WithinAbs(known_eV, 1e-8));
  }
}

TEST_CASE("a site potential is the sum of its interactions", "[electrostatics]") {
  const RandomSalt salt(6);
  const SitePotentials potentials = salt.potentials();
  for (SiteIndex i = 0; i < salt.table.n_sites(); ++i) {
    double sum_eV = 0.0;
    for (SiteIndex j = 0; j < salt.table.n_sites(); ++j)
      sum_eV += salt.charges[static_cast<std::size_t>(j)] * salt.table.pair_eV(i, j);
    REQUIRE_THAT(potentials.potential_V(i), WithinAbs(sum_eV, 1e-11));
  }
}

TEST_CASE("a trial of one site is the difference of two totals", "[electrostatics]") {
  RandomSalt salt(7);
  SitePotentials potentials = salt.potentials();
  for (int trial = 0; trial < 100; ++trial) {
    const ChargeChange change = salt.any_change();
    const double before_eV = potentials.total_eV(), dE = potentials.delta_eV(change);
    potentials.apply(change);
    REQUIRE_THAT(potentials.total_eV() - before_eV, WithinAbs(dE, 1e-11));
    REQUIRE(same_bits(potentials, renewed(potentials)));
  }
}

TEST_CASE("a trial of two sites is the difference of two totals", "[electrostatics]") {
  RandomSalt salt(8);
  SitePotentials potentials = salt.potentials();
  for (int trial = 0; trial < 100; ++trial) {
    const ChargeChange first = salt.any_change();
    ChargeChange second = salt.any_change();
    if (second.site == first.site) second.site = (first.site + 1) % salt.table.n_sites();
    const double before_eV = potentials.total_eV(), dE = potentials.delta_eV(first, second);
    REQUIRE(potentials.delta_eV(second, first) == dE);
    potentials.apply(first, second);
    REQUIRE_THAT(potentials.total_eV() - before_eV, WithinAbs(dE, 1e-11));
    REQUIRE(same_bits(potentials, renewed(potentials)));
  }
}

TEST_CASE("a trial of several sites is the difference of two totals", "[electrostatics]") {
  RandomSalt salt(9);
  SitePotentials potentials = salt.potentials();
  for (std::size_t size = 0; size <= 9; ++size) {
    std::vector<ChargeChange> changes;
    for (std::size_t k = 0; k < size; ++k)
      changes.push_back({static_cast<SiteIndex>(4 * k + size % 4), salt.any_charge()});
    const double before_eV = potentials.total_eV(), dE = potentials.delta_eV(changes);
    potentials.apply(changes);
    REQUIRE_THAT(potentials.total_eV() - before_eV, WithinAbs(dE, 1e-11));
    REQUIRE(same_bits(potentials, renewed(potentials)));
  }
}

TEST_CASE("trials of one and two sites are those of lists in every bit", "[electrostatics]") {
  RandomSalt salt(10);
  const SitePotentials potentials = salt.potentials();
  for (int trial = 0; trial < 50; ++trial) {
    const std::array<ChargeChange, 2> pair{ChargeChange{0, salt.any_charge()},
                                           ChargeChange{5, salt.any_charge()}};
    REQUIRE(potentials.delta_eV(pair[0], pair[1]) == potentials.delta_eV(std::span(pair)));
    REQUIRE(potentials.delta_eV(pair[0]) == potentials.delta_eV(std::span(pair).first(1)));
  }
}

TEST_CASE("a move and its reverse restore every bit", "[electrostatics]") {
  RandomSalt salt(11);
  SitePotentials potentials = salt.potentials();
  const SitePotentials before = potentials;
  for (int trial = 0; trial < 50; ++trial) {
    const SiteIndex i = salt.any_site(), j = (i + 7) % salt.table.n_sites();
    const auto there = swap_of(potentials, i, j);
    const double dE = potentials.delta_eV(there[0], there[1]);
    potentials.apply(there[0], there[1]);
    const auto back = swap_of(potentials, i, j);
    REQUIRE(potentials.delta_eV(back[0], back[1]) == -dE);
    potentials.apply(back[0], back[1]);
    REQUIRE(same_bits(potentials, before));
  }
}

TEST_CASE("the same charges reached by different moves give the same bits", "[electrostatics]") {
  RandomSalt salt(12);
  SitePotentials there = salt.potentials(), other = salt.potentials();
  const std::array<ChargeChange, 3> moves{ChargeChange{1, 2}, ChargeChange{17, -3},
                                          ChargeChange{30, 0}};
  there.apply(moves);
  for (const auto& detour : {ChargeChange{30, 3}, ChargeChange{2, 1}}) other.apply(detour);
  other.apply(moves[2]);
  other.apply(moves[1], moves[0]);
  other.apply({2, salt.charges[2]});
  REQUIRE(same_bits(there, other));
}

TEST_CASE("fixed charges folded into potentials give the energy of the whole crystal",
          "[electrostatics]") {
  const Ions ions = lopsided_salt();
  for (const double fixed_e : {-1.0, 0.4}) {  // neutral, and with a net charge
    const EwaldTable all(ions.lattice, ions.fractional, skewed(), {}, {.charge_quantum_e = 0.2});
    const EwaldTable folded(ions.lattice, {ions.fractional[0], ions.fractional[1]}, skewed(),
                            {{ions.fractional[2], fixed_e}}, {.charge_quantum_e = 0.2});
    Random random(13, Purpose::test);
    std::vector<double> every_e, mobile_e;
    for (SiteIndex i = 0; i < all.n_sites(); ++i) {
      every_e.push_back(i % 3 == 2 ? fixed_e : static_cast<double>(random.below(5)) - 2.0);
      if (i % 3 != 2) mobile_e.push_back(every_e.back());
    }
    SitePotentials whole(all, every_e, Neutrality::background);
    SitePotentials part(folded, mobile_e, Neutrality::background);
    REQUIRE_THAT(part.total_eV(), WithinAbs(whole.total_eV(), 1e-8));
    for (SiteIndex cell = 0; cell < 12; ++cell) {
      REQUIRE_THAT(part.potential_V(2 * cell), WithinAbs(whole.potential_V(3 * cell), 1e-8));
      REQUIRE_THAT(part.delta_eV({2 * cell + 1, 7}),
                   WithinAbs(whole.delta_eV({3 * cell + 1, 7}), 1e-8));
    }
    part.apply({4, 3}, {9, -2});
    whole.apply({6, 3}, {13, -2});
    REQUIRE_THAT(part.total_eV(), WithinAbs(whole.total_eV(), 1e-8));
    REQUIRE(same_bits(part, renewed(part)));
  }
}

TEST_CASE("an extra charge in a cell costs its potential and its own background",
          "[electrostatics]") {
  const Ions ions = rock_salt();
  const EwaldTable table(ions.lattice, ions.fractional, diagonal(3, 3, 3));
  const std::vector<Quanta> none(54, 0);
  SitePotentials potentials(table, none);
  // alone in the cell: the Wigner crystal of the supercell, 2^2 times that of unit charges
  const double r_s = std::cbrt(3.0 * 27.0 * ions.lattice.volume_A3() / (4.0 * std::numbers::pi));
  REQUIRE_THAT(potentials.delta_eV({20, 2}) * r_s / coulomb_eV_A,
               WithinAbs(4.0 * -0.895873615195, 1e-9));
  REQUIRE(potentials.total_eV() == 0.0);
}

TEST_CASE("1e5 hops among 6000 sites leave the energy of the full sum", "[electrostatics]") {
  const Ions ions = filled_perovskite();
  const Matrix3i t = diagonal(10, 10, 10);
  const EwaldTable table(ions.lattice, ions.fractional, t, {}, {.accuracy = 1e-13});
  REQUIRE(table.n_sites() == 6000);
  Random random(14, Purpose::test);
  std::vector<double> charges_e(6000, 0.0);
  for (std::size_t i = 0; i < 2000; ++i) charges_e[i] = i % 2 == 0 ? 1.0 : -1.0;
  charges_e = shuffled(charges_e, random);
  SitePotentials potentials(table, charges_e);
  double summed_eV = potentials.total_eV();
  for (int hop = 0; hop < 100000;) {
    const auto i = static_cast<SiteIndex>(random.below(6000));
    const auto j = static_cast<SiteIndex>(random.below(6000));
    if (potentials.charges()[static_cast<std::size_t>(i)] == 0 ||
        potentials.charges()[static_cast<std::size_t>(j)] != 0)
      continue;
    const auto moved = swap_of(potentials, i, j);
    summed_eV += potentials.delta_eV(moved[0], moved[1]);
    potentials.apply(moved[0], moved[1]);
    ++hop;
  }
  REQUIRE(same_bits(potentials, renewed(potentials)));
  REQUIRE_THAT(summed_eV, WithinAbs(potentials.total_eV(), 1e-9));
  Ions now = repeated(ions, t);
  now.charges_e = in_e(potentials);
  REQUIRE_THAT(structure_factor_energy_eV(now), WithinAbs(potentials.total_eV(), 1e-9));
}

TEST_CASE("trials and moves allocate nothing", "[electrostatics]") {
  RandomSalt salt(15);
  SitePotentials potentials = salt.potentials();
  const std::array<ChargeChange, 3> three{ChargeChange{1, 2}, ChargeChange{17, -3},
                                          ChargeChange{30, 0}};
  const std::int64_t before = allocations();
  double sum_eV = 0.0;
  for (int k = 0; k < 100; ++k) {
    sum_eV += potentials.delta_eV(salt.any_change()) + potentials.delta_eV({3, 1}, {4, -1}) +
              potentials.delta_eV(three);
    potentials.apply(salt.any_change());
    potentials.apply({3, 1}, {4, -1});
    potentials.apply(three);
    sum_eV += potentials.total_eV();
  }
  REQUIRE(allocations() == before);
  REQUIRE(std::isfinite(sum_eV));
}

TEST_CASE("charges that do not fit their cell are refused", "[electrostatics]") {
  const Ions ions = rock_salt();
  const EwaldTable table(ions.lattice, ions.fractional, diagonal(1, 1, 1));
  const EwaldTable with_fixed(ions.lattice, {ions.fractional[0]}, diagonal(2, 1, 1),
                              {{ions.fractional[1], -1.5}}, {.charge_quantum_e = 0.5});
  using Charges = std::vector<double>;
  REQUIRE_NOTHROW(SitePotentials(table, Charges{2.0, -2.0}));
  REQUIRE_THROWS_WITH(SitePotentials(table, Charges{2.0, -1.0}), Contains("net charge of +1 e"));
  REQUIRE_THROWS_WITH(SitePotentials(table, Charges{1.0}), Contains("1 charges for 2 sites"));
  REQUIRE_THROWS_WITH(SitePotentials(table, std::vector<Quanta>{9, -9}), Contains("9 quanta"));
  REQUIRE_NOTHROW(SitePotentials(with_fixed, Charges{1.0, 2.0}));
  REQUIRE_THROWS_WITH(SitePotentials(with_fixed, Charges{2.0, 2.0}),
                      Contains("net charge of +1 e"));
}
