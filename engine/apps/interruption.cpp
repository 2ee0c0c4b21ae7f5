#include "apps/interruption.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <limits>

#include "core/error.hpp"
#include "core/text.hpp"
#include "io/checkpoint.hpp"

namespace lithiate::apps {
namespace {

volatile std::sig_atomic_t caught = 0;
const auto program_start = std::chrono::steady_clock::now();

void remember(int signal) { caught = signal; }

/// Seconds of HH:MM:SS; infinite if the option is not given.
double wall_time_s(const Options& options) {
  if (!options.on("max-walltime")) return std::numeric_limits<double>::infinity();
  const std::string& text = options.values.at("max-walltime");
  std::string spaced = text;
  std::replace(spaced.begin(), spaced.end(), ':', ' ');
  const auto words = split_words(spaced);
  double seconds = 0.0;
  bool good = words.size() == 3;
  for (const std::string& word : words) {
    const auto n = parse_integer(word);
    good = good && n && *n >= 0;
    seconds = 60.0 * seconds + (n ? static_cast<double>(*n) : 0.0);
  }
  if (!good || !(seconds > 0.0))
    throw UsageError(fmt::format("--max-walltime {}: expected HH:MM:SS above 0", text));
  return seconds;
}

}  // namespace

std::vector<OptionSpec> checkpoint_options() {
  return {{"restart", "go on from a checkpoint: auto (the newest in DIR, if any) or a file",
           "auto|FILE"},
          {"max-walltime", "save and stop with exit code 75 once this much time has passed",
           "HH:MM:SS"},
          {"checkpoint-every",
           "wall time between checkpoints in s (default 600); 0: only when stopped", "SECONDS"}};
}

Interruption::Interruption(const Options& options, const parallel::Session* session)
    : session_(session),
      limit_s_(wall_time_s(options)),
      interval_s_(options.number("checkpoint-every", 600.0)) {
  if (!(interval_s_ >= 0.0))
    throw UsageError(fmt::format("--checkpoint-every {}: expected 0 or more seconds", interval_s_));
  std::signal(SIGTERM, remember);
  std::signal(SIGUSR1, remember);
}

Interruption::Wish Interruption::ask() {
  const Clock::time_point now = Clock::now();
  const auto since = [now](Clock::time_point then) {
    return std::chrono::duration<double>(now - then).count();
  };
  Wish mine = Wish::go_on;
  if (interval_s_ > 0.0 && since(saved_) > interval_s_) mine = Wish::save;
  if (caught != 0 || since(program_start) > limit_s_) mine = Wish::stop;
  const auto all = session_ == nullptr
                       ? mine
                       : static_cast<Wish>(session_->max(static_cast<std::int64_t>(mine)));
  if (all == Wish::go_on) return all;
  saved_ = now;
  reason_ = caught == SIGTERM                 ? "SIGTERM"
            : caught == SIGUSR1               ? "SIGUSR1"
            : since(program_start) > limit_s_ ? "the wall time given"
                                              : "another process";
  return all;
}

std::optional<Archive> stored_checkpoint(const Options& options, const std::string& folder,
                                         const std::string& fingerprint) {
  if (!options.on("restart")) return std::nullopt;
  const std::string& which = options.values.at("restart");
  auto stored = which == "auto" ? io::latest_checkpoint(folder) : io::read_checkpoint(which);
  if (stored && stored->text("inputs") != fingerprint)
    throw InputError(folder + ": the checkpoint is of other inputs, expected those of " +
                     options.arguments.front() + " (or another output folder)");
  return stored;
}

JournaledRun::JournaledRun(const Options& options, const std::string& folder,
                           const std::string& fingerprint)
    : folder_(folder),
      fingerprint_(fingerprint),
      interruption_(options, options.session),
      journal_(stored_checkpoint(options, folder, fingerprint).value_or(Archive{}),
               [this](const Journal& journal) { after_piece(journal); }) {}

void JournaledRun::after_piece(const Journal& journal) {
  const auto wish = interruption_.ask();
  if (wish == Interruption::Wish::go_on) return;
  Archive archive;
  archive.put_text("inputs", fingerprint_);
  journal.save(archive);
  io::write_checkpoint(folder_, archive);
  if (wish == Interruption::Wish::stop) throw Stopped(interruption_.reason());
}

}  // namespace lithiate::apps
