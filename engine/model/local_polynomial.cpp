#include "model/local_polynomial.hpp"

#include <algorithm>
#include <bit>
#include <set>
#include <tuple>

namespace lithiate::model {
namespace {

constexpr int word_bits = 64;
constexpr int max_table_bits = 10;

std::uint64_t low_bits(int n) {
  return n == word_bits ? ~std::uint64_t{0} : (std::uint64_t{1} << n) - 1;
}

/// Places that occur in products with others, and those that occur alone.
std::pair<Places, Places> core_and_others(const std::vector<OccupationPolynomial::Set>& sets) {
  std::set<Place> core, all;
  for (const auto& set : sets) {
    all.insert(set.others.begin(), set.others.end());
    if (set.others.size() > 1) core.insert(set.others.begin(), set.others.end());
  }
  Places others;
  std::set_difference(all.begin(), all.end(), core.begin(), core.end(), std::back_inserter(others));
  return {{core.begin(), core.end()}, others};
}

/// Sum of coefficient * popcount(tail & its mask) over groups whose lead places are all occupied.
struct Counting {
  std::uint64_t lead, tail;
  const std::uint64_t *lead_mask, *tail_mask;
  const std::int64_t* coefficient;
  std::int64_t n;
};

[[gnu::always_inline]] inline std::int64_t counted(const Counting& c) {
  std::int64_t total = 0;
  for (std::int64_t k = 0; k < c.n; ++k) {
    const std::int64_t part = c.coefficient[k] * std::popcount(c.tail & c.tail_mask[k]);
    total += (c.lead & c.lead_mask[k]) == c.lead_mask[k] ? part : 0;
  }
  return total;
}

std::int64_t count_anywhere(const Counting& c) { return counted(c); }
#ifdef __x86_64__
[[gnu::target("popcnt")]] std::int64_t count_popcnt(const Counting& c) { return counted(c); }
[[gnu::target(
    "popcnt,avx512f,avx512dq,avx512vl,avx512vpopcntdq,prefer-vector-width=512")]] std::int64_t
count_avx512(const Counting& c) {
  return counted(c);
}
#endif

using Count = std::int64_t (*)(const Counting&);
/// The fastest that this processor can run; all give the same integers.
Count fastest_count() {
#ifdef __x86_64__
  if (__builtin_cpu_supports("avx512vpopcntdq") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl"))
    return count_avx512;
  if (__builtin_cpu_supports("popcnt")) return count_popcnt;
#endif
  return count_anywhere;
}
const Count count_groups = fastest_count();

}  // namespace

std::optional<Surroundings> Surroundings::make(const Places& core, const Places& others,
                                               const BitLattice& bits) {
  Surroundings s;
  s.append(core, bits);
  s.append(others, bits);
  if (s.n_words() > max_words) return std::nullopt;
  std::stable_sort(s.pieces_.begin(), s.pieces_.end(),
                   [](const Piece& a, const Piece& b) { return a.word < b.word; });
  for (int w = 0; w <= s.n_words(); ++w)
    s.first_piece_.push_back(static_cast<std::int32_t>(std::count_if(
        s.pieces_.begin(), s.pieces_.end(), [w](const Piece& piece) { return piece.word < w; })));
  return s;
}

/// Cuts the places into pieces of rows, each into the first word that has room for it.
void Surroundings::append(Places places, const BitLattice& bits) {
  const auto along_rows = [&bits](const Place& p) {
    const BitLattice::Window w = bits.window(p, 1);
    return std::tuple(w.u, w.v, w.first_word, w.first);
  };
  std::sort(places.begin(), places.end(),
            [&](const Place& a, const Place& b) { return along_rows(a) < along_rows(b); });
  for (std::size_t i = 0; i < places.size();) {
    std::size_t end = i + 1;
    while (end < places.size() && bits.share_row(places[i], places[end]) &&
           bits.along(places[end]) - bits.along(places[i]) < BitLattice::max_window)
      ++end;
    const int first = bits.along(places[i]), n = bits.along(places[end - 1]) - first + 1;
    const auto room = std::find_if(used_bits_.begin(), used_bits_.end(),
                                   [n](int used) { return used + n <= word_bits; });
    const auto word = static_cast<std::int32_t>(room - used_bits_.begin());
    if (room == used_bits_.end()) used_bits_.push_back(0);
    int& used = used_bits_[static_cast<std::size_t>(word)];
    pieces_.push_back({bits.window(places[i], n), word, used, low_bits(n)});
    for (; i < end; ++i) places_[places[i]] = {word, used + bits.along(places[i]) - first};
    used += n;
  }
}

std::optional<LocalPolynomial> LocalPolynomial::make(
    const std::vector<OccupationPolynomial::Set>& sets, const BitLattice& bits) {
  LocalPolynomial p;
  const auto [core, others] = core_and_others(sets);
  auto surroundings = Surroundings::make(core, others, bits);
  if (!surroundings) return std::nullopt;
  p.surroundings_ = std::move(*surroundings);
  std::vector<Term> terms;
  for (const auto& set : sets) {
    if (set.others.empty()) p.constant_ += set.coefficient;
    Term term{{}, set.coefficient};
    for (const Place& place : set.others) term.bits.push_back(p.surroundings_.bit(place));
    std::sort(term.bits.begin(), term.bits.end());
    if (!term.bits.empty()) terms.push_back(term);
  }
  if (!p.add(grouped(terms))) return std::nullopt;
  p.tabulate();
  return p;
}

/// Largest group first: few groups hold all terms.
LocalPolynomial::Groups LocalPolynomial::grouped(const std::vector<Term>& terms) {
  std::map<Key, std::vector<std::pair<std::size_t, std::int32_t>>> choices;  // (term, last bit)
  for (std::size_t t = 0; t < terms.size(); ++t)
    for (std::size_t last = 0; last < terms[t].bits.size(); ++last) {
      Key key{terms[t].bits, terms[t].bits[last].word, terms[t].coefficient};
      key.lead.erase(key.lead.begin() + static_cast<long>(last));
      choices[key].emplace_back(t, terms[t].bits[last].bit);
    }
  std::vector<char> taken(terms.size(), 0);
  Groups groups;
  while (!choices.empty()) {
    auto largest = choices.begin();
    for (auto at = choices.begin(); at != choices.end(); ++at) {
      std::erase_if(at->second, [&taken](const auto& c) { return taken[c.first] != 0; });
      if (at->second.size() > largest->second.size()) largest = at;
    }
    for (const auto& [term, bit] : largest->second) {
      taken[term] = 1;
      groups[largest->first] |= std::uint64_t{1} << bit;
    }
    choices.erase(largest);
    std::erase_if(choices, [](const auto& c) { return c.second.empty(); });
  }
  return groups;
}

bool LocalPolynomial::add(const Groups& groups) {
  std::map<std::pair<std::int32_t, std::int32_t>, Groups> by_words;
  for (const auto& [key, tail] : groups) {
    const std::int32_t lead = key.lead.empty() ? key.tail : key.lead.front().word;
    for (const Surroundings::Bit& b : key.lead)
      if (b.word != lead) return false;
    by_words[{lead, key.tail}].emplace(key, tail);
  }
  for (const auto& [words, block] : by_words) {
    const auto first = std::ssize(coefficient_);
    for (const auto& [key, tail] : block) {
      std::uint64_t lead = 0;
      for (const Surroundings::Bit& b : key.lead) lead |= std::uint64_t{1} << b.bit;
      lead_.push_back(lead);
      tail_.push_back(tail);
      coefficient_.push_back(key.coefficient);
    }
    blocks_.push_back({words.first, words.second, first, std::ssize(coefficient_)});
  }
  return true;
}

void LocalPolynomial::tabulate() {
  if (surroundings_.n_words() != 1 || surroundings_.n_bits(0) > max_table_bits) return;
  std::vector<std::int64_t> table;
  Surroundings::Words words;
  for (words[0] = 0; words[0] < std::uint64_t{1} << surroundings_.n_bits(0); ++words[0])
    table.push_back(sum(words));
  table_ = std::move(table);
}

std::int64_t LocalPolynomial::sum(const Surroundings::Words& words) const noexcept {
  std::int64_t total = constant_;
  for (const Block& block : blocks_)
    total += count_groups({words[static_cast<std::size_t>(block.lead)],
                           words[static_cast<std::size_t>(block.tail)], lead_.data() + block.first,
                           tail_.data() + block.first, coefficient_.data() + block.first,
                           block.last - block.first});
  return total;
}

}  // namespace lithiate::model
