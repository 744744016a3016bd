"""What is out of the ordinary now in each area, for those who coordinate: places, sectors, the town."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from parvis.core.late import late
from parvis.core.types import POINT
from parvis.methods.outbreaks.unusual_weeks import Method, judge, watchable
from parvis.services.epidemies.register import ELSEWHERE, TOWN, Row
from parvis.services.epidemies.series import Weekly
from parvis.services.epidemies.weeks import FEW, HOLES, METHODS, MOST_MISSING, TOO_SHORT, filled

if TYPE_CHECKING:
    from parvis.methods.outbreaks.nowcast import nowcast, triangle
else:
    nowcast = late("parvis.methods.outbreaks.nowcast", "nowcast")
    triangle = late("parvis.methods.outbreaks.nowcast", "triangle")

WATCHED = 26
"""Last weeks that are judged: of them the first of those in a row that are unusual; deviations add up over them."""
UNUSUAL, USUAL, UNKNOWN = "inhabituel", "ordinaire", "inconnu"
LONGEST = 21
"""Days after the first signs by which nearly all cases are declared."""


def signals(
    series: Mapping[str, Weekly],
    places: Mapping[str, Row],
    town: str,
    *,
    method: Method = "season",
    rise: float = 2.0,
    alarms_a_year: float = 0.5,
) -> list[dict[str, Any]]:
    """The last week of each series in each area. method, rise, alarms_a_year: see `unusual_weeks`."""
    rows: list[dict[str, Any]] = []
    for name, told in series.items():
        for level, zone, label, members in areas(told, places, town):
            counts = told.counts[members]
            whole = np.where(np.isnan(counts).all(axis=0), np.nan, np.nansum(counts, axis=0))
            row = last_week(whole, told.weeks, method=method, rise=rise, alarms_a_year=alarms_a_year)
            place = places.get(zone) if level == "lieu" else None
            at = None if place is None else {"lon": place["longitude"], "lat": place["latitude"]}
            rows.append({"serie": name, "niveau": level, "zone": zone, "nom": label, **row, POINT: at})
    return sorted(
        rows, key=lambda r: (r["depuis"] is None, str(r["depuis"]), r["serie"], r["niveau"], r["zone"])
    )


def areas(told: Weekly, places: Mapping[str, Row], town: str) -> list[tuple[str, str, str, list[int]]]:
    """Level, id, name and places (indices) of each area: those with a sector in it too."""
    made: list[tuple[str, str, str, list[int]]] = [(TOWN, TOWN, town, list(range(len(told.places))))]
    sectors: dict[str, list[int]] = {}
    for k, p in enumerate(told.places):
        sectors.setdefault(str(places.get(p, {}).get("secteur") or ELSEWHERE), []).append(k)
    if 1 < len(sectors) < len(told.places):
        made += [("secteur", z, z, members) for z, members in sorted(sectors.items())]
    return made + [
        ("lieu", p, str(places.get(p, {}).get("nom") or p), [k]) for k, p in enumerate(told.places)
    ]


def last_week(
    counts: np.ndarray,
    weeks: Sequence[date],
    *,
    method: Method = "season",
    rise: float = 2.0,
    alarms_a_year: float = 0.5,
) -> dict[str, Any]:
    """What the last week of a series is beside what is usual. counts: (weeks,), nan where nobody counted."""
    row: dict[str, Any] = {
        "semaine": weeks[-1],
        "cas": None,
        "habituels": None,
        "seuil": None,
        "depuis": None,
        "etat": UNKNOWN,
        "methode": None,
        "apprises": None,
        "admises": None,
        "dit": None,
    }
    known = ~np.isnan(counts)
    if known[-1]:
        row["cas"] = int(counts[-1])
    first = int(np.argmax(known))
    mine = counts[first:]
    watched = watchable(len(mine), WATCHED)
    if not known.any() or watched < 1:
        return row | {"dit": TOO_SHORT}
    if (~known[first:]).sum() > MOST_MISSING * len(mine) or not known[-1]:
        return row | {"dit": HOLES}
    result = judge(
        filled(mine),
        watched,
        dates=weeks[first:],
        method=method,
        rise=rise,
        alarms_a_year=alarms_a_year,
    )
    if result is None:
        return row | {"dit": TOO_SHORT}
    alarms = result.alarms & known[-watched:]
    since = None
    if alarms[-1]:
        begun = alarms & ~np.concatenate([[False], alarms[:-1]])
        since = weeks[len(weeks) - watched + int(np.flatnonzero(begun)[-1])]
    bound = float(result.bounds[-1])
    return row | {
        "habituels": round(float(result.usual[-1]), 1),
        "seuil": round(bound, 1) if math.isfinite(bound) else None,
        "depuis": since,
        "etat": UNUSUAL if since is not None else USUAL,
        "methode": METHODS[result.method],
        "apprises": result.learnt,
        "admises": alarms_a_year,
        "dit": None if math.isfinite(bound) else FEW,
    }


def still_to_come(cases: Sequence[Row], today: date) -> dict[str, float] | None:
    """Cases of the last week that is over, in the whole list, once all are declared: expected, and the sums of the
    bounds of each day (95 %), which hold the sum of the week more often. None where the list is too short to say.
    """
    days = [(r["debut"], r["declare"]) for r in cases if r["debut"] <= r["declare"] <= today]
    if not days:
        return None
    first = min(d for d, _ in days)
    if (today - first).days < 3 * LONGEST:
        return None
    known = triangle(
        [(begun - first).days for begun, _ in days],
        [(said - first).days for _, said in days],
        (today - first).days,
        LONGEST,
    )
    made = nowcast(known)
    monday = (today - timedelta(days=today.weekday() + 7) - first).days
    week = slice(monday, monday + 7)
    return {
        "attendus": round(float(made.expected[week].sum()), 1),
        "attendus_bas": float(np.floor(made.quantiles[0.025][week].sum())),
        "attendus_haut": float(np.ceil(made.quantiles[0.975][week].sum())),
    }
