#include <fmt/format.h>
#include <mpi.h>

#include <algorithm>
#include <cstdlib>
#include <numeric>
#include <string>

#include "core/error.hpp"
#include "parallel/session.hpp"

namespace lithiate::parallel {
namespace {

/// Calls part(first, count) for pieces that MPI's 32-bit counts hold.
template <class Part>
void in_pieces(std::size_t n, Part part) {
  constexpr std::size_t most = std::size_t{1} << 30;
  for (std::size_t first = 0; first < n; first += most)
    part(first, static_cast<int>(std::min(most, n - first)));
}

}  // namespace

Session::Session(int& argc, char**& argv) {
  const int launched = launched_processes();
  if (launched == 1) return;  // nobody to talk to: MPI stays asleep
  int provided = 0;
  MPI_Init_thread(&argc, &argv, MPI_THREAD_FUNNELED, &provided);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank_);
  MPI_Comm_size(MPI_COMM_WORLD, &size_);
  if (size_ > 1) return;
  char library[MPI_MAX_LIBRARY_VERSION_STRING];
  int length = 0;
  MPI_Get_library_version(library, &length);
  MPI_Finalize();
  const std::string text(library, static_cast<std::size_t>(length));
  throw UsageError(
      fmt::format("{} processes were launched, but MPI sees 1; expected the launcher of the MPI "
                  "this program was built with ({})",
                  launched, text.substr(0, text.find_first_of(",\n"))));
}

Session::~Session() {
  if (size_ > 1) MPI_Finalize();
}

void Session::sum(std::span<std::int64_t> values) const {
  if (size_ == 1) return;
  MPI_Allreduce(MPI_IN_PLACE, values.data(), static_cast<int>(values.size()), MPI_INT64_T, MPI_SUM,
                MPI_COMM_WORLD);
}

std::int64_t Session::max(std::int64_t value) const {
  if (size_ == 1) return value;
  MPI_Allreduce(MPI_IN_PLACE, &value, 1, MPI_INT64_T, MPI_MAX, MPI_COMM_WORLD);
  return value;
}

void Session::broadcast(std::span<std::byte> bytes) const {
  if (size_ == 1) return;
  in_pieces(bytes.size(), [&](std::size_t first, int count) {
    MPI_Bcast(bytes.data() + first, count, MPI_BYTE, 0, MPI_COMM_WORLD);
  });
}

std::vector<std::byte> Session::gather(std::span<const std::byte> mine) const {
  constexpr int tag = 1;
  std::vector<std::int64_t> bytes(static_cast<std::size_t>(size_));
  bytes[static_cast<std::size_t>(rank_)] = std::ssize(mine);
  sum(bytes);
  if (rank_ != 0) {
    in_pieces(mine.size(), [&](std::size_t first, int count) {
      MPI_Send(mine.data() + first, count, MPI_BYTE, 0, tag, MPI_COMM_WORLD);
    });
    return {};
  }
  std::vector<std::byte> all(
      static_cast<std::size_t>(std::accumulate(bytes.begin(), bytes.end(), std::int64_t{0})));
  auto at = std::copy(mine.begin(), mine.end(), all.begin());
  for (int rank = 1; rank < size_; ++rank) {
    const auto n = static_cast<std::size_t>(bytes[static_cast<std::size_t>(rank)]);
    in_pieces(n, [&](std::size_t first, int count) {
      MPI_Recv(&*at + first, count, MPI_BYTE, rank, tag, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    });
    at += static_cast<std::ptrdiff_t>(n);
  }
  return all;
}

void Session::shift(int step, std::span<const std::byte> out, std::span<std::byte> in) const {
  constexpr int tag = 2;
  if (size_ == 1) {
    std::copy(out.begin(), out.end(), in.begin());
    return;
  }
  const int to = (rank_ + step + size_) % size_, from = (rank_ - step + size_) % size_;
  in_pieces(out.size(), [&](std::size_t first, int count) {
    MPI_Sendrecv(out.data() + first, count, MPI_BYTE, to, tag, in.data() + first, count, MPI_BYTE,
                 from, tag, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
  });
}

void Session::abort(int exit_code) const noexcept {
  if (size_ > 1) MPI_Abort(MPI_COMM_WORLD, exit_code);
  std::_Exit(exit_code);
}

}  // namespace lithiate::parallel
