#pragma once
#include <filesystem>
#include <map>
#include <string>

#include "expansion/cluster_basis.hpp"

namespace lithiate::io {

/// Clusters beyond could not be enumerated anyway.
inline constexpr double longest_cutoff_A = 50.0;

/// A fitted cluster expansion with what is known about its making.
struct ExpansionFile {
  expansion::ClusterExpansion expansion;
  std::map<std::string, double> numbers;     ///< x_trained_min, cv_score_..., reference energies
  std::map<std::string, std::string> words;  ///< training set, method, date, ...
  std::string path;                          ///< filled by read_expansion, for messages

  double number(const std::string& key) const;  ///< throws InputError with the file
  double number(const std::string& key, double fallback) const;
  std::string word(const std::string& key, const std::string& fallback = {}) const;
};

/// JSON with the prim, its hash, basis, cut-offs, and per function: description, representative
/// sites, site functions, multiplicity, ECI and its error (standard deviation of the posterior
/// samples); posterior samples; a checksum over everything. Throws Error for numbers that are not
/// finite or sizes that disagree.
void write_expansion(const std::filesystem::path& path, const ExpansionFile& file);

/// Rebuilds the basis and refuses a file whose functions differ from it, whose checksum is wrong,
/// that is truncated, foreign or of another format version. Throws InputError with the file.
ExpansionFile read_expansion(const std::filesystem::path& path);

/// Identifies lattice, positions and species of a prim; independent of its name and source.
std::string prim_hash(const crystal::Structure& prim);

}  // namespace lithiate::io
