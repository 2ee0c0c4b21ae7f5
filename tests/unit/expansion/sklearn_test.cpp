#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

#include "expansion/cross_validation.hpp"

using namespace lithiate;
using namespace lithiate::expansion;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using nlohmann::json;

namespace {

const json& reference() {
  static const json data = [] {
    std::ifstream file(LITHIATE_FIXTURES "/sklearn_reference.json");
    return json::parse(file);
  }();
  return data;
}

VectorXd vector(const json& values) {
  const auto v = values.get<std::vector<double>>();
  return Eigen::Map<const VectorXd>(v.data(), static_cast<Eigen::Index>(v.size()));
}

struct Problem {
  MatrixXd X;
  VectorXd y, weights;
};

Problem problem(const json& p) {
  const auto rows = static_cast<Eigen::Index>(p["X"].size());
  Problem out{MatrixXd(rows, p["X"][0].size()), vector(p["y"]), vector(p["weights"])};
  for (Eigen::Index i = 0; i < rows; ++i)
    out.X.row(i) = vector(p["X"][static_cast<std::size_t>(i)]);
  return out;
}

RegressionConfig setting(const json& p, const json& s) {
  RegressionConfig c;
  c.method = regression_method(s["method"]);
  c.unpenalised = p["unpenalised"];
  c.lambda = s.value("lambda", 0.0);
  c.n_features = s.value("n_features", 0);
  c.ardr_threshold = s.value("threshold", 1e4);
  c.ardr_tolerance = 1e-12;
  return c;
}

/// Largest difference of a method's coefficients, over every stored problem, and how many there
/// were.
std::pair<double, int> worst_difference(Method method) {
  double worst = 0.0;
  int compared = 0;
  for (const json& p : reference()["problems"]) {
    const Problem data = problem(p);
    for (const json& s : p["solutions"]) {
      const RegressionConfig c = setting(p, s);
      if (c.method != method) continue;
      const Regression fit = regress(data.X, data.y, data.weights, c);
      CHECK(fit.converged);
      const VectorXd expected = vector(s["coefficients"]);
      worst = std::max(worst, (fit.coefficients - expected).lpNorm<Eigen::Infinity>() /
                                  expected.lpNorm<Eigen::Infinity>());
      ++compared;
    }
  }
  return {worst, compared};
}

void require_agreement(Method method, double tolerance, int at_least) {
  const auto [worst, compared] = worst_difference(method);
  REQUIRE(compared >= at_least);
  REQUIRE(worst < tolerance);
}

}  // namespace

TEST_CASE("least squares gives the coefficients of scikit-learn", "[regression]") {
  require_agreement(Method::ols, 1e-10, 4);
}

TEST_CASE("ridge gives the coefficients of scikit-learn, weights included", "[regression]") {
  require_agreement(Method::ridge, 1e-10, 12);
}

TEST_CASE("lasso gives the coefficients of scikit-learn, weights included", "[regression]") {
  require_agreement(Method::lasso, 1e-6, 12);
}

TEST_CASE("relevance determination gives the coefficients of scikit-learn", "[regression]") {
  require_agreement(Method::ardr, 1e-8, 6);
}

TEST_CASE("feature elimination keeps what scikit-learn keeps", "[regression]") {
  require_agreement(Method::rfe, 1e-9, 6);
}

TEST_CASE("scores on given folds are those of scikit-learn", "[cross_validation]") {
  int compared = 0;
  for (const json& p : reference()["problems"]) {
    if (!p.contains("cross_validation")) continue;
    const Problem data = problem(p);
    for (const json& s : p["cross_validation"]) {
      const CrossValidation cv =
          cross_validate(data.X, data.y, data.weights, setting(p, s), s["folds"].get<Folds>());
      REQUIRE(cv.rmse == Approx(s["rmse"].get<double>()).epsilon(1e-6));
      REQUIRE((cv.predictions - vector(s["predictions"])).lpNorm<Eigen::Infinity>() < 1e-6);
      ++compared;
    }
  }
  REQUIRE(compared == 18);
}
