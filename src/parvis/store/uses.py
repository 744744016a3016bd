"""How often datasets are used: counts by day, act and kind of client. No request is kept, and nothing of who."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy import Connection, func, insert, select, update

from parvis.store.tables import uses

Act = Literal["view", "download", "api"]
Client = Literal["browser", "program", "robot"]

FEW = 10
"""Fewer uses than that in a month are not told: they may be those of one reader."""


@dataclass(frozen=True, slots=True)
class Use:
    """What was done with a dataset on a day, or in a month (YYYY-MM), by a kind of client."""

    when: str
    dataset: str
    act: Act
    client: Client
    n: int


def add(conn: Connection, day: date, counted: Mapping[tuple[str, Act, Client], int]) -> None:
    """Add to the counts of a day."""
    u = uses.c
    for (dataset, act, client), n in sorted(counted.items()):
        key = {"day": day.isoformat(), "dataset": dataset, "act": act, "client": client}
        where = [u[name] == value for name, value in key.items()]
        if not conn.execute(update(uses).where(*where).values(n=u.n + n)).rowcount:
            conn.execute(insert(uses).values(**key, n=n))


def by_month(conn: Connection, dataset: str = "", *, since: str = "") -> list[Use]:
    """Uses by month, the newest first; of one dataset where one is named. since: its first day or month."""
    month = func.substr(uses.c.day, 1, 7).label("month")
    query = (
        select(month, uses.c.dataset, uses.c.act, uses.c.client, func.sum(uses.c.n).label("n"))
        .where(uses.c.day >= since)
        .group_by(month, uses.c.dataset, uses.c.act, uses.c.client)
        .order_by(month.desc(), uses.c.dataset, uses.c.act, uses.c.client)
    )
    rows = conn.execute(query.where(uses.c.dataset == dataset) if dataset else query)
    return [Use(r.month, r.dataset, r.act, r.client, int(r.n)) for r in rows]
