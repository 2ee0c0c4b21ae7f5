#pragma once
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "core/archive.hpp"
#include "core/error.hpp"

namespace lithiate {

/// A run was asked to stop and can be taken up again. Exit code 75.
struct Stopped : Error {
  explicit Stopped(const std::string& why)
      : Error("stopped by " + why + "; go on with --restart auto", 75) {}
};

/// Results of the finished pieces of a long computation, by name. To take a computation up again
/// the same program runs again, and what the journal holds is read instead of computed: exact as
/// long as a name stands for one set of inputs. Any thread.
class Journal {
 public:
  /// Called after each new piece, by one thread at a time; may throw Stopped.
  using AfterPiece = std::function<void(const Journal&)>;

  Journal() = default;
  Journal(const Archive& stored, AfterPiece after_piece);

  Archive piece(const std::string& name, const std::function<Archive()>& compute);
  /// A piece that is long by itself leaves its state under a name, each replacing the one before.
  void keep(const std::string& name, Archive state);
  /// What was kept under the name, if anything.
  std::optional<Archive> kept(const std::string& name);
  /// Drops what was kept under the name, once the piece is there.
  void forget(const std::string& name);
  /// All pieces so far. For AfterPiece.
  void save(Archive& archive) const;

 private:
  std::mutex guard_;
  std::map<std::string, Archive> pieces_;
  AfterPiece after_piece_;
};

}  // namespace lithiate
