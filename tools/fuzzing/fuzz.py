# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares random programs with helpers as calls and inlined: both must print the same.

Each seed is a C program of csmith whose functions are helpers, called from Rust. It is compiled once with calls, and
with its helpers inlined at three optimisation levels, each with 1 and 8 codegen units. In every other batch the helpers
share static variables with an object that inline-helpers makes with the bitcode."""

from __future__ import annotations

import argparse
import itertools
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import programs
import variants
from variants import CALLS_SECONDS, CONFIGURATIONS, INLINED_SECONDS, Batch, Configuration, Failed, Tools

PROJECT = Path(__file__).resolve().parents[2]
BATCH = 20
"""Programs a crate; a seed's batch decides its C flags."""
ENOUGH = 3
"""Findings in one configuration of a batch, and seeds that are looked at alone: more would say nothing new."""
LEAST_SHARE = 0.5
"""Of Rust's calls of helpers, that must be inlined: a comparison of calls with calls proves nothing."""
EXAMPLES = """\
examples:
  tools/fuzz --count 100
  tools/fuzz --seed 4711 --count 1 --keep /tmp/seed-4711    one program, its files kept
"""


@dataclass(frozen=True)
class Finding:
    """What is wrong with a seed in a configuration."""

    kind: str
    seed: int
    configuration: Configuration | str
    text: str


@dataclass
class Results:
    """What came of a batch, or of all."""

    programs: int = 0
    endless: int = 0
    """Skipped, as they do not end with calls."""
    undefined: int = 0
    """Skipped, as with calls they already depend on how C is optimised."""
    compared: int = 0
    imported: int = 0
    left: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)

    def add(self, other: Results) -> None:
        self.programs += other.programs
        self.endless += other.endless
        self.undefined += other.undefined
        self.compared += other.compared
        self.imported += other.imported
        self.left += other.left
        self.findings += other.findings

    @property
    def calls(self) -> int:
        """Rust's calls of helpers that the pass looked at, in all configurations."""
        return self.imported + self.left.total()

    def count(self, kind: str) -> int:
        return sum(finding.kind == kind for finding in self.findings)


def compare(
    tools: Tools,
    number: int,
    seeds: Sequence[int],
    folder: Path,
    configurations: Sequence[Configuration] = CONFIGURATIONS,
) -> Results:
    """Compile and run one batch; a batch that cannot be made is told by an exception."""
    results = Results()
    batch = Batch(tools, number, seeds, folder)
    batch.write()
    calls, plain_calls = batch.calls(), batch.plain_calls()
    plain = {seed: variants.outcome(plain_calls, seed, CALLS_SECONDS) for seed in seeds}
    expected = {seed: variants.outcome(calls, seed, CALLS_SECONDS) if plain[seed] else "" for seed in seeds}
    running = [seed for seed in seeds if expected[seed] and expected[seed] == plain[seed]]
    results.programs = len(running)
    results.endless = sum(not plain[seed] for seed in seeds)
    results.undefined = len(seeds) - results.programs - results.endless
    for configuration in configurations:
        try:
            built = batch.inlined(configuration)
        except Failed as failure:
            results.findings += [Finding("crash", seed, configuration, str(failure)) for seed in running]
            continue
        results.imported += built.imported
        results.left += built.left
        found = 0
        for seed in running:
            results.compared += 1
            finding = judge(seed, configuration, expected[seed], variants.outcome(built, seed, INLINED_SECONDS))
            if finding is None:
                continue
            results.findings.append(finding)
            found += 1
            if found == ENOUGH:
                break
    return results


def judge(seed: int, configuration: Configuration, expected: str, seen: str) -> Finding | None:
    """Compare what a program with calls did with what one with inlined helpers did."""
    if seen == expected:
        return None
    died = re.match(r"status -", seen) and not re.match(r"status -", expected)
    text = f"{expected} with calls, but {seen or f'no end after {INLINED_SECONDS} s'}"
    return Finding("crash" if died else "difference", seed, configuration, text)


def narrow(tools: Tools, found: list[Finding], keep: Path) -> list[Finding]:
    """Compile seeds with findings alone and keep their files: what is wrong with a crate is some seed's fault."""
    confirmed: list[Finding] = []
    for seed in sorted({finding.seed for finding in found}):
        folder = keep / f"seed-{seed}"
        shutil.rmtree(folder, ignore_errors=True)
        suspects = [c for c in CONFIGURATIONS if any(f.seed == seed and f.configuration == c for f in found)]
        alone = compare(tools, seed // BATCH, [seed], folder, suspects)
        if alone.findings:
            confirmed += alone.findings
        else:
            shutil.rmtree(folder)
        if len({finding.seed for finding in confirmed}) == ENOUGH:
            break
    return confirmed


def examine(tools: Tools, number: int, seeds: Sequence[int], keep: Path, keep_all: bool) -> Results:
    """Compare a batch; its files are kept if asked for, or if something is wrong that no seed shows alone."""
    results = Results()
    with tempfile.TemporaryDirectory(prefix=f"fuzz-{number}-") as name:
        folder = Path(name)
        try:
            results = compare(tools, number, seeds, folder)
            alone = narrow(tools, results.findings, keep)
            keep_all |= bool(results.findings) and not alone
            results.findings = alone or results.findings
        except (Failed, subprocess.SubprocessError, OSError) as failure:
            keep_all = True
            results.findings.append(Finding("broken", seeds[0], "making the programs", str(failure)))
        if keep_all:
            shutil.copytree(folder, keep / f"batch-{number}", dirs_exist_ok=True)
    return results


def run(tools: Tools, seeds: range, jobs: int, keep: Path, keep_all: bool) -> int:
    """Compare all seeds and print what came of it; 0 if nothing is wrong."""
    start = time.monotonic()
    total = Results()
    batches = [(number, list(group)) for number, group in itertools.groupby(seeds, lambda seed: seed // BATCH)]
    with ThreadPoolExecutor(jobs) as pool:
        for results in pool.map(lambda batch: examine(tools, *batch, keep, keep_all), batches):
            total.add(results)
            for finding in results.findings:
                print(_told(finding, keep), flush=True)
            print(
                f"[{time.monotonic() - start:6.0f} s] {total.programs + total.endless + total.undefined} of {len(seeds)} programs, "
                f"{len(total.findings)} findings",
                flush=True,
            )
    print(_summary(total, time.monotonic() - start))
    return conclude(total)


def conclude(total: Results) -> int:
    """The verdict: 0 only if programs were compared, helpers inlined, and nothing was wrong."""
    if total.findings:
        return 1
    if not total.compared:
        print("error: no program was compared", file=sys.stderr)
        return 1
    if total.imported < LEAST_SHARE * total.calls or not total.imported:
        print(f"error: less than {LEAST_SHARE:.0%} of the calls were inlined: this compares little", file=sys.stderr)
        return 1
    return 0


def _told(finding: Finding, keep: Path) -> str:
    again = f"tools/fuzz --seed {finding.seed} --count 1"
    folder = keep / f"seed-{finding.seed}"
    kept = folder if folder.exists() else keep / f"batch-{finding.seed // BATCH}"
    return (
        f"{finding.kind}: seed {finding.seed}, {finding.configuration}: {finding.text}\n"
        f"  files: {kept} (commands.sh has the commands)\n  again: {again}"
    )


def _summary(total: Results, seconds: float) -> str:
    from tabulate import tabulate

    share = total.imported / total.calls if total.calls else 0
    rows = [
        ["programs", total.programs],
        ["skipped: no end with calls", total.endless],
        ["skipped: C alone disagrees", total.undefined],
        ["configurations", len(CONFIGURATIONS)],
        ["comparisons", total.compared],
        ["differences", total.count("difference")],
        ["crashes", total.count("crash")],
        ["batches that could not be made", total.count("broken")],
        ["calls inlined", f"{total.imported} of {total.calls} ({share:.1%})"],
        *([f"calls left: {reason}", count] for reason, count in total.left.most_common()),
        ["seconds", f"{seconds:.0f}"],
    ]
    return tabulate(rows, tablefmt="plain", colalign=("left", "right"), disable_numparse=True)


def fail(message: str, cure: str) -> int:
    print(f"error: {message}\nhelp: {cure}", file=sys.stderr)
    return 1


def main() -> int:
    """Read the command line, find the tools, run."""
    parser = argparse.ArgumentParser(
        prog="tools/fuzz", description=__doc__, epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=100, help="programs (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, metavar="FIRST", help="of the first (default: %(default)s)")
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)), help="default: %(default)s")
    parser.add_argument(
        "--keep", type=Path, metavar="DIR", help="keep all files in DIR (default: those of findings, in BUILD/fuzz)"
    )
    parser.add_argument("--build", type=Path, default=PROJECT / "build", help="the build folder (default: %(default)s)")
    parser.add_argument("--rustc", help="default: the one that the build is for")
    parser.add_argument("--plugin", help="default: the one of --build")
    arguments = parser.parse_args()

    for needed, package in (("csmith", "csmith"), (f"{programs.CSMITH_INCLUDE}/csmith.h", "libcsmith-dev")):
        if not shutil.which(needed) and not Path(needed).exists():
            return fail(f"{needed} is missing", f"install the package {package} (tools/setup --check)")
    cache = arguments.build / "CMakeCache.txt"
    if not cache.exists():
        cure = "cmake --preset default && cmake --build --preset default"
        return fail(f"{arguments.build} is not a build folder", cure)
    wanted = arguments.rustc or _rustc_of(cache.read_text())
    rustc = shutil.which(wanted)
    if rustc is None:
        return fail(f"{wanted} is no program", "name a rustc with --rustc")
    # It runs in other folders.
    rustc = str(Path(rustc).absolute())
    major = _llvm_major(rustc)
    tools = Tools(
        clang=f"clang-{major}",
        rustc=rustc,
        inline_helpers=str((arguments.build / "bin" / "inline-helpers").absolute()),
        plugin=str(Path(arguments.plugin or arguments.build / "lib" / f"InlineHelpers-{major}.so").absolute()),
    )
    for path in (tools.inline_helpers, tools.plugin):
        if not Path(path).exists():
            return fail(f"{path} is missing", "build the project first (cmake --build build)")
    keep = (arguments.keep or arguments.build / "fuzz").absolute()
    seeds = range(arguments.seed, arguments.seed + arguments.count)
    return run(tools, seeds, arguments.jobs, keep, arguments.keep is not None)


def _rustc_of(cache: str) -> str:
    """The rustc that a build is for: the one that CMake was told, or else the one it found."""
    told, found = (re.search(rf"^{name}:\w+=(.+)$", cache, re.MULTILINE) for name in ("RUSTC", "RUSTC_OF_PATH"))
    match = told or found
    return match[1] if match else "rustc"


def _llvm_major(rustc: str) -> str:
    said = subprocess.run([rustc, "-vV"], capture_output=True, text=True, check=True).stdout
    match = re.search(r"^LLVM version: (\d+)", said, re.MULTILINE)
    return match[1] if match else "unknown"


if __name__ == "__main__":
    sys.exit(main())
