#pragma once
#include "crystal/space_group.hpp"

namespace lithiate::apps {

/// Warns if the cell of a structure holds several primitive cells: numbers "per cell" then count
/// several of them, and enumeration has fewer sizes to offer.
void warn_not_primitive(const crystal::Structure& structure, const crystal::SpaceGroup& group);

}  // namespace lithiate::apps
