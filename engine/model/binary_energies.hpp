#pragma once
#include <span>
#include <vector>

#include "model/local_polynomial.hpp"

namespace lithiate::model {

/// Energy changes in a supercell whose sites hold one of two species each, from bits: dE/dn of a
/// site costs reading its surroundings and counting them, whatever happened before; a change costs
/// one bit. Memory per site: a bit. All in units of OccupationPolynomial::unit_eV: the same bits as
/// sums over its sets in any order.
class BinaryEnergies {
 public:
  /// Nothing if the model has sites of more than two species, or very large terms. Surroundings of
  /// at least `least_reach` cells along each axis can be read from bits().
  static std::optional<BinaryEnergies> make(const LatticeModel& model,
                                            const std::vector<Species>& one,
                                            const crystal::Vector3i& least_reach = {0, 0, 0}) {
    return make(model, one, least_reach, longest_axis(model.repeats()));
  }
  /// With rows of bits along a given axis.
  static std::optional<BinaryEnergies> make(const LatticeModel& model,
                                            const std::vector<Species>& one,
                                            const crystal::Vector3i& least_reach, int axis);

  const BitLattice& bits() const noexcept { return bits_; }
  const LocalPolynomial& polynomial(int sublattice) const noexcept {
    return polynomials_[static_cast<std::size_t>(sublattice)];
  }
  /// n of every site, as species == one[sublattice].
  void assign(const LatticeModel& model, std::span<const Species> occ);
  bool occupied(SiteIndex site) const noexcept { return bits_[site]; }
  void flip(SiteIndex site) noexcept { bits_.flip(site); }
  void flip(const BitLattice::Position& at, int sublattice) noexcept { bits_.flip(at, sublattice); }
  /// dE/dn of a site.
  std::int64_t field(SiteIndex site, int sublattice) const noexcept {
    Surroundings::Words words;
    const LocalPolynomial& p = polynomial(sublattice);
    p.surroundings().read(bits_, bits_.position(site), words);
    return p(words);
  }

 private:
  BinaryEnergies(BitLattice bits, std::vector<LocalPolynomial> polynomials,
                 std::vector<Species> one)
      : bits_(std::move(bits)), polynomials_(std::move(polynomials)), one_(std::move(one)) {}
  BitLattice bits_;
  std::vector<LocalPolynomial> polynomials_;  // per sublattice
  std::vector<Species> one_;
};

}  // namespace lithiate::model
