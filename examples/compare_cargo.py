#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Builds the packages of examples/cargo in three ways, and compares their benchmarks and, if asked to, the builds.

The three: helpers as calls; inlined, by the lines for .cargo/config.toml that `inline-helpers flags --cargo` prints;
and with ThinLTO across languages, for which clang makes bitcode of the helpers, rustc of the crates, and lld optimises
all of it. In each, C is compiled by the clang of rustc's LLVM, and programs are linked by its lld.

The result of all has to be the same. Instructions an iteration are counted as those of the other examples: see
compare.py. Code of the kernel is not counted. A build is that of one package, with the crates for its build script,
bindgen among them, made before: either all of the package, or what follows a change of its lib.rs; and once all
packages with those crates. Ratios are of runs next to each other: their median.
"""

from __future__ import annotations

import argparse
import functools
import json
import os
import re
import resource
import shutil
import statistics
import subprocess
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import compare

PACKAGES = Path(__file__).resolve().parent / "cargo"
CALLS, INLINED, THIN = "calls", "inlined", "ThinLTO"
SIDES = (CALLS, INLINED, THIN)
ALL, CHANGED = "all of the package", "after a change of lib.rs"
WORKSPACE, EVERYTHING = "all packages", "from an empty folder"

Builds = dict[str, dict[str, list[dict[str, float]]]]
"""Of each package and kind of build, the seconds of each side in one turn after the other."""


@dataclass(frozen=True)
class Benchmark:
    """That of one package."""

    package: str
    work: str
    """What an iteration does."""
    few: int = 10_000
    """Iterations of the one run that is counted."""
    many: int = 90_000
    """And of the other."""


BENCHMARKS = (
    Benchmark("xxhash", "XXH3 of 8 bytes"),
    Benchmark("libdivide", "a division by a number of run time"),
    Benchmark("liburing", "a block, read and written"),
    Benchmark("dpdk", "a packet, through a ring"),
)


@dataclass(frozen=True)
class Cargo:
    """What runs cargo on one side, with a target folder of its own."""

    side: str
    cargo: str
    rustc: str
    host: str
    """rustc's target."""
    llvm: str
    """LLVM's major version."""
    build: Path
    """The project's build folder."""
    folder: Path
    """For what all sides make."""

    @property
    def target_folder(self) -> Path:
        return self.folder / self.side

    @functools.cache
    def environment(self) -> dict[str, str]:
        """Nobody's flags are in it but the side's; those of .cargo/config.toml are added by cargo."""
        foreign = r"RUSTFLAGS|CARGO_|CC$|CFLAGS|AR$|INLINE_HELPERS|RUSTC_BOOTSTRAP"
        clang = shutil.which(f"clang-{self.llvm}") or compare.fail(f"there is no command clang-{self.llvm}")
        kept = {name: value for name, value in os.environ.items() if not re.match(foreign, name)}
        flags = [f"-Clinker={clang}", "-Clink-arg=-fuse-ld=lld"]
        own = {"PATH": f"{self.build / 'bin'}:{os.environ['PATH']}", "RUSTC": self.rustc, "CLANG_PATH": clang}
        own |= {"CARGO_TARGET_DIR": str(self.target_folder), "CC": clang, "AR": f"llvm-ar-{self.llvm}"}
        if self.side == INLINED:
            words = (self.build / "bin" / "inline-helpers", "flags", "--cargo", f"--report={self.reports()}")
            configuration = tomllib.loads(compare.run(*words))
            flags += configuration["build"]["rustflags"]
            own |= configuration["env"] | {"INLINE_HELPERS_REQUIRED": "1"}
        if self.side == THIN:
            flags.append("-Clinker-plugin-lto")
            own["CFLAGS"] = "-flto=thin"
        own[f"CARGO_TARGET_{self.host.upper().replace('-', '_')}_RUSTFLAGS"] = " ".join(flags)
        return kept | own

    def run(self, command: str, *arguments: str | Path) -> str:
        """Run a cargo command; return what it prints. Named, the target is one: its flags are not for build scripts."""
        options = ["--offline", "--locked", "--target", self.host]
        done = subprocess.run(
            [self.cargo, command, *options, *map(str, arguments)],
            cwd=PACKAGES, env=self.environment(), capture_output=True, text=True,
        )  # fmt: skip
        if done.returncode != 0:
            compare.fail(f"cargo {command} failed, {self.side}\n{done.stdout}{done.stderr}".rstrip())
        return done.stdout

    def test(self, package: str) -> str:
        """Run the tests of a package, in the profile of the benchmarks; return what they print."""
        return self.run("test", "--release", "--package", package)

    def reports(self) -> Path:
        """Where rustc writes reports."""
        return self.target_folder / self.host / "release" / "inline-helpers"

    def programs(self, *arguments: str) -> dict[str, Path]:
        """Build benchmarks; return the program of each package."""
        lines = self.run("bench", "--benches", "--no-run", "--message-format=json", *arguments).splitlines()
        messages = [json.loads(line) for line in lines]
        built = [one for one in messages if one.get("executable") and one["target"]["kind"] == ["bench"]]
        return {Path(one["manifest_path"]).parent.name: Path(one["executable"]) for one in built}

    def outdate(self, package: str, kind: str) -> None:
        """Have the next build be of a kind."""
        if kind == CHANGED:
            os.utime(PACKAGES / package / "src" / "lib.rs")
        else:
            folder = self.target_folder if kind == EVERYTHING else self.target_folder / self.host
            shutil.rmtree(folder, ignore_errors=True)


def sides(build: Path, rustc: str, folder: Path) -> dict[str, Cargo]:
    """With the crates that build scripts need compiled once for all."""
    version = compare.run(rustc, "-vV")
    host, llvm = (re.search(rf"^{name}: ([\w-]+)", version, re.MULTILINE)[1] for name in ("host", "LLVM version"))
    cargo = shutil.which("cargo", path=Path(rustc).parent) or shutil.which("cargo")
    if cargo is None:
        compare.fail("there is no command cargo", "tools/setup --check installs what is missing")
    made = {side: Cargo(side, cargo, rustc, host, llvm, build, folder) for side in SIDES}
    made[CALLS].run("bench", "--no-run")
    for side in (INLINED, THIN):
        # Of the target's folder, which has what a side makes, nothing.
        shutil.copytree(
            made[CALLS].target_folder / "release", made[side].target_folder / "release",
            symlinks=True, dirs_exist_ok=True,
        )  # fmt: skip
    return made


def instructions(benchmark: Benchmark, program: Path) -> tuple[str, float]:
    """What a benchmark prints, and how many instructions an iteration takes."""
    few, many = (compare.callgrind(program, count)[0] for count in (benchmark.few, benchmark.many))
    return compare.run(program, benchmark.many).strip(), (many - few) / (benchmark.many - benchmark.few)


def count(made: dict[str, Cargo], benchmarks: Sequence[Benchmark]) -> dict[str, dict[str, float]]:
    """The instructions an iteration of each package's benchmark on each side."""
    packages = [word for one in benchmarks for word in ("--package", one.package)]
    programs = {side: cargo.programs(*packages) for side, cargo in made.items()}
    figures: dict[str, dict[str, float]] = {}
    for benchmark in benchmarks:
        counted = {side: instructions(benchmark, programs[side][benchmark.package]) for side in SIDES}
        results = {side: result for side, (result, _) in counted.items()}
        if len(set(results.values())) != 1:
            compare.fail(f"{benchmark.package}: results differ: {results}")
        figures[benchmark.package] = {side: round(figure, 1) for side, (_, figure) in counted.items()}
    return figures


def seconds(cargo: Cargo, package: str, kind: str) -> float:
    """The processor seconds of all processes of a build."""
    cargo.outdate(package, kind)
    only = [] if kind == EVERYTHING else ["--package", package]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    cargo.programs(*only)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def build_times(made: dict[str, Cargo], packages: Iterable[str], runs: int) -> Builds:
    """What each side's builds take, in turn."""
    figures: Builds = {}
    kinds = [(package, kind) for package in packages for kind in (ALL, CHANGED)]
    for package, kind in [*kinds, (WORKSPACE, EVERYTHING)]:
        # What the first build leaves in the system's caches, and before a change has to be there, is not counted.
        for cargo in made.values() if kind != EVERYTHING else ():
            seconds(cargo, package, kind)
        turns = [{side: seconds(cargo, package, kind) for side, cargo in made.items()} for _ in range(runs)]
        figures.setdefault(package, {})[kind] = turns
    return figures


def ratio(turns: list[dict[str, float]], side: str) -> float:
    """Of a side to calls."""
    return statistics.median(turn[side] / turn[CALLS] for turn in turns)


def print_instructions(figures: dict[str, dict[str, float]]) -> None:
    rows = [
        [one.package, one.work, *(f"{figures[one.package][side]:.1f}" for side in SIDES)]
        + [f"{figures[one.package][side] / figures[one.package][CALLS]:.2f}" for side in (INLINED, THIN)]
        for one in BENCHMARKS
        if one.package in figures
    ]
    print("\nInstructions an iteration, with the same results; then ratios to calls\n")
    print_table(["", "what it does", *SIDES, INLINED, THIN], rows, 2)


def print_builds(figures: Builds) -> None:
    rows = []
    for package, kinds in figures.items():
        for kind, turns in kinds.items():
            medians = [f"{statistics.median(turn[side] for turn in turns):.2f}" for side in SIDES]
            rows.append([package, kind, *medians, *(f"{ratio(turns, side):.3f}" for side in (INLINED, THIN))])
    print("\nProcessor seconds of a build; then ratios to calls\n")
    print_table(["", "what is built", *SIDES, INLINED, THIN], rows, 2)


def print_table(headers: list[str], rows: list[list[str]], texts: int) -> None:
    from tabulate import tabulate

    align = ["left"] * texts + ["right"] * (len(headers) - texts)
    print(tabulate(rows, headers=headers, disable_numparse=True, colalign=align))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    root = Path(__file__).resolve().parent.parent
    parser.add_argument("--build", type=Path, default=root / "build", help="the build folder (default: build)")
    parser.add_argument("--rustc", help="the compiler (default: the one that the build is for)")
    parser.add_argument("--builds", type=int, default=0, metavar="RUNS", help="time so many builds of each side, too")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to a file, too")
    names = [one.package for one in BENCHMARKS]
    parser.add_argument("--only", action="append", choices=names, help="may be given more than once (default: all)")
    options = parser.parse_args()

    build = options.build.resolve()
    rustc = options.rustc or compare.rustc_of(build)
    print(f"Building the packages of examples/cargo with {compare.run(rustc, '--version').strip()}.", flush=True)
    made = sides(build, rustc, build / "examples" / "cargo")
    chosen = options.only or names
    figures = {"instructions": count(made, [one for one in BENCHMARKS if one.package in chosen])}
    print_instructions(figures["instructions"])
    if options.builds:
        figures["builds"] = build_times(made, chosen, options.builds)
        print_builds(figures["builds"])
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
