"""The night's work: learn from the past weeks how stations fill and empty, say what yesterday's forecasts
were worth, and what can hardly be right.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from parvis.core.types import POINT, Dataset, Schema
from parvis.methods.bikes import HORIZONS_S, Model, band_level, fit, forecast, judged, persisted, situate
from parvis.methods.bikes.calendar import DAY_S, KINDS, SLOTS
from parvis.methods.bikes.data_quality import limit, silent, stuck, waits
from parvis.methods.bikes.demand import Tally, tally
from parvis.methods.bikes.history import Floats
from parvis.methods.bikes.model import ROWS, learned
from parvis.methods.bikes.scores import band
from parvis.services.declaration import Input, Output, Service, Tables
from parvis.services.velos.learning import KIND_NAMES, Past, correction_rows, demand_rows, ended, past
from parvis.services.velos.schemas import (
    CORRECTION,
    DEMANDE,
    DOUTES,
    FIABILITE,
    HISTORIQUE,
    MOUVEMENTS,
    SCORES,
)

DAYS = 28
"""Days that a night learns from: enough for four of each weekday, few enough to follow a season."""

LEAST_DAYS = 3
"""With fewer there is nothing to learn on, and nothing to score with."""

WINDOWS_DAYS = (1, 3, 7)
"""Times over which bikes that never leave are looked for: short ones find what broke yesterday, long ones
what few riders pass by.
"""

SEED = 1


def work(tables: Tables, now: datetime) -> Tables:
    """Rates, weights, habits, scores and doubts. All are empty while fewer than three days are known."""
    known = past(
        [
            *(tables[n] for n in ("archives",) if n in tables),
            *(ended(tables[n]) for n in ("mouvements",) if n in tables),
        ]
    )
    before = tables["notes"].to_pylist() if "notes" in tables else []
    return (
        {name: told(output.schema, []) for name, output in SERVICE.outputs.items()}
        if known is None
        else night(known, before)
    )


def night(known: Past, before: Sequence[Mapping[str, Any]]) -> Tables:
    """The same, of what is known. before: the rows of older scores."""
    days = _days(known)
    if len(days) < LEAST_DAYS:
        return {name: told(output.schema, []) for name, output in SERVICE.outputs.items()}
    since, yesterday = days[-DAYS:][0] * DAY_S, days[-2] * DAY_S
    since_s, split_s, end_s = (_posix(known, v) for v in (since, yesterday, yesterday + DAY_S))
    demand: list[pa.Table] = []
    weights: list[pa.Table] = []
    scores: list[Mapping[str, object]] = []
    habits: dict[str, Tally] = {}
    rates: dict[str, Model] = {}
    rows = int(np.clip(8 * len(known.stations) * len(days[-DAYS:]), 2_500, ROWS))
    for quantity, held in known.histories.items():
        enough = len(days[-DAYS:]) > LEAST_DAYS
        model = fit(
            held,
            known.calendar,
            since_s,
            split_s if enough else known.until_s,
            seed=SEED,
            rows=rows,
            level=False,
        )
        if enough:
            scores += _scored(known, quantity, model, days[-2], split_s, end_s)
        seen = tally(held, known.calendar, since_s, known.until_s)
        fresh = learned(held, known.calendar, seen, since_s, known.until_s)
        rates[quantity] = replace(
            model, hourly=fresh.hourly, usual=fresh.usual, top=fresh.top, pace=fresh.pace
        )
        habits[quantity] = seen.by_kind(known.calendar, np.ones(len(seen.days), np.bool_))
        demand.append(demand_rows(known, quantity, rates[quantity]))
        weights.append(correction_rows(quantity, rates[quantity]))
    fresh_days = {s["jour"] for s in scores}
    return {
        "demande": pa.concat_tables(demand),
        "correction": pa.concat_tables(weights),
        "fiabilite": _reliability(known, habits),
        "scores": told(SCORES, [*(r for r in before if r["jour"] not in fresh_days), *scores]),
        "doutes": told(DOUTES, list(_doubts(known, rates))),
    }


def told(schema: Schema, rows: Sequence[Mapping[str, object]]) -> pa.Table:
    """Rows as a table in the columns of a schema."""
    kinds = {
        "text": pa.string(),
        "integer": pa.int64(),
        "number": pa.float64(),
        "date": pa.date32(),
        "datetime": pa.timestamp("us", "UTC"),
        "boolean": pa.bool_(),
    }
    columns: dict[str, Any] = {
        c.name: pa.array([r[c.name] for r in rows], kinds[c.type]) for c in schema.columns
    }
    if schema.geometry == "point":
        columns[POINT] = pa.array(
            [r[POINT] for r in rows], pa.struct([("lon", pa.float64()), ("lat", pa.float64())])
        )
    return pa.table(columns)


def _days(known: Past) -> list[int]:
    """Local days on which anything was heard, growing."""
    heard = [np.unique(known.calendar.day(h.at_s)) for h in known.histories.values()]
    return [int(v) for v in np.unique(np.concatenate(heard))]


def _posix(known: Past, local_s: int) -> int:
    """POSIX second at which the clock on the wall first shows that many seconds since 1970."""
    offsets = known.calendar.offsets_s
    return min(
        (
            local_s - int(o)
            for o in offsets
            if int(known.calendar.local(np.array([local_s - int(o)]))[0]) >= local_s
        ),
        default=local_s - int(offsets[0]),
    )


def _scored(
    known: Past, quantity: str, model: Model, day: int, since_s: int, until_s: int
) -> Iterator[Mapping[str, object]]:
    """What forecasts made all day long, an hour apart, with a model that had not seen that day, were worth at
    each horizon.
    """
    held = known.histories[quantity]
    stations = len(known.stations)
    ticks = np.arange(since_s + 900, until_s, 3600)
    station, at = np.repeat(np.arange(stations), len(ticks)), np.tile(ticks, stations)
    now, _ = situate(held, station, at, np.zeros(len(at)))
    now = now.only(
        (now.age_s <= DAY_S) & held.heard(now.at_s) & (now.at_s + max(HORIZONS_S) <= known.until_s)
    )
    if not len(now.station):
        return
    lots = np.random.default_rng(SEED).random(len(now.station))
    for horizon, law in zip(HORIZONS_S, forecast(model, known.calendar, now, HORIZONS_S), strict=True):
        later = held.as_of(now.station, now.at_s + horizon)
        kept = held.open[later] & held.heard(now.at_s + horizon)
        if not kept.any():
            continue
        happened = held.count[later][kept]
        size, full_size = now.size[kept], np.minimum(now.size[kept], law.shape[1] - 1)
        rows = np.arange(len(happened))
        mine = judged(law[kept], happened, law[kept][rows, full_size], happened >= size, lots[kept])
        low, high, _ = band(law[kept], band_level(model, horizon))
        within = float(((low <= happened) & (happened <= high)).mean())
        same = persisted(now.count[kept], happened, now.count[kept] >= size, happened >= size)
        yield {
            "jour": date(1970, 1, 1) + timedelta(days=day),
            "quantite": quantity,
            "horizon_min": horizon // 60,
            "previsions": mine.rows,
            "brier_vide": round(mine.none, 5),
            "brier_vide_inchange": round(same.none, 5),
            "crps": round(mine.crps, 4),
            "crps_inchange": round(same.crps, 4),
            "eqm": round(mine.rmse, 4),
            "eqm_inchange": round(same.rmse, 4),
            "couverture": round(within, 4),
            "ecart_pit": round(mine.pit, 4),
        }


def _reliability(known: Past, habits: Mapping[str, Tally]) -> pa.Table:
    """How often one finds what one came for, hour by hour. An hour never seen has no share."""
    stations, hours = len(known.stations), SLOTS // 2

    def by_hour(values: Floats) -> Floats:
        return np.swapaxes(values.reshape(KINDS, stations, hours, 2).sum(-1), 0, 1).reshape(-1)

    columns: dict[str, Any] = {}
    for name, quantity in (
        ("avec_velo", "velos"),
        ("avec_electrique", "electriques"),
        ("avec_mecanique", "mecaniques"),
        ("avec_place", "places"),
    ):
        seen = habits.get(quantity)
        if seen is None:
            columns[name] = pa.nulls(stations * KINDS * hours, pa.float64())
            continue
        heard = by_hour(seen.seen_h)
        share = 1 - by_hour(seen.none_h) / np.maximum(heard, 1e-9)
        columns[name] = pa.array(np.round(share, 4), pa.float64(), mask=heard < 0.5)
    heard = by_hour(habits["velos"].seen_h) if "velos" in habits else np.zeros(stations * KINDS * hours)
    points = [None if np.isnan(p).any() else {"lon": float(p[0]), "lat": float(p[1])} for p in known.points]
    per_station = KINDS * hours
    return pa.table(
        {
            "station_id": pa.array(
                np.repeat(np.array(known.stations, dtype=object), per_station), pa.string()
            ),
            "jour": pa.array(
                np.tile(np.repeat(np.array(KIND_NAMES, dtype=object), hours), stations), pa.string()
            ),
            "minute": pa.array(np.tile(np.arange(hours) * 60, stations * KINDS), pa.int64()),
            **columns,
            "heures": pa.array(np.round(heard, 2)),
            POINT: pa.array(
                [p for p in points for _ in range(per_station)],
                pa.struct([("lon", pa.float64()), ("lat", pa.float64())]),
            ),
        }
    )


def _doubts(known: Past, rates: Mapping[str, Model]) -> Iterator[Mapping[str, object]]:
    """Stations where nothing moves, bikes that never leave, docks that never serve: see
    `methods.bikes.doubt`.
    """

    def row(station: int, doubt: str, count: int, since_s: int, promised: float) -> Mapping[str, object]:
        lon, lat = known.points[station]
        return {
            "station_id": known.stations[station],
            "doute": doubt,
            "nombre": count,
            "depuis": datetime.fromtimestamp(since_s, UTC),
            "attendus": round(promised, 1),
            POINT: None if np.isnan(lon) else {"lon": float(lon), "lat": float(lat)},
        }

    frozen: set[int] = set()
    for quantity, doubt in (("velos", "vélos"), ("places", "places")):
        if quantity not in rates:
            continue
        spells = waits(known.histories[quantity], rates[quantity].hourly, known.calendar, known.until_s)
        most = limit(spells)
        if quantity == "velos":
            for n in silent(spells, most):
                frozen.add(int(spells.station[n]))
                yield row(
                    int(spells.station[n]),
                    "figée",
                    int(spells.count[n]),
                    int(spells.since_s[n]),
                    float(spells.promised[n]),
                )
        found = [
            stuck(spells, len(known.stations), known.until_s - days * DAY_S, most) for days in WINDOWS_DAYS
        ]
        worst = np.max(found, axis=0)
        for station in np.flatnonzero(worst):
            if int(station) not in frozen:
                shortest = next(
                    d for d, f in zip(WINDOWS_DAYS, found, strict=True) if f[station] == worst[station]
                )
                yield row(int(station), doubt, int(worst[station]), known.until_s - shortest * DAY_S, most)


def _output(
    identifier: str, title: str, description: str, schema: Schema, one: str, many: str, *keywords: str
) -> Output:
    about = Dataset(
        id=identifier,
        title=title,
        description=description,
        publisher="mobilites",
        themes=("TRAN",),
        keywords=("vélo", "libre-service", *keywords),
        frequency="daily",
        derived_from=("mouvements-velos",),
    )
    return Output(
        about,
        schema,
        one=one,
        many=many,
        label="station_id" if any(c.name == "station_id" for c in schema.columns) else "quantite",
    )


SERVICE = Service(
    name="velos-modele",
    title="Ce que la nuit apprend des vélos",
    question="Comment les stations se remplissent-elles et se vident-elles ?",
    inputs={
        "mouvements": Input("mouvements-velos/mouvements", schema=MOUVEMENTS.name, days=DAYS, optional=True),
        "archives": Input("historique-velos/historique-velos", schema=HISTORIQUE, optional=True),
        "notes": Input("scores-previsions-velos/scores", optional=True),
    },
    outputs={
        "demande": _output(
            "modele-velos",
            "Modèle de prévision des vélos",
            "Combien de vélos et de places arrivent et partent à chaque station, demi-heure par demi-heure, "
            "jours ouvrés et jours chômés, appris chaque nuit.",
            DEMANDE,
            "tranche",
            "tranches",
            "modèle",
        ),
        "correction": _output(
            "modele-velos-correction",
            "Correction des prévisions de vélos",
            "Les poids qui accordent les prévisions avec ce qui s’est passé les jours que le "
            "modèle n’avait pas vus.",
            CORRECTION,
            "poids",
            "poids",
            "modèle",
        ),
        "fiabilite": _output(
            "fiabilite-stations-velos",
            "Fiabilité des stations de vélos",
            "Part du temps où l’on trouve à chaque station un vélo ou une place, heure par heure, les jours ouvrés, de fin de semaine et fériés à part.",
            FIABILITE,
            "heure",
            "heures",
            "fiabilité",
        ),
        "scores": _output(
            "scores-previsions-velos",
            "Ce que valaient les prévisions de vélos",
            "Chaque jour, les prévisions de la veille comparées à ce qui s’est passé, et à "
            "ce que vaudrait de dire que rien ne change.",
            SCORES,
            "score",
            "scores",
            "qualité",
        ),
        "doutes": _output(
            "doutes-stations-velos",
            "Stations et vélos douteux",
            "Stations où rien ne bouge, vélos qui ne partent jamais, places qui ne servent jamais, alors que "
            "la demande promettait le contraire.",
            DOUTES,
            "doute",
            "doutes",
            "panne",
        ),
    },
    method="Une file d’attente par station, aux taux appris sans compter le temps où elle était vide ou pleine, donne la loi du nombre de vélos ; une "
    "correction apprise sur des jours non vus l’accorde avec ce qui s’est passé. Chaque nuit tout est réappris sur quatre semaines, et la veille est notée.",
    caveats=(
        "La météo, les grèves et les fêtes ne sont pas connues du modèle.",
        "Un camion qui vide ou remplit une station n’est pas prévu.",
    ),
    work=work,
    every="night",
    page=False,
)
