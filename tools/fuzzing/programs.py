# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Makes the C helpers and the Rust code of a seed.

The C code is a csmith program whose functions are helpers. csmith promises defined behaviour for the whole program
only, so Rust takes part in it without changing it: calls of the program's functions go through Rust functions (C calls
r7_func_26, which calls h7_func_26). What Rust calls with values of its own, constants and opaque ones, are csmith's
safe arithmetic and helpers made here for structures that both sides declare: those are defined for all values."""

from __future__ import annotations

import random
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

CSMITH_INCLUDE = "/usr/include/csmith"
CSMITH_SECONDS = 60

# Each batch is compiled with one of these. None changes what a program means; what clang makes of it, all do.
C_FLAGS = (
    ("-O2",),
    ("-O2", "-fno-strict-aliasing", "-fno-delete-null-pointer-checks", "-fwrapv"),
    ("-Os",),
    ("-O1", "-fno-builtin"),
    ("-O3", "-fstack-protector-strong"),
)

_INTEGERS = {f"{s}int{bits}_t": f"{r}{bits}" for s, r in (("", "i"), ("u", "u")) for bits in (8, 16, 32, 64)}
_SCALARS = _INTEGERS | {"float": "f32", "double": "f64", "_Bool": "bool"}

_PROTOTYPE = re.compile(r"^static (.+?)\b(func_\d+)\((.*)\);$", re.MULTILINE)
_HEADING = re.compile(r"^static (.+?)\b(func_\d+)(\(.*\);?)$", re.MULTILINE)
_GLOBAL = re.compile(r"^static (?=[^(=\n]*\bg\d+_)", re.MULTILINE)
_CALL = re.compile(r"\bfunc_\d+(?=\()")
_UNCLEAR_ABI = re.compile(r"pragma pack\(1\)|\bfloat\b|^ *(?:const |volatile )*\w+ +: \d", re.MULTILINE)
_TYPES = re.compile(r"^static long __undefined;$(.*?)^static ", re.MULTILINE | re.DOTALL)
_MAIN = re.compile(r"^int main \(void\)$", re.MULTILINE)

Layouts = Mapping[str, tuple[int, int]]
"""Size and alignment of C's record types."""


@dataclass(frozen=True)
class Function:
    """A function of the csmith program; types without qualifiers."""

    name: str
    result: str
    parameters: tuple[str, ...]

    @property
    def types(self) -> tuple[str, ...]:
        return (self.result, *self.parameters)


@dataclass(frozen=True)
class Draft:
    """A csmith program, its names made unique to the seed."""

    seed: int
    code: str
    """All but main."""
    main: str
    functions: tuple[Function, ...]

    @property
    def records(self) -> list[str]:
        """The record types that are passed by value."""
        return sorted({t for f in self.functions for t in f.types if t.startswith(("struct ", "union "))})

    @property
    def types(self) -> str:
        """The definitions of all record types."""
        found = _TYPES.search(self.code)
        return found[1] if found else ""


@dataclass(frozen=True)
class Program:
    """What a seed stands for."""

    seed: int
    helpers: str
    checks: str
    """C that computes the checksum of the program's variables, and is never inlined: it sees the object's variables."""
    rust: str
    """A Rust module with a function run(), which returns a checksum of its own."""


def c_flags(batch: int) -> list[str]:
    """The C flags of a batch: the same for the object and for the bitcode."""
    return [*C_FLAGS[batch % len(C_FLAGS)], "-w", "-Wno-incompatible-pointer-types", f"-I{CSMITH_INCLUDE}"]


def makes_object(batch: int) -> bool:
    """Whether one command makes the object and the bitcode of a batch, so that helpers share variables of their file."""
    return batch % 2 == 1


def draft(seed: int, folder: Path) -> Draft:
    """Run csmith in a folder, where it leaves a file; sizes and kinds of code vary with the seed."""
    chance = random.Random(f"csmith {seed}")
    options = {
        "max-funcs": chance.randint(3, 10),
        "max-block-depth": chance.randint(1, 4),
        "max-block-size": chance.randint(2, 4),
        "max-expr-complexity": chance.randint(2, 9),
        "max-array-len-per-dim": chance.randint(2, 6),
        "max-struct-fields": chance.randint(2, 8),
    }
    switches = [name if chance.random() < 0.7 else f"no-{name}" for name in ("packed-struct", "bitfields", "volatiles")]
    switches += ["float"] if chance.random() < 0.15 else []
    command = ["csmith", "--seed", str(seed), "--no-argc", "--concise"]
    command += [word for name, value in options.items() for word in (f"--{name}", str(value))]
    command += [f"--{switch}" for switch in switches]
    text = subprocess.run(
        command, cwd=folder, check=True, capture_output=True, text=True, timeout=CSMITH_SECONDS
    ).stdout
    text = re.sub(r"\bg_(?=\d)", f"g{seed}_", text)
    text = re.sub(r"\b([SU]\d+)\b", rf"\1_{seed}", text)
    code, main = _MAIN.split(text)
    functions = tuple(_function(*found) for found in _PROTOTYPE.findall(code))
    return Draft(seed, code, main, functions)


def _function(result: str, name: str, parameters: str) -> Function:
    # "const int32_t  p_5": the name is no part of the type.
    types = [] if parameters == "void" else [re.sub(r"\w+$", "", p.strip()) for p in parameters.split(",")]
    return Function(name, _plain(result), tuple(map(_plain, types)))


def _plain(c_type: str) -> str:
    if "*" in c_type:
        return "void *"
    return " ".join(word for word in c_type.split() if word not in ("const", "volatile"))


def finish(program: Draft, layouts: Layouts, shares: bool) -> Program:
    """Give the program its Rust side; helpers may share variables of their file, or most of them would stay calls."""
    seed, chance = program.seed, random.Random(f"rust {program.seed}")
    rust = _Rust(seed, chance, layouts)
    crossing = {f.name for f in program.functions if rust.can_pass(f, program.code) and chance.random() < 0.8}
    # Helpers that call each other without Rust in between are helpers too; some of them are local to the file.
    local = {f.name for f in program.functions if f.name not in crossing and chance.random() < 0.4}
    never_inlined = {f.name for f in program.functions if chance.random() < 0.05}

    def heading(found: re.Match[str]) -> str:
        name = found[2]
        linkage = "static " if name in local else ""
        attribute = "__attribute__((noinline)) " if name in never_inlined else ""
        text = f"{linkage}{attribute}{found[1]}h{seed}_{name}{found[3]}"
        is_prototype = found[3].endswith(";")
        return f"{text}\n{found[1]}r{seed}_{name}{found[3]}" if is_prototype and name in crossing else text

    # Headings first: in all that is left, a function's name is a call.
    code = _HEADING.sub(heading, program.code)
    code = _CALL.sub(lambda found: f"{'r' if found[0] in crossing else 'h'}{seed}_{found[0]}", code)
    code = _GLOBAL.sub(lambda _: "static " if chance.random() < (0.8 if shares else 0.02) else "", code)
    for function in program.functions:
        if function.name in crossing:
            rust.trampoline(function)
    start = program.functions[0].name
    first = f"{'r' if start in crossing else 'h'}{seed}_{start}"
    code += f"void h{seed}_start(void) {{ {first}(); }}\n"
    rust.declare(f"fn h{seed}_start();")
    rust.declare(f"fn checks_{seed}() -> u32;")
    rust.statement(f"h{seed}_start();")
    code += "".join([*_arithmetic(seed, chance, rust), *_structures(seed, chance, rust), *_state(seed, chance, rust)])
    return Program(seed, code, _checks(program), rust.text())


def _checks(program: Draft) -> str:
    """csmith's main, as a function that returns the checksum it would print."""
    main = program.main.replace("func_1();", "", 1)
    main = re.sub(r"platform_main_begin\(\);", "crc32_context = 0xFFFFFFFFUL;", main)
    main = re.sub(r"platform_main_end\(([^,]*),[^)]*\);\s*return 0;", rf"return (\1) ^ count_{program.seed};", main)
    return f"__attribute__((noinline)) uint32_t checks_{program.seed}(void)\n{main}\n"


class _Rust:
    """The Rust module of a seed, as it grows."""

    def __init__(self, seed: int, chance: random.Random, layouts: Layouts) -> None:
        self._seed = seed
        self._chance = chance
        self._layouts = layouts
        self._types: set[str] = set()
        self._declarations: list[str] = []
        self._functions: list[str] = []
        self._statements: list[str] = []

    def can_pass(self, function: Function, code: str) -> bool:
        """Whether Rust can say how C passes these types: of a record it knows size and alignment alone."""
        for c_type in function.types:
            if c_type in _SCALARS or c_type == "void *":
                continue
            if c_type not in self._layouts:
                return False
            # In memory if large, in integer registers if not; but where fields are floats or unaligned, or all of a
            # register's bits are padding, a small record goes elsewhere.
            size, _ = self._layouts[c_type]
            if size <= 16 and _UNCLEAR_ABI.search(code):
                return False
        return True

    def declare(self, declaration: str) -> None:
        self._declarations.append(declaration)

    def type(self, definition: str) -> None:
        self._types.add(definition)

    def statement(self, statement: str) -> None:
        self._statements.append(statement)

    def name(self, c_type: str) -> str:
        """The Rust type for a C type."""
        if c_type == "void *":
            return "*mut u8"
        if c_type in _SCALARS:
            return _SCALARS[c_type]
        size, alignment = self._layouts[c_type]
        unit = f"u{8 * alignment}"
        self.type(
            f"#[repr(C)] #[derive(Clone, Copy)] pub struct Record{size}x{alignment}([{unit}; {size // alignment}]);"
        )
        return f"Record{size}x{alignment}"

    def trampoline(self, function: Function) -> None:
        """A Rust function that C calls for a function of C's."""
        helper, parameters = f"h{self._seed}_{function.name}", list(map(self.name, function.parameters))
        result = self.name(function.result)
        signature = ", ".join(f"p{i}: {t}" for i, t in enumerate(parameters))
        self.declare(f"fn {helper}({signature}) -> {result};")
        names = [f"p{i}" for i in range(len(parameters))]
        opaque = [f"black_box({name})" for name in names]
        plain = f"{helper}({', '.join(names)})"
        body = self._chance.choice(
            [
                plain,
                plain,
                f"{helper}({', '.join(opaque)})",
                f"if black_box(true) {{ {plain} }} else {{ {helper}({', '.join(opaque)}) }}",
                f"(move || {plain})()",
                f"let f: unsafe extern \"C\" fn({', '.join(parameters)}) -> {result} = black_box({helper}); "
                f"f({', '.join(names)})",
            ]
        )
        inline = self._chance.choice(["", "#[inline(never)] ", "#[inline(always)] "])
        self._functions.append(
            f"{inline}#[no_mangle] unsafe extern \"C\" fn r{self._seed}_{function.name}({signature}) -> {result} "
            f"{{ {body} }}"
        )

    def value(self, c_type: str) -> str:
        """A literal of a scalar type, at times an opaque one."""
        rust = _SCALARS[c_type]
        if rust == "bool":
            text = self._chance.choice(["true", "false"])
        elif rust[0] == "f":
            text = f"{self._chance.randint(-1000, 1000) / 8}{rust}"
        else:
            bits = int(rust[1:])
            number = self._chance.choice([0, 1, bits, 1 << (bits - 1), (1 << bits) - 1, self._chance.getrandbits(bits)])
            number = number - (1 << bits) if rust[0] == "i" and number >> (bits - 1) else number
            text = f"{number}{rust}"
        return f"black_box({text})" if self._chance.random() < 0.5 else text

    def text(self) -> str:
        """The module."""
        lines = [
            f"mod s{self._seed} {{",
            "use std::hint::black_box;",
            *sorted(self._types),
            'extern "C" {',
            *self._declarations,
            "}",
            *self._functions,
            "pub unsafe fn run() -> (u32, u64) {",
            "let mut sum = 0u64;",
            *self._statements,
            f"(checks_{self._seed}(), sum)",
            "}",
            "}",
        ]
        return "\n".join(lines) + "\n"


_OPERATIONS = ("add", "sub", "mul", "mod", "div", "lshift", "rshift", "unary_minus")


def _arithmetic(seed: int, chance: random.Random, rust: _Rust) -> list[str]:
    """Wrappers of csmith's safe arithmetic, as helpers wrap the inline functions of a header."""
    code = []
    for i in range(chance.randint(3, 8)):
        operation, c_type = chance.choice(_OPERATIONS), chance.choice(list(_INTEGERS))
        sign = "u" if c_type[0] == "u" else "s"
        types, kinds = [c_type, c_type], f"_{sign}_{sign}"
        if operation == "unary_minus":
            types, kinds = [c_type], f"_{sign}"
        elif operation.endswith("shift"):
            other = chance.choice("su")
            types, kinds = [c_type, "int32_t" if other == "s" else "uint32_t"], f"_{sign}_{other}"
        name = f"h{seed}_{operation}_{i}"
        parameters = ", ".join(f"{t} a{n}" for n, t in enumerate(types))
        names = ", ".join(f"a{n}" for n in range(len(types)))
        code.append(f"{c_type} {name}({parameters}) {{ return safe_{operation}_func_{c_type}{kinds}({names}); }}\n")
        rust_parameters = ", ".join(f"a{n}: {rust.name(t)}" for n, t in enumerate(types))
        rust.declare(f"fn {name}({rust_parameters}) -> {rust.name(c_type)};")
        for _ in range(2):
            arguments = ", ".join(rust.value(t) for t in types)
            rust.statement(f"sum = sum.rotate_left(7) ^ {name}({arguments}) as u64;")
    return code


def _structures(seed: int, chance: random.Random, rust: _Rust) -> list[str]:
    """Structures that both sides declare: passed by value, returned, and through pointers."""
    code = []
    for i in range(chance.randint(1, 3)):
        c_name, rust_name = f"struct T{i}_{seed}", f"T{i}"
        packed = chance.random() < 0.25
        fields = {f"f{n}": chance.choice(list(_SCALARS)) for n in range(chance.randint(1, 6))}
        c_fields = " ".join(f"{t} {name};" for name, t in fields.items())
        code.append(f"{c_name} {{ {c_fields} }}{' __attribute__((packed))' if packed else ''};\n")
        rust.type(
            f"#[repr(C{', packed' if packed else ''})] #[derive(Clone, Copy)] "
            f"pub struct {rust_name} {{ {', '.join(f'{name}: {rust.name(t)}' for name, t in fields.items())} }}"
        )
        sums = "".join(f"r = r * 31 + (uint64_t)(int64_t){value}; " for value in map(_hashed, fields, fields.values()))
        steps = "".join(_step("v.", name, t) for name, t in fields.items())
        through = "".join(_step("p->", name, t) for name, t in fields.items())
        qualifier = chance.choice(["", "volatile "])
        by_value, next_value, step = (f"h{seed}_{kind}{i}" for kind in ("hash", "next", "step"))
        code += [
            f"uint64_t {by_value}({c_name} v) {{ uint64_t r = 7; {sums}return r; }}\n",
            f"{c_name} {next_value}({c_name} v, uint8_t k) {{ {steps}return v; }}\n",
            f"void {step}({qualifier}{c_name} *p, int16_t k) {{ {through}}}\n",
        ]
        rust.declare(f"fn {by_value}(v: {rust_name}) -> u64;")
        rust.declare(f"fn {next_value}(v: {rust_name}, k: u8) -> {rust_name};")
        rust.declare(f"fn {step}(p: *mut {rust_name}, k: i16);")
        rust.statement(
            f"let mut v = {rust_name} {{ {', '.join(f'{name}: {rust.value(t)}' for name, t in fields.items())} }};"
        )
        rust.statement(f"sum = sum.rotate_left(7) ^ {by_value}(v);")
        rust.statement(f"v = {next_value}(v, {rust.value('uint8_t')});")
        rust.statement(f"{step}(&raw mut v, {rust.value('int16_t')});")
        rust.statement(f"sum = sum.rotate_left(7) ^ {by_value}({chance.choice(['v', 'black_box(v)'])});")
    return code


def _hashed(name: str, c_type: str) -> str:
    return f"(v.{name} * 8)" if c_type in ("float", "double") else f"v.{name}"


def _step(access: str, name: str, c_type: str) -> str:
    field = f"{access}{name}"
    match c_type:
        case "_Bool":
            return f"{field} = {field} != (k & 1); "
        case "float" | "double":
            return f"{field} = {field} * 0.5f + (k & 15); "
        case _:
            return f"{field} = ({c_type})((uint64_t){field} * 5 + (uint64_t)k); "


def _state(seed: int, chance: random.Random, rust: _Rust) -> list[str]:
    """A helper with a variable of the file, and one whose constants come along."""
    table = ", ".join(str(chance.getrandbits(16)) for _ in range(8))
    rust.declare(f"fn h{seed}_count(k: u32) -> u32;")
    rust.declare(f"fn h{seed}_pick(k: u8) -> u32;")
    for _ in range(2):
        rust.statement(f"sum = sum.rotate_left(7) ^ h{seed}_count({rust.value('uint32_t')}) as u64;")
        rust.statement(f"sum = sum.rotate_left(7) ^ h{seed}_pick({rust.value('uint8_t')}) as u64;")
    return [
        f"static uint32_t count_{seed};\n",
        f"uint32_t h{seed}_count(uint32_t k) {{ return count_{seed} = count_{seed} * 3 + k; }}\n",
        f"static const uint32_t table_{seed}[8] = {{{table}}};\n",
        f"uint32_t h{seed}_pick(uint8_t k) {{ return table_{seed}[k % 8]; }}\n",
    ]


def write(programs: list[Program], folder: Path) -> None:
    """Write helpers.c and main.rs of a batch."""
    # One file for the object and the bitcode, the checks in it too: what the file alone can see, clang optimises for.
    parts = ['#include "csmith.h"\n', *(part for program in programs for part in (program.helpers, program.checks))]
    (folder / "helpers.c").write_text("\n".join(parts))
    arms = "".join(f'Some("{p.seed}") => s{p.seed}::run(),\n' for p in programs)
    rust = "".join(program.rust for program in programs)
    (folder / "main.rs").write_text(
        f"{rust}fn main() {{\nlet seed = std::env::args().nth(1);\n"
        f"let (variables, values) = unsafe {{ match seed.as_deref() {{\n{arms}_ => panic!(\"no such seed\"),\n}} }};\n"
        'println!("{variables:08x} {values:016x}");\n}\n'
    )
