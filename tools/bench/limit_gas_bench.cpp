/// The hand-written special case beside kmc_gas_1e4: half-filled triangular lattice gas, nearest-
/// neighbour repulsion of kT / 2, rates min(1, exp(-dE / kT)); bytes for occupations, a power of
/// two as edge, displacements of each ion kept.
#include <benchmark/benchmark.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <random>
#include <vector>

namespace {

class LimitGas {
 public:
  explicit LimitGas(int log2_edge)
      : log2_edge_(log2_edge),
        mask_((1 << log2_edge) - 1),
        occupied_(std::size_t{1} << 2 * log2_edge),
        site_of_(occupied_.size() / 2),
        walked_(site_of_.size()) {
    std::vector<std::int32_t> sites(occupied_.size());
    std::iota(sites.begin(), sites.end(), 0);
    std::shuffle(sites.begin(), sites.end(), std::mt19937_64(1));
    for (std::size_t ion = 0; ion < site_of_.size(); ++ion) {
      occupied_[static_cast<std::size_t>(sites[ion])] = 1;
      site_of_[ion] = sites[ion];
    }
    for (int d = -6; d <= 6; ++d)
      chance_[static_cast<std::size_t>(d + 6)] = std::min(1.0, std::exp(-0.5 * d));
  }

  /// @return hops.
  std::int64_t run(int trials) {
    std::int64_t hops = 0;
    for (int k = 0; k < trials; ++k) hops += attempt();
    return hops;
  }

 private:
  static constexpr std::array<int, 6> dx{1, -1, 0, 0, 1, -1}, dy{0, 0, 1, -1, -1, 1};

  std::uint64_t bits() {  // xoshiro256++ (Blackman and Vigna)
    const auto turn = [](std::uint64_t x, int k) { return (x << k) | (x >> (64 - k)); };
    const std::uint64_t result = turn(s_[0] + s_[3], 23) + s_[0], t = s_[1] << 17;
    s_[2] ^= s_[0];
    s_[3] ^= s_[1];
    s_[1] ^= s_[2];
    s_[0] ^= s_[3];
    s_[2] ^= t;
    s_[3] = turn(s_[3], 45);
    return result;
  }
  std::size_t at(int x, int y) const {
    return static_cast<std::size_t>((y & mask_) << log2_edge_ | (x & mask_));
  }
  int neighbours(int x, int y) const {
    int n = 0;
    for (std::size_t e = 0; e < 6; ++e) n += occupied_[at(x + dx[e], y + dy[e])];
    return n;
  }
  bool attempt() {
    const std::uint64_t u = bits();
    const std::size_t ion = static_cast<std::size_t>(((u >> 32) * site_of_.size()) >> 32);
    const std::size_t d = ((u & 0xffff) * 6) >> 16;
    const int site = site_of_[ion], x = site & mask_, y = site >> log2_edge_;
    const std::size_t to = at(x + dx[d], y + dy[d]);
    if (occupied_[to]) return false;
    const int dE = neighbours(x + dx[d], y + dy[d]) - 1 - neighbours(x, y);
    const double chance = chance_[static_cast<std::size_t>(dE + 6)];
    if (chance < 1.0 && static_cast<double>(u >> 16 & 0xffff) / 65536.0 >= chance) return false;
    occupied_[static_cast<std::size_t>(site)] = 0;
    occupied_[to] = 1;
    site_of_[ion] = static_cast<std::int32_t>(to);
    walked_[ion][0] += dx[d];
    walked_[ion][1] += dy[d];
    return true;
  }

  int log2_edge_, mask_;
  std::vector<std::uint8_t> occupied_;
  std::vector<std::int32_t> site_of_;
  std::vector<std::array<std::int32_t, 2>> walked_;
  std::array<double, 13> chance_{};
  std::array<std::uint64_t, 4> s_{0x9e3779b97f4a7c15, 2, 3, 4};
};

void limit_gas(benchmark::State& state, int log2_edge) {
  LimitGas gas(log2_edge);
  gas.run(1'000'000);
  std::int64_t hops = 0;
  for (auto _ : state) hops += gas.run(1 << 20);
  state.SetItemsProcessed(hops);
}
BENCHMARK_CAPTURE(limit_gas, 1e4, 7)->Name("limit_gas_1e4");
BENCHMARK_CAPTURE(limit_gas, 1e6, 10)->Name("limit_gas_1e6");
BENCHMARK_CAPTURE(limit_gas, 1.6e7, 12)->Name("limit_gas_1.6e7");

}  // namespace
