#include "cluster/site_basis.hpp"

#include <cmath>

#include "core/error.hpp"
#include "core/text.hpp"

namespace lithiate::cluster {
namespace {

const std::vector<std::string> names{"occupation", "chebyshev", "trigonometric"};

Eigen::MatrixXd occupation_table(int n) { return Eigen::MatrixXd::Identity(n - 1, n); }

/// Gram-Schmidt of 1, s, s^2, ... over equally spaced points: the discrete Chebyshev polynomials.
Eigen::MatrixXd chebyshev_table(int n) {
  Eigen::MatrixXd functions(n, n);
  for (int s = 0; s < n; ++s) {
    const double point = 1.0 - 2.0 * s / (n - 1);  // first species +1, last -1
    for (int k = 0; k < n; ++k) functions(k, s) = std::pow(point, k);
  }
  for (int k = 0; k < n; ++k) {
    for (int round = 0; round < 2; ++round)  // the second removes rounding of the first
      for (int j = 0; j < k; ++j) {
        const double overlap = functions.row(j).dot(functions.row(k)) / n;
        functions.row(k) -= overlap * functions.row(j);
      }
    functions.row(k) *= std::sqrt(n) / functions.row(k).norm();
  }
  return functions.bottomRows(n - 1);
}

Eigen::MatrixXd trigonometric_table(int n) {
  Eigen::MatrixXd table(n - 1, n);
  for (int s = 0; s < n; ++s)
    for (int k = 1; k < n; ++k) {
      const double angle = 2.0 * M_PI * ((k + 1) / 2) * s / n;
      const double value = k % 2 == 1 ? -std::cos(angle) : -std::sin(angle);
      const bool alternating = 2 * ((k + 1) / 2) == n;  // cos(pi s) has twice the mean square
      table(k - 1, s) = value * (alternating ? 1.0 : std::sqrt(2.0));
    }
  return table;
}

}  // namespace

std::string name(BasisKind kind) { return names[static_cast<std::size_t>(kind)]; }

BasisKind basis_kind(const std::string& name) {
  for (std::size_t i = 0; i < names.size(); ++i)
    if (names[i] == name) return static_cast<BasisKind>(i);
  throw InputError("basis = '" + name + "': expected one of " + joined(names) +
                   did_you_mean(name, names));
}

SiteBasis::SiteBasis(BasisKind kind, int n_species)
    : table_(kind == BasisKind::occupation  ? occupation_table(n_species)
             : kind == BasisKind::chebyshev ? chebyshev_table(n_species)
                                            : trigonometric_table(n_species)) {}

}  // namespace lithiate::cluster
