#pragma once
#include <filesystem>
#include <vector>

#include "analysis/report_page.hpp"
#include "io/charge_file.hpp"
#include "io/results.hpp"

namespace lithiate::apps {

/// charge_hysteresis_mV, charge_transition_x, charge_glides.
void set_charge(io::Results& results, const io::ChargeFile& file, const analysis::ChargeRun& run);
/// charge.csv: per temperature, current, direction and x.
void write_charge_table(const std::filesystem::path& folder, const io::ChargeFile& file,
                        const analysis::ChargeRun& run);
/// trajectory.xyz: the frames of the first loop's first replica, insertion then removal.
void write_charge_movie(const std::filesystem::path& folder, const io::ChargeFile& file,
                        const stacking::LayeredMaterial& material,
                        const stacking::StackModel& model, const analysis::ChargeRun& run);
/// Voltage, families, lithium per gap and domains against x, from charge.csv; none without it.
std::vector<analysis::Figure> charge_figures(const std::filesystem::path& folder);

}  // namespace lithiate::apps
