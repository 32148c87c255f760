# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Libraries of any number of helpers, and crates that call some of them."""

from __future__ import annotations

from collections.abc import Sequence

SHARING = 4
"""So many helpers share a type, a table of constants and a static function, as those of one header do."""

_PRELUDE = """\
typedef unsigned long u64;
typedef unsigned int u32;
extern void complain(const char *what, u64 value);
"""
_HEADER = """\
struct item_{n} {{ u64 key; u32 count, flags; struct item_{n} *next; u64 values[{size}]; }};
static const u32 weights_{n}[4] = {{ {a}, {b}, {c}, {d} }};
static inline u64 hash_{n}(const struct item_{n} *item, u64 x)
{{
    return item->key * x + item->values[x % {size}] + weights_{n}[x & 3];
}}
"""
_HELPER = """\
u64 helper_{i}(struct item_{n} *item, u64 x)
{{
    if (__builtin_expect(x == {i}, 0))
        complain("helper {i}", x);
    item->count++;
    return hash_{n}(item, x ^ {i});
}}
"""


def library(count: int) -> str:
    """C with `count` helpers: small bodies with types, constants and static callees."""
    parts = [_PRELUDE]
    for i in range(count):
        n = i // SHARING
        if i % SHARING == 0:
            parts.append(_HEADER.format(n=n, size=n % 7 + 1, a=n, b=n + 1, c=n + 2, d=n + 3))
        parts.append(_HELPER.format(i=i, n=n))
    return "\n".join(parts)


def spread(count: int, wanted: int) -> list[int]:
    """The numbers of `wanted` helpers of `count`, at equal distances."""
    return [i * count // wanted for i in range(wanted)]


def crate(helpers: Sequence[int], functions: int) -> str:
    """A Rust library with `functions` functions of its own, and one more for each helper."""
    lines = ['#![crate_type = "lib"]', 'extern "C" {']
    lines += [f"    fn helper_{i}(item: *mut u8, x: u64) -> u64;" for i in helpers]
    lines.append("}")
    for i in range(functions):
        lines += [
            f"pub fn own_{i}(values: &[u64]) -> Option<u64> {{",
            f"    let sum = values.iter().filter(|&&v| v % {i + 2} != 0).copied().reduce(|a, b| a.wrapping_mul(b) ^ {i});",
            f'    sum.map(|s| format!("{{s:x}}").len() as u64 + {i})',
            "}",
        ]
    for i in helpers:
        lines += [
            f"pub unsafe fn use_{i}(item: *mut u8, x: u64) -> u64 {{",
            f"    helper_{i}(item, x).wrapping_add({i})",
            "}",
        ]
    return "\n".join(lines) + "\n"
