"""Live resources: polled, checked batch by batch, closed hour by hour into versions.

    poll -> batch (a Parquet file put by digest, one row in `tips`) -> close (hours to segments, days and months merged; one version, one transaction)

Killed anywhere, nothing acknowledged is lost: a batch is a file and a row, a closed hour one transaction, and what derives from it is caught up by looking at
which closed hours it still lacks.
"""

from __future__ import annotations

import shutil
import threading
import time
import uuid
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import Connection

from parvis import pipeline, privacy, services
from parvis.core import registry
from parvis.core.errors import NotFound, SourceDown, Unreadable
from parvis.core.released import Public
from parvis.core.types import PUBLIC, File, Report, Resource, Run, Schema, Source, Table, Version
from parvis.engine import connect
from parvis.engine.read import read
from parvis.engine.run import Engine, run
from parvis.harvest import gbfs
from parvis.pipeline import SYSTEM, City
from parvis.readers.gbfs import feeds
from parvis.services.declaration import Service
from parvis.services.velos.batch import batch as velos_batch
from parvis.services.velos.service import RELEVES
from parvis.store import datasets, journal, live, runs, versions
from parvis.store.live import Feed, FeedState, Segment, Span, Tip

STALE = timedelta(minutes=10)
"""A feed that speaks of a moment so long past is stale: it is kept, and said."""


@dataclass(frozen=True, slots=True)
class Batch:
    """One answer of a feed as a table. at: the moment it speaks of."""

    at: datetime
    table: pa.Table
    schema: Schema


Fetch = Callable[[], Batch]
"""Asks the source once. Raises SourceDown or Unreadable."""


def poll(city: City, resource: Resource, fetch: Fetch) -> Feed:
    """Ask a source, keep what it says, close the hours that are over. Returns how the feed goes; an Event is written when that changes, never per poll."""
    try:
        got = fetch()
    except SourceDown as down:
        return _note(city, resource, "down", down.message)
    except Unreadable as wrong:
        return _note(city, resource, "malformed", wrong.message)
    keep(city, resource, got)
    late = city.now() - got.at > STALE
    return _note(city, resource, "stale" if late else "up", f"Le flux parle encore de {got.at:%H:%M} UTC." if late else "")


def keep(city: City, resource: Resource, got: Batch) -> bool:
    """Append a batch to the tip of its resource; False when it is not newer than the last. Hours that are over are closed first."""
    _begin(city, resource, got.schema)
    file = _put(city, got.table)
    with city.db.begin() as conn:
        fresh = live.append(conn, Tip(resource.id, got.at, file, held=got.table.num_rows == 0))
    if fresh:
        close(city, resource, got.schema)
        derive(city, resource)
    return fresh


def _note(city: City, resource: Resource, state: FeedState, message: str) -> Feed:
    now = city.now()
    with city.db.begin() as conn:
        before = live.feed(conn, resource.id)
        failures = 0 if state in ("up", "stale") else (before.failures if before else 0) + 1
        changed = before is None or before.state != state
        said = Feed(resource.id, state, now if changed or before is None else before.since, now, failures, message)
        live.save_feed(conn, said)
        if changed:
            journal.append(conn, at=now, actor=SYSTEM, verb=f"feed-{state}", subject=resource.id)
    return said


def _begin(city: City, resource: Resource, schema: Schema) -> None:
    """The first version of a live resource, without rows: its release is the policy under which every batch is read."""
    with city.db.read() as conn:
        if versions.latest(conn, resource.id) is not None:
            return
    empty = _put(city, _arrow_schema(schema).empty_table())
    _publish(city, resource, schema, (empty,), (), what="live")


def _nothing_more(conn: Connection) -> None:
    return None


def _publish(
    city: City,
    resource: Resource,
    schema: Schema,
    files: Sequence[File],
    inputs: tuple[str, ...],
    *,
    what: str,
    more: Callable[[Connection], None] = _nothing_more,
) -> Version:
    """One version of a live resource, with its lineage and its event, in one transaction; more: what else must happen in it."""
    rows, size = sum(f.rows for f in files), sum(f.bytes for f in files)
    now = city.now()
    digest = versions.digest(resource.id, schema, [f.digest for f in files])
    made = Version(digest, resource.id, now, rows, size, tuple(files), schema, Report(rows=rows), run=uuid.uuid4().hex)
    with city.db.begin() as conn:
        more(conn)
        outcome = pipeline.publish(conn, resource, made, actor=SYSTEM, at=now, ids={"run": made.run})
        if outcome.state != "unchanged":
            runs.save(conn, Run(made.run, what, now, inputs=inputs, outputs=(digest,), outcome=outcome.state))
    return made


# --- closing -----------------------------------------------------------------------------------------------------------------------------------------------


def close(city: City, resource: Resource, schema: Schema) -> Version | None:
    """Close every hour before that of the newest batch, merge past days and months, and publish the whole; None when there was nothing to close."""
    with city.db.read() as conn:
        tips = live.readable(conn, resource.id)
        known = live.closed(conn, resource.id)
    if not tips:
        return None
    current = _start(tips[-1].at, "hour")
    done = {s.start for s in known if s.span == "hour"}
    hours = sorted({h for t in tips if (h := _start(t.at, "hour")) < current and h not in done and not _covered(h, known)})
    if not hours:
        return None
    added = [Segment(resource.id, h, "hour", _merge(city, [t.file for t in tips if _start(t.at, "hour") == h])) for h in hours]
    segments, replaced = [*known, *added], list[Segment]()
    steps: tuple[tuple[Span, Span], ...] = (("hour", "day"), ("day", "month"))
    for short, long in steps:
        for start in sorted({_start(s.start, long) for s in segments if s.span == short and _start(s.start, long) < _start(current, long)}):
            parts = [s for s in segments if s.span == short and _start(s.start, long) == start]
            whole = Segment(resource.id, start, long, _merge(city, [p.file for p in parts]))
            replaced += parts
            segments = [s for s in segments if s not in parts] + [whole]
    segments.sort(key=lambda s: s.start)

    def record(conn: Connection) -> None:
        for segment in segments:
            live.close(conn, segment)
        for old in replaced:
            live.forget(conn, old)
        live.drop_tips(conn, resource.id, before=current)

    return _publish(city, resource, schema, [s.file for s in segments], (), what="close", more=record)


def _covered(hour: datetime, known: Sequence[Segment]) -> bool:
    return any(s.span != "hour" and s.start == _start(hour, s.span) for s in known)


def _start(at: datetime, span: Span) -> datetime:
    hour = at.replace(minute=0, second=0, microsecond=0)
    return hour if span == "hour" else hour.replace(hour=0) if span == "day" else hour.replace(hour=0, day=1)


def _merge(city: City, files: Sequence[File]) -> File:
    """Several files as one, in order, row by row."""
    if len(files) == 1:
        return files[0]
    spool = city.settings.path(city.settings.storage.spool) / f"merge-{uuid.uuid4().hex}"
    spool.mkdir(parents=True)
    try:
        con = connect.processing(spool, memory_mb=city.settings.limits.memory_mb)
        with run(Engine(con, city.files), Table((Source("merged", tuple(f.digest for f in files)),), Schema())) as result:
            path = spool / "merged.parquet"
            _write(path, result.batches(20_480), None)
        con.close()
        return File(city.files.put(path), path.stat().st_size, sum(f.rows for f in files))
    finally:
        shutil.rmtree(spool, ignore_errors=True)


# --- what derives from it ------------------------------------------------------------------------------------------------------------------------------------


def derive(city: City, resource: Resource) -> None:
    """Bring the outputs of every live service that reads this resource up to it: its current state, and each closed segment that the output lacks."""
    for service in declared():
        if service.live and resource.id in service.inputs.values():
            _derive(city, service, resource)


def refresh(city: City) -> None:
    """Compute every service whose inputs have changed since it last did."""
    for service in declared():
        recompute(city, service)


def recompute(city: City, service: Service, *, anew: bool = False) -> bool:
    """Compute a service that reads versions, unless it has done so from the versions served now, and publish its outputs with their lineage.

    Returns whether it was computed: not when one of its inputs is published nowhere, nor for a live service (see `derive`). anew: even from the same versions.
    """
    what = f"service:{service.name}"
    with city.db.read() as conn:
        served = {name: versions.served(conn, resource, PUBLIC) for name, resource in service.inputs.items()}
        inputs = tuple(v.digest for v in served.values() if v is not None)
        if service.live or len(inputs) < len(served) or (not anew and _computed(conn, what, inputs)):
            return False
        opened = {name: privacy.reopen(conn, v.digest, PUBLIC, now=city.now()) for name, v in served.items() if v is not None}
    released = {name: r for name, r in opened.items() if isinstance(r, Public)}
    for output, result in service.compute(released, city.now()).items():
        target = _target(city, service, output)
        file = _put_result(city, result)
        _publish(city, target, service.outputs[output].schema, (file,), inputs, what=what)
    with city.db.begin() as conn:
        if not _computed(conn, what, inputs):
            runs.save(conn, Run(uuid.uuid4().hex, what, city.now(), inputs=inputs, outcome="unchanged"))
    return True


def _computed(conn: Connection, what: str, inputs: tuple[str, ...]) -> bool:
    return any(r.what == what and r.inputs == inputs for r in runs.using(conn, inputs[0]))


def _target(city: City, service: Service, output: str) -> Resource:
    """The resource of an output, described in the catalogue as the service declares it; where its publisher is unknown, that of the input answers for it."""
    declaration = service.outputs[output]
    target = Resource(f"{declaration.dataset.id}/{output}", declaration.dataset.id, declaration.dataset.title, service.method, source=f"service:{service.name}")
    with city.db.read() as conn:
        same = datasets.resource(conn, target.id) == target
    if not same:
        with city.db.begin() as conn:
            datasets.describe(conn, replace(declaration.dataset, publisher=_publisher(conn, service, declaration.dataset.publisher)))
            datasets.save_resource(conn, target)
    return target


def _publisher(conn: Connection, service: Service, named: str) -> str:
    if datasets.organisation(conn, named) is not None:
        return named
    read = next((r for i in service.inputs.values() if (r := datasets.resource(conn, i)) is not None), None)
    owner = datasets.dataset(conn, read.dataset) if read is not None else None
    return owner.publisher if owner is not None else named


def declared() -> Sequence[Service]:
    """Every service, by name."""
    return list(registry.declared(services, Service).values())


def _derive(city: City, service: Service, resource: Resource) -> None:
    name = next(n for n, r in service.inputs.items() if r == resource.id)
    with city.db.read() as conn:
        version = versions.served(conn, resource.id, PUBLIC)
        if version is None:
            return
        current, at = privacy.reopen_tip(conn, resource.id, PUBLIC, now=city.now())
        inputs = live.closed(conn, resource.id)
    for output, declaration in service.outputs.items():
        target = _target(city, service, output)
        with city.db.read() as conn:
            have = live.closed(conn, target.id)
        _begin(city, target, declaration.schema)
        if [(s.start, s.span) for s in have] != [(s.start, s.span) for s in inputs]:
            _catch_up(city, service, name, output, target, version, inputs, have)
        if isinstance(current, Public):
            file = _put_result(city, service.compute({name: current}, city.now())[output])
            with city.db.begin() as conn:
                live.append(conn, Tip(target.id, at, file))
                live.drop_tips(conn, target.id, before=at)


def _catch_up(
    city: City, service: Service, name: str, output: str, target: Resource, version: Version, inputs: Sequence[Segment], have: Sequence[Segment]
) -> None:
    known = {(s.start, s.span): s for s in have}
    made: list[Segment] = []
    for segment in inputs:
        part = known.get((segment.start, segment.span))
        if part is None:
            with city.db.read() as conn:
                opened = privacy.reopen_part(conn, version.digest, segment.file.digest, PUBLIC, now=city.now())
            if not isinstance(opened, Public):
                raise NotFound(f"« {version.resource} » n’est plus publiée.")
            part = Segment(target.id, segment.start, segment.span, _put_result(city, service.compute({name: opened}, segment.start)[output]))
        made.append(part)

    def record(conn: Connection) -> None:
        for segment in made:
            live.close(conn, segment)
        for old in have:
            if old not in made:
                live.forget(conn, old)

    _publish(city, target, service.outputs[output].schema, [s.file for s in made], (version.digest,), what=f"service:{service.name}", more=record)


# --- files ---------------------------------------------------------------------------------------------------------------------------------------------------


def _put_result(city: City, released: Public) -> File:
    with read(city.engine, released) as result:
        return _put(city, result.table())


def _put(city: City, table: pa.Table) -> File:
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


def _arrow_schema(schema: Schema) -> pa.Schema:
    kinds = {
        "text": pa.string(), "integer": pa.int64(), "number": pa.float64(), "boolean": pa.bool_(), "date": pa.date32(), "datetime": pa.timestamp("us", "UTC"),
        "year": pa.int64(),
    }  # fmt: skip
    fields = [pa.field(c.name, kinds[c.type]) for c in schema.columns]
    point = [pa.field("_point", pa.struct([("lon", pa.float64()), ("lat", pa.float64())]))] if schema.geometry == "point" else []
    return pa.schema([*fields, *point])


# --- the poller ----------------------------------------------------------------------------------------------------------------------------------------------


@contextmanager
def poller(city: City, stop: threading.Event) -> Generator[Callable[[], None]]:
    """Yields `turn()`: start the polls that are due. Each source has a thread of its own, so that one that hangs delays no other."""
    due: dict[str, float] = {}
    running: dict[str, Future[Feed]] = {}

    def turn() -> None:
        with city.db.read() as conn:
            sources = datasets.polled(conn)
        for resource in sources:
            at_work = running.get(resource.id)
            if at_work is not None:
                if not at_work.done():
                    continue
                due[resource.id] = time.monotonic() + gbfs.delay(resource.every_s, at_work.result().failures)
                del running[resource.id]
            if time.monotonic() >= due.get(resource.id, 0.0):
                running[resource.id] = pool.submit(poll, city, resource, lambda r=resource: fetch_velos(client, r.source, stop))

    with httpx.Client(timeout=gbfs.TIMEOUT, follow_redirects=True) as client, ThreadPoolExecutor(8, "poll") as pool:
        yield turn


def fetch_velos(client: httpx.Client, url: str, stop: threading.Event) -> Batch:
    """One poll of a GBFS feed as a batch."""

    def pause(seconds: float) -> None:
        stop.wait(seconds)

    at, table = velos_batch(gbfs.fetch(client, url, feeds=feeds, pause=pause))
    return Batch(at, table, RELEVES)
