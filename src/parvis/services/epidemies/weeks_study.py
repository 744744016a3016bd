"""The study of weeks with more cases than usual."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from parvis.core.sentence import mark
from parvis.services.answers import (
    COLOUR,
    COLOUR_2,
    Ask,
    Asked,
    Block,
    Blocks,
    Chart,
    Point,
    Points,
    Rows,
    Said,
)
from parvis.services.declaration import Input
from parvis.services.epidemies import weeks
from parvis.services.epidemies.doubt import WORDS as METHODS
from parvis.services.epidemies.doubt import worth
from parvis.services.study import Study

BEFORE = (
    mark("Une semaine inhabituelle est une question, non une épidémie : appelez d’abord ceux qui comptent."),
    mark(
        "L’agence régionale de santé et Santé publique France surveillent et décident ; cette étude ne les remplace pas."
    ),
    mark("Les dernières semaines montent encore quand des cas sont déclarés en retard."),
)


_PLACES = tuple(c for c in weeks.PLACES.columns if c.name != "admises")
"""What the page shows of a place: what was asked of all stands in the question."""


def answer(asked: Asked, tables: Mapping[str, pa.Table]) -> Blocks:
    """Which places are out of the ordinary now, the weeks of the first of them, and what would make it wrong."""
    places: list[dict[str, Any]] = tables["lieux"].to_pylist()
    rows: list[dict[str, Any]] = tables["semaines"].to_pylist()
    blocks: list[Block] = [_first(asked, places, rows)]
    if rows:
        blocks.append(_chart(asked, next(p["lieu"] for p in places if p["methode"] is not None), rows))
    told = tuple(
        {
            **p,
            "dit": asked.say(p["dit"]) if p["dit"] else None,
            "methode": asked.say(METHODS[p["methode"]]) if p["methode"] else None,
        }
        for p in places
    )
    blocks.append(Rows(asked.say("Lieu par lieu"), asked.titled(_PLACES), told))
    doubt = worth(asked, places)
    blocks += [Said(doubt)] if doubt else []
    blocks.append(Points(asked.say("Avant d’en parler"), tuple(Point(asked.say(text)) for text in BEFORE)))
    return blocks


def _first(asked: Asked, places: list[dict[str, Any]], rows: list[dict[str, Any]]) -> Said:
    now = [p for p in places if p["depuis"] is not None]
    known = sum(p["methode"] is not None for p in places)
    if not rows:
        return Said(asked.say("Trop peu de semaines pour dire ce qui est habituel."), "warn")
    last = asked.day(max(r["semaine"] for r in rows))
    if not now:
        return Said(
            asked.say(
                "La semaine du %(last)s est ordinaire dans les lieux regardés : %(known)s sur %(all)s.",
                last=last, known=asked.number(known), all=asked.number(len(places)),
            ),
            "ok",
        )  # fmt: skip
    one = now[0]
    usual = asked.say("non connu") if one["habituels"] is None else asked.number(one["habituels"], 1)
    return Said(
        asked.say(
            "La semaine du %(last)s, lieux avec plus de cas que d’habitude : %(now)s, sur %(known)s en tout. "
            "%(place)s l’est depuis la semaine du %(since)s : %(cases)s cas, %(usual)s d’habitude.",
            last=last, now=asked.number(len(now)), known=asked.number(known), place=one["lieu"],
            since=asked.day(one["depuis"]), cases=asked.number(one["cas"]), usual=usual,
        ),
        "warn",
    )  # fmt: skip


def _chart(asked: Asked, place: str, rows: list[dict[str, Any]]) -> Chart:
    mine = [r for r in rows if r["lieu"] == place]
    values = [
        {
            "semaine": r["semaine"].isoformat(),
            "cas": r["cas"],
            "habituels": r["habituels"],
            "alerte": r["alerte"],
        }
        for r in mine
    ]
    rung = sum(r["alerte"] for r in mine)
    axis = {"field": "semaine", "type": "temporal", "title": asked.say("Semaine")}
    spec: dict[str, Any] = {
        "data": {"values": values},
        "layer": [
            {"mark": {"type": "bar", "color": COLOUR}, "encoding": {"x": axis, "y": {"field": "cas", "type": "quantitative", "title": asked.say("Cas")}}},
            {"mark": {"type": "line", "color": COLOUR_2}, "encoding": {"x": axis, "y": {"field": "habituels", "type": "quantitative"}}},
            {
                "mark": {"type": "point", "shape": "triangle-down", "color": COLOUR_2, "filled": True, "size": 60},
                "transform": [{"filter": "datum.alerte"}],
                "encoding": {"x": axis, "y": {"field": "cas", "type": "quantitative"}},
            },
        ],
    }  # fmt: skip
    columns = asked.titled(tuple(c for c in weeks.WEEKS.columns if c.name != "lieu"))
    return Chart(
        asked.say("%(place)s, semaine par semaine", place=place),
        asked.say(
            "Les cas de chaque semaine en barres, ce qui est habituel en ligne ; semaines inhabituelles, marquées d’un triangle : %(n)s.",
            n=asked.number(rung),
        ),
        spec,
        columns,
        tuple({k: v for k, v in r.items() if k != "lieu"} for r in mine),
    )


UNUSUAL_WEEKS = Study(
    name="semaines-inhabituelles",
    title="Semaines inhabituelles",
    question="Où y a-t-il ces semaines-ci plus de cas que d’habitude à cette saison ?",
    inputs={"cas": Input("epidemies/cas", schema="cas-par-lieu")},
    outputs={"semaines": weeks.WEEKS, "lieux": weeks.PLACES},
    method="Ce qui est habituel d’une semaine est appris des années d’avant : niveau, tendance, saison, les épidémies passées pesant moins. "
    "Chaque semaine est comparée à la même saison de deux à cinq ans d’avant (Farrington et Noufaily) ; "
    "où moins de deux ans précèdent, ou si vous le choisissez, les écarts sont cumulés (CUSUM de comptages, loi binomiale négative). "
    "L’un et l’autre visent le taux de fausses alertes demandé ; la page dit celui qui a été mesuré.",
    caveats=(
        "Un changement de laboratoire, de définition ou de façon de déclarer ressemble à une épidémie.",
        "Une semaine sans comptage n’est jamais prise pour zéro ; un lieu qui en a trop n’est pas jugé.",
        "Plus il y a de lieux, plus le hasard en fait sonner : le taux demandé vaut pour chacun.",
        "Moins de trois ans de semaines laissent la saison mal connue.",
        "Des lieux, jamais des personnes : l’étude ne lit que des nombres, et aucune décision sur une personne n’en dépend.",
        "Classé le 1er décembre 2026 (règlement européen sur l’IA) : des lieux et des nombres, aucune personne n’est évaluée ; hors de l’annexe III.",
    ),
    asks=(
        Ask("semaines", "Dernières semaines à regarder", "number", default="26", least=1, most=260),
        Ask(
            "methode", "Méthode", "choice", default="saisons",
            # Of the methods here none finds more outbreaks for as few false alarms (bench/detection.py).
            choices={"cumul": "écarts cumulés (petites hausses qui durent)", "saisons": "semaine contre la même saison (Farrington)"},
        ),
        Ask("hausse", "Hausse à voir", "number", hint="combien de fois l’habitude ; pour les écarts cumulés", default="2", least=1.1, most=20, folded=True),
        Ask("fausses", "Fausses alertes admises", "number", hint="par lieu et par an", default="0.5", least=0.01, most=12, folded=True),
    ),
    run=weeks.run,
    answer=answer,
    steps=(weeks.WATCHED,),
)  # fmt: skip
