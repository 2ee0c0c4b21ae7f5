#include <catch2/catch.hpp>
#include <cmath>
#include <set>

#include "core/error.hpp"
#include "fixtures/charged_chain.hpp"
#include "mc/metropolis.hpp"
#include "model/occupation.hpp"
#include "observe/estimate.hpp"

using namespace lithiate;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using Occ = std::vector<model::Species>;
using Walk = mc::Metropolis<mc::NeutralSemiGrand>;
using Mu = std::map<std::string, double>;

namespace {

const fixtures::Names lithium{"Li1+", "Va"}, vanadium{"V2+", "V3+"};
const fixtures::Names two_ions{"Li1+", "Na1+", "Va"}, manganese{"Mn2+", "Mn3+", "Mn4+"};

/// Sum of the changes of charge of a row.
int charge(const model::LatticeModel& model, const mc::ExchangeTable& table,
           const mc::Charges& charges, const mc::ExchangeTable::Row& row) {
  std::vector<int> of(static_cast<std::size_t>(table.n_dimensions()));
  for (int b = 0; b < static_cast<int>(model.sublattices().size()); ++b)
    for (std::size_t s = 0; s < charges[static_cast<std::size_t>(b)].size(); ++s)
      of[static_cast<std::size_t>(table.dimension(b, static_cast<model::Species>(s)))] =
          charges[static_cast<std::size_t>(b)][s];
  int sum = 0;
  for (const auto& part : row) {
    for (const int d : part.to) sum += of[static_cast<std::size_t>(d)];
    for (const int d : part.from) sum -= of[static_cast<std::size_t>(d)];
  }
  return sum;
}

mc::ExchangeTable::Row reversed(mc::ExchangeTable::Row row) {
  for (auto& part : row) std::swap(part.from, part.to);
  return row;
}

double choose(std::size_t n, std::size_t k) {
  double c = 1.0;
  for (std::size_t i = 0; i < k; ++i) c *= static_cast<double>(n - i) / static_cast<double>(k - i);
  return c;
}

double factorial(std::size_t n) { return std::tgamma(static_cast<double>(n) + 1.0); }

/// Probability that a row, once drawn, gives one certain change of the state: from its definition.
double probability(const mc::NeutralSemiGrand& e, const mc::ExchangeTable::Row& row) {
  double p = 1.0;
  for (const auto& part : row) {
    for (const int d : std::set<int>(part.from.begin(), part.from.end()))
      p /= choose(e.count(d),
                  static_cast<std::size_t>(std::count(part.from.begin(), part.from.end(), d)));
    for (const int d : std::set<int>(part.to.begin(), part.to.end()))
      p *= factorial(static_cast<std::size_t>(std::count(part.to.begin(), part.to.end(), d)));
    p /= factorial(part.to.size());
  }
  return p;
}

struct Exact {
  double z = 0.0, energy_eV = 0.0, n = 0.0, n2 = 0.0;
};

/// Averages over all states of one charge; n counts `species`.
Exact enumerated(const model::LatticeModel& model, const mc::Charges& charges, std::int64_t total,
                 double T_K, const Mu& mu_eV, const std::string& species) {
  Exact sum;
  const mc::SemiGrand weights(model, mu_eV);
  fixtures::for_each_state(model, [&](const Occ& occ) {
    if (mc::total_charge(model, charges, occ) != total) return;
    const double energy_eV = model.energy_eV(occ);
    const double w = std::exp(-(energy_eV - weights.chemical_eV(occ)) / (k_B * T_K));
    const auto n = static_cast<double>(model::count(model, occ, species));
    sum.z += w;
    sum.energy_eV += w * energy_eV;
    sum.n += w * n;
    sum.n2 += w * n * n;
  });
  return {sum.z, sum.energy_eV / sum.z, sum.n / sum.z, sum.n2 / sum.z};
}

/// Monte Carlo meets the enumeration within 3.5 standard errors, and every state has the charge.
void require_exact(const model::LatticeModel& model, std::int64_t total, double T_K,
                   const Mu& mu_eV, const std::string& species) {
  const auto charges = mc::charges_of(model, {});
  Random start(3, Purpose::initial_state);
  Walk walk(model, mc::NeutralSemiGrand(model, charges, mu_eV),
            mc::arrangement_of_charge(model, charges, total, start), T_K,
            Random(5, Purpose::mc_step));
  std::vector<double> energies, n, n2;
  for (int k = 0; k < 40'000; ++k) {
    walk.sweep();
    REQUIRE(mc::total_charge(model, charges, walk.occupation()) == total);
    energies.push_back(walk.energy_eV());
    n.push_back(static_cast<double>(model::count(model, walk.occupation(), species)));
    n2.push_back(n.back() * n.back());
  }
  REQUIRE_THAT(walk.refresh_energy(), WithinAbs(0.0, 1e-9));
  const Exact exact = enumerated(model, charges, total, T_K, mu_eV, species);
  const auto agree = [](const std::vector<double>& series, double value) {
    const auto mean = observe::mean_with_error(series);
    REQUIRE(mean.error > 0.0);
    REQUIRE(mean.error < 0.03 * (1.0 + std::abs(value)));
    REQUIRE_THAT(mean.value, WithinAbs(value, 3.5 * mean.error));
  };
  agree(energies, exact.energy_eV);
  agree(n, exact.n);
  agree(n2, exact.n2);
}

}  // namespace

TEST_CASE("charges come from names or from the table of oxidation states", "[mc][neutral]") {
  CHECK(mc::charge_of("Li1+", {}) == 1);
  CHECK(mc::charge_of("V3+", {}) == 3);
  CHECK(mc::charge_of("O2-", {}) == -2);
  CHECK(mc::charge_of("Va", {}) == 0);
  CHECK(mc::charge_of("Li", {{"Li", 1}}) == 1);
  CHECK_THROWS_AS(mc::charge_of("Li", {}), InputError);
  CHECK_THROWS_AS(mc::charge_of("Ni2.5+", {}), InputError);
  CHECK_THROWS_AS(mc::charge_of("X", {{"X", 9}}), InputError);
}

TEST_CASE("lithium comes with an electron: two rows, forth and back", "[mc][neutral]") {
  const auto model = fixtures::charged_model(lithium, vanadium, 4);
  const mc::ExchangeTable table(model, mc::charges_of(model, {}));
  REQUIRE(table.rows().size() == 2);
  REQUIRE(table.rows()[0].size() == 2);
  REQUIRE(table.rows()[1] == reversed(table.rows()[0]));
}

TEST_CASE("every row of a table is neutral, stands there with its reverse, and takes nothing back",
          "[mc][neutral]") {
  const auto model = fixtures::charged_model(two_ions, manganese, 4);
  const auto charges = mc::charges_of(model, {});
  const mc::ExchangeTable table(model, charges);
  const std::set<mc::ExchangeTable::Row> rows(table.rows().begin(), table.rows().end());
  // Li <-> Na; 2 Mn3+ <-> Mn2+ + Mn4+; Li or Na with one of two electrons; LiLi, LiNa, NaNa with
  // two
  REQUIRE(rows.size() == 2 * (1 + 1 + 4 + 3));
  for (const auto& row : rows) {
    CHECK(charge(model, table, charges, row) == 0);
    CHECK(rows.contains(reversed(row)));
    for (const auto& part : row) {
      CHECK(part.from.size() == part.to.size());
      for (const int d : part.from) CHECK(std::count(part.to.begin(), part.to.end(), d) == 0);
    }
  }
}

TEST_CASE("sites whose charges cannot make up for each other are refused", "[mc][neutral]") {
  const auto model = fixtures::lattice_gas(fixtures::square({"Li1+", "Va"}), {4, 4, 1});
  REQUIRE_THROWS_AS(mc::ExchangeTable(model, mc::charges_of(model, {})), InputError);
}

TEST_CASE("a charge that no arrangement has is refused", "[mc][neutral]") {
  const auto model = fixtures::charged_model({"Li1+", "Va"}, vanadium, 4);
  Random random(1, Purpose::initial_state);
  const auto charges = mc::charges_of(model, {});
  REQUIRE_THROWS_AS(mc::arrangement_of_charge(model, charges, 100, random), InputError);
  const auto even = fixtures::charged_model({"Mg2+", "Va"}, {"Ti4+", "Ti2+"}, 4);
  REQUIRE_THROWS_AS(mc::arrangement_of_charge(even, mc::charges_of(even, {}), 11, random),
                    InputError);
}

TEST_CASE("an arrangement has the charge that was asked for", "[mc][neutral]") {
  const auto model = fixtures::charged_model(two_ions, manganese, 50);
  const auto charges = mc::charges_of(model, {});
  Random random(2, Purpose::initial_state);
  for (const int total : {100, 137, 150, 249, 250}) {
    const auto occ = mc::arrangement_of_charge(model, charges, total, random);
    CHECK(mc::total_charge(model, charges, occ) == total);
  }
}

TEST_CASE("a table move and its reverse obey detailed balance", "[mc][neutral]") {
  const auto model = fixtures::charged_model(two_ions, manganese, 5);
  const auto charges = mc::charges_of(model, {});
  const Mu mu{{"Li1+", 0.03}, {"Mn3+", -0.02}};
  constexpr double beta = 1.0 / (k_B * 700.0);
  mc::NeutralSemiGrand e(model, charges, mu);
  Random random(8, Purpose::test);
  int checked = 0;
  for (int trial = 0; trial < 2000; ++trial) {
    const Occ occ = fixtures::random_species(model, random);
    model::Configuration state(model, occ);
    e.attach(occ);
    const auto& row = e.table().rows()[random.below(e.table().rows().size())];
    mc::NeutralSemiGrand::Move move;
    if (!e.propose_row(row, random, move)) continue;
    const double forth = probability(e, row);
    double dE_eV = 0.0;
    const double dPhi_eV = e.delta_potential_eV(state, move, dE_eV);
    const double accept = std::min(1.0, std::exp(-beta * dPhi_eV + move.log_choices));
    const double accept_back = std::min(1.0, std::exp(beta * dPhi_eV - move.log_choices));
    const double before_eV = model.energy_eV(occ) - e.chemical_eV(occ);
    e.apply(state, move);
    const double after_eV = model.energy_eV(state.occupation()) - e.chemical_eV(state.occupation());
    CHECK_THAT(after_eV - before_eV, WithinAbs(dPhi_eV, 1e-10));
    const double back = probability(e, reversed(row));
    CHECK_THAT(std::exp(-beta * (after_eV - before_eV)) * back * accept_back,
               WithinRel(forth * accept, 1e-9));
    ++checked;
  }
  REQUIRE(checked > 500);
}

TEST_CASE("table moves are proposed as often as their probability says", "[mc][neutral]") {
  const auto model = fixtures::charged_model(two_ions, manganese, 4);
  mc::NeutralSemiGrand e(model, mc::charges_of(model, {}), {});
  // ions Li Li Va Va, metals Mn4+ Mn4+ Mn3+ Mn2+
  const Occ occ{0, 2, 0, 2, 2, 1, 2, 0};
  e.attach(occ);
  Random random(4, Purpose::test);
  constexpr int trials = 40'000;
  for (const auto& row : e.table().rows()) {
    mc::NeutralSemiGrand::Move move;
    std::map<std::vector<int>, int> seen;
    for (int k = 0; k < trials; ++k) {
      if (!e.propose_row(row, random, move)) break;
      std::vector<int> after(occ.begin(), occ.end());
      for (std::size_t m = 0; m < move.n; ++m)
        after[static_cast<std::size_t>(move.site[m])] = move.next[m];
      ++seen[after];
    }
    const double p = probability(e, row);
    if (seen.empty()) continue;
    CHECK_THAT(static_cast<double>(seen.size()), WithinAbs(1.0 / p, 1e-9));
    for (const auto& [after, n] : seen)
      CHECK_THAT(n, WithinAbs(p * trials, 4.5 * std::sqrt(p * (1 - p) * trials) + 1e-9));
  }
}

TEST_CASE("bookkeeping of sites by species stays that of the occupation", "[mc][neutral]") {
  const auto model = fixtures::charged_model(two_ions, manganese, 6);
  const auto charges = mc::charges_of(model, {});
  Random random(6, Purpose::test);
  Occ occ = mc::arrangement_of_charge(model, charges, 18, random);
  mc::NeutralSemiGrand e(model, charges, {}), fresh(model, charges, {});
  model::Configuration state(model, occ);
  e.attach(occ);
  for (int k = 0; k < 3000; ++k) {
    mc::NeutralSemiGrand::Move move;
    if (e.propose(state, random, move)) e.apply(state, move);
  }
  REQUIRE(mc::total_charge(model, charges, state.occupation()) == 18);
  fresh.attach(state.occupation());
  for (int d = 0; d < e.table().n_dimensions(); ++d) CHECK(e.count(d) == fresh.count(d));
}

TEST_CASE("neutral averages of lithium and vanadium equal the enumeration", "[mc][neutral]") {
  const auto model = fixtures::charged_model(lithium, vanadium, 5);
  require_exact(model, 15, 600.0, {{"Li1+", 0.0}}, "Li1+");
  require_exact(model, 15, 300.0, {{"Li1+", 0.05}, {"V2+", 0.02}}, "Li1+");
  require_exact(model, 13, 600.0, {{"Li1+", -0.05}}, "V2+");
}

TEST_CASE("neutral averages with moves of up to four sites equal the enumeration",
          "[mc][neutral]") {
  const auto model = fixtures::charged_model(two_ions, manganese, 4);
  require_exact(model, 12, 600.0, {{"Li1+", 0.02}, {"Na1+", -0.01}}, "Li1+");
  require_exact(model, 14, 700.0, {{"Li1+", 0.05}, {"Mn3+", -0.04}}, "Mn3+");
}

TEST_CASE("only exchanges keep the charge where electrons and ions are equal in number",
          "[mc][neutral]") {
  // four Mg2+ or vacancies against Ti4+ or Ti2+: every second charge is empty, the rest connected
  const auto model = fixtures::charged_model({"Mg2+", "Va"}, {"Ti4+", "Ti2+"}, 5);
  require_exact(model, 14, 500.0, {{"Mg2+", 0.02}}, "Mg2+");
}
