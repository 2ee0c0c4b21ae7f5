#pragma once
#include <filesystem>
#include <vector>

#include "analysis/diffusion_run.hpp"
#include "analysis/voltage_run.hpp"
#include "io/results.hpp"
#include "io/run_files.hpp"

namespace lithiate::apps {

/// D at every temperature and composition of the file.
std::vector<analysis::DiffusionPoint> compute_diffusion(const io::DiffusionFile& file,
                                                        const analysis::VoltageRun& voltage,
                                                        Journal* journal = nullptr);

/// results.json (verb diffusion) and diffusion.csv.
void write_diffusion(const std::filesystem::path& folder, const io::DiffusionFile& file,
                     const std::vector<analysis::DiffusionPoint>& points);

}  // namespace lithiate::apps
