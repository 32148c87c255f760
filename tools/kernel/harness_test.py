#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tests of the harness itself, without a kernel: above all, that each of its checks can fail."""

from __future__ import annotations

import copy
import os
import re
import tempfile
import unittest
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest import mock

import boot
import btf
import check
import commands
import compile_time
import folders
import kasan
import kunit
import matrix
import module_name
import objects
import outside
import own_way
import platforms
import reports
import tree
import verdict
from console import HarnessError
from dependencies import BITCODE, Edits, State, judge_made
from toolchain import Toolchain

TOOL = Path("/tool")
TOOLS = Toolchain(TOOL, TOOL, "22", TOOL, TOOL, TOOL)
RNULL = "drivers/block/rnull.o"
HELPERS_COMMAND = (
    "clang-22 -Wp,-MMD,rust/helpers/.helpers.o.d -nostdinc -I./include -include k.h -D__KERNEL__ --target=t"
    " -fmacro-prefix-map=/s/= -Os -mllvm -x -Wall -Irust -c -o rust/helpers/helpers.o /s/helpers.c"
)
CONSOLE = """\
[    0.1] Rust null_blk loaded
CHECK read-first-block ok returned=4096
CHECK read-at-end ok returned=0
[    0.2] rust_minimal: My numbers are [72, 108, 200]
ROUND read 10 0 46000
ROUND write 10 0 47000
ROUND read 10 0 46010
ROUND write 10 0 47010
END
"""


def _booted(console: str = CONSOLE) -> boot.Boot:
    result = boot.read_console(console)
    assert result is not None
    return result


def _figures(called: list[str], instructions: float) -> check.Figures:
    machine = _booted()
    machine.rounds = {operation: [instructions, instructions + 1] for operation in boot.OPERATIONS}
    helpers = {str(crate): objects.Helpers(called, [], [], 100) for crate in tree.CRATES}
    return check.Figures(0, "same", ["old warning"], helpers, machine)


class Compare(unittest.TestCase):
    """Each check fails for its own reason, and for no other."""

    def setUp(self) -> None:
        self.calls = _figures(["rust_helper_a"], 4600)
        self.inlined = _figures([], 4579)

    def failing(self) -> list[str]:
        return [verdict.name for verdict in check.compare(self.calls, self.inlined) if not verdict.passed]

    def change(self, variant: check.Figures, **helpers: list[str]) -> None:
        variant.objects[RNULL] = replace(variant.objects[RNULL], **helpers)  # type: ignore[arg-type]

    def test_nothing_wrong(self) -> None:
        self.assertEqual(self.failing(), [])

    def test_other_configuration(self) -> None:
        self.inlined = replace(self.inlined, configuration="other")
        self.assertEqual(self.failing(), ["same configuration"])

    def test_new_warning(self) -> None:
        self.inlined.warnings.append("vmlinux.o: warning: objtool: f() falls through")
        self.assertEqual(self.failing(), ["no new warning"])

    def test_nothing_to_inline(self) -> None:
        self.change(self.calls, called=[])
        self.assertEqual(self.failing(), [f"{RNULL} has calls to inline"])

    def test_call_left(self) -> None:
        self.change(self.inlined, called=["rust_helper_a"])
        self.assertEqual(self.failing(), [f"{RNULL} calls no helper"])

    def test_needless_copy(self) -> None:
        self.change(self.inlined, copied=["rust_helper_a"], needless=["rust_helper_a"])
        self.assertEqual(self.failing(), [f"{RNULL} keeps a copy only for an address"])

    def test_copy_for_an_address(self) -> None:
        self.change(self.inlined, copied=["rust_helper_a"])
        self.assertEqual(self.failing(), [])

    def test_wrong_transfer(self) -> None:
        self.inlined.boot.checks["read-at-end"] = False
        self.assertEqual(self.failing(), ["inlined boots and transfers are right"])
        self.calls.boot.checks["read-at-end"] = False
        self.assertIn("calls boots and transfers are right", self.failing())

    def test_unsteady_rounds(self) -> None:
        self.inlined.boot.rounds["read"] = [4570, 4579, 4580]
        self.assertEqual(self.failing(), ["read rounds agree within 2"])

    def test_little_saved(self) -> None:
        self.inlined.boot.rounds["write"] = [4581, 4581]
        self.assertEqual(self.failing(), ["write saves 20 instructions"])

    def test_verdict_is_the_exit_status(self) -> None:
        with mock.patch("builtins.print") as said:
            self.assertEqual(verdict.conclude(check.compare(self.calls, self.inlined)), 0)
            self.assertRegex(said.call_args[0][0], r"^\d+ passed, 0 failed$")
            self.change(self.inlined, called=["rust_helper_a"])
            self.assertEqual(verdict.conclude(check.compare(self.calls, self.inlined)), 1)
            self.assertRegex(said.call_args[0][0], r"^\d+ passed, 1 failed$")


class ReadConsole(unittest.TestCase):
    """What init.c prints is believed, and what the kernel complains of is noticed."""

    def failing(self, old: str, new: str) -> list[str]:
        self.assertIn(old, CONSOLE)
        return [name for name, passed in _booted(CONSOLE.replace(old, new)).checks.items() if not passed]

    def test_good(self) -> None:
        result = _booted(CONSOLE.replace("\n", "\r\n"))
        self.assertEqual(result.failures(), [])
        self.assertEqual(result.median("read"), 4600.5)
        self.assertEqual(result.spread("write"), 1)

    def test_wrong_transfer(self) -> None:
        self.assertEqual(self.failing("read-at-end ok", "read-at-end FAIL"), ["read-at-end"])

    def test_wrong_transfer_while_measuring(self) -> None:
        self.assertEqual(self.failing("read 10 0 46010", "read 10 1 46010"), ["measured-reads"])
        self.assertEqual(self.failing("write 10 0 47000", "write 10 1 47000"), ["measured-writes"])

    def test_wrong_module_data(self) -> None:
        self.assertEqual(self.failing("[72, 108, 200]", "[72, 108, 0]"), ["module-data"])

    def test_kernel_complaint(self) -> None:
        for complaint in (
            "WARNING: CPU: 0",
            "refcount_t: underflow",
            "BUG: unable to handle page fault",
            "Kernel panic - not syncing",
        ):
            self.assertEqual(self.failing("Rust null_blk loaded", complaint), ["kernel-log"])

    def test_last_module_may_complain(self) -> None:
        result = _booted(CONSOLE + "BUG: KASAN: slab-out-of-bounds in f+0x1/0x2\n")
        self.assertEqual(result.failures(), [])
        self.assertIn("BUG", result.afterwards)

    def test_no_end(self) -> None:
        self.assertIsNone(boot.read_console(CONSOLE.replace("END\n", "")))

    def test_nothing_measured(self) -> None:
        self.assertIsNone(boot.read_console(re.sub("ROUND write.*\n", "", CONSOLE)))


KASAN_CONSOLE = """\
[    1.0] kasan_check: unchecked read
[    1.1] kasan_check: checked read
[    1.1] BUG: KASAN: slab-out-of-bounds in _RNvCs12345_11kasan_check12checked_read+0x25/0x30 [kasan_check]
[    1.2] kasan_check: end
"""
REPORT = KASAN_CONSOLE.splitlines(keepends=True)[2]


class Kasan(unittest.TestCase):
    """Each check of the kernel with KASAN fails for its own reason, and for no other."""

    def setUp(self) -> None:
        machine = _booted(CONSOLE + KASAN_CONSOLE)
        left = {kasan.UNCHECKED: "it must agree (sanitize_address) [attribute-mismatch]", "rust_helper_b": "noinline"}
        called = ["rust_helper_a", "rust_helper_b"], ["rust_helper_b"]
        self.figures = kasan.Figures([kasan.Object(RNULL, (114, 114), called)], left, [kasan.UNCHECKED], machine)

    def failing(self) -> list[str]:
        return [verdict.name for verdict in kasan.judge(self.figures) if not verdict.passed]

    def console(self, old: str, new: str) -> list[str]:
        self.assertIn(old, KASAN_CONSOLE)
        self.figures.boot.afterwards = KASAN_CONSOLE.replace(old, new)
        return self.failing()

    def test_nothing_wrong(self) -> None:
        self.assertEqual(self.failing(), [])

    def test_fewer_checks(self) -> None:
        self.figures.objects[0] = replace(self.figures.objects[0], checks=(114, 113))
        self.assertEqual(self.failing(), [f"{RNULL} has no check less"])

    def test_nothing_inlined(self) -> None:
        left = ["rust_helper_b"]
        self.figures.objects[0] = replace(self.figures.objects[0], called=(left, left))
        self.assertEqual(self.failing(), [f"{RNULL} inlines"])

    def test_untold_call(self) -> None:
        del self.figures.left["rust_helper_b"]
        self.assertEqual(self.failing(), [f"{RNULL} calls what was told"])

    def test_wrong_transfer(self) -> None:
        self.figures.boot.checks["read-at-end"] = False
        self.assertEqual(self.failing(), ["boots and transfers are right"])

    def test_module(self) -> None:
        self.figures.called_by_module.append(kasan.CHECKED)
        self.assertEqual(self.failing(), ["a helper to be checked is inlined"])
        self.figures.called_by_module.clear()
        self.assertEqual(self.failing(), ["a helper not to be checked stays a call"])

    def test_other_reason(self) -> None:
        self.figures.left[kasan.UNCHECKED] = "noinline"
        self.assertEqual(self.failing(), ["and it is told why"])

    def test_reports(self) -> None:
        missed = "the inlined read past the end is reported once, in the Rust function"
        self.assertEqual(self.console(REPORT, ""), [missed])
        self.assertEqual(self.console(REPORT, REPORT * 2), [missed])
        self.assertEqual(self.console("12checked_read+", "rust_helper_kasan_checked+"), [missed])
        self.assertEqual(self.console("slab-out-of-bounds", "wild-memory-access"), [missed])
        unchecked = "its read past the end is not reported"
        first = KASAN_CONSOLE.splitlines(keepends=True)[0]
        self.assertEqual(self.console(first, first + REPORT), [unchecked])
        self.assertEqual(self.console("kasan_check: end", ""), [unchecked, missed])

    def test_left_is_read(self) -> None:
        log = "warning: helper 'rust_helper_b' stays a call: it is (big) [noinline]\n\nother\n"
        self.assertEqual(kasan.read_left(log), {"rust_helper_b": "it is (big) [noinline]"})


class Matrix(unittest.TestCase):
    """Each check of a cell fails for its own reason, and for no other."""

    def setUp(self) -> None:
        self.cell = matrix.select(["x86_64-gcc/module/lines"])[0]
        calls = self.built(["rust_helper_a", "rust_helper_b"], 4600)
        inlined = self.built(["rust_helper_b"], 4580)
        stay = {path: ["rust_helper_b"] for path in calls.objects}
        self.figures = matrix.Figures(calls, inlined, stay, objects.HelperLines(3, ["DW_LANG_Rust"]))

    def built(self, called: list[str], instructions: float) -> matrix.Built:
        figures = _figures(called, instructions)
        return matrix.Built("same", figures.objects, ["old warning"], figures.boot, [])

    def failing(self, cell: matrix.Cell | None = None) -> list[str]:
        cell = cell or self.cell
        failing = [verdict.name for verdict in matrix.judge(cell, self.figures) if not verdict.passed]
        return [name.removeprefix(f"{cell.name}: ") for name in failing]

    def change(self, **members: Any) -> list[str]:
        """What fails with another inlined kernel."""
        self.figures = replace(self.figures, inlined=replace(self.figures.inlined, **members))
        return self.failing()

    def test_nothing_wrong(self) -> None:
        self.assertEqual(self.failing(), [])

    def test_other_configuration(self) -> None:
        self.assertEqual(self.change(configuration="other"), ["same configuration"])

    def test_wrong_transfer(self) -> None:
        self.figures.inlined.boot.checks["read-at-end"] = False
        self.assertEqual(self.failing(), ["inlined boots and transfers are right"])
        self.figures.calls.boot.checks["read-at-end"] = False
        self.assertEqual(
            self.failing(), ["calls boots and transfers are right", "inlined boots and transfers are right"]
        )

    def test_nothing_to_inline(self) -> None:
        self.figures.calls.objects[RNULL] = objects.Helpers([], [], [], 100)
        self.assertEqual(self.failing(), ["driver has calls to inline"])

    def test_untold_call(self) -> None:
        untold = ["no helper undefined but those reported to stay"]
        for path in self.figures.stay:
            kept = self.figures.stay[path]
            self.figures.stay[path] = []
            self.assertEqual(self.failing(), untold)
            self.figures.stay[path] = kept
        self.assertEqual(self.failing(), [])

    def test_new_warning(self) -> None:
        warning = "ERROR: modpost: undefined!"
        self.assertEqual(self.change(warnings=["old warning", warning]), ["no new warning"])

    def test_debug_info(self) -> None:
        self.figures = replace(self.figures, lines=objects.HelperLines(3, ["DW_LANG_C11", "DW_LANG_Rust"]))
        self.assertEqual(self.failing(), ["debug info is of Rust alone"])
        self.figures = replace(self.figures, lines=objects.HelperLines(3, []))
        self.assertEqual(self.failing(), ["debug info is of Rust alone"])
        self.figures = replace(self.figures, lines=objects.HelperLines(0, ["DW_LANG_Rust"]))
        self.assertEqual(self.failing(), ["debug info has lines of helpers"])
        strip = replace(self.cell, debug_info=matrix.STRIP)
        self.assertEqual(self.failing(strip), [])
        self.figures = replace(self.figures, lines=objects.HelperLines(1, ["DW_LANG_Rust"]))
        self.assertEqual(self.failing(strip), ["debug info has no lines of helpers"])

    def test_unprotected_branch(self) -> None:
        hardened = matrix.select(["x86_64-hardened/module/lines"])[0]
        self.assertEqual(self.failing(hardened), [])
        self.figures.inlined.unprotected.append(f"{RNULL}: f: retq")
        self.assertEqual(self.failing(hardened), ["each indirect branch and return is protected"])
        self.assertEqual(self.failing(), [])

    def test_measurement(self) -> None:
        self.figures.inlined.boot.rounds["read"] = [4570, 4579, 4580]
        self.assertEqual(self.failing(), ["read rounds agree within 2"])
        self.figures.inlined.boot.rounds["read"] = [4591, 4592]
        self.assertEqual(self.failing(), ["read saves 10 instructions"])

    def test_select(self) -> None:
        self.assertEqual(len(matrix.select([])), 30)
        self.assertEqual([cell.name for cell in matrix.select(["arm64-clang/outside"])],
                         ["arm64-clang/outside/strip", "arm64-clang/outside/lines"])  # fmt: skip
        self.assertEqual(len(matrix.select(["built-in", "arm64-clang"])), 14)
        with self.assertRaisesRegex(HarnessError, "no cell 'arm'"):
            matrix.select(["module", "arm"])

    def test_variant(self) -> None:
        plain = tree.Tree(TOOLS, tree.Source(Path("/kernels")), tree.CALLS, (), 1)
        flags = ["BINDGEN=/b", "KRUSTFLAGS=-Zllvm-plugins=/p.so", "RUSTFLAGS_KERNEL='-Cp'"]
        trees = {tree.CALLS: plain}
        with mock.patch.object(Toolchain, "kernel_flags", return_value=flags):
            found = {
                (cell.name, inlined): matrix.variant(trees, cell, inlined)
                for cell in matrix.CELLS
                for inlined in (False, True)
            }
        # That of the other commands is not built twice, nor is a kernel for each folder its modules are in.
        self.assertIs(found["x86_64-clang/built-in/strip", False], plain)
        self.assertEqual(len({made.name for made in found.values()}), 30)
        self.assertEqual(found["arm64-clang/outside/lines", True], found["arm64-clang/module/lines", True])
        module = found["arm64-clang/module/lines", True]
        self.assertEqual([path.name for path in module.fragments], ["rnull.config", "arm64.config", "module.config"])
        self.assertIn("KRUSTFLAGS=-Zllvm-plugins=/p.so -Cdebuginfo=line-tables-only", module.flags)
        self.assertIn("CFLAGS_bindings/bindings_helpers_generated.o=-g", module.flags)
        self.assertEqual(found["x86_64-gcc/module/lines", False].flags, ())

    def test_a_cell_that_fails_fails_alone(self) -> None:
        def build(trees: dict[str, tree.Tree], cell: matrix.Cell, inlined: bool) -> tree.Tree:
            raise HarnessError(f"building {cell.name} failed\nundefined symbol")

        cells = matrix.select(["module/strip"])
        with (
            tempfile.TemporaryDirectory() as work,
            mock.patch("matrix.build", build),
            mock.patch("matrix.require"),
            mock.patch("builtins.print") as said,
            mock.patch.object(Toolchain, "versions", return_value={}),
            mock.patch.object(tree.Source, "version", return_value=""),
        ):
            source = tree.Source(Path(work))
            source.path.mkdir()
            model = tree.Tree(TOOLS, source, tree.CALLS, (), 1)
            self.assertEqual(matrix.run({tree.CALLS: model}, cells, 1), 1)
        self.assertEqual(said.call_args[0][0], "0 passed, 5 failed")

    def test_summary(self) -> None:
        line = matrix.summary({"cell": self.figures}).splitlines()[-1]
        self.assertEqual(line.split(), ["cell", "2", "1", *["4,600.5", "4,580.5", "20.0"] * 2])


class Platforms(unittest.TestCase):
    """Make is told what it has to know of each platform."""

    def test_assignments(self) -> None:
        told = [platform.assignments("22") for platform in platforms.PLATFORMS]
        x86, arm64 = ["LLVM=-22"], ["ARCH=arm64", "LLVM=-22"]
        self.assertEqual(told, [x86, ["CC=gcc-12"], x86, arm64, arm64])


class Btf(unittest.TestCase):
    """BTF is the same where the types are, whatever their numbers."""

    TYPES: list[btf.Type] = [
        {"id": 1, "kind": "INT", "name": "int", "size": 4},
        {"id": 2, "kind": "PTR", "name": "(anon)", "type_id": 3},
        {"id": 3, "kind": "STRUCT", "name": "a", "members": [
            {"name": "self", "type_id": 2, "bits_offset": 0}, {"name": "part", "type_id": 4, "bits_offset": 64}]},
        {"id": 4, "kind": "UNION", "name": "(anon)", "members": [{"name": "i", "type_id": 1, "bits_offset": 0}]},
        {"id": 5, "kind": "FUNC_PROTO", "name": "(anon)", "ret_type_id": 0, "params": [{"name": "p", "type_id": 2}]},
    ]  # fmt: skip

    def described(self, types: list[btf.Type], base: int = 0) -> btf.Btf:
        numbered = {entry["id"]: entry for entry in types}
        return btf.describe(
            {number: entry for number, entry in numbered.items() if number > base},
            {number: entry for number, entry in numbered.items() if number <= base},
        )

    def failing(self, file: Path, other: btf.Btf) -> list[str]:
        same = self.described(self.TYPES)
        found = {name: dict.fromkeys(btf.FILES, same) for name in (tree.CALLS, matrix.STRIP, matrix.LINES)}
        found[matrix.LINES][file] = other
        return [verdict.name for verdict in btf.judge(found) if not verdict.passed]

    def test_other_numbers(self) -> None:
        numbers = {0: 0, 1: 4, 2: 5, 3: 1, 4: 2, 5: 3}

        def renumbered(value: Any) -> Any:
            if isinstance(value, list):
                return [renumbered(entry) for entry in value]
            if isinstance(value, dict):
                return {
                    key: numbers[entry] if key.endswith("id") else renumbered(entry) for key, entry in value.items()
                }
            return value

        self.assertEqual(self.failing(btf.VMLINUX, self.described(renumbered(self.TYPES))), [])

    def test_other_types(self) -> None:
        for path in (["size"], ["members", 1, "bits_offset"]):
            for file in btf.FILES:
                types = copy.deepcopy(self.TYPES)
                entry: Any = types[0] if path[0] == "size" else types[2]
                for key in path[:-1]:
                    entry = entry[key]
                entry[path[-1]] = 8
                self.assertEqual(
                    self.failing(file, self.described(types)), [f"{file} describes the same types with lines"]
                )
        # What has no name is compared where it is referred to.
        types = copy.deepcopy(self.TYPES)
        types[3]["members"][0]["name"] = "j"
        self.assertEqual(len(self.described(types).minus(self.described(self.TYPES))), 2)

    def test_a_type_twice(self) -> None:
        types = [*self.TYPES, {"id": 6, "kind": "INT", "name": "int", "size": 4}]
        self.assertNotEqual(self.failing(btf.VMLINUX, self.described(types)), [])

    def test_module(self) -> None:
        self.assertEqual(self.described(self.TYPES, base=4).types.total(), 1)
        self.assertIn('"p", "type_id": "{', next(iter(self.described(self.TYPES, base=4).types)).replace("\\", ""))

    def test_no_btf(self) -> None:
        nothing = self.described([])
        found = {name: dict.fromkeys(btf.FILES, nothing) for name in (tree.CALLS, matrix.STRIP)}
        failing = [verdict.name for verdict in btf.judge(found) if not verdict.passed]
        self.assertEqual(failing, ["vmlinux has BTF"])


KTAP = """\
[    0.100000] KTAP version 1
[    0.100000] 1..1
[    0.200000]     # module: rust
[    0.200000]     ok 1 rust_doctest_kernel_alloc_rs_0
[    0.200000]     ok 2 rust_doctest_kernel_alloc_rs_1 # SKIP no memory
[    0.300000]     ok 3 rust_doctest_kernel_list_rs_0
[    0.300000] # rust_doctests_kernel: pass:2 fail:0 skip:1 total:3
[    0.300000] ok 1 rust_doctests_kernel
"""


class Kunit(unittest.TestCase):
    """Each check of the kernel's own tests fails for its own reason, and for no other."""

    def setUp(self) -> None:
        self.calls = self.booted(["rust_helper_a"], KTAP)
        self.inlined = self.booted([], KTAP)

    def booted(self, called: list[str], ktap: str) -> kunit.Figures:
        return kunit.Figures(called, kunit.read_results(ktap), _booted())

    def failing(self) -> list[str]:
        return [verdict.name for verdict in kunit.judge(self.calls, self.inlined) if not verdict.passed]

    def console(self, old: str, new: str) -> list[str]:
        self.assertIn(old, KTAP)
        self.inlined = self.booted([], KTAP.replace(old, new))
        return self.failing()

    def test_nothing_wrong(self) -> None:
        self.assertEqual(self.failing(), [])
        self.assertEqual(list(self.calls.results.values()), ["passed", "skipped", "passed", "passed"])

    def test_failed(self) -> None:
        self.assertEqual(self.console("ok 3", "not ok 3"), ["the same results", "inlined: no test fails"])
        suite = ["the same results", "inlined: no test fails", "inlined: the suite passes"]
        self.assertEqual(self.console("ok 1 rust_doctests", "not ok 1 rust_doctests"), suite)

    def test_not_run(self) -> None:
        self.assertEqual(self.console(KTAP.splitlines(keepends=True)[3], ""), ["the same results"])
        self.assertEqual(self.console(KTAP, ""), ["the same results", "inlined: the suite passes"])

    def test_other_result(self) -> None:
        self.assertEqual(self.console(" # SKIP no memory", ""), ["the same results"])

    def test_calls(self) -> None:
        self.inlined = self.booted(["rust_helper_a"], KTAP)
        self.assertEqual(self.failing(), ["tests with helpers inlined call none"])
        self.calls = self.inlined = self.booted([], KTAP)
        self.assertEqual(self.failing(), ["tests call helpers"])

    def test_wrong_transfer(self) -> None:
        self.inlined.boot.checks["read-at-end"] = False
        self.assertEqual(self.failing(), ["inlined boots and transfers are right"])


IR = """\
@address = private unnamed_addr constant ptr @rust_helper_c, align 8
define void @f(ptr %p) {
  %1 = call noundef zeroext i1 @rust_helper_a(ptr noundef %p) #16
  %2 = tail call i64 @rust_helper_a(ptr noundef @rust_helper_b)
  call void @other(ptr @address)
}
declare noundef i1 @rust_helper_a(ptr noundef) #2
declare void @rust_helper_d()
"""


class Outside(unittest.TestCase):
    """Each check of modules out of tree fails for its own reason, and for no other."""

    def setUp(self) -> None:
        calls = outside.Build("calls", TOOL, ["rust_helper_a", "rust_helper_b"], None, "0", [])
        inlined = replace(calls, called=["rust_helper_b"], left=["rust_helper_b"], digest="1")
        self.figures = outside.Figures(
            calls=calls,
            prepared=replace(inlined, name="prepared"),
            installed=(replace(inlined, name="installed"), replace(inlined, name="elsewhere")),
            plain=replace(calls, name="plain"),
            missing="make: Error\nhelp: install what 'inline-helpers kernel-headers' lists\n",
            again=True,
            cleaned=[],
            dkms=replace(inlined, name="dkms", digest="2"),
            boot=_booted(f"{CONSOLE}{outside.SAYS}\n"),
        )

    def failing(self, **changes: Any) -> list[str]:
        return [check.name for check in outside.judge(replace(self.figures, **changes)) if not check.passed]

    def test_nothing_wrong(self) -> None:
        self.assertEqual(self.failing(), [])

    def test_nothing_inlined(self) -> None:
        for name in ("prepared", "dkms"):
            module = getattr(self.figures, name)
            both = self.figures.calls.called
            self.assertEqual(self.failing(**{name: replace(module, called=both, left=both)}), [f"{name}: inlines"])

    def test_report(self) -> None:
        wrong = ["prepared: calls are those reported to stay"]
        for left in (None, [], ["rust_helper_a", "rust_helper_b"]):
            self.assertEqual(self.failing(prepared=replace(self.figures.prepared, left=left)), wrong)
        self.assertEqual(
            self.failing(plain=replace(self.figures.plain, left=[])), ["without inline-helpers no report"]
        )

    def test_bytes(self) -> None:
        first, second = self.figures.installed
        self.assertEqual(
            self.failing(installed=(first, replace(second, digest="9"))), ["the same bytes in two folders"]
        )
        self.assertEqual(
            self.failing(prepared=replace(self.figures.prepared, digest="9")),
            ["the same bytes against objects and headers"],
        )

    def test_source_is_needed(self) -> None:
        first, second = self.figures.installed
        self.assertEqual(
            self.failing(installed=(replace(first, foreign=["/source"]), second)),
            ["installed: needs neither source nor objects"],
        )

    def test_plain(self) -> None:
        self.assertEqual(
            self.failing(plain=replace(self.figures.plain, called=[])), ["without inline-helpers as before"]
        )

    def test_make(self) -> None:
        self.assertEqual(self.failing(again=False), ["a second make does nothing"])
        self.assertEqual(self.failing(cleaned=[".tmp_inline-helpers"]), ["clean leaves the sources alone"])
        self.assertEqual(self.failing(missing=""), ["headers without the list are told"])

    def test_boot(self) -> None:
        self.figures.boot.afterwards = self.figures.boot.afterwards.replace("5050", "5049")
        self.assertEqual(self.failing(), ["the module runs"])
        self.figures.boot.afterwards = outside.SAYS
        self.figures.boot.checks["read-at-end"] = False
        self.assertEqual(self.failing(), ["boots and transfers are right"])


class ModuleName(unittest.TestCase):
    """Each check of the names that a helper prints fails for its own reason, and for no other."""

    def setUp(self) -> None:
        self.modules = ["first_inlined", "second_inlined"], ["first_called", "second_called"]
        self.printed = [*self.modules[0], "helpers", "helpers"]

    def failing(self, calling: tuple[list[str], list[str]] | None = None) -> list[str]:
        # The kernel prints its time, or does not.
        lines = "".join(f"{prefix}{name}: greetings\n" for prefix, name in zip(("", "[    0.3] ") * 2, self.printed))
        figures = module_name.Figures(
            self.modules, calling or ([], self.modules[1]), _booted(f"{CONSOLE}first_inlined: taints\n{lines}")
        )
        return [check.name for check in module_name.judge(figures) if not check.passed]

    def test_nothing_wrong(self) -> None:
        self.assertEqual(self.failing(), [])

    def test_calls(self) -> None:
        self.assertEqual(
            self.failing((["first_inlined"], self.modules[1])), ["greeting: inlined, no module calls the helper"]
        )
        self.assertEqual(self.failing(([], ["first_called"])), ["greeting: without the plugin, each calls it"])

    def test_names(self) -> None:
        own, of_object = (
            "greeting: inlined, each module prints its own name",
            "greeting: called, each prints that of the helpers' object",
        )
        self.printed[1] = "first_inlined"
        self.assertEqual(self.failing(), [own])
        self.printed[1:] = ["second_inlined", "helpers", "second_called"]
        self.assertEqual(self.failing(), [of_object])
        self.printed = []
        self.assertEqual(self.failing(), [own, of_object])


class Made(unittest.TestCase):
    """What make makes after a change is exactly what depends on it."""

    def failing(self, made: set[Path], without_plugin: set[Path]) -> list[str]:
        return [check.name for check in judge_made(made, without_plugin) if not check.passed]

    def test_made(self) -> None:
        crate, other = Path("rust/kernel.o"), Path("fs/inode.o")
        self.assertEqual(self.failing({crate, *BITCODE}, {crate}), [])
        self.assertEqual(
            self.failing({*BITCODE}, {crate}), ["helper changed, everything is made that is without the plugin"]
        )
        self.assertEqual(
            self.failing({crate, other, *BITCODE}, {crate}),
            ["helper changed, nothing but the bitcode is made beyond that"],
        )
        self.assertEqual(self.failing({crate, BITCODE[0]}, {crate}), ["helper changed, both bitcode files are made"])


class Folders(unittest.TestCase):
    """Each check of a build in the kernel's own folder fails for its own reason, and for no other."""

    def failing(self, **changes: Any) -> list[str]:
        figures = folders.Figures([], 1, [], [], [], [], [])
        return [check.name for check in folders.judge(replace(figures, **changes)) if not check.passed]

    def test_each(self) -> None:
        self.assertEqual(self.failing(), [])
        self.assertEqual(self.failing(reports=0), ["in the tree: there are reports"])
        for field, name in (
            ("called", "in the tree: crates call no helper"),
            ("again", "in the tree: a second make makes nothing"),
            ("stale", "ccache: a changed helper changes the bitcode"),
            ("other", "ccache: with the helper as it was, the first bytes again"),
            ("cleaned", "clean removes the reports and leaves the bitcode"),
            ("differing", "mrproper leaves the files that there were"),
        ):
            self.assertEqual(self.failing(**{field: ["something"]}), [name])


class Reports(unittest.TestCase):
    """Each check of the report fails for its own reason, and for no other."""

    def setUp(self) -> None:
        rows = [
            reports.Row("rust_helper_a", "rnull", "imported", 3, {}, 8),
            reports.Row("rust_helper_b", "rnull", "partly", 1, {"noinline": 2, reports.LATER: 5}, 8),
            reports.Row("rust_helper_c", "rnull", "imported", 0, {}, 8),
        ]
        compiled = {"rust_helper_a": 3, "rust_helper_b": 3, "rust_helper_c": 0}
        called = ["rust_helper_a", "rust_helper_b", "rust_helper_c"], ["rust_helper_b"]
        crates = [reports.Crate("rnull", compiled, called), reports.Crate("core", {}, ([], []))]
        native = {"rust_helper_a", "rust_helper_b", "rust_helper_c", "rust_helper_d"}
        libraries = {"helpers.bc": set(native)}
        self.figures = reports.Figures(["core", "rnull"], rows, {"noinline", reports.LATER}, crates, native, libraries)

    def failing(self) -> list[str]:
        return [verdict.name for verdict in reports.judge(self.figures) if not verdict.passed]

    def row(self, number: int, **members: Any) -> list[str]:
        """What fails with another row, which is put back."""
        before = self.figures.rows[number]
        self.figures.rows[number] = replace(before, **members)
        failing = self.failing()
        self.figures.rows[number] = before
        return failing

    def object(self, before: list[str], after: list[str]) -> list[str]:
        """What fails where an object calls other helpers."""
        self.figures.crates[0] = replace(self.figures.crates[0], called=(before, after))
        return self.failing()

    def test_nothing_wrong(self) -> None:
        self.assertEqual(self.failing(), [])

    def test_units(self) -> None:
        for units in ([], ["rnull"], ["core", "rnull", "rnull"], ["core", "rnull", "other"]):
            self.figures = replace(self.figures, units=units)
            self.assertEqual(self.failing(), ["each crate has one report"])

    def test_missing_helper(self) -> None:
        del self.figures.rows[0]
        calls, helpers = "rnull: report has each call", "rnull: report has each helper called"
        self.assertEqual(self.failing(), [helpers, calls])
        # One that LLVM removed each call of is missing as well.
        self.assertEqual(self.object([], ["rust_helper_b"]), [calls])

    def test_missing_call(self) -> None:
        calls = ["rnull: report has each call"]
        self.assertEqual(self.row(0, inlined=2), calls)
        self.assertEqual(self.row(0, inlined=4), calls)
        self.assertEqual(self.row(1, left={"noinline": 1}), calls)
        self.assertEqual(self.row(2, inlined=1), calls)

    def test_helper_of_another_crate(self) -> None:
        self.assertIn("rnull: report has each helper called", self.row(0, crate="core"))
        self.assertIn("core: report has each call", self.row(0, crate="core"))

    def test_call_that_stays(self) -> None:
        stays = ["rnull: calls are those reported to stay"]
        self.assertEqual(self.object(["rust_helper_b"], ["rust_helper_b", "rust_helper_c"]), stays)
        self.assertEqual(self.object(["rust_helper_b"], []), stays)
        self.assertEqual(self.object([], []), [])
        self.assertEqual(self.object(["rust_helper_c"], ["rust_helper_b"]), [])
        # Where an address alone stays, no call is left.
        self.assertEqual(self.row(2, left={"noinline": 0}), stays)

    def test_unknown(self) -> None:
        self.figures.native.remove("rust_helper_c")
        self.figures.libraries["helpers.bc"].remove("rust_helper_c")
        self.assertEqual(self.failing(), ["report names helpers of the kernel"])

    def test_library(self) -> None:
        self.figures.libraries["helpers.bc"].remove("rust_helper_d")
        self.assertEqual(self.failing(), ["helpers.bc has the helpers of helpers.o"])

    def test_unexplained(self) -> None:
        self.figures.explained.remove("noinline")
        self.assertEqual(self.failing(), ["report gives explained reasons"])

    def test_no_size(self) -> None:
        self.assertEqual(self.row(0, bytes=None), ["report has the size of each helper"])

    def test_calls_are_read(self) -> None:
        self.assertEqual(reports.read_calls(IR), {"rust_helper_a": 2, "rust_helper_b": 0, "rust_helper_c": 0})

    def test_rows_are_read(self) -> None:
        counts = ("noinline", 2), ("section", 0), ("noinline", 1)
        left = [{"reason": reason, "calls": calls} for reason, calls in counts]
        entry = {"name": "a", "crate": "b", "status": "partly", "inlined": 4, "bytes": None, "left": left}
        row = reports.Row.parse(entry)
        self.assertEqual(row, reports.Row("a", "b", "partly", 4, {"noinline": 3, "section": 0}, None))
        self.assertEqual(row.calls(), 7)

    def test_summary(self) -> None:
        table = reports.summary(self.figures).splitlines()
        self.assertRegex(table[2], "^rnull +3 +2 +1 +0 +6 +4 +7$")
        self.assertEqual(table[-1], "4 helpers: 3 reported, 1 that no crate names")


class Configuration(unittest.TestCase):
    """A line of the fragment that did not survive is named."""

    def test_lost(self) -> None:
        wanted = "CONFIG_A=y\nCONFIG_B=m\n# CONFIG_C is not set\n# CONFIG_D is not set\n# a remark\n"
        self.assertEqual(tree.lost_settings(wanted, "CONFIG_A=y\nCONFIG_B=m\n# CONFIG_C is not set\n"), [])
        config = "# CONFIG_A is not set\nCONFIG_B=y\nCONFIG_C=y\n"
        self.assertEqual(tree.lost_settings(wanted, config), ["CONFIG_A=y", "CONFIG_B=m", "CONFIG_C unset"])

    def test_merged(self) -> None:
        config = "CONFIG_A=y\n# CONFIG_AB is not set\n# CONFIG_B is not set\n"
        self.assertEqual(tree.merged(config, "CONFIG_B=m\n"), "CONFIG_A=y\n# CONFIG_AB is not set\nCONFIG_B=m\n")

    def test_our_files(self) -> None:
        flags = ["BINDGEN=/a/inline-helpers-bindgen", "KRUSTFLAGS=-Zllvm-plugins=/a/p.so", "RUSTFLAGS_KERNEL='-Cp'"]
        self.assertEqual(tree.tool_paths(flags), ["/a/inline-helpers-bindgen", "/a/p.so"])


class InFolder(unittest.TestCase):
    """Tests that need files."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.source = tree.Source(Path(folder.name))
        self.tree = tree.Tree(TOOLS, self.source, "inlined", (), 1)
        self.source.path.mkdir()

    def write(self, path: Path, text: str) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def test_warnings(self) -> None:
        lines = [
            f"{self.source.path}/fs/a.c:1:2: warning: stack frame size",
            "1 warning generated.",
            f"{self.tree.path}/vmlinux.o: warning: objtool: f() falls through",
            "WARNING: modpost: vmlinux: section mismatch",
            "  CC      lib/warning.o",
        ]
        self.write(self.tree.log, "\n".join(lines))
        expected = {
            "fs/a.c:1:2: warning: stack frame size",
            "vmlinux.o: warning: objtool: f() falls through",
            "WARNING: modpost: vmlinux: section mismatch",
        }
        self.assertEqual(self.tree.warnings(), expected)

    def test_changed_plugin_is_noticed(self) -> None:
        plugin = self.write(self.source.work / "plugin.so", "one")
        ours = replace(self.tree, flags=(f"KRUSTFLAGS=-Zllvm-plugins={plugin}",))
        product = self.write(ours.path / "rust" / "kernel.o", "")
        other = self.write(ours.path / "fs" / "inode.o", "")
        self.write(ours.path / "rust" / ".kernel.o.cmd", f"savedcmd_rust/kernel.o := rustc -Zllvm-plugins={plugin}\n")
        self.write(ours.path / "fs" / ".inode.o.cmd", "savedcmd_fs/inode.o := clang\n")
        with mock.patch("tree.phase"):
            ours._forget_outdated()
            product.touch()
            self.write(ours.reports / "kernel.json", "")
            ours._forget_outdated()
            self.assertTrue(product.exists())
            self.assertTrue(ours.reports.exists())
            plugin.write_text("two")
            ours._forget_outdated()
        self.assertFalse(product.exists())
        self.assertFalse(ours.reports.exists())
        self.assertTrue(other.exists())

    def test_edits_are_taken_back(self) -> None:
        path = Path("rust/helpers/a.c")
        original = self.write(self.source.path / path, "body")
        os.utime(original, ns=(1, 1_000_000_007))
        Edits(self.source).replace(path, "body", "other")
        Edits(self.source).touch(path)
        self.assertEqual(original.read_text(), "other")
        Edits(self.source).undo()
        self.assertEqual(original.read_text(), "body")
        self.assertEqual(original.stat().st_mtime_ns, 1_000_000_007)
        with self.assertRaises(HarnessError):
            Edits(self.source).replace(path, "absent", "")

    def test_every_file_has_a_date(self) -> None:
        known, new = self.write(self.tree.path / "rust" / "known.o", ""), self.tree.path / "rust" / "new.bc"
        self.write(self.tree.reports / "kernel.json", "")
        before = State.of_all(self.tree)
        self.write(new, "")
        self.write(self.tree.reports / "other.json", "")
        self.assertEqual(State.of_all(self.tree).newer(before), {Path("rust/new.bc")})
        os.utime(known, ns=(1, 1))
        self.assertEqual(State.of_all(self.tree).newer(before), {Path("rust/new.bc"), Path("rust/known.o")})

    def record(self, command: str, target: str = "rust/uapi.o") -> commands.Command:
        path = Path(target)
        self.write(
            self.tree.path / path.with_name(f".{path.name}.cmd"), f"savedcmd_{target} := {command}\n\nsource := x\n"
        )
        with mock.patch.object(Toolchain, "environment", return_value={"PATH": "/bin"}):
            return commands.recorded(self.tree, target, Path("/scratch"))

    def test_recorded_command(self) -> None:
        command = self.record(
            "OBJTREE=/o rustc -Zllvm-plugins=/p.so '-Cpasses=import-helpers<library=h.bc;report=/r>' -Dx=$(pound)1"
            " --emit=dep-info=rust/.uapi.o.d --emit=obj=rust/uapi.o lib.rs  ;llvm-objcopy-22 rust/uapi.o"
        )
        outputs = ["--emit=dep-info=/scratch/.uapi.o.d", "--emit=obj=/scratch/uapi.o", "lib.rs"]
        outputs.append("-Ztemps-dir=/scratch")
        ours = ["-Zllvm-plugins=/p.so", "-Cpasses=import-helpers<library=h.bc>"]
        self.assertEqual(command.arguments, ["rustc", *ours, "-Dx=#1", *outputs])
        self.assertEqual(command.without_plugin().arguments, ["rustc", "-Dx=#1", *outputs])
        self.assertEqual(command.environment, {"PATH": "/bin", "OBJTREE": "/o", "RUSTC_BOOTSTRAP": "1"})
        self.assertTrue(command.has_plugin)
        self.assertFalse(command.without_plugin().has_plugin)

    def test_rust_objects(self) -> None:
        self.record("rustc --emit=obj=rust/uapi.o")
        self.record("rustc --emit=obj=drivers/a.o a.rs", "drivers/a.o")
        self.record("clang-22 -o fs/inode.o fs/inode.c", "fs/inode.o")
        self.record("rustc --emit=link=rust/libmacros.so", "rust/libmacros.so")
        self.assertEqual(commands.rust_objects(self.tree), [Path("drivers/a.o"), Path("rust/uapi.o")])

    def compile_time_crates(self) -> list[compile_time.Crate]:
        clang = self.record(HELPERS_COMMAND, str(own_way.HELPERS))
        with mock.patch.object(own_way.OwnWay, "of", return_value=own_way.OwnWay(TOOLS, Path("/s"), clang, [])):
            with mock.patch.object(own_way.OwnWay, "_bitcode", return_value=Path("/s/helpers.bc")):
                with mock.patch.object(Toolchain, "environment", return_value={}):
                    return compile_time.crates(self.tree)

    def test_sides(self) -> None:
        self.record("rustc -Zllvm-plugins=/p.so --emit=obj=rust/uapi.o --emit=metadata=rust/libuapi.rmeta")
        self.record("rustc -Zllvm-plugins=/p.so --emit=obj=drivers/a.o", "drivers/a.o")
        driver, library = self.compile_time_crates()
        self.assertEqual((driver.target, library.target), ("drivers/a.o", "rust/uapi.o"))
        self.assertEqual(list(driver.sides), list(compile_time.SIDES))
        self.assertEqual(list(library.sides), [compile_time.PLAIN, compile_time.PLUGIN])
        for crate in (driver, library):
            (plain,), (plugin,) = crate.sides[compile_time.PLAIN], crate.sides[compile_time.PLUGIN]
            self.assertEqual((plain.has_plugin, plugin.has_plugin), (False, True))

    def test_compiled_without_plugin(self) -> None:
        self.record("rustc --emit=obj=rust/uapi.o")
        with self.assertRaisesRegex(HarnessError, "without the plugin"):
            self.compile_time_crates()


class AddressesTaken(unittest.TestCase):
    """A copy is needed when something other than a branch refers to it, by its name or by its place."""

    def needless(self, kind: str, symbol: int, addend: int, section: str = ".rela.text") -> list[str]:
        def named(name: str, section: int, value: int) -> dict[str, Any]:
            return {"Symbol": {"Name": {"Name": name}, "Section": {"Value": section}, "Value": value}}

        symbols = [named("", 2, 0), named("rust_helper_a", 2, 16), named("rust_helper_b", 0, 0)]
        relocation = {"Type": {"Name": kind}, "Symbol": {"Value": symbol}, "Addend": addend}
        content = {
            "Sections": [{"Section": {"Index": 3, "Name": {"Name": section}, "Flags": {"Flags": []}}}],
            "Symbols": symbols,
            "Relocations": [{"SectionIndex": 3, "Relocs": [{"Relocation": relocation}]}],
        }
        with mock.patch("objects._read", return_value=copy.deepcopy(content)):
            result = objects.inspect(TOOLS, Path("a.o"))
        self.assertEqual((result.called, result.copied), (["rust_helper_b"], ["rust_helper_a"]))
        return result.needless

    def test_kinds(self) -> None:
        minus = (1 << 64) - 4
        self.assertEqual(self.needless("R_X86_64_64", 0, 16), [])
        self.assertEqual(self.needless("R_X86_64_32S", 1, 0), [])
        self.assertEqual(self.needless("R_X86_64_PC32", 1, minus), [])
        self.assertEqual(self.needless("R_X86_64_PLT32", 1, minus), ["rust_helper_a"])
        self.assertEqual(self.needless("R_X86_64_64", 0, 32), ["rust_helper_a"])
        self.assertEqual(self.needless("R_AARCH64_ADR_PREL_PG_HI21", 0, 16), [])
        self.assertEqual(self.needless("R_AARCH64_CALL26", 1, 0), ["rust_helper_a"])
        self.assertEqual(self.needless("R_AARCH64_JUMP26", 1, 0), ["rust_helper_a"])
        self.assertEqual(self.needless("R_X86_64_64", 1, 0, ".rela.debug_addr"), ["rust_helper_a"])


class Unprotected(unittest.TestCase):
    """Branches without the protection of their kernel are found, and others are not taken for them."""

    GOOD = """\
0000000000000000 <__cfi_f>:
       0:      \tmovl\t$0x5bb39aca, %eax

0000000000000005 <.Ltmp1>:
       5:      \tnop

0000000000000010 <f>:
      10:      \tendbr64
      14:      \tcallq\t0x19 <f+0x9>
      19:      \tmovq\t(%rdi), %rax
      1c:      \tjmp\t0x21 <f+0x11>
"""

    def found(self, text: str, calls: int = 1, checks: int = 1) -> list[str]:
        content = {"Sections": [{"Section": {"Name": {"Name": ".kcfi_traps"}, "Size": 4 * checks}}]}
        with (
            mock.patch("objects.output", return_value=text),
            mock.patch("objects._read", return_value=content),
            mock.patch("objects.count_references", return_value=calls),
        ):
            return objects.unprotected(TOOLS, Path("a.o"))

    def test_good(self) -> None:
        self.assertEqual(self.found(self.GOOD), [])

    def test_branches(self) -> None:
        for branch in ("callq\t*%r11", "call\t*(%rax)", "jmpq\t*%rax", "notrack jmpq\t*%rax", "retq", "ret"):
            expected = branch.removeprefix("notrack ").split()[0]
            self.assertEqual(self.found(self.GOOD.replace("nop", branch)), [f"__cfi_f: {expected}"])
            self.assertEqual(self.found(self.GOOD.replace("endbr64", branch)), [f"f: {expected}"])

    def test_check(self) -> None:
        self.assertEqual(self.found(self.GOOD, calls=2), ["2 indirect calls with 1 checks"])


class OwnWay(unittest.TestCase):
    """The commands are those of the kernel that has the option."""

    def setUp(self) -> None:
        self.ran: list[list[str]] = []
        clang = commands.Command(HELPERS_COMMAND.split(), {}, Path("/tree"))
        self.own_way = own_way.OwnWay(TOOLS, Path("/s"), clang, ["rust_helper_a", "rust_helper_b"])

    def commands(self, rustc: str) -> list[str]:
        def run(command: commands.Command) -> commands.Cost:
            self.ran.append(command.arguments)
            return commands.Cost(0, 0)

        with mock.patch.object(commands.Command, "run", run):
            made = self.own_way.commands(commands.Command(rustc.split(), {}, Path("/tree")))
        return [" ".join(command.arguments) for command in made]

    def test_commands(self) -> None:
        rustc = "rustc -Zllvm-plugins=/p.so -Cpasses=p --emit=dep-info=/s/.a.o.d --emit=obj=/s/a.o a.rs"
        self.assertEqual(
            self.commands(rustc),
            [
                "rustc --emit=dep-info=/s/.a.o.d --emit=llvm-bc=/s/a.bc a.rs",
                "llvm-link-22 --internalize --suppress-warnings /s/a.bc /s/helpers.bc -o /s/a.m.bc",
                "clang-22 --target=t -Os -mllvm -x -Wall -Wno-override-module -c /s/a.m.bc -o /s/a.o",
            ],
        )

    def test_helpers(self) -> None:
        for _ in range(2):
            self.commands("rustc --emit=obj=/s/a.o a.rs")
        linked = self.commands("rustc --cfg MODULE --emit=obj=/s/a.o a.rs")[1]
        self.assertIn("/s/a.bc /s/helpers_module.bc -o", linked)
        built_in, module = map(" ".join, self.ran)
        added = " -mllvm -force-attribute=rust_helper_a:alwaysinline -mllvm -force-attribute=rust_helper_b:alwaysinline"
        compiled = HELPERS_COMMAND.replace("rust/helpers/.helpers.o.d", "/s/helpers.bc.d")
        compiled = compiled.replace("rust/helpers/helpers.o", "/s/helpers.bc")
        self.assertEqual(built_in, f"{compiled} -g0 -emit-llvm{added}")
        compiled = compiled.replace("helpers.bc", "helpers_module.bc")
        self.assertEqual(module, f"{compiled} -g0 -DMODULE -emit-llvm{added}")

    def test_no_object(self) -> None:
        with self.assertRaisesRegex(HarnessError, "no object"):
            self.commands("rustc --emit=metadata=/s/a.rmeta a.rs")

    def test_crates_with_helpers(self) -> None:
        def links(rustc: str, target: str) -> bool:
            return own_way.links_helpers(commands.Command(rustc.split(), {}, Path()), Path(target))

        library = "rustc --emit=obj=/s/a.o --emit=metadata=/s/a.rmeta"
        self.assertTrue(links(library, "rust/kernel.o"))
        self.assertFalse(links(library, "rust/core.o"))
        self.assertTrue(links("rustc --emit=obj=/s/a.o", "drivers/block/rnull.o"))
        self.assertTrue(links("rustc --emit=obj=/s/a.o", "rust/doctests_kernel_generated.o"))

    def test_other_compiler(self) -> None:
        gcc = commands.Command(["gcc", "-o", "a.o"], {}, Path())
        with mock.patch("own_way.recorded", return_value=gcc), mock.patch("own_way.require"):
            with self.assertRaisesRegex(HarnessError, "is made by gcc"):
                own_way.OwnWay.of(tree.Tree(TOOLS, tree.Source(Path()), "inlined", (), 1), Path())


class CompileTime(unittest.TestCase):
    """Medians decide, what is over its limit gets more runs before it fails, and each check fails for its own reason."""

    CORE = "rust/core.o"

    def setUp(self) -> None:
        self.slow = 1.0
        self.factors = {compile_time.PLAIN: 1.0, compile_time.PLUGIN: 1.01, compile_time.OWN: 1.3}
        self.seconds = {self.CORE: 4.0, RNULL: 1.0}
        self.ran: list[str] = []

    def run_command(self, command: commands.Command) -> commands.Cost:
        target, side = command.arguments
        self.ran.append(side)
        # Two commands a side.
        return commands.Cost(self.slow * self.seconds[target] * self.factors[side] / 2, 1)

    def crate(self, target: str) -> compile_time.Crate:
        sides = [side for side in compile_time.SIDES if side != compile_time.OWN or target != self.CORE]
        return compile_time.Crate(target, {side: [commands.Command([target, side], {}, Path())] * 2 for side in sides})

    def measured(self, seconds: float = 0) -> dict[str, list[compile_time.Run]]:
        with mock.patch.object(commands.Command, "run", lambda command: self.run_command(command)):
            with mock.patch("compile_time.phase"):
                return compile_time.measure_all([self.crate(target) for target in self.seconds], seconds)

    def rounds(self) -> list[int]:
        """How often each crate was measured."""
        return [len(runs) // compile_time.LEAST_RUNS for runs in self.measured().values()]

    def test_number_of_runs(self) -> None:
        least = compile_time.LEAST_RUNS
        self.assertEqual([len(runs) for runs in self.measured(seconds=0).values()], [least, least])
        self.assertEqual([len(runs) for runs in self.measured(seconds=7).values()], [least, 7])
        most = compile_time.MOST_RUNS
        self.assertEqual([len(runs) for runs in self.measured(seconds=1000).values()], [most, most])

    def test_each_side_is_first_in_turn(self) -> None:
        self.seconds = {RNULL: 1.0}
        runs = self.measured(seconds=4)[RNULL]
        plain, plugin, own = compile_time.SIDES
        order = [plain, plugin, own, plugin, own, plain, own, plain, plugin, plain, plugin, own]
        self.assertEqual(self.ran[::2], order)
        self.assertEqual([list(run) for run in runs], [list(compile_time.SIDES)] * 4)

    def test_ratios(self) -> None:
        runs = self.measured()
        self.assertAlmostEqual(compile_time.ratio(runs[RNULL]), 1.01)
        self.assertAlmostEqual(compile_time.ratio(runs[RNULL], compile_time.OWN), 1.3)
        self.assertAlmostEqual(compile_time.ratio(runs[self.CORE], compile_time.OWN), 1)
        self.assertAlmostEqual(compile_time.total_ratio(runs, compile_time.OWN), 5.3 / 5)

    def test_busy_machine(self) -> None:
        plain, plugin = ([commands.Cost(factor * slow, 1) for slow in (1, 3, 1)] for factor in (1, 1.01))
        plugin[0] = commands.Cost(3, 1)
        runs = [{compile_time.PLAIN: first, compile_time.PLUGIN: second} for first, second in zip(plain, plugin)]
        self.assertAlmostEqual(compile_time.ratio(runs), 1.01)
        self.assertAlmostEqual(compile_time.total_ratio({"a.o": runs}), 1.01)

    def test_again(self) -> None:
        most = compile_time.MOST_ROUNDS
        self.assertEqual(self.rounds(), [1, 1])
        self.factors[compile_time.PLUGIN] = 1.055
        self.assertEqual(self.rounds(), [most, most])
        # The driver alone is too slow.
        self.run_command = lambda command: commands.Cost(  # type: ignore[method-assign]
            1.08 if command.arguments == [RNULL, compile_time.PLUGIN] else 1.0, 1
        )
        self.seconds = {self.CORE: 1.0, "rust/uapi.o": 1.0, RNULL: 1.0}
        self.assertEqual(self.rounds(), [1, 1, most])

    def test_count(self) -> None:
        def instructions(command: commands.Command) -> int:
            target, side = command.arguments
            return int(self.seconds[target] * self.factors[side] * 1000)

        crates = [self.crate(target) for target in self.seconds]
        with mock.patch.object(commands.Command, "instructions", instructions), mock.patch("compile_time.phase"):
            counts = compile_time.count(crates, jobs=2)
        # Two commands a side.
        self.assertEqual(counts[self.CORE], {"plain": 8000, "plugin": 8080})
        self.assertEqual(counts[RNULL], {"plain": 2000, "plugin": 2020, "own way": 2600})

    def failing(self, runs: dict[str, list[compile_time.Run]], counts: dict[str, compile_time.Counts]) -> list[str]:
        return [verdict.name for verdict in compile_time.judge(runs, counts) if not verdict.passed]

    def test_verdict(self) -> None:
        self.seconds = dict.fromkeys(sorted(compile_time.EXPECTED), 1.0)
        runs = self.measured()
        counts = {name: {compile_time.PLAIN: 1000, compile_time.PLUGIN: 1010} for name in runs}
        self.assertEqual(self.failing(runs, counts), [])
        without = {name: runs[name] for name in runs if name != self.CORE}
        found = "each crate of the kernel is found"
        self.assertEqual(self.failing(without, {}), [found])
        total = "all crates: instructions at most 1.02"
        counts[self.CORE][compile_time.PLUGIN] = 1100
        self.assertEqual(self.failing(runs, counts), [total])
        # Of some crates, no total.
        self.assertEqual(self.failing(runs, {name: counts[name] for name in compile_time.LIMITS}), [])
        counts[compile_time.IDLE][compile_time.PLUGIN] = 1011
        counts[RNULL][compile_time.PLUGIN] = 1031
        instructions = [f"{RNULL}: instructions at most 1.03", f"{compile_time.IDLE}: instructions at most 1.01"]
        self.assertEqual(self.failing(runs, counts), [*instructions, total])
        self.factors[compile_time.PLUGIN] = 1.051
        self.assertEqual(self.failing(self.measured(), {}), ["all crates: time at most 1.05"])
        self.factors[compile_time.PLUGIN] = 1.061
        slow = ["all crates: time at most 1.05", f"{RNULL}: time at most 1.06"]
        self.assertEqual(self.failing(self.measured(), {}), slow)

    def test_own_way_that_calls(self) -> None:
        crates = [self.crate(self.CORE), self.crate(RNULL)]
        own = tree.Tree(TOOLS, tree.Source(Path("/kernels")), "inlined", (), 1)
        for called in ([], ["rust_helper_a"]):
            with mock.patch("compile_time.inspect", return_value=objects.Helpers(called, [], [], 1)) as inspect:
                (verdict,) = compile_time._judge_own_way(own, crates)
            inspect.assert_called_once_with(TOOLS, own.source.work / "compile-time" / "own-way" / "rnull.o")
            self.assertEqual(verdict.passed, not called)

    def test_table(self) -> None:
        runs = self.measured()
        lines = [line.split() for line in compile_time._table(runs).splitlines()]
        self.assertEqual(lines[2][-2:], ["as", "plain"])
        self.assertEqual(lines[-2], ["crates", "with", "helpers", "1.000", "1.010", "1.0100", "1.300", "1.3000"])
        self.assertEqual(lines[-1], ["all", "crates", "5.000", "5.050", "1.0100", "5.300", "1.0600"])
        counts = {RNULL: {"plain": 1000, "plugin": 1020, "own way": 1300}}
        counts[self.CORE] = {"plain": 4000, "plugin": 4000}
        lines = [line.split() for line in compile_time._table_of_counts(counts).splitlines()]
        self.assertEqual(lines[3][-2:], ["as", "plain"])
        self.assertEqual(lines[-1], ["together", "5,000", "5,020", "1.0040", "5,300", "1.0600"])


if __name__ == "__main__":
    unittest.main()
