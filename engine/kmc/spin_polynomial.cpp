#include "kmc/spin_polynomial.hpp"

#include <Eigen/Eigenvalues>
#include <cmath>
#include <cstdint>
#include <random>

namespace lithiate::kmc {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// Least of sum_ij M_ij v_i v_j over unit vectors v_i, one vector after the other. The matrix is
/// symmetric with an empty diagonal. @return d_i = |sum_j M_ij v_j|, near the dual's optimum.
VectorXd mixing_method(const MatrixXd& M) {
  constexpr int max_sweeps = 300;
  constexpr double tolerance = 1e-4;
  const Index n = M.rows();
  const Index dimension =
      static_cast<Index>(std::ceil(std::sqrt(2.0 * static_cast<double>(n)))) + 1;
  std::mt19937_64 random(1);  // any start that is not special
  MatrixXd V(dimension, n);
  for (double& x : V.reshaped()) x = static_cast<double>(random()) * 0x1p-63 - 1.0;
  V.colwise().normalize();
  VectorXd d = VectorXd::Zero(n);
  for (int sweep = 0; sweep < max_sweeps; ++sweep) {
    const double before = d.sum();
    for (Index i = 0; i < n; ++i) {
      const VectorXd g = V * M.col(i);
      d[i] = g.norm();
      if (d[i] > 0.0) V.col(i) = -g / d[i];
    }
    if (std::abs(d.sum() - before) <= tolerance * d.sum()) break;
  }
  return d;
}

/// Bound of s^T M s over spins.
double semidefinite_bound(const MatrixXd& M) {
  const VectorXd d = mixing_method(M);
  const MatrixXd shifted = M + MatrixXd(d.asDiagonal());
  const VectorXd eigenvalues =
      Eigen::SelfAdjointEigenSolver<MatrixXd>(shifted, Eigen::EigenvaluesOnly).eigenvalues();
  constexpr double rounding = 1e-12;
  const double n = static_cast<double>(M.rows());
  return -d.sum() + n * (std::min(eigenvalues[0], 0.0) - rounding * d.maxCoeff() * n);
}

}  // namespace

double SpinPolynomial::operator()(const std::vector<int>& spin) const {
  double sum = 0.0;
  for (const auto& [set, J] : terms_) {
    double product = J;
    for (const int i : set) product *= spin[static_cast<std::size_t>(i)];
    sum += product;
  }
  return sum;
}

double SpinPolynomial::lower_bound() const {
  double mean = 0.0, pairs = 0.0, larger = 0.0;
  std::map<int, Index> row;  // of each spin in products of one and two; 0 is a spin held at 1
  for (const auto& [set, J] : terms_) {
    if (set.empty()) mean = J;
    if (set.size() > 2) larger -= std::abs(J);
    if (set.empty() || set.size() > 2) continue;
    pairs -= std::abs(J);
    for (const int i : set) row.try_emplace(i, std::ssize(row) + 1);
  }
  if (row.empty()) return mean + larger;
  MatrixXd M = MatrixXd::Zero(std::ssize(row) + 1, std::ssize(row) + 1);
  for (const auto& [set, J] : terms_) {
    if (set.empty() || set.size() > 2) continue;
    const Index i = row.at(set[0]), j = set.size() > 1 ? row.at(set[1]) : 0;
    M(i, j) = M(j, i) = 0.5 * J;
  }
  return mean + larger + std::max(pairs, semidefinite_bound(M));
}

}  // namespace lithiate::kmc
