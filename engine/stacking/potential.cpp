#include "stacking/potential.hpp"

#include <algorithm>
#include <cmath>

#include "core/error.hpp"

namespace lithiate::stacking {
namespace {

double flow(const std::vector<double>& cost_eV, double gain_eV, double beta) {
  double sum = 0.0;
  for (const double cost : cost_eV) sum += std::exp(-beta * std::max(0.0, cost - gain_eV));
  return sum;
}

}  // namespace

void add_trials(const StackModel& model, const StackState& state, Trials& trials) {
  for (SiteIndex site = 0; site < model.lattice().n_sites(); ++site) {
    const double dE_eV = static_cast<double>(model.flip_delta(state, site)) * unit_eV;
    (state.occupied(site) ? trials.removal_eV : trials.insertion_eV).push_back(dE_eV);
  }
}

double balanced_potential_eV(const Trials& trials, double beta) {
  const auto& in = trials.insertion_eV;
  const auto& out = trials.removal_eV;
  if (in.empty() || out.empty())
    throw InputError("stack: no chemical potential of an empty or a full host");
  // beyond these, every trial of one side succeeds and the other side has far less than one
  const double margin_eV = (50.0 + std::log(static_cast<double>(in.size() + out.size()))) / beta;
  double low = std::min(*std::min_element(in.begin(), in.end()),
                        -*std::max_element(out.begin(), out.end())) -
               margin_eV;
  double high = std::max(*std::max_element(in.begin(), in.end()),
                         -*std::min_element(out.begin(), out.end())) +
                margin_eV;
  constexpr int halvings = 60;  // to the last bits of a double
  for (int k = 0; k < halvings; ++k) {
    const double mu = 0.5 * (low + high);
    (flow(in, mu, beta) < flow(out, -mu, beta) ? low : high) = mu;
  }
  return 0.5 * (low + high);
}

}  // namespace lithiate::stacking
