# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The kernel's own way to inline helpers, done on a kernel that does not have it.

Linux 7.1 has the option RUST_INLINE_HELPERS: rustc writes bitcode, llvm-link adds all helpers to it, and clang makes
the object. What is done here is what rust/Makefile and scripts/Makefile.build do as of commit 3a2486cc1da5 ("kbuild:
rust: provide an option to inline C helpers into Rust"), with the attribute that db702816ad4d ("rust: helpers: #define
__rust_helper") gives each helper."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

from commands import Command, recorded
from console import HarnessError
from objects import inspect
from toolchain import Toolchain, require
from tree import Tree

HELPERS = Path("rust/helpers/helpers.o")

# Of the C compiler's options, those of the preprocessor: KBUILD_CFLAGS has none, and clang refuses them for bitcode.
_PREPROCESSOR = ("-I", "-D", "-U", "-Wp,", "-nostdinc", "-fmacro-prefix-map=")
_WITH_A_FILE = ("-include", "-o")
_OBJECT = re.compile(r"--emit=obj=(.*)")


def links_helpers(crate: Command, target: Path) -> bool:
    """Whether 7.1 links helpers into a crate: into each outside of rust/, and there into kernel.o alone."""
    is_library = any(word.startswith("--emit=metadata=") for word in crate.arguments)
    return not is_library or target == Path("rust/kernel.o")


@dataclass(frozen=True)
class OwnWay:
    """Makes objects of one tree in the kernel's own way."""

    tools: Toolchain
    scratch: Path
    """For the helpers' bitcode."""
    clang: Command
    """That of HELPERS."""
    helpers: list[str]
    """Those of HELPERS."""
    _made: dict[bool, Path] = field(default_factory=dict)

    @staticmethod
    def of(tree: Tree, scratch: Path) -> OwnWay:
        """Read how a built tree compiled its helpers."""
        tools = tree.tools
        require([tools.llvm("llvm-link")])
        clang = recorded(tree, str(HELPERS), scratch)
        if Path(clang.arguments[0]).name != tools.llvm("clang"):
            raise HarnessError(
                f"{HELPERS} is made by {clang.arguments[0]}, and the kernel's own way needs {tools.llvm('clang')}"
            )
        return OwnWay(tools, scratch, clang, inspect(tools, tree.path / HELPERS).copied)

    def commands(self, crate: Command) -> list[Command]:
        """What makes the object that a recorded call of rustc makes, where it makes it.

        The helpers' bitcode is compiled by the first call, and is no part of the commands."""
        found = next((match for word in crate.arguments if (match := _OBJECT.match(word))), None)
        if found is None:
            raise HarnessError(f"no object is made by {' '.join(crate.arguments)}")
        path = Path(found[1])
        bitcode, linked = path.with_suffix(".bc"), path.with_suffix(".m.bc")
        plain = crate.without_plugin()
        rustc = [f"--emit=llvm-bc={bitcode}" if word == found[0] else word for word in plain.arguments]
        is_module = "MODULE" in [value for option, value in pairwise(rustc) if option == "--cfg"]
        link = [self.tools.llvm("llvm-link"), "--internalize", "--suppress-warnings", str(bitcode)]
        link += [str(self._bitcode(is_module)), "-o", str(linked)]
        clang = [self.clang.arguments[0], *_code_generation(self.clang.arguments[1:])]
        clang += ["-Wno-override-module", "-c", str(linked), "-o", str(path)]
        return [replace(plain, arguments=arguments) for arguments in (rustc, link, clang)]

    def _bitcode(self, is_module: bool) -> Path:
        """Compile all helpers, for modules or for what is built in."""
        if is_module not in self._made:
            path = self.scratch / ("helpers_module.bc" if is_module else "helpers.bc")
            arguments = [
                f"-Wp,-MMD,{path}.d" if word.startswith("-Wp,-MMD,") else word for word in self.clang.arguments
            ]
            arguments[arguments.index("-o") + 1] = str(path)
            arguments += ["-g0", *(["-DMODULE"] if is_module else []), "-emit-llvm"]
            # __rust_helper is __always_inline there; here, the helpers' source has no place for it.
            for name in self.helpers:
                arguments += ["-mllvm", f"-force-attribute={name}:alwaysinline"]
            replace(self.clang, arguments=arguments).run()
            self._made[is_module] = path
        return self._made[is_module]


def _code_generation(words: Iterable[str]) -> Iterator[str]:
    """CLANG_FLAGS and KBUILD_CFLAGS, of the words of a C compiler's call."""
    words = iter(words)
    for word in words:
        if word in _WITH_A_FILE:
            next(words)
        elif word.startswith("-") and word != "-c" and not word.startswith(_PREPROCESSOR):
            yield word
