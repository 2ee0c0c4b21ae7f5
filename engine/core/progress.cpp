#include "core/progress.hpp"

#include <fmt/format.h>

#include "core/log.hpp"

namespace lithiate {
namespace {
constexpr double line_every_s = 5.0;
}

Progress::Progress(std::string what, std::int64_t total)
    : what_(std::move(what)), total_(total), start_(Clock::now()), last_(start_) {}

void Progress::advance(std::int64_t steps, const std::string& note) {
  const std::lock_guard lock(guard_);
  done_ += steps;
  const auto now = Clock::now();
  const bool finished = done_ == total_;
  if (std::chrono::duration<double>(now - last_).count() < line_every_s && !finished) return;
  last_ = now;
  const double spent_s = std::chrono::duration<double>(now - start_).count();
  const double left_s =
      spent_s * static_cast<double>(total_ - done_) / static_cast<double>(done_ > 0 ? done_ : 1);
  log::info(finished ? fmt::format("{}: done in {:.1f} s{}{}", what_, spent_s,
                                   note.empty() ? "" : ", ", note)
                     : fmt::format("{}: {}/{}, {:.0f} s left{}{}", what_, done_, total_, left_s,
                                   note.empty() ? "" : ", ", note));
}

}  // namespace lithiate
