"""Counts as they are polled or handed in: DATEX II, the form of Paris, tables of stations. Each becomes rows of
`MEASURES`.

DATEX II v2 and v3: a `MeasuredDataPublication`, whose values stand at the index that the `MeasurementSiteTable`
gives them; both publications may be in one document, or the table at an address of its own, after a space in the
source. No entity is expanded and nothing is fetched while reading.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

import httpx
import orjson
import pyarrow as pa

from parvis.core.errors import Unreadable
from parvis.core.settings import Limits
from parvis.core.types import POINT
from parvis.harvest import asking
from parvis.readers.xml_stream import BadXml, Element, local, walk
from parvis.services.circulation.schemas import MEASURES
from parvis.services.declaration import Batch, Feed

PARIS = ZoneInfo("Europe/Paris")
MINUTES = 6
"""Of a period that the source does not say."""
SITES = 200_000
"""More are no town's."""
CLOSED = ("barré", "invalide", "barre")
"""Words of the Paris counts for an arc that is closed or whose geometry is none: its counts are none of an open
street.
"""


@dataclass(slots=True)
class Site:
    """A place of measure. kinds: index to what is measured there; minutes: to its period."""

    name: str = ""
    lon: float | None = None
    lat: float | None = None
    kinds: dict[int, str] = field(default_factory=dict[int, str])
    minutes: dict[int, float] = field(default_factory=dict[int, float])


@dataclass(frozen=True, slots=True)
class Row:
    """One measure."""

    arc: str
    name: str
    start: datetime
    minutes: int
    flow: float | None
    occupancy: float | None
    speed: float | None
    lon: float | None = None
    lat: float | None = None


def table(rows: list[Row]) -> pa.Table:
    """Rows in the columns of `MEASURES`, by arc and time."""
    rows = sorted(rows, key=lambda r: (r.arc, r.start))
    point = pa.struct([("lon", pa.float64()), ("lat", pa.float64())])
    return pa.table(
        {
            "arc": pa.array([r.arc for r in rows], pa.string()),
            "nom": pa.array([r.name for r in rows], pa.string()),
            "debut": pa.array([r.start for r in rows], pa.timestamp("us", "UTC")),
            "minutes": pa.array([r.minutes for r in rows], pa.int64()),
            "debit": pa.array([r.flow for r in rows], pa.float64()),
            "taux": pa.array([r.occupancy for r in rows], pa.float64()),
            "vitesse": pa.array([r.speed for r in rows], pa.float64()),
            POINT: pa.array(
                [
                    None if r.lon is None or r.lat is None else {"lon": r.lon, "lat": r.lat} for r in rows
                ],
                point,
            ),
        }
    )  # fmt: skip


# --- DATEX II -----------------------------------------------------------------------------------------------


def fetch(client: httpx.Client, url: str, pause: Callable[[float], None]) -> Batch:
    """One poll of a DATEX II feed. url: its address, or two with a space between: data, then the table of
    sites. Raises SourceDown, Unreadable.
    """
    bodies = [asking.get(client, one, pause) for one in url.split()]
    at, rows = datex(*bodies)
    return Batch(at, table(rows), MEASURES)


DATEX = Feed("datex2", "Comptages de trafic en DATEX II", fetch, stale=timedelta(minutes=30), places=("nom",))


def datex(*documents: bytes) -> tuple[datetime, list[Row]]:
    """The moment that a document speaks of, the end of its last period, and its measures. Raises Unreadable
    where there is none.
    """
    sites, measures = dict[str, Site](), list[Element]()
    for document in documents:
        try:
            for event, element in walk(io.BytesIO(document), Limits()):
                if event != "end":
                    continue
                match local(element):
                    case "measurementSiteRecord" | "measurementSite" if element.get("id"):
                        if len(sites) >= SITES:
                            raise Unreadable("Le document DATEX II décrit trop de sites de mesure.")
                        sites[element.get("id") or ""] = _site(element)
                    case "siteMeasurements":
                        measures.append(element)
                    case _:
                        pass
        except BadXml as wrong:
            raise Unreadable("Le document DATEX II n’est pas du XML bien formé.") from wrong
    rows = [row for one in measures if (row := _measured(one, sites)) is not None]
    if not rows:
        raise Unreadable(
            "Le document DATEX II ne donne aucune mesure de débit, d’occupation ou de vitesse.",
            mend="La publication attendue est MeasuredDataPublication, avec la table de ses sites.",
        )
    return max(r.start + timedelta(minutes=r.minutes) for r in rows), rows


def _below(element: Element, *names: str) -> Iterator[Element]:
    """Every descendant that bears one of these names."""
    for child in element:
        if local(child) in names:
            yield child
        yield from _below(child, *names)


def _text(element: Element, *names: str) -> str:
    for one in _below(element, *names):
        if one.text and one.text.strip():
            return one.text.strip()
        if value := _text(one, "value"):
            return value
    return ""


def _number(text: str) -> float | None:
    """A finite number, or None: a source that says NaN says nothing."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _site(element: Element) -> Site:
    made = Site(_text(element, "measurementSiteName") or _text(element, "measurementSiteIdentification"))
    for place in _below(element, "pointCoordinates", "locationForDisplay", "coordinatesForDisplay"):
        lat, lon = _number(_text(place, "latitude")), _number(_text(place, "longitude"))
        if lat is not None and lon is not None and -90 <= lat <= 90 and -180 <= lon <= 180:
            made.lat, made.lon = lat, lon
            break
    for one in _below(element, "measurementSpecificCharacteristics"):
        index = one.get("index")
        if index is None or not index.isdigit():
            continue
        lane, vehicles = _text(one, "specificLane"), _text(one, "vehicleType")
        # of one lane or one kind of vehicles alone, it is a part of what passes
        if lane.lower().startswith("lane") or (vehicles and vehicles != "anyVehicle"):
            continue
        made.kinds[int(index)] = _text(one, "specificMeasurementValueType")
        if (period := _number(_text(one, "period"))) is not None and period >= 60:
            made.minutes[int(index)] = period / 60
    return made


def _measured(element: Element, sites: Mapping[str, Site]) -> Row | None:
    """One `siteMeasurements`: values of the whole site, or the first of each kind where no table says more."""
    reference = next(_below(element, "measurementSiteReference"), None)
    arc = reference.get("id") if reference is not None else None
    at = _instant(_text(element, "measurementTimeDefault"))
    if not arc or at is None:
        return None
    site = sites.get(arc, Site())
    flow = occupancy = speed = None
    minutes = MINUTES
    for one in element:
        if local(one) not in ("measuredValue", "physicalQuantity"):
            continue
        index = one.get("index") or ""
        if site.kinds and (not index.isdigit() or int(index) not in site.kinds):
            continue
        for data in _below(one, "basicData"):
            if _text(data, "dataError").lower() in ("true", "1"):
                continue
            flow = _first(flow, data, "vehicleFlow", "vehicleFlowRate")
            occupancy = _first(occupancy, data, "occupancy", "percentage")
            speed = _first(speed, data, "averageVehicleSpeed", "speed")
        if index.isdigit():
            minutes = round(site.minutes.get(int(index), minutes)) or minutes
    if flow is None and occupancy is None and speed is None:
        return None
    # the time of a measure is that of its end
    start = at - timedelta(minutes=minutes)
    return Row(arc, site.name or arc, start, minutes, flow, occupancy, speed, site.lon, site.lat)


def _first(known: float | None, data: Element, outer: str, inner: str) -> float | None:
    """A value in its wrapper, where it is not already known; one that its source calls an error is none."""
    if known is not None:
        return known
    for one in _below(data, outer):
        wrong = _text(one, "dataError").lower() in ("true", "1")
        value = _number(_text(one, inner))
        if value is not None and value >= 0 and not wrong:
            return value
    return None


def _instant(text: str) -> datetime | None:
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        return None
    return value.astimezone(UTC) if value.tzinfo is not None else None


# --- the form of Paris --------------------------------------------------------------------------------------


def paris(records: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Rows of the hourly counts of Paris, from their file or their API: `t_1h` closes the hour, a null is no
    zero, the phantom arc « * » and closed arcs are left out.
    """
    rows = list[Row]()
    for r in records:
        arc = str(r.get("iu_ac") or "").strip()
        ended = _hour(r.get("t_1h"))
        flow, occupancy = _measure(r.get("q")), _measure(r.get("k"))
        if not arc or arc == "*" or ended is None or (flow is None and occupancy is None):
            continue
        if str(r.get("etat_barre") or "").strip().lower() in CLOSED:
            continue
        lon, lat = _place(r.get("geo_point_2d"))
        name = str(r.get("libelle") or arc).replace("_", " ")
        rows.append(Row(arc, name, ended - timedelta(hours=1), 60, flow, occupancy, None, lon, lat))
    return rows


def _measure(value: object) -> float | None:
    if value is None or isinstance(value, bool):
        return None
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else _number(str(value))


def _hour(value: object) -> datetime | None:
    """A stamp with its zone; one without is local."""
    if isinstance(value, datetime):
        moment = value
    else:
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            return None
    return (moment if moment.tzinfo is not None else moment.replace(tzinfo=PARIS)).astimezone(UTC)


def _place(value: object) -> tuple[float | None, float | None]:
    """Longitude and latitude of {lon, lat}, or of « lat, lon »."""
    if isinstance(value, Mapping):
        found = cast("Mapping[str, object]", value)
        lon, lat = _measure(found.get("lon")), _measure(found.get("lat"))
    else:
        parts = str(value or "").split(",")
        lat, lon = (_number(p) for p in parts) if len(parts) == 2 else (None, None)
    return (
        (lon, lat)
        if lon is not None and lat is not None and abs(lat) <= 90 and abs(lon) <= 180
        else (None, None)
    )


def fetch_paris(client: httpx.Client, url: str, pause: Callable[[float], None]) -> Batch:
    """One poll of an Opendatasoft API: its last records. Raises SourceDown, Unreadable."""
    body = asking.get(client, url, pause)
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError as wrong:
        raise Unreadable("La réponse de l’API n’est pas du JSON.") from wrong
    listed: object = said.get("results", said.get("records")) if isinstance(said, dict) else said  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    if not isinstance(listed, list):
        raise Unreadable("La réponse de l’API n’est pas une liste de comptages.")
    records = [_fields(r) for r in cast("list[object]", listed) if isinstance(r, dict)]
    rows = paris(records)
    if not rows:
        raise Unreadable("La réponse de l’API ne donne aucun comptage : ni iu_ac, ni t_1h, ni q ou k.")
    return Batch(max(r.start for r in rows) + timedelta(hours=1), table(rows), MEASURES)


def _fields(record: object) -> Mapping[str, Any]:
    found = cast("Mapping[str, Any]", record)
    inner = found.get("fields")
    return cast("Mapping[str, Any]", inner) if isinstance(inner, dict) else found


PARIS_API = Feed(
    "comptages-paris",
    "Comptages routiers horaires, à la façon de Paris",
    fetch_paris,
    stale=timedelta(hours=4),
    repeats=timedelta(hours=48),
    places=("nom",),
)
