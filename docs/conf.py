# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The book that Sphinx makes of these pages; tools/book/book.py calls it."""

import re
import subprocess
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import Directive

project = "inline-helpers"
extensions = ["myst_parser", "sphinx_copybutton"]
html_theme = "furo"
html_static_path = ["_static"]
html_css_files = ["book.css"]
html_title = "inline-helpers"
html_show_copyright = html_show_sphinx = html_copy_source = False
# Blocks without a language are what a command prints.
highlight_language = "none"
myst_heading_anchors = 3
# The prompt of a console block is not part of what is pasted.
copybutton_prompt_text = "$ "
copybutton_only_copy_prompt_lines = True


def _help_of(*command: str) -> str:
    return subprocess.run([*command, "--help"], check=True, capture_output=True, text=True).stdout.strip()


class CommandHelp(Directive):
    """A section for inline-helpers and each of its commands, with what --help prints."""

    def run(self):
        """Make the sections."""
        overview = _help_of("inline-helpers")
        names = re.findall(r"^  ([a-z-]+) +- ", overview.partition("OPTIONS:")[0], re.MULTILINE)
        helps = {"inline-helpers": overview}
        helps |= {f"inline-helpers {name}": _help_of("inline-helpers", name) for name in names}
        return [self._section(command, text) for command, text in helps.items()]

    def _section(self, command: str, text: str) -> nodes.section:
        section = nodes.section("", nodes.title("", command), ids=[nodes.make_id(command)])
        section += nodes.literal_block(text, text, language="none")
        self.state.document.note_explicit_target(section)
        return section


def _outside(app, env, node, contnode):
    """What of the source tree is outside of the book is named in it, and is a link on a code host."""
    page = Path(env.doc2path(node["refdoc"]))
    target = (page.parent / node["reftarget"].partition("#")[0]).resolve()
    return contnode if target.exists() and page.parent not in target.parents else None


def setup(app):
    """Register what the extensions do not do."""
    app.add_directive("command-help", CommandHelp)
    app.connect("missing-reference", _outside)
