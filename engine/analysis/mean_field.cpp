#include "analysis/mean_field.hpp"

#include <cmath>

#include "core/units.hpp"

namespace lithiate::analysis {
namespace {

/// Root of a rising function on (low, high), to the last bit.
template <class F>
double rising_root(F f, double low, double high) {
  for (;;) {
    const double middle = 0.5 * (low + high);
    if (middle <= low || middle >= high) return middle;
    (f(middle) < 0.0 ? low : high) = middle;
  }
}

constexpr double edge = 1e-300;  // ln(x) stays finite

}  // namespace

double MeanField::mu_eV(double x) const {
  return e0_eV + g_eV * (x - 0.5) + k_B * temperature_K * (std::log(x) - std::log1p(-x));
}

double MeanField::dx_dmu_per_eV(double x) const {
  return 1.0 / (g_eV + k_B * temperature_K / (x * (1.0 - x)));
}

double MeanField::free_energy_eV(double x) const {
  return e0_eV * x + 0.5 * g_eV * x * (x - 1.0) +
         k_B * temperature_K * (x * std::log(x) + (1.0 - x) * std::log1p(-x));
}

double MeanField::critical_g_eV() const { return -4.0 * k_B * temperature_K; }

std::optional<MeanField::Pair> MeanField::spinodal() const {
  if (g_eV >= critical_g_eV()) return {};
  const double half = 0.5 * std::sqrt(1.0 - critical_g_eV() / g_eV);
  return Pair{0.5 - half, 0.5 + half};
}

std::optional<MeanField::Pair> MeanField::binodal() const {
  const auto s = spinodal();
  if (!s) return {};
  const double low = rising_root([&](double x) { return mu_eV(x) - e0_eV; }, edge, s->low);
  return Pair{low, 1.0 - low};
}

double MeanField::x_at(double mu, bool dense) const {
  const auto f = [&](double x) { return mu_eV(x) - mu; };
  const double top = std::nextafter(1.0, 0.0);
  const auto s = spinodal();
  if (!s) return rising_root(f, edge, top);
  const bool has_dilute = mu <= mu_eV(s->low), has_dense = mu >= mu_eV(s->high);
  if (has_dense && (dense || !has_dilute)) return rising_root(f, s->high, top);
  return rising_root(f, edge, s->low);
}

Branch MeanField::sweep(const std::vector<double>& mu, Sweep direction) const {
  Branch b{"mean field", direction, temperature_K, {}, {}};
  for (const double m : mu) {
    const double x = x_at(m, direction == Sweep::down);
    b.points.push_back({m, x, 0.0, free_energy_eV(x), 0.0, dx_dmu_per_eV(x), 0.0});
  }
  b.reference = Reference{phi_eV(b.points.front().x), 0.0};
  return b;
}

}  // namespace lithiate::analysis
