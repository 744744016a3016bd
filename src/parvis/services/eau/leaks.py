"""Leaks of districts and behind meters, as alerts that end in a verdict; what of it may be published."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from parvis.core.sentence import mark
from parvis.methods.energy.readings import day_grid
from parvis.methods.water import meters
from parvis.methods.water.districts import Array, Onset
from parvis.methods.water.overconsumption import Span, judge
from parvis.services.eau.compute import LEAST_HOMES, lost_by_day
from parvis.services.eau.flows import PARIS, Inflow, inflows, micros, read_districts
from parvis.services.eau.rules import Rules

HOUR = 3_600_000_000
BILL_DAYS = 20
"""Days from which a reading is a bill, held against the legal rule."""

RECENT = 7
"""Nights that say how a leak stands now."""

GROWN, FALLEN = 1.3, 0.4
"""Parts of what it was when it was seen."""

HEAVY = 2.0
"""Times the median of its zone from where a home's use counts as high."""

DISTRICT, HOME, BUILDING, OTHER, BILL = (
    mark("secteur"), mark("logement"), mark("immeuble"), mark("autre compteur"), mark("surconsommation"),
)  # fmt: skip
STEADY, GROWS, FELL = mark("stable"), mark("grandit"), mark("retombée")
FOUND, NOTHING, REPAIRED = "trouvee", "rien", "reparee"
VERDICTS = {
    FOUND: mark("Fuite trouvée, à réparer"),
    REPAIRED: mark("Fuite trouvée et réparée"),
    NOTHING: mark("Rien trouvé"),
}

Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Price:
    """€ a m³: what a m³ more costs the utility, what a subscriber pays."""

    cost: float
    paid: float


def of_districts(tables: Mapping[str, pa.Table], price: Price, rules: Rules, now: datetime) -> list[Row]:
    """One row for each rise of a district's nights that has not gone again."""
    if "secteurs" not in tables or "debits" not in tables:
        return []
    known = read_districts(tables["secteurs"])
    rows: list[Row] = []
    for name, inflow in sorted(inflows(tables["debits"], now).items()):
        if name not in known:
            continue
        watched = inflow.watch()
        for number, onset in enumerate(watched.onsets):
            later = sum(o.flow for o in watched.onsets[number + 1 :])
            flow, state = _now(inflow, onset, watched.residual, later)
            if state == FELL:
                continue
            a_day = lost_by_day(known[name], flow, rules)
            since = onset.since.item()
            days = (inflow.days[-1] - onset.since).astype(int) + 1
            rows.append(
                {
                    "alerte": f"S-{name}-{since:%Y%m%d}", "genre": DISTRICT, "ou": name, "zone": name, "depuis": since, "vu": onset.seen.item(),
                    "debit_lh": round(1000 * flow), "evolution": state, "m3_jour": round(a_day, 1), "perdu_m3": round(a_day * int(days)),
                    "euros_jour": round(a_day * price.cost, 2),
                }
            )  # fmt: skip
    return rows


def _now(inflow: Inflow, onset: Onset, residual: Array, later: float) -> tuple[float, str]:
    """m³/h of a leak over the last nights, and how that stands to what it was. The usual was raised by every
    onset when it was seen: what the last nights differ from it is what changed since. later: m³/h of the
    leaks that came after.
    """
    after = residual[(inflow.days > onset.seen)]
    last = after[np.isfinite(after)][-RECENT:]
    changed = float(np.median(last)) if len(last) >= RECENT else 0.0
    flow = onset.flow + (changed if later == 0 else min(0.0, changed + later))
    if flow < FALLEN * onset.flow:
        return flow, FELL
    return flow, GROWS if flow > GROWN * onset.flow else STEADY


def of_meters(tables: Mapping[str, pa.Table], price: Price, now: datetime) -> list[Row]:
    """One row for each leak behind a meter that still runs, and each bill beyond twice its reference."""
    about, readings = _readings(tables)
    rows: list[Row] = []
    zones = _zone_means(about, readings)
    for name, r in sorted(about.items()):
        start, end, litres = readings.get(name, _NONE)
        hourly = (end - start) == HOUR
        if hourly.any():
            rows += _running(name, r, start[hourly], litres[hourly], price)
        bills = (end - start) >= BILL_DAYS * 24 * HOUR
        if bills.any() and r["genre"] == "logement":
            rows += _billed(name, r, start[bills], end[bills], litres[bills], price, zones, now)
    return rows


_NONE = (np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))
Micros = NDArray[np.int64]
Series = tuple[Micros, Micros, Array]


def _readings(tables: Mapping[str, pa.Table]) -> tuple[Mapping[str, Mapping[str, Any]], Mapping[str, Series]]:
    """What is known of each meter, and its real readings by their start; an estimate is none."""
    if "compteurs" not in tables or "releves" not in tables or not len(tables["releves"]):
        return {}, {}
    about = {str(r["compteur"]): r for r in tables["compteurs"].to_pylist()}
    table = tables["releves"]
    names = np.array([str(n) for n in table["compteur"].to_pylist()])
    start, end = micros(table["debut"]), micros(table["fin"])
    litres = np.asarray(table["litres"].cast(pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64)
    if "qualite" in table.column_names:
        guessed = np.array([q == "estimé" for q in table["qualite"].to_pylist()])
        litres = np.where(guessed, np.nan, litres)
    order = np.lexsort((start, names))
    order = order[(end > start)[order]]
    names, start, end, litres = names[order], start[order], end[order], litres[order]
    by_meter: dict[str, Series] = {}
    for name in about:
        lo, hi = int(np.searchsorted(names, name, "left")), int(np.searchsorted(names, name, "right"))
        if hi > lo:
            by_meter[name] = (start[lo:hi], end[lo:hi], litres[lo:hi])
    return about, by_meter


def _running(name: str, r: Mapping[str, Any], start: Micros, litres: Array, price: Price) -> list[Row]:
    """The leak that runs behind a meter read by the hour, if any. A building is followed by its lowest hours
    of the night, any other meter by the hours in which it never rests.
    """
    if r["genre"] == "collectif":
        days, grid = day_grid(start, litres, PARIS, 60)
        leaks = meters.collective(grid.reshape(-1), float(r.get("impulsion_l") or 1.0))
        lows = meters.night_lows(grid.reshape(-1))
        known = lows[np.isfinite(lows)][-RECENT:]
        if not leaks or not len(known):
            return []
        last = leaks[-1]
        before = lows[: last.since // 24]
        usual = float(np.nanmedian(before)) if np.isfinite(before).any() else 0.0
        flow = float(np.median(known)) - usual
        if flow < FALLEN * last.flow:
            return []
        since, seen, ends = days[last.since // 24].item(), days[last.seen // 24].item(), days[-1].item()
        kind = BUILDING
    else:
        first = int(start.min())
        series = np.full(int((start.max() - first) // HOUR) + 1, np.nan)
        series[(start - first) // HOUR] = litres
        pulse = float(r.get("impulsion_l") or 1.0)
        stretches = meters.continuous(series, pulse)
        if not stretches or not meters.still(series, pulse, stretches[-1]):
            return []
        last = stretches[-1]
        flow = last.flow
        since, seen, ends = (
            datetime.fromtimestamp((first + h * HOUR) / 1e6, PARIS).date()
            for h in (last.since, last.seen, len(series) - 1)
        )
        kind = HOME if r["genre"] == "logement" else OTHER
    a_day = flow * 24 / 1000
    days_since = (ends - since).days + 1
    return [
        {
            "alerte": f"C-{name}-{since:%Y%m%d}", "genre": kind, "ou": name, "zone": r.get("zone"), "depuis": since, "vu": seen,
            "debit_lh": round(flow, 1), "evolution": STEADY, "m3_jour": round(a_day, 2), "perdu_m3": round(a_day * days_since, 1),
            "euros_jour": round(a_day * price.paid, 2),
        }
    ]  # fmt: skip


def _billed(
    name: str,
    r: Mapping[str, Any],
    start: Micros,
    end: Micros,
    litres: Array,
    price: Price,
    zones: Mapping[str, Fraction],
    now: datetime,
) -> list[Row]:
    """The last bill of a dwelling, when it passes twice the reference of the law: its subscriber is to be told."""
    spans = [
        Span(_day(a), _day(b), round(v))
        for a, b, v in zip(start.tolist(), end.tolist(), litres.tolist(), strict=True)
        if v == v and v >= 0
    ]
    spans.sort(key=lambda s: s.start)
    if not spans or any(a.end > b.start for a, b in pairwise(spans)):
        return []
    last = spans[-1]
    if last.end > now.astimezone(PARIS).date() or last.end < now.astimezone(PARIS).date() - timedelta(
        days=60
    ):
        return []
    judged = judge(last, spans[:-1], zones.get(str(r.get("zone") or "")))
    if not judged.abnormal or judged.reference is None:
        return []
    days = (last.end - last.start).days
    over = (last.litres - float(judged.reference)) / 1000
    return [
        {
            "alerte": f"L-{name}-{last.end:%Y%m%d}", "genre": BILL, "ou": name, "zone": r.get("zone"), "depuis": last.start, "vu": last.end,
            "debit_lh": round(1000 * over / days / 24, 1), "evolution": STEADY, "m3_jour": round(over / days, 2), "perdu_m3": round(over, 1),
            "euros_jour": round(over / days * price.paid, 2), "plafond_m3": round(2 * float(judged.reference) / 1000, 1),
        }
    ]  # fmt: skip


def _day(at: float) -> date:
    """The city's day of a moment in microseconds."""
    return datetime.fromtimestamp(at / 1e6, PARIS).date()


def _zone_means(
    about: Mapping[str, Mapping[str, Any]], readings: Mapping[str, Series]
) -> dict[str, Fraction]:
    """Litres a day of a dwelling by zone, of ten at least: what comparable dwellings use, for one without a past."""
    use: dict[str, list[Fraction]] = defaultdict(list)
    for name, r in about.items():
        if r["genre"] != "logement" or not r.get("zone") or name not in readings:
            continue
        start, end, litres = readings[name]
        days = (end - start) / (24 * HOUR)
        known = np.isfinite(litres) & (days >= BILL_DAYS)
        if known.any():
            mean = Fraction(round(float(litres[known].sum()))) / max(1, round(float(days[known].sum())))
            use[str(r["zone"])].append(mean)
    return {z: sum(v, Fraction(0)) / len(v) for z, v in use.items() if len(v) >= LEAST_HOMES}


def by_zone(tables: Mapping[str, pa.Table]) -> list[Row]:
    """Use of homes by zone and month, for everybody: never of fewer than ten homes."""
    about, readings = _readings(tables)
    use: dict[tuple[date, str], list[float]] = defaultdict(list)
    for name, r in about.items():
        if r["genre"] != "logement" or not r.get("zone") or name not in readings:
            continue
        start, end, litres = readings[name]
        hourly = ((end - start) == HOUR) & np.isfinite(litres)
        if not hourly.any():
            continue
        days, grid = day_grid(start[hourly], litres[hourly], PARIS, 60)
        whole = np.isfinite(grid).sum(axis=1) >= 20
        month = days.astype("datetime64[M]")
        for one in np.unique(month[whole]).tolist():
            here = whole & (month == np.datetime64(one, "M"))
            if here.sum() >= 10:
                use[one, str(r["zone"])].append(24 * float(np.nanmean(grid[here])))
    rows: list[Row] = []
    for (month_, zone), homes in sorted(use.items()):
        if len(homes) >= LEAST_HOMES:
            middle = float(np.median(homes))
            heavy = sum(h > HEAVY * middle for h in homes)
            rows.append(
                {
                    "mois": month_,
                    "zone": zone,
                    "logements": len(homes),
                    "litres_jour": round(float(np.mean(homes))),
                    "part_forte_pct": round(100 * heavy / len(homes), 1),
                }
            )
    return rows


def judged(alerts: Sequence[Row], verdicts: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Alerts with their last verdict: what is still to be looked at first, the dearest first."""
    last = last_verdicts(verdicts)
    rows = [
        {
            "plafond_m3": None,
            **a,
            "constat": v["verdict"] if (v := last.get(str(a["alerte"]))) else None,
            "constat_jour": v["moment"].astimezone(PARIS).date() if v else None,
        }
        for a in alerts
    ]
    return sorted(rows, key=lambda r: (r["constat"] in (NOTHING, REPAIRED), -float(str(r["m3_jour"]))))


def last_verdicts(verdicts: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """The last verdict on each alert."""
    return {str(v["cle"]): v for v in sorted(verdicts, key=lambda v: v["moment"])}


def by_month(verdicts: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Verdicts by month, without a place: how many alerts were a leak, and what their repair saves a year."""
    by: dict[date, list[Mapping[str, Any]]] = defaultdict(list)
    for v in last_verdicts(verdicts).values():
        by[v["moment"].astimezone(PARIS).date().replace(day=1)].append(v)
    return [
        {
            "mois": month,
            "constats": len(these),
            "trouvees": sum(v["verdict"] in (FOUND, REPAIRED) for v in these),
            "reparees": sum(v["verdict"] == REPAIRED for v in these),
            "m3_evites": round(sum(v["quantite"] or 0.0 for v in these if v["verdict"] == REPAIRED), 1),
        }
        for month, these in sorted(by.items())
    ]
