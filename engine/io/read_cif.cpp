#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <gemmi/cif.hpp>
#include <gemmi/numb.hpp>
#include <gemmi/symmetry.hpp>

#include "core/error.hpp"
#include "core/text.hpp"
#include "io/formats.hpp"

namespace lithiate::io {
namespace {

namespace cif = gemmi::cif;
using crystal::Lattice;
using crystal::Matrix3d;
using crystal::Vector3d;

/// Images nearer than this are one special position; coordinates have three digits or more.
constexpr double special_position_A = 0.05;
constexpr std::size_t most_operations = 1000;  // 192 in the largest conventional cell
constexpr std::size_t most_sites = 5000;

struct Operation {
  Matrix3d rotation;
  Vector3d translation;
  std::string text;
};

/// One data block with what is needed for messages.
struct BlockView {
  const TextFile& file;
  cif::Block& block;

  std::string place(const std::string& tag) const {
    const cif::Column column = block.find_values(tag);
    const int line = column.item() != nullptr ? column.item()->line_number : 0;
    return line > 0 ? fmt::format("{}:{}: {}", file.path(), line, tag)
                    : fmt::format("{}: data_{}", file.path(), block.name);
  }
  [[noreturn]] void fail(const std::string& tag, const std::string& message) const {
    throw InputError(place(tag) + ": " + message);
  }
  double number(const std::string& tag) const {
    const std::string* value = block.find_value(tag);
    if (value == nullptr) fail(tag, "'" + tag + "' is missing");
    const double number = cif::as_number(*value);
    if (!std::isfinite(number)) fail(tag, "'" + *value + "': expected a number");
    return number;
  }
  std::string first_text(const std::vector<std::string>& tags, std::string& found) const {
    for (const std::string& tag : tags)
      if (const std::string* value = block.find_value(tag))
        if (std::string text = cif::as_string(*value); !trimmed(text).empty()) {
          found = tag;
          return text;
        }
    return {};
  }
};

Lattice read_cell(const BlockView& view) {
  const auto length = [&](const char* tag) {
    return view.number(std::string("_cell_length_") + tag);
  };
  const auto angle = [&](const char* tag) {
    const double value = view.number(std::string("_cell_angle_") + tag);
    if (!(value > 0.0 && value < 180.0))
      view.fail(std::string("_cell_angle_") + tag,
                fmt::format("{} is not an angle in degrees", value));
    return value;
  };
  const double a = length("a"), b = length("b"), c = length("c");
  if (!(a > 0.0 && b > 0.0 && c > 0.0))
    view.fail("_cell_length_a", fmt::format("lengths {} {} {}: expected above 0", a, b, c));
  try {
    const Lattice lattice =
        Lattice::from_parameters(a, b, c, angle("alpha"), angle("beta"), angle("gamma"));
    return checked_lattice(lattice.columns().transpose(), view.place("_cell_length_a"));
  } catch (const InputError& e) {
    const std::string message = e.what();
    if (message.rfind(view.file.path(), 0) == 0) throw;
    view.fail("_cell_length_a", message);
  }
}

Operation from_gemmi(const gemmi::Op& op) {
  Operation out{Matrix3d::Zero(), Vector3d::Zero(), op.triplet()};
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j)
      out.rotation(static_cast<int>(i), static_cast<int>(j)) =
          static_cast<double>(op.rot[i][j]) / gemmi::Op::DEN;
    out.translation[static_cast<int>(i)] = static_cast<double>(op.tran[i]) / gemmi::Op::DEN;
  }
  return out;
}

/// "x,-y+1/2,z" through gemmi; numbers are bounded first because its own arithmetic is in int.
Operation parse_operation(const BlockView& view, const std::string& tag, const std::string& text) {
  int digits = 0;
  bool good = text.size() <= 80;
  for (const char c : text) {
    digits = std::isdigit(static_cast<unsigned char>(c)) ? digits + 1 : 0;
    good = good && digits <= 2 && (c >= ' ' && c <= '~');
  }
  try {
    if (good) return from_gemmi(gemmi::parse_triplet(text));
  } catch (const std::exception&) {  // refused below, with the place
  }
  view.fail(tag, "'" + printable(text).substr(0, 60) +
                     "' is not a symmetry operation such as -x,y+1/2,z");
}

std::vector<Operation> from_space_group(const gemmi::SpaceGroup& group) {
  std::vector<Operation> all;
  for (const gemmi::Op& op : group.operations()) all.push_back(from_gemmi(op));
  return all;
}

/// By Hermann-Mauguin symbol. A symbol with two origins and no choice is refused: a wrong guess
/// gives another crystal.
const gemmi::SpaceGroup* find_by_hm(const BlockView& view, const std::string& tag,
                                    const std::string& name, const Lattice& lattice) {
  const auto p = lattice.parameters();
  const gemmi::SpaceGroup* group = gemmi::find_spacegroup_by_name(name, p[3], p[5]);
  if (group == nullptr)
    view.fail(tag, "unknown space group '" + printable(name).substr(0, 40) + "'");
  if ((group->ext == '1' || group->ext == '2') && name.find(':') == std::string::npos)
    view.fail(tag, "'" + printable(name) +
                       "' has two origin choices; write ':1' or ':2' behind it or "
                       "list the symmetry operations");
  return group;
}

const gemmi::SpaceGroup* find_by_hall(const BlockView& view, const std::string& tag,
                                      const std::string& name) {
  const auto plain = [](const std::string& text) {
    std::string out;
    for (const char c : text)
      if (c != ' ' && c != '_')
        out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return out;
  };
  for (const gemmi::SpaceGroup& group : gemmi::spacegroup_tables::main)
    if (plain(group.hall) == plain(name)) return &group;
  view.fail(tag, "unknown Hall symbol '" + printable(name).substr(0, 40) + "'");
}

/// A symbol and a number that name two different groups leave open which one is meant.
void check_number(const BlockView& view, const gemmi::SpaceGroup& group, const std::string& tag) {
  for (const char* number_tag : {"_space_group_IT_number", "_symmetry_Int_Tables_number"}) {
    const std::string* text = view.block.find_value(number_tag);
    const auto number = text != nullptr ? parse_integer(cif::as_string(*text)) : std::nullopt;
    if (number && *number != group.number)
      view.fail(number_tag, fmt::format("{} is not the space group of {} ('{}', number {})",
                                        *number, tag, group.xhm(), group.number));
  }
}

std::vector<Operation> read_operations(const BlockView& view, const Lattice& lattice) {
  for (const std::string tag : {"_space_group_symop_operation_xyz", "_symmetry_equiv_pos_as_xyz",
                                "_space_group_symop.operation_xyz", "_symmetry_equiv.pos_as_xyz"}) {
    std::vector<Operation> all;
    for (const std::string& value : view.block.find_values(tag)) {
      if (all.size() >= most_operations) view.fail(tag, "more than 1000 operations");
      all.push_back(parse_operation(view, tag, cif::as_string(value)));
    }
    if (!all.empty()) return all;
  }
  std::string tag;
  const auto checked = [&](const gemmi::SpaceGroup& group) {
    check_number(view, group, tag);
    return from_space_group(group);
  };
  if (const auto hall =
          view.first_text({"_space_group_name_Hall", "_symmetry_space_group_name_Hall"}, tag);
      !hall.empty())
    return checked(*find_by_hall(view, tag, hall));
  if (const auto hm =
          view.first_text({"_space_group_name_H-M_alt", "_symmetry_space_group_name_H-M",
                           "_space_group_IT_number", "_symmetry_Int_Tables_number"},
                          tag);
      !hm.empty())
    return checked(*find_by_hm(view, tag, hm, lattice));
  view.fail(
      "",
      "no symmetry operations and no space group, expected one of them (P 1 if there are none)");
}

/// Operations must be isometries of the cell; a wrong angle or a misprint shows here.
void check_operations(const BlockView& view, const Lattice& lattice,
                      const std::vector<Operation>& operations) {
  const Matrix3d metric = lattice.columns().transpose() * lattice.columns();
  constexpr double largest_misfit = 5e-3;  // cell parameters are rounded
  for (const Operation& op : operations) {
    const Matrix3d image = op.rotation.transpose() * metric * op.rotation;
    if (!((image - metric).norm() <= largest_misfit * metric.norm()))
      view.fail("_cell_length_a",
                "the symmetry operation '" + op.text + "' does not fit this cell");
  }
}

Vector3d wrapped(Vector3d f) {
  constexpr double rounding = 1e-9;
  for (int i = 0; i < 3; ++i) {
    f[i] -= std::floor(f[i]);
    if (f[i] > 1.0 - rounding) f[i] = 0.0;
  }
  return f;
}

/// All distinct images of a position, after moving it to the mean of the images that fall on it.
std::vector<Vector3d> orbit(const Vector3d& position, const Lattice& lattice,
                            const std::vector<Operation>& operations) {
  Vector3d sum = Vector3d::Zero();
  int n = 0;
  for (const Operation& op : operations) {
    Vector3d d = op.rotation * position + op.translation - position;
    for (int i = 0; i < 3; ++i) d[i] -= std::round(d[i]);
    if (lattice.cartesian(d).norm() > special_position_A) continue;
    sum += d;
    ++n;
  }
  const Vector3d ideal = n > 0 ? Vector3d(position + sum / n) : position;
  std::vector<Vector3d> images;
  for (const Operation& op : operations) {
    const Vector3d image = wrapped(op.rotation * ideal + op.translation);
    const bool known = std::any_of(images.begin(), images.end(), [&](const Vector3d& other) {
      return wrapped_distance_A(lattice, image, other) < special_position_A;
    });
    if (!known) images.push_back(image);
  }
  return images;
}

/// "Li", "Ni3+" (also "Ni+3"), or the element at the head of a label such as "Li1A".
std::string species_of(const std::string& type, const std::string& label,
                       const std::string& where) {
  std::string name = type.empty() ? label : type;
  std::size_t letters = 0;
  while (letters < name.size() && std::isalpha(static_cast<unsigned char>(name[letters])))
    ++letters;
  if (type.empty()) {
    for (const std::size_t length : {std::size_t{2}, std::size_t{1}})
      if (letters >= length && !crystal::element_of(name.substr(0, length)).empty())
        return known_species(name.substr(0, length), where);
    return known_species(name, where);
  }
  std::string charge = name.substr(letters);
  if (charge.size() == 2 && (charge[0] == '+' || charge[0] == '-')) charge = {charge[1], charge[0]};
  if (charge == "0" || charge == "0+" || charge == "0-") charge.clear();
  return known_species(name.substr(0, letters) + charge, where);
}

void add_row(const BlockView& view, const cif::Table::Row& row, const std::vector<Operation>& ops,
             OccupiedStructure& structure, int row_number) {
  enum { label, type, x, y, z, occupancy };
  const std::string name = row.str(label);
  const std::string where = fmt::format("{}: row {} ({})", view.place("_atom_site_label"),
                                        row_number + 1, printable(name).substr(0, 40));
  Vector3d position;
  for (int k = 0; k < 3; ++k) {
    position[k] = cif::as_number(row.at(x + k));
    if (!(std::abs(position[k]) < 1e3))
      throw InputError(where + ": '" + row.at(x + k) + "': expected a fractional coordinate");
  }
  Occupant occupant{species_of(row.has2(type) ? row.str(type) : "", name, where), 1.0};
  if (row.has2(occupancy)) {
    occupant.occupancy = cif::as_number(row.at(occupancy));
    if (!(occupant.occupancy > 0.0 && occupant.occupancy <= 1.01))
      throw InputError(where + ": occupancy '" + row.at(occupancy) +
                       "': expected above 0, at most 1");
  }
  const std::size_t before = structure.sites.size();
  for (const Vector3d& image : orbit(position, structure.lattice, ops)) {
    const auto end = structure.sites.begin() + static_cast<std::ptrdiff_t>(before);
    const auto same = std::find_if(structure.sites.begin(), end, [&](const OccupiedSite& site) {
      return wrapped_distance_A(structure.lattice, site.fractional, image) < special_position_A;
    });
    if (same != end)
      same->occupants.push_back(occupant);
    else
      structure.sites.push_back({image, {occupant}, where});
  }
  if (structure.sites.size() > most_sites) throw InputError(where + ": more than 5000 sites");
}

OccupiedStructure read_block(const BlockView& view) {
  OccupiedStructure structure;
  structure.name = printable(view.block.name);
  structure.where = view.place("_cell_length_a");
  structure.lattice = read_cell(view);
  const auto operations = read_operations(view, structure.lattice);
  check_operations(view, structure.lattice, operations);
  cif::Table rows = view.block.find(
      "_atom_site_", {"label", "?type_symbol", "fract_x", "fract_y", "fract_z", "?occupancy"});
  if (!rows.ok())
    view.fail("_atom_site_fract_x", "expected _atom_site_label and fract_x, fract_y, fract_z");
  int row_number = 0;
  for (const auto row : rows) add_row(view, row, operations, structure, row_number++);
  if (structure.sites.empty()) view.fail("_atom_site_label", "no atoms");
  return structure;
}

}  // namespace

namespace {

/// Complete files end with a line break.
std::string cut_off_hint(const TextFile& file) {
  if (file.text().ends_with('\n')) return {};
  return fmt::format("; the file ends in the middle of line {}: is it complete?", file.n_lines());
}

}  // namespace

std::vector<OccupiedStructure> read_cif(const TextFile& file) {
  cif::Document document;
  try {
    document = cif::read_memory(file.text().data(), file.text().size(), file.path().c_str());
  } catch (const std::exception& e) {  // the parser names file, line and column
    throw InputError(e.what() + cut_off_hint(file));
  }
  std::vector<OccupiedStructure> all;
  for (cif::Block& block : document.blocks)
    if (block.has_tag("_cell_length_a") && block.has_tag("_atom_site_fract_x"))
      all.push_back(read_block({file, block}));
  if (all.empty())
    throw InputError(file.path() + ": no data block with _cell_length_a and _atom_site_fract_x");
  return all;
}

}  // namespace lithiate::io
