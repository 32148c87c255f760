#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compiles each example twice, with helpers as calls and inlined, and compares what the processor executes.

The result of both has to be the same. Instructions an iteration are the difference of two runs under valgrind's
callgrind, divided by the difference of their iterations: starting and ending the program cancels out.
"""

import argparse
import json
import os
import re
import shlex
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

FEW, MANY = 100_000, 900_000  # iterations of the two runs


@dataclass
class Example:
    folder: str
    work: str  # what one iteration does
    function: str  # the function whose loop does it
    cflags: list[str]


EXAMPLES = [
    Example("xxhash", "XXH3_64bits of 8 bytes (xxhash.h)", "hash_keys", ["-O2"]),
    Example("libdivide", "libdivide_u64_do (libdivide.h)", "divide_all", ["-O2"]),
    Example(
        "kernel-style",
        "a request through a locked queue",
        "send_all",
        ["-O2", "-ffreestanding", "-fno-delete-null-pointer-checks"],
    ),
]


@dataclass
class Tools:
    rustc: str
    inline_helpers: str
    llvm: str  # LLVM's major version, a suffix of the names of its tools

    # Direct calls, so that the disassembly names them; the number of instructions is the same without it.
    rustflags = ("-O", "--edition=2021", "-Crelocation-model=static")


@dataclass
class Program:
    """One example compiled in one way."""

    output: str
    instructions: float  # an iteration
    disassembly: str  # the instructions of its loop
    unrolled: int  # how many iterations that loop does in one turn


def fail(message, help=None):
    print(f"error: {message}", file=sys.stderr)
    if help:
        print(f"help: {help}", file=sys.stderr)
    sys.exit(1)


def run(*command):
    """Runs a command, returns what it prints."""
    command = [str(word) for word in command]
    environment = os.environ | {"RUSTC_BOOTSTRAP": "1"}  # -Z on a stable rustc
    try:
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", env=environment)
    except FileNotFoundError:
        fail(f"there is no command {command[0]}", "tools/setup installs what is missing")
    if done.returncode != 0:
        fail(f"{shlex.join(command)} failed\n{done.stdout}{done.stderr}".rstrip())
    return done.stdout


def rustc_of(build):
    """The rustc that a build folder is for: the one that CMake was told, or else the one it found."""
    try:
        cache = (build / "CMakeCache.txt").read_text()
    except FileNotFoundError:
        fail(f"{build} is not a build folder", "cmake --preset default && cmake --build --preset default")
    told, found = (re.search(rf"^{name}:\w+=(.*)$", cache, re.MULTILINE) for name in ("RUSTC", "RUSTC_OF_PATH"))
    return (told and told[1]) or (found and found[1]) or fail(f"{build} is for no rustc")


def build(example, sources, out, tools):
    """Compiles with helpers as calls and inlined; returns the paths of the two programs."""
    helpers, main = sources / "helpers.c", sources / "main.rs"
    native, bitcode = out / "helpers.o", out / "helpers.bc"
    calls, inlined = out / "calls", out / "inlined"
    run(f"clang-{tools.llvm}", *example.cflags, "-c", helpers, "-o", native)
    run(tools.inline_helpers, "compile", "-o", bitcode, helpers, "--", *example.cflags)
    flags = shlex.split(run(tools.inline_helpers, "flags", bitcode))
    common = [tools.rustc, *tools.rustflags, f"-Clink-arg={native}", main]
    run(*common, "-o", calls)
    run(*common, *flags, "-o", inlined)
    return calls, inlined


def callgrind(program, iterations):
    """Runs under callgrind; returns the instructions it executed: all of them, and by function and address."""
    profile = program.with_suffix(".callgrind")
    run(
        *("valgrind", "--tool=callgrind", "--dump-instr=yes", "--compress-strings=no", "--compress-pos=no"),
        *(f"--callgrind-out-file={profile}", program, iterations),
    )
    total, executed = 0, defaultdict(dict)
    function, in_call = "", False
    for line in profile.read_text().splitlines():
        if line.startswith("summary: "):
            total = int(line.split()[1])
        elif line.startswith("fn="):
            function = line.removeprefix("fn=")
        elif line.startswith("calls="):
            in_call = True  # the next line is the cost of the function that is called
        elif line.startswith("0x"):
            if not in_call:
                address, _, cost = line.split()
                executed[function][int(address, 16)] = int(cost)
            in_call = False
    return total, executed


def loop_of(program, function, executed, tools):
    """Disassembles the instructions of a function that every iteration runs, with the price of each call.

    Returns them, and how many iterations one turn of the loop does."""
    text = run(
        *(f"llvm-objdump-{tools.llvm}", "--disassemble", "--no-show-raw-insn", "--no-print-imm-hex"),
        *(f"--disassemble-symbols={function}", program),
    )
    lines, turns, start, prefix = [], 1, None, None
    for match in re.finditer(r"^\s*([0-9a-f]+):\s+(.*)$", text, re.MULTILINE):
        address, instruction = int(match[1], 16), match[2].split(" #")[0].strip()
        start = start or address
        if instruction == "lock":  # a line of its own, though no instruction of its own
            prefix = address
            continue
        if prefix is not None:
            address, instruction, prefix = prefix, f"lock {instruction}", None
        # Loops may be unrolled a few times. What is run less often than that is set-up, or a path not taken.
        if executed[function].get(address, 0) < MANY / 8:
            continue
        turns = max(turns, executed[function][address])
        name, _, operands = instruction.partition("\t")
        operands = re.sub(r"0x[0-9a-f]+ <(.*)>", r"\1", operands).replace(f"{function}+", "+")
        mark = " "
        if operands in executed:  # a call
            costs = executed[operands]
            mark = ">"
            operands += f"  ({sum(costs.values()) / costs[min(costs)]:.0f} instructions)"
        lines.append(f"{mark} {f'+{address - start:#x}':8}{name:7} {operands}".rstrip())
    if not lines:
        fail(f"{function} of {program} did not run")
    return "\n".join(lines), round(MANY / turns)


def measure(program, example, tools):
    few, _ = callgrind(program, FEW)
    many, executed = callgrind(program, MANY)
    return Program(
        run(program, MANY).strip(),
        (many - few) / (MANY - FEW),
        *loop_of(program, example.function, executed, tools),
    )


def compare(example, out, tools):
    out.mkdir(parents=True, exist_ok=True)
    sources = Path(__file__).resolve().parent / example.folder
    calls, inlined = (measure(program, example, tools) for program in build(example, sources, out, tools))
    if calls.output != inlined.output:
        fail(f"{example.folder} prints {calls.output} with calls, but {inlined.output} when inlined")
    return calls, inlined


def heading(kind, program):
    unrolled = f", unrolled {program.unrolled} times" if program.unrolled > 1 else ""
    return f"{kind}: {program.instructions:.1f} instructions{unrolled}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    root = Path(__file__).resolve().parent.parent
    parser.add_argument("--build", type=Path, default=root / "build", help="the build folder (default: build)")
    parser.add_argument("--rustc", help="the compiler (default: the one that the build is for)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to a file, too")
    options = parser.parse_args()

    try:
        from tabulate import tabulate
    except ImportError:
        fail("the Python package tabulate is missing", "on Debian it is python3-tabulate")
    import tabulate as settings

    settings.PRESERVE_WHITESPACE = True  # the columns of an instruction

    rustc = options.rustc or rustc_of(options.build)
    version = re.search(r"LLVM version: (\d+)", run(rustc, "-vV"))
    print(f"Compiling the examples with {run(rustc, '--version').strip()}.")
    tools = Tools(rustc, str(options.build / "bin" / "inline-helpers"), version[1])

    results = []
    for example in EXAMPLES:
        calls, inlined = compare(example, options.build / "examples" / example.folder, tools)
        results.append((example, calls, inlined))
        print(f"\nexamples/{example.folder}: {example.work}, the loop of {example.function}\n")
        headers = [heading("calls", calls), heading("inlined", inlined)]
        print(tabulate([[calls.disassembly, inlined.disassembly]], headers=headers))

    print("\nInstructions an iteration, with the same results\n")
    rows = [
        [
            example.work,
            f"{calls.instructions:.1f}",
            f"{inlined.instructions:.1f}",
            f"{100 * (inlined.instructions / calls.instructions - 1):+.0f} %",
        ]
        for example, calls, inlined in results
    ]
    align = ("left", "right", "right", "right")
    print(tabulate(rows, headers=["", "calls", "inlined", "change"], disable_numparse=True, colalign=align))

    if options.json:
        figures = {
            example.folder: {
                "work": example.work,
                "result": calls.output,
                "calls": round(calls.instructions, 1),
                "inlined": round(inlined.instructions, 1),
            }
            for example, calls, inlined in results
        }
        options.json.write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
