#include <cstdlib>

#include <algorithm>
#include <array>
#include <string_view>

#include "core/error.hpp"
#include "core/text.hpp"
#include "parallel/session.hpp"

namespace lithiate::parallel {

namespace {

/// How processes of srun find each other: by PMIx or PMI.
bool has_interface() {
  constexpr std::array names{"PMIX_RANK", "PMI_RANK", "PMI_FD"};
  return std::any_of(names.begin(), names.end(),
                     [](const char* name) { return std::getenv(name) != nullptr; });
}

}  // namespace

int launched_processes() {
  // A batch step of Slurm sets SLURM_NTASKS for itself too; only srun's tasks have a step's count.
  for (const char* variable : {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "SLURM_STEP_NUM_TASKS"}) {
    const char* text = std::getenv(variable);
    const auto n = text != nullptr ? parse_integer(text) : std::nullopt;
    if (!n || *n <= 1) continue;
    if (std::string_view(variable).starts_with("SLURM") && !has_interface())
      throw UsageError("srun started " + std::string(text) +
                       " processes without a way to find each other; expected srun --mpi=pmix "
                       "(OpenMPI) or --mpi=pmi2 (MPICH)");
    return static_cast<int>(*n);
  }
  return 1;
}

}  // namespace lithiate::parallel
