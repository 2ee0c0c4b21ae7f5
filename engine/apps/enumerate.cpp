#include "cluster/enumerate.hpp"

#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>

#include "apps/cell_warning.hpp"
#include "apps/verb.hpp"
#include "core/error.hpp"
#include "core/log.hpp"
#include "core/progress.hpp"
#include "io/directory.hpp"
#include "io/read_structure.hpp"
#include "io/run_settings.hpp"
#include "io/write_atoms.hpp"

namespace lithiate::apps {
namespace {

constexpr long long default_limit = 1'000'000;

/// Writes decorations to stdout, to structures.xyz of a folder, or as its POSCAR files. What was
/// written is removed again unless finish() was reached.
class Writer {
 public:
  Writer(const Options& options, const crystal::Structure& prim)
      : prim_(prim),
        poscar_(options.on("poscar")),
        folder_(poscar_ ? options.output_or_usage_error("enumerate") : options.output) {
    if (poscar_ && !io::is_file_name(prim.name))
      throw InputError(fmt::format(
          "{}: name = '{}': expected a plain name without '/', because the POSCAR files have it",
          options.arguments.front(), prim.name));
    if (!folder_.empty()) guard_.emplace(folder_);
  }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  ~Writer() {
    file_.close();
    for (const std::string& path : paths_) std::filesystem::remove(path, ignored_);
  }

  void operator()(const crystal::Decoration& decoration) {
    crystal::Atoms atoms = cluster::ideal_atoms(prim_, decoration);
    atoms.name = fmt::format("{}_{:06d}", prim_.name, written_++);
    if (folder_.empty()) {
      io::write_extxyz(std::cout, atoms);
      return;
    }
    if (poscar_ || !file_.is_open())
      open(folder_ + "/" + (poscar_ ? atoms.name + ".vasp" : "structures.xyz"));
    if (poscar_)
      io::write_poscar(file_, atoms);
    else
      io::write_extxyz(file_, atoms);
    if (!file_) throw Error("cannot write " + paths_.back());
  }
  void finish() {
    close();
    paths_.clear();
  }
  std::int64_t written() const { return written_; }

 private:
  void close() {
    if (!file_.is_open()) return;
    file_.close();
    if (!file_) throw Error("cannot write " + paths_.back());
  }
  void open(const std::string& path) {
    close();
    file_.open(path);
    if (!file_) throw InputError("cannot write " + path);
    paths_.push_back(path);
  }

  const crystal::Structure& prim_;
  bool poscar_;
  std::string folder_;
  std::optional<io::OutputFolder> guard_;  // removes the folder if nothing was written
  std::ofstream file_;
  std::vector<std::string> paths_;
  std::error_code ignored_;
  std::int64_t written_ = 0;
};

cluster::EnumerateConfig read_config(const Options& options) {
  constexpr int most_cells = 100;
  cluster::EnumerateConfig config;
  config.max_cells =
      static_cast<int>(options.integer("max-cells", config.max_cells, 1, most_cells));
  config.min_cells =
      static_cast<int>(options.integer("min-cells", config.min_cells, 1, most_cells));
  if (config.max_cells < config.min_cells)
    throw UsageError(fmt::format("--min-cells {} --max-cells {}: expected 1 <= min <= max",
                                 config.min_cells, config.max_cells));
  options.require("min-per-cell", "species");
  options.require("max-per-cell", "species");
  if (options.on("species") && !options.on("min-per-cell") && !options.on("max-per-cell"))
    throw UsageError("--species without a bound: expected --min-per-cell or --max-per-cell");
  config.species = options.value("species", "");
  config.min_per_cell = options.number("min-per-cell", config.min_per_cell);
  config.max_per_cell = options.number("max-per-cell", config.max_per_cell);
  if (!(config.min_per_cell >= 0.0 && config.max_per_cell >= config.min_per_cell))
    throw UsageError(fmt::format("--min-per-cell {} --max-per-cell {}: expected 0 <= min <= max",
                                 config.min_per_cell, config.max_per_cell));
  return config;
}

/// The number to expect, or an InputError before anything is written.
double expected(const crystal::Structure& prim, const crystal::SpaceGroup& group,
                const cluster::EnumerateConfig& config, long long limit) {
  Progress counting("counting cell sizes", config.max_cells - config.min_cells + 1);
  int size = 0;
  const double most =
      most_decorations(prim, group, config, static_cast<double>(limit), [&](int n_cells, double) {
        size = n_cells;
        counting.advance();
      });
  if (most > static_cast<double>(limit))
    throw InputError(
        fmt::format("more than {} decorations in cells of up to {}; use fewer "
                    "--max-cells, bound a species, or raise --limit",
                    limit, size));
  log::info(fmt::format("at most {:.0f} decorations of {} to {} cells", most, config.min_cells,
                        config.max_cells));
  return most;
}

int run(const Options& options) {
  const cluster::EnumerateConfig config = read_config(options);
  const long long limit = options.integer("limit", default_limit, 1, 1'000'000'000'000);
  const crystal::Structure prim =
      io::read_structure(options.arguments.front(), options.on("partial-occupancy"));
  const crystal::SpaceGroup group = crystal::find_space_group(prim);
  warn_not_primitive(prim, group);
  Writer writer(options, prim);
  const double most =
      io::at_place(options.arguments.front(), [&] { return expected(prim, group, config, limit); });
  Progress progress("enumerate", std::llround(most));
  cluster::enumerate(prim, group, config, [&](const crystal::Decoration& decoration) {
    writer(decoration);
    progress.advance();
  });
  writer.finish();
  log::info(fmt::format("{} symmetry-distinct decorations of up to {} cells", writer.written(),
                        config.max_cells));
  return 0;
}

}  // namespace

Verb enumerate_verb() {
  return {{"enumerate",
           "FILE",
           1,
           1,
           "symmetry-distinct decorations up to a cell size, ready for DFT",
           "  lithiate enumerate structures/LixNiO2/prim.toml --max-cells 6 -o runs/enumerated\n"
           "  lithiate enumerate prim.cif --species Li --max-per-cell 1 --poscar -o runs/poscars\n",
           {{"max-cells", "largest supercell in primitive cells (default 4)", "N"},
            {"min-cells", "smallest supercell (default 1)", "N"},
            {"species", "bound the number of this species per primitive cell", "NAME"},
            {"min-per-cell", "lower bound for --species", "X"},
            {"max-per-cell", "upper bound for --species", "X"},
            {"limit", "refuse to write more decorations than this (default 1000000)", "N"},
            {"poscar", "one POSCAR file each instead of one extended XYZ file", ""},
            {"partial-occupancy", "partial occupancies of FILE become allowed species", ""}},
           with_output},
          run};
}

}  // namespace lithiate::apps
