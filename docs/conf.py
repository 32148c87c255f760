# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The book that Sphinx makes of these pages; tools/book/book.py calls it."""

from pathlib import Path

project = "inline-helpers"
extensions = ["myst_parser", "sphinx_copybutton", "sphinxcontrib.programoutput"]
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


def _outside(app, env, node, contnode):
    """What of the source tree is outside of the book is named in it, and is a link on a code host."""
    page = Path(env.doc2path(node["refdoc"]))
    target = (page.parent / node["reftarget"].partition("#")[0]).resolve()
    return contnode if target.exists() and page.parent not in target.parents else None


def setup(app):
    """Register what the extensions do not do."""
    app.connect("missing-reference", _outside)
