# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What became of the helpers in an object file."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from toolchain import Toolchain, output

PREFIX = "rust_helper_"

# Branches to a function; any other reference to it takes its address. (Where code is position
# independent, an address within one section needs no relocation: these kernels' code is not.)
_BRANCHES = ("R_X86_64_PLT32", "R_AARCH64_CALL26", "R_AARCH64_JUMP26")


@dataclass(frozen=True)
class Helpers:
    """The helpers of one object, and the size of its code."""

    called: list[str]
    """Undefined here: calls into helpers.o."""
    copied: list[str]
    """Defined here as local functions."""
    needless: list[str]
    """Those of `copied` whose address nothing takes."""
    text: int
    """Bytes of executable sections."""


def inspect(tools: Toolchain, path: Path) -> Helpers:
    """Read the symbols, relocations and section sizes of an object."""
    content = _read(tools, path)
    sections = [entry["Section"] for entry in content["Sections"]]
    symbols = [_Symbol.parse(entry["Symbol"]) for entry in content["Symbols"]]
    helpers = [symbol for symbol in symbols if symbol.name.startswith(PREFIX)]
    copies = [symbol for symbol in helpers if symbol.section]
    # Debug info refers to each function there is.
    of_code = [group for group in content["Relocations"] if not _is_debug_info(content["Sections"], group)]
    taken = _addresses_taken(of_code, symbols)
    return Helpers(
        called=sorted(symbol.name for symbol in helpers if not symbol.section),
        copied=sorted(symbol.name for symbol in copies),
        needless=sorted(symbol.name for symbol in copies if not taken & symbol.addresses),
        text=sum(section["Size"] for section in sections if _is_code(section)),
    )


@dataclass(frozen=True)
class HelperLines:
    """What the debug info of an object has of helpers."""

    helpers: int
    """The functions described whose names are those of helpers."""
    languages: list[str]
    """Those of its compile units."""


def helper_lines(tools: Toolchain, path: Path) -> HelperLines:
    """Read the debug info of an object."""
    dump: list[str | Path] = [tools.llvm("llvm-dwarfdump"), "--debug-info", path]
    lines = output(dump).splitlines()
    names = {match[1] for line in lines if (match := re.search(rf'DW_AT_name\s+\("({PREFIX}\w+)"\)', line))}
    languages = {match[1] for line in lines if (match := re.search(r"DW_AT_language\s+\((\w+)\)", line))}
    return HelperLines(len(names), sorted(languages))


def count_references(tools: Toolchain, path: Path, prefixes: tuple[str, ...]) -> int:
    """The relocations of an object against symbols whose names begin so."""
    content = _read(tools, path)
    symbols = [_Symbol.parse(entry["Symbol"]) for entry in content["Symbols"]]
    targets = (entry["Relocation"]["Symbol"]["Value"] for group in content["Relocations"] for entry in group["Relocs"])
    return sum(symbols[target].name.startswith(prefixes) for target in targets)


def unprotected(tools: Toolchain, path: Path) -> list[str]:
    """What of an x86_64 object a kernel with retpolines, return thunks and KCFI must not have.

    Each branch to an address in a register has to go by a thunk, each return too, and each such call has a check before
    it, for whose trap there is an entry of four bytes."""
    disassembly: list[str | Path] = [tools.llvm("llvm-objdump"), "--disassemble", "--no-show-raw-insn", path]
    found = []
    function = ""
    for line in output(disassembly).splitlines():
        # Labels of the padding before a function are functions' as well.
        if match := re.match(r"[0-9a-f]+ <(.+)>:$", line):
            function = match[1] if not match[1].startswith(".L") else function
        elif match := re.match(r"\s*[0-9a-f]+:\s+(?:notrack )?((?:call|jmp)q?\s+\*|retq?\b)", line):
            found.append(f"{function}: {match[1].split()[0]}")
    sections = [entry["Section"] for entry in _read(tools, path)["Sections"]]
    checks = sum(section["Size"] // 4 for section in sections if section["Name"]["Name"] == ".kcfi_traps")
    calls = count_references(tools, path, ("__x86_indirect_thunk_",))
    return found + ([f"{calls} indirect calls with {checks} checks"] if calls > checks else [])


@dataclass(frozen=True)
class _Symbol:
    name: str
    section: int
    value: int

    @property
    def addresses(self) -> frozenset[tuple[str | int, int]]:
        """The two ways in which a relocation names this symbol: itself, or its place in its section."""
        return frozenset({(self.name, 0), (self.section, self.value)})

    @staticmethod
    def parse(entry: dict[str, Any]) -> _Symbol:
        return _Symbol(entry["Name"]["Name"], entry["Section"]["Value"], entry["Value"])


def _addresses_taken(groups: list[dict[str, Any]], symbols: list[_Symbol]) -> set[tuple[str | int, int]]:
    """The targets of every relocation that is not a branch."""
    taken: set[tuple[str | int, int]] = set()
    for group in groups:
        for entry in group["Relocs"]:
            relocation = entry["Relocation"]
            kind = relocation["Type"]["Name"]
            if kind in _BRANCHES:
                continue
            # Printed without its sign; x86 counts from the end of a PC-relative field, four bytes on.
            addend = _signed(relocation["Addend"]) + (4 if "PC32" in kind else 0)
            symbol = symbols[relocation["Symbol"]["Value"]]
            taken |= {(symbol.name, addend), (symbol.section, symbol.value + addend)}
    return taken


def _signed(value: int) -> int:
    return value - (1 << 64) if value >> 63 else value


def _read(tools: Toolchain, path: Path) -> dict[str, Any]:
    parts = ["--sections", "--symbols", "--relocations"]
    text = output([tools.llvm("llvm-readobj"), "--elf-output-style=JSON", *parts, path])
    content: dict[str, Any] = json.loads(text)[0]
    return content


def _is_debug_info(sections: list[dict[str, Any]], group: dict[str, Any]) -> bool:
    names = {entry["Section"]["Index"]: entry["Section"]["Name"]["Name"] for entry in sections}
    return bool(names[group["SectionIndex"]].startswith(".rela.debug_"))


def _is_code(section: dict[str, Any]) -> bool:
    return any(flag["Name"] == "SHF_EXECINSTR" for flag in section["Flags"]["Flags"])
