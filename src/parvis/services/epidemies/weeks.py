"""Weeks with more cases than usual, place by place, and how fast an illness passes on: what the study runs."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from parvis.core.arrow import arrow_table
from parvis.core.errors import HeldBack
from parvis.core.sentence import Sentence, mark
from parvis.core.types import Column, Schema
from parvis.methods.outbreaks.unusual_weeks import Method, judge, watchable
from parvis.services.declaration import Tables
from parvis.services.epidemies.schemas import ADMITTED, LEARNT, METHOD
from parvis.services.epidemies.series import Weekly, weekly
from parvis.services.study import Parameters, Progress, Result, Stop, amount

WATCHED = mark("Semaines regardées, lieu après lieu")

WEEKS = Schema(
    "parvis/semaines-inhabituelles", "1",
    (
        Column("lieu", title="Lieu"),
        Column("semaine", "date", title="Semaine du"),
        Column("cas", "integer", title="Cas"),
        Column("habituels", "number", title="Habituels"),
        Column("seuil", "number", title="Seuil"),
        Column("alerte", "boolean", title="Inhabituelle"),
    ),
)  # fmt: skip
PLACES = Schema(
    "parvis/lieux-surveilles", "1",
    (
        Column("lieu", title="Lieu"),
        Column("depuis", "date", title="Inhabituel depuis la semaine du"),
        Column("cas", "integer", title="Cas de la dernière semaine"),
        Column("habituels", "number", title="Habituels"),
        Column("alertes", "integer", title="Alertes dans la période"),
        Column("manquantes", "integer", title="Semaines sans comptage"),
        METHOD,
        LEARNT,
        ADMITTED,
        Column("dit", title="Ce qui ne peut être dit"),
    ),
)  # fmt: skip
TOO_SHORT = mark("moins d’un an de semaines avant la période")
HOLES = mark("trop de semaines sans comptage")
FEW = mark("moins de cinq cas en quatre semaines : rien ne sonne")
METHODS: Mapping[Method, str] = {"season": "saisons", "sums": "cumul"}
"""How tables write the method that judged."""
MOST_MISSING = 0.1
"""Share of the weeks of a place that may be missing; each is then taken for the mean of its neighbours in time."""


def run(tables: Tables, parameters: Parameters, seed: int, progress: Progress, stop: Stop) -> Result:
    """Watch the last weeks of every place. Raises HeldBack where no place has a year before them."""
    told = weekly(tables["cas"])
    watched = min(int(amount(parameters, "semaines")), len(told.weeks))
    if watchable(len(told.weeks), watched) < watched:
        raise HeldBack(
            Sentence(
                "Moins d’un an de semaines avant celles à regarder : ce qui est habituel n’est pas connu."
            ),
            mend=Sentence("Publiez des semaines plus anciennes, ou regardez-en moins."),
        )
    weeks, places = list[dict[str, object]](), list[dict[str, object]]()
    for k, place in enumerate(told.places):
        if stop():
            break
        made = _place(told, k, watched, parameters, seed)
        weeks += made[0]
        places.append(made[1] | {"lieu": place})
        progress((k + 1) / len(told.places), WATCHED)
    places.sort(key=lambda r: (r["depuis"] is None, str(r["depuis"]), str(r["lieu"])))
    return Result({"semaines": arrow_table(WEEKS, weeks), "lieux": arrow_table(PLACES, places)})


def _place(
    told: Weekly, place: int, watched: int, parameters: Parameters, seed: int
) -> tuple[list[dict[str, object]], dict[str, object]]:
    raw = told.counts[place]
    first = int(np.argmax(~np.isnan(raw)))
    missing = int(np.isnan(raw[first:]).sum())
    said: dict[str, object] = {
        "depuis": None,
        "cas": None,
        "habituels": None,
        "alertes": 0,
        "manquantes": missing,
        "methode": None,
        "apprises": None,
        "admises": None,
        "dit": None,
    }
    said["cas"] = None if math.isnan(raw[-1]) else int(raw[-1])
    if watchable(len(raw) - first, watched) < watched:
        return [], said | {"dit": TOO_SHORT}
    if missing > MOST_MISSING * (len(raw) - first):
        return [], said | {"dit": HOLES}
    counts = filled(raw[first:])
    result = judge(
        counts,
        watched,
        dates=told.weeks[first:],
        method=next(code for code, word in METHODS.items() if word == parameters["methode"]),
        rise=amount(parameters, "hausse"),
        alarms_a_year=amount(parameters, "fausses"),
        seed=seed,
    )
    if result is None:
        return [], said | {"dit": TOO_SHORT}
    usual, bounds, alarms = result.usual, result.bounds, result.alarms
    said |= {
        "methode": METHODS[result.method],
        "apprises": result.learnt,
        "admises": amount(parameters, "fausses"),
    }
    if not math.isfinite(bounds[-1]):
        said["dit"] = FEW
    seen = ~np.isnan(raw[-watched:])
    alarms = alarms & seen  # what nobody counted is no alarm
    rows: list[dict[str, object]] = [
        {
            "lieu": told.places[place],
            "semaine": told.weeks[len(told.weeks) - watched + t],
            "cas": int(raw[len(raw) - watched + t]) if seen[t] else None,
            "habituels": round(float(usual[t]), 2) if math.isfinite(usual[t]) else None,
            "seuil": round(float(bounds[t]), 2) if math.isfinite(bounds[t]) else None,
            "alerte": bool(alarms[t]),
        }
        for t in range(watched)
    ]
    begun = alarms & ~np.concatenate([[False], alarms[:-1]])
    since = None
    if alarms[-1]:
        since = told.weeks[len(told.weeks) - watched + int(np.flatnonzero(begun)[-1])]
    return rows, said | {"depuis": since, "habituels": rows[-1]["habituels"], "alertes": int(begun.sum())}


def filled(counts: np.ndarray) -> np.ndarray:
    """Missing weeks as the mean of those around them. counts: (weeks,), nan where missing, some known."""
    known = np.flatnonzero(~np.isnan(counts))
    return np.round(np.interp(np.arange(len(counts)), known, counts[known]))
