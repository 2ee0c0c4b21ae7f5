#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace lithiate::io {

/// A file that was read, so that results can say what they came from.
struct InputFile {
  std::string path;
  std::size_t bytes = 0;
  std::uint64_t fnv1a64 = 0;  ///< of the bytes
};

/// Notes every input file that is read while it lives; scopes may be nested. Not for several
/// threads at once.
class ReadScope {
 public:
  ReadScope();
  ReadScope(const ReadScope&) = delete;
  ReadScope& operator=(const ReadScope&) = delete;
  ~ReadScope();
  const std::vector<InputFile>& files() const noexcept { return files_; }  ///< each path once
  void note(const InputFile& file);

 private:
  std::vector<InputFile> files_;
  ReadScope* outer_;
};

/// A whole text file with its lines: what all parsers of text formats start from.
class TextFile {
 public:
  /// Throws InputError if there is no such file, it cannot be read, is a directory, empty, larger
  /// than 1 GiB, or holds control bytes (a binary file). A UTF-8 byte order mark is left out.
  static TextFile read(const std::filesystem::path& path);
  /// The same for a file that results depend on: the open ReadScopes note it.
  static TextFile read_input(const std::filesystem::path& path);
  TextFile(std::string path, std::string text);

  const std::string& path() const noexcept { return path_; }
  const std::string& text() const noexcept { return text_; }
  std::size_t n_lines() const noexcept { return begins_.size(); }
  /// Without the line break. REQUIRES index < n_lines().
  std::string_view line(std::size_t index) const noexcept;
  /// "file:line" for messages; lines count from 1 there, from 0 here.
  std::string where(std::size_t index) const;
  [[noreturn]] void fail(std::size_t index, const std::string& what_is_wrong) const;
  /// The line after which the text ends, if it ends too early: "file:line: ends here, expected
  /// ...".
  [[noreturn]] void fail_at_end(const std::string& expected) const;
  /// Throws InputError with the line unless the text is UTF-8.
  void require_utf8() const;

 private:
  static TextFile checked(const std::filesystem::path& path, std::string bytes);

  std::string path_, text_;
  std::vector<std::size_t> begins_;  // offset of each line
};

/// Replaces or creates the file in one step: a temporary file beside it, fsync, rename. Throws
/// Error with the reason; the old file then is as it was.
void write_text_atomically(const std::filesystem::path& path, std::string_view text);

}  // namespace lithiate::io
