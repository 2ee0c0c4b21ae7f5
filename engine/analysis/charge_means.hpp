#pragma once
/// From replicas of a charge and discharge to means (analysis/charge_run.hpp).
#include <vector>

#include "analysis/charge_run.hpp"

namespace lithiate::analysis {

/// One direction of one replica, in the order of time.
struct ChargePath {
  std::vector<stacking::KineticPoint> points;
  std::int64_t glides = 0, attempts = 0;
};
struct ChargeReplica {
  ChargePath insertion, removal;  ///< removal: the points of insertion but the last, backwards
};

/// Means over replicas with points at the same x; `empty_family`: position in families.
/// REQUIRES: at least one replica, two points of insertion.
void set_means(const std::vector<ChargeReplica>& replicas, std::size_t empty_family,
               const std::string& family_name, ChargeLoop& loop);

}  // namespace lithiate::analysis
