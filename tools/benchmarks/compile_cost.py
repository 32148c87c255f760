# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What it costs the compiler to inline helpers, and what that saves the program, beside link-time optimisation.

Two crates of Linux, a program with a large crate of crates.io, and a small program for each of four libraries of header
files: each is built in turn in all ways."""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import builds
import compile_time
import programs
import tree
from builds import Build, median, ratio, ratios
from commands import Command
from console import HarnessError, phase
from parts import Bars, Limit, Part, Table, Text
from programs import BITCODE, CALLS, FAT, LIBRARIES, LLVM_LINK, NATIVE, PACKED, THIN, Program
from setting import Setting
from toolchain import Toolchain, output, require

HELP = "compile time and memory, and the code that is made, beside llvm-link and link-time optimisation"
TITLE = "Compile time, and code, beside link-time optimisation"

KERNEL = "kernel"
LARGE = "large"
TARGETS = (KERNEL, LARGE, *(library.name for library in LIBRARIES))
CRATES = {compile_time.RNULL: "rnull.rs", "rust/kernel.o": "Linux's crate kernel"}
OF_KERNEL = {compile_time.PLAIN: CALLS, compile_time.PLUGIN: BITCODE, compile_time.OWN: LLVM_LINK}
SIDES = (CALLS, BITCODE, PACKED, NATIVE, THIN, FAT)
SIDES_OF_LARGE = (CALLS, BITCODE, PACKED, NATIVE, LLVM_LINK, THIN, FAT)
MOST_TIME = 1.01
"""Of the compile time of calls, for a crate of the kernel."""
MOST_MEMORY = 1.05

INTRODUCTION = f"""\
A row is all that one way takes from C and Rust to an object of the kernel, or to a linked program, the C of the helpers
included: processor seconds of all processes, and the peak memory of the largest. All programs are linked by lld. Ratios
are of runs next to each other: the median, and the range of half of them.

- `{CALLS}`: the helpers are compiled to a native object.
- `{BITCODE}`: they are compiled to bitcode, and to no object, as each has to be inlined (`--leftover=error`).
- `{PACKED}`: that bitcode is packed, too.
- `{NATIVE}`: the object is made beside the bitcode, for helpers that stay calls.
- `{LLVM_LINK}`: Linux 7.1's way. Rust's bitcode, with all helpers linked in, is compiled by clang.
- `{THIN}` and `{FAT}`: the linker optimises across languages (clang's `-flto`, rustc's `-Clinker-plugin-lto`; for fat
  LTO also `-Clto=fat`, which takes in the standard library).

The kernel has no link-time optimisation of Rust, and the bitcode of its helpers, which is made once, is not counted."""


def options(parser: argparse.ArgumentParser) -> None:
    """What the sub-command takes."""
    parser.add_argument(
        "--only", action="append", choices=TARGETS, help="may be given more than once (default: all of them)"
    )
    parser.add_argument("--runs", type=int, default=9, help="of each side, in turn (default: %(default)s)")
    parser.add_argument(
        "--runs-of-large", type=int, default=3, metavar="RUNS",
        help="of the program with a large crate, which takes minutes each (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument("--count", action="store_true", help="also count the compilers' instructions, with valgrind")
    parser.add_argument("--jobs", type=int, default=2, help="of a kernel that is not built yet (default: %(default)s)")


def measure(setting: Setting, arguments: argparse.Namespace) -> dict[str, Any]:
    """Build everything in all ways, and run what can be run."""
    tools = setting.kernel_tools()
    require([tools.llvm(tool) for tool in ("llvm-link", "ld.lld")])
    chosen = arguments.only or TARGETS
    found: list[Build] = []
    if KERNEL in chosen:
        found += measure_kernel(setting, tools, arguments)
    for library in LIBRARIES:
        if LARGE in chosen or library.name in chosen:
            programs.prepare(tools, library, setting.work)
    if LARGE in chosen:
        program = programs.large(tools, setting.work)
        found.append(measure_program(tools, program, SIDES_OF_LARGE, arguments.runs_of_large, arguments.count))
    for library in LIBRARIES:
        if library.name in chosen:
            program = programs.small(tools, library, setting.work)
            build = measure_program(tools, program, SIDES, arguments.runs, arguments.count)
            built = {side: programs.result_of(program, side) for side in SIDES}
            found.append(build | {"work": library.work, "iteration": iterations(setting, built)})
    return {"builds": found, "versions": tools.versions() | programs.versions()}


def measure_kernel(setting: Setting, tools: Toolchain, arguments: argparse.Namespace) -> list[Build]:
    """Compile crates of Linux by the commands that kbuild recorded."""
    work = setting.build / "kernel"
    with tree.locked(work):
        trees = tree.trees(tools, work, arguments.jobs)
        tree.build(trees, [tree.INLINED])
        found = [crate for crate in compile_time.crates(trees[tree.INLINED]) if crate.target in CRATES]
        return [
            measure_sides(
                CRATES[crate.target],
                {OF_KERNEL[side]: commands for side, commands in crate.sides.items()},
                arguments.runs,
                arguments.count,
            )
            for crate in found
        ]


def measure_program(tools: Toolchain, program: Program, sides: Sequence[str], runs: int, count: bool) -> Build:
    """Compile and link one program."""
    phase(f"{program.name}: preparing")
    commands = {side: programs.commands(tools, program, side) for side in sides}
    build = measure_sides(program.name, commands, runs, count)
    results = {side: output([programs.result_of(program, side), "1000"]) for side in sides}
    if len(set(results.values())) > 1:
        raise HarnessError(f"{program.name}: results differ: {results}")
    return build


def measure_sides(name: str, sides: Mapping[str, Sequence[Command]], runs: int, count: bool) -> Build:
    """Run all sides in turn."""
    phase(f"{name}: {', '.join(sides)}")
    return {"name": name, **builds.measure(sides, runs, count)}


def iterations(setting: Setting, built: Mapping[str, Path]) -> dict[str, float]:
    """The instructions an iteration of each program: the difference of two runs, as for the examples."""
    sys.path.insert(0, str(setting.project / "examples"))
    import compare

    figures = {}
    for side, program in built.items():
        phase(f"{program.name}: counting instructions an iteration, {side}")
        few, many = (compare.callgrind(program, count)[0] for count in (compare.FEW, compare.MANY))
        figures[side] = (many - few) / (compare.MANY - compare.FEW)
    return figures


def report(results: dict[str, Any]) -> list[Part]:
    """Tables, plots, and what must hold."""
    made = results["builds"]
    with_loop = [build for build in made if "iteration" in build]
    parts: list[Part] = [
        Text(INTRODUCTION),
        *(_table(build) for build in made),
    ]
    if with_loop:
        parts += [_iterations(with_loop), _plot_of_iterations(with_loop)]
    if made:
        parts.append(_plot_of_ratios(made))
    return [*parts, *(limit for build in made for limit in _limits(build))]


def spread(values: Sequence[float]) -> tuple[float, float]:
    """Half of the values are between these."""
    if len(values) < 2:
        return values[0], values[0]
    low, _, high = statistics.quantiles(values, n=4, method="inclusive")
    return low, high


def sides_of(build: Build) -> list[str]:
    """Those that were measured, in the order of the report."""
    return list(build["runs"][0])


def _table(build: Build) -> Table:
    counts = build.get("instructions")
    headers = ["", "seconds", "ratio", "half of them", "MiB", "ratio"]
    if counts:
        headers += ["million instructions", "ratio"]
    rows = []
    for side in sides_of(build):
        seconds, memory = (median(build, side, part) for part in ("processor", "memory"))
        low, high = spread(ratios(build, side))
        row = [side, f"{seconds:.3f}", f"{ratio(build, side):.3f}", f"{low:.3f} to {high:.3f}"]
        row += [f"{memory / 1024:.0f}", f"{ratio(build, side, 'memory'):.3f}"]
        if counts:
            row += [f"{counts[side] / 1e6:,.0f}", f"{counts[side] / counts[CALLS]:.4f}"]
        rows.append(row)
    return Table(f"{build['name']}: to build it, {len(build['runs'])} runs of each", headers, rows)


def _iterations(made: Sequence[Build]) -> Table:
    sides = sides_of(made[0])
    rows = [[build["name"], build["work"], *(f"{build['iteration'][side]:.1f}" for side in sides)] for build in made]
    return Table("Instructions an iteration, with the same results", ["library", "what it does", *sides], rows)


def _plot_of_iterations(made: Sequence[Build]) -> Bars:
    sides = {side: [build["iteration"][side] for build in made] for side in (CALLS, BITCODE, THIN, FAT)}
    names = [build["name"] for build in made]
    return Bars("compile-iterations", "Instructions an iteration", "instructions", names, sides)


def _plot_of_ratios(made: Sequence[Build]) -> Bars:
    sides = {
        side: [ratio(build, side) if side in sides_of(build) else None for build in made]
        for side in (BITCODE, LLVM_LINK, THIN)
    }
    names = [build["name"] for build in made]
    return Bars("compile-ratios", "Processor time to build, beside calls", "ratio", names, sides)


def _limits(build: Build) -> list[Limit]:
    name = build["name"]
    if name in CRATES.values():
        limits = [Limit(f"{name}: time beside calls", ratio(build, BITCODE), MOST_TIME)]
        if "instructions" in build:
            counts = build["instructions"]
            limits.append(Limit(f"{name}: instructions beside calls", counts[BITCODE] / counts[CALLS], MOST_TIME))
        return [*limits, Limit(f"{name}: memory beside calls", ratio(build, BITCODE, "memory"), MOST_MEMORY)]
    limits = []
    if "iteration" in build:
        # Some instructions of a program's start and end differ from run to run.
        ours, theirs = (round(build["iteration"][side], 1) for side in (BITCODE, THIN))
        limits.append(Limit(f"{name}: instructions an iteration beside {THIN}", ours, theirs))
        limits.append(Limit(f"{name}: time to build beside {THIN}", ratio(build, BITCODE, other=THIN), 1))
    return [*limits, Limit(f"{name}: memory beside calls", ratio(build, BITCODE, "memory"), MOST_MEMORY)]
