#include "electrostatics/ewald_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/error.hpp"

namespace lithiate::electrostatics {
namespace {

/// Potentials stay below 2^62 units: one bit to spare for the rounding of their terms.
constexpr int potential_bits = 62;
/// Charges this near a multiple of the quantum are that multiple (digits of an input file).
constexpr double quantum_tolerance = 1e-9;
constexpr double largest_quanta = 1 << 20;

const EwaldTableConfig& checked(const EwaldTableConfig& c) {
  const auto require = [](bool fine, const char* name, double value, const char* expected) {
    if (!fine)
      throw InputError(fmt::format("ewald table: {} = {}, expected {}", name, value, expected));
  };
  require(std::isfinite(c.charge_quantum_e) && c.charge_quantum_e > 0.0, "charge_quantum_e",
          c.charge_quantum_e, "above 0");
  const double steps = c.largest_charge_e / c.charge_quantum_e;
  require(steps >= 1.0 - quantum_tolerance && steps <= largest_quanta, "largest_charge_e",
          c.largest_charge_e, "1 to 1048576 quanta");
  require(std::isfinite(c.inverse_permittivity) && c.inverse_permittivity > 0.0,
          "inverse_permittivity", c.inverse_permittivity, "above 0");
  return c;
}

void check_overlaps(const crystal::Lattice& primitive, const std::vector<Vector3d>& sites) {
  for (std::size_t i = 0; i < sites.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) {
      const double distance_A = primitive.distance_A(sites[i], sites[j]);
      if (!(distance_A >= closest_A))
        throw InputError(
            fmt::format("ewald table: sites {} and {} are {:.3g} A apart, expected at least {} A",
                        j, i, distance_A, closest_A));
    }
}

/// The supercell of the mobile sites, after everything about them has been checked.
crystal::Supercell checked_supercell(const crystal::Lattice& primitive,
                                     const std::vector<Vector3d>& mobile,
                                     const Matrix3i& transformation,
                                     const std::vector<FixedCharge>& fixed) {
  if (mobile.empty()) throw InputError("ewald table: no mobile site, expected at least one");
  std::vector<Vector3d> all = mobile;
  for (const FixedCharge& f : fixed) all.push_back(f.fractional);
  check_overlaps(primitive, all);
  crystal::Structure structure{"ewald table", primitive, {}, ""};
  for (const Vector3d& position : mobile) structure.sites.push_back({position, {}});
  crystal::Supercell supercell(structure, transformation);
  if (supercell.n_sites() > std::numeric_limits<SiteIndex>::max())
    throw InputError(fmt::format("ewald table: {} sites, expected at most {}", supercell.n_sites(),
                                 std::numeric_limits<SiteIndex>::max()));
  return supercell;
}

}  // namespace

EwaldTable::EwaldTable(const crystal::Lattice& primitive, const std::vector<Vector3d>& mobile,
                       const Matrix3i& transformation, const std::vector<FixedCharge>& fixed,
                       const EwaldTableConfig& config)
    : supercell_(checked_supercell(primitive, mobile, transformation, fixed)),
      n_sublattices_(static_cast<int>(mobile.size())),
      charge_quantum_e_(checked(config).charge_quantum_e),
      inverse_permittivity_(config.inverse_permittivity) {
  largest_charge_ =
      static_cast<Quanta>(config.largest_charge_e / charge_quantum_e_ + quantum_tolerance);
  set_places();
  const std::vector<double> from_fixed_eV = fold(primitive, mobile, fixed, config.accuracy);
  const std::vector<double> all_pairs_eV = pairs_eV(primitive, mobile, config.accuracy);
  choose_unit(all_pairs_eV, from_fixed_eV);
  for (const double v : from_fixed_eV)
    fixed_potential_.push_back(static_cast<std::int64_t>(std::llround(v / unit_eV_)));
  store(all_pairs_eV);
}

void EwaldTable::set_places() {
  const Matrix3i h = crystal::hermite_normal_form(supercell_.transformation());
  nx_ = h(0, 0);
  yx_ = h(1, 0);
  ny_ = h(1, 1);
  zx_ = h(2, 0);
  zy_ = h(2, 1);
  nz_ = h(2, 2);
  places_.reserve(static_cast<std::size_t>(supercell_.n_sites()));
  for (std::int64_t i = 0; i < supercell_.n_sites(); ++i) {
    const crystal::SiteOffset site = supercell_.offset(i);
    places_.push_back({site.cell[0], site.cell[1], site.cell[2], site.basis});
  }
}

Quanta EwaldTable::quanta(double charge_e) const {
  const double steps = charge_e / charge_quantum_e_, nearest = std::round(steps);
  if (!(std::abs(steps - nearest) <= quantum_tolerance * std::max(1.0, std::abs(nearest))))
    throw InputError(fmt::format("ewald table: charge {} e, expected a multiple of {} e", charge_e,
                                 charge_quantum_e_));
  if (std::abs(nearest) > largest_charge_)
    throw InputError(fmt::format("ewald table: charge {} e, expected at most {} e", charge_e,
                                 largest_charge_ * charge_quantum_e_));
  return static_cast<Quanta>(nearest);
}

/// Energies of one quantum per mobile sublattice in the potential of all fixed charges. These have
/// the periods of the primitive cell, and so has their background.
std::vector<double> EwaldTable::fold(const crystal::Lattice& primitive,
                                     const std::vector<Vector3d>& mobile,
                                     const std::vector<FixedCharge>& fixed, double accuracy) {
  const Ewald ewald(primitive, {.accuracy = accuracy});
  std::vector<double> per_quantum_eV(mobile.size(), 0.0), charges_e;
  std::vector<Vector3d> positions;
  double charge_e = 0.0;
  for (const FixedCharge& f : fixed) {
    positions.push_back(f.fractional);
    charges_e.push_back(f.charge_e);
    charge_e += f.charge_e;
    for (std::size_t b = 0; b < mobile.size(); ++b)
      per_quantum_eV[b] += charge_quantum_e_ * f.charge_e * inverse_permittivity_ *
                           ewald.pair_eV(primitive.cartesian(mobile[b] - f.fractional));
  }
  const auto n_cells = static_cast<double>(supercell_.n_cells());
  fixed_charge_e_ = n_cells * charge_e;
  fixed_energy_eV_ = n_cells * inverse_permittivity_ *
                     ewald.energy_eV(positions, charges_e, Neutrality::background);
  return per_quantum_eV;
}

/// Energies of two quanta, [b'][R][b].
std::vector<double> EwaldTable::pairs_eV(const crystal::Lattice& primitive,
                                         const std::vector<Vector3d>& mobile,
                                         double accuracy) const {
  const Ewald ewald(supercell_.lattice(), {.accuracy = accuracy});
  const double factor = charge_quantum_e_ * charge_quantum_e_ * inverse_permittivity_;
  const std::int64_t n_cells = supercell_.n_cells();
  const auto n = static_cast<std::int64_t>(mobile.size());
  std::vector<double> values(static_cast<std::size_t>(n * n * n_cells));
  const auto at = [&](std::int64_t b, std::int64_t other, std::int64_t R) -> double& {
    return values[static_cast<std::size_t>((other * n_cells + R) * n + b)];
  };
  for (std::int64_t R = 0; R < n_cells; ++R) {
    const Vector3i cell = supercell_.cell(R);
    const std::int64_t opposite = supercell_.cell_index(-cell);
    const Vector3d shift = cell.cast<double>();
    if (R <= opposite) {  // sublattices with themselves are all alike
      const double v =
          factor * (R == 0 ? ewald.self_eV() : ewald.pair_eV(primitive.cartesian(shift)));
      for (std::int64_t b = 0; b < n; ++b) at(b, b, R) = at(b, b, opposite) = v;
    }
    for (std::int64_t b = 0; b < n; ++b)
      for (std::int64_t other = 0; other < b; ++other) {
        const Vector3d f =
            mobile[static_cast<std::size_t>(b)] - mobile[static_cast<std::size_t>(other)] + shift;
        at(b, other, R) = at(other, b, opposite) = factor * ewald.pair_eV(primitive.cartesian(f));
      }
  }
  return values;
}

void EwaldTable::choose_unit(const std::vector<double>& pairs_eV,
                             const std::vector<double>& fixed_eV) {
  const auto n = static_cast<std::size_t>(n_sublattices_);
  std::vector<double> largest_eV(n, 0.0);
  for (std::size_t k = 0; k < pairs_eV.size(); ++k)
    largest_eV[k % n] += std::abs(pairs_eV[k]) * largest_charge_;
  for (std::size_t b = 0; b < n; ++b) largest_eV[b] += std::abs(fixed_eV[b]);
  const double bound_eV = *std::max_element(largest_eV.begin(), largest_eV.end());
  unit_eV_ = std::ldexp(1.0, std::ilogb(bound_eV) + 1 - potential_bits);
}

void EwaldTable::store(const std::vector<double>& pairs_eV) {
  values_.reserve(2 * pairs_eV.size());
  const std::size_t row = static_cast<std::size_t>(row_length());
  for (std::size_t start = 0; start < pairs_eV.size(); start += row)
    for (int copy = 0; copy < 2; ++copy)
      for (std::size_t k = 0; k < row; ++k)
        values_.push_back(static_cast<std::int64_t>(std::llround(pairs_eV[start + k] / unit_eV_)));
}

}  // namespace lithiate::electrostatics
