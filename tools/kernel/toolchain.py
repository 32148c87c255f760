# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The tools a kernel build needs: found, never installed."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from console import HarnessError

SETUP = "run tools/setup --check --kernel"
DEBIAN_RUSTC = Path("/usr/bin/rustc")
KERNEL_SOURCE = Path("/usr/src/linux-source-6.12.tar.xz")

# Set by a shell for another build, these would change what is built here.
_FOREIGN_VARIABLES = re.compile(
    r"^(MAKE.*|MFLAGS|KBUILD_.*|K?RUSTFLAGS.*|K[CA]FLAGS|ARCH|CROSS_COMPILE|LLVM(_IAS)?|CC|LD|O" r"|INLINE_HELPERS.*)$"
)
_OTHER_TOOLS = ("make", "flex", "bison", "bc", "qemu-system-x86_64")


@dataclass(frozen=True)
class Compilers:
    """One rustc, and what compiles with it."""

    rustc: Path
    inline_helpers: Path
    llvm_major: str

    def llvm(self, tool: str) -> str:
        """The name of an LLVM tool of rustc's major."""
        return f"{tool}-{self.llvm_major}"

    def versions(self) -> dict[str, str]:
        """What a reader needs to repeat a measurement."""
        return {name: output(command).splitlines()[0] for name, command in self._asked().items()}

    def _asked(self) -> dict[str, list[str | Path]]:
        """The commands that print a version each."""
        return {
            "rustc": [self.rustc, "--version"],
            "clang": [self.llvm("clang"), "--version"],
            "inline-helpers": [self.inline_helpers, "--version"],
        }


@dataclass(frozen=True)
class Toolchain(Compilers):
    """One rustc, the LLVM tools of its major, and what else a kernel build calls."""

    rustdoc: Path
    library: Path
    bindgen: Path

    def environment(self) -> dict[str, str]:
        """The environment of every build: the caller's, without what is meant for another one."""
        kept = {k: v for k, v in os.environ.items() if not _FOREIGN_VARIABLES.match(k)}
        return kept | {
            "LC_ALL": "C",
            "LIBCLANG_PATH": output([self.llvm("llvm-config"), "--libdir"]),
            "INLINE_HELPERS_BINDGEN": str(self.bindgen),
        }

    def bindgen_environment(self) -> dict[str, str]:
        """That of a call of bindgen on headers of user space: those of its clang, not of the one of PATH."""
        return self.environment() | {"CLANG_PATH": str(shutil.which(self.llvm("clang")))}

    def kernel_flags(self, *options: str) -> list[str]:
        """The make assignments of `inline-helpers flags --kernel`, split as `make $(…)` does."""
        if not os.access(self.inline_helpers, os.X_OK):
            raise HarnessError(
                f"no command {self.inline_helpers}",
                "build the project first (cmake --build build), or name its folder with --build",
            )
        return output([self.inline_helpers, "flags", "--kernel", *options]).split()

    def _asked(self) -> dict[str, list[str | Path]]:
        return super()._asked() | {
            "linker": [self.llvm("ld.lld"), "--version"],
            "bindgen": [self.bindgen, "--version"],
            "qemu": ["qemu-system-x86_64", "--version"],
        }


def output(command: list[str | Path]) -> str:
    """What a command prints; its failure is ours."""
    try:
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError) as failure:
        said = (getattr(failure, "stderr", "") or str(failure)).strip()
        raise HarnessError(f"{' '.join(map(str, command))}: {said}") from failure
    return done.stdout.strip()


def package_versions(packages: dict[str, str]) -> dict[str, str]:
    """The versions of packages by other names, where Debian's package manager knows them."""
    if shutil.which("dpkg-query") is None:
        return {}
    command = ["dpkg-query", "--show", "--showformat=${Version}"]
    return {name: output([*command, package]) for name, package in packages.items()}


def digest(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def find_compilers(rustc: Path | None, build: Path) -> Compilers:
    """Find rustc, clang and this project's command, or name the first that is missing."""
    require_package("tabulate")
    compiler = _program(rustc or (DEBIAN_RUSTC if DEBIAN_RUSTC.exists() else Path("rustc")))
    major = _llvm_major(compiler)
    require([f"clang-{major}"])
    return Compilers(rustc=compiler, inline_helpers=build / "bin" / "inline-helpers", llvm_major=major)


def find(rustc: Path | None, bindgen: Path | None, build: Path) -> Toolchain:
    """Find every tool, or name the first that is missing."""
    compilers = find_compilers(rustc, build)
    compiler, major = compilers.rustc, compilers.llvm_major
    tools = [f"{tool}-{major}" for tool in ("ld.lld", "llvm-ar", "llvm-nm", "llvm-config")]
    tools += [f"{tool}-{major}" for tool in ("llvm-readobj", "llvm-objdump", "llvm-dwarfdump")]
    for tool in (*_OTHER_TOOLS, *tools):
        _program(Path(tool))
    # tools/setup's own comes first: a distribution's may be too old for the kernel.
    own_bindgen = build / "tools" / "bin" / "bindgen"
    if bindgen is None and own_bindgen.exists():
        bindgen = own_bindgen
    return Toolchain(
        **vars(compilers),
        rustdoc=_program(compiler.with_name("rustdoc")),
        library=_library(compiler),
        bindgen=_program(bindgen or Path("bindgen")),
    )


def require_package(name: str) -> None:
    """Find a Python package, or say that it is missing."""
    if importlib.util.find_spec(name) is None:
        raise HarnessError(f"the Python package {name} is missing", SETUP)


def require(programs: Iterable[str]) -> None:
    """Find programs that only some builds need, or name the first that is missing."""
    for name in programs:
        _program(Path(name))


def _program(name: Path) -> Path:
    """The absolute path of a program, which is not resolved: rustup goes by the name it is called."""
    found = shutil.which(name)
    if found is None:
        raise HarnessError(f"{name} is missing", SETUP)
    return Path(os.path.abspath(found))


def _llvm_major(rustc: Path) -> str:
    match = re.search(r"^LLVM version: (\d+)", output([rustc, "-vV"]), re.MULTILINE)
    if match is None:
        raise HarnessError(f"{rustc} -vV names no LLVM version: not the LLVM backend?")
    return match[1]


def _library(rustc: Path) -> Path:
    library = Path(output([rustc, "--print", "sysroot"])) / "lib" / "rustlib" / "src" / "rust" / "library"
    if not (library / "core" / "src" / "lib.rs").exists():
        raise HarnessError(f"{rustc} has no library sources: {library} is missing", SETUP)
    return library.resolve()
