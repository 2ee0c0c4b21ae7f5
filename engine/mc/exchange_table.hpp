#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "mc/ensemble.hpp"

namespace lithiate::mc {

/// Charge in e of every species of every sublattice, [sublattice][species].
using Charges = std::vector<std::vector<int>>;

/// Charge of a species by its name ("V3+" is 3, "Va" 0) or by `oxidation_states`, which wins.
/// Throws InputError if neither says, or if it is not a whole number of at most 8.
int charge_of(const std::string& species, const std::map<std::string, int>& oxidation_states);
Charges charges_of(const LatticeModel& model, const std::map<std::string, int>& oxidation_states);
std::int64_t total_charge(const LatticeModel& model, const Charges& charges,
                          const std::vector<Species>& occ);
/// A random arrangement of the total charge (of the sites of the model). Throws InputError if none
/// is found.
std::vector<Species> arrangement_of_charge(const LatticeModel& model, const Charges& charges,
                                           std::int64_t total, Random& random);

/// Every smallest change of composition that keeps the charge. Sites fall into classes of equal
/// species lists; a dimension is one species of one class; a row takes sites away from some
/// dimensions (`from`) and gives as many, per class, to others (`to`), with no charge in sum. The
/// reverse of a row is a row. Table exchange: Xie, Zhong, Barroso-Luque, Ouyang, Ceder,
/// arXiv:2210.01165 (2022), there with a lattice basis. The rows here hold the Graver basis
/// (finite: Lambert, C. R. Acad. Sci. Paris 305, 39 (1987)): the difference of any two compositions
/// of one charge is a sum of rows that never pass a negative number, so that rows and exchanges
/// within a class reach every state.
class ExchangeTable {
 public:
  static constexpr std::size_t max_sites = 16;  ///< that one row changes

  struct Part {                 ///< one class of one row
    std::vector<int> from, to;  ///< dimensions, sorted, of equal length
    friend auto operator<=>(const Part&, const Part&) = default;
  };
  using Row = std::vector<Part>;

  /// Throws InputError if no row exists or there are too many.
  ExchangeTable(const LatticeModel& model, const Charges& charges);

  const std::vector<Row>& rows() const noexcept { return rows_; }
  int n_dimensions() const noexcept { return n_dimensions_; }
  int n_classes() const noexcept { return static_cast<int>(first_.size()); }
  int class_of(int sublattice) const noexcept {
    return class_[static_cast<std::size_t>(sublattice)];
  }
  int dimension(int sublattice, Species species) const noexcept {
    return first_[static_cast<std::size_t>(class_of(sublattice))] + species;
  }
  Species species(int dimension) const noexcept {
    return species_[static_cast<std::size_t>(dimension)];
  }

 private:
  std::vector<int> class_;        // per sublattice
  std::vector<int> first_;        // dimension of each class
  std::vector<Species> species_;  // per dimension
  int n_dimensions_ = 0;
  std::vector<Row> rows_;
};

}  // namespace lithiate::mc
