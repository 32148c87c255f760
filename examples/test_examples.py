#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tests that the examples do what their READMEs say: builds each by the commands there, and counts instructions."""

import argparse
import ctypes
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import compare
import compare_cargo

EXAMPLES = Path(__file__).resolve().parent

# Instructions an iteration: with calls more than the first, inlined no more than the second.
INSTRUCTIONS = {"xxhash": (35.0, 24.0), "libdivide": (20.0, 14.5), "kernel-style": (70.0, 45.0)}

# The helpers of each package in examples/cargo: what its tests call, each of it inlined.
PACKAGES = {
    "cxx-header": {
        *("_ZN6shapes3Box4growEi", "_ZN6shapes4fitsERKNS_3BoxES2_", "_ZNK6shapes3Box4areaEv"),
        *(f"helper_{name}" for name in ("box_new", "numbers_new", "numbers_push", "numbers_size")),
    },
    "xxhash": {f"XXH_INLINE_{name}" for name in ("XXH32", "XXH64", "XXH3_64bits", "XXH3_64bits_withSeed")},
    "libdivide": {f"libdivide_{kind}_{name}" for kind in ("u32", "s32", "u64", "s64") for name in ("gen", "do")},
    "liburing": {
        f"io_uring_{name}"
        for name in (
            *("get_sqe", "prep_read", "prep_write", "sqe_set_data64"),
            *("peek_cqe", "cqe_get_data64", "cqe_seen"),
        )
    },
    "dpdk": {
        *(f"rte_pktmbuf_{name}" for name in ("reset", "append", "prepend", "adj", "trim")),
        *(f"rte_ring_{name}" for name in ("enqueue", "dequeue", "count")),
        "rte_ipv4_cksum",
    },
}

options = argparse.Namespace()


def run(*command, folder=EXAMPLES, **variables):
    """Runs a command with the inline-helpers and the rustc under test in PATH; returns what it prints."""
    path = os.pathsep.join([str(options.build / "bin"), str(Path(options.rustc).parent), os.environ["PATH"]])
    environment = os.environ | {"PATH": path} | variables
    done = subprocess.run([str(word) for word in command], cwd=folder, env=environment, text=True, capture_output=True)
    if done.returncode != 0:
        raise AssertionError(f"{command} failed\n{done.stdout}{done.stderr}")
    return done.stdout


def has_io_uring():
    """Whether the kernel has it, and lets this process use it."""
    setup, parameters = 425, ctypes.create_string_buffer(120)
    descriptor = ctypes.CDLL(None).syscall(setup, 1, parameters)
    if descriptor < 0:
        return False
    os.close(descriptor)
    return True


def commands_of(readme):
    return re.search(r"^```sh\n(.*?)^```", readme.read_text(), re.MULTILINE | re.DOTALL)[1]


class ByHand(unittest.TestCase):
    """The commands of a README build a program that calls no helper and computes what it does with calls."""

    def check(self, example):
        with tempfile.TemporaryDirectory() as folder:
            folder = Path(folder) / example
            shutil.copytree(EXAMPLES / example, folder)
            run("bash", "-euc", commands_of(folder / "README.md"), folder=folder)
            calls = ("--edition=2021", "-O", "-Clink-arg=helpers.o", "main.rs", "-o", "calls")
            run(options.rustc, *calls, folder=folder)
            inlined = run(folder / example, 1000)
            self.assertEqual(inlined, run(folder / "calls", 1000))
            self.assertIn("helper_", run("nm", folder / "calls"))
            self.assertNotIn("helper_", run("nm", folder / example))

    def test_xxhash(self):
        self.check("xxhash")

    def test_libdivide(self):
        self.check("libdivide")

    def test_kernel_style(self):
        self.check("kernel-style")


class Cargo(unittest.TestCase):
    """The packages pass their tests with calls and with helpers inlined, and then all of them are."""

    def setUp(self):
        if shutil.which("cargo") is None and shutil.which("cargo", path=Path(options.rustc).parent) is None:
            self.skipTest("there is no cargo")
        self.packages = sorted(PACKAGES)
        if not has_io_uring():
            self.assertNotEqual(os.environ.get("INLINE_HELPERS_REQUIRE_FEATURES"), "1", "there is no io_uring")
            self.packages.remove("liburing")
        self.sides = compare_cargo.sides(options.build, options.rustc, options.build / "examples" / "cargo")

    def check(self, side):
        for package in self.packages:
            printed = self.sides[side].test(package)
            results = re.findall(r"^test result: ok. (\d+) passed; 0 failed", printed, re.MULTILINE)
            self.assertGreater(sum(map(int, results)), 0)

    def test_calls(self):
        self.check(compare_cargo.CALLS)

    def test_inlined(self):
        cargo = self.sides[compare_cargo.INLINED]
        # Also where the last run has left nothing to compile.
        shutil.rmtree(cargo.target_folder / cargo.host, ignore_errors=True)
        self.check(compare_cargo.INLINED)
        helpers = json.loads(run("inline-helpers", "report", "--format=json", cargo.reports()))["helpers"]
        self.assertEqual([one for one in helpers if one["status"] != "imported" or one["copy"]], [])
        names = {one["name"].removesuffix("__extern") for one in helpers}
        self.assertEqual(names, set().union(*(PACKAGES[package] for package in self.packages)))

    def test_instructions(self):
        with tempfile.TemporaryDirectory() as folder:
            figures = Path(folder) / "figures.json"
            measured = [one.package for one in compare_cargo.BENCHMARKS if one.package in self.packages]
            only = [word for package in measured for word in ("--only", package)]
            command = (EXAMPLES / "compare_cargo.py", "--build", options.build, "--rustc", options.rustc)
            run(*command, "--json", figures, *only)
            figures = json.loads(figures.read_text())["instructions"]
        self.assertEqual(list(figures), measured)
        for package, instructions in figures.items():
            with self.subTest(package):
                inlined = instructions[compare_cargo.INLINED]
                self.assertLess(inlined, instructions[compare_cargo.CALLS])
                self.assertLessEqual(inlined, instructions[compare_cargo.THIN])


class Instructions(unittest.TestCase):
    """Inlining saves instructions."""

    def test_limits(self):
        with tempfile.TemporaryDirectory() as folder:
            figures = Path(folder) / "figures.json"
            run(EXAMPLES / "compare.py", "--build", options.build, "--rustc", options.rustc, "--json", figures)
            figures = json.loads(figures.read_text())
        self.assertEqual(figures.keys(), INSTRUCTIONS.keys())
        for example, (calls, inlined) in INSTRUCTIONS.items():
            with self.subTest(example):
                self.assertGreater(figures[example]["calls"], calls)
                self.assertLessEqual(figures[example]["inlined"], inlined)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, add_help=False)
    parser.add_argument("--build", type=Path, default=EXAMPLES.parent / "build")
    parser.add_argument("--rustc")
    options, rest = parser.parse_known_args()
    options.build = options.build.resolve()
    options.rustc = options.rustc or compare.rustc_of(options.build)
    unittest.main(argv=[sys.argv[0], *rest])
