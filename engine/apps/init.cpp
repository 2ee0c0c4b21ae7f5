#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "apps/templates.hpp"
#include "apps/verb.hpp"
#include "core/error.hpp"
#include "core/log.hpp"
#include "core/text.hpp"
#include "io/directory.hpp"

namespace lithiate::apps {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> shipped_systems(const fs::path& library) {
  std::vector<std::string> names;
  if (!fs::is_directory(library)) return names;
  for (const auto& entry : fs::directory_iterator(library))
    if (fs::exists(entry.path() / "voltage.toml"))
      names.push_back(entry.path().filename().string());
  return names;
}

/// All of the files or, if one exists already, none.
void write_new(const fs::path& folder, const std::vector<TemplateFile>& files) {
  for (const TemplateFile& file : files)
    if (fs::exists(folder / file.name))
      throw InputError((folder / file.name).string() +
                       " exists already; choose another folder with -o");
  for (const TemplateFile& file : files) {
    std::ofstream out(folder / file.name);
    if (!(out << file.text).flush())
      throw InputError("cannot write " + (folder / file.name).string());
    log::info("wrote " + (folder / file.name).string());
  }
}

std::string contents(const fs::path& file) {
  std::ifstream in(file);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

/// Run files of a shipped system whose paths lead back to its folder.
void write_shipped(const fs::path& system, const fs::path& folder) {
  const fs::path back = fs::relative(system, folder);
  std::string voltage = contents(system / "voltage.toml");
  for (const std::string name : {"model.toml", "training/"})
    for (std::size_t at = voltage.find('"' + name); at != std::string::npos;
         at = voltage.find('"' + name, at + 1))
      voltage.insert(at + 1, back.string() + "/");
  write_new(folder,
            {{"voltage.toml", voltage}, {"diffusion.toml", contents(system / "diffusion.toml")}});
}

int run(const Options& options) {
  const std::string name = options.arguments.front();
  const fs::path library = options.value("library", "potentials");
  auto known = shipped_systems(library);
  known.push_back("template");
  if (std::find(known.begin(), known.end(), name) == known.end())
    throw UsageError(
        fmt::format("init {}: no such system in '{}', expected one of {}{}; --library "
                    "DIR names another folder of systems, such as the potentials "
                    "folder of the source tree",
                    name, library.string(), joined(known), did_you_mean(name, known)));
  const std::string folder = options.output.empty() ? name : options.output;
  if (options.output.empty() && fs::exists(folder))
    throw InputError("init: '" + folder + "' exists already; choose a folder with -o");
  const io::OutputFolder guard(folder);
  if (name == "template") {
    write_new(folder, material_template());
    return 0;
  }
  write_shipped(library / name, folder);
  return 0;
}

}  // namespace

Verb init_verb() {
  return {{"init",
           "SYSTEM",
           1,
           1,
           "commented run files for a shipped system, or a template folder",
           "  lithiate init LixVCl3 -o mine        # voltage.toml and diffusion.toml to change\n"
           "  lithiate init template -o my_oxide   # a commented folder for your own material\n"
           "without -o: a new folder with the name of the system\n",
           {{"library", "folder with the shipped systems (default potentials)", "DIR"}},
           with_output},
          run};
}

}  // namespace lithiate::apps
