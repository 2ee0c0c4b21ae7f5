#pragma once
/// Rows of unequal length as two flat arrays.
#include <cstdint>
#include <span>
#include <vector>

namespace lithiate {

/// row() never allocates; any number of threads may read.
template <class T>
class RaggedArray {
 public:
  RaggedArray() = default;
  void append(std::span<const T> row) {
    values_.insert(values_.end(), row.begin(), row.end());
    offsets_.push_back(static_cast<std::int64_t>(values_.size()));
  }
  std::int64_t rows() const noexcept { return std::ssize(offsets_) - 1; }
  std::span<const T> row(std::int64_t i) const noexcept {
    return {values_.data() + offsets_[static_cast<std::size_t>(i)],
            values_.data() + offsets_[static_cast<std::size_t>(i) + 1]};
  }

 private:
  std::vector<T> values_;
  std::vector<std::int64_t> offsets_{0};
};

}  // namespace lithiate
