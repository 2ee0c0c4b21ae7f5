#include <fmt/format.h>

#include <Eigen/LU>
#include <cmath>

#include "core/error.hpp"
#include "core/text.hpp"
#include "io/formats.hpp"

namespace lithiate::io {
namespace {

using crystal::Atoms;
using crystal::Matrix3d;
using crystal::Vector3d;

/// The line at `index`, or an error that says what is missing.
std::vector<std::string> words_at(const TextFile& file, std::size_t index,
                                  const std::string& expected) {
  if (index >= file.n_lines()) file.fail_at_end(expected);
  return split_words(file.line(index));
}

/// The first three words as numbers.
Vector3d vector_at(const TextFile& file, std::size_t index, const std::string& expected) {
  const auto words = words_at(file, index, expected);
  Vector3d v;
  for (std::size_t i = 0; i < 3; ++i) {
    const auto value = i < words.size() ? parse_number(words[i]) : std::nullopt;
    if (!value)
      file.fail(index, fmt::format("'{}': expected {}", trimmed(file.line(index)).substr(0, 60),
                                   expected));
    v[static_cast<int>(i)] = *value;
  }
  return v;
}

/// Scale of the vectors (and of Cartesian positions) per axis: one factor, a negative volume, or
/// three factors.
Vector3d read_scale(const TextFile& file, const Matrix3d& rows) {
  const std::string expected = "a scale factor, a negative volume in A^3, or three factors";
  const auto words = words_at(file, 1, expected);
  std::vector<double> values;
  for (const std::string& word : words) {
    const auto value = parse_number(word);
    if (!value) break;  // VASP ignores what follows
    values.push_back(*value);
  }
  if (values.size() == 3 && values[0] > 0 && values[1] > 0 && values[2] > 0)
    return {values[0], values[1], values[2]};
  if (values.size() != 1 || values[0] == 0.0)
    file.fail(1, fmt::format("'{}': expected {}", trimmed(file.line(1)).substr(0, 60), expected));
  if (values[0] > 0.0) return Vector3d::Constant(values[0]);
  const double volume = std::abs(rows.determinant());
  if (!(volume > 0.0)) file.fail(1, "the volume cannot be scaled: the cell is singular");
  return Vector3d::Constant(std::cbrt(-values[0] / volume));
}

/// "Li_pv" and "Li/1a2b" (VASP 6.4) name a pseudopotential; the element stands before it.
std::string species_of(const std::string& word, const std::string& where) {
  return known_species(word.substr(0, word.find_first_of("_/")), where);
}

/// One species per atom from lines 6 and 7.
std::vector<std::string> read_species(const TextFile& file) {
  constexpr std::size_t names_line = 5, counts_line = 6;
  const auto names = words_at(file, names_line, "a line of element symbols");
  if (!names.empty() && parse_integer(names.front()))
    file.fail(names_line, "expected a line of element symbols before the counts (VASP 5)");
  const auto counts = words_at(file, counts_line, "a line of atom counts");
  if (names.empty() || counts.size() < names.size())
    file.fail(counts_line, fmt::format("{} counts for {} species", counts.size(), names.size()));
  std::vector<std::string> species;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto n = parse_integer(counts[i]);
    if (!n || *n < 1)
      file.fail(counts_line, "'" + counts[i] + "': expected a whole number above 0");
    if (*n > static_cast<long long>(file.n_lines()) - static_cast<long long>(species.size()))
      file.fail_at_end(fmt::format("{} atoms of {}", *n, names[i]));
    species.insert(species.end(), static_cast<std::size_t>(*n),
                   species_of(names[i], file.where(names_line)));
  }
  if (counts.size() > names.size() && parse_integer(counts[names.size()]))
    file.fail(counts_line, fmt::format("{} counts for {} species", counts.size(), names.size()));
  return species;
}

char first_letter(const TextFile& file, std::size_t line) {
  const std::string text = line < file.n_lines() ? trimmed(file.line(line)) : std::string();
  return text.empty() ? ' ' : text.front();
}

/// Velocities and the like come after a blank line; a position there means wrong counts.
void refuse_further_rows(const TextFile& file, std::size_t line, std::size_t n_atoms) {
  if (line >= file.n_lines()) return;
  const auto words = split_words(file.line(line));
  const bool position = words.size() >= 3 && parse_number(words[0]) && parse_number(words[1]) &&
                        parse_number(words[2]);
  if (position)
    file.fail(line,
              fmt::format("a position after the {} atoms that the counts in line 7 give", n_atoms));
}

}  // namespace

Atoms read_poscar(const TextFile& file) {
  Matrix3d rows;
  for (int i = 0; i < 3; ++i)
    rows.row(i) = vector_at(file, static_cast<std::size_t>(2 + i), "a lattice vector of 3 numbers");
  const Vector3d scale = read_scale(file, rows);
  Atoms atoms{printable(std::string(file.line(0))), {}, {}, {}, {}};
  atoms.lattice = checked_lattice(rows * scale.asDiagonal(), file.where(2));
  const auto species = read_species(file);
  std::size_t line = 7;
  if (const char c = first_letter(file, line); c == 'S' || c == 's') ++line;  // selective dynamics
  const char mode = first_letter(file, line);
  const bool cartesian = mode == 'C' || mode == 'c' || mode == 'K' || mode == 'k';
  if (line >= file.n_lines()) file.fail_at_end("Direct or Cartesian");
  if (!cartesian && mode != 'D' && mode != 'd')
    file.fail(line, fmt::format("'{}': expected Direct or Cartesian",
                                trimmed(file.line(line)).substr(0, 60)));
  std::vector<std::string> where;
  for (const std::string& name : species) {
    const Vector3d v = vector_at(file, ++line, "a position of 3 numbers");
    if (name == crystal::vacancy) continue;
    atoms.species.push_back(name);
    atoms.fractional.push_back(cartesian ? atoms.lattice.fractional(scale.cwiseProduct(v)) : v);
    where.push_back(file.where(line));
  }
  refuse_further_rows(file, line + 1, species.size());
  if (atoms.size() == 0) file.fail(5, "vacancies only, expected atoms");
  check_atoms(atoms, where);
  return atoms;
}

}  // namespace lithiate::io
