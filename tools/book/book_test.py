#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tests of the book's checks: above all, that each can fail."""

from __future__ import annotations

import tempfile
import unittest
from pathlib import Path

import check_links
import check_messages
from pages import Block, BookError, anchors, blocks
from run_blocks import Setting, run_page, steps


class Page(unittest.TestCase):
    """A page in a folder of its own."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.page = Path(folder.name) / "page.md"

    def write(self, text: str) -> Path:
        """Write the page; a fence is ~~~ here."""
        self.page.write_text(text.replace("~~~", "```"))
        return self.page


class Blocks(Page):
    """What the harness reads of a page."""

    def test_language_and_line(self) -> None:
        (block,) = blocks(self.write("# A\n\ntext\n\n~~~sh\ntrue\n~~~\n"))
        self.assertEqual((block.language, block.line, block.text, block.file), ("sh", 5, "true\n", None))

    def test_file_is_named_before_its_text(self) -> None:
        (block,) = blocks(self.write("**`src/a.rs`** has it:\n\n~~~rust\nx\n~~~\n"))
        self.assertEqual((block.file, block.appended), ("src/a.rs", False))
        (block,) = blocks(self.write("Add to **`Cargo.toml`**:\n\n~~~toml\nx\n~~~\n"))
        self.assertEqual((block.file, block.appended), ("Cargo.toml", True))

    def test_only_bold_code_is_a_file(self) -> None:
        for text in ("`a.rs`", "**a.rs**", "**`a.rs`** and **`b.rs`**", "**`a.rs`**\n\nother text"):
            (block,) = blocks(self.write(f"{text}\n\n~~~rust\nx\n~~~\n"))
            self.assertIsNone(block.file, text)

    def test_marks_hold_for_one_block_or_the_page(self) -> None:
        first, second = blocks(self.write("<!-- not run: why -->\n\n~~~sh\na\n~~~\n\n~~~sh\nb\n~~~\n"))
        self.assertEqual((first.not_run, second.not_run), ("why", None))
        first, second = blocks(self.write("<!-- page not run: why -->\n\n~~~sh\na\n~~~\n\n~~~sh\nb\n~~~\n"))
        self.assertEqual((first.not_run, second.not_run), ("why", "why"))

    def test_hidden_commands(self) -> None:
        first, second = blocks(self.write("<!-- run: a -->\n\n~~~sh\nb\n~~~\n"))
        self.assertEqual((first.language, first.text, second.text), ("sh", "a\n", "b\n"))
        (block,) = blocks(self.write("<!-- run:\na\nb\n-->\n"))
        self.assertEqual(block.text, "a\nb\n")

    def test_prompts(self) -> None:
        block = Block(self.page, 5, "console", "$ a \\\n>  b\nx\n\ny\n$ c\n$ d\n")
        read = [(step.line, step.commands, step.prints) for step in steps(block)]
        self.assertEqual(read, [(6, "a \\\n b\n", "x\n\ny\n"), (11, "c\n", ""), (12, "d\n", "")])
        with self.assertRaisesRegex(BookError, "page.md:5: a console block begins"):
            list(steps(Block(self.page, 5, "console", "a\n")))


class Run(Page):
    """A page that does what it says runs, and one that does not fails with its line."""

    def run_page(self, text: str) -> tuple[int, list[Block]]:
        """Run the page."""
        return run_page(self.write(text), Setting([], {"/usr/share/there": Path("here")}, {"GIVEN": "1"}))

    def test_passes(self) -> None:
        count, marked = self.run_page(
            "**`d/a`**\n\n~~~\n1\n~~~\n\nAdd to **`d/a`**\n\n~~~\n2\n~~~\n\n"
            "~~~sh\ncd d\nB=3\nexport C=4\n~~~\n\n"
            "~~~console\n$ cat a; echo ${B:-none} $C $GIVEN\n1\n2\nnone 4 1\n$ echo /usr/share/there\nhere\n~~~\n\n"
            "<!-- not run: why -->\n\n~~~sh\nfalse\n~~~\n"
        )
        self.assertEqual((count, [block.not_run for block in marked]), (4, ["why"]))

    def fails(self, text: str, message: str) -> None:
        """See that a page fails."""
        with self.assertRaisesRegex(BookError, message):
            self.run_page(text)

    def test_a_command_fails(self) -> None:
        self.fails("\n~~~sh\nfalse\ntrue\n~~~\n", "page.md:2: line 2: exit status 1 of\nfalse")
        self.fails("~~~console\n$ true\n$ exit 3\n~~~\n", "line 3: exit status 3")
        self.fails("~~~sh\nfalse | true\n~~~\n", "exit status 1")
        self.fails("<!-- run: false -->\n", "exit status 1")

    def test_the_output_differs(self) -> None:
        for shown in ("b\n", "", "a\nb\n"):
            self.fails(f"~~~console\n$ echo a\n{shown}~~~\n", "line 2: this prints something else")
        self.fails("~~~console\n$ true\na\n~~~\n", "something else")
        self.fails("~~~console\n$ echo a >&2\n~~~\n", "something else")

    def test_any_text(self) -> None:
        self.run_page("~~~console\n$ echo a b c; echo d\na ... c\n...\n~~~\n")
        self.fails("~~~console\n$ echo a b d\na ... c\n~~~\n", "something else")


class Links(Page):
    """A link leads somewhere on a code host."""

    def check(self, text: str) -> list[str]:
        """What is wrong with the links of a page."""
        return check_links.check([self.write(text)])[0]

    def test_right(self) -> None:
        (self.page.parent / "folder").mkdir()
        right = "# A `b` c\n\n[x](#a-b-c) [x](page.md#a-b-c) [x](folder) [x](https://example.org/) ![x](page.md)\n"
        self.assertEqual(self.check(right), [])
        self.assertEqual(check_links.check([self.page])[1], ["https://example.org/"])

    def test_wrong(self) -> None:
        for target in ("other.md", "#b", "page.md#b", "folder", "../other"):
            (error,) = self.check(f"# A\n\ntext\n[x]({target})\n")
            self.assertIn("page.md:3", error)
        self.assertEqual(len(self.check("![x](no.svg)\n")), 1)

    def test_anchors(self) -> None:
        found = anchors(self.write("# One two\n\n## `inline-asm`\n\n### What's this?\n"))
        self.assertEqual(found, {"one-two", "inline-asm", "whats-this"})


class Messages(Page):
    """A quoted message is one of the sources."""

    def missing(self, message: str, source: str) -> list[str]:
        """The pieces of a message that a source lacks."""
        block = Block(self.page, 1, "text", message)
        return check_messages.missing(block, check_messages.literals(source))

    def test_found(self) -> None:
        source = 'makeError("library \'" + Path +\n  "\' is damaged: " + Why, "make it "\n  "again")'
        message = "error: inline-helpers: library '…' is damaged: …\nhelp: make it again"
        self.assertEqual(self.missing(message, source), [])
        self.assertEqual(self.missing("is \"quoted\" here", 'f("is \\"quoted\\" " "here")'), [])
        self.assertEqual(self.missing("over two lines", 'f!("over two \\\n       lines")'), [])

    def test_missing(self) -> None:
        (error,) = self.missing("error: library '…' is broken", 'makeError("library \'" + Path + "\' is damaged")')
        self.assertIn("no source has the message 'is broken'", error)

    def test_the_sources_have_messages(self) -> None:
        self.assertGreater(len(list(check_messages.sources())), 40)


if __name__ == "__main__":
    unittest.main()
