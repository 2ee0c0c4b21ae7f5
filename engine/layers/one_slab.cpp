#include "layers/one_slab.hpp"

#include <fmt/format.h>

#include <Eigen/LU>
#include <algorithm>
#include <array>
#include <cmath>

#include "core/error.hpp"
#include "layers/setting.hpp"

namespace lithiate::layers {
namespace {

using crystal::Structure;

/// Largest spread of an anion sheet relative to the space beside it: what tells sheets from spaces.
constexpr double most_pucker = 0.5;

double wrapped(double z_A, double period_A) { return z_A - period_A * std::floor(z_A / period_A); }

/// The heights that bound the two spaces between two anion sheets: space 0 is (from, to) of the
/// first entry, space 1 the other one. Throws if there are not two sheets.
std::array<std::array<double, 2>, 2> spaces(std::vector<double> z_A, double period_A) {
  if (z_A.size() < 2)
    throw InputError(fmt::format("{} anions per cell, expected two sheets", z_A.size()));
  std::sort(z_A.begin(), z_A.end());
  z_A.push_back(z_A.front() + period_A);
  std::vector<std::size_t> steps(z_A.size() - 1);
  for (std::size_t i = 0; i < steps.size(); ++i) steps[i] = i;
  std::stable_sort(steps.begin(), steps.end(), [&](std::size_t a, std::size_t b) {
    return z_A[a + 1] - z_A[a] > z_A[b + 1] - z_A[b];
  });
  std::sort(steps.begin(), steps.begin() + 2);
  const std::size_t i = steps[0], j = steps[1];
  const double pucker_A = std::max(z_A[j] - z_A[i + 1], z_A[i] + period_A - z_A[j + 1]);
  const double space_A = std::min(z_A[i + 1] - z_A[i], z_A[j + 1] - z_A[j]);
  if (!(pucker_A < most_pucker * space_A))
    throw InputError(fmt::format(
        "the anions spread over {:.2f} A per sheet with {:.2f} A between sheets, expected two flat "
        "anion sheets per cell",
        pucker_A, space_A));
  return {{{z_A[i], z_A[i + 1]}, {z_A[j], z_A[j + 1]}}};
}

bool guest_or_vacancy(const std::string& species) {
  return species == crystal::vacancy || !is_metal({species});
}

/// 2: a metal that cannot be absent or replaced by a guest; 1: a site that may hold a metal.
int metal_rank(const crystal::Site& site) {
  if (!is_metal(site.allowed)) return 0;
  return std::none_of(site.allowed.begin(), site.allowed.end(), guest_or_vacancy) ? 2 : 1;
}

/// One setting of a prim: heights of its sites and which space each one lies in.
class Layers {
 public:
  Layers(const Structure& prim, const Setting& setting)
      : prim_(prim), columns_A_(setting.columns_A), period_A_(setting.columns_A(2, 2)) {
    for (const crystal::Site& site : prim.sites)
      places_A_.push_back(setting.rotation * prim.lattice.cartesian(site.fractional));
    std::vector<double> anions;
    for (std::size_t i = 0; i < places_A_.size(); ++i)
      if (is_anion(prim.sites[i].allowed)) anions.push_back(wrapped(places_A_[i][2], period_A_));
    spaces_ = spaces(std::move(anions), period_A_);
  }

  OneSlab take_apart() const {
    const int space = metal_space();
    const double plane_A = metal_plane(space);
    OneSlab out{{columns_A_.col(0), columns_A_.col(1), {}}, columns_A_.col(2), {}, {}, {}};
    for (std::size_t i = 0; i < places_A_.size(); ++i) {
      Vector3d place = places_A_[i] - Vector3d(0, 0, plane_A);
      const auto& allowed = prim_.sites[i].allowed;
      const bool gap = !is_anion(allowed) && space_of(i) != space;
      const double below =
          gap ? std::floor(place[2] / period_A_) : std::round(place[2] / period_A_);
      place -= below * columns_A_.col(2);
      if (gap) out.gap_A.push_back(place);
      if (!gap) out.slab.sites.push_back({allowed, place});
      (gap ? out.gap_sites : out.slab_sites).push_back(static_cast<int>(i));
    }
    static_cast<void>(sheets(out.slab));  // throws unless the sheets are triangular
    return out;
  }

 private:
  int space_of(std::size_t site) const {
    const auto& [from_A, to_A] = spaces_[0];
    return wrapped(places_A_[site][2] - from_A, period_A_) < to_A - from_A ? 0 : 1;
  }

  /// The space of the metals: the one with fixed metals, else with any.
  int metal_space() const {
    std::array<int, 2> rank{0, 0};
    for (std::size_t i = 0; i < prim_.sites.size(); ++i)
      if (!is_anion(prim_.sites[i].allowed)) {
        int& best = rank[static_cast<std::size_t>(space_of(i))];
        best = std::max(best, metal_rank(prim_.sites[i]));
      }
    if (rank[0] == rank[1])
      throw InputError(rank[0] == 0
                           ? "no metal between the anion sheets"
                           : "metals on both sides of every anion sheet, expected a gap between "
                             "slabs that holds guests (Li, Na, K) or nothing");
    return rank[0] > rank[1] ? 0 : 1;
  }

  /// Mean height of the metals, in the cell as given.
  double metal_plane(int space) const {
    const double from_A = spaces_[static_cast<std::size_t>(space)][0];
    double sum = 0.0;
    int n = 0;
    for (std::size_t i = 0; i < prim_.sites.size(); ++i) {
      if (space_of(i) != space || !is_metal(prim_.sites[i].allowed)) continue;
      sum += wrapped(places_A_[i][2] - from_A, period_A_);
      ++n;
    }
    constexpr double rounding_A = 1e-6;  // a plane at the cell's edge belongs to its lower end
    const double plane_A = from_A + sum / n;
    return wrapped(plane_A + rounding_A, period_A_) - rounding_A;
  }

  const Structure& prim_;
  Matrix3d columns_A_;
  double period_A_;
  std::vector<Vector3d> places_A_;
  std::array<std::array<double, 2>, 2> spaces_;
};

}  // namespace

OneSlab take_apart(const Structure& prim) {
  std::string reason;
  for (const Setting& setting : settings(prim.lattice)) {
    try {
      return Layers(prim, setting).take_apart();
    } catch (const InputError& e) {
      if (reason.empty()) reason = e.what();
    }
  }
  throw InputError(
      fmt::format("{}: not a layered host with one slab per cell: {}", prim.name, reason));
}

}  // namespace lithiate::layers
