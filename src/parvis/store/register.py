"""What is written of a decision: the officer's opinion, the signed checklist, the record of it all, and
breaches. Rows are added; none is reworded.

The record follows GDPR art. 30 (register of processing) and art. 35(7) (impact assessment); the breach
follows art. 33 and 34.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import ColumnElement, Connection, RowMapping, insert, select

from parvis.store import codec, tables
from parvis.store.rows import put

Verdict = Literal["favourable", "conditional", "unfavourable"]
Outcome = Literal["released", "refused"]
Risk = Literal["none", "risk", "high"]

_TEXTS = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the data protection officer thinks of letting an audience read a version. audience: `public` or
    the id of a group.
    """

    id: str
    version: str
    audience: str
    verdict: Verdict
    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Signed:
    """The checklist of what no scan can tell, answered and signed. answers: name of the question to yes, no
    or unsure; notes: why, by question.
    """

    id: str
    version: str
    answers: Mapping[str, str]
    notes: Mapping[str, str]
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure of risk or utility, before and after anonymisation; None where it was not measured. spread:
    low and high of each, where it is an estimate.
    """

    name: str
    before: float | None = None
    after: float | None = None
    unit: str = ""
    method: str = ""
    before_spread: tuple[float, ...] = ()
    after_spread: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Assessment:
    """A draft impact assessment: the criteria that call for it, and the four parts that art. 35(7) asks for.
    todo: what only people can say.
    """

    criteria: tuple[str, ...]
    description: str
    necessity: str
    risks: tuple[str, ...]
    measures: tuple[str, ...]
    todo: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """One decision, whole: what was decided on which data, for whom, on what ground, with which risk, by whom
    and why.
    """

    id: str
    at: datetime
    outcome: Outcome
    version: str
    resource: str
    dataset: str
    title: str
    organisation: str
    rows: int
    audience: str
    audience_name: str
    audience_purpose: str
    until: date | None
    release: str
    """Id of the release row; "" when it was refused."""
    controller: str
    contact: str
    officer: str
    """How to reach the data protection officer."""
    purpose: str
    basis: str
    """Code of the legal ground: see `privacy.register.BASES`."""
    basis_text: str
    """The law, the deliberation or the consent itself, in words."""
    people: str
    """Categories of data subjects."""
    data: tuple[str, ...]
    """Categories of personal data: column and sensitivity."""
    recipients: str
    transfers: str
    retention: str
    security: str
    method: tuple[str, ...]
    """What was done to the data before, in order."""
    findings: tuple[str, ...]
    """Code and column of each finding that held it back."""
    measures: tuple[Measure, ...]
    not_measured: tuple[str, ...]
    why: str
    against: str
    """Why it goes against the opinion, or how its conditions are met; "" where it follows it."""
    by: str
    opinion: Opinion | None = None
    checklist: Signed | None = None
    criteria: tuple[str, ...] = ()
    assessment: Assessment | None = None


@dataclass(frozen=True, slots=True)
class Breach:
    """A breach of personal data. known_at: when the controller knew: the 72 hours run from there (art. 33)."""

    id: str
    organisation: str
    known_at: datetime
    what: str
    nature: tuple[str, ...]
    """confidentiality, integrity, availability."""
    made_by: str
    made_at: datetime
    began_at: datetime | None = None
    people: int | None = None
    """How many people, about; None while unknown."""
    data: str = ""
    consequences: str = ""
    measures: str = ""
    risk: Risk = "risk"
    versions: tuple[str, ...] = ()
    authority_at: datetime | None = None
    """When the authority (CNIL) was told."""
    people_at: datetime | None = None
    """When the people were told."""
    late: str = ""
    """Why the authority was told after 72 hours."""
    closed_at: datetime | None = None


def save_opinion(conn: Connection, one: Opinion) -> None:
    """Keep an opinion."""
    conn.execute(
        insert(tables.opinions).values({name: getattr(one, name) for name in Opinion.__dataclass_fields__})
    )


def opinions(conn: Connection, version: str) -> Sequence[Opinion]:
    """Every opinion on a version, newest first."""
    query = (
        select(tables.opinions)
        .where(tables.opinions.c.version == version)
        .order_by(tables.opinions.c.at.desc(), tables.opinions.c.id)
    )
    return tuple(Opinion(**row) for row in conn.execute(query).mappings())


def save_signed(conn: Connection, one: Signed) -> None:
    """Keep a signed checklist."""
    columns = {"answers": codec.dumps(_TEXTS, one.answers), "note": codec.dumps(_TEXTS, one.notes)}
    conn.execute(
        insert(tables.checklists).values(id=one.id, version=one.version, by=one.by, at=one.at, **columns)
    )


def signed(conn: Connection, version: str) -> Signed | None:
    """The newest signed checklist of a version, None when nobody signed one."""
    query = (
        select(tables.checklists)
        .where(tables.checklists.c.version == version)
        .order_by(tables.checklists.c.at.desc())
        .limit(1)
    )
    row = conn.execute(query).mappings().first()
    if row is None:
        return None
    return Signed(
        row["id"],
        row["version"],
        codec.loads(_TEXTS, row["answers"]),
        codec.loads(_TEXTS, row["note"] or "{}"),
        row["by"],
        row["at"],
    )


def save_record(conn: Connection, one: Record) -> None:
    """Add a record. Records are never changed: another decision is another record."""
    body = codec.dumps(Record, one)
    conn.execute(
        insert(tables.register).values(
            id=one.id,
            version=one.version,
            dataset=one.dataset,
            organisation=one.organisation,
            at=one.at,
            said=body,
        )
    )


def record(conn: Connection, record_id: str) -> Record | None:
    """The record of that id, None when there is none."""
    return next(iter(_records(conn, tables.register.c.id == record_id)), None)


def records(
    conn: Connection, *, organisations: Sequence[str] | None = None, version: str = ""
) -> Sequence[Record]:
    """Records, newest first. organisations: only theirs; version: only of it."""
    where: list[ColumnElement[bool]] = []
    if organisations is not None:
        where.append(tables.register.c.organisation.in_(organisations))
    if version:
        where.append(tables.register.c.version == version)
    return _records(conn, *where)


def _records(conn: Connection, *where: ColumnElement[bool]) -> Sequence[Record]:
    query = (
        select(tables.register.c.said)
        .where(*where)
        .order_by(tables.register.c.at.desc(), tables.register.c.id)
    )
    return tuple(codec.loads(Record, body) for body in conn.execute(query).scalars())


def save_breach(conn: Connection, one: Breach) -> None:
    """Keep a breach, or what is newly known of it."""
    put(
        conn,
        tables.breaches,
        {
            "id": one.id,
            "organisation": one.organisation,
            "known_at": one.known_at,
            "said": codec.dumps(Breach, one),
        },
    )


def breach(conn: Connection, breach_id: str) -> Breach | None:
    """The breach of that id, None when there is none."""
    row = conn.execute(select(tables.breaches).where(tables.breaches.c.id == breach_id)).mappings().first()
    return None if row is None else _breach(row)


def breaches(conn: Connection) -> Sequence[Breach]:
    """Every breach, newest first."""
    return tuple(
        _breach(row)
        for row in conn.execute(
            select(tables.breaches).order_by(tables.breaches.c.known_at.desc(), tables.breaches.c.id)
        ).mappings()
    )


def _breach(row: RowMapping) -> Breach:
    return codec.loads(Breach, row["said"])
