#include "model/bit_lattice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "core/error.hpp"

namespace lithiate::model {
namespace {

std::vector<std::int32_t> wrapped(int n, int reach, std::int64_t stride) {
  std::vector<std::int32_t> first;
  for (int c = -reach; c < n + reach; ++c)
    first.push_back(static_cast<std::int32_t>(((c % n) + n) % n * stride));
  return first;
}

}  // namespace

int longest_axis(const crystal::Vector3i& repeats) noexcept {
  int axis = 0;
  for (int k = 1; k < 3; ++k)
    if (repeats[k] >= repeats[axis]) axis = k;
  return axis;
}

BitLattice::BitLattice(const CellGrid& grid, const crystal::Vector3i& reach, int axis)
    : grid_(grid),
      axis_(static_cast<std::size_t>(axis)),
      axis_u_(axis_ == 0 ? 1 : 0),
      axis_v_(axis_ == 2 ? 1 : 2),
      n_(grid.repeats()[static_cast<long>(axis_)]),
      reach_(reach[static_cast<long>(axis_)]),
      reach_u_(reach[static_cast<long>(axis_u_)]),
      reach_v_(reach[static_cast<long>(axis_v_)]),
      words_per_row_((n_ + 2 * reach_ + 63) / 64 + 1) {
  const int n_u = grid.repeats()[static_cast<long>(axis_u_)];
  const int n_v = grid.repeats()[static_cast<long>(axis_v_)];
  const std::int64_t stride_v = static_cast<std::int64_t>(words_per_row_) * grid.n_sublattices();
  const std::int64_t n_words = stride_v * n_v * n_u;
  if (n_words > std::numeric_limits<std::int32_t>::max())
    throw InputError(fmt::format("supercell: {} sites need {} words of bits, expected at most {}",
                                 grid.n_sites(), n_words,
                                 std::numeric_limits<std::int32_t>::max()));
  wrap_u_ = wrapped(n_u, reach_u_, stride_v * n_v);
  wrap_v_ = wrapped(n_v, reach_v_, stride_v);
  words_.assign(static_cast<std::size_t>(n_words), 0);
}

void BitLattice::flip(const Position& p, int sublattice) noexcept {
  std::uint64_t* row = words_.data() + p.u[0] + p.v[0] + sublattice * words_per_row_;
  const auto flip_bit = [row](int bit) { row[bit >> 6] ^= std::uint64_t{1} << (bit & 63); };
  flip_bit(p.bit);
  for (int bit = p.bit + n_; bit < n_ + 2 * reach_; bit += n_) flip_bit(bit);
  for (int bit = p.bit - n_; bit >= 0; bit -= n_) flip_bit(bit);
}

}  // namespace lithiate::model
