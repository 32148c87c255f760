# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs the blocks of pages as a reader would: writes the files they show, runs commands, compares what is printed."""

from __future__ import annotations

import doctest
import os
import shlex
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pages import ROOT, Block, BookError, blocks

_COMMANDS = ("sh", "console")
_COMPARE = doctest.ELLIPSIS | doctest.REPORT_NDIFF


@dataclass(frozen=True)
class Setting:
    """What the blocks find on the machine they run on."""

    path: Sequence[Path]  # in front of PATH
    installed: dict[str, Path]  # where pages say that something is, and where it is
    environment: dict[str, str]


@dataclass(frozen=True)
class Step:
    """Some commands, and what they print if the page shows it."""

    line: int
    commands: str
    prints: str | None


def steps(block: Block) -> Iterator[Step]:
    """The commands of a block: all of a "sh" block at once, each prompt of a "console" block by itself."""
    if block.language == "sh":
        yield Step(block.line, block.text, None)
        return
    line, command, printed = 0, "", ""
    for number, text in enumerate(block.text.splitlines(keepends=True), block.line + 1):
        if text.startswith("$ "):
            if command:
                yield Step(line, command, printed)
            line, command, printed = number, text[2:], ""
        elif not command:
            raise BookError(f"{block}: a console block begins with '$ ' and a command")
        elif command.endswith("\\\n") and not printed:
            command += text.removeprefix("> ")
        else:
            printed += text
    yield Step(line, command, printed)


def unclaimed(block: Block) -> bool:
    """Whether it is text that is neither a command nor a file."""
    return block.language not in _COMMANDS and block.file is None


class Reader:
    """A reader at a terminal: the folder and the environment last from one step to the next."""

    def __init__(self, folder: Path, setting: Setting) -> None:
        self._setting = setting
        self._folder = folder
        self._path = os.pathsep.join([*map(str, setting.path), os.environ["PATH"]])
        self._environment = os.environ | setting.environment | {"PATH": self._path, "SOURCE": str(ROOT)}

    def _installed(self, text: str) -> str:
        for shown, real in self._setting.installed.items():
            text = text.replace(shown, str(real))
        return text

    def write(self, block: Block) -> None:
        """Write the file that a block shows."""
        assert block.file is not None
        path = self._folder / block.file
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "a" if block.appended else "w", encoding="utf-8") as file:
            file.write(self._installed(block.text))

    def run(self, block: Block, step: Step) -> None:
        """Run commands, and compare what they print."""
        with tempfile.TemporaryDirectory() as state:
            after = Path(state) / "after"
            # A blank line between the two: a comment may end the commands.
            script = f"{self._installed(step.commands)}\n{{ pwd; env -0; }} >{shlex.quote(str(after))}\n"
            done = subprocess.run(
                ["bash", "-euo", "pipefail", "-c", script],
                cwd=self._folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
            )
            if done.returncode != 0:
                where = f"{block}: line {step.line}"
                raise BookError(f"{where}: exit status {done.returncode} of\n{step.commands}{done.stdout}")
            folder, _, environment = after.read_text().partition("\n")
        self._folder = Path(folder)
        self._environment = dict(entry.split("=", 1) for entry in environment.split("\0") if "=" in entry)
        if step.prints is not None:
            compare(block, step, done.stdout)


def compare(block: Block, step: Step, printed: str) -> None:
    """See that a command prints what the page shows; "..." stands for any text."""
    checker = doctest.OutputChecker()
    # A page can show less than all of what is printed only where it says "...".
    example = doctest.Example(step.commands, step.prints or "")
    if not checker.check_output(example.want, printed, _COMPARE):
        difference = checker.output_difference(example, printed, _COMPARE)
        raise BookError(f"{block}: line {step.line}: this prints something else:\n{step.commands}{difference}")


def run_page(page: Path, setting: Setting) -> tuple[int, list[Block]]:
    """Run a page in a new folder; returns how many blocks ran, and those that are marked not to."""
    count, marked = 0, []
    with tempfile.TemporaryDirectory() as folder:
        reader = Reader(Path(folder), setting)
        for block in blocks(page):
            if unclaimed(block):
                continue
            if block.not_run:
                marked.append(block)
                continue
            if block.file is not None:
                reader.write(block)
            else:
                for step in steps(block):
                    reader.run(block, step)
            count += 1
    return count, marked
