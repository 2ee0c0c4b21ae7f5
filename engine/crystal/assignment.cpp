#include "crystal/assignment.hpp"

#include <cassert>
#include <limits>

namespace lithiate::crystal {

std::vector<int> assign(const Eigen::MatrixXd& cost) {
  assert(cost.cols() >= cost.rows());
  const long n = cost.rows(), m = cost.cols();
  constexpr double infinite = std::numeric_limits<double>::infinity();
  // index 0 is a dummy row and column; row_of[j] is the row assigned to column j
  std::vector<double> u(static_cast<std::size_t>(n) + 1), v(static_cast<std::size_t>(m) + 1);
  std::vector<long> row_of(static_cast<std::size_t>(m) + 1), way(static_cast<std::size_t>(m) + 1);
  const auto at = [](auto& vector, long i) -> auto& { return vector[static_cast<std::size_t>(i)]; };
  for (long i = 1; i <= n; ++i) {
    row_of[0] = i;
    long j0 = 0;
    std::vector<double> least(static_cast<std::size_t>(m) + 1, infinite);
    std::vector<char> used(static_cast<std::size_t>(m) + 1, 0);
    do {
      at(used, j0) = 1;
      const long i0 = at(row_of, j0);
      double delta = infinite;
      long j1 = 0;
      for (long j = 1; j <= m; ++j) {
        if (at(used, j)) continue;
        const double reduced = cost(i0 - 1, j - 1) - at(u, i0) - at(v, j);
        if (reduced < at(least, j)) {
          at(least, j) = reduced;
          at(way, j) = j0;
        }
        if (at(least, j) < delta) {
          delta = at(least, j);
          j1 = j;
        }
      }
      for (long j = 0; j <= m; ++j) {
        if (at(used, j)) {
          at(u, at(row_of, j)) += delta;
          at(v, j) -= delta;
        } else {
          at(least, j) -= delta;
        }
      }
      j0 = j1;
    } while (at(row_of, j0) != 0);
    for (; j0 != 0; j0 = at(way, j0)) at(row_of, j0) = at(row_of, at(way, j0));
  }
  std::vector<int> column(static_cast<std::size_t>(n), -1);
  for (long j = 1; j <= m; ++j)
    if (at(row_of, j) != 0)
      column[static_cast<std::size_t>(at(row_of, j) - 1)] = static_cast<int>(j - 1);
  return column;
}

}  // namespace lithiate::crystal
