#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tests of the harness itself, without a compiler: above all, that each of its verdicts can be a failure."""

from __future__ import annotations

import contextlib
import io
import random
import tempfile
import unittest
from collections import Counter
from pathlib import Path
from unittest import mock

import fuzz
import programs
import variants
from variants import CONFIGURATIONS, Built, Failed, Tools

TOOLS = Tools("clang", "rustc", "inline-helpers", "plugin.so")
GOOD = "status 0, 1 2"
SAID = """\
note: main.rs:1:2: import-helpers (success): 'h1_func_1' imported and inlined into 'main'
note: main.rs:1:2: import-helpers (missed): 'h1_count' stays a call: mutable-state: it reaches a variable
"""


class Compare(unittest.TestCase):
    """Batches with made-up outcomes."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.keep = Path(folder.name)
        self.outcomes: dict[tuple[str, int], str] = {}
        self.broken: set[str] = set()

    def run_seeds(self, seeds: range, said: str = SAID) -> tuple[int, str]:
        """The exit status, and what is printed."""

        def rustc(_: variants.Batch, name: str, *__: object) -> Built:
            if name in self.broken:
                raise Failed(f"rustc cannot make {name}")
            left = Counter(reason for _, reason in variants._LEFT.findall(said))
            return Built(Path(name), len(variants._IMPORTED.findall(said)), left)

        def outcome(built: Built, seed: int, _: float) -> str:
            return self.outcomes.get((str(built.path), seed), GOOD)

        printed = io.StringIO()
        with (
            mock.patch.object(variants.Batch, "write"),
            mock.patch.object(variants.Batch, "_rustc", rustc),
            mock.patch.object(variants, "outcome", outcome),
            contextlib.redirect_stdout(printed),
            contextlib.redirect_stderr(printed),
        ):
            status = fuzz.run(TOOLS, seeds, 1, self.keep, False)
        return status, printed.getvalue()

    def test_good(self) -> None:
        status, said = self.run_seeds(range(20, 30))
        self.assertEqual(status, 0)
        self.assertRegex(said, r"(?m)^programs +10$")
        self.assertRegex(said, r"(?m)^comparisons +60$")
        self.assertRegex(said, r"(?m)^calls inlined +6 of 12 \(50.0%\)$")
        self.assertRegex(said, r"(?m)^calls left: mutable-state +6$")

    def test_difference(self) -> None:
        self.outcomes["inlined-O2-8", 23] = "status 0, 1 3"
        status, said = self.run_seeds(range(20, 30))
        self.assertEqual(status, 1)
        seen = "opt-level=2 codegen-units=8: status 0, 1 2 with calls, but status 0, 1 3"
        self.assertIn(f"difference: seed 23, {seen}", said)
        self.assertIn("again: tools/fuzz --seed 23 --count 1", said)
        self.assertTrue((self.keep / "seed-23").is_dir())

    def test_no_end(self) -> None:
        self.outcomes["inlined-Os-1", 23] = ""
        status, said = self.run_seeds(range(20, 30))
        self.assertEqual(status, 1)
        self.assertIn("difference: seed 23, opt-level=s codegen-units=1", said)

    def test_crash_of_a_program(self) -> None:
        self.outcomes["inlined-O0-1", 23] = "status -11, nothing printed"
        self.assertIn("crash: seed 23", self.run_seeds(range(20, 30))[1])

    def test_crash_of_rustc(self) -> None:
        self.broken.add("inlined-O0-1")
        status, said = self.run_seeds(range(20, 22))
        self.assertEqual(status, 1)
        self.assertRegex(said, r"(?m)^crash: seed 20, opt-level=0 codegen-units=1: rustc cannot make inlined-O0-1$")

    def test_calls_cannot_be_made(self) -> None:
        self.broken.add("calls")
        status, said = self.run_seeds(range(20, 22))
        self.assertEqual(status, 1)
        self.assertIn("broken: seed 20", said)
        self.assertTrue((self.keep / "batch-1").is_dir())

    def test_no_end_with_calls(self) -> None:
        self.outcomes = {("calls-plain", seed): "" for seed in range(20, 30)}
        status, said = self.run_seeds(range(20, 30))
        self.assertEqual(status, 1)
        self.assertRegex(said, r"(?m)^skipped: no end with calls +10$")
        self.assertIn("error: no program was compared", said)
        del self.outcomes["calls-plain", 25]
        status, said = self.run_seeds(range(20, 30))
        self.assertEqual(status, 0)
        self.assertRegex(said, r"(?m)^programs +1$")

    def test_undefined(self) -> None:
        self.outcomes["calls-plain", 23] = "status 0, 1 3"
        self.outcomes["inlined-O2-1", 23] = "status 0, 1 4"
        self.outcomes["calls", 24] = ""
        status, said = self.run_seeds(range(20, 30))
        self.assertEqual(status, 0)
        self.assertRegex(said, r"(?m)^programs +8$")
        self.assertRegex(said, r"(?m)^skipped: C alone disagrees +2$")

    def test_nothing_inlined(self) -> None:
        for said in ("", SAID.splitlines()[1]):
            status, printed = self.run_seeds(range(20, 22), said)
            self.assertEqual(status, 1)
            self.assertIn("of the calls were inlined", printed)


class Sources(unittest.TestCase):
    """What becomes of csmith's text."""

    CODE = """\
static long __undefined;
struct S0_5 { int f0; };
static int32_t g5_1 = 3;
static int32_t  func_1(void);
static struct S0_5 * func_2(const int8_t  p_3, int32_t * p_4);
static int32_t  func_1(void)
{
    return *func_2(1, &g5_1);
}
static struct S0_5 * func_2(const int8_t  p_3, int32_t * p_4)
{
    return 0;
}
"""

    def test_crossing(self) -> None:
        functions = tuple(programs._function(*found) for found in programs._PROTOTYPE.findall(self.CODE))
        self.assertEqual(functions[1], programs.Function("func_2", "void *", ("int8_t", "void *")))
        draft = programs.Draft(5, self.CODE, "{ func_1(); }", functions)
        with mock.patch.object(random.Random, "random", return_value=0.5):
            program = programs.finish(draft, {}, shares=False)
            sharing = programs.finish(draft, {}, shares=True)
        self.assertIn("int32_t  r5_func_1(void);", program.helpers)
        self.assertIn("return *r5_func_2(1, &g5_1);", program.helpers)
        self.assertIn("\nint32_t g5_1 = 3;", program.helpers)
        self.assertIn("\nstatic int32_t g5_1 = 3;", sharing.helpers)
        self.assertIn("fn h5_func_2(p0: i8, p1: *mut u8) -> *mut u8;", program.rust)
        self.assertIn('extern "C" fn r5_func_2(p0: i8, p1: *mut u8) -> *mut u8', program.rust)
        self.assertNotIn("func_1();", program.checks)


if __name__ == "__main__":
    unittest.main()
