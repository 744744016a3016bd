"""Drafts of a deposit: each of its tables read, prepared, typed, searched for personal data, checked and put by
digest. Nobody may read them yet.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import duckdb

from parvis import columns, readers
from parvis.checks import assertions, territory
from parvis.checks.assertions import Assertion
from parvis.checks.checking import rules_unread
from parvis.checks.domains import named
from parvis.checks.territory import NOWHERE, Territory
from parvis.core.errors import NotFound, UsageError
from parvis.core.reading import RawTable, Reading, Workspace
from parvis.core.sentence import Sentence
from parvis.core.types import (
    File,
    Finding,
    Json,
    Report,
    Resource,
    Version,
)
from parvis.engine import connect
from parvis.inspection import standards
from parvis.inspection.file_check import OpenFile
from parvis.inspection.inspection import Inspection, Personal, inspect, search_values
from parvis.inspection.reporting import (
    issues_as_findings,
    mask,
    masked_profiles,
    shield,
    with_lines,
    with_standard,
)
from parvis.inspection.standards import Judged
from parvis.privacy import quoted_words, surrounding_words
from parvis.publication import (
    column_clearings,
    file_tables,
    hidden_parts,
    mended_copy,
    policies,
    prepared_tables,
    reshaping,
    subtraction,
    total_rows,
)
from parvis.publication import sensitivity as inherited
from parvis.publication.beside_cells import words_beside
from parvis.publication.changes import with_drift
from parvis.publication.city import City
from parvis.publication.hidden_parts import Choice
from parvis.publication.prepared_tables import PreparedTable
from parvis.publication.progress import Progress
from parvis.publication.ways_out import WaysOut, ways_out
from parvis.store import (
    datasets,
    versions,
)
from parvis.store.deposits import Deposit, Understood
from parvis.store.outage import files_lack


@dataclass(frozen=True, slots=True)
class Draft:
    """A version that nobody may read yet, with the resource it belongs to."""

    resource: Resource
    version: Version
    looked: subtraction.Looked
    """The versions over the same people, perhaps, that it was put beside."""
    inputs: tuple[str, ...] = ()
    """Digests of the versions that its recipe used."""
    anonymised: Mapping[str, Json] = field(default_factory=dict[str, Json])
    """What its policy of anonymisation did, for its lineage; empty without one."""
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
    progress = Progress(city, deposit.id)
    try:
        with city.db.read() as conn:
            resource = datasets.resource(conn, deposit.resource)
            hidden = hidden_parts.choice(conn, deposit)
        if resource is None:
            raise UsageError(Sentence("Ressource inconnue : « {name} ».", name=deposit.resource))
        file = _received(city, deposit, spool / "received")
        limits = city.settings.limits
        workspace = Workspace(
            spool,
            limits,
            sheet=resource.table,
            header_row=resource.header_row,
            hidden="leave" if hidden == "leave" else "read",
        )
        progress.begins("read")
        reading = readers.read(file, workspace, name=deposit.name)
        judged = standards.judge(
            file, name=deposit.name, standard=_standard(resource), now=city.now(), limits=limits, folder=spool
        )
        threads = 1 if file.stat().st_size < SMALL else limits.threads
        con = connect.processing(spool, memory_mb=limits.memory_mb, threads=threads)
        try:
            return _drafts(city, con, deposit, resource, reading, judged, hidden, spool, progress)
        finally:
            con.close()
    finally:
        shutil.rmtree(spool, ignore_errors=True)


def _received(city: City, deposit: Deposit, to: Path) -> Path:
    """A copy of the bytes that were handed in. Raises NotFound where they were destroyed, the fault of the store where
    it lacks what was acknowledged and never destroyed by us: the sender did nothing wrong.
    """
    try:
        return city.inbox.copy(deposit.received, to)
    except NotFound as lost:
        if city.inbox.keyed(deposit.received):
            raise files_lack() from lost
        raise


def _drafts(
    city: City,
    con: duckdb.DuckDBPyConnection,
    deposit: Deposit,
    resource: Resource,
    reading: Reading,
    judged: Judged | None,
    hidden: Choice | None,
    spool: Path,
    progress: Progress,
) -> tuple[Draft, ...]:
    """One draft a table of the file. judged: by the standard that the whole file is held to; hidden: what its
    sender chose for what is out of sight in a workbook.
    """
    with city.db.read() as conn:
        parts = file_tables.assign(conn, resource, reading.tables, guarded=partial(policies.in_force, conn))
    names = {t.name for t in reading.tables}
    drafts: list[Draft] = []
    siblings: list[subtraction.Neighbour] = []
    for position, (raw, part) in enumerate(zip(reading.tables, parts, strict=True)):
        progress.begins("type", position + 1, len(parts))
        table = prepared_tables.prepare(
            city, con, raw, part.resource, deposit.received, spool / f"{position}.parquet"
        )
        progress.begins("check", position + 1, len(parts))
        version, beside = _version(city, con, reading, table, part.resource, deposit, siblings)
        offers = ways_out(
            city, con, table, version.schema, version.report.findings, part.resource, deposit.received
        )
        report = version.report
        if judged is not None and table.veiled is None:  # it judged the file, which nobody is to see
            report = with_standard(
                report, version.schema, judged.outcome, raw.name, names, first=position == 0
            )
        report = replace(report, findings=hidden_parts.judged(report.findings, hidden))
        drafts.append(
            Draft(
                part.resource,
                _unquoted(con, with_drift(city, con, replace(version, report=report)), raw, spool),
                beside.looked,
                table.inputs,
                table.veiled.lineage if table.veiled is not None else {},
                part.mark,
                _reshaped(con, table, report.findings, _understood(raw, part.resource, offers)),
            )
        )
        for place, finding in beside.beside.items():
            drafts[place] = _with_finding(drafts[place], finding)
    mends = mended_copy.counted(
        city,
        OpenFile(spool / "received", deposit.name, reading, con, spool),
        resource,
        [d.resource for d in drafts],
        [d.version.report.findings for d in drafts],
    )
    return tuple(
        replace(d, understood=replace(d.understood, mends=m)) if d.understood is not None and m else d
        for d, m in zip(drafts, mends, strict=True)
    )


TITLE = 350
"""Characters of a title, as data.gouv.fr takes them."""


def _understood(raw: RawTable, owner: Resource, offers: WaysOut) -> Understood:
    """How a table was read, and what its sender is offered."""
    return Understood(
        raw.name,
        owner.id,
        raw.header_row,
        raw.encoding or "",
        raw.separator or "",
        offers.without,
        offers.proposal,
        heading=raw.heading
        if len(raw.heading) <= TITLE and not surrounding_words.says({"titre": raw.heading})
        else "",
    )


def _reshaped(
    con: duckdb.DuckDBPyConnection, table: PreparedTable, findings: Sequence[Finding], understood: Understood
) -> Understood:
    """The same, with what its sender is offered on the shape of the table."""
    total = total_rows.under(con, table)
    return replace(
        understood,
        total=(total.column, total.words) if total is not None else (),
        subtotals=reshaping.subtotals(con, table, findings),
        periods=reshaping.periods(con, table, findings),
    )


def _with_finding(draft: Draft, finding: Finding) -> Draft:
    report = draft.version.report
    return replace(
        draft, version=replace(draft.version, report=replace(report, findings=(*report.findings, finding)))
    )


def _unquoted(con: duckdb.DuckDBPyConnection, version: Version, raw: RawTable, spool: Path) -> Version:
    """The version with a report that quotes nothing personal of what lies beside its cells. Headers and the name of its
    own sheet are searched elsewhere, and hold it.
    """
    columns_ = version.schema.columns
    known = {
        raw.name,
        *(c.name for c in columns_),
        *(c.title for c in columns_),
        *(c.label for c in raw.columns),
    }
    findings = quoted_words.masked(con, version.report.findings, known, spool / "quoted.parquet")
    return replace(version, report=replace(version.report, findings=findings))


def _standard(resource: Resource) -> str:
    """The standard that a resource is held to by name (`gtfs`, `bal-1.4`), "" when its schema is that of a
    table.
    """
    return resource.schema if named(resource.schema) else ""


def _version(
    city: City,
    con: duckdb.DuckDBPyConnection,
    reading: Reading,
    table: PreparedTable,
    resource: Resource,
    deposit: Deposit,
    siblings: list[subtraction.Neighbour],
) -> tuple[Version, subtraction.Beside]:
    """The version of one table, and what it tells beside others. siblings: the tables of the file that came before
    it; this one is added.
    """
    out, veiled = table.typed.path, table.veiled
    hasher = ThreadPoolExecutor(max_workers=1)  # the file is hashed and synced while the engine looks at it
    put = hasher.submit(city.files.put, out, share=True)
    hasher.shutdown(wait=False)
    inspection, extra = _inspected(city, con, table, resource)
    findings = (*inspection.wrong, *extra, *inspection.surveyed, *inspection.personal)
    if veiled is not None:  # its rows are no rows of the file any more
        findings = (
            *veiled.findings,
            *policies.beside(city, con, resource, veiled),
            *(replace(f, rows=()) for f in findings),
        )
    as_published = veiled.as_published if veiled is not None else None
    beside = subtraction.look(city, con, resource, deposit.received, table.typed, as_published, siblings)
    siblings.append(subtraction.Neighbour(resource.title, out, as_published))
    findings = (
        *issues_as_findings(reading, table.source),
        *(table.by.findings if table.by else ()),
        *table.of_file((*findings, *beside.findings)),
    )
    if total_rows.left_out(con, table):
        findings = tuple(f for f in findings if f.check != total_rows.FINDING)
    expected = table.expected
    schema = replace(
        inspection.schema,
        coverage=columns.coverage(
            out, inspection.schema, con=con, bbox=expected.bbox, timezone=expected.timezone
        ),
    )
    hidden = shield(schema, inspection.personal)
    report = Report(
        findings=tuple(mask(with_lines(f, table.source), hidden) for f in findings),
        profile=masked_profiles(table.typed.profile, hidden),
        rows=table.typed.rows,
        schema=resource.schema,
        checked=inspection.checked,
        not_checked=(VEILED,) if veiled is not None else (),
    )
    file = File(put.result(), out.stat().st_size, table.typed.rows)
    version = Version(
        digest=versions.digest(resource.id, schema, [file.digest]),
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
    return version, beside


def _inspected(
    city: City, con: duckdb.DuckDBPyConnection, table: PreparedTable, resource: Resource
) -> tuple[Inspection, tuple[Finding, ...]]:
    """What is seen in a table, held to the city's own rules and communes; and what is wrong with how those are
    written.
    """
    communes, badly_named = _territory(city, table.raw.name)
    rules, unread = _city_rules(city, resource, table.raw.name)
    expected = replace(table.expected, territory=communes, rules=rules)
    find = partial(_personal, city, con, table, resource)
    return inspect(con, table.raw, table.typed, expected, find=find), (*unread, *badly_named)


def _personal(
    city: City, con: duckdb.DuckDBPyConnection, table: PreparedTable, resource: Resource
) -> Personal:
    """What is personal in a table that would be published: in its cells, in the words beside them, and by
    what its columns are made of.
    """
    personal, sensitivity = search_values(con, table.typed)
    headers = {c.name: c.title or c.name for c in table.typed.schema.columns}
    path = table.typed.path
    words = surrounding_words.findings(
        con, words_beside(city, resource, table.source), path.with_suffix(".words"), headers
    )
    marks = inherited.judged(table.carried, table.called, (*words, *personal), sensitivity, table.typed.rows)
    return column_clearings.judged(city, con, resource.id, (path,), table.typed.schema, marks)


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
