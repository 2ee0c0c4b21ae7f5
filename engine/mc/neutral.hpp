#pragma once
#include <array>

#include "mc/exchange_table.hpp"

namespace lithiate::mc {

/// Changes of several sites at once that keep the total charge, at fixed chemical potentials:
/// weight exp(-(E - sum mu N)/kT) on the states of one charge. Half of the moves exchange the
/// species of two sites of a class; the others draw a row of the ExchangeTable (all alike), sites
/// for the species it takes away (all alike), and an order in which these get the new species. A
/// row that the composition does not allow is rejected. With n_d sites of species d and u_d the
/// row's change,
///   P(back) / P(forth) = prod_d n_d! / (n_d + u_d)!.
class NeutralSemiGrand {
 public:
  struct Move {
    std::size_t n = 0;  ///< sites
    std::array<SiteIndex, ExchangeTable::max_sites> site;
    std::array<Species, ExchangeTable::max_sites> next;
    double log_choices = 0.0;
  };

  /// mu_eV by species name; species that are not named have mu = 0. Throws InputError for a name
  /// no site allows, and as ExchangeTable.
  NeutralSemiGrand(const LatticeModel& model, const Charges& charges,
                   const std::map<std::string, double>& mu_eV);
  /// The charge of `occ` is kept from here on; call after the occupation was changed from outside.
  void attach(const std::vector<Species>& occ);
  bool propose(const Configuration& state, Random& random, Move& move) const noexcept;
  double delta_potential_eV(Configuration& state, const Move& move, double& dE_eV) const noexcept;
  static double log_choices(const Move& move) noexcept { return move.log_choices; }
  void apply(Configuration& state, const Move& move) noexcept;
  double chemical_eV(const std::vector<Species>& occ) const noexcept {
    return single_.chemical_eV(occ);
  }
  std::int64_t moves_per_sweep() const noexcept { return model_.n_sites(); }

  const ExchangeTable& table() const noexcept { return table_; }
  /// Sites of each dimension of the table.
  std::size_t count(int dimension) const noexcept { return at(dimension).size(); }
  /// Moves of one row of the table. False if there are too few sites of a species.
  bool propose_row(const ExchangeTable::Row& row, Random& random, Move& move) const noexcept;

 private:
  const std::vector<SiteIndex>& at(int dimension) const noexcept {
    return sites_[static_cast<std::size_t>(dimension)];
  }
  bool propose_exchange(const Configuration& state, Random& random, Move& move) const noexcept;
  int dimension(SiteIndex site, Species species) const noexcept {
    return table_.dimension(model_.sublattice(site), species);
  }

  const LatticeModel& model_;
  ExchangeTable table_;
  SemiGrand single_;  // the chemical potentials
  std::vector<std::vector<SiteIndex>> class_sites_;
  std::vector<std::vector<SiteIndex>> sites_;  // by dimension
  std::vector<std::size_t> place_;             // of each site in its list
};

}  // namespace lithiate::mc
