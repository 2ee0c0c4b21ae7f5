#include "model/phase.hpp"

#include <cmath>

#include "core/error.hpp"
#include "model/hop_table.hpp"

namespace lithiate::model {
namespace {

std::int64_t sites_with(const LatticeModel& model, const std::string& species) {
  std::int64_t n = 0;
  for (int b = 0; b < static_cast<int>(model.sublattices().size()); ++b)
    if (model.species_index(b, species) >= 0) n += model.n_cells();
  return n;
}

PhaseCell counted(const Material& material, const Phase& phase, LatticeModel model) {
  const double fu = static_cast<double>(model.n_cells()) * phase.formula_units_per_host_cell;
  const auto cap = static_cast<std::int64_t>(std::floor(material.x_max * fu + 1e-9));
  const std::int64_t sites = sites_with(model, material.mobile);
  return {std::move(model), fu, std::min(cap, sites)};
}

}  // namespace

crystal::Vector3i near_cubic_repeats(const crystal::Lattice& lattice, std::int64_t min_cells) {
  crystal::Vector3i n = crystal::Vector3i::Ones();
  const crystal::Matrix3d& m = lattice.columns();
  while (static_cast<std::int64_t>(n[0]) * n[1] * n[2] < min_cells) {
    int shortest = 0;
    for (int i = 1; i < 3; ++i)
      if (n[i] * m.col(i).norm() < n[shortest] * m.col(shortest).norm() - 1e-9) shortest = i;
    ++n[shortest];
  }
  return n;
}

PhaseCell compile_phase(const Material& material, const Phase& phase,
                        const crystal::Vector3i& repeats, std::int64_t min_sites) {
  if (!repeats.isZero())
    return counted(material, phase, compile(phase.expansion, phase.host, repeats));
  const crystal::Lattice host_lattice(phase.expansion.basis.prim.lattice.columns() *
                                      phase.host.transformation.cast<double>());
  // one free site per host cell at least; grown until no cluster, of energies or barriers, meets
  // its own image
  std::int64_t cells = 1;
  for (int attempt = 0; attempt < 40; ++attempt) {
    const crystal::Vector3i n = near_cubic_repeats(host_lattice, cells);
    cells = static_cast<std::int64_t>(n[0]) * n[1] * n[2] + 1;
    try {
      LatticeModel model = compile(phase.expansion, phase.host, n);
      if (phase.hops && !phase.hops->local.empty()) HopTable(*phase.hops, model);
      if (model.n_sites() >= min_sites) return counted(material, phase, std::move(model));
      const auto per_cell = static_cast<std::int64_t>(model.sublattices().size());
      cells = std::max(cells, (min_sites + per_cell - 1) / per_cell);
    } catch (const InputError&) {
      if (cells > 100000) throw;
    }
  }
  throw InputError("phase '" + phase.name + "': no supercell found for " +
                   std::to_string(min_sites) + " sites; give repeats");
}

}  // namespace lithiate::model
