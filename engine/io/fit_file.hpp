#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "expansion/fit.hpp"
#include "io/training_set.hpp"

namespace lithiate::io {

/// How a column's penalty grows with the cluster, so that few data fix near interactions first:
/// c_alpha = m_alpha body^(n - 1) exp(diameter / decay_A).
struct PenaltyShape {
  double body = 1.0;     ///< factor per further site
  double decay_A = 0.0;  ///< length of the exponential; 0: off
};
Eigen::VectorXd penalties_of(const expansion::ClusterBasis& basis, const PenaltyShape& shape);

/// One [[expansion]] of a fit file with everything its fit needs.
struct FitJob {
  std::string name;
  expansion::ClusterBasis basis;
  TrainingSet training;
  std::vector<expansion::TrainingPoint> points;  ///< energies and features per formula unit
  expansion::FitConfig config;
  double prims_per_fu = 1.0;
  std::string output;  ///< name of the expansion file
};

/// Reads a fit file, maps every training frame and evaluates its correlations. Throws InputError.
std::vector<FitJob> read_fit_file(const std::filesystem::path& path,
                                  const std::vector<std::string>& overrides = {});

}  // namespace lithiate::io
