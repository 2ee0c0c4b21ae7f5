#include "crystal/space_group.hpp"

#include <Eigen/LU>
#include <catch2/catch.hpp>
#include <set>

#include "core/error.hpp"
#include "fixtures/crystals.hpp"

using namespace lithiate;
using namespace lithiate::crystal;
using Catch::Matchers::WithinAbs;

namespace {

std::vector<Structure> crystals() {
  return {fixtures::fcc(),
          fixtures::diamond(),
          fixtures::hcp(),
          fixtures::lithium_nickelate_o3(),
          fixtures::vanadium_chloride_o1(),
          fixtures::vanadium_chloride_bismuth_iodide_type(),
          fixtures::lopsided()};
}

Vector3d position(const Structure& s, const SiteOffset& site) {
  return s.sites[static_cast<std::size_t>(site.basis)].fractional +
         site.cell_vector().cast<double>();
}

}  // namespace

TEST_CASE("known crystals have their space groups") {
  REQUIRE(find_space_group(fixtures::fcc()).number() == 225);
  REQUIRE(find_space_group(fixtures::diamond()).number() == 227);
  REQUIRE(find_space_group(fixtures::hcp()).number() == 194);
  REQUIRE(find_space_group(fixtures::antifluorite({"Li"}, {"Va"})).number() == 225);
  REQUIRE(find_space_group(fixtures::lithium_nickelate_o3()).number() == 166);
  REQUIRE(find_space_group(fixtures::vanadium_chloride_o1()).number() == 164);
  REQUIRE(find_space_group(fixtures::vanadium_chloride_o3()).number() == 166);
  REQUIRE(find_space_group(fixtures::lopsided()).number() == 1);
}

TEST_CASE("VCl3 of the BiI3 type is R-3 with V on 6c and Cl on 18f") {
  const SpaceGroup group = find_space_group(fixtures::vanadium_chloride_bismuth_iodide_type());
  REQUIRE(group.number() == 148);
  REQUIRE(group.symbol() == "R-3");
  REQUIRE(group.wyckoff() == std::vector<std::string>{"c", "c", "f", "f", "f", "f", "f", "f"});
  REQUIRE(group.equivalent() == std::vector<int>{0, 0, 2, 2, 2, 2, 2, 2});
}

TEST_CASE("the image of a site lies where the operation carries its position") {
  for (const Structure& s : crystals()) {
    const SpaceGroup group = find_space_group(s);
    for (std::size_t op = 0; op < group.operations().size(); ++op)
      for (int b = 0; b < static_cast<int>(s.sites.size()); ++b) {
        const SiteOffset site{b, {2, -1, 3}};
        const SymmetryOperation& o = group.operations()[op];
        const Vector3d carried = o.rotation.cast<double>() * position(s, site) + o.translation;
        const Vector3d off = position(s, group.image(op, site)) - carried;
        REQUIRE_THAT(s.lattice.cartesian(off).norm(), WithinAbs(0.0, default_symprec_A));
      }
  }
}

TEST_CASE("an operation carries different sites onto different sites with the same species") {
  for (const Structure& s : crystals()) {
    const SpaceGroup group = find_space_group(s);
    for (std::size_t op = 0; op < group.operations().size(); ++op) {
      std::set<int> images;
      for (int b = 0; b < static_cast<int>(s.sites.size()); ++b) {
        const int to = group.image(op, {b, {0, 0, 0}}).basis;
        images.insert(to);
        REQUIRE(s.sites[static_cast<std::size_t>(to)].allowed ==
                s.sites[static_cast<std::size_t>(b)].allowed);
      }
      REQUIRE(images.size() == s.sites.size());
    }
  }
}

TEST_CASE("operations keep all distances") {
  for (const Structure& s : crystals()) {
    const SpaceGroup group = find_space_group(s);
    for (const SymmetryOperation& op : group.operations()) {
      const Matrix3d metric = s.lattice.columns().transpose() * s.lattice.columns();
      const Matrix3d r = op.rotation.cast<double>();
      REQUIRE_THAT((r.transpose() * metric * r - metric).norm(), WithinAbs(0.0, 1e-9));
    }
  }
}

TEST_CASE("two operations after one another are an operation") {
  const Structure s = fixtures::diamond();
  const SpaceGroup group = find_space_group(s);
  const auto fingerprint = [&](const auto& first, const auto& second) {
    std::vector<SiteOffset> images;
    for (const std::array<int, 3>& cell : {std::array{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}})
      images.push_back(second(first(SiteOffset{0, cell})));
    const Vector3i home = -images[0].cell_vector();  // up to a lattice translation
    for (SiteOffset& image : images) image = translated(image, home);
    return images;
  };
  const auto image = [&](std::size_t op) {
    return [&group, op](const SiteOffset& site) { return group.image(op, site); };
  };
  std::set<std::vector<SiteOffset>> known;
  for (std::size_t op = 0; op < group.operations().size(); ++op)
    known.insert(fingerprint(image(op), [](const SiteOffset& site) { return site; }));
  REQUIRE(known.size() == 48);
  for (std::size_t a = 0; a < 48; ++a)
    for (std::size_t b = 0; b < 48; ++b) REQUIRE(known.contains(fingerprint(image(a), image(b))));
}

TEST_CASE("the symmetry depends on the set of allowed species, not on its order") {
  Structure s = fixtures::diamond();
  s.sites[1].allowed = {"Va", "Li"};
  REQUIRE(find_space_group(s).number() == 227);
  s.sites[1].allowed = {"Na", "Li"};
  REQUIRE(find_space_group(s).number() == 216);
}

TEST_CASE("a conventional cell keeps its centring translations") {
  const Structure s = fixtures::crystal_of("fcc of four", 4.0 * Matrix3d::Identity(),
                                           {{{0, 0, 0}, {"Li", "Va"}},
                                            {{0.5, 0.5, 0}, {"Li", "Va"}},
                                            {{0.5, 0, 0.5}, {"Li", "Va"}},
                                            {{0, 0.5, 0.5}, {"Li", "Va"}}});
  const SpaceGroup group = find_space_group(s);
  REQUIRE(group.number() == 225);
  REQUIRE(group.operations().size() == 192);
  REQUIRE(group.equivalent() == std::vector<int>{0, 0, 0, 0});
}

TEST_CASE("sites on top of one another have no space group") {
  const Structure s = fixtures::crystal_of("doubled", 3.0 * Matrix3d::Identity(),
                                           {{{0, 0, 0}, {"Li"}}, {{0, 0, 0}, {"Li"}}});
  REQUIRE_THROWS_AS(find_space_group(s), InputError);
}

TEST_CASE("a conventional cell holds its primitive cells and reduces to one of them") {
  const Structure four = fixtures::crystal_of("fcc of four", 4.0 * Matrix3d::Identity(),
                                              {{{0, 0, 0}, {"Li", "Va"}},
                                               {{0.5, 0.5, 0}, {"Va", "Li"}},
                                               {{0.5, 0, 0.5}, {"Li", "Va"}},
                                               {{0, 0.5, 0.5}, {"Li", "Va"}}});
  REQUIRE(primitive_cells(find_space_group(four)) == 4);
  const Structure one = primitive_cell(four);
  REQUIRE(one.sites.size() == 1);
  CHECK(one.lattice.volume_A3() == Approx(16.0));
  CHECK(one.sites[0].allowed == std::vector<std::string>{"Li", "Va"});
  CHECK(find_space_group(one).number() == 225);
  CHECK(primitive_cells(find_space_group(one)) == 1);
}
