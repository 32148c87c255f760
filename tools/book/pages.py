# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What is in the pages: their blocks of code, headings and links, as markdown-it reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.anchors import anchors_plugin

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"

# What a page says to the harness, in comments that no reader sees.
_NOT_RUN = re.compile(r"<!-- not run: (.*?)\s-->", re.DOTALL)
_PAGE_NOT_RUN = re.compile(r"<!-- page not run: (.*?)\s-->", re.DOTALL)
_HIDDEN = re.compile(r"<!-- run:\s(.*?)\s-->", re.DOTALL)


class BookError(Exception):
    """Something in a page that is wrong, told in one line."""


@dataclass(frozen=True)
class Block:
    """A block of code."""

    page: Path
    line: int  # of its fence or comment, from 1
    language: str
    text: str
    file: str | None = None  # the file it is the text of
    appended: bool = False  # to what the file has
    not_run: str | None = None  # why

    def __str__(self) -> str:
        return f"{shown(self.page)}:{self.line}"


@dataclass(frozen=True)
class Link:
    """A link or a picture."""

    page: Path
    line: int
    target: str

    def __str__(self) -> str:
        return f"{shown(self.page)}:{self.line}"


def shown(page: Path) -> str:
    """The name of a page, for a reader of this source tree."""
    return str(page.relative_to(ROOT)) if page.is_relative_to(ROOT) else page.name


def _tokens(page: Path) -> list[Token]:
    reader = MarkdownIt("commonmark").enable("table").use(anchors_plugin, max_level=6)
    return reader.parse(page.read_text(encoding="utf-8"))


def _line(token: Token) -> int:
    assert token.map is not None
    return token.map[0] + 1


def _file_of(paragraph: Token) -> tuple[str, bool] | None:
    """The file that a paragraph such as "**`build.rs`**" or "Add to **`Cargo.toml`**:" names."""
    children = paragraph.children or []
    named = [
        children[index + 1].content
        for index in range(len(children) - 2)
        if [token.type for token in children[index : index + 3]] == ["strong_open", "code_inline", "strong_close"]
    ]
    if len(named) != 1:
        return None
    return named[0], paragraph.content.startswith("Add to ")


def blocks(page: Path) -> list[Block]:
    """The blocks of a page in their order, and the commands that only the harness runs."""
    result: list[Block] = []
    whole = _PAGE_NOT_RUN.search(page.read_text(encoding="utf-8"))
    whole_reason = " ".join(whole[1].split()) if whole else None
    file: tuple[str, bool] | None = None
    not_run: str | None = None
    for token in _tokens(page):
        if token.type == "fence":
            name, appended = file or (None, False)
            language = token.info.split(" ")[0]
            block = Block(page, _line(token), language, token.content, name, appended, not_run or whole_reason)
            result.append(block)
            file = not_run = None
        elif token.type == "html_block":
            if match := _NOT_RUN.search(token.content):
                not_run = " ".join(match[1].split())
            for hidden in _HIDDEN.finditer(token.content):
                result.append(Block(page, _line(token), "sh", hidden[1] + "\n", not_run=whole_reason))
        elif token.type == "inline":
            file = _file_of(token)
    return result


def anchors(page: Path) -> set[str]:
    """What a link can name behind '#' in a page."""
    return {str(token.attrs["id"]) for token in _tokens(page) if "id" in token.attrs}


def links(page: Path) -> Iterator[Link]:
    """The links and pictures of a page."""
    line = 1
    for token in _tokens(page):
        line = _line(token) if token.map else line
        for child in token.children or []:
            target = child.attrs.get("href") or child.attrs.get("src")
            if target is not None:
                yield Link(page, line, str(target))
