#pragma once
/// Random linear problems for the regression tests.
#include <Eigen/Core>

#include "core/random.hpp"

namespace lithiate::test {

struct LinearProblem {
  Eigen::MatrixXd X;  ///< column 0 is the constant
  Eigen::VectorXd truth, y, weights;
};

inline Eigen::VectorXd normals(Eigen::Index n, Random& random) {
  Eigen::VectorXd v(n);
  for (Eigen::Index i = 0; i < n; ++i) v[i] = random.normal();
  return v;
}

/// y = X truth + noise * normal, with columns uniform in [-1, 1] and unit weights.
inline LinearProblem random_problem(Eigen::Index rows, Eigen::Index columns, double noise,
                                    std::uint64_t seed) {
  Random random(seed, Purpose::test);
  LinearProblem p{Eigen::MatrixXd(rows, columns), normals(columns, random), {}, {}};
  for (Eigen::Index j = 0; j < columns; ++j)
    for (Eigen::Index i = 0; i < rows; ++i) p.X(i, j) = j == 0 ? 1.0 : 2.0 * random.uniform() - 1.0;
  p.y = p.X * p.truth + noise * normals(rows, random);
  p.weights = Eigen::VectorXd::Ones(rows);
  return p;
}

}  // namespace lithiate::test
