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
  add("o,output", "folder for results", cxxopts::value<std::string>(), "DIR");
  add("set", "change one key of the run file, as table.key=value; may be repeated",
      cxxopts::value<std::vector<std::string>>(), "KEY=VALUE");
  add("seed", "random seed; the same seed gives the same numbers", cxxopts::value<std::uint64_t>(),
      "N");
  add("threads", "OpenMP threads", cxxopts::value<int>(), "N");
  add("quiet", "no progress");
  add("v,verbose", "more progress");
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
  std::vector<std::string> names{"--output", "--set",     "--seed", "--threads",
                                 "--quiet",  "--verbose", "--help"};
  for (const OptionSpec& o : verb.options) names.push_back("--" + o.name);
  return names;
}

Options collected(const VerbSpec& verb, const cxxopts::ParseResult& parsed) {
  Options out;
  if (parsed.count("arguments")) out.arguments = parsed["arguments"].as<std::vector<std::string>>();
  if (parsed.count("output")) out.output = parsed["output"].as<std::string>();
  if (parsed.count("set")) out.set = parsed["set"].as<std::vector<std::string>>();
  if (parsed.count("seed")) out.seed = parsed["seed"].as<std::uint64_t>();
  if (parsed.count("threads")) out.threads = parsed["threads"].as<int>();
  out.quiet = parsed.count("quiet") > 0;
  out.verbose = parsed.count("verbose") > 0;
  out.help = parsed.count("help") > 0;
  for (const OptionSpec& o : verb.options)
    if (parsed.count(o.name))
      out.values[o.name] = o.placeholder.empty() ? "1" : parsed[o.name].as<std::string>();
  return out;
}

}  // namespace

long long Options::integer(const std::string& name, long long fallback) const {
  if (!on(name)) return fallback;
  const auto n = parse_integer(values.at(name));
  if (!n) throw UsageError(fmt::format("--{} {}: expected a whole number", name, values.at(name)));
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
  if (out.threads < 0)
    throw UsageError(fmt::format("--threads {}: expected 1 or more", out.threads));
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
