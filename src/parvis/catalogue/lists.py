"""What lists ask of everything that is published: counts, and the ids of one page. Each answer is read from
the listing (`store.listing`) by an index.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, case, false, func, or_, select

from parvis.catalogue.dcat import Outline, hvd_categories, hvd_marks
from parvis.catalogue.entries import GRACE
from parvis.catalogue.vocabularies import DELAYS
from parvis.store import codec, listing
from parvis.store import datasets as datasets_
from parvis.store.tables import datasets, listed, listed_keywords


@dataclass(frozen=True, slots=True)
class Totals:
    """How much is published."""

    datasets: int
    rows: int
    organisations: int
    live: int
    """Datasets of which a resource is polled."""


def totals(conn: Connection, organisation: str = "") -> Totals:
    """Of the city; organisation: of what it publishes."""
    c = listed.c
    query = select(
        func.count(),
        func.coalesce(func.sum(c.rows), 0),
        func.count(c.publisher.distinct()),
        func.count().filter(c.live),
    )
    many, rows, bodies, live = conn.execute(
        query.where(c.publisher == organisation) if organisation else query
    ).one()
    return Totals(many, int(rows), bodies, live)


def by_organisation(conn: Connection) -> dict[str, int]:
    """How many datasets each organisation publishes."""
    return {
        row.publisher: row.n
        for row in conn.execute(
            select(listed.c.publisher, func.count().label("n")).group_by(listed.c.publisher)
        )
    }


def by_theme(conn: Connection) -> Counter[str]:
    """How many datasets each theme has."""
    counts: Counter[str] = Counter()
    for row in conn.execute(select(listed.c.themes, func.count().label("n")).group_by(listed.c.themes)):
        counts.update(dict.fromkeys(codec.loads(tuple[str, ...], row.themes), row.n))
    return counts


def newest(conn: Connection, *, limit: int, offset: int = 0, organisation: str = "") -> Sequence[str]:
    """Ids, the newest first. Of the whole city, what services compute comes last: it would hide what people
    publish.
    """
    c = listed.c
    query = select(c.dataset).limit(limit).offset(offset)
    if organisation:
        return (
            conn.execute(
                query.where(c.publisher == organisation).order_by(c.modified_us.desc(), c.dataset.desc())
            )
            .scalars()
            .all()
        )
    ids = (
        conn.execute(query.where(~c.computed).order_by(c.modified_us.desc(), c.dataset.desc()))
        .scalars()
        .all()
    )
    if len(ids) < limit and not offset:
        more = (
            select(c.dataset)
            .where(c.computed)
            .order_by(c.modified_us.desc(), c.dataset.desc())
            .limit(limit - len(ids))
        )
        return [*ids, *conn.execute(more).scalars()]
    return ids


def alphabetical(conn: Connection, *, limit: int, offset: int = 0) -> Sequence[tuple[str, str]]:
    """Ids and titles, by title."""
    query = (
        select(datasets.c.id, datasets.c.title)
        .join(listed, listed.c.dataset == datasets.c.id)
        .order_by(listed.c.title, listed.c.dataset)
    )
    return [(row.id, row.title) for row in conn.execute(query.limit(limit).offset(offset))]


def days(conn: Connection) -> Sequence[tuple[str, str]]:
    """Id of every dataset, and the day (ISO 8601, UTC) of its newest version, by id."""
    query = select(listed.c.dataset, listed.c.modified_us).order_by(listed.c.dataset)
    return [(row.dataset, listing.moment(row.modified_us).date().isoformat()) for row in conn.execute(query)]


def outline(conn: Connection, *, limit: int | None = None, offset: int = 0) -> Outline:
    """What the head of the DCAT catalogue says: of all datasets, or of those of one page, by id."""
    c, k = listed.c, listed_keywords.c
    ids = conn.execute(select(c.dataset).order_by(c.dataset).limit(limit).offset(offset)).scalars().all()
    here = c.dataset.between(ids[0], ids[-1]) if ids else false()
    issued, modified = conn.execute(select(func.min(c.issued), func.max(c.modified_us))).one()
    publishers = conn.execute(select(c.publisher).distinct().where(here)).scalars().all()
    marked = [
        word
        for word in conn.execute(
            select(k.keyword).distinct().where(func.lower(k.keyword).contains("hvd"))
        ).scalars()
        if hvd_marks(word)
    ]
    words: dict[str, list[str]] = {}
    if marked:
        of = select(k.dataset).join(listed, c.dataset == k.dataset).where(k.keyword.in_(marked), here)
        for row in conn.execute(
            select(k.dataset, k.keyword).where(k.dataset.in_(of)).order_by(k.dataset, k.keyword)
        ):
            words.setdefault(row.dataset, []).append(row.keyword)
    return Outline(
        ids,
        datasets_.organisations(conn, publishers),
        issued,
        None if modified is None else listing.moment(modified),
        tuple(dict.fromkeys(h for of in words.values() for h in hvd_categories(of))),
    )


def with_keyword(conn: Connection, keyword: str) -> Sequence[str]:
    """Ids of the datasets that have that keyword."""
    k = listed_keywords.c
    return conn.execute(select(k.dataset).where(k.keyword == keyword).order_by(k.dataset)).scalars().all()


_ALIKE = {delay: tuple(name for name, one in DELAYS.items() if one == delay) for delay in DELAYS.values()}
"""Frequencies by the time that they promise."""


def due_us() -> ColumnElement[int]:
    """Of a listed dataset: the moment after which it is late (`entries.due`), in microseconds since 1970;
    null when its frequency promises nothing.
    """
    c = listed.c
    promised = (
        (c.frequency.in_(names), c.modified_us + (delay + GRACE) // timedelta(microseconds=1))
        for delay, names in _ALIKE.items()
    )
    return case(*promised, else_=None)


def late(now: datetime) -> ColumnElement[bool]:
    """Of a listed dataset: it is later than its frequency promises (`entries.freshness`)."""
    c = listed.c
    return or_(
        *(
            and_(c.frequency.in_(names), c.modified_us < listing.microseconds(now - delay - GRACE))
            for delay, names in _ALIKE.items()
        )
    )
