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
    from parvis.methods.outbreaks.nowcast import triangle
    from parvis.methods.outbreaks.nowcast_total import nowcast_total
else:
    triangle = late("parvis.methods.outbreaks.nowcast", "triangle")
    nowcast_total = late("parvis.methods.outbreaks.nowcast_total", "nowcast_total")

WATCHED = 26
"""Last weeks that are judged: of them the first of those in a row that are unusual; deviations add up over them."""
UNUSUAL, USUAL, UNKNOWN = "inhabituel", "ordinaire", "inconnu"
LONGEST, LONGEST_WEEKS = 21, 6
"""Days after the first signs, and weeks where whole weeks are counted, by which nearly all cases are declared."""


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


def still_to_come(reports: Sequence[Row], today: date) -> dict[str, float] | None:
    """Cases of the last week that is over, in all places, once all are declared: declared by now, expected, and the 95 % interval
    of the week's sum. None where too few weeks are there to say.

    reports: rows with `debut` and `declare`, and `cas` where they were added up. Where all begin on a Monday, and some a
    week or more apart, whole weeks are counted.
    """
    rows = [r for r in reports if r["debut"] <= r["declare"] <= today]
    if not rows:
        return None
    first = min(r["debut"] for r in rows)
    monday = today - timedelta(days=today.weekday() + 7)
    if monday < first:
        return None
    by_week = all(r["debut"].weekday() == 0 for r in rows) and any(r["debut"] != first for r in rows)
    step, longest = (7, LONGEST_WEEKS) if by_week else (1, LONGEST)
    now = (
        today - timedelta(days=today.weekday() + 1) if by_week else today
    )  # of this week not all reports are in
    known = triangle(
        [(r["debut"] - first).days // step for r in rows],
        [(r["declare"] - first).days // step for r in rows],
        (now - first).days // step,
        longest,
        cases=[r.get("cas", 1) for r in rows],
    )
    at = (monday - first).days // step
    total = nowcast_total(known, at, at if by_week else at + 6, weekly=not by_week)
    if total is None:
        return None
    declared = float(sum(r.get("cas", 1) for r in rows if monday <= r["debut"] < monday + timedelta(weeks=1)))
    low, middle, high = (max(declared, total.quantiles[q]) for q in (0.025, 0.5, 0.975))
    return {"declares": int(declared), "attendus": middle, "attendus_bas": low, "attendus_haut": high}
