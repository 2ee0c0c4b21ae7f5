#pragma once
/// One self-contained HTML page of a finished run: no scripts, nothing loaded from outside; prints
/// on paper and reads on a phone.
#include <optional>
#include <string>
#include <vector>

namespace lithiate::analysis {

/// A result as results.json holds it. role: input | calibrated | predicted. A value that does not
/// exist in the model is null and carries its reason.
struct Quantity {
  std::string name;
  std::optional<double> value, error;  ///< error: one standard error
  std::string unit, method, role, reason;
};

struct Figure {
  std::string svg;  ///< inserted as it is: from to_svg() only
  std::string caption;
};

struct Table {
  std::string caption;
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;  ///< as many cells as the header
};

struct Section {
  std::string title;
  std::string text;  ///< plain text; an empty line begins a new paragraph
  std::vector<Quantity> quantities;
  std::vector<Table> tables;
  std::vector<Figure> figures;
};

struct Page {
  std::string title;
  std::string subtitle;               ///< system, date, version
  std::vector<Quantity> headline;     ///< the few numbers to see first
  std::vector<std::string> warnings;  ///< shown above everything else
  std::vector<Section> sections;
  std::string footer;  ///< version, git, seed, inputs
};

/// Everything except Figure::svg is escaped. Throws InputError for a table whose rows do not fit
/// its header.
std::string html_page(const Page& page);

}  // namespace lithiate::analysis
