#include "expansion/regression.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "core/error.hpp"
#include "random_problem.hpp"

using namespace lithiate;
using namespace lithiate::expansion;
using Catch::Matchers::Contains;
using Catch::Matchers::WithinAbs;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

RegressionConfig config(Method method, double lambda = 0.0) {
  RegressionConfig c;
  c.method = method;
  c.lambda = lambda;
  return c;
}

double largest(const VectorXd& v) { return v.lpNorm<Eigen::Infinity>(); }

}  // namespace

TEST_CASE("noiseless coefficients are recovered by least squares", "[regression]") {
  const auto p = test::random_problem(30, 8, 0.0, 1);
  const Regression fit = regress(p.X, p.y, p.weights, config(Method::ols));
  REQUIRE(largest(fit.coefficients - p.truth) < 1e-12);
  REQUIRE_FALSE(fit.rank_deficient);
  REQUIRE(fit.n_used == 8);
}

TEST_CASE("noiseless sparse coefficients are recovered by elimination and relevance",
          "[regression]") {
  auto p = test::random_problem(40, 20, 0.0, 2);
  p.truth.tail(14).setZero();
  p.y = p.X * p.truth;
  RegressionConfig rfe = config(Method::rfe);
  rfe.n_features = 5;
  REQUIRE(largest(regress(p.X, p.y, p.weights, rfe).coefficients - p.truth) < 1e-12);
  RegressionConfig ardr = config(Method::ardr);
  ardr.ardr_hyperprior = 1e-12;
  const Regression fit = regress(p.X, p.y, p.weights, ardr);
  REQUIRE(largest(fit.coefficients - p.truth) < 1e-5);
  REQUIRE(fit.n_used == 6);
}

TEST_CASE("ridge and lasso without penalty are least squares", "[regression]") {
  const auto p = test::random_problem(25, 6, 0.1, 3);
  const VectorXd ols = regress(p.X, p.y, p.weights, config(Method::ols)).coefficients;
  REQUIRE(largest(regress(p.X, p.y, p.weights, config(Method::ridge)).coefficients - ols) < 1e-12);
  REQUIRE(largest(regress(p.X, p.y, p.weights, config(Method::lasso)).coefficients - ols) < 1e-6);
}

TEST_CASE("an infinite penalty leaves the unpenalised mean alone", "[regression]") {
  const auto p = test::random_problem(25, 6, 0.1, 4);
  const Regression fit = regress(p.X, p.y, p.weights, config(Method::lasso, 1e6));
  REQUIRE_THAT(fit.coefficients[0], WithinAbs(p.y.mean(), 1e-12));
  REQUIRE(largest(fit.coefficients.tail(5)) == 0.0);
  REQUIRE(fit.n_used == 1);
}

TEST_CASE("the ridge solution makes the gradient of its objective vanish", "[regression]") {
  auto p = test::random_problem(20, 9, 0.2, 5);
  RegressionConfig c = config(Method::ridge, 0.3);
  c.penalty_per_column = VectorXd::LinSpaced(9, 1.0, 5.0);
  p.weights = VectorXd::LinSpaced(20, 0.1, 2.0);
  const VectorXd b = regress(p.X, p.y, p.weights, c).coefficients;
  const VectorXd penalty = penalties(c, 9);
  const VectorXd gradient =
      p.X.transpose() * p.weights.asDiagonal() * (p.X * b - p.y) + 0.3 * penalty.cwiseProduct(b);
  REQUIRE(penalty[0] == 0.0);
  REQUIRE(largest(gradient) < 1e-11);
}

TEST_CASE("the lasso solution satisfies its optimality conditions", "[regression]") {
  auto p = test::random_problem(20, 9, 0.2, 6);
  RegressionConfig c = config(Method::lasso, 0.05);
  c.penalty_per_column = VectorXd::LinSpaced(9, 1.0, 5.0);
  p.weights = VectorXd::LinSpaced(20, 0.1, 2.0);
  const VectorXd b = regress(p.X, p.y, p.weights, c).coefficients;
  const VectorXd pull =
      p.X.transpose() * p.weights.asDiagonal() * (p.y - p.X * b) / p.weights.sum();
  REQUIRE_THAT(pull[0], WithinAbs(0.0, 1e-10));
  int zeros = 0;
  for (int j = 1; j < 9; ++j) {
    const double bound = 0.05 * c.penalty_per_column[j];
    if (b[j] == 0.0) {
      REQUIRE(std::abs(pull[j]) <= bound + 1e-8);
      ++zeros;
    } else {
      REQUIRE_THAT(pull[j], WithinAbs(std::copysign(bound, b[j]), 1e-7));
    }
  }
  REQUIRE(zeros > 0);
}

TEST_CASE("an integer weight counts as that many equal rows", "[regression]") {
  const auto p = test::random_problem(12, 5, 0.2, 7);
  VectorXd weights = VectorXd::Ones(12);
  weights[3] = 2.0;
  MatrixXd X(13, 5);
  VectorXd y(13);
  X << p.X, p.X.row(3);
  y << p.y, p.y[3];
  for (RegressionConfig c : {config(Method::ols), config(Method::ridge, 0.1),
                             config(Method::lasso, 0.05), config(Method::ardr)}) {
    c.standardize = c.method == Method::lasso;
    const VectorXd weighted = regress(p.X, p.y, weights, c).coefficients;
    const VectorXd repeated = regress(X, y, VectorXd::Ones(13), c).coefficients;
    REQUIRE(largest(weighted - repeated) < 1e-7);
  }
}

TEST_CASE("a row of weight zero has no say", "[regression]") {
  auto p = test::random_problem(15, 5, 0.2, 8);
  p.weights[4] = 0.0;
  const VectorXd before = regress(p.X, p.y, p.weights, config(Method::ridge, 0.1)).coefficients;
  p.y[4] += 100.0;
  const VectorXd after = regress(p.X, p.y, p.weights, config(Method::ridge, 0.1)).coefficients;
  REQUIRE(largest(before - after) < 1e-12);
}

TEST_CASE("standardizing makes the fit independent of the units of a column", "[regression]") {
  const auto p = test::random_problem(20, 6, 0.2, 9);
  MatrixXd scaled = p.X;
  scaled.col(3) *= 1000.0;
  for (RegressionConfig c : {config(Method::ridge, 0.5), config(Method::lasso, 0.05)}) {
    c.standardize = true;
    const VectorXd a = regress(p.X, p.y, p.weights, c).coefficients;
    VectorXd b = regress(scaled, p.y, p.weights, c).coefficients;
    b[3] *= 1000.0;
    REQUIRE(largest(a - b) < 1e-7);
  }
}

TEST_CASE("a shift of all energies moves the constant only", "[regression]") {
  auto p = test::random_problem(20, 6, 0.2, 10);
  for (const Method method : {Method::ridge, Method::lasso, Method::ardr}) {
    const RegressionConfig c = config(method, 0.05);
    const VectorXd a = regress(p.X, p.y, p.weights, c).coefficients;
    const VectorXd shifted = (p.y.array() + 1000.0).matrix();
    VectorXd b = regress(p.X, shifted, p.weights, c).coefficients;
    b[0] -= 1000.0;
    REQUIRE(largest(a - b) < 1e-6);
  }
}

TEST_CASE("an infinite column penalty is the fit without that column", "[regression]") {
  const auto p = test::random_problem(20, 6, 0.2, 11);
  RegressionConfig c = config(Method::ridge, 0.1);
  c.penalty_per_column = VectorXd::Ones(6);
  c.penalty_per_column[5] = std::numeric_limits<double>::infinity();
  const Regression without = regress(p.X, p.y, p.weights, c);
  const Regression smaller = regress(p.X.leftCols(5), p.y, p.weights, config(Method::ridge, 0.1));
  REQUIRE(largest(without.coefficients.head(5) - smaller.coefficients) < 1e-12);
  REQUIRE(without.coefficients[5] == 0.0);
  REQUIRE(without.n_used == 5);
}

TEST_CASE("equal columns share their coefficient and are reported", "[regression]") {
  auto p = test::random_problem(20, 5, 0.1, 12);
  p.X.col(4) = p.X.col(3);
  const Regression fit = regress(p.X, p.y, p.weights, config(Method::ols));
  REQUIRE(fit.rank_deficient);
  REQUIRE_THAT(fit.coefficients[3], WithinAbs(fit.coefficients[4], 1e-10));
  REQUIRE_FALSE(regress(p.X, p.y, p.weights, config(Method::ridge, 0.1)).rank_deficient);
}

TEST_CASE("a constant column beside the constant gets no coefficient", "[regression]") {
  auto p = test::random_problem(20, 5, 0.1, 13);
  p.X.col(2).setConstant(7.0);
  for (const Method method : {Method::ols, Method::ridge, Method::lasso, Method::ardr}) {
    RegressionConfig c = config(method, 0.01);
    c.standardize = method == Method::ridge;
    const VectorXd b = regress(p.X, p.y, p.weights, c).coefficients;
    REQUIRE(b.allFinite());
    REQUIRE(b[2] == 0.0);
  }
}

TEST_CASE("grids run from restrictive to free", "[regression]") {
  const auto lambdas = lambda_grid(config(Method::ridge), 1e-4, 1.0, 5);
  REQUIRE(lambdas.front().lambda == 1.0);
  REQUIRE(lambdas[2].lambda == Approx(1e-2));
  REQUIRE(lambdas.back().lambda == Approx(1e-4));
  const auto counts = feature_grid(config(Method::rfe), 3);
  REQUIRE(counts.front().n_features == 1);
  REQUIRE(counts.back().n_features == 3);
}

TEST_CASE("regression refuses what has no meaning", "[regression]") {
  const auto p = test::random_problem(6, 4, 0.1, 14);
  const VectorXd negative = -p.weights, none = VectorXd::Zero(6);
  VectorXd hole = p.y;
  hole[2] = std::numeric_limits<double>::quiet_NaN();
  RegressionConfig c = config(Method::ridge, 0.1);
  REQUIRE_THROWS_WITH(regress(p.X, p.y.head(5), p.weights, c), Contains("must be equal"));
  REQUIRE_THROWS_WITH(regress(p.X, hole, p.weights, c), Contains("not a finite number"));
  REQUIRE_THROWS_WITH(regress(p.X, p.y, negative, c), Contains("must not be negative"));
  REQUIRE_THROWS_WITH(regress(p.X, p.y, none, c), Contains("must not be negative"));
  REQUIRE_THROWS_WITH(regress(p.X, p.y, p.weights, config(Method::rfe)), Contains("n_features"));
  REQUIRE_THROWS_WITH(regress(p.X, p.y, p.weights, config(Method::ridge, -1.0)),
                      Contains("lambda"));
  c.unpenalised = 3;
  REQUIRE_THROWS_WITH(regress(p.X.topRows(2), p.y.head(2), p.weights.head(2), c),
                      Contains("cannot fix 3"));
  c.unpenalised = 1;
  c.penalty_per_column = VectorXd::Zero(4);
  REQUIRE_THROWS_AS(regress(p.X, p.y, p.weights, c), InputError);
  c.penalty_per_column = VectorXd::Ones(3);
  REQUIRE_THROWS_WITH(regress(p.X, p.y, p.weights, c), Contains("3 column penalties"));
}

TEST_CASE("a misspelt method is answered with the nearest name", "[regression]") {
  REQUIRE(regression_method("ardr") == Method::ardr);
  REQUIRE(name(Method::rfe) == "rfe");
  REQUIRE_THROWS_WITH(regression_method("rigde"), Contains("ridge"));
}
