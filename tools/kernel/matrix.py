# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The same driver on each platform, built in and as a module, with and without the helpers' lines."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import reports
from boot import OPERATIONS, Boot, fastest_boot
from check import compare_boots
from console import HarnessError, phase, table
from objects import HelperLines, Helpers, helper_lines, inspect, unprotected
from platforms import HERE, PLATFORMS, Platform
from toolchain import digest, require
from tree import CALLS, CRATES, FRAGMENT, Tree
from verdict import Check, conclude, listed, nothing

BUILT_IN = "built-in"
MODULE = "module"
OUTSIDE = "outside"
LINKAGES = (BUILT_IN, MODULE, OUTSIDE)
STRIP = "strip"
LINES = "lines"
DEBUG_INFO = (STRIP, LINES)

BOOTS = 6

MODULE_FRAGMENT = HERE / "module.config"
RNULL = Path("drivers/block/rnull.o")
DRIVER = "rnull_mod"
"""The module of RNULL, as init.c knows it."""


@dataclass(frozen=True)
class Cell:
    """One kernel with its driver, of which there is one with calls and one with helpers inlined."""

    platform: Platform
    linkage: str
    debug_info: str

    @property
    def name(self) -> str:
        return f"{self.platform.name}/{self.linkage}/{self.debug_info}"


@dataclass(frozen=True)
class Booting:
    """How long a kernel may take, and how often it is booted."""

    timeout: float
    boots: int


@dataclass(frozen=True)
class Built:
    """What was made of the driver, and what it does."""

    configuration: str
    objects: dict[str, Helpers]
    warnings: list[str]
    boot: Boot
    unprotected: list[str]
    """By object, the branches that a platform forbids."""


@dataclass(frozen=True)
class Figures:
    """What is judged of a cell."""

    calls: Built
    inlined: Built
    stay: dict[str, list[str]]
    """By object, the helpers that are reported to stay calls."""
    lines: HelperLines
    """Of the driver's debug info, inlined."""


CELLS = tuple(Cell(platform, linkage, info) for platform in PLATFORMS for linkage in LINKAGES for info in DEBUG_INFO)


def select(names: Sequence[str]) -> list[Cell]:
    """The cells that are named, a part of a name meaning each cell that has it; all if none is."""
    chosen = [cell for cell in CELLS if not names or any(_matches(cell, name) for name in names)]
    for name in names:
        if not any(_matches(cell, name) for cell in CELLS):
            raise HarnessError(
                f"no cell {name!r}", f"a cell is PLATFORM/LINKAGE/DEBUG-INFO, such as {CELLS[0].name}, or a part of it"
            )
    return chosen


def _matches(cell: Cell, name: str) -> bool:
    return set(name.split("/")) <= set(cell.name.split("/"))


def run(trees: dict[str, Tree], cells: Sequence[Cell], boot_timeout: float, boots: int = BOOTS) -> int:
    """Build, boot and compare each cell; 0 if every check passed."""
    booting = Booting(boot_timeout, boots)
    source = trees[CALLS].source
    for platform in {cell.platform.name: cell.platform for cell in cells}.values():
        require(platform.programs)
    source.unpack()
    figures: dict[str, Figures] = {}
    checks: list[Check] = []
    calls: dict[tuple[str, str], Built] = {}
    for cell in cells:
        phase(f"cell {cell.name}")
        try:
            key = (cell.platform.name, cell.linkage)
            if key not in calls:
                calls[key] = _use(build(trees, cell, inlined=False), cell.linkage, booting)
            figures[cell.name] = _measure(trees, cell, calls[key], booting)
        except HarnessError as failure:
            # The other cells are worth knowing.
            failure.report()
            checks.append(Check(f"{cell.name} is built and boots", False, str(failure).splitlines()[0]))
            continue
        checks += judge(cell, figures[cell.name])
    report = source.work / "matrix.json"
    _write(report, trees[CALLS], figures, checks)
    if figures:
        print(summary(figures))
    phase(f"wrote {report}")
    print(f"{len(cells)} of {len(CELLS)} cells")
    return conclude(checks)


def variant(trees: dict[str, Tree], cell: Cell, inlined: bool) -> Tree:
    """The tree of a cell; modules, wherever their source is, are made for the same kernel."""
    built_in = cell.linkage == BUILT_IN
    if cell.platform == trees[CALLS].platform and built_in and not inlined:
        return trees[CALLS]
    name = cell.debug_info if inlined else CALLS
    tree = replace(
        trees[CALLS],
        name="-".join([cell.platform.name, BUILT_IN if built_in else MODULE, name]),
        platform=cell.platform,
        fragments=(FRAGMENT, *cell.platform.fragments, *([] if built_in else [MODULE_FRAGMENT])),
    )
    return with_debug_info(tree.with_plugin(f"--debug-info={cell.debug_info}")) if inlined else tree


def with_debug_info(tree: Tree) -> Tree:
    """A tree whose Rust code, and the bitcode of helpers, have debug info that its configuration does not ask for."""
    flags = [f"{flag} -Cdebuginfo=line-tables-only" if flag.startswith("KRUSTFLAGS=") else flag for flag in tree.flags]
    return replace(tree, flags=(*flags, "CFLAGS_bindings/bindings_helpers_generated.o=-g"))


def build(trees: dict[str, Tree], cell: Cell, inlined: bool) -> Tree:
    """Make a tree, from the nearest one there is: only that of a platform's calls, built in, is made from nothing."""
    tree = variant(trees, cell, inlined)
    nearest = None
    if not tree.path.exists():
        if inlined:
            nearest = build(trees, cell, inlined=False)
        elif cell.linkage != BUILT_IN:
            nearest = build(trees, replace(cell, linkage=BUILT_IN), inlined=False)
    tree.build(nearest)
    return tree


def judge(cell: Cell, figures: Figures) -> list[Check]:
    """What must hold of a cell."""
    calls, inlined = figures.calls, figures.inlined
    driver = str(RNULL)
    untold = [
        f"{path}: {helper}"
        for path, helpers in inlined.objects.items()
        for helper in helpers.called
        if helper not in figures.stay[path]
    ]
    lines = figures.lines
    checks = [
        Check("same configuration", calls.configuration == inlined.configuration, "the .config of both"),
        nothing("calls boots and transfers are right", calls.boot.failures()),
        nothing("inlined boots and transfers are right", inlined.boot.failures()),
        Check("driver has calls to inline", bool(calls.objects[driver].called), f"{len(calls.objects[driver].called)}"),
        nothing("no helper undefined but those reported to stay", untold),
        nothing("no new warning", sorted(set(inlined.warnings) - set(calls.warnings))),
        Check("debug info is of Rust alone", lines.languages == ["DW_LANG_Rust"], listed(lines.languages)),
        Check(
            f"debug info has {'no ' if cell.debug_info == STRIP else ''}lines of helpers",
            (lines.helpers == 0) == (cell.debug_info == STRIP),
            f"{lines.helpers} helpers",
        ),
    ]
    if cell.platform.protects_branches:
        checks.append(nothing("each indirect branch and return is protected", inlined.unprotected))
    checks += compare_boots(calls.boot, inlined.boot, cell.platform.least_saving)
    return [replace(check, name=f"{cell.name}: {check.name}") for check in checks]


def summary(figures: dict[str, Figures]) -> str:
    """A line a cell, with what was counted."""
    headers = ["driver", "helpers: calls", "inlined"]
    for operation in OPERATIONS:
        headers += [f"a 4 KiB {operation}: calls", "inlined", "saved"]
    rows = []
    for name, cell in figures.items():
        row = [name, *(str(len(built.objects[str(RNULL)].called)) for built in (cell.calls, cell.inlined))]
        for operation in OPERATIONS:
            before, after = cell.calls.boot.median(operation), cell.inlined.boot.median(operation)
            row += [f"{before:,.1f}", f"{after:,.1f}", f"{before - after:,.1f}"]
        rows.append(row)
    return table(headers, rows)


def _measure(trees: dict[str, Tree], cell: Cell, calls: Built, booting: Booting) -> Figures:
    tree = build(trees, cell, inlined=True)
    inlined = _use(tree, cell.linkage, booting)
    rows = reports.read_rows(tree.tools, _driver_reports(tree) if cell.linkage == OUTSIDE else tree.reports)
    return Figures(
        calls=calls,
        inlined=inlined,
        stay={
            path: sorted(row.helper for row in rows if row.crate == Path(path).stem and row.stays())
            for path in inlined.objects
        },
        lines=helper_lines(tree.tools, _driver(tree, cell.linkage)),
    )


def _use(tree: Tree, linkage: str, booting: Booting) -> Built:
    """Build the driver where it is outside of the kernel, boot it, and read what was made."""
    if linkage == OUTSIDE:
        _build_outside(tree)
    modules = [] if linkage == BUILT_IN else [_driver(tree, linkage).with_name(f"{DRIVER}.ko")]
    crates = [RNULL] if linkage == OUTSIDE else CRATES
    paths = {str(crate): _driver(tree, linkage) if crate == RNULL else tree.path / crate for crate in crates}
    return Built(
        configuration=digest(tree.path / ".config"),
        objects={name: inspect(tree.tools, path) for name, path in paths.items()},
        warnings=sorted(tree.warnings()),
        boot=fastest_boot(tree, booting.timeout, booting.boots, modules),
        unprotected=[
            f"{name}: {branch}"
            for name, path in paths.items()
            if tree.platform.protects_branches
            for branch in unprotected(tree.tools, path)
        ],
    )


def _driver(tree: Tree, linkage: str) -> Path:
    """The driver's object."""
    return tree.path / (Path(OUTSIDE) / RNULL.name if linkage == OUTSIDE else RNULL)


def _driver_reports(tree: Tree) -> Path:
    """The reports of the driver outside of the kernel: its crate has the name of the one inside."""
    return tree.path / OUTSIDE / "reports"


def _build_outside(tree: Tree) -> None:
    """Build a copy of the driver against the built kernel, as its author would who has it in a folder of his own."""
    folder = tree.path / OUTSIDE
    folder.mkdir(exist_ok=True)
    shutil.copyfile(tree.source.path / RNULL.with_suffix(".rs"), folder / f"{RNULL.stem}.rs")
    (folder / "Kbuild").write_text(f"obj-m := {DRIVER}.o\n{DRIVER}-y := {RNULL.name}\n")
    phase(f"building the driver outside of {tree.name}")
    flags = tuple(flag.replace(str(tree.reports), str(_driver_reports(tree))) for flag in tree.flags)
    replace(tree, flags=flags).make([f"M={folder}", "modules"])


def _write(path: Path, tree: Tree, figures: dict[str, Figures], checks: list[Check]) -> None:
    """All raw figures, for other programs."""
    report = {
        "versions": tree.tools.versions() | {"kernel": tree.source.version()},
        "fragments_sha256": {path.name: digest(path) for path in sorted(HERE.glob("*.config"))},
        "cells": {name: asdict(cell) for name, cell in figures.items()},
        "checks": [asdict(check) for check in checks],
    }
    path.write_text(json.dumps(report, indent=2) + "\n")
