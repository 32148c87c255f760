# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Checks a kernel with KASAN: what is inlined is checked like the rest, and what must not be checked is not."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import reports
from boot import Boot, boot
from console import phase, table
from dependencies import Edits
from objects import count_references, inspect
from platforms import HERE
from tree import CALLS, CRATES, FRAGMENT, INLINED, SMALL, Tree
from verdict import Check, conclude, listed, nothing

SOURCES = HERE / "kasan"
LIST = Path("rust/helpers/helpers.c")
LAST = '#include "workqueue.c"\n'
MODULE = "kasan_check"
CHECKED = "rust_helper_kasan_checked"
UNCHECKED = "rust_helper_kasan_unchecked"
READER = "12checked_read"
"""How a mangled name says checked_read, the Rust function that calls CHECKED."""
CHECKS = ("__asan_load", "__asan_store", "__asan_mem")
"""How the names of the functions begin that check an access."""
TRANSFERS = 1000
"""A round: with every access checked, a transfer takes several times as long."""

RUST_OBJECTS = tuple(
    [Path("rust") / f"{name}.o" for name in ("core", "compiler_builtins", "build_error", "bindings", "uapi", "kernel")]
    + [crate for crate in CRATES if crate.parts[0] != "rust"]
)

_REPORT = re.compile(r"BUG: KASAN: (\S+ in \S+?)\+0x")
_LEFT = re.compile(r"helper '(\w+)' stays a call: (.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Object:
    """One object of Rust code; each pair is without the plugin, and with it."""

    name: str
    checks: tuple[int, int]
    """Calls that check an access."""
    called: tuple[list[str], list[str]]
    """Helpers that are called."""


@dataclass(frozen=True)
class Figures:
    """Everything that is judged."""

    objects: list[Object]
    left: dict[str, str]
    """The helpers that stay calls, and why."""
    called_by_module: list[str]
    boot: Boot


def run(trees: dict[str, Tree], boot_timeout: float) -> int:
    """Build, boot and judge; 0 if every check passed."""
    calls, inlined = (
        replace(trees[name], name=f"kasan-{name}", fragments=(FRAGMENT, SMALL, SOURCES / "kasan.config"))
        for name in (CALLS, INLINED)
    )
    # The log then tells what stays a call, and why.
    inlined = inlined.with_plugin("--leftover=warn")
    calls.source.unpack()
    edits = Edits(calls.source)
    try:
        edits.replace(LIST, LAST, f'{LAST}#include "{SOURCES / "helpers.c"}"\n', keep_date=True)
        _build_rust(calls)
        inlined.build(calls)
        module = _build_module(inlined)
    finally:
        edits.undo()
    figures = Figures(
        objects=[_compare(calls, inlined, path) for path in RUST_OBJECTS],
        left=read_left(inlined.log.read_text()),
        called_by_module=inspect(inlined.tools, module.with_suffix(".o")).called,
        boot=boot(inlined, boot_timeout, TRANSFERS, "kasan_multi_shot", last_modules=[module]),
    )
    reported = reports.read(calls, inlined, [module.with_suffix(".o")])
    print(_table(figures.objects))
    print(reports.summary(reported))
    print(table(["helper that stays a call", "why"], sorted(figures.left.items())))
    return conclude(judge(figures) + reports.judge(reported))


def judge(figures: Figures) -> list[Check]:
    """What must hold of a kernel with KASAN."""
    checks = []
    for rust in figures.objects:
        before, after = rust.checks
        checks.append(Check(f"{rust.name} has no check less", after >= before, f"{before} before, {after} now"))
        untold = sorted(set(rust.called[1]) - set(figures.left))
        checks.append(nothing(f"{rust.name} calls what was told", untold))
        if rust.called[0]:
            before, after = map(len, rust.called)
            checks.append(Check(f"{rust.name} inlines", after < before, f"{before} helpers called before, {after} now"))
    failures = figures.boot.failures()
    why = figures.left.get(UNCHECKED, "no reason given")
    unchecked, checked = read_reports(figures.boot.afterwards)
    return checks + [
        nothing("boots and transfers are right", failures),
        Check("a helper to be checked is inlined", CHECKED not in figures.called_by_module, CHECKED),
        Check("a helper not to be checked stays a call", UNCHECKED in figures.called_by_module, UNCHECKED),
        Check("and it is told why", "sanitize_address" in why, why),
        nothing("its read past the end is not reported", ["not reached"] if unchecked is None else unchecked),
        Check(
            "the inlined read past the end is reported once, in the Rust function",
            len(checked) == 1 and checked[0].startswith("slab-out-of-bounds in ") and READER in checked[0],
            listed(checked),
        ),
    ]


def read_left(log: str) -> dict[str, str]:
    """The helpers that leftover=warn told of, and why each stays a call."""
    return dict(_LEFT.findall(log))


def read_reports(console: str) -> tuple[list[str] | None, list[str]]:
    """KASAN's reports at the unchecked read and at the checked one; None for what was not reached."""
    parts = re.split(rf"^.*\b{MODULE}: (?:unchecked read|checked read|end)\r?$", console, flags=re.MULTILINE)
    if len(parts) != 4:
        return None, []
    return _REPORT.findall(parts[1]), _REPORT.findall(parts[2])


def _build_rust(tree: Tree) -> None:
    """Make the Rust part alone: the rest of this tree is not asked for."""
    tree.configure()
    phase(f"building the Rust part of {tree.name}")
    tree.make([str(path) for path in RUST_OBJECTS if path.parts[0] != "rust"])


def _build_module(tree: Tree) -> Path:
    """Build the module as one outside of the kernel's tree, where it is not in anyone's way."""
    folder = tree.source.work / MODULE
    shutil.copytree(SOURCES / "module", folder, dirs_exist_ok=True)
    phase(f"building {MODULE}")
    tree.make([f"M={folder}", "modules"])
    return folder / f"{MODULE}.ko"


def _compare(calls: Tree, inlined: Tree, path: Path) -> Object:
    paths = [tree.path / path for tree in (calls, inlined)]
    tools = calls.tools
    return Object(
        str(path),
        (count_references(tools, paths[0], CHECKS), count_references(tools, paths[1], CHECKS)),
        (inspect(tools, paths[0]).called, inspect(tools, paths[1]).called),
    )


def _table(objects: list[Object]) -> str:
    rows = [[rust.name, *map(str, rust.checks), *(str(len(called)) for called in rust.called)] for rust in objects]
    return table(["with KASAN", "checks, calls", "inlined", "helpers called, calls", "inlined"], rows)
