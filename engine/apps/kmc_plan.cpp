#include "apps/kmc_plan.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cmath>
#include <fstream>
#include <iostream>

#include "apps/kmc_job.hpp"
#include "core/error.hpp"
#include "parallel/threads.hpp"

namespace lithiate::apps {
namespace {

constexpr double timed_s = 1.0;  // of hops
constexpr std::int64_t timed_sweeps = 10, all_sweeps = 400;

/// Wall time of f() in s, the longest of all ranks. Collective.
template <class F>
double seconds(const parallel::Session& session, F f) {
  const auto start = std::chrono::steady_clock::now();
  f();
  const std::chrono::duration<double, std::nano> spent = std::chrono::steady_clock::now() - start;
  return 1e-9 * static_cast<double>(session.max(static_cast<std::int64_t>(spent.count())));
}

/// Memory of this process now.
double resident_bytes() {
  std::ifstream in("/proc/self/statm");
  double pages = 0.0, resident = 0.0;
  in >> pages >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

/// Times and sizes of one trajectory.
struct Measured {
  double setup_s = 0.0, start_s = 0.0, hop_s = 0.0, sample_s = 0.0, bytes = 0.0;
  double first_hops = 0.0, first_s = 0.0;  // at the start, which may be slower or faster
  double least_hops = 0.0;                 // between two samples, with tiles those of a window
  std::int64_t ions = 0;
  std::string method;

  double all_hops_s(double hops) const {
    return hops < first_hops ? first_s * hops / first_hops : first_s + (hops - first_hops) * hop_s;
  }
};

template <class Engine>
void time_engine(Engine& engine, const parallel::Session& session, Measured& m) {
  m.ions = engine.n_ions();
  if (!engine.can_hop()) throw Error(fmt::format("kMC: no hop is possible for {} ions", m.ions));
  std::int64_t hops = std::max<std::int64_t>(1000, m.ions / 10);
  double last_s = 0.0;
  do {  // until two in a row agree: caches warm up, the way to sample may change
    last_s = m.hop_s;
    const std::int64_t before = engine.hops();
    const double spent = seconds(session, [&] { engine.perform_hops(hops); });
    m.hop_s = spent / static_cast<double>(engine.hops() - before);
    m.first_s += spent;
    hops = std::max<std::int64_t>(1000, std::llround(timed_s / m.hop_s));
  } while (m.first_s < timed_s ||
           (std::abs(m.hop_s - last_s) > 0.2 * last_s && m.first_s < 10.0 * timed_s));
  m.first_hops = static_cast<double>(engine.hops());
  constexpr std::int64_t samples = 8;
  observe::Transport transport(static_cast<int>(m.ions), transport_config);
  kmc::KmcConfig config{0.0, 0.0, 1.0 / static_cast<double>(m.ions), samples};
  const std::int64_t before = engine.hops();
  const double spent = seconds(session, [&] { run_kmc(engine, config, transport); });
  const double moved = static_cast<double>(engine.hops() - before), moving_s = m.hop_s * moved;
  m.least_hops = moved / static_cast<double>(samples);
  m.sample_s = std::max(0.0, spent - moving_s) / static_cast<double>(samples);
}

Measured measure(const KmcSystem& system, const KmcMember& member,
                 const parallel::Session& session) {
  const io::KmcFile& file = system.file();
  Measured m;
  const double before = resident_bytes();
  const KmcJob job(system, member, &session);
  std::vector<model::Species> occupation;
  m.start_s =
      seconds(session, [&] { occupation = system.starting_occupation(member, timed_sweeps); });
  if (!file.random_start || member.voltage_V)
    m.start_s *= static_cast<double>(all_sweeps) / timed_sweeps;
  if (file.tiles) {
    std::optional<kmc::Tiles> engine;
    m.setup_s = seconds(session, [&] {
      engine.emplace(job.tiles(kmc::initial_state(system.model(), system.hops(), occupation),
                               job.window_s(), 0));
    });
    m.bytes = resident_bytes() - before;
    m.method = fmt::format("tiles, {} x {} sectors, window {:.3g} s", engine->grid().n_u(),
                           engine->grid().n_v(), job.window_s());
    time_engine(*engine, session, m);
  } else {
    std::optional<kmc::KmcEngine> engine;
    m.setup_s = seconds(session, [&] { engine.emplace(job.engine(occupation)); });
    m.bytes = resident_bytes() - before;
    time_engine(*engine, session, m);
    m.method = engine->method();
  }
  return m;
}

std::string time_text(double s) {
  return s < 100.0 ? fmt::format("{:.2g} s", s)
                   : fmt::format("{:%H:%M:%S} (h:min:s)",
                                 std::chrono::seconds(static_cast<std::int64_t>(std::llround(s))));
}

void line(const std::string& name, const std::string& text) {
  std::cout << fmt::format("{:<14}{}\n", name, text);
}

void print_system(const KmcSystem& system, const KmcMember& first, const Measured& m) {
  const io::KmcFile& file = system.file();
  const model::Phase& phase = file.cell.chosen();
  const auto& repeats = system.model().repeats();
  line("system",
       fmt::format("{}, phase {}, {} x {} x {} host cells, T = {:g} K", file.cell.material.name,
                   phase.name, repeats[0], repeats[1], repeats[2], first.temperature_K));
  line("sites",
       fmt::format("{}, {} {} ions", system.model().n_sites(), m.ions, file.cell.material.mobile));
  line("orbits", fmt::format("{} of the expansion; largest table of a site: {} clusters",
                             phase.expansion.basis.orbits.size(), [&] {
                               std::size_t most = 0;
                               for (const auto& s : system.model().sublattices())
                                 most = std::max(most, s.terms.size());
                               return most;
                             }()));
  const model::HopNetwork& network = system.hops().network();
  std::size_t used = 0;
  for (const model::Hop& hop : network.hops)
    used += network.classes[static_cast<std::size_t>(hop.hop_class)].prefactor_Hz > 0.0;
  line("events", fmt::format("{} directed hops, {} per host cell in {} classes",
                             static_cast<std::int64_t>(used) * system.model().n_cells(), used,
                             network.classes.size()));
}

}  // namespace

int print_plan(const Options& options, const io::KmcFile& file) {
  const parallel::Session& session = *options.session;
  std::optional<KmcSystem> system;
  const double before = resident_bytes();
  const double compile_s = seconds(session, [&] { system.emplace(file); });
  const double compiled_bytes = resident_bytes() - before;
  const auto members = system->members();
  const Measured m = measure(*system, members.front(), session);
  if (!session.is_root()) return 0;
  const kmc::KmcConfig config = KmcJob::config(file, m.ions);
  const double runs = file.measure_bias ? 3.0 : 1.0;
  const double ions = static_cast<double>(m.ions), samples = static_cast<double>(config.samples);
  const double hops = runs * (file.equilibration_hops_per_ion * ions +
                              std::max(file.hops_per_ion * ions, samples * m.least_hops));
  const double one_s = m.setup_s + m.start_s + m.all_hops_s(hops) + runs * samples * m.sample_s;
  const int workers =
      file.tiles || members.size() == 1 ? 1 : session.size() * parallel::max_threads();
  const double rounds = std::ceil(static_cast<double>(members.size()) / workers);
  print_system(*system, members.front(), m);
  line("processes", fmt::format("{} of {} threads", session.size(), parallel::max_threads()));
  line("method", m.method);
  line("memory",
       fmt::format("{:.0f} MiB per process beside {:.0f} MiB of the program, {:.0f} "
                   "bytes per site",
                   (compiled_bytes + m.bytes) / 1048576.0, before / 1048576.0,
                   (compiled_bytes + m.bytes) / static_cast<double>(system->model().n_sites())));
  line("speed", fmt::format("{:.3g} hops/s, measured now", 1.0 / m.hop_s));
  line("work", fmt::format("{:.3g} hops and {} samples in each of {} trajectories", hops,
                           config.samples * static_cast<std::int64_t>(runs), members.size()));
  line("wall time",
       fmt::format("{}: set-up {}, start {}, hops {}, samples {}{}",
                   time_text(compile_s + rounds * one_s), time_text(compile_s + m.setup_s),
                   time_text(m.start_s), time_text(m.all_hops_s(hops)),
                   time_text(runs * samples * m.sample_s),
                   rounds > 1.0 ? fmt::format(" of one; {:.0f} in a row", rounds) : std::string()));
  return 0;
}

}  // namespace lithiate::apps
