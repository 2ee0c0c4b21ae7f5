#include "kmc/thinning.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <utility>

#include "core/error.hpp"
#include "kmc/hop_energies.hpp"
#include "kmc/hop_polynomial.hpp"

namespace lithiate::kmc {
namespace {

using model::OccupationPolynomial;
using model::Place;
using model::Places;
using model::Surroundings;

constexpr int max_table_bits = 12;
/// Bounds are raised by this part so that rounding never puts a rate above its bound.
constexpr double slack = 1e-9;

__extension__ using Wide = unsigned __int128;

/// p 2^64 for 0 <= p <= 1, its lowest bit free for a flag.
std::uint64_t digits_of(double p) {
  constexpr double most = 0x1p64 - 0x1p12;
  return static_cast<std::uint64_t>(std::min(p * 0x1p64, most)) & ~std::uint64_t{1};
}

/// True with probability threshold / 2^64: `digits` decides by its upper half, fresh ones on a tie.
bool below(std::uint64_t digits, std::uint64_t threshold, Random& random) noexcept {
  const auto high = static_cast<std::uint32_t>(digits >> 32);
  const auto limit = static_cast<std::uint32_t>(threshold >> 32);
  if (high != limit) return high < limit;
  return static_cast<std::uint32_t>(random.bits() >> 32) < static_cast<std::uint32_t>(threshold);
}

/// Random for the distributions of the standard library.
struct Bits {
  using result_type = std::uint64_t;
  Random& random;
  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return ~result_type{0}; }
  result_type operator()() noexcept { return random.bits(); }
};

}  // namespace

std::optional<Thinning> Thinning::make(const model::LatticeModel& model,
                                       const model::HopTable& hops, const RateModel& rates,
                                       const State& state, const Random& random) {
  if (!HopEnergies::applies(model, hops)) return std::nullopt;
  std::vector<Species> mobile;
  for (int b = 0; b < hops.n_sublattices(); ++b)
    mobile.push_back(static_cast<Species>(model.species_index(b, hops.network().mobile)));
  crystal::Vector3i reach = crystal::Vector3i::Zero();
  for (const model::Hop& hop : hops.network().hops) reach = reach.cwiseMax(hop.shift.cwiseAbs());
  auto energies = model::BinaryEnergies::make(model, mobile, reach);
  if (!energies) return std::nullopt;
  energies->assign(model, state.occupation);
  return Thinning(model, hops, rates, state, random, std::move(*energies));
}

Thinning::Thinning(const model::LatticeModel& model, const model::HopTable& hops,
                   const RateModel& rates, const State& state, const Random& random,
                   model::BinaryEnergies energies)
    : model_(model),
      hops_(hops),
      rates_(rates),
      state_(state),
      random_(random),
      energies_(std::move(energies)) {
  by_ions_ = 2 * std::ssize(state_.site_of) <= model_.n_sites();
  if (!by_ions_) {
    ion_at_ = ions_by_site(state_);
    for (SiteIndex site = 0; site < model_.n_sites(); ++site)
      if (!energies_.occupied(site)) vacancies_.push_back(site);
  }
  std::vector<Species> mobile;
  for (int b = 0; b < hops_.n_sublattices(); ++b)
    mobile.push_back(static_cast<Species>(hops_.mobile(b)));
  list_slots(OccupationPolynomial(model_, mobile));
  share_out();
}

void Thinning::resume(std::vector<SiteIndex> vacancies, std::int64_t trials) {
  auto sorted = vacancies;
  std::sort(sorted.begin(), sorted.end());
  if (sorted != vacancies_ || trials < 0)
    throw InputError("kMC: the stored vacancies are not those of the occupation");
  vacancies_ = std::move(vacancies);
  trials_ = trials;
}

void Thinning::list_slots(const OccupationPolynomial& energy) {
  for (int b = 0; b < hops_.n_sublattices(); ++b) {
    Carrier c;
    for (int k = 0; k < hops_.n_slots(b); ++k) c.slots.push_back(slot(energy, b, k));
    carrier_of_.push_back(std::move(c));
  }
}

Thinning::Slot Thinning::slot(const OccupationPolynomial& energy, int sublattice,
                              int to_site) const {
  const auto& all = hops_.network().hops;
  const int outward = hops_.hop_numbers(sublattice)[to_site];
  const model::Hop& out = all[static_cast<std::size_t>(outward)];
  Slot s;
  s.to_site = to_site;
  s.other = out.to;
  s.hop = by_ions_ ? outward : out.reverse;
  const model::Hop& hop = all[static_cast<std::size_t>(s.hop)];
  const HopPolynomial dE(energy, hop);
  s.bound_Hz = (1.0 + slack) * rates_.rate_Hz(s.hop, dE.lower_bound_eV());
  const auto place = [](int b, const crystal::Vector3i& cell) {
    return translated(Place{b, {0, 0, 0}}, cell);
  };
  s.other_window = energies_.bits().window(place(out.to, out.shift), 1);
  s.start = energies_.polynomial(hop.to).surroundings().bit(
      place(hop.from, -crystal::Vector3i(hop.shift)));
  auto sets = dE.sets();  // relative to the cell of the hop's start
  if (!by_ions_)
    for (auto& set : sets)
      for (Place& p : set.others) p = translated(p, out.shift);
  tabulate(s, sublattice, sets);
  return s;
}

/// A table over what is around, if that is little.
void Thinning::tabulate(Slot& slot, int sublattice,
                        const std::vector<OccupationPolynomial::Set>& sets) const {
  const model::Hop& out =
      hops_.network().hops[static_cast<std::size_t>(hops_.hop_numbers(sublattice)[slot.to_site])];
  const Place other = translated(Place{out.to, {0, 0, 0}}, out.shift);
  Places around{other};
  for (const auto& set : sets) around.insert(around.end(), set.others.begin(), set.others.end());
  std::sort(around.begin(), around.end());
  around.erase(std::unique(around.begin(), around.end()), around.end());
  slot.around = Surroundings::make(around, {}, energies_.bits());
  if (!slot.around || slot.around->n_words() > 1 || slot.around->n_bits(0) > max_table_bits) {
    slot.around.reset();
    return;
  }
  const std::uint64_t other_bit = std::uint64_t{1} << slot.around->bit(other).bit;
  for (std::uint64_t word = 0; word < std::uint64_t{1} << slot.around->n_bits(0); ++word) {
    if (((word & other_bit) == 0) != by_ions_) {
      slot.accept.push_back(0);
      continue;
    }
    std::int64_t dE = 0;
    for (const auto& set : sets) {
      const bool all = std::all_of(set.others.begin(), set.others.end(), [&](const Place& p) {
        return (word >> slot.around->bit(p).bit & 1u) != 0;
      });
      dE += all ? set.coefficient : 0;
    }
    const double dE_eV = OccupationPolynomial::unit_eV * static_cast<double>(dE);
    slot.accept.push_back(digits_of(rates_.rate_Hz(slot.hop, dE_eV) / slot.bound_Hz) |
                          std::uint64_t{rates_.clamped(slot.hop, dE_eV)});
  }
}

/// Divides the 64-bit numbers among the slots of a carrier by their bounds. Sublattices with a
/// smaller sum than the largest leave a rest, with which nothing is tried.
void Thinning::share_out() {
  double largest_Hz = 0.0;
  const auto sum_Hz = [](const Carrier& c) {
    return std::accumulate(c.slots.begin(), c.slots.end(), 0.0,
                           [](double sum, const Slot& s) { return sum + s.bound_Hz; });
  };
  for (const Carrier& c : carrier_of_) largest_Hz = std::max(largest_Hz, sum_Hz(c));
  trial_rate_Hz_ = static_cast<double>(std::ssize(carriers())) * largest_Hz;
  constexpr double equal = 1e-12;
  for (Carrier& c : carrier_of_) {
    c.uniform = sum_Hz(c) > largest_Hz * (1.0 - equal) &&
                std::all_of(c.slots.begin(), c.slots.end(), [&](const Slot& s) {
                  return std::abs(s.bound_Hz / c.slots[0].bound_Hz - 1.0) < equal;
                });
    double before_Hz = 0.0;
    for (Slot& s : c.slots) {
      before_Hz += s.bound_Hz;
      s.end = digits_of(before_Hz / largest_Hz);
    }
  }
}

double Thinning::reads_per_trial() const noexcept {
  double reads = 0.0, all = 0.0;
  for (const Carrier& c : carrier_of_)
    for (const Slot& s : c.slots) {
      const auto& p = energies_.polynomial(s.other);
      reads += s.around ? s.around->n_pieces() : 2.0 * p.surroundings().n_pieces() + p.n_groups();
      all += 1.0;
    }
  return all > 0.0 ? reads / all : 0.0;
}

void Thinning::advance_to(double time_s) noexcept {
  Bits bits{random_};
  const double mean = trial_rate_Hz_ * (time_s - state_.time_s);
  if (mean > 0.0)
    run(std::poisson_distribution<std::int64_t>(mean)(bits),
        std::numeric_limits<std::int64_t>::max());
  state_.time_s = time_s;
}

void Thinning::perform_hops(std::int64_t n, std::int64_t max_trials) noexcept {
  const std::int64_t before = trials_;
  run(max_trials, state_.hops + n);
  Bits bits{random_};
  if (trials_ > before)
    state_.time_s += std::gamma_distribution<double>(static_cast<double>(trials_ - before))(bits) /
                     trial_rate_Hz_;
}

/// Random numbers are drawn in blocks so that what will be read is on its way from memory.
void Thinning::run(std::int64_t trials, std::int64_t until_hops) noexcept {
  constexpr std::int64_t block = 16;
  std::array<std::size_t, block> carrier;
  std::array<std::uint64_t, block> rest;
  const std::vector<SiteIndex>& all = carriers();
  const auto n = static_cast<std::uint64_t>(all.size());
  if (trial_rate_Hz_ <= 0.0) return;
  while (trials > 0 && state_.hops < until_hops) {
    const std::int64_t now = std::min(block, trials);
    for (std::size_t k = 0; k < static_cast<std::size_t>(now); ++k) {
      const Wide product = static_cast<Wide>(random_.bits()) * n;
      carrier[k] = static_cast<std::size_t>(product >> 64);
      rest[k] = static_cast<std::uint64_t>(product);
      __builtin_prefetch(all.data() + carrier[k]);
      if (by_ions_) __builtin_prefetch(state_.cells_moved.data() + carrier[k], 1);
    }
    for (std::size_t k = 0; k < static_cast<std::size_t>(now); ++k)
      __builtin_prefetch(state_.occupation.data() + all[carrier[k]], 1);
    for (std::size_t k = 0; k < static_cast<std::size_t>(now) && state_.hops < until_hops; ++k) {
      attempt(carrier[k], rest[k]);
      ++trials_;
    }
    trials -= now;
  }
}

void Thinning::attempt(std::size_t carrier, std::uint64_t rest) noexcept {
  const SiteIndex site = carriers()[carrier];
  const int sublattice = hops_.sublattice(site);
  const Carrier& c = carrier_of_[static_cast<std::size_t>(sublattice)];
  const Slot* slot;
  if (c.uniform) {
    const Wide product = static_cast<Wide>(rest) * c.slots.size();
    slot = c.slots.data() + static_cast<std::size_t>(product >> 64);
    rest = static_cast<std::uint64_t>(product);
  } else {
    rest = random_.bits();
    const auto at = std::find_if(c.slots.begin(), c.slots.end(),
                                 [rest](const Slot& s) { return rest < s.end; });
    if (at == c.slots.end()) return;
    slot = &*at;
    rest = random_.bits();
  }
  const Chance chance = chance_of(*slot, site);
  if (!below(rest, chance.threshold, random_)) return;
  state_.clamped += chance.clamped;
  move(*slot, carrier, site);
}

double Thinning::total_rate_Hz() const noexcept {
  double sum_Hz = 0.0;
  for (const SiteIndex site : carriers())
    for (const Slot& slot : carrier_of_[static_cast<std::size_t>(hops_.sublattice(site))].slots)
      sum_Hz += 0x1p-64 * static_cast<double>(chance_of(slot, site).threshold) * slot.bound_Hz;
  return sum_Hz;
}

Thinning::Chance Thinning::chance_of(const Slot& slot, SiteIndex site) const noexcept {
  const model::BitLattice& bits = energies_.bits();
  const auto here = bits.position(site);
  if (slot.around) {
    Surroundings::Words words;
    slot.around->read(bits, here, words);
    const std::uint64_t threshold = slot.accept[words[0]];
    return {threshold, (threshold & 1u) != 0};
  }
  if (((bits.read(here, slot.other_window) & 1u) == 0) != by_ions_) return {};
  const auto there = bits.position(hops_.target(site, slot.to_site));
  const model::Hop& hop = hops_.network().hops[static_cast<std::size_t>(slot.hop)];
  const double dE_eV = OccupationPolynomial::unit_eV *
                       static_cast<double>(field(by_ions_ ? there : here, hop.to, slot.start) -
                                           field(by_ions_ ? here : there, hop.from, {}));
  return {digits_of(rates_.rate_Hz(slot.hop, dE_eV) / slot.bound_Hz),
          rates_.clamped(slot.hop, dE_eV)};
}

/// dE/dn of a site, as if a bit around it were 0.
std::int64_t Thinning::field(const model::BitLattice::Position& at, int sublattice,
                             const Surroundings::Bit& without) const noexcept {
  Surroundings::Words words;
  const model::LocalPolynomial& p = energies_.polynomial(sublattice);
  p.surroundings().read(energies_.bits(), at, words);
  if (without.word >= 0)
    words[static_cast<std::size_t>(without.word)] &= ~(std::uint64_t{1} << without.bit);
  return p(words);
}

void Thinning::move(const Slot& slot, std::size_t carrier, SiteIndex site) noexcept {
  const SiteIndex other = hops_.target(site, slot.to_site);
  if (by_ions_) {
    carry(state_, hops_, carrier, other, slot.hop);
  } else {
    const std::int32_t ion = std::exchange(ion_at_[static_cast<std::size_t>(other)], -1);
    ion_at_[static_cast<std::size_t>(site)] = ion;
    carry(state_, hops_, static_cast<std::size_t>(ion), site, slot.hop);
    vacancies_[carrier] = other;
  }
  energies_.flip(site);
  energies_.flip(other);
}

}  // namespace lithiate::kmc
