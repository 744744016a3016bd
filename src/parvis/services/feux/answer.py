"""The page of a study of signal plans."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from parvis.core.sentence import mark
from parvis.core.types import Column, Json
from parvis.services.answers import (
    COLOUR,
    Asked,
    Block,
    Blocks,
    Chart,
    Figure,
    Figures,
    Point,
    Points,
    Rows,
    Said,
    Take,
)
from parvis.services.feux import schemas, sheets

RULES: Mapping[str, str] = {
    "conflict": mark("groupes antagonistes verts ensemble"),
    "intergreen": mark("intervert trop court"),
    "min_green": mark("vert trop court"),
    "max_red": mark("rouge trop long"),
    "never_green": mark("jamais vert"),
}


def answer(request: Asked, tables: Mapping[str, pa.Table]) -> Blocks:
    """The gain first, then the plans, the movements, what is wrong today, and the files."""
    periods: list[dict[str, Any]] = tables["periodes"].to_pylist()
    plans: list[dict[str, Any]] = tables["plans"].to_pylist()
    broken: list[dict[str, Any]] = tables["regles"].to_pylist()
    blocks: list[Block] = [_first(request, periods)]
    if broken:
        blocks.append(
            Said(
                request.count(
                    "Les plans d’aujourd’hui enfreignent %(n)s règle de sécurité publiée : voyez plus bas.",
                    "Les plans d’aujourd’hui enfreignent %(n)s règles de sécurité publiées : voyez plus bas.",
                    len(broken),
                ),
                "bad",
            )
        )
    blocks.append(Figures(tuple(_figures(request, periods))))
    blocks.append(
        Rows(request.say("Un plan par période"), request.titled(schemas.PERIODS.columns), tuple(periods))
    )
    blocks += _tried(request, tables)
    if periods:
        blocks.append(_diagram(request, max(periods, key=lambda p: p["retard_propose"] or 0.0), plans))
    blocks.append(
        Rows(
            request.say("Mouvement par mouvement"),
            request.titled(schemas.MOVEMENTS.columns),
            tuple(tables["mouvements"].to_pylist()),
            request.say(
                "Charge : part de la capacité du vert qui est prise. Niveau de service de A à F, d’après le retard (HCM)."
            ),
        )
    )
    if broken:
        rows = tuple({**r, "regle": request.say(RULES[r["regle"]])} for r in broken)
        blocks.append(
            Rows(
                request.say("Règles que les plans d’aujourd’hui enfreignent"),
                request.titled(schemas.BROKEN_RULES.columns),
                rows,
            )
        )
    blocks.append(
        Points(
            request.say("Avant de les mettre en service"),
            tuple(
                Point(request.say(text))
                for text in (
                    mark("Un ingénieur vérifie la matrice des interverts et approuve chaque plan."),
                    mark("Comptez à nouveau deux semaines après : des conducteurs changent de chemin."),
                    mark("Les plans ne sont pas coordonnés avec les carrefours voisins."),
                )
            ),
        )
    )
    blocks += [Take(request.say(file.title), file.name) for file in sheets.FILES]
    return blocks


def _first(request: Asked, periods: list[dict[str, Any]]) -> Said:
    """The gain in the period where a vehicle loses most today; without plans of today, how many are proposed."""
    if not periods:
        return Said(request.say("Aucun plan n’a été calculé."), "warn")
    gains = [p for p in periods if p["gain"] is not None]
    if not gains:
        return Said(
            request.count(
                "%(n)s plan proposé. Sans plan d’aujourd’hui publié, rien n’est comparé.",
                "%(n)s plans proposés. Sans plan d’aujourd’hui publié, rien n’est comparé.",
                len(periods),
            )
        )
    best = max(gains, key=lambda p: p["retard_aujourdhui"])
    worse = best["gain"] < 0
    text = (
        mark(
            "De %(de)s à %(a)s, un véhicule perdrait %(now)s s au lieu de %(before)s : %(gain)s %% de plus. Gardez le plan d’aujourd’hui."
        )
        if worse
        else mark(
            "De %(de)s à %(a)s, un véhicule perdrait %(now)s s au lieu de %(before)s : %(gain)s %% de moins."
        )
    )
    return Said(
        request.say(
            text, de=best["de"], a=best["a"], now=request.number(best["retard_propose"], 0), before=request.number(best["retard_aujourdhui"], 0),
            gain=request.number(abs(best["gain"]), 0),
        ),
        "warn" if worse else "ok",
    )  # fmt: skip


def _tried(request: Asked, tables: Mapping[str, pa.Table]) -> list[Block]:
    """The delays of the plans in simulation, or that none was run."""
    rows: list[dict[str, Any]] = tables["epreuves"].to_pylist() if "epreuves" in tables else []
    if not rows:
        return [
            Said(
                request.say(
                    "Ces plans sont calculés ; aucune simulation ne les a éprouvés (SUMO n’est pas installé ici, ou ne fut pas demandé)."
                ),
                "warn",
            )
        ]
    blocks: list[Block] = []
    counted = [r for r in rows if r["trafic"] == 100 and r["gain"] is not None]
    if counted:
        worst = max(counted, key=lambda r: r["retard_aujourdhui"])
        sure = worst["gain_bas"] > 0
        text = (
            mark(
                "En simulation, période %(period)s : un véhicule perd %(now)s s au lieu de %(before)s avec le plan d’aujourd’hui, "
                "%(gain)s %% de moins (de %(low)s à %(high)s)."
            )
            if sure
            else mark(
                "En simulation, période %(period)s : un véhicule perd %(now)s s, et %(before)s avec le plan d’aujourd’hui ; "
                "aucun gain n’est sûr (%(gain)s %%, de %(low)s à %(high)s)."
            )
        )
        columns = {
            "now": "retard_propose",
            "before": "retard_aujourdhui",
            "gain": "gain",
            "low": "gain_bas",
            "high": "gain_haut",
        }
        numbers = {name: request.number(worst[column], 0) for name, column in columns.items()}
        blocks.append(Said(request.say(text, period=worst["periode"], **numbers), "ok" if sure else "warn"))
    blocks.append(
        Rows(
            request.say("Éprouvé en simulation"),
            request.titled(schemas.TRIALS.columns),
            tuple(rows),
            request.say(
                "Retards simulés par SUMO, aux mêmes véhicules sous chaque plan ; gain sur le plan d’aujourd’hui, intervalle à 95 %. "
                "Ils ne sont pas ceux du calcul, qui n’a ni freinage ni démarrage."
            ),
        )
    )
    return blocks


def _figures(request: Asked, periods: list[dict[str, Any]]) -> list[Figure]:
    """Plans a day, the least reserve of capacity, the longest mean wait of pedestrians."""
    if not periods:
        return []
    reserves = [p["reserve"] for p in periods if p["reserve"] is not None]
    feet = [p["attente_pietons"] for p in periods if p["attente_pietons"] is not None]
    return [
        Figure(request.number(len(periods)), request.say("plans dans la journée")),
        *(
            [
                Figure(
                    f"{request.number(min(reserves), 0)} %", request.say("réserve de capacité au plus serré")
                )
            ]
            if reserves
            else []
        ),
        *(
            [
                Figure(
                    f"{request.number(max(feet), 0)} s",
                    request.say("attente moyenne des piétons au plus long"),
                )
            ]
            if feet
            else []
        ),
    ]


def _diagram(request: Asked, period: Mapping[str, Any], plans: list[dict[str, Any]]) -> Chart:
    """The signal diagram of the busiest period."""
    mine = [r for r in plans if r["plan"] == period["periode"]]
    cycle = int(period["cycle"])
    bars: list[dict[str, Json]] = []
    for r in mine:
        first = min(r["duree"], cycle - r["debut"])
        bars.append({"groupe": r["groupe"], "debut": r["debut"], "fin": r["debut"] + first})
        if first < r["duree"]:
            bars.append({"groupe": r["groupe"], "debut": 0, "fin": r["duree"] - first})
    group, start, end = request.say("Groupe"), request.say("Début du vert"), request.say("Fin du vert")
    spec: dict[str, Json] = {
        "data": {"values": list(bars)},
        "mark": {"type": "bar", "color": COLOUR},
        "encoding": {
            "y": {"field": "groupe", "type": "nominal", "title": group},
            "x": {
                "field": "debut",
                "type": "quantitative",
                "title": request.say("seconde du cycle"),
                "scale": {"domain": [0, cycle]},
            },
            "x2": {"field": "fin"},
        },
    }
    text = request.say(
        "Quand chaque groupe est vert dans le cycle de %(cycle)s s, période : %(de)s – %(a)s.",
        cycle=cycle,
        de=period["de"],
        a=period["a"],
    )
    columns = (
        Column("groupe", title=group),
        Column("debut", "integer", title=start, unit="s"),
        Column("fin", "integer", title=end, unit="s"),
    )
    return Chart(request.say("Diagramme de feux"), text, spec, columns, tuple(bars))
