#pragma once
#include "analysis/diffusion_run.hpp"
#include "io/input.hpp"
#include "mc/run.hpp"

namespace lithiate::io {

/// Parts that several run files share.
crystal::Vector3i read_repeats(const Input& table);    ///< zero if the key is missing
mc::SamplingConfig read_sampling(const Input& input);  ///< [sampling]
observe::Axes read_axes(const Input& input);           ///< axes = "xy"

}  // namespace lithiate::io
