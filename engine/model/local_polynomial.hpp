#pragma once
#include <array>
#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "model/bit_lattice.hpp"

namespace lithiate::model {

/// Where the occupations around a cell go in a few machine words.
class Surroundings {
 public:
  static constexpr int max_words = 32;
  using Words = std::array<std::uint64_t, max_words>;
  struct Bit {
    std::int32_t word = -1, bit = 0;
    friend auto operator<=>(const Bit&, const Bit&) = default;
  };

  /// Places of `core` come first and close together; `others` follow. A place may be in one list
  /// only. Nothing if they need more than max_words words.
  static std::optional<Surroundings> make(const Places& core, const Places& others,
                                          const BitLattice& bits);

  int n_words() const noexcept { return static_cast<int>(used_bits_.size()); }
  int n_pieces() const noexcept { return static_cast<int>(pieces_.size()); }
  /// Bits in use in a word; the others are 0.
  int n_bits(int word) const noexcept { return used_bits_[static_cast<std::size_t>(word)]; }
  /// Where a place went; word -1 if it is not read.
  Bit bit(const Place& place) const {
    const auto at = places_.find(place);
    return at == places_.end() ? Bit{} : at->second;
  }

  /// Occupations around a cell; words from n_words() on are not touched.
  void read(const BitLattice& bits, const BitLattice::Position& from, Words& words) const noexcept {
    const Piece* piece = pieces_.data();
    for (int w = 0; w < n_words(); ++w) {
      std::uint64_t word = 0;
      for (const Piece* end = pieces_.data() + first_piece_[static_cast<std::size_t>(w) + 1];
           piece != end; ++piece)
        word |= (bits.read(from, piece->window) & piece->mask) << piece->shift;
      words[static_cast<std::size_t>(w)] = word;
    }
  }

 private:
  struct Piece {
    BitLattice::Window window;
    std::int32_t word, shift;  // of its first site
    std::uint64_t mask;
  };
  void append(Places places, const BitLattice& bits);

  std::vector<Piece> pieces_;              // by word
  std::vector<std::int32_t> first_piece_;  // per word, and one past the last
  std::vector<int> used_bits_;             // per word
  std::map<Place, Bit> places_;
};

/// A polynomial in the occupations around a site: dE/dn, of two-species models. Terms that share
/// their coefficient and all places but one are counted together, coefficient x popcount; small
/// surroundings become a table of all their states. Exact in integers (OccupationPolynomial).
class LocalPolynomial {
 public:
  /// Nothing if the places do not fit into Surroundings::max_words words, or if all but one of a
  /// term's places never lie in one word.
  static std::optional<LocalPolynomial> make(const std::vector<OccupationPolynomial::Set>& sets,
                                             const BitLattice& bits);

  const Surroundings& surroundings() const noexcept { return surroundings_; }
  std::int64_t operator()(const Surroundings::Words& words) const noexcept {
    if (!table_.empty()) return table_[words[0]];
    return sum(words);
  }
  /// Terms evaluated, for estimates of cost.
  std::int64_t n_groups() const noexcept { return std::ssize(coefficient_); }

 private:
  /// Groups that read the same two words: coefficient * popcount(words[tail] & tail mask) if all of
  /// words[lead] & lead mask are occupied.
  struct Block {
    std::int32_t lead, tail;
    std::int64_t first, last;
  };
  struct Term {
    std::vector<Surroundings::Bit> bits;
    std::int64_t coefficient = 0;
  };
  /// All but one place of a term, the word of that one, and the coefficient.
  struct Key {
    std::vector<Surroundings::Bit> lead;
    std::int32_t tail = 0;
    std::int64_t coefficient = 0;
    friend auto operator<=>(const Key&, const Key&) = default;
  };
  using Groups = std::map<Key, std::uint64_t>;  // bits of the last place
  static Groups grouped(const std::vector<Term>& terms);
  bool add(const Groups& groups);
  void tabulate();
  std::int64_t sum(const Surroundings::Words& words) const noexcept;

  Surroundings surroundings_;
  std::int64_t constant_ = 0;
  std::vector<Block> blocks_;
  std::vector<std::uint64_t> lead_, tail_;
  std::vector<std::int64_t> coefficient_;
  std::vector<std::int64_t> table_;  // by words[0], if small
};

}  // namespace lithiate::model
