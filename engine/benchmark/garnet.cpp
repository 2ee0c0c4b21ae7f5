#include "benchmark/garnet.hpp"

#include <fmt/format.h>

#include <cmath>
#include <map>
#include <sstream>

#include "benchmark/embedded.hpp"
#include "core/error.hpp"
#include "core/text.hpp"

namespace lithiate::benchmark {
namespace {

using crystal::Vector3d;
using crystal::Vector3i;

constexpr double bohr_A = 0.529177210903;  // CODATA 2018
constexpr double edge_A = 49.0672361 * bohr_A;

struct GarnetSite {
  Vector3d fractional;
  std::vector<int> neighbors;  ///< numbers of the file; tetrahedral positive, octahedral negative
};

/// Sites by number, in the order of the file; `order` lists the numbers.
std::map<int, GarnetSite> read_sites(std::vector<int>& order) {
  std::map<int, GarnetSite> sites;
  std::stringstream lines{std::string(garnet_site_list())};
  for (std::string line; std::getline(lines, line);) {
    const auto words = split_words(line);
    if (words.size() < 2) continue;
    const auto number = [&](std::size_t i) { return parse_number(words.at(i)).value(); };
    if (words[0] == "site:") order.push_back(static_cast<int>(number(1)));
    if (words[0] == "centre:")
      sites[order.back()].fractional = Vector3d(number(1), number(2), number(3)) * bohr_A / edge_A;
    if (words[0] == "neighbours:")
      for (std::size_t i = 1; i < words.size(); ++i)
        sites[order.back()].neighbors.push_back(static_cast<int>(number(i)));
  }
  if (order.size() != 576 || sites.size() != 576)
    throw Error(fmt::format("garnet site list: {} sites, expected 576", sites.size()));
  return sites;
}

}  // namespace

HoppingGas garnet_gas() {
  std::vector<int> order;
  const auto sites = read_sites(order);
  std::map<int, int> sublattice;
  for (const int number : order) sublattice.emplace(number, static_cast<int>(sublattice.size()));
  const crystal::Lattice lattice(edge_A * crystal::Matrix3d::Identity());
  std::vector<model::Sublattice> sublattices;
  model::HopNetwork network;
  model::HopClass& all = network.classes.emplace_back();
  all.prefactor_Hz = 1.0;
  for (const int number : order) {
    const GarnetSite& site = sites.at(number);
    model::Sublattice s;
    s.species = {"Li", "Va"};
    s.fractional = site.fractional;
    sublattices.push_back(s);
    for (const int other : site.neighbors) {
      if (other < number) continue;  // each bond once
      const Vector3d apart = sites.at(other).fractional - site.fractional;
      const Vector3d shift = -apart.array().round();
      model::add_bond(network, sublattice.at(number), sublattice.at(other), shift.cast<int>(), 0,
                      lattice.cartesian(apart + shift));
      ++all.bonds_per_host_cell;
      all.distance_A = (apart + shift).norm() * edge_A;
    }
  }
  return {model::LatticeModel(lattice, Vector3i(1, 1, 1), std::move(sublattices), 0.0), network};
}

}  // namespace lithiate::benchmark
