#include "expansion/cross_validation.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>

#include "core/error.hpp"
#include "random_problem.hpp"

using namespace lithiate;
using namespace lithiate::expansion;
using Eigen::VectorXd;

namespace {

RegressionConfig ridge(double lambda) {
  RegressionConfig c;
  c.lambda = lambda;
  return c;
}

/// Leave-one-out predictions by refitting without each row.
VectorXd refitted(const test::LinearProblem& p, const RegressionConfig& c) {
  VectorXd predictions(p.y.size());
  for (Eigen::Index i = 0; i < p.y.size(); ++i) {
    VectorXd weights = p.weights;
    weights[i] = 0.0;
    predictions[i] = p.X.row(i).dot(regress(p.X, p.y, weights, c).coefficients);
  }
  return predictions;
}

}  // namespace

TEST_CASE("folds hold every row once and differ by at most one in size", "[cross_validation]") {
  const int k = GENERATE(2, 3, 5, 7, 23, 40);
  const Folds folds = make_folds(23, k, 4);
  std::vector<int> seen(23, 0);
  for (const auto& fold : folds) {
    REQUIRE(std::is_sorted(fold.begin(), fold.end()));
    REQUIRE((std::ssize(fold) == 23 / std::ssize(folds) ||
             std::ssize(fold) == 23 / std::ssize(folds) + 1));
    for (const auto row : fold) ++seen[static_cast<std::size_t>(row)];
  }
  REQUIRE(seen == std::vector<int>(23, 1));
}

TEST_CASE("folds are a function of the seed", "[cross_validation]") {
  REQUIRE(make_folds(23, 5, 4) == make_folds(23, 5, 4));
  REQUIRE(make_folds(23, 5, 4) != make_folds(23, 5, 5));
  REQUIRE(make_folds(23, 0, 4) == make_folds(23, 23, 5));
}

TEST_CASE("one fold, negative folds and one structure are refused", "[cross_validation]") {
  REQUIRE_THROWS_AS(make_folds(10, 1, 0), InputError);
  REQUIRE_THROWS_AS(make_folds(10, -2, 0), InputError);
  REQUIRE_THROWS_AS(make_folds(1, 0, 0), InputError);
  const auto p = test::random_problem(8, 3, 0.1, 1);
  REQUIRE_THROWS_AS(select(p.X, p.y, p.weights, {}, make_folds(8, 0, 0)), InputError);
}

TEST_CASE("leave-one-out from the hat matrix is leave-one-out by refitting", "[cross_validation]") {
  auto p = test::random_problem(18, 6, 0.3, 2);
  for (Eigen::Index i = 0; i < 18; ++i) p.weights[i] = 0.5 + 0.1 * static_cast<double>(i);
  RegressionConfig scaled = ridge(0.2);
  scaled.penalty_per_column = VectorXd::LinSpaced(6, 1.0, 3.0);
  RegressionConfig ols;
  ols.method = Method::ols;
  for (const RegressionConfig& c : {ols, ridge(1e-8), ridge(0.7), scaled}) {
    const CrossValidation fast = cross_validate(p.X, p.y, p.weights, c, make_folds(18, 0, 0));
    REQUIRE((fast.predictions - refitted(p, c)).lpNorm<Eigen::Infinity>() < 1e-10);
  }
}

TEST_CASE("a row that fixes a coefficient alone is predicted without it", "[cross_validation]") {
  auto p = test::random_problem(10, 4, 0.1, 3);
  p.X.col(3).setZero();
  p.X(6, 3) = 1.0;
  p.y[6] = 50.0;
  RegressionConfig ols;
  ols.method = Method::ols;
  const CrossValidation cv = cross_validate(p.X, p.y, p.weights, ols, make_folds(10, 0, 0));
  const VectorXd brute = refitted(p, ols);
  REQUIRE((cv.predictions - brute).lpNorm<Eigen::Infinity>() < 1e-9);
  REQUIRE(std::abs(cv.predictions[6] - 50.0) > 10.0);
}

TEST_CASE("noiseless data are predicted exactly", "[cross_validation]") {
  const auto p = test::random_problem(20, 5, 0.0, 4);
  RegressionConfig ols;
  ols.method = Method::ols;
  REQUIRE(cross_validate(p.X, p.y, p.weights, ols, make_folds(20, 4, 1)).rmse < 1e-12);
}

TEST_CASE("selection takes the lowest score and of equal ones the first", "[cross_validation]") {
  const auto p = test::random_problem(20, 5, 0.2, 5);
  const Folds folds = make_folds(20, 0, 0);
  const std::vector<RegressionConfig> candidates{ridge(100.0), ridge(1e-3), ridge(1e-3)};
  const Selection s = select(p.X, p.y, p.weights, candidates, folds);
  REQUIRE(s.chosen == 1);
  REQUIRE(s.rmse == cross_validate(p.X, p.y, p.weights, candidates[1], folds).rmse);
}

TEST_CASE("nested validation of one candidate is plain validation", "[cross_validation]") {
  const auto p = test::random_problem(20, 5, 0.2, 6);
  const Folds folds = make_folds(20, 5, 1);
  const auto nested = nested_cross_validate(p.X, p.y, p.weights, {ridge(0.1)}, folds, 4, 1);
  const auto plain = cross_validate(p.X, p.y, p.weights, ridge(0.1), folds);
  REQUIRE((nested.predictions - plain.predictions).lpNorm<Eigen::Infinity>() < 1e-12);
  REQUIRE(nested.chosen == std::vector<std::size_t>(5, 0));
}

TEST_CASE("what is held out never reaches the choice or the fit", "[cross_validation]") {
  auto p = test::random_problem(15, 6, 0.3, 7);
  RegressionConfig rfe;
  rfe.method = Method::rfe;
  const auto candidates = feature_grid(rfe, 4);
  const Folds folds = make_folds(15, 5, 1);
  const auto before = nested_cross_validate(p.X, p.y, p.weights, candidates, folds, 3, 1);
  for (const auto row : folds[2]) p.y[row] += 1e3;
  const auto after = nested_cross_validate(p.X, p.y, p.weights, candidates, folds, 3, 1);
  for (const auto row : folds[2]) REQUIRE(before.predictions[row] == after.predictions[row]);
}

TEST_CASE("on pure noise the chosen score is optimistic and the nested one is not",
          "[cross_validation]") {
  RegressionConfig rfe;
  rfe.method = Method::rfe;
  const auto candidates = feature_grid(rfe, 6);
  double plain2 = 0.0, nested2 = 0.0, noise2 = 0.0;
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    auto p = test::random_problem(24, 17, 1.0, 100 + seed);
    p.y -= p.X * p.truth;
    noise2 += p.y.squaredNorm() / 24.0;
    const Folds folds = make_folds(24, 4, seed);
    plain2 += std::pow(select(p.X, p.y, p.weights, candidates, folds).rmse, 2);
    nested2 +=
        std::pow(nested_cross_validate(p.X, p.y, p.weights, candidates, folds, 4, seed).rmse, 2);
  }
  REQUIRE(nested2 > plain2);
  REQUIRE(nested2 > 0.95 * noise2);
}
