#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tests of tools/bench rnull without a kernel: what becomes of what it reads, and that each limit can fail."""

from __future__ import annotations

import copy
import unittest
from collections import Counter
from typing import Any

import rnull
import rnull_profile
from console import HarnessError
from parts import Limit, Table, Text
from rnull_profile import Symbols
from toolchain import output

CONSOLE = """\
QUEUE rnullb0 nr_requests 256\r
QUEUE rnullb0 scheduler none [mq-deadline] kyber\r
QUEUE nullb0 nr_requests 64\r
QUEUE nullb0 scheduler none [mq-deadline] kyber\r
ROUND rnullb0 none read 10 0 32010\r
ROUND nullb0 none read 10 0 32000\r
ROUND rnullb0 none read 10 0 32050\r
END\r
"""
DRIVER = """\
    name: "rnull_mod",
        let tagset = Arc::pin_init(TagSet::new(1, 256, 1), flags::GFP_KERNEL)?;
            .build(format_args!("rnullb{}", 0), tagset)?;
"""
KERNEL = 0xFFFFFFFF81000000


def line(address: int) -> str:
    return f"Trace 0: 0x7f1b80000100 [00000000/{address:016x}/00c0b2b0/ff000201] \n"


class Console(unittest.TestCase):
    def test_rounds_and_queues(self) -> None:
        rounds, queues = rnull.read_console(CONSOLE)
        self.assertEqual(rounds["rnullb0"]["none"]["read"], [3201.0, 3205.0])
        self.assertEqual(rounds["nullb0"]["none"]["read"], [3200.0])
        self.assertEqual(queues["rnullb0"], {"nr_requests": "256", "scheduler": "none [mq-deadline] kyber"})

    def test_failed_transfers(self) -> None:
        with self.assertRaisesRegex(HarnessError, "rnullb0: 3 transfers of read failed"):
            rnull.read_console(CONSOLE.replace("10 0 32050", "10 3 32050"))

    def test_no_end(self) -> None:
        with self.assertRaisesRegex(HarnessError, "did not come to its end"):
            rnull.read_console(CONSOLE.replace("END", ""))

    def test_no_c_driver(self) -> None:
        with self.assertRaisesRegex(HarnessError, "did not come to its end"):
            rnull.read_console(CONSOLE.replace("ROUND nullb0", "ROUND other"))

    def test_clock(self) -> None:
        rnull.read_console("CLOCK tsc\n" + CONSOLE)
        with self.assertRaisesRegex(HarnessError, "no better clock than jiffies"):
            rnull.read_console("CLOCK jiffies\n" + CONSOLE)

    def test_complaint(self) -> None:
        with self.assertRaisesRegex(HarnessError, "WARNING: at block"):
            rnull.read_console("WARNING: at block\n" + CONSOLE)


class Copy(unittest.TestCase):
    def test_more_queues_and_other_names(self) -> None:
        text = rnull.with_queues(DRIVER, 2)
        self.assertIn("TagSet::new(2, 256, 1)", text)
        self.assertIn('"rnullq{}"', text)
        self.assertIn('name: "rnull_queues"', text)

    def test_other_source(self) -> None:
        for text in (DRIVER.replace("256", "128"), DRIVER * 2):
            with self.assertRaisesRegex(HarnessError, "not as expected"):
                rnull.with_queues(text, 2)


class Loops(unittest.TestCase):
    def test_flags_of_others_stay(self) -> None:
        loops = f"KRUSTFLAGS={rnull.LOOPS_AS_IN_C}"
        self.assertEqual(rnull.with_loops_as_in_c([]), (loops,))
        ours = ["KRUSTFLAGS=-Zllvm-plugins=p.so", "RUSTFLAGS_KERNEL='-Cpasses=p<library=l>'"]
        self.assertEqual(rnull.with_loops_as_in_c(ours), (f"{ours[0]} {rnull.LOOPS_AS_IN_C}", ours[1]))

    def test_make_takes_the_option_of_c(self) -> None:
        makefile = [f"KRUSTFLAGS={rnull.LOOPS_AS_IN_C}", "--eval=all:;@echo $(KRUSTFLAGS)"]

        def made(in_c: str) -> str:
            return output(["make", "--no-print-directory", "-f/dev/null", f"KBUILD_CFLAGS={in_c}", *makefile]).strip()

        self.assertEqual(made("-O2 -falign-loops=1 -g"), "-Cllvm-args=-align-loops=1")
        self.assertEqual(made("-O2 -falign-jumps=1"), "")


class Profile(unittest.TestCase):
    SYMBOLS = Symbols.parse(
        [
            "0000000000401000 T profileBegin",
            f"{KERNEL:x} T submit",
            f"{KERNEL + 8:x} d table",
            f"{KERNEL + 16:x} t <rnull::Device as Queue>::end ok",
        ]
    )

    def test_instructions_by_function(self) -> None:
        log = [1, 2, 0x10, KERNEL, KERNEL + 9, KERNEL, KERNEL + 16, 0x12, 0x20, KERNEL]
        self.assertEqual(
            rnull_profile.count(log, 0x10, 0x20, self.SYMBOLS),
            Counter({"submit": 3, "<rnull::Device as Queue>::end ok": 1, "user space": 1}),
        )

    def test_marks_that_are_not_reached(self) -> None:
        for mark, log in {"0x10": [1, 2, 0x20], "0x20": [0x10, 1, 2]}.items():
            with self.assertRaisesRegex(HarnessError, f"nothing executed at {mark}"):
                rnull_profile.count(log, 0x10, 0x20, self.SYMBOLS)

    def test_address_of_a_mark(self) -> None:
        self.assertEqual(self.SYMBOLS.address("profileBegin"), 0x401000)
        with self.assertRaisesRegex(HarnessError, "no function profileEnd"):
            self.SYMBOLS.address("profileEnd")

    def test_interrupted_round(self) -> None:
        quiet, interrupted = {"submit": 3.0}, {"submit": 3.0, "tick": 9.0}
        self.assertEqual(rnull_profile.fewer(None, interrupted), interrupted)
        self.assertEqual(rnull_profile.fewer(interrupted, quiet), quiet)
        self.assertEqual(rnull_profile.fewer(quiet, interrupted), quiet)

    def test_no_function(self) -> None:
        with self.assertRaisesRegex(HarnessError, "no function at"):
            Symbols([KERNEL + 1], ["f"]).function(KERNEL)

    def test_log(self) -> None:
        log = [
            "IN: \n",
            line(1),
            line(2),
            "Stopped execution of TB chain before 0x7f1b [0000000000000002] \n",
            line(2),
            line(3),
        ]
        self.assertEqual(list(rnull_profile.executed(log)), [1, 2, 3])
        self.assertEqual(list(rnull_profile.executed([])), [])


def boot(rust: float, in_c: float) -> Any:
    workloads = {"read": [rust, rust + 1, rust + 2], "write": [rust + 9]}
    return {
        "rnullb0": {"none": workloads},
        "rnullq0": {"none": workloads},
        "nullb0": {"none": {"read": [in_c], "write": [in_c]}},
    }


PLATFORM: dict[str, Any] = {
    "text": {
        side: {str(path): size for path in rnull.SIZED}
        for side, size in zip(rnull.SIDES, (4200, 4139, 4123), strict=True)
    },
    "boots": {
        "calls": [boot(3220, 3300), boot(3221, 3300)],
        "own way": [boot(3205, 3300), boot(3201, 3300)],
        "inlined": [boot(3190, 3300), boot(3193, 3300)],
    },
    "queues": rnull.read_console(CONSOLE)[1],
    "profile": {},
    "times": {"why not": "there is no KVM"},
}
PLATFORM["several"] = copy.deepcopy(PLATFORM["boots"])


class Report(unittest.TestCase):
    def setUp(self) -> None:
        self.platform = copy.deepcopy(PLATFORM)

    def report(self) -> list[Any]:
        return list(rnull.report({"platforms": {"x86_64-clang": self.platform}}))

    def failing(self) -> list[str]:
        return [part.what for part in self.report() if isinstance(part, Limit) and not part.holds]

    def rows(self, title: str) -> list[list[str]]:
        [found] = [part for part in self.report() if isinstance(part, Table) and part.title == title]
        return [list(row) for row in found.rows]

    def test_figure_is_of_the_best_layout(self) -> None:
        self.assertEqual(rnull.figure(self.platform["boots"]["own way"], "rnullb0", "none", "read"), 3202)

    def test_table(self) -> None:
        self.assertEqual(
            self.rows("Instructions a transfer")[0],
            ["read, none", "3,221.0", "3,202.0", "3,191.0", "0.9907", "0.9966", "3,300.0", "-109.0"],
        )

    def test_no_own_way(self) -> None:
        for figures in ("text", "boots", "several"):
            self.platform[figures] = {side: self.platform[figures][side] for side in ("calls", "inlined")}
        self.assertEqual(self.rows("Instructions a transfer")[0][2:6], ["-", "3,191.0", "0.9907", "-"])
        self.assertEqual(self.failing(), [])
        limits = [part.what for part in self.report() if isinstance(part, Limit)]
        self.assertEqual(
            limits,
            [
                f"x86_64-clang{queues}: instructions of write, none, of C's, but for noise"
                for queues in ("", ", 2 queues")
            ],
        )

    def test_differences_of_queues(self) -> None:
        self.assertEqual(
            self.rows("What differs between the queues of the two drivers"), [["nr_requests", "256", "64"]]
        )

    def test_profile(self) -> None:
        rust = {"queue": 20.0, "helper": 5.0, "read": 3000.0, "tick": 0.4}
        in_c = {"null_queue": 60.0, "read": 3000.0}
        of_all = {workload: rust for workload in rnull.SHOWN}
        of_c = {workload: in_c for workload in rnull.SHOWN}
        fewer = {workload: {**rust, "helper": 0.0} for workload in rnull.SHOWN}
        self.platform["profile"] = {
            "calls": {"rnullb0": of_all, "nullb0": of_c},
            "inlined": {"rnullb0": fewer, "nullb0": of_c},
        }
        self.assertEqual(
            self.rows("Instructions a transfer by function: read, no scheduler"),
            [
                ["null_queue", "0.0", "-", "0.0", "60.0"],
                ["queue", "20.0", "-", "20.0", "0.0"],
                ["helper", "5.0", "-", "0.0", "0.0"],
                ["2 others", "3,000.4", "-", "3,000.4", "3,000.0"],
                ["all", "3,025.4", "-", "3,020.4", "3,060.0"],
            ],
        )

    def test_no_times(self) -> None:
        [told] = [part.markdown for part in self.report() if isinstance(part, Text) and "not measured" in part.markdown]
        self.assertEqual(told, "Transfers a second were not measured: there is no KVM.")

    def test_times(self) -> None:
        self.platform["times"] = {"boots": self.platform["boots"]}
        [row, *_] = self.rows(
            "Thousand transfers a second with KVM: the median of all rounds, and where it is with 95 % confidence"
            " (of fewer than 6 rounds, their range)"
        )
        self.assertEqual(row[0:3], ["read, none", "310 (310 to 311)", "312 (312 to 312)"])

    def test_interval(self) -> None:
        # Of 12 values the third from either end: the median is outside with a probability of 79/2048, 3.9 %.
        self.assertEqual(rnull.interval([float(value) for value in range(12)]), (2, 9))
        self.assertEqual(rnull.interval([3.0, 1.0, 2.0]), (1, 3))
        self.assertEqual(rnull.interval([3.0]), (3, 3))

    def test_limits_hold(self) -> None:
        self.assertEqual(self.failing(), [])

    def test_slower_in_one_workload(self) -> None:
        for measured in self.platform["boots"]["inlined"]:
            measured["rnullb0"]["none"]["write"] = [3250.0]
        name = "x86_64-clang: instructions of write, none, of the own way's, but for noise"
        self.assertEqual(self.failing(), [name])

    def test_noise(self) -> None:
        for measured in self.platform["boots"]["inlined"]:
            measured["rnullb0"]["none"]["write"] = [3250.0]
        # The C driver differs by as much in another transfer, and then in this one.
        for workload, failing in {"read": 1, "write": 0}.items():
            for measured in self.platform["boots"]["own way"]:
                measured["nullb0"]["none"][workload] = [3200.0]
            self.assertEqual(len(self.failing()), failing)

    def test_noise_of_rounds(self) -> None:
        for measured in self.platform["boots"]["inlined"]:
            measured["rnullb0"]["none"]["write"] = [3250.0, 3250.0, 3300.0]
        self.assertEqual(self.failing(), [])
        # What is noise in one transfer does not hide that another is slower.
        for measured in self.platform["boots"]["inlined"]:
            measured["rnullb0"]["none"]["read"] = [3210.0]
        self.assertIn("x86_64-clang: instructions of read, none, of the own way's, but for noise", self.failing())

    def test_slower_than_in_c(self) -> None:
        for side in self.platform["boots"].values():
            for measured in side:
                measured["nullb0"]["none"]["write"] = [3150.0]
        self.assertEqual(self.failing(), ["x86_64-clang: instructions of write, none, of C's, but for noise"])

    def test_slower_with_queues(self) -> None:
        self.platform["several"] = copy.deepcopy(PLATFORM["boots"])
        for measured in self.platform["several"]["inlined"]:
            measured["rnullq0"]["none"]["write"] = [3250.0]
        name = "x86_64-clang, 2 queues: instructions of write, none, of the own way's, but for noise"
        self.assertEqual(self.failing(), [name])

    def test_larger(self) -> None:
        self.platform["text"]["inlined"]["rust/kernel.o"] = 4140
        self.assertEqual(self.failing(), ["x86_64-clang: code of rust/kernel.o, of the own way's"])


if __name__ == "__main__":
    unittest.main()
