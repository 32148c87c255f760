#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tests of tools/bench compile without a compiler: how commands are made of others, and that each limit can fail."""

from __future__ import annotations

import shutil
import tempfile
import unittest
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import compile_cost
import programs
from commands import Command
from console import HarnessError
from parts import Bars, Limit, Table
from programs import BITCODE, CALLS, FAT, LIBRARIES, LLVM_LINK, NATIVE, PACKED, THIN
from toolchain import Toolchain

TOOLS = Toolchain(Path("/bin/rustc"), Path("/bin/ih"), "22", Path("/tool"), Path("/tool"), Path("/tool"))
LOG = """\
   Compiling memchr v2.0.0
     Running `CARGO=/bin/cargo CARGO_PKG_DESCRIPTION='Several
lines.' /bin/rustc --crate-name memchr --out-dir /w/large/recorded/release/deps`
     Running `FEW='a b' /bin/rustc --crate-name large -C extra-filename=-1f --extern x=/w/large/recorded/x.rlib`
    Finished `release` profile
"""


def build_of(name: str, *runs: dict[str, float], memory: dict[str, int] | None = None, **more: Any) -> dict[str, Any]:
    """A build, of runs that give each side's seconds."""
    of = memory or {}
    made = [
        {side: {"processor": seconds, "wall": 1.0, "memory": of.get(side, 1024)} for side, seconds in run.items()}
        for run in runs
    ]
    return {"name": name, "runs": made, **more}


def library_build(bitcode: float = 1.0, instructions: float = 20.0, memory: int = 1024) -> dict[str, Any]:
    sides = {CALLS: 1.2, BITCODE: bitcode, PACKED: 1.1, NATIVE: 1.5, THIN: 1.0, FAT: 9.0}
    loop = {CALLS: 30.0, BITCODE: instructions, PACKED: 20.0, NATIVE: 20.0, THIN: 20.0, FAT: 19.0}
    return build_of("xxhash", sides, memory={BITCODE: memory}, work="hashes", iteration=loop)


def limits_of(build: dict[str, Any]) -> dict[str, bool]:
    return {part.what: part.holds for part in compile_cost.report({"builds": [build]}) if isinstance(part, Limit)}


class Report(unittest.TestCase):
    """Tables and limits, of made-up runs."""

    def test_ratio_is_of_runs_next_to_each_other(self) -> None:
        noisy = build_of("x", {CALLS: 1.0, BITCODE: 1.1}, {CALLS: 2.0, BITCODE: 2.2}, {CALLS: 9.0, BITCODE: 9.9})
        self.assertAlmostEqual(compile_cost.ratio(noisy, BITCODE), 1.1)
        self.assertEqual(compile_cost.median(noisy, CALLS, "processor"), 2.0)

    def test_half_of_the_values_are_within_the_spread(self) -> None:
        self.assertEqual(compile_cost.spread([5.0, 1.0, 2.0, 3.0, 4.0]), (2.0, 4.0))
        self.assertEqual(compile_cost.spread([5.0]), (5.0, 5.0))

    def test_limits_of_a_library(self) -> None:
        time, loop = f"xxhash: time to build beside {THIN}", f"xxhash: instructions an iteration beside {THIN}"
        memory = "xxhash: memory beside calls"
        self.assertEqual(limits_of(library_build()), {loop: True, time: True, memory: True})
        self.assertEqual(limits_of(library_build(bitcode=1.01)), {loop: True, time: False, memory: True})
        self.assertEqual(limits_of(library_build(instructions=20.5)), {loop: False, time: True, memory: True})
        self.assertEqual(limits_of(library_build(instructions=20.0002)), {loop: True, time: True, memory: True})
        self.assertEqual(limits_of(library_build(memory=1100)), {loop: True, time: True, memory: False})

    def test_limits_of_a_crate_of_the_kernel(self) -> None:
        def limits(seconds: float, count: int, memory: int) -> list[bool]:
            sides = {CALLS: 1.0, BITCODE: seconds, LLVM_LINK: 1.3}
            counts = {CALLS: 1000, BITCODE: count, LLVM_LINK: 1300}
            return list(limits_of(build_of("rnull.rs", sides, memory={BITCODE: memory}, instructions=counts)).values())

        self.assertEqual(limits(1.01, 1010, 1075), [True, True, True])
        self.assertEqual(limits(1.02, 1010, 1075), [False, True, True])
        self.assertEqual(limits(1.01, 1011, 1075), [True, False, True])
        self.assertEqual(limits(1.01, 1010, 1076), [True, True, False])

    def test_tables(self) -> None:
        counted = build_of("x", {CALLS: 2.0, BITCODE: 3.0}, instructions={CALLS: 2_000_000, BITCODE: 3_000_000})
        (table,) = (part for part in compile_cost.report({"builds": [counted]}) if isinstance(part, Table))
        self.assertEqual(table.rows[1], [BITCODE, "3.000", "1.500", "1.500 to 1.500", "1", "1.000", "3", "1.5000"])
        _, loops = (part for part in compile_cost.report({"builds": [library_build()]}) if isinstance(part, Table))
        self.assertEqual(loops.rows, [["xxhash", "hashes", "30.0", "20.0", "20.0", "20.0", "20.0", "19.0"]])

    def test_a_side_that_was_not_measured_has_no_bar(self) -> None:
        crate = build_of("rnull.rs", {CALLS: 1.0, BITCODE: 1.0, LLVM_LINK: 2.0})
        parts = compile_cost.report({"builds": [crate, library_build()]})
        _, ratios = (part for part in parts if isinstance(part, Bars))
        self.assertEqual(ratios.sides[LLVM_LINK], [2.0, None])
        self.assertEqual(ratios.sides[THIN][0], None)


class Recorded(unittest.TestCase):
    """Calls of rustc, read from what cargo prints."""

    def test_each_call_with_its_variables(self) -> None:
        first, second = programs.recorded(LOG, {"HOME": "/h"}, Path("/p"))
        self.assertEqual(first.arguments[:3], ["/bin/rustc", "--crate-name", "memchr"])
        self.assertEqual(first.environment["CARGO_PKG_DESCRIPTION"], "Several\nlines.")
        self.assertEqual(second.environment, {"HOME": "/h", "FEW": "a b"})

    def test_led_to_another_folder(self) -> None:
        _, command = programs.recorded(LOG + " /w/large/recorded-2/y", {"L": "/w/large/recorded"}, Path("/p"))
        command = programs.with_words(command, "/w/large/recorded-2/y")
        led = programs.led_to(command, Path("/w/large/recorded"), Path("/w/large/calls"))
        self.assertEqual(led.arguments[-2:], ["x=/w/large/calls/x.rlib", "/w/large/recorded-2/y"])
        self.assertEqual(led.environment["L"], "/w/large/calls")

    def test_the_file_that_is_linked(self) -> None:
        first, second = programs.recorded(LOG, {}, Path("/p"))
        self.assertEqual(programs._crate_file(second), "large-1f")
        with self.assertRaisesRegex(HarnessError, "not as cargo calls rustc"):
            programs._crate_file(first)


@unittest.skipUnless(shutil.which("valgrind"), "valgrind is missing")
class Instructions(unittest.TestCase):
    """Counted by valgrind."""

    def test_those_of_all_processes(self) -> None:
        alone, parent = (Command(["/bin/sh", "-c", text], {}, Path("/")) for text in (":", "/bin/true; :"))
        self.assertGreater(parent.instructions(), alone.instructions() + 50_000)

    def test_a_failure_is_told(self) -> None:
        with self.assertRaisesRegex(HarnessError, "valgrind failed"):
            Command(["/bin/false"], {}, Path("/")).instructions()


class Sides(unittest.TestCase):
    """What builds a program in each way."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.work = Path(folder.name)
        self.library = LIBRARIES[-1]

    @contextmanager
    def no_processes(self) -> Iterator[None]:
        def output(command: list[str | Path]) -> str:
            names, options = "", ""
            for word in map(str, command[2:]):
                if word.startswith("--"):
                    options += f";{word[2:]}"
                else:
                    names += f";library={Path(word).name}"
            return f"-Zllvm-plugins=/plugin.so -Cpasses=import-helpers<{names[1:]}{options}>"

        with mock.patch.object(Command, "run"), mock.patch.object(programs, "output", output):
            yield

    def called(self, side: str) -> list[str]:
        """The programs of a side's commands, and the words of the last."""
        program = programs.small(TOOLS, self.library, self.work)
        with self.no_processes():
            commands = programs.commands(TOOLS, program, side)
        self.last = commands[-1].arguments
        return [Path(command.arguments[0]).name for command in commands]

    def test_the_programs(self) -> None:
        self.assertEqual(self.called(CALLS), ["clang-22", "rustc"])
        self.assertEqual(self.called(BITCODE), ["ih", "rustc"])
        self.assertEqual(self.called(PACKED), ["ih", "ih", "rustc"])
        self.assertEqual(self.called(NATIVE), ["clang-22", "ih", "rustc"])
        self.assertEqual(self.called(THIN), ["clang-22", "rustc"])
        self.assertEqual(self.called(FAT), ["clang-22", "rustc"])
        self.assertEqual(self.called(LLVM_LINK), ["clang-22", "rustc", "llvm-link-22", "clang-22", "rustc"])

    def test_only_who_needs_it_links_the_native_object(self) -> None:
        def links(side: str) -> bool:
            self.called(side)
            return any(word.endswith("/dpdk.o") for word in self.last)

        linked = {side: links(side) for side in (CALLS, BITCODE, PACKED, NATIVE, THIN)}
        self.assertEqual(linked, {CALLS: True, BITCODE: False, PACKED: False, NATIVE: True, THIN: False})

    def test_all_sides_are_linked_alike(self) -> None:
        for side in (*compile_cost.SIDES, LLVM_LINK):
            self.called(side)
            for word in ("-Clinker=clang-22", "-Clink-arg=-fuse-ld=lld", "-Clink-arg=-lrte_ring"):
                self.assertEqual(self.last.count(word), 1, side)

    def test_each_helper_is_inlined_where_there_is_no_native_object(self) -> None:
        for side, suffix, leftover in (
            (BITCODE, ".bc", "error"), (PACKED, ".a", "error"), (NATIVE, ".bc", "allow"),
        ):  # fmt: skip
            self.called(side)
            self.assertIn(f"-Cpasses=import-helpers<library=dpdk{suffix};leftover={leftover}>", self.last)
            self.assertIn("-Zllvm-plugins=/plugin.so", self.last)

    def test_link_time_optimisation(self) -> None:
        for side, expected in ((CALLS, [False, False]), (THIN, [True, False]), (FAT, [True, True])):
            self.called(side)
            self.assertEqual([word in self.last for word in ("-Clinker-plugin-lto", "-Clto=fat")], expected)

    def test_the_library_says_what_rustc_compiles_for(self) -> None:
        self.called(CALLS)
        self.assertIn("-Ctarget-cpu=corei7", self.last)

    def test_other_builds_have_no_say(self) -> None:
        with mock.patch.dict("os.environ", {"RUSTFLAGS": "-g", "CARGO_PROFILE_RELEASE_LTO": "fat", "CARGO_HOME": "/c"}):
            (command,) = programs.small(TOOLS, self.library, self.work).rustc
        self.assertNotIn("RUSTFLAGS", command.environment)
        self.assertNotIn("CARGO_PROFILE_RELEASE_LTO", command.environment)
        self.assertEqual(command.environment["CARGO_HOME"], "/c")


if __name__ == "__main__":
    unittest.main()
