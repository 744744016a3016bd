"""The policies of anonymisation of a city: kept for a resource, tried on its last file, and put to work on
each new one before anybody looks at it.

A policy lies by digest among what was handed in; the journal says which was saved when and by whom: the
newest event of a resource is the policy in force, and an empty one ends it. Files that it names (levels,
zones) start at the city's folder.

A policy with a guard protects its resource from the moment it is saved: versions that were made without one
are taken from the public at once, and none that is comes to it afterwards, by a job that was under way or by
a person's hand.
"""

from __future__ import annotations

import hashlib
import hmac
import tempfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import Connection
from sqlglot import exp

from parvis import columns, privacy, readers
from parvis.columns.table import Typed
from parvis.core.errors import HeldBack, NotFound, Refused, UsageError
from parvis.core.late import late
from parvis.core.reading import ParquetScan, RawColumn, RawTable, Workspace
from parvis.core.sentence import Sentence, quoted
from parvis.core.settings import Settings
from parvis.core.text import french_number
from parvis.core.types import PUBLIC, RAW_PREFIX, Finding, Json, Resource, Schema, Version
from parvis.engine import connect
from parvis.engine.relations import parquet
from parvis.people import city_secret
from parvis.publication import file_tables, recipes, sensitivity, version_files
from parvis.publication.recipes import Reader
from parvis.store import datasets, journal, runs, versions
from parvis.store.deposits import Deposit
from parvis.store.place import City

if TYPE_CHECKING:
    from parvis.privacy import anonymising, differencing, overlap
    from parvis.privacy.anonymising import Anonymised, Policy
    from parvis.privacy.anonymising.policy import Rule
    from parvis.privacy.overlap import Shown
else:
    anonymising = late("parvis.privacy.anonymising")
    differencing = late("parvis.privacy.differencing")
    overlap = late("parvis.privacy.overlap")

SAVED = "policy-saved"
"""Verb: a policy was saved for a resource; ids: its digest, none when the policy was ended; and the threshold
of its guard, where it has one.
"""
PROTECTED = "La ressource est protégée : seule une version sans petits effectifs est publiée."
"""Why a version that was public no longer is."""
BEFORE = 50
"""Versions of before that a new one is put beside, at most, the newest first."""
ROWS = 20_480
"""Rows of a row group, as versions have them."""


@dataclass(frozen=True, slots=True)
class StoredPolicy:
    """A policy in force: its digest, its TOML, what it says."""

    digest: str
    text: str
    policy: Policy


@dataclass(frozen=True, slots=True)
class Applied:
    """A table that was made anonymous on its way: as a raw table with its types, what is told of it, and what
    its lineage says.
    """

    raw: RawTable
    typed: Typed
    findings: tuple[Finding, ...]
    lineage: Mapping[str, Json]
    classes: tuple[str, ...]
    """Columns that classes are made of."""
    least: int
    """Rows or persons of a class at least."""
    as_published: Shown
    """The same beside the rows that it was made of."""


def key(settings: Settings) -> bytes:
    """What the pseudonyms of a city are made with: drawn from its own key, so that copying the folder copies
    it.
    """
    return city_secret.storage_key(settings, "pseudonyms")


def save(city: City, resource_id: str, text: str, *, actor: str) -> str:
    """Keep a policy for a resource, or end it where the text is empty; returns its digest. Raises NotFound,
    and UsageError for what is no policy.

    One with a guard takes from the public the versions that were made without: until the file is read again,
    the resource has none.
    """
    policy = anonymising.from_toml(text, folder=city.settings.folder) if text.strip() else None
    digest = city.inbox.put_bytes(text.encode()) if text.strip() else ""
    taken: list[str] = []
    with city.db.begin() as conn:
        resource = datasets.resource(conn, resource_id)
        if resource is None:
            raise NotFound(Sentence("Ressource inconnue : « {name} ».", name=resource_id))
        if policy is not None and policy.guard is not None and resource.every_s:
            raise UsageError(
                "Une ressource relevée en continu ne se protège pas ainsi : chacun de ses relevés serait trop petit.",
                mend=LIVE,
            )
        if _digest(conn, resource_id) != digest:
            ids = {"policy": digest} if digest else {}
            if policy is not None and policy.guard is not None:
                ids["guard"] = str(policy.guard.least)
            journal.append(conn, at=city.now(), actor=actor, verb=SAVED, subject=resource_id, ids=ids)
        if policy is not None and policy.guard is not None:
            for version in versions.readable(conn, resource_id, PUBLIC):
                if bare(conn, version):
                    taken += privacy.withdraw(
                        conn, version, city.now(), PROTECTED, actor=actor, audience=PUBLIC
                    )
    if taken:
        version_files.settle(city, [resource_id])
    return digest


LIVE = Sentence("Publiez un bilan par jour ou par mois, et protégez celui-là.")


def guard_of(conn: Connection, resource_id: str) -> int:
    """The threshold under which nothing of a resource is counted for anybody, 0 where it is not protected."""
    return next(
        (int(event.ids.get("guard", "0")) for event in journal.of(conn, resource_id, limit=1, verb=SAVED)), 0
    )


def bare(conn: Connection, version: Version) -> bool:
    """Whether a version shows what its resource now keeps back: it was made without the guard that protects
    the resource.
    """
    if not guard_of(conn, version.resource):
        return False
    return not policy_lineage(conn, version).get("guard")


def protected(conn: Connection, version: Version) -> tuple[str, ...]:
    """The columns whose values l and t protect, by the policy that a version was made under."""
    named = policy_lineage(conn, version).get("sensitive")
    return tuple(str(n) for n in named) if isinstance(named, list) else ()


def persons(conn: Connection, version: Version) -> str:
    """The column that says whose each row is, by the policy that a version was made under; "" where it has
    none, or where a row is a person.
    """
    named = policy_lineage(conn, version).get("persons")
    return named if isinstance(named, str) and version.schema.column(named) is not None else ""


def policy_lineage(conn: Connection, version: Version) -> Mapping[str, Json]:
    """What the lineage of a version says of the policy that it was made under; empty without one."""
    run = runs.run(conn, version.run)
    by_resource = run.parameters.get("anonymised") if run is not None else None
    mine = by_resource.get(version.resource) if isinstance(by_resource, dict) else None
    return mine if isinstance(mine, dict) else {}


def ever(conn: Connection) -> dict[str, bool]:
    """Every resource that ever had a policy, and whether it has one now."""
    return {event.subject: "policy" in event.ids for event in journal.all_of(conn, [SAVED])}


def kept_as(city: City, digest: str) -> StoredPolicy:
    """A policy of before, by its digest. Raises UsageError when it is none any more, NotFound when it is not
    kept.
    """
    text = city.inbox.read(digest).decode("utf-8")
    return StoredPolicy(digest, text, anonymising.from_toml(text, folder=city.settings.folder))


def current(city: City, resource_id: str) -> StoredPolicy | None:
    """The policy in force for a resource, None when it has none. Raises HeldBack when the one that was kept
    is no policy any more.
    """
    with city.db.read() as conn:
        digest = _digest(conn, resource_id)
    if not digest:
        return None
    text = city.inbox.read(digest).decode("utf-8")
    try:
        return StoredPolicy(digest, text, anonymising.from_toml(text, folder=city.settings.folder))
    except UsageError as wrong:
        raise HeldBack(
            Sentence("La politique d’anonymisation n’est plus valable : {message}", message=wrong.message),
            mend=wrong.mend or Sentence("Corrigez-la sur sa page."),
        ) from wrong


def text_of(city: City, resource_id: str) -> str:
    """The text of the policy of a resource, whether it still stands or not; "" without one."""
    with city.db.read() as conn:
        digest = _digest(conn, resource_id)
    return city.inbox.read(digest).decode("utf-8") if digest and city.inbox.exists(digest) else ""


def in_force(conn: Connection, resource_id: str) -> bool:
    """Whether a resource has a policy."""
    return _digest(conn, resource_id) != ""


def _digest(conn: Connection, resource_id: str) -> str:
    return next(
        (event.ids.get("policy", "") for event in journal.of(conn, resource_id, limit=1, verb=SAVED)), ""
    )


def work(
    table: pa.Table,
    schema: Schema,
    stored: StoredPolicy,
    city: City,
    resource_id: str,
    received: str,
    *,
    day: date | None = None,
) -> Anonymised:
    """The table under a policy. The same bytes under the same policy give the same rows: nothing is learnt
    from sending a file twice. day: today by default.

    The seed comes from the city's key, so that nobody else can undo the shuffle. Raises UsageError and
    HeldBack.
    """
    mine = key(city.settings)
    drawn = hmac.new(mine, f"{resource_id}\n{received}\n{stored.digest}".encode(), hashlib.sha256).digest()
    return anonymising.anonymise(
        table,
        schema,
        stored.policy,
        key=mine,
        seed=int.from_bytes(drawn[:8], "big") >> 1,
        day=day or city.now().date(),
    )


def apply(
    city: City,
    con: duckdb.DuckDBPyConnection,
    stored: StoredPolicy,
    typed: Typed,
    resource: Resource,
    received: str,
) -> Applied:
    """A typed table made anonymous where it lies: its file is written anew, so that nothing of the first is
    left to be looked at.

    Raises HeldBack when the policy does not fit the table, or when nothing meets its models.
    """
    source = whole(con, typed.path)
    try:
        done = work(source, typed.schema, stored, city, resource.id, received)
    except UsageError as wrong:
        raise HeldBack(
            Sentence(
                "Le fichier ne va plus avec la politique d’anonymisation : {message}", message=wrong.message
            ),
            mend=wrong.mend or Sentence("Corrigez la politique."),
        ) from wrong
    raw, again = retyped(con, typed, done)
    schema = again.schema
    classes = tuple(d.column for d in done.done if d.ncp is not None and schema.column(d.column) is not None)
    shown_of = overlap.anonymous(source, received, stored.policy, done)
    return Applied(
        raw,
        again,
        _policy_findings(done, stored.policy.models.k),
        _lineage(stored, done),
        classes,
        stored.policy.models.k,
        shown_of,
    )


def retyped(con: duckdb.DuckDBPyConnection, typed: Typed, done: Anonymised) -> tuple[RawTable, Typed]:
    """The anonymous table as a raw one with its types, written where the typed one was."""
    anonymous = typed.path.with_suffix(".anonymous")
    pq.write_table(done.table, anonymous, compression="snappy", row_group_size=ROWS)
    raw_columns = tuple(
        RawColumn(c.name, c.title or c.name, None if c.type in ("text", "json") else c.type)
        for c in done.schema.columns
    )
    raw = RawTable(
        typed.name,
        raw_columns,
        ParquetScan(anonymous, names=tuple(c.name for c in raw_columns)),
        done.table.num_rows,
    )
    words = {
        c.name: "text" for c in done.schema.columns if c.type == "text"
    }  # « 2026-11 » and « 34 » are groups here, not a date and a number
    again = columns.type_table(raw, typed.path, con=con, corrections=words)
    titles = {c.name: c for c in done.schema.columns}
    schema = replace(
        again.schema,
        columns=tuple(
            replace(c, title=titles[c.name].title, description=titles[c.name].description)
            for c in again.schema.columns
        ),
    )
    return raw, replace(again, schema=schema, name=typed.name)


def beside(
    city: City, con: duckdb.DuckDBPyConnection, resource: Resource, new: Applied
) -> tuple[Finding, ...]:
    """What readers, who may have kept every version that they could read, would learn from the new one by
    subtraction: classes that change by fewer than k rows, beside any of them, for what two steps of k change together
    may be one row.

    A version without the columns of these classes can't be put beside it: the report of both says what they
    hold, and nothing is told here.
    """
    if new.least < 2 or not new.classes:
        return ()
    with city.db.read() as conn:
        before = versions.read_by_anybody(conn, [resource.id], limit=BEFORE)
    differences = list[differencing.Difference]()
    for one in before:
        if all(one.schema.column(name) is not None for name in new.classes):
            with version_files.opened(city, one) as files:
                differences.append(differencing.between(con, files, [new.typed.path], new.classes, new.least))
    worst = max(differences, key=lambda d: d.rows, default=None)
    if worst is None or worst.safe:
        return ()
    return (
        Finding(
            "privacy-difference",
            worst.sentence,
            "error",
            "confidentiality",
            "",
            worst.rows,
            (),
            differencing.MEND,
        ),
    )


ASK = Sentence(
    "La personne qui a déposé le fichier, ou la protection des données, peut l’essayer. Les autres colonnes s’essaient ici."
)


def _treats(policy: Policy, name: str) -> bool:
    """Whether what a policy makes of a table depends on the values of a column."""
    guarded = policy.guard is not None and Rule((*policy.guard.by, *policy.guard.amounts), "keep").covers(
        name
    )
    return (
        guarded
        or name == policy.persons
        or any(r.covers(name) and r.treatment != "drop" for r in policy.rules)
    )


def _emptied(table: pa.Table, names: Collection[str]) -> pa.Table:
    """A table without the values of these columns, nor what the file said where they could not be read."""
    for name in (*names, *(RAW_PREFIX + n for n in names)):
        if name in table.column_names:
            place = table.column_names.index(name)
            table = table.set_column(
                place, table.schema.field(place), pa.nulls(table.num_rows, table.schema.field(place).type)
            )
    return table


def whole(con: duckdb.DuckDBPyConnection, path: Path) -> pa.Table:
    """A typed file in memory."""
    return con.execute(
        exp.select(exp.Star()).from_(exp.Table(this=parquet([path]))).sql("duckdb")
    ).to_arrow_table()


def _policy_findings(done: Anonymised, least: int) -> tuple[Finding, ...]:
    """What the report says of it: what was reached, and the columns that still are personal."""
    findings: list[Finding] = []
    if done.method == "guard" and done.after is not None:
        message = (
            f"Table protégée : filtrée ou comptée, elle ne montre que des groupes d’au moins {least} ; "
            f"lignes non publiées : {french_number(done.loss.suppressed_rows)}."
        )
        return (Finding("privacy-guarded", message, "info", "confidentiality", "", done.table.num_rows),)
    if done.after is not None:
        message = (
            f"Table anonymisée : k = {done.after.k} ; risque au pire {french_number(100 * done.after.risk.prosecutor, 1)} % ; "
            f"précision perdue {french_number(100 * done.loss.ncp, 1)} % ; lignes retirées ou muettes : {french_number(done.loss.suppressed_rows)}."
        )
        findings.append(
            Finding("privacy-anonymised", message, "info", "confidentiality", "", done.table.num_rows)
        )
    for name in done.personal:
        message = f"La colonne « {name} » est masquée ou pseudonymisée : elle reste une donnée personnelle."
        fix = "Retirez-la, ou faites décider de sa publication."
        findings.append(
            Finding(
                "privacy-pseudonym", message, "error", "confidentiality", name, done.table.num_rows, (), fix
            )
        )
    return tuple(findings)


def _lineage(stored: StoredPolicy, done: Anonymised) -> Mapping[str, Json]:
    """What the run of the version says: never a value."""
    after, before = done.after, done.before
    return {
        "policy": stored.digest,
        "title": stored.policy.title,
        "source": stored.policy.source,
        "method": done.method,
        "ncp": round(done.loss.ncp, 6),
        "suppressed_rows": done.loss.suppressed_rows,
        "k": [before.k if before else None, after.k if after else None],
        "l": [before.l if before else None, after.l if after else None],
        "t": [before.t if before else None, after.t if after else None],
        "prosecutor": [before.risk.prosecutor if before else None, after.risk.prosecutor if after else None],
        "marketer": [before.risk.marketer if before else None, after.risk.marketer if after else None],
        "persons": stored.policy.persons,
        "sensitive": [
            d.column
            for d in done.done
            if any(r.sensitive and r.covers(d.column) for r in stored.policy.rules)
        ],
        "columns": [{"column": d.column, "treatment": d.treatment} for d in done.done],
        **({"guard": stored.policy.guard.least} if stored.policy.guard is not None else {}),
    }


# --- tried --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Trial:
    """A policy on the last file of a resource. schema: of the file as it is read; done: None when there is no
    policy yet, or when it does not fit (problem).
    """

    deposit: Deposit
    schema: Schema
    hidden: frozenset[str]
    """Columns of the file that hold personal data or secrets."""
    done: Anonymised | None
    problem: str = ""
    mend: str = ""


def attempt(city: City, resource: Resource, text: str, reader: Reader) -> Trial | None:
    """Try a policy on the last file; None when no file ever came. Raises Unreadable when it can't be read,
    UsageError for what is no policy.

    For whoever may not see the personal columns of the file they are emptied first, and a policy that treats
    one of them is not tried.
    """
    stored = (
        StoredPolicy(
            hashlib.sha256(text.encode()).hexdigest(),
            text,
            anonymising.from_toml(text, folder=city.settings.folder),
        )
        if text.strip()
        else None
    )
    with city.db.read() as conn:
        last = recipes.last_file(conn, resource.id)
        hidden = recipes.already(conn, resource.id, last) if last is not None else None
        version = versions.latest(conn, resource.id)
        known = recipes.hidden_of(version) if version is not None else frozenset[str]()
    if last is None:
        return None
    with tempfile.TemporaryDirectory(dir=city.settings.path(city.settings.storage.spool)) as name:
        folder, limits = Path(name), city.settings.limits
        reading = readers.read(
            city.inbox.copy(last.received, folder / "received"),
            Workspace(folder / "read", limits, sheet=""),
            name=last.name,
        )
        con = connect.processing(folder, memory_mb=limits.memory_mb, threads=limits.threads)
        try:
            carried = sensitivity.NOTHING
            with city.db.read() as conn:
                raw = file_tables.of(conn, last.resource, resource, reading.tables)
            if resource.recipe:
                through = recipes.put_through(city, con, raw, resource, folder / "recipe")
                raw, carried = through.prepared.raw, through.inherited
            typed = columns.type_table(
                raw, folder / "typed.parquet", con=con, corrections=resource.corrections
            )
            rows = whole(con, typed.path)
            if hidden is None:
                hidden = (
                    sensitivity.hidden(
                        sensitivity.Looked(typed, {c.name: c.name for c in typed.schema.columns}).marks(con)
                    )
                    | known
                )
            called = zip(columns.column_names(raw), raw.columns, strict=True)
            hidden |= {
                name for name, c in called if c.name in carried.columns and carried.columns[c.name][0].hidden
            }
        finally:
            con.close()
    if stored is None:
        return Trial(last, typed.schema, hidden, None)
    if hidden and not reader.sees(last):
        if treated := sorted(name for name in hidden if _treats(stored.policy, name)):
            names = quoted(treated)
            refusal = Refused(
                Sentence(
                    "Cette politique traite des colonnes dont votre compte ne permet pas de voir les valeurs : {names}.",
                    names=names,
                ),
                mend=ASK,
            )
            return Trial(last, typed.schema, hidden, None, refusal.message, refusal.mend)
        rows = _emptied(rows, hidden)
    try:
        return Trial(
            last, typed.schema, hidden, work(rows, typed.schema, stored, city, resource.id, last.received)
        )
    except (UsageError, HeldBack) as wrong:
        return Trial(last, typed.schema, hidden, None, wrong.message, wrong.mend)
