#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/random.hpp"
#include "crystal/structure.hpp"
#include "model/lattice_model.hpp"

namespace lithiate::model {

/// Every site that allows `species` holds it; the others hold the first of their list.
std::vector<Species> uniform_occupation(const LatticeModel& model, const std::string& species);
/// n of `mobile` on random sites that allow it and a vacancy, the rest of these vacant; other sites
/// hold the first of their list. Throws InputError if there are too few sites.
std::vector<Species> random_occupation(const LatticeModel& model, const std::string& mobile,
                                       std::int64_t n, Random& random);
std::int64_t count(const LatticeModel& model, std::span<const Species> occ,
                   const std::string& species);

}  // namespace lithiate::model
