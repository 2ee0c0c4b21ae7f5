#include "crystal/structure.hpp"

#include <algorithm>
#include <cctype>
#include <set>

#include "core/error.hpp"
#include "core/text.hpp"
#include "crystal/elements.hpp"

namespace lithiate::crystal {
namespace {

/// Sites nearer than this are a mistake: the shortest bond between heavy atoms is above 0.7 A.
constexpr double overlap_A = 0.5;

bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

/// Letters at the start of a species name: "Ni" of "Ni3+".
std::string letters(const std::string& species) {
  std::size_t n = 0;
  while (n < species.size() && std::isalpha(static_cast<unsigned char>(species[n]))) ++n;
  return species.substr(0, n);
}

/// True for "", "3+", "2.5-": what may follow an element symbol.
bool is_charge(const std::string& text) {
  if (text.empty()) return true;
  if (text.back() != '+' && text.back() != '-') return false;
  return std::all_of(text.begin(), text.end() - 1, [](char c) { return is_digit(c) || c == '.'; });
}

bool is_known(const std::string& species) {
  if (species == vacancy) return true;
  const std::string symbol = letters(species);
  return element_mass_g_per_mol(symbol).has_value() && is_charge(species.substr(symbol.size()));
}

void check_species(const Structure& s, std::size_t i, InputReport& report) {
  const auto& allowed = s.sites[i].allowed;
  if (allowed.empty()) report.fault(s.name + ": site " + std::to_string(i) + " allows no species");
  for (const std::string& species : allowed)
    if (!is_known(species))
      report.fault(s.name + ": site " + std::to_string(i) + ": unknown species '" + species + "'" +
                   did_you_mean(letters(species), element_symbols()) +
                   " (expected an element, with a charge as in Ni3+, or Va)");
  if (std::set<std::string>(allowed.begin(), allowed.end()).size() != allowed.size())
    report.fault(s.name + ": site " + std::to_string(i) + " allows a species twice");
  if (!s.sites[i].fractional.allFinite())
    report.fault(s.name + ": site " + std::to_string(i) + ": position is not finite");
}

/// Site functions count species by their place in the list, so equivalent sites must agree.
void check_order(const Structure& s, InputReport& report) {
  std::map<std::set<std::string>, std::size_t> first;
  for (std::size_t i = 0; i < s.sites.size(); ++i) {
    const auto& allowed = s.sites[i].allowed;
    const std::size_t j = first.try_emplace({allowed.begin(), allowed.end()}, i).first->second;
    if (allowed != s.sites[j].allowed)
      report.fault(
          fmt::format("{}: site {} lists the species of site {} in another order ({}), "
                      "expected {}",
                      s.name, i, j, joined(allowed), joined(s.sites[j].allowed)));
  }
}

void check_overlaps(const Structure& s, InputReport& report) {
  for (std::size_t i = 0; i < s.sites.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) {
      const double d = s.lattice.distance_A(s.sites[i].fractional, s.sites[j].fractional);
      if (d < overlap_A)
        report.fault(
            fmt::format("{}: sites {} and {} overlap: {:.3f} A apart, expected at least {} A",
                        s.name, j, i, d, overlap_A));
    }
}

}  // namespace

std::string canonical_species(const std::string& name) {
  if (name == "X" || name == "Vac" || name == "Vacancy" || name == vacancy) return vacancy;
  const std::string symbol = letters(name);
  const std::string rest = name.substr(symbol.size());
  if (rest == "+" || rest == "-") return symbol + "1" + rest;
  return name;
}

std::string element_of(const std::string& species) {
  if (species == vacancy) return {};
  const std::string symbol = letters(species);
  return element_mass_g_per_mol(symbol) ? symbol : std::string();
}

double atomic_mass_g_per_mol(const std::string& species) {
  if (species == vacancy) return 0.0;
  const std::string symbol = letters(species);
  const auto mass = element_mass_g_per_mol(symbol);
  if (!mass)
    throw InputError("unknown element '" + species + "'" + did_you_mean(symbol, element_symbols()));
  return *mass;
}

void check(const Structure& structure, InputReport& report) {
  if (structure.sites.empty()) report.fault(structure.name + ": no sites");
  for (std::size_t i = 0; i < structure.sites.size(); ++i) check_species(structure, i, report);
  if (report.empty()) check_order(structure, report);
  if (report.empty()) check_overlaps(structure, report);
}

int count(const Atoms& atoms, const std::string& species) {
  return static_cast<int>(std::count(atoms.species.begin(), atoms.species.end(), species));
}

std::string formula(const Atoms& atoms) {
  std::vector<std::string> order;
  std::map<std::string, int> n;
  for (const std::string& species : atoms.species) {
    const std::string symbol = element_of(species);
    if (n[symbol]++ == 0) order.push_back(symbol);
  }
  std::string text;
  for (const std::string& symbol : order)
    text += symbol + (n[symbol] > 1 ? std::to_string(n[symbol]) : std::string());
  return text;
}

}  // namespace lithiate::crystal
