# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The kernel's Rust null block driver, with its helpers as calls and inlined in two ways, beside the driver in C.

Each side is a kernel of its own: one configuration, of which the driver, the kernel crate and a sample are made in
another way. The C driver is in each of them, and does the same transfers in the same boot. QEMU counts instructions."""

from __future__ import annotations

import argparse
import math
import os
import re
import shutil
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import rnull_profile
from boot import initramfs, run_machine
from commands import recorded
from console import HarnessError, phase
from dependencies import Edits
from objects import inspect
from own_way import OwnWay
from parts import Bars, Limit, Part, Table, Text
from platforms import ARM64_CLANG, KVM, PLATFORMS, X86_64_CLANG, X86_64_GCC
from setting import Setting
from toolchain import require
from tree import CALLS, CRATES, FRAGMENT, INLINED, SMALL, Source, Tree, locked

HELP = "a block driver in Rust: instructions a transfer with calls, inlined, in the kernel's own way, and in C"
TITLE = "A block driver"

HERE = Path(__file__).resolve().parent / "rnull"
INIT = HERE / "init.c"
CONFIG = HERE / "bench.config"

OWN = "own way"
SIDES = (CALLS, OWN, INLINED)
LOOPS_AS_IN_C = "$(patsubst -falign-loops=%,-Cllvm-args=-align-loops=%,$(filter -falign-loops=%,$(KBUILD_CFLAGS)))"
"""A flag for rustc that make finds in those for C. In the kernel's own way clang makes the code of Rust, so it holds
there as well; it has nothing to do with helpers, so it holds on all sides."""
C = "C"
"""The driver in C, in the kernel of each side."""

RNULL = Path("drivers/block/rnull.o")
SIZED = (Path("rust/kernel.o"), RNULL)
DEFAULTS = (X86_64_CLANG, ARM64_CLANG, X86_64_GCC)

RUST_DEVICE, COPY_DEVICE, C_DEVICE = "rnullb0", "rnullq0", "nullb0"
DEPTH = 256
"""Of a queue: what rnull.rs asks for."""
SEVERAL = 2
"""Queues of the copy of the driver, which need as many processors. Only one is started: QEMU counts the instructions of
several by letting each execute few at a time, which takes a hundred times as long."""
QUEUES = "queues"
"""The folder of that copy."""

NONE = "-"
SHOWN = ("read", "ring-random-read")
"""Of the workloads, those of which the report has a profile."""
LEAST_SPREAD = 1.0
"""Between sides, of the instructions that a function takes of a transfer."""
INTRODUCTION = """\
Linux 6.12's null block driver in Rust, `drivers/block/rnull.rs`, with helpers as calls, inlined in the kernel's own
way (what Linux 7.1 does: rustc to bitcode, `llvm-link --internalize`, clang), and inlined by inline-helpers; and its
driver in C, `null_blk`, told to do the same: blocks of 4 KiB, completion in the call that queues, one queue of 256
requests and none to poll. The kernel is small, and compiled for speed.

A transfer is 4 KiB with `O_DIRECT`: `pread` and `pwrite`, one block after the other or at random, and in `ring` by
io_uring, 32 at a time, of which the block layer makes one request where they are neighbours. What is counted are all
instructions, of user space and kernel, that QEMU executes: the median of the rounds, in the boot that takes fewest.
In C each side does the same, so what differs there is noise: the block layer takes some instructions more or less by
where it begins to look for a free tag, which is random.

The driver has one queue, and no parameter: with two queues it is a copy, as a module. Of the two processors that two
queues need one is at work, as QEMU takes too long to count the instructions of both.

In the kernel's own way the code of Rust is made by clang, with the options of C. On x86_64 one of them is that no loop
is aligned, which makes code smaller and has nothing to do with helpers. So that the sides differ in helpers alone,
rustc is [told so, too](kernel.md#architectures), on all of them."""
DRIVERS = """\
Without a scheduler the C driver is given a list of requests (`null_queue_rqs`), which saves the functions of the block
layer that issue one each. With a scheduler it is given one at a time, as the driver in Rust always is, and the
difference is that of the drivers' own functions."""

Boot = dict[str, dict[str, dict[str, list[float]]]]
"""Instructions a transfer, round by round, by device, scheduler and workload."""
Queue = dict[str, dict[str, str]]
"""What each device says of its queue."""


def options(parser: argparse.ArgumentParser) -> None:
    """What the sub-command takes."""
    parser.add_argument(
        "--platform", action="append", choices=[platform.name for platform in PLATFORMS],
        help=f"may be given more than once (default: {', '.join(platform.name for platform in DEFAULTS)})",
    )  # fmt: skip
    parser.add_argument(
        "--boots", type=int, default=4,
        help="of each kernel, each with memory laid out otherwise (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument("--profile", action="store_true", help="count by function as well")
    parser.add_argument(
        "--work", type=Path, help="where the kernel's source and trees go (default: kernel in --build, as of kernel.py)"
    )
    parser.add_argument("--jobs", type=int, default=2, help="make -j (default: %(default)s)")
    parser.add_argument("--boot-timeout", type=float, default=900, metavar="SECONDS", help="default: %(default)s")
    parser.add_argument(
        "--kvm-timeout", type=float, default=180, metavar="SECONDS",
        help="after which a kernel is thought not to run with KVM (default: %(default)s)",
    )  # fmt: skip


def measure(setting: Setting, arguments: argparse.Namespace) -> dict[str, Any]:
    """Build, boot and measure each side on each platform."""
    names = arguments.platform or [platform.name for platform in DEFAULTS]
    chosen = [platform for platform in PLATFORMS if platform.name in names]
    tools = setting.kernel_tools()
    for platform in chosen:
        require(platform.programs)
    work = (arguments.work or setting.build / "kernel").absolute()
    with locked(work):
        source = Source(work)
        source.unpack()
        Edits(source).undo()
        results = {}
        for platform in chosen:
            calls = Tree(
                tools, source, f"rnull-{platform.name}-{CALLS}", (), arguments.jobs,
                fragments=(FRAGMENT, *platform.fragments, SMALL, CONFIG), platform=platform,
            )  # fmt: skip
            results[platform.name] = measure_platform(calls, setting, arguments)
        return {"platforms": results, "versions": tools.versions() | {"kernel": source.version()}}


def measure_platform(calls: Tree, setting: Setting, arguments: argparse.Namespace) -> dict[str, Any]:
    """Build all sides of one platform, then boot them in turn."""
    trees = build(calls, setting.work)
    boots: dict[str, list[Boot]] = {side: [] for side in trees}
    several: dict[str, list[Boot]] = {side: [] for side in trees}
    queues: Queue = {}
    for layout in range(arguments.boots):
        # Where memory is laid out otherwise, a transfer takes some instructions more: see boot.fastest_boot.
        parameters = f"layout={'x' * layout}"
        for side, tree in trees.items():
            measured, queues = _boot(tree, f"{c_driver(1)} {parameters}", arguments.boot_timeout)
            boots[side].append(measured)
            several[side].append(_boot_several(tree, parameters, arguments.boot_timeout))
    return {
        "text": {
            side: {str(path): inspect(tree.tools, tree.path / path).text for path in SIZED}
            for side, tree in trees.items()
        },
        "boots": boots,
        "several": several,
        "queues": queues,
        "times": measure_times(trees, arguments),
        "profile": {
            side: rnull_profile.measure(tree, INIT, c_driver(1), arguments.boot_timeout) for side, tree in trees.items()
        } if arguments.profile else {},
    }  # fmt: skip


def measure_times(trees: dict[str, Tree], arguments: argparse.Namespace) -> dict[str, Any]:
    """Nanoseconds a transfer, where a processor of this machine can execute the kernels; else why not."""
    times = _measure_times(trees, arguments)
    if "why not" in times:
        phase(f"transfers a second are not measured: {times['why not']}")
    return times


def _measure_times(trees: dict[str, Tree], arguments: argparse.Namespace) -> dict[str, Any]:
    if not os.access("/dev/kvm", os.R_OK | os.W_OK):
        return {"why not": "there is no KVM"}
    boots: dict[str, list[Boot]] = {side: [] for side in trees}
    try:
        for layout in range(arguments.boots):
            for side, tree in trees.items():
                on_processor = replace(tree, platform=replace(tree.platform, processor=KVM))
                parameters = f"{c_driver(1)} layout={'x' * layout} -- time"
                boots[side].append(_boot(on_processor, parameters, arguments.kvm_timeout)[0])
    except HarnessError as failure:
        return {"why not": f"with KVM, {str(failure).splitlines()[0]}"}
    return {"boots": boots}


def c_driver(queues: int) -> str:
    """Parameters of the C driver that make it do what rnull does.

    It completes in the call that queues. A queue to poll would be one of two, which get no scheduler of themselves."""
    values = {
        "queue_mode": 2, "irqmode": 0, "bs": 4096, "gb": 4, "nr_devices": 1, "submit_queues": queues, "poll_queues": 0,
        "hw_queue_depth": DEPTH,
    }  # fmt: skip
    return " ".join(f"null_blk.{name}={value}" for name, value in values.items())


def build(calls: Tree, work: Path) -> dict[str, Tree]:
    """Make the kernel of each side, and the copy of the driver with more queues."""
    inlined = replace(calls, name=calls.name.replace(CALLS, INLINED)).with_plugin()
    calls, inlined = (replace(tree, flags=with_loops_as_in_c(tree.flags)) for tree in (calls, inlined))
    calls.build()
    inlined.build(calls)
    trees = {CALLS: calls, INLINED: inlined}
    if calls.platform.compiler is None:
        trees[OWN] = replace(calls, name=calls.name.replace(CALLS, "own-way"))
        trees[OWN].build(calls)
        _put(trees[OWN], make_in_own_way(trees[OWN], CRATES, work / trees[OWN].name))
        trees[OWN].make(["all"])
    for side, tree in trees.items():
        _copy_driver(tree)
        make = [f"M={tree.path / QUEUES}", "modules"]
        tree.make(make)
        if side == OWN:
            _put(tree, make_in_own_way(tree, [Path(QUEUES) / RNULL.name], work / tree.name))
            tree.make(make)
    _check_helpers(trees)
    return {side: trees[side] for side in SIDES if side in trees}


def with_loops_as_in_c(assignments: Iterable[str]) -> tuple[str, ...]:
    """Make assignments with which the loops of all Rust code are aligned as those of C."""
    values = dict(assignment.split("=", maxsplit=1) for assignment in assignments)
    values["KRUSTFLAGS"] = f"{values.get('KRUSTFLAGS', '')} {LOOPS_AS_IN_C}".lstrip()
    return tuple(f"{name}={value}" for name, value in values.items())


def make_in_own_way(tree: Tree, crates: Iterable[Path], scratch: Path) -> dict[Path, Path]:
    """Make crates of a built tree once more; where each crate's object is."""
    scratch.mkdir(exist_ok=True)
    own_way = OwnWay.of(tree, scratch)
    for crate in crates:
        phase(f"{tree.name}: {crate} in the kernel's own way")
        for command in own_way.commands(recorded(tree, str(crate), scratch)):
            command.run()
    return {crate: scratch / crate.name for crate in crates}


def _put(tree: Tree, made: dict[Path, Path]) -> None:
    """Give objects to a tree, of which make then links those that are newer."""
    for crate, path in made.items():
        if path.read_bytes() != (tree.path / crate).read_bytes():
            shutil.copyfile(path, tree.path / crate)


def _copy_driver(tree: Tree) -> None:
    """Lay a copy of the driver outside of the kernel's source, with several queues."""
    folder = tree.path / QUEUES
    folder.mkdir(exist_ok=True)
    text = with_queues((tree.source.path / RNULL.with_suffix(".rs")).read_text(), SEVERAL)
    for name, content in {f"{RNULL.stem}.rs": text, "Kbuild": "obj-m := copy.o\ncopy-y := rnull.o\n"}.items():
        path = folder / name
        if not path.exists() or path.read_text() != content:
            path.write_text(content)


def with_queues(driver: str, queues: int) -> str:
    """The source of the driver with more queues and names of its own."""
    changes = {
        f"TagSet::new(1, {DEPTH}, 1)": f"TagSet::new({queues}, {DEPTH}, 1)",
        'name: "rnull_mod"': 'name: "rnull_queues"',
        '"rnullb{}"': '"rnullq{}"',
    }
    for old, new in changes.items():
        if driver.count(old) != 1:
            raise HarnessError(f"{RNULL.with_suffix('.rs')} is not as expected: {driver.count(old)} times {old}")
        driver = driver.replace(old, new)
    return driver


def _check_helpers(trees: dict[str, Tree]) -> None:
    """A side that has calls where it should not, or none where it should, is not what its figures are called."""
    for side, tree in trees.items():
        for path in (*CRATES, Path(QUEUES) / RNULL.name):
            called = inspect(tree.tools, tree.path / path).called
            if bool(called) != (side == CALLS):
                raise HarnessError(f"{tree.name}: {path} calls {', '.join(called) or 'no helper'}")


def _boot(tree: Tree, parameters: str, timeout: float) -> tuple[Boot, Queue]:
    console = run_machine(tree, initramfs(tree, INIT, {}), parameters, timeout)
    return read_console(console.read_text(errors="replace"))


def _boot_several(tree: Tree, parameters: str, timeout: float) -> Boot:
    archive = initramfs(tree, INIT, {"driver.ko": tree.path / QUEUES / "copy.ko"})
    parameters = f"{c_driver(SEVERAL)} maxcpus=1 {parameters}"
    console = run_machine(tree, archive, parameters, timeout, ["-smp", f"{SEVERAL},sockets={SEVERAL}"])
    return read_console(console.read_text(errors="replace"))[0]


def read_console(text: str) -> tuple[Boot, Queue]:
    """What init.c printed."""
    rounds: Boot = {}
    queues: Queue = {}
    lines = text.replace("\r", "").splitlines()
    for line in lines:
        match line.split():
            case ["ROUND", device, scheduler, workload, transfers, failed, instructions]:
                if failed != "0":
                    raise HarnessError(f"{device}: {failed} transfers of {workload} failed")
                of_device = rounds.setdefault(device, {}).setdefault(scheduler, {})
                of_device.setdefault(workload, []).append(int(instructions) / int(transfers))
            case ["CLOCK", "jiffies" | "refined-jiffies" | "unknown" as clock]:
                raise HarnessError(f"the kernel has no better clock than {clock}")
            case ["QUEUE", device, name, *value]:
                queues.setdefault(device, {})[name] = " ".join(value)
    complaints = [line for line in lines if re.search(r"\b(?:BUG|Oops|WARNING):|Kernel panic", line)]
    if complaints or "END" not in lines or not {RUST_DEVICE, C_DEVICE} <= rounds.keys():
        raise HarnessError("\n".join(["a kernel did not come to its end, or complained:", *(complaints or lines[-5:])]))
    return rounds, queues


def report(results: dict[str, Any]) -> list[Part]:
    """Tables, plots, and what must hold."""
    found: list[Part] = [Text(INTRODUCTION)]
    for name, platform in results["platforms"].items():
        found += [
            Text(f"### {name}"),
            _transfers(platform),
            _bars(name, platform),
            _sizes(platform),
            _several(platform),
            *_profiles(platform),
            _times(platform),
            _differences(platform),
            *_limits(name, platform),
        ]
    return found


def figure(boots: Sequence[Boot], device: str, scheduler: str, workload: str) -> float:
    """Instructions a transfer: the median of the rounds, of the boot whose memory is laid out best."""
    return min(statistics.median(boot[device][scheduler][workload]) for boot in boots)


def kinds(boots: Sequence[Boot]) -> list[tuple[str, str]]:
    """What was measured of each device: schedulers and workloads."""
    return [(scheduler, workload) for scheduler, of_each in boots[0][C_DEVICE].items() for workload in of_each]


def _transfers(platform: dict[str, Any], key: str = "boots", device: str = RUST_DEVICE) -> Table:
    boots = platform[key]
    sides = [side for side in SIDES if side in boots]
    rows = []
    for scheduler, workload in kinds(boots[CALLS]):
        values = {side: figure(boots[side], device, scheduler, workload) for side in sides}
        in_c = figure(boots[INLINED], C_DEVICE, scheduler, workload)
        row = [_name((scheduler, workload)), *(f"{values[side]:,.1f}" if side in values else NONE for side in SIDES)]
        row += [f"{values[INLINED] / values[side]:.4f}" if side in values else NONE for side in (CALLS, OWN)]
        rows.append([*row, f"{in_c:,.1f}", f"{values[INLINED] - in_c:+,.1f}"])
    headers = ["transfer, scheduler", *SIDES, f"{INLINED}/{CALLS}", f"{INLINED}/{OWN}", "in C", f"{INLINED} - C"]
    return Table("Instructions a transfer", headers, rows)


def _several(platform: dict[str, Any]) -> Table:
    return replace(
        _transfers(platform, "several", COPY_DEVICE),
        title=f"Instructions a transfer, of drivers with {SEVERAL} queues",
    )


def interval(values: Sequence[float]) -> tuple[float, float]:
    """Where the median is with 95 % confidence, whatever the values' distribution: between two of them."""
    count = len(values)
    outside, beyond = 0, 0.0
    while (beyond := beyond + 2 * math.comb(count, outside) / 2**count) <= 0.05:
        outside += 1
    least = max(outside - 1, 0)
    ordered = sorted(values)
    return ordered[least], ordered[-1 - least]


def _times(platform: dict[str, Any]) -> Part:
    times = platform["times"]
    if "why not" in times:
        return Text(f"Transfers a second were not measured: {times['why not']}.")
    boots = times["boots"]
    rows = []
    for scheduler, workload in kinds(boots[CALLS]):
        row = [_name((scheduler, workload))]
        for side, device in [*((side, RUST_DEVICE) for side in SIDES), (INLINED, C_DEVICE)]:
            values = [1e6 / taken for boot in boots.get(side, []) for taken in boot[device][scheduler][workload]]
            low, high = interval(values) if values else (0.0, 0.0)
            row.append(f"{statistics.median(values):,.0f} ({low:,.0f} to {high:,.0f})" if values else NONE)
        rows.append(row)
    title = (
        "Thousand transfers a second with KVM: the median of all rounds, and where it is with 95 % confidence"
        " (of fewer than 6 rounds, their range)"
    )
    return Table(title, ["transfer, scheduler", *SIDES, f"in {C}"], rows)


def _bars(name: str, platform: dict[str, Any]) -> Bars:
    boots = platform["boots"]
    chosen = [kind for kind in kinds(boots[CALLS]) if kind[0] == "none"]
    devices = {side: (side, RUST_DEVICE) for side in (OWN, INLINED) if side in boots} | {C: (INLINED, C_DEVICE)}
    sides: dict[str, Sequence[float | None]] = {
        title: [figure(boots[side], device, *kind) - figure(boots[CALLS], RUST_DEVICE, *kind) for kind in chosen]
        for title, (side, device) in devices.items()
    }
    return Bars(
        f"rnull-{name}", f"Instructions a transfer, less those with calls: {name}, no scheduler",
        "instructions", [workload for _, workload in chosen], sides,
    )  # fmt: skip


def _sizes(platform: dict[str, Any]) -> Table:
    text = platform["text"]
    rows = [[path, *(f"{text[side][path]:,}" if side in text else NONE for side in SIDES)] for path in map(str, SIZED)]
    return Table("Bytes of code", ["object", *SIDES], rows)


def _profiles(platform: dict[str, Any]) -> list[Part]:
    if not platform["profile"]:
        return []
    return [*(_profile(platform["profile"], workload) for workload in SHOWN), Text(DRIVERS)]


def _profile(profile: dict[str, rnull_profile.Profile], workload: str) -> Table:
    """The functions that do not take the same on all sides."""
    columns = {side: profile[side][RUST_DEVICE][workload] for side in SIDES if side in profile}
    columns[C] = profile[INLINED][C_DEVICE][workload]
    names = {name for column in columns.values() for name in column}
    spread = {
        name: max(taken) - min(taken)
        for name in names
        if (taken := [column.get(name, 0) for column in columns.values()])
    }
    differing = sorted((name for name in names if spread[name] >= LEAST_SPREAD), key=lambda name: (-spread[name], name))
    alike = names - set(differing)

    def row(title: str, counted: Iterable[str]) -> list[str]:
        counted = list(counted)
        sums = {side: math.fsum(column.get(name, 0) for name in counted) for side, column in columns.items()}
        return [title, *(f"{sums[side]:,.1f}" if side in sums else NONE for side in (*SIDES, C))]

    rows = [row(name, [name]) for name in differing]
    rows += [row(f"{len(alike)} others", alike), row("all", names)]
    return Table(
        f"Instructions a transfer by function: {workload}, no scheduler", ["function", *SIDES, f"in {C}"], rows
    )


def _differences(platform: dict[str, Any]) -> Table:
    """What the two devices say of their queues, where it differs."""
    rust, in_c = (platform["queues"].get(device, {}) for device in (RUST_DEVICE, C_DEVICE))
    rows = [
        [name, rust.get(name, NONE), in_c.get(name, NONE)]
        for name in sorted(rust.keys() | in_c.keys())
        if rust.get(name) != in_c.get(name)
    ]
    return Table("What differs between the queues of the two drivers", ["in /sys/block/…/queue", "Rust", "C"], rows)


def _limits(name: str, platform: dict[str, Any]) -> list[Limit]:
    """What must hold beside the driver in C, and beside the kernel's own way where there is one."""
    text, found = platform["text"], []
    for key, device, title in (("boots", RUST_DEVICE, name), ("several", COPY_DEVICE, f"{name}, {SEVERAL} queues")):
        boots = platform[key]
        noise = {kind: _noise(boots, device, kind) for kind in kinds(boots[INLINED])}
        others = [("C's", INLINED, C_DEVICE), *([(f"the {OWN}'s", OWN, device)] if OWN in boots else [])]
        for whose, side, of_device in others:
            ratios = {
                kind: figure(boots[INLINED], device, *kind) / figure(boots[side], of_device, *kind) for kind in noise
            }
            most = max(ratios, key=lambda kind: ratios[kind] - noise[kind])
            what = f"{title}: instructions of {_name(most)}, of {whose}, but for noise"
            found.append(Limit(what, ratios[most], 1 + noise[most]))
    if OWN in text:
        found += [
            Limit(f"{name}: code of {path}, of the {OWN}'s", text[INLINED][path] / text[OWN][path], 1.0)
            for path in map(str, SIZED)
        ]
    return found


def _noise(boots: dict[str, list[Boot]], device: str, kind: tuple[str, str]) -> float:
    """By how much the rounds of one boot differ, and by how much the driver in C does, which is the same on all sides."""
    scheduler, workload = kind
    rounds = [boot[device][scheduler][workload] for side in (INLINED, OWN) for boot in boots.get(side, [])]
    spread = max((max(of_boot) - min(of_boot)) / min(of_boot) for of_boot in rounds)
    in_c = [figure(of_side, C_DEVICE, *kind) for of_side in boots.values()]
    return max(spread, max(in_c) / min(in_c) - 1)


def _name(kind: tuple[str, str]) -> str:
    scheduler, workload = kind
    return f"{workload}, {scheduler}"
