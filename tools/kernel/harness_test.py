#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tests of the harness itself, without a kernel: above all, that each of its checks can fail."""

from __future__ import annotations

import copy
import itertools
import os
import re
import tempfile
import unittest
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest import mock

import boot
import check
import compile_time
import objects
import tree
from console import HarnessError
from dependencies import Edits
from toolchain import Toolchain

TOOL = Path("/tool")
TOOLS = Toolchain(TOOL, TOOL, TOOL, TOOL, TOOL, llvm_major="22")
RNULL = "drivers/block/rnull.o"
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
            self.assertEqual(check.conclude(check.compare(self.calls, self.inlined)), 0)
            self.assertRegex(said.call_args[0][0], r"^\d+ passed, 0 failed$")
            self.change(self.inlined, called=["rust_helper_a"])
            self.assertEqual(check.conclude(check.compare(self.calls, self.inlined)), 1)
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

    def test_no_end(self) -> None:
        self.assertIsNone(boot.read_console(CONSOLE.replace("END\n", "")))

    def test_nothing_measured(self) -> None:
        self.assertIsNone(boot.read_console(re.sub("ROUND write.*\n", "", CONSOLE)))


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
            ours._forget_outdated()
            self.assertTrue(product.exists())
            plugin.write_text("two")
            ours._forget_outdated()
        self.assertFalse(product.exists())
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

    def record(self, command: str) -> compile_time.Command:
        self.write(self.tree.path / "rust" / ".uapi.o.cmd", f"savedcmd_rust/uapi.o := {command}\n\nsource := x\n")
        with mock.patch.object(Toolchain, "environment", return_value={"PATH": "/bin"}):
            return compile_time.recorded(self.tree, "rust/uapi.o", Path("/scratch"))

    def test_recorded_command(self) -> None:
        command = self.record(
            "OBJTREE=/o rustc -Zllvm-plugins=/p.so '-Cpasses=import-helpers<library=h.bc>' -Dx=$(pound)1"
            " --emit=dep-info=rust/.uapi.o.d --emit=obj=rust/uapi.o lib.rs  ;llvm-objcopy-22 rust/uapi.o"
        )
        outputs = ["--emit=dep-info=/scratch/.uapi.o.d", "--emit=obj=/scratch/uapi.o", "lib.rs"]
        ours = ["-Zllvm-plugins=/p.so", "-Cpasses=import-helpers<library=h.bc>"]
        self.assertEqual(command.arguments, ["rustc", *ours, "-Dx=#1", *outputs])
        self.assertEqual(command.without_plugin().arguments, ["rustc", "-Dx=#1", *outputs])
        self.assertEqual(command.environment, {"PATH": "/bin", "OBJTREE": "/o", "RUSTC_BOOTSTRAP": "1"})

    def test_recorded_without_plugin(self) -> None:
        with self.assertRaisesRegex(HarnessError, "without the plugin"):
            self.record("rustc lib.rs")


class AddressesTaken(unittest.TestCase):
    """A copy is needed when something other than a branch refers to it, by its name or by its place."""

    def needless(self, kind: str, symbol: int, addend: int) -> list[str]:
        def named(name: str, section: int, value: int) -> dict[str, Any]:
            return {"Symbol": {"Name": {"Name": name}, "Section": {"Value": section}, "Value": value}}

        symbols = [named("", 2, 0), named("rust_helper_a", 2, 16), named("rust_helper_b", 0, 0)]
        relocation = {"Type": {"Name": kind}, "Symbol": {"Value": symbol}, "Addend": addend}
        content = {
            "Sections": [],
            "Symbols": symbols,
            "Relocations": [{"Relocs": [{"Relocation": relocation}]}],
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


class CompileTime(unittest.TestCase):
    """The median of the pairs decides, and a crate over its limit gets more runs before it fails."""

    def measure(self, factor: float) -> list[compile_time.Pair]:
        machine = itertools.cycle([1.0, 1.0, 3.0, 3.0])  # at times something else slows it

        def run(command: compile_time.Command) -> compile_time.Cost:
            return compile_time.Cost(next(machine) * (factor if len(command.arguments) > 1 else 1), 1)

        command = compile_time.Command(["rustc", "-Zllvm-plugins=/p.so"], {}, Path())
        with mock.patch.object(compile_time.Command, "run", run), mock.patch("compile_time.phase"):
            return compile_time.measure(command, "a.o", 1.03, 4)

    def test_fast(self) -> None:
        pairs = self.measure(1.02)
        self.assertEqual(len(pairs), 4)
        self.assertAlmostEqual(compile_time.ratio(pairs), 1.02)

    def test_slow(self) -> None:
        pairs = self.measure(1.05)
        self.assertEqual(len(pairs), 4 * compile_time.MOST_ROUNDS)
        self.assertAlmostEqual(compile_time.ratio(pairs), 1.05)

    def test_verdict(self) -> None:
        within = {compile_time.RNULL: 1.03, compile_time.IDLE: 1.01}
        times = {compile_time.RNULL: 1.03}
        self.assertTrue(all(verdict.passed for verdict in compile_time.judge(times, within)))
        for verdict in compile_time.judge({compile_time.RNULL: 1.031}, {name: 1.031 for name in within}):
            self.assertFalse(verdict.passed)


if __name__ == "__main__":
    unittest.main()
