#pragma once
/// Counter-based random numbers: a stream is a function of its names, not of history.
#include <array>
#include <cstdint>

namespace lithiate {

/// Why a stream exists. Values are part of the checkpoint format: append, never renumber.
enum class Purpose : std::uint32_t {
  initial_state = 1,
  mc_step = 2,
  kmc_event = 3,
  resampling = 4,
  test = 5,
  anneal = 6,
  kmc_tile = 7,
  replica_swap = 8,
  wang_landau = 9,
  registries = 10,
  stack_charge = 11,
};

/// Philox 4x64-10 (Salmon et al., SC'11) keyed by seed and purpose; `place` and `cycle` name the
/// stream (a replica, a tile, a temperature index). No state is shared between streams.
class Random {
 public:
  Random(std::uint64_t seed, Purpose why, std::uint64_t place = 0,
         std::uint64_t cycle = 0) noexcept;

  std::uint64_t bits() noexcept {
    if (next_ == 4) refill();
    return block_[next_++];
  }
  double uniform() noexcept { return static_cast<double>(bits() >> 11) * 0x1p-53; }  ///< [0, 1)
  double uniform_nonzero() noexcept {                                                ///< (0, 1]
    return static_cast<double>((bits() >> 11) + 1) * 0x1p-53;
  }
  /// Uniform integer in [0, n). REQUIRES n > 0. Bias below n / 2^64.
  std::uint64_t below(std::uint64_t n) noexcept {
    __extension__ using Wide = unsigned __int128;
    return static_cast<std::uint64_t>((static_cast<Wide>(bits()) * n) >> 64);
  }
  // as the distributions of the standard library want it
  using result_type = std::uint64_t;
  static constexpr result_type min() noexcept { return 0; }
  static constexpr result_type max() noexcept { return ~result_type{0}; }
  result_type operator()() noexcept { return bits(); }
  double normal() noexcept;  ///< standard normal (Box-Muller, one of the pair)

  /// Where the stream stands: key, counter and the place in the block, for checkpoints.
  using Saved = std::array<std::uint64_t, 7>;
  Saved saved() const noexcept;
  /// Goes on exactly there. Throws InputError for numbers that no stream saves.
  static Random restored(const Saved& saved);

 private:
  void refill() noexcept;

  std::array<std::uint64_t, 2> key_;
  std::array<std::uint64_t, 4> counter_;
  std::array<std::uint64_t, 4> block_{};
  int next_ = 4;
};

}  // namespace lithiate
