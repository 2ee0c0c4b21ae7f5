#pragma once
#include <cstdint>
#include <map>
#include <vector>

#include "crystal/site_offset.hpp"
#include "model/lattice_model.hpp"

namespace lithiate::model {

/// Sublattice and host cell, both relative to some cell.
using Place = crystal::SiteOffset;
using Places = std::vector<Place>;

/// Energies of a model with two species per site as a polynomial in occupations n = 0, 1,
///   E = constant + sum over sets c of sites of J_c prod n_i.
/// Coefficients are integers in units of 2^-44 eV (6e-14 eV), each rounded once: sums of them are
/// the same bits in any order and never drift.
class OccupationPolynomial {
 public:
  static constexpr double unit_eV = 0x1p-44;

  /// A set of sites through some site: its other members, relative to that site's cell.
  struct Set {
    Places others;
    std::int64_t coefficient = 0;
  };

  /// True if every sublattice allows two species and no term has more than 16 other sites.
  static bool applies(const LatticeModel& model);
  /// REQUIRES applies(model); one[b] is the species of sublattice b with n = 1.
  OccupationPolynomial(const LatticeModel& model, const std::vector<Species>& one);

  /// J of a set of places, 0 if there is none.
  std::int64_t coefficient(const Places& places) const;
  /// All sets through a site of this sublattice in cell 0, the site alone among them:
  /// dE/dn of the site = sum J prod over others n.
  std::vector<Set> sets_through(int sublattice) const;

 private:
  void collect(const LatticeModel& model, const std::vector<Species>& one, int sublattice,
               std::map<Places, double>& sums_eV) const;
  std::map<Places, std::int64_t> sets_;  // each with its first place in cell 0
};

}  // namespace lithiate::model
