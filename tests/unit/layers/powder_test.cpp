#include "layers/powder.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "core/error.hpp"
#include "fixtures/crystals.hpp"
#include "unit/layers/stacks.hpp"

using namespace lithiate;
using namespace lithiate::layers;
using Catch::Matchers::Contains;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

using Places = std::vector<std::pair<Vector3d, std::string>>;

crystal::Structure cubic(double a_A, const Places& places) {
  crystal::Structure s{"cubic", crystal::Lattice(a_A * Matrix3d::Identity()), {}, ""};
  for (const auto& [place, species] : places) s.sites.push_back({place, {species}});
  return s;
}

const Places face_centres{
    {{0, 0, 0}, "Cu"}, {{0, .5, .5}, "Cu"}, {{.5, 0, .5}, "Cu"}, {{.5, .5, 0}, "Cu"}};

/// Sum of squares of h, k, l of each line, from d.
std::vector<int> squares(const std::vector<PowderPeak>& peaks, double a_A) {
  std::vector<int> all;
  for (const auto& p : peaks) {
    REQUIRE(p.hkl.squaredNorm() == std::lround(a_A * a_A / (p.d_A * p.d_A)));
    REQUIRE_THAT(p.d_A, WithinRel(a_A / std::sqrt(p.hkl.squaredNorm()), 1e-9));
    all.push_back(p.hkl.squaredNorm());
  }
  return all;
}

std::vector<int> multiplicities(const std::vector<PowderPeak>& peaks) {
  std::vector<int> all;
  for (const auto& p : peaks) all.push_back(p.multiplicity);
  return all;
}

void require_same(const std::vector<PowderPeak>& one, const std::vector<PowderPeak>& other) {
  REQUIRE(one.size() == other.size());
  for (std::size_t i = 0; i < one.size(); ++i) {
    REQUIRE_THAT(one[i].d_A, WithinRel(other[i].d_A, 1e-6));
    REQUIRE(one[i].multiplicity == other[i].multiplicity);
    REQUIRE_THAT(one[i].intensity, WithinAbs(other[i].intensity, 1e-4));
  }
}

}  // namespace

TEST_CASE("body-centred crystals have lines of even h + k + l only") {
  const double a_A = 2.866;
  const auto peaks =
      powder_pattern(cubic(a_A, {{{0, 0, 0}, "Fe"}, {{.5, .5, .5}, "Fe"}}), {1.0, 90.0});
  REQUIRE(squares(peaks, a_A) == std::vector<int>{2, 4, 6, 8, 10, 12, 14, 16});
  REQUIRE(multiplicities(peaks) == std::vector<int>{12, 6, 24, 12, 24, 8, 48, 6});
}

TEST_CASE("face-centred crystals have lines of all even or all odd indices only") {
  const double a_A = 3.615;
  const auto peaks = powder_pattern(cubic(a_A, face_centres), {1.0, 60.0});
  REQUIRE(squares(peaks, a_A) == std::vector<int>{3, 4, 8, 11, 12});
  REQUIRE(multiplicities(peaks) == std::vector<int>{8, 6, 12, 24, 8});
}

TEST_CASE("a primitive cell has the pattern of the conventional one") {
  const double a_A = 3.615;
  const crystal::Structure primitive{
      "fcc", crystal::Lattice(fixtures::face_centred_A(a_A)), {{{0, 0, 0}, {"Cu"}}}, ""};
  require_same(powder_pattern(primitive), powder_pattern(cubic(a_A, face_centres)));
}

TEST_CASE("odd lines of rock salt come from the difference of the ions, even ones from the sum") {
  Places places;
  for (const auto& [place, species] : face_centres) {
    places.emplace_back(place, "Na");
    places.emplace_back(place + Vector3d(.5, .5, .5), "Cl");
  }
  const double a_A = 5.6402;
  const auto peaks = powder_pattern(cubic(a_A, places), {1.0, 30.0});
  REQUIRE(squares(peaks, a_A)[0] == 3);
  REQUIRE(squares(peaks, a_A)[1] == 4);
  const auto lorentz_polarisation = [](const PowderPeak& p) {
    const double theta = p.two_theta_deg * M_PI / 360.0;
    return (1 + std::pow(std::cos(2 * theta), 2)) /
           (std::pow(std::sin(theta), 2) * std::cos(theta));
  };
  const double odd = 8 * 6.0 * 6.0 * lorentz_polarisation(peaks[0]);
  const double even = 6 * 28.0 * 28.0 * lorentz_polarisation(peaks[1]);
  REQUIRE_THAT(peaks[0].intensity / peaks[1].intensity, WithinRel(odd / even, 1e-9));
}

TEST_CASE("equal scatterers on both sublattices of rock salt leave a simple cubic pattern") {
  Places places = face_centres;
  for (const auto& [place, species] : face_centres)
    places.emplace_back(place + Vector3d(.5, .5, .5), "Cu");
  const auto peaks = powder_pattern(cubic(6.0, places));
  REQUIRE(squares(peaks, 6.0)[0] == 4);
  REQUIRE(squares(peaks, 6.0)[1] == 8);
}

TEST_CASE("silicon's first lines with Cu K alpha 1 lie at 28.442, 47.302 and 56.121 degrees") {
  Places places;  // a: NIST SRM 640c; angles: JCPDS card 27-1402
  for (const auto& [place, species] : face_centres) {
    places.emplace_back(place, "Si");
    places.emplace_back(place + Vector3d(.25, .25, .25), "Si");
  }
  const auto peaks = powder_pattern(cubic(5.43119, places));
  const double angles[] = {28.442, 47.302, 56.121};
  for (std::size_t i = 0; i < 3; ++i) REQUIRE(std::abs(peaks[i].two_theta_deg - angles[i]) < 0.003);
  REQUIRE(peaks[0].intensity == 100.0);
}

TEST_CASE("a stack has the same pattern in every cell") {
  const auto& host = honeycomb_host();
  require_same(powder_pattern(host.stacked("R+", Filling::empty)),
               powder_pattern(host.stacked("R+ R+ R+", Filling::empty)));
  require_same(powder_pattern(host.stacked("R+", Filling::empty)),
               powder_pattern(host.stacked("R-", Filling::empty)));
  require_same(powder_pattern(host.stacked("R+ a", Filling::empty)),
               powder_pattern(host.stacked("c R-", Filling::empty)));
}

TEST_CASE("the first line of every stack of equal spacings is that of the spacing") {
  const auto& host = honeycomb_host();
  for (const char* text : {"O1-R", "O1-AAA", "O3-aaa", "O3-abc", "R+ a b R-", "O3-random:1:6"}) {
    const auto peaks = powder_pattern(host.stacked(text, Filling::empty), {cu_k_alpha1_A, 16.0});
    const auto basal = std::find_if(peaks.begin(), peaks.end(), [](const PowderPeak& p) {
      return std::abs(p.d_A - 5.78) < 1e-9;
    });
    REQUIRE(basal != peaks.end());
    REQUIRE(basal->multiplicity == 2);
    REQUIRE_THAT(basal->two_theta_deg, WithinAbs(15.317, 1e-3));
  }
}

TEST_CASE("vacancies do not scatter, the first allowed species does") {
  auto s = cubic(4.0, {{{0, 0, 0}, "Cu"}, {{.5, .5, .5}, "Cu"}});
  s.sites[1].allowed = {"Va", "Cu"};
  const auto peaks = powder_pattern(s);
  REQUIRE(squares(peaks, 4.0)[0] == 1);
}

TEST_CASE("impossible wavelengths, angles and sizes are refused") {
  const auto s = cubic(4.0, face_centres);
  REQUIRE_THROWS_WITH(powder_pattern(s, {0.0, 90.0}), Contains("wavelength 0 A"));
  REQUIRE_THROWS_WITH(powder_pattern(s, {1.5, 180.0}), Contains("below 180"));
  REQUIRE_THROWS_WITH(powder_pattern(s, {1e-4, 90.0}), Contains("site-reflections"));
}
