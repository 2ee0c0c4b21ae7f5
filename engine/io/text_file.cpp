#include "io/text_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "core/error.hpp"
#include "core/text.hpp"

namespace lithiate::io {
namespace {

namespace fs = std::filesystem;

ReadScope* innermost_scope = nullptr;

constexpr std::size_t largest_file = std::size_t{1} << 30;

/// Length of the UTF-8 sequence at `at`, 0 if it is none (RFC 3629: no surrogates, no overlong).
std::size_t utf8_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) {
    return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U;
  };
  const auto follows = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
  const unsigned first = byte(0), second = byte(1);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return follows(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    if (!follows(1) || !follows(2)) return 0;
    return (first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) ? 0 : 3;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    if (!follows(1) || !follows(2) || !follows(3)) return 0;
    return (first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F) ? 0 : 4;
  }
  return 0;
}

std::string read_bytes(const fs::path& path) {
  std::error_code ignored;
  if (fs::is_directory(path, ignored))
    throw InputError(path.string() + ": is a directory, expected a file");
  std::ifstream in(path, std::ios::binary);
  if (!in)
    throw InputError(fmt::format("{}: cannot read: {}", path.string(), std::strerror(errno)));
  std::string text;
  char block[1 << 16];
  while (in.read(block, sizeof block) || in.gcount() > 0) {
    text.append(block, static_cast<std::size_t>(in.gcount()));
    if (text.size() > largest_file)
      throw InputError(path.string() + ": is larger than 1 GiB, expected a text file");
  }
  if (in.bad()) throw InputError(path.string() + ": cannot be read to its end");
  return text;
}

/// Writes all of `text` and flushes it to the disk; closes the descriptor in any case.
bool write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) break;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  const bool done = text.empty() && ::fsync(descriptor) == 0;
  const int reason = errno;
  const bool closed = ::close(descriptor) == 0;
  if (!done) errno = reason;
  return done && closed;
}

}  // namespace

ReadScope::ReadScope() : outer_(innermost_scope) { innermost_scope = this; }
ReadScope::~ReadScope() { innermost_scope = outer_; }

void ReadScope::note(const InputFile& file) {
  const auto same = std::find_if(files_.begin(), files_.end(),
                                 [&](const InputFile& known) { return known.path == file.path; });
  if (same == files_.end())
    files_.push_back(file);
  else
    *same = file;
  if (outer_ != nullptr) outer_->note(file);
}

TextFile::TextFile(std::string path, std::string text)
    : path_(std::move(path)), text_(std::move(text)) {
  for (std::size_t at = 0; at < text_.size();) {
    begins_.push_back(at);
    const std::size_t end = text_.find('\n', at);
    at = end == std::string::npos ? text_.size() : end + 1;
  }
}

TextFile TextFile::read(const fs::path& path) { return checked(path, read_bytes(path)); }

TextFile TextFile::read_input(const fs::path& path) {
  std::string bytes = read_bytes(path);
  if (innermost_scope != nullptr)
    innermost_scope->note(
        {path.lexically_normal().generic_string(), bytes.size(), lithiate::fnv1a64(bytes)});
  return checked(path, std::move(bytes));
}

TextFile TextFile::checked(const fs::path& path, std::string bytes) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (bytes.starts_with(byte_order_mark)) bytes.erase(0, byte_order_mark.size());
  TextFile file(path.string(), std::move(bytes));
  if (file.text_.empty()) throw InputError(file.path_ + ": the file is empty");
  for (std::size_t i = 0; i < file.n_lines(); ++i)
    for (const char c : file.line(i)) {
      const auto byte = static_cast<unsigned char>(c);
      if ((byte < 0x20 && c != '\t' && c != '\f' && c != '\r') || byte == 0x7F)
        file.fail(i, fmt::format("control byte 0x{:02x}, expected a text file", byte));
    }
  return file;
}

std::string_view TextFile::line(std::size_t index) const noexcept {
  const std::size_t begin = begins_[index];
  const std::size_t next = index + 1 < begins_.size() ? begins_[index + 1] : text_.size();
  std::string_view all = std::string_view(text_).substr(begin, next - begin);
  while (!all.empty() && (all.back() == '\n' || all.back() == '\r')) all.remove_suffix(1);
  return all;
}

std::string TextFile::where(std::size_t index) const {
  return fmt::format("{}:{}", path_, index + 1);
}

void TextFile::fail(std::size_t index, const std::string& what_is_wrong) const {
  throw InputError(where(index) + ": " + what_is_wrong);
}

void TextFile::fail_at_end(const std::string& expected) const {
  fail(n_lines() > 0 ? n_lines() - 1 : 0, "the file ends here, expected " + expected);
}

void TextFile::require_utf8() const {
  for (std::size_t i = 0; i < n_lines(); ++i) {
    const std::string_view text = line(i);
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t length = utf8_length(text, at);
      if (length == 0) fail(i, fmt::format("byte {} is not UTF-8 text", at + 1));
      at += length;
    }
  }
}

void write_text_atomically(const fs::path& path, std::string_view text) {
  fs::path temporary = path;
  temporary += fmt::format(".tmp{}", ::getpid());
  const auto give_up = [&](const char* what) {
    const std::string reason = std::strerror(errno);
    ::unlink(temporary.c_str());
    throw Error(fmt::format("cannot {} {}: {}", what, path.string(), reason));
  };
  const int descriptor = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (descriptor < 0) give_up("write to");
  if (!write_all(descriptor, text)) give_up("write to");
  if (::rename(temporary.c_str(), path.c_str()) != 0) give_up("replace");
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  const int directory = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory >= 0) {  // makes the rename durable; not every file system can
    ::fsync(directory);
    ::close(directory);
  }
}

}  // namespace lithiate::io
