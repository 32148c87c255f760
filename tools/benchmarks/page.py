# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Makes pages of what was measured."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from parts import Bars, Limit, Lines, Part, Table, Text

_MADE = "<!-- Made by `tools/bench record`; do not edit. -->"
_HTML = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #222; background: #fff; }}
table {{ border-collapse: collapse; margin: 1rem 0; font-size: 0.9rem; font-variant-numeric: tabular-nums; display: block; overflow-x: auto; }}
th, td {{ padding: 0.2rem 0.7rem; border-bottom: 1px solid #ddd; }}
th {{ border-bottom: 2px solid #888; text-align: left; }}
img {{ max-width: 100%; }}
code {{ background: #f3f3f3; padding: 0 0.2rem; }}
pre code {{ display: block; padding: 0.6rem; overflow-x: auto; }}
</style>
</head>
<body>
{body}
</body>
</html>
"""


def markdown(parts: Iterable[Part], images: str, suffix: str) -> str:
    """The parts as Markdown, whose plots are files in a folder `images`."""
    return "\n\n".join(_blocks(parts, images, suffix)) + "\n"


def heading(measured: dict[str, Any]) -> list[Part]:
    """How a measurement was made."""
    told = measured["machine"] | measured["versions"]
    load = " and ".join(f"{average:.1f}" for average in measured["load"])
    rows = [[name, str(value)] for name, value in told.items()]
    rows += [["measured", measured["date"]], ["load average before and after", load]]
    return [
        Text(f"Repeat it with `{measured['command']}`."),
        Text("<details><summary>The machine and the versions</summary>"),
        Table("", ["", ""], rows),
        Text("</details>"),
    ]


def html(title: str, text: str) -> str:
    """A page of Markdown."""
    import markdown as package  # here, so that what has no page does without

    body = package.markdown(text, extensions=["tables", "fenced_code", "md_in_html"])
    return _HTML.format(title=title, body=body)


def _blocks(parts: Iterable[Part], images: str, suffix: str) -> Iterator[str]:
    limits: list[Limit] = []
    for part in parts:
        if isinstance(part, Limit):
            limits.append(part)
        elif isinstance(part, Text):
            yield part.markdown
        elif isinstance(part, Bars | Lines):
            yield f"![{part.title}]({images}/{part.name}.{suffix})"
        else:
            yield from _table(part)
    if limits:
        yield from _table(table_of(limits))


def table_of(limits: Sequence[Limit]) -> Table:
    """What must hold, what was seen, and whether it does."""
    rows = [
        [limit.what, f"{limit.most:g}{limit.unit}", f"{limit.seen:.4g}{limit.unit}", "yes" if limit.holds else "**no**"]
        for limit in limits
    ]
    return Table("What must hold", ["", "at most", "measured", "holds"], rows)


def _table(part: Table) -> Iterator[str]:
    if part.title:
        yield f"**{part.title}**"
    lines = [part.headers, [":--", *["--:"] * (len(part.headers) - 1)], *part.rows]
    yield "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def _cell(text: str) -> str:
    # A type of Rust in "<…>" would be a link.
    return text.replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")


def write_plots(parts: Iterable[Part], folder: Path, suffixes: tuple[str, ...]) -> None:
    """Draw every plot among the parts."""
    plots = [part for part in parts if isinstance(part, Bars | Lines)]
    if plots:
        import plots as drawing  # here, so that what draws nothing does without matplotlib

        for plot in plots:
            drawing.draw(plot, folder, suffixes)


def made(title: str, text: str) -> str:
    """A whole page of Markdown."""
    return f"# {title}\n\n{_MADE}\n\n{text}"
