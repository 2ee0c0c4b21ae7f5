#include "layers/sequence.hpp"

#include <fmt/format.h>

#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "core/error.hpp"
#include "core/random.hpp"
#include "core/text.hpp"
#include "crystal/space_group.hpp"

namespace lithiate::layers {
namespace {

constexpr int most_random_gaps = 1000;
constexpr double most_sequences = 300000;

/// "O3-random:SEED:N"
Sequence random_sequence(const std::string& text, const std::vector<Registry>& known) {
  const std::size_t first = text.find(':'), second = text.find(':', first + 1);
  const auto part = [&](std::size_t from, std::size_t to) {
    return from == std::string::npos ? std::nullopt
                                     : parse_integer(text.substr(from + 1, to - from - 1));
  };
  const auto seed = part(first, second), n = part(second, std::string::npos);
  if (!seed || *seed < 0 || !n || *n < 1 || *n > most_random_gaps)
    throw InputError(
        fmt::format("stack '{}': expected O3-random:SEED:N, a seed of at least 0 and 1 to {} gaps",
                    text, most_random_gaps));
  const auto choices = registries_of({"O3"}, known);
  Random random(static_cast<std::uint64_t>(*seed), Purpose::initial_state);
  Sequence out;
  for (long long i = 0; i < *n; ++i) out.push_back(choices[random.below(choices.size())]);
  return out;
}

int registry_at(const Vector3d& shift_A, const std::vector<Registry>& known, const Net& lattice) {
  const auto off_A = [&](const Registry& r) {
    return lattice.shortest_A(shift_A - r.shift_A).norm();
  };
  return static_cast<int>(
      std::min_element(known.begin(), known.end(),
                       [&](const auto& a, const auto& b) { return off_A(a) < off_A(b); }) -
      known.begin());
}

/// One slab, so far from its images that they add no symmetry and take none.
crystal::SpaceGroup slab_group(const Slab& slab, Matrix3d& columns) {
  constexpr double void_A = 30.0;
  columns << slab.a1_A, slab.a2_A, Vector3d(0, 0, void_A);
  crystal::Structure one{"slab", crystal::Lattice(columns), {}, ""};
  for (const SlabSite& site : slab.sites)
    one.sites.push_back({one.lattice.fractional(site.position_A), site.species});
  return crystal::find_space_group(one);
}

}  // namespace

std::vector<std::pair<std::string, std::string>> named_sequences(
    const std::vector<Registry>& known) {
  constexpr std::size_t mx2 = 3;
  if (known.size() == mx2) return {{"H1-3", "O3 O1"}};
  return {{"O1-AAA", "AAA"}, {"O1-R", "R+"}, {"O3-aaa", "a"}, {"O3-abc", "a b c"}, {"P3", "Pa"}};
}

Sequence parse_sequence(const std::string& text, const std::vector<Registry>& known) {
  if (text.starts_with("O3-random")) return random_sequence(text, known);
  std::string list = text;
  std::vector<std::string> names;
  for (const auto& [name, meaning] : named_sequences(known)) {
    names.push_back(name);
    if (trimmed(text) == name) list = meaning;
  }
  Sequence out;
  for (const std::string& word : split_words(list)) {
    try {
      out.push_back(registry_named(word, known));
    } catch (const InputError& e) {
      throw InputError(fmt::format("stack '{}': {}, or a whole sequence: {}, O3-random:SEED:N",
                                   text, e.what(), joined(names)));
    }
  }
  if (out.empty()) throw InputError("stack '': expected at least one registry");
  return out;
}

std::string text(const Sequence& sequence, const std::vector<Registry>& known) {
  std::vector<std::string> words;
  for (const int r : sequence) words.push_back(known[static_cast<std::size_t>(r)].name);
  return joined(words, " ");
}

std::vector<int> registries_of(const std::vector<std::string>& stackings,
                               const std::vector<Registry>& known) {
  std::vector<int> out;
  for (std::size_t i = 0; i < known.size(); ++i)
    if (std::find(stackings.begin(), stackings.end(), known[i].stacking) != stackings.end())
      out.push_back(static_cast<int>(i));
  return out;
}

std::vector<RegistryAction> registry_actions(const Slab& slab, const std::vector<Registry>& known) {
  const Net lattice(slab.a1_A, slab.a2_A);
  Matrix3d columns;
  std::vector<RegistryAction> all;
  const crystal::SpaceGroup group = slab_group(slab, columns);
  for (const auto& op : group.operations()) {
    const Matrix3d rotation = columns * op.rotation.cast<double>() * columns.inverse();
    const bool reverses = rotation(2, 2) < 0.0;
    RegistryAction action{{}, reverses};
    // upside down the upper slab is the lower one: its shift changes sign
    for (const Registry& r : known)
      action.image.push_back(
          registry_at((reverses ? -1.0 : 1.0) * (rotation * r.shift_A), known, lattice));
    all.push_back(std::move(action));
  }
  return all;
}

Sequence canonical(const Sequence& sequence, const std::vector<RegistryAction>& actions) {
  Sequence least = sequence, moved(sequence.size());
  for (const RegistryAction& action : actions) {
    for (std::size_t i = 0; i < sequence.size(); ++i)
      moved[i] = action.image[static_cast<std::size_t>(sequence[i])];
    if (action.reverses) std::reverse(moved.begin(), moved.end());
    for (std::size_t i = 0; i < moved.size(); ++i) {
      std::rotate(moved.begin(), moved.begin() + 1, moved.end());
      least = std::min(least, moved);
    }
  }
  return least;
}

std::vector<DistinctSequence> distinct_sequences(const Slab& slab,
                                                 const std::vector<Registry>& known,
                                                 const std::vector<int>& choices, int n) {
  const double total = std::pow(static_cast<double>(choices.size()), n);
  if (n < 1 || total > most_sequences)
    throw InputError(
        fmt::format("sequences of {} gaps out of {} registries: expected 1 gap or "
                    "more and at most {} sequences",
                    n, choices.size(), most_sequences));
  const auto actions = registry_actions(slab, known);
  std::map<Sequence, int> copies;
  std::vector<std::size_t> digits(static_cast<std::size_t>(n), 0);
  for (double i = 0; i < total; ++i) {
    Sequence sequence;
    for (const std::size_t digit : digits) sequence.push_back(choices[digit]);
    ++copies[canonical(sequence, actions)];
    for (std::size_t k = digits.size(); k-- > 0 && ++digits[k] == choices.size();) digits[k] = 0;
  }
  std::vector<DistinctSequence> out;
  for (const auto& [sequence, count] : copies) out.push_back({sequence, count});
  return out;
}

}  // namespace lithiate::layers
