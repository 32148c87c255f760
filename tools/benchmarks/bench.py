#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Measures what inline-helpers saves and costs, beside other ways to the same end.

All sides of a comparison are measured in one run. The raw figures go to bench/NAME.json in the build folder, with the
machine and all versions, and a page of all that was measured there to bench/report.html."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import shlex
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT / "tools" / "kernel"))

import page  # noqa: E402
import toolchain  # noqa: E402
from console import HarnessError, phase, table  # noqa: E402
from parts import Limit, Part, Table, Text  # noqa: E402
from setting import Setting, machine  # noqa: E402
from tree import locked  # noqa: E402

BENCHMARKS = {"rnull": "rnull", "parity": "parity", "compile": "compile_cost", "scale": "scale"}
"""The sub-commands in the order of the page, and their modules: each has HELP, TITLE, options, measure and report."""
PLACE = "--work"
PAGE = "performance.md"
TITLE = "Performance"
INTRODUCTION = """\
What helpers cost as calls, what it costs to inline them, and what is gained, beside other ways to the same end. All sides
of a table were measured in one run. Ratios are of runs next to each other, so that what else the machine did slowed both."""

EXAMPLES = """\
examples:
  tools/bench scale
  tools/bench scale --helpers 100000 --wanted 2 --runs 20
  tools/bench page         make the page of what was measured anew
  tools/bench record       keep what was measured in docs/performance, and make docs/performance.md of what is there
"""


def main() -> int:
    """Run one sub-command."""
    arguments = _parser().parse_args()
    try:
        for package in ("matplotlib", "markdown", "tabulate"):
            toolchain.require_package(package)
        return int(arguments.run(arguments))
    except HarnessError as failure:
        failure.report()
        return 1
    except KeyboardInterrupt:
        return 130


def measure(arguments: argparse.Namespace) -> int:
    """Run a benchmark, keep what it measured, and judge it."""
    name, build = arguments.name, arguments.build.absolute()
    results = results_of(arguments)
    tools = toolchain.find_compilers(arguments.rustc, build)
    setting = Setting(PROJECT, build, results / name, tools, arguments.bindgen)
    with locked(setting.work):
        before = os.getloadavg()[0]
        figures = module(name).measure(setting, arguments)
        measured = {
            "benchmark": name,
            "date": time.strftime("%Y-%m-%d"),
            "command": repeated(sys.argv[sys.argv.index(name) :]),
            "machine": machine(),
            "versions": setting.tools.versions() | figures.pop("versions", {}),
            "load": [before, os.getloadavg()[0]],
            "results": figures,
        }
    path = results / f"{name}.json"
    path.write_text(json.dumps(measured) + "\n")
    phase(f"wrote {path}")
    parts = module(name).report(figures)
    print(for_terminal(parts))
    make_page(arguments)
    failed = [part for part in parts if isinstance(part, Limit) and not part.holds]
    return 1 if failed and not arguments.no_limits else 0


def repeated(words: list[str]) -> str:
    """The command that measures the same, without what only says where."""
    kept = [word for before, word in zip(["", *words], words) if PLACE not in (before, word.partition("=")[0])]
    return shlex.join(["tools/bench", *kept])


def make_page(arguments: argparse.Namespace) -> int:
    """Make report.html of all that was measured."""
    results = results_of(arguments)
    images = results / "report"
    images.mkdir(parents=True, exist_ok=True)
    parts = list(_all_parts(results))
    page.write_plots(parts, images, ("svg", "png"))
    path = results / "report.html"
    path.write_text(page.html(TITLE, f"# {TITLE}\n\n{page.markdown(parts, images.name, 'svg')}"))
    phase(f"wrote {path}")
    return 0


def record(arguments: argparse.Namespace) -> int:
    """Keep the results among the documentation, and make its page."""
    folder = arguments.docs / "performance"
    folder.mkdir(parents=True, exist_ok=True)
    for path in _found(results_of(arguments)):
        (folder / path.name).write_text(path.read_text())
    page.write_plots(_all_parts(folder), folder, ("svg",))
    path = arguments.docs / PAGE
    path.write_text(documentation(folder))
    phase(f"wrote {path}")
    return 0


def documentation(folder: Path) -> str:
    """The page of the results in a folder, beside which it is."""
    return page.made(TITLE, page.markdown(_all_parts(folder), folder.name, "svg"))


def results_of(arguments: argparse.Namespace) -> Path:
    """Where results are."""
    return (arguments.results or arguments.build / "bench").absolute()


def module(name: str) -> Any:
    """The module of a benchmark."""
    return importlib.import_module(BENCHMARKS[name])


def for_terminal(parts: Iterable[Part]) -> str:
    """The tables among the parts, and what must hold."""
    parts = list(parts)
    limits = [part for part in parts if isinstance(part, Limit)]
    tables = [part for part in parts if isinstance(part, Table)]
    if limits:
        tables.append(page.table_of(limits))
    return "\n\n".join(f"{part.title}\n\n{table(part.headers, part.rows)}" for part in tables)


def _found(folder: Path) -> list[Path]:
    return [path for name in BENCHMARKS if (path := folder / f"{name}.json").exists()]


def _files(folder: Path) -> list[Path]:
    found = _found(folder)
    if not found:
        raise HarnessError(f"{folder} has no results", "measure something first, such as: tools/bench scale")
    return found


def _all_parts(folder: Path) -> Iterator[Part]:
    yield Text(INTRODUCTION)
    for path in _files(folder):
        measured = json.loads(path.read_text())
        benchmark = module(measured["benchmark"])
        yield Text(f"## {benchmark.TITLE}")
        try:
            yield from benchmark.report(measured["results"])
        except KeyError as error:
            again = f"measure it again: tools/bench {measured['benchmark']}"
            raise HarnessError(f"{path} is of another version: it has no {error}", again) from error
        yield from page.heading(measured)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tools/bench", description=__doc__, epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--build", type=Path, default=PROJECT / "build", help="the project's build folder (default: %(default)s)"
    )
    parser.add_argument(
        "--results", type=Path, help="where what is measured goes, and what is made for it (default: bench in --build)"
    )
    parser.add_argument("--rustc", type=Path, help="default: Debian's /usr/bin/rustc, else rustc of PATH")
    parser.add_argument("--bindgen", type=Path, help="default: tools/bin/bindgen in --build, else bindgen of PATH")
    parser.add_argument("--no-limits", action="store_true", help="exit with 0 also where a limit does not hold")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", dest="name")
    for name in BENCHMARKS:
        command = commands.add_parser(name, help=module(name).HELP, description=module(name).__doc__)
        module(name).options(command)
        command.set_defaults(run=measure)
    command = commands.add_parser("page", help="make the page of what was measured anew")
    command.set_defaults(run=make_page)
    command = commands.add_parser("record", help="keep what was measured among the documentation")
    command.add_argument("--docs", type=Path, default=PROJECT / "docs", help="default: %(default)s")
    command.set_defaults(run=record)
    return parser


if __name__ == "__main__":
    sys.exit(main())
