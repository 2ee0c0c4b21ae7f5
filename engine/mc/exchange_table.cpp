#include "mc/exchange_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <set>

#include "core/error.hpp"
#include "core/text.hpp"

namespace lithiate::mc {
namespace {

constexpr int largest_charge = 8;
constexpr std::size_t most_rows = 20'000;
constexpr std::int64_t most_looks = 20'000'000;  // a second of search

/// One site of a class changes its species.
struct Flip {
  int part, from, to, charge;  ///< class, dimensions, change of charge
};

/// All smallest sums of zero, by growing sums none of whose parts is zero.
class Search {
 public:
  Search(std::vector<Flip> flips, int n_classes)
      : flips_(std::move(flips)), parts_(static_cast<std::size_t>(n_classes)) {
    int up = 0, down = 0;
    for (const Flip& f : flips_) {
      up = std::max(up, f.charge);
      down = std::max(down, -f.charge);
    }
    longest_ = static_cast<std::size_t>(std::max(1, up + down));
    if (longest_ > ExchangeTable::max_sites) too_many();
  }

  std::set<ExchangeTable::Row> rows() {
    grow(0, {0}, 0);
    return std::move(rows_);
  }

 private:
  /// `sums`: charges of all sub-multisets, the empty one included.
  void grow(std::size_t first, const std::vector<int>& sums, int total) {
    for (std::size_t k = first; k < flips_.size(); ++k) {
      const Flip& f = flips_[k];
      if (++looked_at_ > most_looks) too_many();
      if (clashes(f)) continue;
      const auto zeros = std::count(sums.begin(), sums.end(), -f.charge);
      if (zeros > 0 && total != -f.charge) continue;  // a part of it is zero already
      add(f);
      ++length_;
      if (zeros > 0) {
        // the sum is zero now; the only part before it with the opposite charge was the whole
        if (zeros == 1) note();
      } else if (length_ < longest_) {
        std::vector<int> more = sums;
        for (const int s : sums) more.push_back(s + f.charge);
        grow(k, more, total + f.charge);
      }
      --length_;
      remove(f);
    }
  }

  /// A species that comes and goes in one class would make a shorter row.
  bool clashes(const Flip& f) const {
    const auto& part = parts_[static_cast<std::size_t>(f.part)];
    return std::count(part.to.begin(), part.to.end(), f.from) > 0 ||
           std::count(part.from.begin(), part.from.end(), f.to) > 0;
  }
  void add(const Flip& f) {
    parts_[static_cast<std::size_t>(f.part)].from.push_back(f.from);
    parts_[static_cast<std::size_t>(f.part)].to.push_back(f.to);
  }
  void remove(const Flip& f) {
    parts_[static_cast<std::size_t>(f.part)].from.pop_back();
    parts_[static_cast<std::size_t>(f.part)].to.pop_back();
  }
  void note() {
    ExchangeTable::Row row;
    for (ExchangeTable::Part part : parts_) {
      if (part.from.empty()) continue;
      std::sort(part.from.begin(), part.from.end());
      std::sort(part.to.begin(), part.to.end());
      row.push_back(std::move(part));
    }
    rows_.insert(std::move(row));
    if (rows_.size() > most_rows) too_many();
  }
  [[noreturn]] static void too_many() {
    throw InputError(fmt::format(
        "more than {} neutral exchanges, or of more than {} sites: expected fewer species on the "
        "free sites, or charges that differ less",
        most_rows, ExchangeTable::max_sites));
  }

  std::vector<Flip> flips_;
  std::vector<ExchangeTable::Part> parts_;  // of the sum that grows, by class
  std::set<ExchangeTable::Row> rows_;
  std::size_t longest_, length_ = 0;
  std::int64_t looked_at_ = 0;
};

/// The charge that a name ends in, if it does.
std::optional<double> written_charge(const std::string& species) {
  if (species == crystal::vacancy) return 0.0;
  if (species.empty() || (species.back() != '+' && species.back() != '-')) return std::nullopt;
  const auto digits = species.find_first_of("0123456789.");
  const double size =
      digits == std::string::npos
          ? 1.0
          : parse_number(species.substr(digits, species.size() - 1 - digits)).value_or(NAN);
  return species.back() == '+' ? size : -size;
}

}  // namespace

int charge_of(const std::string& species, const std::map<std::string, int>& oxidation_states) {
  const auto named = oxidation_states.find(species);
  const auto charge = named != oxidation_states.end() ? std::optional<double>(named->second)
                                                      : written_charge(species);
  if (!charge)
    throw InputError(fmt::format(
        "species '{0}' has no charge: expected a name as in V3+, or oxidation_states.{0}",
        species));
  if (!(std::abs(*charge) <= largest_charge) || *charge != std::round(*charge))
    throw InputError(fmt::format("species '{}': expected a whole charge of at most {}", species,
                                 largest_charge));
  return static_cast<int>(*charge);
}

Charges charges_of(const LatticeModel& model, const std::map<std::string, int>& oxidation_states) {
  Charges charges;
  for (const auto& sublattice : model.sublattices()) {
    auto& row = charges.emplace_back();
    for (const std::string& name : sublattice.species)
      row.push_back(charge_of(name, oxidation_states));
  }
  return charges;
}

std::int64_t total_charge(const LatticeModel& model, const Charges& charges,
                          const std::vector<Species>& occ) {
  std::int64_t sum = 0;
  for (SiteIndex site = 0; site < model.n_sites(); ++site)
    sum += charges[static_cast<std::size_t>(model.sublattice(site))]
                  [occ[static_cast<std::size_t>(site)]];
  return sum;
}

std::vector<Species> arrangement_of_charge(const LatticeModel& model, const Charges& charges,
                                           std::int64_t total, Random& random) {
  const auto n = static_cast<std::uint64_t>(model.n_sites());
  std::vector<Species> occ(n);
  for (std::uint64_t i = 0; i < n; ++i)
    occ[i] = static_cast<Species>(
        random.below(static_cast<std::uint64_t>(model.n_species(static_cast<SiteIndex>(i)))));
  std::int64_t excess = total_charge(model, charges, occ) - total;
  // towards the total, with a rare step back: a last unit may need a detour
  const std::uint64_t most_steps = 1000 * n + 100'000;
  for (std::uint64_t step = 0; excess != 0 && step < most_steps; ++step) {
    const std::uint64_t i = random.below(n);
    const auto& row =
        charges[static_cast<std::size_t>(model.sublattice(static_cast<SiteIndex>(i)))];
    const auto next = static_cast<Species>(random.below(row.size()));
    const std::int64_t after = excess + row[next] - row[occ[i]];
    if (std::abs(after) > std::abs(excess) && random.below(4 * n) != 0) continue;
    occ[i] = next;
    excess = after;
  }
  if (excess != 0)
    throw InputError(fmt::format(
        "no arrangement of the {} free sites has the charge {} e that neutrality asks for", n,
        total));
  return occ;
}

ExchangeTable::ExchangeTable(const LatticeModel& model, const Charges& charges) {
  std::vector<std::vector<std::string>> lists;
  std::vector<Flip> flips;
  for (std::size_t b = 0; b < model.sublattices().size(); ++b) {
    const auto& list = model.sublattices()[b].species;
    const auto at = std::find(lists.begin(), lists.end(), list);
    const int part = static_cast<int>(at - lists.begin());
    class_.push_back(part);
    if (at != lists.end()) continue;
    lists.push_back(list);
    first_.push_back(n_dimensions_);
    const int size = static_cast<int>(list.size());
    for (int from = 0; from < size; ++from) {
      species_.push_back(static_cast<Species>(from));
      for (int to = 0; to < size; ++to)
        if (to != from)
          flips.push_back({part, n_dimensions_ + from, n_dimensions_ + to,
                           charges[b][static_cast<std::size_t>(to)] -
                               charges[b][static_cast<std::size_t>(from)]});
    }
    n_dimensions_ += size;
  }
  const auto found = Search(std::move(flips), n_classes()).rows();
  rows_.assign(found.begin(), found.end());
  if (rows_.empty())
    throw InputError(
        "no exchange of species keeps the charge: expected sites whose charges can make up for "
        "each other, such as Li1+ or Va beside V2+ or V3+");
}

}  // namespace lithiate::mc
