"""What a city would have published, night after night and poll after poll, on real statuses of two networks:
its bands held against what came, month by month.

Nothing is chosen here: each night learns from the four weeks known by then and publishes its model, each poll
of the day after reads that model, and the intervals are those of the table of forecasts. Stations that the
feed says closed at either end are left out, as nobody is sent there; so are silences of the whole feed, of
which nothing is known.
"""

from __future__ import annotations

import io
import sys
import time
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
from pyarrow import csv
from tests.methods import bikereal
from tests.methods.bikereal import Real

from bench.bikes import STATUSES
from bench.report import write
from parvis.methods.bikes import calendar
from parvis.methods.bikes.history import Flags, History, Ints
from parvis.methods.bikes.model import BASES
from parvis.services.velos import arrays, learning, modele, previsions
from parvis.services.velos.schemas import RELEVES

DAY_S = 86_400
STEP_S = 2700
"""A poll in so many seconds is looked at."""

TOULOUSE = STATUSES.parent.parent / "toulouse_bikes.zip"
BOSTON_AT, TOULOUSE_AT = {"lon": -71.06, "lat": 42.36}, {"lon": 1.44, "lat": 43.6}
"""All stations in one place, which tells the clock."""


def toulouse(path: Path) -> Real:
    """Half a year of five stations, from 1 April 2016, local time. Docks are not told: the most bikes ever
    seen at a station stand for its size.
    """
    with zipfile.ZipFile(path) as packed:
        table = csv.read_csv(io.BytesIO(packed.read("toulouse_bikes.csv")))
    zone = ZoneInfo("Europe/Paris")
    at = np.array(
        [
            int(moment.replace(tzinfo=zone).timestamp())
            for moment in table["moment"].to_pylist()
            if moment is not None
        ],
        np.int64,
    )
    names, station = np.unique(np.array(table["station"].to_pylist()), return_inverse=True)
    bikes = np.asarray(table["bikes"].to_numpy(), np.int64)
    most = np.zeros(len(names), np.int64)
    np.maximum.at(most, station, bikes)
    records = {
        "station": station.astype(np.int64),
        "at_s": at,
        "bikes": bikes,
        "docks": most[station] - bikes,
        "open": np.ones(len(at), np.int64),
    }
    clock = calendar("Europe/Paris", int(at.min()) - DAY_S, int(at.max()) + DAY_S)
    start = int(datetime(2016, 4, 1, tzinfo=zone).timestamp())
    return Real(records, clock, start, start, start + (int(at.max()) - start) // DAY_S * DAY_S)


def movements(real: Real, until_s: int, at: Mapping[str, float] = BOSTON_AT) -> pa.Table:
    """What was kept of the feed by then, of bikes of all kinds, four weeks of it."""
    kept = (real.records["at_s"] < until_s) & (real.records["at_s"] >= until_s - modele.DAYS * DAY_S)
    r = {name: values[kept] for name, values in real.records.items()}
    where = pa.scalar(dict(at), pa.struct([("lon", pa.float64()), ("lat", pa.float64())]))
    return pa.table(
        {
            "station_id": pa.array([f"{s}" for s in r["station"].tolist()]),
            "velos": pa.array(r["bikes"]),
            "places": pa.array(r["docks"]),
            "ouverte": pa.array(r["open"] > 0),
            "flux_du": pa.array(r["at_s"] * 1_000_000).cast(pa.timestamp("us", "UTC")),
            "_point": pa.repeat(where, int(kept.sum())),
        }
    )


def poll(past: History, at: int, place: Mapping[str, float] = BOSTON_AT) -> pa.Table:
    """What the feed says at a moment."""
    here = past.as_of(np.arange(past.stations), np.full(past.stations, at))
    rows = [
        {
            "station_id": f"{s}",
            "nom": f"{s}",
            "capacite": None,
            "velos": int(past.count[n]),
            "mecaniques": None,
            "electriques": None,
            "places": int(past.size[n] - past.count[n]),
            "installee": bool(past.open[n]),
            "prend": bool(past.open[n]),
            "rend": bool(past.open[n]),
            "releve_le": datetime.fromtimestamp(int(past.at_s[n]), UTC),
            "flux_du": datetime.fromtimestamp(at, UTC),
            "_point": dict(place),
        }
        for s, n in enumerate(here.tolist())
        if n >= 0
    ]
    return modele.told(RELEVES, rows)


def day(
    past: History, start: int, night: Mapping[str, pa.Table], place: Mapping[str, float]
) -> Iterator[tuple[Ints, ...]]:
    """Of each poll of a day: horizon, station, low, high, count now, count then, age of the record in
    seconds.
    """
    for at in range(start, start + DAY_S - 7200, STEP_S):
        given = {
            "releves": poll(past, at, place),
            "demande": night["demande"],
            "correction": night["correction"],
        }
        told = previsions.work(given, datetime.fromtimestamp(at, UTC))["previsions"]
        station = np.array([int(s) for s in arrays.texts(told, "station_id")], np.int64)
        low, high, horizon = (
            np.asarray(told[n].to_numpy(), np.int64) for n in ("velos_bas", "velos_haut", "horizon_min")
        )
        later, now = past.as_of(station, at + horizon * 60), past.as_of(station, np.full(len(station), at))
        kept = past.open[later] & past.heard(np.full(len(station), at)) & past.heard(at + horizon * 60)
        yield (
            horizon[kept],
            station[kept],
            low[kept],
            high[kept],
            past.count[now][kept],
            past.count[later][kept],
            at - past.at_s[now][kept],
        )


@dataclass(frozen=True, slots=True)
class Replayed:
    """A night and the day after it: found, as of `day`; the scores that the night gave the day before, and
    the levels of its bands by horizon.
    """

    month: str
    found: tuple[Ints, ...]
    scores: list[Mapping[str, Any]]
    levels: Mapping[int, float]


@cache
def network(name: str) -> tuple[Real, Mapping[str, float]]:
    """Its records, and where it lies."""
    return (bikereal.month(STATUSES), BOSTON_AT) if name == "Boston" else (toulouse(TOULOUSE), TOULOUSE_AT)


def replayed(name: str, number: int) -> Replayed:
    """number: the day that is forecast, from 0, the first that was told."""
    real, place = network(name)
    begun, past, start = time.process_time(), real.past("bikes"), real.start_s + number * DAY_S
    known = learning.past([movements(real, start, place)])
    if known is None:
        raise ValueError(f"nothing is known before day {number}")
    night = modele.night(
        replace(known, histories={"velos": known.histories["velos"]}), []
    )  # docks are told for the sizes, and not forecast here
    parts = [(*found, np.full(len(found[0]), number)) for found in day(past, start, night, place)]
    levels = {r["horizon_min"]: r["poids"] for r in night["correction"].to_pylist() if r["base"] == BASES}
    month = f"{datetime.fromtimestamp(int(real.calendar.local(np.array([start]))[0]), UTC):%Y-%m}"
    sys.stderr.write(f"{name}, {number}: {time.process_time() - begun:.0f} s\n")
    return Replayed(
        month,
        tuple(np.concatenate(p) for p in zip(*parts, strict=True)),
        list[Mapping[str, Any]](night["scores"].to_pylist()),
        levels,
    )


def summed(name: str, nights: Sequence[Replayed]) -> Iterator[dict[str, object]]:
    """A row a month and horizon, with what the scores of the nights said beside it."""
    past = network(name)[0].past("bikes")
    pace = np.bincount(
        past.station[1:], (np.diff(past.count) != 0) * (np.diff(past.station) == 0), past.stations
    )
    third = np.digitize(pace, np.quantile(pace, [1 / 3, 2 / 3]))
    for month in sorted({n.month for n in nights}):
        some = [n for n in nights if n.month == month]
        columns = [np.concatenate(p) for p in zip(*(n.found for n in some), strict=True)]
        for minutes in np.unique(columns[0]).tolist():
            _, station, low, high, now, then, age, number = (c[columns[0] == minutes] for c in columns)
            within = (low <= then) & (then <= high)
            by_day = [within[number == n] for n in np.unique(number)]
            marks = [r for night in some for r in night.scores if r["horizon_min"] == minutes]
            levels = [night.levels[minutes] for night in some]
            yield {
                "network": name,
                "month": month,
                "min": minutes,
                "days": len(by_day),
                "forecasts": len(within),
                "held %": _percent(within),
                "days: least held %": min(map(_percent, by_day)),
                "most %": max(map(_percent, by_day)),
                "record over an hour old: held %": _percent(within[age > 3600]),
                **{
                    f"at the {which} third %": _percent(within[third[station] == n])
                    for n, which in enumerate(("quietest", "middle", "busiest"))
                },
                "counts that did not move %": _percent(now == then),
                "mean width, bikes": round(float((high - low).mean()) + 1, 2),
                "level of the nights": f"{min(levels):.2f} to {max(levels):.2f}",
                **{
                    f"scores of the nights: {k}": round(float(np.mean([m[k] for m in marks])), 4)
                    for k in ("couverture", "ecart_pit", "crps", "crps_inchange")
                    if marks
                },
            }


def _percent(within: Flags) -> float:
    return round(100 * float(within.mean()), 1) if len(within) else float("nan")


def main() -> None:
    """Every third day of Boston's second half of a month (any five in a row hold other weekdays), every tenth
    day of Toulouse from June on.
    """
    asked = [("Boston", n) for n in range(15, 30, 3)] + [("Toulouse", n) for n in range(61, 187, 10)]
    with ProcessPoolExecutor(2) as both:
        nights = list(both.map(replayed, *zip(*asked, strict=True)))
    rows = [
        row
        for name in ("Boston", "Toulouse")
        for row in summed(name, [n for (who, _), n in zip(asked, nights, strict=True) if who == name])
    ]
    write(
        "bikes_in_service",
        rows,
        notes=[
            "Boston, 2022: the night before the 16th, 19th, 22nd, 25th and 28th of April learns from all days before it (velos-modele). Toulouse, 2016, five stations: every tenth night from 1 June on, four weeks each. Every third quarter of an hour of the day after is forecast (velos-previsions).",
            "held: counts within the published interval, every open station, however old its record. Thirds of the stations by their movements.",
            "At five minutes, and wherever more than 82 % of the counts do not move, no whole-number interval is small enough to hold 82 % or less.",
        ],
    )


if __name__ == "__main__":
    main()
