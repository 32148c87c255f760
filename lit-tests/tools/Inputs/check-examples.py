# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Checks that the example of each reason stays a call for that reason.

usage: check-examples.py REASONS.md PLUGIN FOLDER
"""

import re
import subprocess
import sys
from pathlib import Path

document, plugin, folder = sys.argv[1:]

# No clang of today shows the one; the other is Rust's doing, and has its test in lit-tests/rustc.
NOT_SHOWN = ("module-flag", "still-called")

# What the examples call.
PROLOGUE = """#include <stdarg.h>
void log_error(int), unlock(int **);
int read_hardware(void), *lock(void);
"""


def run(*command):
    result = subprocess.run(command, capture_output=True, text=True, cwd=folder)
    if result.returncode:
        sys.exit(f"{' '.join(command)}\n{result.stderr}")
    return result


def check(reason, example):
    """Returns what the plugin says of the last helper of an example."""
    # The signature's example has a line of Rust.
    if reason == "signature":
        example = re.sub(r";.*\n.*", " { return flag; }", example)
    example = example.replace("...\n}", "va_start(arguments, format);\nreturn 0; }")
    Path(folder, "helpers.c").write_text(PROLOGUE + example)
    flags = re.findall(r"/\* clang (.*) \*/", example)
    run("inline-helpers", "compile", "-o", "helpers.bc", "helpers.c", "--", "-O2", *flags)
    helper = run("inline-helpers", "list", "helpers.bc").stdout.splitlines()[-1]
    name, _, result, parameters = re.fullmatch(r"(\w+) +(\d+)  (\w+) \((.*?)\).*", helper).groups()
    if reason == "signature":
        parameters = "i64"
    # `list` knows functions alone; the alias has the type of what it names.
    if reason == "not-a-function":
        name = re.findall(r"helper_\w+", example)[-2]
    arguments = ", ".join(f"{p} zeroinitializer" for p in parameters.split(", ") if p not in ("", "..."))
    target = "".join(line + "\n" for line in run("llvm-dis", "helpers.bc", "-o", "-").stdout.splitlines()
                     if line.startswith("target "))
    attribute = "sanitize_address" if reason == "attribute-mismatch" else ""
    Path(folder, "crate.ll").write_text(f"""{target}
declare {result} @{name}({parameters})
define void @caller() {attribute} {{
  call {result} ({parameters}) @{name}({arguments})
  ret void
}}""")
    return run("opt", f"-load-pass-plugin={plugin}",
               "-passes=import-helpers<library=helpers.bc;leftover=warn>",
               "-disable-output", "crate.ll").stderr


examples = re.findall(r"^## (\S+)$.*?^```c\n(.*?)^```$", Path(document).read_text(), re.M | re.S)
for reason, example in examples:
    if reason in NOT_SHOWN:
        continue
    said = check(reason, example)
    print(f"{reason}: {said.strip() or 'inlined'}")
    if f"[{reason}]" not in said:
        sys.exit(f"the example of {reason} does not show it")
print(f"{len(examples)} examples")
