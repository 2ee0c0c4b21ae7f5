#include "model/occupation.hpp"

#include <fmt/format.h>

#include <utility>

#include "core/error.hpp"

namespace lithiate::model {

std::vector<Species> uniform_occupation(const LatticeModel& model, const std::string& species) {
  std::vector<Species> occ(static_cast<std::size_t>(model.n_sites()), 0);
  for (SiteIndex site = 0; site < model.n_sites(); ++site) {
    const int k = model.species_index(model.sublattice(site), species);
    if (k >= 0) occ[static_cast<std::size_t>(site)] = static_cast<Species>(k);
  }
  return occ;
}

std::vector<Species> random_occupation(const LatticeModel& model, const std::string& mobile,
                                       std::int64_t n, Random& random) {
  std::vector<Species> occ = uniform_occupation(model, crystal::vacancy);
  std::vector<SiteIndex> open;
  for (SiteIndex site = 0; site < model.n_sites(); ++site)
    if (model.species_index(model.sublattice(site), mobile) >= 0 &&
        model.species_index(model.sublattice(site), crystal::vacancy) >= 0)
      open.push_back(site);
  if (n < 0 || n > static_cast<std::int64_t>(open.size()))
    throw InputError(fmt::format("{} {} atoms asked for, expected 0 to {} (the free sites)", n,
                                 mobile, open.size()));
  for (std::size_t k = 0; k < static_cast<std::size_t>(n); ++k) {
    std::swap(open[k], open[k + random.below(open.size() - k)]);
    const SiteIndex site = open[k];
    occ[static_cast<std::size_t>(site)] =
        static_cast<Species>(model.species_index(model.sublattice(site), mobile));
  }
  return occ;
}

std::int64_t count(const LatticeModel& model, std::span<const Species> occ,
                   const std::string& species) {
  std::int64_t n = 0;
  for (SiteIndex site = 0; site < model.n_sites(); ++site)
    n +=
        occ[static_cast<std::size_t>(site)] == model.species_index(model.sublattice(site), species);
  return n;
}

}  // namespace lithiate::model
