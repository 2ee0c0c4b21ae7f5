#include <cstdlib>

#include "core/text.hpp"
#include "parallel/session.hpp"

namespace lithiate::parallel {

int launched_processes() {
  // A batch step of Slurm sets SLURM_NTASKS for itself too; only srun's tasks have a step's count.
  for (const char* variable : {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "SLURM_STEP_NUM_TASKS"}) {
    const char* text = std::getenv(variable);
    const auto n = text != nullptr ? parse_integer(text) : std::nullopt;
    if (n && *n > 1) return static_cast<int>(*n);
  }
  return 1;
}

}  // namespace lithiate::parallel
