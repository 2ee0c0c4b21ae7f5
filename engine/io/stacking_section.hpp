#pragma once
#include <optional>
#include <string>
#include <vector>

#include "analysis/stacking_run.hpp"
#include "io/input.hpp"
#include "model/phase.hpp"

namespace lithiate::io {

/// [[experiment]] of a voltage file: a voltage, or a fact about stacking.
struct Experiment {
  std::string name, source;
  std::optional<double> voltage_V;
  std::optional<double> x;             ///< composition at which it is seen
  std::optional<double> separation_V;  ///< of a change below the voltage at x
  std::string from, to;                ///< families, if it is about the change between them
  std::string family;                  ///< if it is about a family
  std::optional<double> x_min, x_max;  ///< range of that family
};
Experiment read_experiment(const Input& entry);

/// [stacking] of a voltage file.
struct StackingSection {
  analysis::StackingConfig config;  ///< targets: of `of_target`, in its order
  std::vector<Experiment> of_target;
  std::string calibrated_to;     ///< empty: E_stack is computed here, nothing is added
  std::string dft_error_source;  ///< of config.dft_error_eV
  std::vector<std::string> families;
};
/// Throws InputError. Experiments about the change become targets.
StackingSection read_stacking(const Input& table, const std::vector<Experiment>& experiments,
                              std::uint64_t seed);
/// Families of phases and of computed structures. Throws InputError unless from and to are there.
void set_families(const Input& table, const std::vector<std::string>& known,
                  StackingSection& section);

}  // namespace lithiate::io
