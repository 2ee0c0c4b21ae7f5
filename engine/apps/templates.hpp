#pragma once
#include <string>
#include <vector>

namespace lithiate::apps {

struct TemplateFile {
  std::string name, text;
};

/// A commented material folder to start from: every key that the verbs read, with its unit.
const std::vector<TemplateFile>& material_template();

}  // namespace lithiate::apps
