#pragma once
/// Small text helpers for messages and parsers.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lithiate {

/// The whole of `word` as a finite number; nothing if any character is left over.
std::optional<double> parse_number(std::string_view word);
std::optional<long long> parse_integer(std::string_view word);
std::vector<std::string> split_words(std::string_view line);  ///< by white space
std::string trimmed(std::string_view line);
/// Edit distance (Levenshtein).
int edit_distance(std::string_view a, std::string_view b);
/// The known name nearest to `name` if it is near enough to be a typing slip.
std::optional<std::string> nearest_name(std::string_view name,
                                        const std::vector<std::string>& known);
/// ", did you mean 'x'?" or "" for messages about unknown names.
std::string did_you_mean(std::string_view name, const std::vector<std::string>& known);
/// "a, b, c"
std::string joined(const std::vector<std::string>& words, std::string_view separator = ", ");

/// FNV-1a hash (Fowler, Noll, Vo; 64 bit): tells files apart, protects against accidents only. Goes
/// on from `before`, the hash of what came first.
std::uint64_t fnv1a64(std::string_view bytes,
                      std::uint64_t before = 0xcbf29ce484222325ULL) noexcept;
std::string hex(std::uint64_t value);  ///< 16 lower-case digits

}  // namespace lithiate
