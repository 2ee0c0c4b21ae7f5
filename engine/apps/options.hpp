#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "parallel/session.hpp"

namespace lithiate::apps {

/// Common options that a verb uses; the others are unknown to it. --quiet and --help are for all.
enum Common : unsigned {
  with_output = 1,   ///< -o DIR
  with_set = 2,      ///< --set KEY=VALUE
  with_seed = 4,     ///< --seed N
  with_threads = 8,  ///< --threads N
  with_verbose = 16  ///< -v
};
inline constexpr unsigned run_options = with_output | with_set | with_seed | with_threads;

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
  unsigned common = 0;          ///< of Common
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
  /// Whole number from `least` to `most`, or UsageError naming the option.
  long long integer(const std::string& name, long long fallback, long long least,
                    long long most) const;
  double number(const std::string& name, double fallback) const;
  std::string output_or_usage_error(const std::string& verb) const;
  /// --set, and --seed as an override of the run file.
  std::vector<std::string> overrides() const;
  /// UsageError if `name` is given while `needed` is not.
  void require(const std::string& name, const std::string& needed) const;
  /// UsageError if both are given.
  void exclude(const std::string& name, const std::string& other) const;
};

/// Throws UsageError for an unknown option, a bad value or the wrong number of arguments.
Options parse_options(const VerbSpec& verb, int argc, const char* const* argv);
std::string help_text(const VerbSpec& verb);

}  // namespace lithiate::apps
