#include "apps/run_report.hpp"
#include "apps/verb.hpp"

namespace lithiate::apps {
namespace {

int run(const Options& options) {
  write_report(options.arguments.front());
  return 0;
}

}  // namespace

Verb report_verb() {
  return {{"report",
           "DIR",
           1,
           1,
           "one self-contained HTML page with the figures of a finished run",
           "  lithiate report runs/LixNiO2      # writes runs/LixNiO2/report.html\n",
           {}},
          run};
}

}  // namespace lithiate::apps
