#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tests of tools/bench parity without a compiler: how code is counted, what is said of it, and that limits can fail."""

from __future__ import annotations

import json
import tempfile
import unittest
from collections import Counter
from pathlib import Path
from typing import Any

import machine_code
import parity
from console import HarnessError
from machine_code import Code, Function, Object
from parts import Bars, Limit, Table, Text

SYMBOLS = """\
helper T 0 b
other t 0 3
variable d 0 8
outside U
"""
DISASSEMBLY = """\

a.o:\tfile format elf64-x86-64

Disassembly of section .text.helper:

0000000000000000 <helper>:
       0:      \tlock
       1:      \txaddl\t%eax, (%rdi)
       4:      \tnopw\t(%rax,%rax)
       5:      \tcallq\t0x6 <helper+0x6>
\t\t0000000000000006:  R_X86_64_PLT32\t.text.other-0x4
       6:      \tleaq\t(%rip), %rax
\t\t0000000000000007:  R_X86_64_PC32\t.text.taken-0x4
       8:      \tjmp\t0x9 <helper+0x9>
\t\t0000000000000009:  R_X86_64_PLT32\toutside-0x4
       9:      \tcallq\t0xa <helper+0xa>
\t\t000000000000000a:  R_X86_64_PLT32\t.text.other-0x4
       b:      \tint3

Disassembly of section .text.other:

0000000000000000 <other>:
       0:      \txchgw\t%ax, %ax
       2:      \tretq
       3:      \tint3
"""
AARCH64 = """\
0000000000000000 <helper>:
       0:      \tbl\t0x0 <helper>
\t\t0000000000000000:  R_AARCH64_CALL26\t.text.other
       4:      \tadrp\tx1, 0x0 <helper>
\t\t0000000000000004:  R_AARCH64_ADR_PREL_PG_HI21\ttaken
       8:      \tcbz\tx0, 0x0 <helper>
       c:      \tb\t0xc <helper+0xc>
\t\t000000000000000c:  R_AARCH64_JUMP26\toutside
"""


def function(size: int, mnemonics: str = "", branches: str = "") -> Function:
    return Function(size, mnemonics.split(), Counter(branches.split()))


def code(size: int, mnemonics: str = "", calls: str = "") -> Code:
    return Code(size, Counter(mnemonics.split()), Counter(calls.split()))


class MachineCode(unittest.TestCase):
    """What is read of a disassembly."""

    def setUp(self) -> None:
        self.object = machine_code.parse(SYMBOLS, DISASSEMBLY)

    def test_counts_instructions_of_the_function_alone(self) -> None:
        self.assertEqual(self.object.functions["helper"].mnemonics, ["xaddl", "callq", "leaq", "jmp", "callq"])
        self.assertEqual(self.object.functions["other"].mnemonics, ["retq"])
        self.assertEqual(self.object.functions["helper"].size, 11)

    def test_knows_who_is_called(self) -> None:
        self.assertEqual(self.object.functions["helper"].branches, Counter({"other": 2, "outside": 1}))
        self.assertEqual(self.object.local, {"other"})

    def test_knows_who_is_called_on_aarch64(self) -> None:
        found = machine_code.parse("helper T 0 10\nother t 0 4\n", AARCH64).functions["helper"]
        self.assertEqual(found.mnemonics, ["bl", "adrp", "cbz", "b"])
        self.assertEqual(found.branches, Counter({"other": 1, "outside": 1}))

    def test_adds_static_functions_once(self) -> None:
        functions = {
            "f": function(10, "callq callq", "g g h"),
            "g": function(4, "callq retq", "g k"),
            "h": function(100, "retq"),
            "k": function(1, "retq", "g"),
        }
        found = Object(functions, frozenset("gk")).code("f")
        self.assertEqual((found.size, found.instructions), (15, 5))
        self.assertEqual(found.calls, Counter({"g": 4, "k": 1}))


class Explanation(unittest.TestCase):
    """Why Rust's code is more."""

    def test_a_static_function_is_inlined(self) -> None:
        found = parity.cause(code(1, "movl", "f f"), code(2, "movl cmpl", "f"))
        self.assertEqual(found, "rustc inlines f where clang calls it")

    def test_other_registers(self) -> None:
        self.assertIn("other registers", parity.cause(code(1, "leaq cmpl"), code(2, "movq addq cmpl")))
        self.assertEqual(parity.cause(code(1, "leaq"), code(2, "leaq cmpl")), parity.UNKNOWN)
        self.assertEqual(parity.cause(code(1, "leaq cmpl"), code(2, "leaq movl")), parity.UNKNOWN)

    def test_differences_are_listed(self) -> None:
        found = parity.differences(code(1, "a b"), code(2, "a c c c d e f"))
        self.assertEqual(found, "more: 6 (3 c, d, e, …); fewer: 1 (b)")
        self.assertEqual(parity.differences(code(1, "a"), code(3, "a")), "the same instructions in 2 more bytes")


class Figures(unittest.TestCase):
    """What each helper costs."""

    def found(self, stay: dict[str, str], rust: str = "addl retq") -> dict[str, Any]:
        native = Object({"h": function(4, "addl retq"), "unused": function(1, "retq")}, frozenset())
        calls = Object({"call_h": function(5, "jmp")}, frozenset())
        inlined = Object({"call_h": function(4, rust)}, frozenset())
        return parity.figures(native, calls, inlined, stay)

    def test_a_call_is_counted_with_the_helper(self) -> None:
        self.assertEqual(
            self.found({}),
            {
                "h": {
                    "c": {"bytes": 4, "instructions": 2},
                    "calls": {"bytes": 9, "instructions": 3},
                    "inlined": {"bytes": 4, "instructions": 2},
                }
            },
        )

    def test_what_stays_a_call_is_over(self) -> None:
        one = self.found({"h": "noinline"})["h"]
        self.assertEqual(one["inlined"], {"bytes": 8, "instructions": 4})
        self.assertEqual((one["left"], one["why"]), ("noinline", "stays a call: noinline"))
        self.assertTrue(parity.is_over(one))

    def test_what_is_over_has_a_cause(self) -> None:
        one = self.found({}, "movl addl retq")["h"]
        self.assertEqual(one["why"], "other registers or addresses for the same work (more: 1 (movl))")

    def test_reasons_are_of_the_report(self) -> None:
        helpers = [
            {"name": "a", "left": []},
            {"name": "b", "left": [{"reason": "mutable-state", "detail": "next"}]},
            {"name": "c", "left": [{"reason": "noinline", "detail": ""}]},
        ]
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "unit.json").write_text(json.dumps({"helpers": helpers}))
            self.assertEqual(parity.left(Path(folder)), {"b": "mutable-state (next)", "c": "noinline"})

    def test_flags_of_a_command(self) -> None:
        words = ["clang-22", "-Wp,-MMD,a.d", "-O2", "-include", "a.h", "-c", "-o", "a.o", "a.c", "-Wall"]
        self.assertEqual(parity.split(words), (Path("a.c"), ["-O2", "-include", "a.h", "-Wall"]))


def results(libraries: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    """What is measured of one target."""
    flags = {"clang": ["-O3"], "rustc": ["-Copt-level=3"]}
    measured = {"libraries": libraries, "absent": [], "flags": flags, "kernel flags": []} | more
    return {"targets": {"aarch64-unknown-linux-gnu": measured}}


def helper(instructions: int, size: int = 10, why: str | None = None) -> dict[str, Any]:
    """A helper that has 10 instructions and bytes in C."""
    one: dict[str, Any] = {side: {"bytes": 10, "instructions": 10} for side in ("c", "calls")}
    one["inlined"] = {"bytes": size, "instructions": instructions}
    return one if why is None else one | {"why": why}


def limits_of(*helpers: dict[str, Any], same: bool = True, inlined: float = 9.0) -> dict[str, bool]:
    library = {"name": "l", "helpers": dict(enumerate(helpers)), "packed is the same": same}
    counts = {"calls": 14.0, "inlined": inlined, "c": 9.0}
    parts = parity.report(results([library], refcount_inc=counts))
    return {part.what.removeprefix("aarch64: "): part.holds for part in parts if isinstance(part, Limit)}


class Report(unittest.TestCase):
    """Of made-up figures."""

    def failed(self, **changed: Any) -> list[str]:
        helpers = changed.pop("helpers", [helper(10)])
        return [what for what, holds in limits_of(*helpers, **changed).items() if not holds]

    def test_limits_hold(self) -> None:
        self.assertEqual(self.failed(helpers=[helper(10)] * 19 + [helper(11, why="known")]), [])

    def test_limits_fail(self) -> None:
        self.assertEqual(self.failed(same=False), ["libraries of which Rust's object differs if they are packed"])
        self.assertEqual(self.failed(inlined=9.1), ["refcount_inc in a loop: instructions beside C"])
        self.assertEqual(
            self.failed(helpers=[helper(10)] * 18 + [helper(11, why="known"), helper(10, 11, why="known")]),
            ["share of helpers over C"],
        )
        unknown = helper(11, why=f"{parity.UNKNOWN} (more: 1 nop)")
        self.assertEqual(
            self.failed(helpers=[helper(10)] * 20 + [unknown]), ["helpers over C for which no cause is known"]
        )
        self.assertIn("helpers in Rust: instructions beside C, median", self.failed(helpers=[helper(11, why="known")]))
        self.assertIn("helpers in Rust: bytes beside C, median", self.failed(helpers=[helper(10, 11, why="known")]))

    def test_no_table_of_none(self) -> None:
        library = {"name": "l", "helpers": {"a": helper(10)}, "packed is the same": True}
        titles = [part.title for part in parity.report(results([library])) if isinstance(part, Table)]
        self.assertEqual(titles, ["Helpers in Rust, in times of C"])

    def test_every_helper_over_one_is_listed(self) -> None:
        helpers = {"a": helper(10), "b": helper(11, why="x"), "c": helper(12, 9, why="y"), "d": helper(9, 11, why="z")}
        parts = parity.report(results([{"name": "l", "helpers": helpers, "packed is the same": True}]))
        tables = {part.title: part for part in parts if isinstance(part, Table)}
        self.assertEqual(
            [[row[0], row[3], row[5], row[6]] for row in tables["Over 1.00"].rows],
            [["c", "1.20", "0.90", "y"], ["b", "1.10", "1.00", "x"], ["d", "0.90", "1.10", "z"]],
        )
        row = tables["Helpers in Rust, in times of C"].rows[0]
        self.assertEqual(list(row), ["l", "4", "1", "25.0%", "0", "1.00", "1.05", "1.20", "1.00", "1.10"])

    def test_each_target_has_its_figures(self) -> None:
        library = {"name": "l", "helpers": {"a": helper(10)}, "packed is the same": True}
        of_both = results([library])
        of_both["targets"]["x86_64-unknown-linux-gnu"] = of_both["targets"]["aarch64-unknown-linux-gnu"]
        parts = parity.report(of_both)
        drawn = [part.name for part in parts if isinstance(part, Bars)]
        self.assertEqual(drawn, ["parity-aarch64", "parity-x86_64"])
        limits = [part.what for part in parts if isinstance(part, Limit)]
        self.assertEqual(len(limits), len(set(limits)))

    def test_says_what_is_not_compared(self) -> None:
        library = {"name": "l", "helpers": {"a": helper(10)}, "packed is the same": True}
        parts = parity.report(results([library], absent=["DPDK"]))
        text = "".join(part.markdown for part in parts if isinstance(part, Text))
        self.assertIn("There is no DPDK", text)

    def test_flags_of_the_kernel(self) -> None:
        library = {"name": "l", "helpers": {"a": helper(10)}, "packed is the same": True}
        parts = parity.report(results([library], **{"kernel flags": ["-mfoo"]}))
        self.assertIn("`-mfoo`", "".join(part.markdown for part in parts if isinstance(part, Text)))


class Targets(unittest.TestCase):
    """What is compared for each."""

    def test_libraries_of_a_target(self) -> None:
        names = ["Linux", "xxhash", "DPDK"]
        self.assertEqual(parity.available(names, parity.X86_64), (names, []))
        self.assertEqual(parity.available(names, parity.ARM64), (["Linux", "xxhash"], ["DPDK"]))

    def test_no_library_is_an_error(self) -> None:
        with self.assertRaisesRegex(HarnessError, f"of DPDK there are no headers for {parity.ARM64}"):
            parity.available(["DPDK"], parity.ARM64)


if __name__ == "__main__":
    unittest.main()
