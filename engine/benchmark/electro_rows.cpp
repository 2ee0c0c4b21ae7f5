/// MD: Madelung constants.
#include <algorithm>
#include <cmath>

#include "benchmark/lattices.hpp"
#include "benchmark/suite.hpp"
#include "core/error.hpp"
#include "core/units.hpp"
#include "electrostatics/ewald.hpp"

namespace lithiate::benchmark {
namespace {

using crystal::Vector3d;

constexpr double accuracy = 1e-13;

/// Lattice of the cations, and the anion's place in its primitive cell.
struct BinarySalt {
  std::string lattice;
  Vector3d anion;
};

BinarySalt binary_salt(const std::string& name) {
  if (name == "NaCl") return {"fcc", {0.5, 0.5, 0.5}};
  if (name == "CsCl") return {"sc", {0.5, 0.5, 0.5}};
  if (name == "zincblende") return {"fcc", {0.25, 0.25, 0.25}};
  throw Error("Madelung constants: no crystal '" + name + "'");
}

/// Binding of an ion pair in units of the Coulomb energy at the nearest distance. The spread over
/// splitting parameters is the error: exact sums do not depend on them.
std::vector<Component> madelung(const RowContext& row) {
  const BinarySalt salt = binary_salt(row.reference.system);
  const crystal::Lattice lattice = toy_lattice(salt.lattice).prim.lattice;
  const std::vector<Vector3d> ions{Vector3d::Zero(), salt.anion};
  const std::vector<double> charges_e{1.0, -1.0};
  const double nearest_A = lattice.distance_A(ions[0], ions[1]);
  const double size_A = std::cbrt(lattice.volume_A3());
  std::vector<double> values;
  for (const double alpha_L : {2.0, 2.5, 3.0, 3.5}) {
    const electrostatics::Ewald ewald(lattice,
                                      {.accuracy = accuracy, .splitting_per_A = alpha_L / size_A});
    values.push_back(-ewald.energy_eV(ions, charges_e) * nearest_A / coulomb_eV_A);
  }
  observe::Estimate value{.value = values.front()};
  for (const double v : values)
    value.error = std::max({value.error, std::abs(v - values.front()), accuracy * values.front()});
  return {{.name = "M",
           .reference = row.reference.number(),
           .reference_error = row.reference.sigma(),
           .value = value,
           .allowed_relative = 1e-11,
           .condition = "Ewald sum of the primitive cell, four splitting parameters",
           .unit = "1"}};
}

}  // namespace

void add_electro_rows(std::vector<Row>& rows) {
  for (const char* id : {"MD-01", "MD-02", "MD-03"}) rows.push_back({id, 0.01, madelung});
}

}  // namespace lithiate::benchmark
