# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares the two variants: what is left to call, what is new to complain about, what it saves."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import reports
from boot import OPERATIONS, Boot, fastest_boot
from console import phase, table
from objects import Helpers, inspect
from toolchain import digest
from tree import CALLS, CRATES, FRAGMENT, INLINED, VARIANTS, Tree, build
from verdict import Check, conclude, nothing

LEAST_SAVING = 20
"""Instructions a transfer that inlining must save."""
LARGEST_SPREAD = 2
"""Instructions a transfer by which the rounds of one boot may differ, so that a saving means something."""
BOOTS = 8
"""Boots of one kernel; about every second one is of the fastest layout."""


@dataclass(frozen=True)
class Figures:
    """Everything measured of one variant."""

    steps: int
    configuration: str
    warnings: list[str]
    objects: dict[str, Helpers]
    boot: Boot


def run(trees: dict[str, Tree], boot_timeout: float) -> int:
    """Build, boot and compare; 0 if every check passed."""
    steps = build(trees, VARIANTS)
    figures = {name: _measure(trees[name], steps[name], boot_timeout) for name in VARIANTS}
    reported = reports.read(trees[CALLS], trees[INLINED])
    checks = compare(figures[CALLS], figures[INLINED]) + reports.judge(reported)
    report = trees[CALLS].source.work / "report.json"
    _write(report, trees[INLINED], figures, checks)
    print(_table(figures))
    print(reports.summary(reported))
    phase(f"wrote {report}")
    return conclude(checks)


def compare(calls: Figures, inlined: Figures) -> list[Check]:
    """Judge the inlined variant by the other."""
    new = sorted(set(inlined.warnings) - set(calls.warnings))
    checks = [
        Check("same configuration", calls.configuration == inlined.configuration, "the .config of both variants"),
        nothing("no new warning", new),
    ]
    for crate in map(str, CRATES):
        before, after = calls.objects[crate], inlined.objects[crate]
        checks += [
            Check(f"{crate} has calls to inline", bool(before.called), f"{len(before.called)} helpers"),
            nothing(f"{crate} calls no helper", after.called),
            nothing(f"{crate} keeps a copy only for an address", after.needless),
        ]
    for name, variant in ((CALLS, calls), (INLINED, inlined)):
        failures = variant.boot.failures()
        checks.append(nothing(f"{name} boots and transfers are right", failures))
    return checks + compare_boots(calls.boot, inlined.boot, LEAST_SAVING)


def compare_boots(calls: Boot, inlined: Boot, least: int) -> list[Check]:
    """Judge what inlining saves: at least so many instructions a transfer, and more than chance could."""
    checks = []
    for operation in OPERATIONS:
        spread = max(calls.spread(operation), inlined.spread(operation))
        saved = calls.median(operation) - inlined.median(operation)
        checks += [
            Check(f"{operation} rounds agree within {LARGEST_SPREAD}", spread <= LARGEST_SPREAD, f"{spread:.2f}"),
            Check(f"{operation} saves {least} instructions", saved >= least, f"{saved:.1f}"),
        ]
    return checks


def _measure(tree: Tree, steps: int, boot_timeout: float) -> Figures:
    return Figures(
        steps=steps,
        configuration=digest(tree.path / ".config"),
        warnings=sorted(tree.warnings()),
        objects={str(crate): inspect(tree.tools, tree.path / crate) for crate in CRATES},
        boot=fastest_boot(tree, boot_timeout, BOOTS),
    )


def _table(figures: dict[str, Figures]) -> str:
    """The two variants side by side."""
    calls, inlined = figures[CALLS], figures[INLINED]
    rows: list[tuple[str, float, float]] = []
    for crate in map(str, CRATES):
        before, after = calls.objects[crate], inlined.objects[crate]
        rows += [
            (f"{crate}: helpers called", len(before.called), len(after.called)),
            (f"{crate}: helpers copied", len(before.copied), len(after.copied)),
            (f"{crate}: bytes of code", before.text, after.text),
        ]
    for operation in OPERATIONS:
        one, other = calls.boot, inlined.boot
        count = len(one.rounds[operation])
        rows += [
            (f"instructions a 4 KiB {operation}", one.median(operation), other.median(operation)),
            (f"spread of its {count} rounds", one.spread(operation), other.spread(operation)),
        ]
    cells = [[name, _number(first), _number(second), _number(second - first)] for name, first, second in rows]
    return table(["", *VARIANTS, "difference"], cells)


def _number(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:,.1f}"


def _write(path: Path, tree: Tree, figures: dict[str, Figures], checks: list[Check]) -> None:
    """All raw figures, for other programs."""
    report = {
        "versions": tree.tools.versions() | {"kernel": tree.source.version()},
        "fragment_sha256": digest(FRAGMENT),
        "flags": list(tree.flags),
        "variants": {name: asdict(variant) for name, variant in figures.items()},
        "checks": [asdict(check) for check in checks],
    }
    path.write_text(json.dumps(report, indent=2) + "\n")
