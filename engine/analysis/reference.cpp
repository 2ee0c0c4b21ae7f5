#include "analysis/reference.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "core/units.hpp"

namespace lithiate::analysis {
namespace {

double log_one_plus_exp(double u) {
  return u > 0.0 ? u + std::log1p(std::exp(-u)) : std::log1p(std::exp(u));
}

double fermi(double u) { return 1.0 / (1.0 + std::exp(-u)); }

/// dy/db at point i of the parabola through it and its neighbours (the nearest three at the ends).
double slope(const std::vector<double>& b, const std::vector<double>& y, std::size_t i) {
  const std::size_t n = b.size();
  if (n == 2) return (y[1] - y[0]) / (b[1] - b[0]);
  const std::size_t m = std::min(std::max<std::size_t>(i, 1), n - 2);
  const double left = (y[m] - y[m - 1]) / (b[m] - b[m - 1]);
  const double right = (y[m + 1] - y[m]) / (b[m + 1] - b[m]);
  const double curvature = (right - left) / (b[m + 1] - b[m - 1]);
  return left + curvature * (2.0 * b[i] - b[m] - b[m - 1]);
}

}  // namespace

EndState dilute_end(double empty_eV_per_fu, const std::vector<SiteClass>& sites, double mu_eV,
                    double temperature_K) {
  const double kT = k_B * temperature_K;
  EndState end{empty_eV_per_fu, 0.0};
  for (const SiteClass& s : sites) {
    const double u = (mu_eV - s.energy_eV) / kT;
    end.phi_eV -= kT * s.per_fu * log_one_plus_exp(u);
    end.x += s.per_fu * fermi(u);
  }
  return end;
}

EndState filled_end(double full_eV_per_fu, double x_max, const std::vector<SiteClass>& sites,
                    double mu_eV, double temperature_K) {
  const double kT = k_B * temperature_K;
  EndState end{full_eV_per_fu - mu_eV * x_max, x_max};
  for (const SiteClass& s : sites) {
    const double u = (s.energy_eV - mu_eV) / kT;
    end.phi_eV -= kT * s.per_fu * log_one_plus_exp(u);
    end.x -= s.per_fu * fermi(u);
  }
  return end;
}

Reference reference(const EndState& end, const MuPoint& measured, double temperature_K) {
  return {end.phi_eV, 0.5 * k_B * temperature_K * std::abs(measured.x - end.x)};
}

std::vector<Reference> along_temperature(const std::vector<ThermalPoint>& path,
                                         const Reference& first) {
  std::vector<double> beta, omega;
  for (const ThermalPoint& p : path) {
    if (!(p.temperature_K > 0.0))
      throw InputError(fmt::format("temperature path: T = {} K, must be above 0", p.temperature_K));
    beta.push_back(1.0 / (k_B * p.temperature_K));
    omega.push_back(p.omega_eV);
    const std::size_t n = beta.size();
    if (n > 1 && !((beta[n - 1] - beta[n - 2]) * (beta[1] - beta[0]) > 0.0))
      throw InputError(
          fmt::format("temperature path: T = {} K after {} K, must be strictly monotone",
                      p.temperature_K, path[n - 2].temperature_K));
  }
  std::vector<Reference> out;
  if (path.empty()) return out;
  double beta_phi = beta[0] * first.phi_eV, h_before = 0.0, defect = 0.0;
  double variance = std::pow(beta[0] * first.error_eV, 2);
  out.push_back(first);
  for (std::size_t i = 0; i + 1 < path.size(); ++i) {
    const double h = beta[i + 1] - beta[i];
    const double bend = h * h / 12.0 * (slope(beta, omega, i) - slope(beta, omega, i + 1));
    beta_phi += 0.5 * h * (omega[i] + omega[i + 1]) + bend;
    // slopes from three points are of second order: a tenth of the correction stays uncertain
    defect += 0.1 * bend;
    variance += std::pow(0.5 * (h_before + h) * path[i].omega_error_eV, 2);
    const double end = std::pow(0.5 * h * path[i + 1].omega_error_eV, 2);
    out.push_back(
        {beta_phi / beta[i + 1], std::sqrt(variance + end + defect * defect) / beta[i + 1]});
    h_before = h;
  }
  return out;
}

}  // namespace lithiate::analysis
