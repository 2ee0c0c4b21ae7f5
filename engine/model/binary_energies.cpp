#include "model/binary_energies.hpp"

namespace lithiate::model {

std::optional<BinaryEnergies> BinaryEnergies::make(const LatticeModel& model,
                                                   const std::vector<Species>& one,
                                                   const crystal::Vector3i& least_reach, int axis) {
  if (!OccupationPolynomial::applies(model)) return std::nullopt;
  crystal::Vector3i reach = least_reach;
  for (const Sublattice& s : model.sublattices())
    for (const auto& [sub, shift] : s.neighbors) reach = reach.cwiseMax(shift.cwiseAbs());
  const OccupationPolynomial energy(model, one);
  BitLattice bits(model.grid(), reach, axis);
  std::vector<LocalPolynomial> polynomials;
  for (int b = 0; b < static_cast<int>(model.sublattices().size()); ++b) {
    auto p = LocalPolynomial::make(energy.sets_through(b), bits);
    if (!p) return std::nullopt;
    polynomials.push_back(std::move(*p));
  }
  return BinaryEnergies(std::move(bits), std::move(polynomials), one);
}

void BinaryEnergies::assign(const LatticeModel& model, std::span<const Species> occ) {
  for (SiteIndex site = 0; site < model.n_sites(); ++site) {
    const bool n = occ[static_cast<std::size_t>(site)] ==
                   one_[static_cast<std::size_t>(model.sublattice(site))];
    if (n != occupied(site)) flip(site);
  }
}

}  // namespace lithiate::model
