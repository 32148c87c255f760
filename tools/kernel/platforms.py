# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The machines a kernel is built for and booted on, each with the compiler of its C code."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field, replace
from pathlib import Path

HERE = Path(__file__).resolve().parent

# -icount makes the machine's counter count instructions. With a fixed clock and fixed addresses one
# boot is like another; else a transfer differs by some instructions from boot to boot.
COUNTED = tuple(shlex.split("-accel tcg -icount shift=0,sleep=off -rtc base=2024-01-01,clock=vm"))
KVM = ("-accel", "kvm", "-cpu", "host")
_MACHINE = shlex.split("-smp 1 -m 256M -nodefaults -display none -monitor none -no-reboot")


@dataclass(frozen=True)
class Platform:
    """An architecture, and the compiler of the kernel's C code for it."""

    name: str
    image: Path
    """What QEMU boots, in an object tree."""
    emulator: tuple[str, ...]
    """QEMU, with the machine."""
    console: str
    processor: tuple[str, ...] = COUNTED
    """What executes, for QEMU."""
    compiler: str | None = None
    """A compiler other than clang of rustc's LLVM; the other tools are then GNU's."""
    architecture: tuple[str, ...] = ()
    """What tells make and clang of an architecture other than this machine's: ARCH, and the target."""
    fragments: tuple[Path, ...] = field(default=())
    """Follow rnull.config."""
    programs: tuple[str, ...] = ()
    """What else has to be installed."""
    least_saving: int = 10
    """Instructions a transfer that inlining must save."""
    protects_branches: bool = False
    """Its kernels have retpolines, return thunks and KCFI; see objects.unprotected."""

    def assignments(self, llvm_major: str) -> list[str]:
        """What make is told."""
        tools = [f"CC={self.compiler}"] if self.compiler else [f"LLVM=-{llvm_major}"]
        return [f"ARCH={self.architecture[0]}", *tools] if self.architecture else tools

    def target(self) -> list[str]:
        """How clang is told to compile a program for this machine."""
        return [f"--target={self.architecture[1]}"] if self.architecture else []

    def qemu(self) -> list[str]:
        """The command that boots, without the kernel."""
        return [*self.emulator, *self.processor, *_MACHINE]


X86_64_CLANG = Platform(
    name="x86_64-clang",
    image=Path("arch/x86/boot/bzImage"),
    emulator=("qemu-system-x86_64",),
    console="ttyS0",
    programs=("qemu-system-x86_64",),
)
X86_64_HARDENED = replace(
    X86_64_CLANG,
    name="x86_64-hardened",
    fragments=(HERE / "small.config", HERE / "hardened.config"),
    protects_branches=True,
    # It saves 9 to 15, by where a boot happens to put things.
    least_saving=5,
)
X86_64_GCC = replace(X86_64_CLANG, name="x86_64-gcc", compiler="gcc-12", programs=("qemu-system-x86_64", "gcc-12"))
ARM64_CLANG = Platform(
    name="arm64-clang",
    image=Path("arch/arm64/boot/Image"),
    emulator=("qemu-system-aarch64", "-M", "virt", "-cpu", "cortex-a72"),
    console="ttyAMA0",
    architecture=("arm64", "aarch64-linux-gnu"),
    fragments=(HERE / "arm64.config",),
    programs=("qemu-system-aarch64", "aarch64-linux-gnu-gcc"),
)
ARM64_HARDENED = replace(
    ARM64_CLANG,
    name="arm64-hardened",
    # A processor with the protections; seeds from outside would make each boot another.
    emulator=("qemu-system-aarch64", "-M", "virt,dtb-randomness=off", "-cpu", "max,pauth-impdef=on"),
    fragments=(*ARM64_CLANG.fragments, HERE / "small.config", HERE / "arm64-hardened.config"),
    # Compiled for speed, it saves about 8.
    least_saving=5,
)
PLATFORMS = (X86_64_CLANG, X86_64_GCC, X86_64_HARDENED, ARM64_CLANG, ARM64_HARDENED)
