# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Several ways to the same end, run in turn: what else the machine does slows all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from commands import Command, Cost

Run = dict[str, Cost]
"""What each side took, one soon after the other."""


def turn(sides: Mapping[str, Sequence[Command]], number: int) -> Run:
    """Run every side once; which is the first goes by the number of the turn."""
    names = list(sides)
    first = number % len(names)
    costs = {name: cost_of(sides[name]) for name in names[first:] + names[:first]}
    return {name: costs[name] for name in names}


def turns(sides: Mapping[str, Sequence[Command]], count: int) -> list[Run]:
    """Run every side `count` times, and once before, when files are still read from the disk."""
    turn(sides, 0)
    return [turn(sides, number) for number in range(count)]


def cost_of(commands: Sequence[Command]) -> Cost:
    """Run commands one after the other."""
    return sum((command.run() for command in commands), Cost(0, 0))
