#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tests of tools/bench without a compiler: what becomes of figures, and that each limit can fail."""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import tempfile
import unittest
from pathlib import Path
from typing import Any
from unittest import mock

import bench
import page
import scale
import sources
import turns
from commands import Command, Cost
from console import HarnessError
from parts import Bars, Limit, Lines, Table, Text
from setting import machine


def point(helpers: int, wanted: int, *runs: dict[str, tuple[float, int]]) -> dict[str, Any]:
    """A point of the scale benchmark, of runs that give each side's seconds and KiB."""
    made = [
        {side: {"processor": seconds, "wall": seconds, "memory": memory} for side, (seconds, memory) in run.items()}
        for run in runs
    ]
    return {"helpers": helpers, "wanted": wanted, "runs": made}


def run_of(calls: float = 1.0, packed: float = 1.0, linked: float = 4.0, memory: int = 1024) -> dict[str, Any]:
    return {"calls": (calls, 1024), "bitcode": (2.0, 2048), "packed": (packed, memory), "llvm-link": (linked, 4096)}


def limits_of(*points: dict[str, Any]) -> dict[str, bool]:
    parts = scale.report({"points": list(points)})
    return {part.what: part.holds for part in parts if isinstance(part, Limit)}


class Scale(unittest.TestCase):
    """Its report, of made-up runs."""

    def test_ratio_is_of_runs_next_to_each_other(self) -> None:
        noisy = point(10, 2, run_of(1.0, 1.1), run_of(2.0, 2.2), run_of(9.0, 9.9))
        self.assertAlmostEqual(scale.ratio(noisy, "packed", "processor"), 1.1)
        self.assertEqual(scale.median(noisy, "calls", "processor"), 2.0)

    def test_limits_hold(self) -> None:
        self.assertEqual(set(limits_of(point(100_000, 2, run_of(packed=1.02))).values()), {True})
        self.assertEqual(set(limits_of(point(10_000, 10_000, run_of(packed=4.0))).values()), {True})

    def test_limits_fail(self) -> None:
        name = "2 of 100,000 helpers, packed"
        slow = limits_of(point(100_000, 2, run_of(packed=1.03)))
        self.assertEqual(slow, {f"{name}: time beside calls": False, f"{name}: peak memory beside calls": True})
        large = limits_of(point(100_000, 2, run_of(memory=1100)))
        self.assertEqual(large, {f"{name}: time beside calls": True, f"{name}: peak memory beside calls": False})
        self.assertEqual(list(limits_of(point(10_000, 10_000, run_of(packed=4.1))).values()), [False])

    def test_what_is_not_linear_fails(self) -> None:
        name = "packed: what one more helper takes, of 10,000 beside of 1,000"
        for seconds, holds in ((12.0, True), (13.0, False)):
            all_of = [point(1000, 1000, run_of(packed=2.0)), point(10_000, 10_000, run_of(packed=seconds, linked=20))]
            self.assertEqual(limits_of(*all_of)[name], holds)

    def test_limits_are_of_their_points(self) -> None:
        self.assertEqual(limits_of(point(10_000, 2, run_of(packed=9))), {})

    def test_tables(self) -> None:
        parts = scale.report({"points": [point(1000, 2, run_of())]})
        seconds, memory = (part for part in parts if isinstance(part, Table))
        self.assertEqual(seconds.rows, [["1,000", "2", "1.000", "2.000", "2.000", "1.000", "1.000", "4.000", "4.000"]])
        self.assertEqual(memory.rows, [["1,000", "2", "1", "2", "2.000", "1", "1.000", "4", "4.000"]])

    def test_memory_of_a_whole_library_is_explained(self) -> None:
        def texts(helpers: int, wanted: int) -> list[str]:
            parts = scale.report({"points": [point(helpers, wanted, run_of())]})
            return [part.markdown for part in parts if isinstance(part, Text) and "of three processes" in part.markdown]

        self.assertEqual(len(texts(1000, 1000)), 1)
        self.assertEqual(texts(1000, 2), [])

    def test_lines_need_two_points(self) -> None:
        def drawn(*points: dict[str, Any]) -> list[str]:
            return [part.name for part in scale.report({"points": list(points)}) if isinstance(part, Lines)]

        self.assertEqual(drawn(point(10, 2, run_of()), point(10, 10, run_of())), [])
        self.assertEqual(drawn(point(10, 2, run_of()), point(100, 2, run_of())), ["scale-time", "scale-memory"])


class Sources(unittest.TestCase):
    """What the scale benchmark compiles."""

    def test_library_has_each_helper_once(self) -> None:
        text = sources.library(10)
        for number in range(10):
            self.assertEqual(text.count(f"u64 helper_{number}("), 1)
        self.assertEqual(text.count("struct item_2 {"), 1)

    def test_wanted_helpers_exist_and_differ(self) -> None:
        for wanted in (1, 2, 99, 100):
            chosen = sources.spread(100, wanted)
            self.assertEqual(len(set(chosen)), wanted)
            self.assertLess(max(chosen), 100)

    def test_crate_uses_each(self) -> None:
        text = sources.crate([3, 7], functions=2)
        self.assertEqual([text.count(f"helper_{number}(") for number in (3, 5, 7)], [2, 0, 2])
        self.assertIn("pub fn own_1", text)


class Turns(unittest.TestCase):
    """Sides in turn."""

    def test_each_side_is_first_in_turn(self) -> None:
        order: list[str] = []
        sides = {name: [Command([name], {}, Path())] for name in "abc"}

        def run(command: Command) -> Cost:
            order.append(command.arguments[0])
            return Cost(1.0, 2.0, len(order))

        with mock.patch.object(Command, "run", run):
            runs = turns.turns(sides, 3)
        self.assertEqual("".join(order), "abc" "abc" "bca" "cab")
        self.assertEqual([list(run) for run in runs], [list("abc")] * 3)

    def test_costs_add_up(self) -> None:
        self.assertEqual(Cost(1, 2, 300) + Cost(10, 20, 100), Cost(11, 22, 300))

    def test_measures_a_process(self) -> None:
        cost = Command(["/usr/bin/python3", "-c", "x = bytes(64 << 20)"], {}, Path("/")).run()
        self.assertGreater(cost.memory, 64 << 10)
        self.assertGreater(cost.processor, 0)

    def test_a_failure_says_what_the_program_said(self) -> None:
        with self.assertRaisesRegex(HarnessError, r"(?s)failed: /bin/sh.*no such thing"):
            Command(["/bin/sh", "-c", "echo no such thing >&2; exit 3"], {}, Path("/")).run()


class Page(unittest.TestCase):
    """Markdown and HTML."""

    PARTS = (
        Text("Some *words*."),
        Table("Sizes", ["name", "bytes"], [["<a|b>", "1"]]),
        Bars("sizes", "Sizes", "bytes", ["a", "b"], {"calls": [1.0, 2.0], "inlined": [3.5, None]}),
        Limit("a size", 2.0, 1.0, " bytes"),
        Limit("another", 0.5, 1.0),
    )

    def test_markdown(self) -> None:
        self.assertEqual(
            page.markdown(self.PARTS, "images", "svg"),
            "Some *words*.\n\n**Sizes**\n\n| name | bytes |\n| :-- | --: |\n| &lt;a\\|b> | 1 |\n\n"
            "![Sizes](images/sizes.svg)\n\n**What must hold**\n\n"
            "|  | at most | measured | holds |\n| :-- | --: | --: | --: |\n"
            "| a size | 1 bytes | 2 bytes | **no** |\n| another | 1 | 0.5 | yes |\n",
        )

    def test_html(self) -> None:
        text = page.html("A title", page.markdown(self.PARTS, "images", "svg"))
        self.assertIn("<title>A title</title>", text)
        self.assertIn('<td style="text-align: right;"><strong>no</strong></td>', text)
        self.assertIn('src="images/sizes.svg"', text)

    def test_the_same_plot_is_the_same_file(self) -> None:
        with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
            for folder in (one, other):
                page.write_plots(self.PARTS, Path(folder), ("svg", "png"))
            drawn = (Path(one) / "sizes.svg").read_text()
            self.assertIn(">inlined</text>", drawn)
            self.assertEqual(drawn, (Path(other) / "sizes.svg").read_text())
            self.assertTrue((Path(one) / "sizes.png").read_bytes().startswith(b"\x89PNG"))

    def test_lines_have_labels_within_a_power_of_ten(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            plot = Lines("line", "Line", "helpers", "seconds", {"calls": [(10, 0.4), (100_000, 0.6)]})
            page.write_plots([plot], Path(folder), ("svg",))
            drawn = (Path(folder) / "line.svg").read_text()
        self.assertIn(">10,000</text>", drawn)
        self.assertIn(">0.5</text>", drawn)


class Recording(unittest.TestCase):
    """From results to pages."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.results, self.docs = Path(folder.name) / "results", Path(folder.name) / "docs"
        self.results.mkdir()

    def arguments(self) -> argparse.Namespace:
        return argparse.Namespace(results=self.results, docs=self.docs)

    def run_quietly(self, command: Any) -> None:
        with contextlib.redirect_stdout(io.StringIO()):
            command(self.arguments())

    def test_a_command_does_not_say_where(self) -> None:
        for place in (["--work", "/a/folder"], ["--work=/a/folder"]):
            words = ["rnull", *place, "--boots", "2"]
            self.assertEqual(bench.repeated(words), "tools/bench rnull --boots 2")

    def test_nothing_measured_is_an_error(self) -> None:
        for command in (bench.make_page, bench.record):
            with self.assertRaisesRegex(HarnessError, "has no results"):
                self.run_quietly(command)

    def test_pages_are_of_the_results(self) -> None:
        measured = {
            "benchmark": "scale",
            "date": "2020-01-02",
            "command": "tools/bench scale --runs 1",
            "machine": machine(),
            "versions": {"rustc": "rustc 1.2.3"},
            "load": [0.25, 1.0],
            "results": {"points": [point(12345, 2, run_of())]},
        }
        (self.results / "scale.json").write_text(json.dumps(measured))
        self.run_quietly(bench.make_page)
        self.run_quietly(bench.record)
        pages = [self.docs / bench.PAGE, self.results / "report.html"]
        for text in (path.read_text() for path in pages):
            for shown in ("12,345", "rustc 1.2.3", "tools/bench scale --runs 1", "2020-01-02", "0.2 and 1.0"):
                self.assertIn(shown, text)
        self.assertEqual(json.loads((self.docs / "performance" / "scale.json").read_text()), measured)

    def test_results_of_another_version(self) -> None:
        (self.results / "parity.json").write_text(json.dumps({"benchmark": "parity", "results": {}}))
        with self.assertRaisesRegex(HarnessError, "parity.json is of another version: it has no 'targets'"):
            bench.documentation(self.results)

    def test_documentation_is_of_the_results_beside_it(self) -> None:
        docs = bench.PROJECT / "docs"
        self.assertEqual((docs / bench.PAGE).read_text(), bench.documentation(docs / "performance"))


if __name__ == "__main__":
    unittest.main()
