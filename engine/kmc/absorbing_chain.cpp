#include "kmc/absorbing_chain.hpp"

#include <Eigen/Eigenvalues>
#include <cassert>
#include <cmath>
#include <limits>

namespace lithiate::kmc {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// (1 - exp(-x)) / x.
double mean_decay(double x) { return x > 0.0 ? -std::expm1(-x) / x : 1.0; }

}  // namespace

AbsorbingChain::AbsorbingChain(std::span<const double> weights, std::vector<Transition> transitions,
                               std::span<const double> exit_Hz)
    : transitions_(std::move(transitions)),
      root_weight_(Eigen::Map<const Eigen::ArrayXd>(weights.data(), std::ssize(weights)).sqrt()),
      exit_Hz_(Eigen::Map<const Eigen::VectorXd>(exit_Hz.data(), std::ssize(exit_Hz))) {
  const auto n = std::ssize(weights);
  Eigen::MatrixXd a = exit_Hz_.asDiagonal();
  for (const Transition& t : transitions_) {
    a(t.from, t.from) += t.rate_Hz;
    const double symmetric = 0.5 * t.rate_Hz * root_weight_[t.from] / root_weight_[t.to];
    a(t.from, t.to) -= symmetric;  // the reverse adds the same but for rounding
    a(t.to, t.from) -= symmetric;
  }
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(a);
  assert(solver.info() == Eigen::Success);
  modes_ = solver.eigenvectors();
  overlap_ = modes_.transpose() * root_weight_;
  lambda_Hz_.resize(n);
  const Eigen::MatrixXd y = root_weight_.cwiseInverse().asDiagonal() * modes_;
  for (long k = 0; k < n; ++k) {
    double form = (modes_.col(k).array().square() * exit_Hz_.array()).sum();
    for (const Transition& t : transitions_) {
      const double step = (y(t.from, k) - y(t.to, k)) * root_weight_[t.from];
      form += 0.5 * t.rate_Hz * step * step;
    }
    lambda_Hz_[k] = form;
  }
  if ((exit_Hz_.array() <= 0.0).all()) lambda_Hz_[0] = 0.0;
}

Eigen::VectorXd AbsorbingChain::decayed(int start, double t_s) const {
  return modes_.row(start).transpose().array() *
         (-(lambda_Hz_.array() - lambda_Hz_[0]).max(0.0) * t_s).exp();
}

double AbsorbingChain::survival(int start, double t_s) const {
  return std::exp(-lambda_Hz_[0] * t_s) * decayed(start, t_s).dot(overlap_) / root_weight_[start];
}

/// Newton steps for log survival, which is linear in time once the slowest mode is left, kept in a
/// bracket that bisection shrinks where they fail.
double AbsorbingChain::draw_exit_s(int start, Random& random) const {
  const double log_u = std::log(random.uniform_nonzero());
  if (lambda_Hz_[0] <= 0.0) return infinity;
  double low = 0.0, high = infinity, t = -log_u / lambda_Hz_[0];
  for (int step = 0; step < 200; ++step) {
    const Eigen::VectorXd part = decayed(start, t).cwiseProduct(overlap_);
    const double left = part.sum(), slope = part.dot(lambda_Hz_);
    const double excess =
        left > 0.0 ? std::log(left / root_weight_[start]) - lambda_Hz_[0] * t - log_u : -infinity;
    (excess > 0.0 ? low : high) = t;
    double next = slope > 0.0 ? t + excess * left / slope : -1.0;
    if (std::abs(next - t) <= 1e-14 * t) return next;
    if (!(next > low && next < high)) next = high < infinity ? 0.5 * (low + high) : 2.0 * low;
    if (next <= low || next >= high) return next;
    t = next;
  }
  return t;
}

Eigen::VectorXd AbsorbingChain::occupation(int start, double t_s) const {
  Eigen::VectorXd p =
      (root_weight_.array() * (modes_ * decayed(start, t_s)).array()).max(0.0).matrix();
  const double sum = p.sum();
  assert(sum > 0.0);
  return p / sum;
}

Eigen::VectorXd AbsorbingChain::exit_states(int start, double t_s) const {
  Eigen::VectorXd p = occupation(start, t_s).cwiseProduct(exit_Hz_);
  const double sum = p.sum();
  return sum > 0.0 ? Eigen::VectorXd(p / sum) : Eigen::VectorXd(exit_Hz_ / exit_Hz_.sum());
}

std::vector<double> AbsorbingChain::expected_counts(int start, int end, double t_s) const {
  std::vector<double> counts(transitions_.size(), 0.0);
  const double reach = decayed(start, t_s).dot(modes_.row(end));
  if (reach <= 0.0 || t_s <= 0.0) return counts;
  const Eigen::ArrayXd d = (lambda_Hz_.array() - lambda_Hz_[0]).max(0.0) * t_s;
  const long n = size();
  Eigen::MatrixXd c(n, n);  // of each pair of modes: before and after the transition
  for (long l = 0; l < n; ++l)
    for (long k = 0; k < n; ++k)
      c(k, l) = modes_(start, k) * modes_(end, l) * std::exp(-std::min(d[k], d[l])) *
                mean_decay(std::abs(d[k] - d[l]));
  const Eigen::MatrixXd before = modes_ * c;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const Transition& t = transitions_[i];
    const double symmetric = t.rate_Hz * root_weight_[t.from] / root_weight_[t.to];
    counts[i] = std::max(0.0, symmetric * t_s * before.row(t.from).dot(modes_.row(t.to)) / reach);
  }
  return counts;
}

Eigen::VectorXd AbsorbingChain::mean_stays_s(int start) const {
  if (lambda_Hz_[0] <= 0.0) return Eigen::VectorXd::Constant(size(), infinity);
  const Eigen::VectorXd part =
      (modes_.row(start).transpose().array() / lambda_Hz_.array()).matrix();
  return (root_weight_.array() * (modes_ * part).array()).max(0.0).matrix() / root_weight_[start];
}

double AbsorbingChain::mean_transitions(int start) const {
  const Eigen::VectorXd stays_s = mean_stays_s(start);
  double sum = 0.0;
  for (const Transition& t : transitions_) sum += stays_s[t.from] * t.rate_Hz;
  return sum;
}

int draw_from(const Eigen::VectorXd& chances, Random& random) {
  const double wanted = random.uniform() * chances.sum();
  double before = 0.0;
  int last = 0;
  for (int i = 0; i < chances.size(); ++i) {
    if (chances[i] <= 0.0) continue;
    last = i;
    before += chances[i];
    if (wanted < before) return i;
  }
  return last;
}

}  // namespace lithiate::kmc
