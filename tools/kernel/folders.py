# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Builds in the kernel's own folder, with ccache, as many a developer does, and cleans up."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from console import phase
from dependencies import BITCODE, CHANGES, HELPER, TARGETS, Edits, State
from objects import inspect
from toolchain import output, require
from tree import CALLS, CRATES, Source, Tree
from verdict import Check, conclude, nothing

REPORTS = Path(".tmp_inline-helpers")
ALWAYS_MADE = Path(".missing-syscalls.d")
"""kbuild looks for missing system calls whatever it makes."""
LEFT_BY_KBUILD = Path("scripts/target.json")
"""scripts/Makefile names it for x86 alone, which `make mrproper` no longer knows then."""


@dataclass(frozen=True)
class Figures:
    """Everything that is judged."""

    called: list[str]
    """The helpers that crates call."""
    reports: int
    again: list[str]
    """What a second make makes."""
    stale: list[str]
    """The bitcode that is as before after a helper changed."""
    other: list[str]
    """What is not as at first when the helper is."""
    cleaned: list[str]
    """The reports that `make clean` leaves, and the bitcode that it does not."""
    differing: list[str]
    """The files that there are before, or after `make mrproper`, but not both."""


def run(trees: dict[str, Tree]) -> int:
    """Build, change, clean and judge; 0 if every check passed."""
    require(["ccache"])
    calls = trees[CALLS]
    calls.source.unpack()
    source = Source(calls.source.work / "folders")
    shutil.rmtree(source.work, ignore_errors=True)
    source.work.mkdir()
    phase(f"copying the source to {source.path}")
    output(["cp", "--archive", "--reflink=auto", calls.source.path, source.path])
    tools = calls.tools
    # The objects are where the source is: for kbuild O= says no more than that.
    plain = replace(calls, source=source, name=source.path.name)
    tree = replace(
        plain,
        flags=(f"CC=ccache {tools.llvm('clang')}",),
        command=(str(tools.inline_helpers), "kernel", "--"),
    )
    try:
        return conclude(judge(_measure(plain, tree)))
    finally:
        shutil.rmtree(source.work, ignore_errors=True)


def judge(figures: Figures) -> list[Check]:
    """What must hold of a build in the kernel's own folder."""
    return [
        nothing("in the tree: crates call no helper", figures.called),
        Check("in the tree: there are reports", figures.reports > 0, f"{figures.reports} reports"),
        nothing("in the tree: a second make makes nothing", figures.again),
        nothing("ccache: a changed helper changes the bitcode", figures.stale),
        nothing("ccache: with the helper as it was, the first bytes again", figures.other),
        nothing("clean removes the reports and leaves the bitcode", figures.cleaned),
        nothing("mrproper leaves the files that there were", figures.differing),
    ]


def _measure(plain: Tree, tree: Tree) -> Figures:
    def make(targets: Sequence[str]) -> None:
        tree.make(targets, {"CCACHE_DIR": str(tree.source.work / "ccache")})

    before = _files(tree)
    plain.configure()
    (tree.path / ".harness-fragment").unlink()
    phase("building in the tree")
    make(TARGETS)
    reports = tree.path / REPORTS
    first = State.of(tree)
    everything = State.of_all(tree)
    called = sorted({name for crate in CRATES for name in inspect(tree.tools, tree.path / crate).called})
    count = len(list(reports.iterdir()))
    phase("once more")
    make(TARGETS)
    again = _names(State.of_all(tree).newer(everything) - {ALWAYS_MADE})
    edits = Edits(tree.source)
    phase(f"changed {HELPER}")
    for old, new in CHANGES:
        edits.replace(HELPER, old, new)
    make(TARGETS)
    stale = _names(set(BITCODE) - State.of(tree).changed(first))
    phase(f"restored {HELPER}")
    for old, new in CHANGES:
        edits.replace(HELPER, new, old)
    make(TARGETS)
    other = _names(State.of(tree).changed(first))
    phase("cleaning")
    make(["clean"])
    cleaned = [str(REPORTS)] if reports.exists() else []
    cleaned += [str(path) for path in BITCODE if not (tree.path / path).exists()]
    make(["mrproper"])
    return Figures(called, count, again, stale, other, cleaned, _names((before ^ _files(tree)) - {LEFT_BY_KBUILD}))


def _files(tree: Tree) -> set[Path]:
    return {path.relative_to(tree.path) for path in tree.path.rglob("*") if not path.is_dir()}


def _names(paths: set[Path]) -> list[str]:
    return sorted(map(str, paths))
