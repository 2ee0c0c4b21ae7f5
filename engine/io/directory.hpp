#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace lithiate::io {

/// Creates the directory with its parents if needed and proves that a file can be written there.
/// Throws InputError "cannot write to ...: reason".
void prepare_output_directory(const std::filesystem::path& path);

/// The folder that a verb writes to. Tried before the work starts, so that hours of work do not end
/// at a read-only disk; whatever it created is removed again if it is still empty at the end.
class OutputFolder {
 public:
  explicit OutputFolder(const std::filesystem::path& path);  ///< as prepare_output_directory()
  OutputFolder(const OutputFolder&) = delete;
  OutputFolder& operator=(const OutputFolder&) = delete;
  ~OutputFolder();

 private:
  std::vector<std::filesystem::path> created_;  // deepest first
};

/// Whether `name` can name a file inside a folder: not empty, "." or "..", no '/', no control byte.
bool is_file_name(const std::string& name);

}  // namespace lithiate::io
