#include "model/configuration.hpp"

#include <cassert>

namespace lithiate::model {

Configuration::Configuration(const LatticeModel& model, std::vector<Species> occ)
    : model_(&model),
      occ_(std::move(occ)),
      fast_(BinaryEnergies::make(model, std::vector<Species>(model.sublattices().size(), 1))) {
  assert(static_cast<SiteIndex>(occ_.size()) == model.n_sites());
  if (fast_) fast_->assign(model, occ_);
}

}  // namespace lithiate::model
