#pragma once
#include <vector>

#include "mc/metropolis.hpp"

namespace lithiate::mc {

/// Parallel tempering (Geyer 1991; Hukushima & Nemoto, J. Phys. Soc. Jpn. 65, 1604 (1996)): one
/// Metropolis walk per rung of a ladder of temperatures, or of ensembles that differ in chemical
/// potential; neighbours change configurations with the probability
///   min(1, exp(b_i P_i(s_i) + b_j P_j(s_j) - b_i P_i(s_j) - b_j P_j(s_i))),  P = E - sum mu N,
/// pairs (0,1), (2,3), ... and (1,2), (3,4), ... in turn. Random streams belong to rungs, so that
/// the result is the same on any number of threads.
template <class Ensemble>
class Tempering {
 public:
  struct Rung {
    double temperature_K;
    Ensemble ensemble;
  };

  /// All rungs start from `occ`; `ladder` names the random streams. REQUIRES two rungs, which may
  /// hold the configurations of one another: the same charges, caps and numbers that are conserved.
  Tempering(const LatticeModel& model, const std::vector<Rung>& rungs,
            const std::vector<Species>& occ, std::uint64_t seed, std::uint64_t ladder);

  /// Sweeps of every rung, then one attempt for every second pair.
  void round(std::int64_t sweeps);

  std::size_t size() const noexcept { return walks_.size(); }
  const Metropolis<Ensemble>& walk(std::size_t rung) const noexcept { return walks_[rung]; }
  /// The exponent of the exchange of rung k and k + 1.
  double swap_exponent(std::size_t k) const noexcept;
  /// Exchanges them, whatever the exponent.
  void swap(std::size_t k);
  /// Share of accepted exchanges of rung k and k + 1; 0 before the first.
  double acceptance(std::size_t k) const noexcept;
  /// Configurations that went from the first rung to the last and back, all together.
  std::int64_t round_trips() const noexcept { return round_trips_; }
  std::int64_t rounds() const noexcept { return rounds_; }

  void save(Archive& archive) const;
  /// Throws InputError for the state of another ladder.
  void restore(const Archive& archive);

 private:
  enum Seen : std::uint8_t { neither, first, first_then_last };
  double potential_eV(std::size_t rung, std::size_t configuration) const noexcept;
  void note_ends() noexcept;

  const LatticeModel& model_;
  std::vector<Metropolis<Ensemble>> walks_;
  Random random_;
  std::vector<std::int64_t> replica_;           // on each rung
  std::vector<std::uint8_t> seen_;              // by replica
  std::vector<std::int64_t> tried_, accepted_;  // by pair
  std::int64_t rounds_ = 0, round_trips_ = 0;
};

extern template class Tempering<SemiGrand>;
extern template class Tempering<Canonical>;
extern template class Tempering<NeutralSemiGrand>;

}  // namespace lithiate::mc
