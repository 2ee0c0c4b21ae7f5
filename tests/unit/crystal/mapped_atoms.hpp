#pragma once
/// Atoms as a calculation might return them, made from a known decoration.
#include <cmath>

#include "core/random.hpp"
#include "crystal/mapping.hpp"
#include "crystal/supercell.hpp"

namespace lithiate::fixtures {

/// The occupied sites in their ideal positions.
inline crystal::Atoms occupied(const crystal::Structure& prim, const crystal::Decoration& d) {
  const crystal::Supercell cell(prim, d.transformation);
  crystal::Atoms atoms{d.name, cell.lattice(), {}, {}, {}};
  for (std::int64_t i = 0; i < cell.n_sites(); ++i) {
    const auto& allowed = prim.sites[static_cast<std::size_t>(i % cell.n_basis())].allowed;
    const std::string& species = allowed[d.occupation[static_cast<std::size_t>(i)]];
    if (species == crystal::vacancy) continue;
    atoms.species.push_back(species);
    atoms.fractional.push_back(cell.fractional(i));
  }
  return atoms;
}

inline crystal::Decoration random_decoration(const crystal::Structure& prim,
                                             const crystal::Matrix3i& transformation,
                                             std::uint64_t seed) {
  Random random(seed, Purpose::test);
  const crystal::Supercell cell(prim, transformation);
  crystal::Decoration d{"random", transformation, {}};
  for (std::int64_t i = 0; i < cell.n_sites(); ++i)
    d.occupation.push_back(static_cast<crystal::Species>(
        random.below(prim.sites[static_cast<std::size_t>(i % cell.n_basis())].allowed.size())));
  return d;
}

/// Every atom moved by `length_A` in a direction of its own.
inline void shake(crystal::Atoms& atoms, double length_A, std::uint64_t seed) {
  Random random(seed, Purpose::test, 1);
  for (crystal::Vector3d& f : atoms.fractional) {
    const crystal::Vector3d direction(random.normal(), random.normal(), random.normal());
    f += atoms.lattice.fractional(length_A * direction / direction.norm());
  }
}

/// True if a translation of the primitive lattice makes one decoration the other.
inline bool same_up_to_translation(const crystal::Structure& prim, const crystal::Decoration& a,
                                   const crystal::Decoration& b) {
  const crystal::Supercell one(prim, a.transformation), two(prim, b.transformation);
  if (crystal::hermite_normal_form(a.transformation) !=
      crystal::hermite_normal_form(b.transformation))
    return false;
  for (std::int64_t shift = 0; shift < one.n_cells(); ++shift) {
    bool same = true;
    for (std::int64_t i = 0; same && i < one.n_sites(); ++i)
      same = a.occupation[static_cast<std::size_t>(i)] ==
             b.occupation[static_cast<std::size_t>(
                 two.index(translated(one.offset(i), one.cell(shift))))];
    if (same) return true;
  }
  return false;
}

}  // namespace lithiate::fixtures
