#include "analysis/report_page.hpp"

#include <catch2/catch.hpp>

#include "analysis/chart.hpp"
#include "core/error.hpp"

using namespace lithiate;
using namespace lithiate::analysis;
using Catch::Matchers::Contains;

namespace {
Page page() {
  Page p;
  p.title = "LixVCl3";
  Section s;
  s.title = "Voltage";
  s.text = "First.\n\nSecond.";
  s.quantities = {{"plateau", 2.71234, 0.0042, "V", "common tangent", "predicted", ""},
                  {"D_chem", {}, {}, "cm²/s", "", "predicted", "inside coexistence"}};
  p.sections = {s};
  return p;
}
}  // namespace

TEST_CASE("the page shows value, error, unit and role of a quantity", "[analysis]") {
  const std::string html = html_page(page());
  REQUIRE_THAT(html, Contains("2.712 ± 0.004&nbsp;V"));
  REQUIRE_THAT(html, Contains("class=\"role predicted\">predicted"));
  REQUIRE_THAT(html, Contains("common tangent"));
}

TEST_CASE("a quantity that does not exist shows null and its reason", "[analysis]") {
  const std::string html = html_page(page());
  REQUIRE_THAT(html, Contains(">null<") && Contains("inside coexistence"));
}

TEST_CASE("the page loads nothing from outside and runs nothing", "[analysis]") {
  Page p = page();
  p.sections[0].figures = {{to_svg(Chart{}), "caption"}};
  const std::string html = html_page(p);
  for (const char* word : {"<script", "<link", "<img", "@import", "url(http", "src="})
    REQUIRE(html.find(word) == std::string::npos);
}

TEST_CASE("names and texts cannot break out of the page", "[analysis]") {
  Page p = page();
  p.title = p.footer = p.subtitle = p.sections[0].title = "</title><b>x";
  p.warnings = {"<i>y"};
  p.sections[0].tables = {{"<u>", {"<s>"}, {{"<em>"}}}};
  const std::string html = html_page(p);
  for (const char* tag : {"<b>", "<i>", "<u>", "<s>", "<em>"})
    REQUIRE(html.find(tag) == std::string::npos);
}

TEST_CASE("an empty line begins a new paragraph", "[analysis]") {
  REQUIRE_THAT(html_page(page()), Contains("<p>First.</p>\n<p>Second.</p>"));
}

TEST_CASE("a table whose rows do not fit its header is refused", "[analysis]") {
  Page p = page();
  p.sections[0].tables = {{"terms", {"a", "b"}, {{"1"}}}};
  REQUIRE_THROWS_WITH(html_page(p), Contains("terms"));
}
