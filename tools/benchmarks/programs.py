# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Programs that use libraries of header files, and what builds each of them in several ways.

bindgen declares the static inline functions of a library for Rust, and writes a C function around each: the helpers."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from builds import CALLS
from commands import Command
from console import HarnessError, phase
from toolchain import Toolchain, output, package_versions, require

_FOREIGN_VARIABLES = r"RUSTFLAGS|CARGO_(ENCODED_RUSTFLAGS|BUILD_|PROFILE_|TARGET_)|INLINE_HELPERS"
"""Set for another build, these would change what is built here."""
FOLDER = Path(__file__).resolve().parent / "programs"

BITCODE = "inline-helpers"
PACKED = "packed"
NATIVE = "with a native object"
"""For helpers that stay calls: what inline-helpers needs where not all are inlined."""
LLVM_LINK = "llvm-link"
THIN = "ThinLTO"
FAT = "fat LTO"


@dataclass(frozen=True)
class Library:
    """A library of header files."""

    name: str
    """Also of the folder with what it is used for."""
    package: str
    """Debian's."""
    work: str
    """What an iteration of its program does."""
    items: str
    """A regular expression: what is declared for Rust."""
    flags: tuple[str, ...] = ()
    """Of the C compiler."""
    links: tuple[str, ...] = ()
    """The libraries that its functions call."""
    processor: str | None = None
    """What it is compiled for, where that is more than Rust's baseline."""


_DPDK_FOLDERS = "/usr/include/dpdk", "/usr/include/x86_64-linux-gnu/dpdk"
DPDK = Library(
    "dpdk",
    "libdpdk-dev",
    "a packet, through a ring",
    "_*rte_.*|RING_F_.*",
    flags=("-march=corei7", *(f"-I{folder}" for folder in _DPDK_FOLDERS), "-include", "rte_config.h"),
    links=("rte_ring", "rte_mbuf", "rte_mempool", "rte_eal"),
    processor="corei7",
)
LIBRARIES = (
    Library("xxhash", "libxxhash-dev", "XXH3_64bits, XXH64 and XXH32 of 8 bytes", "XXH_INLINE_.*"),
    Library("libdivide", "libdivide-dev", "three divisions by numbers of run time", "libdivide_.*"),
    Library("liburing", "liburing-dev", "a read, and its completion", "io_uring_.*|IORING_.*", links=("uring",)),
    DPDK,
)


@dataclass(frozen=True)
class Program:
    """A crate that is linked to a program, and the libraries it uses."""

    name: str
    libraries: tuple[Library, ...]
    rustc: tuple[Command, ...]
    """What compiles the crates that it depends on, and at last compiles and links it."""
    folder: Path
    """Where those commands write."""
    result: Path
    """The program."""


def prepare(tools: Toolchain, library: Library, folder: Path) -> None:
    """Write the declarations and helpers of a library to a folder."""
    header = FOLDER / library.name / "helpers.h"
    command = [
        tools.bindgen, "--experimental", "--wrap-static-fns", "--wrap-static-fns-path", folder / f"{library.name}.c",
        "--allowlist-item", library.items, header, "--output", folder / f"{library.name}.rs", "--", *library.flags,
    ]  # fmt: skip
    done = subprocess.run(command, env=tools.bindgen_environment(), capture_output=True, text=True)
    if done.returncode != 0:
        raise HarnessError(f"bindgen cannot read {header}: {done.stderr.strip()}", "run tools/setup --check")


def versions() -> dict[str, str]:
    """Those of the libraries."""
    return package_versions({one.name: one.package for one in LIBRARIES})


def small(tools: Toolchain, library: Library, work: Path) -> Program:
    """The program of one library, compiled by rustc alone."""
    folder = work / library.name / "recorded"
    folder.mkdir(parents=True, exist_ok=True)
    result = folder / library.name
    words = [tools.rustc, "-O", "--edition=2021", FOLDER / library.name / "main.rs", "-o", result]
    command = Command(list(map(str, words)), _environment(work), work)
    return Program(library.name, (library,), (command,), folder, result)


def large(tools: Toolchain, work: Path) -> Program:
    """The program that uses all libraries and a large crate, as cargo compiles it."""
    cargo = tools.rustc.with_name("cargo")
    require([str(cargo)])
    package, folder = FOLDER / "large", work / "large" / "recorded"
    shutil.rmtree(folder, ignore_errors=True)
    phase("recording what cargo does")
    # The helpers are not there yet.
    flags = [*_linking(tools, LIBRARIES), "-Clink-arg=-Wl,--unresolved-symbols=ignore-all"]
    environment = _environment(work) | {"RUSTC": str(tools.rustc)}
    command = [cargo, "build", "--release", "--locked", "-vv", "--target-dir", folder]
    with_flags = environment | {"RUSTFLAGS": " ".join(flags)}
    done = subprocess.run(command, cwd=package, env=with_flags, capture_output=True, text=True)
    if done.returncode != 0:
        raise HarnessError(f"cargo failed: {done.stderr.strip()[-2000:]}")
    commands = tuple(
        replace(command, arguments=[word for word in command.arguments if word not in flags])
        for command in recorded(done.stderr, environment, package)
    )
    if len(commands) < 2:
        raise HarnessError(f"cargo did not say how it called rustc: {done.stderr.strip()[-2000:]}")
    deps = folder / "release" / "deps"
    return Program("large", LIBRARIES, commands, folder, deps / _crate_file(commands[-1]))


def recorded(log: str, environment: dict[str, str], folder: Path) -> list[Command]:
    """The calls of rustc in what `cargo build -vv` prints."""
    commands = []
    # A description among the variables may have several lines.
    for text in re.findall(r"^ +Running `(.*?)`$", log, re.MULTILINE | re.DOTALL):
        words = shlex.split(text)
        count = next(number for number, word in enumerate(words) if not re.match(r"^\w+=", word))
        variables = dict(word.split("=", 1) for word in words[:count])
        commands.append(Command(words[count:], environment | variables, folder))
    return commands


def commands(tools: Toolchain, program: Program, side: str) -> list[Command]:
    """What builds a program on one side, in a folder of that side."""
    build = _Build.of(tools, program, side)
    if side == CALLS:
        return [*build.native(), *build.crates, build.linked_with(".o")]
    if side == THIN:
        return build.by_linker("thin")
    if side == FAT:
        # With -Clto=fat cargo, too, says that there is bitcode.
        return build.by_linker("full", "-Cembed-bitcode=yes", "-Clto=fat")
    if side == LLVM_LINK:
        return build.by_llvm_link()
    return build.with_plugin(side)


@dataclass(frozen=True)
class _Build:
    """Makes the commands of one side."""

    tools: Toolchain
    program: Program
    folder: Path
    """Of that side."""
    crates: list[Command]
    last: Command
    """Compiles the crate that calls the helpers, and links it."""

    @staticmethod
    def of(tools: Toolchain, program: Program, side: str) -> _Build:
        """In an empty folder."""
        folder = program.folder.with_name(_name(side))
        shutil.rmtree(folder, ignore_errors=True)
        result_of(program, side).parent.mkdir(parents=True)
        *crates, last = (led_to(command, program.folder, folder) for command in program.rustc)
        processors = [f"-Ctarget-cpu={library.processor}" for library in program.libraries if library.processor]
        last = with_words(last, *processors, *_linking(tools, program.libraries))
        return _Build(tools, program, folder, crates, last)

    def native(self) -> list[Command]:
        """Compile the helpers to objects."""
        return self.compiled(".o")

    def compiled(self, suffix: str, *options: str) -> list[Command]:
        """Compile the helpers by clang."""
        clang = [self.tools.llvm("clang"), "-O2", "-w", *options]
        return [
            self.command(*clang, *library.flags, "-c", self.source(library), "-o", self.made(library, suffix))
            for library in self.program.libraries
        ]

    def by_linker(self, kind: str, *options: str) -> list[Command]:
        """Optimise when linking."""
        flag = "-Clinker-plugin-lto"
        crates = [with_words(command, flag) for command in self.crates]
        return [*self.compiled(".lto.o", f"-flto={kind}"), *crates, self.linked_with(".lto.o", flag, *options)]

    def with_plugin(self, side: str) -> list[Command]:
        """Inline by the plugin, which all crates are compiled with, as build.rustflags is for all."""
        command = self.tools.inline_helpers
        wanted = [self.made(library, ".bc") for library in self.program.libraries]
        commands = [
            self.command(command, "compile", "-o", path, self.source(library), "--", "-O2", *library.flags)
            for path, library in zip(wanted, self.program.libraries, strict=True)
        ]
        if side == PACKED:
            commands += [self.command(command, "pack", "-o", path.with_suffix(".a"), path) for path in wanted]
            wanted = [path.with_suffix(".a") for path in wanted]
        # The flags of a library that does not change are not asked for in each build.
        for one in commands:
            one.run()
        # Without native objects each helper has to be inlined.
        leftover = "allow" if side == NATIVE else "error"
        plugin, *flags = output([command, "flags", f"--leftover={leftover}", *wanted]).split()
        flags.append(plugin)
        commands += [with_words(one, plugin) for one in self.crates]
        if side == NATIVE:
            return [*self.native(), *commands, self.linked_with(".o", *flags)]
        return [*commands, with_words(self.last, *flags)]

    def by_llvm_link(self) -> list[Command]:
        """As the kernel does it: rustc to bitcode, all helpers linked in, clang for the object; then rustc links it."""
        crate, whole, object_file = (self.folder / name for name in ("crate.bc", "whole.bc", "whole.o"))
        emitted = [word for word in self.last.arguments if not word.startswith("--emit=")]
        rustc = replace(self.last, arguments=[*emitted, f"--emit=llvm-bc={crate}", "-Ccodegen-units=1"])
        helpers = [self.made(library, ".bc") for library in self.program.libraries]
        link = [self.tools.llvm("llvm-link"), "--internalize", "--suppress-warnings", crate, *helpers, "-o", whole]
        clang = [self.tools.llvm("clang"), "-O3", "-fPIE", "-Wno-override-module", "-c", whole, "-o", object_file]
        empty = self.folder / "empty.rs"
        empty.write_text("#![no_main]\n")
        result = result_of(self.program, LLVM_LINK)
        # Those that cargo made: these are not there yet.
        archives = [result.with_name(path.name) for path in sorted(self.program.result.parent.glob("*.rlib"))]
        linked = [f"-Clink-arg={path}" for path in (object_file, *archives)]
        linked += _linking(self.tools, self.program.libraries)
        return [
            *self.compiled(".bc", "-emit-llvm"),
            *self.crates,
            rustc,
            self.command(*link),
            self.command(*clang),
            self.command(self.tools.rustc, "--edition=2021", empty, "-o", result, *linked),
        ]

    def linked_with(self, suffix: str, *options: str) -> Command:
        """The last command, which links what was compiled of the helpers, too."""
        return with_words(
            self.last,
            *options,
            *(f"-Clink-arg={self.made(library, suffix)}" for library in self.program.libraries),
        )

    def source(self, library: Library) -> Path:
        """What bindgen wrote."""
        return self.program.folder.parent.parent / f"{library.name}.c"

    def made(self, library: Library, suffix: str) -> Path:
        """What is made of it."""
        return self.folder / f"{library.name}{suffix}"

    def command(self, *words: str | Path) -> Command:
        """One command on this side."""
        return Command(list(map(str, words)), self.last.environment, self.folder)


def result_of(program: Program, side: str) -> Path:
    """The program that a side builds."""
    return program.folder.with_name(_name(side)) / program.result.relative_to(program.folder)


def led_to(command: Command, old: Path, new: Path) -> Command:
    """The same command, which reads and writes in another folder."""
    pattern = re.compile(rf"(?<![\w.-]){re.escape(str(old))}(?=/|$)")
    arguments = [pattern.sub(str(new), word) for word in command.arguments]
    environment = {name: pattern.sub(str(new), value) for name, value in command.environment.items()}
    return Command(arguments, environment, command.folder)


def with_words(command: Command, *words: str) -> Command:
    """The same command with more words."""
    return replace(command, arguments=[*command.arguments, *words])


def _name(side: str) -> str:
    """Of the folder of a side."""
    return side.replace(" ", "-")


def _linking(tools: Toolchain, libraries: Sequence[Library]) -> list[str]:
    """Every side is linked alike, by the linker that link-time optimisation needs."""
    clang = [f"-Clinker={tools.llvm('clang')}", "-Clink-arg=-fuse-ld=lld"]
    return clang + [f"-Clink-arg=-l{name}" for library in libraries for name in library.links]


def _environment(work: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not re.match(_FOREIGN_VARIABLES, name)}
    return kept | {"OUT_DIR": str(work), "RUSTC_BOOTSTRAP": "1"}


def _crate_file(command: Command) -> str:
    """The file that a recorded call of rustc links."""
    text = " ".join(command.arguments)
    name, extra = (re.search(pattern, text) for pattern in (r"--crate-name (\S+)", r"extra-filename=(\S+)"))
    if name is None or extra is None:
        raise HarnessError(f"not as cargo calls rustc: {text}")
    return name[1] + extra[1]
