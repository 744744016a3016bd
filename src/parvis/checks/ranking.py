"""The quality of the city as a whole, and which datasets a list of them shows: sums and one page of ids, read
from the listing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, Connection, case, func, select, true

from parvis.catalogue import lists
from parvis.catalogue.vocabularies import DELAYS
from parvis.checks.overview import fields, verified
from parvis.store.tables import links, listed, listed_tables, organisations, rechecks

Sort = Literal["score", "tendance", "erreurs", "fraicheur", "titre"]
Only = Literal["", "retard", "terrain", "liens", "fichiers", "baisse", "erreurs"]


@dataclass(frozen=True, slots=True)
class Sums:
    """Totals over all listed datasets."""

    datasets: int
    score: float | None
    """Mean of those that have one, to one decimal."""
    scored: int
    late: int
    promised: int
    overdue: tuple[str, ...]
    """Ids of those whose verification in the field is late."""
    verified: int
    broken: int
    links: int
    damaged: int
    checked_at: datetime | None
    publishers: tuple[tuple[str, str], ...]
    """Id and name of the organisations that publish."""


def sums(conn: Connection, now: datetime) -> Sums:
    """Of the whole city."""
    c = listed.c
    many, mean, scored, late, promised = conn.execute(
        select(
            func.count(),
            func.avg(c.score),
            func.count(c.score),
            func.count().filter(lists.late(now)),
            func.count().filter(c.frequency.in_(DELAYS)),
        )
    ).one()
    fields_ = fields(conn, now, among=verified(conn))
    broken, checked = conn.execute(
        select(func.count().filter(links.c.state == "down"), func.count()).join(
            listed, c.dataset == links.c.dataset
        )
    ).one()
    seen = select(
        func.max(rechecks.c.at),
        func.count(listed_tables.c.dataset.distinct()).filter(rechecks.c.state == "damaged"),
    )
    checked_at, damaged = conn.execute(
        seen.join(listed_tables, listed_tables.c.resource == rechecks.c.resource)
    ).one()
    o = organisations.c
    names = conn.execute(select(o.id, o.name).where(o.id.in_(select(c.publisher)))).all()
    return Sums(
        many,
        None if mean is None else round(mean, 1),
        scored,
        late,
        promised,
        tuple(name for name, f in fields_.items() if f.overdue),
        len(fields_),
        broken,
        checked,
        damaged,
        checked_at,
        tuple((row.id, row.name) for row in names),
    )


def ranked(
    conn: Connection,
    now: datetime,
    *,
    only: Only,
    overdue: Sequence[str],
    organisation: str,
    sort: Sort,
    limit: int,
    page: int,
) -> tuple[int, int, Sequence[str]]:
    """How many datasets the filter keeps, the page that is shown (the last one at most), and its ids in
    order.
    """
    c = listed.c
    conditions = [_condition(only, overdue, now), c.publisher == organisation if organisation else true()]
    many = conn.execute(select(func.count()).select_from(listed).where(*conditions)).scalar_one()
    page = min(page, max(1, -(-many // limit)))
    query = (
        select(c.dataset)
        .where(*conditions)
        .order_by(*_order(sort, now), c.title, c.dataset)
        .limit(limit)
        .offset((page - 1) * limit)
    )
    return many, page, conn.execute(query).scalars().all()


def _condition(only: Only, overdue: Sequence[str], now: datetime) -> ColumnElement[bool]:
    c, of = listed.c, listed_tables.c
    if only == "liens":
        return select(links.c.url).where(links.c.dataset == c.dataset, links.c.state == "down").exists()
    if only == "fichiers":
        held = select(of.resource).join(rechecks, rechecks.c.resource == of.resource)
        return held.where(of.dataset == c.dataset, rechecks.c.state == "damaged").exists()
    if only == "retard":
        return lists.late(now)
    if only == "terrain":
        return c.dataset.in_(overdue)
    return {"baisse": c.change < 0, "erreurs": c.errors > 0}.get(only, true())


def _order(
    sort: Sort, now: datetime
) -> Sequence[ColumnElement[bool] | ColumnElement[int] | ColumnElement[float]]:
    """What has no value comes last."""
    c = listed.c
    if sort == "fraicheur":
        late = lists.late(now)
        return case((late, 0), else_=1), case((late, lists.due_us()), else_=0)
    if sort == "erreurs":
        return (c.errors.desc(),)
    column: ColumnElement[float] | None = {"score": c.score, "tendance": c.change}.get(sort)
    return () if column is None else (column.is_(None), column)
