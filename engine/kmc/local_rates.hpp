#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/ragged_array.hpp"
#include "kmc/rate_model.hpp"
#include "model/binary_energies.hpp"
#include "model/hop_table.hpp"

namespace lithiate::kmc {

/// Local expansions (model::LocalTerm) as sums over their terms, for any number of species per
/// site. Coefficients are integers in units of 2^-44 (eV, or 1 for logarithms), each rounded once:
/// a hop and its reverse have the same bits. Any number of threads.
class LocalRates {
 public:
  /// Keeps a reference to `hops`.
  LocalRates(const model::LatticeModel& model, const model::HopTable& hops);

  /// True if no barrier depends on what is around.
  bool empty() const noexcept { return terms_.rows() == 0; }
  /// Of the hop with this number from a site. What stands on the two ends of the hop has no
  /// influence.
  LocalRate operator()(std::span<const model::Species> occ, model::SiteIndex from,
                       int hop) const noexcept;

 private:
  struct Site {
    std::array<std::int32_t, 3> shift;
    std::int32_t sublattice;
    model::Species species;
  };
  struct Term {
    std::int32_t first_site, n_sites;
    std::int64_t e_kra, ln_prefactor;
  };
  const model::HopTable& hops_;
  std::vector<Site> sites_;
  RaggedArray<Term> terms_;  // per hop
};

/// The same from bits, for models whose every free site holds the mobile species or a vacancy.
class LocalRatePolynomials {
 public:
  /// Nothing if a local expansion is too large for model::LocalPolynomial.
  static std::optional<LocalRatePolynomials> make(const model::HopTable& hops,
                                                  const model::BinaryEnergies& energies);
  bool empty() const noexcept { return e_kra_.empty(); }
  /// `from`: cell in which the hop starts. REQUIRES !empty().
  LocalRate operator()(const model::BitLattice& bits, const model::BitLattice::Position& from,
                       int hop) const noexcept;
  /// Words read and groups counted for a hop.
  double reads(int hop) const noexcept;

 private:
  using Polynomials = std::vector<model::LocalPolynomial>;  // per hop
  Polynomials e_kra_, ln_prefactor_;                        // the latter empty if all are 0
};

}  // namespace lithiate::kmc
