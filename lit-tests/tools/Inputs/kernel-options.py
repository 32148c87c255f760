# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Prints the rows of tools/inline-helpers/KernelOptions.def as docs/kernel-check.md has them."""

import re
import sys

with open(sys.argv[1]) as stream:
    text = stream.read()
rows = re.findall(r'^KERNEL_OPTION\((\w+), "(\w+)", (\d+),\s*((?:"[^"]*"\s*)+)\)', text, re.MULTILINE)
assert len(rows) == text.count("\nKERNEL_OPTION("), "a row is not read"
for verdict, symbol, version, reason in rows:
    major, minor, patch = int(version) // 10000, int(version) // 100 % 100, int(version) % 100
    older = f"{major}.{minor}.{patch}" if minor or patch else str(major)
    clang = f", clang before {older}" if major else ""
    why = "".join(re.findall(r'"([^"]*)"', reason))
    print(f"| `{symbol}`{clang} | {verdict.lower()} | {why} |")
