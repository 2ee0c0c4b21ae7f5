#include "kmc/rate_tree.hpp"

#include <cassert>

namespace lithiate::kmc {
namespace {

std::int64_t padded(std::int64_t n) { return (n + 7) / 8 * 8; }

}  // namespace

RateTree::RateTree(EventIndex n_events) : n_events_(n_events) {
  assert(n_events > 0);
  std::int64_t n = padded(n_events), first = 0;
  levels_.push_back({});
  while (true) {
    levels_.back().first = first;
    first += n;
    if (n == 1) break;
    n /= fan;
    if (n > 1) n = padded(n);
    levels_.push_back({});
    levels_.back().stale.assign(static_cast<std::size_t>(n), 0);
  }
  sums_.assign(static_cast<std::size_t>(first), 0.0);
}

void RateTree::mark(std::size_t level, std::int64_t node) noexcept {
  Level& l = levels_[level];
  std::uint8_t& stale = l.stale[static_cast<std::size_t>(node)];
  if (stale != 0) return;
  stale = 1;
  l.nodes[l.n_stale++] = node;
}

void RateTree::set(EventIndex event, double rate_Hz) noexcept {
  double& leaf = sums_[static_cast<std::size_t>(event)];
  if (leaf == rate_Hz) return;
  leaf = rate_Hz;
  mark(1, event / fan);
  if (levels_[1].n_stale == max_pending) flush();
}

void RateTree::flush() noexcept {
  for (std::size_t level = 1; level < levels_.size(); ++level) {
    Level& l = levels_[level];
    const double* below = sums_.data() + levels_[level - 1].first;
    for (std::size_t i = 0; i < l.n_stale; ++i) {
      const std::int64_t node = l.nodes[i];
      const double* c = below + node * fan;
      sums_[static_cast<std::size_t>(l.first + node)] =
          ((c[0] + c[1]) + (c[2] + c[3])) + ((c[4] + c[5]) + (c[6] + c[7]));
      l.stale[static_cast<std::size_t>(node)] = 0;
      if (level + 1 < levels_.size()) mark(level + 1, node / fan);
    }
    l.n_stale = 0;
  }
}

EventIndex RateTree::choose(double u) const noexcept {
  double target = u * total_Hz();
  std::int64_t node = 0;
  for (std::size_t level = levels_.size() - 1; level-- > 0;) {
    const double* child = sums_.data() + levels_[level].first + node * fan;
    std::int64_t chosen = -1;
    for (std::int64_t k = 0; k < fan; ++k) {
      if (child[k] <= 0.0) continue;
      chosen = k;
      if (target < child[k]) break;
      target -= child[k];
    }
    // the sums were added in another order, so rounding may carry the target past the last child:
    // the last one with a rate is taken, at no more than rounding's expense
    node = node * fan + chosen;
  }
  return node;
}

}  // namespace lithiate::kmc
