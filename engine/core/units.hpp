#pragma once
/// Constants (CODATA 2018; the first four are exact in the SI of 2019). Internal units: eV,
/// Angstrom, s, K, Hz, elementary charges. Conversions for reports carry both units in their names.
#include <numbers>

namespace lithiate {

inline constexpr double e_C = 1.602176634e-19;                 ///< elementary charge, C
inline constexpr double k_B = 1.380649e-23 / e_C;              ///< Boltzmann constant, eV/K
inline constexpr double N_A = 6.02214076e23;                   ///< Avogadro constant, 1/mol
inline constexpr double F_C_per_mol = e_C * N_A;               ///< Faraday constant, C/mol
inline constexpr double epsilon_0_F_per_m = 8.8541878128e-12;  ///< vacuum permittivity, 1.5e-10
inline constexpr double A_per_m = 1e10;                        ///< Angstrom in a metre
/// e^2 / (4 pi epsilon_0): energy of two elementary charges 1 A apart, eV A (14.39964548).
inline constexpr double coulomb_eV_A = e_C / (4.0 * std::numbers::pi * epsilon_0_F_per_m) * A_per_m;
inline constexpr double cm2_per_A2 = 1e-16;  ///< Angstrom^2 in cm^2
inline constexpr double cm3_per_A3 = 1e-24;  ///< Angstrom^3 in cm^3

/// Capacity of one Li per formula unit of molar mass M: F / (3.6 M).
inline constexpr double capacity_mAh_per_g(double molar_mass_g_per_mol) {
  return F_C_per_mol / (3.6 * molar_mass_g_per_mol);
}

}  // namespace lithiate
