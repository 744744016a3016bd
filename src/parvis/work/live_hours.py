"""The hours of a live resource: batches put by digest, hours that are over closed to segments, days and
months merged; one version, one transaction.
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import Connection

from parvis import privacy
from parvis.core.arrow import arrow_schema
from parvis.core.errors import NotFound, Refused
from parvis.core.types import (
    PUBLIC,
    Audience,
    File,
    Finding,
    Json,
    Report,
    Resource,
    Run,
    Schema,
    Source,
    Table,
    Version,
)
from parvis.engine import connect
from parvis.engine.run import Engine, run
from parvis.privacy import batches
from parvis.publication import pipeline
from parvis.publication.city import SYSTEM, City
from parvis.store import journal, live, runs, versions
from parvis.store.live import Segment, Span, Tip

NOT_SET: Mapping[str, Json] = {}


def _nothing_more(conn: Connection) -> None:
    return None


def begin(
    city: City,
    resource: Resource,
    schema: Schema,
    inputs: tuple[str, ...] = (),
    more: Callable[[Connection], None] = _nothing_more,
    audience: Audience = PUBLIC,
) -> None:
    """The first version of a live resource, without rows: its release is the policy under which every batch
    is read. For a group, the newest version again where their access to it ended and begins anew.

    inputs: versions that its first batch was computed from; more: what else must happen in its transaction.
    """
    with city.db.read() as conn:
        last = versions.latest(conn, resource.id)
        if last is not None and (
            audience.public or versions.shared(conn, resource.id, audience.name, on=city.now().date())
        ):
            return
    files = last.files if last is not None else (put(city, arrow_schema(schema).empty_table()),)
    known = last.schema if last is not None else schema
    publish(city, resource, known, files, inputs, what="live", more=more, audience=audience)


def publish(
    city: City,
    resource: Resource,
    schema: Schema,
    files: Sequence[File],
    inputs: tuple[str, ...],
    *,
    what: str,
    parameters: Mapping[str, Json] = NOT_SET,
    more: Callable[[Connection], None] = _nothing_more,
    findings: Sequence[Finding] = (),
    actor: str = SYSTEM,
    audience: Audience = PUBLIC,
    run: Run | None = None,
) -> Version:
    """One version of a live resource, with its lineage and its event, in one transaction; more: what else
    must happen in it; parameters: of the run; audience: who may read it; run: the one
    that made it, where there is one already.

    findings: what was found in its batches. Its report has, besides, those of the version before.
    """
    rows, size = sum(f.rows for f in files), sum(f.bytes for f in files)
    now = city.now()
    digest = versions.digest(resource.id, schema, [f.digest for f in files])
    with city.db.read() as conn:
        before = versions.latest(conn, resource.id)
    report = Report(
        findings=batches.merged(
            findings, before.report.findings if before is not None and not before.received else ()
        ),
        rows=rows,
    )
    run = run or Run(uuid.uuid4().hex, what, now, parameters, inputs=inputs)
    version = Version(digest, resource.id, now, rows, size, tuple(files), schema, report, run=run.id)
    with city.db.begin() as conn:
        more(conn)
        outcome = pipeline.publish(
            conn, resource, version, actor=actor, at=now, ids={"run": version.run}, audience=audience
        )
        if outcome.state != "unchanged":
            known = runs.run(conn, run.id) or run
            runs.save(conn, replace(known, outputs=(*known.outputs, digest), outcome=outcome.state))
    return version


# --- closing ------------------------------------------------------------------------------------------------


def close(
    city: City,
    resource: Resource,
    schema: Schema,
    findings: Sequence[Finding] = (),
    inputs: tuple[str, ...] = (),
    audience: Audience = PUBLIC,
) -> Version | None:
    """Close every hour before that of the newest batch, merge past days and months, and publish the whole;
    None when there was nothing to close.

    inputs: versions that the newest batch was computed from; those of the hours before are added. audience: who
    may read it.

    Segments that ended more than `storage.history_days` ago are no part of it any more; the versions that
    still hold them go with the night's work (`privacy.withdrawing.expired`), when no visitor is reading them.
    """
    while True:
        try:
            return _close(city, resource, schema, findings, inputs, audience)
        except (
            Overtaken
        ):  # begun again from what is there now: whoever was first has done a part of it, or taken it down
            continue


class Overtaken(Exception):
    """A history changed between the moment it was read and the transaction that writes it: closed by another
    thread or machine, or withdrawn.
    """


def unchanged(conn: Connection, resource: str, known: Sequence[Segment]) -> None:
    """Raises Overtaken when the closed segments of a resource are not these any more: what was made of them
    would double rows, or bring withdrawn ones back.
    """
    if live.closed(conn, resource) != [*known]:
        raise Overtaken(resource)


def _close(
    city: City,
    resource: Resource,
    schema: Schema,
    findings: Sequence[Finding],
    inputs: tuple[str, ...],
    audience: Audience,
) -> Version | None:
    with city.db.read() as conn:
        tips = live.readable(conn, resource.id)
        known = live.closed(conn, resource.id)
        read_from = _read_from(conn, resource, inputs)
    if not tips:
        return None
    current = _start(tips[-1].at, "hour")
    done = {s.start for s in known if s.span == "hour"}
    hours = sorted(
        {
            h
            for t in tips
            if (h := _start(t.at, "hour")) < current and h not in done and not _covered(h, known)
        }
    )
    if not hours:
        return None

    def same(conn: Connection) -> None:
        unchanged(conn, resource.id, known)
        if not {t.at for t in tips if _start(t.at, "hour") in hours} <= {
            t.at for t in live.readable(conn, resource.id)
        }:
            raise Overtaken(resource.id)

    try:
        segments, replaced = _merged(city, resource, tips, known, hours, current)
    except NotFound:
        with city.db.read() as conn:
            same(
                conn
            )  # withdrawn meanwhile, its bytes destroyed; else they are lost, and that is another matter
        raise
    segments.sort(key=lambda s: s.start)
    days = city.settings.storage.history_days
    past = [s for s in segments if days > 0 and live.end_of(s) <= current - timedelta(days=days)]
    segments = segments[len(past) :]

    def record(conn: Connection) -> None:
        same(conn)
        for segment in segments:
            live.close(conn, segment)
        for old in (*replaced, *past):
            live.forget(conn, old)
        tell_dropped(conn, city, past)
        live.drop_tips(conn, resource.id, before=current)

    return publish(
        city,
        resource,
        schema,
        files_of(city, segments, schema),
        read_from,
        what="close",
        more=record,
        findings=findings,
        audience=audience,
    )


def _read_from(conn: Connection, resource: Resource, inputs: tuple[str, ...]) -> tuple[str, ...]:
    """What a history that goes on was computed from: of a live resource its newest version, which has all of
    it, and of any other each version.
    """
    before = versions.latest(conn, resource.id) if inputs else None
    by_digest = {d: v for d in inputs if (v := versions.version(conn, d)) is not None}
    newest = {v.resource for v in by_digest.values() if live.newest(conn, v.resource) is not None}
    older = (d for r in (runs.producing(conn, before.digest) if before is not None else ()) for d in r.inputs)
    return (
        *inputs,
        *(
            d
            for d in dict.fromkeys(older)
            if d not in by_digest
            and (v := versions.version(conn, d)) is not None
            and v.resource not in newest
        ),
    )


def _merged(
    city: City,
    resource: Resource,
    tips: Sequence[Tip],
    known: Sequence[Segment],
    hours: Sequence[datetime],
    current: datetime,
) -> tuple[list[Segment], list[Segment]]:
    """The segments of a history once these hours are closed, and those that longer ones replace."""
    added = [
        Segment(resource.id, h, "hour", _merge(city, [t.file for t in tips if _start(t.at, "hour") == h]))
        for h in hours
    ]
    segments, replaced = [*known, *added], list[Segment]()
    steps: tuple[tuple[Span, Span], ...] = (("hour", "day"), ("day", "month"))
    for short, long in steps:
        for start in sorted(
            {
                _start(s.start, long)
                for s in segments
                if s.span == short and _start(s.start, long) < _start(current, long)
            }
        ):
            parts = [s for s in segments if s.span == short and _start(s.start, long) == start]
            whole = Segment(resource.id, start, long, _merge(city, [p.file for p in parts]))
            replaced += parts
            segments = [s for s in segments if s not in parts] + [whole]
    return segments, replaced


def tell_dropped(conn: Connection, city: City, past: Sequence[Segment]) -> None:
    """Say in the journal what a history lost, in order of time, if anything: the night takes the versions
    that hold it (`privacy.withdrawing.expired`).
    """
    if past:
        ids = {"since": past[0].start.isoformat(), "until": live.end_of(past[-1]).isoformat()}
        journal.append(
            conn, at=city.now(), actor=SYSTEM, verb=live.DROPPED, subject=past[0].resource, ids=ids
        )


def backfill(
    city: City,
    resource: Resource,
    schema: Schema,
    days: Mapping[datetime, pa.Table],
    *,
    places: Sequence[str] = (),
) -> Version:
    """Days that were never polled, closed as if they had been: an archive, under a resource whose history
    begins after it.

    days: by their first moment, UTC. places: columns that hold names of places.

    Raises ValueError for a day that the history knows already, in part or whole, or that is not over;
    Overtaken when an hour was closed meanwhile; Refused when a day holds personal or secret data.
    """
    memory = batches.Memory()
    findings_ = batches.merged(*(look(city, table, schema, memory, places) for table in days.values()))
    if privacy.holding(findings_):
        raise Refused(
            "Cette archive porte des données personnelles ou secrètes.",
            mend="Retirez-les ou anonymisez-les, puis recommencez.",
        )
    begin(city, resource, schema)
    with city.db.read() as conn:
        known, tips = live.closed(conn, resource.id), live.readable(conn, resource.id)
    first = min([s.start for s in known] + [t.at for t in tips], default=city.now())
    for start in days:
        if start != _start(start, "day") or start + timedelta(days=1) > first:
            raise ValueError(f"{start} is no whole day before {first}")
    added = [Segment(resource.id, start, "day", put(city, table)) for start, table in sorted(days.items())]

    def record(conn: Connection) -> None:
        unchanged(conn, resource.id, known)
        for segment in added:
            live.close(conn, segment)

    return publish(
        city,
        resource,
        schema,
        [s.file for s in (*added, *known)],
        (),
        what="backfill",
        more=record,
        findings=findings_,
    )


def files_of(city: City, segments: Sequence[Segment], schema: Schema) -> list[File]:
    """The files of a history; where nothing is left of it, one without rows."""
    return [s.file for s in segments] or [put(city, arrow_schema(schema).empty_table())]


def _covered(hour: datetime, known: Sequence[Segment]) -> bool:
    return any(s.span != "hour" and s.start == _start(hour, s.span) for s in known)


def _start(at: datetime, span: Span) -> datetime:
    hour = at.replace(minute=0, second=0, microsecond=0)
    return hour if span == "hour" else hour.replace(hour=0) if span == "day" else hour.replace(hour=0, day=1)


def _merge(city: City, files: Sequence[File]) -> File:
    """Several files as one, in order, row by row. Of those without rows, as when nothing moved for an hour,
    one is as good as all.
    """
    if len(files) == 1 or not any(f.rows for f in files):
        return files[0]
    spool = city.settings.path(city.settings.storage.spool) / f"merge-{uuid.uuid4().hex}"
    spool.mkdir(parents=True)
    try:
        con = connect.processing(spool, memory_mb=city.settings.limits.memory_mb)
        with run(
            Engine(con, city.files), Table((Source("merged", tuple(f.digest for f in files)),), Schema())
        ) as result:
            path = spool / "merged.parquet"
            _write(path, result.batches(20_480), None)
        con.close()
        return File(city.files.put(path), path.stat().st_size, sum(f.rows for f in files))
    finally:
        shutil.rmtree(spool, ignore_errors=True)


def news(city: City, resource: Resource, table: pa.Table, *, since: datetime) -> pa.Table:
    """The rows of a table that no batch since a moment says in the same words, column by column."""
    with city.db.read() as conn:
        files = live.since(conn, resource.id, since)
    known = {tuple(row.items()) for f in files for row in _plain(pq.read_table(city.files.local(f.digest)))}
    return table.filter(pa.array([tuple(row.items()) not in known for row in _plain(table)], pa.bool_()))


def _plain(table: pa.Table) -> Iterator[Mapping[str, object]]:
    """Rows that can be compared: a point as its text."""
    for row in table.to_pylist():
        yield {name: repr(value) if isinstance(value, dict) else value for name, value in row.items()}


def look(
    city: City, table: pa.Table, schema: Schema, memory: batches.Memory, places: Sequence[str]
) -> tuple[Finding, ...]:
    """What a batch says of people; see `privacy.batches`. places: columns that hold names of places."""
    spool = city.settings.path(city.settings.storage.spool)
    return batches.look(
        table, schema, memory, places=places, folder=spool, memory_mb=city.settings.limits.memory_mb
    )


def evidence(city: City, table: pa.Table, schema: Schema, places: Sequence[str]) -> tuple[Finding, ...]:
    """The same, with masked evidence."""
    spool = city.settings.path(city.settings.storage.spool)
    return batches.evidence(
        table, schema, places=places, folder=spool, memory_mb=city.settings.limits.memory_mb
    )


# --- files --------------------------------------------------------------------------------------------------


def put(city: City, table: pa.Table) -> File:
    spool = city.settings.path(city.settings.storage.spool)
    spool.mkdir(parents=True, exist_ok=True)
    path = spool / f"batch-{uuid.uuid4().hex}.parquet"
    try:
        _write(path, table.to_batches(), table.schema)
        return File(city.files.put(path), path.stat().st_size, table.num_rows)
    finally:
        path.unlink(missing_ok=True)


def _write(path: Path, batches: Iterable[pa.RecordBatch], schema: pa.Schema | None) -> None:
    writer: pq.ParquetWriter | None = pq.ParquetWriter(path, schema) if schema is not None else None
    for batch in batches:
        writer = writer or pq.ParquetWriter(path, batch.schema)
        writer.write_batch(batch, row_group_size=20_480)
    if writer is not None:
        writer.close()
