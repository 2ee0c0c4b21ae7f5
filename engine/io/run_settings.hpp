#pragma once
#include <string>
#include <vector>

#include "analysis/diffusion_run.hpp"
#include "core/error.hpp"
#include "io/input.hpp"
#include "mc/run.hpp"

namespace lithiate::io {

/// Temperatures that every verb accepts, in K. Below the floor kT is smaller than any energy
/// difference of an expansion, so that a run would only show its start.
inline constexpr double least_temperature_K = 1.0, most_temperature_K = 10'000.0;

/// Size of a supercell: repeats of the host cell, or by the number of free sites if they are zero.
struct SupercellSize {
  crystal::Vector3i repeats = crystal::Vector3i::Zero();
  std::int64_t min_sites = 400;
};

/// Parts that several run files share. All throw InputError with file:line:key.
///
/// repeats or min_sites of a table, not both.
SupercellSize read_supercell(const Input& table, std::int64_t default_min_sites);
mc::SamplingConfig read_sampling(const Input& input);       ///< [sampling]
observe::Axes read_axes(const Input& input);                ///< axes = "xy"
std::vector<double> read_temperatures(const Input& input);  ///< temperature_K, one or a list
/// Info keys whose values are summed: at least one, none twice.
std::vector<std::string> read_energy_keys(const Input& table, const std::string& key);
std::vector<std::string> read_energy_keys(const Input& table, const std::string& key,
                                          const std::vector<std::string>& fallback);
/// A text that can name a file inside a folder: no '/', not "..", not empty.
std::string read_file_name(const Input& table, const std::string& key);

/// f(), with the place in front of its InputErrors.
template <class F>
auto at_place(const std::string& where, F f) {
  try {
    return f();
  } catch (const InputError& e) {
    throw InputError(where + ": " + e.what());
  }
}

}  // namespace lithiate::io
