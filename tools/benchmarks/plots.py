# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Draws the plots of a report."""

from __future__ import annotations

import textwrap
from pathlib import Path

import matplotlib

matplotlib.use("Agg")

from matplotlib import pyplot  # noqa: E402
from matplotlib.axes import Axes  # noqa: E402
from matplotlib.ticker import LogFormatter  # noqa: E402
from parts import Bars, Lines  # noqa: E402

# The same plot is the same file: no names from chance, and text that readers can search.
_STYLE = {
    "svg.hashsalt": "inline-helpers",
    "svg.fonttype": "none",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#dddddd",
    "font.size": 10,
}
# Told apart without colours that some eyes do not tell apart (Okabe and Ito).
_COLOURS = ("#999999", "#d55e00", "#0072b2", "#e69f00", "#009e73", "#cc79a7")
_MARKERS = "osD^vP"
_MOST_LABELS = 15
"""So many figures have room side by side."""
_LETTERS = 80
"""And so many letters below."""


class _MinorLabels(LogFormatter):
    """Labels between powers of ten, where there would be none but for these."""

    def __init__(self) -> None:
        super().__init__(minor_thresholds=(1, 0.5))

    def __call__(self, x: float, pos: int | None = None) -> str:
        return f"{x:,g}" if super().__call__(x, pos) else ""


def draw(plot: Bars | Lines, folder: Path, suffixes: tuple[str, ...] = ("svg",)) -> None:
    """Write a plot as NAME.SUFFIX into a folder."""
    with pyplot.rc_context(_STYLE):
        figure, axes = pyplot.subplots(figsize=(8, 4.2), layout="constrained")
        axes.set_title(plot.title, loc="left", fontweight="bold", fontsize=11)
        if isinstance(plot, Bars):
            _bars(axes, plot)
        else:
            _lines(axes, plot)
        sides = len(axes.get_legend_handles_labels()[1])
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.14), frameon=False, ncols=min(sides, 4))
        for suffix in suffixes:
            metadata = {"Date": None} if suffix == "svg" else None
            figure.savefig(folder / f"{plot.name}.{suffix}", dpi=150, metadata=metadata)
        pyplot.close(figure)


def _bars(axes: Axes, plot: Bars) -> None:
    width = 0.8 / len(plot.sides)
    crowded = len(plot.sides) * len(plot.categories) > _MOST_LABELS
    for number, (side, values) in enumerate(plot.sides.items()):
        places = [index + (number - (len(plot.sides) - 1) / 2) * width for index in range(len(values))]
        shown = [(place, value) for place, value in zip(places, values, strict=True) if value is not None]
        if not shown:
            continue
        bars = axes.bar(*zip(*shown, strict=True), width=width, label=side, color=_COLOURS[number % len(_COLOURS)])
        axes.bar_label(bars, fmt="%.4g", fontsize=7, padding=2, rotation=90 if crowded else 0)
    axes.margins(y=0.15)
    axes.axhline(0, color="black", linewidth=0.8)
    labels = [textwrap.fill(category, _LETTERS // len(plot.categories)) for category in plot.categories]
    axes.set_xticks(range(len(labels)), labels)
    axes.set_ylabel(plot.unit)
    axes.grid(visible=False, axis="x")


def _lines(axes: Axes, plot: Lines) -> None:
    for number, (side, points) in enumerate(plot.lines.items()):
        colour, marker = _COLOURS[number % len(_COLOURS)], _MARKERS[number % len(_MARKERS)]
        axes.plot(*zip(*points, strict=True), marker=marker, markersize=5, label=side, color=colour)
    if plot.logarithmic:
        axes.set_xscale("log")
        axes.set_yscale("log")
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter("{x:,g}")
            axis.set_minor_formatter(_MinorLabels())
    axes.set_xlabel(plot.x)
    axes.set_ylabel(plot.y)
