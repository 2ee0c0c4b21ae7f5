#include "core/report.hpp"

#include "core/error.hpp"
#include "core/text.hpp"

namespace lithiate {

void InputReport::fault(const std::string& message) {
  faults_.push_back(where_.empty() ? message : where_ + ": " + message);
}

void InputReport::throw_if_any() const {
  if (!faults_.empty()) throw InputError(joined(faults_, "\n"));
}

}  // namespace lithiate
