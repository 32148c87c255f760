# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What a report of a benchmark is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Text:
    """Markdown."""

    markdown: str


@dataclass(frozen=True)
class Table:
    """Names on the left, figures on the right."""

    title: str
    headers: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Bars:
    """For each category a bar a side; None where a side has no figure."""

    name: str
    """Of the file; of small letters and hyphens."""
    title: str
    unit: str
    categories: Sequence[str]
    sides: dict[str, Sequence[float | None]]


@dataclass(frozen=True)
class Lines:
    """For each side a line through points (x, y)."""

    name: str
    title: str
    x: str
    y: str
    lines: dict[str, Sequence[tuple[float, float]]]
    logarithmic: bool = True
    """Both axes."""


@dataclass(frozen=True)
class Limit:
    """What must hold: a figure that is at most another."""

    what: str
    seen: float
    most: float
    unit: str = ""

    @property
    def holds(self) -> bool:
        return self.seen <= self.most


Part = Text | Table | Bars | Lines | Limit
