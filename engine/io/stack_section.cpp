#include "io/stack_section.hpp"

namespace lithiate::io {
namespace {

constexpr double meV = 1e-3;

std::array<int, 2> read_pair(const Input& table, const std::string& key, std::array<int, 2> pair) {
  const auto numbers = table.integers(key, {pair[0], pair[1]}, Range(1, 10'000));
  if (numbers.size() != 2) table.fail(key, "expected two whole numbers, along a1 and a2");
  return {static_cast<int>(numbers[0]), static_cast<int>(numbers[1])};
}

/// An energy that nothing in the model gives: an input, with its source.
double read_sourced(const Input& table, const std::string& key, const std::string& source_key,
                    std::string& source) {
  const double value = meV * table.number(key, 0.0);
  source = table.text(source_key, "");
  if (value != 0.0 && source.empty())
    table.fail(key, "expected with " + source_key + ": where this number comes from");
  return value;
}

}  // namespace

void read_shape(const Input& table, analysis::StackConfig& c, StackSources& sources) {
  c.gaps = static_cast<int>(table.integer("gaps", c.gaps, Range(1, 10'000)));
  c.cells = read_pair(table, "cells", c.cells);
  c.patch = read_pair(table, "patch", c.patch);
  c.wall_eV_per_A = read_sourced(table, "wall_meV_per_A", "wall_source", sources.wall);
  c.coherency_eV = read_sourced(table, "coherency_meV", "coherency_source", sources.coherency);
  c.follow_steps =
      static_cast<int>(table.integer("follow_steps", c.follow_steps, Range(0, 100'000)));
}

StackSection read_stack(const Input& table, std::uint64_t seed) {
  StackSection section;
  analysis::RegistryConfig& c = section.config;
  c.seed = seed;
  read_shape(table, c.stack, section.sources);
  c.glides_per_patch = table.positive("glides_per_patch", c.glides_per_patch);
  c.sweeps = table.integer("sweeps", c.sweeps, Range(16, 1'000'000'000));
  c.step_kT = table.positive("step_kT", c.step_kT);
  InputReport report(table.path().string() + ": stack");
  check(c, report);
  report.throw_if_any();
  return section;
}

}  // namespace lithiate::io
