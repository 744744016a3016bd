"""What is made of the incidents that a group shares: the public tables, each period once; the examination; the group's list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from parvis.core.arrow import arrow_table
from parvis.core.late import late
from parvis.methods.incidents import public_counts
from parvis.services.declaration import Tables
from parvis.services.incidents import guard, schemas
from parvis.services.incidents.guard import Incidents, Rejected
from parvis.services.incidents.rules import Rules, with_city

if TYPE_CHECKING:  # SciPy: loaded when the service runs
    from parvis.methods.incidents.feedback import drift
    from parvis.methods.incidents.hotspots import BackTest, Grid, back_test, grid, ranked, surprising
    from parvis.methods.incidents.trend import trend
else:
    drift = late("parvis.methods.incidents.feedback", "drift")
    back_test = late("parvis.methods.incidents.hotspots", "back_test")
    grid = late("parvis.methods.incidents.hotspots", "grid")
    surprising = late("parvis.methods.incidents.hotspots", "surprising")
    ranked = late("parvis.methods.incidents.hotspots", "ranked")
    trend = late("parvis.methods.incidents.trend", "trend")

PARIS = ZoneInfo("Europe/Paris")
DEGREE_M = 111_320.0
METHODS = {
    "faded": "compte qui s’efface", "count": "compte", "kernel": "noyau", "faded-kernel": "noyau du compte qui s’efface",
}  # fmt: skip
"""Rankings by the words in which tables say them."""
REFUSED, UNTESTED, TESTED = "refusé", "sans épreuve", "éprouvé"
ENOUGH = 100
"""Incidents of a year below which it tests no ranking."""
CHANGED = 0.05
"""p above which chance explains a change."""
YEAR = timedelta(days=365)
DAILY = 10.0
"""Incidents a day, of each kind, in the simulated ten places: enough that chance alone moves few patrols."""

Ints = npt.NDArray[np.int64]


def work(tables: Tables, now: datetime) -> Tables:
    """Cells by year and months by nature, as far as they may be shown; what was shown before stays as it was."""
    rules = with_city(str(tables["reglages"]["texte"].to_pylist()[0]) if "reglages" in tables else "")
    months, cells, exams = (
        _before(tables, name) for name in ("mois_avant", "mailles_avant", "examens_avant")
    )
    got = guard.accepted(tables["incidents"], rules, now)
    watch: list[dict[str, object]] = []
    if isinstance(got, Rejected):
        exams = [*(r for r in exams if r["etat"] != REFUSED), _refused(now)]
    elif len(got.nature):
        today = now.astimezone(PARIS).date()
        exams = [r for r in exams if r["etat"] != REFUSED]
        spread = _spread(got)
        months = [*months, *_months(spread, months, today)]
        laid = _Laid.on(spread, rules.side_m)
        for year in _years(spread, cells, exams, today):
            made, exam = _year(spread, laid, months, year, rules, got)
            cells, exams = [*cells, *made], [*exams, exam]
        watch = _watch(spread, laid, exams, today)
    return {
        "veille": arrow_table(schemas.WATCH, watch),
        "mois": arrow_table(schemas.MONTHS, months),
        "mailles": arrow_table(schemas.CELLS, cells),
        "tendances": arrow_table(schemas.TRENDS, trends(months)),
        "examens": arrow_table(schemas.EXAMS, exams),
    }


def _before(tables: Tables, name: str) -> list[dict[str, Any]]:
    return tables[name].to_pylist() if name in tables else []


def _refused(now: datetime) -> dict[str, object]:
    row: dict[str, object] = {c.name: None for c in schemas.EXAMS.columns}
    return row | {"annee": now.year, "etat": REFUSED}


@dataclass(frozen=True, slots=True)
class _Spread:
    """Incidents, one a row (a row that counts three stands three times). day: local; when: in years."""

    nature: npt.NDArray[np.str_]
    day: npt.NDArray[np.object_]
    month: npt.NDArray[np.object_]
    when: npt.NDArray[np.float64]
    lon: npt.NDArray[np.float64]
    lat: npt.NDArray[np.float64]


def _spread(got: Incidents) -> _Spread:
    of = np.repeat(np.arange(len(got.number)), got.number)
    days = [m.astimezone(PARIS).date() for m in got.middle]
    day, month = np.empty(len(days), object), np.empty(len(days), object)
    day[:], month[:] = days, [d.replace(day=1) for d in days]
    when = np.array([_in_years(d) for d in days])
    return _Spread(np.array(got.nature, np.str_)[of], day[of], month[of], when[of], got.lon[of], got.lat[of])


def _in_years(day: date) -> float:
    return day.year + (day.timetuple().tm_yday - 1) / (366 if day.year % 4 == 0 else 365)


def _next(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def _months(of: _Spread, before: Sequence[Mapping[str, Any]], today: date) -> list[dict[str, object]]:
    """Whole months that are closed and were not shown yet, a row a nature."""
    natures = sorted(set(of.nature.tolist()))
    known = {r["mois"] for r in before}
    first = _next(min(of.day.tolist()) - timedelta(days=1)) if len(of.day) else today
    first = min(of.month.tolist()) if min(of.day.tolist()).day == 1 else first
    wanted: list[date] = []
    while public_counts.closed(_next(first), today):
        if first not in known:
            wanted.append(first)
        first = _next(first)
    at = {month: k for k, month in enumerate(wanted)}
    counts = np.zeros((len(natures), len(wanted)), np.int64)
    for nature, month in zip(of.nature.tolist(), of.month.tolist(), strict=True):
        if month in at:
            counts[natures.index(nature), at[month]] += 1
    shown = public_counts.shown_months(counts)
    return [
        {"mois": month, "nature": nature, "incidents": int(counts[i, k]) if shown[i, k] else None}
        for k, month in enumerate(wanted)
        for i, nature in enumerate(natures)
    ]


@dataclass(frozen=True, slots=True)
class _Laid:
    """Cells over the incidents. east: metres of a degree of longitude."""

    over: Grid
    east: float

    @classmethod
    def on(cls, of: _Spread, side_m: float) -> _Laid:
        east = DEGREE_M * float(np.cos(np.radians(round(float(np.median(of.lat))))))
        return cls(grid(of.lon * east, of.lat * DEGREE_M, side_m), east)

    def name(self, cell: int) -> str:
        row, column = divmod(cell, self.over.shape[1])
        x, y = (round(o / self.over.side) for o in self.over.origin)
        return f"{x + column}-{y + row}"

    def middle(self, cell: int) -> dict[str, float]:
        row, column = divmod(cell, self.over.shape[1])
        x, y = self.over.origin
        return {
            "lon": round((x + (column + 0.5) * self.over.side) / self.east, 6),
            "lat": round((y + (row + 0.5) * self.over.side) / DEGREE_M, 6),
        }


def _years(
    of: _Spread, cells: Sequence[Mapping[str, Any]], exams: Sequence[Mapping[str, Any]], today: date
) -> list[int]:
    """Whole years that are closed and were not shown yet."""
    known = {r["annee"] for r in (*cells, *exams)}
    first = min(of.day.tolist())
    since = first.year if first <= date(first.year, 1, 31) else first.year + 1
    return [
        y
        for y in range(since, today.year)
        if y not in known and public_counts.closed(date(y + 1, 1, 1), today)
    ]


def _year(
    of: _Spread, laid: _Laid, months: Sequence[Mapping[str, Any]], year: int, rules: Rules, got: Incidents
) -> tuple[list[dict[str, object]], dict[str, object]]:
    """The cells of a year that may be shown, and its examination."""
    over = laid.over
    here = np.array([d.year == year for d in of.day.tolist()])
    counts = np.bincount(over.cell[here], minlength=len(over.studied))
    monthly = sum(r["incidents"] or 0 for r in months if r["mois"].year == year)
    shown = public_counts.shown_cells(counts, monthly, over.side)
    unusual = surprising(counts, over.studied)
    end = float(year + 1)
    judged = _judged(of, laid, end, rules)
    method = judged.chosen if judged is not None else "faded"
    scores = ranked(method, over, np.where(of.when < end, end - of.when, np.nan))
    order = np.flatnonzero(over.studied)[np.argsort(-scores[over.studied], kind="stable")]
    watched = [int(c) for c in order[: max(1, round(rules.watched * int(over.studied.sum())))] if shown[c]]
    ranks = {cell: k for k, cell in enumerate(watched, 1)}
    rows: list[dict[str, object]] = [
        {
            "annee": year, "maille": laid.name(cell), "cote_m": over.side, "incidents": int(counts[cell]),
            "foyer": bool(unusual[cell]), "rang": ranks.get(cell), "_point": laid.middle(cell),
        }
        for cell in map(int, np.flatnonzero(shown))
    ]  # fmt: skip
    return sorted(rows, key=lambda r: (r["rang"] is None, r["rang"], r["maille"])), _exam(
        of, year, over.side, method, judged, rules, got, counts
    )


def _judged(of: _Spread, laid: _Laid, end: float, rules: Rules) -> BackTest | None:
    """The rankings on the years before `end` that have a year before them and enough incidents."""
    first = int(np.ceil(float(of.when.min()) - 31 / 365))
    cuts = [
        float(y) for y in range(first + 1, int(end)) if int(((of.when >= y) & (of.when < y + 1)).sum()) >= ENOUGH
    ]  # fmt: skip
    past = of.when < end
    return (
        back_test(laid.over, np.where(past, of.when, np.inf), cuts, rules.watched, draws=100)
        if cuts
        else None
    )


def _exam(
    of: _Spread, year: int, side: float, method: str, judged: BackTest | None, rules: Rules, got: Incidents, counts: Ints
) -> dict[str, object]:  # fmt: skip
    kept = judged.judged[method] if judged is not None else None
    base = judged.judged["faded"] if judged is not None else None
    most = np.sort(counts)[::-1][:10].astype(np.float64)
    rates = DAILY * np.maximum(most, 1.0) / np.maximum(most, 1.0).sum()
    ours, naive = (drift(rates, counts=rule) for rule in ("reported", "all"))
    said: dict[str, object] = {
        "annee": year, "etat": TESTED if judged is not None else UNTESTED,
        "debut": min(of.month.tolist()), "fin": date(year, 12, 31), "cote_m": side, "methode": METHODS[method],
        "epreuves": len(kept.worth) if kept else 0, "part_pct": round(100 * rules.watched, 1),
        "exclus_pct": float(10 * round(10 * got.share_left_out)), "natures_exclues": ", ".join(sorted(got.left_out)),
        "boucle_pct": round(100 * ours.off, 1), "boucle_naive_pct": round(100 * naive.off, 1),
    }  # fmt: skip
    for name in ("pai", "pei"):
        low, high = getattr(kept, f"{name}_range") if kept else (None, None)
        said |= {
            name: round(getattr(kept, name), 3) if kept else None,
            f"{name}_bas": None if low is None else round(low, 3),
            f"{name}_haut": None if high is None else round(high, 3),
            f"{name}_compte": round(getattr(base, name), 3) if base else None,
        }
    return said


def trends(months: Sequence[Mapping[str, Any]]) -> list[dict[str, object]]:
    """Of each nature, from the shown months alone: nothing more can follow from it."""
    by: dict[str, dict[date, int | None]] = defaultdict(dict)
    for r in months:
        by[r["nature"]][r["mois"]] = r["incidents"]
    made: list[dict[str, object]] = []
    for nature, of in sorted(by.items()):
        every: list[date] = [min(of)]
        while every[-1] < max(of):
            every.append(_next(every[-1]))
        counts = np.array([np.nan if of.get(m) is None else float(of[m] or 0) for m in every])
        told = trend(counts, every[0].month)
        if told is None:
            continue
        sure = told.p <= CHANGED
        made.append(
            {
                "nature": nature, "debut": every[0], "fin": every[-1], "mois_connus": int((~np.isnan(counts)).sum()),
                "par_an_pct": round(100 * told.per_year, 1), "bas_pct": round(100 * told.low, 1), "haut_pct": round(100 * told.high, 1),
                "rupture": every[told.change] if sure else None, "facteur": round(told.factor, 3) if sure else None, "p": round(told.p, 3),
            }
        )  # fmt: skip
    return made


def _watch(
    of: _Spread, laid: _Laid, exams: Sequence[Mapping[str, Any]], today: date
) -> list[dict[str, object]]:
    """What the kept method puts first today, of the cells that had enough within a year."""
    told = max(exams, key=lambda r: r["annee"])["methode"] if exams else ""
    method = next((name for name, said in METHODS.items() if said == told), "faded")
    now = _in_years(today)
    recent = np.array([today - YEAR < d <= today for d in of.day.tolist()])
    counts = np.bincount(laid.over.cell[recent], minlength=len(laid.over.studied))
    scores = ranked(method, laid.over, np.where(of.when <= now, now - of.when, np.nan))
    order = [int(c) for c in np.argsort(-scores, kind="stable") if counts[c] >= public_counts.LEAST][:30]
    return [
        {"rang": k, "maille": laid.name(c), "incidents": int(counts[c]), "methode": METHODS[method], "jusqua": today, "_point": laid.middle(c)}
        for k, c in enumerate(order, 1)
    ]  # fmt: skip
