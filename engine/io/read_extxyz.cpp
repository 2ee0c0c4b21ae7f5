#include <fmt/format.h>

#include <cctype>
#include <cmath>

#include "core/error.hpp"
#include "core/text.hpp"
#include "io/formats.hpp"

namespace lithiate::io {
namespace {

using crystal::Atoms;
using Pairs = std::map<std::string, std::string>;

/// Reads "key=value key="a value" flag ..." from left to right.
class CommentLine {
 public:
  CommentLine(const TextFile& file, std::size_t line)
      : file_(file), line_(line), text_(file.line(line)) {}

  Pairs pairs() {
    Pairs all;
    while (skip_blanks()) {
      const std::string key = word("=");
      if (key.empty()) file_.fail(line_, "expected key=value pairs in the comment line");
      std::string value = "T";  // a bare word is a flag that is set
      if (at_ < text_.size() && text_[at_] == '=') {
        ++at_;
        value = word("");
        if (at_ < text_.size() && !std::isspace(static_cast<unsigned char>(text_[at_])))
          file_.fail(line_, "expected a blank after " + key + "=" + value);
      }
      if (!all.emplace(key, value).second)
        file_.fail(line_, "the key '" + key + "' stands twice in the comment line");
    }
    return all;
  }

 private:
  bool skip_blanks() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_]))) ++at_;
    return at_ < text_.size();
  }
  /// Up to a blank or one of `stops`, or the inside of quotes or brackets.
  std::string word(const char* stops) {
    if (at_ < text_.size() && (text_[at_] == '"' || text_[at_] == '\'')) return quoted();
    if (at_ < text_.size() && (text_[at_] == '[' || text_[at_] == '{')) return bracketed();
    const std::size_t begin = at_;
    while (at_ < text_.size() && !std::isspace(static_cast<unsigned char>(text_[at_])) &&
           std::string_view(stops).find(text_[at_]) == std::string_view::npos)
      ++at_;
    return std::string(text_.substr(begin, at_ - begin));
  }
  std::string quoted() {
    const char quote = text_[at_++];
    std::string value;
    for (; at_ < text_.size(); ++at_) {
      if (text_[at_] == quote) {
        ++at_;
        return value;
      }
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
      value += text_[at_];
    }
    file_.fail(line_, "a quote in the comment line is never closed");
  }
  std::string bracketed() {
    const std::size_t begin = at_;
    int depth = 0;
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      depth += c == '[' || c == '{' ? 1 : c == ']' || c == '}' ? -1 : 0;
      if (depth == 0) {
        ++at_;
        return std::string(text_.substr(begin, at_ - begin));
      }
    }
    file_.fail(line_, "a bracket in the comment line is never closed");
  }

  const TextFile& file_;
  std::size_t line_, at_ = 0;
  std::string_view text_;
};

/// Which columns of an atom line hold what.
struct Columns {
  std::size_t species = 0, position = 1, total = 4;
};

Columns parse_properties(const std::string& text, const TextFile& file, std::size_t line) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == ':')
      parts.emplace_back();
    else
      parts.back() += c;
  }
  const auto refuse = [&](const std::string& why) {
    file.fail(line, "Properties=" + text + ": " + why);
  };
  if (parts.size() % 3 != 0) refuse("expected name:type:count, repeated");
  Columns columns{std::string::npos, std::string::npos, 0};
  constexpr long long most = 1000;
  for (std::size_t i = 0; i < parts.size(); i += 3) {
    const auto count = parse_integer(parts[i + 2]);
    if (!count || *count < 1 || *count > most)
      refuse("'" + parts[i + 2] + "' is not a column count");
    if (parts[i] == "species" && parts[i + 1] == "S" && *count == 1)
      columns.species = columns.total;
    if (parts[i] == "pos" && parts[i + 1] == "R" && *count == 3) columns.position = columns.total;
    columns.total += static_cast<std::size_t>(*count);
  }
  if (columns.species == std::string::npos) refuse("expected species:S:1 among them");
  if (columns.position == std::string::npos) refuse("expected pos:R:3 among them");
  return columns;
}

crystal::Lattice parse_lattice(const Pairs& pairs, const TextFile& file, std::size_t line) {
  const auto at = pairs.find("Lattice");
  if (at == pairs.end())
    file.fail(line, "no Lattice=\"...\" in the comment line; a periodic cell is needed");
  const auto words = split_words(at->second);
  crystal::Matrix3d rows;
  bool good = words.size() == 9;
  for (std::size_t i = 0; good && i < 9; ++i) {
    const auto value = parse_number(words[i]);
    good = value.has_value();
    if (good) rows(static_cast<int>(i / 3), static_cast<int>(i % 3)) = *value;
  }
  if (!good) file.fail(line, "Lattice=\"" + at->second + "\": expected nine finite numbers");
  return checked_lattice(rows, file.where(line));
}

void read_atom_line(const TextFile& file, std::size_t line, const Columns& columns, Atoms& atoms) {
  const auto words = split_words(file.line(line));
  if (words.size() != columns.total)
    file.fail(line, fmt::format("{} columns, expected {} as Properties says", words.size(),
                                columns.total));
  crystal::Vector3d position_A;
  for (int k = 0; k < 3; ++k) {
    const std::string& word = words[columns.position + static_cast<std::size_t>(k)];
    const auto value = parse_number(word);
    if (!value) file.fail(line, "position '" + word + "': expected a finite number");
    position_A[k] = *value;
  }
  const std::string species = known_species(words[columns.species], file.where(line));
  if (species == crystal::vacancy) return;
  atoms.species.push_back(species);
  atoms.fractional.push_back(atoms.lattice.fractional(position_A));
}

/// The frame that starts at `line`, which moves behind it.
Atoms read_frame(const TextFile& file, std::size_t& line) {
  const std::string first = trimmed(file.line(line));
  const auto n = parse_integer(first);
  if (!n || *n < 1) file.fail(line, "'" + first.substr(0, 40) + "': expected the number of atoms");
  const std::size_t comment = line + 1;
  if (*n > static_cast<long long>(file.n_lines() - std::min(file.n_lines(), line + 2)))
    file.fail_at_end(fmt::format("{} atoms after line {}", *n, comment + 1));
  Pairs pairs = CommentLine(file, comment).pairs();
  Columns columns;
  if (const auto at = pairs.find("Properties"); at != pairs.end())
    columns = parse_properties(at->second, file, comment);
  Atoms atoms{"", parse_lattice(pairs, file, comment), {}, {}, {}};
  std::vector<std::string> where;
  for (long long i = 0; i < *n; ++i) {
    read_atom_line(file, comment + 1 + static_cast<std::size_t>(i), columns, atoms);
    if (where.size() < atoms.size())
      where.push_back(file.where(comment + 1 + static_cast<std::size_t>(i)));
  }
  if (atoms.size() == 0) file.fail(line, "the frame holds vacancies only");
  check_atoms(atoms, where);
  pairs.erase("Lattice");
  pairs.erase("Properties");
  if (const auto at = pairs.find("name"); at != pairs.end()) atoms.name = at->second;
  atoms.info = std::move(pairs);
  atoms.where = file.where(comment);
  line = comment + 1 + static_cast<std::size_t>(*n);
  return atoms;
}

}  // namespace

std::vector<Atoms> read_extxyz(const TextFile& file) {
  file.require_utf8();
  std::vector<Atoms> frames;
  for (std::size_t line = 0; line < file.n_lines();) {
    if (trimmed(file.line(line)).empty() && !frames.empty()) {
      ++line;  // blank lines between and after frames do no harm
      continue;
    }
    frames.push_back(read_frame(file, line));
  }
  return frames;
}

}  // namespace lithiate::io
