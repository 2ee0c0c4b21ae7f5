#include "kmc/absorbing_chain.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

using namespace lithiate;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using kmc::AbsorbingChain;
using Transitions = std::vector<AbsorbingChain::Transition>;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// States 0 and 1; a there, b back, exits e and f.
AbsorbingChain pair(double a, double b, double e, double f) {
  return {std::vector{b, a}, {{0, 1, a}, {1, 0, b}}, std::vector{e, f}};
}

/// A ring of states with random energies and some chords, exits of very unequal rates.
struct Example {
  std::vector<double> exit_Hz;
  AbsorbingChain chain;
};
Example random_chain(int n, std::uint64_t seed) {
  Random random(seed, Purpose::test);
  std::vector<double> weights, exits;
  for (int i = 0; i < n; ++i) {
    weights.push_back(std::exp(1.5 * random.normal()));
    exits.push_back(0.3 * std::exp(2.0 * random.normal()));
  }
  Transitions t;
  const auto bond = [&](int i, int j) {
    const double flux = std::exp(random.normal());
    t.push_back({i, j, flux / weights[static_cast<std::size_t>(i)]});
    t.push_back({j, i, flux / weights[static_cast<std::size_t>(j)]});
  };
  for (int i = 0; i < n; ++i) bond(i, (i + 1) % n);
  bond(0, n / 2);
  return {exits, AbsorbingChain(weights, t, exits)};
}

/// What one walk of a chain, hop by hop, did until it left or until a time.
struct Walk {
  double time = 0.0;
  int state = 0;
  std::vector<double> counts;
  bool left = false;
};

Walk walk(const AbsorbingChain& chain, const std::vector<double>& exits, int start, Random& random,
          double until = infinity) {
  Walk w{0.0, start, std::vector<double>(chain.transitions().size(), 0.0), false};
  while (true) {
    const double exit = exits[static_cast<std::size_t>(w.state)];
    double total = exit;
    for (const auto& t : chain.transitions()) total += t.from == w.state ? t.rate_Hz : 0.0;
    const double next = w.time - std::log(random.uniform_nonzero()) / total;
    if (next > until) return w;
    w.time = next;
    double u = random.uniform() * total - exit;
    if (u < 0.0) {
      w.left = true;
      return w;
    }
    for (std::size_t i = 0; i < w.counts.size(); ++i) {
      if (chain.transitions()[i].from != w.state) continue;
      u -= chain.transitions()[i].rate_Hz;
      if (u >= 0.0) continue;
      ++w.counts[i];
      w.state = chain.transitions()[i].to;
      break;
    }
  }
}

/// Mean of numbers and its standard error.
struct Mean {
  double n = 0.0, sum = 0.0, squares = 0.0;
  void add(double x) { n += 1.0, sum += x, squares += x * x; }
  double value() const { return sum / n; }
  double variance() const { return squares / n - value() * value(); }
  double error() const { return std::sqrt(variance() / n); }
};

void check_equal(const Mean& a, const Mean& b) {
  CHECK_THAT(a.value() - b.value(), WithinAbs(0.0, 3.5 * std::hypot(a.error(), b.error()) + 1e-12));
}

}  // namespace

TEST_CASE("a chain of one state is left after an exponential time") {
  const AbsorbingChain chain(std::vector{1.0}, {}, std::vector{2.5});
  CHECK_THAT(chain.survival(0, 0.7), WithinRel(std::exp(-1.75), 1e-14));
  Random random(1, Purpose::test), same(1, Purpose::test);
  CHECK_THAT(chain.draw_exit_s(0, random),
             WithinRel(-std::log(same.uniform_nonzero()) / 2.5, 1e-13));
  CHECK(chain.mean_transitions(0) == 0.0);
}

TEST_CASE("the exit time of two states has its analytic mean and variance") {
  const double a = 3.0, b = 1.7, e = 0.2, f = 0.05;
  const AbsorbingChain chain = pair(a, b, e, f);
  // moments from -Q m1 = 1, -Q m2 = 2 m1 with det = (a+e)(b+f) - ab
  const double det = (a + e) * (b + f) - a * b;
  const double m0 = (b + f + a) / det, m1 = (a + e + b) / det;
  const double second = 2.0 * ((b + f) * m0 + a * m1) / det;
  CHECK_THAT(chain.mean_stays_s(0).sum(), WithinRel(m0, 1e-13));
  CHECK_THAT(chain.mean_stays_s(1).sum(), WithinRel(m1, 1e-13));
  CHECK_THAT(chain.mean_stays_s(0)[0] * e, WithinRel(e * (b + f) / det, 1e-13));  // exit chances
  CHECK_THAT(chain.mean_stays_s(0)[1] * f, WithinRel(f * a / det, 1e-13));
  Mean time, square;
  Random random(2, Purpose::test);
  for (int i = 0; i < 100'000; ++i) {
    const double t = chain.draw_exit_s(0, random);
    time.add(t);
    square.add((t - m0) * (t - m0));
  }
  CHECK_THAT(time.value(), WithinAbs(m0, 3.5 * time.error()));
  CHECK_THAT(square.value(), WithinAbs(second - m0 * m0, 3.5 * square.error()));
}

TEST_CASE("transitions of two states until the exit have their analytic means") {
  const double a = 30.0, b = 170.0, e = 0.2, f = 0.05;
  // geometric: a walk goes on from 0 with a/(a+e), from 1 with b/(b+f)
  const double p = a / (a + e), q = b / (b + f);
  CHECK_THAT(pair(a, b, e, f).mean_transitions(0), WithinRel((p + p * q) / (1.0 - p * q), 1e-11));
}

TEST_CASE("three states in a row are left from the far end with the analytic chance") {
  // 0 <-> 1 <-> 2 with rate 1, exits only at 0 (rate c) and 2 (rate d)
  const double c = 0.4, d = 0.9;
  const AbsorbingChain chain(std::vector{1.0, 1.0, 1.0},
                             {{0, 1, 1.0}, {1, 0, 1.0}, {1, 2, 1.0}, {2, 1, 1.0}},
                             std::vector{c, 0.0, d});
  // resistors in series from 1: 1 + 1/c to the one side, 1 + 1/d to the other
  const double left = 1.0 + 1.0 / c, right = 1.0 + 1.0 / d;
  CHECK_THAT(chain.mean_stays_s(1)[2] * d, WithinRel(left / (left + right), 1e-13));
}

TEST_CASE("the exit state depends on the exit time") {
  // leaving at once means leaving from the first state
  const AbsorbingChain chain = pair(1.0, 1.0, 0.1, 10.0);
  CHECK_THAT(chain.exit_states(0, 1e-6)[0], WithinAbs(1.0, 2e-4));
  const double late = chain.exit_states(0, 5.0)[0];
  CHECK(late < 0.1);
}

TEST_CASE("exit times keep their precision where hops are 1e12 times faster") {
  const double a = 3e12, b = 1e12, e = 0.2, f = 0.05;
  const AbsorbingChain chain = pair(a, b, e, f);
  const double mean = (b + f + a) / (a * f + e * b + e * f);
  CHECK_THAT(chain.mean_stays_s(0).sum(), WithinRel(mean, 1e-10));
  CHECK_THAT(chain.survival(0, mean), WithinRel(std::exp(-1.0), 1e-10));
}

TEST_CASE("a chain without exits is never left and forgets where it began") {
  const AbsorbingChain chain = pair(2.0, 1.0, 0.0, 0.0);
  Random random(3, Purpose::test);
  CHECK(chain.draw_exit_s(0, random) == infinity);
  CHECK(chain.mean_transitions(0) == infinity);
  const auto p = chain.occupation(0, 40.0);
  CHECK_THAT(p[0], WithinRel(1.0 / 3.0, 1e-12));
}

TEST_CASE("expected transitions between two symmetric states follow the tanh law") {
  // without exits: P(even) = (1 + exp(-2rt))/2, and E[N; even] = rt (1 - exp(-2rt))/2
  const double r = 1.3, t = 0.9;
  const AbsorbingChain chain = pair(r, r, 0.0, 0.0);
  const auto even = chain.expected_counts(0, 0, t), odd = chain.expected_counts(0, 1, t);
  CHECK_THAT(even[0] + even[1], WithinRel(r * t * std::tanh(r * t), 1e-12));
  CHECK_THAT(odd[0] + odd[1], WithinRel(r * t / std::tanh(r * t), 1e-12));
  CHECK_THAT(odd[0] - odd[1], WithinAbs(1.0, 1e-12));  // one more there than back
}

TEST_CASE("forth less back is exact given both ends") {
  const AbsorbingChain chain = random_chain(6, 4).chain;
  for (const double t : {0.01, 1.0, 30.0}) {
    const auto counts = chain.expected_counts(1, 4, t);
    std::vector<double> net(6, 0.0);  // arrivals less departures of each state
    for (std::size_t i = 0; i < counts.size(); ++i) {
      net[static_cast<std::size_t>(chain.transitions()[i].to)] += counts[i];
      net[static_cast<std::size_t>(chain.transitions()[i].from)] -= counts[i];
    }
    for (int s = 0; s < 6; ++s)
      CHECK_THAT(net[static_cast<std::size_t>(s)], WithinAbs(s == 4   ? 1.0
                                                             : s == 1 ? -1.0
                                                                      : 0.0,
                                                             1e-7));
  }
}

TEST_CASE("exits of random chains are those of walks hop by hop") {
  const int n = GENERATE(3, 5, 8);
  const auto [exits, chain] = random_chain(n, 10);
  constexpr int runs = 40'000;
  Random random(5, Purpose::test);
  std::vector<double> times;
  for (int i = 0; i < 1001; ++i) times.push_back(walk(chain, exits, 0, random).time);
  std::nth_element(times.begin(), times.begin() + 500, times.end());
  const double median = times[500];

  // [walked, drawn]: time, its square, hops, exit state, exit state of early exits
  struct Seen {
    Mean time, square, hops, expected;
    std::vector<Mean> state, early;
  };
  Seen walked{{}, {}, {}, {}, std::vector<Mean>(static_cast<std::size_t>(n)), {}}, drawn;
  walked.early = walked.state;
  drawn = walked;
  const auto note = [&](Seen& s, double time, int state, double hops) {
    s.time.add(time);
    s.square.add(time * time);
    s.hops.add(hops);
    for (int k = 0; k < n; ++k) {
      s.state[static_cast<std::size_t>(k)].add(k == state);
      if (time < median) s.early[static_cast<std::size_t>(k)].add(k == state);
    }
  };
  for (int i = 0; i < runs; ++i) {
    const Walk w = walk(chain, exits, 0, random);
    double hops = 0.0;
    for (const double c : w.counts) hops += c;
    note(walked, w.time, w.state, hops);
    const double t = chain.draw_exit_s(0, random);
    const int state = kmc::draw_from(chain.exit_states(0, t), random);
    hops = 0.0;
    for (const double c : chain.expected_counts(0, state, t)) hops += c;
    note(drawn, t, state, hops);
  }
  check_equal(walked.time, drawn.time);
  check_equal(walked.square, drawn.square);
  check_equal(walked.hops, drawn.hops);
  for (std::size_t k = 0; k < walked.state.size(); ++k) {
    check_equal(walked.state[k], drawn.state[k]);
    check_equal(walked.early[k], drawn.early[k]);
  }
  CHECK_THAT(walked.hops.value(), WithinAbs(chain.mean_transitions(0), 3.5 * walked.hops.error()));
}

TEST_CASE("states inside a chain at a given time are those of walks that have not left") {
  const int n = 5;
  const auto [exits, chain] = random_chain(n, 12);
  const double t = 0.6 * chain.mean_stays_s(2).sum();
  Random random(6, Purpose::test);
  Mean left;
  std::vector<Mean> state(n);
  std::vector<Mean> counts(chain.transitions().size());  // of walks that end in state 3
  for (int i = 0; i < 100'000; ++i) {
    const Walk w = walk(chain, exits, 2, random, t);
    left.add(w.left);
    if (w.left) continue;
    for (int k = 0; k < n; ++k) state[static_cast<std::size_t>(k)].add(k == w.state);
    if (w.state != 3) continue;
    for (std::size_t k = 0; k < counts.size(); ++k) counts[k].add(w.counts[k]);
  }
  CHECK_THAT(chain.survival(2, t), WithinAbs(1.0 - left.value(), 3.5 * left.error()));
  const auto p = chain.occupation(2, t);
  for (int k = 0; k < n; ++k) {
    const Mean& m = state[static_cast<std::size_t>(k)];
    CHECK_THAT(p[k], WithinAbs(m.value(), 3.5 * m.error()));
  }
  const auto expected = chain.expected_counts(2, 3, t);
  const auto rare = [](double mean, const Mean& m) { return std::sqrt(mean / m.n); };  // Poisson
  for (std::size_t k = 0; k < counts.size(); ++k)
    CHECK_THAT(expected[k],
               WithinAbs(counts[k].value(),
                         3.5 * std::max(counts[k].error(), rare(expected[k], counts[k]))));
}
