# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The machine code of the functions in an object file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from toolchain import Compilers, output

_FUNCTION = re.compile(r"^([0-9a-f]+) <(.+)>:$")
_INSTRUCTION = re.compile(r"^\s*([0-9a-f]+):\s+(\S+)")
_RELOCATION = re.compile(r"^\s*[0-9a-f]+:\s+R_\w+\s+(\S+)")
_ADDEND = re.compile(r"[-+]0x[0-9a-f]+$")
_PREFIXES = {"lock", "rep", "repne", "data16", "notrack", "xacquire", "xrelease"}
"""Of an instruction, and on a line of their own."""
_BRANCH = re.compile(r"^(call|j[a-z]+|bl?$)")
"""On x86 and AArch64."""


@dataclass(frozen=True)
class Function:
    """One function of an object that was compiled with a section for each."""

    size: int
    """In bytes, as the symbol table says: padding behind it is no part of it."""
    mnemonics: list[str]
    """Of its instructions in order, without those that do nothing."""
    branches: Counter[str] = field(default_factory=Counter)
    """The symbols that it calls or jumps to, and how often."""


@dataclass(frozen=True)
class Code:
    """What a function is made of, with the static functions that it reaches by calls."""

    size: int
    mnemonics: Counter[str]
    calls: Counter[str] = field(default_factory=Counter)
    """Of static functions."""

    @property
    def instructions(self) -> int:
        return self.mnemonics.total()

    def __add__(self, other: Code) -> Code:
        return Code(self.size + other.size, self.mnemonics + other.mnemonics, self.calls + other.calls)


@dataclass(frozen=True)
class Object:
    """The functions of an object file."""

    functions: Mapping[str, Function]
    local: frozenset[str]
    """Those that other files do not see."""

    def code(self, name: str) -> Code:
        """A function and the static ones it reaches, each once: in one file they are what would else be inlined."""
        reached = [name]
        for current in reached:
            reached += sorted(self.functions[current].branches.keys() & self.local - set(reached))
        functions = [self.functions[one] for one in reached]
        branches = _sum(one.branches for one in functions)
        calls = Counter({callee: times for callee, times in branches.items() if callee in self.local})
        return Code(sum(one.size for one in functions), _sum(Counter(one.mnemonics) for one in functions), calls)


def read(tools: Compilers, path: Path) -> Object:
    """Disassemble an object."""
    symbols = output([tools.llvm("llvm-nm"), "--print-size", "--format=posix", path])
    text = output([tools.llvm("llvm-objdump"), "--disassemble", "--reloc", "--no-show-raw-insn", path])
    return parse(symbols, text)


def parse(symbols: str, disassembly: str) -> Object:
    """Read what llvm-nm and llvm-objdump print."""
    sizes, local = {}, set()
    for line in symbols.splitlines():
        name, kind, *numbers = line.split()
        if kind in "tT" and len(numbers) == 2:
            sizes[name] = int(numbers[1], 16)
            local |= {name} if kind == "t" else set()
    functions: dict[str, Function] = {}
    current: Function | None = None
    start = 0
    for line in disassembly.splitlines():
        if header := _FUNCTION.match(line):
            start = int(header[1], 16)
            current = Function(sizes.get(header[2], 0), [])
            functions[header[2]] = current
        elif current is None:
            continue
        elif relocation := _RELOCATION.match(line):
            if current.mnemonics and _BRANCH.match(current.mnemonics[-1]):
                current.branches[_symbol(relocation[1])] += 1
        elif (found := _INSTRUCTION.match(line)) and int(found[1], 16) < start + current.size:
            if not _does_nothing(line, found[2]) and found[2] not in _PREFIXES:
                current.mnemonics.append(found[2])
    return Object(functions, frozenset(local))


def _symbol(reference: str) -> str:
    """What a relocation is about; a local function is named by its section."""
    return _ADDEND.sub("", reference).removeprefix(".text.")


def _does_nothing(line: str, mnemonic: str) -> bool:
    return mnemonic.startswith("nop") or bool(re.search(r"\bxchgw\s+%ax, %ax", line))


def _sum(counters: Iterable[Counter[str]]) -> Counter[str]:
    return sum(counters, Counter())
