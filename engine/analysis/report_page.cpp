#include "analysis/report_page.hpp"

#include <fmt/format.h>

#include "analysis/chart.hpp"
#include "analysis/ticks.hpp"
#include "core/error.hpp"

namespace lithiate::analysis {
namespace {

constexpr const char* style = R"css(
:root{--ink:#1a1a1a;--soft:#5c5c5c;--rule:#d9d9d9;--back:#fff;--panel:#f6f7f8}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0 auto;max-width:62rem;padding:1.5rem 1.25rem 3rem;color:var(--ink);background:var(--back);
 font:16px/1.55 system-ui,-apple-system,"Segoe UI",Helvetica,Arial,"DejaVu Sans",sans-serif}
h1{font-size:1.75rem;line-height:1.2;margin:0 0 .25rem}
h2{font-size:1.25rem;margin:2.5rem 0 .75rem;padding-bottom:.25rem;border-bottom:1px solid var(--rule)}
p{margin:.5rem 0;max-width:46rem}
.subtitle,footer,figcaption,caption{color:var(--soft)}
a{color:#005a8c}
nav{margin:1rem 0}
nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;padding:0;margin:0}
.warning{border-left:4px solid #d55e00;background:#fdf1e8;padding:.5rem .75rem;margin:.5rem 0}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(11.5rem,1fr));gap:.75rem;margin:1rem 0}
.card{background:var(--panel);border:1px solid var(--rule);border-radius:6px;padding:.6rem .8rem}
.card .label{font-size:.85rem;color:var(--soft)}
.card .number{font-size:1.15rem;font-weight:600}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;margin:.75rem 0;font-size:.92rem}
caption{caption-side:top;text-align:left;padding-bottom:.25rem}
th,td{text-align:left;vertical-align:top;padding:.4rem .7rem .4rem 0;border-bottom:1px solid var(--rule)}
th{font-weight:600;white-space:nowrap}
td.number{white-space:nowrap;font-variant-numeric:tabular-nums}
.null{color:var(--soft)}
.role{display:inline-block;padding:0 .5rem;border-radius:1rem;font-size:.8rem;line-height:1.5;border:1px solid}
.input{color:#3d3d3d;background:#eee;border-color:#bbb}
.calibrated{color:#7a4f00;background:#fdf0d5;border-color:#e0b252}
.predicted{color:#00543d;background:#def3ec;border-color:#67bda1}
figure{margin:1.25rem 0}
figure svg{display:block;max-width:100%;height:auto}
figcaption{font-size:.9rem;margin-top:.25rem;max-width:46rem}
footer{margin-top:3rem;padding-top:.75rem;border-top:1px solid var(--rule);font-size:.85rem;overflow-wrap:anywhere}
@media (max-width:40rem){body{padding:1rem .8rem 2rem}h1{font-size:1.4rem}
 table.quantities thead{display:none}
 table.quantities tr{display:block;padding:.5rem 0;border-bottom:1px solid var(--rule)}
 table.quantities td{display:block;border:0;padding:.05rem 0;white-space:normal}
 table.quantities td:first-child{font-weight:600}
 .cards{grid-template-columns:1fr 1fr}}
@media print{body{max-width:none;padding:0;font-size:11pt}nav{display:none}
 figure,tr,.card,.warning{break-inside:avoid}h2{break-after:avoid}
 *{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
)css";

std::string badge(const std::string& role) {
  const bool known = role == "input" || role == "calibrated" || role == "predicted";
  if (role.empty()) return "";
  return fmt::format("<span class=\"role{}\">{}</span>", known ? " " + role : "", escaped(role));
}

std::string number(const Quantity& q) {
  if (q.value)
    return escaped(value_with_error(*q.value, q.error)) +
           (q.unit.empty() ? "" : "&nbsp;" + escaped(q.unit));
  return "<span class=\"null\">null</span>";
}

std::string paragraphs(const std::string& text) {
  std::string out;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find("\n\n", begin), text.size());
    if (end > begin) out += "<p>" + escaped(text.substr(begin, end - begin)) + "</p>\n";
    begin = end + 2;
  }
  return out;
}

std::string quantity_table(const std::vector<Quantity>& list) {
  if (list.empty()) return "";
  std::string out =
      "<div class=\"scroll\"><table class=\"quantities\"><thead><tr><th>quantity</th><th>value ± "
      "standard error</th><th>role</th><th>method</th></tr></thead><tbody>\n";
  for (const Quantity& q : list) {
    const std::string why =
        q.value ? escaped(q.method) : "<span class=\"null\">" + escaped(q.reason) + "</span>";
    out += fmt::format("<tr><td>{}</td><td class=\"number\">{}</td><td>{}</td><td>{}</td></tr>\n",
                       escaped(q.name), number(q), badge(q.role), why);
  }
  return out + "</tbody></table></div>\n";
}

std::string plain_table(const Table& t) {
  std::string out = "<div class=\"scroll\"><table>";
  if (!t.caption.empty()) out += "<caption>" + escaped(t.caption) + "</caption>";
  out += "<thead><tr>";
  for (const std::string& h : t.header) out += "<th>" + escaped(h) + "</th>";
  out += "</tr></thead><tbody>\n";
  for (const auto& row : t.rows) {
    if (row.size() != t.header.size())
      throw InputError(fmt::format("report table '{}': a row of {} cells, expected {}", t.caption,
                                   row.size(), t.header.size()));
    out += "<tr>";
    for (const std::string& cell : row) out += "<td>" + escaped(cell) + "</td>";
    out += "</tr>\n";
  }
  return out + "</tbody></table></div>\n";
}

std::string section(const Section& s, std::size_t i) {
  std::string out = fmt::format("<section id=\"s{}\">\n<h2>{}</h2>\n", i + 1, escaped(s.title));
  out += paragraphs(s.text);
  for (const Figure& f : s.figures)
    out += "<figure>\n" + f.svg +
           (f.caption.empty() ? "" : "<figcaption>" + escaped(f.caption) + "</figcaption>\n") +
           "</figure>\n";
  out += quantity_table(s.quantities);
  for (const Table& t : s.tables) out += plain_table(t);
  return out + "</section>\n";
}

std::string cards(const std::vector<Quantity>& list) {
  if (list.empty()) return "";
  std::string out = "<div class=\"cards\">\n";
  for (const Quantity& q : list)
    out += fmt::format(
        "<div class=\"card\"><div class=\"label\">{} {}</div><div "
        "class=\"number\">{}</div>{}</div>\n",
        escaped(q.name), badge(q.role), number(q),
        q.value ? "" : "<div class=\"label\">" + escaped(q.reason) + "</div>");
  return out + "</div>\n";
}

std::string contents(const std::vector<Section>& sections) {
  if (sections.size() < 2) return "";
  std::string out = "<nav aria-label=\"contents\"><ul>\n";
  for (std::size_t i = 0; i < sections.size(); ++i)
    out += fmt::format("<li><a href=\"#s{}\">{}</a></li>\n", i + 1, escaped(sections[i].title));
  return out + "</ul></nav>\n";
}

}  // namespace

std::string html_page(const Page& page) {
  std::string out = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta "
      "name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{0}</title>\n"
      "<style>{1}</style>\n</head>\n<body>\n<header>\n<h1>{0}</h1>\n",
      escaped(page.title), style);
  if (!page.subtitle.empty()) out += "<p class=\"subtitle\">" + escaped(page.subtitle) + "</p>\n";
  out += "</header>\n";
  for (const std::string& w : page.warnings)
    out += "<p class=\"warning\" role=\"alert\">" + escaped(w) + "</p>\n";
  out += cards(page.headline) + contents(page.sections) + "<main>\n";
  for (std::size_t i = 0; i < page.sections.size(); ++i) out += section(page.sections[i], i);
  out += "</main>\n";
  if (!page.footer.empty()) out += "<footer>" + escaped(page.footer) + "</footer>\n";
  return out + "</body>\n</html>\n";
}

}  // namespace lithiate::analysis
