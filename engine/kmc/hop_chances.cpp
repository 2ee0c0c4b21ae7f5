#include "kmc/hop_chances.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "kmc/hop_polynomial.hpp"

namespace lithiate::kmc {
namespace {

using model::OccupationPolynomial;
using model::Place;
using model::Places;
using model::Surroundings;
using Trial = HopChances::Trial;

constexpr int max_table_bits = 12;
/// Bounds are raised by this part so that rounding never puts a rate above its bound.
constexpr double slack = 1e-9;

/// A rate and what it depends on, as polynomials in the occupations around some site.
struct RatePolynomials {
  HopPolynomial dE;
  std::optional<HopPolynomial> e_kra, ln_prefactor;  // of a local expansion

  RatePolynomials moved(const crystal::Vector3i& cells) const {
    RatePolynomials all = *this;
    all.dE.move(cells);
    if (all.e_kra) all.e_kra->move(cells);
    if (all.ln_prefactor) all.ln_prefactor->move(cells);
    return all;
  }
  Places places() const {
    Places all;
    for (const HopPolynomial* p :
         {&dE, e_kra ? &*e_kra : nullptr, ln_prefactor ? &*ln_prefactor : nullptr})
      if (p != nullptr)
        for (const auto& set : p->sets())
          all.insert(all.end(), set.others.begin(), set.others.end());
    return all;
  }
};

/// What trials are made of.
struct Source {
  const model::HopTable& hops;
  const RateModel& rates;
  const model::BinaryEnergies& energies;
  const LocalRatePolynomials& local;
  std::vector<RatePolynomials> polynomials;  // per hop, from its start
  bool by_ions;

  const model::Hop& hop(int number) const {
    return hops.network().hops[static_cast<std::size_t>(number)];
  }
  double bound_Hz(int number) const {
    const auto& [dE, e_kra, ln_prefactor] = polynomials[static_cast<std::size_t>(number)];
    if (!e_kra) return (1.0 + slack) * rates.rate_Hz(number, dE.lower_bound_eV());
    const double beta = rates.per_kT(1.0);
    return (1.0 + slack) *
           rates.bound_Hz(number, lower_bound({{-1.0, *ln_prefactor}}),
                          lower_bound({{beta, dE}, {-1.0, *ln_prefactor}}),
                          lower_bound({{0.5 * beta, dE}, {beta, *e_kra}, {-1.0, *ln_prefactor}}));
  }
};

/// 2^64 rate / bound, with the flag of clamped barriers.
std::uint64_t threshold(double rate_Hz, double bound_Hz, bool clamped) {
  assert(rate_Hz <= bound_Hz);
  return digits_of(rate_Hz / bound_Hz) | std::uint64_t{clamped};
}

/// A table over what is around, if that is little. `out` is the hop away from the trial's site.
void tabulate(Trial& trial, const Source& source, const model::Hop& out,
              const RatePolynomials& polynomials) {
  const Place other = translated(Place{out.to, {0, 0, 0}}, out.shift);
  Places around = polynomials.places();
  around.push_back(other);
  std::sort(around.begin(), around.end());
  around.erase(std::unique(around.begin(), around.end()), around.end());
  trial.around = Surroundings::make(around, {}, source.energies.bits());
  if (!trial.around || trial.around->n_words() > 1 || trial.around->n_bits(0) > max_table_bits) {
    trial.around.reset();
    return;
  }
  const std::uint64_t other_bit = std::uint64_t{1} << trial.around->bit(other).bit;
  for (std::uint64_t word = 0; word < std::uint64_t{1} << trial.around->n_bits(0); ++word) {
    if (((word & other_bit) == 0) != source.by_ions) {
      trial.accept.push_back(0);
      continue;
    }
    const auto value = [&](const HopPolynomial& p) {
      return p.value(
          [&](const Place& place) { return (word >> trial.around->bit(place).bit & 1u) != 0; });
    };
    const auto& [dE, e_kra, ln_prefactor] = polynomials;
    const double dE_eV = value(dE);
    if (e_kra) {
      const LocalRate local{value(*e_kra), value(*ln_prefactor)};
      trial.accept.push_back(threshold(source.rates.rate_Hz(trial.hop, dE_eV, local),
                                       trial.bound_Hz,
                                       source.rates.clamped(trial.hop, dE_eV, local)));
    } else {
      trial.accept.push_back(threshold(source.rates.rate_Hz(trial.hop, dE_eV), trial.bound_Hz,
                                       source.rates.clamped(trial.hop, dE_eV)));
    }
  }
}

Trial make_trial(const Source& source, int sublattice, int to_site,
                 const std::vector<double>& bounds_Hz) {
  const int outward = source.hops.hop_numbers(sublattice)[to_site];
  const model::Hop& out = source.hop(outward);
  Trial t;
  t.to_site = to_site;
  t.other = out.to;
  t.hop = source.by_ions ? outward : out.reverse;
  t.bound_Hz = bounds_Hz[static_cast<std::size_t>(t.hop)];
  const model::Hop& hop = source.hop(t.hop);
  const auto place = [](int b, const crystal::Vector3i& cell) {
    return translated(Place{b, {0, 0, 0}}, cell);
  };
  t.other_window = source.energies.bits().window(place(out.to, out.shift), 1);
  t.start = source.energies.polynomial(hop.to).surroundings().bit(
      place(hop.from, -crystal::Vector3i(hop.shift)));
  const RatePolynomials& from_start = source.polynomials[static_cast<std::size_t>(t.hop)];
  tabulate(t, source, out, source.by_ions ? from_start : from_start.moved(out.shift));
  const auto& p = source.energies.polynomial(t.other);
  t.reads = t.around ? t.around->n_pieces()
                     : 2.0 * p.surroundings().n_pieces() + static_cast<double>(p.n_groups()) +
                           source.local.reads(t.hop);
  return t;
}

/// dE/dn of a site, as if a bit around it were 0.
std::int64_t field(const model::BinaryEnergies& energies, const model::BitLattice::Position& at,
                   int sublattice, const Surroundings::Bit& without) noexcept {
  Surroundings::Words words;
  const model::LocalPolynomial& p = energies.polynomial(sublattice);
  p.surroundings().read(energies.bits(), at, words);
  if (without.word >= 0)
    words[static_cast<std::size_t>(without.word)] &= ~(std::uint64_t{1} << without.bit);
  return p(words);
}

}  // namespace

std::uint64_t digits_of(double p) noexcept {
  constexpr double most = 0x1p64 - 0x1p12;
  return static_cast<std::uint64_t>(std::min(p * 0x1p64, most)) & ~std::uint64_t{1};
}

HopChances::HopChances(const model::LatticeModel& model, const model::HopTable& hops,
                       const RateModel& rates, const model::BinaryEnergies& energies,
                       LocalRatePolynomials local, From from, Bounds bounds)
    : hops_(hops), rates_(rates), local_(std::move(local)), by_ions_(from == From::ion) {
  const OccupationPolynomial energy(model, hops.mobile_species(model));
  Source source{hops, rates, energies, local_, {}, by_ions_};
  std::vector<double> bounds_Hz;
  const auto& all = hops.network().hops;
  for (int h = 0; h < static_cast<int>(all.size()); ++h) {
    source.polynomials.push_back(
        {HopPolynomial(energy, all[static_cast<std::size_t>(h)]), std::nullopt, std::nullopt});
    if (!local_.empty()) {
      const auto& terms = hops.network().local[static_cast<std::size_t>(h)];
      source.polynomials.back().e_kra.emplace(terms, &model::LocalTerm::e_kra_eV);
      source.polynomials.back().ln_prefactor.emplace(terms, &model::LocalTerm::ln_prefactor);
    }
    bounds_Hz.push_back(source.bound_Hz(h));
  }
  const std::vector<double> own_Hz = bounds_Hz;
  if (bounds == Bounds::common)
    for (std::size_t h = 0; h < all.size(); ++h)
      bounds_Hz[h] = std::max(own_Hz[h], own_Hz[static_cast<std::size_t>(all[h].reverse)]);
  for (int b = 0; b < hops.n_sublattices(); ++b) {
    trials_.emplace_back();
    for (int k = 0; k < hops.n_slots(b); ++k)
      trials_.back().push_back(make_trial(source, b, k, bounds_Hz));
  }
}

double HopChances::reads_per_trial() const noexcept {
  double reads = 0.0, all = 0.0;
  for (const auto& list : trials_)
    for (const Trial& t : list) {
      reads += t.reads;
      all += 1.0;
    }
  return all > 0.0 ? reads / all : 0.0;
}

HopChances::Chance HopChances::chance(const model::BinaryEnergies& energies, const Trial& trial,
                                      const model::BitLattice::Position& from,
                                      const model::BitLattice::Position& to) const noexcept {
  const model::Hop& hop = hops_.network().hops[static_cast<std::size_t>(trial.hop)];
  const double dE_eV =
      OccupationPolynomial::unit_eV * static_cast<double>(field(energies, to, hop.to, trial.start) -
                                                          field(energies, from, hop.from, {}));
  if (!local_.empty()) [[unlikely]]
    return local_chance(energies.bits(), trial, from, dE_eV);
  const double rate_Hz = rates_.rate_Hz(trial.hop, dE_eV);
  assert(rate_Hz <= trial.bound_Hz);
  return {digits_of(rate_Hz / trial.bound_Hz), rates_.clamped(trial.hop, dE_eV)};
}

/// Apart, so that constant barriers do not pay for it.
[[gnu::noinline]] HopChances::Chance HopChances::local_chance(
    const model::BitLattice& bits, const Trial& trial, const model::BitLattice::Position& from,
    double dE_eV) const noexcept {
  const LocalRate local = local_(bits, from, trial.hop);
  const double rate_Hz = rates_.rate_Hz(trial.hop, dE_eV, local);
  assert(rate_Hz <= trial.bound_Hz);
  return {digits_of(rate_Hz / trial.bound_Hz), rates_.clamped(trial.hop, dE_eV, local)};
}

}  // namespace lithiate::kmc
