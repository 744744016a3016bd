"""What the service of sorting promises."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from parvis.core.sentence import mark
from parvis.core.types import Column, Dataset
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
from parvis.services.declaration import Input, Output, Service, State
from parvis.services.tri.compute import EFFETS, QUARTIERS, work


def answer(asked: Asked, tables: Mapping[str, pa.Table]) -> Blocks:
    """The district asked for, then all of them, where a campaign would gain most, and what measures did."""
    rows = tables["quartiers"].to_pylist() if "quartiers" in tables else []
    if not rows or "taux_pct" not in rows[0]:
        return (
            Said(asked.say("Aucun mois entier n’est encore publié : rien ne peut être calculé."), "warn"),
        )
    best = max(rows, key=lambda r: r["gain_t_an"])
    wanted = asked.text("quartier").strip().lower()
    mine = next((r for r in rows if wanted and r["quartier"].lower() == wanted), None)
    made: list[Block] = []
    if mine is not None:
        values = {
            "name": mine["quartier"],
            "rate": asked.number(mine["taux_pct"]),
            "low": asked.number(mine["taux_bas_pct"]),
            "high": asked.number(mine["taux_haut_pct"]),
            "refused": asked.number(mine["refus_pct"]),
            "refused_low": asked.number(mine["refus_bas_pct"]),
            "refused_high": asked.number(mine["refus_haut_pct"]),
        }
        made.append(
            Said(
                asked.say(
                    "%(name)s trie %(rate)s %% de ses déchets, dont le centre refuse %(refused)s %%.",
                    **values,
                ),
                "",
                asked.say(
                    "Tri : de %(low)s à %(high)s %% ; refus : de %(refused_low)s à %(refused_high)s %%.",
                    **values,
                ),
            )
        )
    elif wanted:
        made.append(
            Said(
                asked.say(
                    "Aucun quartier ne s’appelle « %(name)s » dans les tonnages publiés.",
                    name=asked.text("quartier"),
                ),
                "warn",
            )
        )
    campaign = {
        "name": best["quartier"],
        "tonnes": asked.number(best["gain_t_an"], 0),
        "low": asked.number(best["gain_bas_t_an"], 0),
        "high": asked.number(best["gain_haut_t_an"], 0),
    }
    made.append(
        Said(
            asked.say(
                "Le quartier où une campagne gagnerait le plus : %(name)s, environ %(tonnes)s t par an.",
                **campaign,
            ),
            "",
            asked.say(
                "De %(low)s à %(high)s t par an ; dites votre quartier pour savoir comment il trie.",
                **campaign,
            ),
        )
    )
    made += [_chart(asked, rows), _gains(asked, rows), *_effects(asked, tables)]
    return tuple(made)


def _chart(asked: Asked, rows: list[dict[str, Any]]) -> Chart:
    ordered = sorted(rows, key=lambda r: -r["taux_pct"])
    values = [
        {"q": r["quartier"], "t": r["taux_pct"], "b": r["taux_bas_pct"], "h": r["taux_haut_pct"]}
        for r in ordered
    ]
    axis = {"field": "q", "type": "nominal", "sort": [r["quartier"] for r in ordered], "title": None}
    spec = {
        "data": {"values": values},
        "layer": [
            {
                "mark": {"type": "rule", "color": COLOUR_2},
                "encoding": {
                    "y": axis,
                    "x": {"field": "b", "type": "quantitative", "title": asked.say("Taux de tri, en %")},
                    "x2": {"field": "h"},
                },
            },
            {
                "mark": {"type": "point", "filled": True, "size": 60, "color": COLOUR},
                "encoding": {"y": axis, "x": {"field": "t", "type": "quantitative"}},
            },
        ],
    }
    columns = (
        Column("quartier", title=asked.say("Quartier")),
        Column("taux_pct", "number", title=asked.say("Taux de tri"), unit="%"),
        Column("taux_bas_pct", "number", title=asked.say("Au moins"), unit="%"),
        Column("taux_haut_pct", "number", title=asked.say("Au plus"), unit="%"),
        Column("taux_net_pct", "number", title=asked.say("Taux net"), unit="%"),
        Column("refus_pct", "number", title=asked.say("Refus"), unit="%"),
    )
    shown = tuple({c.name: r[c.name] for c in columns} for r in ordered)
    text = asked.say(
        "De %(low)s à %(high)s %% selon le quartier.",
        low=asked.number(ordered[-1]["taux_pct"]),
        high=asked.number(ordered[0]["taux_pct"]),
    )
    return Chart(asked.say("Taux de tri par quartier"), text, spec, columns, shown)  # pyright: ignore[reportArgumentType]


def _gains(asked: Asked, rows: list[dict[str, Any]]) -> Rows:
    columns = (
        Column("quartier", title=asked.say("Quartier")),
        Column("habitants", "integer", title=asked.say("Habitants")),
        Column("captage_pct", "number", title=asked.say("Captage"), unit="%"),
        Column("gain_t_an", "number", title=asked.say("Gain d’une campagne"), unit="t/an"),
        Column("gain_bas_t_an", "number", title=asked.say("Gain au moins"), unit="t/an"),
        Column("gain_haut_t_an", "number", title=asked.say("Gain au plus"), unit="t/an"),
    )
    shown = tuple(
        {c.name: r[c.name] for c in columns}
        for r in sorted(rows, key=lambda r: (-r["gain_t_an"], r["quartier"]))
    )
    note = asked.say("Si le quartier faisait la moitié du chemin vers le meilleur quart des quartiers.")
    return Rows(asked.say("Où une campagne gagnerait le plus"), columns, shown, note)


def _effects(asked: Asked, tables: Mapping[str, pa.Table]) -> list[Block]:
    rows = tables["effets"].to_pylist() if "effets" in tables else []
    if not rows or "verdict" not in rows[0]:
        return []
    points = tuple(
        Point(
            asked.say(
                "%(measure)s (%(where)s, depuis %(start)s) : %(effect)s pt (de %(low)s à %(high)s) de plus que dans les autres quartiers ; %(verdict)s.",
                measure=r["mesure"],
                where=r["quartiers"],
                start=asked.day(r["debut"]),
                effect=asked.number(r["effet_points"]),
                low=asked.number(r["bas_points"]),
                high=asked.number(r["haut_points"]),
                verdict=asked.say(r["verdict"]),
            )
        )
        for r in rows
    )
    return [Points(asked.say("Ce que les mesures ont changé"), points)]


SERVICE = Service(
    name="tri",
    title="Tri et recyclage",
    question="Mon quartier trie-t-il bien, et où faut-il agir ?",
    inputs={
        "tonnages": Input("tri-quartiers/tri-quartiers", schema="tonnages-dechets"),
        "mesures": Input("mesures-dechets/mesures-dechets", schema="mesures-dechets", optional=True),
    },
    outputs={
        "quartiers": Output(
            Dataset(
                id="tri-par-quartier",
                title="Taux de tri et de refus par quartier",
                description="Pour chaque quartier : taux de tri, taux net, part refusée, captage, avec leurs intervalles, et ce qu’une campagne y gagnerait.",
                publisher="proprete",
                themes=("ENVI",),
                keywords=("tri", "recyclage", "refus", "quartier"),
                frequency="monthly",
                derived_from=("tri-quartiers",),
            ),
            QUARTIERS,
            one="quartier",
            many="quartiers",
            label="quartier",
            brief=("taux_pct", "refus_pct"),
        ),
        "effets": Output(
            Dataset(
                id="effets-mesures-dechets",
                title="Effet des mesures pour le tri",
                description="Pour chaque mesure : de combien le taux de tri a changé de plus que dans les autres quartiers, et si le hasard suffit à "
                "l’expliquer.",
                publisher="proprete",
                themes=("ENVI",),
                keywords=("tri", "mesure", "évaluation"),
                frequency="monthly",
                derived_from=("tri-quartiers", "mesures-dechets"),
            ),
            EFFETS,
            one="mesure",
            many="mesures",
            label="mesure",
            state="verdict",
            states=(
                State("mieux", "le taux de tri a plus augmenté qu’ailleurs", "ok"),
                State(mark("moins bien"), "il a moins augmenté qu’ailleurs, ou baissé", "bad"),
                State(mark("pas de différence établie"), "le hasard suffit à l’expliquer", ""),
            ),
            brief=("effet_points", "p"),
        ),
    },
    method="Les taux sont ceux des rapports nationaux, refus non déduits puis déduits, sur tous les mois entiers ; leurs intervalles viennent de mois tirés "
    "au sort "
    "par blocs de trois. L’effet d’une mesure est la différence des différences avec les quartiers qui n’en ont pas eu, jugée par permutation des quartiers.",
    caveats=(
        "Un quartier sans pesée d’ordures ménagères plus de la moitié des mois n’est pas compté.",
        "Une pesée attribuée au mauvais quartier change les deux taux.",
        "La part triable des ordures ménagères est celle de la France entière (40 %, MODECOM 2017), non celle du quartier.",
        "Un quartier de bureaux ou de touristes jette ce que ses habitants ne jettent pas.",
        "Une mesure prise là où l’on triait déjà mieux semble plus utile qu’elle n’est.",
        "Avec peu de quartiers, le hasard ne peut être écarté qu’à moitié : l’intervalle compte plus que le verdict.",
    ),
    work=work,
    asks=(Ask("quartier", "Mon quartier", "text", "Son nom, comme dans la table."),),
    about="home",
    found_by={
        "fr": ("recyclage", "déchets", "compost", "poubelle jaune", "tri sélectif", "refus"),
        "en": ("recycling", "sorting", "waste"),
    },
    answer=answer,
    words=("mieux",),
)
