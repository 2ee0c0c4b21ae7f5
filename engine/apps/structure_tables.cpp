#include "apps/structure_tables.hpp"

#include <fmt/format.h>

#include "core/text.hpp"

namespace lithiate::apps {

using crystal::Structure;

void print_overview(const Structure& s, const crystal::SpaceGroup& group) {
  const auto p = s.lattice.parameters();
  fmt::print("structure    {}\n", s.name);
  if (!s.source.empty()) fmt::print("source       {}\n", s.source);
  fmt::print(
      "lattice      a {:.4f} b {:.4f} c {:.4f} A, alpha {:.3f} beta {:.3f} gamma {:.3f} deg, "
      "{:.3f} A^3\n",
      p[0], p[1], p[2], p[3], p[4], p[5], s.lattice.volume_A3());
  fmt::print("space group  {} ({}), {} operations\n\n", group.symbol(), group.number(),
             group.operations().size());
}

void print_sites(const Structure& s, const crystal::SpaceGroup& group) {
  fmt::print("{:>4}  {:>9} {:>9} {:>9}  {:<7} {:>5}  {}\n", "site", "x", "y", "z", "Wyckoff",
             "class", "allowed species");
  for (std::size_t i = 0; i < s.sites.size(); ++i) {
    const auto& f = s.sites[i].fractional;
    fmt::print("{:>4}  {:>9.5f} {:>9.5f} {:>9.5f}  {:<7} {:>5}  {}\n", i, f[0], f[1], f[2],
               group.wyckoff()[i], group.equivalent()[i], joined(s.sites[i].allowed));
  }
}

}  // namespace lithiate::apps
