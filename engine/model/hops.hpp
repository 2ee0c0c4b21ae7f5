#pragma once
#include <string>
#include <vector>

#include "core/report.hpp"
#include "crystal/site_offset.hpp"
#include "model/compile.hpp"

namespace lithiate::model {

/// A directed hop of the mobile species between two free sites of the host.
struct Hop {
  int from = 0, to = 0;              ///< sublattices of LatticeModel: free host sites in site order
  crystal::Vector3i shift{0, 0, 0};  ///< host cells from the cell of `from` to that of `to`
  int hop_class = 0;                 ///< into HopNetwork::classes
  int reverse = -1;                  ///< the same bond walked backwards, into HopNetwork::hops
  crystal::Vector3d vector_A{0, 0, 0};
};

/// One orbit of a class's local expansion (model/local_orbits.hpp), for reports.
struct LocalCoefficient {
  std::string description;
  double e_kra_eV = 0.0, ln_prefactor = 0.0;
};

/// Bonds that symmetry carries into one another: one kinetically resolved barrier for both
/// directions, E_KRA = E_TS - (E_i + E_f) / 2, Van der Ven et al., Phys. Rev. B 64, 184307 (2001).
struct HopClass {
  double distance_A = 0.0;
  int bonds_per_host_cell = 0;  ///< undirected
  double e_kra_eV = 0.0;
  double prefactor_Hz = 0.0;  ///< 0: the class is not used
  std::string source, role;
  /// Fixed species around the bond's midpoint, by which hops of equal length are told apart:
  /// "midpoint 2 Cl at 1.98 A, 2 V at 2.90 A".
  std::string description;
  int from = 0, to = 0;  ///< a representative bond, as in Hop
  crystal::Vector3i shift{0, 0, 0};
  std::vector<LocalCoefficient> local;  ///< every orbit within the cut-offs; none: constants
};

/// A species on a site near a hop.
struct LocalSite {
  crystal::SiteOffset place;  ///< sublattice, and host cells from the cell of Hop::from
  std::string species;
  friend auto operator<=>(const LocalSite&, const LocalSite&) = default;
};
using LocalCluster =
    std::vector<LocalSite>;  ///< ascending; different sites, none an end of the hop

/// What a hop's barrier and prefactor gain while every site of the cluster holds its species:
///   E_KRA = HopClass::e_kra_eV + sum of e_kra_eV,
///   ln prefactor = ln HopClass::prefactor_Hz + sum of ln_prefactor.
struct LocalTerm {
  LocalCluster cluster;
  double e_kra_eV = 0.0, ln_prefactor = 0.0;
};

/// All hops that start in one host cell.
struct HopNetwork {
  std::string mobile = "Li";
  std::string vacancy = crystal::vacancy;
  std::vector<Hop> hops;          ///< ascending in `from`
  std::vector<HopClass> classes;  ///< ascending in distance, then in representative
  /// Local expansions (model/local_orbits.hpp), per hop; empty: no barrier depends on what is
  /// around. A hop and its reverse have the same terms.
  std::vector<std::vector<LocalTerm>> local;
};

/// The host cell as a crystal: frozen sites carry their species only, free sites and spectators
/// their lists; positions in [0, 1).
crystal::Structure host_structure(const crystal::Structure& prim, const Host& host);

/// All pairs of free sites that both allow `mobile` and the vacancy, with
/// min_distance_A <= distance <= max_distance_A, classified by the space group of the host.
/// Throws InputError if no site is free for the mobile species.
HopNetwork find_hops(const crystal::Structure& prim, const Host& host, const std::string& mobile,
                     double max_distance_A, double min_distance_A = 0.0);

/// One barrier and prefactor for all classes.
void set_barriers(HopNetwork& network, double e_kra_eV, double prefactor_Hz);
/// Those of one class, which is named twice: by number and by distance. Throws InputError if they
/// do not belong together within 0.02 A; the message lists the classes.
void set_barrier(HopNetwork& network, int hop_class, double distance_A, double e_kra_eV,
                 double prefactor_Hz);

/// Networks made by hand: adds a bond of an existing class in both directions. A site may lie
/// anywhere; vector_A leads from `from` to `to`. The caller keeps HopClass::bonds_per_host_cell.
void add_bond(HopNetwork& network, int from, int to, const crystal::Vector3i& shift, int hop_class,
              const crystal::Vector3d& vector_A);

/// Faults: indices out of range, hops without their reverse, values that are not finite, negative
/// prefactors, no class in use, local terms that read an end of their hop or the vacancy, or that
/// are not those of the reverse hop.
void check(const HopNetwork& network, InputReport& report);

}  // namespace lithiate::model
