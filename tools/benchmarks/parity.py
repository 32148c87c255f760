# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The machine code of helpers in Rust beside C's.

For each helper there is a Rust function that calls it and does nothing else, and a C function that calls the same
static inline function, compiled by clang of the same LLVM with the same flags: for the kernel its own helpers, for
other libraries what bindgen --wrap-static-fns makes."""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import machine_code
from commands import COUNTER, Command, recorded
from console import HarnessError, phase
from machine_code import Code, Object
from matrix import BUILT_IN, STRIP, Cell, variant
from parts import Bars, Limit, Part, Table, Text
from platforms import ARM64_CLANG, X86_64_CLANG, Platform
from programs import DPDK
from setting import Setting
from toolchain import Toolchain, output, package_versions, require
from tree import trees

HELP = "the machine code of each helper in Rust, beside a C function that calls the same"
TITLE = "Parity with C"

SOURCES = Path(__file__).resolve().parent / "parity_sources"
SHARE = 0.05
"""The most helpers that may be over 1.00."""

C_FLAGS = (
    "-O3", "-fPIE", "-fno-plt", "-fomit-frame-pointer", "-fno-asynchronous-unwind-tables", "-fno-stack-protector",
    "-fstack-clash-protection",
)  # fmt: skip
RUST_FLAGS = (
    "-Copt-level=3", "-Crelocation-model=pie", "-Zplt=no", "-Cforce-frame-pointers=no", "-Cforce-unwind-tables=no",
    "-Cpanic=abort", "-Ccodegen-units=1",
)  # fmt: skip
"""What C_FLAGS are to clang."""
C_APART = ("-ffunction-sections",)
RUST_APART = ("-Zfunction-sections=yes", "-Zmerge-functions=disabled")
"""Each function in a section of its own, so that every call has a relocation; none that is another's alias."""

MOST_NAMES = 3
"""Of mnemonics in an explanation."""
MOVES = ("mov", "lea", "push", "pop", "xchg", "add", "sub", "ldr", "ldp", "ldur", "str", "stp", "stur", "adrp")
"""Instructions that bring values, addresses and the stack to their places."""
UNKNOWN = "not known"

KERNEL = "Linux"
Figures = dict[str, Any]
"""Of one helper: c, calls and inlined, each with bytes and instructions; why it is over C, if it is; the reason why it
stays a call, if it does."""


@dataclass(frozen=True)
class Target:
    """What both languages are compiled for."""

    platform: Platform
    """Its kernel is the one whose helpers are compared."""
    c_flags: tuple[str, ...] = ()
    """What clang is told, where C_FLAGS are not what rustc does for the target."""
    kernel_c_flags: tuple[str, ...] = ()
    """Likewise, where the kernel's are not."""
    rust_library: str | None = None
    """In the build folder, if rustc does not bring it."""
    emulator: tuple[str, ...] = ()
    """Executes its programs, and logs each instruction to the file that follows; else valgrind does."""
    programs: tuple[str, ...] = (COUNTER[0],)
    """What has to be installed for it."""


X86_64 = "x86_64-unknown-linux-gnu"
ARM64 = "aarch64-unknown-linux-gnu"
TARGETS = {
    X86_64: Target(X86_64_CLANG),
    ARM64: Target(
        ARM64_CLANG,
        # Functions that call keep a frame pointer, whatever rustc is told; told to, as for the kernel, all do.
        c_flags=("-fno-omit-frame-pointer", "-momit-leaf-frame-pointer"),
        kernel_c_flags=("-mno-omit-leaf-frame-pointer",),
        rust_library=f"rust-std-arm64/usr/lib/rustlib/{ARM64}/lib",
        emulator=("qemu-aarch64-static", "-singlestep", "-d", "exec,nochain", "-D"),
        programs=("qemu-aarch64-static", "aarch64-linux-gnu-gcc"),
    ),
}
"""By rustc's name for them."""


@dataclass(frozen=True)
class Headers:
    """A library of header files."""

    package: str
    includes: tuple[str, ...]
    files: str
    """Whose functions are meant, for bindgen."""
    flags: tuple[str, ...] = ()
    """For clang."""
    cpu: str | None = None
    """For rustc: what `flags` ask for."""
    target: str | None = None
    """The only one that the package's headers are for."""


HEADERS = {
    "xxhash": Headers("libxxhash-dev", ("xxhash.h",), r".*/xxh[^/]*\.h", ("-DXXH_INLINE_ALL",)),
    "libdivide": Headers("libdivide-dev", ("libdivide.h",), r".*/libdivide\.h"),
    "liburing": Headers("liburing-dev", ("liburing.h",), r".*/liburing.*"),
    "DPDK": Headers(
        "libdpdk-dev",
        tuple(
            f"rte_{name}.h"
            for name in ("ring", "mbuf", "mempool", "ethdev", "lpm", "hash_crc", "ip", "spinlock", "rwlock",
                         "ticketlock", "mcslock", "pflock", "seqlock")
        ),
        r".*/rte_[^/]*\.h",
        DPDK.flags,
        DPDK.processor,
        X86_64,
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Library:
    """The helpers of one library, and how both languages are compiled."""

    name: str
    folder: Path
    """For what is made."""
    c_source: Path
    c_flags: list[str]
    clang: Command
    """Without flags, source and output."""
    rust: Callable[[Path, Path], Command]
    """Compiles a source to an object."""
    types: str
    """The items of the module `types`."""
    functions: str
    """Declarations of the helpers, among others."""
    compile_flags: tuple[str, ...] = ()
    """For inline-helpers, which compiles the helpers to bitcode."""

    def compile_c(self, source: Path, result: Path) -> None:
        """Compile C as the library is."""
        arguments = [*self.clang.arguments, *self.c_flags, *C_APART, "-w", "-c", str(source), "-o", str(result)]
        replace(self.clang, arguments=arguments).run()

    def compile_rust(self, source: Path, result: Path, *flags: str) -> None:
        """Compile a crate as the library is."""
        command = self.rust(source, result)
        replace(command, arguments=[*command.arguments, *RUST_APART, *flags]).run()


def options(parser: argparse.ArgumentParser) -> None:
    """What the sub-command takes."""
    names = [KERNEL, *HEADERS]
    parser.add_argument("--library", action="append", choices=names, help="more than one may be given; default: all")
    parser.add_argument(
        "--target", action="append", choices=list(TARGETS), help=f"more than one may be given; default: {X86_64}"
    )
    parser.add_argument("--jobs", type=int, default=2, help="of the kernel's build, if there is none yet")


def measure(setting: Setting, arguments: argparse.Namespace) -> dict[str, Any]:
    """Compile and compare the helpers of each library for each target."""
    tools = setting.kernel_tools()
    require([tools.llvm(name) for name in ("llvm-nm", "llvm-objdump")])
    names = arguments.library or [KERNEL, *HEADERS]
    packages = {name: HEADERS[name].package for name in names if name != KERNEL}
    measured = {
        name: measure_target(tools, setting, name, names, arguments.jobs) for name in arguments.target or [X86_64]
    }
    return {"targets": measured, "versions": package_versions(packages)}


def measure_target(
    tools: Toolchain, setting: Setting, name: str, libraries: Sequence[str], jobs: int
) -> dict[str, Any]:
    """Compile and compare the helpers of each library that there is for a target."""
    target = TARGETS[name]
    require(target.programs)
    there, absent = available(libraries, name)
    for library_name in absent:
        phase(f"{library_name} is left out: the headers of {HEADERS[library_name].package} are not for {name}")
    flags = {"clang": [*C_FLAGS, *target.c_flags, *C_APART], "rustc": [*RUST_FLAGS, *RUST_APART]}
    results: dict[str, Any] = {"libraries": [], "absent": absent, "flags": flags, "kernel flags": target.kernel_c_flags}
    for library_name in there:
        folder = setting.work / name / library_name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        phase(f"{library_name}: compiling each helper in both languages for {name}")
        if library_name == KERNEL:
            library = _kernel(tools, setting, target, folder, jobs)
            results["refcount_inc"] = _references(tools, target, library)
        else:
            library = _headers(tools, setting, name, folder, library_name)
        results["libraries"].append(compare(tools, library))
    return results


def available(libraries: Iterable[str], target: str) -> tuple[list[str], list[str]]:
    """The libraries that there are for a target, and the others."""
    there: list[str] = []
    absent: list[str] = []
    for name in libraries:
        is_there = name == KERNEL or HEADERS[name].target in (None, target)
        (there if is_there else absent).append(name)
    if not there:
        raise HarnessError(f"of {', '.join(absent)} there are no headers for {target}", "name another --library")
    return there, absent


# Compiling


def compare(tools: Toolchain, library: Library) -> dict[str, Any]:
    """Compile the helpers of a library on all sides, and compare them."""
    native, calls = library.folder / "native.o", library.folder / "calls.o"
    source = library.folder / "callers.rs"
    source.write_text(crate(library))
    library.compile_c(library.c_source, native)
    library.compile_rust(source, calls)
    made = _helper_libraries(tools, library)
    objects = {kind: library.folder / f"{kind}.o" for kind in made}
    reports = library.folder / "reports"
    for kind, path in made.items():
        library.compile_rust(source, objects[kind], *_flags(tools, path, reports / kind))
    read = (machine_code.read(tools, path) for path in (native, calls, objects["bitcode"]))
    helpers = figures(*read, left(reports / "bitcode"))
    same = len({path.read_bytes() for path in objects.values()}) == 1
    return {"name": library.name, "helpers": helpers, "packed is the same": same}


def crate(library: Library) -> str:
    """The source of the callers."""
    macros = (SOURCES / "callers.rs").read_text()
    return f"{macros}\nmod types {{\n{library.types}\n}}\n\ncallers! {{\n{library.functions}\n}}\n"


def _helper_libraries(tools: Toolchain, library: Library) -> dict[str, Path]:
    """Compile the helpers to bitcode, and pack that."""
    bitcode, packed = library.folder / "helpers.bc", library.folder / "helpers.a"
    words = ["compile", "-o", str(bitcode), *library.compile_flags, str(library.c_source), "--", *library.c_flags]
    replace(library.clang, arguments=[str(tools.inline_helpers), *words]).run()
    output([tools.inline_helpers, "pack", "-o", packed, bitcode])
    return {"bitcode": bitcode, "packed": packed}


def _flags(tools: Toolchain, path: Path, reports: Path) -> list[str]:
    return output([tools.inline_helpers, "flags", f"--report={reports}", path]).split()


def _headers(tools: Toolchain, setting: Setting, target_name: str, folder: Path, name: str) -> Library:
    """Let bindgen make wrappers of a library's static inline functions, and their declarations."""
    target, headers = TARGETS[target_name], HEADERS[name]
    header, wrappers = folder / "headers.h", folder / "wrappers.c"
    header.write_text("".join(f"#include <{include}>\n" for include in headers.includes))
    flags = [*C_FLAGS, *target.c_flags, *target.platform.target(), *headers.flags]
    environment = tools.bindgen_environment() | {"RUSTC_BOOTSTRAP": "1"}
    made = {}
    for kind in ("types", "functions"):
        made[kind] = folder / f"{kind}.rs"
        words = [
            str(tools.bindgen), str(header), "--experimental", "--wrap-static-fns",
            f"--wrap-static-fns-path={wrappers}", f"--allowlist-file={headers.files}", f"--generate={kind}", "--use-core", "--no-layout-tests",
            "--no-doc-comments", "--no-derive-debug", "--disable-header-comment", "--merge-extern-blocks",
            f"--output={made[kind]}", "--", *flags,
        ]  # fmt: skip
        _run(Command(words, environment, folder), header)
    rustc = [str(tools.rustc), "--crate-type=lib", "--edition=2021", f"--target={target_name}", *RUST_FLAGS]
    rustc += [f"-Ctarget-cpu={headers.cpu}"] if headers.cpu else []
    rustc += [f"-L{_rust_library(setting, target)}"] if target.rust_library else []

    def rust(source: Path, result: Path) -> Command:
        return Command([*rustc, f"--emit=obj={result}", str(source)], environment, folder)

    clang = Command([tools.llvm("clang")], environment, folder)
    types = made["types"].read_text()
    # What a user links with: static variables that helpers reach are there, once.
    native = (f"--object={folder / 'helpers.o'}",)
    return Library(name, folder, wrappers, flags, clang, rust, types, made["functions"].read_text(), native)


def _rust_library(setting: Setting, target: Target) -> Path:
    """The folder of Rust's library for a target."""
    found = setting.build / str(target.rust_library)
    if not found.exists():
        raise HarnessError(f"Rust's library is missing: {found}", "run tools/setup --check")
    return found


def _run(command: Command, header: Path) -> None:
    try:
        command.run()
    except HarnessError as failure:
        cure = f"are the headers that {header} includes installed? run tools/setup --check"
        raise HarnessError(str(failure), cure) from None


def _kernel(tools: Toolchain, setting: Setting, target: Target, folder: Path, jobs: int) -> Library:
    """Take the kernel's helpers as the harness' kernel compiles them, and its Rust code."""
    variants = trees(tools, setting.build / "kernel", jobs)
    tree = variant(variants, Cell(target.platform, BUILT_IN, STRIP), inlined=False)
    if not (tree.path / "rust" / "kernel.o").exists():
        tree.source.unpack()
        tree.build()
    clang = recorded(tree, "rust/helpers/helpers.o", folder)
    source, flags = split(clang.arguments)
    flags += target.kernel_c_flags
    kernel = recorded(tree, "rust/kernel.o", folder)
    functions = (tree.path / "rust/bindings/bindings_helpers_generated.rs").read_text()
    rust = partial(_as_kernel_crate, kernel)
    return Library(
        KERNEL, folder, source, flags, replace(clang, arguments=clang.arguments[:1]), rust,
        "pub use bindings::*;\npub use ffi;", functions,
    )  # fmt: skip


def _as_kernel_crate(kernel: Command, source: Path, result: Path) -> Command:
    """Compile a crate as the crate `kernel` is."""
    kept = [word for word in kernel.arguments if not word.startswith(("--emit=", "-W", "-D"))]
    kept = [str(source) if word.endswith("/rust/kernel/lib.rs") else word for word in kept]
    kept[kept.index("--crate-name") + 1] = source.stem
    return replace(kernel, arguments=[*kept, f"--emit=obj={result}"])


def split(arguments: Sequence[str]) -> tuple[Path, list[str]]:
    """The source and the flags of a call of clang, without what names its outputs."""
    words = [word for word in arguments[1:] if word != "-c" and not word.startswith("-Wp,")]
    position = words.index("-o")
    del words[position : position + 2]
    sources = [word for word in words if word.endswith(".c")]
    return Path(sources[0]), [word for word in words if word not in sources]


# References in a loop

FEW, MANY = 1000, 2000


def _references(tools: Toolchain, target: Target, library: Library) -> dict[str, float]:
    """The instructions for each reference that a loop takes, in a program that runs to its end."""
    crate_source, c_source = SOURCES / "refcount.rs", SOURCES / "refcount.c"
    objects = {side: library.folder / f"refcount-{side}.o" for side in ("calls", "inlined", "c")}
    library.compile_c(c_source, objects["c"])
    library.compile_rust(crate_source, objects["calls"])
    bitcode = _helper_libraries(tools, library)["bitcode"]
    library.compile_rust(crate_source, objects["inlined"], *_flags(tools, bitcode, library.folder / "reports/refcount"))
    native = library.folder / "refcount-helpers.o"
    library.compile_c(library.c_source, native)
    return {side: _iteration(tools, target, path, native) for side, path in objects.items()}


def _iteration(tools: Toolchain, target: Target, loop: Path, helpers: Path) -> float:
    """The instructions of an iteration: of many, without those of few."""
    program = loop.with_suffix("")
    words = [tools.llvm("clang"), *target.platform.target(), "-O2", "-no-pie", "-static"]
    # Of the other helpers, what they call is not there.
    words += ["-Wl,--gc-sections", "-Wl,--unresolved-symbols=ignore-all"]
    output([*words, SOURCES / "main.c", loop, helpers, "-o", program])
    few, many = (_instructions(tools, target, program, times) for times in (FEW, MANY))
    return (many - few) / (MANY - FEW)


def _instructions(tools: Toolchain, target: Target, program: Path, times: int) -> int:
    """What a run of the program executes."""
    command = Command([str(program), str(times)], tools.environment(), program.parent)
    if not target.emulator:
        return command.instructions()
    log = program.with_suffix(".log")
    replace(command, arguments=[*target.emulator, str(log), *command.arguments]).run()
    with log.open() as lines:
        return sum(line.startswith("Trace ") for line in lines)


# Comparing


def figures(native: Object, calls: Object, inlined: Object, stay: Mapping[str, str]) -> dict[str, Figures]:
    """Compare each helper that Rust calls."""
    found: dict[str, Figures] = {}
    for name in sorted(native.functions):
        caller = f"call_{name}"
        if caller not in inlined.functions:
            continue
        c, rust, called = native.code(name), inlined.code(caller), calls.code(caller) + native.code(name)
        one: Figures = {"c": _counts(c), "calls": _counts(called)}
        if name in stay:
            one |= {"inlined": _counts(rust + c), "why": f"stays a call: {stay[name]}", "left": stay[name]}
        else:
            one["inlined"] = _counts(rust)
            if is_over(one):
                one["why"] = f"{cause(c, rust)} ({differences(c, rust)})"
        found[name] = one
    return found


def left(reports: Path) -> dict[str, str]:
    """The helpers that stay calls, with the reason."""
    found = {}
    for path in sorted(reports.glob("*.json")):
        for helper in json.loads(path.read_text())["helpers"]:
            for one in helper["left"]:
                found[helper["name"]] = f"{one['reason']} ({one['detail']})" if one["detail"] else one["reason"]
    return found


def cause(c: Code, rust: Code) -> str:
    """What the difference of two codes is known to come from."""
    more, fewer = rust.mnemonics - c.mnemonics, c.mnemonics - rust.mnemonics
    if only_called := c.calls - rust.calls:
        return f"rustc inlines {', '.join(sorted(only_called))} where clang calls it"
    if all(name.startswith(MOVES) for name in (more | fewer)):
        return "other registers or addresses for the same work"
    return UNKNOWN


def differences(c: Code, rust: Code) -> str:
    """What instructions one has more than the other."""
    more, fewer = rust.mnemonics - c.mnemonics, c.mnemonics - rust.mnemonics
    if not more and not fewer:
        return f"the same instructions in {rust.size - c.size} more bytes"
    return "; ".join(f"{what}: {listed(counted)}" for what, counted in (("more", more), ("fewer", fewer)) if counted)


def listed(counted: Counter[str]) -> str:
    """How many instructions, and the most frequent mnemonics."""
    names = [name if number == 1 else f"{number} {name}" for name, number in counted.most_common(MOST_NAMES)]
    rest = ", …" if len(counted) > MOST_NAMES else ""
    return f"{counted.total()} ({', '.join(names)}{rest})"


def _counts(code: Code) -> dict[str, int]:
    return {"bytes": code.size, "instructions": code.instructions}


def ratio(one: Figures, unit: str, side: str = "inlined") -> float:
    """How many times what C needs."""
    return float(one[side][unit] / one["c"][unit])


def is_over(one: Figures) -> bool:
    """Whether Rust needs more than C."""
    return any(ratio(one, unit) > 1 for unit in UNITS)


# Report

UNITS = ("instructions", "bytes")


def report(results: dict[str, Any]) -> list[Part]:
    """Tables, plots, and what must hold."""
    targets = results["targets"]
    found: list[Part] = [
        Text(
            "Of each helper a Rust function that does nothing but call it, beside a C function that calls the same "
            "static inline function, compiled by clang of the same LLVM with the same flags. A helper is at parity "
            "where the inlined code has no more instructions and no more bytes than C's. Static functions that remain "
            "in either are counted with it, and a call with the helper that it calls. The kernel's code is compiled by "
            "the flags that its build recorded; the rest by those named below, with the processor that a library asks "
            "for, and an object of the helpers is made too, as a program links it: static variables that they reach "
            "are there."
        )
    ]
    for name, of_target in targets.items():
        found += [Text(f"### {name}"), *_of_target(name.split("-")[0], of_target)]
    return found


def _of_target(architecture: str, results: dict[str, Any]) -> Iterator[Part]:
    libraries = results["libraries"]
    helpers = [one for library in libraries for one in library["helpers"].values()]
    flags = {compiler: f"`{' '.join(words)}`" for compiler, words in results["flags"].items()}
    text = f"What is not of the kernel is compiled by {flags['clang']} and {flags['rustc']}."
    if kernel := results["kernel flags"]:
        text += f" The kernel's C has `{' '.join(kernel)}` in addition: what its flags mean to rustc."
    if results["absent"]:
        text += f" There is no {', '.join(results['absent'])}: the headers installed are not for this target."
    yield Text(text)
    yield _summary(libraries)
    yield _plot(architecture, libraries)
    yield from _references_part(results.get("refcount_inc"))
    yield from _over(libraries)
    yield from _limits(architecture, libraries, helpers, results.get("refcount_inc"))


def _summary(libraries: Iterable[dict[str, Any]]) -> Table:
    headers = ["library", "helpers", "at parity", "share", "stay calls", "called, median"]
    headers += [f"{unit}, {what}" for unit in UNITS for what in ("median", "worst")]
    rows = [[library["name"], *_row(list(library["helpers"].values()))] for library in libraries]
    together = [one for library in libraries for one in library["helpers"].values()]
    if len(rows) > 1:
        rows.append(["all", *_row(together)])
    return Table("Helpers in Rust, in times of C", headers, rows)


def _row(helpers: Sequence[Figures]) -> list[str]:
    at_parity = sum(not is_over(one) for one in helpers)
    calls = sum("left" in one for one in helpers)
    row = [str(len(helpers)), str(at_parity), f"{at_parity / len(helpers):.1%}", str(calls)]
    row.append(f"{statistics.median(ratio(one, 'instructions', 'calls') for one in helpers):.2f}")
    for unit in UNITS:
        ratios = [ratio(one, unit) for one in helpers]
        row += [f"{statistics.median(ratios):.2f}", f"{max(ratios):.2f}"]
    return row


def _plot(architecture: str, libraries: Sequence[dict[str, Any]]) -> Bars:
    sides: dict[str, list[float | None]] = {}
    for side in ("calls", "inlined"):
        means = [
            statistics.fmean(ratio(one, "instructions", side) for one in library["helpers"].values())
            for library in libraries
        ]
        sides[side] = list(means)
    names = [library["name"] for library in libraries]
    title = f"Instructions of a helper, mean: {architecture}"
    return Bars(f"parity-{architecture}", title, "times C's", names, sides)


def _over(libraries: Iterable[dict[str, Any]]) -> Iterator[Table]:
    """Those over 1.00, the most first; no table of none."""
    found = []
    for library in libraries:
        for name, one in library["helpers"].items():
            if is_over(one):
                found.append((-ratio(one, "instructions"), -ratio(one, "bytes"), library["name"], name, one))
    rows = []
    for instructions, size, library_name, name, one in sorted(found, key=lambda entry: entry[:4]):
        counts = [f"{one['c'][unit]} → {one['inlined'][unit]}" for unit in UNITS]
        row = [name, library_name, counts[0], f"{-instructions:.2f}", counts[1], f"{-size:.2f}", one["why"]]
        rows.append(row)
    headers = ["helper", "library", "instructions", "ratio", "bytes", "ratio", "why"]
    if rows:
        yield Table("Over 1.00", headers, rows)


def _references_part(counts: Mapping[str, float] | None) -> Iterator[Part]:
    if counts is None:
        return
    names = {"calls": "called from Rust", "inlined": "inlined into Rust", "c": "in C"}
    rows = [[text, f"{counts[side]:.2f}", f"{counts[side] / counts['c']:.2f}"] for side, text in names.items()]
    title = "`refcount_inc` of Linux in a loop, instructions an iteration"
    yield Table(title, ["", "instructions", "times C's"], rows)


def _limits(
    architecture: str,
    libraries: Sequence[dict[str, Any]],
    helpers: Sequence[Figures],
    counts: Mapping[str, float] | None,
) -> Iterator[Limit]:
    def limit(what: str, seen: float, most: float) -> Limit:
        return Limit(f"{architecture}: {what}", seen, most)

    for unit in UNITS:
        median = statistics.median(ratio(one, unit) for one in helpers)
        yield limit(f"helpers in Rust: {unit} beside C, median", median, 1)
    yield limit("share of helpers over C", sum(is_over(one) for one in helpers) / len(helpers), SHARE)
    unknown = sum(one.get("why", "").startswith(UNKNOWN) for one in helpers)
    yield limit("helpers over C for which no cause is known", unknown, 0)
    differ = sum(not library["packed is the same"] for library in libraries)
    yield limit("libraries of which Rust's object differs if they are packed", differ, 0)
    if counts is not None:
        yield limit("refcount_inc in a loop: instructions beside C", counts["inlined"] / counts["c"], 1)
