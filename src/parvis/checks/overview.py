"""How the datasets of a city stand: score and its trend, freshness, faults, what was not checked, links, verifications in the field, and what got worse."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Literal

from sqlalchemy import Connection

from parvis.catalogue import vocabularies
from parvis.catalogue.entries import GRACE, Entry, Freshness, due, entries, freshness
from parvis.catalogue.links import Links
from parvis.checks.scores import Level, scores
from parvis.core.types import PUBLIC, Estimate, Finding, Report, Version
from parvis.methods.proportions import share
from parvis.store import quality, versions
from parvis.store.quality import Link, Protocol, Recheck, Round, Tally

TOP = 3
"""Faults named of each dataset."""

WORSE = 1.0
"""Points of score, or more, lost from one version to the next: a regression. So are more errors, and a kind of fault that was not there."""

SINCE = timedelta(days=90)
"""How far back regressions are told."""

Period = Literal["monthly", "quarterly", "semiannual", "annual", "biennial"]
"""How often a dataset may be verified in the field: names of frequencies of data.gouv.fr."""


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


@dataclass(frozen=True, slots=True)
class Field:
    """Where the verification of a dataset in the field stands. last: when the last round was closed; due: when the next must be."""

    protocol: Protocol
    last: datetime | None
    due: datetime
    overdue: bool
    open: Round | None
    tally: Tally | None
    """Of the open round."""
    estimate: Estimate | None
    """Share of rows in error, from the last round that has verdicts."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How one dataset stands. marks: its tables as they are served, each with the version before it."""

    entry: Entry
    freshness: Freshness
    due: datetime | None
    marks: tuple[tuple[Mark, Mark | None], ...]
    rechecks: tuple[Recheck, ...]
    broken: tuple[Link, ...]
    """Addresses that do not answer."""
    links: int
    """Addresses that were asked."""
    field: Field | None

    @property
    def score(self) -> float | None:
        """That of the table that stands worst."""
        return min((m.score for m, _ in self.marks if m.score is not None), default=None)

    @property
    def change(self) -> float | None:
        """Points gained or lost since the version before, by the table that moved most; None without a version before."""
        moves = [m.score - b.score for m, b in self.marks if b is not None and m.score is not None and b.score is not None]
        return min(moves, default=None)


def mark(version: Version) -> Mark:
    """Sum a report up."""
    report: Report = version.report
    made = scores(report)
    blamed = [f for f in report.findings if f.severity != "info"]
    faults = [f for f in blamed if not f.check.startswith("drift-")]
    by_rule: dict[str, int] = {}
    for f in faults:
        by_rule[f.check] = by_rule.get(f.check, 0) + f.count
    gravest = sorted(faults, key=lambda f: (f.severity != "error", -f.count, f.check, f.column))[:TOP]
    scored = made.score if report.checked or faults else None
    return Mark(
        version.digest, version.resource, version.at, version.rows, scored, made.level, _rows(faults, "error"), _rows(faults, "warning"), by_rule,
        tuple(Fault(f.check, f.severity, f.column, f.count, f.message) for f in gravest), len(blamed) - len(faults), report.not_checked,
    )  # fmt: skip


def _rows(found: Sequence[Finding], severity: str) -> int:
    return sum(f.count for f in found if f.severity == severity)


def standings(conn: Connection, links: Links, now: datetime, *, only: Collection[str] | None = None) -> list[Standing]:
    """How every dataset stands that everybody may see, by id. only: those."""
    found = entries(conn, links, only=only)
    protocols, rechecks, known, tallies = quality.protocols(conn), quality.rechecks(conn), quality.links(conn), quality.tallies(conn)
    rounds: dict[str, list[Round]] = {}
    for one in quality.rounds(conn):
        rounds.setdefault(one.dataset, []).append(one)
    return [
        Standing(
            e, freshness(e.dataset, e.modified, now), due(e.dataset.frequency, e.modified),
            tuple(_last(conn, i.resource.id) for i in e.items), tuple(rechecks[i.resource.id] for i in e.items if i.resource.id in rechecks),
            tuple(x for x in known if x.dataset == e.id and x.state == "down"), sum(x.dataset == e.id for x in known),
            field(protocols[e.id], rounds.get(e.id, []), tallies, now) if e.id in protocols else None,
        )
        for e in found
    ]  # fmt: skip


def _last(conn: Connection, resource: str) -> tuple[Mark, Mark | None]:
    """The version that the public reads, and the one it read before."""
    last = versions.readable(conn, resource, PUBLIC, limit=2)
    return mark(last[0]), mark(last[1]) if len(last) > 1 else None


def trend(conn: Connection, resource: str, *, limit: int = 60) -> list[Mark]:
    """The versions that the public may read, the oldest first."""
    return [mark(v) for v in reversed(versions.readable(conn, resource, PUBLIC, limit=limit))]


def field(protocol: Protocol, rounds: Sequence[Round], tallies: Mapping[str, Tally], now: datetime) -> Field:
    """Where a verification stands. rounds: of the dataset, the newest first."""
    last = next((r.closed_at for r in rounds if r.closed_at is not None), None)
    delay = vocabularies.frequency(protocol.period).delay or timedelta(days=365)
    limit = (last or protocol.since) + delay
    open_ = rounds[0] if rounds and rounds[0].closed_at is None else None
    estimates = (error_share(r, tallies.get(r.id, Tally(0))) for r in rounds)
    return Field(
        protocol, last, limit, now > limit + GRACE, open_, tallies.get(open_.id) if open_ else None, next((e for e in estimates if e is not None), None)
    )


def error_share(one: Round, tally: Tally) -> Estimate | None:
    """Share of the rows of a version that are wrong in the field (another value is right, or the thing is not there); None before the first verdict."""
    return share(tally.wrong + tally.absent, tally.seen, one.rows) if tally.seen else None


# --- what got worse ------------------------------------------------------------------------------------------------------------------------------------------


Kind = Literal["version", "late", "link", "damaged", "faulty", "verification"]


@dataclass(frozen=True, slots=True)
class Regression:
    """Something about a dataset that got worse, and when. what: French, in one sentence. id: stable, and of this event alone."""

    kind: Kind
    dataset: str
    title: str
    at: datetime
    what: str

    @property
    def id(self) -> str:
        said = "\n".join((self.kind, self.dataset, self.at.isoformat(), self.what))
        return hashlib.sha256(said.encode()).hexdigest()[:32]


def regressions(conn: Connection, found: Sequence[Standing], now: datetime, *, limit: int = 100, depth: int = 24) -> list[Regression]:
    """What got worse in the last three months, the newest first: versions, late data, broken links, damaged files, verifications that are due.

    depth: how many versions of each table are looked at; the last two are known already.
    """
    told: list[Regression] = []
    for s in found:
        title = s.entry.dataset.title
        for item, (last, former) in zip(s.entry.items, s.marks, strict=True):
            seen = ([former, last] if former else []) if depth == 2 else trend(conn, item.resource.id, limit=depth)
            told += [Regression("version", s.entry.id, title, m.at, w) for b, m in pairwise(seen) if (w := worse(b, m))]
        if s.freshness == "late" and s.due is not None:
            told.append(Regression("late", s.entry.id, title, s.due, "Ce jeu n’a pas été mis à jour à la date que sa fréquence annonce."))
        told += [Regression("link", s.entry.id, title, x.since, f"L’adresse {x.url} ne répond plus. {x.message}".strip()) for x in s.broken]
        for r in s.rechecks:
            if r.state == "damaged":
                told.append(Regression("damaged", s.entry.id, title, r.since, r.message))
            elif r.state == "faulty" and r.message:
                told.append(Regression("faulty", s.entry.id, title, r.since, r.message))
        if s.field is not None and s.field.overdue:
            told.append(Regression("verification", s.entry.id, title, s.field.due + GRACE, "La vérification sur le terrain n’a pas été faite à temps."))
    recent = [r for r in told if now - SINCE <= r.at <= now]
    return sorted(recent, key=lambda r: (r.at, r.dataset, r.what), reverse=True)[:limit]


def worse(before: Mark, after: Mark) -> str:
    """How a version is worse than the one before it, in French; "" when it is not."""
    said: list[str] = []
    if before.score is not None and after.score is not None and before.score - after.score >= WORSE:
        said.append(f"Le score passe de {_n(before.score)} à {_n(after.score)} sur 100.")
    more = after.errors > before.errors
    told = [f"{code} ({n})" for code, n in after.by_rule.items() if code not in before.by_rule or (more and n > before.by_rule[code])]
    if told:
        said.append(f"{'Davantage d’erreurs' if more else 'Nouveaux constats'} : {', '.join(told[:5])}.")
    return " ".join(said)


def _n(value: float) -> str:
    return f"{value:.1f}".replace(".", ",").removesuffix(",0")

