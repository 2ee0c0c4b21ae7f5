#pragma once
/// Random processes with exactly known averages, and the count of intervals that hold them.
#include <Eigen/Dense>
#include <cmath>
#include <numeric>
#include <vector>

#include "core/random.hpp"
#include "observe/transport.hpp"

namespace lithiate::observe::walks {

inline constexpr int seeds = 400;
/// 95 % of 400 seeds within 2.5 standard deviations of the binomial distribution.
inline constexpr int fewest = 369, most = 391;

inline Random random(int seed) { return {static_cast<std::uint64_t>(seed), Purpose::test}; }

/// AR(1): mean 0, variance 1, rho(k) = phi^k, tau_int = (1 + phi) / (2 (1 - phi)).
inline std::vector<double> ar1(Random& rng, double phi, std::size_t n) {
  std::vector<double> series;
  for (double x = rng.normal(); series.size() < n;
       x = phi * x + std::sqrt(1.0 - phi * phi) * rng.normal())
    series.push_back(x);
  return series;
}

inline double waiting_time(Random& rng, double rate_Hz) {
  return -std::log(rng.uniform_nonzero()) / rate_Hz;
}

/// Displacements of ions and the hops counted, handed to a Transport sample by sample.
struct Ions {
  std::vector<Vector3d> moved_A;
  Matrix3d hops_A2 = Matrix3d::Zero();
  explicit Ions(int n) : moved_A(static_cast<std::size_t>(n), Vector3d::Zero()) {}
  void hop(std::size_t ion, const Vector3d& step_A) {
    moved_A[ion] += step_A;
    hops_A2 += step_A * step_A.transpose();
  }
};

/// Independent walkers, one hop per second each: along +-x, y or z with lengths `step_A`; the
/// direction is kept with probability (1 + cosine) / 2 if only one axis has a length.
struct Walkers {
  int n = 10;
  Vector3d step_A = Vector3d::Ones();
  double cosine = 0.0;
  double interval_s = 1.0;
};

inline Transport run_walkers(const Walkers& w, int seed, int samples,
                             const TransportConfig& config) {
  Random rng = random(seed);
  const bool chain = (w.step_A.array() > 0.0).count() == 1;
  Ions ions(w.n);
  std::vector<double> direction(static_cast<std::size_t>(w.n), 1.0);
  Transport transport(w.n, config);
  double clock_s = waiting_time(rng, w.n);
  for (int k = 0; k <= samples; ++k) {
    for (; clock_s < k * w.interval_s; clock_s += waiting_time(rng, w.n)) {
      const auto i = static_cast<std::size_t>(rng.below(static_cast<std::uint64_t>(w.n)));
      if (rng.uniform() >= 0.5 * (1.0 + w.cosine)) direction[i] = -direction[i];
      const int axis = chain ? 0 : static_cast<int>(rng.below(3));
      ions.hop(i, direction[i] * w.step_A[axis] * Vector3d::Unit(axis));
    }
    transport.record(k * w.interval_s, ions.moved_A, ions.hops_A2);
  }
  return transport;
}

/// L x L sites with periodic boundaries; z = 4: square, z = 6: triangular. Nearest distance 1 A.
struct Torus {
  int L = 5, z = 6;
  int sites() const { return L * L; }
  int neighbor(int site, int k) const {
    static constexpr int a[] = {1, 0, -1, 0, 1, -1}, b[] = {0, 1, 0, -1, -1, 1};
    const int i = (site % L + a[k] + L) % L, j = (site / L + b[k] + L) % L;
    return j * L + i;
  }
  Vector3d step_A(int k) const {
    static constexpr int a[] = {1, 0, -1, 0, 1, -1}, b[] = {0, 1, 0, -1, -1, 1};
    if (z == 4) return {double(a[k]), double(b[k]), 0.0};
    return {a[k] + 0.5 * b[k], std::sqrt(0.75) * b[k], 0.0};
  }
};

/// Tracer correlation factor of one vacancy on the torus, exact: the vacancy seen from the tracer
/// is a Markov chain on the other sites; with m(r) the mean tracer step out of state r and g = m +
/// P g the mean displacement still to come, f = 1 + 2 <step . g(next)> / <step^2>. The infinite
/// lattice differs by O(1/N). REQUIRES L > 2.
inline double exact_f(const Torus& torus) {
  const int n = torus.sites();  // state: position of the vacancy, tracer at site 0; never 0 itself
  Eigen::MatrixXd move = Eigen::MatrixXd::Zero(n, n);
  Eigen::MatrixX2d step = Eigen::MatrixX2d::Zero(n, 2);
  for (int v = 1; v < n; ++v)
    for (int k = 0; k < torus.z; ++k) {
      const int to = torus.neighbor(v, k);
      // The vacancy steps on the tracer: the tracer goes by -e, the vacancy is then at +e from it.
      const int next = to == 0 ? torus.neighbor(0, k) : to;
      move(v, next) += 1.0 / torus.z;
      if (to == 0) step.row(v) -= torus.step_A(k).head<2>().transpose() / torus.z;
    }
  // The projector on constants makes 1 - P invertible and g orthogonal to them.
  const Eigen::MatrixXd P = move.bottomRightCorner(n - 1, n - 1);
  const Eigen::MatrixXd A = Eigen::MatrixXd::Identity(n - 1, n - 1) - P +
                            Eigen::MatrixXd::Constant(n - 1, n - 1, 1.0 / (n - 1));
  const Eigen::MatrixX2d g = A.partialPivLu().solve(step.bottomRows(n - 1));
  double correlation = 0.0;
  // A tracer that went by -e leaves the vacancy at +e.
  for (int k = 0; k < torus.z; ++k)
    correlation -= torus.step_A(k).head<2>().dot(g.row(torus.neighbor(0, k) - 1));
  return 1.0 + 2.0 * correlation / torus.z;
}

/// One vacancy hopping once per second among tracers; recorded every `hops` hops, at random times.
inline Transport run_vacancy(const Torus& torus, int seed, int samples, int hops,
                             const TransportConfig& config) {
  Random rng = random(seed);
  std::vector<int> ion_at(static_cast<std::size_t>(torus.sites()));
  std::iota(ion_at.begin(), ion_at.end(), -1);  // the vacancy starts at site 0
  Ions ions(torus.sites() - 1);
  Transport transport(torus.sites() - 1, config);
  int vacancy = 0;
  double time_s = 0.0;
  for (int k = 0; k <= samples; ++k) {
    transport.record(time_s, ions.moved_A, ions.hops_A2);
    for (int h = 0; h < hops; ++h, time_s += waiting_time(rng, 1.0)) {
      const int way = static_cast<int>(rng.below(static_cast<std::uint64_t>(torus.z)));
      const int to = torus.neighbor(vacancy, way), ion = ion_at[static_cast<std::size_t>(to)];
      ions.hop(static_cast<std::size_t>(ion), -torus.step_A(way));
      std::swap(ion_at[static_cast<std::size_t>(vacancy)], ion_at[static_cast<std::size_t>(to)]);
      vacancy = to;
    }
  }
  return transport;
}

/// For each of several quantities: in how many seeds does the 95 % interval hold the exact value?
/// `estimates(seed)` returns them in the order of `exact`.
template <class MakeEstimates>
std::vector<int> covered(const std::vector<double>& exact, const MakeEstimates& estimates) {
  std::vector<int> counts(exact.size(), 0);
  for (int seed = 0; seed < seeds; ++seed) {
    const std::vector<Estimate> found = estimates(seed);
    for (std::size_t i = 0; i < exact.size(); ++i)
      counts[i] += interval_95(found[i]).holds(exact[i]);
  }
  return counts;
}

}  // namespace lithiate::observe::walks
