#include "io/run_settings.hpp"

namespace lithiate::io {

crystal::Vector3i read_repeats(const Input& table) {
  if (!table.has("repeats")) return crystal::Vector3i::Zero();
  const auto n = table.integers("repeats");
  if (n.size() != 3 || n[0] < 1 || n[1] < 1 || n[2] < 1)
    table.fail("repeats", "expected three whole numbers of at least 1");
  return {static_cast<int>(n[0]), static_cast<int>(n[1]), static_cast<int>(n[2])};
}

mc::SamplingConfig read_sampling(const Input& input) {
  mc::SamplingConfig s;
  if (const auto table = input.optional_table("sampling")) {
    s.min_sweeps = table->integer("min_sweeps", s.min_sweeps);
    s.max_sweeps = table->integer("max_sweeps", s.max_sweeps);
    s.x_error = table->number("x_error", s.x_error);
  }
  return s;
}

observe::Axes read_axes(const Input& input) {
  const std::string text = input.text("axes", "xyz");
  observe::Axes axes{false, false, false};
  for (const char c : text) {
    if (c == 'x')
      axes.x = true;
    else if (c == 'y')
      axes.y = true;
    else if (c == 'z')
      axes.z = true;
    else
      input.fail("axes", "expected some of x, y, z, as in \"xy\"");
  }
  if (text.empty()) input.fail("axes", "expected at least one of x, y, z");
  return axes;
}

}  // namespace lithiate::io
