#pragma once
#include <optional>
#include <vector>

#include "core/random.hpp"
#include "kmc/local_rates.hpp"
#include "kmc/rate_model.hpp"
#include "model/binary_energies.hpp"
#include "model/hop_table.hpp"

namespace lithiate::kmc {

/// Chances that a trial of a hop, made at a constant rate no smaller than the hop's, becomes the
/// hop: rate / bound, from the occupations around. Any number of threads may ask while none flips
/// what is read.
class HopChances {
 public:
  /// Whose site a trial begins at: that of the ion, or that of the vacancy it would fill.
  enum class From { ion, vacancy };
  /// Bounds of a hop and its reverse: each its own, or the larger of the two for both.
  enum class Bounds { own, common };

  /// One of the hops that are tried from a site.
  struct Trial {
    int hop = 0;      // its number, as the ion walks it
    int to_site = 0;  // slot of HopTable that leads from this site to the other one
    int other = 0;    // sublattice there
    double bound_Hz = 0.0;
    double reads = 0.0;  // words read and groups counted
    model::BitLattice::Window other_window;
    model::Surroundings::Bit start;             // the ion, around the end of its hop
    std::optional<model::Surroundings> around;  // if a table serves
    std::vector<std::uint64_t> accept;  // by what is around: 2^64 rate / bound; lowest bit: clamped
  };
  struct Chance {  // in parts of 2^64
    std::uint64_t threshold = 0;
    bool clamped = false;
  };

  /// `energies` has n = 1 for the mobile species; its bits reach as far as hops.reach() and
  /// hops.rate_reach() together. Keeps a reference to `hops`.
  HopChances(const model::LatticeModel& model, const model::HopTable& hops, const RateModel& rates,
             const model::BinaryEnergies& energies, LocalRatePolynomials local, From from,
             Bounds bounds);

  /// In the order of HopTable's slots.
  const std::vector<Trial>& trials(int sublattice) const noexcept {
    return trials_[static_cast<std::size_t>(sublattice)];
  }
  /// Words read and groups counted by a trial, on average.
  double reads_per_trial() const noexcept;

  /// REQUIRES an ion (or vacancy, see From) at `here`; there() is the position of the other site.
  /// 0 if the other site does not hold a vacancy (an ion).
  template <class There>
  Chance operator()(const model::BinaryEnergies& energies, const Trial& trial,
                    const model::BitLattice::Position& here, There there) const noexcept {
    const model::BitLattice& bits = energies.bits();
    if (trial.around) {
      model::Surroundings::Words words;
      trial.around->read(bits, here, words);
      const std::uint64_t threshold = trial.accept[words[0]];
      return {threshold, (threshold & 1u) != 0};
    }
    if (((bits.read(here, trial.other_window) & 1u) == 0) != by_ions_) return {};
    return by_ions_ ? chance(energies, trial, here, there())
                    : chance(energies, trial, there(), here);
  }

 private:
  Chance chance(const model::BinaryEnergies& energies, const Trial& trial,
                const model::BitLattice::Position& from,
                const model::BitLattice::Position& to) const noexcept;
  Chance local_chance(const model::BitLattice& bits, const Trial& trial,
                      const model::BitLattice::Position& from, double dE_eV) const noexcept;

  const model::HopTable& hops_;
  RateModel rates_;
  LocalRatePolynomials local_;
  bool by_ions_;
  std::vector<std::vector<Trial>> trials_;  // per sublattice
};

/// p 2^64 for 0 <= p <= 1, its lowest bit free for a flag.
std::uint64_t digits_of(double p) noexcept;

/// The part floor(digits n / 2^64) of n, leaving fresh digits behind.
inline std::uint64_t take(std::uint64_t& digits, std::uint64_t n) noexcept {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(digits) * n;
  digits = static_cast<std::uint64_t>(product);
  return static_cast<std::uint64_t>(product >> 64);
}

/// True with probability threshold / 2^64: `digits` decides by its upper half, fresh ones on a tie.
inline bool below(std::uint64_t digits, std::uint64_t threshold, Random& random) noexcept {
  const auto high = static_cast<std::uint32_t>(digits >> 32);
  const auto limit = static_cast<std::uint32_t>(threshold >> 32);
  if (high != limit) return high < limit;
  return static_cast<std::uint32_t>(random.bits() >> 32) < static_cast<std::uint32_t>(threshold);
}

}  // namespace lithiate::kmc
