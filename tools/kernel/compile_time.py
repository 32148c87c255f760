# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the plugin costs rustc: the commands kbuild recorded, repeated with the plugin and without it."""

from __future__ import annotations

import math
import os
import re
import shlex
import shutil
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from console import HarnessError, Progress, phase, table
from toolchain import SETUP
from tree import INLINED, Tree, build
from verdict import Check, conclude

RNULL = "drivers/block/rnull.o"
IDLE = "rust/build_error.o"
"""The smallest crate with code, which wants no helper: loading the plugin weighs most there."""
LIMITS = {RNULL: 1.03, IDLE: 1.01}
"""The crates compiled, and the most the plugin may cost them."""
NOISE = 0.03
"""By how much the time of a crate may be over its limit: so far ratios of the same two compilers lie apart on a busy
machine. Instructions have no such allowance; time finds what they do not show, such as another process."""
TIMED = (RNULL,)
"""Whose time must be within the limit. That of the others is too short to tell 1 % from noise: it
is measured, but their instructions decide."""
MOST_ROUNDS = 3
"""How often the runs are repeated before a crate is called too slow."""

_OUTPUT = re.compile(r"(--emit=(?:dep-info|obj|metadata)=)(\S+)")
_REPORT = re.compile(r";report=[^;>]*")
_OURS = ("-Zllvm-plugins=", "-Cpasses=")
_COUNTER = ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"]


@dataclass(frozen=True)
class Cost:
    """What one run of rustc took, in seconds."""

    processor: float
    wall: float


@dataclass(frozen=True)
class Pair:
    """Two runs, one soon after the other, so that what else the machine does slows both."""

    plain: Cost
    plugin: Cost


@dataclass(frozen=True)
class Command:
    """One recorded rustc call, with its outputs led elsewhere."""

    arguments: list[str]
    environment: dict[str, str]
    folder: Path

    def without_plugin(self) -> Command:
        """The same call as plain rustc."""
        kept = [word for word in self.arguments if not word.startswith(_OURS)]
        return Command(kept, self.environment, self.folder)

    def run(self) -> Cost:
        """Run it once."""
        start = time.monotonic()
        process = subprocess.Popen(
            self.arguments, cwd=self.folder, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            raise HarnessError(f"rustc failed: {shlex.join(self.arguments)}")
        return Cost(usage.ru_utime + usage.ru_stime, wall)

    def instructions(self) -> int:
        """Run it once under valgrind, which counts the instructions."""
        command = [*_COUNTER, *self.arguments]
        done = subprocess.run(command, cwd=self.folder, env=self.environment, capture_output=True, text=True)
        count = re.search(r"I +refs: +([\d,]+)", done.stderr)
        if done.returncode != 0 or count is None:
            raise HarnessError(f"valgrind failed: {done.stderr.strip()[-500:]}")
        return int(count[1].replace(",", ""))


def run(trees: dict[str, Tree], runs: int) -> int:
    """Measure every crate of LIMITS; 0 if none is over its limit."""
    if shutil.which(_COUNTER[0]) is None:
        raise HarnessError(f"{_COUNTER[0]} is missing", SETUP)
    commands = _commands(trees)
    pairs = {
        target: measure(command, target, LIMITS[target] + NOISE if target in TIMED else math.inf, runs)
        for target, command in commands.items()
    }
    counts = {target: _count(command, target) for target, command in commands.items()}
    print(_table(pairs, counts))
    return conclude(
        judge(
            {target: ratio(pairs[target]) for target in TIMED},
            {name: both[1] / both[0] for name, both in counts.items()},
        )
    )


def judge(times: dict[str, float], counts: dict[str, float]) -> list[Check]:
    """Compare ratios of time and of instructions with the limits."""
    measured = [("time", name, value, LIMITS[name] + NOISE) for name, value in times.items()]
    measured += [("instructions", name, value, LIMITS[name]) for name, value in counts.items()]
    return [
        Check(f"{name}: {what} at most {limit:.2f}", value <= limit, f"{value:.4f}")
        for what, name, value, limit in measured
    ]


def recorded(tree: Tree, target: str, scratch: Path) -> Command:
    """The command kbuild recorded for a target, writing to `scratch` and no report."""
    path = Path(target)
    record = tree.path / path.with_name(f".{path.name}.cmd")
    match = re.match(r"savedcmd_\S+ := (.*)", record.read_text())
    if match is None:
        raise HarnessError(f"{record}: not a command of kbuild")
    words = list(_until_next_command(shlex.split(match[1].replace("$(pound)", "#").replace("$$", "$"))))
    variables = [word for word in words if re.match(r"^[A-Z_]+=", word)]
    arguments = [_OUTPUT.sub(lambda found: f"{found[1]}{scratch / Path(found[2]).name}", word) for word in words]
    arguments = [_REPORT.sub("", word) for word in arguments]
    if not any(word.startswith(_OURS[0]) for word in arguments):
        raise HarnessError(f"{record}: {target} was compiled without the plugin")
    environment = tree.tools.environment() | dict(word.split("=", 1) for word in variables) | {"RUSTC_BOOTSTRAP": "1"}
    return Command(arguments[len(variables) :], environment, tree.path)


def measure(command: Command, target: str, limit: float, runs: int) -> list[Pair]:
    """Run both alternately, each first in turn; again while the ratio is over the limit."""
    plain = command.without_plugin()
    plain.run()
    command.run()
    pairs: list[Pair] = []
    for _ in range(MOST_ROUNDS):
        phase(f"{target}: {runs} runs of each")
        progress = Progress(target)
        for number in range(runs):
            if number % 2:
                first = plain.run()
                pairs.append(Pair(first, command.run()))
            else:
                first = command.run()
                pairs.append(Pair(plain.run(), first))
            progress.step(f"ratio {ratio(pairs):.4f}")
        progress.close()
        if ratio(pairs) <= limit:
            break
    return pairs


def ratio(pairs: list[Pair], of: Callable[[Cost], float] = lambda cost: cost.processor) -> float:
    """How many times as long the plugin takes: of processor time, unless told otherwise."""
    return statistics.median(of(pair.plugin) / of(pair.plain) for pair in pairs)


def _commands(trees: dict[str, Tree]) -> dict[str, Command]:
    """Build the inlined tree, and read what it took to build the crates."""
    build(trees, [INLINED])
    tree = trees[INLINED]
    scratch = tree.source.work / "compile-time"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir()
    return {target: recorded(tree, target, scratch) for target in LIMITS}


def _until_next_command(words: list[str]) -> Iterator[str]:
    for word in words:
        if word.startswith(";"):
            return
        yield word


def _count(command: Command, target: str) -> tuple[int, int]:
    """Instructions without the plugin, and with it: exact, whatever else the machine does."""
    phase(f"{target}: counting instructions")
    return command.without_plugin().instructions(), command.instructions()


def _table(measured: dict[str, list[Pair]], counts: dict[str, tuple[int, int]]) -> str:
    parts: dict[str, Callable[[Cost], float]] = {
        "processor": lambda cost: cost.processor,
        "wall": lambda cost: cost.wall,
    }
    rows = []
    for target, pairs in measured.items():
        for name, part in parts.items():
            plain = _spread([part(pair.plain) for pair in pairs])
            plugin = _spread([part(pair.plugin) for pair in pairs])
            rows.append([f"{target}: {name} seconds, {len(pairs)} runs", plain, plugin, f"{ratio(pairs, part):.4f}"])
        without, with_plugin = counts[target]
        rows.append([f"{target}: instructions", f"{without:,}", f"{with_plugin:,}", f"{with_plugin / without:.4f}"])
    return table(["median (range)", "plain", "plugin", "ratio"], rows)


def _spread(values: list[float]) -> str:
    return f"{statistics.median(values):.3f} ({min(values):.3f} to {max(values):.3f})"
