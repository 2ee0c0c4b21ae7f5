#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "analysis/diffusion_run.hpp"
#include "io/run_settings.hpp"
#include "io/text_file.hpp"
#include "mc/run.hpp"
#include "model/phase.hpp"

namespace lithiate::io {

/// One phase of a model in one supercell: what `mc` and `kmc` sample.
struct PhaseChoice {
  model::Material material;
  std::string phase;  ///< name; the first if the file gives none
  SupercellSize size;
  std::string where;  ///< file:line:supercell for messages

  const model::Phase& chosen() const;
  model::PhaseCell compiled() const;  ///< throws InputError with the place
};

/// Run file of `mc`: temperatures, and either compositions or chemical potentials.
struct McFile {
  std::filesystem::path path;
  std::vector<InputFile> inputs;       ///< every file that was read for it
  std::vector<std::string> overrides;  ///< --set KEY=VALUE
  PhaseChoice cell;
  std::vector<double> temperature_K;
  std::vector<double> x;          ///< canonical
  std::vector<double> voltage_V;  ///< semi-grand: mu = V_reference - V
  mc::SamplingConfig sampling;
  std::uint64_t seed = 1;
};

/// Run file of `kmc`: one trajectory.
struct KmcFile {
  std::filesystem::path path;
  std::vector<InputFile> inputs;       ///< every file that was read for it
  std::vector<std::string> overrides;  ///< --set KEY=VALUE
  PhaseChoice cell;
  double temperature_K = 300.0, x = 0.5;
  double equilibration_hops_per_ion = 50.0, hops_per_ion = 200.0;
  int frames = 100;           ///< of the written trajectory
  bool random_start = false;  ///< else from Metropolis sampling at the same temperature
  bool tiles = false;         ///< algorithm = "tiles", else "exact"
  double window_s = 0.0;      ///< of tiles; 0: a tenth of the shortest mean time of a hop
  int tile_cells = 1;         ///< least width of a sector
  bool basins = true;         ///< of exact: basin = "auto", else "off"
  bool measure_bias = false;  ///< of tiles, from runs with window / 2 and window / 4
  observe::Axes axes;
  std::uint64_t seed = 1;
};

McFile read_mc_file(const std::filesystem::path& path, const std::vector<std::string>& overrides);
KmcFile read_kmc_file(const std::filesystem::path& path, const std::vector<std::string>& overrides);

}  // namespace lithiate::io
