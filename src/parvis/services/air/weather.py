"""The weather that was forecast, as the forecast of the air learns from it: for each day, what was known of
it when that day's air was forecast.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from parvis.methods.air.days import Array
from parvis.services.air.measures import HOUR, Clock

LEAST_DAYS = 60
"""Days whose weather was forecast without which nothing is learnt from it."""

LEAST_HOURS = 6
"""Hours of a day that a forecast speaks of without which the day is not known; some speak of every third
hour.
"""

PLAIN = ("temperature", "point_rosee", "pression")


@dataclass(frozen=True, slots=True)
class Weather:
    """Forecasts of one place, in order of issue. emitted, hour: microseconds since 1970, UTC, shape (k,);
    values: by name, shape (k,), NaN where the forecast has none.
    """

    emitted: NDArray[np.int64]
    hour: NDArray[np.int64]
    values: Mapping[str, Array]


@dataclass(frozen=True, slots=True)
class KnownWeather:
    """The weather of some days as it was forecast when their air was. grids: by name, shape (days, 24).
    emitted: when the newest forecast of the last day was issued, None where there is none.
    """

    grids: Mapping[str, Array]
    emitted: datetime | None


NOTHING = KnownWeather({}, None)


def read(table: pa.Table) -> Weather | None:
    """The forecasts of a table in the columns of `schemas.METEO`; None where none says when it was made and
    of which hour. Raises ValueError for hours that are no moments. Of several places the one with the
    most rows counts.
    """
    if not {"emis_le", "heure"} <= set(table.column_names):
        return None
    if any("tz=" not in str(table.schema.field(n).type) for n in ("emis_le", "heure")):
        raise ValueError("hours that are no moments")
    there = np.logical_and(
        *(
            np.asarray(table[n].is_valid().to_numpy(zero_copy_only=False), dtype=np.bool_)
            for n in ("emis_le", "heure")
        )
    )
    if "_point" in table.column_names:
        points = [str(p) for p in table["_point"].to_pylist()]
        most = max(sorted(set(points)), key=points.count, default="")
        there &= np.array([p == most for p in points], dtype=np.bool_)
    table = table.filter(pa.array(there))
    if not table.num_rows:
        return None
    emitted, hour = (
        np.asarray(table[n].cast(pa.timestamp("us", "UTC")).cast(pa.int64()), dtype=np.int64)
        for n in ("emis_le", "heure")
    )
    order = np.argsort(emitted, kind="stable")
    column = {
        n: _numbers(table, n)[order] for n in (*PLAIN, "vent_vitesse", "vent_direction", "precipitations")
    }
    speed, angle = column["vent_vitesse"], np.radians(column["vent_direction"])
    values = {n: column[n] for n in PLAIN} | {
        "vent": speed,
        "vent_est": -speed * np.sin(angle),
        "vent_nord": -speed * np.cos(angle),
        "pluie": np.log1p(np.maximum(column["precipitations"], 0.0)),
    }
    return Weather(emitted[order], hour[order], {n: v for n, v in values.items() if np.isfinite(v).any()})


def known_at_issue(
    of: Weather | None, first: date, days: int, zone: ZoneInfo, *, lead: int, issued: int
) -> KnownWeather:
    """What was known of the days from `first` on when their air was forecast, at hour `issued` of the day
    that lies `lead` days before each.

    A variable is left out where the last day, or `LEAST_DAYS` of those before it, have no forecast of it.
    """
    if of is None:
        return NOTHING
    day, place = Clock(of.hour, zone).tell(of.hour)
    row = day - first.toordinal()
    midnights = np.array(
        [_midnight(first + timedelta(days=n - lead), zone) for n in range(days)], dtype=np.int64
    )
    inside = (row >= 0) & (row < days) & (place < 24)
    known = inside & (of.emitted <= midnights[np.clip(row, 0, days - 1)] + issued * HOUR)
    grids: dict[str, Array] = {}
    for name, values in of.values.items():
        mine = known & np.isfinite(values)
        grid = np.full((days, 24), np.nan)
        grid[row[mine], place[mine]] = values[mine]  # in order of issue: the last one stays
        heard = np.isfinite(grid).sum(axis=1) >= LEAST_HOURS
        if heard[-1] and heard[:-1].sum() >= LEAST_DAYS:
            grids[name] = np.where(heard[:, None], grid, np.nan)
    if not grids:
        return NOTHING
    return KnownWeather(
        grids, datetime.fromtimestamp(int(of.emitted[known & (row == days - 1)].max()) / 1e6, UTC)
    )


def _midnight(day: date, zone: ZoneInfo) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp()) * 1_000_000


def _numbers(table: pa.Table, name: str) -> Array:
    """A column as floats, NaN where it has no value or is not there."""
    if name not in table.column_names:
        return np.full(table.num_rows, np.nan)
    return np.asarray(table[name].cast(pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64)
