"""Measures as networks publish them, to one shape: a grid of legal days for each station and pollutant.

Three shapes are read, by the names of their columns: the schema `mesures-air` of our library (a row a
station, pollutant and hour), the hourly files of the LCSQA (E2: « code site », « Polluant », « Date de début
», « valeur », « validité »), and a column a pollutant (« NO2 (µg/m³) »). What is in ppb, not valid, or no
known pollutant is left out and counted: nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from parvis.core.text import fold
from parvis.methods.air.days import Array, cleaned, length
from parvis.services.air.places import zone_of

POLLUTANTS: Mapping[str, str] = {
    "no2": "no2", "dioxyde d azote": "no2", "03": "no2", "o3": "o3", "ozone": "o3", "08": "o3", "pm10": "pm10", "particules pm10": "pm10", "24": "pm10",
    "pm2 5": "pm25", "pm25": "pm25", "particules pm2 5": "pm25", "39": "pm25", "so2": "so2", "dioxyde de soufre": "so2", "01": "so2",
}  # fmt: skip
"""By name as it is folded, and by LCSQA code."""

_SAME: Mapping[str, re.Pattern[str]] = {
    one: re.compile(rf"(?:(?:{form})(?: |$))+")
    for one, form in (
        ("no2", "no2|dioxyde d ?azote"),
        ("o3", "o3|ozone"),
        ("so2", "so2|dioxyde de soufre"),
        ("pm10", "(?:particules )?(?:fines |en suspension )?pm ?10"),
        ("pm25", "(?:particules )?(?:fines |en suspension )?pm ?2 ?5"),
    )
}
"""A name written twice or at length, and nothing else beside: « Ozone (O3) », « Particules fines PM 10 »;
never « Plomb dans PM10 ».
"""

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "station": ("id station", "station", "code site", "code station", "cd sttn", "site"),
    "name": ("nom station", "nom site", "nm sttn", "nom"),
    "kind": ("typologie", "type d influence", "influence", "type station"),
    "zone": ("code zone", "code zas", "code insee", "commune insee", "insee com", "id com", "insee"),
    "zone_name": ("lib zone", "zas", "zone", "nom zone", "nom com", "commune"),
    "pollutant": ("polluant", "nom poll", "nom pll", "code polluant"),
    "start": (
        "debut",
        "date de debut",
        "date debut",
        "dat dbt",
        "date et heure",
        "date heure",
        "date",
        "horodatage",
    ),
    "value": ("valeur", "concentration", "valeur brute"),
    "unit": ("unite de mesure", "unite", "unite mesure"),
    "valid": ("validite", "valide"),
    "lon": ("longitude", "lon", "x wgs84"),
    "lat": ("latitude", "lat", "y wgs84"),
}
"""What a column may be called, once folded; « sttt_vl » and the like, cut short, are what a shapefile makes
of a name. What says how far a measure was validated (« statut_valid ») is not read: one that is not validated
yet is provisional, and taken.
"""

MICROGRAMS = ("", "ug m3", "μg m3", "µg m3", "microg m3", "ug m 3", "µg m 3", "μg m 3")
"""As they are folded: « µg/m³ », « ug/m3 », « µg-m3 »."""
HOUR = 3_600_000_000
"""Microseconds."""

NEAR = ("trafic", "industri", "proximite", "traffic")
"""What the kind of a station that stands for its street or its works alone holds; any other stands for its
zone.
"""


@dataclass(frozen=True, slots=True)
class Station:
    """A station as its rows describe it. background: it stands for more than its street."""

    code: str
    name: str
    background: bool
    zone: str
    zone_name: str
    lon: float | None
    lat: float | None


@dataclass(frozen=True, slots=True)
class Series:
    """One pollutant at one station: a grid of legal days, shape (days, 25), without a hole from `first`; NaN
    where nothing was measured.
    """

    station: Station
    pollutant: str
    first: date
    grid: Array
    last: datetime

    def days(self, day: date) -> int:
        """Place of a day in the grid; it may lie outside."""
        return (day - self.first).days

    def hours(self, day: date) -> Array:
        """The 23, 24 or 25 hours of a day, NaN where nothing was measured."""
        n = length(day, zone_of(self.station.zone))
        place = self.days(day)
        return self.grid[place, :n] if 0 <= place < len(self.grid) else np.full(n, np.nan)

    def square(self, until: date) -> Array:
        """The days up to one as (days, 24): what the forecast reads. The hour more of October is left out,
        that of March is missing.
        """
        wanted = self.days(until) + 1
        grid = self.grid[:wanted, :24]
        return (
            grid if len(grid) >= wanted else np.concatenate([grid, np.full((wanted - len(grid), 24), np.nan)])
        )


@dataclass(frozen=True, slots=True)
class Measures:
    """All series, and how many rows could not be used."""

    series: tuple[Series, ...]
    left_out: int


def read(table: pa.Table) -> Measures:
    """The series of a table. Raises ValueError when it has neither stations nor hours nor pollutants that are
    known.
    """
    column_of = columns(table.column_names)
    wide = {c: p for c in table.column_names if (p := wide_of(c)) is not None}
    if not {"start", "station"} <= set(column_of) or ("pollutant" not in column_of and not wide):
        raise ValueError(f"no station, hour or pollutant among {', '.join(table.column_names)}")
    if "tz=" not in str(table.schema.field(column_of["start"]).type):
        raise ValueError("hours that are no moments")
    start, dated = _moments(table, column_of["start"])
    place, codes = _coded(table, column_of["station"])
    usable = dated & (place >= 0)
    left_out = int((~usable).sum())
    parts: list[tuple[str, NDArray[np.bool_], Array]] = []
    if "pollutant" in column_of:
        named, names = _coded(table, column_of["pollutant"])
        kinds = [pollutant(n) for n in names]
        value = (
            _numbers(table, column_of["value"]) if "value" in column_of else np.full(table.num_rows, np.nan)
        )
        valid = _good_rows(table, column_of, "valid", _valid)
        left_out += int((usable & ~valid).sum())
        value = np.where(valid, value, np.nan)  # one that was valid and is no longer takes back its value
        good = usable & _good_rows(table, column_of, "unit", _micrograms)
        known = np.array([k is not None for k in kinds] + [False])[named]
        left_out += int((usable & valid & ~(good & known)).sum())
        parts = [
            (k, good & np.isin(named, [n for n, one in enumerate(kinds) if one == k]), value)
            for k in sorted({k for k in kinds if k is not None})
        ]
    else:
        parts = [(pollutant, usable, _numbers(table, name)) for name, pollutant in wide.items()]
    first_rows = {int(c): int(r) for c, r in zip(*np.unique(place, return_index=True), strict=True) if c >= 0}
    stations = {
        c: _station(
            codes[c], {k: table.column(n)[row].as_py() for k, n in column_of.items()}, _point(table, row)
        )
        for c, row in first_rows.items()
    }
    clocks: dict[str, Clock] = {}
    series: list[Series] = []
    for c, station in stations.items():
        key = zone_of(station.zone).key
        if key not in clocks:
            clocks[key] = Clock(start[usable], ZoneInfo(key))
        series += [
            s
            for p, mask, value in parts
            if (s := _series(station, p, start, value, np.flatnonzero(mask & (place == c)), clocks[key]))
            is not None
        ]
    return Measures(tuple(sorted(series, key=lambda s: (s.station.code, s.pollutant))), left_out)


def merged(parts: Sequence[Measures]) -> Measures:
    """The series of several tables as one each: where two heard the same hour, the later table counts."""
    by_key: dict[tuple[str, str], Series] = {}
    for one in (s for part in parts for s in part.series):
        key = one.station.code, one.pollutant
        by_key[key] = _over(by_key[key], one) if key in by_key else one
    return Measures(tuple(by_key[key] for key in sorted(by_key)), sum(part.left_out for part in parts))


def _over(old: Series, new: Series) -> Series:
    """One series laid over another of the same station and pollutant, which describes the station."""
    first = min(old.first, new.first)
    until = max(s.first + timedelta(days=len(s.grid)) for s in (old, new))
    grid = np.full(((until - first).days, 25), np.nan)
    for one in (old, new):
        rows = slice((one.first - first).days, (one.first - first).days + len(one.grid))
        grid[rows] = np.where(np.isfinite(one.grid), one.grid, grid[rows])
    return Series(old.station, old.pollutant, first, grid, max(old.last, new.last))


def _moments(table: pa.Table, name: str) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Microseconds since 1970, UTC, and which are there."""
    column = table.column(name)
    there = np.asarray(column.is_valid().to_numpy(zero_copy_only=False), dtype=np.bool_)
    whole = column.cast(pa.timestamp("us", "UTC")).cast(pa.int64()).to_numpy(zero_copy_only=False)
    return np.where(there, whole, 0).astype(np.int64), there


def _coded(table: pa.Table, name: str) -> tuple[NDArray[np.int64], list[str]]:
    """Each value as the place of its text in a list; -1 where there is none."""
    values = table.column(name).cast(pa.string()).to_numpy(zero_copy_only=False)
    there = np.array([v is not None for v in values], dtype=np.bool_)
    texts, places = np.unique(np.where(there, values, "").astype(str), return_inverse=True)
    return np.where(there, places, -1).astype(np.int64), [str(t) for t in texts]


def _numbers(table: pa.Table, name: str) -> Array:
    """A column as floats, NaN where it has no value or is not of numbers."""
    kind = table.schema.field(name).type
    if not (pa.types.is_floating(kind) or pa.types.is_integer(kind) or pa.types.is_decimal(kind)):
        return np.full(table.num_rows, np.nan)
    return np.asarray(table.column(name).cast(pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64)


def _good_rows(
    table: pa.Table, column_of: Mapping[str, str], key: str, good: Callable[[str], bool]
) -> NDArray[np.bool_]:
    """Which rows hold a good value in a column that may not be there."""
    if key not in column_of:
        return np.ones(table.num_rows, dtype=np.bool_)
    coded, texts = _coded(table, column_of[key])
    return np.array([good(t) for t in texts] + [good("")])[coded]


def _micrograms(text: str) -> bool:
    return _folded(text) in MICROGRAMS


def _valid(text: str) -> bool:
    """LCSQA writes 1 and -1, others words or letters; no word is provisional, and taken."""
    return fold(text.strip()) in ("", "1", "true", "oui", "v", "a", "r", "o", "brute", "validee", "valide")


def _point(table: pa.Table, row: int) -> Mapping[str, float] | None:
    return table.column("_point")[row].as_py() if "_point" in table.column_names else None


class Clock:
    """Legal day and hour of the day of every hour that a table names, in one zone."""

    def __init__(self, start: NDArray[np.int64], zone: ZoneInfo) -> None:
        self._hours = np.unique(start // HOUR)
        days, places = list[int](), list[int]()
        for hour in self._hours.tolist():
            local = datetime.fromtimestamp(hour * 3600, zone)
            midnight = datetime(local.year, local.month, local.day, tzinfo=zone)
            days.append(local.toordinal())
            places.append(int((hour * 3600 - midnight.timestamp()) // 3600))
        self._day, self._place = np.array(days, dtype=np.int64), np.array(places, dtype=np.int64)

    def tell(self, start: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Day (ordinal) and place of the hour in it, from 0, of moments that the table names."""
        at = np.searchsorted(self._hours, start // HOUR)
        return self._day[at], self._place[at]


def _series(
    station: Station,
    pollutant: str,
    start: NDArray[np.int64],
    value: Array,
    rows: NDArray[np.int64],
    clock: Clock,
) -> Series | None:
    """One series from its rows; of an hour with two rows the later counts. None when no row has
    a value.
    """
    values = cleaned(value[rows])
    heard = np.isfinite(values)
    if not heard.any():
        return None
    day, place = clock.tell(start[rows])
    first = int(day.min())
    grid = np.full((int(day.max()) - first + 1, 25), np.nan)
    grid[day - first, place] = values
    return Series(
        station,
        pollutant,
        date.fromordinal(first),
        grid,
        datetime.fromtimestamp(int(start[rows][heard].max()) / 1e6, UTC),
    )


def columns(names: Sequence[str]) -> dict[str, str]:
    """What each part of a measure is called among these names, as far as it is there: see `COLUMNS`."""
    folded = {_folded(n): n for n in reversed(names)}
    return {
        key: folded[one]
        for key, known in COLUMNS.items()
        if (one := next((k for k in known if k in folded), None)) is not None
    }


def pollutant(name: str) -> str | None:
    """The pollutant of that name or LCSQA code; None for another.

    >>> pollutant("PM2.5"), pollutant("Dioxyde d'azote (NO2)"), pollutant("8"), pollutant("CO"),
    pollutant("Plomb dans PM10") ('pm25', 'no2', 'o3', None, None)
    """
    return POLLUTANTS.get(name.zfill(2)) if name.isdigit() else _named(_folded(name))


def _named(folded: str) -> str | None:
    """The pollutant of a folded name, None for another."""
    return POLLUTANTS.get(folded) or next(
        (one for one, form in _SAME.items() if form.fullmatch(folded)), None
    )


def _folded(name: str) -> str:
    """A name without case, accents or signs, one blank between its words."""
    return " ".join(re.split(r"[^0-9a-zµμ]+", fold(name))).strip()


def wide_of(name: str) -> str | None:
    """The pollutant of a column that is named after one, in µg/m³: « NO2 (µg/m³) », « pm25 »."""
    match = re.fullmatch(r"(.+?)(?: (?:en )?[µμu]g ?m ?3)?", _folded(name))
    return _named(match[1]) if match and not match[1].isdigit() else None


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else float("nan")


def _station(code: str, row: Mapping[str, object], point: Mapping[str, float] | None) -> Station:
    """A station as its first row describes it."""

    def text(key: str) -> str:
        value = row.get(key)
        return "" if value is None else str(value)

    lon, lat = (point["lon"], point["lat"]) if point else (_number(row.get("lon")), _number(row.get("lat")))
    placed = np.isfinite(lon) and np.isfinite(lat)
    kind = fold(text("kind"))
    near = any(k in kind for k in NEAR)
    return Station(
        code,
        text("name") or code,
        not near,
        text("zone"),
        text("zone_name"),
        lon if placed else None,
        lat if placed else None,
    )


def today_of(series: Series, now: datetime) -> date:
    """The legal day at the station."""
    return now.astimezone(zone_of(series.station.zone)).date()


def whole_hours(series: Series, now: datetime, zone: ZoneInfo) -> int:
    """Hours of the day that are over and heard of, 0 to 24: those up to the last measure."""
    local = series.last.astimezone(zone)
    if local.date() < now.astimezone(zone).date():
        return 0
    return min(
        24,
        int(
            (
                series.last + timedelta(hours=1) - datetime(local.year, local.month, local.day, tzinfo=zone)
            ).total_seconds()
            // 3600
        ),
    )
