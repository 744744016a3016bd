"""A real process that keeps the batches of a live feed and closes its hours, and that kills itself with
SIGKILL where it is told.

Every month ends in the same way: the first batch of the next one closes an hour of two batches, a day of two
hours and a month of two days, in one go; where the city keeps so many days, an older month leaves the history
in the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from parvis.core import settings
from parvis.core.types import Resource
from parvis.publication.city import City, open_city
from parvis.services.declaration import Batch
from parvis.store import datasets, files, journal, versions
from parvis.store import live as rows
from parvis.work import live_hours, polling, service_runs
from tests.work.kill_child import armed

RELEVES = "velos-libre-service/releves"

POINTS: Sequence[tuple[str, int]] = (
    # the batch; in and between the merges
    ("after:put", 1), ("before:put", 2), ("before:put", 4), ("after:put", 4), ("after:write", 2), ("after:merge", 2),
    # in the transactions
    ("before:append", 1), ("after:append", 1), ("after:segment", 1), ("after:forget", 2), ("before:drop", 1),
    ("after:version", 1), ("after:publish", 1),
    # of what derives from the feed
    ("before:derive", 1), ("before:version", 2), ("after:publish", 2), ("after:append", 2),
)  # fmt: skip
"""Where the process dies while it keeps the first batch of a month: a name and at which passage."""

FIRST = datetime(2025, 9, 1, 0, 10, tzinfo=UTC)


def month(number: int) -> datetime:
    """The first batch of the month of that number, from 0."""
    return FIRST.replace(
        year=FIRST.year + (FIRST.month - 1 + number) // 12, month=(FIRST.month - 1 + number) % 12 + 1
    )


def moments(until: datetime, after: datetime | None) -> Iterator[datetime]:
    """When the feed spoke, from the one after a moment to another one."""
    number = 0
    while month(number) <= until:
        start, last = month(number), month(number + 1).replace(hour=0, minute=0) - timedelta(days=1)
        every = (
            start,
            last.replace(hour=22, minute=10),
            last.replace(hour=23, minute=10),
            last.replace(hour=23, minute=40),
        )
        yield from (at for at in every if at <= until and (after is None or at > after))
        number += 1


def said(got: Batch, at: datetime) -> Batch:
    """The same stations, of another moment."""
    place = got.table.column_names.index("flux_du")
    return Batch(
        at,
        got.table.set_column(
            place, "flux_du", pa.array([at] * got.table.num_rows, pa.timestamp("us", "UTC"))
        ),
        got.schema,
    )


def keep(city: City, resource: Resource, batch: Batch) -> None:
    """One poll that brings this batch."""
    polling.poll(city, resource, lambda: batch)


def main(folder: Path, got: Batch, until: datetime, point: str, count: int) -> None:
    """Keep every batch that was not kept yet, up to that moment; die at the count-th passage of `point` while
    the last one is kept.
    """
    now = [until]
    city = open_city(settings.load(folder, {}), clock=lambda: now[0])
    with city.db.read() as conn:
        resource, last = datasets.resource(conn, RELEVES), rows.newest(conn, RELEVES)
    assert resource is not None
    for at in moments(until, last.at if last else None):
        now[0] = at
        if at == until and point:
            _arm(point, count)
        keep(city, resource, said(got, at))


def _arm(point: str, count: int) -> None:
    wrap = armed(point, count)
    files.Files.put = wrap("put", files.Files.put)  # type: ignore[method-assign]
    pq.ParquetWriter.write_batch = wrap("write", pq.ParquetWriter.write_batch)
    live_hours._merge = wrap("merge", live_hours._merge)  # type: ignore[attr-defined]
    live_hours.publish = wrap("publish", live_hours.publish)
    rows.append = wrap("append", rows.append)
    rows.close = wrap("segment", rows.close)
    rows.forget = wrap("forget", rows.forget)
    rows.drop_tips = wrap("drop", rows.drop_tips)
    versions.save = wrap("version", versions.save)
    journal.append = wrap("event", journal.append)
    service_runs.derive = wrap("derive", service_runs.derive)
