# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the harness says while it works, and how it fails."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence

_START = time.monotonic()
_ON_TERMINAL = sys.stdout.isatty()


class HarnessError(Exception):
    """A failure that is told in one line, with its cure where there is one."""

    def __init__(self, message: str, cure: str | None = None) -> None:
        super().__init__(message)
        self.cure = cure

    def report(self) -> None:
        """Print the failure to the standard error."""
        print(f"error: {self}", file=sys.stderr)
        if self.cure:
            print(f"help: {self.cure}", file=sys.stderr)


def phase(text: str) -> None:
    """Print a line that says what begins or ended, with the time since the start."""
    print(f"[{time.monotonic() - _START:6.1f} s] {text}", flush=True)


def table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table a person reads: names on the left, figures on the right."""
    from tabulate import tabulate  # here, so that toolchain.find can say what to do where it is missing

    alignment = ["left"] + ["right"] * (len(headers) - 1)
    return tabulate(rows, headers=headers, tablefmt="simple", colalign=alignment, disable_numparse=True)


class Progress:
    """A live count: a line that renews itself on a terminal, else a line every ten seconds."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._period = 0.2 if _ON_TERMINAL else 10.0
        self._next = time.monotonic() + self._period
        self.count = 0

    def step(self, text: str) -> None:
        """Count one more step, and show it when it is time."""
        self.count += 1
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + self._period
        line = f"{self._title}: {self.count} steps, now {text}"
        if _ON_TERMINAL:
            print(f"\r\033[K{line[:78]}", end="", flush=True)
        else:
            phase(f"  {line}")

    def close(self) -> None:
        """Remove the live line."""
        if _ON_TERMINAL:
            print("\r\033[K", end="", flush=True)
