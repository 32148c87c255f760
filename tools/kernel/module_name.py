# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What a helper prints that puts the name of its module in front, as pr_*() does: called, and inlined into two modules."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from boot import Boot, boot
from console import phase
from objects import PREFIX, inspect
from tree import Tree
from verdict import Check, listed, nothing

HELPER = f"""\
void {PREFIX}greet(void)
{{
	pr_info(KBUILD_MODNAME ": greetings\\n");
}}
"""
MODULE = """\
use kernel::prelude::*;

module! {
    type: Greeter,
    name: "NAME",
    author: "inline-helpers",
    description: "Greets through a helper",
    license: "GPL",
}

struct Greeter;

impl kernel::Module for Greeter {
    fn init(_module: &'static ThisModule) -> Result<Self> {
        // SAFETY: it prints, and takes nothing.
        unsafe { kernel::bindings::greet() };
        Ok(Greeter)
    }
}
"""
NAMES = ("first", "second")
OF_CALLS = "helpers"
"""The name that kbuild gives rust/helpers/helpers.o, which is in the kernel itself."""
TRANSFERS = 1000
"""A round: how long a transfer takes is not looked at."""

_GREETING = re.compile(r"^(?:\[ *[\d.]+\] )?(\w+): greetings$", re.MULTILINE)


@dataclass(frozen=True)
class Figures:
    """Everything that is judged; each pair is with helpers inlined, and with calls."""

    modules: tuple[list[str], list[str]]
    """The names of the modules, in the order in which they are loaded."""
    calling: tuple[list[str], list[str]]
    """Those of them that call the helper."""
    boot: Boot


def run(tree: Tree, boot_timeout: float) -> Figures:
    """Build the kernel of `tree`, whose source has HELPER, and the modules, and load them."""
    phase(f"building {tree.name} with a helper that greets")
    tree.make(["all"])
    inlined = _build(tree, "inlined")
    called = _build(replace(tree, flags=()), "called")
    return Figures(
        modules=(_names(inlined), _names(called)),
        calling=(_calling(tree, inlined), _calling(tree, called)),
        boot=boot(tree, boot_timeout, TRANSFERS, last_modules=[*inlined, *called]),
    )


def judge(figures: Figures) -> list[Check]:
    """What must hold of the names that are printed."""
    inlined, called = figures.modules
    printed = _GREETING.findall(figures.boot.afterwards)
    split = len(inlined)
    return [
        nothing("greeting: inlined, no module calls the helper", figures.calling[0]),
        Check("greeting: without the plugin, each calls it", figures.calling[1] == called, listed(figures.calling[1])),
        nothing("greeting: boots and transfers are right", figures.boot.failures()),
        Check("greeting: inlined, each module prints its own name", printed[:split] == inlined, listed(printed[:split])),
        Check(
            "greeting: called, each prints that of the helpers' object",
            printed[split:] == [OF_CALLS] * len(called),
            listed(printed[split:]),
        ),
    ]


def _build(tree: Tree, how: str) -> list[Path]:
    """Build the modules out of tree, each of one crate, as files with a '-' where their names have a '_'."""
    folder = tree.source.work / f"greeting-{how}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    files = [f"{name}-{how}" for name in NAMES]
    (folder / "Kbuild").write_text("".join(f"obj-m += {file}.o\n{file}-y := {_name(file)}_main.o\n" for file in files))
    for file in files:
        (folder / f"{_name(file)}_main.rs").write_text(MODULE.replace("NAME", _name(file)))
    tree.make([f"M={folder}", "modules"])
    return [folder / f"{file}.ko" for file in files]


def _calling(tree: Tree, modules: Sequence[Path]) -> list[str]:
    return [_name(module.stem) for module in modules if f"{PREFIX}greet" in inspect(tree.tools, module).called]


def _names(modules: Sequence[Path]) -> list[str]:
    return [_name(module.stem) for module in modules]


def _name(file: str) -> str:
    return file.replace("-", "_")
