"""How complete the descriptions are for other portals, kept for all of them: the worker scores what changed,
and a page reads twenty lines and one sum.

A score is made from the listing of its dataset, the answers of its links, the settings of the city and this
program. Each says when it changed: the number of the listing, the sign of that number, a digest. What left
the listing since is left out of lists and sums in the same breath.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Case, Connection, case, delete, func, insert, or_, select

from parvis import __version__
from parvis.catalogue import lists, metadata, mqa
from parvis.catalogue.entries import Catalogue, catalogue
from parvis.catalogue.metadata import Described
from parvis.catalogue.mqa import INDICATORS, Answers, Indicator, Mqa, Tally
from parvis.core.settings import Settings
from parvis.store import codec, listing, quality
from parvis.store.database import Database
from parvis.store.tables import datasets, description_scores, listed

BATCH = 100
"""Datasets that are scored at once: a seventh of a second."""

_D, _L = description_scores.c, listed.c
_LISTED = description_scores.join(listed, _L.dataset == _D.dataset)


@dataclass(frozen=True, slots=True)
class Line:
    """One dataset in the list. low, high: points of data.europa.eu; nine: criteria of data.gouv.fr that are
    met; gain: the indicator that gains most, None when there is none.
    """

    dataset: str
    title: str
    low: float
    high: float
    nine: int
    gain: Indicator | None


@dataclass(frozen=True, slots=True)
class Sums:
    """The whole catalogue. waiting: datasets that were not scored yet; nine: mean of the criteria met."""

    scored: int
    waiting: int
    mqa: Mqa
    nine: float


def answers_of(conn: Connection, dataset: str) -> Answers:
    """What the addresses of a dataset said when they were last asked; one that may not be asked is not there."""
    return {link.url: link.state == "up" for link in quality.links(conn, dataset) if link.state != "barred"}


# --- reading ------------------------------------------------------------------------------------------------


def lines(conn: Connection, now: datetime, *, limit: int, offset: int = 0) -> Sequence[Line]:
    """The datasets of a page, the lowest score first."""
    indicators = {i.name: i for i in INDICATORS}
    query = (
        select(_D.dataset, datasets.c.title, _D.low, _D.high, _nine(now).label("nine"), _D.gain)
        .select_from(_LISTED.join(datasets, datasets.c.id == _D.dataset))
        .order_by(_D.low, _D.dataset)
        .limit(limit)
        .offset(offset)
    )
    return [
        Line(row.dataset, row.title, row.low, row.high, row.nine, indicators.get(row.gain))
        for row in conn.execute(query)
    ]


def sums(conn: Connection, now: datetime) -> Sums:
    """The score of the catalogue. Many descriptions are alike: each kind is added up once."""
    many, nine = conn.execute(select(func.count(), func.avg(_nine(now))).select_from(_LISTED)).one()
    every = conn.execute(select(func.count()).select_from(listed)).scalar_one()
    alike = select(_D.tallies, func.count().label("n")).select_from(_LISTED).group_by(_D.tallies)
    counted = [
        {name: Tally(t.met * row.n, t.of * row.n, t.unknown * row.n) for name, t in _read(row.tallies)}
        for row in conn.execute(alike)
    ]
    return Sums(many, every - many, mqa.of_catalogue(counted), float(nine or 0))


def _nine(now: datetime) -> Case[int]:
    """Criteria of data.gouv.fr that a dataset meets now."""
    return case((lists.late(now), _D.lasting), else_=_D.lasting + 1)


def _read(tallies: str) -> Iterator[tuple[str, Tally]]:
    tallies_kept = codec.loads(tuple[Tally, ...], tallies)
    return zip((i.name for i in INDICATORS), tallies_kept, strict=True)


# --- following ----------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Follower:
    """Scores what changed, some datasets at a time. Only the worker has one."""

    db: Database
    settings: Settings
    done: tuple[int, int | None] | None = None
    """The state in which nothing was left to do."""

    @property
    def behind(self) -> bool:
        """Whether something was left to do the last time."""
        return self.done is None

    def turn(self, now: datetime) -> int:
        """Score some datasets; returns how many. 0: all are."""
        with self.db.read() as conn:
            state = _state(conn)
            if state == self.done:
                return 0
            head = catalogue(conn, self.settings, only=())
            made_with = _digest(head)
            before = _stale(conn, made_with)
            known = catalogue(conn, self.settings, only=before)
            answers = {name: answers_of(conn, name) for name in before}
            numbers = _numbers(conn, before)
        scored = [metadata.describe(known, e, answers[e.id], now) for e in known.datasets]
        rows = [_row(d, numbers[d.entry.id], made_with) for d in scored]
        with self.db.begin() as conn:
            scores_before = {
                row.dataset: row.seq
                for row in conn.execute(select(_D.dataset, _D.seq).where(_D.dataset.in_(before)))
            }
            # Whose links changed meanwhile is left as it is, for the next turn.
            same = [
                row for row in rows if scores_before.get(str(row["dataset"])) == before[str(row["dataset"])]
            ]
            gone = select(_L.dataset)
            conn.execute(
                delete(description_scores).where(
                    or_(_D.dataset.in_([row["dataset"] for row in same]), _D.dataset.not_in(gone))
                )
            )
            if same:
                conn.execute(insert(description_scores), same)
        self.done = None if before else state
        return len(before)


def _state(conn: Connection) -> tuple[int, int | None]:
    """What is another one when something is to be scored again: the listing, the links."""
    return listing.seq(conn), conn.execute(select(func.min(_D.seq))).scalar_one()


def _stale(conn: Connection, made_with: str) -> dict[str, int | None]:
    """Listed datasets to score, some of them, with the number that their score has now, None when there is
    none.
    """
    query = (
        select(_L.dataset, _D.seq)
        .select_from(listed.outerjoin(description_scores, _D.dataset == _L.dataset))
        .where(or_(_D.seq.is_(None), _D.seq != _L.seq, _D.made_with != made_with))
        .limit(BATCH)
    )
    return {row.dataset: row.seq for row in conn.execute(query)}


def _numbers(conn: Connection, names: Collection[str]) -> dict[str, int]:
    return {
        row.dataset: row.seq for row in conn.execute(select(_L.dataset, _L.seq).where(_L.dataset.in_(names)))
    }


def _row(d: Described, seq: int, made_with: str) -> dict[str, object]:
    return {
        "dataset": d.entry.id,
        "seq": seq,
        "made_with": made_with,
        "low": d.mqa.low,
        "high": d.mqa.high,
        "lasting": d.nine.lasting,
        "gain": d.mqa.fixes[0].indicator.name if d.mqa.fixes else "",
        "tallies": codec.dumps(tuple[Tally, ...], tuple(d.counted[i.name] for i in INDICATORS)),
    }


def _digest(head: Catalogue) -> str:
    """Of what a score depends on beside its dataset: the settings of the city, and this program."""
    return hashlib.sha256(repr((__version__, [i.name for i in INDICATORS], head)).encode()).hexdigest()
