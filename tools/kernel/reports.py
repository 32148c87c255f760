# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Judges the plugin's report of a kernel by what rustc compiled and by the objects: it must be complete."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from commands import recorded, rust_objects
from console import HarnessError, phase, table
from dependencies import BITCODE
from objects import PREFIX, inspect
from toolchain import Toolchain, output
from tree import Tree
from verdict import Check, nothing

HELPERS = Path("rust/helpers/helpers.o")
LATER = "still-called"
"""The reason of calls of a copy, which LLVM made of an address: they were no calls when helpers were inlined."""

STATUSES = ("imported", "partly", "left")

_NAME = re.compile(rf"@({PREFIX}\w+)(\()?")


@dataclass(frozen=True)
class Row:
    """What the merged report says of one helper in one crate."""

    helper: str
    crate: str
    status: str
    inlined: int
    left: dict[str, int]
    """Calls by reason; 0 where only an address is left."""
    bytes: int | None

    @staticmethod
    def parse(entry: dict[str, Any]) -> Row:
        left: Counter[str] = Counter()
        for calls in entry["left"]:
            left[calls["reason"]] += calls["calls"]
        return Row(entry["name"], entry["crate"], entry["status"], entry["inlined"], left, entry["bytes"])

    def calls(self) -> int:
        """The calls that the crate had before anything was inlined."""
        return self.inlined + sum(count for reason, count in self.left.items() if reason != LATER)

    def stays(self) -> bool:
        """Whether the helper of helpers.o is still wanted."""
        return any(reason != LATER for reason in self.left)


@dataclass(frozen=True)
class Crate:
    """One object of Rust code."""

    name: str
    compiled: dict[str, int]
    """The helpers that are named in what rustc hands to LLVM, and how often each is called there."""
    called: tuple[list[str], list[str]]
    """The helpers that the object calls without the plugin, and with it."""


@dataclass(frozen=True)
class Figures:
    """The report, and what it is judged by."""

    units: list[str]
    """The crates of the report's files; a crate of a kernel is one unit."""
    rows: list[Row]
    explained: set[str]
    """The reasons of the report that inline-helpers explains."""
    crates: list[Crate]
    native: set[str]
    """The helpers of helpers.o."""
    libraries: dict[str, set[str]]
    """The helpers of each library."""

    def rows_of(self, crate: str) -> dict[str, Row]:
        """The rows of one crate, by helper."""
        return {row.helper: row for row in self.rows if row.crate == crate}


def read_rows(tools: Toolchain, folder: Path) -> list[Row]:
    """The merged report of a folder."""
    merged = json.loads(output([tools.inline_helpers, "report", "--format=json", folder]))
    return [Row.parse(entry) for entry in merged["helpers"]]


def read(calls: Tree, inlined: Tree, outside: Sequence[Path] = ()) -> Figures:
    """Read the report of a tree, and what it tells of.

    `outside` are objects of modules that are built in the inlined tree alone."""
    tools = inlined.tools
    rows = read_rows(tools, inlined.reports)
    reasons = {reason for row in rows for reason in row.left}
    phase("compiling the crates with helpers as far as LLVM")
    scratch = inlined.source.work / "before-llvm"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir()
    crates = []
    for path in [*rust_objects(inlined), *outside]:
        after = inspect(tools, inlined.path / path).called
        before = None if path in outside else inspect(tools, calls.path / path).called
        # The others are core and the bindings, which take minutes.
        if before or after or path in outside or any(row.crate == path.stem for row in rows):
            compiled = read_calls(_before_llvm(inlined, path, scratch))
        else:
            compiled = {}
        crates.append(Crate(path.stem, compiled, (sorted(compiled) if before is None else before, after)))
    return Figures(
        units=[json.loads(path.read_text())["crate"] for path in inlined.reports.glob("*.json")],
        rows=rows,
        explained={reason for reason in reasons if _is_explained(tools, reason)},
        crates=crates,
        native=set(inspect(tools, inlined.path / HELPERS).copied),
        libraries={str(path): _helpers(tools, inlined.path / path) for path in BITCODE},
    )


def judge(figures: Figures) -> list[Check]:
    """What must hold of a complete report.

    Calls are compared with LLVM's input, where the plugin finds them: of an object's calls LLVM has removed some and
    made others twice, so there only the names can be compared."""
    names = [crate.name for crate in figures.crates]
    helpers = {row.helper for row in figures.rows}
    unknown = sorted(helpers - figures.native)
    unexplained = sorted({reason for row in figures.rows for reason in row.left} - figures.explained)
    unmeasured = sorted({row.helper for row in figures.rows if row.bytes is None})
    checks = [
        nothing("each crate has one report", _differences(figures.units, names)),
        nothing("report names helpers of the kernel", unknown),
        nothing("report gives explained reasons", unexplained),
        nothing("report has the size of each helper", unmeasured),
    ]
    for library, found in figures.libraries.items():
        other = sorted(found ^ figures.native)
        checks.append(nothing(f"{library} has the helpers of {HELPERS.name}", other))
    for crate in figures.crates:
        rows = figures.rows_of(crate.name)
        before, after = map(set, crate.called)
        if not (rows or crate.compiled or before or after):
            continue
        reported = {helper: row.calls() for helper, row in rows.items()}
        wrong = [
            f"{helper}: {reported.get(helper, 'not')} reported, {crate.compiled.get(helper, 'not')} compiled"
            for helper in sorted(crate.compiled.keys() | rows.keys())
            if reported.get(helper) != crate.compiled.get(helper)
        ]
        missing = sorted((before | after) - rows.keys())
        stays = {helper for helper, row in rows.items() if row.stays()}
        # LLVM may remove a call that stays, as it does without the plugin.
        other = sorted((after - stays) | (stays & before) - after)
        checks += [
            nothing(f"{crate.name}: report has each helper called", missing),
            nothing(f"{crate.name}: report has each call", wrong),
            nothing(f"{crate.name}: calls are those reported to stay", other),
        ]
    return checks


def summary(figures: Figures) -> str:
    """One line a crate, and one for all helpers."""
    rows = []
    for crate in figures.crates:
        reported = figures.rows_of(crate.name).values()
        counts = [
            len(crate.compiled),
            *(sum(row.status == status for row in reported) for status in STATUSES),
            sum(crate.compiled.values()),
            sum(row.inlined for row in reported),
            sum(sum(row.left.values()) for row in reported),
        ]
        rows.append([crate.name, *map(str, counts)])
    used = {row.helper for row in figures.rows}
    headers = ["report of", "helpers", *STATUSES, "calls", "inlined", "stay"]
    idle = len(figures.native - used)
    return f"{table(headers, rows)}\n{len(figures.native)} helpers: {len(used)} reported, {idle} that no crate names"


def read_calls(code: str) -> dict[str, int]:
    """The helpers that LLVM IR names, and how often it calls each: 0 times where it takes the address alone."""
    calls: Counter[str] = Counter()
    for line in code.splitlines():
        if not line.startswith("declare "):
            for name, bracket in _NAME.findall(line):
                calls[name] += bool(bracket)
    return dict(calls)


def _before_llvm(tree: Tree, target: Path, scratch: Path) -> str:
    """What rustc hands to LLVM for an object, without the plugin."""
    command = recorded(tree, str(target), scratch).without_plugin()
    code = scratch / f"{target.stem}.ll"
    kept = [word for word in command.arguments if not word.startswith("--emit=")]
    replace(command, arguments=[*kept, f"--emit=llvm-ir={code}", "-Cno-prepopulate-passes"]).run()
    return code.read_text()


def _is_explained(tools: Toolchain, reason: str) -> bool:
    try:
        output([tools.inline_helpers, "explain", reason])
    except HarnessError:
        return False
    return True


def _helpers(tools: Toolchain, library: Path) -> set[str]:
    return {line.split()[0] for line in output([tools.inline_helpers, "list", library]).splitlines()[1:]}


def _differences(reported: list[str], crates: list[str]) -> list[str]:
    first, second = Counter(reported), Counter(crates)
    missing = [f"none of {name}" for name in second - first]
    return missing + [f"an old one of {name}, to be removed" for name in first - second]
