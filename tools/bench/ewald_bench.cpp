/// Coulomb energies of swaps in a rock-salt crystal of 6000 or 1000 sites, cations +1 and +3 at
/// random over one half, anions -2 over the other.
///   ewald_N           swaps evaluated per second, none accepted
///   ewald_N_mixed     swaps evaluated per second when every tenth is accepted
///   ewald_N_accept    accepted swaps per second: all potentials updated
///   ewald_N_table     tables set up per second
#include <benchmark/benchmark.h>

#include <cmath>

#include "core/random.hpp"
#include "electrostatics/site_potentials.hpp"

namespace {

using namespace lithiate;
using namespace lithiate::electrostatics;

EwaldTable rock_salt_table(std::int64_t n_sites) {
  crystal::Matrix3d columns;
  columns << 0, 1, 1, 1, 0, 1, 1, 1, 0;
  const crystal::Vector3i repeats =
      n_sites == 6000 ? crystal::Vector3i(10, 15, 20) : crystal::Vector3i(5, 10, 10);
  return {crystal::Lattice(2.1 * columns), {{0, 0, 0}, {.5, .5, .5}}, repeats.asDiagonal()};
}

/// Swaps of a +1 and a +3 cation, both at random.
class CationSwaps {
 public:
  explicit CationSwaps(std::int64_t n_sites)
      : table_(rock_salt_table(n_sites)), potentials_(table_, charges()) {
    for (SiteIndex i = 0; i < table_.n_sites(); i += 2)
      (potentials_.charges()[static_cast<std::size_t>(i)] == 1 ? ones_ : threes_).push_back(i);
  }
  /// Puts the pair's places in the lists into `one_` and `three_`.
  void choose() noexcept {
    one_ = random_.below(ones_.size());
    three_ = random_.below(threes_.size());
  }
  double delta_eV() const noexcept {
    return potentials_.delta_eV({ones_[one_], 3}, {threes_[three_], 1});
  }
  void accept() noexcept {
    potentials_.apply({ones_[one_], 3}, {threes_[three_], 1});
    std::swap(ones_[one_], threes_[three_]);
  }

 private:
  std::vector<double> charges() {
    std::vector<double> charges_e(static_cast<std::size_t>(table_.n_sites()), -2.0);
    const std::size_t n = charges_e.size() / 2;
    for (std::size_t i = 0; i < n; ++i) charges_e[2 * i] = i < n / 2 ? 1.0 : 3.0;
    for (std::size_t i = n; i > 1; --i)
      std::swap(charges_e[2 * i - 2], charges_e[2 * random_.below(i)]);
    return charges_e;
  }

  Random random_{1, Purpose::test};
  EwaldTable table_;
  SitePotentials potentials_;
  std::vector<SiteIndex> ones_, threes_;
  std::size_t one_ = 0, three_ = 0;
};

void trials(benchmark::State& state, std::int64_t n_sites) {
  CationSwaps swaps(n_sites);
  for (auto _ : state) {
    swaps.choose();
    benchmark::DoNotOptimize(swaps.delta_eV());
  }
  state.SetItemsProcessed(state.iterations());
}

void mixed(benchmark::State& state, std::int64_t n_sites) {
  CationSwaps swaps(n_sites);
  std::int64_t trial = 0;
  for (auto _ : state) {
    swaps.choose();
    benchmark::DoNotOptimize(swaps.delta_eV());
    if (++trial % 10 == 0) swaps.accept();
  }
  state.SetItemsProcessed(state.iterations());
}

void accepted(benchmark::State& state, std::int64_t n_sites) {
  CationSwaps swaps(n_sites);
  for (auto _ : state) {
    swaps.choose();
    swaps.accept();
  }
  state.SetItemsProcessed(state.iterations());
}

void set_up(benchmark::State& state, std::int64_t n_sites) {
  for (auto _ : state) benchmark::DoNotOptimize(rock_salt_table(n_sites));
  state.SetItemsProcessed(state.iterations());
}

const bool registered = [] {
  for (const std::int64_t n : {6000, 1000}) {
    const std::string name = "ewald_" + std::to_string(n);
    benchmark::RegisterBenchmark(name.c_str(), trials, n);
    benchmark::RegisterBenchmark((name + "_mixed").c_str(), mixed, n);
    benchmark::RegisterBenchmark((name + "_accept").c_str(), accepted, n);
    benchmark::RegisterBenchmark((name + "_table").c_str(), set_up, n);
  }
  return true;
}();

}  // namespace
