"""Live resources: polled, checked batch by batch, closed hour by hour into versions.

    poll -> batch (a Parquet file put by digest, one row in `tips`) -> close (`live_hours`) -> derive (`service_runs`)

Killed anywhere, nothing acknowledged is lost: a batch is a file and a row, a closed hour one transaction, and
what derives from it is caught up by looking at which closed hours it still lacks.
"""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import cache

import httpx
import pyarrow as pa
from sqlalchemy import Connection

from parvis import outbound, privacy, services
from parvis.core import registry, traces
from parvis.core.errors import NotFound, SourceDown, Unreadable
from parvis.core.sentence import Sentence
from parvis.core.types import Finding, Resource, Schema
from parvis.decisions import clearing, takedown
from parvis.harvest import asking
from parvis.privacy.batches import Memory, contents, fingerprint
from parvis.publication import subtraction
from parvis.publication.city import SYSTEM, City
from parvis.services.declaration import Batch, Feed
from parvis.store import datasets, journal, live
from parvis.store.database import Moved
from parvis.store.live import FeedState, Tip
from parvis.work import live_hours, service_runs

LOG = logging.getLogger("parvis")

EARLY = timedelta(hours=1)
"""A feed that speaks of a moment so far ahead has a wrong clock: kept, it would bar all that comes until
then.
"""

Fetch = Callable[[], Batch]
"""Asks the source once. Raises SourceDown or Unreadable."""


def poll(city: City, resource: Resource, fetch: Fetch, memory: Memory | None = None) -> live.Feed:
    """Ask a source, keep what it says, close the hours that are over. Returns how the feed goes; an Event is
    written when that changes, never per poll.

    memory: what was found in its batches before; without it every batch is looked at.
    """
    with city.db.read() as conn:
        if takedown.waits(conn, resource.id):
            return _note(city, resource, "held", WITHDRAWN)
    try:
        got = fetch()
    except SourceDown as down:
        return _note(city, resource, "down", down.message)
    except Unreadable as wrong:
        return _note(city, resource, "malformed", _unquoted(wrong.message))
    if got.at > city.now() + EARLY:
        return _note(
            city, resource, "malformed", f"Le flux parle d’un moment à venir : {got.at:%d/%m/%Y %H:%M} UTC."
        )
    fresh, held = _keep(city, resource, got, memory or Memory())
    why = _why(held) if held else "" if fresh else _still_held(city, resource)
    if why:
        return _note(city, resource, "held", why)
    late = city.now() - got.at > kind(resource).stale
    return _note(
        city,
        resource,
        "stale" if late else "up",
        f"Le flux parle encore de {got.at:%H:%M} UTC." if late else "",
    )


def _unquoted(message: str) -> str:
    """What is wrong with an answer, without what it quotes of it: everybody reads the state of a feed, and
    nobody has searched an answer that cannot be read.

    >>> _unquoted("Les heures du flux n’ont pas de fuseau : « 06 41 50 70 90 ».")
    'Les heures du flux n’ont pas de fuseau : « … ».'
    """
    return re.sub(r"« [^»]*»|\"[^\"]*\"", "« … »", message)


HELD = "Le dernier relevé porte des données personnelles ou secrètes{where} : il n’est pas montré. Corrigez-les à la source."
"""State of a feed of which the last batch is held."""


BESIDE_OTHERS = (
    "Le dernier relevé montre, à côté d’une table protégée, un groupe trop petit de ses personnes : il n’est pas montré. "
    "Réduisez ce que dit le flux, ou retirez l’autre table de la publication."
)
"""The same, where it is held for what another table says."""


WITHDRAWN = (
    "Des relevés de ce flux ont été retirés : il n’est plus demandé, car il les redirait. "
    "Faites-les corriger à la source, puis donnez de nouveau son adresse : il reprend."
)
"""The same, where something of it was taken down."""


def _why(held: Sequence[Finding]) -> str:
    if held and all(f.check == subtraction.CHECK for f in held):
        return BESIDE_OTHERS
    columns = sorted({f.column for f in held if f.column})
    listed = ", ".join(f"« {c} »" for c in columns)
    return HELD.format(where=f" (colonne{'s' if len(columns) > 1 else ''} {listed})" if columns else "")


def _still_held(city: City, resource: Resource) -> str:
    """Why the last batch is held, "" when it is not."""
    with city.db.read() as conn:
        last, feed = live.newest(conn, resource.id, held=True), live.feed(conn, resource.id)
    if last is None or not last.dropped:
        return ""
    return feed.message if feed is not None and feed.state == "held" else _why(())


def keep(city: City, resource: Resource, got: Batch, memory: Memory | None = None) -> bool:
    """Append a batch to the tip of its resource; False when it is not newer than the last. Hours that are
    over are closed first.

    A batch that says something personal or secret is held: its rows are kept nowhere, the tip has its moment
    only, and `clearing` the masked evidence. False too when the resource was withdrawn, or has another source
    or policy, since it was asked for: nothing of what it said before comes back.
    """
    return _keep(city, resource, got, memory or Memory())[0]


def _keep(city: City, resource: Resource, got: Batch, memory: Memory) -> tuple[bool, tuple[Finding, ...]]:
    """Whether a batch came to the tip, and the findings that hold it there."""
    with city.db.read() as conn:
        if not _as_asked(conn, resource):
            return False, ()
    live_hours.begin(city, resource, got.schema)
    with city.db.read() as conn:
        last = live.newest(conn, resource.id, held=True)
    if last is not None and last.at >= got.at:
        return False, ()
    # The whole answer, of which a part may be news: it says best what its columns are.
    read = clearing.searched(city, resource.id, got.table)
    beside = _beside(city, resource, got.table, memory)
    if beside is None:  # nobody sees what was not compared: the next one comes soon
        return False, ()
    findings = (*live_hours.look(city, read, got.schema, memory, kind(resource).places), *beside)
    held = privacy.holding(findings)
    if held:
        file = replace(live_hours.put(city, got.table.slice(0, 0)), rows=got.table.num_rows)
        with city.db.begin() as conn:
            fresh = _as_asked(conn, resource) and live.append(conn, Tip(resource.id, got.at, file, held=True))
        if fresh and any(f.check != subtraction.CHECK for f in held):
            _note_held(city, resource, read, got.schema)
        return fresh, held if fresh else ()
    repeats = kind(resource).repeats
    table = live_hours.news(city, resource, got.table, since=got.at - repeats) if repeats else got.table
    file = live_hours.put(city, table)
    with city.db.begin() as conn:
        fresh = _as_asked(conn, resource) and live.append(
            conn, Tip(resource.id, got.at, file, held=table.num_rows == 0)
        )
    if fresh:
        live_hours.close(city, resource, got.schema, findings)
        service_runs.derive(city, resource)
    return fresh, ()


def _beside(city: City, resource: Resource, table: pa.Table, memory: Memory) -> tuple[Finding, ...] | None:
    """What a batch tells beside protected tables, None where that is not looked at now: another batch was just before, and
    the sources of those tables are read again for each.
    """
    now, mark = city.now(), contents(table)
    since = now - memory.beside_at if memory.beside_at is not None else None
    if since is not None and mark == memory.beside_mark and since < BESIDE:
        return memory.beside
    if since is not None and since < memory.beside_rest:
        return None
    begun = time.monotonic()
    memory.beside = subtraction.beside_batch(city, resource, table)
    memory.beside_rest = RESTS * timedelta(seconds=time.monotonic() - begun)
    memory.beside_at, memory.beside_mark = now, mark
    return memory.beside


BESIDE = timedelta(hours=1)
"""After so long the same batch is put beside protected tables again; a new one of these is put beside it at once."""
RESTS = 10
"""Between two looks at batches that differ, so many times what the first one took."""


def _note_held(city: City, resource: Resource, table: pa.Table, schema: Schema) -> None:
    """Keep what holds a batch, masked, where its texts are others than those of the last one that was held."""
    seen = fingerprint(table, schema)
    with city.db.read() as conn:
        known = clearing.noted(conn, resource.id)
    if known != seen:
        clearing.note(
            city,
            resource.id,
            seen,
            privacy.holding(live_hours.evidence(city, table, schema, kind(resource).places)),
            table,
        )


def _as_asked(conn: Connection, resource: Resource) -> bool:
    known = datasets.resource(conn, resource.id)
    same = known is not None and (known.source, known.policy) == (resource.source, resource.policy)
    return same and not takedown.waits(conn, resource.id)


def _note(city: City, resource: Resource, state: FeedState, message: str) -> live.Feed:
    now = city.now()
    with city.db.begin() as conn:
        before = live.feed(conn, resource.id)
        failures = 0 if state in ("up", "stale", "held") else (before.failures if before else 0) + 1
        changed = before is None or before.state != state
        feed = live.Feed(
            resource.id, state, now if changed or before is None else before.since, now, failures, message
        )
        live.save_feed(conn, feed)
        if changed:
            journal.append(conn, at=now, actor=SYSTEM, verb=f"feed-{state}", subject=resource.id)
    return feed


# --- the poller ---------------------------------------------------------------------------------------------


@contextmanager
def poller(city: City, stop: threading.Event) -> Generator[Callable[[], None]]:
    """Yields `turn()`: start the polls that are due. Each source has a thread of its own, so that one that
    hangs, or whose service fails, delays no other.
    """
    due: dict[str, float] = {}
    running: dict[str, Future[live.Feed]] = {}
    memories: dict[str, Memory] = {}
    sources: list[Resource] = []
    moved = Moved(city.db)

    def turn() -> None:
        if moved():
            with city.db.read() as conn:
                sources[:] = datasets.polled(conn)
        for resource in sources:
            at_work = running.get(resource.id)
            if at_work is not None:
                if not at_work.done():
                    continue
                fault = at_work.exception()
                if fault is not None:
                    LOG.error("the poll of %s failed: %s", resource.id, traces.told(fault))
                due[resource.id] = time.monotonic() + asking.delay(
                    resource.every_s, 1 if fault else at_work.result().failures
                )
                del running[resource.id]
            if time.monotonic() >= due.get(resource.id, 0.0):
                running[resource.id] = pool.submit(
                    poll,
                    city,
                    resource,
                    lambda r=resource: fetch(client, r, stop),
                    memories.setdefault(resource.id, Memory()),
                )

    way = city.settings.network
    out = outbound.client(
        outbound.allowing(way.private), proxy=way.proxy, timeout=asking.TIMEOUT, follow_redirects=True
    )
    with out as client, ThreadPoolExecutor(8, "poll") as pool:
        yield turn


@cache
def feeds() -> Mapping[str, Feed]:
    """Every kind of feed that can be polled, by the name of its reader."""
    return registry.declared(services, Feed)


def kind(resource: Resource) -> Feed:
    """The kind of feed that a resource names as its reader; bikes when it names none. Raises NotFound when
    nobody knows it.
    """
    feed = feeds().get(resource.reader or "gbfs")
    if feed is None:
        raise NotFound(
            Sentence("Flux inconnu : « {reader} ».", reader=resource.reader),
            mend=Sentence("Flux connus : {list}.", list=", ".join(feeds())),
        )
    return feed


def fetch(client: httpx.Client, resource: Resource, stop: threading.Event) -> Batch:
    """One poll of a resource. Raises SourceDown, Unreadable, and NotFound when its reader names no feed."""

    def pause(seconds: float) -> None:
        stop.wait(seconds)

    return kind(resource).fetch(client, resource.source, pause)
