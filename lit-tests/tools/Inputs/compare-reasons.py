# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares the reasons of passes/Reasons.def with the table of a document.

usage: compare-reasons.py REASONS.def DOCUMENT.md
"""

import re
import sys
from pathlib import Path

definition, document = (Path(path).read_text() for path in sys.argv[1:])
reasons = set(re.findall(r'^REASON\(\w+,\s*"([^"]+)",\s*"([^"]+)"\)', definition, re.M))
section = document.split("## Why a helper stays a call", 1)[1].split("\n## ", 1)[0]
rows = set(re.findall(r"^\| `([^`]+)` \| (.+?) \|$", section, re.M))
for name, sentence in sorted(reasons - rows):
    print(f"not in the document: {name}: {sentence}")
for name, sentence in sorted(rows - reasons):
    print(f"not in the code: {name}: {sentence}")
print(f"{len(reasons)} reasons, {len(rows)} rows")
sys.exit(reasons != rows or not reasons)
