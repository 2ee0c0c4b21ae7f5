#include "crystal/assignment.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <numeric>
#include <set>

#include "core/random.hpp"

using namespace lithiate;
using Catch::Matchers::WithinAbs;

namespace {

Eigen::MatrixXd random_costs(long rows, long columns, std::uint64_t place) {
  Random random(7, Purpose::test, place);
  Eigen::MatrixXd cost(rows, columns);
  for (long i = 0; i < rows; ++i)
    for (long j = 0; j < columns; ++j) cost(i, j) = random.uniform() - 0.3;
  return cost;
}

double cost_of(const Eigen::MatrixXd& cost, const std::vector<int>& column) {
  double sum = 0.0;
  for (long i = 0; i < cost.rows(); ++i) sum += cost(i, column[static_cast<std::size_t>(i)]);
  return sum;
}

/// Least cost over all ways to choose different columns.
double brute_force(const Eigen::MatrixXd& cost) {
  std::vector<int> order(static_cast<std::size_t>(cost.cols()));
  std::iota(order.begin(), order.end(), 0);
  double least = 1e9;
  do {
    least = std::min(least, cost_of(cost, order));
  } while (std::next_permutation(order.begin(), order.end()));
  return least;
}

}  // namespace

TEST_CASE("an assignment costs as little as the best of all permutations") {
  for (std::uint64_t place = 0; place < 20; ++place) {
    const Eigen::MatrixXd cost = random_costs(4 + static_cast<long>(place % 3), 6, place);
    REQUIRE_THAT(cost_of(cost, crystal::assign(cost)), WithinAbs(brute_force(cost), 1e-12));
  }
}

TEST_CASE("an assignment is one-to-one") {
  const std::vector<int> column = crystal::assign(random_costs(30, 41, 99));
  const std::set<int> distinct(column.begin(), column.end());
  REQUIRE(column.size() == 30);
  REQUIRE(distinct.size() == 30);
  REQUIRE(*distinct.begin() >= 0);
  REQUIRE(*distinct.rbegin() < 41);
}
