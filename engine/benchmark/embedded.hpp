#pragma once
#include <string_view>

namespace lithiate::benchmark {

/// engine/benchmark/exact_physics.csv and the garnet site list of structures/LLZO_morgan2017, as
/// they were at build time.
std::string_view exact_physics_csv();
std::string_view garnet_site_list();

}  // namespace lithiate::benchmark
