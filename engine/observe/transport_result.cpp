/// Estimates from the moments of segments.
#include <cmath>
#include <functional>

#include "core/error.hpp"
#include "observe/transport.hpp"

namespace lithiate::observe {
namespace {

/// Growth of the moments from one lag to the next.
LagMoments growth(const TransportSegment& s, std::size_t from) {
  const LagMoments &a = s[from], &b = s[from + 1];
  return {b.tracer_A2 - a.tracer_A2, b.collective_A2 - a.collective_A2, b.hops_A2 - a.hops_A2,
          b.time_s - a.time_s};
}

void add(LagMoments& sum, const LagMoments& m) {
  sum.tracer_A2 += m.tracer_A2;
  sum.collective_A2 += m.collective_A2;
  sum.hops_A2 += m.hops_A2;
  sum.time_s += m.time_s;
}

/// One independent block: growth from W/4 to W/2 and from W/2 to W.
struct Block {
  LagMoments early, late;
};

std::vector<Block> blocks_of(std::span<const TransportSegment> segments) {
  std::vector<Block> blocks;
  for (const TransportSegment& s : segments) blocks.push_back({growth(s, 0), growth(s, 1)});
  return blocks;
}

std::vector<Block> joined_in_pairs(const std::vector<Block>& blocks) {
  std::vector<Block> pairs;
  for (std::size_t i = 0; i + 1 < blocks.size(); i += 2) {
    pairs.push_back(blocks[i]);
    add(pairs.back().early, blocks[i + 1].early);
    add(pairs.back().late, blocks[i + 1].late);
  }
  return pairs;
}

using Quantity = std::function<double(const LagMoments&)>;

/// Correlation coefficient of successive blocks.
double correlation(const std::vector<Block>& blocks, const Quantity& quantity) {
  double mean = 0.0, squares = 0.0, products = 0.0;
  for (const Block& b : blocks) mean += quantity(b.late) / static_cast<double>(blocks.size());
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const double d = quantity(blocks[i].late) - mean;
    squares += d * d;
    if (i > 0) products += d * (quantity(blocks[i - 1].late) - mean);
  }
  return squares > 0.0 ? products / squares : 0.0;
}

/// True if successive blocks are correlated by more than two standard deviations of chance.
bool correlated(const std::vector<Block>& blocks, const std::vector<Quantity>& quantities) {
  const double threshold = 2.0 / std::sqrt(static_cast<double>(blocks.size()));
  for (const Quantity& q : quantities)
    if (correlation(blocks, q) > threshold) return true;
  return false;
}

Estimate ratio(const std::vector<Block>& blocks, const Quantity& numerator,
               const Quantity& denominator, Law law) {
  Eigen::MatrixXd columns(static_cast<Eigen::Index>(blocks.size()), 2);
  for (Eigen::Index i = 0; i < columns.rows(); ++i) {
    const LagMoments& m = blocks[static_cast<std::size_t>(i)].late;
    columns.row(i) << numerator(m), denominator(m);
  }
  if (columns.rows() == 0 || columns.col(1).sum() == 0.0) return undefined();
  return jackknife(
      columns, [](const Eigen::VectorXd& m) { return m[0] / m[1]; }, law);
}

/// Change of a ratio to the hops from the early to the late lags.
Estimate change(const std::vector<Block>& blocks, const Quantity& numerator, const Quantity& hops) {
  Eigen::MatrixXd columns(static_cast<Eigen::Index>(blocks.size()), 4);
  for (Eigen::Index i = 0; i < columns.rows(); ++i) {
    const auto& [early, late] = blocks[static_cast<std::size_t>(i)];
    columns.row(i) << numerator(late), hops(late), numerator(early), hops(early);
  }
  if (columns.rows() == 0 || columns.col(1).sum() == 0.0 || columns.col(3).sum() == 0.0)
    return undefined();
  return jackknife(columns, [](const Eigen::VectorXd& m) { return m[0] / m[1] - m[2] / m[3]; });
}

double two_times(const LagMoments& m) { return 2.0 * m.time_s; }

TensorEstimate tensor(const std::vector<Block>& blocks, Matrix3d LagMoments::*moment, Law law) {
  TensorEstimate t;
  for (int a = 0; a < 3; ++a)
    for (int b = 0; b < 3; ++b)
      t[a][b] = ratio(
          blocks, [=](const LagMoments& m) { return (m.*moment)(a, b); }, two_times,
          a == b ? law : Law::normal);
  return t;
}

/// Trace over the chosen axes divided by their number.
Quantity trace(Matrix3d LagMoments::*moment, Axes axes) {
  const Vector3d chosen(axes.x, axes.y, axes.z);
  const Vector3d weights = chosen / chosen.sum();
  return [=](const LagMoments& m) { return (m.*moment).diagonal().dot(weights); };
}

struct Ratios {
  Estimate f, f_collective, haven;
};

Ratios ratios(const std::vector<Block>& blocks, Axes axes) {
  const Quantity tracer = trace(&LagMoments::tracer_A2, axes);
  const Quantity collective = trace(&LagMoments::collective_A2, axes);
  const Quantity hops = trace(&LagMoments::hops_A2, axes);
  return {ratio(blocks, tracer, hops, Law::chi_square),
          ratio(blocks, collective, hops, Law::chi_square),
          ratio(blocks, tracer, collective, Law::inverse_chi_square)};
}

void fill_axes(TransportResult& r, const std::vector<Block>& blocks) {
  for (int a = 0; a < 3; ++a) {
    const Ratios axis = ratios(blocks, {a == 0, a == 1, a == 2});
    r.f_axis[a] = axis.f;
    r.f_collective_axis[a] = axis.f_collective;
    r.haven_axis[a] = axis.haven;
  }
}

void fill_scalars(TransportResult& r, const std::vector<Block>& blocks, Axes axes) {
  const Quantity tracer = trace(&LagMoments::tracer_A2, axes);
  const Quantity collective = trace(&LagMoments::collective_A2, axes);
  const Quantity hops = trace(&LagMoments::hops_A2, axes);
  r.d_tracer = ratio(blocks, tracer, two_times, Law::chi_square);
  r.d_jump = ratio(blocks, collective, two_times, Law::chi_square);
  r.d_uncorrelated = ratio(blocks, hops, two_times, Law::normal);
  const Ratios scalars = ratios(blocks, axes);
  r.f = scalars.f;
  r.f_collective = scalars.f_collective;
  r.haven = scalars.haven;
  // Sums of displacements do not cancel to 0 in floating point: what is left is no motion.
  constexpr double rounding = 1e-12;
  if (std::abs(r.d_jump.value) < rounding * r.d_uncorrelated.value)
    r.d_jump = r.f_collective = r.haven = undefined();
  r.f_change = change(blocks, tracer, hops);
  r.f_collective_change = change(blocks, collective, hops);
  r.lag_converged =
      interval(r.f_change, 0.99).holds(0.0) && interval(r.f_collective_change, 0.99).holds(0.0);
}

}  // namespace

TransportResult Transport::result(Axes axes) const {
  constexpr std::size_t min_blocks = 8;
  if (!axes.x && !axes.y && !axes.z)
    throw InputError("transport: no axis chosen, expected at least one of x, y, z");
  TransportResult r;
  r.segments = std::ssize(segments_);
  std::vector<Block> blocks = blocks_of(segments_);
  const std::vector<Quantity> watched = {trace(&LagMoments::tracer_A2, axes),
                                         trace(&LagMoments::collective_A2, axes)};
  while (blocks.size() >= 2 * min_blocks && correlated(blocks, watched)) {
    blocks = joined_in_pairs(blocks);
    r.segments_per_block *= 2;
  }
  r.d_tracer_A2_per_s = tensor(blocks, &LagMoments::tracer_A2, Law::chi_square);
  r.d_jump_A2_per_s = tensor(blocks, &LagMoments::collective_A2, Law::chi_square);
  r.d_uncorrelated_A2_per_s = tensor(blocks, &LagMoments::hops_A2, Law::normal);
  fill_axes(r, blocks);
  fill_scalars(r, blocks, axes);
  return r;
}

}  // namespace lithiate::observe
