#include "mc/tempering_run.hpp"

#include <fmt/format.h>

#include <chrono>

#include "core/error.hpp"

namespace lithiate::mc {
namespace {

using Clock = std::chrono::steady_clock;

/// All rungs' series in an archive and back.
void save(Archive& archive, const std::vector<Series>& all) {
  for (std::size_t k = 0; k < all.size(); ++k) {
    archive.put(fmt::format("n{}", k), all[k].n);
    archive.put(fmt::format("energy{}", k), all[k].energy_eV);
    for (std::size_t i = 0; i < all[k].species.size(); ++i)
      archive.put(fmt::format("species{}-{}", k, i), all[k].species[i]);
  }
}

void restore(const Archive& archive, std::vector<Series>& all, std::size_t n_species,
             std::size_t rounds) {
  const auto take = [&](const std::string& name) {
    const auto& values = archive.get<double>(name);
    if (values.size() != rounds) throw InputError("checkpoint: '" + name + "' is cut short");
    return values;
  };
  for (std::size_t k = 0; k < all.size(); ++k) {
    all[k].n = take(fmt::format("n{}", k));
    all[k].energy_eV = take(fmt::format("energy{}", k));
    for (std::size_t i = 0; i < n_species; ++i)
      all[k].species.push_back(take(fmt::format("species{}-{}", k, i)));
  }
}

/// The rounds of one ladder with what they leave behind.
template <class Ensemble>
class Run {
 public:
  Run(const Sampled& s, Tempering<Ensemble> ladder, const TemperingConfig& config, std::string name)
      : s_(s),
        ladder_(std::move(ladder)),
        config_(config),
        name_(std::move(name)),
        series_(ladder_.size()) {}

  void go(const std::function<void(std::int64_t)>& advanced) {
    take_up();
    advanced(ladder_.rounds());
    const std::int64_t rounds = std::max<std::int64_t>(1, config_.sweeps / config_.sweeps_per_swap);
    while (ladder_.rounds() < rounds) {
      ladder_.round(config_.sweeps_per_swap);
      for (std::size_t k = 0; k < ladder_.size(); ++k)
        record(series_[k], s_, ladder_.walk(k).occupation(), ladder_.walk(k).energy_eV());
      advanced(1);
      if (ladder_.rounds() < rounds) keep();
    }
  }

  Archive result() const {
    Archive archive;
    std::vector<double> acceptance;
    for (std::size_t k = 0; k < ladder_.size(); ++k) {
      StatePoint point = averages(series_[k], s_.formula_units);
      point.temperature_K = 1.0 / (k_B * ladder_.walk(k).beta());
      point.acceptance = ladder_.walk(k).acceptance();
      archive.put(fmt::format("point{}", k), numbers(point));
      if (k + 1 < ladder_.size()) acceptance.push_back(ladder_.acceptance(k));
    }
    archive.put("swap_acceptance", std::move(acceptance));
    archive.put<std::int64_t>("rounds", {ladder_.rounds(), ladder_.round_trips()});
    return archive;
  }

 private:
  void take_up() {
    if (s_.journal == nullptr) return;
    const auto kept = s_.journal->kept(name_ + "-state");
    if (!kept) return;
    ladder_.restore(*kept);
    restore(*kept, series_, s_.counted.size(), static_cast<std::size_t>(ladder_.rounds()));
  }

  void keep() {
    if (s_.journal == nullptr || Clock::now() - kept_ < std::chrono::seconds(1)) return;
    Archive state;
    ladder_.save(state);
    save(state, series_);
    s_.journal->keep(name_ + "-state", std::move(state));
    kept_ = Clock::now();
  }

  const Sampled& s_;
  Tempering<Ensemble> ladder_;
  TemperingConfig config_;
  std::string name_;
  std::vector<Series> series_;
  Clock::time_point kept_ = Clock::now();
};

}  // namespace

template <class Ensemble>
TemperingResult run_tempering(const Sampled& s, Tempering<Ensemble> ladder,
                              const TemperingConfig& config, const std::string& name,
                              const std::function<void(std::int64_t)>& advanced) {
  const std::size_t n = ladder.size();
  bool computed = false;
  const auto compute = [&] {
    computed = true;
    Run<Ensemble> run(s, std::move(ladder), config, name);
    run.go(advanced);
    return run.result();
  };
  const Archive piece = s.journal == nullptr ? compute() : s.journal->piece(name, compute);
  if (s.journal != nullptr) s.journal->forget(name + "-state");
  TemperingResult result;
  for (std::size_t k = 0; k < n; ++k)
    result.points.push_back(state_point(piece.get<double>(fmt::format("point{}", k))));
  result.swap_acceptance = piece.get<double>("swap_acceptance");
  const auto& rounds = piece.get<std::int64_t>("rounds");
  if (rounds.size() != 2 || result.swap_acceptance.size() + 1 != n)
    throw InputError("checkpoint: '" + name + "' is of another ladder");
  result.rounds = rounds[0];
  result.round_trips = rounds[1];
  if (!computed) advanced(result.rounds);
  return result;
}

template TemperingResult run_tempering(const Sampled&, Tempering<SemiGrand>, const TemperingConfig&,
                                       const std::string&,
                                       const std::function<void(std::int64_t)>&);
template TemperingResult run_tempering(const Sampled&, Tempering<Canonical>, const TemperingConfig&,
                                       const std::string&,
                                       const std::function<void(std::int64_t)>&);
template TemperingResult run_tempering(const Sampled&, Tempering<NeutralSemiGrand>,
                                       const TemperingConfig&, const std::string&,
                                       const std::function<void(std::int64_t)>&);

}  // namespace lithiate::mc
