//===- ReportPage.cpp - The report as a page of HTML ----------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The page is one file: style and script are in it, and without the script it
/// is the same but for the filter and the sorting.
///
//===----------------------------------------------------------------------===//

#include "Explain.h"
#include "Summary.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Demangle/Demangle.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace inline_helpers;

static constexpr StringLiteral Style = R"css(
:root { color-scheme: light dark;
  --page: #f6f7f9; --card: #fff; --text: #1d232b; --dim: #5d6875;
  --line: #dfe3e8; --good: #1a7f4b; --some: #9a6700; --bad: #b3352b;
  --link: #0b5fc1; --bar: #c9d6e6; }
@media (prefers-color-scheme: dark) { :root {
  --page: #14171b; --card: #1c2127; --text: #e4e8ed; --dim: #98a3b0;
  --line: #323a44; --good: #4cc38a; --some: #e0b341; --bad: #f2837a;
  --link: #7cb7ff; --bar: #33475f; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 72rem; padding: 1.75rem 1.25rem 3rem;
  background: var(--page); color: var(--text);
  font: 15px/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
h1 { font-size: 1.5rem; line-height: 1.2; margin: 0; }
h2 { font-size: 1.1rem; margin: 2.25rem 0 .75rem; }
h3 { font-size: 1rem; margin: 0; }
p { margin: .5rem 0; max-width: 46rem; }
a { color: var(--link); text-decoration: none; }
a:hover { text-decoration: underline; }
code, pre, td.name { font-family: ui-monospace, "SF Mono", Menlo, Consolas,
  "DejaVu Sans Mono", monospace; font-size: .87em; }
pre { overflow-x: auto; margin: .75rem 0; padding: .65rem .8rem;
  background: var(--page); border-radius: 6px; line-height: 1.4; }
.dim { color: var(--dim); }
.card { background: var(--card); border: 1px solid var(--line);
  border-radius: 10px; }
.tiles { display: grid; gap: .8rem; margin: 1.25rem 0 .8rem;
  grid-template-columns: repeat(auto-fit, minmax(10rem, 1fr)); }
.tile { padding: .8rem 1rem; }
.tile b { display: block; font-size: 1.75rem; line-height: 1.2;
  font-variant-numeric: tabular-nums; }
.reasons { padding: .8rem 1rem; display: grid; align-items: center;
  grid-template-columns: max-content 1fr max-content; gap: .3rem .9rem; }
.reasons h2 { grid-column: 1 / -1; margin: 0 0 .2rem; font-size: .95rem; }
.reasons i { height: .7rem; border-radius: 3px; background: var(--bar);
  min-width: 3px; }
.reasons span, td.number { font-variant-numeric: tabular-nums;
  text-align: right; }
.bar { display: flex; align-items: center; flex-wrap: wrap; gap: .5rem;
  margin: 0 0 .75rem; }
.bar[hidden] { display: none; }
input, button { font: inherit; color: inherit; background: var(--card);
  border: 1px solid var(--line); border-radius: 7px; padding: .3rem .7rem; }
input { flex: 1 1 14rem; min-width: 0; max-width: 26rem; }
button { cursor: pointer; }
button[aria-pressed=true] { border-color: var(--link); color: var(--link); }
.table { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { padding: .42rem .9rem; text-align: left; vertical-align: baseline;
  border-top: 1px solid var(--line); }
thead th { border-top: 0; color: var(--dim); font-size: .8rem;
  font-weight: 600; white-space: nowrap; }
th.number { text-align: right; }
th button { all: unset; cursor: pointer; }
th button:focus-visible { outline: 2px solid var(--link); outline-offset: 3px; }
th[aria-sort=ascending] button::after { content: " \2191"; }
th[aria-sort=descending] button::after { content: " \2193"; }
td.name { white-space: nowrap; }
p code { white-space: nowrap; }
td.status { white-space: nowrap; }
.imported { color: var(--good); } .partly { color: var(--some); }
.left { color: var(--bad); }
td.status::before { content: ""; display: inline-block; width: .55em;
  height: .55em; border-radius: 50%; background: currentColor;
  margin-right: .5em; }
.chip { display: inline-block; padding: 0 .55rem; margin: 0 .3rem .15rem 0;
  border: 1px solid var(--line); border-radius: 1rem; font-size: .85em;
  white-space: nowrap; }
summary { cursor: pointer; }
details ul { margin: .35rem 0 .2rem; padding-left: 1.1rem; font-size: .87em; }
details li { overflow-wrap: anywhere; }
.reason { padding: .9rem 1.1rem; margin-bottom: .8rem; scroll-margin-top: 1rem; }
.reason:target { border-color: var(--link); }
@media (max-width: 40rem) {
  body { padding: 1.1rem .8rem 2rem; }
  .tiles { grid-template-columns: 1fr 1fr; }
  .tile:last-child:nth-child(odd) { grid-column: 1 / -1; }
  input { flex-basis: 100%; max-width: none; }
  thead { display: none; }
  tr { display: flex; flex-wrap: wrap; gap: .1rem .9rem; padding: .6rem .9rem;
    border-top: 1px solid var(--line); }
  tr[hidden] { display: none; }
  tbody tr:first-child { border-top: 0; }
  td { border: 0; padding: 0; }
  td.name, td.why { flex: 1 0 100%; }
  td.name { white-space: normal; overflow-wrap: anywhere; }
  td.why:empty { display: none; }
  td.number::before { content: attr(data-label) " "; color: var(--dim); }
}
@media print {
  :root { --page: #fff; --card: #fff; --text: #000; --dim: #444;
    --line: #bbb; --link: #000; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  .bar { display: none; }
  tr, .reason { break-inside: avoid; }
}
)css";

static constexpr StringLiteral Script = R"js(
"use strict";
const body = document.querySelector("tbody"), rows = [...body.rows];
const bar = document.querySelector(".bar"), text = bar.querySelector("input");
const shown = bar.querySelector("span"), choices = [...bar.querySelectorAll("button")];
let status = "";
function filter() {
  const words = text.value.toLowerCase().split(/\s+/);
  let count = 0;
  for (const row of rows) {
    const content = row.textContent.toLowerCase();
    row.hidden = (status && row.dataset.status !== status) ||
                 !words.every(word => content.includes(word));
    count += !row.hidden;
  }
  shown.textContent = count === rows.length ? `${count} rows` : `${count} of ${rows.length} rows`;
}
for (const choice of choices)
  choice.onclick = () => {
    status = choice.dataset.status;
    for (const other of choices)
      other.ariaPressed = String(other === choice);
    filter();
  };
text.oninput = filter;
bar.hidden = false;
filter();
document.querySelectorAll("thead th").forEach((head, column) => {
  const number = head.classList.contains("number");
  const button = document.createElement("button");
  button.append(...head.childNodes);
  head.append(button);
  const value = row => {
    const content = row.cells[column].textContent.trim();
    return number ? (content === "-" ? -1 : Number(content)) : content;
  };
  button.onclick = () => {
    const order = head.ariaSort === (number ? "descending" : "ascending");
    const sign = order === number ? 1 : -1;
    for (const other of head.parentNode.cells)
      other.removeAttribute("aria-sort");
    head.ariaSort = sign > 0 ? "ascending" : "descending";
    rows.sort((a, b) => {
      const [x, y] = [value(a), value(b)];
      return sign * (number ? x - y : x.localeCompare(y));
    });
    body.append(...rows);
  };
});
)js";

static std::string escape(StringRef Text) {
  std::string Escaped;
  raw_string_ostream OS(Escaped);
  printHTMLEscaped(Text, OS);
  return OS.str();
}

/// Returns \p Text, whose code is in `backticks`, as HTML.
static std::string markCode(StringRef Text) {
  SmallVector<StringRef> Parts;
  Text.split(Parts, '`');
  std::string Result;
  for (const auto &[I, Part] : enumerate(Parts))
    Result += I % 2 ? "<code>" + escape(Part) + "</code>" : escape(Part);
  return Result;
}

static void printTile(raw_ostream &OS, StringRef Class, const Twine &Number,
                      const Twine &What) {
  OS << "<div class=\"tile card\"><b class=\"" << Class << "\">" << Number
     << "</b>" << What << "</div>\n";
}

static void printNumbers(raw_ostream &OS, const Summary &S) {
  auto Count = [&](StringRef Status) {
    auto It = S.Statuses.find(Status);
    return It == S.Statuses.end() ? 0 : It->second;
  };
  OS << "<div class=\"tiles\">\n";
  printTile(OS, "imported", Twine(Count("imported")),
            "of " + Twine(S.Helpers) + " helpers imported");
  if (unsigned Partly = Count("partly"))
    printTile(OS, "partly", Twine(Partly), "partly imported");
  printTile(OS, Count("left") ? "left" : "imported", Twine(Count("left")),
            "stay calls altogether");
  printTile(OS, "imported", Twine(S.InlinedCalls), "calls inlined");
  printTile(OS, S.LeftCalls ? "left" : "imported", Twine(S.LeftCalls),
            "calls left");
  OS << "</div>\n";
  if (S.Reasons.empty())
    return;
  std::vector<std::pair<StringRef, uint64_t>> Reasons(S.Reasons.begin(),
                                                      S.Reasons.end());
  llvm::stable_sort(Reasons, [](const auto &A, const auto &B) {
    return A.second > B.second;
  });
  uint64_t Most = std::max<uint64_t>(Reasons.front().second, 1);
  OS << "<div class=\"reasons card\">\n<h2>Why calls are left</h2>\n";
  for (auto [Reason, Calls] : Reasons)
    OS << "<a href=\"#" << Reason << "\">" << Reason
       << "</a><i style=\"width:" << formatv("{0:F1}", 100.0 * Calls / Most)
       << "%\"></i><span>" << Calls << "</span>\n";
  OS << "</div>\n";
}

/// Prints why calls of \p R stay: the reasons, and behind them each place.
static void printWhy(raw_ostream &OS, const Row &R) {
  for (const std::string &Warning : R.Helper.Warnings)
    OS << "<div class=\"partly\">" << escape(Warning) << "</div>";
  if (R.Helper.CopyRemains && R.Helper.Left.empty())
    OS << "<span class=\"dim\">a copy remains</span>";
  if (R.Helper.Left.empty())
    return;
  OS << "<details><summary>";
  for (auto [Reason, Calls] : R.reasons())
    OS << "<a class=\"chip\" href=\"#" << Reason << "\">" << Reason << "</a>";
  OS << "</summary><ul>\n";
  for (const LeftCalls &Left : R.Helper.Left) {
    OS << "<li>";
    if (!Left.Caller.empty())
      OS << "in <code>" << escape(demangle(Left.Caller)) << "</code>";
    else
      OS << "wherever it is called";
    if (!Left.Location.empty())
      OS << " at " << escape(Left.Location);
    if (Left.Count > 1)
      OS << ", " << Left.Count << " calls";
    OS << ": " << escape(Left.Why.message()) << "</li>\n";
  }
  OS << "</ul></details>";
}

static void printRow(raw_ostream &OS, const Row &R) {
  StringRef Status = getStatus(R.Helper);
  auto PrintNumber = [&](StringRef Label, const Twine &Number) {
    OS << "<td class=\"number\" data-label=\"" << Label << "\">" << Number
       << "</td>";
  };
  OS << "<tr data-status=\"" << Status << "\"><td class=\"name\">"
     << escape(R.Helper.Name) << "</td><td>" << escape(R.Crate)
     << "</td><td class=\"status " << Status << "\">" << Status << "</td>";
  PrintNumber("inlined", Twine(R.Helper.InlinedCalls));
  PrintNumber("left", Twine(R.leftCalls()));
  PrintNumber("bytes", R.Bytes ? Twine(*R.Bytes) : Twine("-"));
  OS << "<td class=\"why\">";
  printWhy(OS, R);
  OS << "</td></tr>\n";
}

static void printReasons(raw_ostream &OS, const Summary &S) {
  if (S.Reasons.empty())
    return;
  OS << "<h2>What the reasons mean</h2>\n";
  for (const Reason &R : getReasons()) {
    if (S.Reasons.find(R.Name) == S.Reasons.end())
      continue;
    OS << "<section class=\"reason card\" id=\"" << R.Name << "\">\n<h3>"
       << R.Name << "</h3>\n<p>The helper stays a call: " << escape(R.Sentence)
       << ".</p>\n";
    if (!R.Explanation.empty())
      OS << "<p>" << markCode(R.Explanation) << "</p>\n";
    if (!R.Example.empty())
      OS << "<pre>" << escape(R.Example) << "</pre>\n";
    if (!R.Cure.empty())
      OS << "<p><b>What to do.</b> " << markCode(R.Cure) << "</p>\n";
    OS << "</section>\n";
  }
}

void inline_helpers::printPage(raw_ostream &OS, const Summary &S) {
  OS << "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
        "<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, "
        "initial-scale=1\">\n"
        "<title>C helpers inlined into Rust</title>\n<style>"
     << Style << "</style>\n</head>\n<body>\n"
     << "<h1>C helpers inlined into Rust</h1>\n<p class=\"dim\">" << S.Helpers
     << (S.Helpers == 1 ? " helper, " : " helpers, ") << S.Crates
     << (S.Crates == 1 ? " crate" : " crates")
     << "; inline-helpers " INLINE_HELPERS_VERSION "</p>\n";
  printNumbers(OS, S);
  OS << R"(<h2>Helpers</h2>
<div class="bar" hidden>
<input type="search" placeholder="Filter by helper, crate or reason" aria-label="Filter">
<button data-status="" aria-pressed="true">all</button>
<button data-status="imported" aria-pressed="false">imported</button>
<button data-status="partly" aria-pressed="false">partly</button>
<button data-status="left" aria-pressed="false">left</button>
<span class="dim" role="status"></span>
</div>
<div class="table card">
<table>
<thead><tr><th>helper</th><th>crate</th><th>status</th><th class="number">calls inlined</th><th class="number">calls left</th><th class="number">bytes</th><th>why</th></tr></thead>
<tbody>
)";
  for (const Row &R : S.Rows)
    printRow(OS, R);
  OS << "</tbody>\n</table>\n</div>\n"
        "<p class=\"dim\">bytes: the helper's native code.</p>\n";
  for (const std::string &Note : S.Notes)
    OS << "<p class=\"dim\">" << escape(Note) << "</p>\n";
  printReasons(OS, S);
  OS << "<script>" << Script << "</script>\n</body>\n</html>\n";
}
