#pragma once
/// Known values of phi (eV per formula unit) that thermodynamic integration starts from.
#include <vector>

#include "analysis/branch.hpp"

namespace lithiate::analysis {

/// `per_fu` independent sites of one kind; energy_eV is the energy of inserting one Li: into the
/// empty host (dilute end) or into the last vacancy (filled end).
struct SiteClass {
  double per_fu = 1.0;
  double energy_eV = 0.0;
};

struct EndState {
  double phi_eV = 0.0, x = 0.0;
};

/// Independent Li in the empty host:
/// phi = E_empty - kT sum n ln(1 + exp((mu - e)/kT)). Exact as x -> 0.
EndState dilute_end(double empty_eV_per_fu, const std::vector<SiteClass>& sites, double mu_eV,
                    double temperature_K);

/// Independent vacancies in the filled host (every site of `sites` filled, or an ordered state):
/// phi = E_full - mu x_max - kT sum n ln(1 + exp((e - mu)/kT)). Exact as x -> x_max.
EndState filled_end(double full_eV_per_fu, double x_max, const std::vector<SiteClass>& sites,
                    double mu_eV, double temperature_K);

/// The end state as reference with the error of leaving out interactions. They enter phi first as
/// exp(2 mu/kT), so a difference dx of the measured x means dphi = kT dx / 2.
Reference reference(const EndState& end, const MuPoint& measured, double temperature_K);

/// One state at fixed mu on a path in temperature; omega = <u> - mu <x>.
struct ThermalPoint {
  double temperature_K = 0.0;
  double omega_eV = 0.0, omega_error_eV = 0.0;
};

/// d(phi/kT)/d(1/kT) = omega from the first point, where phi is known, to every other one.
/// REQUIRES: strictly monotone temperatures; throws InputError otherwise.
std::vector<Reference> along_temperature(const std::vector<ThermalPoint>& path,
                                         const Reference& first);

}  // namespace lithiate::analysis
