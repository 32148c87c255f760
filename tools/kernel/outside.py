# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Builds a Rust module out of tree: against the kernel's objects, and against what a distribution installs of them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from boot import Boot, boot
from console import HarnessError, phase, table
from objects import PREFIX, inspect
from toolchain import SETUP, Toolchain, digest, output
from tree import CALLS, HERE, INLINED, Tree, build
from verdict import Check, conclude, listed, nothing

EXAMPLE = HERE.parents[1] / "examples" / "out-of-tree"
MODULE = "spinlock_sum"
SAYS = f"{MODULE}: the sum is 5050"
REPORTS = ".tmp_inline-helpers"
INSTALL = "scripts/package/install-extmod-build"
TRANSFERS = 1000
"""A round: how long a transfer takes is not looked at."""


@dataclass(frozen=True)
class Build:
    """A module that was built once."""

    name: str
    folder: Path
    called: list[str]
    """The helpers it is to be linked with."""
    left: list[str] | None
    """The helpers that the report says stay calls; None without a report."""
    digest: str
    """Of the .ko file."""
    foreign: list[str]
    """Paths of the kernel's source or objects in what was run and read."""


@dataclass(frozen=True)
class Figures:
    """Everything that is judged."""

    calls: Build
    prepared: Build
    installed: tuple[Build, Build]
    """The same, in two folders."""
    plain: Build
    missing: str
    """What is said where the list of kernel-headers was not installed."""
    again: bool
    """Whether a second make left the module as it was."""
    cleaned: list[str]
    """What `make clean` leaves."""
    dkms: Build
    boot: Boot


def run(trees: dict[str, Tree], boot_timeout: float) -> int:
    """Build the kernels, the headers and the modules, and judge; 0 if every check passed."""
    build(trees, (CALLS, INLINED))
    calls, inlined = trees[CALLS], trees[INLINED]
    work = calls.source.work / "outside"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    headers = _install(inlined, work / "headers")
    prepared = _build(inlined, "prepared", inlined.path, work)
    installed = _build(inlined, "installed", headers, work), _build(inlined, "installed, elsewhere", headers, work)
    figures = Figures(
        calls=_build(calls, "prepared, calls", calls.path, work, with_command=False),
        prepared=prepared,
        installed=installed,
        plain=_build(inlined, "installed, plain make", headers, work, with_command=False),
        missing=_failure(inlined, headers, work),
        again=_again(inlined, headers, installed[0]),
        cleaned=_clean(inlined, headers, installed[1]),
        dkms=_dkms(inlined, headers, work),
        boot=boot(inlined, boot_timeout, TRANSFERS, last_modules=[prepared.folder / f"{MODULE}.ko"]),
    )
    print(_table(figures))
    return conclude(judge(figures))


def judge(figures: Figures) -> list[Check]:
    """What must hold of modules out of tree."""
    calls = figures.calls
    checks = [Check("calls has calls to inline", bool(calls.called), listed(calls.called))]
    for module in (figures.prepared, *figures.installed, figures.dkms):
        left = ["no report"] if module.left is None else sorted(set(module.called) ^ set(module.left))
        checks += [
            Check(f"{module.name}: inlines", len(module.called) < len(calls.called), listed(module.called)),
            nothing(f"{module.name}: calls are those reported to stay", left),
        ]
    first, second = figures.installed
    checks += [
        nothing("installed: needs neither source nor objects", first.foreign),
        Check("the same bytes against objects and headers", first.digest == figures.prepared.digest, first.digest[:12]),
        Check("the same bytes in two folders", first.digest == second.digest, second.digest[:12]),
        Check("a second make does nothing", figures.again, "same file" if figures.again else "another file"),
        nothing("clean leaves the sources alone", figures.cleaned),
        Check("without inline-helpers as before", figures.plain.called == calls.called, listed(figures.plain.called)),
        Check("without inline-helpers no report", figures.plain.left is None, listed(figures.plain.left or [])),
        Check("headers without the list are told", "kernel-headers" in figures.missing, _last_line(figures.missing)),
        nothing("boots and transfers are right", figures.boot.failures()),
        Check("the module runs", SAYS in figures.boot.afterwards, SAYS),
    ]
    return checks


def _install(tree: Tree, folder: Path) -> Path:
    """What a distribution installs for modules out of tree, as docs/kernel.md says."""
    phase("installing headers")
    # The kernel's own packaging, then .config, as packages have it, and what a Rust module needs.
    tree.make(["run-command", f"KBUILD_RUN_COMMAND={tree.source.path / INSTALL} {folder}"])
    shutil.copy2(tree.path / ".config", folder)
    listing = folder.with_suffix(".list")
    listing.write_text(output([tree.tools.inline_helpers, "kernel-headers", tree.path]) + "\n")
    archive = folder.with_suffix(".tar")
    output(["tar", "-C", tree.path, "-cf", archive, "-T", listing])
    output(["tar", "-C", folder, "-xf", archive])
    return folder


def _build(tree: Tree, name: str, kernel: Path, work: Path, with_command: bool = True) -> Build:
    """Build the example in a folder of its own."""
    folder = work / re.sub(r"\W+", "-", name)
    shutil.copytree(EXAMPLE, folder)
    phase(f"building {MODULE}: {name}")
    done = _make(tree, kernel, folder, ["modules"], with_command)
    if done.returncode != 0:
        raise HarnessError(f"{MODULE}, {name}: make failed\n{done.stdout[-3000:]}")
    return _read(tree, name, folder, done.stdout)


def _read(tree: Tree, name: str, folder: Path, log: str) -> Build:
    """What became of a module."""
    module = folder / f"{MODULE}.ko"
    records = "".join(path.read_text() for path in sorted(folder.glob(".*.cmd")))
    others = {str(path.resolve()) for path in (tree.source.path, tree.path)}
    return Build(
        name=name,
        folder=folder,
        called=inspect(tree.tools, module).called,
        left=_left(tree.tools, folder / REPORTS),
        digest=digest(module),
        foreign=sorted(other for other in others if re.search(rf"{re.escape(other)}(?![\w.-])", log + records)),
    )


def _make(
    tree: Tree, kernel: Path, folder: Path, targets: list[str], with_command: bool = True
) -> subprocess.CompletedProcess[str]:
    """Run make for a module, as a person would."""
    tools = tree.tools
    command = ["make", "V=1", "-C", str(kernel), f"M={folder}", f"LLVM=-{tools.llvm_major}", f"RUSTC={tools.rustc}"]
    if with_command:
        command = [str(tools.inline_helpers), "kernel", "--", *command]
    # A module's path is in its panic messages, with helpers as calls or inlined.
    environment = tools.environment() | {"KRUSTFLAGS": f"--remap-path-prefix={folder}/="}
    return subprocess.run(
        [*command, *targets], env=environment, text=True, errors="replace", check=False,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def _failure(tree: Tree, headers: Path, work: Path) -> str:
    """What is said of headers without the helpers' bitcode; nothing if the module is built."""
    folder = work / "failing"
    shutil.copytree(EXAMPLE, folder)
    library = headers / "rust" / "helpers_module.bc"
    elsewhere = library.rename(work / library.name)
    done = _make(tree, headers, folder, ["modules"])
    elsewhere.rename(library)
    return done.stdout if done.returncode != 0 else ""


def _again(tree: Tree, kernel: Path, module: Build) -> bool:
    path = module.folder / f"{MODULE}.ko"
    before = path.stat().st_mtime_ns, (module.folder / f"{MODULE}.o").stat().st_mtime_ns
    done = _make(tree, kernel, module.folder, ["modules"])
    after = path.stat().st_mtime_ns, (module.folder / f"{MODULE}.o").stat().st_mtime_ns
    return done.returncode == 0 and before == after


def _clean(tree: Tree, kernel: Path, module: Build) -> list[str]:
    done = _make(tree, kernel, module.folder, ["clean"])
    sources = {path.name for path in EXAMPLE.iterdir()}
    left = sorted(path.name for path in module.folder.iterdir() if path.name not in sources)
    return left if done.returncode == 0 else ["clean failed", *left]


def _dkms(tree: Tree, headers: Path, work: Path) -> Build:
    """Build by DKMS, with folders of its own in the place of the system's.

    DKMS keeps the module and the log, and removes the folder it builds in."""
    dkms = shutil.which("dkms", path=f"{os.environ['PATH']}:/usr/sbin")
    if dkms is None:
        raise HarnessError("dkms is missing", SETUP)
    phase(f"building {MODULE}: dkms")
    sources, state, installed, programs = (work / f"dkms-{name}" for name in ("sources", "state", "installed", "bin"))
    for folder in (sources, state, installed, programs):
        folder.mkdir()
    shutil.copytree(EXAMPLE, sources / "spinlock-sum-1.0")
    # DKMS names compilers without their versions.
    tools = tree.tools
    for name in ("clang", "ld.lld"):
        (programs / name).symlink_to(shutil.which(tools.llvm(name)) or "")
    for program in (tools.rustc, tools.inline_helpers):
        (programs / program.name).symlink_to(program)
    environment = tools.environment() | {"PATH": f"{programs}:{os.environ['PATH']}:/usr/sbin"}
    release = (headers / "include" / "config" / "kernel.release").read_text().strip()
    command: list[str | Path] = [
        dkms, "build", "spinlock-sum/1.0", "-k", release, "--kernelsourcedir", headers, "--config", headers / ".config",
        "--sourcetree", sources, "--dkmstree", state, "--installtree", installed,
    ]  # fmt: skip
    done = subprocess.run(command, env=environment, text=True, capture_output=True, check=False)
    logs = "".join(path.read_text(errors="replace") for path in state.rglob("make.log"))
    if done.returncode != 0:
        raise HarnessError(f"dkms failed\n{done.stdout}{done.stderr}{logs[-3000:]}")
    [module] = state.glob(f"spinlock-sum/1.0/*/*/module/{MODULE}.ko")
    # The log ends with the report.
    reported = re.search(r"^\d+ helpers? in ", logs, re.MULTILINE)
    left = re.findall(rf"^({PREFIX}\w+) ", logs, re.MULTILINE) if reported else None
    return Build("dkms", module.parent, inspect(tools, module).called, left, digest(module), [])


def _left(tools: Toolchain, reports: Path) -> list[str] | None:
    if not reports.exists():
        return None
    merged = json.loads(output([tools.inline_helpers, "report", "--format=json", reports]))
    return sorted({entry["name"] for entry in merged["helpers"] if entry["left"]})


def _table(figures: Figures) -> str:
    builds = [figures.calls, figures.prepared, *figures.installed, figures.dkms, figures.plain]
    rows = [
        [module.name, str(len(module.called)), "-" if module.left is None else str(len(module.left))]
        for module in builds
    ]
    return table([f"{MODULE}, built against", "helpers called", "reported to stay"], rows)


def _last_line(said: str) -> str:
    return said.strip().rpartition("\n")[2] or "the build went through"
