#pragma once
#include <string>
#include <vector>

#include "crystal/site_offset.hpp"
#include "crystal/structure.hpp"

namespace lithiate::crystal {

/// Distance in Angstrom below which a site and a symmetry image count as the same.
inline constexpr double default_symprec_A = 1e-3;

/// x' = rotation x + translation, in fractional coordinates of the structure as given.
struct SymmetryOperation {
  Matrix3i rotation;
  Vector3d translation;
};

/// Space group of a structure whose sites are labelled by their sets of allowed species.
/// Images of sites are exact integers after construction.
class SpaceGroup {
 public:
  int number() const noexcept { return number_; }
  const std::string& symbol() const noexcept { return symbol_; }
  const std::vector<SymmetryOperation>& operations() const noexcept { return operations_; }
  /// Wyckoff letter and index of the first equivalent site, per site.
  const std::vector<std::string>& wyckoff() const noexcept { return wyckoff_; }
  const std::vector<int>& equivalent() const noexcept { return equivalent_; }
  /// The site onto which operation `op` carries `site`.
  SiteOffset image(std::size_t op, const SiteOffset& site) const {
    const SiteOffset& home = images_[op][static_cast<std::size_t>(site.basis)];
    return translated(home, operations_[op].rotation * site.cell_vector());
  }

 private:
  friend SpaceGroup find_space_group(const Structure&, double);
  int number_ = 1;
  std::string symbol_;
  std::vector<SymmetryOperation> operations_;
  std::vector<std::string> wyckoff_;
  std::vector<int> equivalent_;
  std::vector<std::vector<SiteOffset>> images_;  // [operation][basis]
};

/// Primitive cells in the cell of the structure: the number of pure translations.
int primitive_cells(const SpaceGroup& group);

/// A primitive cell of the structure in the same orientation, right-handed and reduced, with the
/// sites' allowed species. Throws InputError if spglib finds none.
Structure primitive_cell(const Structure& structure, double symprec_A = default_symprec_A);

/// By spglib. Throws InputError if none is found or an operation maps no site onto a site.
SpaceGroup find_space_group(const Structure& structure, double symprec_A = default_symprec_A);

}  // namespace lithiate::crystal
