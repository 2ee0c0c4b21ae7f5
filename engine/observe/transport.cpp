#include "observe/transport.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/error.hpp"

namespace lithiate::observe {

void check(const TransportConfig& c, InputReport& report) {
  report.require(c.lag_samples >= 4 && c.lag_samples % 4 == 0, "lag_samples", c.lag_samples,
                 "must be a multiple of 4, at least 4");
  report.require(c.segment_samples >= 2 * static_cast<std::int64_t>(c.lag_samples),
                 "segment_samples", c.segment_samples, "must be at least twice lag_samples");
  report.require(c.most_tracers > 0, "most_tracers", c.most_tracers, "must be at least 1");
}

TransportConfig transport_config_for(std::int64_t samples) {
  constexpr std::int64_t segments = 20, shortest = 12, longest = 1 << 20;
  const auto segment = static_cast<int>(std::clamp(samples / segments, shortest, longest));
  return {.lag_samples = segment / 12 * 4, .segment_samples = segment};
}

Transport::Transport(int n_ions, const TransportConfig& config)
    : Transport(n_ions, config, std::vector<TransportSegment>{}) {}

Transport::Transport(int n_ions, const TransportConfig& config,
                     std::vector<TransportSegment> segments)
    : n_ions_(n_ions),
      n_tracers_(std::min(n_ions, config.most_tracers)),
      config_(config),
      segments_(std::move(segments)) {
  InputReport report("transport");
  check(config, report);
  report.require(n_ions > 0, "n_ions", n_ions, "must be at least 1");
  report.throw_if_any();
  positions_A_.resize(3, static_cast<Eigen::Index>(n_tracers_) * (config.segment_samples + 1));
  collective_A_.resize(3, config.segment_samples + 1);
}

void Transport::record(double time_s, std::span<const Vector3d> displacement_A,
                       const Matrix3d& sum_squared_hops_A2) {
  if (std::ssize(displacement_A) != n_ions_)
    throw Error(
        fmt::format("transport: {} displacements, expected {}", displacement_A.size(), n_ions_));
  Vector3d sum = Vector3d::Zero();
  for (const Vector3d& moved : displacement_A) sum += moved;
  if (n_tracers_ == n_ions_) return record(time_s, displacement_A, sum, sum_squared_hops_A2);
  std::vector<Vector3d> tracer_A(static_cast<std::size_t>(n_tracers_));
  for (std::int64_t k = 0; k < n_tracers_; ++k)
    tracer_A[static_cast<std::size_t>(k)] =
        displacement_A[static_cast<std::size_t>(ion_of_tracer(k, n_ions_, n_tracers_))];
  record(time_s, tracer_A, sum, sum_squared_hops_A2);
}

void Transport::record(double time_s, std::span<const Vector3d> tracer_A, const Vector3d& sum_A,
                       const Matrix3d& sum_squared_hops_A2) {
  if (std::ssize(tracer_A) != n_tracers_)
    throw Error(fmt::format("transport: {} tracers, expected {}", tracer_A.size(), n_tracers_));
  if (!times_s_.empty() && !(time_s > times_s_.back()))
    throw Error(fmt::format("transport: time {} s after {} s, expected a later one", time_s,
                            times_s_.back()));
  const auto sample = std::ssize(times_s_);
  for (std::int64_t k = 0; k < n_tracers_; ++k)
    positions_A_.col(sample * n_tracers_ + k) = tracer_A[static_cast<std::size_t>(k)];
  collective_A_.col(sample) = sum_A;
  hops_A2_.push_back(sum_squared_hops_A2);
  times_s_.push_back(time_s);
  if (sample == config_.segment_samples) finish_segment();
}

void Transport::finish_segment() {
  const int W = config_.lag_samples, last = config_.segment_samples;
  segments_.push_back({moments_at(W / 4), moments_at(W / 2), moments_at(W)});
  // The last sample of a segment is the first of the next.
  positions_A_.leftCols(n_tracers_) =
      positions_A_.middleCols(static_cast<Eigen::Index>(last) * n_tracers_, n_tracers_).eval();
  collective_A_.col(0) = collective_A_.col(last).eval();
  hops_A2_ = {hops_A2_.back()};
  times_s_ = {times_s_.back()};
}

void Transport::save(Archive& archive, const std::string& prefix) const {
  const std::size_t samples = times_s_.size();
  std::vector<double> segments, hops;
  for (const TransportSegment& segment : segments_)
    for (const LagMoments& m : segment) {
      for (const Matrix3d* matrix : {&m.tracer_A2, &m.collective_A2, &m.hops_A2})
        segments.insert(segments.end(), matrix->data(), matrix->data() + 9);
      segments.push_back(m.time_s);
    }
  for (const Matrix3d& matrix : hops_A2_) hops.insert(hops.end(), matrix.data(), matrix.data() + 9);
  archive.put<std::int64_t>(prefix + "shape",
                            {n_ions_, config_.lag_samples, config_.segment_samples});
  archive.put(prefix + "segments", std::move(segments));
  archive.put(prefix + "hops_A2", std::move(hops));
  archive.put(prefix + "times_s", times_s_);
  archive.put(prefix + "positions_A",
              std::span<const double>(positions_A_.data(),
                                      3 * samples * static_cast<std::size_t>(n_tracers_)));
  archive.put(prefix + "collective_A", std::span<const double>(collective_A_.data(), 3 * samples));
}

void Transport::load(const Archive& archive, const std::string& prefix) {
  constexpr std::size_t per_lag = 28;
  const auto& segments = archive.get<double>(prefix + "segments");
  const auto& hops = archive.get<double>(prefix + "hops_A2");
  const auto& positions = archive.get<double>(prefix + "positions_A");
  const auto& collective = archive.get<double>(prefix + "collective_A");
  times_s_ = archive.get<double>(prefix + "times_s");
  const std::size_t n = times_s_.size();
  const std::vector<std::int64_t> shape{n_ions_, config_.lag_samples, config_.segment_samples};
  if (archive.get<std::int64_t>(prefix + "shape") != shape ||
      segments.size() % (3 * per_lag) != 0 || hops.size() != 9 * n || collective.size() != 3 * n ||
      positions.size() != 3 * n * static_cast<std::size_t>(n_tracers_) ||
      std::cmp_greater(n, config_.segment_samples))
    throw InputError("checkpoint: the displacements in it do not fit the run");
  segments_.assign(segments.size() / (3 * per_lag), {});
  const double* at = segments.data();
  for (TransportSegment& segment : segments_)
    for (LagMoments& m : segment) {
      for (Matrix3d* matrix : {&m.tracer_A2, &m.collective_A2, &m.hops_A2}) {
        std::copy(at, at + 9, matrix->data());
        at += 9;
      }
      m.time_s = *at++;
    }
  hops_A2_.resize(n);
  for (std::size_t k = 0; k < n; ++k)
    std::copy(hops.data() + 9 * k, hops.data() + 9 * (k + 1), hops_A2_[k].data());
  std::copy(positions.begin(), positions.end(), positions_A_.data());
  std::copy(collective.begin(), collective.end(), collective_A_.data());
}

/// All lags use the same origins, so that in the difference of two lags the hops counted and the
/// displacements belong to the same stretches of time.
LagMoments Transport::moments_at(int lag) const {
  const int W = config_.lag_samples, last_origin = config_.segment_samples - W;
  const int stride = std::max(1, W / 8);  // denser origins add almost no information
  LagMoments m;
  double origins = 0.0;
  for (int origin = 0; origin <= last_origin; origin += stride, origins += 1.0) {
    const auto from = static_cast<std::size_t>(origin), to = static_cast<std::size_t>(origin + lag);
    const auto at = [this](int sample) {
      return positions_A_.middleCols(static_cast<Eigen::Index>(sample) * n_tracers_, n_tracers_);
    };
    const Eigen::Matrix3Xd moved = at(origin + lag) - at(origin);
    const Vector3d all = collective_A_.col(origin + lag) - collective_A_.col(origin);
    m.tracer_A2.noalias() += moved * moved.transpose();
    m.collective_A2.noalias() += all * all.transpose();
    m.hops_A2 += hops_A2_[to] - hops_A2_[from];
    m.time_s += times_s_[to] - times_s_[from];
  }
  m.tracer_A2 /= origins * n_tracers_;
  m.collective_A2 /= origins * n_ions_;
  m.hops_A2 /= origins * n_ions_;
  m.time_s /= origins;
  return m;
}

void Transport::merge(const Transport& other) {
  if (other.n_ions_ != n_ions_ || other.config_.lag_samples != config_.lag_samples ||
      other.config_.segment_samples != config_.segment_samples)
    throw Error(
        fmt::format("transport: cannot merge {} ions, W = {}, S = {} into {} ions, W = {}, S = {}",
                    other.n_ions_, other.config_.lag_samples, other.config_.segment_samples,
                    n_ions_, config_.lag_samples, config_.segment_samples));
  const std::vector<TransportSegment> added = other.segments_;  // other may be *this
  segments_.insert(segments_.end(), added.begin(), added.end());
}

}  // namespace lithiate::observe
