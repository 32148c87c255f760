# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What builds took that were made in several ways, in turn."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from commands import Command
from console import phase
from turns import turns

CALLS = "calls"
"""The side that others are beside."""

Build = dict[str, Any]
"""One object or program: runs, each with the costs of every side, the instructions of each, if counted, and a name."""


def measure(sides: Mapping[str, Sequence[Command]], runs: int, count: bool) -> Build:
    """Run all sides in turn, and count their instructions, if told."""
    build: Build = {"runs": [{side: asdict(cost) for side, cost in run.items()} for run in turns(sides, runs)]}
    if count:
        phase("counting instructions")
        build["instructions"] = {side: sum(one.instructions() for one in sides[side]) for side in sides}
    return build


def ratios(build: Build, side: str, part: str = "processor", other: str = CALLS) -> list[float]:
    """How many times what another side takes, of runs next to each other."""
    return [run[side][part] / run[other][part] for run in build["runs"]]


def ratio(build: Build, side: str, part: str = "processor", other: str = CALLS) -> float:
    """The median of them."""
    return float(statistics.median(ratios(build, side, part, other)))


def median(build: Build, side: str, part: str) -> float:
    """What a side takes."""
    return float(statistics.median(run[side][part] for run in build["runs"]))
