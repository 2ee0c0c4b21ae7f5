#pragma once
#include <omp.h>

#include <cstddef>

namespace lithiate::parallel {

inline int max_threads() noexcept { return omp_get_max_threads(); }

/// Calls body(i, thread) for i = 0 to n - 1 in any order, on as many threads as OpenMP may use.
/// The body must not throw.
template <class Body>
void for_each(std::ptrdiff_t n, Body body) noexcept {
#pragma omp parallel for schedule(dynamic)
  for (std::ptrdiff_t i = 0; i < n; ++i) body(i, omp_get_thread_num());
}

}  // namespace lithiate::parallel
