#include "cluster/enumerate.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iostream>

#include "apps/verb.hpp"
#include "core/error.hpp"
#include "core/log.hpp"
#include "io/directory.hpp"
#include "io/read_structure.hpp"
#include "io/write_atoms.hpp"

namespace lithiate::apps {
namespace {

/// Writes one decoration, to one extended XYZ stream or as POSCAR files of a folder.
class Writer {
 public:
  Writer(const Options& options, const crystal::Structure& prim)
      : prim_(prim),
        folder_(options.on("poscar") ? options.output_or_usage_error("enumerate") : "") {
    if (!folder_.empty()) {
      io::prepare_output_directory(folder_);
    } else if (!options.output.empty()) {
      io::prepare_output_directory(options.output);
      file_.open(options.output + "/structures.xyz");
      if (!file_) throw InputError("cannot write " + options.output + "/structures.xyz");
    }
  }
  void operator()(const crystal::Decoration& decoration) {
    crystal::Atoms atoms = cluster::ideal_atoms(prim_, decoration);
    atoms.name = fmt::format("{}_{:06d}", prim_.name, written_++);
    if (folder_.empty()) {
      io::write_extxyz(file_.is_open() ? static_cast<std::ostream&>(file_) : std::cout, atoms);
      return;
    }
    std::ofstream out(folder_ + "/" + atoms.name + ".vasp");
    if (!out) throw InputError("cannot write " + folder_ + "/" + atoms.name + ".vasp");
    io::write_poscar(out, atoms);
  }
  std::int64_t written() const { return written_; }

 private:
  const crystal::Structure& prim_;
  std::string folder_;
  std::ofstream file_;
  std::int64_t written_ = 0;
};

int run(const Options& options) {
  const crystal::Structure prim =
      io::read_structure(options.arguments.front(), options.on("partial-occupancy"));
  cluster::EnumerateConfig config;
  config.max_cells = static_cast<int>(options.integer("max-cells", config.max_cells));
  config.min_cells = static_cast<int>(options.integer("min-cells", config.min_cells));
  if (config.min_cells < 1 || config.max_cells < config.min_cells)
    throw UsageError(fmt::format("--min-cells {} --max-cells {}: expected 1 <= min <= max",
                                 config.min_cells, config.max_cells));
  config.species = options.value("species", "");
  config.min_per_cell = options.number("min-per-cell", config.min_per_cell);
  config.max_per_cell = options.number("max-per-cell", config.max_per_cell);
  Writer writer(options, prim);
  cluster::enumerate(prim, crystal::find_space_group(prim), config, std::ref(writer));
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
            {"poscar", "one POSCAR file each instead of one extended XYZ file", ""},
            {"partial-occupancy", "partial occupancies of FILE become allowed species", ""}}},
          run};
}

}  // namespace lithiate::apps
