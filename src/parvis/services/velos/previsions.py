"""At each poll: what each station may hold in five minutes to two hours, from what it holds now and what the
night has learned.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa

from parvis.core.types import POINT, Dataset
from parvis.methods.bikes import HORIZONS_S, Calendar, Model, Situation, band_level, calendar, forecast
from parvis.methods.bikes.history import Floats, Ints
from parvis.methods.bikes.scores import band, mean
from parvis.methods.hours.calendars import french_public
from parvis.services.declaration import Input, Output, Service, Tables
from parvis.services.velos import arrays
from parvis.services.velos.learning import QUANTITIES, models, zone_of
from parvis.services.velos.modele import told
from parvis.services.velos.schemas import CORRECTION, DEMANDE, PREVISIONS, RELEVES

CHANCES = {"velos": "velo", "mecaniques": "mecanique", "electriques": "electrique", "places": "place"}
"""Count to the column with the chance of one at least."""

NEVER_SURE = (0.0001, 0.9999)
"""A chance is told between these: nothing that riders do is certain."""


def work(tables: Tables, now: datetime) -> Tables:
    """The laws of every open station that the model knows, at each horizon after the moment of the feed."""
    ids, made = models(tables["demande"], tables["correction"])
    rank = {station: number for number, station in enumerate(ids)}
    said = tables["releves"]
    open_ = (
        arrays.flags(said, "installee", empty=False)
        & arrays.flags(said, "prend", empty=False)
        & arrays.flags(said, "rend", empty=False)
    )
    said = arrays.where(
        said, open_ & np.array([s in rank for s in arrays.texts(said, "station_id")], np.bool_)
    )
    if not said.num_rows or not made:
        return {"previsions": told(PREVISIONS, [])}
    station = np.array([rank[s] for s in arrays.texts(said, "station_id")], np.int64)
    at = arrays.seconds(said, "flux_du")
    counts = {q: arrays.counts(said, q) for q in QUANTITIES}
    seen = _seen(counts)
    changed = _changed(tables.get("avant"), said, seen, at)
    moment = int(at.max())
    free = [day for year in (now.year - 1, now.year, now.year + 1) for day in french_public(year)]
    clock = calendar(zone_of(arrays.points(said)), moment - 86_400, moment + 86_400, free)
    size = np.where((counts["velos"] >= 0) & (counts["places"] >= 0), counts["velos"] + counts["places"], -1)
    laws = {q: _laws(model, clock, station, at, counts[q], size, at - changed) for q, model in made.items()}
    near = [band_level(made["velos"], horizon) if "velos" in made else 1.0 for horizon in HORIZONS_S]
    parts = [
        _rows(said, n, horizon, laws, counts, seen, changed, near[n]) for n, horizon in enumerate(HORIZONS_S)
    ]
    return {"previsions": pa.concat_tables(parts)}


def _laws(
    model: Model, clock: Calendar, station: Ints, at: Ints, count: Ints, size: Ints, age: Ints
) -> list[Floats]:
    """A law a horizon; a station whose count the feed does not tell is forecast from nothing, and struck out
    later.
    """
    held = np.maximum(count, 0)
    now = Situation(
        station,
        at,
        held,
        np.where(size >= 0, np.maximum(size, held), np.maximum(model.top[station], held)),
        np.maximum(age, 0),
        np.zeros(len(at)),
    )
    return forecast(model, clock, now, HORIZONS_S)


def _seen(counts: Mapping[str, Ints]) -> Sequence[str]:
    """The four counts as one text, to tell whether a station has moved since the last poll."""
    return [" ".join(str(int(counts[q][row])) for q in QUANTITIES) for row in range(len(counts["velos"]))]


def _changed(before: pa.Table | None, said: pa.Table, seen: Sequence[str], at: Ints) -> Ints:
    """Since when each station has said the same: what the last forecast knew, if it says the same still; else
    its own last report.
    """
    reported = arrays.seconds(said, "releve_le")
    fresh = np.where(reported >= 0, np.minimum(reported, at), at)
    if before is None or not before.num_rows:
        return fresh
    known = dict(
        zip(
            zip(arrays.texts(before, "station_id"), arrays.texts(before, "vus"), strict=True),
            arrays.seconds(before, "change_le").tolist(),
            strict=True,
        )
    )
    since = [known.get(key, -1) for key in zip(arrays.texts(said, "station_id"), seen, strict=True)]
    return np.where(np.array(since) >= 0, np.minimum(since, fresh), fresh)


def _rows(
    said: pa.Table,
    number: int,
    horizon: int,
    laws: Mapping[str, list[Floats]],
    counts: Mapping[str, Ints],
    seen: Sequence[str],
    changed: Ints,
    level: float,
) -> pa.Table:
    """The rows of one horizon. level: of its bands."""
    rows = said.num_rows
    columns: dict[str, Any] = {}
    for quantity, name in CHANCES.items():
        known = counts[quantity] >= 0
        chance = 1 - laws[quantity][number][:, 0] if quantity in laws else np.zeros(rows)
        columns[name] = pa.array(
            np.clip(np.round(chance, 4), *NEVER_SURE),
            pa.float64(),
            mask=~known if quantity in laws else np.ones(rows, np.bool_),
        )
    law = laws["velos"][number] if "velos" in laws else np.ones((rows, 1))
    low, high, mass = band(law, level)
    return pa.table(
        {
            "station_id": said["station_id"],
            "nom": said["nom"],
            "horizon_min": pa.array([horizon // 60] * rows, pa.int64()),
            **columns,
            "velos": pa.array(np.round(mean(law), 2)),
            "velos_bas": pa.array(low, pa.int64()),
            "velos_haut": pa.array(high, pa.int64()),
            "masse": pa.array(np.round(mass, 4)),
            "change_le": pa.array(changed * 1_000_000, pa.int64()).cast(pa.timestamp("us", "UTC")),
            "vus": pa.array(seen, pa.string()),
            "flux_du": said["flux_du"],
            POINT: said[POINT],
        }
    )


SERVICE = Service(
    name="velos-previsions",
    title="Prévisions aux stations de vélos",
    question="Y aura-t-il un vélo, ou une place ?",
    inputs={
        "releves": Input("velos-libre-service/releves", schema=RELEVES.name),
        "demande": Input("modele-velos/demande", schema=DEMANDE.name),
        "correction": Input("modele-velos-correction/correction", schema=CORRECTION.name),
        "avant": Input("previsions-velos/previsions", optional=True),
    },
    outputs={
        "previsions": Output(
            Dataset(
                id="previsions-velos",
                title="Prévisions aux stations de vélos",
                description="Pour chaque station ouverte, de cinq minutes à deux heures à l’avance : chances de trouver un vélo, mécanique ou électrique, et "
                "une place ; nombre attendu et intervalle.",
                publisher="mobilites",
                themes=("TRAN",),
                keywords=("vélo", "libre-service", "prévision"),
                frequency="continuous",
                derived_from=("velos-libre-service", "modele-velos", "modele-velos-correction"),
            ),
            PREVISIONS,
            one="prévision",
            many="prévisions",
            label="nom",
            brief=("velo", "electrique", "place"),
        )
    },
    method="La loi du nombre de vélos part du dernier relevé et suit la file d’attente de la station jusqu’à l’heure demandée, puis la correction de la nuit. "
    "Vélos, mécaniques, électriques et places ont chacun leur loi.",
    caveats=(
        "La météo, les grèves et les fêtes ne sont pas connues du modèle.",
        "Un camion qui vide ou remplit une station n’est pas prévu.",
    ),
    work=work,
    live=True,
    page=False,
)
