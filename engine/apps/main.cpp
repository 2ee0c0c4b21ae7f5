#include <fmt/format.h>
#include <omp.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <new>
#include <thread>

#include "apps/progress.hpp"
#include "apps/verb.hpp"
#include "core/error.hpp"
#include "core/text.hpp"
#include "io/version.hpp"
#include "parallel/session.hpp"

namespace {

using namespace lithiate;
using apps::Verb;

const std::vector<Verb>& verbs() {
  static const std::vector<Verb> all{
      apps::run_verb(),   apps::init_verb(),      apps::structure_verb(), apps::enumerate_verb(),
      apps::fit_verb(),   apps::predict_verb(),   apps::mc_verb(),        apps::voltage_verb(),
      apps::kmc_verb(),   apps::diffusion_verb(), apps::check_verb(),     apps::benchmark_verb(),
      apps::report_verb()};
  return all;
}

std::string overview() {
  std::string text = "usage: lithiate VERB [INPUT] [-o DIR] [options]\n\n";
  for (const Verb& verb : verbs())
    text += fmt::format("  {:<10} {}\n", verb.spec.name, verb.spec.summary);
  return text +
         "\n  lithiate VERB --help shows options and examples\n"
         "exit codes: 0 done, 1 failure, 2 usage, 3 bad input, 4 a physics check failed,\n"
         "            75 stopped, go on with --restart auto\n";
}

const Verb& find_verb(const std::string& name) {
  std::vector<std::string> names;
  for (const Verb& verb : verbs()) {
    if (verb.spec.name == name) return verb;
    names.push_back(verb.spec.name);
  }
  throw UsageError("unknown verb '" + name + "'" + did_you_mean(name, names) +
                   " (lithiate --help)");
}

/// Several ranks of a serial verb would all write the same results.
void require_one_process(const Verb& verb, const parallel::Session& session) {
  if (session.size() > 1 && !verb.spec.many_processes)
    throw UsageError(
        fmt::format("{} processes were launched, but '{}' runs as one process with "
                    "OpenMP threads (--threads N); expected one process",
                    session.size(), verb.spec.name));
}

int dispatch(int argc, const char* const* argv, const parallel::Session& session) {
  const std::string first = argc > 1 ? argv[1] : "--help";
  if (first == "--help" || first == "-h") {
    std::cout << overview();
    return argc > 1 ? 0 : 2;
  }
  if (first == "--version") {
    std::cout << "lithiate " << io::version() << " (" << io::git_revision() << ")\n";
    return 0;
  }
  const Verb& verb = find_verb(first);
  apps::Options options = apps::parse_options(verb.spec, argc - 1, argv + 1);
  if (options.help) {
    std::cout << apps::help_text(verb.spec);
    return 0;
  }
  require_one_process(verb, session);
  options.session = &session;
  if (options.threads > 0) omp_set_num_threads(options.threads);
  apps::start_log(options.quiet || !session.is_root());
  return verb.run(options);
}

/// Says what went wrong. @return the exit code.
int explain(const std::exception& fault) {
  if (dynamic_cast<const std::bad_alloc*>(&fault) != nullptr)
    std::cerr << "lithiate: out of memory; use a smaller supercell or cell size\n";
  else
    std::cerr << "lithiate: " << fault.what() << '\n';
  const auto* error = dynamic_cast<const Error*>(&fault);
  return error != nullptr ? error->exit_code() : 1;
}

/// Ends all ranks when one cannot go on. The root speaks first: most faults are everybody's.
int explain(const std::exception& fault, const parallel::Session& session) {
  if (session.size() == 1) return explain(fault);
  if (!session.is_root()) std::this_thread::sleep_for(std::chrono::seconds(2));
  session.abort(explain(fault));
}

/// Data on a full disk must not end as success.
void require_written_output() {
  errno = 0;
  std::cout.flush();
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0 && std::cout.good()) return;
  throw Error(std::string("cannot write to the standard output") +
              (errno != 0 ? std::string(": ") + std::strerror(errno) : ""));
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const parallel::Session session(argc, argv);
    try {
      const int exit_code = dispatch(argc, argv, session);
      require_written_output();
      return exit_code;
    } catch (const std::exception& fault) {
      return explain(fault, session);
    }
  } catch (const std::exception& fault) {
    return explain(fault);
  }
}
