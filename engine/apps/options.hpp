#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "parallel/session.hpp"

namespace lithiate::apps {

/// One option of a verb beside the common ones.
struct OptionSpec {
  std::string name;  ///< "max-cells"
  std::string help;
  std::string placeholder;  ///< "N"; empty: a switch
};

/// What a verb says about itself: parsing and --help come from it.
struct VerbSpec {
  std::string name;
  std::string arguments;  ///< "INPUT" or "[SUITE]", for the usage line
  std::size_t min_arguments = 0, max_arguments = 1;
  std::string summary;
  std::string examples;  ///< lines printed under --help
  std::vector<OptionSpec> options;
  bool many_processes = false;  ///< may run as several ranks of MPI
};

/// The command line of one verb after parsing.
struct Options {
  std::vector<std::string> arguments;
  std::string output;            ///< -o DIR, empty if not given
  std::vector<std::string> set;  ///< --set key=value
  std::optional<std::uint64_t> seed;
  int threads = 0;  ///< 0: as OpenMP decides
  bool quiet = false, verbose = false, help = false;
  const parallel::Session* session = nullptr;  ///< the processes of this run
  std::map<std::string, std::string> values;   ///< options of the verb by name; switches "1"

  bool on(const std::string& name) const { return values.contains(name); }
  std::string value(const std::string& name, const std::string& fallback) const {
    return on(name) ? values.at(name) : fallback;
  }
  /// Whole number or UsageError naming the option.
  long long integer(const std::string& name, long long fallback) const;
  double number(const std::string& name, double fallback) const;
  std::string output_or_usage_error(const std::string& verb) const;
};

/// Throws UsageError for an unknown option, a bad value or the wrong number of arguments.
Options parse_options(const VerbSpec& verb, int argc, const char* const* argv);
std::string help_text(const VerbSpec& verb);

}  // namespace lithiate::apps
