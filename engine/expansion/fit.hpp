#pragma once
#include <Eigen/Core>
#include <cstdint>
#include <string>
#include <vector>

#include "expansion/cross_validation.hpp"
#include "expansion/hull.hpp"
#include "expansion/posterior.hpp"
#include "expansion/regression.hpp"

namespace lithiate::expansion {

/// One structure with a DFT energy, mapped on ideal sites.
struct TrainingPoint {
  std::string name;
  double x = 0.0;            ///< composition, mobile atoms per formula unit
  double energy_eV = 0.0;    ///< formation energy; per prim cell if features are m_alpha Phi_alpha
  Eigen::VectorXd features;  ///< m_alpha Phi_alpha, so that coefficients are J_alpha in eV
  double weight = 1.0;       ///< at least 0
};

struct FitConfig {
  /// Settings to choose from, restrictive ones first; one alone is taken as it is.
  std::vector<RegressionConfig> candidates{RegressionConfig{}};
  int folds = 0;        ///< outer folds and those of the final choice; 0: leave one out
  int inner_folds = 0;  ///< of the choice inside every outer fold; 0: leave one out
  std::uint64_t seed = 1;
  /// Weights are multiplied by 1 / (1 + (d / d0)^2), d the DFT energy above the DFT hull and d0
  /// this value: structures far above the hull count less but never nothing. 0: off.
  double hull_scale_eV = 0.0;
  int bootstrap_draws = 200;  ///< 0: no posterior
  /// Ends of the hull that are not in the training set, such as a reference at x = 0 on another
  /// lattice; they are part of the DFT and the predicted hull.
  std::vector<HullPoint> anchors;
};

/// The lowest structure of one composition, in DFT and predicted. Positions are those of the
/// points.
struct GroundState {
  double x = 0.0;
  int dft = 0;                     ///< lowest in DFT
  int predicted = 0;               ///< lowest predicted
  double dft_eV = 0.0;             ///< DFT energy of `dft`
  double predicted_eV = 0.0;       ///< predicted energy of `dft`
  double order_error_eV = 0.0;     ///< how far `dft` is predicted above `predicted`
  bool on_dft_hull = false;        ///< `dft` is on the hull of DFT energies
  bool on_predicted_hull = false;  ///< `dft` is on the hull of predicted energies
  bool kept() const noexcept { return dft == predicted; }
};

/// Energies in eV per the unit of TrainingPoint::energy_eV; vectors run over the points.
struct FitReport {
  Eigen::VectorXd coefficients;  ///< J_alpha, eV
  RegressionConfig chosen;
  std::vector<RegressionConfig> chosen_in_fold;  ///< one per outer fold
  double rmse_eV = 0.0;                          ///< of the training set itself
  double cv_score_eV = 0.0;         ///< of the chosen setting: optimistic if it was chosen
  double cv_score_nested_eV = 0.0;  ///< with the choice repeated in every fold: quote this
  Eigen::VectorXd predicted_eV, residuals_eV;  ///< residual = predicted - DFT
  Eigen::VectorXd held_out_eV;                 ///< nested prediction of each point by others
  Eigen::VectorXd weights;                     ///< as used
  std::vector<GroundState> ground_states;      ///< one per composition, ascending in x
  /// Vertices of the hulls; -1 - i stands for anchor i.
  std::vector<int> dft_hull, predicted_hull;
  Posterior posterior;            ///< empty without bootstrap draws
  int n_used = 0;                 ///< coefficients that are not left out
  int rank = 0;                   ///< of the weighted features in use
  double condition_number = 0.0;  ///< of the same, columns scaled to length 1
  std::vector<std::string> warnings;
};

/// Chooses, fits and judges. Throws InputError for fewer than two points, features of unequal or no
/// length, numbers that are not finite, negative weights, equal names, or fewer points than
/// unpenalised columns. Warns of points with the same features but different energies, columns
/// that never change, and fits that did not converge or are not unique.
FitReport fit(const std::vector<TrainingPoint>& points, const FitConfig& config);

}  // namespace lithiate::expansion
