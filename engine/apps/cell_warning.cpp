#include "apps/cell_warning.hpp"

#include <fmt/format.h>

#include "core/log.hpp"

namespace lithiate::apps {

void warn_not_primitive(const crystal::Structure& structure, const crystal::SpaceGroup& group) {
  const int n = primitive_cells(group);
  if (n > 1)
    log::warning(
        fmt::format("{}: the cell is not primitive, it holds {} primitive cells; 'lithiate "
                    "structure FILE --primitive' prints one",
                    structure.name, n));
}

}  // namespace lithiate::apps
