#pragma once
/// Diffusion from recorded displacements: D*, D_J, D_unc and their ratios, with 95 % intervals.
#include <Eigen/Core>
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/archive.hpp"
#include "core/report.hpp"
#include "observe/estimate.hpp"

namespace lithiate::observe {

using Eigen::Matrix3d;
using Eigen::Vector3d;

/// W and S, both in sampling intervals. The long-time slope is taken between the lags W/2 and W, so
/// W/2 must exceed the memory of the motion (TransportResult::lag_converged tests it); a run is cut
/// into segments of S intervals, whose scatter is the error.
struct TransportConfig {
  int lag_samples = 16;      ///< W, a multiple of 4
  int segment_samples = 64;  ///< S >= 2 W; 4 W or more uses the data better
  /// Of more ions than this only so many, evenly numbered, are followed for D*: memory for S
  /// positions of each. D_J and D_unc are always of all ions.
  int most_tracers = 250'000;
};
void check(const TransportConfig& config, InputReport& report);
/// 20 segments of about 3 W for a run of this many intervals; fewer below 240.
TransportConfig transport_config_for(std::int64_t samples);

/// Which ion tracer k of n_tracers among n_ions is.
constexpr std::int64_t ion_of_tracer(std::int64_t k, std::int64_t n_ions, std::int64_t n_tracers) {
  return k * n_ions / n_tracers;
}
/// Which tracer an ion is, -1 if it is none.
constexpr std::int64_t tracer_of_ion(std::int64_t ion, std::int64_t n_ions,
                                     std::int64_t n_tracers) {
  if (n_tracers == n_ions) return ion;
  const std::int64_t k = (ion * n_tracers + n_ions - 1) / n_ions;
  return k < n_tracers && ion_of_tracer(k, n_ions, n_tracers) == ion ? k : -1;
}

/// The axes a scalar is averaged over; d is their number. {true, true, false}: in the xy plane.
struct Axes {
  bool x = true, y = true, z = true;
};

/// Averages over the time origins of one segment at one lag. Plain numbers: may be sent as bytes.
struct LagMoments {
  Matrix3d tracer_A2 = Matrix3d::Zero();      ///< mean over ions of dr dr^T
  Matrix3d collective_A2 = Matrix3d::Zero();  ///< (sum dr)(sum dr)^T / N
  Matrix3d hops_A2 = Matrix3d::Zero();        ///< sum over hops of dr dr^T / N
  double time_s = 0.0;                        ///< length of the lag
};
using TransportSegment = std::array<LagMoments, 3>;  ///< at the lags W/4, W/2, W

using TensorEstimate = std::array<std::array<Estimate, 3>, 3>;  ///< symmetric

/// A2/s, host frame, every tensor component with its own d = 1. A quantity that does not exist (no
/// hop along the axis, no finished segment) is undefined(). Ratios are given for the diagonal: off
/// it numerator and denominator both vanish on principal axes.
struct TransportResult {
  std::int64_t segments = 0;
  int segments_per_block = 1;        ///< neighbouring segments joined because they were correlated
  TensorEstimate d_tracer_A2_per_s;  ///< D* = <dr dr^T> / 2t
  TensorEstimate d_jump_A2_per_s;    ///< D_J = <(sum dr)(sum dr)^T> / 2Nt
  TensorEstimate d_uncorrelated_A2_per_s;     ///< D_unc = sum over hops of dr dr^T / 2Nt
  std::array<Estimate, 3> f_axis;             ///< D* / D_unc along x, y, z
  std::array<Estimate, 3> f_collective_axis;  ///< f_I = D_J / D_unc
  std::array<Estimate, 3> haven_axis;         ///< H_R = D* / D_J
  /// Traces over the chosen axes, divided by their number.
  /// D_J and what is made of it are undefined if all ions together did not move at all.
  Estimate d_tracer, d_jump, d_uncorrelated;  ///< A2/s
  Estimate f, f_collective, haven;
  /// f from the lags (W/2, W) less f from (W/4, W/2), over the chosen axes; the same for f_I.
  Estimate f_change, f_collective_change;
  /// No such change at 99 % confidence each. False: memory lasts longer than W/4, take a longer
  /// lag.
  bool lag_converged = false;
};

/// Streams the displacements of one run; keeps one segment of positions and the moments of finished
/// segments. f and f_I compare displacements with the hops counted in the same time windows, so the
/// noise of the waiting times cancels, and the records may be equidistant in time or in hops.
/// Mean squared displacements grow as 2 D t + c: the difference between two lags removes c.
class Transport {
 public:
  /// Throws InputError for a bad config or n_ions < 1.
  Transport(int n_ions, const TransportConfig& config);
  /// From finished segments, e.g. of other processes.
  Transport(int n_ions, const TransportConfig& config, std::vector<TransportSegment> segments);

  /// One sample: displacements since any fixed origin, unwrapped, Cartesian, one for each ion, and
  /// the sum over all hops so far of dr dr^T. Throws Error unless time grows.
  void record(double time_s, std::span<const Vector3d> displacement_A,
              const Matrix3d& sum_squared_hops_A2);
  /// The same from the displacements of the tracers, in their order, and the sum over all ions.
  void record(double time_s, std::span<const Vector3d> tracer_A, const Vector3d& sum_A,
              const Matrix3d& sum_squared_hops_A2);
  /// Adds the finished segments of an independent run of the same system and config.
  void merge(const Transport& other);

  /// All that was recorded, under names that begin with `prefix`; load() goes on from there and
  /// throws InputError if it was saved by another number of ions or config.
  void save(Archive& archive, const std::string& prefix) const;
  void load(const Archive& archive, const std::string& prefix);

  int n_ions() const noexcept { return n_ions_; }
  int n_tracers() const noexcept { return n_tracers_; }
  const TransportConfig& config() const noexcept { return config_; }
  const std::vector<TransportSegment>& segments() const noexcept { return segments_; }
  /// Means over segments; errors, also of the ratios, by jackknife over segments.
  TransportResult result(Axes axes = {}) const;

 private:
  void finish_segment();
  LagMoments moments_at(int lag) const;

  int n_ions_, n_tracers_;
  TransportConfig config_;
  std::vector<TransportSegment> segments_;
  Eigen::Matrix3Xd positions_A_;   ///< sample by sample, a column for each tracer
  Eigen::Matrix3Xd collective_A_;  ///< sum over ions, one column per sample
  std::vector<Matrix3d> hops_A2_;
  std::vector<double> times_s_;
};

}  // namespace lithiate::observe
