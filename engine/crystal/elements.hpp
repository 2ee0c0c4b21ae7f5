#pragma once
#include <optional>
#include <string>
#include <vector>

namespace lithiate::crystal {

/// Standard atomic mass in g/mol; nothing for an unknown symbol. IUPAC abridged values, CIAAW 2021
/// (Prohaska et al., Pure Appl. Chem. 94, 573 (2022)); for elements without one the mass number of
/// a long-lived isotope.
std::optional<double> element_mass_g_per_mol(const std::string& symbol);
/// Number of protons; nothing for an unknown symbol.
std::optional<int> atomic_number(const std::string& symbol);
const std::vector<std::string>& element_symbols();

}  // namespace lithiate::crystal
