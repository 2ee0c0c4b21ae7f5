#include "analysis/check_model.hpp"

#include <algorithm>
#include <cmath>

#include "core/units.hpp"
#include "kmc/rejection_free.hpp"
#include "model/occupation.hpp"
#include "observe/estimate.hpp"

namespace lithiate::analysis {
namespace {

using model::PhaseCell;
using model::SiteIndex;
using model::Species;

constexpr std::int64_t check_sites = 60;  // enough for every cluster, small enough for averages

std::vector<Species> random_state(const PhaseCell& cell, const std::string& mobile,
                                  Random& random) {
  const auto n =
      static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(cell.max_mobile) + 1));
  return random_occupation(cell.model, mobile, n, random);
}

ModelCheck local_energy(const PhaseCell& cell, const std::string& mobile, Random& random) {
  ModelCheck check{{}, "an energy change is the difference of two total energies", 0.0, 1e-9, "eV"};
  for (int trial = 0; trial < 100; ++trial) {
    auto occ = random_state(cell, mobile, random);
    const auto site =
        static_cast<SiteIndex>(random.below(static_cast<std::uint64_t>(cell.model.n_sites())));
    Species& at = occ[static_cast<std::size_t>(site)];
    const auto next = static_cast<Species>((at + 1) % cell.model.n_species(site));
    const double before = cell.model.energy_eV(occ);
    const double local = cell.model.delta_energy_eV(occ, site, next);
    at = next;
    check.value = std::max(check.value, std::abs(cell.model.energy_eV(occ) - before - local));
  }
  return check;
}

/// ln(rate there / rate back) + dE/kT of one hop, from the two states before it and after it.
double imbalance(const PhaseCell& cell, const model::HopTable& hops, const kmc::RateModel& rates,
                 const kmc::LocalRates& local, int number, SiteIndex i, std::vector<Species> occ) {
  const model::Hop& hop = hops.network().hops[static_cast<std::size_t>(number)];
  const SiteIndex j = cell.model.index(hop.to, cell.model.cell(i) + hop.shift);
  Species& at_i = occ[static_cast<std::size_t>(i)];
  Species& at_j = occ[static_cast<std::size_t>(j)];
  at_i = static_cast<Species>(hops.mobile(hop.from));
  at_j = static_cast<Species>(hops.vacancy(hop.to));
  const auto next_i = static_cast<Species>(hops.vacancy(hop.from));
  const auto next_j = static_cast<Species>(hops.mobile(hop.to));
  const double dE = cell.model.delta_energy_eV(std::span<Species>(occ), i, next_i, j, next_j);
  const auto rate_Hz = [&](int h, SiteIndex from, double dE_eV) {
    return local.empty() ? rates.rate_Hz(h, dE_eV) : rates.rate_Hz(h, dE_eV, local(occ, from, h));
  };
  const double there = rate_Hz(number, i, dE);
  at_i = next_i;
  at_j = next_j;
  const double back = rate_Hz(hop.reverse, j, -dE);
  return std::abs(std::log(there / back) + dE / (k_B * rates.temperature_K()));
}

/// Over random states, for every hop of the network.
ModelCheck detailed_balance(const PhaseCell& cell, const model::HopTable& hops,
                            const kmc::RateModel& rates, const std::string& mobile,
                            Random& random) {
  ModelCheck check{{}, "a hop and its reverse obey detailed balance", 0.0, 1e-9, "kT"};
  const kmc::LocalRates local(cell.model, hops);
  for (int trial = 0; trial < 20; ++trial) {
    const auto occ = random_state(cell, mobile, random);
    for (int h = 0; h < static_cast<int>(hops.network().hops.size()); ++h) {
      const crystal::Vector3i home = cell.model.cell(
          static_cast<SiteIndex>(random.below(static_cast<std::uint64_t>(cell.model.n_sites()))));
      const SiteIndex i =
          cell.model.index(hops.network().hops[static_cast<std::size_t>(h)].from, home);
      check.value = std::max(check.value, imbalance(cell, hops, rates, local, h, i, occ));
    }
  }
  return check;
}

/// Rates kept up over a run against rates from scratch: every hop that reads a changed site was
/// renewed. Only barriers that depend on what is around can fail where energies pass.
ModelCheck kept_rates(const PhaseCell& cell, const model::HopTable& hops,
                      const kmc::RateModel& rates, const std::string& mobile, Random& random) {
  ModelCheck check{
      {}, "rates kept up over 200 hops equal rates from scratch", 0.0, 1e-12, "relative"};
  const auto ions = std::max<std::int64_t>(1, cell.max_mobile / 2);
  const auto start = random_occupation(cell.model, mobile, ions, random);
  kmc::RejectionFree run(cell.model, hops, rates, kmc::initial_state(cell.model, hops, start),
                         random);
  for (int k = 0; k < 200; ++k) run.step();
  const kmc::RejectionFree fresh(cell.model, hops, rates, run.state(), random);
  for (model::EventIndex e = 0; e < hops.n_events(); ++e) {
    const double larger = std::max(run.rate_Hz(e), fresh.rate_Hz(e));
    if (larger > 0.0)
      check.value = std::max(check.value, std::abs(run.rate_Hz(e) - fresh.rate_Hz(e)) / larger);
  }
  return check;
}

constexpr int averaged_samples = 6000, dropped_samples = 1000;

/// Metropolis with the moves of the hop table only, so that both walks stay within the states that
/// hops connect (lithium does not change the layer, say). Energies per formula unit, one a sweep.
std::vector<double> metropolis_by_hops(const PhaseCell& cell, const model::HopTable& hops,
                                       double temperature_K, std::vector<Species> occ,
                                       Random random) {
  std::vector<double> energies;
  double energy_eV = cell.model.energy_eV(occ);
  for (int sample = 0; sample < averaged_samples; ++sample) {
    for (model::EventIndex trial = 0; trial < hops.n_events(); ++trial) {
      const auto event =
          static_cast<model::EventIndex>(random.below(static_cast<std::uint64_t>(hops.n_events())));
      const SiteIndex i = hops.site(event);
      const int from = hops.sublattice(i);
      if (hops.slot(event) >= hops.n_slots(from)) continue;
      const SiteIndex j = hops.target(i, hops.slot(event));
      const int to = hops.sublattice(j);
      Species& at_i = occ[static_cast<std::size_t>(i)];
      Species& at_j = occ[static_cast<std::size_t>(j)];
      if (at_i != hops.mobile(from) || at_j != hops.vacancy(to)) continue;
      const auto next_i = static_cast<Species>(hops.vacancy(from));
      const auto next_j = static_cast<Species>(hops.mobile(to));
      const double dE = cell.model.delta_energy_eV(std::span<Species>(occ), i, next_i, j, next_j);
      if (dE > 0.0 && random.uniform() >= std::exp(-dE / (k_B * temperature_K))) continue;
      at_i = next_i;
      at_j = next_j;
      energy_eV += dE;
    }
    energies.push_back(energy_eV / cell.formula_units);
  }
  return energies;
}

/// Time average of the energy over a kMC run against Metropolis from the same start.
void kinetic_average(const PhaseCell& cell, const model::HopTable& hops,
                     const kmc::RateModel& rates, const std::string& mobile, std::uint64_t seed,
                     std::vector<ModelCheck>& all) {
  Random random(seed, Purpose::initial_state, 1);
  const std::int64_t ions = std::max<std::int64_t>(1, cell.max_mobile / 2);
  const auto start = random_occupation(cell.model, mobile, ions, random);
  const auto metropolis = metropolis_by_hops(cell, hops, rates.temperature_K(), start,
                                             Random(seed, Purpose::mc_step, 1));
  kmc::RejectionFree engine(cell.model, hops, rates, kmc::initial_state(cell.model, hops, start),
                            Random(seed, Purpose::kmc_event, 1));
  std::vector<double> energy, weight;
  for (int sample = 0; sample < averaged_samples; ++sample) {
    for (std::int64_t k = 0; k < ions; ++k) engine.step();
    // the state lasts until the next hop, whose waiting time has mean 1 / total rate
    energy.push_back(cell.model.energy_eV(engine.state().occupation) / cell.formula_units);
    weight.push_back(1.0 / engine.total_rate_Hz());
  }
  const auto n = model::count(cell.model, engine.state().occupation, mobile);
  all.push_back({{},
                 "hops conserve the number of ions",
                 std::abs(static_cast<double>(n - ions)),
                 0.0,
                 "ions"});
  const auto kept = [](const std::vector<double>& v) {
    return std::span<const double>(v).subspan(dropped_samples);
  };
  const auto kinetic = observe::mean_with_error(kept(energy), kept(weight));
  const auto reference = observe::mean_with_error(kept(metropolis));
  const double error = std::hypot(std::hypot(kinetic.error, reference.error), 1e-12);
  all.push_back({{},
                 "kinetic and Metropolis averages of the energy agree",
                 std::abs(kinetic.value - reference.value) / error,
                 4.0,
                 "standard errors"});
}

}  // namespace

std::vector<ModelCheck> check_model(const model::Material& material, double temperature_K,
                                    std::uint64_t seed) {
  std::vector<ModelCheck> all;
  for (const model::Phase& phase : material.phases) {
    const PhaseCell cell = compile_phase(material, phase, crystal::Vector3i::Zero(), check_sites);
    Random random(seed, Purpose::test);
    std::vector<ModelCheck> found{local_energy(cell, material.mobile, random)};
    if (phase.hops) {
      const model::HopTable hops(*phase.hops, cell.model);
      const kmc::RateModel rates(*phase.hops, temperature_K);
      found.push_back(detailed_balance(cell, hops, rates, material.mobile, random));
      if (!phase.hops->local.empty())
        found.push_back(kept_rates(cell, hops, rates, material.mobile, random));
      kinetic_average(cell, hops, rates, material.mobile, seed, found);
    }
    for (ModelCheck& c : found) {
      c.phase = phase.name;
      all.push_back(std::move(c));
    }
  }
  return all;
}

}  // namespace lithiate::analysis
