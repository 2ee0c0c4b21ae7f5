#pragma once
#include <Eigen/Core>
#include <string>

namespace lithiate::cluster {

/// occupation: 1 for one species, else 0 (the last species is the reference);
/// chebyshev: discrete Chebyshev polynomials of the species number (Sanchez, Ducastelle and
/// Gratias, Physica A 128, 334 (1984)); trigonometric: van de Walle, Calphad 33, 266 (2009).
enum class BasisKind { occupation, chebyshev, trigonometric };

std::string name(BasisKind kind);
BasisKind basis_kind(const std::string& name);  ///< throws InputError with the nearest name

/// Functions of the species of one site beside the constant; chebyshev and trigonometric are
/// orthonormal under equal weights of all species.
class SiteBasis {
 public:
  /// REQUIRES n_species >= 2.
  SiteBasis(BasisKind kind, int n_species);
  int n_functions() const noexcept { return static_cast<int>(table_.rows()); }
  /// Value of function 0 .. n_functions() - 1 for a species.
  double operator()(int function, int species) const { return table_(function, species); }

 private:
  Eigen::MatrixXd table_;
};

}  // namespace lithiate::cluster
