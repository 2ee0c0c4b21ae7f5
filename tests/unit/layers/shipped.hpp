#pragma once
/// The shipped layered prims, taken apart.
#include <string>

#include "io/read_structure.hpp"
#include "layers/one_slab.hpp"

namespace lithiate::layers {

inline crystal::Structure shipped(const std::string& file) {
  return io::read_structure(std::string(LITHIATE_SOURCE_DIR) + "/structures/" + file);
}

inline OneSlab shipped_slab(const std::string& file) { return take_apart(shipped(file)); }

inline const std::vector<std::string>& honeycomb_prims() {
  static const std::vector<std::string> files{"LixVCl3/V2Cl6_O1-AAA.toml",
                                              "LixVCl3/V2Cl6_O1-R3.toml", "LixVCl3/V2Cl6_O3.toml"};
  return files;
}

}  // namespace lithiate::layers
