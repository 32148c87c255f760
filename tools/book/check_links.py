# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Checks the links of pages as a code host shows them; Sphinx checks those of the book."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pages import Link, anchors, links


def wrong(link: Link) -> str | None:
    """What is wrong with a link, if it is to a file."""
    parts = urlsplit(link.target)
    if parts.scheme or parts.netloc:
        return None
    file = link.page.parent / unquote(parts.path) if parts.path else link.page
    if not file.exists():
        return f"{link}: there is no '{parts.path}'"
    if not parts.fragment:
        return None
    if file.suffix != ".md":
        return f"{link}: '{link.target}' names a place in what is no page"
    if parts.fragment not in anchors(file):
        return f"{link}: there is no heading '#{parts.fragment}' in {file.name}"
    return None


def check(pages: Sequence[Path]) -> tuple[list[str], list[str]]:
    """What is wrong with the links of pages, and the links to elsewhere, which nothing fetches."""
    found = [link for page in pages for link in links(page)]
    elsewhere = sorted({link.target for link in found if urlsplit(link.target).scheme})
    return [error for link in found if (error := wrong(link))], elsewhere
