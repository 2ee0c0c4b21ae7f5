#include "kmc/tile_box.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "core/error.hpp"
#include "observe/transport.hpp"
#include "parallel/threads.hpp"

namespace lithiate::kmc {
namespace {

model::BinaryEnergies binary_energies(const model::LatticeModel& model, const model::HopTable& hops,
                                      int axis_row) {
  auto energies = model::BinaryEnergies::make(model, hops.mobile_species(model),
                                              hops.reach() + hops.rate_reach(), axis_row);
  if (!energies)
    throw InputError("kMC: algorithm 'tiles' needs smaller terms or fewer sites per term");
  return std::move(*energies);
}

LocalRatePolynomials local_polynomials(const model::HopTable& hops,
                                       const model::BinaryEnergies& energies) {
  auto local = LocalRatePolynomials::make(hops, energies);
  if (!local)
    throw InputError("kMC: algorithm 'tiles' needs smaller local expansions of the barriers");
  return std::move(*local);
}

/// First cell along u of a rank's tiles.
int first_cell(const TileGrid& grid, int rank, int size) {
  const int tiles = grid.n_tile_rows();
  const auto tile = static_cast<std::size_t>(static_cast<std::int64_t>(tiles) * rank / size);
  return grid.bounds_u()[tile * static_cast<std::size_t>(grid.n_colours_u())];
}

crystal::Vector3i box_repeats(crystal::Vector3i repeats, int axis, int n) {
  repeats[axis] = n;
  return repeats;
}

}  // namespace

Tiles::Box::Box(const parallel::Session& session, const model::LatticeModel& model,
                const model::HopTable& hops, const RateModel& rates, const State& state,
                const Config& config)
    : session_(session),
      config_(config),
      grid_(model, hops, config.min_sector_cells),
      global_(model.repeats()),
      first_u_(first_cell(grid_, session.rank(), session.size())),
      n_own_(first_cell(grid_, session.rank() + 1, session.size()) - first_u_),
      halo_low_(session.size() > 1 ? grid_.rate_reach_u() : 0),
      halo_high_(session.size() > 1 ? grid_.hop_reach_u() + grid_.rate_reach_u() : 0),
      model_(model.host_lattice(),
             box_repeats(model.repeats(), grid_.axis_u(), halo_low_ + n_own_ + halo_high_),
             model.sublattices(), 0.0),
      hops_(hops.network(), model_),
      energies_(binary_energies(model_, hops_, grid_.axis_row())),
      chances_(model_, hops_, rates, energies_, local_polynomials(hops_, energies_),
               HopChances::From::ion, HopChances::Bounds::common) {
  list_bonds(hops_);
  list_sectors();
  cargo_.resize(static_cast<std::size_t>(model_.n_sites()));
  const std::size_t row = cargo_.size() / static_cast<std::size_t>(halo_low_ + n_own_ + halo_high_);
  out_.resize(row * static_cast<std::size_t>(halo_high_));
  in_.resize(out_.size());
  counts_.assign(static_cast<std::size_t>(parallel::max_threads()),
                 std::vector<std::int64_t>(hops_.network().hops.size() + 1));
  load(model, state);
}

void Tiles::Box::list_bonds(const model::HopTable& hops) {
  const auto& all = hops.network().hops;
  const auto of = [&](int number, int sublattice) {
    const auto& trials = chances_.trials(sublattice);
    return &*std::find_if(trials.begin(), trials.end(),
                          [=](const auto& t) { return t.hop == number; });
  };
  for (int b = 0; b < hops.n_sublattices(); ++b)
    for (const auto& trial : chances_.trials(b)) {
      const model::Hop& hop = all[static_cast<std::size_t>(trial.hop)];
      if (!grid_.first_end(hop)) continue;
      bonds_.push_back({&trial,
                        of(hop.reverse, hop.to),
                        b,
                        hop.to,
                        {hop.shift[0], hop.shift[1], hop.shift[2]},
                        energies_.bits().window(model::Place{b, {0, 0, 0}}, 1),
                        0});
      bonds_Hz_ += trial.bound_Hz;
    }
  double before_Hz = 0.0;
  for (Bond& bond : bonds_) {
    before_Hz += bond.forward->bound_Hz;
    bond.end = digits_of(before_Hz / bonds_Hz_);
    uniform_bonds_ = uniform_bonds_ && bond.forward->bound_Hz == bonds_[0].forward->bound_Hz;
  }
  bonds_.back().end = ~std::uint64_t{0};
}

void Tiles::Box::list_sectors() {
  sectors_.resize(static_cast<std::size_t>(grid_.n_colours()));
  for (int su = 0; su < grid_.n_u(); ++su) {
    const int u0 = grid_.bounds_u()[static_cast<std::size_t>(su)];
    const int u1 = grid_.bounds_u()[static_cast<std::size_t>(su) + 1];
    if (u0 < first_u_ || u0 >= first_u_ + n_own_) continue;
    for (int sv = 0; sv < grid_.n_v(); ++sv) {
      const int colour = su % grid_.n_colours_u() + (sv % 2) * grid_.n_colours_u();
      sectors_[static_cast<std::size_t>(colour)].push_back(
          {static_cast<std::uint32_t>(su * grid_.n_v() + sv), u0 - first_u_ + halo_low_,
           u1 - first_u_ + halo_low_, grid_.bounds_v()[static_cast<std::size_t>(sv)],
           grid_.bounds_v()[static_cast<std::size_t>(sv) + 1]});
    }
  }
}

std::size_t Tiles::Box::site(const Cell& c, int sublattice) const noexcept {
  const crystal::Vector3i& n = model_.repeats();
  return ((static_cast<std::size_t>(c[0]) * static_cast<std::size_t>(n[1]) +
           static_cast<std::size_t>(c[1])) *
              static_cast<std::size_t>(n[2]) +
          static_cast<std::size_t>(c[2])) *
             static_cast<std::size_t>(hops_.n_sublattices()) +
         static_cast<std::size_t>(sublattice);
}

Tiles::Box::Cell Tiles::Box::wrapped(const Cell& cell,
                                     const std::array<std::int32_t, 3>& shift) const noexcept {
  Cell to;
  for (std::size_t k = 0; k < 3; ++k) {
    const int n = model_.repeats()[static_cast<long>(k)];
    to[k] = cell[k] + shift[k];
    while (to[k] >= n) to[k] -= n;
    while (to[k] < 0) to[k] += n;
  }
  return to;
}

void Tiles::Box::run_window() {
  const int colours = grid_.n_colours(), turns = 2 * colours - 1;
  for (int turn = 0; turn < turns; ++turn) {
    const int colour = std::min(turn, 2 * (colours - 1) - turn);
    const double duration_s = (turn == colours - 1 ? 1.0 : 0.5) * config_.window_s;
    const auto& sectors = sectors_[static_cast<std::size_t>(colour)];
    const std::uint64_t name =
        static_cast<std::uint64_t>(windows_) * 8 + static_cast<std::uint64_t>(turn);
    parallel::for_each(std::ssize(sectors), [&](std::ptrdiff_t i, int thread) {
      run_turn(sectors[static_cast<std::size_t>(i)], duration_s, name, thread);
    });
    if (session_.size() > 1) exchange(colour % grid_.n_colours_u());
  }
  ++windows_;
}

void Tiles::Box::run_turn(const Sector& s, double duration_s, std::uint64_t turn,
                          int thread) noexcept {
  Random random(config_.seed, Purpose::kmc_tile,
                static_cast<std::uint64_t>(config_.replica) << 32 | s.id, turn);
  const double cells = static_cast<double>(s.u1 - s.u0) * (s.v1 - s.v0) * global_[grid_.axis_row()];
  const double mean = cells * bonds_Hz_ * duration_s;
  const std::int64_t trials =
      mean > 0.0 ? std::poisson_distribution<std::int64_t>(mean)(random) : 0;
  std::int64_t* counts = counts_[static_cast<std::size_t>(thread)].data();
  for (std::int64_t k = 0; k < trials; ++k) attempt(s, random, counts);
}

bool Tiles::Box::attempt(const Sector& s, Random& random, std::int64_t* counts) noexcept {
  std::uint64_t digits = random.bits();
  Cell cell;
  const auto draw = [&](int axis, int first, int end) {
    cell[static_cast<std::size_t>(axis)] =
        first + static_cast<int>(take(digits, static_cast<std::uint64_t>(end - first)));
  };
  draw(grid_.axis_u(), s.u0, s.u1);
  draw(grid_.axis_v(), s.v0, s.v1);
  draw(grid_.axis_row(), 0, global_[grid_.axis_row()]);
  const Bond* bond;
  if (uniform_bonds_) {
    bond = bonds_.data() + take(digits, bonds_.size());
  } else {
    const std::uint64_t choice = random.bits();
    bond = bonds_.data();
    while (choice >= bond->end && bond->end != ~std::uint64_t{0}) ++bond;
  }
  const model::BitLattice& bits = energies_.bits();
  const auto here = bits.position(cell);
  const bool n_here = (bits.read(here, bond->start) & 1u) != 0;
  if (n_here == ((bits.read(here, bond->forward->other_window) & 1u) != 0)) return false;
  const Cell end = wrapped(cell, bond->shift);
  const auto there = bits.position(end);
  const HopChances::Trial& trial = n_here ? *bond->forward : *bond->backward;
  const HopChances::Chance chance = n_here
                                        ? chances_(energies_, trial, here, [&] { return there; })
                                        : chances_(energies_, trial, there, [&] { return here; });
  if (!below(digits, chance.threshold, random)) return false;
  Cargo& first = cargo_[site(cell, bond->from)];
  Cargo& second = cargo_[site(end, bond->to)];
  std::swap(first, second);
  Cargo& moved = n_here ? second : first;
  const crystal::Vector3i& shift = hops_.network().hops[static_cast<std::size_t>(trial.hop)].shift;
  for (std::size_t k = 0; k < 3; ++k) moved.cells[k] += shift[static_cast<long>(k)];
  energies_.flip(here, bond->from);
  energies_.flip(there, bond->to);
  ++counts[trial.hop];
  counts[hops_.network().hops.size()] += chance.clamped;
  return true;
}

template <class Visit>
void Tiles::Box::visit_rows(int u0, int u1, Visit visit) const {
  const crystal::Vector3i& n = model_.repeats();
  std::array<int, 3> first{0, 0, 0}, end{n[0], n[1], n[2]};
  first[static_cast<std::size_t>(grid_.axis_u())] = u0;
  end[static_cast<std::size_t>(grid_.axis_u())] = u1;
  for (int x = first[0]; x < end[0]; ++x)
    for (int y = first[1]; y < end[1]; ++y)
      for (int z = first[2]; z < end[2]; ++z)
        for (int b = 0; b < hops_.n_sublattices(); ++b) visit(Cell{x, y, z}, b);
}

void Tiles::Box::exchange(int half_u) {
  const int reach = grid_.rate_reach_u(), hop = grid_.hop_reach_u();
  const int step = half_u == 0 ? -1 : 1;
  const int out0 = half_u == 0 ? own_u0() : own_u1() - reach;
  const int in0 = half_u == 0 ? own_u1() : own_u0() - reach;
  const std::size_t n = cargo_.size() / static_cast<std::size_t>(model_.repeats()[grid_.axis_u()]) *
                        static_cast<std::size_t>(reach + hop);
  auto out = out_.begin();
  visit_rows(out0, out0 + reach + hop,
             [&](const Cell& cell, int b) { *out++ = cargo_[site(cell, b)]; });
  session_.shift(step, std::as_bytes(std::span(out_.data(), n)),
                 std::as_writable_bytes(std::span(in_.data(), n)));
  auto in = in_.begin();
  visit_rows(in0, in0 + reach + hop, [&](const Cell& cell, int b) {
    Cargo& here = cargo_[site(cell, b)];
    if ((here.ion >= 0) != (in->ion >= 0)) energies_.flip(energies_.bits().position(cell), b);
    here = *in++;
  });
}

std::vector<std::int64_t> Tiles::Box::chances_per_bond() const {
  std::vector<std::int64_t> sums(bonds_.size());  // parts of 2^31
  const model::BitLattice& bits = energies_.bits();
  for (const auto& colour : sectors_)
    for (const Sector& s : colour)
      for (int v = s.v0; v < s.v1; ++v)
        for (int u = s.u0; u < s.u1; ++u)
          for (int w = 0; w < global_[grid_.axis_row()]; ++w) {
            Cell cell;
            cell[static_cast<std::size_t>(grid_.axis_u())] = u;
            cell[static_cast<std::size_t>(grid_.axis_v())] = v;
            cell[static_cast<std::size_t>(grid_.axis_row())] = w;
            const auto here = bits.position(cell);
            for (std::size_t k = 0; k < bonds_.size(); ++k) {
              const Bond& bond = bonds_[k];
              const auto there = [&] { return bits.position(wrapped(cell, bond.shift)); };
              const bool n_here = (bits.read(here, bond.start) & 1u) != 0;
              if (n_here == ((bits.read(here, bond.forward->other_window) & 1u) != 0)) continue;
              const auto chance =
                  n_here ? chances_(energies_, *bond.forward, here, there)
                         : chances_(energies_, *bond.backward, there(), [&] { return here; });
              sums[k] += static_cast<std::int64_t>(((chance.threshold >> 32) + 1) >> 1);
            }
          }
  return sums;
}

void Tiles::Box::reset() {
  for (auto& counts : counts_) std::fill(counts.begin(), counts.end(), 0);
  for (Cargo& cargo : cargo_) cargo.cells = {};
  hops_done_ = 0;
}

void Tiles::Box::load(const model::LatticeModel& model, const State& state) {
  const int axis = grid_.axis_u(), n_u = global_[axis], n_box = model_.repeats()[axis];
  for (std::size_t ion = 0; ion < state.site_of.size(); ++ion) {
    const int b = model.sublattice(state.site_of[ion]);
    const auto at = model.grid().cell(state.site_of[ion]);
    Cell cell{at[0], at[1], at[2]};
    int& u = cell[static_cast<std::size_t>(axis)];
    u = (u - first_u_ + halo_low_ + n_u) % n_u;
    if (u >= n_box) continue;
    cargo_[site(cell, b)] = {static_cast<std::int32_t>(ion), state.cells_moved[ion]};
    energies_.flip(energies_.bits().position(cell), b);
  }
}

std::vector<Tiles::Box::Ion> Tiles::Box::ions(const model::LatticeModel& model) const {
  std::vector<Ion> ions;
  visit_rows(own_u0(), own_u1(), [&](Cell cell, int b) {
    const Cargo& cargo = cargo_[site(cell, b)];
    if (cargo.ion < 0) return;
    cell[static_cast<std::size_t>(grid_.axis_u())] += first_u_ - halo_low_;
    ions.push_back({cargo.ion, model.index(b, {cell[0], cell[1], cell[2]}), cargo.cells});
  });
  return ions;
}

std::vector<Tiles::Box::TracerMove> Tiles::Box::moved(std::int64_t n_ions, std::int64_t n_tracers,
                                                      std::span<std::int64_t> sums) const {
  struct Part {
    std::vector<TracerMove> tracers;
    std::vector<std::int64_t> sums;
  };
  std::vector<Part> rows(static_cast<std::size_t>(n_own_));
  parallel::for_each(n_own_, [&](std::ptrdiff_t row, int) {
    Part& part = rows[static_cast<std::size_t>(row)];
    part.sums.resize(sums.size());
    const int u = own_u0() + static_cast<int>(row);
    visit_rows(u, u + 1, [&](const Cell& cell, int b) {
      const Cargo& cargo = cargo_[site(cell, b)];
      if (cargo.ion < 0) return;
      for (std::size_t i = 0; i < 3; ++i) part.sums[i] += cargo.cells[i];
      ++part.sums[3 + static_cast<std::size_t>(b)];
      const auto k = observe::tracer_of_ion(cargo.ion, n_ions, n_tracers);
      if (k >= 0) part.tracers.push_back({static_cast<std::int32_t>(k), b, cargo.cells});
    });
  });
  std::vector<TracerMove> tracers;
  for (const Part& part : rows) {
    tracers.insert(tracers.end(), part.tracers.begin(), part.tracers.end());
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += part.sums[i];
  }
  return tracers;
}

}  // namespace lithiate::kmc
