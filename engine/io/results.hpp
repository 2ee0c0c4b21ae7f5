#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "io/text_file.hpp"

namespace lithiate::io {

/// One reported number. A missing value needs a reason; a missing error means "not estimated".
struct Quantity {
  std::optional<double> value, error;        ///< error: one standard error
  std::string unit;                          ///< empty: dimensionless
  std::string method;                        ///< how it was obtained, in a few words
  std::string role;                          ///< input | calibrated | predicted
  std::string reason;                        ///< why there is no value
  std::map<std::string, double> numbers;     ///< further keys beside these: x, temperature_K, ...
  std::map<std::string, std::string> words;  ///< further keys: phase, direction, ...
};

/// results.json of an output directory: quantities by name with version, git, seed and input
/// hashes, and "run" (times, host, threads), the only part in which two equal runs differ.
/// Quantities that other verbs wrote into the same directory are kept; require_same_inputs() says
/// when that is right.
class Results {
 public:
  /// Creates the directory. A results.json that cannot be read is replaced, with a warning.
  /// Throws InputError if the directory cannot be written to.
  static Results open(const std::filesystem::path& directory, const std::string& verb);
  Results(Results&&) noexcept;
  Results& operator=(Results&&) noexcept;
  ~Results();

  /// Throw Error for a number that is not finite, a role that does not exist, or no value and no
  /// reason: such a file is never written.
  void set(const std::string& name, const Quantity& quantity);
  void set(const std::string& name, const std::vector<Quantity>& quantities);
  void inputs(const std::vector<InputFile>& files);          ///< every file that was read
  void overrides(const std::vector<std::string>& settings);  ///< KEY=VALUE of --set
  void seed(std::uint64_t seed);
  void text(const std::string& key, const std::string& value);  ///< beside "quantities"
  void run_info(const std::string& key, double value);
  void run_info(const std::string& key, const std::string& value);
  void save();  ///< in one step; throws Error with the reason

  const std::filesystem::path& directory() const noexcept;

 private:
  struct Document;
  explicit Results(std::unique_ptr<Document> document);
  std::unique_ptr<Document> document_;
};

/// One results.json is about one set of inputs. Throws InputError if results.json of the directory
/// holds quantities of a verb other than `verbs` (which are about to be written) that shares no
/// input file with `files`, or that read another version of one of them. A results.json that is
/// missing or cannot be read is no obstacle.
void require_same_inputs(const std::filesystem::path& directory,
                         const std::vector<std::string>& verbs,
                         const std::vector<InputFile>& files);

/// results.json of a directory. Throws InputError if it is missing or was not written by this
/// program.
nlohmann::json read_results(const std::filesystem::path& directory);

}  // namespace lithiate::io
