"""Scores of a report by dimension of ISO/IEC 25012, a global one, and a badge: from what was found, and from
what was looked at.

The score of a dimension is 100 x (1 - the mean, over the columns that some rule of it looked at, of the share
of records at fault), where a record that several rules of the dimension blame in one column counts for each
of them up to the whole column, an error counts 1 and a warning 1/2, and a fault of the header (a column that
is missing, a name that is not the schema's) counts for all records. The global score is the mean of the
dimensions looked at, and is never shown without how many of the six they are: leaving a rule out does not
raise a score in silence. Nothing but a faultless file is 100.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from parvis.core.types import Checked, Dimension, Finding, Report, Severity

Level = Literal["ok", "review", "ko"]

DIMENSIONS: tuple[Dimension, ...] = (
    "accuracy",
    "completeness",
    "consistency",
    "currentness",
    "uniqueness",
    "validity",
)

ACCEPTED = 0.05
"""Share of records with one and the same error up to which a body is to be reviewed; beyond, it is KO."""

_WEIGHT: Mapping[Severity, float] = {"error": 1.0, "warning": 0.5, "info": 0.0}


@dataclass(frozen=True, slots=True)
class Score:
    """One dimension. score: from 0 to 100, None when nothing of it was looked at."""

    dimension: Dimension
    score: float | None
    rules: int
    columns: int
    """Columns that some rule looked at; the table as a whole counts as one."""
    faults: int
    """Errors and warnings, counted by record and rule."""


@dataclass(frozen=True, slots=True)
class Scores:
    """All scores of a report, and its badge."""

    score: float | None
    dimensions: tuple[Score, ...]
    """The six, in alphabetical order."""
    level: Level
    """The worse of the two below."""
    structure: Level
    """File and header: KO with an error, to be reviewed with a warning."""
    body: Level
    """Records: KO when one rule blames more than `ACCEPTED` of them with an error, to be reviewed with any
    other error or warning.
    """
    looked_at: int
    """How many of the six dimensions were looked at."""
    complete: bool
    """Whether a schema said what to expect, and all of it was applied."""


def scores(report: Report) -> Scores:
    """Score a report. One without a note of what was looked at (stored before there was one) is scored on
    what it blames only, and never complete.
    """
    by_dimension = tuple(_score(d, report) for d in DIMENSIONS)
    known = [s.score for s in by_dimension if s.score is not None]
    blamed = [f for f in report.findings if _counts(f)]
    structure = _worst(_grade(f) for f in blamed if of_structure(f))
    body = _worst(_graded(f, report.rows) for f in blamed if not of_structure(f))
    return Scores(
        _rounded(sum(known) / len(known)) if known else None,
        by_dimension,
        _worst((structure, body)),
        structure,
        body,
        len(known),
        bool(report.schema and report.checked) and not report.not_checked,
    )


def _counts(finding: Finding) -> bool:
    """Whether a finding is a fault of the file: what only differs from the version before is not."""
    return finding.severity != "info" and not finding.check.startswith("drift-")


def of_structure(finding: Finding) -> bool:
    """Whether a finding speaks of the file or its header, not of records."""
    return (
        finding.check.startswith("file-")
        or (bool(finding.rows) and all(r.record == 0 for r in finding.rows))
        or finding.check in _HEADER
    )


_HEADER = frozenset(
    {
        "missing-column",
        "missing-optional-column",
        "column-order",
        "extra-column",
        "column-case",
        "duplicate-column",
    }
)


def _score(dimension: Dimension, report: Report) -> Score:
    looked = next((c for c in report.checked if c.dimension == dimension), Checked(dimension, 0, ()))
    mine = [f for f in report.findings if f.dimension == dimension and _counts(f)]
    shares: dict[str, float] = dict.fromkeys(looked.columns, 0.0)
    for finding in mine:
        share = (
            1.0 if of_structure(finding) else min(1.0, finding.count / report.rows) if report.rows else 1.0
        )
        names = _names(finding, shares)
        for name in names:
            shares[name] = min(1.0, shares.get(name, 0.0) + share * _WEIGHT[finding.severity])
    score = _rounded(100 * (1 - sum(shares.values()) / len(shares))) if shares else None
    return Score(dimension, score, looked.rules, len(shares), sum(f.count for f in mine))


def _names(finding: Finding, known: Mapping[str, float]) -> Iterable[str]:
    """The columns that a finding blames: a key blames each of its own."""
    if finding.column in known or ", " not in finding.column:
        return (finding.column,)
    return tuple(part for part in finding.column.split(", "))


def _grade(finding: Finding) -> Level:
    return "ko" if finding.severity == "error" else "review"


def _graded(finding: Finding, rows: int) -> Level:
    heavy = finding.severity == "error" and (
        finding.dimension == "confidentiality" or finding.count > ACCEPTED * rows
    )
    return "ko" if heavy else "review"


def _worst(levels: Iterable[Level]) -> Level:
    order: tuple[Level, ...] = get_args(Level)
    return order[max((order.index(level) for level in levels), default=0)]


def _rounded(score: float) -> float:
    """One decimal, downwards: 99.97 is not 100."""
    return math.floor(score * 10 + 1e-9) / 10
