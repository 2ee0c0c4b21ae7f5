#include "cluster/enumerate.hpp"

#include <fmt/format.h>

#include <Eigen/LU>
#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string>

#include "core/error.hpp"
#include "core/report.hpp"
#include "core/text.hpp"
#include "crystal/reduction.hpp"
#include "crystal/supercell.hpp"

namespace lithiate::cluster {
namespace {

using crystal::Decoration;
using crystal::Matrix3i;
using crystal::SiteOffset;
using crystal::SpaceGroup;
using crystal::Structure;
using crystal::Supercell;

std::array<int, 9> key_of(const Matrix3i& m) {
  std::array<int, 9> key{};
  std::copy(m.data(), m.data() + 9, key.begin());
  return key;
}

/// The superlattice onto which a rotation carries the one of `hermite`.
Matrix3i rotated(const Matrix3i& rotation, const Matrix3i& hermite) {
  const int sign = rotation.cast<double>().determinant() > 0.0 ? 1 : -1;
  return crystal::hermite_normal_form(sign * rotation * hermite);
}

/// All Hermite normal forms of this determinant, in lexicographic order of (a, b, d, c, e, f).
std::vector<Matrix3i> hermite_normal_forms(int n) {
  std::vector<Matrix3i> all;
  for (int a = 1; a <= n; ++a)
    for (int c = 1; n % a == 0 && c <= n / a; ++c) {
      if ((n / a) % c != 0) continue;
      const int f = n / a / c;
      for (int b = 0; b < c; ++b)
        for (int d = 0; d < f; ++d)
          for (int e = 0; e < f; ++e) {
            Matrix3i m;
            m << a, 0, 0, b, c, 0, d, e, f;
            all.push_back(m);
          }
    }
  return all;
}

/// What all supercells share: species numbered over the whole structure, so that equivalent sites
/// may list them in different orders.
struct Palette {
  std::vector<std::vector<int>> colours;  ///< per basis site, ascending numbers of its species
  std::vector<std::vector<int>> local;    ///< [basis][number]: position in the site's list
  std::vector<int> active;                ///< basis sites with two or more species
  int bounded = -1;                       ///< number of the bounded species
};

Palette make_palette(const Structure& prim, const EnumerateConfig& config) {
  Palette p;
  std::vector<std::string> names;
  for (const crystal::Site& site : prim.sites)
    for (const std::string& species : site.allowed)
      if (std::find(names.begin(), names.end(), species) == names.end()) names.push_back(species);
  for (std::size_t b = 0; b < prim.sites.size(); ++b) {
    const auto& allowed = prim.sites[b].allowed;
    p.colours.emplace_back();
    p.local.emplace_back(names.size(), -1);
    for (std::size_t n = 0; n < names.size(); ++n) {
      const auto at = std::find(allowed.begin(), allowed.end(), names[n]);
      if (at == allowed.end()) continue;
      p.colours[b].push_back(static_cast<int>(n));
      p.local[b][n] = static_cast<int>(at - allowed.begin());
    }
    if (allowed.size() > 1) p.active.push_back(static_cast<int>(b));
  }
  if (p.active.empty())
    throw InputError(prim.name + ": no site allows two or more species, so nothing can vary");
  if (config.species.empty()) return p;
  const std::string species = crystal::canonical_species(config.species);
  const auto at = std::find(names.begin(), names.end(), species);
  if (at == names.end())
    throw InputError(fmt::format("enumerate: no site of '{}' allows '{}' (known: {}{})", prim.name,
                                 species, joined(names), did_you_mean(species, names)));
  p.bounded = static_cast<int>(at - names.begin());
  const bool varies = std::any_of(p.active.begin(), p.active.end(), [&](int b) {
    return p.local[static_cast<std::size_t>(b)][static_cast<std::size_t>(p.bounded)] >= 0;
  });
  if (!varies)
    throw InputError(
        fmt::format("enumerate: '{}' sits on sites of '{}' that allow nothing else, "
                    "so that its number is fixed; bound a species that varies",
                    species, prim.name));
  return p;
}

/// Least and greatest number of the bounded species in a supercell.
struct Bounds {
  std::int64_t least = 0, greatest = 0;
};

Bounds bounds_of(const EnumerateConfig& config, std::int64_t n_cells, std::int64_t n_sites) {
  constexpr double rounding = 1e-9;  // 1/3 per cell in three cells is one
  const double n = static_cast<double>(n_cells), most = static_cast<double>(n_sites);
  return {
      static_cast<std::int64_t>(std::ceil(config.min_per_cell * n - rounding)),
      static_cast<std::int64_t>(std::floor(std::min(config.max_per_cell * n, most) + rounding))};
}

/// A symmetry of the supercell as seen by its active sites: colour of place i <- place from[i].
struct Permutation {
  std::vector<std::uint16_t> from;
  bool translation = false;  ///< a lattice translation other than the identity
};

/// Places of the active sites of a supercell and the symmetries that permute them.
class Places {
 public:
  Places(const Structure& prim, const SpaceGroup& group, const Palette& palette,
         const Matrix3i& hermite)
      : cell_(prim, hermite) {
    std::vector<int> place_of(static_cast<std::size_t>(cell_.n_sites()), -1);
    for (std::int64_t cell = 0; cell < cell_.n_cells(); ++cell)
      for (const int basis : palette.active) {
        sites_.push_back(cell * cell_.n_basis() + basis);
        place_of[static_cast<std::size_t>(sites_.back())] = static_cast<int>(sites_.size()) - 1;
      }
    std::map<std::vector<std::uint16_t>, bool> distinct;
    for (std::size_t op = 0; op < group.operations().size(); ++op) {
      const Matrix3i& rotation = group.operations()[op].rotation;
      if (rotated(rotation, hermite) != hermite) continue;
      for (std::int64_t shift = 0; shift < cell_.n_cells(); ++shift) {
        std::vector<std::uint16_t> from;
        for (const std::int64_t site : sites_) {
          const SiteOffset to = translated(group.image(op, cell_.offset(site)), cell_.cell(shift));
          from.push_back(
              static_cast<std::uint16_t>(place_of[static_cast<std::size_t>(cell_.index(to))]));
        }
        distinct.try_emplace(std::move(from), false);
      }
    }
    mark_translations(place_of, distinct);
    for (auto& [from, translation] : distinct) permutations_.push_back({from, translation});
  }

  const Supercell& cell() const { return cell_; }
  std::size_t size() const { return sites_.size(); }
  std::int64_t site(std::size_t place) const { return sites_[place]; }
  std::size_t basis(std::size_t place) const {
    return static_cast<std::size_t>(sites_[place] % cell_.n_basis());
  }
  const std::vector<Permutation>& permutations() const { return permutations_; }

 private:
  void mark_translations(const std::vector<int>& place_of,
                         std::map<std::vector<std::uint16_t>, bool>& distinct) const {
    for (std::int64_t shift = 1; shift < cell_.n_cells(); ++shift) {
      std::vector<std::uint16_t> from;
      for (const std::int64_t site : sites_)
        from.push_back(static_cast<std::uint16_t>(place_of[static_cast<std::size_t>(
            cell_.index(translated(cell_.offset(site), cell_.cell(shift))))]));
      distinct[std::move(from)] = true;
    }
  }

  Supercell cell_;
  std::vector<std::int64_t> sites_;  // index in the supercell, per place
  std::vector<Permutation> permutations_;
};

/// Colourings that a permutation leaves as they are, by the number of the bounded species in them:
/// one colour per cycle.
Eigen::VectorXd fixed_colourings(const Places& places, const Palette& palette,
                                 const Permutation& permutation) {
  Eigen::VectorXd by_count = Eigen::VectorXd::Zero(static_cast<Eigen::Index>(places.size()) + 1);
  by_count[0] = 1.0;
  std::vector<bool> seen(places.size(), false);
  for (std::size_t start = 0; start < places.size(); ++start) {
    Eigen::Index length = 0;
    for (std::size_t at = start; !seen[at]; at = permutation.from[at], ++length) seen[at] = true;
    if (length == 0) continue;
    const auto& colours = palette.colours[places.basis(start)];
    const bool has_bounded =
        std::find(colours.begin(), colours.end(), palette.bounded) != colours.end();
    const double others = static_cast<double>(colours.size()) - (has_bounded ? 1.0 : 0.0);
    for (Eigen::Index k = by_count.size() - 1; k >= 0; --k)
      by_count[k] = others * by_count[k] + (has_bounded && k >= length ? by_count[k - length] : 0);
  }
  return by_count;
}

/// Classes of colourings of one cell shape within the bounds.
double classes(const Structure& prim, const Palette& palette, const Places& places, Bounds bounds) {
  Eigen::VectorXd sum = Eigen::VectorXd::Zero(static_cast<Eigen::Index>(places.size()) + 1);
  for (const Permutation& permutation : places.permutations())
    sum += fixed_colourings(places, palette, permutation);
  sum /= static_cast<double>(places.permutations().size());
  if (palette.bounded < 0) return sum.sum();
  std::int64_t spectators = 0;
  for (std::size_t b = 0; b < prim.sites.size(); ++b)
    if (prim.sites[b].allowed.size() == 1 &&
        palette.local[b][static_cast<std::size_t>(palette.bounded)] >= 0)
      spectators += places.cell().n_cells();
  double within = 0.0;
  for (Eigen::Index k = 0; k < sum.size(); ++k)
    if (k + spectators >= bounds.least && k + spectators <= bounds.greatest) within += sum[k];
  return within;
}

/// Orderly search: colours places one after the other and leaves a branch as soon as a symmetry
/// carries the coloured part to a lexicographically smaller one (Read, Ann. Discrete Math. 2, 107
/// (1978)), so each class is met once, at its smallest member.
class Search {
 public:
  Search(const Structure& prim, const Palette& palette, const Places& places, Bounds bounds,
         std::int64_t& looked_at, std::int64_t most)
      : prim_(prim),
        palette_(palette),
        places_(places),
        bounds_(bounds),
        looked_at_(looked_at),
        most_(most),
        colour_(places.size()),
        ties_(places.size() + 1),
        room_(places.size() + 1, 0) {
    for (std::size_t i = places.size(); i-- > 0;)
      room_[i] = room_[i + 1] + (allows_bounded(places.basis(i)) ? 1 : 0);
    for (std::size_t b = 0; b < prim.sites.size(); ++b)
      if (prim.sites[b].allowed.size() == 1 && allows_bounded(b)) count_ += places.cell().n_cells();
    for (std::uint32_t k = 0; k < places.permutations().size(); ++k) ties_[0].push_back({k, 0});
  }

  void run(const std::function<void(const Decoration&)>& found) {
    const Matrix3i& hermite = places_.cell().transformation();
    decoration_.transformation = hermite * crystal::reduction(places_.cell().lattice().columns());
    decoration_.occupation.assign(static_cast<std::size_t>(places_.cell().n_sites()), 0);
    descend(0, found);
  }

 private:
  /// A symmetry that has left the first `equal` colours as they are.
  struct Tie {
    std::uint32_t permutation;
    std::uint32_t equal;
  };

  bool allows_bounded(std::size_t basis) const {
    return palette_.bounded >= 0 &&
           palette_.local[basis][static_cast<std::size_t>(palette_.bounded)] >= 0;
  }

  bool within_bounds(std::size_t coloured) const {
    return palette_.bounded < 0 ||
           (count_ <= bounds_.greatest && count_ + room_[coloured] >= bounds_.least);
  }

  void descend(std::size_t place, const std::function<void(const Decoration&)>& found) {
    if (place == places_.size()) {
      emit(found);
      return;
    }
    for (const int colour : palette_.colours[places_.basis(place)]) {
      if (++looked_at_ > most_)
        throw InputError(
            fmt::format("enumerate: more than {} partial colourings looked at; choose "
                        "fewer cells or bound a species",
                        most_));
      colour_[place] = static_cast<std::uint8_t>(colour);
      const int counted = colour == palette_.bounded ? 1 : 0;
      count_ += counted;
      if (within_bounds(place + 1) && smallest_so_far(place + 1)) descend(place + 1, found);
      count_ -= counted;
    }
  }

  /// Follows the ties of the shorter part; false if an image has become smaller.
  bool smallest_so_far(std::size_t coloured) {
    ties_[coloured].clear();
    for (Tie tie : ties_[coloured - 1]) {
      const auto& from = places_.permutations()[tie.permutation].from;
      int order = 0;
      while (tie.equal < coloured && from[tie.equal] < coloured) {
        order = colour_[from[tie.equal]] - colour_[tie.equal];
        if (order != 0) break;
        ++tie.equal;
      }
      if (order < 0) return false;
      if (order == 0) ties_[coloured].push_back(tie);
    }
    return true;
  }

  /// The ties of a whole colouring are its symmetries; a translation among them: superperiodic.
  void emit(const std::function<void(const Decoration&)>& found) {
    for (const Tie& tie : ties_[places_.size()])
      if (places_.permutations()[tie.permutation].translation) return;
    for (std::size_t i = 0; i < places_.size(); ++i)
      decoration_.occupation[static_cast<std::size_t>(places_.site(i))] =
          static_cast<crystal::Species>(palette_.local[places_.basis(i)][colour_[i]]);
    found(decoration_);
  }

  const Structure& prim_;
  const Palette& palette_;
  const Places& places_;
  Bounds bounds_;
  std::int64_t& looked_at_;
  std::int64_t most_;
  std::vector<std::uint8_t> colour_;    // per place, species number of the palette
  std::vector<std::vector<Tie>> ties_;  // per number of coloured places
  std::vector<std::int64_t> room_;      // places from here on that could hold the bounded species
  std::int64_t count_ = 0;              // of the bounded species so far
  Decoration decoration_;
};

void check(const EnumerateConfig& c) {
  InputReport report("enumerate");
  report.require(c.min_cells >= 1, "min_cells", c.min_cells, "must be at least 1");
  report.require(c.max_cells >= c.min_cells, "max_cells", c.max_cells,
                 fmt::format("must be at least min_cells = {}", c.min_cells));
  report.require(c.min_per_cell >= 0.0, "min_per_cell", c.min_per_cell, "must not be negative");
  report.require(c.max_per_cell >= c.min_per_cell, "max_per_cell", c.max_per_cell,
                 fmt::format("must be at least min_per_cell = {}", c.min_per_cell));
  report.throw_if_any();
}

}  // namespace

std::vector<Matrix3i> distinct_supercells(const SpaceGroup& group, int n_cells) {
  std::vector<Matrix3i> distinct;
  for (const Matrix3i& hermite : hermite_normal_forms(n_cells)) {
    const bool first = std::none_of(
        group.operations().begin(), group.operations().end(), [&](const auto& operation) {
          return key_of(rotated(operation.rotation, hermite)) < key_of(hermite);
        });
    if (first) distinct.push_back(hermite);
  }
  return distinct;
}

void enumerate(const Structure& prim, const SpaceGroup& group, const EnumerateConfig& config,
               const std::function<void(const Decoration&)>& found) {
  check(config);
  const Palette palette = make_palette(prim, config);
  std::int64_t looked_at = 0;
  for (int n = config.min_cells; n <= config.max_cells; ++n)
    for (const Matrix3i& hermite : distinct_supercells(group, n)) {
      const Places places(prim, group, palette, hermite);
      const Bounds bounds = bounds_of(config, n, places.cell().n_sites());
      Search(prim, palette, places, bounds, looked_at, config.max_decorations).run(found);
    }
}

double most_decorations(const Structure& prim, const SpaceGroup& group,
                        const EnumerateConfig& config, double enough,
                        const std::function<void(int, double)>& counted) {
  check(config);
  const Palette palette = make_palette(prim, config);
  double sum = 0.0;
  for (int n = config.min_cells; n <= config.max_cells && sum <= enough; ++n) {
    for (const Matrix3i& hermite : distinct_supercells(group, n)) {
      const Places places(prim, group, palette, hermite);
      sum += classes(prim, palette, places, bounds_of(config, n, places.cell().n_sites()));
      if (sum > enough) break;
    }
    if (counted) counted(n, sum);
  }
  return sum;
}

crystal::Atoms ideal_atoms(const Structure& prim, const Decoration& decoration) {
  const Supercell cell(prim, decoration.transformation);
  crystal::Atoms atoms;
  atoms.name = decoration.name;
  atoms.lattice = cell.lattice();
  for (std::int64_t i = 0; i < cell.n_sites(); ++i) {
    const auto& allowed = prim.sites[static_cast<std::size_t>(i % cell.n_basis())].allowed;
    const std::string& species = allowed[decoration.occupation[static_cast<std::size_t>(i)]];
    if (species == crystal::vacancy) continue;
    atoms.species.push_back(species);
    atoms.fractional.push_back(cell.fractional(i));
  }
  return atoms;
}

}  // namespace lithiate::cluster
