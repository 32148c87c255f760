# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compiles a batch of programs with helpers as calls and inlined, and runs what comes out."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import programs

COMPILE_SECONDS = 600
CALLS_SECONDS = 3
"""A csmith program may not end: one that takes longer with calls is skipped."""
INLINED_SECONDS = 20
OBJECT, PLAIN_OBJECT, SHARED_OBJECT = "helpers.o", "helpers-plain.o", "helpers-shared.o"

_IMPORTED = re.compile(r"import-helpers \(success\): '(\w+)'")
_LEFT = re.compile(r"import-helpers \(missed\): '(\w+)' stays a call: ([\w-]+)")
_RECORD = re.compile(r"^@(size|align)_(\w+) = .* i64 (\d+)", re.MULTILINE)


@dataclass(frozen=True)
class Configuration:
    """How rustc compiles."""

    level: str
    units: int

    def __str__(self) -> str:
        return f"opt-level={self.level} codegen-units={self.units}"

    @property
    def flags(self) -> list[str]:
        return [f"-Copt-level={self.level}", f"-Ccodegen-units={self.units}"]


CONFIGURATIONS = tuple(Configuration(level, units) for level in ("0", "2", "s") for units in (1, 8))


@dataclass(frozen=True)
class Tools:
    """What is called."""

    clang: str
    rustc: str
    inline_helpers: str
    plugin: str


class Failed(Exception):
    """A command failed that must not."""


@dataclass
class Built:
    """A program that was made, and what the pass said meanwhile."""

    path: Path
    imported: int = 0
    left: Counter[str] = field(default_factory=Counter)


def run(command: Sequence[str | Path], folder: Path, seconds: float = COMPILE_SECONDS) -> str:
    """Run a command of a build; what it prints to the standard error, which is where rustc's remarks go."""
    with (folder / "commands.sh").open("a") as log:
        log.write(shlex.join(map(str, command)) + "\n")
    environment = os.environ | {"RUSTC_BOOTSTRAP": "1"}
    environment.pop("INLINE_HELPERS", None)
    try:
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, errors="replace", timeout=seconds
        )
    except subprocess.TimeoutExpired as failure:
        raise Failed(f"{command[0]} does not end after {seconds} s") from failure
    if done.returncode != 0:
        raise Failed(f"{command[0]} ends with {done.returncode}: {_first_error(done.stdout + done.stderr)}")
    return done.stderr


def _first_error(said: str) -> str:
    lines = [line for line in said.splitlines() if re.search(r"error|panicked|Assertion|signal|Stack dump", line)]
    return (lines or said.splitlines() or ["nothing said"])[0][:300]


def layouts(tools: Tools, flags: list[str], drafts: Iterable[programs.Draft], folder: Path) -> programs.Layouts:
    """Size and alignment of the records that helpers pass by value: asked of clang, once for all."""
    types, lines = "", ""
    names: dict[str, str] = {}
    for draft in drafts:
        types += draft.types if draft.records else ""
        for record in draft.records:
            name = record.replace(" ", "_")
            names[name] = record
            lines += f"const unsigned long size_{name} = sizeof({record}), align_{name} = _Alignof({record});\n"
    if not names:
        return {}
    source, output = folder / "layouts.c", folder / "layouts.ll"
    source.write_text(f'#include "csmith.h"\n{types}\n{lines}')
    run([tools.clang, *flags, "-S", "-emit-llvm", source.name, "-o", output.name], folder)
    found = {(kind, name): int(value) for kind, name, value in _RECORD.findall(output.read_text())}
    return {record: (found["size", name], found["align", name]) for name, record in names.items()}


class Batch:
    """Programs compiled as one crate, in a folder."""

    def __init__(self, tools: Tools, number: int, seeds: Sequence[int], folder: Path) -> None:
        self.seeds = list(seeds)
        self.folder = folder
        self._tools = tools
        self._number = number
        self._flags = programs.c_flags(number)
        folder.mkdir(parents=True, exist_ok=True)

    def write(self) -> None:
        """Make the sources and what both ways share: the helpers' object and bitcode."""
        drafts = [programs.draft(seed, self.folder) for seed in self.seeds]
        known = layouts(self._tools, self._flags, drafts, self.folder)
        shares = programs.makes_object(self._number)
        programs.write([programs.finish(draft, known, shares) for draft in drafts], self.folder)
        run([self._tools.clang, *self._flags, "-c", "helpers.c", "-o", OBJECT], self.folder)
        # Nothing is assumed of a loop: one that does not end stays one.
        plain = [*self._flags, "-O0", "-fno-finite-loops"]
        run([self._tools.clang, *plain, "-c", "helpers.c", "-o", PLAIN_OBJECT], self.folder)
        bitcode = [self._tools.inline_helpers, "compile", "--clang", self._tools.clang, "-o", "helpers.bc", "helpers.c"]
        if shares:
            bitcode += [f"--object={SHARED_OBJECT}"]
        run([*bitcode, "--", *self._flags], self.folder)

    def calls(self) -> Built:
        """Compile with helpers as calls."""
        return self._rustc("calls", OBJECT, ["-Copt-level=0"])

    def plain_calls(self) -> Built:
        """The same with C that is not optimised: what differs already then is not defined, or does not end."""
        return self._rustc("calls-plain", PLAIN_OBJECT, ["-Copt-level=0"])

    def inlined(self, configuration: Configuration) -> Built:
        """Compile with helpers inlined."""
        flags = [
            f"-Zllvm-plugins={self._tools.plugin}",
            "-Cpasses=import-helpers<library=helpers.bc>",
            "-Cremark=import-helpers",
        ]
        name = f"inlined-O{configuration.level}-{configuration.units}"
        helpers = SHARED_OBJECT if programs.makes_object(self._number) else OBJECT
        return self._rustc(name, helpers, [*configuration.flags, *flags])

    def _rustc(self, name: str, helpers: str, flags: list[str]) -> Built:
        common = ["-Awarnings", "--edition=2021", f"-Clink-arg={helpers}", "-Clink-arg=-lm", "main.rs", "-o", name]
        said = run([self._tools.rustc, *common, *flags], self.folder)
        left = Counter(reason for _, reason in _LEFT.findall(said))
        return Built(self.folder / name, len(_IMPORTED.findall(said)), left)


def outcome(built: Built, seed: int, seconds: float) -> str:
    """What a program prints and how it ends; empty if it does not end."""
    try:
        done = subprocess.run([built.path, str(seed)], capture_output=True, text=True, timeout=seconds)
    except subprocess.TimeoutExpired:
        return ""
    return f"status {done.returncode}, {done.stdout.strip() or 'nothing printed'}"
