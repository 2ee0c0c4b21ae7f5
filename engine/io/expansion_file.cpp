#include "io/expansion_file.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "core/text.hpp"
#include "io/json_view.hpp"
#include "io/occupied_structure.hpp"
#include "io/text_file.hpp"

namespace lithiate::io {
namespace {

using crystal::Structure;
using expansion::ClusterBasis;
using expansion::ClusterExpansion;
using nlohmann::json;

const std::string format_name = "lithiate-cluster-expansion";
constexpr int format_version = 1;

json numbers_of(const crystal::Vector3d& v) { return {v[0], v[1], v[2]}; }

json prim_to_json(const Structure& prim) {
  json vectors = json::array(), sites = json::array();
  for (int i = 0; i < 3; ++i) vectors.push_back(numbers_of(prim.lattice.columns().col(i)));
  for (const crystal::Site& site : prim.sites)
    sites.push_back({{"fractional", numbers_of(site.fractional)}, {"species", site.allowed}});
  return {{"name", prim.name}, {"source", prim.source}, {"lattice_A", vectors}, {"sites", sites}};
}

Structure prim_from_json(const JsonView& view) {
  Structure prim;
  prim.name = view.at("name").text();
  prim.source = view.at("source").text();
  prim.lattice = checked_lattice(view.at("lattice_A").matrix(), view.at("lattice_A").where());
  const JsonView sites = view.at("sites");
  for (std::size_t i = 0; i < sites.size(); ++i) {
    crystal::Site site{sites.at(i).at("fractional").vector(), {}};
    const JsonView species = sites.at(i).at("species");
    for (std::size_t k = 0; k < species.size(); ++k)
      site.allowed.push_back(known_species(species.at(k).text(), species.at(k).where()));
    prim.sites.push_back(std::move(site));
  }
  InputReport report(view.where());
  check(prim, report);
  report.throw_if_any();
  return prim;
}

/// What identifies function alpha: its cluster, its site functions, how often it occurs.
json function_identity(const ClusterBasis& basis, std::size_t alpha) {
  json sites = json::array();
  for (const auto& site : basis.orbits[basis.functions[alpha].orbit].representative)
    sites.push_back({site.basis, site.cell[0], site.cell[1], site.cell[2]});
  return {{"sites", sites},
          {"site_functions", basis.functions[alpha].decorations.front()},
          {"multiplicity", basis.multiplicity(alpha)}};
}

double finite(double value, const char* what) {
  if (!std::isfinite(value))
    throw Error(fmt::format("expansion file: {} = {}: expected a finite number", what, value));
  return value;
}

json functions_to_json(const ClusterExpansion& e) {
  json all = json::array();
  for (std::size_t alpha = 0; alpha < e.basis.size(); ++alpha) {
    const auto column = static_cast<Eigen::Index>(alpha);
    json entry = function_identity(e.basis, alpha);
    entry["description"] = e.basis.describe(alpha);
    entry["eci_eV"] = finite(e.eci_eV[column], "eci_eV");
    entry["error_eV"] = nullptr;
    if (const auto n = e.eci_samples_eV.rows(); n > 1) {
      const Eigen::VectorXd d =
          e.eci_samples_eV.col(column).array() - e.eci_samples_eV.col(column).mean();
      entry["error_eV"] =
          finite(std::sqrt(d.squaredNorm() / static_cast<double>(n - 1)), "error_eV");
    }
    all.push_back(std::move(entry));
  }
  return all;
}

json samples_to_json(const Eigen::MatrixXd& samples_eV) {
  json rows = json::array();
  for (Eigen::Index i = 0; i < samples_eV.rows(); ++i) {
    json row = json::array();
    for (Eigen::Index j = 0; j < samples_eV.cols(); ++j)
      row.push_back(finite(samples_eV(i, j), "an ECI sample"));
    rows.push_back(std::move(row));
  }
  return rows;
}

std::string checksum(json content) {
  content.erase("checksum");
  return hex(fnv1a64(content.dump()));
}

void check_format(const JsonView& file) {
  if (!file.raw().is_object() || !file.has("format") || file.raw()["format"] != format_name)
    throw InputError(file.where() + ": is not a cluster expansion file (format '" + format_name +
                     "')");
  const JsonView version = file.at("format_version");
  if (version.integer() != format_version)
    version.fail(fmt::format("expected format version {}; fit again or use a matching program",
                             format_version));
  if (!file.has("checksum") || file.at("checksum").text() != checksum(file.raw()))
    throw InputError(file.where() +
                     ": the checksum is wrong: the file is damaged or was edited by "
                     "hand; fit again");
}

cluster::Cutoffs read_cutoffs(const JsonView& list) {
  cluster::Cutoffs cutoffs_A;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const double value = list.at(i).number();
    if (!(value >= 0.0 && value <= longest_cutoff_A))
      list.at(i).fail(fmt::format("expected 0 to {} A", longest_cutoff_A));
    cutoffs_A.push_back(value);
  }
  return cutoffs_A;
}

void read_functions(const JsonView& functions, ClusterExpansion& e) {
  if (functions.size() != e.basis.size())
    functions.fail(fmt::format("holds {} functions, its prim and cut-offs give {}",
                               functions.size(), e.basis.size()));
  e.eci_eV.resize(static_cast<Eigen::Index>(e.basis.size()));
  for (std::size_t alpha = 0; alpha < e.basis.size(); ++alpha) {
    const JsonView entry = functions.at(alpha);
    const json expected = function_identity(e.basis, alpha);
    for (const auto& [key, value] : expected.items())
      if (entry.at(key).raw() != value)
        entry.at(key).fail("expected " + value.dump() + " from the prim and cut-offs");
    e.eci_eV[static_cast<Eigen::Index>(alpha)] = entry.at("eci_eV").number();
  }
}

Eigen::MatrixXd read_samples(const JsonView& rows, std::size_t n_functions) {
  Eigen::MatrixXd samples_eV(static_cast<Eigen::Index>(rows.size()),
                             static_cast<Eigen::Index>(rows.size() > 0 ? n_functions : 0));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const JsonView row = rows.at(i);
    if (row.size() != n_functions) row.fail(fmt::format("expected {} numbers", n_functions));
    for (std::size_t j = 0; j < n_functions; ++j)
      samples_eV(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) = row.at(j).number();
  }
  return samples_eV;
}

}  // namespace

double ExpansionFile::number(const std::string& key) const {
  const auto at = numbers.find(key);
  if (at == numbers.end())
    throw InputError(path + ": has no number '" + key + "'; fit again with this program");
  return at->second;
}

double ExpansionFile::number(const std::string& key, double fallback) const {
  const auto at = numbers.find(key);
  return at == numbers.end() ? fallback : at->second;
}

std::string ExpansionFile::word(const std::string& key, const std::string& fallback) const {
  const auto at = words.find(key);
  return at == words.end() ? fallback : at->second;
}

std::string prim_hash(const Structure& prim) {
  std::string text;
  for (const double v : prim.lattice.columns().reshaped()) text += fmt::format("{} ", v);
  for (const crystal::Site& site : prim.sites) {
    for (const double v : site.fractional) text += fmt::format("{} ", v);
    text += joined(site.allowed, ",") + ";";
  }
  return hex(fnv1a64(text));
}

void write_expansion(const std::filesystem::path& path, const ExpansionFile& file) {
  const ClusterExpansion& e = file.expansion;
  const auto n = static_cast<Eigen::Index>(e.basis.size());
  if (e.eci_eV.size() != n || (e.eci_samples_eV.size() > 0 && e.eci_samples_eV.cols() != n))
    throw Error(fmt::format("expansion file: {} ECIs and {} sampled ones for {} functions",
                            e.eci_eV.size(), e.eci_samples_eV.cols(), n));
  for (const auto& [key, value] : file.numbers) finite(value, key.c_str());
  json content{{"format", format_name},
               {"format_version", format_version},
               {"prim", prim_to_json(e.basis.prim)},
               {"prim_hash", prim_hash(e.basis.prim)},
               {"basis", cluster::name(e.basis.kind)},
               {"cutoffs_A", e.basis.cutoffs_A},
               {"functions", functions_to_json(e)},
               {"eci_samples_eV", samples_to_json(e.eci_samples_eV)},
               {"numbers", file.numbers},
               {"words", file.words}};
  // Through text once: what is summed is what a reader will see.
  content = json::parse(content.dump(-1, ' ', false, json::error_handler_t::replace));
  content["checksum"] = checksum(content);
  write_text_atomically(path, content.dump(1) + "\n");
}

ExpansionFile read_expansion(const std::filesystem::path& path) {
  const TextFile text = TextFile::read_input(path);
  const json document = parse_json(text);
  const JsonView view(document, text.path());
  check_format(view);
  ExpansionFile file;
  file.path = text.path();
  const Structure prim = prim_from_json(view.at("prim"));
  if (view.at("prim_hash").text() != prim_hash(prim))
    view.at("prim_hash").fail("expected " + prim_hash(prim) + " of the prim in this file");
  ClusterExpansion& e = file.expansion;
  e.basis = expansion::make_cluster_basis(prim, cluster::basis_kind(view.at("basis").text()),
                                          read_cutoffs(view.at("cutoffs_A")));
  read_functions(view.at("functions"), e);
  e.eci_samples_eV = read_samples(view.at("eci_samples_eV"), e.basis.size());
  for (const auto& [key, value] : view.at("numbers").raw().items())
    file.numbers[key] = view.at("numbers").at(key).number();
  for (const auto& [key, value] : view.at("words").raw().items())
    file.words[key] = view.at("words").at(key).text();
  return file;
}

}  // namespace lithiate::io
