# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What was checked, and the exit status it makes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Check:
    """One thing that must hold, and what was seen."""

    name: str
    passed: bool
    detail: str


def nothing(name: str, found: list[str]) -> Check:
    """A check that passes where nothing was found."""
    return Check(name, not found, listed(found))


def listed(items: list[str]) -> str:
    """Items for a detail."""
    return ", ".join(items) or "none"


def conclude(checks: list[Check]) -> int:
    """Print the verdicts, what failed last; 0 if all passed."""
    for check in sorted(checks, key=lambda check: not check.passed):
        print(f"{'ok  ' if check.passed else 'FAIL'} {check.name}: {check.detail}")
    failed = sum(not check.passed for check in checks)
    print(f"{len(checks) - failed} passed, {failed} failed")
    return 1 if failed else 0
