#include "core/archive.hpp"

#include "core/error.hpp"

namespace lithiate {

const Archive::Array& Archive::at(const std::string& name) const {
  const auto found = arrays_.find(name);
  if (found == arrays_.end()) throw InputError("checkpoint: no '" + name + "' in it");
  return found->second;
}

void Archive::wrong_kind(const std::string& name) {
  throw InputError("checkpoint: '" + name + "' holds something else than expected");
}

}  // namespace lithiate
