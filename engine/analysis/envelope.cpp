#include <algorithm>
#include <cmath>

#include "analysis/equilibrium.hpp"

namespace lithiate::analysis {
namespace {

constexpr std::size_t none = static_cast<std::size_t>(-1);

class Envelope {
 public:
  explicit Envelope(const std::vector<Curve>& curves) : curves_(curves) {}

  std::vector<EnvelopePiece> run() {
    std::vector<double> grid;
    for (const Curve& c : curves_)
      for (const Knot& k : c.knots) grid.push_back(k.mu_eV);
    std::sort(grid.begin(), grid.end());
    grid.erase(std::unique(grid.begin(), grid.end()), grid.end());
    for (std::size_t i = 0; i + 1 < grid.size(); ++i) interval(grid[i], grid[i + 1]);
    return std::move(pieces_);
  }

 private:
  double phi(std::size_t curve, double mu) const { return curves_[curve].at(mu).phi_eV; }

  /// The lowest at mu among the curves that span [low, high].
  std::size_t lowest(double mu, double low, double high) const {
    std::size_t best = none;
    for (std::size_t c = 0; c < curves_.size(); ++c) {
      if (!curves_[c].covers(low) || !curves_[c].covers(high)) continue;
      if (best == none || phi(c, mu) < phi(best, mu)) best = c;
    }
    return best;
  }

  /// No curve begins or ends inside, so the same curves compete everywhere.
  void interval(double low, double high) {
    const std::size_t a = lowest(low, low, high), b = lowest(high, low, high);
    if (a != none) split(low, a, high, b, 0);
  }

  void split(double low, std::size_t a, double high, std::size_t b, int depth) {
    if (a == b) return append(a, low, high, false);
    const double mu = crossing(a, b, low, high);
    const std::size_t c = lowest(mu, low, high);
    // a third curve may lie below both; each level removes one, rounding cannot recurse for ever
    if (c != a && c != b && depth < 8 && phi(c, mu) < std::min(phi(a, mu), phi(b, mu))) {
      split(low, a, mu, c, depth + 1);
      return split(mu, c, high, b, depth + 1);
    }
    append(a, low, mu, true);
    append(b, mu, high, false);
  }

  /// phi_a - phi_b changes sign between low and high: bisection to the last bit.
  double crossing(std::size_t a, std::size_t b, double low, double high) const {
    for (;;) {
      const double middle = 0.5 * (low + high);
      if (middle <= low || middle >= high) return middle;
      (phi(a, middle) <= phi(b, middle) ? low : high) = middle;
    }
  }

  void append(std::size_t curve, double low, double high, bool crossing_above) {
    const bool same = !pieces_.empty() && pieces_.back().index == curve &&
                      pieces_.back().mu_max == low && !pieces_.back().crossing_above;
    if (same)
      pieces_.back().mu_max = high, pieces_.back().crossing_above = crossing_above;
    else
      pieces_.push_back({curve, low, high, crossing_above});
  }

  const std::vector<Curve>& curves_;
  std::vector<EnvelopePiece> pieces_;
};

}  // namespace

std::vector<EnvelopePiece> lower_envelope(const std::vector<Curve>& curves) {
  return Envelope(curves).run();
}

}  // namespace lithiate::analysis
