# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the plugin costs rustc: the commands kbuild recorded for each crate, repeated without it, with it, and in the
kernel's own way to inline helpers."""

from __future__ import annotations

import json
import os
import shutil
import statistics
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from commands import COUNTER, Command, Cost, recorded, rust_objects
from console import HarnessError, Progress, phase, table
from objects import inspect
from own_way import OwnWay, links_helpers
from toolchain import SETUP
from tree import CRATES, INLINED, Tree, build
from turns import Run, turn
from verdict import Check, conclude, nothing

RNULL = "drivers/block/rnull.o"
IDLE = "rust/build_error.o"
"""The smallest crate with code, which wants no helper: loading the plugin weighs most there."""
LIMITS = {RNULL: 1.03, IDLE: 1.01}
"""The most the plugin may cost these crates."""
TOTAL_LIMIT = 1.02
"""The most it may cost all crates together."""
NOISE = 0.03
"""By how much a time may be over its limit: so far ratios of the same two compilers lie apart on a busy
machine. Instructions have no such allowance; time finds what they do not show, such as another process."""
TIMED = (RNULL,)
"""Whose time must be within the limit. That of the others is too short to tell 1 % from noise: it
is measured, but their instructions decide."""
EXPECTED = {"rust/core.o", IDLE, *map(str, CRATES)}
"""Crates that each kernel of this harness has."""
MOST_ROUNDS = 3
"""How often the runs are repeated before a crate is called too slow."""
LEAST_RUNS = 2
MOST_RUNS = 20

PLAIN = "plain"
PLUGIN = "plugin"
OWN = "own way"
SIDES = (PLAIN, PLUGIN, OWN)

HEADERS = ("plain", "plugin", "ratio", "kernel's own way", "ratio")
AS_PLAIN = ("as plain", "")


@dataclass(frozen=True)
class Crate:
    """One object, and the commands that make it on each side."""

    target: str
    sides: dict[str, list[Command]]
    """OWN is not among them where the kernel's own way is plain rustc."""


Counts = dict[str, int]
"""The instructions of each side."""


def run(trees: dict[str, Tree], seconds: float, count_all: bool) -> int:
    """Measure all crates; 0 if what is judged is within its limit."""
    if shutil.which(COUNTER[0]) is None:
        raise HarnessError(f"{COUNTER[0]} is missing", SETUP)
    build(trees, [INLINED])
    tree = trees[INLINED]
    found = crates(tree)
    load = [os.getloadavg()]
    runs = measure_all(found, seconds)
    load.append(os.getloadavg())
    counts = count([crate for crate in found if count_all or crate.target in LIMITS], tree.jobs)
    checks = [*judge(runs, counts), *_judge_own_way(tree, found)]
    print(_table(runs))
    print(_table_of_counts(counts))
    report = tree.source.work / "compile-time.json"
    _write(report, tree, load, runs, counts, checks)
    phase(f"wrote {report}; load average {load[0][0]:.1f} before, {load[1][0]:.1f} after")
    return conclude(checks)


def judge(runs: Mapping[str, Sequence[Run]], counts: Mapping[str, Counts]) -> list[Check]:
    """Compare ratios of time and of instructions with the limits."""
    checks = [nothing("each crate of the kernel is found", sorted(EXPECTED - runs.keys())), _judge_total(runs)]
    checks += [_within(f"{name}: time", ratio(runs[name]), LIMITS[name] + NOISE) for name in TIMED if name in runs]
    for name, limit in LIMITS.items():
        if name in counts:
            checks.append(_within(f"{name}: instructions", counts[name][PLUGIN] / counts[name][PLAIN], limit))
    if counts.keys() == runs.keys():
        total = sum_of(counts.values(), PLUGIN) / sum_of(counts.values(), PLAIN)
        checks.append(_within("all crates: instructions", total, TOTAL_LIMIT))
    return checks


def measure_all(found: Sequence[Crate], seconds: float) -> dict[str, list[Run]]:
    """Run all crates; again those whose ratio is over the limit, which are all if that of the total is."""
    runs: dict[str, list[Run]] = {crate.target: [] for crate in found}
    # The first run of a compiler reads it from the disk.
    for crate in found:
        if crate.target == IDLE:
            measure(crate, seconds=0)
    again = list(found)
    for _ in range(MOST_ROUNDS):
        for crate in again:
            runs[crate.target] += measure(crate, seconds)
        slow = [name for name in TIMED if name in runs and ratio(runs[name]) > LIMITS[name] + NOISE]
        again = [crate for crate in found if crate.target in slow or not _judge_total(runs).passed]
    return runs


def measure(crate: Crate, seconds: float) -> list[Run]:
    """Run all sides in turn, each first in turn, for about `seconds` of plain rustc."""
    phase(f"{crate.target}: {', '.join(crate.sides)}")
    progress = Progress(crate.target)
    runs: list[Run] = []
    while len(runs) < LEAST_RUNS or (len(runs) < MOST_RUNS and sum(run[PLAIN].processor for run in runs) < seconds):
        runs.append(turn(crate.sides, len(runs)))
        progress.step(f"ratio {ratio(runs):.4f}")
    progress.close()
    return runs


def count(found: Sequence[Crate], jobs: int) -> dict[str, Counts]:
    """The instructions of all sides of crates: exact, whatever else the machine does, so that it may do several."""

    def count_side(crate: Crate, name: str) -> int:
        phase(f"{crate.target}: counting instructions, {name}")
        return sum(command.instructions() for command in crate.sides[name])

    with ThreadPoolExecutor(jobs) as pool:
        sides = {crate.target: {name: pool.submit(count_side, crate, name) for name in crate.sides} for crate in found}
        return {target: {name: side.result() for name, side in of_crate.items()} for target, of_crate in sides.items()}


def ratio(runs: Sequence[Run], side: str = PLUGIN) -> float:
    """How many times as much processor time a side takes as plain rustc."""
    return statistics.median(_side(run, side).processor / run[PLAIN].processor for run in runs)


def median_of(runs: Sequence[Run], side: str) -> float:
    """The processor time of a side."""
    return statistics.median(_side(run, side).processor for run in runs)


def total_ratio(runs: Mapping[str, Sequence[Run]], side: str = PLUGIN) -> float:
    """The same of all crates: each counts for the time that it takes."""
    plain = {name: median_of(of_crate, PLAIN) for name, of_crate in runs.items()}
    return sum(plain[name] * ratio(of_crate, side) for name, of_crate in runs.items()) / sum(plain.values())


def sum_of(counts: Iterable[Counts], side: str) -> int:
    """The instructions of a side, of all crates."""
    return sum(count.get(side, count[PLAIN]) for count in counts)


def _side(run: Run, side: str) -> Cost:
    return run.get(side, run[PLAIN])


def _within(name: str, value: float, limit: float) -> Check:
    return Check(f"{name} at most {limit:.2f}", value <= limit, f"{value:.4f}")


def _judge_total(runs: Mapping[str, Sequence[Run]]) -> Check:
    return _within("all crates: time", total_ratio(runs), TOTAL_LIMIT + NOISE)


def _judge_own_way(tree: Tree, found: Sequence[Crate]) -> list[Check]:
    """Whether what was measured beside the plugin does inline helpers."""
    called = {
        crate.target: inspect(tree.tools, _scratch(tree, OWN) / Path(crate.target).name).called
        for crate in found
        if OWN in crate.sides
    }
    left = [f"{name}: {helper}" for name, helpers in called.items() for helper in helpers]
    return [nothing("the kernel's own way inlines each helper", left)]


def _scratch(tree: Tree, side: str) -> Path:
    return tree.source.work / "compile-time" / side.replace(" ", "-")


def crates(tree: Tree) -> list[Crate]:
    """Read what it took to build the crates."""
    shutil.rmtree(_scratch(tree, PLAIN).parent, ignore_errors=True)
    for side in SIDES:
        _scratch(tree, side).mkdir(parents=True)
    own_way = OwnWay.of(tree, _scratch(tree, OWN))
    found = []
    for path in rust_objects(tree):
        target = str(path)
        plain, plugin, own = (recorded(tree, target, _scratch(tree, side)) for side in SIDES)
        if not plugin.has_plugin:
            raise HarnessError(f"{target} was compiled without the plugin")
        sides = {PLAIN: [plain.without_plugin()], PLUGIN: [plugin]}
        if links_helpers(own, path):
            sides[OWN] = own_way.commands(own)
        found.append(Crate(target, sides))
    return found


def _sums(runs: Mapping[str, Sequence[Run]]) -> dict[str, Mapping[str, Sequence[Run]]]:
    """What is summed up: the noise of crates that are compiled alike hides how two ways to inline differ."""
    with_helpers = {name: of_crate for name, of_crate in runs.items() if OWN in of_crate[0]}
    return {"crates with helpers": with_helpers, "all crates": runs}


def _table(runs: Mapping[str, Sequence[Run]]) -> str:
    rows = []
    for name, of_crate in runs.items():
        seconds = (_spread([_side(run, side).processor for run in of_crate]) for side in SIDES)
        rows.append([name, str(len(of_crate)), *_beside(seconds, ratio(of_crate), ratio(of_crate, OWN))])
        if OWN not in of_crate[0]:
            rows[-1][-2:] = AS_PLAIN
    for name, crates in _sums(runs).items():
        sums = (f"{sum(median_of(of_crate, side) for of_crate in crates.values()):.3f}" for side in SIDES)
        rows.append([name, "", *_beside(sums, total_ratio(crates), total_ratio(crates, OWN))])
    return table(["processor seconds, median (range)", "runs", *HEADERS], rows)


def _table_of_counts(counts: Mapping[str, Counts]) -> str:
    rows = []
    for name, count in {**counts, "together": {side: sum_of(counts.values(), side) for side in SIDES}}.items():
        of_sides = [count.get(side, count[PLAIN]) for side in SIDES]
        ratios = (value / count[PLAIN] for value in of_sides[1:])
        rows.append([name, *_beside((f"{value:,}" for value in of_sides), *ratios)])
        if OWN not in count:
            rows[-1][-2:] = AS_PLAIN
    return table(["instructions", *HEADERS], rows)


def _beside(cells: Iterable[str], plugin: float, own: float) -> list[str]:
    """The cells of the three sides, with the ratios of two to the first."""
    first, second, third = cells
    return [first, second, f"{plugin:.4f}", third, f"{own:.4f}"]


def _spread(values: Sequence[float]) -> str:
    return f"{statistics.median(values):.3f} ({min(values):.3f} to {max(values):.3f})"


def _write(
    path: Path,
    tree: Tree,
    load: Sequence[tuple[float, float, float]],
    runs: Mapping[str, Sequence[Run]],
    counts: Mapping[str, Counts],
    checks: Sequence[Check],
) -> None:
    """All raw figures, for other programs."""
    report = {
        "versions": tree.tools.versions() | {"kernel": tree.source.version()},
        "load_averages": load,
        "seconds": {
            name: [{side: asdict(cost) for side, cost in run.items()} for run in of_crate]
            for name, of_crate in runs.items()
        },
        "instructions": counts,
        "ratios": {
            name: {side: total_ratio(crates, side) for side in (PLUGIN, OWN)} for name, crates in _sums(runs).items()
        },
        "checks": [asdict(check) for check in checks],
    }
    path.write_text(json.dumps(report, indent=2) + "\n")
