# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The kernel's source and its two object trees: helpers as calls, and inlined."""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import reduce
from pathlib import Path

from console import HarnessError, Progress, phase
from platforms import HERE, X86_64_CLANG, Platform
from toolchain import KERNEL_SOURCE, SETUP, Toolchain, digest, output

FRAGMENT = HERE / "rnull.config"
SMALL = HERE / "small.config"
CRATES = (Path("rust/kernel.o"), Path("drivers/block/rnull.o"), Path("samples/rust/rust_minimal.o"))

CALLS = "calls"
INLINED = "inlined"
VARIANTS = (CALLS, INLINED)

# kbuild's "  CC      fs/inode.o", without the steps it repeats when nothing changed.
_STEP = re.compile(r"^  (?!CALL |DESCEND |GEN  +Makefile|INSTALL libsubcmd)([A-Z][A-Z0-9 _\[\]]+?) +(\S+)$")
_WARNING = re.compile(r"\bwarning:|\bWARNING:|^Warning:", re.IGNORECASE)
_COUNT_OF_WARNINGS = re.compile(r"\b\d+ warnings? (generated|emitted)")
_ERROR = re.compile(r"\berror\b|undefined reference|undefined symbol|\*\*\*", re.IGNORECASE)


@contextmanager
def locked(work: Path) -> Iterator[None]:
    """Hold the work folder: tests run in parallel and share its trees."""
    work.mkdir(parents=True, exist_ok=True)
    with (work / "lock").open("w") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            phase(f"waiting: another harness works in {work}")
            fcntl.flock(stream, fcntl.LOCK_EX)
        yield


@dataclass(frozen=True)
class Source:
    """The unpacked kernel."""

    work: Path

    @property
    def path(self) -> Path:
        return self.work / "source"

    def unpack(self) -> None:
        """Unpack Debian's source package once."""
        if self.path.exists():
            return
        if not KERNEL_SOURCE.exists():
            raise HarnessError(f"{KERNEL_SOURCE} is missing", SETUP)
        phase(f"unpacking {KERNEL_SOURCE}")
        incomplete = self.work / "source.incomplete"
        shutil.rmtree(incomplete, ignore_errors=True)
        incomplete.mkdir()
        output(["tar", "-xf", KERNEL_SOURCE, "-C", incomplete, "--strip-components=1"])
        incomplete.rename(self.path)

    def version(self) -> str:
        """Such as 6.12.117."""
        text = (self.path / "Makefile").read_text()
        return ".".join(re.findall(r"^(?:VERSION|PATCHLEVEL|SUBLEVEL) = (\d+)$", text, re.MULTILINE)[:3])


@dataclass(frozen=True)
class Tree:
    """One object tree of the source, with the make assignments that make it what it is."""

    tools: Toolchain
    source: Source
    name: str
    flags: tuple[str, ...]
    jobs: int
    fragments: tuple[Path, ...] = (FRAGMENT,)
    platform: Platform = X86_64_CLANG
    command: tuple[str, ...] = ()
    """What runs make."""

    @property
    def path(self) -> Path:
        return self.source.work / self.name

    @property
    def reports(self) -> Path:
        """What the plugin tells of each crate, if the flags say so."""
        return self.path / "reports"

    @property
    def log(self) -> Path:
        """Everything the build of this tree printed, since it was last begun anew."""
        return self.source.work / f"{self.name}.log"

    def with_plugin(self, *options: str) -> Tree:
        """This tree, with helpers inlined and a report of it."""
        return replace(self, flags=tuple(self.tools.kernel_flags(f"--report={self.reports}", *options)))

    def build(self, model: Tree | None = None) -> int:
        """Make everything; the number of steps that took. A new tree starts as a copy of `model`."""
        if not self.path.exists() and model is not None:
            self.copy_from(model)
        self._forget_outdated()
        self.configure()
        phase(f"building {self.name} in {self.path}")
        steps = self.make(["all"])
        phase(f"built {self.name}: {steps} steps" if steps else f"built {self.name}: nothing to do")
        return steps

    def copy_from(self, model: Tree) -> None:
        """Start as another tree: what our flags do not concern need not be compiled again."""
        phase(f"copying {model.name} to {self.name}")
        incomplete = self.path.with_name(f"{self.name}.incomplete")
        shutil.rmtree(incomplete, ignore_errors=True)
        output(["cp", "--archive", "--reflink=auto", model.path, incomplete])
        self.log.unlink(missing_ok=True)
        incomplete.rename(self.path)

    def configure(self) -> None:
        """Write .config from tinyconfig and the fragments, unless it was made from just these."""
        made_from = self.path / ".harness-fragment"
        wanted = "\n".join(map(digest, self.fragments))
        if made_from.exists() and made_from.read_text() == wanted:
            return
        phase(f"configuring {self.name}")
        self.path.mkdir(parents=True, exist_ok=True)
        self.make(["tinyconfig"])
        fragment, config = reduce(merged, (path.read_text() for path in self.fragments)), self.path / ".config"
        config.write_text(merged(config.read_text(), fragment))
        self.make(["olddefconfig"])
        if lost := lost_settings(fragment, config.read_text()):
            names = ", ".join(path.name for path in self.fragments)
            raise HarnessError(f"{names}: olddefconfig did not keep: {', '.join(lost)}")
        made_from.write_text(wanted)

    def make(self, targets: Sequence[str], environment: dict[str, str] | None = None) -> int:
        """Run make, showing progress; the number of steps that took, or an error with the reasons."""
        tools = self.tools
        command = [
            *self.command, "make", f"-j{self.jobs}", "-C", str(self.source.path), f"O={self.path}",
            *self.platform.assignments(tools.llvm_major),
            f"RUSTC={tools.rustc}", f"HOSTRUSTC={tools.rustc}", f"RUSTDOC={tools.rustdoc}",
            f"RUST_LIB_SRC={tools.library}", f"BINDGEN={tools.bindgen}",
            *self.flags, *targets,
        ]  # fmt: skip
        progress = Progress(self.name)
        errors: list[str] = []
        with self.log.open("a") as log, subprocess.Popen(
            command, env=tools.environment() | (environment or {}), text=True, errors="replace",
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        ) as process:  # fmt: skip
            assert process.stdout is not None
            for line in process.stdout:
                log.write(line)
                if step := _STEP.match(line):
                    progress.step(f"{step[1]} {step[2]}")
                elif _ERROR.search(line):
                    errors.append(line.rstrip())
        progress.close()
        if process.returncode != 0:
            text = "\n".join([f"building {self.name} failed", *errors[:12]])
            raise HarnessError(text, f"the whole log is {self.log}")
        return progress.count

    def warnings(self) -> set[str]:
        """The warnings of the compilers, objtool and modpost, with paths that do not depend on the tree."""
        text = self.log.read_text().replace(f"{self.path}/", "").replace(f"{self.source.path}/", "")
        return {
            line.strip() for line in text.splitlines() if _WARNING.search(line) and not _COUNT_OF_WARNINGS.search(line)
        }

    def _forget_outdated(self) -> None:
        """Remove what another build of our tools made: make compares commands, not the tools they name."""
        state = self.path / ".harness-tools.json"
        wanted = {path: digest(Path(path)) for path in tool_paths(self.flags)}
        known = json.loads(state.read_text()) if state.exists() else {}
        if known == wanted or not self.path.exists():
            return
        if known:
            phase(f"{self.name}: inline-helpers changed, so what it made is built again")
            self.log.unlink(missing_ok=True)
            shutil.rmtree(self.reports, ignore_errors=True)
        for product in self._made_by(wanted | known):
            product.unlink(missing_ok=True)
        state.write_text(json.dumps(wanted, indent=2))

    def _made_by(self, paths: Iterable[str]) -> Iterator[Path]:
        """The targets whose recorded command names one of `paths`."""
        for record in self.path.rglob(".*.cmd"):
            with record.open() as stream:
                command = stream.readline()
            if any(path in command for path in paths):
                yield record.with_name(record.name[1 : -len(".cmd")])


def tool_paths(flags: Iterable[str]) -> list[str]:
    """The files of ours that make assignments name: the plugin and the wrapper on bindgen."""
    found = re.findall(r"(?:^BINDGEN=|-Zllvm-plugins=)(\S+)", "\n".join(flags), re.MULTILINE)
    return [path for path in found if os.path.isabs(path)]


def merged(config: str, fragment: str) -> str:
    """A configuration with the lines of a fragment in the place of its own."""
    replaced = set(re.findall(r"\bCONFIG_\w+", fragment))
    kept = [line for line in config.splitlines() if not replaced & set(re.findall(r"\bCONFIG_\w+", line))]
    return "\n".join([*kept, fragment])


def lost_settings(wanted: str, config: str) -> list[str]:
    """The lines of a fragment that a configuration does not honour."""
    switched_on = re.findall(r"^CONFIG_\w+=.*$", wanted, re.MULTILINE)
    switched_off = re.findall(r"^# (CONFIG_\w+) is not set$", wanted, re.MULTILINE)
    lines = config.splitlines()
    lost = [line for line in switched_on if line not in lines]
    return lost + [f"{name} unset" for name in switched_off if any(line.startswith(f"{name}=") for line in lines)]


def trees(tools: Toolchain, work: Path, jobs: int) -> dict[str, Tree]:
    """The two variants of the kernel."""
    source = Source(work)
    inlined = Tree(tools, source, INLINED, (), jobs)
    return {CALLS: Tree(tools, source, CALLS, (), jobs), INLINED: inlined.with_plugin()}


def build(variants: dict[str, Tree], names: Sequence[str], from_scratch: bool = False) -> dict[str, int]:
    """Build the named variants; the steps each took."""
    calls = variants[CALLS]
    calls.source.unpack()
    steps: dict[str, int] = {}
    if CALLS in names or not (from_scratch or variants[INLINED].path.exists()):
        steps[CALLS] = calls.build()
    if INLINED in names:
        steps[INLINED] = variants[INLINED].build(None if from_scratch else calls)
    return steps
