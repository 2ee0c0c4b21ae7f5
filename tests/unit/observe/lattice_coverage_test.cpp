/// One vacancy among tracers: 95 % intervals against the exact correlation factor of the torus.
#include <catch2/catch.hpp>

#include "unit/observe/walks.hpp"

using namespace lithiate;
using namespace lithiate::observe;

namespace {

void check_vacancy(const walks::Torus& torus, int samples, int hops,
                   const TransportConfig& config) {
  const double f = walks::exact_f(torus);
  const double D_unc = 1.0 / (4.0 * (torus.sites() - 1));  // A2/s: one hop of 1 A per second
  const std::vector<double> exact = {f * D_unc, D_unc, D_unc, f, 1.0, f};
  const std::vector<int> counts = walks::covered(exact, [&](int seed) {
    const TransportResult r =
        walks::run_vacancy(torus, seed, samples, hops, config).result({true, true, false});
    return std::vector{r.d_tracer, r.d_jump, r.d_uncorrelated, r.f, r.f_collective, r.haven};
  });
  for (const int count : counts) {
    CHECK(count >= walks::fewest);
    CHECK(count <= walks::most);
  }
}

}  // namespace

TEST_CASE("intervals of a vacancy on a triangular torus hold D*, D_J, f, f_I and H_R") {
  check_vacancy({9, 6}, 1280, 40, {16, 64});
}

TEST_CASE("intervals of a vacancy on a square torus hold D*, D_J, f, f_I and H_R") {
  check_vacancy({9, 4}, 1280, 40, {16, 64});
}

TEST_CASE("intervals from few short segments hold D*, D_J, f, f_I and H_R") {
  check_vacancy({5, 6}, 240, 20, {8, 20});
}
