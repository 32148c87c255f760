# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Checks that the messages a page quotes are those of the sources."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from pages import ROOT, Block, blocks

LANGUAGE = "text"
# Of a message the sources have pieces. What is put between them is "…" in the page, and one may end where the other
# says why.
_GAP = re.compile("…|: ")
_KIND = re.compile(r"^(error|warning|help): (inline-helpers: )?")
_FOLDERS = ("passes", "plugin", "tools/inline-helpers", "tools/inline-helpers-build")
_SUFFIXES = (".cpp", ".h", ".def", ".rs")
_JOIN = re.compile(r'(?<!\\)"\s*"')  # adjacent literals of C++
_CONTINUED = re.compile(r"\\\n\s*")  # one of Rust over several lines


def sources() -> Iterable[Path]:
    """The files that have messages."""
    for folder in _FOLDERS:
        yield from sorted(path for path in (ROOT / folder).rglob("*") if path.suffix in _SUFFIXES)


def literals(text: str) -> str:
    """A source with each message in one piece."""
    return _CONTINUED.sub("", _JOIN.sub("", text)).replace('\\"', '"')


def pieces(message: str) -> list[str]:
    """What of a quoted message has to be in the sources."""
    message = _KIND.sub("", message)
    return [piece for part in _GAP.split(message) if (piece := part.strip(" '"))]


def missing(block: Block, everything: str) -> list[str]:
    """The pieces of the messages in a block that no source has."""
    found = [piece for line in block.text.splitlines() for piece in pieces(line)]
    return [f"{block}: no source has the message '{piece}'" for piece in found if piece not in everything]


def check(pages: Sequence[Path]) -> tuple[list[str], int]:
    """What pages quote that no source says, and how many messages there are."""
    everything = "\n".join(literals(path.read_text(encoding="utf-8")) for path in sources())
    quoted = [block for page in pages for block in blocks(page) if block.language == LANGUAGE]
    return [error for block in quoted for error in missing(block, everything)], len(quoted)
