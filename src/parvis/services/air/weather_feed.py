"""Forecasts of the weather as open services give them, polled: the hours to come, by their names and units,
to the columns of `METEO`.

    {"hourly_units": {…}, "hourly": {"time": […], "temperature_2m": […], "wind_speed_10m": […], …}}        a
    list a variable (Open-Meteo)
    {"properties": {"meta": {"updated_at": …}, "timeseries": [{"time": …, "data": {"instant": …}}]}}       a
    record an hour (MET Norway, locationforecast)
    {"2026-01-10 13:00:00": {"temperature": {"2m": …}, "pression": {"niveau_de_la_mer": …}, …}}            an
    hour a key, in kelvins and pascals (Infoclimat)
    {"list": [{"dt": …, "main": {"temp": …}, "wind": {"speed": …, "deg": …}}]}
    every third hour (OpenWeather)
    [{"emis_le": …, "heure": …, "temperature": …, "vent_vitesse": …}]                                      the
    columns of `METEO`

A forecast without the moment when it was made is taken to be of the hour in which it was fetched. An address
may end in `#fuseau=Europe/Paris`, which is not sent, for hours without a zone.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import cast
from urllib.parse import parse_qsl, urldefrag

import httpx
import orjson
import pyarrow as pa

from parvis.core.errors import Unreadable
from parvis.core.sentence import Sentence
from parvis.harvest import asking
from parvis.services.air.batch import moment, zone_named
from parvis.services.air.schemas import METEO
from parvis.services.declaration import Batch, Feed

AHEAD, BEHIND = timedelta(hours=60), timedelta(hours=24)
"""Of the hours that an answer speaks of: to the end of the day after tomorrow at most; some repeat the day so
far.
"""

Node = Mapping[str, object]
Hour = tuple[datetime, Mapping[str, float | None]]
"""An hour, and its values in the names and units of `METEO`."""

NAMES: Mapping[str, tuple[str, ...]] = {
    "temperature": ("temperature", "temperature_2m", "air_temperature", "temp"),
    "point_rosee": ("point_rosee", "dew_point_2m", "dewpoint_2m", "dew_point_temperature", "dew_point"),
    "humidite": ("humidite", "relative_humidity_2m", "relativehumidity_2m", "relative_humidity", "humidity"),
    "pression": ("pression", "pressure_msl", "surface_pressure", "air_pressure_at_sea_level", "pressure"),
    "vent_vitesse": ("vent_vitesse", "wind_speed_10m", "windspeed_10m", "wind_speed", "vent_moyen", "speed"),
    "vent_direction": (
        "vent_direction",
        "wind_direction_10m",
        "winddirection_10m",
        "wind_from_direction",
        "deg",
    ),
    "precipitations": ("precipitations", "precipitation", "precipitation_amount", "pluie", "rain"),
}
"""What each may be called."""

FACTORS: Mapping[str, float] = {
    "km/h": 1 / 3.6,
    "mp/h": 0.44704,
    "mph": 0.44704,
    "kn": 0.514444,
    "inch": 25.4,
    "in": 25.4,
}
"""To m/s and mm."""

EXPECTED = Sentence(
    "Formes lues : Open-Meteo, MET Norway, Infoclimat, OpenWeather, ou une liste aux colonnes emis_le, heure, temperature, vent_vitesse…"
)


def fetch(client: httpx.Client, url: str, pause: Callable[[float], None]) -> Batch:
    """One poll. Raises SourceDown, Unreadable."""
    address, fragment = urldefrag(url)
    zone = zone_named(dict(parse_qsl(fragment)).get("fuseau", ""))
    at, table = batch(asking.get(client, address, pause), now=datetime.now(UTC), zone=zone)
    return Batch(at, table, METEO)


WEATHER = Feed(
    "meteo",
    "Prévisions météo heure par heure, en JSON : de quoi prévoir l’air",
    fetch,
    stale=timedelta(hours=12),
)


def batch(body: bytes, *, now: datetime, zone: tzinfo | None = None) -> tuple[datetime, pa.Table]:
    """When the forecast was made, and its hours in the columns of `METEO`. Raises Unreadable when it is none
    that is known, or tells no hour to come.
    """
    try:
        document = orjson.loads(body.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as wrong:
        raise Unreadable(
            "La prévision météo n’est pas du JSON lisible : la réponse est peut-être coupée.", mend=EXPECTED
        ) from wrong
    this_hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    rows: list[ForecastRow] = [
        (issued or this_hour, hour, values, point)
        for issued, point, hours in _documents(document, zone)
        for hour, values in hours
        if any(v is not None for v in values.values())
    ]
    usable = sorted((r for r in rows if r[0] - BEHIND <= r[1] < r[0] + AHEAD), key=lambda r: r[:2])
    if not any(hour >= issued for issued, hour, _, _ in usable):
        raise Unreadable("La prévision météo ne dit rien d’une heure à venir.", mend=EXPECTED)
    moments, point = pa.timestamp("us", "UTC"), pa.struct([("lon", pa.float64()), ("lat", pa.float64())])
    columns = {
        "emis_le": pa.array([r[0] for r in usable], moments),
        "heure": pa.array([r[1] for r in usable], moments),
    }
    columns |= {
        c.name: pa.array([r[2].get(c.name) for r in usable], pa.float64())
        for c in METEO.columns
        if c.type == "number"
    }
    return max(r[0] for r in usable), pa.table(columns | {"_point": pa.array([r[3] for r in usable], point)})


ForecastRow = tuple[datetime, datetime, Mapping[str, float | None], Mapping[str, float] | None]
"""When a forecast was made, the hour that it is of, its values, and its place."""

Document = tuple[datetime | None, Mapping[str, float] | None, Iterator[Hour]]
"""A forecast of an answer: when it was made, its place, and its hours."""


def _documents(document: object, zone: tzinfo | None) -> Iterator[Document]:
    """The forecasts that an answer holds: one, or one an issue."""
    if isinstance(document, list):
        for one in cast("Sequence[object]", document):
            if not isinstance(one, dict):
                continue
            row = cast("Node", one)
            if "hourly" in row:
                yield from _documents(row, zone)
            elif (hour := moment(row.get("heure"), zone)) is not None:
                yield moment(row.get("emis_le"), zone), _place(row), iter([(hour, _values(row, {}))])
        return
    if not isinstance(document, dict):
        raise Unreadable("La prévision météo n’a pas une forme connue.", mend=EXPECTED)
    node = cast("Node", document)
    inner = node.get("properties")
    if isinstance(node.get("hourly"), dict):
        yield None, _place(node), _by_variable(node)
    elif isinstance(inner, dict) and isinstance(inner.get("timeseries"), list):
        meta = cast("Node", inner).get("meta")
        yield (
            moment(_node(meta).get("updated_at"), UTC),
            _place(_node(node.get("geometry"))),
            _by_hour(cast("Sequence[object]", inner["timeseries"])),
        )
    elif isinstance(node.get("list"), list):
        coord = _node(_node(node.get("city")).get("coord"))
        yield None, _place(coord), _every_third(cast("Sequence[object]", node["list"]))
    else:
        yield None, None, _by_key(node, zone)


def _by_variable(node: Node) -> Iterator[Hour]:
    """The hours of a list a variable (Open-Meteo)."""
    lists, units = _node(node.get("hourly")), {k: str(v) for k, v in _node(node.get("hourly_units")).items()}
    offset = _number(node.get("utc_offset_seconds")) or 0.0
    zone = timezone(timedelta(seconds=offset))
    times = lists.get("time")
    for n, at in enumerate(cast("Sequence[object]", times) if isinstance(times, list) else ()):
        hour = moment(at, zone)
        if hour is not None:
            yield (
                hour,
                _values(
                    {
                        k: v[n]
                        for k, v in lists.items()
                        if isinstance(v, list) and len(cast("Sequence[object]", v)) > n
                    },
                    units,
                ),
            )


def _by_hour(series: Sequence[object]) -> Iterator[Hour]:
    """The hours of a record an hour (MET Norway); rain is that of the hour that follows."""
    for one in series:
        node = _node(one)
        data, hour = _node(node.get("data")), moment(node.get("time"), UTC)
        if hour is not None:
            rain = _node(_node(data.get("next_1_hours")).get("details"))
            yield hour, _values({**rain, **_node(_node(data.get("instant")).get("details"))}, {})


def _every_third(series: Sequence[object]) -> Iterator[Hour]:
    """The hours of a record every third hour (OpenWeather); rain is 0 where none is given."""
    for one in series:
        node = _node(one)
        hour, main, wind = moment(node.get("dt"), UTC), _node(node.get("main")), _node(node.get("wind"))
        if hour is not None:
            yield (
                hour,
                _values({**main, **wind, "rain": next(iter(_node(node.get("rain")).values()), 0.0)}, {}),
            )


def _by_key(node: Node, zone: tzinfo | None) -> Iterator[Hour]:
    """The hours of an hour a key (Infoclimat); of a variable at several heights, that near the ground."""
    for key, entry in node.items():
        if not key[:1].isdigit() or not isinstance(entry, dict):
            continue
        hour, inner = moment(key, zone), cast("Node", entry)
        if hour is not None:
            flat = {
                k: next(
                    (v for n, v in cast("Node", s).items() if n in ("2m", "10m", "niveau_de_la_mer")), None
                )
                if isinstance(s, dict)
                else s
                for k, s in inner.items()
            }
            yield hour, _values(flat, {"vent_moyen": "km/h"})


def _values(fields: Node, units: Mapping[str, str]) -> dict[str, float | None]:
    """Values in the names and units of `METEO`. fields: by the names of the source. A temperature over 150 is
    in kelvins, a pressure over 2,000 in pascals: no other air is breathed.
    """
    read: dict[str, float | None] = {}
    for name, known in NAMES.items():
        key = next((k for k in known if _number(fields.get(k)) is not None), None)
        value, unit = (_number(fields[key]), units.get(key, "")) if key else (None, "")
        if value is not None and unit in FACTORS:
            value *= FACTORS[unit]
        if value is not None and name in ("temperature", "point_rosee"):
            value = (value - 32) / 1.8 if unit == "°F" else value - 273.15 if value > 150 else value
        if value is not None and name == "pression" and value > 2000:
            value /= 100
        read[name] = value
    humidity = read.pop("humidite")
    if (
        read["point_rosee"] is None
        and humidity is not None
        and humidity > 0
        and read["temperature"] is not None
    ):
        read["point_rosee"] = dew_point(read["temperature"], min(humidity, 100.0))
    return read


def dew_point(temperature: float, humidity: float) -> float:
    """Magnus formula over water (Sonntag 1990). temperature: °C; humidity: %, over 0.

    >>> round(dew_point(20.0, 50.0), 1)
    9.3
    """
    ratio = math.log(humidity / 100) + 17.62 * temperature / (243.12 + temperature)
    return 243.12 * ratio / (17.62 - ratio)


def _node(value: object) -> Node:
    return cast("Node", value) if isinstance(value, dict) else {}


def _place(node: Node) -> Mapping[str, float] | None:
    """The point of a node, by `coordinates` or by longitude and latitude; None where it has none."""
    pair = node.get("coordinates")
    if isinstance(pair, list) and len(cast("Sequence[object]", pair)) >= 2:
        lon, lat = (_number(v) for v in cast("Sequence[object]", pair)[:2])
    else:
        lon, lat = (
            next((v for k in names if (v := _number(node.get(k))) is not None), None)
            for names in (("longitude", "lon"), ("latitude", "lat"))
        )
    return None if lon is None or lat is None else {"lon": lon, "lat": lat}


def _number(value: object) -> float | None:
    return (
        float(value)
        if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
        else None
    )
