#pragma once
#include <vector>

#include "apps/options.hpp"

namespace lithiate::apps {

/// One verb of the command line: what it says and what it does. run() returns the exit code.
struct Verb {
  VerbSpec spec;
  int (*run)(const Options&);
};

Verb benchmark_verb();
Verb check_verb();
Verb diffusion_verb();
Verb enumerate_verb();
Verb fit_verb();
Verb init_verb();
Verb kmc_verb();
Verb mc_verb();
Verb predict_verb();
Verb report_verb();
Verb run_verb();
Verb structure_verb();
Verb voltage_verb();

}  // namespace lithiate::apps
