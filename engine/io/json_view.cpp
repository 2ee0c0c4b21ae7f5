#include "io/json_view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/error.hpp"

namespace lithiate::io {

using nlohmann::json;

json parse_json(const TextFile& file) {
  file.require_utf8();
  try {
    return json::parse(file.text());
  } catch (const json::parse_error& e) {
    const auto end =
        file.text().begin() + static_cast<std::ptrdiff_t>(std::min(e.byte, file.text().size()));
    const auto line = std::count(file.text().begin(), end, '\n');
    if (e.byte >= file.text().size()) file.fail_at_end("the rest of the JSON text");
    file.fail(std::min(static_cast<std::size_t>(line), file.n_lines() - 1), "is not JSON");
  } catch (const json::out_of_range&) {
    throw InputError(file.path() + ": a number is larger than any double, expected finite numbers");
  } catch (const json::exception&) {
    throw InputError(file.path() + ": is not usable JSON");
  }
}

bool JsonView::has(const std::string& key) const {
  if (!value_->is_object()) return false;
  const auto at = value_->find(key);
  return at != value_->end() && !at->is_null();
}

std::optional<JsonView> JsonView::find(const std::string& key) const {
  if (!has(key)) return {};
  return at(key);
}

JsonView JsonView::at(const std::string& key) const {
  if (!value_->is_object()) fail("expected an object with '" + key + "'");
  const auto found = value_->find(key);
  if (found == value_->end()) fail("'" + key + "' is missing");
  JsonView view(*found, file_);
  view.path_ = path_.empty() ? key : path_ + "." + key;
  return view;
}

JsonView JsonView::at(std::size_t index) const {
  if (index >= size()) fail(fmt::format("expected more than {} entries", index));
  JsonView view((*value_)[index], file_);
  view.path_ = fmt::format("{}[{}]", path_, index);
  return view;
}

bool JsonView::is_array() const { return value_->is_array(); }
bool JsonView::is_text() const { return value_->is_string(); }

std::size_t JsonView::size() const {
  if (!value_->is_array()) fail("expected a list");
  return value_->size();
}

double JsonView::number() const {
  if (!value_->is_number() || !std::isfinite(value_->get<double>()))
    fail("expected a finite number");
  return value_->get<double>();
}

long long JsonView::integer() const {
  const bool fits = value_->is_number_integer() &&
                    (!value_->is_number_unsigned() || value_->get<std::uint64_t>() <= INT64_MAX);
  if (!fits) fail("expected a whole number");
  return value_->get<long long>();
}

std::string JsonView::text() const {
  if (!value_->is_string()) fail("expected a text");
  return value_->get<std::string>();
}

crystal::Vector3d JsonView::vector() const {
  if (!value_->is_array() || value_->size() != 3) fail("expected three numbers");
  return {at(std::size_t{0}).number(), at(1).number(), at(2).number()};
}

crystal::Matrix3d JsonView::matrix() const {
  if (!value_->is_array() || value_->size() != 3) fail("expected three rows of three numbers");
  crystal::Matrix3d m;
  for (int i = 0; i < 3; ++i) m.row(i) = at(static_cast<std::size_t>(i)).vector();
  return m;
}

std::string JsonView::where() const { return path_.empty() ? file_ : file_ + ": " + path_; }

void JsonView::fail(const std::string& what_is_wrong) const {
  std::string shown;
  if (value_->is_primitive()) {
    shown = value_->dump(-1, ' ', false, json::error_handler_t::replace);
    constexpr std::size_t longest = 60;
    if (shown.size() > longest) shown = shown.substr(0, longest) + "...";
    shown = " = " + shown;
  }
  throw InputError(where() + shown + ": " + what_is_wrong);
}

}  // namespace lithiate::io
