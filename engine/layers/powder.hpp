#pragma once
#include <vector>

#include "crystal/structure.hpp"

namespace lithiate::layers {

/// Cu K alpha 1 in Angstrom: 1.54059290(50), Hoelzer et al., Phys. Rev. A 56, 4554 (1997).
inline constexpr double cu_k_alpha1_A = 1.540593;

struct PowderConfig {
  double wavelength_A = cu_k_alpha1_A;
  double max_two_theta_deg = 90.0;  ///< above 0, below 180
};

/// All reflections with one plane distance.
struct PowderPeak {
  crystal::Vector3i hkl;  ///< the strongest of them, on the structure's own lattice vectors
  double d_A = 0.0;
  double two_theta_deg = 0.0;
  int multiplicity = 0;    ///< number of hkl of this d that are not extinct, both signs
  double intensity = 0.0;  ///< the strongest peak of the pattern has 100
};

/// Powder lines in order of angle: kinematic intensities sum |F|^2 times the Lorentz-polarisation
/// factor (1 + cos^2 2theta) / (sin^2 theta cos theta) of an unpolarised beam. Scattering factors
/// are the atomic numbers at every angle, without thermal motion, absorption or texture: peak
/// places and extinctions are exact, intensities are rough. Sites scatter as their first allowed
/// species; lines below 1e-6 of the strongest are left out. Throws InputError for a bad wavelength
/// or angle, or more than 2e9 site-reflections.
std::vector<PowderPeak> powder_pattern(const crystal::Structure& structure,
                                       const PowderConfig& config = {});

}  // namespace lithiate::layers
