# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What libraries of any size cost crates that use a part of them.

A crate is compiled in turn by plain rustc, with the plugin and a library of bitcode, with the plugin and the same library
packed, and by rustc, llvm-link and clang, as Linux 7.1 does."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import builds
import sources
from builds import CALLS, Build, median, ratio
from commands import Command
from console import phase
from parts import Limit, Lines, Part, Table, Text
from setting import Setting
from toolchain import Compilers, output, require

HELP = "libraries of 10 to 100,000 helpers, and crates that use some of them"
TITLE = "Libraries of any size"

BITCODE = "bitcode"
PACKED = "packed"
LLVM_LINK = "llvm-link"
SIDES = (CALLS, BITCODE, PACKED, LLVM_LINK)
OWN_FUNCTIONS = 20
"""Of each crate: without any, a crate would take less time than rustc's start."""

Point = Build
"""Of one library and one crate: how many helpers it has, and how many of them are wanted, too."""


def options(parser: argparse.ArgumentParser) -> None:
    """What the sub-command takes."""
    parser.add_argument(
        "--helpers", type=_numbers, default="10,100,1000,10000,100000", help="of a library (default: %(default)s)"
    )
    parser.add_argument("--wanted", type=_numbers, default="0,2,100,10000", help="by a crate (default: %(default)s)")
    parser.add_argument("--runs", type=int, default=9, help="of each side, in turn (default: %(default)s)")
    parser.add_argument("--count", action="store_true", help="also count instructions, with valgrind: minutes a crate")


def measure(setting: Setting, arguments: argparse.Namespace) -> dict[str, Any]:
    """Measure every library with every crate that can be of it."""
    require([setting.tools.llvm("llvm-link")])
    points = []
    for helpers in arguments.helpers:
        library = make_library(setting, helpers)
        # What all of them cost says whether that is linear.
        for wanted in sorted({*arguments.wanted, *([helpers] if 1000 <= helpers <= 10_000 else [])}):
            if wanted <= helpers:
                points.append(measure_crate(setting, library, helpers, wanted, arguments))
    return {"points": points}


def make_library(setting: Setting, count: int) -> dict[str, Path]:
    """Compile `count` helpers, and pack them; what each side takes."""
    source = setting.work / f"helpers-{count}.c"
    bitcode, packed = source.with_suffix(".bc"), source.with_suffix(".a")
    source.write_text(sources.library(count))
    command = setting.tools.inline_helpers
    phase(f"compiling {count:,} helpers")
    output([command, "compile", "-o", bitcode, source, "--", "-O2"])
    phase(f"packing {count:,} helpers")
    output([command, "pack", "-o", packed, bitcode])
    return {BITCODE: bitcode, PACKED: packed, LLVM_LINK: bitcode}


def measure_crate(
    setting: Setting, library: dict[str, Path], helpers: int, wanted: int, arguments: argparse.Namespace
) -> Point:
    """Compile one crate on all sides in turn."""
    phase(f"{helpers:,} helpers, {wanted:,} wanted")
    source = setting.work / "crate.rs"
    source.write_text(sources.crate(sources.spread(helpers, wanted) if wanted else [], OWN_FUNCTIONS))
    sides = {side: commands(setting.tools, source, side, library.get(side)) for side in SIDES}
    return {"helpers": helpers, "wanted": wanted, **builds.measure(sides, arguments.runs, arguments.count)}


def commands(tools: Compilers, source: Path, side: str, library: Path | None) -> list[Command]:
    """What makes the crate's object on a side."""
    result = source.with_name(f"{side}.o")
    bitcode, linked = result.with_suffix(".bc"), result.with_suffix(".m.bc")
    rustc: list[str | Path] = [tools.rustc, "-O", "-Ccodegen-units=1", "-Cpanic=abort", source]
    made: list[list[str | Path]]
    if library is None:
        made = [[*rustc, f"--emit=obj={result}"]]
    elif side == LLVM_LINK:
        made = [
            [*rustc, f"--emit=llvm-bc={bitcode}"],
            [tools.llvm("llvm-link"), "--internalize", "--suppress-warnings", bitcode, library, "-o", linked],
            [tools.llvm("clang"), "-O2", "-Wno-override-module", "-c", linked, "-o", result],
        ]
    else:
        made = [[*rustc, *output([tools.inline_helpers, "flags", library]).split(), f"--emit=obj={result}"]]
    environment = dict(os.environ) | {"RUSTC_BOOTSTRAP": "1"}
    return [Command([str(word) for word in words], environment, source.parent) for words in made]


def report(results: dict[str, Any]) -> list[Part]:
    """Tables, plots, and what must hold."""
    points = results["points"]
    found: list[Part] = [
        Text(
            "A generated library of small helpers, with the types, tables and static functions that each four of them share, and "
            "a crate with 20 functions of its own and one more for each helper that it uses. The same library is bitcode, and "
            "packed by `inline-helpers pack`. The llvm-link way is Linux 7.1's: rustc writes bitcode, `llvm-link "
            "--internalize` adds the whole library, clang makes the object."
        ),
        _table(points, "processor", "Processor seconds, median, and how many times those of calls", 1, 3),
        _table(points, "memory", "Peak memory of the largest process in MiB, median, and the ratio", 1024, 0),
    ]
    if any(point["helpers"] == point["wanted"] for point in points):
        found.append(
            Text(
                "Where a crate uses all helpers of a large library, what is above the memory of calls is the code that the crate "
                "then has: LLVM keeps all of it to the end of code generation. The llvm-link way's is the memory of the largest "
                "of three processes, none of which has that code besides all that rustc knows of the crate."
            )
        )
    if counted := [point for point in points if "instructions" in point]:
        found.append(_instructions(counted))
    of_two = [point for point in points if point["wanted"] == 2]
    if len(of_two) > 1:
        title, x = "A crate that uses 2 helpers", "helpers in the library"
        found.append(Lines("scale-time", title, x, "processor seconds", _lines(of_two, "processor", 1)))
        found.append(Lines("scale-memory", title, x, "peak memory in MiB", _lines(of_two, "memory", 1024)))
    return [*found, *_limits(points)]


def _lines(points: Sequence[Point], part: str, unit: float) -> dict[str, Sequence[tuple[float, float]]]:
    return {side: [(point["helpers"], median(point, side, part) / unit) for point in points] for side in SIDES}


def _limits(points: Sequence[Point]) -> list[Limit]:
    limits = []
    of_all = {}
    for point in points:
        helpers, wanted = point["helpers"], point["wanted"]
        name = f"{wanted:,} of {helpers:,} helpers, packed"
        if helpers == 100_000 and wanted == 2:
            limits.append(Limit(f"{name}: time beside calls", ratio(point, PACKED, "processor"), 1.02))
            limits.append(Limit(f"{name}: peak memory beside calls", ratio(point, PACKED, "memory"), 1.05))
        if helpers == wanted:
            of_all[helpers] = (median(point, PACKED, "processor") - median(point, CALLS, "processor")) / helpers
        if helpers == wanted == 10_000:
            linked = ratio(point, PACKED, "processor", LLVM_LINK)
            limits.append(Limit(f"{name}: time beside llvm-link", linked, 1.0))
    if of_all.keys() >= {1_000, 10_000}:
        name = "packed: what one more helper takes, of 10,000 beside of 1,000"
        limits.append(Limit(name, of_all[10_000] / of_all[1_000], 1.15))
    return limits


def _table(points: Sequence[Point], part: str, title: str, unit: float, digits: int) -> Table:
    headers = ["helpers", "wanted", CALLS]
    for side in SIDES[1:]:
        headers += [side, "ratio"]
    rows = []
    for point in points:
        row = [f"{point['helpers']:,}", f"{point['wanted']:,}"]
        for side in SIDES:
            row.append(f"{median(point, side, part) / unit:.{digits}f}")
            if side != CALLS:
                row.append(f"{ratio(point, side, part):.3f}")
        rows.append(row)
    return Table(title, headers, rows)


def _instructions(points: Sequence[Point]) -> Table:
    headers = ["helpers", "wanted", *(f"{side}, millions" for side in SIDES), "packed, ratio"]
    rows = []
    for point in points:
        counts = point["instructions"]
        row = [f"{point['helpers']:,}", f"{point['wanted']:,}", *(f"{counts[side] / 1e6:,.1f}" for side in SIDES)]
        rows.append([*row, f"{counts[PACKED] / counts[CALLS]:.4f}"])
    return Table("Instructions of all processes", headers, rows)


def _numbers(text: str) -> list[int]:
    try:
        return [int(part) for part in text.split(",")]
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is no list of numbers, such as 10,1000") from None
