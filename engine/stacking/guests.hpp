#pragma once
#include <cmath>
#include <cstdint>
#include <limits>

#include "core/random.hpp"
#include "stacking/stack_model.hpp"

namespace lithiate::stacking {

/// What guests and registries are in contact with.
struct Bath {
  double beta = 1.0;   ///< 1/eV
  double mu_eV = 0.0;  ///< of a guest; not used if closed
  std::int64_t max_guests = std::numeric_limits<std::int64_t>::max();  ///< redox limit
  bool closed = false;  ///< the number of guests is fixed: they are exchanged, not inserted
};

/// Metropolis: min(1, exp(-exponent)).
inline bool accepted(double exponent, Random& random) noexcept {
  return exponent <= 0.0 || random.uniform() < std::exp(-exponent);
}

/// A stack with its energy, carried along exactly.
struct Walker {
  StackState state;
  std::int64_t energy = 0;  ///< 2^-44 eV
};

/// One trial of a guest coming to or leaving `site` at mu. True if accepted.
bool try_flip(const StackModel& model, Walker& walker, const Bath& bath, SiteIndex site,
              Random& random) noexcept;
/// One trial of exchanging what is on two sites.
bool try_exchange(const StackModel& model, Walker& walker, const Bath& bath, SiteIndex i,
                  SiteIndex j, Random& random) noexcept;
/// As many trials as there are sites, on sites drawn at random: flips, or exchanges if closed.
/// Returns the number accepted.
std::int64_t sweep_guests(const StackModel& model, Walker& walker, const Bath& bath,
                          Random& random) noexcept;

}  // namespace lithiate::stacking
