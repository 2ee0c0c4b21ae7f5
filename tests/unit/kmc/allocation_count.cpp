#include "allocation_count.hpp"

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<std::int64_t> n_allocations{0};

}  // namespace

namespace lithiate::fixtures {

std::int64_t allocations() noexcept { return n_allocations.load(); }

}  // namespace lithiate::fixtures

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define LITHIATE_COUNTS_NOTHING  // the thread sanitizer has operators of its own
#endif
#endif
#ifndef LITHIATE_COUNTS_NOTHING
void* operator new(std::size_t size) {
  ++n_allocations;
  if (void* p = std::malloc(size)) return p;
  throw std::bad_alloc();
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  ++n_allocations;
  return std::malloc(size);
}
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
#endif
