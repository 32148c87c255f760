#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Builds, boots and measures a Linux kernel with its Rust helpers as calls and inlined.

Both variants are made from one source and one configuration (rnull.config). What is
built stays in the work folder and is not built again."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import btf
import check
import compile_time
import dependencies
import folders
import kasan
import kunit
import matrix
import outside
import toolchain
import tree
from boot import boot
from console import HarnessError, phase
from platforms import PLATFORMS, X86_64_CLANG

PROJECT = Path(__file__).resolve().parents[2]
EXAMPLES = """\
examples:
  tools/kernel/kernel.py check            everything: build both, boot both, compare
  tools/kernel/kernel.py build --variant inlined
  tools/kernel/kernel.py boot --variant calls
  tools/kernel/kernel.py compile-time     what the plugin costs rustc, and what the kernel's own way does
  tools/kernel/kernel.py dependencies     what make builds again, and when
  tools/kernel/kernel.py folders          a build in the kernel's own folder, with ccache
  tools/kernel/kernel.py kasan            the same driver with KASAN
  tools/kernel/kernel.py outside          a module out of tree, against the kernel and against installed headers
  tools/kernel/kernel.py matrix           the same driver on each platform, built in and as a module
  tools/kernel/kernel.py btf              the types it describes, with the plugin and without it
  tools/kernel/kernel.py kunit            the kernel's own tests of its Rust code
  tools/kernel/kernel.py matrix --cell x86_64-clang/module/strip --cell arm64-clang
"""


def main() -> int:
    """Run one sub-command with the work folder held."""
    arguments = _parser().parse_args()
    try:
        work = (arguments.work or arguments.build / "kernel").absolute()
        tools = toolchain.find(arguments.rustc, arguments.bindgen, arguments.build.absolute())
        with tree.locked(work):
            trees = tree.trees(tools, work, arguments.jobs)
            dependencies.Edits(trees[tree.CALLS].source).undo()
            return int(arguments.run(trees, arguments))
    except HarnessError as failure:
        failure.report()
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--build", type=Path, default=PROJECT / "build", help="the project's build folder (default: %(default)s)"
    )
    parser.add_argument("--work", type=Path, help="where source, trees and reports go (default: kernel in --build)")
    parser.add_argument("--rustc", type=Path, help="default: Debian's /usr/bin/rustc, else rustc of PATH")
    parser.add_argument("--bindgen", type=Path, help="default: tools/bin/bindgen in --build, else bindgen of PATH")
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)), help="make -j (default: %(default)s)")
    parser.add_argument("--boot-timeout", type=float, default=300, metavar="SECONDS", help="default: %(default)s")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    build = commands.add_parser("build", help="build one variant or both")
    _add_variant(build)
    build.add_argument(
        "--from-scratch", action="store_true", help="do not start a new inlined tree as a copy of the calls tree"
    )
    build.set_defaults(run=_build)

    boots = commands.add_parser("boot", help="boot what is built, and print what the device did")
    _add_variant(boots)
    boots.set_defaults(run=_boot)

    compare = commands.add_parser("check", help="build, boot and compare both variants")
    compare.set_defaults(run=lambda trees, arguments: check.run(trees, arguments.boot_timeout))

    times = commands.add_parser(
        "compile-time", help="compare rustc's time with the plugin, without it and in the kernel's own way"
    )
    times.add_argument(
        "--seconds", type=float, default=20,
        help=f"of plain rustc on each crate, which makes {compile_time.LEAST_RUNS} to {compile_time.MOST_RUNS} runs "
        "of each side (default: %(default)s)",
    )  # fmt: skip
    times.add_argument(
        "--count-all", action="store_true", help="count the instructions of each crate, core included, which takes long"
    )
    times.set_defaults(run=lambda trees, arguments: compile_time.run(trees, arguments.seconds, arguments.count_all))

    depends = commands.add_parser("dependencies", help="check what make builds again, and when")
    depends.set_defaults(run=lambda trees, arguments: dependencies.run(trees, arguments.boot_timeout))

    in_tree = commands.add_parser("folders", help="build in the kernel's own folder with ccache, and clean up")
    in_tree.set_defaults(run=lambda trees, arguments: folders.run(trees))

    checked = commands.add_parser("kasan", help="build and boot a kernel with KASAN, and see what it checks")
    checked.set_defaults(run=lambda trees, arguments: kasan.run(trees, arguments.boot_timeout))

    out_of_tree = commands.add_parser("outside", help="build a module out of tree, and compare")
    out_of_tree.set_defaults(run=lambda trees, arguments: outside.run(trees, arguments.boot_timeout))
    table = commands.add_parser("matrix", help="build, boot and compare the driver on each platform, in each way")
    table.add_argument(
        "--cell", action="append", default=[], metavar="CELL",
        help="PLATFORM/LINKAGE/DEBUG-INFO or a part of it, such as module; may be given more than once (default: all)",
    )  # fmt: skip
    table.add_argument(
        "--boots",
        type=int,
        default=matrix.BOOTS,
        help="of each kernel, of which the fastest counts (default: %(default)s)",
    )
    table.set_defaults(
        run=lambda trees, arguments: matrix.run(
            trees, matrix.select(arguments.cell), arguments.boot_timeout, arguments.boots
        )
    )

    types = commands.add_parser("btf", help="compare the BTF of kernels built with the plugin and without it")
    types.add_argument(
        "--platform", choices=[platform.name for platform in PLATFORMS], default=X86_64_CLANG.name,
        help="default: %(default)s",
    )  # fmt: skip
    types.set_defaults(
        run=lambda trees, arguments: btf.run(
            trees, next(platform for platform in PLATFORMS if platform.name == arguments.platform)
        )
    )

    tests = commands.add_parser("kunit", help="run the kernel's tests of its Rust code with calls and inlined")
    tests.set_defaults(run=lambda trees, arguments: kunit.run(trees, arguments.boot_timeout))
    return parser


def _add_variant(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--variant", choices=[*tree.VARIANTS, "all"], default="all", help="default: %(default)s")


def _variants(arguments: argparse.Namespace) -> tuple[str, ...]:
    return tree.VARIANTS if arguments.variant == "all" else (arguments.variant,)


def _build(trees: dict[str, tree.Tree], arguments: argparse.Namespace) -> int:
    tree.build(trees, _variants(arguments), arguments.from_scratch)
    return 0


def _boot(trees: dict[str, tree.Tree], arguments: argparse.Namespace) -> int:
    failures = 0
    for name in _variants(arguments):
        result = boot(trees[name], arguments.boot_timeout)
        for check_name, passed in result.checks.items():
            print(f"  {'ok  ' if passed else 'FAIL'} {check_name:24} {result.details[check_name]}")
        for operation in result.rounds:
            phase(f"{name}: {result.median(operation):.1f} instructions a {operation}")
        failures += len(result.failures())
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
