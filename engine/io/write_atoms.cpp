#include "io/write_atoms.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <ostream>

#include "core/text.hpp"
#include "io/occupied_structure.hpp"

namespace lithiate::io {
namespace {

/// A value of a comment line, in quotes where it needs them.
std::string quoted(const std::string& text) {
  const bool plain =
      !text.empty() && text.find_first_of(" \t\r\n\v\f\"'\\=[]{},") == std::string::npos;
  if (plain) return text;
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;  // one frame, one comment line
  }
  return out + '"';
}

std::string lattice_text(const crystal::Lattice& lattice) {
  std::vector<std::string> words;
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j) words.push_back(fmt::format("{}", lattice.columns()(j, i)));
  return joined(words, " ");
}

}  // namespace

void write_extxyz(std::ostream& out, const crystal::Atoms& atoms) {
  out << atoms.size() << "\nLattice=\"" << lattice_text(atoms.lattice)
      << "\" Properties=species:S:1:pos:R:3";
  for (const auto& [name, values] : atoms.labels) {
    assert(values.size() == atoms.size());
    out << ':' << name << ":I:1";
  }
  if (!atoms.name.empty()) out << " name=" << quoted(atoms.name);
  for (const auto& [key, value] : atoms.info)
    if (key != "name" && key != "pbc") out << ' ' << quoted(key) << '=' << quoted(value);
  out << " pbc=\"T T T\"\n";
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    const crystal::Vector3d p = atoms.lattice.cartesian(atoms.fractional[i]);
    out << fmt::format("{:<4} {:18.12f} {:18.12f} {:18.12f}", atoms.species[i], p[0], p[1], p[2]);
    for (const auto& [name, values] : atoms.labels) out << ' ' << values[i];
    out << '\n';
  }
}

void write_poscar(std::ostream& out, const crystal::Atoms& atoms) {
  std::vector<std::string> elements;
  for (const std::string& species : atoms.species)
    if (const std::string element = crystal::element_of(species);
        std::find(elements.begin(), elements.end(), element) == elements.end())
      elements.push_back(element);
  out << (atoms.name.empty() ? formula(atoms) : printable(atoms.name)) << "\n1.0\n";
  for (int i = 0; i < 3; ++i) {
    const crystal::Vector3d v = atoms.lattice.columns().col(i);
    out << fmt::format("{:20.14f} {:20.14f} {:20.14f}\n", v[0], v[1], v[2]);
  }
  std::string positions;
  std::vector<std::string> counts;
  for (const std::string& element : elements) {
    int n = 0;
    for (std::size_t i = 0; i < atoms.size(); ++i) {
      if (crystal::element_of(atoms.species[i]) != element) continue;
      const crystal::Vector3d& f = atoms.fractional[i];
      positions += fmt::format("{:18.14f} {:18.14f} {:18.14f}\n", f[0], f[1], f[2]);
      ++n;
    }
    counts.push_back(std::to_string(n));
  }
  out << joined(elements, " ") << '\n' << joined(counts, " ") << "\nDirect\n" << positions;
}

}  // namespace lithiate::io
