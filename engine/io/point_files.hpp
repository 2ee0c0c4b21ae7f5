#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "analysis/diffusion_run.hpp"
#include "io/input.hpp"
#include "io/run_settings.hpp"
#include "io/text_file.hpp"
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

/// The keys model, phase and [supercell] of a run file.
PhaseChoice read_phase_choice(const Input& input);
/// The keys x and voltage_V, one number or a list each; empty where there is none.
void read_points(const Input& input, std::vector<double>& x, std::vector<double>& voltage_V);
/// Throws InputError unless exactly one of the two holds values.
void require_points(const Input& input, const std::vector<double>& x,
                    const std::vector<double>& voltage_V);
/// Throws InputError unless 0 < x <= x_max of the material.
void require_composition(const Input& input, const std::string& key, double x,
                         const model::Material& material);

/// Run file of `kmc`: one trajectory, or an ensemble of replicas at several state points.
struct KmcFile {
  std::filesystem::path path;
  std::vector<InputFile> inputs;       ///< every file that was read for it
  std::vector<std::string> overrides;  ///< --set KEY=VALUE
  PhaseChoice cell;
  std::vector<double> temperature_K;
  std::vector<double> x;          ///< canonical
  std::vector<double> voltage_V;  ///< or ions of a semi-grand state at mu = V_reference - V
  int replicas = 1;               ///< independent trajectories of each state point
  double equilibration_hops_per_ion = 50.0, hops_per_ion = 200.0;
  int frames = 100;           ///< of the written trajectory; 0: none is written
  bool random_start = false;  ///< else from Metropolis sampling at the same temperature
  bool tiles = false;         ///< algorithm = "tiles", else "exact"
  double window_s = 0.0;      ///< of tiles; 0: a tenth of the shortest mean time of a hop
  int tile_cells = 1;         ///< least width of a sector
  bool basins = true;         ///< of exact: basin = "auto", else "off"
  bool measure_bias = false;  ///< of tiles, from runs with window / 2 and window / 4
  observe::Axes axes;
  std::uint64_t seed = 1;

  std::int64_t n_trajectories() const noexcept {
    return replicas * std::ssize(temperature_K) * (std::ssize(x) + std::ssize(voltage_V));
  }
};

KmcFile read_kmc_file(const std::filesystem::path& path, const std::vector<std::string>& overrides);

}  // namespace lithiate::io
