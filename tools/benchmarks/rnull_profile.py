# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Which functions of the kernel the instructions of a transfer are in.

QEMU logs each instruction that it executes between two marks in init.c, and the kernel's symbols say where that was."""

from __future__ import annotations

import bisect
import json
import re
import socket
import subprocess
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from boot import initramfs, machine
from console import HarnessError, phase
from toolchain import Toolchain, output
from tree import Tree

USER = "user space"
BEGIN, END = "profileBegin", "profileEnd"
KERNEL = 1 << 63
"""Above are the kernel's addresses, below those of user space."""

# "Trace 0: 0x7f1b80000100 [00000000/ffffffff81000000/00000000/00000201] symbol", before each translation block, which
# is one instruction here; and what takes the last one back.
_EXECUTED = re.compile(r"^Trace \d+: \S+ \[[0-9a-f]+/([0-9a-f]+)/")
_NOT_EXECUTED = "Stopped execution of TB chain before"

Profile = dict[str, dict[str, dict[str, float]]]
"""Instructions a transfer, by device, workload and function."""


def measure(tree: Tree, init: Path, parameters: str, timeout: float) -> Profile:
    """Boot a kernel, and count what each workload of init.c executes."""
    phase(f"profiling {tree.name}")
    archive = initramfs(tree, init, {})
    kernel = Symbols.of(tree.tools, tree.path / "vmlinux")
    program = Symbols.of(tree.tools, tree.source.work / f"{tree.name}.init")
    log, monitor = (tree.source.work / f"{tree.name}.{name}" for name in ("executed", "monitor"))
    command = [
        *machine(tree, archive, f"{parameters} -- profile"), "-serial", "stdio",
        "-qmp", f"unix:{monitor},server=on,wait=off",
    ]  # fmt: skip
    monitor.unlink(missing_ok=True)
    profile: Profile = {}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, errors="replace") as qemu:
        alarm = threading.Timer(timeout, qemu.kill)
        alarm.start()
        try:
            for device, workload, transfers in _windows(qemu, monitor, log):
                with log.open() as lines:
                    counts = count(executed(lines), program.address(BEGIN), program.address(END), kernel)
                of_device = profile.setdefault(device, {})
                counted = {name: round(times / transfers, 2) for name, times in counts.items()}
                of_device[workload] = fewer(of_device.get(workload), counted)
        finally:
            alarm.cancel()
            qemu.kill()
            log.unlink(missing_ok=True)
            monitor.unlink(missing_ok=True)
    return profile


def _windows(qemu: subprocess.Popen[str], path: Path, log: Path) -> Iterator[tuple[str, str, int]]:
    """Log each workload of a machine that is started, and tell when one is logged: device, workload and transfers."""
    assert qemu.stdin is not None and qemu.stdout is not None
    said: list[str] = []
    monitor: Monitor | None = None
    announced = ("", "", 0)
    for line in qemu.stdout:
        said.append(line)
        match line.split():
            case ["PROFILE", device, workload, transfers]:
                announced = (device, workload, int(transfers))
                monitor = monitor or Monitor(path)
                log.unlink(missing_ok=True)
                monitor.tell(f"logfile {log}", "singlestep on", "log exec,nochain")
            case ["PROFILED"] if monitor is not None:
                monitor.tell("log none", "singlestep off")
                yield announced
            case ["END"]:
                return
            case _:
                continue
        qemu.stdin.write("\n")
        qemu.stdin.flush()
    raise HarnessError("".join(["a kernel did not come to its end:\n", *said[-5:]]).rstrip())


class Monitor:
    """QEMU's monitor."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(str(path))
        self._lines = self._socket.makefile("r")
        self._execute("qmp_capabilities")

    def tell(self, *commands: str) -> None:
        """Give commands of a person, which answer nothing where all is well."""
        for command in commands:
            said = self._execute("human-monitor-command", {"command-line": command})
            if said:
                raise HarnessError(f"QEMU's monitor: {command}: {said.strip()}")

    def _execute(self, name: str, arguments: dict[str, str] | None = None) -> Any:
        self._socket.sendall(json.dumps({"execute": name, "arguments": arguments or {}}).encode())
        for line in self._lines:
            answer = json.loads(line)
            if "error" in answer:
                raise HarnessError(f"QEMU's monitor: {name}: {answer['error']['desc']}")
            if "return" in answer:
                return answer["return"]
        raise HarnessError(f"QEMU's monitor: {name}: no answer")


def fewer(known: dict[str, float] | None, counted: dict[str, float]) -> dict[str, float]:
    """Of two rounds that with fewer instructions: the other has been interrupted by the machine's timer."""
    return counted if known is None or sum(counted.values()) < sum(known.values()) else known


def executed(log: Iterable[str]) -> Iterator[int]:
    """The addresses of all instructions in a log, in their order."""
    last: int | None = None
    for line in log:
        if match := _EXECUTED.match(line):
            if last is not None:
                yield last
            last = int(match[1], 16)
        elif line.startswith(_NOT_EXECUTED):
            last = None
    if last is not None:
        yield last


def count(addresses: Iterable[int], begin: int, end: int, kernel: Symbols) -> Counter[str]:
    """The instructions by function, from that at `begin` to that at `end`."""
    addresses = iter(addresses)
    if begin not in addresses:  # which takes all up to it
        raise HarnessError(f"nothing executed at {begin:#x}")
    counts: Counter[int] = Counter()
    for address in addresses:
        if address == end:
            break
        counts[address] += 1
    else:
        raise HarnessError(f"nothing executed at {end:#x}")
    functions: Counter[str] = Counter()
    for address, times in counts.items():
        functions[kernel.function(address)] += times
    return functions


@dataclass(frozen=True)
class Symbols:
    """The functions of a program, in the order of their addresses."""

    starts: list[int]
    names: list[str]

    @staticmethod
    def of(tools: Toolchain, path: Path) -> Symbols:
        """Read a linked program."""
        nm: list[str | Path] = [tools.llvm("llvm-nm"), "--defined-only", "--numeric-sort", "--demangle", path]
        return Symbols.parse(output(nm).splitlines())

    @staticmethod
    def parse(lines: Iterable[str]) -> Symbols:
        """Read what llvm-nm prints: an address, a kind and a name, which may have spaces."""
        rows = [line.split(maxsplit=2) for line in lines]
        functions = {int(address, 16): name for address, kind, name in rows if kind in "tTwW"}
        return Symbols(list(functions), list(functions.values()))

    def address(self, name: str) -> int:
        """Where a function starts."""
        if name not in self.names:
            raise HarnessError(f"no function {name}")
        return self.starts[self.names.index(name)]

    def function(self, address: int) -> str:
        """The function that an instruction of the kernel or of user space is in."""
        if address < KERNEL:
            return USER
        found = bisect.bisect_right(self.starts, address) - 1
        if found < 0:
            raise HarnessError(f"no function at {address:#x}")
        return self.names[found]
