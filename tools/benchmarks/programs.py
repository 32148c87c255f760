# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Programs that use libraries of header files, and what builds each of them in several ways.

bindgen declares the static inline functions of a library for Rust, and writes a C function around each: the helpers."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from commands import Command
from console import HarnessError, phase
from toolchain import Toolchain, output, require

_FOREIGN_VARIABLES = r"RUSTFLAGS|CARGO_(ENCODED_RUSTFLAGS|BUILD_|PROFILE_|TARGET_)|INLINE_HELPERS"
"""Set for another build, these would change what is built here."""
FOLDER = Path(__file__).resolve().parent / "programs"

CALLS = "calls"
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


DPDK = "/usr/include/dpdk", "/usr/include/x86_64-linux-gnu/dpdk"
LIBRARIES = (
    Library("xxhash", "libxxhash-dev", "XXH3_64bits, XXH64 and XXH32 of 8 bytes", "XXH_INLINE_.*"),
    Library("libdivide", "libdivide-dev", "three divisions by numbers of run time", "libdivide_.*"),
    Library("liburing", "liburing-dev", "a read, and its completion", "io_uring_.*|IORING_.*", links=("uring",)),
    Library(
        "dpdk",
        "libdpdk-dev",
        "a packet, through a ring",
        "_*rte_.*|RING_F_.*",
        flags=("-march=corei7", *(f"-I{folder}" for folder in DPDK), "-include", "rte_config.h"),
        links=("rte_ring", "rte_mbuf", "rte_mempool", "rte_eal"),
        processor="corei7",
    ),
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
    environment = tools.environment() | {"CLANG_PATH": str(shutil.which(tools.llvm("clang")))}
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode != 0:
        raise HarnessError(f"bindgen cannot read {header}: {done.stderr.strip()}", "run tools/setup --check")


def versions() -> dict[str, str]:
    """Those of the libraries, where Debian's package manager knows them."""
    if shutil.which("dpkg-query") is None:
        return {}
    return {one.name: output(["dpkg-query", "--show", "--showformat=${Version}", one.package]) for one in LIBRARIES}


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
    folder = program.folder.with_name(side.replace(" ", "-"))
    shutil.rmtree(folder, ignore_errors=True)
    (folder / program.result.relative_to(program.folder)).parent.mkdir(parents=True)
    *crates, last = (led_to(command, program.folder, folder) for command in program.rustc)
    work = program.folder.parent.parent
    libraries = program.libraries
    sources = {library: work / f"{library.name}.c" for library in libraries}
    clang = [tools.llvm("clang"), "-O2", "-w"]

    def compiled(suffix: str, *command: str | Path) -> list[Command]:
        """The C of each library."""
        return [
            command_of([*command, *library.flags, "-c", source, "-o", folder / f"{library.name}{suffix}"])
            for library, source in sources.items()
        ]

    def command_of(words: Iterable[str | Path]) -> Command:
        return Command(list(map(str, words)), last.environment, folder)

    def linked(suffix: str) -> list[str]:
        return [f"-Clink-arg={folder / library.name}{suffix}" for library in libraries]

    processors = [f"-Ctarget-cpu={library.processor}" for library in libraries if library.processor]
    last = with_words(last, *processors, *_linking(tools, libraries))
    native = compiled(".o", *clang)
    if side == CALLS:
        return [*native, *crates, with_words(last, *linked(".o"))]
    if side in (THIN, FAT):
        kind = "thin" if side == THIN else "full"
        flag = ["-Clinker-plugin-lto"]
        all_crates = [with_words(command, *flag) for command in crates]
        # Of -Clto=fat cargo, too, says that there is bitcode.
        last_flags = [*flag, *(["-Cembed-bitcode=yes", "-Clto=fat"] if side == FAT else []), *linked(".lto.o")]
        return [*compiled(".lto.o", *clang, f"-flto={kind}"), *all_crates, with_words(last, *last_flags)]
    if side == LLVM_LINK:
        return [*compiled(".bc", *clang, "-emit-llvm"), *crates, *_by_llvm_link(tools, program, folder, last)]

    command = tools.inline_helpers
    bitcode = [folder / f"{library.name}.bc" for library in libraries]
    made = [
        command_of([command, "compile", "-o", path, source, "--", "-O2", *library.flags])
        for path, (library, source) in zip(bitcode, sources.items(), strict=True)
    ]
    wanted = bitcode
    if side == PACKED:
        wanted = [path.with_suffix(".a") for path in bitcode]
        made += [command_of([command, "pack", "-o", to, path]) for to, path in zip(wanted, bitcode, strict=True)]
    # The flags of a library that does not change are not asked for in each build.
    for one in made:
        one.run()
    # Without native objects each helper has to be inlined.
    leftover = "allow" if side == NATIVE else "error"
    flags = output([command, "flags", f"--leftover={leftover}", *wanted]).split()
    plugin = [word for word in flags if word.startswith("-Zllvm-plugins=")]
    crates = [with_words(one, *plugin) for one in crates]
    last = with_words(last, *flags, *(linked(".o") if side == NATIVE else []))
    return [*made, *(native if side == NATIVE else []), *crates, last]


def result_of(program: Program, side: str) -> Path:
    """The program that a side builds."""
    return program.folder.with_name(side.replace(" ", "-")) / program.result.relative_to(program.folder)


def led_to(command: Command, old: Path, new: Path) -> Command:
    """The same command, which reads and writes in another folder."""
    pattern = re.compile(rf"(?<![\w.-]){re.escape(str(old))}(?=/|$)")
    arguments = [pattern.sub(str(new), word) for word in command.arguments]
    environment = {name: pattern.sub(str(new), value) for name, value in command.environment.items()}
    return Command(arguments, environment, command.folder)


def with_words(command: Command, *words: str) -> Command:
    """The same command with more words."""
    return replace(command, arguments=[*command.arguments, *words])


def _by_llvm_link(tools: Toolchain, program: Program, folder: Path, last: Command) -> list[Command]:
    """As the kernel does it: rustc to bitcode, all helpers linked in, clang for the object; at last rustc links it."""
    crate, whole, object_file = (folder / name for name in ("crate.bc", "whole.bc", "whole.o"))
    emitted = [word for word in last.arguments if not word.startswith("--emit=")]
    rustc = replace(last, arguments=[*emitted, f"--emit=llvm-bc={crate}", "-Ccodegen-units=1"])
    helpers = [folder / f"{library.name}.bc" for library in program.libraries]
    link = [tools.llvm("llvm-link"), "--internalize", "--suppress-warnings", crate, *helpers, "-o", whole]
    clang = [tools.llvm("clang"), "-O3", "-fPIE", "-Wno-override-module", "-c", whole, "-o", object_file]
    empty = folder / "empty.rs"
    empty.write_text("#![no_main]\n")
    result = result_of(program, LLVM_LINK)
    # Those that cargo made: these are not there yet.
    archives = [result.with_name(path.name) for path in sorted(program.result.parent.glob("*.rlib"))]
    linked = [f"-Clink-arg={path}" for path in (object_file, *archives)]
    final = [tools.rustc, "--edition=2021", empty, "-o", result, *linked, *_linking(tools, program.libraries)]
    others = [Command(list(map(str, words)), last.environment, folder) for words in (link, clang, final)]
    return [rustc, *others]


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
