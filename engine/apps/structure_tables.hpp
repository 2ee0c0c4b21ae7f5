#pragma once
#include "crystal/space_group.hpp"

namespace lithiate::apps {

/// Name, source, lattice and space group, on stdout.
void print_overview(const crystal::Structure& structure, const crystal::SpaceGroup& group);
/// A line per site: place, Wyckoff letter, class, allowed species.
void print_sites(const crystal::Structure& structure, const crystal::SpaceGroup& group);

}  // namespace lithiate::apps
