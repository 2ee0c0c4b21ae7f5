#include <catch2/catch.hpp>
#include <cmath>
#include <map>

#include "core/units.hpp"
#include "fixtures/toy_stacks.hpp"
#include "observe/estimate.hpp"
#include "stacking/stack_walk.hpp"

using namespace lithiate;
using stacking::StackModel;
using stacking::StackShape;
using stacking::StackState;
using stacking::StackWalk;
using stacking::WalkSettings;

namespace {

constexpr double T_K = 400.0;

StackWalk registries_only(const StackModel& model, std::uint64_t seed) {
  WalkSettings settings;
  settings.temperature_K = T_K;
  settings.max_guests = 0;
  return StackWalk(model, settings, StackState(model.lattice()), Random(seed, Purpose::mc_step));
}

/// Trace of a product of matrices as the partition function of a ring; mean number of unequal
/// neighbours (or of a bond energy) by differentiation.
double ring_mean(const Eigen::MatrixXd& bond_eV, int sites) {
  const double beta = 1.0 / (k_B * T_K);
  const Eigen::MatrixXd weight = (-beta * bond_eV).array().exp();
  const Eigen::MatrixXd weighted = weight.cwiseProduct(bond_eV);
  Eigen::MatrixXd rest = Eigen::MatrixXd::Identity(bond_eV.rows(), bond_eV.cols());
  for (int i = 1; i < sites; ++i) rest = rest * weight;
  return sites * (weighted * rest).trace() / (weight * rest).trace();
}

observe::Estimate mean_energy(StackWalk& walk, int sweeps) {
  std::vector<double> series;
  for (int k = 0; k < 200; ++k) walk.sweep();
  for (int k = 0; k < sweeps; ++k) {
    walk.sweep();
    series.push_back(walk.energy_eV());
  }
  return observe::mean_with_error(series);
}

}  // namespace

TEST_CASE("registries of equal energy have the ideal mixing entropy", "[stacking]") {
  // every one of the 3^4 sequences equally often: chi-square with 80 degrees of freedom
  const StackShape shape{.gaps = 4};
  const StackModel model(shape, fixtures::plain_registries(3), fixtures::all_glides(3, 1));
  StackWalk walk = registries_only(model, 11);
  std::map<int, int> counts;  // by sequence, as a number of base 3
  constexpr int samples = 16200;
  for (int k = 0; k < samples; ++k) {
    for (int between = 0; between < 6; ++between) walk.sweep();  // samples far apart
    int sequence = 0;
    for (const auto r : walk.state().registries()) sequence = 3 * sequence + r;
    ++counts[sequence];
  }
  REQUIRE(counts.size() == 81);
  double chi2 = 0.0, entropy = 0.0;
  for (const auto& [sequence, count] : counts) {
    chi2 += std::pow(count - samples / 81.0, 2) / (samples / 81.0);
    entropy -= count * std::log(count / static_cast<double>(samples)) / samples;
  }
  REQUIRE(chi2 < 124.8);  // 99.9 % of chi-square with 80 degrees of freedom
  REQUIRE(std::abs(entropy - 4 * std::log(3.0)) < 0.005);
}

TEST_CASE("a chain of patches with wall energy has the energy of its transfer matrix",
          "[stacking]") {
  const int patches = GENERATE(4, 7);
  StackShape shape{.gaps = 1, .cells_1 = 2 * patches, .cells_2 = 2, .patch_1 = 2, .patch_2 = 2};
  shape.a2_A = 4.0;  // borders along a2: 8 A
  stacking::Couplings couplings;
  couplings.wall_eV_per_A = 0.006;
  const StackModel model(shape, fixtures::plain_registries(3), fixtures::all_glides(3, 1),
                         couplings);
  StackWalk walk = registries_only(model, 12);
  const Eigen::MatrixXd unequal = Eigen::MatrixXd::Ones(3, 3) - Eigen::MatrixXd::Identity(3, 3);
  const auto energy = mean_energy(walk, 20000);
  REQUIRE(std::abs(energy.value - ring_mean(0.048 * unequal, patches)) < 3.5 * energy.error);
}

TEST_CASE("a stack of gaps with next-gap terms has the energy of its transfer matrix",
          "[stacking]") {
  const int gaps = GENERATE(2, 5);
  const StackShape shape{.gaps = gaps, .cells_1 = 2, .cells_2 = 1, .patch_1 = 2};
  stacking::Couplings couplings;
  couplings.next_gap_eV = {{0.00, 0.02, -0.01}, {0.03, -0.02, 0.01}, {0.00, 0.01, 0.02}};
  const StackModel model(shape, fixtures::plain_registries(3), fixtures::all_glides(3, 1),
                         couplings);
  StackWalk walk = registries_only(model, 13);
  Eigen::MatrixXd bond(3, 3);
  bond << 0.00, 0.02, -0.01, 0.03, -0.02, 0.01, 0.00, 0.01, 0.02;
  const auto energy = mean_energy(walk, 20000);
  REQUIRE(std::abs(energy.value - ring_mean(2 * bond, gaps)) < 3.5 * energy.error);
}

TEST_CASE("a walk that is saved and restored goes on with the same bits", "[stacking]") {
  const StackShape shape{.gaps = 2, .cells_1 = 6, .cells_2 = 4, .patch_1 = 3, .patch_2 = 2};
  const StackModel model = fixtures::random_stack(shape, 21);
  WalkSettings settings;
  settings.follow.steps = 2;
  StackWalk first(model, settings, StackState(model.lattice()), Random(14, Purpose::mc_step));
  for (int k = 0; k < 10; ++k) first.sweep();
  Archive archive;
  first.save(archive, "stack/");
  StackWalk second(model, settings, StackState(model.lattice()), Random(1, Purpose::mc_step));
  second.restore(archive, "stack/");
  for (int k = 0; k < 10; ++k) {
    first.sweep();
    second.sweep();
  }
  REQUIRE(first.state() == second.state());
  REQUIRE(first.energy_eV() == second.energy_eV());
}

TEST_CASE("the energy carried along is the energy recomputed, bit for bit", "[stacking]") {
  const StackShape shape{.gaps = 2, .cells_1 = 6, .cells_2 = 4, .patch_1 = 3, .patch_2 = 2};
  const StackModel model = fixtures::random_stack(shape, 22);
  WalkSettings settings;
  settings.temperature_K = 900.0;
  settings.closed = GENERATE(false, true);
  settings.follow = {2, 2};
  Random random(5, Purpose::test);
  StackWalk walk(model, settings, fixtures::random_state(model, random),
                 Random(15, Purpose::mc_step));
  const std::int64_t guests = walk.state().guests();
  for (int k = 0; k < 100; ++k) {
    walk.sweep();
    REQUIRE(walk.energy_eV() == model.energy_eV(walk.state()));
    if (settings.closed) REQUIRE(walk.state().guests() == guests);
  }
  REQUIRE(walk.glide_acceptance() > 0.0);
}

TEST_CASE("a saved walk of another stack is refused", "[stacking]") {
  const StackModel model(StackShape{.gaps = 2}, fixtures::plain_registries(2), {});
  StackWalk walk = registries_only(model, 1);
  Archive archive;
  walk.save(archive, "");
  const StackModel other(StackShape{.gaps = 3}, fixtures::plain_registries(2), {});
  StackWalk elsewhere = registries_only(other, 1);
  REQUIRE_THROWS(elsewhere.restore(archive, ""));
}
