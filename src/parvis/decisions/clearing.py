"""Batches of a feed that were held: what was found in them, masked, and the texts of which a person said that
they are nobody's.

No cell of a held batch is kept: of its findings the evidence as it is masked everywhere, and of each text of
their columns a mark made with the city's key, sealed like what is handed in. What a person clears is these
texts in that column, not the column: a new text is searched like any other.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection

from parvis.core.errors import NotFound, UsageError
from parvis.core.types import Finding
from parvis.people import city_secret
from parvis.people.rights import Person, can
from parvis.store import journal
from parvis.store.place import City

HELD = "batch-held"
"""Verb: a batch said something else that holds it; ids: digest of what is kept of it, and the fingerprint of
its texts.
"""
CLEARED = "batch-cleared"
"""Verb: a person said that texts are nobody's; ids: digest of the same, the places of the columns in it,
digest of the reason.
"""
TAKEN_BACK = "batch-clearing-ended"
"""Verb: a person said that texts were cleared by mistake; ids: number of the event that cleared them, digest
of the reason.
"""
SHORTEST_REASON = 10
"""Characters of a reason."""


@dataclass(frozen=True, slots=True)
class HeldFinding:
    """What holds a batch in one column. evidence: masked."""

    column: str
    check: str
    message: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """What is kept of a batch that was held. texts: how many different ones, by column; cleared: columns of
    which a person said that they are nobody's.
    """

    digest: str
    at: datetime
    findings: tuple[HeldFinding, ...]
    texts: Mapping[str, int]
    cleared: frozenset[str]


@dataclass(frozen=True, slots=True)
class Clearing:
    """Texts of which a person said that they are nobody's, in force. seq: number of its event."""

    seq: int
    at: datetime
    columns: tuple[str, ...]


def may_clear(person: Person, organisation: str) -> bool:
    """Whether somebody may say of texts of a feed that they are nobody's, or that they were cleared by
    mistake: the officer, who advises on personal data, or the delegate, who decides on them.
    """
    return can(person, "advise", organisation) or can(person, "decide", organisation)


def note(city: City, resource_id: str, seen: str, findings: Sequence[Finding], table: pa.Table) -> None:
    """Keep what holds a batch, once for the same texts. seen: their fingerprint; findings: with masked
    evidence.
    """
    columns = sorted({f.column for f in findings if f.column in table.column_names})
    key = _key(city)
    body = {
        "told": [
            [f.column, f.check, f.message, [str(r.value) for r in f.rows if r.value is not None][:5]]
            for f in findings
        ],
        "marks": [[name, sorted(_mark(key, name, v) for v in _texts(table, name))] for name in columns],
    }
    digest = city.inbox.put_bytes(json.dumps(body, ensure_ascii=False).encode())
    with city.db.begin() as conn:
        journal.append(
            conn,
            at=city.now(),
            actor="system",
            verb=HELD,
            subject=resource_id,
            ids={"held": digest, "seen": seen},
        )


def noted(conn: Connection, resource_id: str) -> str:
    """The fingerprint of the texts of the batch that was held last; "" where none was."""
    return next((e.ids["seen"] for e in journal.of(conn, resource_id, limit=1, verb=HELD)), "")


def last(city: City, resource_id: str) -> Held | None:
    """What is kept of the batch that was held last, None where none was or nothing of it is kept any more."""
    with city.db.read() as conn:
        event = next(iter(journal.of(conn, resource_id, limit=1, verb=HELD)), None)
        done = journal.in_force(conn, resource_id, CLEARED, TAKEN_BACK)
    if event is None or not city.inbox.exists(event.ids["held"]):
        return None
    body = _read(city, event.ids["held"])
    names = [name for name, _ in body.marks]
    cleared = {
        names[int(i)] for e in done if e.ids["held"] == event.ids["held"] for i in e.ids["columns"].split(".")
    }
    return Held(
        event.ids["held"],
        event.at,
        body.findings,
        {name: len(marks) for name, marks in body.marks},
        frozenset(cleared),
    )


def clear(city: City, resource_id: str, digest: str, columns: Sequence[str], *, why: str, actor: str) -> None:
    """Say that the texts of these columns of the batch that was held last are nobody's: from the next batch
    on they are not searched.

    Raises NotFound when another batch was held since, UsageError without a column of it or without a reason.
    """
    batch = last(city, resource_id)
    if batch is None or batch.digest != digest:
        raise NotFound(
            "Un autre relevé a été retenu depuis.", mend="Rechargez la page : elle montre le dernier."
        )
    names = list(batch.texts)
    places = sorted(names.index(c) for c in set(columns) if c in names)
    if not places:
        raise UsageError("Choisissez au moins une colonne.")
    if len(why.strip()) < SHORTEST_REASON:
        raise UsageError("Dites pourquoi ces textes ne désignent personne (dix caractères au moins).")
    reason = city.inbox.put_bytes(why.strip()[:2000].encode())
    ids = {"held": digest, "columns": ".".join(map(str, places)), "why": reason}
    with city.db.begin() as conn:
        journal.append(conn, at=city.now(), actor=actor, verb=CLEARED, subject=resource_id, ids=ids)


def in_force(city: City, resource_id: str) -> tuple[Clearing, ...]:
    """What was cleared of a feed and not taken back, newest first; not that of which nothing is kept."""
    with city.db.read() as conn:
        done = journal.in_force(conn, resource_id, CLEARED, TAKEN_BACK)
    return tuple(
        Clearing(e.seq, e.at, tuple(names[int(i)] for i in e.ids["columns"].split(".")))
        for e in done
        if city.inbox.exists(e.ids["held"])
        for names in ([name for name, _ in _read(city, e.ids["held"]).marks],)
    )


def take_back(city: City, resource_id: str, seq: int, *, why: str, actor: str) -> None:
    """Say that texts were cleared by mistake: from the next batch on they are searched again. What went out
    meanwhile stays where it is: it is withdrawn like anything else.

    Raises NotFound when nothing of that number is in force, UsageError without a reason.
    """
    if len(why.strip()) < SHORTEST_REASON:
        raise UsageError("Dites pourquoi ces textes désignent quelqu’un (dix caractères au moins).")
    reason = city.inbox.put_bytes(why.strip()[:2000].encode())
    with city.db.begin() as conn:
        if seq not in {e.seq for e in journal.in_force(conn, resource_id, CLEARED, TAKEN_BACK)}:
            raise NotFound("Ces textes sont déjà cherchés.", mend="Rechargez la page.")
        ids = {"event": str(seq), "why": reason}
        journal.append(conn, at=city.now(), actor=actor, verb=TAKEN_BACK, subject=resource_id, ids=ids)


def searched(city: City, resource_id: str, table: pa.Table) -> pa.Table:
    """A batch without the texts that were cleared: what is left is searched."""
    with city.db.read() as conn:
        done = journal.in_force(conn, resource_id, CLEARED, TAKEN_BACK)
    key = _key(city) if done else b""
    for event in done:
        if not city.inbox.exists(event.ids["held"]):
            continue  # withdrawn since, or past its term: searched again
        marks = _read(city, event.ids["held"]).marks
        for place in event.ids["columns"].split("."):
            name, known = marks[int(place)]
            if name in table.column_names:
                table = _without(key, table, name, known)
    return table


def _without(key: bytes, table: pa.Table, name: str, known: frozenset[str]) -> pa.Table:
    column = table.column(name)
    gone = [v for v in column.unique().to_pylist() if v is not None and _mark(key, name, str(v)) in known]
    hidden = pc.is_in(column, value_set=pa.array(gone, column.type))
    return table.set_column(
        table.column_names.index(name),
        table.schema.field(name),
        pc.if_else(hidden, pa.scalar(None, column.type), column),
    )


@dataclass(frozen=True, slots=True)
class _Body:
    findings: tuple[HeldFinding, ...]
    marks: tuple[tuple[str, frozenset[str]], ...]


def _read(city: City, digest: str) -> _Body:
    document = json.loads(city.inbox.read(digest))
    findings = tuple(
        HeldFinding(column, check, message, tuple(evidence))
        for column, check, message, evidence in document["told"]
    )
    return _Body(findings, tuple((name, frozenset(marks)) for name, marks in document["marks"]))


def _texts(table: pa.Table, name: str) -> list[str]:
    return [str(v) for v in table.column(name).unique().to_pylist() if v is not None]


def _key(city: City) -> bytes:
    return city_secret.storage_key(city.settings, "cleared-texts")


def _mark(key: bytes, column: str, value: str) -> str:
    return hmac.new(key, f"{column}\n{value}".encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
