#include "layers/stack.hpp"

#include <fmt/format.h>

#include <cassert>
#include <cmath>

#include "core/error.hpp"

namespace lithiate::layers {
namespace {

using crystal::Site;
using crystal::Structure;

/// Species of the guest sites of a gap; none: no sites.
std::vector<std::string> allowed(Filling filling, const std::vector<std::string>& guests) {
  if (filling == Filling::sites) return guests;
  if (filling == Filling::empty) return {};
  for (const std::string& guest : guests)
    if (guest != crystal::vacancy) return {guest};
  throw InputError("full gaps need a guest: the prim's gap sites allow the vacancy only");
}

void require_spacing(const Sheets& s, double spacing_A) {
  constexpr double least_gap_A = 0.5;
  const double thickness_A = s.top_A - s.bottom_A;
  if (!(spacing_A >= thickness_A + least_gap_A && spacing_A < 1e4))
    throw InputError(fmt::format(
        "gap spacing {} A: expected at least {:.3f} A from metal plane to metal plane (the anion "
        "sheets of a slab are {:.3f} A apart)",
        spacing_A, thickness_A + least_gap_A, thickness_A));
}

/// Into the cell; rounding must not turn 0 into 1 or leave it below.
Vector3d wrapped(Vector3d f) {
  constexpr double rounding = 1e-9;
  for (int k = 0; k < 3; ++k) {
    f[k] -= std::floor(f[k] + rounding);
    if (std::abs(f[k]) < rounding) f[k] = 0.0;
  }
  return f;
}

/// One slab at `at` and the guests of the gap above it, Cartesian.
void add_slab(std::vector<std::pair<Vector3d, std::vector<std::string>>>& places, const Slab& slab,
              const Vector3d& at, const Registry& above, double guest_height_A,
              const std::vector<std::string>& guests) {
  for (const SlabSite& site : slab.sites) places.emplace_back(at + site.position_A, site.species);
  if (guests.empty()) return;
  for (const Vector3d& octahedron : above.octahedra_A)
    places.emplace_back(at + octahedron + Vector3d(0, 0, guest_height_A), guests);
}

}  // namespace

std::vector<std::string> guest_species(const Structure& prim, const OneSlab& taken) {
  if (taken.gap_sites.empty()) return {"Li", crystal::vacancy};
  return prim.sites[static_cast<std::size_t>(taken.gap_sites.front())].allowed;
}

Structure stack(const Slab& slab, const std::vector<Registry>& known, const Stacking& stacking,
                const std::vector<std::string>& guests) {
  const std::size_t n = stacking.registries.size();
  assert(stacking.spacing_A.size() == n && stacking.filling.size() == n);
  if (n == 0) throw InputError("an empty stack, expected at least one gap");
  const Sheets s = sheets(slab);
  std::vector<std::pair<Vector3d, std::vector<std::string>>> places;
  Vector3d at = Vector3d::Zero();
  for (std::size_t g = 0; g < n; ++g) {
    const double spacing_A = stacking.spacing_A[g];
    require_spacing(s, spacing_A);
    const Registry& above = known[static_cast<std::size_t>(stacking.registries[g])];
    if (above.stacking == "P3" && stacking.filling[g] == Filling::full)
      throw InputError(
          "a full P3 gap: neighbouring prisms cannot be filled at once, expected "
          "sites or empty");
    add_slab(places, slab, at, above, (s.top_A + spacing_A + s.bottom_A) / 2,
             allowed(stacking.filling[g], guests));
    at += above.shift_A + Vector3d(0, 0, spacing_A);
  }
  Matrix3d columns;
  columns << slab.a1_A, slab.a2_A, s.lattice.shortest_A(at) + Vector3d(0, 0, at[2]);
  Structure out{"stack", crystal::Lattice(columns), {}, ""};
  for (const auto& [place, species] : places)
    out.sites.push_back({wrapped(out.lattice.fractional(place)), species});
  InputReport report("stack");
  check(out, report);
  report.throw_if_any();
  return out;
}

}  // namespace lithiate::layers
