#pragma once
#include <Eigen/Core>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace lithiate::io {

/// Whole numbers that are accepted, both ends included; without a word, those that fit `int`, so
/// that no caller narrows a larger one by accident.
struct Range {
  long long least = std::numeric_limits<int>::min(), most = std::numeric_limits<int>::max();
  Range() = default;
  Range(long long least_one, long long most_one) : least(least_one), most(most_one) {}
};

/// Typed view on one table of a TOML file. Every key that is asked for is noted, so that finish()
/// can refuse the keys nobody knows. All failures are InputError with file:line:key, the value and
/// what was expected. Views of one file share its text and notes; not for several threads at once.
class Input {
 public:
  /// `overrides` are "key.sub=value" or "list.0.key=value": the value is read as TOML, as a plain
  /// string if that fails; missing tables are created. Throws UsageError for an override of
  /// another form, InputError for a file that is missing, empty, binary or not TOML.
  static Input read(const std::filesystem::path& path,
                    const std::vector<std::string>& overrides = {});

  /// Whole numbers are taken as numbers; NaN and infinities are refused.
  double number(const std::string& key) const;
  double number(const std::string& key, double fallback) const;
  double positive(const std::string& key) const;  ///< a number above zero
  double positive(const std::string& key, double fallback) const;
  /// Also from 1e6 if that is exactly whole. A value outside of the range is refused.
  long long integer(const std::string& key, Range range = {}) const;
  long long integer(const std::string& key, long long fallback, Range range = {}) const;
  std::uint64_t seed() const;  ///< the key "seed", at least 0; 1 if it is missing
  bool boolean(const std::string& key) const;
  bool boolean(const std::string& key, bool fallback) const;
  std::string text(const std::string& key) const;
  std::string text(const std::string& key, const std::string& fallback) const;
  /// Place of the text in `known`; the first if the key is missing.
  std::size_t choice(const std::string& key, const std::vector<std::string>& known) const;
  std::vector<double> numbers(const std::string& key) const;
  std::vector<double> number_or_numbers(const std::string& key) const;  ///< 300 or [300, 400]
  std::vector<double> numbers(const std::string& key, const std::vector<double>& fallback) const;
  std::vector<long long> integers(const std::string& key, Range range = {}) const;
  std::vector<long long> integers(const std::string& key, const std::vector<long long>& fallback,
                                  Range range = {}) const;
  std::vector<std::string> texts(const std::string& key) const;
  std::vector<std::string> texts(const std::string& key,
                                 const std::vector<std::string>& fallback) const;
  Eigen::Matrix3d matrix(const std::string& key) const;  ///< rows as written
  Eigen::Matrix3i integer_matrix(const std::string& key) const;
  /// A file that exists; relative paths start at the folder of the TOML file.
  std::filesystem::path file(const std::string& key) const;

  bool has(const std::string& key) const;
  bool is_text(const std::string& key) const;  ///< false also if it is missing
  std::vector<std::string> keys() const;       ///< of this table, sorted
  Input table(const std::string& key) const;
  std::optional<Input> optional_table(const std::string& key) const;
  std::vector<Input> tables(const std::string& key) const;  ///< [[key]]; empty if missing

  std::filesystem::path path() const;               ///< of the TOML file
  std::filesystem::path folder() const;             ///< of the TOML file
  std::string where(const std::string& key) const;  ///< "file:line:table.key"
  /// Throws InputError "file:line:key = value: what_is_wrong".
  [[noreturn]] void fail(const std::string& key, const std::string& what_is_wrong) const;
  /// Throws InputError that lists every key of this table and of the tables in it that was never
  /// asked for, with the nearest name that was.
  void finish() const;

 private:
  struct Document;  // the parsed file; only input.cpp knows toml++
  struct Record;    // one table of it and the keys asked for
  struct Access;    // look-ups that need the types of toml++

  Input(std::shared_ptr<Document> document, Record* record)
      : document_(std::move(document)), record_(record) {}

  std::shared_ptr<Document> document_;  // shared: views of sub-tables outlive the first one
  Record* record_;                      // owned by document_
};

}  // namespace lithiate::io
