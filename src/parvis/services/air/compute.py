"""From measures to the index, the procedures, the forecast and the map. Values in, values out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
import pyarrow as pa

from parvis.core.sentence import mark
from parvis.methods.air import exceedance, forecast, index, mapping, procedure, skill
from parvis.methods.air.days import Array, figure
from parvis.methods.air.exceedance import Basis, Extent, Level, Rule, Territory
from parvis.methods.air.forecast import Forecast, Lead, Past
from parvis.methods.air.index import Scale
from parvis.methods.air.procedure import DayState, Evidence
from parvis.services.air import city, measures, weather
from parvis.services.air.city import Own
from parvis.services.air.measures import Series
from parvis.services.air.places import zone_of
from parvis.services.air.rules import shipped
from parvis.services.air.schemas import POLLUTANTS
from parvis.services.air.weather import KnownWeather, Weather

PAST_DAYS = 14
"""Days of index and procedures that are published."""

JUDGED_DAYS = 180
"""Days on which the forecast is judged, at most."""

LEARNT_DAYS = 1100
"""Days that it learns from, at most: older air was another."""

EVERY = 60
CUT_BAD = 4
"""The class from which the index is bad."""

STATISTICS = {"pm10": "mean", "pm25": "mean", "no2": "max", "o3": "max", "so2": "max"}
LAW, CITY = "loi", "ville"
"""Whose thresholds."""

MEASURED = {"day": "jour", "hour": "heure"}
TYPES = {"mean": "moyenne", "max": "maximum"}
CELLS = 24
"""Points of the map, each way."""

Tables = Mapping[str, pa.Table]


@dataclass(frozen=True, slots=True)
class Ahead:
    """The forecast of one series and day to come. information: the level of the law, inf where it has none;
    cuts: the probability from which a crossing of each bound is announced.
    """

    series: Series
    day: date
    lead: Lead
    predicted: Forecast
    information: float
    cuts: Mapping[float, float]
    learnt: int
    weather: KnownWeather
    """The weather that it takes into account."""
    replay: skill.Replay | None
    references: Mapping[str, Array]


def work(tables: Tables, now: datetime) -> Tables:
    """The outputs of the service; none without measures. tables: `mesures` (files), `releves` (a feed) or
    both; `avis`, `meteo`, `reglages` where they are.

    Raises UsageError where `reglages` are badly written.
    """
    given = [
        measures.read(tables[name])
        for name in ("mesures", "releves")
        if name in tables and tables[name].num_rows
    ]
    if not given:
        return {}
    own = city.of(tables)
    read = measures.merged(given).series
    series_of = _chosen(read)
    opinions = tables["avis"].to_pylist() if "avis" in tables else []
    sky = weather.read(tables["meteo"]) if "meteo" in tables else None
    leads: tuple[Lead, Lead] = (0, 1)
    ahead = {
        (zone, pollutant, lead): one
        for (zone, pollutant), group in series_of.items()
        for lead in leads
        if (one := _ahead(group, lead, now, own, sky)) is not None
    }
    procedures = [
        *_procedures(series_of, ahead, opinions, now, shipped().rules, LAW),
        *_procedures(series_of, ahead, (), now, own.rules, CITY),
    ]
    return {
        "indice": pa.Table.from_pylist(_indices(series_of, ahead, now), schema=_INDICE),
        "previsions": pa.Table.from_pylist([_prevision(one) for one in ahead.values()], schema=_PREVISIONS),
        "procedures": pa.Table.from_pylist(procedures, schema=_PROCEDURES),
        "seuils": pa.Table.from_pylist(_thresholds(own, now), schema=_SEUILS),
        "carte": pa.Table.from_pylist(_map(read, now), schema=_CARTE),
    }


def _chosen(series: Sequence[Series]) -> dict[tuple[str, str], list[Series]]:
    """By zone and pollutant: the background stations, which stand for the zone; where there is none, all of
    them.
    """
    grouped: dict[tuple[str, str], list[Series]] = defaultdict(list)
    for one in series:
        if one.pollutant in STATISTICS:
            grouped[one.station.zone, one.pollutant].append(one)
    return {
        key: [s for s in group if s.station.background] or group for key, group in sorted(grouped.items())
    }


# --- the forecast -------------------------------------------------------------------------------------------


def _past(series: Series, today: date) -> Past:
    """The days up to today that a forecast learns from, `LEARNT_DAYS` at most."""
    grid = series.square(today)[-LEARNT_DAYS:]
    first = today - timedelta(days=len(grid) - 1)
    statistic = "mean" if STATISTICS[series.pollutant] == "mean" else "max"
    return Past(first, grid, statistic)


def _ahead(group: Sequence[Series], lead: Lead, now: datetime, own: Own, sky: Weather | None) -> Ahead | None:
    """The highest forecast of the stations of a zone; None where none has enough days, or the last measure is
    too old to say anything of today.
    """
    best: Ahead | None = None
    for series in group:
        zone = zone_of(series.station.zone)
        today = measures.today_of(series, now)
        if now - series.last > timedelta(hours=26):
            continue
        issued = measures.whole_hours(series, now, zone)
        hours = _past(series, today)
        known_weather = weather.known_at_issue(
            sky, hours.first, len(hours.hours) + lead, zone, lead=lead, issued=issued
        )
        past = Past(hours.first, hours.hours, hours.statistic, {}, known_weather.grids)
        bound, theirs = (
            _information(rules, series.pollutant, today) for rules in (shipped().rules, own.rules)
        )
        known_of, step, hour = _issue(past, lead, issued)
        features, figures = (
            forecast.design(known_of, lead=step, issued=hour),
            forecast.target(known_of, lead=step),
        )
        learnt = np.arange(len(figures)) < len(figures) - 1 - step
        if np.isfinite(figures[learnt]).sum() < forecast.LEAST_DAYS:
            continue
        model = forecast.fit(features[learnt], figures[learnt])
        prediction = forecast.predict(model, features[-1:])
        if lead == 0 and issued and past.statistic == "max":
            heard = past.hours[-1, :issued]
            prediction = Forecast(
                np.maximum(prediction.draws, np.nanmax(heard) if np.isfinite(heard).any() else 0.0)
            )
        known = forecast.unseen(model, features[learnt], figures[learnt])
        cuts = {b: forecast.best_cut(*known, b) for b in {bound, theirs}}
        one = Ahead(
            series,
            today + timedelta(days=lead),
            lead,
            prediction,
            bound,
            cuts,
            model.seen,
            known_weather,
            None,
            {},
        )
        if best is None or one.predicted.mean[0] > best.predicted.mean[0]:
            best = one
    return best and _judged(best, now)


def _issue(past: Past, lead: Lead, issued: int) -> tuple[Past, Lead, int]:
    """What is known, how many days ahead is forecast, and at which hour. At midnight nothing is known of
    today: all is forecast from the evening before.
    """
    if issued:
        return past, lead, issued
    return Past(past.first, past.hours[:-1], past.statistic, {}, past.ahead), 1 if lead == 0 else 2, 24


def _information(rules: Sequence[Rule], pollutant: str, day: date) -> float:
    """The bound of the level of information; inf where there is none."""
    rule = exceedance.rule_in_force(rules, pollutant, day)
    return (
        next((t.bound for t in rule.thresholds if t.level is Level.INFORMATION), np.inf)
        if rule is not None
        else np.inf
    )


def _judged(one: Ahead, now: datetime) -> Ahead:
    """The forecast with its replay: how the same method would have done on past days, each forecast from what
    came before it. Unchanged where there are too few days.
    """
    hours = _past(one.series, measures.today_of(one.series, now))
    zone = zone_of(one.series.station.zone)
    whole = Past(hours.first, hours.hours, hours.statistic, {}, one.weather.grids)
    past, step, hour = _issue(whole, one.lead, measures.whole_hours(one.series, now, zone))
    judged = min(JUDGED_DAYS, len(past.hours) - forecast.LEAST_DAYS - 30)
    if judged < 20:
        return one
    try:
        replay = skill.replay(
            past, since=len(past.hours) - judged, bound=one.information, lead=step, issued=hour, every=EVERY
        )
    except ValueError:  # too many gaps before the first of those days
        return one
    return Ahead(
        one.series,
        one.day,
        one.lead,
        one.predicted,
        one.information,
        one.cuts,
        one.learnt,
        one.weather,
        replay,
        skill.references(past, lead=step),
    )


def _prevision(one: Ahead) -> dict[str, object]:
    """The row of `previsions`, with the skill on the days that were replayed, where there are any."""
    low, high = skill.interval(one.predicted, one.replay.tail if one.replay is not None else 1 - skill.LEVEL)
    row: dict[str, object] = {
        "polluant": one.series.pollutant,
        "code_zone": one.series.station.zone,
        "station": one.series.station.name,
        "jour": one.day,
        "echeance": one.lead,
        "statistique": TYPES[STATISTICS[one.series.pollutant]],
        "valeur": round(float(one.predicted.mean[0]), 1),
        "bas": round(low, 1),
        "haut": round(high, 1),
        "meteo_du": one.weather.emitted,
        "proba_information": round(float(one.predicted.above(one.information)[0]), 3),
        "annonce": announced(one, one.information),
        "jours_appris": one.learnt,
        "jours_juges": 0,
        "erreur": None,
        "gain": None,
        "reference": None,
        "couverture": None,
    }
    replay = one.replay
    if replay is None or not len(replay.day):
        return row
    scored: dict[str, skill.Score] = {}
    for name, values in one.references.items():
        same = np.isfinite(values[replay.day])
        if same.sum() >= 0.8 * len(replay.day):
            scored[name] = skill.score(
                values[replay.day][same],
                replay.figures[same],
                values[replay.day][same] > one.information,
                one.information,
            )
    ours = skill.score(replay.mean, replay.figures, replay.announced, one.information)
    row |= {
        "jours_juges": ours.days,
        "erreur": round(ours.rmse, 1),
        "couverture": round(skill.covered(replay.low, replay.high, replay.figures), 3),
    }
    if scored:
        best = min(scored, key=lambda n: scored[n].rmse)
        row |= {
            "gain": round(1 - ours.rmse / scored[best].rmse, 3) if scored[best].rmse else None,
            "reference": best,
        }
    return row


def announced(one: Ahead, bound: float) -> bool:
    """Whether a crossing of the information level, one of `cuts`, is announced."""
    return bound < np.inf and float(one.predicted.above(bound)[0]) >= one.cuts[bound]


# --- the index ----------------------------------------------------------------------------------------------


def _figure(series: Series, day: date) -> float | None:
    """A day's figure at a station, None when it is not known."""
    statistic = "mean" if STATISTICS[series.pollutant] == "mean" else "max"
    hours = series.hours(day)
    value = float(figure(hours, statistic, expected=len(hours)))
    return value if np.isfinite(value) else None


def zone_figure(group: Sequence[Series], day: date) -> float | None:
    """That of a zone: the highest of its stations."""
    return max((f for s in group if (f := _figure(s, day)) is not None), default=None)


def _indices(
    series_of: Mapping[tuple[str, str], Sequence[Series]],
    ahead: Mapping[tuple[str, str, int], Ahead],
    now: datetime,
) -> list[dict[str, object]]:
    """The rows of `indice`: by zone, the days measured, then today and tomorrow forecast."""
    rows: list[dict[str, object]] = []
    for zone in sorted({z for z, _ in series_of}):
        groups = {p: g for (z, p), g in series_of.items() if z == zone}
        station = next(iter(groups.values()))[0].station
        today = now.astimezone(zone_of(zone)).date()
        for shift in range(-PAST_DAYS, 2):
            day = today + timedelta(days=shift)
            try:
                scale = index.in_force(shipped().scales, "atmo", day)
            except ValueError:
                continue  # before the first table
            forecasts = {
                p: one for p in groups if shift >= 0 and (one := ahead.get((zone, p, shift))) is not None
            }
            figures = (
                {p: zone_figure(g, day) for p, g in groups.items()}
                if shift < 0
                else {p: float(one.predicted.quantile(0.5)[0]) for p, one in forecasts.items()}
            )
            rows.append(
                _index_row(
                    zone,
                    station.zone_name,
                    day,
                    "mesuré" if shift < 0 else "prévu",
                    figures,
                    scale,
                    forecasts,
                    now,
                )
            )
    return [r for r in rows if r["code_qual"]]


def _index_row(
    zone: str,
    name: str,
    day: date,
    nature: str,
    figures: Mapping[str, float | None],
    scale: Scale,
    forecasts: Mapping[str, Ahead],
    now: datetime,
) -> dict[str, object]:
    """One row of `indice`. forecasts: by pollutant, those behind the figures of a day to come, for the chance
    that the index is bad; none for a measured day.
    """
    air_index = index.index(figures, scale)
    step = scale.step(air_index.code) if air_index.code else None
    clean = 1.0
    for pollutant, one in forecasts.items():
        clean *= 1 - float(one.predicted.above(scale.bounds[pollutant][CUT_BAD - 2])[0])
    return {
        "date_ech": day,
        "code_zone": zone,
        "lib_zone": name,
        "nature": nature,
        "code_qual": air_index.code,
        "lib_qual": step.name if step else mark("Absent"),
        "coul_qual": step.colour if step else "#DDDDDD",
        **{f"code_{p}": air_index.parts[p] for p in POLLUTANTS},
        "polluants": ", ".join(air_index.worst),
        "complet": air_index.whole,
        "proba_mauvais": round(1 - clean, 3) if forecasts else None,
        "bareme": scale.source,
        "date_dif": now,
    }


# --- the procedures -----------------------------------------------------------------------------------------


def _procedures(
    series_of: Mapping[tuple[str, str], Sequence[Series]],
    ahead: Mapping[tuple[str, str, int], Ahead],
    opinions: Sequence[Mapping[str, object]],
    now: datetime,
    rules: Sequence[Rule],
    whose: str,
) -> list[dict[str, object]]:
    """The rows of `procedures` by the rules of the law, or by those of the city, whose `opinions` are none:
    only the law asks how far a crossing reaches.
    """
    rows: list[dict[str, object]] = []
    for (zone, pollutant), group in series_of.items():
        today = now.astimezone(zone_of(zone)).date()
        rule = exceedance.rule_in_force(rules, pollutant, today)
        if rule is None:
            continue
        opinion_of = {
            o["jour"]: o
            for o in opinions
            if o["polluant"] == pollutant and o["code_zone"] in (zone, None, "")
        }
        known = {
            d: _evidence(
                group, d, today, rule, ahead.get((zone, pollutant, (d - today).days)), opinion_of.get(d)
            )
            for d in _days(today)
        }
        evidence = {d: e for d, e in known.items() if e is not None}
        holds = {d: bool(o["meteo_maintient"]) for d, o in opinion_of.items() if isinstance(d, date)}
        states = states_of_days(
            today, evidence, rule, holds, _foretold(ahead.get((zone, pollutant, 1)), rule, now)
        )
        last = max(s.last for s in group)
        for day in _days(today):
            one, state = evidence.get(day), states[day]
            rows.append(
                {
                    "cadre": whose,
                    "polluant": pollutant,
                    "code_zone": zone,
                    "lib_zone": group[0].station.zone_name,
                    "jour": day,
                    "niveau": int(one.level) if one else None,
                    "connu": {"measured": "mesuré", "forecast": "prévu"}[one.basis] if one else None,
                    "valeur": round(one.value, 1) if one and one.value is not None else None,
                    "echelon": state.grade,
                    "critere": (one.criterion or "") if one else "",
                    "maintien": holds.get(day, False),
                    "etat": state.state,
                    "motif": state.why,
                    "regle": rule.source,
                    "regle_du": rule.since,
                    "donnees_du": last,
                }
            )
    return rows


def _thresholds(own: Own, now: datetime) -> list[dict[str, object]]:
    """The rows of `seuils`: the thresholds in force today, the law's and the city's."""
    today = now.astimezone(zone_of("")).date()
    rows: list[dict[str, object]] = []
    for pollutant in POLLUTANTS:
        for whose, rules in ((LAW, shipped().rules), (CITY, own.rules)):
            rule = exceedance.rule_in_force(rules, pollutant, today)
            if rule is None:
                continue
            for one in rule.thresholds:
                done = [a for a in own.actions if a.level is one.level and a.holds(pollutant, today)]
                rows.append(
                    {
                        "polluant": pollutant,
                        "niveau": int(one.level),
                        "cadre": whose,
                        "seuil": one.bound,
                        "mesure": MEASURED[one.measure],
                        "heures": one.hours,
                        "echelon": one.grade,
                        "depuis": rule.since,
                        "jusque": rule.until,
                        "texte": rule.source,
                        "actions": "\n".join(a.text for a in done),
                        "actions_en": "\n".join(a.english for a in done),
                    }
                )
    return rows


def _days(today: date) -> list[date]:
    return [today + timedelta(days=n) for n in range(-PAST_DAYS, 2)]


def states_of_days(
    today: date,
    evidence: Mapping[date, Evidence],
    rule: Rule,
    holds: Mapping[date, bool],
    foretold: frozenset[date],
) -> dict[date, DayState]:
    """Each day after the day before it, as it was decided that day: what came after it was not known, only
    what was foretold of it.

    foretold: days of which it was announced on the day before that they would pass the level of information.
    """
    states: dict[date, DayState] = {}
    before: procedure.State = "none"
    for day in _days(today):
        known = dict(evidence)
        if day < today:
            known = {d: e for d, e in evidence.items() if d <= day}
            after = day + timedelta(days=1)
            if after in foretold:
                known[after] = Evidence(Level.INFORMATION, "forecast")
        decision = procedure.decide(day, known, rule)
        state, why = procedure.follow(before, decision, weather_holds=holds.get(day, False))
        states[day] = DayState(day, state, why, decision.basis, decision.grade)
        before = state
    return states


def _foretold(one: Ahead | None, rule: Rule, now: datetime) -> frozenset[date]:
    """Days that the forecast of the day before announced over the information level of the rule: none where
    it was not tried on past days at that level.
    """
    if (
        one is None
        or one.replay is None
        or one.information not in {t.bound for t in rule.thresholds if t.level is Level.INFORMATION}
    ):
        return frozenset()
    today = measures.today_of(one.series, now)
    past, step, _ = _issue(
        _past(one.series, today),
        one.lead,
        measures.whole_hours(one.series, now, zone_of(one.series.station.zone)),
    )
    return frozenset(
        past.first + timedelta(days=int(place) + step) for place in one.replay.day[one.replay.announced]
    )


def _evidence(
    group: Sequence[Series],
    day: date,
    today: date,
    rule: Rule,
    ahead: Ahead | None,
    opinion: Mapping[str, object] | None,
) -> Evidence | None:
    """What is known of a day in a zone: measured where it is over or already passes a level, else forecast;
    None when nothing is.
    """
    measured = max(
        (m for s in group if (m := _measured(s, day, rule, whole=day < today)) is not None),
        key=lambda m: (m[0], m[1], m[2]),
        default=None,
    )
    information = next((t.bound for t in rule.thresholds if t.level is Level.INFORMATION), np.inf)
    forecast_level = Level.INFORMATION if ahead is not None and announced(ahead, information) else Level.NONE
    alert = next((t.bound for t in rule.thresholds if t.level is Level.ALERT and t.hours == 1), None)
    if (
        ahead is not None
        and forecast_level
        and alert is not None
        and float(ahead.predicted.quantile(0.5)[0]) > alert
    ):
        forecast_level = Level.ALERT
    if measured is not None and (day < today or measured[0] >= max(forecast_level, Level.INFORMATION)):
        level, grade, value, basis = measured[0], measured[1], measured[2], "measured"
    elif ahead is not None:
        level, grade, value, basis = forecast_level, 0, float(ahead.predicted.mean[0]), "forecast"
    else:
        return None
    criterion = (
        exceedance.counts(_extent(opinion), Territory(_whole(opinion, "habitants_departement")))
        if level
        else None
    )
    if level and criterion is None:
        level, grade = Level.NONE, 0  # passed, but over too little and too few: it does not count
    return Evidence(level, _basis(basis), value, criterion, grade)


def _basis(text: str) -> Basis:
    return "measured" if text == "measured" else "forecast"


def _measured(series: Series, day: date, rule: Rule, *, whole: bool) -> tuple[Level, int, float] | None:
    """Level, step and figure of a day at a station. whole: the day is over. Of a day that is not, hours count
    as they come, a mean when its hours are in.
    """
    hours, evening = series.hours(day), series.hours(day - timedelta(days=1))
    mean = figure(hours, "mean", expected=len(hours)).item()
    reached = exceedance.reached(mean if np.isfinite(mean) else None, hours, rule, evening=evening)
    if reached is None or (rule.statistic == "mean" and not np.isfinite(mean)):
        return None
    heard = hours[np.isfinite(hours)]
    if rule.statistic == "max" and whole and reached[0] is Level.NONE and len(heard) < 0.75 * len(hours):
        return None  # too few hours to say that nothing was passed
    return reached[0], reached[1], float(mean) if rule.statistic == "mean" else float(heard.max())


def _extent(opinion: Mapping[str, object] | None) -> Extent:
    """How far a crossing reaches. Without anybody's word for it, one at a background station is taken for a
    local situation: better one too many.
    """
    if opinion is None:
        return Extent(local=True)
    area = opinion["surface_km2"]
    return Extent(
        float(str(area)) if area is not None else None, _people(opinion), bool(opinion["situation_locale"])
    )


def _people(opinion: Mapping[str, object]) -> int | None:
    """Inhabitants that a crossing concerns, None where the opinion gives no number."""
    value = opinion["habitants"]
    return int(str(value)) if value is not None else None


def _whole(opinion: Mapping[str, object] | None, name: str) -> int:
    """A whole number of an opinion; a million where there is none."""
    value = opinion[name] if opinion is not None else None
    return int(str(value)) if value is not None else 1_000_000


# --- the map ------------------------------------------------------------------------------------------------


def _map(series: Sequence[Series], now: datetime) -> list[dict[str, object]]:
    """The last whole day between the background stations, for each pollutant that enough of them measure."""
    rows: list[dict[str, object]] = []
    for pollutant in POLLUTANTS:
        placed = [
            s
            for s in series
            if s.pollutant == pollutant
            and s.station.background
            and s.station.lon is not None
            and s.station.lat is not None
        ]
        if len(placed) < mapping.LEAST_STATIONS:
            continue
        lon, lat = (
            np.array([getattr(s.station, axis) for s in placed], dtype=np.float64) for axis in ("lon", "lat")
        )
        day = measures.today_of(placed[0], now) - timedelta(days=1)
        past = np.array([[_nan(_figure(s, day - timedelta(days=n))) for s in placed] for n in range(31)])
        if (
            np.isfinite(past[0]).sum() < mapping.LEAST_STATIONS
            or not (np.isfinite(past[1:]).sum(axis=1) >= mapping.LEAST_STATIONS).any()
        ):
            continue
        about = (float(lon.mean()), float(lat.mean()))
        x, y = mapping.plane(lon, lat, about=about)
        at_lon, at_lat = (g.ravel() for g in np.meshgrid(_line(lon), _line(lat)))
        at_x, at_y = mapping.plane(at_lon, at_lat, about=about)
        estimate = mapping.krige(x, y, past[0], at_x, at_y, mapping.learn(x, y, past[1:]))
        for n in range(len(at_lon)):
            width = (estimate.high[n] - estimate.low[n]) / max(estimate.middle[n], 1.0)
            rows.append(
                {
                    "polluant": pollutant,
                    "jour": day,
                    "valeur": round(float(estimate.middle[n]), 1),
                    "bas": round(float(estimate.low[n]), 1),
                    "haut": round(float(estimate.high[n]), 1),
                    "doute": round(float(min(1.0, width / 2)), 3),
                    "stations": int(np.isfinite(past[0]).sum()),
                    "_point": {"lon": round(float(at_lon[n]), 5), "lat": round(float(at_lat[n]), 5)},
                }
            )
    return rows


def _line(values: Array) -> Array:
    """`CELLS` coordinates across the stations, with a margin."""
    margin = max(float(np.ptp(values)) * 0.15, 0.005)
    return np.linspace(values.min() - margin, values.max() + margin, CELLS)


def _nan(value: float | None) -> float:
    return float("nan") if value is None else value


_TEXT, _INT, _NUM, _DAY, _AT, _BOOL = (
    pa.string(),
    pa.int64(),
    pa.float64(),
    pa.date32(),
    pa.timestamp("us", "UTC"),
    pa.bool_(),
)
_INDICE = pa.schema([
    ("date_ech", _DAY), ("code_zone", _TEXT), ("lib_zone", _TEXT), ("nature", _TEXT), ("code_qual", _INT), ("lib_qual", _TEXT), ("coul_qual", _TEXT),
    *((f"code_{p}", _INT) for p in POLLUTANTS), ("polluants", _TEXT), ("complet", _BOOL), ("proba_mauvais", _NUM), ("bareme", _TEXT), ("date_dif", _AT),
])  # fmt: skip
_PREVISIONS = pa.schema([
    ("polluant", _TEXT), ("code_zone", _TEXT), ("station", _TEXT), ("jour", _DAY), ("echeance", _INT), ("statistique", _TEXT), ("valeur", _NUM), ("bas", _NUM),
    ("haut", _NUM), ("proba_information", _NUM), ("annonce", _BOOL), ("jours_appris", _INT), ("jours_juges", _INT), ("erreur", _NUM), ("gain", _NUM),
    ("reference", _TEXT), ("couverture", _NUM), ("meteo_du", _AT),
])  # fmt: skip
_PROCEDURES = pa.schema([
    ("cadre", _TEXT), ("polluant", _TEXT), ("code_zone", _TEXT), ("lib_zone", _TEXT), ("jour", _DAY), ("niveau", _INT), ("connu", _TEXT), ("valeur", _NUM),
    ("echelon", _INT),
    ("critere", _TEXT), ("maintien", _BOOL), ("etat", _TEXT), ("motif", _TEXT), ("regle", _TEXT), ("regle_du", _DAY), ("donnees_du", _AT),
])  # fmt: skip
_SEUILS = pa.schema([
    ("polluant", _TEXT), ("niveau", _INT), ("cadre", _TEXT), ("seuil", _NUM), ("mesure", _TEXT), ("heures", _INT), ("echelon", _INT), ("depuis", _DAY),
    ("jusque", _DAY), ("texte", _TEXT), ("actions", _TEXT), ("actions_en", _TEXT),
])  # fmt: skip
_CARTE = pa.schema([
    ("polluant", _TEXT), ("jour", _DAY), ("valeur", _NUM), ("bas", _NUM), ("haut", _NUM), ("doute", _NUM), ("stations", _INT),
    ("_point", pa.struct([("lon", _NUM), ("lat", _NUM)])),
])  # fmt: skip
