# Writes bitcode with another text in its identification block, of the same length.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Usage: produced-by.py OLD NEW FILE > COPY   (such as LLVM22 LLVM99)"""

import sys

# Characters stand one after the other, in 6 bits each (char6) or 8, from any
# bit on; bit 0 of a byte comes first.
CHAR6 = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._"


def bits(text, width):
    values = ((CHAR6.index(c) if width == 6 else ord(c)) for c in text)
    return "".join(f"{value:0{width}b}"[::-1] for value in values)


old, new, path = sys.argv[1:]
with open(path, "rb") as file:
    content = "".join(f"{byte:08b}"[::-1] for byte in file.read())
for width in (6, 8):
    if bits(old, width) in content:
        content = content.replace(bits(old, width), bits(new, width), 1)
        break
else:
    sys.exit(f"error: {path} does not contain {old}")
sys.stdout.buffer.write(bytes(
    int(content[i:i + 8][::-1], 2) for i in range(0, len(content), 8)))
