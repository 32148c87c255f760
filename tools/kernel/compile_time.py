# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the plugin costs rustc: the commands kbuild recorded, repeated with the plugin and without it."""

from __future__ import annotations

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

from check import Check, conclude
from console import HarnessError, Progress, phase, table
from toolchain import SETUP
from tree import INLINED, Tree, build

LIMITS = {"drivers/block/rnull.o": 1.03, "rust/uapi.o": 1.01}
"""The crates compiled, and the most the plugin may cost them. The second wants no helper."""
MOST_ROUNDS = 3
"""How often the runs are repeated before a crate is called too slow."""

_OUTPUT = re.compile(r"(--emit=(?:dep-info|obj|metadata)=)(\S+)")
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
    """Measure the time of every crate of LIMITS; 0 if none is over its limit."""
    commands = _commands(trees)
    pairs = {target: measure(commands[target], target, limit, runs) for target, limit in LIMITS.items()}
    print(_table(pairs))
    return _judge({target: ratio(pairs[target]) for target in LIMITS})


def count(trees: dict[str, Tree]) -> int:
    """Count the instructions of rnull's compilation: slow and exact, whatever else the machine does."""
    if shutil.which(_COUNTER[0]) is None:
        raise HarnessError("valgrind is missing", SETUP)
    target = next(iter(LIMITS))
    command = _commands(trees)[target]
    phase(f"{target}: counting instructions without the plugin")
    plain = command.without_plugin().instructions()
    phase(f"{target}: counting instructions with the plugin")
    plugin = command.instructions()
    print(
        table(["crate", "plain", "plugin", "ratio"], [[target, f"{plain:,}", f"{plugin:,}", f"{plugin / plain:.4f}"]])
    )
    return 0


def recorded(tree: Tree, target: str, scratch: Path) -> Command:
    """The command kbuild recorded for a target, writing to `scratch`."""
    path = Path(target)
    record = tree.path / path.with_name(f".{path.name}.cmd")
    match = re.match(r"savedcmd_\S+ := (.*)", record.read_text())
    if match is None:
        raise HarnessError(f"{record}: not a command of kbuild")
    words = list(_until_next_command(shlex.split(match[1].replace("$(pound)", "#").replace("$$", "$"))))
    variables = [word for word in words if re.match(r"^[A-Z_]+=", word)]
    arguments = [_OUTPUT.sub(lambda found: f"{found[1]}{scratch / Path(found[2]).name}", word) for word in words]
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


def _judge(ratios: dict[str, float]) -> int:
    return conclude(
        [
            Check(f"{target} at most {limit}", ratios[target] <= limit, f"{ratios[target]:.4f}")
            for target, limit in LIMITS.items()
        ]
    )


def _table(measured: dict[str, list[Pair]]) -> str:
    parts: dict[str, Callable[[Cost], float]] = {
        "processor": lambda cost: cost.processor,
        "wall": lambda cost: cost.wall,
    }
    rows = []
    for target, pairs in measured.items():
        for name, part in parts.items():
            plain = _spread([part(pair.plain) for pair in pairs])
            plugin = _spread([part(pair.plugin) for pair in pairs])
            rows.append([f"{target}, {name}", str(len(pairs)), plain, plugin, f"{ratio(pairs, part):.4f}"])
    return table(["median (range) of seconds", "runs", "plain", "plugin", "ratio"], rows)


def _spread(values: list[float]) -> str:
    return f"{statistics.median(values):.3f} ({min(values):.3f} to {max(values):.3f})"
