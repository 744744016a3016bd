"""What the report of a version comes to: its score and its gravest faults, and how one version is worse than
another. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from parvis.core.scores import Level, scores
from parvis.core.types import Finding, Report, Version

TOP = 3
"""Faults named of each dataset."""

WORSE = 1.0
"""Points of score, or more, lost from one version to the next: a regression. So are more errors, and a kind
of fault that was not there.
"""


@dataclass(frozen=True, slots=True)
class Fault:
    """One finding, in short. count: rows concerned."""

    code: str
    severity: str
    column: str
    count: int
    message: str


@dataclass(frozen=True, slots=True)
class Mark:
    """What the report of one version comes to."""

    version: str
    resource: str
    at: datetime
    rows: int
    score: float | None
    """From 0 to 100; None when nothing was looked at."""
    level: Level
    errors: int
    """Rows in error, summed over rules."""
    warnings: int
    by_rule: Mapping[str, int]
    """Errors and warnings by code: rows concerned."""
    faults: tuple[Fault, ...]
    """The gravest."""
    changes: int
    """Unexpected changes since the version before."""
    unchecked: tuple[str, ...]


def mark(version: Version) -> Mark:
    """Sum the report of a version up."""
    return summed(version.digest, version.resource, version.at, version.rows, version.report)


def summed(digest: str, resource: str, at: datetime, rows: int, report: Report) -> Mark:
    """Sum a report up. The profile of the columns is not looked at."""
    result = scores(report)
    blamed = [f for f in report.findings if f.severity != "info"]
    faults = [f for f in blamed if not f.check.startswith("drift-")]
    by_rule: dict[str, int] = {}
    for f in faults:
        by_rule[f.check] = by_rule.get(f.check, 0) + f.count
    gravest = sorted(faults, key=lambda f: (f.severity != "error", -f.count, f.check, f.column))[:TOP]
    scored = result.score if report.checked or faults else None
    return Mark(
        digest,
        resource,
        at,
        rows,
        scored,
        result.level,
        _rows(faults, "error"),
        _rows(faults, "warning"),
        by_rule,
        tuple(Fault(f.check, f.severity, f.column, f.count, f.message) for f in gravest),
        len(blamed) - len(faults),
        report.not_checked,
    )


def _rows(findings: Sequence[Finding], severity: str) -> int:
    return sum(f.count for f in findings if f.severity == severity)


def worse(before: Mark, after: Mark) -> str:
    """How a version is worse than the one before it, in French; "" when it is not."""
    sentences: list[str] = []
    if before.score is not None and after.score is not None and before.score - after.score >= WORSE:
        sentences.append(f"Le score passe de {_n(before.score)} à {_n(after.score)} sur 100.")
    more = after.errors > before.errors
    titles = [
        f"{code} ({n})"
        for code, n in after.by_rule.items()
        if code not in before.by_rule or (more and n > before.by_rule[code])
    ]
    if titles:
        sentences.append(
            f"{'Davantage d’erreurs' if more else 'Nouveaux constats'} : {', '.join(titles[:5])}."
        )
    return " ".join(sentences)


def _n(value: float) -> str:
    return f"{value:.1f}".replace(".", ",").removesuffix(",0")
