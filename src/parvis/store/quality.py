"""Quality over time: protocols of verification, looks at what is published and at its links, rounds in the
field and their verdicts.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, RowMapping, case, delete, func, insert, select, update

from parvis.store import tables
from parvis.store.rows import put

RecheckState = Literal["sound", "faulty", "damaged"]
LinkState = Literal["up", "down", "barred"]
Verdict = Literal["exact", "wrong", "absent"]


@dataclass(frozen=True, slots=True)
class Protocol:
    """Who verifies a dataset in the field, and how often. period: a frequency of data.gouv.fr. margin: points
    within which its share of errors is wanted.
    """

    dataset: str
    period: str
    since: datetime
    organisation: str = ""
    person: str = ""
    """Opaque id of the person who answers for it; "" when the organisation does."""
    margin: int = 15


@dataclass(frozen=True, slots=True)
class Recheck:
    """What the last look at a published version said. since: when it came to this state."""

    resource: str
    version: str
    state: RecheckState
    since: datetime
    at: datetime
    errors: int = 0
    warnings: int = 0
    message: str = ""
    """French sentence: what is wrong; "" when all is well."""


@dataclass(frozen=True, slots=True)
class Link:
    """An address that a dataset names. barred: we may not ask it (it leads inside a private network).
    failures: how many looks in a row it did not answer.
    """

    dataset: str
    url: str
    place: str
    state: LinkState
    since: datetime
    at: datetime
    failures: int = 0
    message: str = ""


@dataclass(frozen=True, slots=True)
class Round:
    """A draw of rows of a version to verify in the field. rows: how many the version holds."""

    id: str
    dataset: str
    resource: str
    version: str
    rows: int
    seed: int
    actor: str
    at: datetime
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sampled:
    """A row of a round. row: its place in the version, from 0. said: what is right in the field."""

    round: str
    position: int
    row: int
    verdict: Verdict | None = None
    said: str = ""
    actor: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """How far a round is."""

    size: int
    exact: int = 0
    wrong: int = 0
    absent: int = 0

    @property
    def seen(self) -> int:
        return self.exact + self.wrong + self.absent


def save_protocol(conn: Connection, protocol: Protocol) -> None:
    """Insert or change the protocol of a dataset."""
    values = {
        "dataset": protocol.dataset,
        "period": protocol.period,
        "since": protocol.since,
        "margin": protocol.margin,
    }
    put(
        conn,
        tables.protocols,
        values | {"organisation": protocol.organisation or None, "person": protocol.person or None},
    )


def drop_protocol(conn: Connection, dataset: str) -> None:
    """A dataset that is not verified in the field any more. Its rounds stay."""
    conn.execute(delete(tables.protocols).where(tables.protocols.c.dataset == dataset))


def protocols(conn: Connection) -> Mapping[str, Protocol]:
    """Every protocol, by dataset."""
    rows = conn.execute(select(tables.protocols)).mappings()
    return {
        r["dataset"]: Protocol(
            r["dataset"], r["period"], r["since"], r["organisation"] or "", r["person"] or "", r["margin"]
        )
        for r in rows
    }


def save_recheck(conn: Connection, recheck: Recheck) -> None:
    """Insert or change the last look at a resource."""
    put(conn, tables.rechecks, {name: getattr(recheck, name) for name in Recheck.__dataclass_fields__})


def rechecks(conn: Connection, only: Collection[str] | None = None) -> Mapping[str, Recheck]:
    """The last look at every resource, by resource. only: these resources."""
    query = select(tables.rechecks)
    rows = conn.execute(
        query if only is None else query.where(tables.rechecks.c.resource.in_(only))
    ).mappings()
    return {row["resource"]: Recheck(**row) for row in rows}


def save_link(conn: Connection, link: Link) -> None:
    """Insert or change what is known of an address."""
    x = tables.links.c
    before = select(x.state).where(x.dataset == link.dataset, x.url == link.url)
    if conn.execute(before).scalar_one_or_none() != link.state:
        _score_again(conn, link.dataset)
    put(conn, tables.links, {name: getattr(link, name) for name in Link.__dataclass_fields__})


def links(conn: Connection, dataset: str = "", *, among: Collection[str] | None = None) -> Sequence[Link]:
    """What is known of every address, by dataset and address. dataset, among: only theirs."""
    query = select(tables.links).order_by(tables.links.c.dataset, tables.links.c.url)
    wanted = among if among is not None else [dataset] if dataset else None
    rows = conn.execute(
        query if wanted is None else query.where(tables.links.c.dataset.in_(wanted))
    ).mappings()
    return tuple(Link(**row) for row in rows)


def forget_links(conn: Connection, dataset: str, before: datetime) -> None:
    """Forget the addresses of a dataset that were not looked at since: it does not name them any more."""
    forgotten = delete(tables.links).where(tables.links.c.dataset == dataset, tables.links.c.at < before)
    if conn.execute(forgotten).rowcount:
        _score_again(conn, dataset)


def _score_again(conn: Connection, dataset: str) -> None:
    """The score of a description counts the links that answer. Each call makes the number another one, so that
    whoever scores meanwhile sees that he is late.
    """
    d = tables.description_scores.c
    again = case((d.seq < 0, d.seq - 1), else_=-1)
    conn.execute(update(tables.description_scores).where(d.dataset == dataset).values(seq=again))


def draw(conn: Connection, round_: Round, rows: Sequence[int]) -> None:
    """Keep a draw and its rows, in the order in which they are to be visited."""
    conn.execute(
        insert(tables.rounds).values({name: getattr(round_, name) for name in Round.__dataclass_fields__})
    )
    if rows:
        conn.execute(
            insert(tables.round_rows),
            [{"round": round_.id, "position": i, "row": row} for i, row in enumerate(rows)],
        )


def rounds(conn: Connection, dataset: str = "", *, among: Collection[str] | None = None) -> Sequence[Round]:
    """Every round, the newest first. dataset, among: only theirs."""
    query = select(tables.rounds).order_by(tables.rounds.c.at.desc(), tables.rounds.c.id)
    wanted = among if among is not None else [dataset] if dataset else None
    rows = conn.execute(
        query if wanted is None else query.where(tables.rounds.c.dataset.in_(wanted))
    ).mappings()
    return tuple(Round(**row) for row in rows)


def tallies(conn: Connection, only: Collection[str] | None = None) -> Mapping[str, Tally]:
    """How far every round is, by its id. only: these rounds."""
    r = tables.round_rows
    counts: dict[str, dict[str, int]] = {}
    query = select(r.c.round, r.c.verdict, func.count().label("n")).group_by(r.c.round, r.c.verdict)
    for row in conn.execute(query if only is None else query.where(r.c.round.in_(only))):
        counts.setdefault(row.round, {})[row.verdict or ""] = row.n
    return {
        name: Tally(sum(n.values()), n.get("exact", 0), n.get("wrong", 0), n.get("absent", 0))
        for name, n in counts.items()
    }


def sampled(conn: Connection, round_id: str) -> Sequence[Sampled]:
    """The rows of a round, in their order."""
    r = tables.round_rows
    return tuple(
        _sampled(row)
        for row in conn.execute(select(r).where(r.c.round == round_id).order_by(r.c.position)).mappings()
    )


def judge(
    conn: Connection,
    round_id: str,
    position: int,
    verdict: Verdict,
    answer_text: str,
    *,
    actor: str,
    at: datetime,
) -> None:
    """Keep a verdict; a later one for the same row takes its place. The round is closed when none is left."""
    r = tables.round_rows
    conn.execute(
        update(r)
        .where(r.c.round == round_id, r.c.position == position)
        .values(verdict=verdict, said=answer_text, actor=actor, at=at)
    )
    left = conn.execute(
        select(func.count()).select_from(r).where(r.c.round == round_id, r.c.verdict.is_(None))
    ).scalar_one()
    if not left:
        conn.execute(
            update(tables.rounds)
            .where(tables.rounds.c.id == round_id, tables.rounds.c.closed_at.is_(None))
            .values(closed_at=at)
        )


def _sampled(row: RowMapping) -> Sampled:
    return Sampled(
        row["round"], row["position"], row["row"], row["verdict"], row["said"], row["actor"], row["at"]
    )
