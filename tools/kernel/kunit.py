# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs the kernel's own tests of its Rust code, the doctests, with helpers as calls and inlined."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from boot import Boot, boot
from console import table
from objects import inspect
from platforms import HERE
from tree import CALLS, FRAGMENT, INLINED, SMALL, Tree
from verdict import Check, conclude, nothing

TRANSFERS = 1000
"""A round: this kernel is not measured."""
DOCTESTS = "rust/doctests_kernel_generated.o"
SUITE = "rust_doctests_kernel"
PASSED = "passed"
FAILED = "failed"
SKIPPED = "skipped"
RESULTS = (PASSED, FAILED, SKIPPED)

# KTAP, behind the time of printk: "    ok 1 rust_doctest_kernel_alloc_rs_0".
_RESULT = re.compile(r"^(?:\[ *[\d.]+\] )? *(not ok|ok) \d+ (\S+)(?: # (SKIP)\b)?", re.MULTILINE)


@dataclass(frozen=True)
class Figures:
    """What one kernel showed."""

    called: list[str]
    """The helpers that the tests call."""
    results: dict[str, str]
    """The test cases and suites, and what became of each."""
    boot: Boot


def run(trees: dict[str, Tree], boot_timeout: float) -> int:
    """Build and boot both kernels; 0 if the same tests pass in both, and none fails."""
    tested = replace(trees[CALLS], fragments=(FRAGMENT, SMALL, HERE / "kunit.config"))
    calls, inlined = (replace(tested, name=f"kunit-{name}") for name in (CALLS, INLINED))
    inlined = inlined.with_plugin()
    calls.source.unpack()
    # The option changes struct module, and with it nearly every file.
    calls.build()
    inlined.build(calls)
    found = {name: _measure(tree, boot_timeout) for name, tree in ((CALLS, calls), (INLINED, inlined))}
    rows = [
        [name, str(len(figures.called)), *(str(_count(figures, result)) for result in RESULTS)]
        for name, figures in found.items()
    ]
    print(table(["KUnit", "helpers called by tests", *RESULTS], rows))
    return conclude(judge(found[CALLS], found[INLINED]))


def judge(calls: Figures, inlined: Figures) -> list[Check]:
    """What must hold of the two."""
    names = sorted(calls.results.keys() | inlined.results.keys())
    different = [
        f"{name}: {calls.results.get(name, 'not run')}, inlined {inlined.results.get(name, 'not run')}"
        for name in names
        if calls.results.get(name) != inlined.results.get(name)
    ]
    checks = [
        Check("tests call helpers", bool(calls.called), f"{len(calls.called)} helpers"),
        nothing("tests with helpers inlined call none", inlined.called),
        nothing("the same results", different),
    ]
    for name, figures in ((CALLS, calls), (INLINED, inlined)):
        failed = [test for test, result in figures.results.items() if result == FAILED]
        passed = _count(figures, PASSED)
        checks += [
            nothing(f"{name} boots and transfers are right", figures.boot.failures()),
            nothing(f"{name}: no test fails", failed),
            Check(f"{name}: the suite passes", figures.results.get(SUITE) == PASSED and passed > 0, f"{passed} passed"),
        ]
    return checks


def read_results(log: str) -> dict[str, str]:
    """What became of each test case and suite that a kernel's log tells of."""
    return {
        name: SKIPPED if skipped else PASSED if result == "ok" else FAILED
        for result, name, skipped in _RESULT.findall(log.replace("\r", ""))
    }


def _measure(tree: Tree, boot_timeout: float) -> Figures:
    booted = boot(tree, boot_timeout, TRANSFERS)
    return Figures(inspect(tree.tools, tree.path / DOCTESTS).called, read_results(booted.console), booted)


def _count(figures: Figures, result: str) -> int:
    """The tests of which that became."""
    return sum(found == result for name, found in figures.results.items() if name != SUITE)
