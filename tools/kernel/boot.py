# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Boots a kernel in QEMU, and reads what init.c saw of the null block device."""

from __future__ import annotations

import re
import statistics
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from console import HarnessError, phase
from platforms import HERE
from toolchain import output
from tree import Tree

MODULE = Path("samples/rust/rust_minimal.ko")
OPERATIONS = ("read", "write")

_KERNEL_PARAMETERS = "panic=-1 norandmaps"
_KERNEL_COMPLAINT = re.compile(
    r"\b(?:BUG|Oops|WARNING):|Kernel panic|refcount_t:|Call Trace|rust_kernel: panicked|failed to validate module"
)
_MODULE_SAYS = "rust_minimal: My numbers are [72, 108, 200]"


@dataclass
class Boot:
    """What one boot showed."""

    checks: dict[str, bool] = field(default_factory=dict)
    details: dict[str, str] = field(default_factory=dict)
    rounds: dict[str, list[float]] = field(default_factory=dict)
    """Instructions a transfer, for each operation, round by round."""
    console: str = ""
    """What the console shows up to the end."""
    afterwards: str = ""
    """What it shows after the end: what a module says that was loaded last."""

    def failures(self) -> list[str]:
        """The checks that failed, with what they saw."""
        return [f"{name} ({self.details[name]})" for name, passed in self.checks.items() if not passed]

    def median(self, operation: str) -> float:
        return statistics.median(self.rounds[operation])

    def spread(self, operation: str) -> float:
        """The distance between the slowest and the fastest round."""
        return max(self.rounds[operation]) - min(self.rounds[operation])


def fastest_boot(tree: Tree, timeout: float, boots: int, modules: Sequence[Path] = ()) -> Boot:
    """The fastest of several boots, or the first that fails.

    A transfer takes 3 or 6 instructions more where memory happens to be laid out otherwise, and the length of the
    kernel's command line has a say in it: no single boot compares two kernels."""
    results = []
    for length in range(boots):
        results.append(boot(tree, timeout, parameters="layout=" + "x" * length, modules=modules))
        if results[-1].failures():
            return results[-1]
    return min(results, key=lambda result: result.median("read"))


def boot(
    tree: Tree,
    timeout: float,
    transfers: int | None = None,
    parameters: str = "",
    modules: Sequence[Path] = (),
    last_modules: Sequence[Path] = (),
) -> Boot:
    """Boot the tree's kernel and wait until it switches itself off.

    A round has so many transfers if told. Of more modules than the sample init.c knows what to do by their names; the
    last ones are loaded when all else is done and judged."""
    last = {f"last-{number}.ko": module for number, module in enumerate(last_modules)}
    named = {module.name: module for module in [tree.path / MODULE, *modules]}
    # The kernel hands what follows -- to init.
    to_init = f" -- {transfers}" if transfers else ""
    console = run_machine(tree, initramfs(tree, HERE / "init.c", named | last), f"{parameters}{to_init}", timeout)
    result = read_console(console.read_text(errors="replace"))
    if result is None:
        raise HarnessError(f"{tree.name}: the kernel stopped before the end{_end_of(console)}", f"see {console}")
    phase(f"booted {tree.name}: {len(result.checks)} checks, {len(result.failures())} failed")
    return result


def run_machine(tree: Tree, archive: Path, parameters: str, timeout: float, options: Sequence[str] = ()) -> Path:
    """Boot the tree's kernel with a file system, and wait until it switches itself off; what its console showed."""
    console = tree.source.work / f"{tree.name}.console"
    phase(f"booting {tree.name}")
    console.unlink(missing_ok=True)
    command = [*machine(tree, archive, parameters), *options, "-serial", f"file:{console}"]
    try:
        subprocess.run(command, check=True, timeout=timeout, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired as failure:
        raise HarnessError(
            f"{tree.name}: no end after {timeout:.0f} s{_end_of(console)}", f"see {console}"
        ) from failure
    except subprocess.CalledProcessError as failure:
        raise HarnessError(f"{tree.name}: QEMU ended with {failure.returncode}", f"see {console}") from failure
    return console


def machine(tree: Tree, archive: Path, parameters: str) -> list[str | Path]:
    """The command that boots the tree's kernel, without a place for its console."""
    return [
        *tree.platform.qemu(), "-kernel", tree.path / tree.platform.image, "-initrd", archive, "-append",
        f"console={tree.platform.console} {_KERNEL_PARAMETERS} {parameters}",
    ]  # fmt: skip


def read_console(text: str) -> Boot | None:
    """What init.c and the kernel printed; nothing if init.c did not come to its end."""
    text, ended, afterwards = text.replace("\r", "").partition("\nEND\n")
    lines = text.splitlines()
    result = Boot(console=text, afterwards=afterwards)
    for line in lines:
        match line.split():
            case ["CHECK", name, verdict, detail]:
                result.checks[name] = verdict == "ok"
                result.details[name] = detail
            case ["ROUND", operation, transfers, failed, instructions]:
                result.rounds.setdefault(operation, []).append(int(instructions) / int(transfers))
                _record(result, f"measured-{operation}s", failed == "0", f"failed={failed}")
    complaints = [line for line in lines if _KERNEL_COMPLAINT.search(line)]
    _record(result, "module-data", any(_MODULE_SAYS in line for line in lines), f"expected: {_MODULE_SAYS}")
    _record(result, "kernel-log", not complaints, "; ".join(complaints[:3]))
    return result if ended and set(result.rounds) == set(OPERATIONS) else None


def _record(result: Boot, name: str, passed: bool, detail: str) -> None:
    """One failure is enough for a check that is made again and again."""
    if result.checks.get(name, True):
        result.checks[name] = passed
        result.details[name] = detail


def _end_of(console: Path) -> str:
    lines = console.read_text(errors="replace").splitlines() if console.exists() else []
    return "".join(f"\n  {line}" for line in lines[-5:])


def initramfs(tree: Tree, program: Path, modules: dict[str, Path]) -> Path:
    """A file system of a program in C and modules by the names that it loads, made by the kernel's own tool."""
    work = tree.source.work
    init = work / f"{tree.name}.init"
    compiler = [tree.tools.llvm("clang"), *tree.platform.target()]
    output([*compiler, "-O2", "-Wall", "-Wextra", "-Werror", "-static", program, "-o", init])
    contents = work / f"{tree.name}.initramfs"
    contents.write_text(
        "dir /dev 0755 0 0\n"
        "dir /sys 0755 0 0\n"
        "nod /dev/console 0600 0 0 c 5 1\n"
        f"file /init {init} 0755 0 0\n"
        + "".join(f"file /{name} {module} 0644 0 0\n" for name, module in modules.items())
    )
    archive = work / f"{tree.name}.cpio"
    with archive.open("wb") as stream:
        subprocess.run([tree.path / "usr" / "gen_init_cpio", contents], check=True, stdout=stream)
    return archive
