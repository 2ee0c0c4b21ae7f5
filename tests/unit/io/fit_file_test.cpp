#include "io/fit_file.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "fixtures/crystals.hpp"

using namespace lithiate;
using Catch::Matchers::WithinRel;

namespace {

expansion::ClusterBasis pairs_and_triplets() {
  crystal::Structure prim;
  prim.name = "cubic";
  prim.lattice = crystal::Lattice(3.0 * crystal::Matrix3d::Identity());
  prim.sites = {{{0.0, 0.0, 0.0}, {"Li", "Va"}}};
  return expansion::make_cluster_basis(prim, cluster::BasisKind::occupation, {4.5, 4.5});
}

}  // namespace

TEST_CASE("without a shape the penalty of a function is its multiplicity", "[io][fit]") {
  const auto basis = pairs_and_triplets();
  const Eigen::VectorXd c = io::penalties_of(basis, {});
  REQUIRE(c.size() == static_cast<long>(basis.size()));
  for (std::size_t alpha = 0; alpha < basis.size(); ++alpha)
    CHECK(c[static_cast<long>(alpha)] == basis.multiplicity(alpha));
}

TEST_CASE("the penalty grows by the body factor for every site after the first", "[io][fit]") {
  const auto basis = pairs_and_triplets();
  const Eigen::VectorXd plain = io::penalties_of(basis, {}),
                        shaped = io::penalties_of(basis, {2.5, 0.0});
  const std::vector<double> factor{1.0, 1.0, 2.5, 6.25};  // of 0 to 3 sites
  std::size_t most = 0;
  for (std::size_t alpha = 0; alpha < basis.size(); ++alpha) {
    const std::size_t n = basis.orbits[basis.functions[alpha].orbit].size();
    most = std::max(most, n);
    const auto k = static_cast<long>(alpha);
    CHECK_THAT(shaped[k] / plain[k], WithinRel(factor.at(n), 1e-12));
  }
  CHECK(most == 3);
}

TEST_CASE("the penalty grows as exp(diameter / decay)", "[io][fit]") {
  const auto basis = pairs_and_triplets();
  const Eigen::VectorXd plain = io::penalties_of(basis, {}),
                        shaped = io::penalties_of(basis, {1.0, 2.0});
  int pairs = 0;
  for (std::size_t alpha = 0; alpha < basis.size(); ++alpha) {
    const auto& orbit = basis.orbits[basis.functions[alpha].orbit];
    const auto k = static_cast<long>(alpha);
    CHECK_THAT(shaped[k] / plain[k], WithinRel(std::exp(orbit.diameter_A / 2.0), 1e-12));
    if (orbit.size() == 2) {  // 3 A along the edge, 3 sqrt(2) A across the face
      CHECK_THAT(orbit.diameter_A, WithinRel(pairs == 0 ? 3.0 : 3.0 * std::sqrt(2.0), 1e-9));
      ++pairs;
    }
  }
  CHECK(pairs == 2);
}
