#include "analysis/charge_run.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "core/error.hpp"
#include "core/units.hpp"
#include "fixtures/toy_stacks.hpp"

namespace lithiate::analysis {
namespace {

using Catch::Matchers::Contains;
using stacking::LayeredMaterial;
using stacking::StackModel;

constexpr double T_K = 600.0, kT = k_B * T_K;
constexpr double empty_eV = 0.06, site_eV = -0.1;  // of O3 against O1

/// Two stackings of ideal lattice gases, two octahedra per cell and formula unit.
const LayeredMaterial& ideal_gases() {
  static const LayeredMaterial material = [] {
    LayeredMaterial m;
    m.registries = fixtures::plain_registries(2);
    m.registries[1].empty = stacking::in_units(empty_eV);
    for (int k = 0; k < 2; ++k)
      m.registries[1].sets.push_back({{{k, {0, 0}}}, stacking::in_units(site_eV)});
    m.glides = fixtures::all_glides(2, 2);
    m.cell.gap_sites = 2;
    m.x_max = 2.0;
    return m;
  }();
  return material;
}

/// One guest per 3600 s / 16 formula units = 225 s at 1 per hour; 2 patches, one glide with two
/// maps each: `attempts` per guest.
ChargeConfig config_of(double attempts) {
  ChargeConfig c;
  c.stack.gaps = 2;
  c.stack.cells = c.stack.patch = {4, 2};
  c.stack.follow_steps = 2;
  c.temperature_K = {T_K};
  c.c_rate_per_h = {1.0};
  c.x_low = 0.25, c.x_high = 1.75, c.x_step = 0.25;
  c.prefactor_Hz = attempts / (2.0 * 225.0);
  c.max_attempts_per_guest = 1e9;
  c.replicas = 8;
  c.seed = 5;
  return c;
}

ChargeRun run_of(const ChargeConfig& c, Journal* journal = nullptr) {
  return charge_run(ideal_gases(), stack_model(ideal_gases(), c.stack), c, journal);
}

/// Part of the gaps in O3 at N guests: every gap of 16 sites on its own.
double canonical_o3(int N) {
  const auto ways = [](int n, int k) {
    return k < 0 || k > n
               ? 0.0
               : std::exp(std::lgamma(n + 1.0) - std::lgamma(k + 1.0) - std::lgamma(n - k + 1.0));
  };
  double Z = 0.0, sum = 0.0;
  for (int k = 0; k <= 2; ++k)
    for (int m = 0; m <= N; ++m) {  // guests in O3
      const double w = ways(2, k) * ways(16 * k, m) * ways(32 - 16 * k, N - m) *
                       std::exp(-(8.0 * k * empty_eV + m * site_eV) / kT);
      Z += w;
      sum += w * k / 2;
    }
  return sum / Z;
}

TEST_CASE("a slow charge and discharge have the registries of the canonical ensemble") {
  const ChargeRun run = run_of(config_of(60.0));
  REQUIRE(run.families == std::vector<std::string>{"O1", "O3"});
  REQUIRE(run.empty_family == "O1");
  const ChargeLoop& loop = run.loops.at(0);
  REQUIRE(loop.insertion.points.size() == 7);
  REQUIRE(loop.removal.points.size() == 6);
  for (const ChargeBranch* branch : {&loop.insertion, &loop.removal})
    for (const ChargePoint& p : branch->points) {
      const double exact = canonical_o3(static_cast<int>(std::lround(16 * p.x)));
      // both gaps are the same in all 8 replicas with probability (1 - exact)^16
      const double error = std::max(p.fraction[1].error, std::sqrt(exact * (1 - exact) / 16));
      CAPTURE(p.x, exact, p.fraction[1].value, error);
      CHECK(std::abs(p.fraction[1].value - exact) < 3.5 * error);
    }
}

TEST_CASE("a slow loop is closed, and so is one too fast for any glide") {
  const ChargeLoop slow = run_of(config_of(600.0)).loops.at(0);
  const ChargeLoop middle = run_of(config_of(0.3)).loops.at(0);
  const ChargeLoop fast = run_of(config_of(1e-12)).loops.at(0);
  CHECK(std::abs(slow.hysteresis_V.value) < 3.5 * slow.hysteresis_V.error);
  CHECK(slow.hysteresis_V.value < middle.hysteresis_V.value);
  // no glides at all: both directions see O1
  CHECK(std::abs(fast.hysteresis_V.value) < 1e-12);
  CHECK(fast.insertion.glides.value == 0.0);
  CHECK_THAT(fast.insertion.no_transition, Contains("never leaves O1, in 8 of 8 replicas"));
  CHECK_THAT(fast.removal.no_transition, Contains("when removal begins"));
}

TEST_CASE("a higher barrier widens the loop, as a higher rate does") {
  ChargeConfig c = config_of(6.0);
  const double low = run_of(c).loops.at(0).hysteresis_V.value;
  c.stack.cells = c.stack.patch = {4, 2};
  c.glide_barrier_eV_per_A = kT * std::log(20.0) / 12.0;  // perimeter 12 A: 0.3 attempts per guest
  const ChargeLoop high = run_of(c).loops.at(0);
  CHECK(high.attempts_per_guest == Approx(0.3));
  c.glide_barrier_eV_per_A = 0.0;
  c.c_rate_per_h = {20.0};
  const ChargeLoop fast = run_of(c).loops.at(0);
  CHECK(fast.attempts_per_guest == Approx(0.3));
  CHECK(low < high.hysteresis_V.value);
  // the same events on another clock
  CHECK(fast.hysteresis_V.value == Approx(high.hysteresis_V.value).margin(0.02));
  CHECK(high.widest_V.value >= high.hysteresis_V.value);
}

TEST_CASE("a faster current never narrows the loop") {
  ChargeConfig c = config_of(60.0);
  c.c_rate_per_h = {1.0, 20.0, 200.0};
  const ChargeRun run = run_of(c);
  for (std::size_t k = 0; k + 1 < run.loops.size(); ++k) {
    const auto &slow = run.loops[k].hysteresis_V, &fast = run.loops[k + 1].hysteresis_V;
    CAPTURE(k, slow.value, fast.value);
    CHECK(fast.value > slow.value - 2.0 * std::hypot(slow.error, fast.error));
  }
  CHECK(run.loops[2].insertion.points.back().time_s.value == Approx(1.75 * 3600 / 200));
}

TEST_CASE("a charge that stops at any point is taken up with the same bits") {
  ChargeConfig c = config_of(2.0);
  c.replicas = 2;
  c.frames = 5;
  const ChargeRun whole = run_of(c);
  const int last = GENERATE(0, 3, 6, 9, 15);
  Archive stored;
  int calls = 0;
  Journal first(Archive{}, [&](const Journal& journal) {
    if (calls > last) throw Stopped("the test");  // as all threads of a run that is stopped
    if (calls++ < last) return;
    journal.save(stored);
    throw Stopped("the test");
  });
  REQUIRE_THROWS_AS(run_of(c, &first), Stopped);
  Journal second(stored, {});
  const ChargeRun resumed = run_of(c, &second);
  const ChargeLoop &a = whole.loops[0], &b = resumed.loops[0];
  CHECK(a.hysteresis_V.value == b.hysteresis_V.value);
  CHECK(a.insertion.attempts.value == b.insertion.attempts.value);
  for (std::size_t i = 0; i < a.removal.points.size(); ++i) {
    CHECK(a.removal.points[i].mu_eV.value == b.removal.points[i].mu_eV.value);
    CHECK(a.removal.points[i].time_s.error == b.removal.points[i].time_s.error);
  }
  REQUIRE(b.insertion.frames.size() == 3);
  REQUIRE(b.removal.frames.size() == 2);
  CHECK(a.removal.frames[1].occupation == b.removal.frames[1].occupation);
  CHECK(b.insertion.frames.back().point.seen.x == 1.75);
}

TEST_CASE("a replica is the same with others beside it, and the mean is that of all") {
  ChargeConfig c = config_of(2.0);
  c.replicas = 1;
  const ChargeLoop one = run_of(c).loops.at(0);
  CHECK(std::isinf(one.hysteresis_V.error));
  c.replicas = 2;
  const ChargeLoop two = run_of(c).loops.at(0);
  // mean of a and b with standard error |a - b| / 2: a is one of the two ends
  CHECK(std::abs(one.hysteresis_V.value - two.hysteresis_V.value) ==
        Approx(two.hysteresis_V.error));
}

TEST_CASE("points of a charge are whole guests within x and the redox limit") {
  ChargeConfig c = config_of(1.0);
  c.x_low = 0.0, c.x_high = 2.0, c.x_step = 0.5;
  const StackModel model = stack_model(ideal_gases(), c.stack);
  // none at 0 and at the full host, where there is no potential
  CHECK(charge_marks(c, ideal_gases(), model.lattice()) == std::vector<std::int64_t>{8, 16, 24});
  LayeredMaterial limited = ideal_gases();
  limited.x_max = 1.0;
  CHECK(charge_marks(c, limited, model.lattice()) == std::vector<std::int64_t>{8, 16});
  c.x_step = 2.0;
  CHECK_THROWS_WITH(charge_marks(c, ideal_gases(), model.lattice()), Contains("at least 2"));
}

TEST_CASE("a charge with bad settings is refused with all of them") {
  ChargeConfig c = config_of(1.0);
  c.c_rate_per_h = {-1.0};
  c.x_low = 3.0;
  c.potential_states = 0;
  CHECK_THROWS_WITH(
      run_of(c), Contains("c_rate_per_h") && Contains("x_range") && Contains("potential_states"));
}

}  // namespace
}  // namespace lithiate::analysis
