#include "expansion/fit.hpp"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "core/error.hpp"
#include "random_problem.hpp"

using namespace lithiate;
using namespace lithiate::expansion;
using Catch::Matchers::Contains;
using Catch::Matchers::WithinAbs;
using Eigen::Vector2d;
using Eigen::VectorXd;

namespace {

std::vector<TrainingPoint> points_of(const test::LinearProblem& p) {
  std::vector<TrainingPoint> points;
  for (Eigen::Index i = 0; i < p.y.size(); ++i)
    points.push_back({fmt::format("s{}", i), static_cast<double>(i % 4) / 3.0, p.y[i],
                      p.X.row(i).transpose(), 1.0});
  return points;
}

FitConfig ols() {
  FitConfig c;
  c.candidates[0].method = Method::ols;
  c.bootstrap_draws = 0;
  return c;
}

/// Two structures at x = 1/2 that one constant cannot tell apart, and the ends.
std::vector<TrainingPoint> four_states(double first_eV, double second_eV) {
  return {{"empty", 0.0, 0.0, Vector2d(1.0, 0.0)},
          {"first", 0.5, first_eV, Vector2d(1.0, 0.5)},
          {"second", 0.5, second_eV, Vector2d(1.0, 1.0)},
          {"full", 1.0, 0.0, Vector2d(1.0, 0.0)}};
}

}  // namespace

TEST_CASE("a fit of exact energies returns the coefficients and no error", "[fit]") {
  const auto p = test::random_problem(20, 5, 0.0, 1);
  const FitReport report = fit(points_of(p), ols());
  REQUIRE((report.coefficients - p.truth).lpNorm<Eigen::Infinity>() < 1e-12);
  REQUIRE(report.rmse_eV < 1e-12);
  REQUIRE(report.cv_score_nested_eV < 1e-12);
  REQUIRE(report.rank == 5);
  REQUIRE(report.n_used == 5);
  REQUIRE(report.condition_number >= 1.0);
  REQUIRE(report.warnings.empty());
}

TEST_CASE("residuals, predictions and scores of a report belong together", "[fit]") {
  const auto p = test::random_problem(20, 5, 0.2, 2);
  FitConfig c = ols();
  c.candidates = lambda_grid(RegressionConfig{}, 1e-6, 10.0, 9);
  c.folds = 5;
  const FitReport r = fit(points_of(p), c);
  REQUIRE((r.predicted_eV - p.X * r.coefficients).norm() < 1e-12);
  REQUIRE((r.residuals_eV - (r.predicted_eV - p.y)).norm() < 1e-12);
  REQUIRE_THAT(r.rmse_eV, WithinAbs(std::sqrt(r.residuals_eV.squaredNorm() / 20.0), 1e-12));
  REQUIRE_THAT(r.cv_score_nested_eV,
               WithinAbs(std::sqrt((r.held_out_eV - p.y).squaredNorm() / 20.0), 1e-12));
  REQUIRE(r.chosen_in_fold.size() == 5);
  REQUIRE(r.cv_score_eV > r.rmse_eV);
}

TEST_CASE("the posterior of a report is drawn at the chosen setting", "[fit]") {
  const auto p = test::random_problem(20, 4, 0.2, 3);
  FitConfig c;
  c.candidates = {RegressionConfig{}};
  c.bootstrap_draws = 30;
  c.seed = 9;
  const FitReport r = fit(points_of(p), c);
  const Posterior expected = bootstrap(p.X, p.y, p.weights, c.candidates[0], 30, 9);
  REQUIRE(r.posterior.samples == expected.samples);
}

TEST_CASE("a ground state is kept if the lowest in DFT is predicted lowest", "[fit]") {
  const FitReport kept = fit(four_states(-0.1, -0.2), ols());
  REQUIRE(kept.ground_states.size() == 3);
  const GroundState& middle = kept.ground_states[1];
  REQUIRE(middle.dft == 2);
  REQUIRE(middle.kept());
  REQUIRE(middle.order_error_eV == 0.0);
  REQUIRE(middle.on_dft_hull);
  REQUIRE(kept.dft_hull == std::vector<int>{0, 2, 3});
  REQUIRE(kept.predicted_hull == std::vector<int>{0, 2, 3});
}

TEST_CASE("a lost ground state is reported with how far it is predicted too high", "[fit]") {
  std::vector<TrainingPoint> points = four_states(-0.3, -0.2);
  points[1].weight = 0.0;
  const FitReport r = fit(points, ols());
  const GroundState& middle = r.ground_states[1];
  REQUIRE(middle.dft == 1);
  REQUIRE(middle.predicted == 2);
  REQUIRE_FALSE(middle.kept());
  REQUIRE_THAT(middle.order_error_eV, WithinAbs(0.1, 1e-12));
  REQUIRE(middle.on_dft_hull);
  REQUIRE_FALSE(middle.on_predicted_hull);
}

TEST_CASE("anchors end both hulls and are numbered below zero", "[fit]") {
  std::vector<TrainingPoint> points = four_states(-0.1, -0.2);
  points.erase(points.begin());
  FitConfig c = ols();
  c.anchors = {{0.0, 0.0}};
  const FitReport r = fit(points, c);
  REQUIRE(r.dft_hull == std::vector<int>{-1, 1, 2});
  REQUIRE(r.predicted_hull == std::vector<int>{-1, 1, 2});
}

TEST_CASE("weights fall with the distance above the DFT hull", "[fit]") {
  FitConfig c = ols();
  c.hull_scale_eV = 0.1;
  const FitReport r = fit(four_states(-0.1, -0.2), c);
  REQUIRE_THAT(r.weights[0], WithinAbs(1.0, 1e-12));
  REQUIRE_THAT(r.weights[1], WithinAbs(0.5, 1e-12));  // 0.1 eV above the hull
  REQUIRE_THAT(r.weights[2], WithinAbs(1.0, 1e-12));
}

TEST_CASE("one decoration with two energies is named in a warning", "[fit]") {
  auto p = test::random_problem(12, 3, 0.0, 4);
  p.X.row(7) = p.X.row(2);
  p.y[7] = p.y[2] + 0.05;
  const FitReport r = fit(points_of(p), ols());
  REQUIRE(r.warnings.size() == 1);
  REQUIRE_THAT(r.warnings[0], Contains("s2") && Contains("s7") && Contains("0.0500"));
}

TEST_CASE("columns the set says nothing about are named in a warning", "[fit]") {
  auto p = test::random_problem(12, 5, 0.0, 5);
  p.X.col(3).setConstant(1.0);
  const FitReport r = fit(points_of(p), ols());
  REQUIRE_FALSE(r.warnings.empty());
  REQUIRE_THAT(r.warnings[0], Contains("columns 3 "));
  REQUIRE(r.coefficients[3] == 0.0);
}

TEST_CASE("an underdetermined least-squares fit is reported as such", "[fit]") {
  const auto p = test::random_problem(5, 8, 0.1, 6);
  const FitReport r = fit(points_of(p), ols());
  REQUIRE(r.rmse_eV < 1e-10);
  REQUIRE(r.rank == 5);
  REQUIRE(std::isinf(r.condition_number));
  REQUIRE_THAT(r.warnings.back(), Contains("do not fix all coefficients"));
}

TEST_CASE("a training set that cannot be fitted is refused with the reason", "[fit]") {
  const auto p = test::random_problem(6, 3, 0.1, 7);
  const auto refused = [&](auto&& change, const std::string& reason) {
    std::vector<TrainingPoint> points = points_of(p);
    FitConfig c = ols();
    change(points, c);
    REQUIRE_THROWS_AS(fit(points, c), InputError);
    REQUIRE_THROWS_WITH(fit(points, c), Contains(reason));
  };
  const double nan = std::numeric_limits<double>::quiet_NaN();
  refused([](auto& points, auto&) { points.resize(1); }, "1 structures");
  refused([&](auto& points, auto&) { points[3].energy_eV = nan; }, "s3");
  refused([](auto& points, auto&) { points[2].name = "s1"; }, "two structures are named s1");
  refused([](auto& points, auto&) { points[2].weight = -1.0; }, "weight -1");
  refused([](auto& points, auto&) { points[2].features = VectorXd::Ones(2); }, "2 features");
  refused([](auto&, auto& c) { c.candidates.clear(); }, "candidates");
  refused([](auto&, auto& c) { c.bootstrap_draws = 1; }, "bootstrap_draws");
  refused(
      [](auto& points, auto& c) {
        points.resize(2);
        c.candidates[0].unpenalised = 3;
      },
      "cannot fix 3");
}
