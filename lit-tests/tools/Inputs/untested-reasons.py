# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Prints the reasons of Reasons.def that no test of a suite expects.

usage: untested-reasons.py Reasons.def FOLDER...
"""

import re
import sys
from pathlib import Path

table, *folders = sys.argv[1:]
names = re.findall(r'^REASON\(\w+,\s*"([^"]+)"', Path(table).read_text(), re.M)
missing = len(names) == 0
for folder in map(Path, folders):
    texts = [path.read_text() for path in folder.iterdir() if path.is_file()]
    # As FileCheck sees it: the name in brackets at the end of a CHECK line.
    expected = re.compile(r"^[#;/ ]*[A-Z-]+:.*\[([a-z-]+)\](?:\{\{\$\}\})?$", re.M)
    tested = {name for text in texts for name in expected.findall(text)}
    for name in names:
        if name not in tested:
            print(f"no test in {folder.name}: {name}")
            missing = True
sys.exit(missing)
