#pragma once
#include <Eigen/Core>
#include <vector>

namespace lithiate::crystal {

/// The cheapest one-to-one assignment of rows to columns of a cost matrix with at least as many
/// columns as rows: Hungarian algorithm with potentials (Kuhn, Nav. Res. Logist. Q. 2, 83 (1955);
/// Jonker and Volgenant, Computing 38, 325 (1987)), O(rows^2 columns). Returns a column per row.
std::vector<int> assign(const Eigen::MatrixXd& cost);

}  // namespace lithiate::crystal
