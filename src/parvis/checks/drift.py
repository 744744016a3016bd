"""What changed between two versions of a resource, beyond what time and chance change by themselves.

`compare` holds the next version against the one before; `checks/drifts/*.py` declare what is looked for. A
comparison first asks how the two versions stand in time, because most tables grow or roll: a table that
gained a month is compared on the months that both have, and the new month only has to be plausible. Every
limit is two limits: larger than chance makes it (once in some 30,000 looks), and large enough to matter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

import duckdb
import numpy as np
import numpy.typing as npt

from parvis.checks import drifts as declarations
from parvis.checks.declaration import English
from parvis.checks.own_codes import own_codes
from parvis.checks.version_profile import (
    Numbers,
    Portrait,
    Texts,
    VersionProfile,
    draw,
    filled,
    key_of,
    times,
)
from parvis.core import registry
from parvis.core.types import Column, Dimension, Finding, Sensitivity, Severity
from parvis.methods.two_samples import share_score

CHANCE = 3e-5
"""Probability that a limit is passed by chance alone, when nothing changed."""

SURE = 4.0
"""Standard errors told at least: once in 16,000 looks."""

RARE = 11.0
"""Rows expected, below which that none is there may be chance: exp(-11) = 1.7e-5."""

HIDDEN = frozenset({Sensitivity.DIRECT, Sensitivity.SPECIAL, Sensitivity.SECRET})
"""Columns of which no value is told."""

Phase = Literal["same", "grown", "rolled", "replaced"]
"""How the later version stands in time: of the same period; with a new one added; moved on, with a part in
common; another period altogether.
"""

STEADY = 0.85
"""Share of the rows that kept their text in a column, from which it is not drawn anew each time."""

Mask = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Standing:
    """How the periods of two versions relate, by which column, and which sampled rows lie in the period of
    both.
    """

    phase: Phase
    column: str
    before: Mask
    after: Mask

    def part(self, values: Numbers, mask: Mask) -> Numbers:
        """The filled values of the sampled rows of a mask."""
        return filled(values[mask])


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions of a resource, the earlier first. history: rows of the versions before, the oldest first,
    `before` last.
    """

    before: Portrait
    after: Portrait
    standing: Standing
    history: tuple[int, ...] = ()
    key: str = ""
    shared_keys: float | None = None
    """Share of the keys of the smaller version that stand in the other; None without a key."""
    pairs: tuple[Places, Places] | None = None
    """Places of the sampled rows that both versions have, set side by side by their key; None when they have
    less than half in common.
    """

    @property
    def shared(self) -> tuple[Column, ...]:
        """Columns that both have under one name and one type."""
        first = self.before.schema
        return tuple(
            c
            for c in self.after.schema.columns
            if (b := first.column(c.name)) is not None and b.type == c.type
        )

    def hidden(self, name: str) -> bool:
        """Whether the values of that column must not be shown."""
        sides = (self.before.schema.column(name), self.after.schema.column(name))
        return any(c is not None and c.sensitivity in HIDDEN for c in sides)

    @property
    def settled(self) -> bool:
        """The same rows as before, but for a few: what is gone was taken away, not left out of a draw."""
        return (
            self.shared_keys is not None
            and self.shared_keys >= 0.9
            and self.standing.phase in ("same", "grown")
        )

    @property
    def moved(self) -> bool:
        """Whether they speak of different periods, so that most of what differs is the time's doing."""
        return self.standing.phase in ("rolled", "replaced")

    def steady(self, name: str) -> bool:
        """Whether the rows are the same and nearly all have kept their text in that column."""
        if (
            not self.settled
            or self.pairs is None
            or name not in self.before.texts
            or name not in self.after.texts
        ):
            return False
        was, now = self.before.texts[name][self.pairs[0]], self.after.texts[name][self.pairs[1]]
        return len(was) > 0 and float((was == now).mean()) >= STEADY


@dataclass(frozen=True, slots=True)
class Change:
    """One change between two versions. column: "" for the table. params: the words of the message. count:
    rows concerned, when they can be counted.
    """

    column: str = ""
    params: Mapping[str, str] = field(default_factory=dict[str, str])
    count: int = 0
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two small tables, column by column, and the columns that must be reported ("" for the table); none: no
    finding at all.
    """

    before: Mapping[str, Sequence[str]]
    after: Mapping[str, Sequence[str]]
    columns_told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Drift:
    """A kind of change. Declared as a module constant in `checks/drifts/<name>.py`; found by walking the
    package.
    """

    name: str
    title: str
    message: str
    """French template: {column} and the change's own words."""
    fix: str
    why: str
    look: Callable[[Comparison], Iterable[Change]]
    english: English
    severity: Severity = "warning"
    dimension: Dimension = "consistency"
    examples: tuple[Pair, ...] = ()


@cache
def drifts() -> Mapping[str, Drift]:
    """All declared drifts by name."""
    return registry.declared(declarations, Drift, belongs=lambda one: one.name not in own_codes())


def compare(
    con: duckdb.DuckDBPyConnection, before: VersionProfile, after: VersionProfile, history: Sequence[int] = ()
) -> tuple[Finding, ...]:
    """Findings about what changed from one version to the next, the gravest first. history: rows of the
    versions before, the oldest first, `before` last.
    """
    key = key_of(before, after)
    first, second = draw(con, before, key), draw(con, after, key)
    return findings_of(
        Comparison(
            first,
            second,
            standing(first, second),
            tuple(history),
            key,
            overlap(first.key, second.key),
            _paired(first.key, second.key),
        )
    )


def findings_of(comparison: Comparison) -> tuple[Finding, ...]:
    """What every declared drift has to say."""
    order = {"error": 0, "warning": 1, "info": 2}
    findings = [_finding(drift, change) for drift in drifts().values() for change in drift.look(comparison)]
    return tuple(sorted(findings, key=lambda f: (order[f.severity], f.check, f.column)))


def _finding(drift: Drift, change: Change) -> Finding:
    words = {"column": change.column, **change.params}
    return Finding(
        drift.name,
        drift.message.format_map(words),
        change.severity or drift.severity,
        drift.dimension,
        change.column,
        change.count,
        (),
        drift.fix.format_map(words),
        change.params,
    )


def beyond_chance(hits: int, of: int, again: int, of_again: int) -> bool:
    """Whether two shares differ by more than chance. Where one side has none, what the other leads to expect
    there is what counts.
    """
    if not of or not of_again:
        return False
    if not hits or not again:
        return again * of / of_again >= RARE or hits * of_again / of >= RARE
    return abs(share_score(hits, of, again, of_again)) >= SURE


def overlap(first: Texts | None, second: Texts | None) -> float | None:
    """Share of the smaller set of keys that is in the other; None when there is no key."""
    if first is None or second is None:
        return None
    a, b = {k for k in first.tolist() if k is not None}, {k for k in second.tolist() if k is not None}
    return len(a & b) / min(len(a), len(b)) if a and b else None


def _paired(first: Texts | None, second: Texts | None) -> tuple[Places, Places] | None:
    """Places in both versions of the rows that bear the same key; None when less than half of the keys are
    shared.
    """
    if first is None or second is None or (overlap(first, second) or 0.0) < 0.5:
        return None
    _, places, others = np.intersect1d(first.astype(str), second.astype(str), return_indices=True)
    return places, others


def standing(before: Portrait, after: Portrait) -> Standing:
    """How the periods of two versions relate. A table without a column of time is taken to speak of one
    period.
    """
    shared_keys = overlap(before.key, after.key)
    former, later = times(before), times(after)
    seen = [
        s for name in later if name in former and (s := _in_time(name, former[name], later[name])) is not None
    ]
    grown = [s for s in seen if s.phase == "grown"]
    if grown:
        return max(grown, key=lambda s: float((~s.after).mean()))
    moved = [s for s in seen if s.phase in ("rolled", "replaced")]
    if moved and (shared_keys is None or shared_keys < 0.8):
        return moved[0]
    return Standing(
        "same", seen[0].column if seen else "", np.ones(before.size, bool), np.ones(after.size, bool)
    )


def _in_time(name: str, b: Numbers, a: Numbers) -> Standing | None:
    fb, fa = filled(b), filled(a)
    if len(fb) < max(5, 0.8 * len(b)) or len(fa) < max(5, 0.8 * len(a)):
        return None
    low, high = max(fb.min(), fa.min()), min(fb.max(), fa.max())
    added, gone = float((fa > fb.max()).mean()), float((fb < fa.min()).mean())
    phase: Phase = "same"
    if added >= 0.02 and gone < 0.02:
        phase = "grown"
    elif added >= 0.02:
        common = min(float(((fb >= low) & (fb <= high)).mean()), float(((fa >= low) & (fa <= high)).mean()))
        phase = "rolled" if common >= 0.1 else "replaced"
    return Standing(
        phase, name, np.isnan(b) | ((b >= low) & (b <= high)), np.isnan(a) | ((a >= low) & (a <= high))
    )
