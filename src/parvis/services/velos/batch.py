"""The documents of a GBFS poll as one table: a row a station."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import httpx
import pyarrow as pa

from parvis.core.errors import Unreadable
from parvis.harvest import gbfs as asking
from parvis.harvest.gbfs import Documents
from parvis.readers import gbfs
from parvis.services.declaration import Batch, Feed
from parvis.services.velos.schemas import RELEVES

AHEAD = timedelta(minutes=10)
"""So far ahead of its feed a station may speak: feeds are put together while stations go on speaking."""


def fetch(client: httpx.Client, url: str, pause: Callable[[float], None]) -> Batch:
    """One poll of a GBFS feed. Raises SourceDown, Unreadable."""
    at, table = batch(asking.fetch(client, url, feeds=gbfs.feeds, pause=pause))
    return Batch(at, table, RELEVES)


def batch(documents: Documents) -> tuple[datetime, pa.Table]:
    """The moment that the feed speaks of, and its stations in the columns of `RELEVES`, ordered by id. Raises
    Unreadable when a document is malformed.

    A station whose place is not announced is left out: nobody can go there. Raises Unreadable when that
    leaves none.
    """
    places = {s.station_id: s for s in gbfs.stations(documents.information).stations}
    kinds = gbfs.vehicle_types(documents.vehicle_types) if documents.vehicle_types else gbfs.NO_TYPES
    status = gbfs.statuses(documents.status, kinds)
    rows = [
        (places[s.station_id], s)
        for s in sorted(status.stations, key=lambda s: s.station_id)
        if s.station_id in places
    ]
    if status.stations and not rows:
        raise Unreadable(
            "Aucune station de station_status n’est dans station_information : les identifiants diffèrent.",
            mend="Demandez à l’exploitant de donner aux deux flux les mêmes station_id.",
        )
    at, reported = status.last_updated, news(status)
    table = pa.table(
        {
            "station_id": pa.array([p.station_id for p, _ in rows], pa.string()),
            "nom": pa.array([p.name for p, _ in rows], pa.string()),
            "capacite": pa.array([p.capacity for p, _ in rows], pa.int64()),
            "velos": pa.array([s.bikes for _, s in rows], pa.int64()),
            "mecaniques": pa.array([s.mechanical for _, s in rows], pa.int64()),
            "electriques": pa.array([s.ebikes for _, s in rows], pa.int64()),
            "places": pa.array([s.docks for _, s in rows], pa.int64()),
            "installee": pa.array([s.is_installed for _, s in rows], pa.bool_()),
            "prend": pa.array([s.is_renting for _, s in rows], pa.bool_()),
            "rend": pa.array([s.is_returning for _, s in rows], pa.bool_()),
            "releve_le": pa.array([reported.get(s.station_id) for _, s in rows], pa.timestamp("us", "UTC")),
            "flux_du": pa.array([at for _ in rows], pa.timestamp("us", "UTC")),
            "_point": pa.array(
                [{"lon": p.lon, "lat": p.lat} for p, _ in rows],
                pa.struct([("lon", pa.float64()), ("lat", pa.float64())]),
            ),
        }
    )
    return at, table


def news(status: gbfs.Statuses) -> Mapping[str, datetime]:
    """When each station last spoke, where that is to be believed.

    A station whose clock runs ahead of the feed would look fresh for ever: its time is left out. Where most
    run ahead, the feed is behind, and they stand.
    """
    said = {s.station_id: s.last_reported for s in status.stations if s.last_reported}
    ahead = {station for station, at in said.items() if at > status.last_updated + AHEAD}
    return (
        said
        if 2 * len(ahead) > len(said)
        else {station: at for station, at in said.items() if station not in ahead}
    )


GBFS = Feed("gbfs", "Vélos en libre-service au standard GBFS", fetch, places=("nom",))
