#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace lithiate::parallel {

/// The processes of this run. One object, in main, for as long as the program runs; one process
/// without MPI. Calls marked collective are made by all ranks in the same order, by one thread.
class Session {
 public:
  /// Starts MPI. Throws UsageError if a launcher started several processes that are not ranks of
  /// one MPI run: a build without MPI, or against another MPI than the launcher's.
  Session(int& argc, char**& argv);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  int rank() const noexcept { return rank_; }
  int size() const noexcept { return size_; }
  bool is_root() const noexcept { return rank_ == 0; }

  /// Sums over ranks, in place, on every rank. Collective.
  void sum(std::span<std::int64_t> values) const;
  /// The largest over ranks, on every rank. Collective.
  std::int64_t max(std::int64_t value) const;
  /// The root's bytes, on every rank. Collective.
  void broadcast(std::span<std::byte> bytes) const;
  /// Bytes of all ranks in their order at the root, nothing elsewhere. Collective.
  std::vector<std::byte> gather(std::span<const std::byte> mine) const;
  /// Sends to one neighbour of the ring of ranks and receives from the other. Collective.
  /// @param step  1: to rank + 1, from rank - 1; -1: the other way
  void shift(int step, std::span<const std::byte> out, std::span<std::byte> in) const;
  /// Ends all processes at once.
  [[noreturn]] void abort(int exit_code) const noexcept;

 private:
  int rank_ = 0, size_ = 1;
};

/// Processes that a launcher (mpirun, srun) says it started; 1 if there is none. Throws UsageError
/// if srun started several and gave them no interface to find each other.
int launched_processes();

/// Gathers records without pointers.
template <class T>
std::vector<T> gather(const Session& session, std::span<const T> mine) {
  const auto bytes = session.gather(std::as_bytes(mine));
  std::vector<T> all(bytes.size() / sizeof(T));
  std::copy(bytes.begin(), bytes.end(), std::as_writable_bytes(std::span(all)).begin());
  return all;
}

}  // namespace lithiate::parallel
