#include <catch2/catch.hpp>
#include <cmath>

#include "core/error.hpp"
#include "kmc_fixtures.hpp"

using namespace lithiate;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using fixtures::kT_eV;
using fixtures::T_K;
using kmc::RateModel;
using model::EventIndex;

namespace {

/// The event that takes the ion of `event` back.
EventIndex reverse_of(const model::HopTable& table, EventIndex event) {
  const auto from = table.site(event);
  const auto to = table.target(from, table.slot(event));
  const int number = table.hop_numbers(table.sublattice(from))[table.slot(event)];
  const int back = table.network().hops[static_cast<std::size_t>(number)].reverse;
  const int* numbers = table.hop_numbers(table.sublattice(to));
  const auto slot =
      std::find(numbers, numbers + table.n_slots(table.sublattice(to)), back) - numbers;
  return static_cast<EventIndex>(to) * table.stride() + slot;
}

std::vector<EventIndex> possible(const kmc::RejectionFree& engine) {
  std::vector<EventIndex> events;
  for (EventIndex e = 0; e < engine.hops().n_events(); ++e)
    if (engine.rate_Hz(e) > 0.0) events.push_back(e);
  return events;
}

}  // namespace

TEST_CASE("a hop and its reverse obey detailed balance") {
  const double e_kra_eV = GENERATE(0.0, 0.05, 0.5);  // all, some and no barriers clamped
  auto k = fixtures::random_hcp_kmc(3, e_kra_eV);
  for (const EventIndex event : possible(k->engine)) {
    const double before_eV = k->model.energy_eV(k->engine.state().occupation);
    const double there_Hz = k->engine.rate_Hz(event);
    k->engine.perform(event);
    const double after_eV = k->model.energy_eV(k->engine.state().occupation);
    const EventIndex reverse = reverse_of(k->table, event);
    const double back_Hz = k->engine.rate_Hz(reverse);
    REQUIRE_THAT(std::log(there_Hz / back_Hz), WithinAbs((before_eV - after_eV) / kT_eV, 1e-9));
    k->engine.perform(reverse);
  }
}

TEST_CASE("under a uniform force a hop and its reverse obey local detailed balance") {
  const auto prim = fixtures::triangular();
  const crystal::Vector3d force(0.02, -0.01, 0.0);
  auto k = fixtures::random_kmc(fixtures::lattice_gas(prim, {6, 6, 1}, 0.04),
                                fixtures::nn_hops(prim, 0.1), 15, 4, force);
  for (const EventIndex event : possible(k->engine)) {
    const double before_eV = k->model.energy_eV(k->engine.state().occupation);
    const auto ion =
        kmc::ions_by_site(k->engine.state())[static_cast<std::size_t>(k->table.site(event))];
    const auto from_A = displacement_A(k->engine.state(), k->model, ion);
    const double there_Hz = k->engine.rate_Hz(event);
    k->engine.perform(event);
    const double work_eV = force.dot(displacement_A(k->engine.state(), k->model, ion) - from_A);
    const double dE_eV = k->model.energy_eV(k->engine.state().occupation) - before_eV - work_eV;
    const EventIndex reverse = reverse_of(k->table, event);
    REQUIRE_THAT(std::log(there_Hz / k->engine.rate_Hz(reverse)), WithinAbs(-dE_eV / kT_eV, 1e-9));
    k->engine.perform(reverse);
  }
}

TEST_CASE("the barrier is E_KRA + dE/2, and never below an end state") {
  const auto network = fixtures::nn_hops(fixtures::square(), 0.2);
  const RateModel rates(network, T_K);
  CHECK_THAT(rates.barrier_eV(0, 0.1), WithinAbs(0.25, 1e-15));
  CHECK_THAT(rates.barrier_eV(0, -0.1), WithinAbs(0.15, 1e-15));
  CHECK_THAT(rates.barrier_eV(0, 0.7), WithinAbs(0.7, 1e-15));
  CHECK(rates.barrier_eV(0, -0.7) == 0.0);
}

TEST_CASE("a barrier counts as clamped exactly if it is not E_KRA + dE/2") {
  const RateModel rates(fixtures::nn_hops(fixtures::square(), 0.2), T_K);
  for (const double dE : {-0.6, -0.41, -0.39, -0.1, 0.0, 0.1, 0.39, 0.41, 0.6})
    CHECK(rates.clamped(0, dE) == (std::abs(rates.barrier_eV(0, dE) - 0.2 - 0.5 * dE) > 1e-12));
}

TEST_CASE("with E_KRA = 0 the rates are those of Metropolis") {
  const RateModel rates(fixtures::nn_hops(fixtures::square(), 0.0, 1e12), T_K);
  for (const double dE : {-0.3, -0.01, 0.0, 0.02, 0.4})
    CHECK_THAT(rates.rate_Hz(1, dE), WithinRel(1e12 * std::min(1.0, std::exp(-dE / kT_eV)), 1e-12));
}

TEST_CASE("a rate at rest is prefactor exp(-E_KRA / kT)") {
  const RateModel rates(fixtures::nn_hops(fixtures::square(), 0.25, 3e12), T_K);
  CHECK_THAT(rates.rate_at_rest_Hz(0), WithinRel(3e12 * std::exp(-0.25 / kT_eV), 1e-12));
}

TEST_CASE("a temperature that is not above zero is refused") {
  const auto network = fixtures::nn_hops(fixtures::square());
  for (const double T : {0.0, -300.0, std::nan("")})
    REQUIRE_THROWS_AS(RateModel(network, T), InputError);
}
