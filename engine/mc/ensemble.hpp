#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/random.hpp"
#include "model/configuration.hpp"

namespace lithiate::mc {

using model::Configuration;
using model::LatticeModel;
using model::SiteIndex;
using model::Species;

/// One proposed change of one or two sites.
struct Move {
  SiteIndex i = -1, j = -1;  ///< j = -1: one site only
  Species next_i = 0, next_j = 0;
};

/// An ensemble proposes moves of a type of its own and knows their weight; Metropolis, Tempering
/// and WangLandau are written for any of them. propose() is false for a move that is rejected at
/// once; log_choices() is ln(P(back) / P(forth)) of proposing the move, 0 if it is symmetric.

/// Names of all species that free sites allow, sorted.
std::vector<std::string> species_names(const LatticeModel& model);

/// Upper bound on the number of one species, for example Li by redox: a move that would pass it is
/// rejected, which keeps detailed balance within the allowed states.
struct Cap {
  std::string species;
  std::int64_t max_count = 0;
};

/// Single-site changes of species at fixed chemical potentials: weight exp(-(E - sum mu N)/kT).
class SemiGrand {
 public:
  using Move = mc::Move;
  /// mu_eV by species name; species that are not named have mu = 0. Throws InputError for a name
  /// no site allows.
  SemiGrand(const LatticeModel& model, const std::map<std::string, double>& mu_eV,
            std::optional<Cap> cap = {});
  /// Counts the capped species once; call after the occupation was changed from outside.
  void attach(const std::vector<Species>& occ);
  bool propose(const Configuration& state, Random& random, Move& move) const noexcept;
  /// Change of E - sum mu N (eV).
  double delta_potential_eV(Configuration& state, const Move& move, double& dE_eV) const noexcept;
  static double log_choices(const Move&) noexcept { return 0.0; }
  void apply(Configuration& state, const Move& move) noexcept;
  double mu_eV(SiteIndex site, Species species) const noexcept {
    return mu_eV_[static_cast<std::size_t>(model_.sublattice(site))][species];
  }
  /// sum mu N.
  double chemical_eV(const std::vector<Species>& occ) const noexcept;
  /// ln of the number of states within the cap.
  double log_states(const std::vector<Species>&) const;
  std::int64_t moves_per_sweep() const noexcept { return model_.n_sites(); }

 private:
  const LatticeModel& model_;
  std::vector<std::vector<double>> mu_eV_;  // [sublattice][species]
  std::vector<int> capped_;                 // per sublattice: number of the capped species or -1
  std::int64_t max_count_, count_ = 0;
  std::uint64_t n_sites_;
};

/// Exchange of the species of two sites with equal lists: composition is conserved.
class Canonical {
 public:
  using Move = mc::Move;
  explicit Canonical(const LatticeModel& model);
  void attach(const std::vector<Species>&) {}
  bool propose(const Configuration& state, Random& random, Move& move) const noexcept;
  double delta_potential_eV(Configuration& state, const Move& move, double& dE_eV) const noexcept;
  static double log_choices(const Move&) noexcept { return 0.0; }
  void apply(Configuration& state, const Move& move) noexcept;
  static double chemical_eV(const std::vector<Species>&) noexcept { return 0.0; }
  /// ln of the number of states with the composition of `occ`.
  double log_states(const std::vector<Species>& occ) const;
  std::int64_t moves_per_sweep() const noexcept { return model_.n_sites(); }

 private:
  const LatticeModel& model_;
  std::vector<std::vector<SiteIndex>> partners_;  // sites by equal species list
  std::vector<int> list_of_sublattice_;
};

}  // namespace lithiate::mc
