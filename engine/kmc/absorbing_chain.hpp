#pragma once
#include <Eigen/Core>
#include <span>
#include <vector>

#include "core/random.hpp"

namespace lithiate::kmc {

/// A continuous-time Markov chain on a few transient states, in detailed balance among them, until
/// it leaves them for good: M. A. Novotny, Phys. Rev. Lett. 74, 1 (1995); B. Puchala, M. L. Falk
/// and K. Garikipati, J. Chem. Phys. 132, 134104 (2010), eqs. 10 to 20, with the exit time drawn
/// and not averaged as in M. Athenes and V. V. Bulatov, Phys. Rev. Lett. 113, 230601 (2014).
///
/// With the generator Q (rates between transient states; minus all rates out on its diagonal) and
/// weights w, -W^(1/2) Q W^(-1/2) is symmetric and has modes (lambda_k, u_k), so that
///   P(in b at t | in a at 0) = (w_b / w_a)^(1/2) sum_k u_ak u_bk exp(-lambda_k t).
/// Everything below is exact up to rounding. Slow modes keep their relative precision, however much
/// faster the others are: lambda_k is summed as the Dirichlet form of u_k, whose terms are all >=
/// 0.
class AbsorbingChain {
 public:
  struct Transition {
    int from = 0, to = 0;
    double rate_Hz = 0.0;
  };

  /// weights: of each state in equilibrium, up to a factor; weight_i rate_ij = weight_j rate_ji.
  /// exit_Hz: sum of the rates by which each state is left for good; all may be zero.
  /// REQUIRES weights > 0, rates >= 0, every transition with its reverse.
  AbsorbingChain(std::span<const double> weights, std::vector<Transition> transitions,
                 std::span<const double> exit_Hz);

  int size() const noexcept { return static_cast<int>(lambda_Hz_.size()); }
  const std::vector<Transition>& transitions() const noexcept { return transitions_; }

  /// Chance that the chain has not left by time t.
  double survival(int start, double t_s) const;
  /// A time at which it leaves; infinity if it cannot.
  double draw_exit_s(int start, Random& random) const;
  /// Chances of the states at a time t_s, if it has not left before.
  Eigen::VectorXd occupation(int start, double t_s) const;
  /// Chances of the states from which it leaves, if it does so at t_s: the exit state and the exit
  /// time depend on one another.
  Eigen::VectorXd exit_states(int start, double t_s) const;
  /// Mean number of each transition in (0, t_s) of paths from `start` that are in `end` at t_s and
  /// have not left: A. Hobolth and J. L. Jensen, J. Appl. Probab. 48, 911 (2011), eq. 9.
  std::vector<double> expected_counts(int start, int end, double t_s) const;

  /// Mean time spent in each state until it leaves; infinite if it cannot.
  Eigen::VectorXd mean_stays_s(int start) const;
  /// Mean number of transitions until it leaves; infinite if it cannot.
  double mean_transitions(int start) const;

 private:
  /// u_ak exp(-(lambda_k - lambda_0) t): chances relative to the slowest mode do not underflow.
  Eigen::VectorXd decayed(int start, double t_s) const;

  std::vector<Transition> transitions_;
  Eigen::VectorXd root_weight_;  // w^(1/2)
  Eigen::VectorXd exit_Hz_;
  Eigen::VectorXd lambda_Hz_;  // ascending; [0] = 0 if nothing leaves
  Eigen::MatrixXd modes_;      // [state, mode]
  Eigen::VectorXd overlap_;    // per mode: sum over states of w^(1/2) u
};

/// A number drawn with chances proportional to these.
int draw_from(const Eigen::VectorXd& chances, Random& random);

}  // namespace lithiate::kmc
