#include "observe/transport.hpp"

#include <catch2/catch.hpp>
#include <vector>

#include "core/error.hpp"
#include "unit/observe/walks.hpp"

using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using namespace lithiate;
using namespace lithiate::observe;

namespace {

/// Two ions in a cage that never diffuse: white noise around their sites.
Transport run_cage(int seed, const TransportConfig& config, int samples) {
  Random rng = walks::random(seed);
  Transport transport(2, config);
  for (int k = 0; k <= samples; ++k) {
    std::vector<Vector3d> at(2);
    for (Vector3d& r : at) r = Vector3d(rng.normal(), rng.normal(), rng.normal());
    transport.record(k, at, k * Matrix3d::Identity());
  }
  return transport;
}

}  // namespace

TEST_CASE("drift at constant speed has the moments (v t)^2 at every lag") {
  const Vector3d v(1.0, -2.0, 0.5);
  Transport transport(1, {8, 16});
  for (int k = 0; k <= 16; ++k)
    transport.record(0.5 * k, std::vector<Vector3d>{v * 0.5 * k}, 3.0 * k * Matrix3d::Identity());
  REQUIRE(transport.segments().size() == 1);
  for (int i = 0; i < 3; ++i) {
    const LagMoments& m = transport.segments()[0][i];
    const double t = 0.5 * (2 << i);
    CHECK_THAT(m.time_s, WithinAbs(t, 1e-12));
    CHECK((m.tracer_A2 - t * t * v * v.transpose()).norm() < 1e-12);
    CHECK((m.hops_A2 - 6.0 * t * Matrix3d::Identity()).norm() < 1e-12);
  }
}

TEST_CASE("two ions that move together have twice the collective displacement of one") {
  Transport transport(2, {4, 8});
  for (int k = 0; k <= 8; ++k) {
    const Vector3d r(k * k, k, 0.0);
    transport.record(k, std::vector<Vector3d>{r, r}, k * Matrix3d::Identity());
  }
  const LagMoments& m = transport.segments()[0][2];
  CHECK((m.collective_A2 - 2.0 * m.tracer_A2).norm() < 1e-9);
}

TEST_CASE("with fewer tracers than ions D* is theirs and D_J is of all ions") {
  Transport every(6, {8, 16}), half(6, {8, 16, 3}), theirs(3, {8, 16});
  Random rng = walks::random(5);
  for (int k = 0; k <= 32; ++k) {
    std::vector<Vector3d> at(6);
    for (Vector3d& r : at) r = Vector3d(rng.normal(), rng.normal(), rng.normal());
    for (Transport* t : {&every, &half}) t->record(k, at, k * Matrix3d::Identity());
    theirs.record(k, std::vector<Vector3d>{at[0], at[2], at[4]}, 0.5 * k * Matrix3d::Identity());
  }
  REQUIRE(half.segments().size() == 2);
  for (int s = 0; s < 2; ++s)
    for (int lag = 0; lag < 3; ++lag) {
      const LagMoments& m = half.segments()[s][lag];
      CHECK((m.tracer_A2 - theirs.segments()[s][lag].tracer_A2).norm() < 1e-12);
      CHECK(m.collective_A2 == every.segments()[s][lag].collective_A2);
      CHECK(m.hops_A2 == every.segments()[s][lag].hops_A2);
    }
}

TEST_CASE("tracers and ions find each other") {
  for (std::int64_t ions = 1; ions < 40; ++ions)
    for (std::int64_t tracers = 1; tracers <= ions; ++tracers) {
      std::int64_t k = 0;
      for (std::int64_t ion = 0; ion < ions; ++ion) {
        const bool followed = k < tracers && ion_of_tracer(k, ions, tracers) == ion;
        REQUIRE(tracer_of_ion(ion, ions, tracers) == (followed ? k++ : -1));
      }
      REQUIRE(k == tracers);
    }
}

TEST_CASE("the first sample of a segment is the last of the one before") {
  Transport transport(1, {4, 8});
  for (int k = 0; k < 24; ++k)
    transport.record(k, std::vector<Vector3d>{Vector3d::Zero()}, Matrix3d::Zero());
  CHECK(transport.segments().size() == 2);
  transport.record(24, std::vector<Vector3d>{Vector3d::Zero()}, Matrix3d::Zero());
  CHECK(transport.segments().size() == 3);
}

TEST_CASE("f is D* over D_unc and f_I is f over the Haven ratio") {
  const TransportResult r = walks::run_walkers({}, 3, 2000, {8, 32}).result();
  // Equal up to the bias corrections, of the order of the squared relative errors.
  CHECK_THAT(r.f.value, WithinRel(r.d_tracer.value / r.d_uncorrelated.value, 1e-3));
  CHECK_THAT(r.f_collective.value, WithinRel(r.d_jump.value / r.d_uncorrelated.value, 1e-3));
  CHECK_THAT(r.haven.value, WithinRel(r.d_tracer.value / r.d_jump.value, 2e-2));
}

TEST_CASE("a scalar is the mean of the diagonal over the chosen axes") {
  const Transport transport = walks::run_walkers({10, {1.0, 2.0, 3.0}}, 4, 1000, {8, 32});
  const TransportResult plane = transport.result({true, true, false});
  const TensorEstimate& d = plane.d_tracer_A2_per_s;
  CHECK_THAT(plane.d_tracer.value, WithinRel(0.5 * (d[0][0].value + d[1][1].value), 1e-12));
  CHECK_THAT(transport.result({false, false, true}).f.value,
             WithinRel(plane.f_axis[2].value, 1e-12));
}

TEST_CASE("each axis has its own D with d = 1") {
  const Vector3d length(1.0, 2.0, 4.0);
  const TransportResult r = walks::run_walkers({50, length}, 5, 3000, {8, 64}).result();
  for (int a = 0; a < 3; ++a) {  // one hop per second, a third of them along each axis
    const double exact = length[a] * length[a] / 6.0;
    CHECK(interval(r.d_tracer_A2_per_s[a][a], 0.999).holds(exact));
    CHECK(interval(r.d_uncorrelated_A2_per_s[a][a], 0.999).holds(exact));
    CHECK(r.d_tracer_A2_per_s[a][a].error < 0.05 * exact);
    CHECK(r.d_tracer_A2_per_s[a][(a + 1) % 3].value == r.d_tracer_A2_per_s[(a + 1) % 3][a].value);
  }
}

TEST_CASE("an axis without hops has D = 0 and no correlation factor") {
  const TransportResult r =
      walks::run_vacancy({5, 4}, 1, 640, 10, {8, 32}).result({true, true, false});
  CHECK(r.d_tracer_A2_per_s[2][2].value == 0.0);
  CHECK_FALSE(is_defined(r.f_axis[2]));
  CHECK_FALSE(is_defined(r.haven_axis[2]));
  CHECK(is_defined(r.f));
}

TEST_CASE("one vacancy is an uncorrelated walker: the collective factor is 1") {
  const TransportResult r =
      walks::run_vacancy({5, 6}, 2, 6400, 10, {8, 32}).result({true, true, false});
  CHECK(interval(r.f_collective, 0.999).holds(1.0));
  CHECK(r.f_collective.error < 0.08);
}

TEST_CASE("noise around a site is no diffusion") {
  const std::vector<int> counts = walks::covered({0.0, 0.0, 0.0}, [](int seed) {
    const TransportResult r = run_cage(seed, {8, 32}, 640).result();
    return std::vector{r.d_tracer, r.d_jump, r.d_tracer_A2_per_s[0][1]};
  });
  for (const int count : counts) CHECK(count >= walks::fewest);
}

TEST_CASE("motion with a memory longer than the lag is reported") {
  const walks::Walkers persistent{20, {1.0, 0.0, 0.0}, 0.95, 1.0};  // memory of 20 hops
  const Axes x{true, false, false};
  CHECK_FALSE(walks::run_walkers(persistent, 6, 4000, {8, 40}).result(x).lag_converged);
  CHECK(walks::run_walkers(persistent, 6, 40000, {400, 1200}).result(x).lag_converged);
}

TEST_CASE("correlated segments are joined") {
  // The walkers move only in every other stretch of 8 segments.
  Transport transport(5, {8, 16});
  Random rng = walks::random(7);
  walks::Ions ions(5);
  for (int k = 0; k <= 16 * 128; ++k) {
    transport.record(k, ions.moved_A, ions.hops_A2);
    for (std::size_t i = 0; i < 5 && k / 128 % 2 == 0; ++i)
      ions.hop(i, Vector3d(rng.normal(), rng.normal(), rng.normal()));
  }
  CHECK(transport.result().segments == 128);
  CHECK(transport.result().segments_per_block >= 4);
}

TEST_CASE("merged replicas have the segments of all of them") {
  Transport a = walks::run_walkers({}, 8, 320, {8, 32});
  const Transport b = walks::run_walkers({}, 9, 640, {8, 32});
  a.merge(b);
  CHECK(a.segments().size() == 30);
  const Transport rebuilt(a.n_ions(), a.config(), a.segments());
  CHECK(rebuilt.result().d_tracer.value == a.result().d_tracer.value);
  CHECK(a.result().d_tracer.degrees == 29.0);
}

TEST_CASE("runs that differ in ions or lags cannot be merged") {
  Transport a(3, {8, 32});
  CHECK_THROWS_AS(a.merge(Transport(4, {8, 32})), Error);
  CHECK_THROWS_AS(a.merge(Transport(3, {4, 32})), Error);
  CHECK_THROWS_AS(a.merge(Transport(3, {8, 16})), Error);
}

TEST_CASE("without a finished segment nothing is defined, with one the error is unknown") {
  CHECK_FALSE(is_defined(Transport(3, {8, 32}).result().d_tracer));
  CHECK_FALSE(Transport(3, {8, 32}).result().lag_converged);
  CHECK(std::isinf(walks::run_walkers({}, 1, 32, {8, 32}).result().d_tracer.error));
}

TEST_CASE("transport settings and records that make no sense are refused") {
  CHECK_THROWS_AS(Transport(0, {8, 32}), InputError);
  CHECK_THROWS_AS(Transport(1, {6, 32}), InputError);
  CHECK_THROWS_AS(Transport(1, {8, 15}), InputError);
  Transport transport(1, {8, 32});
  CHECK_THROWS_AS(transport.result({false, false, false}), InputError);
  const std::vector<Vector3d> one(1, Vector3d::Zero()), two(2, Vector3d::Zero());
  transport.record(1.0, one, Matrix3d::Zero());
  CHECK_THROWS_AS(transport.record(1.0, one, Matrix3d::Zero()), Error);
  CHECK_THROWS_AS(transport.record(2.0, two, Matrix3d::Zero()), Error);
}

TEST_CASE("a run of any length is cut into valid segments") {
  for (const std::int64_t samples : {1LL, 100LL, 1000LL, 123457LL, 10000000000LL}) {
    const TransportConfig config = transport_config_for(samples);
    InputReport report;
    check(config, report);
    CHECK(report.empty());
    if (samples >= 240) CHECK(samples / config.segment_samples >= 20);
  }
}

TEST_CASE("a stored transport goes on with the same bits, at any place of a segment") {
  const TransportConfig config{4, 8};
  for (const int before : {0, 1, 7, 8, 9, 20}) {
    Random rng = walks::random(3);
    Transport whole(2, config), resumed(2, config);
    const auto record = [&](int k, std::vector<Transport*> all) {
      const std::vector<Vector3d> at(2, Vector3d(rng.normal(), rng.normal(), k));
      for (Transport* t : all) t->record(0.3 * k, at, k * Matrix3d::Identity());
    };
    for (int k = 0; k < before; ++k) record(k, {&whole});
    Archive archive;
    whole.save(archive, "transport/");
    resumed.load(archive, "transport/");
    for (int k = before; k < 40; ++k) record(k, {&whole, &resumed});
    Archive a, b;
    whole.save(a, "");
    resumed.save(b, "");
    CHECK(a.arrays() == b.arrays());
    CHECK(whole.result().d_tracer.value == resumed.result().d_tracer.value);
  }
}

TEST_CASE("a transport of another number of ions or config is not loaded") {
  Archive archive;
  run_cage(1, {4, 8}, 20).save(archive, "");
  Transport other(3, {4, 8}), longer(2, {4, 16});
  CHECK_THROWS_AS(other.load(archive, ""), InputError);
  CHECK_THROWS_AS(longer.load(archive, ""), InputError);
}
