"""From readings, meters, temperatures and works to years, models, anomalies, goals and savings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa

from parvis.core.arrow import arrow_table
from parvis.core.sentence import mark
from parvis.methods.energy import anomalies, works
from parvis.methods.energy.baseline import AS_WEEKEND, Baseline, Calendar, Days, learn
from parvis.methods.energy.changepoint import Array
from parvis.methods.energy.goals import Goal, allowed, factor_of
from parvis.methods.energy.nights import night_hours
from parvis.methods.energy.readings import HOUR, DailyUse, daily, day_grid, moments
from parvis.methods.energy.savings import Period, savings
from parvis.methods.hours.calendars import easter
from parvis.services.declaration import Tables
from parvis.services.energie.rules import Rules, with_city
from parvis.services.energie.schemas import ANNEES, ANOMALIES, ECONOMIES, MODELES, OBJECTIFS

PARIS = ZoneInfo("Europe/Paris")
LEARNT = 730
"""Days that a baseline learns from, at most; what follows is watched."""

WATCHED = 150
"""Last days that are never learnt from, where a year is left before them."""

LEAST = 300
"""Days known without which a meter has no model."""

WHOLE_YEAR = 350
"""Days known from where a year is held to a goal."""

HEATS = frozenset({"gaz", "fioul", "bois", "réseau de chaleur"})
"""Energies that don't cool."""

KINDS = {
    "palier": mark("palier"),
    "nuit": mark("nuit"),
    "weekend": mark("week-end"),
    "ete": mark("été"),
    "pointe": mark("pointe"),
}
TODO = {
    "palier": mark("Chercher ce qui a changé ce jour-là : réglage, panne, horaires."),
    "nuit": mark("Couper la nuit ce qui n’a pas à tourner : ventilation, éclairage, veille."),
    "weekend": mark("Programmer le réduit de chauffage les jours sans occupation."),
    "ete": mark("Arrêter la chaudière hors saison, ou séparer l’eau chaude."),
    "pointe": mark("Revoir la puissance souscrite."),
}
HELD, PASSED, NO_REFERENCE = mark("tenu"), mark("dépassé"), mark("sans référence")
SEEN, NOT_SEEN, MORE = mark("économie vue"), mark("pas encore visible"), mark("consommation en hausse")

Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Meter:
    """A meter and what it counted. within: readings within the day as a grid, None where there are none."""

    about: Mapping[str, object]
    use: DailyUse
    within: tuple[Days, Array] | None
    by_day: bool

    @property
    def id(self) -> str:
        return str(self.about["compteur"])

    @property
    def building(self) -> str:
        return str(self.about["batiment"])

    @property
    def energy(self) -> str:
        return str(self.about["energie"])


@dataclass(frozen=True, slots=True)
class Model:
    """The baseline of a meter, and what followed."""

    meter: Meter
    baseline: Baseline
    learnt: Period
    after: Period
    all: Period
    watch: anomalies.Watch


def work(tables: Tables, now: datetime) -> Tables:
    """All five tables. Raises UsageError where `reglages` are badly written."""
    rules = with_city(str(tables["reglages"]["texte"][0].as_py()) if "reglages" in tables else "")
    meters = read_meters(tables["compteurs"], tables["releves"])
    weather = _weather(tables["temperatures"]) if "temperatures" in tables else {}
    done = tables["travaux"].to_pylist() if "travaux" in tables else []
    models = [m for meter in meters if (m := _model(meter, weather)) is not None]
    years = [row for meter in meters for row in _years(meter, rules)]
    return {
        "annees": arrow_table(ANNEES, years),
        "modeles": arrow_table(MODELES, _models(models)),
        "anomalies": arrow_table(ANOMALIES, _anomalies(models, rules, now)),
        "objectifs": arrow_table(OBJECTIFS, _goals(meters, years, done, rules)),
        "economies": arrow_table(ECONOMIES, _savings(meters, done, weather, rules)),
    }


def read_meters(about: pa.Table, readings: pa.Table) -> list[Meter]:
    """Meters with their readings; a reading of a meter that is not described counts for nothing."""
    order = readings.sort_by([("compteur", "ascending")]) if len(readings) else readings
    names = np.array(order["compteur"].to_pylist(), dtype=object)
    start, end = _micros(order["debut"]), _micros(order["fin"])
    kwh = _floats(order["kwh"])
    guessed = (
        np.array([q == "estimé" for q in order["qualite"].to_pylist()], dtype=np.bool_)
        if "qualite" in order.column_names
        else np.zeros(len(kwh), dtype=np.bool_)
    )
    made: list[Meter] = []
    for row in about.to_pylist():
        lo, hi = (
            np.searchsorted(names, row["compteur"], "left"),
            np.searchsorted(names, row["compteur"], "right"),
        )
        here = slice(int(lo), int(hi))
        s, e, k, g = start[here], end[here], kwh[here], guessed[here]
        fine = e > s
        s, e, k, g = s[fine], e[fine], k[fine], g[fine]
        length = float(np.median(e - s)) if len(s) else 0.0
        use = daily(s, e, k, g, PARIS, zero_is_missing=row["energie"] == "électricité")
        short = 0 < length <= HOUR
        minutes = round(length / 60_000_000)
        same = e - s == length
        even = short and minutes and 1440 % minutes == 0
        within = day_grid(s[same], k[same], PARIS, minutes) if even else None
        made.append(Meter(row, use, within, 0 < length <= 26 * HOUR))
    return made


def holidays(days: Days) -> Calendar:
    """Public holidays of France, as days like weekends."""
    found: set[date] = set()
    for year in {int(y) + 1970 for y in days.astype("datetime64[Y]").astype(np.int64).tolist()}:
        fixed = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
        found |= {date(year, m, d) for m, d in fixed}
        found |= {date.fromordinal(easter(year).toordinal() + n) for n in (1, 39, 50)}
    return np.isin(days, np.array(sorted(found), dtype="datetime64[D]")).astype(np.int8) * np.int8(AS_WEEKEND)


def _weather(table: pa.Table) -> dict[date, float]:
    return {
        r["jour"]: float(r["temperature"])
        for r in table.to_pylist()
        if r["jour"] and r["temperature"] is not None
    }


def _period(meter: Meter, weather: Mapping[date, float]) -> Period:
    """The days of a meter. Street lights burn by the night, not by the weather: the length of the night, as a number that
    falls, takes the place of the temperature, and its slope that of heating.
    """
    use = meter.use
    if meter.about["poste"] == "eclairage":
        return Period(use.days, -night_hours(use.days), use.kwh)
    temperature = np.array([weather.get(d, np.nan) for d in use.days.tolist()], dtype=np.float64)
    return Period(use.days, temperature, use.kwh, holidays(use.days))


def _slice(p: Period, keep: slice) -> Period:
    return Period(
        p.days[keep], p.temperature[keep], p.use[keep], None if p.calendar is None else p.calendar[keep]
    )


def _model(meter: Meter, weather: Mapping[date, float]) -> Model | None:
    if not meter.by_day or not weather:
        return None
    whole = _period(meter, weather)
    known = np.flatnonzero(np.isfinite(whole.use) & np.isfinite(whole.temperature))
    if len(known) < LEAST:
        return None
    last = len(whole.days)
    end = last - WATCHED if np.count_nonzero(known < last - WATCHED) >= LEAST else last
    learnt = _slice(whole, slice(max(0, end - LEARNT), end))
    baseline = learn(
        learnt.days, learnt.temperature, learnt.use, calendar=learnt.calendar, cools=meter.energy not in HEATS
    )
    after = _slice(whole, slice(end, last))
    return Model(meter, baseline, learnt, after, whole, anomalies.watch(baseline))


def _years(meter: Meter, rules: Rules) -> list[Row]:
    made: list[Row] = []
    year = meter.use.days.astype("datetime64[Y]").astype(np.int64) + 1970
    for one in np.unique(year).tolist():
        here = (year == one) & np.isfinite(meter.use.kwh)
        if not here.any():
            continue
        kwh = float(meter.use.kwh[here].sum())
        factor = factor_of(rules.factors, meter.energy, date(one, 12, 31))
        made.append(
            {
                **{
                    k: meter.about.get(k)
                    for k in ("batiment", "compteur", "poste", "usage", "energie", "surface_m2")
                },
                "annee": one,
                "kwh": round(kwh, 1),
                "jours_connus": int(here.sum()),
                "estime_pct": round(100 * float(meter.use.estimated[here].mean()), 1),
                "co2_kg": None if factor is None else round(kwh * factor.kg, 1),
                "facteur": None if factor is None else factor.kg,
                "facteur_source": None if factor is None else factor.source,
            }
        )
    return made


def _models(models: Sequence[Model]) -> list[Row]:
    yearly = [_yearly(m) for m in models]
    area = [_number(m.meter.about.get("surface_m2")) for m in models]
    per = np.array([y / a if a else np.nan for y, a in zip(yearly, area, strict=True)], dtype=np.float64)
    apart = np.full(len(models), np.nan)
    alike: dict[tuple[object, str], list[int]] = defaultdict(list)
    for i, m in enumerate(models):
        alike[(m.meter.about.get("usage"), m.meter.energy)].append(i)
    for these in alike.values():
        apart[these] = anomalies.robust_z(per[these])
    made: list[Row] = []
    for i, m in enumerate(models):
        b = m.baseline
        after = m.after.known()
        expected = b.predict(after.days, after.temperature, after.calendar) if len(after.use) else np.zeros(0)
        off = float((expected - after.use).sum() / after.use.sum()) if after.use.sum() else None
        made.append(
            {
                "batiment": m.meter.building,
                "compteur": m.meter.id,
                "usage": m.meter.about.get("usage"),
                "energie": m.meter.energy,
                "debut": m.learnt.days[0].item(),
                "fin": m.learnt.days[-1].item(),
                "jours": b.n,
                "cv_rmse_pct": _round(100 * b.cv_rmse, 1),
                "nmbe_pct": None if off is None else _round(100 * off, 1),
                "parametres": b.parameters,
                "kwh_an": _round(yearly[i], 0),
                "chauffage_pct": _round(100 * _heating(m), 1)
                if m.meter.about["poste"] == "batiment"
                else None,
                "kwh_m2": _round(float(per[i]), 1),
                "ecart_pairs": _round(float(apart[i]), 2),
                "visible_pct": _round(100 * m.watch.visible, 1),
            }
        )
    return sorted(made, key=lambda r: -float(str(r["kwh_an"])))


def _yearly(m: Model) -> float:
    known = m.learnt.known()
    return float(m.baseline.predict(known.days, known.temperature, known.calendar).mean() * 365.25)


def _heating(m: Model) -> float:
    known = m.learnt.known()
    whole = m.baseline.predict(known.days, known.temperature, known.calendar).sum()
    mild = m.baseline.predict(
        known.days, np.maximum(known.temperature, _balance(m.baseline)), known.calendar
    ).sum()
    return float((whole - mild) / whole) if whole else 0.0


def _balance(b: Baseline) -> float:
    points = [p.model.heating_point for p in b.parts if p.model.heating > 0]
    return max(points, default=-np.inf)


def _anomalies(models: Sequence[Model], rules: Rules, now: datetime) -> list[Row]:
    made: list[Row] = []
    for m in models:
        after = m.after
        steps = anomalies.steps(
            m.baseline, after.days, after.temperature, after.use, after.calendar, how=m.watch
        )
        up = [s for s in steps if s.change > 0]
        since = int((after.days[-1] - up[-1].since).astype(int)) if up else None
        if up and any(s.change < -0.5 * up[-1].change and s.seen > up[-1].seen for s in steps):
            since, steps = None, []  # what came has gone again
        habits = None
        if m.meter.within is not None:
            days, grid = m.meter.within
            habits = anomalies.habits(days[-365:], grid[-365:], holidays(days[-365:]))
        last = _slice(m.all, slice(max(0, len(m.all.days) - 400), None))
        heats = m.meter.about["poste"] == "batiment" and (m.meter.energy in HEATS or _heating(m) > 0.3)
        heating = (
            anomalies.heating_left_on(last.days, last.temperature, last.use, last.calendar) if heats else None
        )
        if heating is not None and m.meter.energy not in HEATS:
            heating = anomalies.HeatingLeftOn(heating.weekend, heating.kwh, float("nan"))
        sleeps = str(m.meter.about.get("usage") or "") in ("logement", "hébergement", "piscine")
        if sleeps or m.meter.about["poste"] != "batiment":
            habits, heating = None, None
        for odd in works.odd_things(_yearly(m), m.baseline.rmse, habits, heating, steps, days_since=since):
            factor = factor_of(rules.factors, m.meter.energy, now.astimezone(PARIS).date())
            price = rules.prices.get(m.meter.energy)
            step = up[-1] if odd.kind == "palier" else None
            made.append(
                {
                    "batiment": m.meter.building,
                    "compteur": m.meter.id,
                    "genre": KINDS[odd.kind],
                    "depuis": step.since.item() if step else None,
                    "vu_le": step.seen.item() if step else None,
                    "valeur_pct": _round(100 * odd.value, 1),
                    "repere_pct": _round(100 * odd.usual, 1),
                    "gain_kwh": _round(odd.kwh, 0),
                    "gain_bas": _round(odd.low, 0),
                    "gain_haut": _round(odd.high, 0),
                    "gain_euros": None if price is None else _round(odd.kwh * price, 0),
                    "gain_co2": None if factor is None else _round(odd.kwh * factor.kg, 0),
                    "action": TODO[odd.kind],
                    "cout": rules.costs.get(odd.kind),
                }
            )
    return sorted(made, key=lambda r: -float(str(r["gain_kwh"])))


def _goals(meters: Sequence[Meter], years: Sequence[Row], done: Sequence[Row], rules: Rules) -> list[Row]:
    made: list[Row] = []
    whole = [y for y in years if int(str(y["jours_connus"])) >= WHOLE_YEAR]
    for goal in rules.goals:
        counted = [m for m in meters if m.about["poste"] in goal.uses]
        if goal.of_building:
            by: dict[str, list[Meter]] = defaultdict(list)
            for m in counted:
                by[m.building].append(m)
            for name, these in sorted(by.items()):
                if max((_number(m.about.get("surface_m2")) or 0 for m in these), default=0) >= goal.least_m2:
                    made += _against(goal, name, these, whole)
        else:
            made += [
                {**row, **_renovated(goal, counted, done, row)} for row in _against(goal, "", counted, whole)
            ]
    return made


def _renovated(goal: Goal, meters: Sequence[Meter], done: Sequence[Row], row: Row) -> Row:
    """m² that the law wants renovated in the year of a row and that were, among the buildings of its inventory; nothing where it asks
    for none. Before the law there is nothing to be late of.
    """
    area = {m.building: 0.0 for m in meters if m.about["poste"] == "batiment"}
    for m in meters:
        if m.building in area:
            area[m.building] = max(area[m.building], _number(m.about.get("surface_m2")) or 0.0)
    listed = {name: m2 for name, m2 in area.items() if m2 > goal.inventory_m2}
    year = int(str(row["annee"]))
    if not goal.renovated or not listed or year < goal.since.year:
        return {}
    by_building: dict[str, float] = defaultdict(float)
    for act in done:
        day, name = act["jour"], str(act["batiment"])
        if isinstance(day, date) and day.year == year and name in listed:
            by_building[name] += _number(act.get("surface_renovee_m2")) or 0.0
    total = sum(listed.values())
    return {
        "inventaire_m2": round(total, 1),
        "a_renover_m2": round(goal.renovated * total, 1),
        "renovee_m2": round(sum(min(m2, listed[name]) for name, m2 in by_building.items()), 1),
    }


def _against(goal: Goal, name: str, meters: Sequence[Meter], years: Sequence[Row]) -> list[Row]:
    """A building, or all, year by year; only years in which every meter is known whole are held to it."""
    ids = {m.id for m in meters}
    by_year: dict[int, dict[str, float]] = defaultdict(dict)
    for y in years:
        if y["compteur"] in ids:
            by_year[int(str(y["annee"]))][str(y["compteur"])] = float(str(y["kwh"]))
    full = {y: sum(of.values()) for y, of in by_year.items() if len(of) == len(ids)}
    told = [
        (int(str(m.about["reference_annee"])), _number(m.about.get("reference_kwh")))
        for m in meters
        if m.about.get("reference_annee") is not None
    ]
    if goal.reference is not None:
        reference, kwh = goal.reference, full.get(goal.reference)
    elif len(told) == len(meters) and told and all(k is not None for _, k in told):
        reference, kwh = max(y for y, _ in told), sum(k for _, k in told if k is not None)
    else:
        reference, kwh = None, None
    made: list[Row] = []
    for year, used in sorted(full.items(), reverse=True):
        base: dict[str, object] = {
            "loi": goal.name, "batiment": name or None, "annee": year, "reference_annee": reference,
            "reference_kwh": kwh, "consomme_kwh": round(used, 0), "source": goal.source,
        }  # fmt: skip
        if kwh is None or reference is None:
            made.append({**base, "etat": NO_REFERENCE})
            continue
        may, _ = allowed(goal, kwh, reference, year)
        state = HELD if used <= may else PASSED
        made.append({**base, "permis_kwh": round(may, 0), "ecart_kwh": round(used - may, 0), "etat": state})
    return made


def _savings(
    meters: Sequence[Meter], done: Sequence[Row], weather: Mapping[date, float], rules: Rules
) -> list[Row]:
    """What each action saved, over all meters of its building whose days are known on both sides."""
    made: list[Row] = []
    for act in done:
        day = act["jour"]
        if not isinstance(day, date) or not weather:
            continue
        total, expected, spread, co2, verified = 0.0, 0.0, 0.0, 0.0, 0
        for m in meters:
            if m.building != act["batiment"] or not m.by_day or not len(m.use.days):
                continue
            whole = _period(m, weather)
            at = int((np.datetime64(day) - whole.days[0]).astype(int))
            if at < LEAST or at >= len(whole.days):
                continue
            before, after = _slice(whole, slice(max(0, at - 365), at)), _slice(whole, slice(at, at + 365))
            if len(before.known().use) < LEAST or not len(after.known().use):
                continue
            baseline = learn(
                before.days,
                before.temperature,
                before.use,
                calendar=before.calendar,
                cools=m.energy not in HEATS,
            )
            got = savings(baseline, before, after)
            total, expected, verified = total + got.saved, expected + got.expected, max(verified, got.days)
            spread += ((got.high - got.low) / 2) ** 2
            factor = factor_of(rules.factors, m.energy, day)
            co2 += got.saved * factor.kg if factor else 0.0
        half = spread**0.5
        state = SEEN if total - half > 0 else MORE if verified and total + half < 0 else NOT_SEEN
        made.append(
            {
                "batiment": act["batiment"],
                "action": act["action"],
                "jour": day,
                "jours": verified,
                "cout": act.get("cout"),
                "attendu_pct": act.get("gain_attendu_pct"),
                "economie_pct": _round(100 * total / expected, 1) if expected else None,
                "economie_kwh": _round(total, 0) if verified else None,
                "bas_kwh": _round(total - half, 0) if verified else None,
                "haut_kwh": _round(total + half, 0) if verified else None,
                "co2_kg": _round(co2, 0) if verified else None,
                "etat": state,
            }
        )
    return made


def _micros(column: pa.ChunkedArray[Any]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Moments in UTC; text and stamps without an offset are the city's clock."""
    if pa.types.is_timestamp(column.type):
        at = column.cast(pa.timestamp("us", column.type.tz)).cast(pa.int64()).to_numpy()
        return at if column.type.tz else moments(at.astype("datetime64[us]"), PARIS)
    if pa.types.is_date(column.type):
        return moments(np.array(column.to_pylist(), dtype="datetime64[us]"), PARIS)
    said = [datetime.fromisoformat(v) for v in column.to_pylist() if v]
    aware = [d if d.tzinfo else d.replace(tzinfo=PARIS) for d in said]
    return np.array([round(d.timestamp() * 1_000_000) for d in aware], dtype=np.int64)


def _floats(column: pa.ChunkedArray[Any]) -> Array:
    return np.asarray(column.cast(pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64)


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _round(value: float, digits: int) -> float | None:
    return round(value, digits) if np.isfinite(value) else None
