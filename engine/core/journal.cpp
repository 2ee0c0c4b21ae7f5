#include "core/journal.hpp"

namespace lithiate {
namespace {

const std::string folder = "pieces/";

}  // namespace

Journal::Journal(const Archive& stored, AfterPiece after_piece)
    : after_piece_(std::move(after_piece)) {
  for (const auto& [path, array] : stored.arrays()) {
    if (!path.starts_with(folder)) continue;
    const std::size_t end = path.find('/', folder.size());
    if (end == std::string::npos) throw InputError("checkpoint: '" + path + "' is not of a piece");
    pieces_[path.substr(folder.size(), end - folder.size())].insert(path.substr(end + 1), array);
  }
}

Archive Journal::piece(const std::string& name, const std::function<Archive()>& compute) {
  {
    const std::scoped_lock lock(guard_);
    if (const auto found = pieces_.find(name); found != pieces_.end()) return found->second;
  }
  Archive result = compute();
  const std::scoped_lock lock(guard_);
  pieces_[name] = result;
  if (after_piece_) after_piece_(*this);
  return result;
}

void Journal::keep(const std::string& name, Archive state) {
  const std::scoped_lock lock(guard_);
  pieces_[name] = std::move(state);
  if (after_piece_) after_piece_(*this);
}

std::optional<Archive> Journal::kept(const std::string& name) {
  const std::scoped_lock lock(guard_);
  const auto found = pieces_.find(name);
  return found == pieces_.end() ? std::nullopt : std::optional(found->second);
}

void Journal::forget(const std::string& name) {
  const std::scoped_lock lock(guard_);
  pieces_.erase(name);
}

void Journal::save(Archive& archive) const {
  for (const auto& [name, piece] : pieces_)
    for (const auto& [path, array] : piece.arrays())
      archive.insert(folder + name + "/" + path, array);
}

}  // namespace lithiate
