#pragma once
/// Coulomb energies of point charges in a periodic cell: Ewald, Ann. Phys. 369, 253 (1921).
#include <optional>
#include <span>
#include <vector>

#include "crystal/lattice.hpp"

namespace lithiate::electrostatics {

using crystal::Matrix3i;
using crystal::Vector3d;
using crystal::Vector3i;

/// Closer than this, two sites are one site written twice.
inline constexpr double closest_A = 0.1;

/// What a cell with a net charge means.
enum class Neutrality {
  required,    ///< refused with InputError
  background,  ///< neutralised by a uniform charge density
};

struct EwaldConfig {
  /// Bound on the error that the two cut-offs leave in a pair energy, relative to coulomb_eV_A /
  /// V^(1/3), the pair energy at the distance of the cell's own size. 1e-14 to 1e-2.
  double accuracy = 1e-10;
  /// Splitting parameter alpha in 1/A. Results do not depend on it; empty: the fastest. 0.2 to 30
  /// over V^(1/3).
  std::optional<double> splitting_per_A = {};
};

/// Pair energy of unit charges with all periodic images,
///   psi(r) = sum_T erfc(alpha |r + T|) / |r + T|
///            + 4 pi / V sum_(G != 0) exp(-G^2 / 4 alpha^2) / G^2 cos(G r) - pi / (V alpha^2).
/// The surroundings are a conductor (tin foil: no dipole term); each charge carries a uniform
/// background -1/V, whose terms cancel in a neutral cell. The mean of psi over the cell is 0.
/// Cells of any shape; cost per pair independent of the cell's size. Immutable, any threads.
class Ewald {
 public:
  /// Throws InputError for an accuracy out of range or a splitting parameter far
  /// from the size of the cell.
  explicit Ewald(const crystal::Lattice& lattice, const EwaldConfig& config = {});

  /// Of two charges +e this far apart, eV. Throws InputError below `closest_A`.
  double pair_eV(const Vector3d& separation_A) const;
  /// Of one charge +e with its own images and background, eV; counts half in a total.
  double self_eV() const noexcept { return self_eV_; }
  /// 1/2 sum_ij q_i q_j psi_ij of the whole cell, eV. Throws InputError if the numbers of positions
  /// and charges differ, if two sites overlap or if neutrality is required and absent.
  double energy_eV(std::span<const Vector3d> fractional, std::span<const double> charges_e,
                   Neutrality neutrality = Neutrality::required) const;

  double splitting_per_A() const noexcept { return alpha_per_A_; }
  double real_cutoff_A() const noexcept { return real_cutoff_A_; }
  double reciprocal_cutoff_per_A() const noexcept { return reciprocal_cutoff_per_A_; }

 private:
  struct Wave {
    Vector3d phase;    // 2 pi n: G r = phase . fractional in the reduced cell; one of each pair +-G
    double weight_eV;  // of both
  };

  void collect_images();
  void collect_waves();
  double reciprocal_eV(const Vector3d& reduced_fractional) const;

  crystal::Lattice lattice_, reduced_;
  double alpha_per_A_ = 0.0, real_cutoff_A_ = 0.0, reciprocal_cutoff_per_A_ = 0.0;
  double background_eV_ = 0.0, self_eV_ = 0.0;
  std::vector<Vector3d> images_A_;  // translations that a wrapped separation may need
  std::vector<Wave> waves_;
};

/// Throws InputError if a net charge beyond rounding is left where neutrality is required.
void check_neutrality(double total_charge_e, Neutrality neutrality);

}  // namespace lithiate::electrostatics
