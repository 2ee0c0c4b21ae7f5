#pragma once
#include <optional>
#include <string>
#include <vector>

#include "crystal/structure.hpp"
#include "io/point_files.hpp"
#include "kmc/state.hpp"
#include "model/hop_table.hpp"

namespace lithiate::apps {

/// One trajectory of a run file: a replica of a state point.
struct KmcMember {
  std::uint64_t number = 0;  ///< of all, by temperature, then composition, then replica
  double temperature_K = 0.0;
  std::optional<double> x, voltage_V;  ///< one of them

  /// "T300_x0.5_r0": a folder.
  std::string name(int replicas) const;
};

/// What all trajectories of a run file share: the compiled phase and its hops. Any thread may read.
class KmcSystem {
 public:
  explicit KmcSystem(const io::KmcFile& file);
  KmcSystem(const KmcSystem&) = delete;

  const io::KmcFile& file() const noexcept { return file_; }
  const model::LatticeModel& model() const noexcept { return cell_.model; }
  double formula_units() const noexcept { return cell_.formula_units; }
  const model::HopTable& hops() const noexcept { return hops_; }

  std::vector<KmcMember> members() const;
  /// Where the ions begin, the same on every rank: at random, or after `sweeps` of Metropolis.
  std::vector<model::Species> starting_occupation(const KmcMember& member,
                                                  std::int64_t sweeps = 400) const;
  /// Ions where they are, with the clock in the comment line.
  crystal::Atoms frame(const kmc::State& state) const;

 private:
  io::KmcFile file_;
  model::PhaseCell cell_;
  model::HopTable hops_;
};

}  // namespace lithiate::apps
