# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What make builds again, and when: in an object tree of its own, with the source edited for a while."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import module_name
from console import HarnessError, phase
from objects import inspect
from toolchain import digest
from tree import CALLS, CRATES, INLINED, Source, Tree, build
from verdict import Check, conclude

BITCODE = (Path("rust/helpers.bc"), Path("rust/helpers_module.bc"))
RNULL = Path("drivers/block/rnull.o")
TARGETS = [str(crate) for crate in CRATES if crate.parts[0] != "rust"]
"""What is asked of make: it builds rust/ first, for whatever target."""

HEADER = Path("include/kunit/test-bug.h")
"""A header of which only the helpers know: nothing else makes the crates outdated."""
HELPER = Path("rust/helpers/blk.c")
BODY = "return blk_mq_rq_to_pdu(rq);"
"""What rust_helper_blk_mq_rq_to_pdu in HELPER does; rnull wants it."""
INCLUDE = "#include <linux/blkdev.h>\n"
CHANGES = ((BODY, f'asm volatile("nop; nop; nop"); {BODY}'), (INCLUDE, f"{INCLUDE}\n{module_name.HELPER}"))
"""One helper of HELPER changes, and another is new."""


class Edits:
    """Edits of the shared source that are taken back, by the next harness if this one is killed."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._originals = source.work / "originals"

    def touch(self, path: Path) -> None:
        """Make a file newer."""
        self._keep(path)
        os.utime(self._source.path / path)

    def replace(self, path: Path, old: str, new: str, keep_date: bool = False) -> None:
        """Change a file; with its date kept, make does not notice."""
        self._keep(path)
        file = self._source.path / path
        before, text = file.stat(), file.read_text()
        if old not in text:
            raise HarnessError(f"{path} has no line {old!r}")
        file.write_text(text.replace(old, new))
        if keep_date:
            os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))

    def undo(self) -> None:
        """Put every file back, with its date: the other trees need not notice."""
        for original in self._originals.rglob("*.[ch]"):
            shutil.copy2(original, self._source.path / original.relative_to(self._originals))
        shutil.rmtree(self._originals, ignore_errors=True)

    def _keep(self, path: Path) -> None:
        kept = self._originals / path
        if not kept.exists():
            kept.parent.mkdir(parents=True, exist_ok=True)
            partial = kept.with_suffix(".partial")
            shutil.copy2(self._source.path / path, partial)
            partial.rename(kept)


@dataclass(frozen=True)
class State:
    """The dates and contents of what concerns us."""

    dates: dict[Path, int]
    digests: dict[Path, str]

    @staticmethod
    def of(tree: Tree) -> State:
        files = [path for path in (*BITCODE, *CRATES) if (tree.path / path).exists()]
        return State(
            {path: (tree.path / path).stat().st_mtime_ns for path in files},
            {path: digest(tree.path / path) for path in files},
        )

    @staticmethod
    def of_all(tree: Tree) -> State:
        """The dates of every file, but for the reports."""
        files = {
            path.relative_to(tree.path): path.lstat()
            for path in tree.path.rglob("*")
            if not path.is_relative_to(tree.reports)
        }
        return State({path: file.st_mtime_ns for path, file in files.items() if stat.S_ISREG(file.st_mode)}, {})

    def newer(self, before: State) -> set[Path]:
        """What was made again since `before`."""
        return {path for path, date in self.dates.items() if date != before.dates.get(path)}

    def changed(self, before: State) -> set[Path]:
        """What has another content than `before`."""
        return {path for path, value in self.digests.items() if value != before.digests.get(path)}


def run(trees: dict[str, Tree], boot_timeout: float) -> int:
    """Run every case in turn; 0 if all held."""
    edits = Edits(trees[CALLS].source)
    build(trees, [INLINED])
    tree = replace(trees[INLINED], name="dependencies").with_plugin()
    shutil.rmtree(tree.path, ignore_errors=True)
    tree.copy_from(trees[INLINED])
    try:
        return conclude(_cases(tree, State.of(trees[INLINED]), edits, boot_timeout))
    finally:
        edits.undo()
        shutil.rmtree(tree.path, ignore_errors=True)


def _cases(tree: Tree, elsewhere: State, edits: Edits, boot_timeout: float) -> list[Check]:
    """Every case; `elsewhere` is the folder that the tree was copied from."""
    phase("making the Rust part in a folder of its own")
    tree.make(TARGETS)
    first = State.of(tree)
    return [
        *_two_folders(first, elsewhere),
        *_untouched(tree, first),
        *_touched_header(tree, edits, first),
        *_failing_clang(tree, edits),
        *_wrong_helper(tree, edits),
        *_changed_helper(tree, edits, first, boot_timeout),
    ]


def _two_folders(first: State, elsewhere: State) -> list[Check]:
    """The commands of crates name the folder, so that in a copy they are made anew; the bitcode is when it is touched."""
    copied = set(CRATES) - first.newer(elsewhere)
    changed = first.changed(elsewhere)
    return [
        Check("in another folder, crates are made again", not copied, f"not made again: {_names(copied)}"),
        Check("the same bytes in two folders", not changed, f"changed: {_names(changed)}"),
    ]


def _untouched(tree: Tree, first: State) -> list[Check]:
    phase("nothing touched")
    steps = tree.make(TARGETS)
    again = State.of(tree).newer(first)
    return [Check("nothing touched, nothing made", steps == 0 and not again, f"{steps} steps, {_names(again)}")]


def _touched_header(tree: Tree, edits: Edits, first: State) -> list[Check]:
    phase(f"touched {HEADER}")
    edits.touch(HEADER)
    tree.make(TARGETS)
    again = State.of(tree)
    missed = set(first.dates) - again.newer(first)
    changed = again.changed(first)
    return [
        Check("header touched, bitcode and crates made again", not missed, f"not made again: {_names(missed)}"),
        Check("header touched, the same bytes", not changed, f"changed: {_names(changed)}"),
    ]


def _failing_clang(tree: Tree, edits: Edits) -> list[Check]:
    phase("a clang that fails")
    edits.touch(HEADER)
    failing = {"INLINE_HELPERS_CLANG": shutil.which("false") or "false"}
    said = _failure(tree, failing)
    again = _failure(tree, failing)
    return [
        Check("failing clang fails the build", bool(said), _first_line(said)),
        Check("failing clang is told", "error: " in said and "helpers.c" in said, _first_line(said)),
        Check("failing clang fails the next build too", bool(again), _first_line(again)),
    ]


def _wrong_helper(tree: Tree, edits: Edits) -> list[Check]:
    """Bindgen accepts this helper, so that the refusal is that of the clang that makes bitcode."""
    phase(f"an error in {HELPER}")
    wrong = f"\n#ifndef __BINDGEN__\n#error no such helper\n#endif\n{BODY}"
    edits.replace(HELPER, BODY, wrong)
    said = _failure(tree, {})
    edits.replace(HELPER, wrong, BODY)
    return [Check("wrong helper fails the build, with clang's message", "no such helper" in said, _first_line(said))]


def _changed_helper(tree: Tree, edits: Edits, first: State, boot_timeout: float) -> list[Check]:
    """One helper changes and another is new; then the file is as it was."""
    phase(f"changed {HELPER}")
    made = _made(tree, edits, CHANGES)
    missed = {*BITCODE, RNULL} - State.of(tree).changed(first)
    greetings = module_name.judge(module_name.run(tree, boot_timeout))
    phase("without the flags")
    plain = replace(tree, flags=())
    plain.make(TARGETS)
    called = inspect(tree.tools, tree.path / RNULL).called
    phase(f"restored {HELPER}")
    made_plain = _made(plain, edits, [(new, old) for old, new in CHANGES])
    phase("with the flags again")
    tree.make(TARGETS)
    changed = State.of(tree).changed(first)
    return [
        Check("helper changed, bitcode and driver change", not missed, f"unchanged: {_names(missed)}"),
        *judge_made(made, made_plain),
        *greetings,
        Check("without the flags, calls again", bool(called), f"{len(called)} helpers called"),
        Check("restored, and with the flags again, the first bytes again", not changed, f"changed: {_names(changed)}"),
    ]


def _made(tree: Tree, edits: Edits, changes: Iterable[tuple[str, str]]) -> set[Path]:
    """Everything that make makes after changes of HELPER."""
    before = State.of_all(tree)
    for old, new in changes:
        edits.replace(HELPER, old, new)
    tree.make(TARGETS)
    return State.of_all(tree).newer(before)


def judge_made(made: set[Path], without_plugin: set[Path]) -> list[Check]:
    """What make makes after a change of a helper: what it makes without the plugin, and the bitcode."""
    missed = without_plugin - made
    needless = made - without_plugin - set(BITCODE)
    return [
        Check("helper changed, everything is made that is without the plugin", not missed, f"not made: {_names(missed)}"),
        Check("helper changed, nothing but the bitcode is made beyond that", not needless, _names(needless)),
        Check("helper changed, both bitcode files are made", set(BITCODE) <= made, f"{len(made)} files made"),
    ]


def _failure(tree: Tree, environment: dict[str, str]) -> str:
    """What a build that must fail says; nothing if it does not fail."""
    try:
        tree.make(TARGETS, environment)
    except HarnessError as failure:
        return str(failure)
    return ""


def _first_line(said: str) -> str:
    return said.partition("\n")[2].partition("\n")[0] or "the build went through"


def _names(paths: Iterable[Path]) -> str:
    return ", ".join(sorted(map(str, paths))) or "none"
