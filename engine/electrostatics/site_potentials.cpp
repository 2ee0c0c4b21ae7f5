#include "electrostatics/site_potentials.hpp"

#include <fmt/format.h>

#include <cassert>
#include <cstdlib>
#include <numeric>

#include "core/error.hpp"

// One binary for all machines: the loader picks the widest 64-bit multiplication it has. Integers:
// every version gives the same bits.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define LITHIATE_WIDEST __attribute__((target_clones("arch=x86-64-v4", "avx2", "default")))
#else
#define LITHIATE_WIDEST
#endif

namespace lithiate::electrostatics {
namespace {

/// potentials[i] += step * interaction(i, site) for all sites. Unsigned arithmetic: sums may wrap
/// on their way to potentials that fit.
LITHIATE_WIDEST
void add_column(const EwaldTable& table, SiteIndex site, std::int64_t step,
                std::int64_t* potentials) noexcept {
  const std::int64_t n = table.row_length();
  const auto factor = static_cast<std::uint64_t>(step);
  for (int x = 0; x < table.rows_x(); ++x)
    for (int y = 0; y < table.rows_y(); ++y, potentials += n) {
      const std::int64_t* row = table.row(x, y, site);
      for (std::int64_t k = 0; k < n; ++k)
        potentials[k] = static_cast<std::int64_t>(static_cast<std::uint64_t>(potentials[k]) +
                                                  factor * static_cast<std::uint64_t>(row[k]));
    }
}

/// Moves `step` from one site to another: a hop or a swap in one pass.
LITHIATE_WIDEST
void move_charge(const EwaldTable& table, SiteIndex from, SiteIndex to, std::int64_t step,
                 std::int64_t* potentials) noexcept {
  const std::int64_t n = table.row_length();
  const auto factor = static_cast<std::uint64_t>(step);
  for (int x = 0; x < table.rows_x(); ++x)
    for (int y = 0; y < table.rows_y(); ++y, potentials += n) {
      const std::int64_t* row_from = table.row(x, y, from);
      const std::int64_t* row_to = table.row(x, y, to);
      for (std::int64_t k = 0; k < n; ++k)
        potentials[k] =
            static_cast<std::int64_t>(static_cast<std::uint64_t>(potentials[k]) +
                                      factor * (static_cast<std::uint64_t>(row_to[k]) -
                                                static_cast<std::uint64_t>(row_from[k])));
    }
}

std::vector<Quanta> to_quanta(const EwaldTable& table, std::span<const double> charges_e) {
  std::vector<Quanta> charges;
  charges.reserve(charges_e.size());
  for (const double q : charges_e) charges.push_back(table.quanta(q));
  return charges;
}

}  // namespace

SitePotentials::SitePotentials(const EwaldTable& table, std::span<const double> charges_e,
                               Neutrality neutrality)
    : SitePotentials(table, to_quanta(table, charges_e), neutrality) {}

SitePotentials::SitePotentials(const EwaldTable& table, std::vector<Quanta> charges,
                               Neutrality neutrality)
    : table_(&table), half_unit_eV_(0.5 * table.unit_eV()), charges_(std::move(charges)) {
  if (std::ssize(charges_) != table.n_sites())
    throw InputError(fmt::format("ewald: {} charges for {} sites, expected as many",
                                 charges_.size(), table.n_sites()));
  for (const Quanta q : charges_)
    if (std::abs(q) > table.largest_charge())
      throw InputError(fmt::format("ewald: charge of {} quanta, expected at most {}", q,
                                   table.largest_charge()));
  const auto sum = std::accumulate(charges_.begin(), charges_.end(), std::int64_t{0});
  check_neutrality(static_cast<double>(sum) * table.charge_quantum_e() + table.fixed_charge_e(),
                   neutrality);
  for (SiteIndex i = 0; i < table.n_sites(); ++i)
    potentials_.push_back(table.fixed_potential(table.sublattice(i)));
  for (SiteIndex i = 0; i < table.n_sites(); ++i)
    if (const Quanta q = charges_[static_cast<std::size_t>(i)]; q != 0)
      add_column(table, i, q, potentials_.data());
  for (std::size_t i = 0; i < charges_.size(); ++i)
    twice_total_ +=
        Wide{charges_[i]} *
        (Wide{potentials_[i]} + table.fixed_potential(table.sublattice(static_cast<SiteIndex>(i))));
}

SitePotentials::Wide SitePotentials::twice_delta(ChargeChange c) const noexcept {
  assert(std::abs(c.to) <= table_->largest_charge());
  const std::int64_t d = step(c);
  return d * (2 * Wide{potentials_[static_cast<std::size_t>(c.site)]} +
              Wide{d} * table_->interaction(c.site, c.site));
}

SitePotentials::Wide SitePotentials::twice_delta(ChargeChange first,
                                                 ChargeChange second) const noexcept {
  assert(first.site != second.site);
  return twice_delta(first) + twice_delta(second) +
         2 * Wide{step(first) * step(second)} * table_->interaction(first.site, second.site);
}

SitePotentials::Wide SitePotentials::twice_delta(
    std::span<const ChargeChange> changes) const noexcept {
  Wide sum = 0;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    sum += twice_delta(changes[i]);
    for (std::size_t j = 0; j < i; ++j) {
      assert(changes[i].site != changes[j].site);
      sum += 2 * Wide{step(changes[i]) * step(changes[j])} *
             table_->interaction(changes[i].site, changes[j].site);
    }
  }
  return sum;
}

double SitePotentials::delta_eV(ChargeChange change) const noexcept {
  return half_units_eV(twice_delta(change));
}
double SitePotentials::delta_eV(ChargeChange first, ChargeChange second) const noexcept {
  return half_units_eV(twice_delta(first, second));
}
double SitePotentials::delta_eV(std::span<const ChargeChange> changes) const noexcept {
  return half_units_eV(twice_delta(changes));
}

void SitePotentials::apply(ChargeChange change) noexcept {
  const std::int64_t d = step(change);
  if (d == 0) return;
  twice_total_ += twice_delta(change);
  add_column(*table_, change.site, d, potentials_.data());
  charges_[static_cast<std::size_t>(change.site)] = change.to;
}

void SitePotentials::apply(ChargeChange first, ChargeChange second) noexcept {
  const std::int64_t d = step(second);
  if (d == 0 || step(first) != -d) {
    apply(first);
    apply(second);
    return;
  }
  twice_total_ += twice_delta(first, second);
  move_charge(*table_, first.site, second.site, d, potentials_.data());
  charges_[static_cast<std::size_t>(first.site)] = first.to;
  charges_[static_cast<std::size_t>(second.site)] = second.to;
}

void SitePotentials::apply(std::span<const ChargeChange> changes) noexcept {
  for (; changes.size() > 1; changes = changes.subspan(2)) apply(changes[0], changes[1]);
  if (!changes.empty()) apply(changes[0]);
}

double SitePotentials::total_eV() const noexcept {
  return half_units_eV(twice_total_) + table_->fixed_energy_eV();
}

double SitePotentials::potential_V(SiteIndex site) const noexcept {
  return static_cast<double>(potentials_[static_cast<std::size_t>(site)]) * table_->unit_eV() /
         table_->charge_quantum_e();
}

}  // namespace lithiate::electrostatics
