#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tests that the examples do what their READMEs say: builds each by the commands there, and counts instructions."""

import argparse
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

EXAMPLES = Path(__file__).resolve().parent

# Instructions an iteration: with calls more than the first, inlined no more than the second.
INSTRUCTIONS = {"xxhash": (35.0, 24.0), "libdivide": (20.0, 14.5), "kernel-style": (70.0, 45.0)}

options = argparse.Namespace()


def run(*command, folder=EXAMPLES, **variables):
    """Runs a command with the inline-helpers and the rustc under test in PATH; returns what it prints."""
    path = os.pathsep.join([str(options.build / "bin"), str(Path(options.rustc).parent), os.environ["PATH"]])
    environment = os.environ | {"PATH": path} | variables
    done = subprocess.run([str(word) for word in command], cwd=folder, env=environment, text=True, capture_output=True)
    if done.returncode != 0:
        raise AssertionError(f"{command} failed\n{done.stdout}{done.stderr}")
    return done.stdout


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
    """The package builds, inlines, and is built again where a helper changes, in both profiles."""

    def check(self, *profile):
        cargo = shutil.which("cargo", path=Path(options.rustc).parent) or shutil.which("cargo")
        if cargo is None:
            self.skipTest("there is no cargo")
        with tempfile.TemporaryDirectory() as folder:
            folder = Path(folder)
            shutil.copytree(EXAMPLES / "cargo", folder / "examples" / "cargo", ignore=shutil.ignore_patterns("target"))
            (folder / "build").symlink_to(options.build)
            package = folder / "examples" / "cargo"
            program = package / "target" / ("release" if profile else "debug") / "descriptors"

            def built():
                run(cargo, "build", "--offline", *profile, folder=package, RUSTC=options.rustc)
                self.assertNotIn("helper_", run("nm", program))
                return int(run(program, 1024))

            self.assertEqual(built(), 342)
            helpers = package / "src" / "helpers.c"
            helpers.write_text(helpers.read_text().replace("return FD_ISSET", "return !FD_ISSET"))
            self.assertEqual(built(), 1024 - 342)

    def test_release(self):
        self.check("--release")

    def test_dev(self):
        self.check()


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
