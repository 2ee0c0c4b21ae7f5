#include "apps/options.hpp"

#include <fmt/format.h>

#define CXXOPTS_VECTOR_DELIMITER '\0'
#include <cxxopts.hpp>

#include "core/error.hpp"
#include "core/text.hpp"

namespace lithiate::apps {
namespace {

cxxopts::Options common_options(const VerbSpec& verb) {
  cxxopts::Options options("lithiate " + verb.name, verb.summary);
  options.custom_help("[options]");
  options.positional_help(verb.arguments);
  auto add = options.add_options();
  if (verb.common & with_output)
    add("o,output", "folder for results", cxxopts::value<std::string>(), "DIR");
  if (verb.common & with_set)
    add("set", "change one key of the run file, as table.key=value; may be repeated",
        cxxopts::value<std::vector<std::string>>(), "KEY=VALUE");
  if (verb.common & with_seed)
    add("seed", "random seed; the same seed gives the same numbers",
        cxxopts::value<std::uint64_t>(), "N");
  if (verb.common & with_threads) add("threads", "OpenMP threads", cxxopts::value<int>(), "N");
  add("quiet", "no progress");
  if (verb.common & with_verbose) add("v,verbose", "more output");
  add("h,help", "this text");
  for (const OptionSpec& o : verb.options) {
    if (o.placeholder.empty())
      add(o.name, o.help);
    else
      add(o.name, o.help, cxxopts::value<std::string>(), o.placeholder);
  }
  add("arguments", "", cxxopts::value<std::vector<std::string>>());
  options.parse_positional({"arguments"});
  return options;
}

std::vector<std::string> option_names(const VerbSpec& verb) {
  std::vector<std::string> names{"--quiet", "--help"};
  if (verb.common & with_output) names.push_back("--output");
  if (verb.common & with_set) names.push_back("--set");
  if (verb.common & with_seed) names.push_back("--seed");
  if (verb.common & with_threads) names.push_back("--threads");
  if (verb.common & with_verbose) names.push_back("--verbose");
  for (const OptionSpec& o : verb.options) names.push_back("--" + o.name);
  return names;
}

int checked_threads(int n) {
  constexpr int most = 1024;
  if (n < 1 || n > most) throw UsageError(fmt::format("--threads {}: expected 1 to {}", n, most));
  return n;
}

Options collected(const VerbSpec& verb, const cxxopts::ParseResult& parsed) {
  Options out;
  if (parsed.count("arguments")) out.arguments = parsed["arguments"].as<std::vector<std::string>>();
  const auto given = [&](unsigned option, const char* name) {
    return (verb.common & option) != 0 && parsed.count(name) > 0;
  };
  if (given(with_output, "output")) out.output = parsed["output"].as<std::string>();
  if (given(with_set, "set")) out.set = parsed["set"].as<std::vector<std::string>>();
  if (given(with_seed, "seed")) out.seed = parsed["seed"].as<std::uint64_t>();
  if (given(with_threads, "threads")) out.threads = checked_threads(parsed["threads"].as<int>());
  out.quiet = parsed.count("quiet") > 0;
  out.verbose = given(with_verbose, "verbose");
  out.help = parsed.count("help") > 0;
  for (const OptionSpec& o : verb.options)
    if (parsed.count(o.name))
      out.values[o.name] = o.placeholder.empty() ? "1" : parsed[o.name].as<std::string>();
  return out;
}

}  // namespace

long long Options::integer(const std::string& name, long long fallback, long long least,
                           long long most) const {
  if (!on(name)) return fallback;
  const auto n = parse_integer(values.at(name));
  if (!n || *n < least || *n > most)
    throw UsageError(fmt::format("--{} {}: expected a whole number from {} to {}", name,
                                 values.at(name), least, most));
  return *n;
}

double Options::number(const std::string& name, double fallback) const {
  if (!on(name)) return fallback;
  const auto x = parse_number(values.at(name));
  if (!x) throw UsageError(fmt::format("--{} {}: expected a number", name, values.at(name)));
  return *x;
}

std::string Options::output_or_usage_error(const std::string& verb) const {
  if (output.empty())
    throw UsageError("lithiate " + verb + ": expected -o DIR, the folder for results");
  return output;
}

std::vector<std::string> Options::overrides() const {
  std::vector<std::string> all = set;
  if (seed) all.push_back(fmt::format("seed={}", *seed));
  return all;
}

void Options::require(const std::string& name, const std::string& needed) const {
  if (on(name) && !on(needed))
    throw UsageError(fmt::format("--{} without --{}: expected both", name, needed));
}

void Options::exclude(const std::string& name, const std::string& other) const {
  if (on(name) && on(other))
    throw UsageError(fmt::format("--{} together with --{}: expected one of them", name, other));
}

Options parse_options(const VerbSpec& verb, int argc, const char* const* argv) {
  cxxopts::Options options = common_options(verb);
  Options out;
  try {
    out = collected(verb, options.parse(argc, argv));
  } catch (const cxxopts::exceptions::exception& e) {
    std::string word;
    for (int i = 1; i < argc; ++i)
      if (std::string(argv[i]).starts_with("--")) {
        const std::string name = split_words(argv[i]).front();
        const auto names = option_names(verb);
        const std::string bare = name.substr(0, name.find('='));
        if (std::find(names.begin(), names.end(), bare) == names.end())
          word = did_you_mean(bare, names);
      }
    throw UsageError(fmt::format("lithiate {}: {}{}", verb.name, e.what(), word));
  }
  if (out.help) return out;
  const std::size_t n = out.arguments.size();
  if (n < verb.min_arguments || n > verb.max_arguments)
    throw UsageError(
        fmt::format("lithiate {}: {} arguments given, usage: lithiate {} {} [options]; "
                    "see lithiate {} --help",
                    verb.name, n, verb.name, verb.arguments, verb.name));
  return out;
}

std::string help_text(const VerbSpec& verb) {
  cxxopts::Options options = common_options(verb);
  return options.help() + "\nExamples:\n" + verb.examples;
}

}  // namespace lithiate::apps
