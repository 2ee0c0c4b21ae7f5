#pragma once
#include <cstdint>

namespace lithiate::fixtures {

/// Calls of operator new in this binary so far (allocation_count.cpp replaces it).
std::int64_t allocations() noexcept;

}  // namespace lithiate::fixtures
