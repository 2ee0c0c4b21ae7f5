#pragma once
#include <omp.h>

#include <cstddef>
#include <exception>

namespace lithiate::parallel {

inline int max_threads() noexcept { return omp_get_max_threads(); }

/// Calls body(i, thread) for i = 0 to n - 1 in any order, on as many threads as OpenMP may use. If
/// some throw, the exception of the first i is thrown again when all are done.
template <class Body>
void for_each(std::ptrdiff_t n, Body body) {
  std::exception_ptr fault;
  std::ptrdiff_t first_fault = n;
#pragma omp parallel for schedule(dynamic)
  for (std::ptrdiff_t i = 0; i < n; ++i) {
    try {
      body(i, omp_get_thread_num());
    } catch (...) {  // an exception must not leave the parallel loop
#pragma omp critical
      if (i < first_fault) {
        first_fault = i;
        fault = std::current_exception();
      }
    }
  }
  if (fault) std::rethrow_exception(fault);
}

}  // namespace lithiate::parallel
