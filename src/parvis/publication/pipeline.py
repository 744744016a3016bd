"""The way of a file, step by step: the one place where rooms meet. Each step is a function of values; `jobs`
makes them durable.

receive -> draft (read, type, find, check, put) -> decide (release, one transaction) -> follow (indexes)
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Literal, get_args

import duckdb
from sqlalchemy import Connection

from parvis import checks, columns, privacy, readers, schemas
from parvis.catalogue import search
from parvis.checks import assertions, drift, gate, territory
from parvis.checks.assertions import Assertion
from parvis.checks.checking import rules_unread
from parvis.checks.domains import named
from parvis.checks.gate import PASSED, Judgement
from parvis.checks.territory import NOWHERE, Territory
from parvis.checks.version_profile import VersionProfile
from parvis.columns.table import Typed
from parvis.core.errors import HeldBack, NotFound, ParvisError, Refused, TooLarge, UsageError
from parvis.core.reading import RawTable, Reading, Workspace
from parvis.core.released import Released
from parvis.core.sentence import Sentence
from parvis.core.types import (
    PUBLIC,
    Audience,
    File,
    Finding,
    Held,
    Json,
    Report,
    Resource,
    Run,
    Schema,
    Version,
)
from parvis.engine import connect
from parvis.inspection import standards
from parvis.inspection.inspection import Expected, Personal, inspect, search_values
from parvis.inspection.reporting import (
    issues_as_findings,
    mask,
    masked_profiles,
    shield,
    with_lines,
    with_standard,
)
from parvis.prepare import Prepared
from parvis.privacy import audiences, surrounding_words
from parvis.privacy.fingerprint import fingerprint
from parvis.publication import (
    column_clearings,
    count_tables,
    describing,
    file_tables,
    hidden_parts,
    policies,
    proposing,
    recipes,
    subtraction,
    version_files,
)
from parvis.publication import sensitivity as inherited
from parvis.publication.city import SYSTEM, City, gate_settings
from parvis.publication.file_tables import Part
from parvis.publication.policies import Applied
from parvis.store import (
    column_words,
    datasets,
    deposits,
    detector_scans,
    journal,
    releases,
    runs,
    takedowns,
    versions,
)
from parvis.store.deposits import Deposit, Look, Proposal, Understood
from parvis.store.outage import files_lack

# --- receive ------------------------------------------------------------------------------------------------


def receive(
    city: City, path: Path, *, name: str, resource: str, actor: str = SYSTEM, look: Look = ""
) -> Deposit:
    """Keep the bytes by digest, nothing trusted, then say so. Once this returns the deposit is acknowledged:
    no crash loses it. look: whom it waits for once it is read.

    Raises UsageError when the resource is unknown, TooLarge when the file has more than `limits.upload_mb`,
    Refused when these bytes were taken down.
    """
    limit = city.settings.limits.upload_mb
    if path.stat().st_size > limit * 1_000_000:
        raise TooLarge(
            Sentence("« {address} » dépasse {limit} Mo.", address=name, limit=limit),
            mend="Compressez-le, découpez-le, ou relevez limits.upload_mb.",
            limit="limits.upload_mb",
        )
    digest = city.inbox.put(path)
    with city.db.read() as conn:
        gone = takedowns.barred(conn, datasets.publisher(conn, resource), received=digest)
        theirs = gone and deposits.anybody(conn, digest)
    if gone:
        if not theirs:
            city.inbox.delete(digest)
        raise Refused("Ce fichier a été retiré : il n’est plus accepté.", mend="Déposez un fichier corrigé.")
    with city.db.begin() as conn:
        if datasets.resource(conn, resource) is None:
            raise UsageError(Sentence("Ressource inconnue : « {name} ».", name=resource))
        sent = Deposit(
            id=uuid.uuid4().hex,
            resource=resource,
            received=digest,
            name=name,
            actor=actor,
            at=city.now(),
            look=look,
        )
        made = deposits.receive(conn, sent)
        if made.state == "received":
            journal.append(
                conn,
                at=city.now(),
                actor=actor,
                verb="received",
                subject=resource,
                ids={"deposit": made.id, "bytes": digest},
            )
    return made


def retry(city: City, deposit_id: str, *, actor: str) -> Deposit:
    """Have a deposit that was stopped read again, from the bytes that are kept. Raises NotFound, and
    UsageError for one that was not stopped.
    """
    with city.db.begin() as conn:
        stopped = deposits.get(conn, deposit_id)
        if stopped is None:
            raise NotFound(Sentence("Dépôt inconnu : {deposit_id}.", deposit_id=deposit_id))
        if stopped.state != "failed":
            raise UsageError("Ce dépôt n’est pas en panne : il n’y a rien à relancer.")
        again = deposits.again(conn, deposit_id)
        journal.append(
            conn,
            at=city.now(),
            actor=actor,
            verb="received",
            subject=again.resource,
            ids={"deposit": again.id, "bytes": again.received},
        )
    return again


# --- draft: read, type, find, check, put --------------------------------------------------------------------


def read(
    city: City,
    path: Path,
    *,
    spool: Path,
    name: str = "",
    resource: Resource | None = None,
    hidden: Literal["read", "leave"] = "read",
) -> Reading:
    """Understand the structure of a file. Raises Unreadable with the reason."""
    workspace = Workspace(
        spool,
        city.settings.limits,
        sheet=resource.table if resource else "",
        header_row=resource.header_row if resource else None,
        hidden=hidden,
    )
    return readers.read(path, workspace, name=name)


@dataclass(frozen=True, slots=True)
class Draft:
    """A version that nobody may read yet, with the resource it belongs to."""

    resource: Resource
    version: Version
    inputs: tuple[str, ...] = ()
    """Digests of the versions that its recipe used."""
    anonymised: Mapping[str, Json] = field(default_factory=dict[str, Json])
    """What its policy of anonymisation did, for its lineage; empty without one."""
    known: tuple[str, ...] = ()
    """Digests of the versions over the same people, perhaps, that it was put beside."""
    mark: str = ""
    """What the table of the file is known by; see `file_tables`."""
    understood: Understood | None = None
    """How it was read."""


SMALL = 1_000_000
"""Bytes of a file that one thread of the engine is soonest done with."""


def draft(city: City, deposit: Deposit) -> tuple[Draft, ...]:
    """Read, type, find and check every table of a deposit, and put its Parquet by digest. Nothing is visible
    yet; doing it twice gives the same drafts.

    Raises Unreadable when no reader understands the file, HeldBack when it no longer fits the recipe of the
    resource.
    """
    spool = city.settings.path(city.settings.storage.spool) / deposit.id
    shutil.rmtree(spool, ignore_errors=True)
    spool.mkdir(parents=True)
    try:
        with city.db.read() as conn:
            resource = datasets.resource(conn, deposit.resource)
        if resource is None:
            raise UsageError(Sentence("Ressource inconnue : « {name} ».", name=deposit.resource))
        try:
            file = city.inbox.copy(deposit.received, spool / "received")
        except NotFound as lost:
            if city.inbox.keyed(
                deposit.received
            ):  # acknowledged, and never destroyed by us: the store lacks it, the sender did nothing wrong
                raise files_lack() from lost
            raise
        with city.db.read() as conn:
            chosen = hidden_parts.choice(conn, deposit)
        reading = read(
            city,
            file,
            spool=spool,
            name=deposit.name,
            resource=resource,
            hidden="leave" if chosen == "leave" else "read",
        )
        limits = city.settings.limits
        judged = standards.judge(
            file, name=deposit.name, asked=_standard(resource), now=city.now(), limits=limits, folder=spool
        )
        small = file.stat().st_size < SMALL
        con = connect.processing(spool, memory_mb=limits.memory_mb, threads=1 if small else limits.threads)
        try:
            made: list[Draft] = []
            siblings: list[subtraction.Neighbour] = []
            with city.db.read() as conn:
                assigned = file_tables.assign(
                    conn, resource, reading.tables, guarded=partial(policies.in_force, conn)
                )
            for position, (raw, part) in enumerate(zip(reading.tables, assigned, strict=True)):
                owner = part.resource
                version, inputs, anonymised, told, ways = _version(
                    city, con, reading, raw, owner, deposit, spool / f"{position}.parquet", siblings
                )
                if judged is not None and not anonymised:  # it judged the file, which nobody is to see
                    names = {t.name for t in reading.tables}
                    held_to = with_standard(
                        version.report, version.schema, judged.outcome, raw.name, names, first=position == 0
                    )
                    version = replace(version, report=held_to)
                version = replace(
                    version,
                    report=replace(
                        version.report, findings=hidden_parts.judged(version.report.findings, chosen)
                    ),
                )
                made.append(
                    Draft(
                        owner,
                        with_drift(city, con, version),
                        inputs,
                        anonymised,
                        told.known,
                        part.mark,
                        _understood(raw, owner, ways),
                    )
                )
                for place, finding in told.beside.items():
                    made[place] = _with_finding(made[place], finding)
            return tuple(made)
        finally:
            con.close()
    finally:
        shutil.rmtree(spool, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class _Ways:
    """Ways out for a table that personal data hold, each of them tried; see `Understood`."""

    without: tuple[str, ...] = ()
    proposal: Proposal | None = None


def _understood(raw: RawTable, owner: Resource, ways: _Ways) -> Understood:
    return Understood(
        raw.name,
        owner.id,
        raw.header_row,
        raw.encoding or "",
        raw.separator or "",
        ways.without,
        ways.proposal,
    )


def _with_finding(draft: Draft, finding: Finding) -> Draft:
    report = draft.version.report
    return replace(
        draft, version=replace(draft.version, report=replace(report, findings=(*report.findings, finding)))
    )


def _standard(resource: Resource) -> str:
    """The standard that a resource is held to by name (`gtfs`, `bal-1.4`), "" when its schema is that of a
    table.
    """
    return resource.schema if named(resource.schema) else ""


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A table as it would be published. source: as it stands in the file; by: the recipe it went through;
    veiled: what a policy of anonymisation made of it; carried: what is personal in the file, followed to
    here; called: name of each column in the version, to that in `raw`'s labels.
    """

    source: RawTable
    raw: RawTable
    typed: Typed
    expected: Expected
    by: Prepared | None
    inputs: tuple[str, ...]
    veiled: Applied | None
    carried: inherited.Inherited
    called: Mapping[str, str]

    def of_file(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """The findings by the records and columns of the file that was handed in."""
        return tuple(findings if self.by is None else map(self.by.of_file, findings))


def _prepared(
    city: City,
    con: duckdb.DuckDBPyConnection,
    source: RawTable,
    resource: Resource,
    deposit: Deposit,
    out: Path,
) -> _Prepared:
    """Put a table through its recipe, type it into `out`, and put it through its policy: all that follows
    sees what would be published.
    """
    kept_policy = policies.current(city, resource.id)
    through = (
        recipes.put_through(city, con, source, resource, out.with_suffix(".recipe"))
        if resource.recipe
        else None
    )
    by, inputs, carried = (
        (through.prepared, through.inputs, through.inherited) if through else (None, (), inherited.NOTHING)
    )
    raw = by.raw if by else source
    called = dict(zip((c.name for c in raw.columns), columns.column_names(raw), strict=True))
    schema = schema_of(city, resource.schema) if resource.schema and not named(resource.schema) else None
    of = city.settings.city
    expected = Expected(
        city.now().date(), schema, resource.corrections, bbox=tuple(of.bbox), timezone=of.timezone
    )
    typed = expected.typed(raw, out, con)
    veiled = (
        policies.apply(city, con, kept_policy, typed, resource, deposit.received)
        if kept_policy is not None
        else None
    )
    if veiled is None:
        return _Prepared(source, raw, typed, expected, by, inputs, None, carried, called)
    carried = inherited.under_policy(carried, veiled.lineage, called)
    return _Prepared(
        source,
        veiled.raw,
        veiled.typed,
        replace(expected, schema=None),
        None,
        inputs,
        veiled,
        carried,
        called,
    )


def _version(
    city: City,
    con: duckdb.DuckDBPyConnection,
    reading: Reading,
    source: RawTable,
    resource: Resource,
    deposit: Deposit,
    out: Path,
    siblings: list[subtraction.Neighbour],
) -> tuple[Version, tuple[str, ...], Mapping[str, Json], subtraction.Beside, _Ways]:
    """The version of one table, the digests of the versions that its recipe used, what its policy of
    anonymisation did, what it tells beside others, and what would let it go where personal data hold it.
    """
    made = _prepared(city, con, source, resource, deposit, out)
    _as_before(city, con, resource, deposit, out)
    hands = ThreadPoolExecutor(max_workers=1)  # the file is hashed and synced while the engine looks at it
    kept = hands.submit(city.files.put, out, share=True)
    hands.shutdown(wait=False)
    known, astray = _territory(city, made.raw.name)
    rules, unread = _city_rules(city, resource, made.raw.name)
    expected = replace(made.expected, territory=known, rules=rules)
    seen = inspect(con, made.raw, made.typed, expected, find=partial(_personal, city, con, made, resource))
    found = (*seen.wrong, *unread, *astray, *seen.surveyed, *seen.personal)
    shown = made.veiled.shown if made.veiled is not None else None
    if made.veiled is not None:  # its rows are no rows of the file any more
        found = (
            *made.veiled.findings,
            *policies.beside(city, con, resource, made.veiled),
            *(replace(f, rows=()) for f in found),
        )
    told = subtraction.look(city, con, resource, deposit.received, made.typed, shown, siblings)
    siblings.append(subtraction.Neighbour(resource.title, out, shown))
    findings = (
        *issues_as_findings(reading, source),
        *(made.by.findings if made.by else ()),
        *made.of_file((*found, *told.findings)),
    )
    schema = replace(
        seen.schema,
        coverage=columns.coverage(out, seen.schema, con=con, bbox=expected.bbox, timezone=expected.timezone),
    )
    hidden = shield(schema, seen.personal)
    report = Report(
        findings=tuple(mask(with_lines(f, source), hidden) for f in findings),
        profile=masked_profiles(made.typed.profile, hidden),
        rows=made.typed.rows,
        schema=resource.schema,
        checked=seen.checked,
        not_checked=(VEILED,) if made.veiled is not None else (),
    )
    digest = kept.result()
    file = File(digest, out.stat().st_size, made.typed.rows)
    version = Version(
        digest=versions.digest(resource.id, schema, [digest]),
        resource=resource.id,
        at=city.now(),
        rows=file.rows,
        bytes=file.bytes,
        files=(file,),
        schema=schema,
        report=report,
        run=deposit.id,
        received=deposit.received,
    )
    lineage = made.veiled.lineage if made.veiled is not None else {}
    ways = _ways(city, con, made, schema, report.findings, resource, deposit)
    return version, made.inputs, lineage, told, ways


def _personal(city: City, con: duckdb.DuckDBPyConnection, made: _Prepared, resource: Resource) -> Personal:
    """What is personal in a table that would be published: in its cells, in the words beside them, and by
    what its columns are made of.
    """
    personal, sensitivity = search_values(con, made.typed)
    headers = {c.name: c.title or c.name for c in made.typed.schema.columns}
    words = surrounding_words.findings(
        con, _words(city, resource, made.source), made.typed.path.with_suffix(".words"), headers
    )
    found = inherited.judged(made.carried, made.called, (*words, *personal), sensitivity, made.typed.rows)
    return column_clearings.judged(city, con, resource.id, (made.typed.path,), made.typed.schema, found)


def _ways(
    city: City,
    con: duckdb.DuckDBPyConnection,
    made: _Prepared,
    schema: Schema,
    found: Sequence[Finding],
    resource: Resource,
    deposit: Deposit,
) -> _Ways:
    held = {f.column for f in privacy.holding(found)}
    if not held or made.veiled is not None:
        return _Ways()
    through = made.carried != inherited.NOTHING
    proposal = (
        None
        if through or resource.every_s
        else proposing.tried(city, con, made.typed, schema, held, resource.id, deposit.received)
    )
    return _Ways(_without(con, made, found), proposal)


def _without(con: duckdb.DuckDBPyConnection, made: _Prepared, found: Iterable[Finding]) -> tuple[str, ...]:
    """The columns without which nothing personal would hold a table back: tried on what is left of it. None where
    nothing holds it, where that is not enough, or where a policy makes it anonymous already.
    """
    held = privacy.holding(found)
    names = {c.name for c in made.typed.schema.columns}
    gone = {f.column for f in held}
    if not held or made.veiled is not None or not gone < names or made.carried.rows:
        return ()
    looked = inherited.Looked(made.typed, made.called)
    alone = looked.marks(con, {made.called[n] for n in names - gone if n in made.called})
    if any(mark.holds for mark in alone.values()):
        return ()
    return tuple(
        made.called[c.name] for c in made.typed.schema.columns if c.name in gone and c.name in made.called
    )


def _as_before(
    city: City, con: duckdb.DuckDBPyConnection, resource: Resource, deposit: Deposit, out: Path
) -> None:
    """Give the typed file the bytes that it had before, where the same file handed in again holds the same
    rows: the version is then the same one.
    """
    with city.db.read() as conn:
        before = versions.latest(conn, resource.id)
    if (
        before is None
        or before.received != deposit.received
        or len(before.files) != 1
        or not version_files.kept(city, before)
    ):
        return
    with version_files.opened(city, before) as (old,):
        if columns.alike(old, out, con):
            shutil.copyfile(old, out)


def _words(city: City, resource: Resource, raw: RawTable) -> Mapping[str, str]:
    """What goes out beside the cells of a table, by the place where it stands."""
    with city.db.read() as conn:
        dataset = datasets.dataset(conn, resource.dataset)
        file = resource.source.removeprefix("upload:") if resource.source.startswith("upload:") else ""
        words = {
            **(
                {_OF_DATASET[f]: text for f, text in describing.dataset_words(dataset).items()}
                if dataset
                else {}
            ),
            "titre de la ressource": resource.title,
            "description de la ressource": resource.description,
            "nom de la feuille ou du membre": raw.name,
            "nom du fichier d’origine": file,
            **{
                f"ce qui est dit d’une colonne ({number})": text
                for number, text in enumerate(_of_columns(conn, resource), 1)
            },
        }
        return describing.not_cleared(city, conn, resource.dataset, words)


def _of_columns(conn: Connection, resource: Resource) -> Iterable[str]:
    said = column_words.of(conn, [resource.id]).get(resource.id, {})
    return describing.column_places(resource.id, said).values()


_OF_DATASET: Mapping[str, str] = {
    "title": "titre du jeu",
    "description": "description du jeu",
    "keywords": "mots-clés",
    "contact_name": "nom du contact",
    "contact_email": "adresse du contact",
}


VEILED = (
    "Le fichier d’origine et son schéma : la table est anonymisée, seule la table anonyme a été regardée."
)
"""What the report of an anonymised table has to say."""


def _territory(city: City, table: str) -> tuple[Territory, tuple[Finding, ...]]:
    """The communes that the city knows; where their files are badly written, that is told and nothing is
    assumed.
    """
    try:
        return territory.load(city.settings.folder), ()
    except UsageError as bad:
        return NOWHERE, (rules_unread(bad, table),)


def _city_rules(
    city: City, resource: Resource, table: str
) -> tuple[tuple[Assertion, ...], tuple[Finding, ...]]:
    """The city's own rules on a dataset, `regles/<dataset>.toml` in its folder; where they are badly written,
    that is told and none is applied.
    """
    path = city.settings.folder / "regles" / f"{resource.dataset}.toml"
    if not path.is_file():
        return (), ()
    try:
        return assertions.read(path.read_bytes(), path.name), ()
    except UsageError as bad:
        return (), (rules_unread(bad, table),)


def with_drift(city: City, con: duckdb.DuckDBPyConnection, version: Version) -> Version:
    """The version, its report saying too what changed since the one that the public reads, or that a group does:
    never since one that nobody came to read, which may be this very file, read otherwise.
    """
    with city.db.read() as conn:
        before = versions.served(conn, version.resource, PUBLIC) or _shared(conn, version.resource)
        history = versions.sizes(conn, version.resource, PUBLIC)
    if before is None or before.digest == version.digest:
        return version
    with version_files.opened(city, before) as old, version_files.opened(city, version) as new:
        found = drift.compare(con, _shot(before, old), _shot(version, new), history)
    masked = tuple(mask(f, shield(version.schema, version.report.findings)) for f in found)
    return replace(version, report=replace(version.report, findings=(*version.report.findings, *masked)))


def _shared(conn: Connection, resource: str) -> Version | None:
    """The newest version of a resource that a group was let read."""
    every = versions.history(conn, resource, limit=20)
    return next(
        (v for v in every if any(r.withdrawn_at is None for r in releases.rows(conn, v.digest))), None
    )


def _shot(version: Version, paths: tuple[Path, ...]) -> VersionProfile:
    """A version as its changes are told: no value of a column that holds one back is."""
    return VersionProfile(
        paths, shield(version.schema, version.report.findings), version.report.profile, version.rows
    )


def schema_of(city: City | None, name: str) -> Schema:
    """The Table Schema of that path, or of that name (`equipements`, `scdl/budget@0.8.3`) in the city's
    library; without a city, in that of the current folder.

    Raises UsageError when there is none, or when it is no Table Schema.
    """
    folder = city.settings.folder if city else Path()
    path = folder / name
    return (
        checks.load_schema(path.read_bytes(), source=name)
        if path.is_file()
        else schemas.library(folder).find(name).schema
    )


# --- decide: release and publish, in one transaction --------------------------------------------------------


State = Literal["unchanged", "published", "ready", "held", "refused"]
GRAVEST: tuple[State, ...] = get_args(State)
"""What becomes of a version, and of a deposit of several: its gravest."""


OPINION_ASKED = Sentence(
    "Un avis est demandé à la protection des données ; une autre personne décide ensuite."
)
"""What becomes of a version on which its sender asked for an opinion."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a version. todo: what holds it back, in the sender's words."""

    state: State
    todo: str = ""


def publish(
    conn: Connection,
    resource: Resource,
    version: Version,
    *,
    actor: str,
    at: datetime,
    ids: Mapping[str, str],
    audience: Audience = PUBLIC,
    judged: Judgement = PASSED,
    look: Look = "",
) -> Outcome:
    """Keep a version, let its audience read it or hold it back, and say so: all in the transaction of the
    caller, whose files were put before.

    The one way by which anything comes to be seen. judged: what the gate says of its quality; `privacy` has
    its own say in any case. What is served already is left as it is, without an event, so that a job may
    repeat its step. look: whom it waits for besides; the version of one that nothing holds is "ready" for its sender.
    """
    handed_in = [f.digest for f in version.files if f.rows] if version.received else []
    if takedowns.barred(
        conn,
        datasets.publisher(conn, resource.id),
        version=version.digest,
        received=version.received,
        files=handed_in,
    ):
        journal.append(
            conn,
            at=at,
            actor=actor,
            verb="refused",
            subject=resource.id,
            ids={"version": version.digest, **ids},
        )
        return Outcome(
            "refused",
            "Ces données ont été retirées : elles ne sont plus acceptées. Déposez un fichier corrigé.",
        )
    before = versions.served(conn, resource.id, audience)
    if versions.save(conn, version) == "unchanged" and before is not None and before.digest == version.digest:
        return Outcome("unchanged")
    if judged.verdict == "refuse":
        journal.append(
            conn,
            at=at,
            actor=actor,
            verb="refused",
            subject=resource.id,
            ids={"version": version.digest, **ids},
        )
        return Outcome("refused", judged.todo)
    reserved = audience.public and not _open_to_all(conn, resource)
    policy = "hold" if judged.verdict == "hold" or reserved or look else resource.policy
    released = privacy.release(
        conn,
        version,
        audience,
        policy=policy,
        findings=version.report.findings,
        decided_by=actor,
        why="",
        at=at,
    )
    ready = (
        look == "sender"
        and isinstance(released, Held)
        and not (released.findings or reserved)
        and judged.verdict != "hold"
        and resource.policy == "open"
    )
    state = ("ready" if ready else "held") if isinstance(released, Held) else "published"
    if state == "published" and audience.public:
        show(conn, resource, at)
    journal.append(
        conn, at=at, actor=actor, verb=state, subject=resource.id, ids={"version": version.digest, **ids}
    )
    if not isinstance(released, Held) or ready:
        return Outcome(state)
    if look == "asked" and not released.findings:
        return Outcome(state, OPINION_ASKED)
    if reserved and not released.findings:
        return Outcome(state, f"Ce jeu de données n’est pas ouvert au public. {RESERVED}")
    return Outcome(
        state, judged.todo if judged.verdict == "hold" and not released.findings else released.todo
    )


def decide(city: City, deposit_id: str, drafts: Sequence[Draft]) -> Deposit:
    """Publish or hold every draft of a deposit, in one transaction: all of it is seen, or nothing. Doing it
    again changes nothing.
    """
    with city.db.begin() as conn:
        return decide_in(conn, city, deposit_id, drafts)


def decide_in(conn: Connection, city: City, deposit_id: str, drafts: Sequence[Draft]) -> Deposit:
    """The same in the transaction of the caller, who may decide several deposits in it: all of them are seen,
    or none. Raises NotFound.
    """
    deposit = deposits.get(conn, deposit_id)
    if deposit is None:
        raise NotFound(Sentence("Dépôt inconnu : {deposit_id}.", deposit_id=deposit_id))
    if deposit.state in ("published", "held", "refused", "unchanged"):
        return deposit
    at = city.now()
    states: list[State] = []
    todo = ""
    for each in drafts:
        version = each.version
        owner = file_tables.save(conn, deposit.resource, Part(each.mark, each.resource))
        judged = gate.judge(version.report.findings, gate_of(city, owner))
        late = (
            judged.verdict != "refuse"
            and policies.guard_of(conn, owner.id)
            and not each.anonymised.get("guard")
        )
        if late:  # the resource was protected while this was being made
            judged = replace(judged, verdict="hold")
        alone = judged.verdict == "refuse" or not subtraction.late(
            conn, owner, version, each.known, protected=bool(each.anonymised)
        )
        if not alone:
            judged = replace(judged, verdict="hold")
        outcome = publish(
            conn,
            owner,
            version,
            actor=deposit.actor,
            at=at,
            ids={"deposit": deposit.id},
            judged=judged,
            look=deposit.look,
        )
        if hidden_parts.told(
            version.report.findings
        ):  # it may have been held for them before, under the same digest
            versions.tell(conn, version.digest, version.report)
        detector_scans.note(conn, version.digest, fingerprint(), at)
        count_tables.note(conn, city, version, deposit.actor)
        todo = (
            (UNGUARDED if late else outcome.todo if alone else subtraction.LATE)
            or todo
            or (_changed(version) if outcome.state == "published" else "")
        )
        states.append(outcome.state)
    outcome_state = GRAVEST[max((GRAVEST.index(s) for s in states), default=0)]
    ready = outcome_state == "ready"
    runs.save(
        conn,
        Run(
            id=deposit.id,
            what="publish",
            at=at,
            parameters=_anonymised(drafts),
            inputs=tuple(dict.fromkeys(i for d in drafts for i in d.inputs)),
            outputs=tuple(d.version.digest for d in drafts),
            outcome="held" if ready else outcome_state,
        ),
    )
    done = replace(
        deposit,
        state="held" if outcome_state == "ready" else outcome_state,
        message="" if ready else todo,
        version=drafts[0].version.digest,
        look="ready" if ready else deposit.look,
        understood=tuple(d.understood for d in drafts if d.understood is not None),
    )
    deposits.save(conn, done)
    return done


def _anonymised(drafts: Sequence[Draft]) -> Mapping[str, Json]:
    """What policies did, by resource."""
    found: dict[str, Json] = {d.resource.id: dict(d.anonymised) for d in drafts if d.anonymised}
    return {"anonymised": found} if found else {}


def gate_of(city: City, resource: Resource) -> gate.Policy:
    """What findings do to a new version of this resource: its own word, else the city's."""
    return gate.policy(gate_settings(city.settings), resource.gate)


def _changed(version: Version) -> str:
    """What the sender is told of a version that was published with changes that time does not explain."""
    found = gate.changes(version.report.findings)
    more = f" (et {len(found) - gate.SHOWN} autres)" if len(found) > gate.SHOWN else ""
    return (
        f"Publié, mais à vérifier : {' '.join(f.message for f in found[: gate.SHOWN])}{more}" if found else ""
    )


def refuse(city: City, deposit_id: str, error: ParvisError) -> Deposit:
    """Close a deposit that can't be read, with the reason in the sender's words; one that a recipe holds back
    waits for it to be mended.
    """
    state = "held" if isinstance(error, HeldBack) else "refused"
    with city.db.begin() as conn:
        deposit = deposits.get(conn, deposit_id)
        if deposit is None:
            raise NotFound(Sentence("Dépôt inconnu : {deposit_id}.", deposit_id=deposit_id))
        if deposit.state in ("published", "held", "refused", "unchanged"):
            return deposit
        journal.append(
            conn,
            at=city.now(),
            actor=deposit.actor,
            verb=state,
            subject=deposit.resource,
            ids={"deposit": deposit.id},
        )
        refused = replace(deposit, state=state, message=error.told)
        deposits.save(conn, refused)
    return refused


def release(city: City, version_digest: str, audience: Audience, *, why: str, actor: str) -> Released | Held:
    """A human's decision on a held version: from here on this audience may read it; Held where it takes an
    opinion or a signature that is not there.

    Raises NotFound, and Refused for what the gate of its resource refuses: that takes another file, or
    another policy; UsageError for a group that is none.
    """
    with version_files.decided(city, version_digest), city.db.begin() as conn:
        return release_in(conn, city, version_digest, audience, why=why, actor=actor)


def release_in(
    conn: Connection, city: City, version_digest: str, audience: Audience, *, why: str, actor: str
) -> Released | Held:
    """The same in the transaction of the caller, who writes down more of the decision than its row holds.
    Raises as `release`.
    """
    version = versions.version(conn, version_digest)
    if version is None:
        raise NotFound(Sentence("Version inconnue : {version_digest}.", version_digest=version_digest))
    audiences.known_group(conn, audience)
    owner = datasets.resource(conn, version.resource)
    judged = gate.judge(version.report.findings, gate_of(city, owner)) if owner is not None else PASSED
    if judged.verdict == "refuse":
        raise Refused(judged.todo)
    if audience.public and policies.bare(conn, version):
        raise Refused(
            "Cette ressource est protégée : cette version montre de petits effectifs.", mend=UNGUARDED
        )
    if owner is not None and audience.public and not _open_to_all(conn, owner):
        raise Refused("Ce jeu de données n’est pas ouvert au public.", mend=RESERVED)
    policy = "hold" if owner is None or deposits.opinion_asked(conn, version_digest) else owner.policy
    outcome = privacy.release(
        conn,
        version,
        audience,
        policy=policy,
        findings=version.report.findings,
        decided_by=actor,
        why=why,
        at=city.now(),
    )
    if isinstance(outcome, Held):
        return outcome
    if owner is not None and audience.public:
        show(conn, owner, city.now())
    journal.append(
        conn,
        at=city.now(),
        actor=actor,
        verb="released",
        subject=version.resource,
        ids={"version": version.digest, "release": outcome.rows[0].id},
    )
    return outcome


UNGUARDED = Sentence(
    "Faites relire le fichier : il sera publié sans les groupes trop petits. Ou mettez d’abord fin à la protection de la ressource."
)
"""What to do with a version that was made before its resource was protected."""
RESERVED = Sentence(
    'Partagez-le avec un groupe, ou ouvrez d’abord son accès (access = "public" dans datasets.toml).'
)
"""What to do with a table of a dataset that the public does not read."""


def _open_to_all(conn: Connection, resource: Resource) -> bool:
    """Whether the dataset of a resource is meant for the public."""
    dataset = datasets.dataset(conn, resource.dataset)
    return dataset is None or dataset.access == "public"


def show(conn: Connection, resource: Resource, at: datetime) -> None:
    """The dataset of a resource that just became readable: published, dated. One that a person archived or
    withdrew stays so, whatever arrives.
    """
    dataset = datasets.dataset(conn, resource.dataset)
    if dataset is not None and dataset.state in ("draft", "published"):
        datasets.save_dataset(
            conn, replace(dataset, state="published", issued=dataset.issued or at, modified=at)
        )


# --- follow -------------------------------------------------------------------------------------------------


def index(city: City) -> search.Index:
    """The search index of the city."""
    return search.Index.open(city.settings.path(city.settings.storage.index))


def follow(city: City, known: search.Index) -> None:
    """Bring the search index up to the journal. Only the worker calls it, from one thread."""
    known.follow(city.db)
