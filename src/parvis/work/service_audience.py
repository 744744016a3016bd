"""For whom the results of a service are: everybody, or a group for as long as what they were made from is shared
with it; and what its members answered.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

import pyarrow as pa
from sqlalchemy import Connection

from parvis import privacy
from parvis.core.errors import Gone, NotFound
from parvis.core.released import Released
from parvis.core.types import PUBLIC, Audience, Run
from parvis.privacy import audiences
from parvis.publication.city import SYSTEM, City
from parvis.services.declaration import AGREED, Output, Service
from parvis.store import groups, journal, releases, runs, versions
from parvis.work import service_inputs

ENDED = "Ce dont cette version est faite n’est plus partagé avec le groupe."
AGREE, DECLINE = "proposal-agreed", "proposal-declined"
"""Events of what a member answered. They hold the id of the proposal."""
ANSWERS = 1000
"""Answers that a service is told, the newest."""


def at_work(conn: Connection, service: Service) -> bool:
    """Whether a service has anybody to work for: a group that the city does not have, or has closed, has none."""
    if not service.group:
        return True
    known = groups.group(conn, service.group)
    return known is not None and known.closed_at is None


def audience(service: Service, output: Output, opened: Mapping[str, Released]) -> Audience:
    """For whom an output is: everybody, or the group, for the purposes and as long as what it was made from is
    shared with it.
    """
    if output.dataset.access == "public":
        return PUBLIC
    shared = [one.audience for one in _shared(service, opened)]
    purposes = dict.fromkeys(a.purpose for a in shared)
    ends = [a.until for a in shared if a.until is not None]
    return Audience(service.group, " ; ".join(purposes) or service.purpose, min(ends, default=None))


def _shared(service: Service, opened: Mapping[str, Released]) -> Sequence[Released]:
    """What of its inputs is shared with the group; its own results are not what they are made from."""
    own = {n for n, one in service.reads.items() if one.resource in service.resources}
    return [one for name, one in opened.items() if name not in own and not one.audience.public]


def read(conn: Connection, service: Service, opened: Mapping[str, Released], now: datetime) -> None:
    """Write down that a service opened what is shared, once for the same versions, in the transaction of the
    caller. Nothing is written of what is public.
    """
    shared = _shared(service, opened)
    digests = tuple(dict.fromkeys(one.versions[0] for one in shared))
    what = f"read:{service.name}"
    if not shared or any(r.what == what and r.inputs == digests for r in runs.using(conn, digests[0])):
        return
    runs.save(conn, Run(uuid.uuid4().hex, what, now, inputs=digests, outcome="unchanged"))
    for one in shared:
        audiences.consulted(conn, one, by=SYSTEM, now=now, way="service")


def named(service: Service, output: Output) -> str:
    """What the catalogue and the lineage call the maker of an output. The public part of a service for a group
    is made by itself: whoever reads it does not learn who reads the rest.
    """
    hidden = service.group and output.dataset.access == "public"
    return f"service:{output.dataset.id if hidden else service.name}"


def end(city: City, service: Service) -> tuple[str, ...]:
    """End the results of a service for its group that were made from what somebody took from the group. Returns
    their versions.
    """
    now = city.now()
    with city.db.begin() as conn:
        taken = releases.ended(conn, service.group, service.sources)
        gone = {row.version for row in taken if not _readable(conn, row.version, service.group, now)}
        derived = dict.fromkeys(
            output for digest in sorted(gone) for run in runs.using(conn, digest) for output in run.outputs
        )
        return tuple(digest for digest in derived if _ended(conn, service, digest, now))


def _readable(conn: Connection, digest: str, group: str, now: datetime) -> bool:
    try:
        service_inputs.reopened(conn, digest, group, now)
    except (Gone, NotFound):
        return False
    return True


def _ended(conn: Connection, service: Service, digest: str, now: datetime) -> bool:
    version = versions.version(conn, digest)
    if version is None or version.resource not in service.resources:
        return False
    mine = [
        row.audience
        for row in releases.rows(conn, digest)
        if row.audience.name == service.group and row.withdrawn_at is None
    ]
    for one in mine:
        privacy.withdraw(conn, version, now, ENDED, audience=one)
    return bool(mine)


# --- what members answered ----------------------------------------------------------------------------------


def answer(city: City, service: Service, proposal: str, person: str, *, agreed: bool) -> None:
    """Keep what a member answered to a proposal. Raises NotFound for whoever is none."""
    with city.db.begin() as conn:
        audiences.member(conn, service.group, person)
        verb = AGREE if agreed else DECLINE
        ids = {"proposal": proposal, "group": service.group}
        journal.append(conn, at=city.now(), actor=person, verb=verb, subject=service.resources[0], ids=ids)


def answers(conn: Connection, service: Service) -> pa.Table:
    """What members answered, the oldest first: see `AGREED`."""
    events = journal.about(conn, service.resources[0], (AGREE, DECLINE))[:ANSWERS]
    rows = [
        {"proposition": e.ids["proposal"], "accord": e.verb == AGREE, "le": e.at} for e in reversed(events)
    ]
    return pa.Table.from_pylist(rows, AGREED)
