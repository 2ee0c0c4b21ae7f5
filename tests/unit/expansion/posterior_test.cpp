#include "expansion/posterior.hpp"

#include <Eigen/LU>
#include <catch2/catch.hpp>

#include "core/error.hpp"
#include "random_problem.hpp"

using namespace lithiate;
using namespace lithiate::expansion;
using Catch::Matchers::Contains;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

RegressionConfig config(Method method, double lambda = 0.0) {
  RegressionConfig c;
  c.method = method;
  c.lambda = lambda;
  return c;
}

MatrixXd covariance_of(const MatrixXd& samples) {
  const MatrixXd d = samples.rowwise() - samples.colwise().mean();
  return d.transpose() * d / static_cast<double>(samples.rows() - 1);
}

}  // namespace

TEST_CASE("bootstrap errors of a linear Gaussian model are the analytic ones", "[posterior]") {
  const auto p = test::random_problem(400, 4, 0.5, 1);
  const Posterior b = bootstrap(p.X, p.y, p.weights, config(Method::ols), 1500, 3);
  const MatrixXd analytic = 0.25 * (p.X.transpose() * p.X).inverse();
  // The error of an error from n structures is sqrt(2 / n), 7 % here; three of these.
  for (int j = 0; j < 4; ++j)
    REQUIRE(b.standard_error[j] == Approx(std::sqrt(analytic(j, j))).epsilon(0.21));
}

TEST_CASE("the bootstrap covariance is the sandwich of its own residuals", "[posterior]") {
  const auto p = test::random_problem(400, 3, 0.5, 2);
  const RegressionConfig ols = config(Method::ols);
  const Posterior b = bootstrap(p.X, p.y, p.weights, ols, 2000, 3);
  const VectorXd r = p.y - p.X * regress(p.X, p.y, p.weights, ols).coefficients;
  const MatrixXd bread = (p.X.transpose() * p.X).inverse();
  const MatrixXd sandwich = bread * p.X.transpose() * r.cwiseAbs2().asDiagonal() * p.X * bread;
  // A standard deviation from 2000 draws is known to 1.6 %; the rest is of order 1 / n.
  for (int j = 0; j < 3; ++j)
    REQUIRE(b.standard_error[j] == Approx(std::sqrt(sandwich(j, j))).epsilon(0.05));
}

TEST_CASE("bootstrap draws repeat with the seed and differ with it", "[posterior]") {
  const auto p = test::random_problem(20, 4, 0.5, 3);
  const auto draw = [&](std::uint64_t seed) {
    return bootstrap(p.X, p.y, p.weights, config(Method::ridge, 0.1), 20, seed).samples;
  };
  REQUIRE(draw(1) == draw(1));
  REQUIRE(draw(1) != draw(2));
  REQUIRE(draw(1).rows() == 20);
  REQUIRE(draw(1).cols() == 4);
}

TEST_CASE("more bootstrap draws leave the first ones as they are", "[posterior]") {
  const auto p = test::random_problem(20, 4, 0.5, 4);
  const auto few = bootstrap(p.X, p.y, p.weights, config(Method::ridge, 0.1), 5, 1).samples;
  const auto more = bootstrap(p.X, p.y, p.weights, config(Method::ridge, 0.1), 9, 1).samples;
  REQUIRE(more.topRows(5) == few);
}

TEST_CASE("noiseless data leave no spread", "[posterior]") {
  const auto p = test::random_problem(30, 3, 0.0, 5);
  const Posterior b = bootstrap(p.X, p.y, p.weights, config(Method::ols), 50, 1);
  REQUIRE(b.standard_error.maxCoeff() < 1e-12);
  REQUIRE((b.mean - p.truth).lpNorm<Eigen::Infinity>() < 1e-12);
}

TEST_CASE("the posterior covariance of least squares is the textbook one", "[posterior]") {
  const auto p = test::random_problem(30, 5, 0.3, 6);
  const RegressionConfig ols = config(Method::ols);
  const VectorXd r = p.y - p.X * regress(p.X, p.y, p.weights, ols).coefficients;
  const MatrixXd expected = r.squaredNorm() / 25.0 * (p.X.transpose() * p.X).inverse();
  const MatrixXd covariance = posterior_covariance(p.X, p.y, p.weights, ols);
  REQUIRE((covariance - expected).lpNorm<Eigen::Infinity>() < 1e-14);
}

TEST_CASE("a penalty narrows the posterior", "[posterior]") {
  const auto p = test::random_problem(12, 6, 0.3, 7);
  const auto width = [&](double lambda) {
    const RegressionConfig c = config(Method::ridge, lambda);
    const VectorXd r = p.y - p.X * regress(p.X, p.y, p.weights, c).coefficients;
    return posterior_covariance(p.X, p.y, p.weights, c)(3, 3) / r.squaredNorm();
  };
  REQUIRE(width(1.0) < width(0.1));
  REQUIRE(width(0.1) < width(1e-6));
}

TEST_CASE("Gaussian draws have the posterior mean and covariance", "[posterior]") {
  const auto p = test::random_problem(15, 4, 0.3, 8);
  const RegressionConfig c = config(Method::ridge, 0.1);
  const Posterior g = gaussian_posterior(p.X, p.y, p.weights, c, 20000, 5);
  const MatrixXd exact = posterior_covariance(p.X, p.y, p.weights, c);
  const VectorXd mean = regress(p.X, p.y, p.weights, c).coefficients;
  for (int j = 0; j < 4; ++j) {
    const double sd = std::sqrt(exact(j, j));
    REQUIRE(std::abs(g.mean[j] - mean[j]) < 4.0 * sd / std::sqrt(20000.0));
    REQUIRE(g.standard_error[j] == Approx(sd).epsilon(0.02));
    REQUIRE(std::abs(covariance_of(g.samples)(0, j) - exact(0, j)) <
            0.04 * sd * std::sqrt(exact(0, 0)));
  }
}

TEST_CASE("a posterior is refused where it has no meaning", "[posterior]") {
  auto p = test::random_problem(5, 5, 0.3, 9);
  REQUIRE_THROWS_AS(bootstrap(p.X, p.y, p.weights, config(Method::ridge, 0.1), 1, 1), InputError);
  REQUIRE_THROWS_WITH(posterior_covariance(p.X, p.y, p.weights, config(Method::lasso, 0.1)),
                      Contains("bootstrap"));
  REQUIRE_THROWS_WITH(posterior_covariance(p.X, p.y, p.weights, config(Method::ols)),
                      Contains("degree of freedom"));
  p.X.col(4) = p.X.col(3);
  REQUIRE_THROWS_WITH(posterior_covariance(p.X, p.y, p.weights, config(Method::ols)),
                      Contains("linearly dependent"));
}
