#include "layers/powder.hpp"

#include <fmt/format.h>

#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <complex>

#include "core/error.hpp"
#include "crystal/elements.hpp"

namespace lithiate::layers {
namespace {

using crystal::Matrix3d;
using crystal::Structure;
using crystal::Vector3d;
using crystal::Vector3i;

/// Relative difference of 1/d^2 below which two planes make one line: rounding of the cell only.
constexpr double same_line = 1e-7;
constexpr double extinct = 1e-6;
constexpr double most_terms = 2e9;

struct Reflection {
  Vector3i hkl;
  double inverse_d2;  // 1/A^2
  double strength;    // |F|^2
};

double electrons(const crystal::Site& site) {
  const std::string element = crystal::element_of(site.allowed.front());
  return element.empty() ? 0.0 : *crystal::atomic_number(element);
}

void require(const Structure& s, const PowderConfig& c) {
  if (!(c.wavelength_A > 0.0))
    throw InputError(fmt::format("wavelength {} A: expected above 0", c.wavelength_A));
  if (!(c.max_two_theta_deg > 0.0 && c.max_two_theta_deg < 180.0))
    throw InputError(fmt::format("largest 2 theta {} degrees: expected above 0 and below 180",
                                 c.max_two_theta_deg));
  const double g = 2.0 * std::sin(c.max_two_theta_deg * M_PI / 360.0) / c.wavelength_A;
  const double terms =
      4.0 / 3.0 * M_PI * g * g * g * s.lattice.volume_A3() * static_cast<double>(s.sites.size());
  if (terms > most_terms)
    throw InputError(fmt::format(
        "{} sites to 2 theta = {} degrees: {:.1e} site-reflections, expected at most {:.0e}; "
        "lower the angle or the number of slabs",
        s.sites.size(), c.max_two_theta_deg, terms, most_terms));
}

double strength(const Structure& s, const std::vector<double>& f, const Vector3i& hkl) {
  std::complex<double> sum = 0.0;
  for (std::size_t i = 0; i < s.sites.size(); ++i)
    sum += std::polar(f[i], 2.0 * M_PI * hkl.cast<double>().dot(s.sites[i].fractional));
  return std::norm(sum);
}

/// Half of all hkl, the other half being their negatives, ascending in 1/d^2.
std::vector<Reflection> reflections(const Structure& s, double most_inverse_d2) {
  const Matrix3d reciprocal = s.lattice.columns().inverse().transpose();
  const Vector3d most = s.lattice.columns().colwise().norm() * std::sqrt(most_inverse_d2);
  const Vector3i n = most.cast<int>();
  std::vector<double> f;
  for (const auto& site : s.sites) f.push_back(electrons(site));
  std::vector<Reflection> all;
  for (int h = 0; h <= n[0]; ++h)
    for (int k = h == 0 ? 0 : -n[1]; k <= n[1]; ++k)
      for (int l = h == 0 && k == 0 ? 1 : -n[2]; l <= n[2]; ++l) {
        const Vector3i hkl(h, k, l);
        const double g2 = (reciprocal * hkl.cast<double>()).squaredNorm();
        if (g2 <= most_inverse_d2) all.push_back({hkl, g2, strength(s, f, hkl)});
      }
  std::sort(all.begin(), all.end(),
            [](const auto& a, const auto& b) { return a.inverse_d2 < b.inverse_d2; });
  return all;
}

/// The line of reflections first .. last - 1, without those below `least`.
PowderPeak line(const std::vector<Reflection>& all, std::size_t first, std::size_t last,
                double least, double wavelength_A) {
  PowderPeak peak;
  const Reflection* strongest = &all[first];
  double sum = 0.0;
  for (std::size_t i = first; i < last; ++i) {
    if (all[i].strength < least) continue;
    sum += 2.0 * all[i].strength;
    peak.multiplicity += 2;
    if (all[i].strength > strongest->strength * (1.0 + extinct)) strongest = &all[i];
  }
  peak.hkl = strongest->hkl;
  peak.d_A = 1.0 / std::sqrt(all[first].inverse_d2);
  const double sine = wavelength_A / (2.0 * peak.d_A), theta = std::asin(sine);
  const double c2 = std::cos(2.0 * theta);
  peak.two_theta_deg = theta * 360.0 / M_PI;
  peak.intensity = sum * (1.0 + c2 * c2) / (sine * sine * std::cos(theta));
  return peak;
}

}  // namespace

std::vector<PowderPeak> powder_pattern(const Structure& structure, const PowderConfig& config) {
  require(structure, config);
  const double g = 2.0 * std::sin(config.max_two_theta_deg * M_PI / 360.0) / config.wavelength_A;
  const auto all = reflections(structure, g * g);
  double strongest = 0.0;
  for (const Reflection& r : all) strongest = std::max(strongest, r.strength);
  std::vector<PowderPeak> peaks;
  for (std::size_t first = 0, last = 0; first < all.size(); first = last) {
    while (last < all.size() && all[last].inverse_d2 <= all[first].inverse_d2 * (1.0 + same_line))
      ++last;
    const PowderPeak peak = line(all, first, last, extinct * strongest, config.wavelength_A);
    if (peak.multiplicity > 0) peaks.push_back(peak);
  }
  double highest = 0.0;
  for (const PowderPeak& p : peaks) highest = std::max(highest, p.intensity);
  for (PowderPeak& p : peaks) p.intensity = 100.0 * (p.intensity / highest);
  std::erase_if(peaks, [](const PowderPeak& p) { return p.intensity < 100.0 * extinct; });
  return peaks;
}

}  // namespace lithiate::layers
