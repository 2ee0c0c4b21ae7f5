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

void write_new(const fs::path& file, const std::string& text) {
  if (fs::exists(file))
    throw InputError(file.string() + " exists already; choose another folder with -o");
  std::ofstream out(file);
  if (!(out << text)) throw InputError("cannot write " + file.string());
  log::info("wrote " + file.string());
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
  write_new(folder / "voltage.toml", voltage);
  write_new(folder / "diffusion.toml", contents(system / "diffusion.toml"));
}

int run(const Options& options) {
  const std::string folder = options.output.empty() ? "." : options.output;
  const std::string name = options.arguments.front();
  io::prepare_output_directory(folder);
  if (name == "template") {
    for (const TemplateFile& file : material_template())
      write_new(fs::path(folder) / file.name, file.text);
    return 0;
  }
  const fs::path library = options.value("library", "potentials");
  auto known = shipped_systems(library);
  if (std::find(known.begin(), known.end(), name) == known.end()) {
    known.push_back("template");
    throw UsageError(fmt::format("init {}: no such system in '{}', expected one of {}{}", name,
                                 library.string(), joined(known), did_you_mean(name, known)));
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
           "  lithiate init template -o my_oxide   # a commented folder for your own material\n",
           {{"library", "folder with the shipped systems (default potentials)", "DIR"}}},
          run};
}

}  // namespace lithiate::apps
