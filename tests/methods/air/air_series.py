"""The real series beside the project, as the forecast and the map read them."""

from __future__ import annotations

import csv
import gzip
from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from parvis.methods.air.days import Array
from parvis.methods.air.forecast import Past
from parvis.methods.air.mapping import plane

WINDS = {"NW": (-0.7, 0.7), "NE": (0.7, 0.7), "SE": (0.7, -0.7), "cv": (0.0, 0.0)}
WEATHER_ERROR = {"DEWP": 2.0, "TEMP": 1.8, "PRES": 1.2, "speed": 1.0, "u": 1.2, "v": 1.2, "rain": 0.3}
"""Standard deviations of a simulated forecast of the weather, of the day and again of each hour, in the unit
of each series.
"""


def beijing(
    shared: Path, *, weather: bool = True, ahead: str = "", archive: int | None = None
) -> tuple[Past, int]:
    """PM2.5 of 2010-2014 and the place of 1 January 2014. ahead: "", "perfect" (what came) or "simulated"
    (what came, with errors: no real forecast is kept). archive: days before 2014 of which forecasts were
    kept; all of them by default.
    """
    with gzip.open(shared / "data" / "air" / "beijing_hourly.csv.gz", "rt") as file:
        rows = list(csv.DictReader(file))

    def column(name: str) -> Array:
        return np.array([np.nan if r[name] == "NA" else float(r[name]) for r in rows]).reshape(-1, 24)

    measured = {k: column(k) for k in ("DEWP", "TEMP", "PRES")}
    measured["spread"] = measured["TEMP"] - measured["DEWP"]
    measured |= _wind([r["cbwd"] for r in rows], column("Iws").ravel())
    measured |= {"rain": np.log1p(column("Ir")), "snow": np.log1p(column("Is"))}
    told = {k: measured[k] for k in WEATHER_ERROR} if ahead else {}
    if ahead == "simulated":
        rng = np.random.default_rng(0)
        told = {
            k: a
            + np.repeat(rng.normal(0, WEATHER_ERROR[k], (len(a), 1)), 24, 1)
            + rng.normal(0, WEATHER_ERROR[k], a.shape)
            for k, a in told.items()
        }
    since = (date(2014, 1, 1) - date(2010, 1, 1)).days
    if archive is not None:
        told = {
            k: np.where((np.arange(len(a)) >= since - archive)[:, None], a, np.nan) for k, a in told.items()
        }
    return Past(date(2010, 1, 1), column("pm2.5"), "mean", measured if weather else {}, told), since


def _wind(direction: list[str], cumulated: Array) -> dict[str, Array]:
    """The file holds the wind cumulated since its direction changed: back to a speed, and its two parts."""
    steps = np.diff(cumulated, prepend=0.0)
    same = np.array([False, *(a == b for a, b in pairwise(direction))])
    speed = np.clip(np.where(same & (steps >= 0), steps, cumulated), 0.0, 30.0)
    u, v = (np.array([WINDS[d][i] for d in direction]) * speed for i in (0, 1))
    return {"speed": speed.reshape(-1, 24), "u": u.reshape(-1, 24), "v": v.reshape(-1, 24)}


def london(shared: Path, pollutant: str, statistic: str) -> tuple[Past, int]:
    """One pollutant of 1998 to June 2005 with the wind measured, and the place of 1 January 2003. Gases are
    in ppb, as in the file.
    """
    table = pq.read_table(shared / "data" / "air" / "london_marylebone_hourly.parquet")

    def column(name: str) -> Array:
        values = table.column(name).to_numpy(zero_copy_only=False).astype(float)
        return np.concatenate([values, np.full(-len(values) % 24, np.nan)]).reshape(-1, 24)

    speed, angle = column("ws"), np.radians(column("wd"))
    wind = {"speed": np.log1p(speed), "u": speed * np.sin(angle), "v": speed * np.cos(angle)}
    past = Past(date(1998, 1, 1), column(pollutant), statistic, wind)  # type: ignore[arg-type]
    return past, (date(2003, 1, 1) - past.first).days


def germany(shared: Path) -> tuple[Array, Array, Array, int]:
    """Rural PM10: x and y of 70 stations in km, the days (d, 70), and the place of 1 January 2003."""
    folder = shared / "data" / "air"
    with (folder / "pm10_rural_germany_stations.csv").open() as file:
        places = {r["station"]: (float(r["lon"]), float(r["lat"])) for r in csv.DictReader(file)}
    with gzip.open(folder / "pm10_rural_germany_daily.csv.gz", "rt") as file:
        header, *rows = csv.reader(file)
    values = np.array([[np.nan if v in ("", "NA") else float(v) for v in r[1:]] for r in rows])
    lon, lat = (np.array([places[s][i] for s in header[1:]]) for i in (0, 1))
    x, y = plane(lon, lat, about=(10.0, 51.0))
    return x, y, values, [r[0] for r in rows].index("2003-01-01")
