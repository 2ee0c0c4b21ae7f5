#include "kmc/hop_chances.hpp"

#include <algorithm>
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

/// What trials are made of.
struct Source {
  const model::HopTable& hops;
  const RateModel& rates;
  const model::BinaryEnergies& energies;
  std::vector<HopPolynomial> dE;  // per hop
  bool by_ions;

  const model::Hop& hop(int number) const {
    return hops.network().hops[static_cast<std::size_t>(number)];
  }
  double bound_Hz(int number) const {
    return (1.0 + slack) *
           rates.rate_Hz(number, dE[static_cast<std::size_t>(number)].lower_bound_eV());
  }
};

/// A table over what is around, if that is little. `out` is the hop away from the trial's site.
void tabulate(Trial& trial, const Source& source, const model::Hop& out,
              const std::vector<OccupationPolynomial::Set>& sets) {
  const Place other = translated(Place{out.to, {0, 0, 0}}, out.shift);
  Places around{other};
  for (const auto& set : sets) around.insert(around.end(), set.others.begin(), set.others.end());
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
    std::int64_t dE = 0;
    for (const auto& set : sets) {
      const bool all = std::all_of(set.others.begin(), set.others.end(), [&](const Place& p) {
        return (word >> trial.around->bit(p).bit & 1u) != 0;
      });
      dE += all ? set.coefficient : 0;
    }
    const double dE_eV = OccupationPolynomial::unit_eV * static_cast<double>(dE);
    trial.accept.push_back(digits_of(source.rates.rate_Hz(trial.hop, dE_eV) / trial.bound_Hz) |
                           std::uint64_t{source.rates.clamped(trial.hop, dE_eV)});
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
  auto sets = source.dE[static_cast<std::size_t>(t.hop)].sets();  // from the start of the hop
  if (!source.by_ions)
    for (auto& set : sets)
      for (Place& p : set.others) p = translated(p, out.shift);
  tabulate(t, source, out, sets);
  const auto& p = source.energies.polynomial(t.other);
  t.reads = t.around ? t.around->n_pieces()
                     : 2.0 * p.surroundings().n_pieces() + static_cast<double>(p.n_groups());
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
                       const RateModel& rates, const model::BinaryEnergies& energies, From from,
                       Bounds bounds)
    : hops_(hops), rates_(rates), by_ions_(from == From::ion) {
  const OccupationPolynomial energy(model, hops.mobile_species(model));
  Source source{hops, rates, energies, {}, by_ions_};
  std::vector<double> bounds_Hz;
  const auto& all = hops.network().hops;
  for (int h = 0; h < static_cast<int>(all.size()); ++h) {
    source.dE.emplace_back(energy, all[static_cast<std::size_t>(h)]);
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
  return {digits_of(rates_.rate_Hz(trial.hop, dE_eV) / trial.bound_Hz),
          rates_.clamped(trial.hop, dE_eV)};
}

}  // namespace lithiate::kmc
