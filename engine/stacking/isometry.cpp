#include "stacking/isometry.hpp"

#include <fmt/format.h>

#include <Eigen/Geometry>
#include <cmath>
#include <optional>

#include "core/error.hpp"

namespace lithiate::stacking {
namespace {

using crystal::SiteOffset;
using layers::Matrix3d;
using layers::Net;
using layers::Registry;
using layers::Slab;
using layers::Vector3d;
using layers::Vector3i;

Vector3d lateral(const Vector3d& x) { return {x[0], x[1], 0.0}; }

/// The 12 operations of the net times the two of z.
std::vector<Matrix3d> operations(const Slab& slab) {
  const double angle = std::atan2(slab.a1_A[1], slab.a1_A[0]);
  const auto turn = [](double by) -> Matrix3d {
    return Eigen::AngleAxisd(by, Vector3d::UnitZ()).toRotationMatrix();
  };
  const Matrix3d mirror = turn(angle) * Vector3d(1, -1, 1).asDiagonal() * turn(-angle);
  std::vector<Matrix3d> all;
  for (int k = 0; k < 6; ++k)
    for (const bool mirrored : {false, true})
      for (const double z : {1.0, -1.0}) {
        const Matrix3d flat = mirrored ? Matrix3d(turn(k * M_PI / 3) * mirror) : turn(k * M_PI / 3);
        all.push_back(flat * Vector3d(1, 1, z).asDiagonal());
      }
  return all;
}

bool is_at(const Slab& slab, const Net& net, const std::vector<std::string>& species,
           const Vector3d& place) {
  for (const auto& site : slab.sites)
    if (site.species == species && std::abs(site.position_A[2] - place[2]) < same_place_A &&
        net.shortest_A(place - site.position_A).norm() < same_place_A)
      return true;
  return false;
}

bool maps_slab(const Slab& slab, const Net& net, const Isometry& motion) {
  for (const auto& site : slab.sites)
    if (!is_at(slab, net, site.species, motion.rotation * site.position_A + motion.translation_A))
      return false;
  return true;
}

Vector3d shift_after(const Isometry& isometry, const Registry& from) {
  return isometry.rotation(2, 2) * (isometry.rotation * from.shift_A);
}

/// Where the sites of one gap go.
class Images {
 public:
  Images(const Isometry& isometry, const GapGeometry& from, const Registry& to)
      : isometry_(isometry),
        from_(from),
        to_(to),
        lattice_(from.slab.a1_A, from.slab.a2_A),
        upside_down_(isometry.rotation(2, 2) < 0),
        upper_cell_(lattice_.coordinates(shift_after(isometry, from.registry) - to.shift_A)) {
    for (const int site : from.free_sites)
      slab_places_.push_back(lateral(from.slab.sites[static_cast<std::size_t>(site)].position_A));
  }

  GapSite operator()(const GapSite& site) const {
    const auto v = static_cast<int>(slab_places_.size());
    const auto k = static_cast<int>(to_.octahedra_A.size());
    if (site.role >= v && site.role < v + k) {
      const Vector3d place = from_.registry.octahedra_A[static_cast<std::size_t>(site.role - v)];
      // an upside-down gap has its origin at the image of the slab that was above
      const Vector3d origin =
          upside_down_ ? Vector3d(isometry_.rotation * from_.registry.shift_A) : Vector3d::Zero();
      return found(site_at(moved(place, site) - origin, to_.octahedra_A, lattice_), v);
    }
    const bool was_above = site.role >= v + k;
    const int number = was_above ? site.role - v - k : site.role;
    const Vector3d place = slab_places_[static_cast<std::size_t>(number)];
    GapSite image = found(site_at(moved(place, site), slab_places_, lattice_), 0);
    if (was_above == upside_down_) return image;
    image.role += v + k;
    for (int i = 0; i < 2; ++i) image.cell[static_cast<std::size_t>(i)] += upper_cell_[i];
    return image;
  }

 private:
  Vector3d moved(const Vector3d& place, const GapSite& site) const {
    const Vector3d here = place + site.cell[0] * from_.slab.a1_A + site.cell[1] * from_.slab.a2_A;
    return isometry_.rotation * here + isometry_.translation_A;
  }
  GapSite found(const SiteOffset& at, int first_role) const {
    if (at.basis < 0)
      throw InputError(fmt::format(
          "registry {}: the motion that makes it from {} carries a site onto none, expected the "
          "free sites of both to match within {} A",
          to_.name, from_.registry.name, same_place_A));
    return {first_role + at.basis, {at.cell[0], at.cell[1]}};
  }

  const Isometry& isometry_;
  const GapGeometry& from_;
  const Registry& to_;
  Net lattice_;
  bool upside_down_;
  Vector3i upper_cell_;
  std::vector<Vector3d> slab_places_;
};

}  // namespace

SiteOffset site_at(const Vector3d& place_A, const std::vector<Vector3d>& places,
                   const Net& lattice) {
  for (std::size_t k = 0; k < places.size(); ++k) {
    const Vector3d off = lateral(place_A - places[k]);
    if (lattice.shortest_A(off).norm() >= same_place_A) continue;
    const Vector3i cell = lattice.coordinates(off);
    return {static_cast<int>(k), {cell[0], cell[1], 0}};
  }
  return {-1, {0, 0, 0}};
}

std::vector<Isometry> isometries(const Slab& slab) {
  const Net net(slab.a1_A, slab.a2_A);
  std::vector<Isometry> all;
  for (const Matrix3d& rotation : operations(slab)) {
    const Vector3d first = rotation * slab.sites.front().position_A;
    for (const auto& site : slab.sites) {
      const Isometry motion{rotation, lateral(site.position_A - first)};
      if (site.species == slab.sites.front().species && maps_slab(slab, net, motion)) {
        all.push_back(motion);
        break;
      }
    }
  }
  return all;
}

bool connects(const Isometry& isometry, const GapGeometry& from, const Registry& to) {
  const Net net(from.slab.a1_A, from.slab.a2_A);
  return net.shortest_A(shift_after(isometry, from.registry) - to.shift_A).norm() < same_place_A;
}

GapTerms carried(const GapTerms& terms, const Isometry& isometry, const GapGeometry& from,
                 const Registry& to) {
  const Images image(isometry, from, to);
  GapTerms result{terms.name, terms.family, terms.empty, {}};
  for (const GapSet& set : terms.sets) {
    GapSet moved{{}, set.coefficient};
    for (const GapSite& site : set.sites) moved.sites.push_back(image(site));
    result.sets.push_back(std::move(moved));
  }
  return result;
}

}  // namespace lithiate::stacking
