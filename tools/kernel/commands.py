# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The commands that kbuild recorded, repeated with their outputs led elsewhere."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from console import HarnessError
from tree import Tree

_OUTPUT = re.compile(r"(--emit=(?:dep-info|obj|metadata)=)(\S+)")
_REPORT = re.compile(r";report=[^;>]*")
_PLUGIN = "-Zllvm-plugins="
_OURS = (_PLUGIN, "-Cpasses=")
COUNTER = ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"]


@dataclass(frozen=True)
class Cost:
    """What a run of one or more programs took: seconds, and the KiB that the largest of their processes had."""

    processor: float
    wall: float
    memory: int = 0

    def __add__(self, other: Cost) -> Cost:
        return Cost(self.processor + other.processor, self.wall + other.wall, max(self.memory, other.memory))


@dataclass(frozen=True)
class Command:
    """One call of a program, such as a compiler."""

    arguments: list[str]
    environment: dict[str, str]
    folder: Path

    @property
    def has_plugin(self) -> bool:
        """Whether it is rustc with the plugin."""
        return any(word.startswith(_PLUGIN) for word in self.arguments)

    def without_plugin(self) -> Command:
        """The same call as plain rustc."""
        kept = [word for word in self.arguments if not word.startswith(_OURS)]
        return Command(kept, self.environment, self.folder)

    def run(self) -> Cost:
        """Run it once."""
        with tempfile.TemporaryFile() as errors:
            start = time.monotonic()
            process = subprocess.Popen(
                self.arguments, cwd=self.folder, env=self.environment, stdout=subprocess.DEVNULL, stderr=errors
            )
            _, status, usage = os.wait4(process.pid, 0)
            wall = time.monotonic() - start
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode != 0:
                errors.seek(0)
                said = errors.read().decode(errors="replace").strip()[-2000:]
                raise HarnessError(f"failed: {shlex.join(self.arguments)}\n{said}".rstrip())
        return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss)

    def instructions(self) -> int:
        """Run it once under valgrind, which counts the instructions."""
        command = [*COUNTER, *self.arguments]
        done = subprocess.run(command, cwd=self.folder, env=self.environment, capture_output=True, text=True)
        count = re.search(r"I +refs: +([\d,]+)", done.stderr)
        if done.returncode != 0 or count is None:
            raise HarnessError(f"valgrind failed: {done.stderr.strip()[-500:]}")
        return int(count[1].replace(",", ""))


def rust_objects(tree: Tree) -> list[Path]:
    """Every object of the tree that rustc made for the kernel."""
    found = []
    for record in tree.path.rglob(".*.o.cmd"):
        with record.open() as stream:
            if "--emit=obj=" in stream.readline():
                found.append(record.with_name(record.name[1 : -len(".cmd")]).relative_to(tree.path))
    return sorted(found)


def recorded(tree: Tree, target: str, scratch: Path) -> Command:
    """The command kbuild recorded for a target, rustc writing to `scratch` and no report."""
    path = Path(target)
    record = tree.path / path.with_name(f".{path.name}.cmd")
    match = re.match(r"savedcmd_\S+ := (.*)", record.read_text())
    if match is None:
        raise HarnessError(f"{record}: not a command of kbuild")
    words = list(_until_next_command(shlex.split(match[1].replace("$(pound)", "#").replace("$$", "$"))))
    variables = [word for word in words if re.match(r"^[A-Z_]+=", word)]
    arguments = [_OUTPUT.sub(lambda found: f"{found[1]}{scratch / Path(found[2]).name}", word) for word in words]
    arguments = [_REPORT.sub("", word) for word in arguments]
    if any(_OUTPUT.match(word) for word in words):
        # Two that compile a crate at a time would share what rustc makes on the way.
        arguments.append(f"-Ztemps-dir={scratch}")
    environment = tree.tools.environment() | dict(word.split("=", 1) for word in variables) | {"RUSTC_BOOTSTRAP": "1"}
    return Command(arguments[len(variables) :], environment, tree.path)


def _until_next_command(words: list[str]) -> Iterator[str]:
    for word in words:
        if word.startswith(";"):
            return
        yield word
