#include "kmc/tiles.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "kmc/hop_energies.hpp"
#include "kmc/tile_box.hpp"
#include "observe/transport.hpp"

namespace lithiate::kmc {
namespace {

void check(const parallel::Session& session, const model::LatticeModel& model,
           const model::HopTable& hops, const Tiles::Config& config) {
  if (!(config.window_s > 0.0) || !std::isfinite(config.window_s))
    throw InputError(fmt::format("kmc.window_s = {:.3g}: must be above 0", config.window_s));
  if (!HopEnergies::applies(model, hops))
    throw InputError(
        "kMC: algorithm 'tiles' needs a model of the mobile species and vacancies alone in a "
        "supercell whose neighbours are distinct sites");
  const TileGrid grid(model, hops, config.min_sector_cells);
  if (session.size() > grid.n_tile_rows())
    throw InputError(fmt::format(
        "kMC: {} processes for {} rows of tiles of at least {} cells along axis {}; expected at "
        "most {}, or a larger supercell",
        session.size(), grid.n_tile_rows(), grid.bounds_u()[grid.n_u() > 1 ? 2 : 1], grid.axis_u(),
        grid.n_tile_rows()));
}

}  // namespace

Tiles::Tiles(const parallel::Session& session, const model::LatticeModel& model,
             const model::HopTable& hops, const RateModel& rates, State state, const Config& config)
    : session_(&session), model_(&model), hops_(&hops), state_(std::move(state)) {
  check(session, model, hops, config);
  kmc::check(state_, model, hops);
  can_hop_ = kmc::can_hop(state_, hops);
  box_ = std::make_unique<Box>(session, model, hops, rates, state_, config);
  box_->windows_ = std::llround(state_.time_s / config.window_s);
  before_hops_ = state_.hops;
  before_clamped_ = state_.clamped;
  before_counts_ = state_.hop_counts;
  n_ions_ = std::ssize(state_.site_of);
  count_origins();
  if (session.is_root()) return;
  state_.occupation = {};
  state_.site_of = state_.origin = {};
  state_.cells_moved = {};
}

Tiles::~Tiles() = default;
Tiles::Tiles(Tiles&&) noexcept = default;

const TileGrid& Tiles::grid() const noexcept { return box_->grid_; }
const Tiles::Config& Tiles::config() const noexcept { return box_->config_; }
std::int64_t Tiles::hops() const noexcept { return before_hops_ + box_->hops_done_; }
double Tiles::time_s() const noexcept {
  return static_cast<double>(box_->windows_) * box_->config_.window_s;
}

double Tiles::total_rate_Hz() const {
  auto sums = box_->chances_per_bond();
  session_->sum(sums);
  double total_Hz = 0.0;
  for (std::size_t k = 0; k < sums.size(); ++k)
    total_Hz += 0x1p-31 * static_cast<double>(sums[k]) * box_->bonds_[k].forward->bound_Hz;
  return total_Hz;
}

void Tiles::run_windows(std::int64_t n) {
  for (std::int64_t k = 0; k < n; ++k) box_->run_window();
  std::int64_t done = 0;
  for (const auto& counts : box_->counts_)
    for (std::size_t h = 0; h + 1 < counts.size(); ++h) done += counts[h];
  session_->sum({&done, 1});
  box_->hops_done_ = done;
}

std::int64_t Tiles::perform_hops(std::int64_t n) {
  const std::int64_t start = hops();
  if (!can_hop_) return 0;
  while (hops() < start + n) run_windows(1);
  return hops() - start;
}

void Tiles::advance_to(double time_s) {
  run_windows(std::llround(time_s / box_->config_.window_s) - box_->windows_);
}

double Tiles::rounded_interval_s(double wanted_s) const noexcept {
  const double window_s = box_->config_.window_s;
  return std::max(1.0, std::round(wanted_s / window_s)) * window_s;
}

void Tiles::count() {
  const auto& all = hops_->network().hops;
  std::vector<std::int64_t> counts(all.size() + 1);
  for (const auto& mine : box_->counts_)
    for (std::size_t h = 0; h < mine.size(); ++h) counts[h] += mine[h];
  session_->sum(counts);
  state_.time_s = time_s();
  state_.hops = hops();
  state_.clamped = before_clamped_ + counts.back();
  for (std::size_t h = 0; h < all.size(); ++h) state_.hop_counts[h] = before_counts_[h] + counts[h];
}

void Tiles::count_origins() {
  origins_.assign(static_cast<std::size_t>(hops_->n_sublattices()), 0);
  for (const SiteIndex site : state_.origin)
    ++origins_[static_cast<std::size_t>(hops_->sublattice(site))];
}

std::optional<Tiles::Moved> Tiles::moved(std::int64_t n_tracers) {
  count();
  std::vector<std::int64_t> sums(3 + origins_.size());
  const auto mine = box_->moved(n_ions_, n_tracers, sums);
  session_->sum(sums);
  const auto tracers = parallel::gather(*session_, std::span<const Box::TracerMove>(mine));
  if (!session_->is_root()) return std::nullopt;
  const auto fractional = [&](int b) -> const Vector3d& {
    return model_->sublattices()[static_cast<std::size_t>(b)].fractional;
  };
  const auto vector = [](const auto* n) {
    return Vector3d(static_cast<double>(n[0]), static_cast<double>(n[1]),
                    static_cast<double>(n[2]));
  };
  Moved moved;
  Vector3d sum = vector(sums.data());
  for (std::size_t b = 0; b < origins_.size(); ++b)
    sum += static_cast<double>(sums[3 + b] - origins_[b]) * fractional(static_cast<int>(b));
  moved.sum_A = model_->host_lattice().cartesian(sum);
  moved.tracers_A.resize(static_cast<std::size_t>(n_tracers));
  for (const Box::TracerMove& t : tracers) {
    const auto ion = static_cast<std::size_t>(observe::ion_of_tracer(t.tracer, n_ions_, n_tracers));
    const Vector3d& from = fractional(hops_->sublattice(state_.origin[ion]));
    moved.tracers_A[static_cast<std::size_t>(t.tracer)] =
        model_->host_lattice().cartesian(fractional(t.sublattice) - from + vector(t.cells.data()));
  }
  return moved;
}

bool Tiles::collect() {
  count();
  const auto mine = box_->ions(*model_);
  const auto ions = parallel::gather(*session_, std::span<const Box::Ion>(mine));
  if (!session_->is_root()) return false;
  const std::vector<Species> mobile = hops_->mobile_species(*model_);  // of two on each site
  for (SiteIndex site = 0; site < model_->n_sites(); ++site)
    state_.occupation[static_cast<std::size_t>(site)] =
        static_cast<Species>(1 - mobile[static_cast<std::size_t>(hops_->sublattice(site))]);
  for (const Box::Ion& ion : ions) {
    state_.occupation[static_cast<std::size_t>(ion.site)] =
        mobile[static_cast<std::size_t>(hops_->sublattice(ion.site))];
    state_.site_of[static_cast<std::size_t>(ion.number)] = ion.site;
    state_.cells_moved[static_cast<std::size_t>(ion.number)] = ion.cells;
  }
  return true;
}

void Tiles::reset_displacements() {
  collect();
  kmc::reset_displacements(state_);
  before_hops_ = state_.hops;
  before_clamped_ = state_.clamped;
  before_counts_ = state_.hop_counts;
  count_origins();
  box_->reset();
}

}  // namespace lithiate::kmc
