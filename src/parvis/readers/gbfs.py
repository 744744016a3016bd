"""GBFS, the feeds of shared bikes, versions 1.0 to 3.1 and Vélib’s dialect: documents to stations, as values
for services and as tables.

Sources: MobilityData/gbfs v1.0, v2.3, v3.0, v3.1-RC; Vélib’ Métropole open data. What dialects do: counts
named `bikes` or `vehicles`, flags as 0/1, times in POSIX seconds, milliseconds or RFC 3339, names as a text
or a list by language, identifiers as numbers.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median_low
from types import MappingProxyType
from typing import Literal, cast

from parvis.core.errors import Unreadable
from parvis.core.reading import Example, Issue, RawTable, Reader, Reading, Workspace
from parvis.core.sentence import Sentence
from parvis.core.text import in_number
from parvis.readers import file_signatures, flatten, json_text
from parvis.readers.json import broken
from parvis.readers.json_text import BadJson
from parvis.readers.raw import Cell

Power = Literal["mechanical", "ebike", "other"]
"""How a type of vehicles moves; other: it is no bicycle."""

NO_TYPES: Mapping[str, Power] = MappingProxyType({})
_EARLIEST, _LATEST = 1_000_000_000, 4_102_444_800
"""POSIX seconds that a feed may bear: 2001 to 2100."""


@dataclass(frozen=True, slots=True)
class StationInformation:
    """What does not change of a station."""

    station_id: str
    name: str
    lon: float
    lat: float
    capacity: int | None = None
    code: str = ""
    """Number on the station itself, where it differs from the id (Vélib: stationCode)."""


@dataclass(frozen=True, slots=True)
class StationStatus:
    """What a station holds at one instant. None: the feed does not say."""

    station_id: str
    bikes: int
    mechanical: int | None
    ebikes: int | None
    docks: int | None
    is_installed: bool
    is_renting: bool
    is_returning: bool
    last_reported: datetime | None
    """Aware, UTC."""
    bikes_disabled: int | None = None
    docks_disabled: int | None = None


@dataclass(frozen=True, slots=True)
class Stations:
    """A `station_information` document."""

    stations: tuple[StationInformation, ...]
    last_updated: datetime | None
    ttl_s: int
    version: str
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True)
class Statuses:
    """A `station_status` document."""

    stations: tuple[StationStatus, ...]
    last_updated: datetime
    """When the feed says it was made; the latest report of a station where it does not say."""
    ttl_s: int
    version: str
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True)
class _Envelope:
    data: Mapping[str, Cell]
    last_updated: datetime | None
    ttl_s: int
    version: str


def feeds(discovery: bytes, language: str = "fr") -> Mapping[str, str]:
    """Name to address of the feeds that a `gbfs.json` lists: in that language, else in the first. Raises
    Unreadable.
    """
    data = _envelope(discovery, "gbfs").data
    lists: dict[str, Cell] = (
        {"": data["feeds"]}
        if "feeds" in data
        else {k: v.get("feeds") for k, v in data.items() if isinstance(v, dict)}
    )
    chosen = lists.get(language) or next((v for v in lists.values() if v), None)
    urls: dict[str, str] = {}
    for feed in chosen if isinstance(chosen, list) else []:
        if (
            isinstance(feed, dict)
            and isinstance(name := feed.get("name"), str)
            and isinstance(url := feed.get("url"), str)
        ):
            urls[name.removesuffix(".json")] = url
    if not urls:
        raise Unreadable("Le document gbfs.json ne donne l’adresse d’aucun flux.")
    return MappingProxyType(urls)


def vehicle_types(document: bytes) -> Mapping[str, Power]:
    """Types by id: bicycles with a motor or without, and what is no bicycle (scooters share stations with
    bikes). Raises Unreadable.
    """
    powers: dict[str, Power] = {}
    for kind in _list(_envelope(document, "vehicle_types").data, "vehicle_types", "vehicle_types"):
        identifier, power = _identifier(kind.get("vehicle_type_id")), kind.get("propulsion_type")
        form = kind.get("form_factor")
        if identifier and form in ("bicycle", "cargo_bicycle") and isinstance(power, str):
            powers[identifier] = "mechanical" if power == "human" else "ebike"
        elif identifier and isinstance(form, str) and form not in ("bicycle", "cargo_bicycle"):
            powers[identifier] = "other"
    return MappingProxyType(powers)


def stations(information: bytes) -> Stations:
    """The stations of a `station_information` document, in its order.

    A station without id or without coordinates on the globe is left out, and counted in `issues`. Raises
    Unreadable when the document is not one, or when no station is left of those that it lists.
    """
    envelope = _envelope(information, "station_information")
    by_id: dict[str, StationInformation] = {}
    lame = twice = 0
    for entry in _list(envelope.data, "stations", "station_information"):
        identifier = _identifier(_first(entry, "station_id", "stationId", "id"))
        lon, lat = (
            _coordinate(_first(entry, "lon", "lng", "longitude"), 180),
            _coordinate(_first(entry, "lat", "latitude"), 90),
        )
        if not identifier or lon is None or lat is None or (lon, lat) == (0.0, 0.0):
            lame += 1
            continue
        twice += identifier in by_id
        name = localised(_first(entry, "name", "stationName")) or identifier
        capacity = _capacity(entry)
        by_id[identifier] = StationInformation(
            identifier, name, lon, lat, capacity, _identifier(_first(entry, "stationCode", "short_name"))
        )
    if lame and not by_id:
        raise Unreadable("Le flux station_information ne place aucune de ses stations.")
    return Stations(
        tuple(by_id.values()),
        envelope.last_updated,
        envelope.ttl_s,
        envelope.version,
        tuple(_faults(lame, twice)),
    )


def statuses(status: bytes, types: Mapping[str, Power] = NO_TYPES) -> Statuses:
    """The states of a `station_status` document, in its order. types: what `vehicle_types` says, to tell
    bikes with a motor from others.

    A station without id or without a count of bikes is left out, and counted in `issues`. Raises Unreadable
    when the document is not one, when no station is left of those that it lists, or when nothing says of when
    it is.
    """
    envelope = _envelope(status, "station_status")
    by_id: dict[str, StationStatus] = {}
    lame = twice = 0
    for entry in _list(envelope.data, "stations", "station_status"):
        identifier = _identifier(_first(entry, "station_id", "stationId", "id"))
        bikes = _count(_first(entry, "num_bikes_available", "num_vehicles_available", "numBikesAvailable"))
        if not identifier or bikes is None:
            lame += 1
            continue
        twice += identifier in by_id
        bikes, mechanical, ebikes = _powers(entry, bikes, types)
        reported = instant(_first(entry, "last_reported", "lastReported"))
        before = by_id.get(identifier)
        if before and before.last_reported and reported and before.last_reported > reported:
            continue
        by_id[identifier] = StationStatus(
            identifier,
            bikes,
            mechanical,
            ebikes,
            _docks(entry, types),
            _flag(entry.get("is_installed")),
            _flag(entry.get("is_renting")),
            _flag(entry.get("is_returning")),
            reported,
            _count(_first(entry, "num_bikes_disabled", "num_vehicles_disabled")),
            _count(entry.get("num_docks_disabled")),
        )
    if lame and not by_id:
        raise Unreadable("Le flux station_status ne compte de vélos à aucune de ses stations.")
    updated = envelope.last_updated or _latest([s.last_reported for s in by_id.values() if s.last_reported])
    if updated is None:
        raise Unreadable("Le flux station_status ne dit pas de quand il est (last_updated).")
    return Statuses(
        tuple(by_id.values()), updated, envelope.ttl_s, envelope.version, tuple(_faults(lame, twice))
    )


def _latest(reported: Sequence[datetime]) -> datetime | None:
    """The latest report, but for those of clocks that run more than a day ahead of most."""
    return max(t for t in reported if t <= median_low(reported) + timedelta(days=1)) if reported else None


def _faults(lame: int, twice: int) -> Iterator[Issue]:
    if lame:
        yield Issue(
            "bad-station",
            in_number(
                lame, "{n} station[s] sans identifiant, sans position ou sans compte de vélos : non lue[s]."
            ),
        )
    if twice:
        yield Issue(
            "duplicate-station", in_number(twice, "{n} station[s] en double : la dernière est gardée.")
        )


def _envelope(document: bytes, kind: str) -> _Envelope:
    """What every feed has around its data. Raises Unreadable with the reason: a web page, cut short, text
    after the end, another document.
    """
    what = file_signatures.kind(document[:4096])
    if what:
        raise Unreadable(Sentence("Le flux {kind} n’est pas du JSON : c’est {what}.", kind=kind, what=what))
    try:
        whole = json.loads(document)
    except RecursionError as error:
        raise Unreadable(
            Sentence("Le flux {kind} imbrique trop d’objets.", kind=kind), limit="nesting"
        ) from error
    except UnicodeDecodeError as error:
        raise Unreadable(Sentence("Le flux {kind} n’est pas en UTF-8.", kind=kind)) from error
    except json.JSONDecodeError as error:
        why = (
            Sentence("du texte suit la fin du document")
            if error.msg == "Extra data"
            else Sentence("il est tronqué ou mal écrit")
            if document.strip()
            else Sentence("il est vide")
        )
        raise Unreadable(
            Sentence(
                "Le flux {kind} n’est pas lisible : {why} (ligne {lineno}).",
                kind=kind,
                why=why,
                lineno=error.lineno,
            ),
            line=error.lineno,
        ) from error
    except ValueError as error:
        raise Unreadable(
            Sentence("Le flux {kind} n’est pas lisible : un nombre est trop long.", kind=kind)
        ) from error
    data = whole.get("data") if isinstance(whole, dict) else None
    if not isinstance(data, dict):
        raise Unreadable(
            Sentence("Le document n’est pas un flux GBFS {kind} : il n’a pas de membre « data ».", kind=kind)
        )
    envelope = cast(Mapping[str, Cell], whole)
    updated = instant(_first(envelope, "last_updated", "lastUpdatedOther", "lastUpdated", "lastUpdate"))
    version = envelope.get("version")
    return _Envelope(
        cast(Mapping[str, Cell], data),
        updated,
        _count(envelope.get("ttl")) or 0,
        version if isinstance(version, str) else "1.0",
    )


def _list(data: Mapping[str, Cell], key: str, kind: str) -> Iterator[Mapping[str, Cell]]:
    listed = data.get(key)
    if not isinstance(listed, list):
        raise Unreadable(
            Sentence("Le document n’est pas un flux GBFS {kind} : « data.{key} » manque.", kind=kind, key=key)
        )
    for item in listed:
        # What is no object is as good as a station without id.
        yield item if isinstance(item, dict) else {}


def _first(entry: Mapping[str, Cell], *keys: str) -> Cell:
    return next((entry[k] for k in keys if entry.get(k) is not None), None)


def _identifier(value: Cell) -> str:
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip() if isinstance(value, (str, int, float)) else ""


def _count(value: Cell) -> int | None:
    """A number of things: whole, not negative; a text of digits is one too."""
    if isinstance(value, str) and value.strip().isdecimal() and len(value) < 10:
        return int(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return int(value) if 0 <= value < 1_000_000 and value == int(value) else None


def _flag(value: Cell) -> bool:
    """True, 1, "true"; a flag that is not given is true: the station is in the feed."""
    if isinstance(value, str):
        return value.strip().lower() in ("true", "1", "oui", "yes")
    return True if value is None else bool(value)


def _coordinate(value: Cell, most: float) -> float | None:
    if isinstance(value, str):
        try:
            value = float(value.replace(",", "."))
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value) if -most <= value <= most else None


def instant(value: Cell) -> datetime | None:
    """A time of a feed, aware, in UTC: POSIX seconds or milliseconds, as a number or a text, or RFC 3339; None when it is none of these.

    >>> [str(instant(v)) for v in (1740733849, "1740733849000", "2025-02-28T10:10:49+01:00", 0)]
    ['2025-02-28 09:10:49+00:00', '2025-02-28 09:10:49+00:00', '2025-02-28 09:10:49+00:00', 'None']
    """
    if isinstance(value, str):
        text = value.strip()
        if not text.isdecimal():
            try:
                moment = datetime.fromisoformat(text)
                return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
            except (ValueError, OverflowError):  # the last hours of the year 9999, elsewhere
                return None
        value = int(text) if len(text) < 16 else None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    if value > _LATEST * 1000:  # before it is divided: it may be of hundreds of digits
        return None
    seconds = value / 1000 if value > _LATEST * 10 else value
    return datetime.fromtimestamp(seconds, UTC) if _EARLIEST <= seconds <= _LATEST else None


def localised(value: Cell, language: str = "fr") -> str:
    """A name: a text, or from version 3 a list by language; "" when there is none.

    >>> localised([{"text": "Square", "language": "en"}, {"text": "Place", "language": "fr"}])
    'Place'
    """
    if isinstance(value, str):
        return value.strip()
    parts = [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []
    texts = [(str(v.get("language", "")), t.strip()) for v in parts if isinstance(t := v.get("text"), str)]
    return next((t for tag, t in texts if tag.lower().startswith(language)), texts[0][1] if texts else "")


def _capacity(entry: Mapping[str, Cell]) -> int | None:
    plain = _count(entry.get("capacity"))
    if plain is not None:
        return plain
    by_type = _first(
        entry,
        "vehicle_capacity",
        "vehicle_type_capacity",
        "vehicle_docks_capacity",
        "vehicle_type_dock_capacity",
        "vehicle_types_capacity",
    )
    counts = (
        [v.get("count") for v in _parts(by_type)]
        if isinstance(by_type, list)
        else list(by_type.values())
        if isinstance(by_type, dict)
        else []
    )
    known = [c for c in map(_count, counts) if c is not None]
    return sum(known) if known else None


def _docks(entry: Mapping[str, Cell], types: Mapping[str, Power]) -> int | None:
    """Free docks: the number told, else the sum of those told by the types that they take, of which one is a
    bicycle or unknown.
    """
    plain = _first(entry, "num_docks_available", "numDocksAvailable")
    by_type = _parts(entry.get("vehicle_docks_available"))
    if plain is not None or not by_type:
        return _count(plain)
    total = 0
    for part in by_type:
        takes, count = part.get("vehicle_type_ids"), _count(part.get("count"))
        if count is None:
            return None
        if (
            not isinstance(takes, list)
            or not takes
            or any(types.get(_identifier(t)) != "other" for t in takes)
        ):
            total += count
    return total


def _powers(
    entry: Mapping[str, Cell], vehicles: int, types: Mapping[str, Power]
) -> tuple[int, int | None, int | None]:
    """Bikes in all (what is known to be no bicycle is taken off), without and with a motor; None, None when
    the feed does not tell these apart.
    """
    counts: dict[str, int] = {}
    for part in _parts(_first(entry, "num_bikes_available_types", "numBikesAvailableTypes")):
        counts |= {key: count for key, value in part.items() if (count := _count(value)) is not None}
    for part in _parts(entry.get("vehicle_types_available")):
        identifier, count = _identifier(part.get("vehicle_type_id")), _count(part.get("count"))
        if identifier and count is not None:
            counts[identifier] = counts.get(identifier, 0) + count
    for key in ("num_ebikes_available", "numEbikesAvailable"):
        ebikes = _count(entry.get(key))
        if ebikes is not None and not counts:
            return vehicles, max(0, vehicles - ebikes), ebikes
    powers = {
        key: types.get(key) or _power(key)
        for key, count in counts.items()
        if count or types.get(key) != "other"
    }
    bikes = max(0, vehicles - sum(counts[key] for key, power in powers.items() if power == "other"))
    if all(power == "other" for power in powers.values()) or None in powers.values():
        return bikes, None, None
    if not {"mechanical", "ebike"} <= set(powers.values()) and sum(counts[key] for key in powers) != vehicles:
        return bikes, None, None  # types are missing from the list: what it does not name is not zero
    mechanical, ebikes = (
        sum(counts[key] for key, power in powers.items() if power == kind) for kind in ("mechanical", "ebike")
    )
    return bikes, mechanical, ebikes


def _parts(value: Cell) -> Sequence[Mapping[str, Cell]]:
    """A list of objects; Barcelona sends one object."""
    if isinstance(value, dict):
        return [value]
    return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []


def _power(name: str) -> Power | None:
    """What the name of a vehicle type says, None when it says nothing."""
    plain = name.lower().replace("-", "").replace("_", "")
    if any(word in plain for word in ("ebike", "elec", "vae", "pedelec", "boost")):
        return "ebike"
    legs = any(word in plain for word in ("mecha", "meca", "classic", "human", "muscul", "iconic"))
    return "mechanical" if legs or plain in ("bike", "velo", "bicycle") else None


# --- as a table ---

_LISTS = (
    "stations",
    "bikes",
    "vehicles",
    "vehicle_types",
    "feeds",
    "plans",
    "regions",
    "alerts",
    "versions",
    "calendars",
    "rental_hours",
    "datasets",
)


def sniff(head: bytes, path: Path) -> float:
    """The members that every feed has: data, with ttl or last_updated; or data first, with stations in it."""
    top = json_text.first_level(head)
    if top.get("data") != "{":
        return 0.0
    if top.keys() & {"last_updated", "lastUpdatedOther", "ttl"}:
        return 0.97
    return 0.96 if b'"stations"' in head[:200] and b'"station_id"' in head else 0.0


def read(path: Path, workspace: Workspace) -> Reading:
    """The list of the document as a table: names in French where there are several languages, times in ISO.
    Raises Unreadable.
    """
    encoding = json_text.encoding_of(path)
    try:
        seen = json_text.outline(path, encoding, workspace.limits)
        lists = [x for x in seen.listings if x.path[:1] == ("data",) and x.records]
        named = [x for x in lists if x.path[-1] in _LISTS and len(x.path) <= 3]
        french = [x for x in named if "fr" in x.path] or named or lists
        if french:
            elements = json_text.elements(
                path, encoding, workspace.limits, max(french, key=lambda x: x.records).path
            )
            records = ((0, _laid(v)) for v in elements if isinstance(v, dict))
        else:
            records = iter([(0, _single(path, encoding, workspace))])
        columns, scan, rows = flatten.write(records, workspace.spool, "gbfs", workspace.limits)
    except BadJson as error:
        raise broken(error) from error
    if not columns:
        raise Unreadable("Le flux GBFS est vide.")
    return Reading("gbfs", (RawTable("", columns, scan, rows, encoding=encoding),))


def _single(path: Path, encoding: str, workspace: Workspace) -> dict[str, Cell]:
    """A document of one object (system_information)."""
    whole = json_text.whole(path, encoding, workspace.limits, most_mb=10)
    data = whole.get("data") if isinstance(whole, dict) else None
    if not isinstance(data, dict) or not data or all(isinstance(v, list) and not v for v in data.values()):
        raise Unreadable("Le flux GBFS ne contient aucun enregistrement.")
    return _laid(data)


def _laid(record: Mapping[str, Cell]) -> dict[str, Cell]:
    cells: dict[str, Cell] = {}
    for key, value in record.items():
        if key in ("last_reported", "lastReported"):
            time = instant(value)
            cells[key] = time.isoformat().replace("+00:00", "Z") if time else value
        elif (
            isinstance(value, list)
            and value
            and all(isinstance(v, dict) and "text" in v and "language" in v for v in value)
        ):
            cells[key] = localised(value)
        elif key in ("num_bikes_available_types", "numBikesAvailableTypes"):
            cells[key] = {k: v for part in _parts(value) for k, v in part.items()}
        else:
            cells[key] = value
    return cells


_STATUS = (
    b'{"last_updated":1740733845,"ttl":60,"version":"2.3","data":{"stations":['
    b'{"station_id":"1","num_bikes_available":4,"num_docks_available":6,"is_renting":true,"last_reported":1740733849},'
    b'{"station_id":"2","num_bikes_available":0,"num_docks_available":10,"is_renting":false,"last_reported":1740733800}]}}'
)

GBFS = Reader(
    name="gbfs",
    title="GBFS (vélos en libre-service)",
    sniff=sniff,
    read=read,
    examples=(
        Example(
            "état des stations",
            _STATUS,
            ("station_id", "num_bikes_available", "num_docks_available", "is_renting", "last_reported"),
            2,
            "utf-8",
        ),
    ),
)
