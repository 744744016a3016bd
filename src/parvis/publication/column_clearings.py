"""Columns of which somebody who may said that what was found in them is nobody: post offices, schools, streets.

What is kept are marks, made with the city's key, of the values that were there and of the words that several of them
begin with (« Poste », « Collège »). The next file is not held for that column as long as each of its values is one of
those, or begins with such a word; one value of another kind, another type, or another finding, and all of it is
searched again. What was said stands in the register as what it is: no legal basis is made up for it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
from sqlalchemy import Connection
from sqlglot import exp

from parvis.core.errors import NotFound, UsageError
from parvis.core.sentence import Sentence
from parvis.core.text import fold, tokens
from parvis.core.types import RAW_PREFIX, Finding, Schema, Sensitivity, Version
from parvis.engine.relations import parquet
from parvis.inspection.inspection import Personal
from parvis.people import city_secret
from parvis.privacy import holding
from parvis.privacy.names import FIRST, SURNAMES
from parvis.publication import version_files
from parvis.publication.city import City
from parvis.store import journal

CLEARED = "column-cleared"
"""Verb: what was found in a column is nobody; ids: digest of what is kept of it, digest of the reason, version."""
TAKEN_BACK = "column-clearing-ended"
"""Verb: that was said by mistake; ids: number of the event that said it, digest of the reason."""
SHORTEST_REASON = 10
"""Characters of a reason."""
MOST = 50_000
"""Different values of a column that somebody may vouch for."""
SEVERAL = 3
"""Different values that begin with a word which makes a kind of them."""
SHORTEST_WORD = 4
"""Letters of such a word."""


@dataclass(frozen=True, slots=True)
class Clearing:
    """What was said of one column, in force. seq: number of its event; values: how many different ones there were."""

    seq: int
    at: datetime
    actor: str
    resource: str
    column: str
    checks: tuple[str, ...]
    values: int
    why: str


@dataclass(frozen=True, slots=True)
class _StoredClearing:
    column: str
    type: str
    checks: frozenset[str]
    marks: frozenset[str]
    words: frozenset[str]


def reason(city: City, why: str) -> str:
    """Digest of why what was found is nobody, kept. Raises UsageError without one."""
    if len(why.strip()) < SHORTEST_REASON:
        raise UsageError("Dites pourquoi ces valeurs ne désignent personne (dix caractères au moins).")
    return city.inbox.put_bytes(why.strip()[:2000].encode())


def remembered(city: City, version: Version, columns: Sequence[str]) -> Mapping[str, str]:
    """What is to be remembered of the values of these columns, kept: its digest, by column.

    Raises NotFound when nothing holds one of them, or its bytes are gone; UsageError for more values than anybody can
    vouch for.
    """
    checks = {
        name: sorted({f.check for f in holding(version.report.findings) if f.column == name})
        for name in columns
    }
    if not all(checks[name] and version.schema.column(name) for name in checks):
        raise NotFound("Rien ne retient cette colonne.", mend="Rechargez la page.")
    key, digests = _key(city), dict[str, str]()
    with version_files.opened(city, version) as paths, duckdb.connect() as con:
        for column in (c for c in version.schema.columns if c.name in checks):
            values = _values(con, paths, version.schema, column.name)
            if len(values) > MOST:
                raise UsageError(
                    Sentence(
                        "La colonne « {name} » a trop de valeurs différentes pour que l’on en réponde.",
                        name=column.name,
                    ),
                    mend="Demandez une décision, ou retirez la colonne.",
                )
            body = {
                "column": column.name,
                "type": column.type,
                "checks": checks[column.name],
                "marks": sorted(_mark(key, v) for v in values),
                "words": sorted(_mark(key, w) for w in _kinds(values)),
            }
            digests[column.name] = city.inbox.put_bytes(json.dumps(body).encode())
    return digests


def clear(
    conn: Connection, version: Version, held: Iterable[str], *, why: str, actor: str, at: datetime
) -> None:
    """Say that what was found in columns of a version is nobody, each by an event of its own. held: digests of what is
    remembered of each; why: digest of the reason. Whether `actor` may, the caller has asked.
    """
    for one in held:
        ids = {"held": one, "why": why, "version": version.digest}
        journal.append(conn, at=at, actor=actor, verb=CLEARED, subject=version.resource, ids=ids)


def take_back(city: City, resource: str, seq: int, *, why: str, actor: str) -> None:
    """Say that it was said by mistake: the next file is searched again. What went out meanwhile is withdrawn like
    anything else. Raises NotFound when nothing of that number is in force, UsageError without a reason.
    """
    if len(why.strip()) < SHORTEST_REASON:
        raise UsageError("Dites pourquoi ces valeurs désignent quelqu’un (dix caractères au moins).")
    reason = city.inbox.put_bytes(why.strip()[:2000].encode())
    with city.db.begin() as conn:
        if seq not in {e.seq for e in journal.in_force(conn, resource, CLEARED, TAKEN_BACK)}:
            raise NotFound("Cette colonne est déjà cherchée.", mend="Rechargez la page.")
        ids = {"event": str(seq), "why": reason}
        journal.append(conn, at=city.now(), actor=actor, verb=TAKEN_BACK, subject=resource, ids=ids)


def in_force(city: City, resources: Iterable[str]) -> tuple[Clearing, ...]:
    """What was said of columns of these resources and not taken back, newest first."""
    with city.db.read() as conn:
        events = [e for one in resources for e in journal.in_force(conn, one, CLEARED, TAKEN_BACK)]
    return tuple(
        Clearing(
            e.seq,
            e.at,
            e.actor,
            e.subject,
            clearing.column,
            tuple(sorted(clearing.checks)),
            len(clearing.marks),
            city.inbox.read(e.ids["why"]).decode() if city.inbox.exists(e.ids["why"]) else "",
        )
        for e in sorted(events, key=lambda e: e.seq, reverse=True)
        if city.inbox.exists(e.ids["held"])
        for clearing in (_read(city, e.ids["held"]),)
    )


def judged(
    city: City,
    con: duckdb.DuckDBPyConnection,
    resource: str,
    paths: Sequence[Path],
    schema: Schema,
    personal: Personal,
) -> Personal:
    """What was found in a table, what somebody answers for no longer holding it. paths: where it lies."""
    findings, levels = personal
    held = {f.column for f in holding(findings)}
    if not held:
        return personal
    with city.db.read() as conn:
        events = journal.in_force(conn, resource, CLEARED, TAKEN_BACK)
    key = _key(city) if events else b""
    freed: dict[str, frozenset[str]] = {}
    for event in events:
        if not city.inbox.exists(event.ids["held"]):
            continue  # withdrawn since, or past its term: searched again
        clearing = _read(city, event.ids["held"])
        column = schema.column(clearing.column)
        if column is None or column.type != clearing.type or clearing.column not in held:
            continue
        if _alike(key, clearing, _values(con, paths, schema, clearing.column)):
            freed[clearing.column] = freed.get(clearing.column, frozenset()) | clearing.checks
    remaining = (
        *(f for f in findings if f.check not in freed.get(f.column, ())),
        *(_clearing_finding(name) for name in freed),
    )
    still = {f.column for f in holding(remaining)}
    return remaining, {
        name: Sensitivity.NONE if name in freed and name not in still else level
        for name, level in levels.items()
    }


def _clearing_finding(column: str) -> Finding:
    return Finding(
        "privacy-cleared",
        f"Ce qui ressemble à des données personnelles dans la colonne « {column} » ne désigne personne : c’est dit au registre.",
        "info",
        "confidentiality",
        column,
        0,
        (),
        "Si elle désigne quelqu’un, dites-le au registre des décisions : elle sera cherchée à nouveau.",
    )


def _alike(key: bytes, clearing: _StoredClearing, values: Sequence[str]) -> bool:
    if len(values) > MOST:
        return False
    return all(
        _mark(key, v) in clearing.marks or ((word := _first(v)) and _mark(key, word) in clearing.words)
        for v in values
    )


def _kinds(values: Iterable[str]) -> frozenset[str]:
    """Words that several different values begin with, first names never.

    >>> sorted(_kinds(["La Poste Martin", "la poste Antigone", "Poste Zola", "Jean Petit", "Jean Roux", "Jean Noir"]))
    ['poste']
    """
    seen = Counter(word for v in {fold(v) for v in values} if (word := _first(v)))
    return frozenset(word for word, n in seen.items() if n >= SEVERAL)


def _first(value: str) -> str:
    """The first long word of a value, folded; "" for a frequent name of people, or without one."""
    word = next((w for w in tokens(value) if len(w) >= SHORTEST_WORD and w.isalpha()), "")
    return "" if word in FIRST or word in SURNAMES else word


def _values(
    con: duckdb.DuckDBPyConnection, paths: Sequence[Path], schema: Schema, column: str
) -> Sequence[str]:
    """The different values of a column, as texts, with what the file said where it could not be read as its type; at
    most one more than anybody can vouch for.
    """
    values: list[str] = []
    for name in (column, *([RAW_PREFIX + column] if column in schema.raw else ())):
        value = exp.cast(exp.column(name, quoted=True), "VARCHAR")
        tree = (
            exp.select(exp.alias_(value, "v"))
            .from_(exp.Table(this=parquet(paths)))
            .where(exp.not_(exp.Is(this=exp.column(name, quoted=True), expression=exp.null())))
            .distinct()
            .limit(MOST + 1)
        )
        values += [str(v) for (v,) in con.execute(tree.sql("duckdb")).fetchall()]
    return values


def _read(city: City, digest: str) -> _StoredClearing:
    document = json.loads(city.inbox.read(digest))
    return _StoredClearing(
        document["column"],
        document["type"],
        frozenset(document["checks"]),
        frozenset(document["marks"]),
        frozenset(document["words"]),
    )


def _key(city: City) -> bytes:
    return city_secret.storage_key(city.settings, "cleared-columns")


def _mark(key: bytes, value: str) -> str:
    folded = fold(value).encode("utf-8", "surrogatepass")
    return hmac.new(key, folded, hashlib.sha256).hexdigest()[:32]
