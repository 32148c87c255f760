# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares the BTF of kernels with helpers as calls and inlined: it describes C alone, so it must be the same."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from console import phase, table
from matrix import DEBUG_INFO, DRIVER, MODULE_FRAGMENT, RNULL
from platforms import HERE, Platform
from toolchain import output, require
from tree import CALLS, FRAGMENT, SMALL, Tree
from verdict import Check, conclude, listed

VMLINUX = Path("vmlinux")
FILES = (VMLINUX, RNULL.with_name(f"{DRIVER}.ko"), Path("samples/rust/rust_minimal.ko"))
TOOL = "/usr/sbin/bpftool"
"""A folder that not everyone's PATH has."""
REPRODUCIBLE = "KBUILD_BUILD_TIMESTAMP=1970-01-01"
"""Else the kernel runs pahole in parallel, which leaves out other static functions each time."""
SHOWN = 5
"""Of the types that differ."""

Type = dict[str, Any]


@dataclass(frozen=True)
class Btf:
    """The types a file describes, each as text that names other types and has no number of any."""

    types: Counter[str]

    def minus(self, other: Btf) -> list[str]:
        return sorted((self.types - other.types).elements())


def run(trees: dict[str, Tree], platform: Platform) -> int:
    """Build the kernels and compare each file; 0 if all describe the same."""
    require([TOOL, *platform.programs])
    calls = replace(
        trees[CALLS],
        name=f"{platform.name}-btf-{CALLS}",
        flags=(REPRODUCIBLE,),
        platform=platform,
        fragments=(FRAGMENT, *platform.fragments, SMALL, MODULE_FRAGMENT, HERE / "btf.config"),
    )
    calls.source.unpack()
    calls.build()
    found = {CALLS: read(calls)}
    for name in DEBUG_INFO:
        tree = replace(calls, name=f"{platform.name}-btf-{name}").with_plugin(f"--debug-info={name}")
        tree = replace(tree, flags=(*tree.flags, REPRODUCIBLE))
        tree.build(calls)
        found[name] = read(tree)
    rows = [[str(file), *(str(found[name][file].types.total()) for name in found)] for file in FILES]
    print(table(["types in the BTF of", *found], rows))
    return conclude(judge(found))


def judge(found: dict[str, dict[Path, Btf]]) -> list[Check]:
    """Compare each file with that of the kernel without the plugin."""
    calls = found[CALLS]
    # That of a module has what the kernel's lacks: nothing, where its code is Rust.
    total = calls[VMLINUX].types.total()
    checks = [Check(f"{VMLINUX} has BTF", total > 0, f"{total} types")]
    for name, files in found.items():
        if name == CALLS:
            continue
        for file, types in files.items():
            gone = [f"- {text}" for text in calls[file].minus(types)]
            new = [f"+ {text}" for text in types.minus(calls[file])]
            different = gone + new
            detail = listed(different[:SHOWN]) + (f" and {len(different) - SHOWN} more" if different[SHOWN:] else "")
            checks.append(Check(f"{file} describes the same types with {name}", not different, detail))
    return checks


def read(tree: Tree) -> dict[Path, Btf]:
    """The BTF of the kernel and of its modules, which build on it."""
    phase(f"reading the BTF of {tree.name}")
    kernel = _dump([tree.path / VMLINUX])
    found = {VMLINUX: describe(kernel, {})}
    for module in FILES[1:]:
        found[module] = describe(_dump([tree.path / module, "--base-btf", tree.path / VMLINUX]), kernel)
    return found


def describe(types: dict[int, Type], base: dict[int, Type]) -> Btf:
    """Types as text without numbers, which depend on the order in which pahole came to see the types.

    A type with a name stands for itself where another refers to it; one without is written out there."""
    known = base | types
    texts: dict[int, str] = {}

    def refer(number: int) -> str:
        if number == 0:
            return "void"
        kind, name = known[number]["kind"], known[number]["name"]
        return write(number) if name == "(anon)" else f"{kind} {name}"

    def convert(value: Any) -> Any:
        if isinstance(value, list):
            return [convert(entry) for entry in value]
        if isinstance(value, dict):
            return {
                key: refer(entry) if key.endswith("type_id") else convert(entry)
                for key, entry in value.items()
                if key != "id"
            }
        return value

    def write(number: int) -> str:
        if number not in texts:
            texts[number] = json.dumps(convert(known[number]))
        return texts[number]

    return Btf(Counter(map(write, types)))


def _dump(arguments: list[str | Path]) -> dict[int, Type]:
    text = output([TOOL, "--json", "btf", "dump", "file", *arguments])
    return {entry["id"]: entry for entry in json.loads(text)["types"]}
