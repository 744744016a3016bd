"""The quality of the datasets of a city: score and its trend, freshness, faults, what was not checked, links,
verifications in the field, and what got worse.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import Literal

from sqlalchemy import Connection, and_, or_, select

from parvis.catalogue import lists, vocabularies
from parvis.catalogue.entries import GRACE, Entry, Freshness, batches, due, entries, freshness
from parvis.catalogue.links import Links
from parvis.core.marks import Mark, mark, worse
from parvis.core.types import PUBLIC, Estimate
from parvis.methods.proportions import share
from parvis.store import datasets, listing, quality, tables, versions
from parvis.store.quality import Link, Protocol, Recheck, Round, Tally
from parvis.store.tables import comparisons, listed

SINCE = timedelta(days=90)
"""How far back regressions are told."""

Period = Literal["monthly", "quarterly", "semiannual", "annual", "biennial"]
"""How often a dataset may be verified in the field: names of frequencies of data.gouv.fr."""


@dataclass(frozen=True, slots=True)
class Field:
    """How far the verification of a dataset in the field is. last: when the last round was closed; due: when
    the next must be.
    """

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
    """The quality of one dataset. marks: its tables as they are served, each with the version before it."""

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
        """That of its worst table."""
        return min((m.score for m, _ in self.marks if m.score is not None), default=None)

    @property
    def change(self) -> float | None:
        """Points gained or lost since the version before, by the table that moved most; None without a
        version before.
        """
        moves = [
            m.score - b.score
            for m, b in self.marks
            if b is not None and m.score is not None and b.score is not None
        ]
        return min(moves, default=None)


def standings(
    conn: Connection, links: Links, now: datetime, *, only: Collection[str] | None = None
) -> list[Standing]:
    """The quality of every public dataset, by id. only: those."""
    return [s for batch in _batches(conn, links, only) for s in _standings(conn, batch, now)]


def _batches(conn: Connection, links: Links, only: Collection[str] | None) -> Iterable[Sequence[Entry]]:
    return batches(conn, links) if only is None else (entries(conn, links, only=only),)


def _standings(conn: Connection, page: Sequence[Entry], now: datetime) -> Iterator[Standing]:
    ids = [e.id for e in page]
    rechecks = quality.rechecks(conn, [i.resource.id for e in page for i in e.items])
    known = {name: [*of] for name, of in groupby(quality.links(conn, among=ids), key=lambda x: x.dataset)}
    fields_ = fields(conn, now, among=ids)
    pairs = _pairs(conn, [i.version for e in page for i in e.items])
    for e in page:
        named = known.get(e.id, [])
        yield Standing(
            e,
            freshness(e.dataset, e.modified, now),
            due(e.dataset.frequency, e.modified),
            tuple(pairs[i.version] for i in e.items),
            tuple(rechecks[i.resource.id] for i in e.items if i.resource.id in rechecks),
            tuple(x for x in named if x.state == "down"),
            len(named),
            fields_.get(e.id),
        )


def fields(conn: Connection, now: datetime, *, among: Collection[str]) -> Mapping[str, Field]:
    """How far the verifications of these datasets in the field are; those without a protocol are absent."""
    protocols = {name: p for name, p in quality.protocols(conn).items() if name in among}
    if not protocols:
        return {}
    rounds: dict[str, list[Round]] = {}
    for one in quality.rounds(conn, among=protocols):
        rounds.setdefault(one.dataset, []).append(one)
    tallies = quality.tallies(conn, [r.id for of in rounds.values() for r in of])
    return {name: field(protocol, rounds.get(name, []), tallies, now) for name, protocol in protocols.items()}


def _pairs(conn: Connection, serving: Sequence[str]) -> Mapping[str, tuple[Mark, Mark | None]]:
    """Of each version that the public reads, what it comes to, and what the one that it read before came to."""
    c = comparisons.c
    before = {
        row.version: row.before
        for row in conn.execute(select(c.version, c.before).where(c.version.in_(serving)))
    }
    marks = versions.marks(conn, {*before, *before.values()})
    return {name: (marks[name], marks.get(before[name])) for name in serving}


def trend(conn: Connection, resource: str, *, limit: int = 60) -> list[Mark]:
    """The versions that the public may read, the oldest first."""
    return [mark(v) for v in reversed(versions.readable(conn, resource, PUBLIC, limit=limit))]


def field(protocol: Protocol, rounds: Sequence[Round], tallies: Mapping[str, Tally], now: datetime) -> Field:
    """How far a verification is. rounds: of the dataset, the newest first."""
    last = next((r.closed_at for r in rounds if r.closed_at is not None), None)
    delay = vocabularies.frequency(protocol.period).delay or timedelta(days=365)
    limit = (last or protocol.since) + delay
    open_ = rounds[0] if rounds and rounds[0].closed_at is None else None
    estimates = (error_share(r, tallies.get(r.id, Tally(0))) for r in rounds)
    return Field(
        protocol,
        last,
        limit,
        now > limit + GRACE,
        open_,
        tallies.get(open_.id) if open_ else None,
        next((e for e in estimates if e is not None), None),
    )


def error_share(one: Round, tally: Tally) -> Estimate | None:
    """Share of the rows of a version that are wrong in the field (another value is right, or the thing is not
    there); None before the first verdict.
    """
    return share(tally.wrong + tally.absent, tally.seen, one.rows) if tally.seen else None


# --- what got worse -----------------------------------------------------------------------------------------


Kind = Literal["version", "late", "link", "damaged", "faulty", "verification"]


@dataclass(frozen=True, slots=True)
class Regression:
    """Something about a dataset that got worse, and when. what: French, in one sentence. id: stable, and of
    this event alone.
    """

    kind: Kind
    dataset: str
    title: str
    at: datetime
    what: str

    @property
    def id(self) -> str:
        identity = "\n".join((self.kind, self.dataset, self.at.isoformat(), self.what))
        return hashlib.sha256(identity.encode()).hexdigest()[:32]


def regressions(conn: Connection, now: datetime, *, limit: int = 100) -> list[Regression]:
    """What got worse in the last three months, the newest first: versions, late data, broken links, damaged
    files, verifications that are due.
    """
    worsened = [
        *_versions(conn, now, limit),
        *_late(conn, now, limit),
        *_links(conn, now, limit),
        *_rechecks(conn, now, limit),
        *_fields(conn, now),
    ]
    newest = sorted(worsened, key=lambda r: (r.at, r.dataset, r.what), reverse=True)[:limit]
    titles = datasets.titles(conn, {r.dataset for r in newest})
    return [replace(r, title=titles[r.dataset]) for r in newest]


def _versions(conn: Connection, now: datetime, limit: int) -> Iterator[Regression]:
    c = comparisons.c
    query = (
        select(c.version, c.before, c.resource, c.at)
        .where(c.worse, c.at.between(now - SINCE, now))
        .order_by(c.at.desc(), c.resource.desc())
    )
    rows = conn.execute(query.limit(limit)).all()
    marks = versions.marks(conn, {digest for row in rows for digest in (row.version, row.before)})
    for row in rows:
        yield Regression(
            "version",
            row.resource.partition("/")[0],
            "",
            row.at,
            worse(marks[row.before], marks[row.version]),
        )


def _late(conn: Connection, now: datetime, limit: int) -> Iterator[Regression]:
    due_ = lists.due_us().label("due")
    query = (
        select(listed.c.dataset, due_)
        .where(lists.late(now), due_ >= listing.microseconds(now - SINCE))
        .order_by(due_.desc(), listed.c.dataset.desc())
    )
    for row in conn.execute(query.limit(limit)):
        yield Regression(
            "late",
            row.dataset,
            "",
            listing.moment(row.due),
            "Ce jeu n’a pas été mis à jour à la date que sa fréquence annonce.",
        )


def _links(conn: Connection, now: datetime, limit: int) -> Iterator[Regression]:
    x = tables.links.c
    query = (
        select(tables.links)
        .join(listed, listed.c.dataset == x.dataset)
        .where(x.state == "down", x.since.between(now - SINCE, now))
    )
    for row in conn.execute(query.order_by(x.since.desc(), x.dataset.desc()).limit(limit)):
        yield Regression(
            "link", row.dataset, "", row.since, f"L’adresse {row.url} ne répond plus. {row.message}".strip()
        )


def _rechecks(conn: Connection, now: datetime, limit: int) -> Iterator[Regression]:
    r, t = tables.rechecks.c, tables.listed_tables.c
    bad = or_(r.state == "damaged", and_(r.state == "faulty", r.message != ""))
    query = (
        select(t.dataset, r.state, r.since, r.message)
        .join(tables.listed_tables, t.resource == r.resource)
        .where(bad, r.since.between(now - SINCE, now))
    )
    for row in conn.execute(query.order_by(r.since.desc(), t.dataset.desc()).limit(limit)):
        yield Regression(
            "damaged" if row.state == "damaged" else "faulty", row.dataset, "", row.since, row.message
        )


def _fields(conn: Connection, now: datetime) -> Iterator[Regression]:
    for name, one in fields(conn, now, among=verified(conn)).items():
        if one.overdue and now - SINCE <= one.due + GRACE:
            yield Regression(
                "verification",
                name,
                "",
                one.due + GRACE,
                "La vérification sur le terrain n’a pas été faite à temps.",
            )


def verified(conn: Connection) -> Sequence[str]:
    """Ids of the datasets that everybody may see and that have a protocol of verification in the field."""
    p = tables.protocols.c
    return (
        conn.execute(select(p.dataset).join(listed, listed.c.dataset == p.dataset).order_by(p.dataset))
        .scalars()
        .all()
    )
