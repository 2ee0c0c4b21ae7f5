#pragma once
#include <array>
#include <string>

#include "crystal/structure.hpp"
#include "stacking/layered_material.hpp"

namespace lithiate::stacking {

/// Draws states of a stack as atoms, for eyes and for OVITO.
///
/// The slab above a gap is displaced, patch by patch, by the sum of the shifts of the gaps below;
/// where patches meet it is drawn strained over about 6 A, and atoms nearer than 1 A are moved
/// apart (spread). Patches whose displacements differ by a lattice vector are drawn in phase, and
/// their guests move on by that vector within the patch, as the maps of PatchGlide do. Guests of
/// gaps lie half-way between the anion sheets, in the frame of the slab below; the height of a gap
/// is the mean over its patches. The third lattice vector closes the stack for the most frequent
/// displacement.
class Picture {
 public:
  /// `mobile`: species of a guest. Both live as long as the picture.
  /// Throws InputError if the slab has no triangular anion sheets.
  Picture(const StackModel& model, const LayeredMaterial& material, std::string mobile);

  /// Labels "gap" (the slab's atoms and guests: the gap above) and "family" (of that gap's registry
  /// in the patch, as StackModel::families()). The host's atoms come first, the same in every
  /// frame.
  crystal::Atoms atoms(const StackState& state) const;

 private:
  struct Displaced {  // one slab, per patch: raw displacement = drawn + a1 behind[0] + a2 behind[1]
    std::vector<layers::Vector3d> drawn_A;
    std::vector<layers::Vector3i> behind;
  };
  struct Drawing;

  Displaced in_phase(const std::vector<layers::Vector3d>& raw_A) const;
  layers::Vector3d field_A(const Displaced& slab, const layers::Vector3d& place_A) const;
  layers::Vector3d corner_A(int cell) const;
  int moved(const Displaced& slab, int cell) const;
  double spacing_A(const StackState& state, int gap) const;
  layers::Vector3d closure_A(const std::vector<layers::Vector3d>& raw_A) const;
  void draw_host(const Displaced& slab, double z_A, Drawing& out) const;
  void draw_guests(const Displaced& slab, const StackState& state, double z_A, Drawing& out) const;

  const StackModel& model_;
  const LayeredMaterial& material_;
  std::string mobile_;
  layers::Matrix3d columns_A_;  // a1, a2, z
  layers::Net net_;
  std::array<int, 2> wall_cells_;  // width of the strained border along a1 and a2
  double middle_A_;                // height of a slab's middle above its metal plane
  std::vector<int> host_sites_;    // of the slab: those that are not free
};

}  // namespace lithiate::stacking
