#include "apps/kmc_system.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "mc/run.hpp"
#include "model/occupation.hpp"

namespace lithiate::apps {

std::string KmcMember::name(int replicas) const {
  const auto replica = number % static_cast<std::uint64_t>(replicas);
  return fmt::format("T{}_{}_r{}", temperature_K,
                     x ? fmt::format("x{}", *x) : fmt::format("V{}", *voltage_V), replica);
}

KmcSystem::KmcSystem(const io::KmcFile& file)
    : file_(file), cell_(file.cell.compiled()), hops_(*file.cell.chosen().hops, cell_.model) {}

std::vector<KmcMember> KmcSystem::members() const {
  std::vector<KmcMember> all;
  const auto add = [&](double T, std::optional<double> x, std::optional<double> voltage_V) {
    for (int r = 0; r < file_.replicas; ++r) all.push_back({all.size(), T, x, voltage_V});
  };
  for (const double T : file_.temperature_K) {
    for (const double x : file_.x) add(T, x, std::nullopt);
    for (const double V : file_.voltage_V) add(T, std::nullopt, V);
  }
  return all;
}

std::vector<model::Species> KmcSystem::starting_occupation(const KmcMember& member,
                                                           std::int64_t sweeps) const {
  const std::string& mobile = file_.cell.material.mobile;
  Random start(file_.seed, Purpose::initial_state, member.number);
  const Random walk(file_.seed, Purpose::mc_step, member.number);
  const mc::Sampled sampled{cell_.model, mobile, cell_.formula_units, cell_.max_mobile};
  const mc::SamplingConfig config{sweeps, sweeps, 0.0};
  const std::int64_t n = std::clamp<std::int64_t>(
      std::llround(member.x.value_or(0.5) * cell_.formula_units), 1, cell_.max_mobile);
  auto occ = random_occupation(cell_.model, mobile, n, start);
  if (member.voltage_V) {
    const double mu_eV = file_.cell.material.reference_voltage_V() - *member.voltage_V;
    sample_semi_grand(sampled, member.temperature_K, mu_eV, config, occ, walk);
    if (model::count(cell_.model, occ, mobile) == 0)
      throw InputError(
          fmt::format("{}: voltage_V = {}: no {} is left in the supercell at {} K, "
                      "expected a lower voltage (V = {:.3f} V at formation energy 0)",
                      file_.path.string(), *member.voltage_V, mobile, member.temperature_K,
                      file_.cell.material.reference_voltage_V()));
  } else if (!file_.random_start) {
    sample_canonical(sampled, member.temperature_K, config, occ, walk);
  }
  if (model::count(cell_.model, occ, mobile) == cell_.model.n_sites())
    throw InputError(fmt::format(
        "{}: {}: all {} sites are taken, so that no {} can hop, expected {}", file_.path.string(),
        member.x ? fmt::format("x = {}", *member.x)
                 : fmt::format("voltage_V = {}", *member.voltage_V),
        cell_.model.n_sites(), mobile, member.x ? "fewer ions" : "a higher voltage"));
  return occ;
}

crystal::Atoms KmcSystem::frame(const kmc::State& state) const {
  const crystal::Lattice lattice(model().host_lattice().columns() *
                                 model().repeats().cast<double>().asDiagonal());
  crystal::Atoms atoms{file_.cell.material.name, lattice, {}, {}, {}};
  atoms.info["time_s"] = fmt::format("{:.9e}", state.time_s);
  atoms.info["hops"] = fmt::format("{}", state.hops);
  for (const model::SiteIndex site : state.site_of) {
    atoms.species.push_back(file_.cell.material.mobile);
    const crystal::Vector3d f = lattice.fractional(model().position_A(site));
    atoms.fractional.push_back(f - f.array().floor().matrix());
  }
  return atoms;
}

}  // namespace lithiate::apps
