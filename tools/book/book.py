#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Builds the book of docs/, and checks that what it says is so."""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

try:
    import check_links
    import check_messages
    from pages import DOCS, ROOT, BookError, shown
    from run_blocks import Setting, run_page
except ModuleNotFoundError as missing:
    sys.exit(f"error: {missing}\nhelp: tools/setup --check installs what the book needs")

sys.path.insert(0, str(ROOT / "examples"))
import compare  # noqa: E402, which finds the rustc that a build is for

MESSAGES = [DOCS / "troubleshooting.md"]


def _pages() -> list[Path]:
    """README.md and the pages of the book, in the order they are read."""
    first = [ROOT / "README.md", DOCS / "index.md", DOCS / "quickstart.md"]
    return [*first, *sorted(set(DOCS.glob("*.md")) - set(first))]


def build_book(build: Path) -> str:
    """Build the book; a warning is an error."""
    folder = build / "docs" / "html"
    command = ["/usr/bin/sphinx-build", "-q", "-n", "-W", "--keep-going", "-a", "-E", "-d", str(folder.with_name("doctrees"))]
    environment = {"PATH": f"{build / 'bin'}:/usr/bin:/bin", "HOME": "/nonexistent", "LC_ALL": "C.UTF-8"}
    done = subprocess.run([*command, str(DOCS), str(folder)], env=environment)
    if done.returncode != 0:
        raise BookError("the book cannot be built, or has something to warn of")
    return f"book: {folder / 'index.html'}"


def _words(svg: str) -> list[str]:
    """The text in a picture; its sizes are those of the fonts there are."""
    root = ElementTree.fromstring(svg)
    return ["".join(text.itertext()) for text in root.iter("{http://www.w3.org/2000/svg}text")]


def pictures() -> str:
    """See that pictures are made of their sources."""
    sources = sorted(DOCS.glob("pictures/*.dot"))
    for source in sources:
        made = subprocess.run(["dot", "-Tsvg", source], check=True, capture_output=True, text=True).stdout
        picture = source.with_suffix(".svg")
        if _words(made) != _words(picture.read_text(encoding="utf-8")):
            raise BookError(f"{picture.relative_to(ROOT)} is not made of {source.name} (dot -Tsvg)")
    return f"pictures: {len(sources)} as their sources say"


def links() -> str:
    """Check the links of all pages."""
    # The commands of the examples are run by their own test.
    wrong, elsewhere = check_links.check([*_pages(), *sorted(ROOT.glob("examples/**/README.md"))])
    if wrong:
        raise BookError("\n".join(wrong))
    return "\n  ".join([f"links: those to files are right; {len(elsewhere)} to elsewhere, not fetched:", *elsewhere])


def messages() -> str:
    """Check the messages that pages quote."""
    wrong, count = check_messages.check([page for page in MESSAGES if page.exists()])
    if wrong:
        raise BookError("\n".join(wrong))
    return f"messages: {count} are those of the sources"


def _setting(build: Path) -> Setting:
    rustc = Path(compare.rustc_of(build))
    environment = {"CARGO_TERM_COLOR": "never", "CARGO_NET_OFFLINE": "true"}
    installed = {
        "/usr/share/inline-helpers/inline-helpers-build": ROOT / "tools" / "inline-helpers-build",
        "/usr/lib/x86_64-linux-gnu/InlineHelpers-22.so": build / "lib" / "InlineHelpers-22.so",
    }
    return Setting([build / "bin", rustc.parent], installed, environment)


def run(build: Path, pages: Sequence[Path]) -> str:
    """Run the blocks of pages."""
    errors, setting = [], _setting(build)
    for page in pages:
        start = time.monotonic()
        try:
            count, marked = run_page(page, setting)
        except BookError as error:
            errors.append(str(error))
            continue
        if count:
            print(f"  {shown(page)}: {count} blocks, {time.monotonic() - start:.1f} s", flush=True)
        for block in marked:
            print(f"  {block}: not run: {block.not_run}")
    if errors:
        raise BookError("\n".join(errors))
    return "blocks: those that run do what their pages say"


def main() -> int:
    """Do what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=Path, default=ROOT / "build", help="folder of a build (default: build)")
    what = {
        "book": "build it",
        "pictures": "check its pictures",
        "links": "check links",
        "messages": "check the messages that are quoted",
    }
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, text in what.items():
        commands.add_parser(name, help=text)
    runner = commands.add_parser("run", help="run the blocks of pages")
    runner.add_argument("pages", nargs="*", type=Path, metavar="PAGE", help="default: all")
    commands.add_parser("check", help="all of it")
    arguments = parser.parse_args()
    build = arguments.build.resolve()
    pages = [page.resolve() for page in getattr(arguments, "pages", [])] or _pages()
    actions = {
        "book": lambda: build_book(build),
        "pictures": pictures,
        "links": links,
        "messages": messages,
        "run": lambda: run(build, pages),
    }
    failed = False
    for name in actions if arguments.command == "check" else [arguments.command]:
        try:
            print(actions[name](), flush=True)
        except BookError as error:
            print(f"error: {error}", file=sys.stderr)
            failed = True
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
