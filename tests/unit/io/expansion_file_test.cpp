#include "io/expansion_file.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "core/text.hpp"
#include "files.hpp"
#include "io/read_structure.hpp"
#include "io/text_file.hpp"

using namespace lithiate;
using namespace lithiate::fixtures;
using Catch::Matchers::Contains;
using Catch::Matchers::EndsWith;
using io::ExpansionFile;
using nlohmann::json;

namespace {

ExpansionFile sample() {
  const std::string prim = std::string(LITHIATE_SOURCE_DIR) + "/structures/LixNiO2/prim.toml";
  ExpansionFile file;
  file.expansion.basis = expansion::make_cluster_basis(io::read_structure(prim),
                                                       cluster::BasisKind::chebyshev, {6.0, 3.5});
  const auto n = static_cast<Eigen::Index>(file.expansion.basis.size());
  file.expansion.eci_eV = Eigen::VectorXd::LinSpaced(n, -0.1, 1.0 / 3.0);
  file.expansion.eci_samples_eV = Eigen::MatrixXd::NullaryExpr(
      5, n,
      [](Eigen::Index i, Eigen::Index j) { return std::sin(static_cast<double>(1 + 7 * i + j)); });
  file.numbers = {{"cv_score_eV", 0.0123}, {"x_trained_max", 1.0}};
  file.words = {{"training", "lno.xyz"}};
  return file;
}

std::string written(const TemporaryFolder& folder) {
  io::write_expansion(folder.path() / "e.json", sample());
  return contents(folder.path() / "e.json");
}

/// What reading a changed file is refused with; `sign` renews the checksum after the change.
template <class Change>
std::string refused(Change&& change, bool sign = true) {
  const TemporaryFolder folder;
  json content = json::parse(written(folder));
  change(content);
  if (sign) {
    content.erase("checksum");
    content["checksum"] = hex(fnv1a64(content.dump()));
  }
  const auto path = folder.write("changed.json", content.dump(1));
  return refusal([&] { io::read_expansion(path); });
}

}  // namespace

TEST_CASE("an expansion is read back to the last bit", "[io][expansion]") {
  const TemporaryFolder folder;
  written(folder);
  const ExpansionFile file = io::read_expansion(folder.path() / "e.json"), before = sample();
  CHECK(file.expansion.eci_eV == before.expansion.eci_eV);
  CHECK(file.expansion.eci_samples_eV == before.expansion.eci_samples_eV);
  CHECK(file.expansion.basis.kind == before.expansion.basis.kind);
  CHECK(file.expansion.basis.cutoffs_A == before.expansion.basis.cutoffs_A);
  CHECK(file.expansion.basis.prim.lattice.columns() ==
        before.expansion.basis.prim.lattice.columns());
  CHECK(file.expansion.basis.size() == before.expansion.basis.size());
  CHECK(file.number("cv_score_eV") == 0.0123);
  CHECK(file.word("training") == "lno.xyz");
}

TEST_CASE("a file without posterior samples has no errors", "[io][expansion]") {
  ExpansionFile file = sample();
  file.expansion.eci_samples_eV.resize(0, 0);
  const TemporaryFolder folder;
  io::write_expansion(folder.path() / "e.json", file);
  CHECK(json::parse(contents(folder.path() / "e.json"))["functions"][1]["error_eV"].is_null());
  CHECK(io::read_expansion(folder.path() / "e.json").expansion.eci_samples_eV.rows() == 0);
}

TEST_CASE("the error of a coefficient is the spread of its samples", "[io][expansion]") {
  const TemporaryFolder folder;
  const json content = json::parse(written(folder));
  const Eigen::VectorXd column = sample().expansion.eci_samples_eV.col(2);
  const double mean = column.mean();
  const double spread = std::sqrt((column.array() - mean).square().sum() / 4.0);
  CHECK(content["functions"][2]["error_eV"].get<double>() == Approx(spread).epsilon(1e-14));
}

TEST_CASE("missing metadata is refused by name, or takes the fallback", "[io][expansion]") {
  const ExpansionFile file = sample();
  CHECK(file.number("none", 2.0) == 2.0);
  CHECK_THAT(refusal([&] { file.number("none"); }), Contains("has no number 'none'"));
}

TEST_CASE("damaged expansion files are refused", "[io][expansion]") {
  const TemporaryFolder folder;
  const std::string good = written(folder);
  CHECK_THAT(
      refusal([&] { io::read_expansion(folder.write("t.json", good.substr(0, good.size() / 2))); }),
      Contains("the file ends here"));
  CHECK_THAT(
      refused([](json& c) { c["functions"][1]["eci_eV"] = 0.5; }, false),
      EndsWith("the checksum is wrong: the file is damaged or was edited by hand; fit again"));
  CHECK_THAT(refused([](json& c) { c.erase("checksum"); }, false),
             Contains("the checksum is wrong"));
}

TEST_CASE("foreign files and other format versions are refused", "[io][expansion]") {
  CHECK_THAT(refused([](json& c) { c["format"] = "icet"; }),
             EndsWith("is not a cluster expansion file (format 'lithiate-cluster-expansion')"));
  CHECK_THAT(refused([](json& c) {
               c = json::array({1, 2});
               c = json{{"a", c}};
             }),
             Contains("is not a cluster expansion file"));
  CHECK_THAT(refused([](json& c) { c["format_version"] = 2; }),
             Contains("format_version = 2: expected format version 1"));
}

TEST_CASE("a file whose functions do not belong to its prim is refused", "[io][expansion]") {
  CHECK_THAT(refused([](json& c) { c["functions"].erase(2); }),
             Contains("its prim and cut-offs give"));
  CHECK_THAT(refused([](json& c) { c["functions"][2]["multiplicity"] = 99; }),
             Contains("functions[2].multiplicity = 99: expected"));
  CHECK_THAT(refused([](json& c) { c["functions"][2]["sites"][1][1] = 7; }),
             Contains("functions[2].sites: expected"));
  CHECK_THAT(refused([](json& c) { c["cutoffs_A"] = {2.0}; }),
             Contains("its prim and cut-offs give"));
  CHECK_THAT(refused([](json& c) { c["prim_hash"] = "0"; }),
             Contains("prim_hash = \"0\": expected"));
  CHECK_THAT(refused([](json& c) { c["prim"]["sites"][1]["species"] = {"Co"}; }),
             Contains("prim_hash"));
  CHECK_THAT(refused([](json& c) { c["basis"] = "chebychev"; }), Contains("chebychev"));
  CHECK_THAT(refused([](json& c) { c["cutoffs_A"] = {1e6}; }), Contains("expected 0 to 50 A"));
}

TEST_CASE("numbers of an expansion must be finite numbers of the right count", "[io][expansion]") {
  CHECK_THAT(refused([](json& c) { c["functions"][1]["eci_eV"] = nullptr; }),
             Contains("functions[1].eci_eV = null: expected a finite number"));
  CHECK_THAT(refused([](json& c) { c["eci_samples_eV"][0].erase(0); }),
             Contains("eci_samples_eV[0]: expected"));
  const TemporaryFolder folder;
  ExpansionFile file = sample();
  file.expansion.eci_eV[1] = std::numeric_limits<double>::quiet_NaN();
  CHECK_THAT(refusal<Error>([&] { io::write_expansion(folder.path() / "e.json", file); }),
             Contains("eci_eV = nan: expected a finite number"));
  file = sample();
  file.expansion.eci_eV.conservativeResize(2);
  CHECK_THAT(refusal<Error>([&] { io::write_expansion(folder.path() / "e.json", file); }),
             Contains("2 ECIs"));
}

TEST_CASE("the hash of a prim does not depend on its name", "[io][expansion]") {
  crystal::Structure prim = sample().expansion.basis.prim;
  const std::string hash = io::prim_hash(prim);
  prim.name = "other";
  CHECK(io::prim_hash(prim) == hash);
  prim.sites[0].fractional[0] += 1e-9;
  CHECK(io::prim_hash(prim) != hash);
}
