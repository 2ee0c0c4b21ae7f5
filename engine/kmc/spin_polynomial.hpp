#pragma once
#include <map>
#include <vector>

namespace lithiate::kmc {

/// Sum over sets of spins s = -1, 1 of J prod s; the empty set's J is the mean.
class SpinPolynomial {
 public:
  /// Adds to the coefficient of this set of ascending spin numbers.
  void add(const std::vector<int>& spins, double J) { terms_[spins] += J; }

  double operator()(const std::vector<int>& spin) const;
  /// No spins give a smaller value. Products of three and more count as -|J|. Products of one and
  /// two as the better of that and the dual of their semidefinite relaxation: if M + diag(d) is
  /// positive semidefinite, s^T M s >= -sum d. d from the mixing method (Wang, Chang and Kolter,
  /// arXiv:1706.00476), made feasible by the least eigenvalue.
  double lower_bound() const;

 private:
  std::map<std::vector<int>, double> terms_;
};

}  // namespace lithiate::kmc
