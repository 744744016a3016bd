"""Bike-share feed documents, GBFS 1.0 to 3.1 and the Vélib' dialect: station information and station status, read tolerantly, never guessed.

Sources: MobilityData's GBFS specification (fields renamed from bikes to vehicles in 3.0, instants from POSIX seconds to RFC 3339, names by language); Vélib'
gives its kinds of bikes as a list of one-key objects, Barcelona as one object.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import orjson

from parvis.core.errors import Unreadable
from parvis.core.reading import Example, RawTable, Reader, Reading, Workspace
from parvis.readers.raw import JSON_NATIVE, Cell, RawWriter

_ELECTRIC = frozenset({"ebike", "electric", "electric_bike"})
_MECHANICAL = frozenset({"mechanical", "human", "bike", "classic"})


@dataclass(frozen=True, slots=True)
class StationInformation:
    """Where a station is, and how large. lon, lat: WGS 84 degrees. capacity: None when the feed does not say."""

    station_id: str
    name: str
    lon: float
    lat: float
    capacity: int | None


@dataclass(frozen=True, slots=True)
class StationStatus:
    """What a station holds.

    mechanical, ebikes: None when the feed does not tell kinds apart; docks: None when it counts none; last_reported: None when unknown.
    """

    station_id: str
    bikes: int
    mechanical: int | None
    ebikes: int | None
    docks: int | None
    is_installed: bool
    is_renting: bool
    is_returning: bool
    last_reported: datetime | None


@dataclass(frozen=True, slots=True)
class Statuses:
    """A status document: the moment it speaks of, and its stations."""

    last_updated: datetime
    stations: tuple[StationStatus, ...]


def stations(information: bytes) -> tuple[StationInformation, ...]:
    """The stations of a station_information document; one without a place is left out. Raises Unreadable when the document is malformed."""
    _, rows = _document(information)
    found: list[StationInformation] = []
    for row in rows:
        lon, lat = _number(row.get("lon")), _number(row.get("lat"))
        if lon is not None and lat is not None and -180 <= lon <= 180 and -90 <= lat <= 90 and (lon, lat) != (0.0, 0.0):
            found.append(StationInformation(_id(row), _name(row.get("name")), lon, lat, _count(row, "capacity")))
    if not found:
        raise Unreadable("Le document des stations n’en place aucune.")
    return tuple(found)


def statuses(status: bytes) -> Statuses:
    """The stations of a station_status document; one without a count of bikes is left out. Raises Unreadable when the document is malformed."""
    updated, rows = _document(status)
    if updated is None:
        raise Unreadable("Le document d’état ne dit pas de quand il est (last_updated).")
    found: list[StationStatus] = []
    for row in rows:
        bikes = _count(row, "num_bikes_available", "num_vehicles_available", "numBikesAvailable")
        if bikes is None:
            continue
        mechanical, electric = _kinds(row)
        found.append(
            StationStatus(
                _id(row), bikes, mechanical, electric, _count(row, "num_docks_available", "numDocksAvailable"),
                _flag(row, "is_installed"), _flag(row, "is_renting"), _flag(row, "is_returning"), _moment(row.get("last_reported")),
            )
        )  # fmt: skip
    if rows and not found:
        raise Unreadable("Le document d’état ne compte de vélos à aucune station.")
    return Statuses(updated, tuple(found))


def _document(content: bytes) -> tuple[datetime | None, Sequence[Mapping[str, object]]]:
    try:
        body = orjson.loads(content)
    except orjson.JSONDecodeError as wrong:
        raise Unreadable(f"Le document du flux n’est pas du JSON : {wrong}.") from wrong
    data = body.get("data") if isinstance(body, dict) else None
    rows = data.get("stations") if isinstance(data, dict) else None
    if not isinstance(body, dict) or not isinstance(rows, list) or not all(isinstance(r, dict) for r in rows):
        raise Unreadable("Le document du flux n’a pas de liste data.stations.")
    return _moment(body.get("last_updated", body.get("lastUpdatedOther"))), rows


def _id(row: Mapping[str, object]) -> str:
    value = row.get("station_id", row.get("stationCode"))
    if not isinstance(value, (str, int)) or isinstance(value, bool) or value == "":
        raise Unreadable("Une station du flux n’a pas d’identifiant (station_id).")
    return str(value)


def _name(value: object) -> str:
    """A text, or since 3.0 a list of texts by language: the French one, else the first."""
    if isinstance(value, list):
        texts = {str(v.get("language", "")): str(v.get("text", "")) for v in value if isinstance(v, dict)}
        return next((t for code, t in texts.items() if code.startswith("fr")), next(iter(texts.values()), ""))
    return value if isinstance(value, str) else ""


def _number(value: object) -> float | None:
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) and value == value else None


def _count(row: Mapping[str, object], *names: str) -> int | None:
    """The first of these fields that holds a whole number that is not negative."""
    for name in names:
        value = _number(row.get(name))
        if value is not None and value >= 0 and value.is_integer():
            return int(value)
    return None


def _flag(row: Mapping[str, object], name: str) -> bool:
    """Boolean since 2.0, 0 or 1 before; a station that does not say is open."""
    value = row.get(name, True)
    return value.strip().lower() in ("1", "true") if isinstance(value, str) else bool(value)


def _moment(value: object) -> datetime | None:
    """POSIX seconds (also in a text) or RFC 3339; 0 and what lies before 2000 mean unknown."""
    if isinstance(value, str) and not value.strip().isdigit():
        try:
            at = datetime.fromisoformat(value)
        except ValueError:
            return None
        return at.astimezone(UTC) if at.tzinfo else None
    seconds = _number(value)
    return datetime.fromtimestamp(seconds, UTC) if seconds is not None and 946_684_800 < seconds < 4_102_444_800 else None


def _kinds(row: Mapping[str, object]) -> tuple[int | None, int | None]:
    """Mechanical and electric bikes, when the feed tells them apart by name."""
    said = row.get("num_bikes_available_types")
    pairs = said.items() if isinstance(said, dict) else [kv for each in said if isinstance(each, dict) for kv in each.items()] if isinstance(said, list) else []
    counts = {str(k).lower(): n for k, v in pairs if (n := _count({"n": v}, "n")) is not None}
    electric = [n for k, n in counts.items() if k in _ELECTRIC]
    mechanical = [n for k, n in counts.items() if k in _MECHANICAL]
    own = _count(row, "num_ebikes_available")
    if own is not None and not electric:
        total = _count(row, "num_bikes_available")
        return (max(0, total - own) if total is not None else None), own
    return (sum(mechanical) if mechanical else None), (sum(electric) if electric else None)


def sniff(head: bytes, path: Path) -> float:
    """Sure when the JSON starts with what only a GBFS document has."""
    start = head.lstrip(b"\xef\xbb\xbf \r\n\t")[:4000]
    return 0.98 if start.startswith(b"{") and b'"stations"' in start and (b'"station_id"' in start or b'"stationCode"' in start) and b'"data"' in start else 0.0


def read(path: Path, workspace: Workspace) -> Reading:
    """A feed document as a table: a row a station."""
    content = path.read_bytes()
    _, rows = _document(content)
    writer = RawWriter(workspace.spool, "gbfs")
    if any("lat" in r for r in rows):
        places = stations(content)
        columns: Mapping[str, list[Cell]] = {
            "station_id": [s.station_id for s in places], "name": [s.name for s in places], "capacity": [s.capacity for s in places],
            "lat": [s.lat for s in places], "lon": [s.lon for s in places],
        }  # fmt: skip
    else:
        said = statuses(content).stations
        columns = {
            "station_id": [s.station_id for s in said], "bikes": [s.bikes for s in said], "mechanical": [s.mechanical for s in said],
            "ebikes": [s.ebikes for s in said],
            "docks": [s.docks for s in said], "is_installed": [s.is_installed for s in said], "is_renting": [s.is_renting for s in said],
            "is_returning": [s.is_returning for s in said], "last_reported": [s.last_reported for s in said],
        }  # fmt: skip
    count = len(columns["station_id"])
    writer.add(columns, count)
    named, scan = writer.finish(JSON_NATIVE)
    return Reading("gbfs", (RawTable("stations", named, scan, count, encoding="utf-8"),))


READER = Reader(
    name="gbfs",
    title="Flux de vélos en libre-service (GBFS)",
    sniff=sniff,
    read=read,
    examples=(
        Example(
            "gbfs 1.0, information", b'{"last_updated":1700000000,"ttl":0,"data":{"stations":'
            b'[{"station_id":1,"name":"Gare","lat":48.8,"lon":2.3,"capacity":20}]}}',
            ("station_id", "name", "capacity", "lat", "lon"), 1, "utf-8",
        ),
        Example(
            "gbfs 3.0, status",
            b'{"last_updated":"2023-07-17T13:34:13+02:00","ttl":0,"version":"3.0","data":{"stations":[{"station_id":"a","num_vehicles_available":3,"num_docks_available":2,'
            b'"is_installed":true,"is_renting":true,"is_returning":true,"last_reported":"2023-07-17T13:30:00+02:00"}]}}',
            ("station_id", "bikes", "mechanical", "ebikes", "docks", "is_installed", "is_renting", "is_returning", "last_reported"), 1, "utf-8",
        ),
    ),
)  # fmt: skip
