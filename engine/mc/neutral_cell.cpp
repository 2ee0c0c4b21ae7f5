#include "mc/neutral_cell.hpp"

namespace lithiate::mc {

NeutralCell neutral_cell(const model::Phase& phase, const LatticeModel& model,
                         const std::map<std::string, int>& oxidation_states) {
  const auto& prim = phase.expansion.basis.prim;
  const std::vector<int> frozen = model::frozen_species(prim, phase.host);
  std::int64_t frozen_e = 0;  // per host cell
  for (std::size_t h = 0; h < frozen.size(); ++h)
    if (frozen[h] >= 0)
      frozen_e +=
          charge_of(prim.sites[h % prim.sites.size()].allowed[static_cast<std::size_t>(frozen[h])],
                    oxidation_states);
  return {charges_of(model, oxidation_states), -frozen_e * model.n_cells()};
}

}  // namespace lithiate::mc
