# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Where a benchmark runs, and with which tools."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import toolchain
from toolchain import Compilers, Toolchain


@dataclass(frozen=True)
class Setting:
    """What all benchmarks are told."""

    project: Path
    """The top of the project's source."""
    build: Path
    """The project's build folder."""
    work: Path
    """For what this benchmark makes; it exists."""
    tools: Compilers
    bindgen: Path | None = None
    """Named by the user."""

    def kernel_tools(self) -> Toolchain:
        """Find what a kernel's build calls, or name the first that is missing."""
        return toolchain.find(self.tools.rustc, self.bindgen, self.build)


def machine() -> dict[str, Any]:
    """What times depend on."""
    found = re.search(r"^model name\s*: (.*)", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return {
        "processor": found[1] if found else os.uname().machine,
        "processors": len(os.sched_getaffinity(0)),
        "memory in MiB": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20,
        "system": f"{os.uname().sysname} {os.uname().release}",
    }
