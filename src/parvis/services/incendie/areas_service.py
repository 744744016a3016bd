"""What the page of building fires by area promises, says, and is worth."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pyarrow as pa

from parvis.core.types import POINT, Dataset, Schema
from parvis.services.answers import Asked, Block, Blocks, Map, Mark, Point, Points, Rows, Said
from parvis.services.declaration import Input, Output, Service, Tables
from parvis.services.effect import Case, Effect, Measured
from parvis.services.incendie.areas import AREAS, BY_COUNT, BY_MODEL, EXAM, TESTED, UNTESTED, work

NAMED = 3
"""Areas that the first sentence names."""
FIRST = 10
"""Areas drawn as the first ones."""
AI_ACT = "https://eur-lex.europa.eu/eli/reg/2024/1689/oj"


def answer(asked: Asked, tables: Mapping[str, pa.Table]) -> Blocks:
    """The first areas, by which method and what it was worth, then all of them on a map and in a table."""
    areas, exams = (tables[n].to_pylist() if n in tables else [] for n in ("zones", "examen"))
    if not areas or not exams:
        return (
            Said(
                asked.say("Aucun feu de bâtiment n’est publié par zone, ou les zones sont trop petites."),
                "warn",
            ),
        )
    exam = exams[0]
    years = {"first": exam["debut"], "last": exam["fin"]}
    if exam["methode"] == BY_MODEL:
        how = asked.say(
            "De %(first)s à %(last)s, les zones semblables prévoient mieux les feux de bâtiments que leur compte.",
            **years,
        )
    elif exam["etat"] == TESTED:
        how = asked.say(
            "De %(first)s à %(last)s, rien ne prévoit mieux les feux de bâtiments d’une zone que leur compte : il est montré.",
            **years,
        )
    else:
        how = asked.say(
            "De %(first)s à %(last)s, trop peu de feux pour éprouver un classement : leur compte est montré.",
            **years,
        )
    names = ", ".join(r["zone"] for r in areas[:NAMED])
    text = asked.say("Les zones où les feux de bâtiments sont le plus à attendre : %(names)s.", names=names)
    title = asked.say("Zones, de la plus exposée à la moins exposée")
    note = asked.say(
        "Moins de cinq feux ne sont pas écrits. Une zone en tête a plus de bâtiments, plus anciens, ou plus d’activité : non de moins bons voisins."
    )
    marks = tuple(
        Mark(
            "point", ((r[POINT]["lon"], r[POINT]["lat"]),), r["zone"],
            asked.say("rang %(n)s", n=r["rang"]), "bad" if r["rang"] <= FIRST else "",
        )
        for r in areas
    )  # fmt: skip
    key = {"bad": asked.say("les dix premières"), "": asked.say("les autres")}
    blocks: list[Block] = [
        Said(text, note=f"{how} {_worth(asked, exam)}".strip()),
        Rows(title, asked.titled(AREAS.columns), tuple(areas), note),
    ]
    blocks.append(Map(asked.say("Où elles sont"), marks, title, key))
    law = asked.say(
        "Des lieux sont classés, aucune personne n’est évaluée ni profilée, ce que le règlement interdit (art. 5, 1, d). Note du 1er décembre 2026."
    )
    blocks.append(
        Points(
            asked.say("Examen public de ce classement"),
            (Point(law, asked.say("Règlement (UE) 2024/1689"), AI_ACT),),
        )
    )
    shown = {**exam, "etat": asked.say(exam["etat"]), "methode": asked.say(exam["methode"])}
    blocks.append(
        Rows(asked.say("Ce que vaut ce classement"), asked.titled(EXAM.columns), (shown,), folded=True)
    )
    return tuple(blocks)


def _worth(asked: Asked, exam: Mapping[str, Any]) -> str:
    if exam["etat"] != TESTED:
        return ""
    return asked.say(
        "Sur %(part)s %% des zones, les zones semblables auraient pris %(pai)s fois plus de feux que le hasard (%(low)s à %(high)s, à 95 %%), le compte "
        "%(base)s.",
        part=asked.number(exam["part_pct"]), pai=asked.number(exam["pai"], 1), low=asked.number(exam["pai_bas"], 1),
        high=asked.number(exam["pai_haut"], 1), base=asked.number(exam["pai_compte"], 1),
    )  # fmt: skip


def _made(
    name: str, title: str, text: str, schema: Schema, one: str, many: str, label: str, brief: tuple[str, ...]
) -> Output:
    about = Dataset(
        name, title, text, "proximite", frequency="annual", themes=("GOVE",), keywords=("incendie", "prévention", "bâtiment"),
        derived_from=("feux-batiments-zone",),
    )  # fmt: skip
    return Output(about, schema, one, many, label, brief=brief)


SERVICE = Service(
    name="risque-incendie",
    title="Feux de bâtiments par zone",
    question="Dans quelles zones la prévention des feux de bâtiments servirait-elle d’abord ?",
    inputs={"feux": Input("feux-batiments-zone/feux-batiments-zone", schema="feux-batiments-zone")},
    outputs={
        "zones": _made(
            "risque-incendie-zones", "Feux de bâtiments : zones",
            "Par zone d’au moins cinquante bâtiments, les feux de bâtiments attendus par an avec leur intervalle à 95 %, et le rang de la zone.",
            AREAS, "zone", "zones", "zone", ("rang", "par_an"),
        ),
        "examen": _made(
            "risque-incendie-examen", "Feux de bâtiments : examen du classement",
            "La méthode retenue, ce qu’elle aurait valu chacune des années passées auprès du simple compte, et ce qui est écarté.",
            EXAM, "examen", "examens", "methode", ("pai", "pai_compte"),
        ),
    },
    work=work,
    method="Une loi binomiale négative dit ce qu’ont les zones de tant de bâtiments, de même âge et de même usage ; chaque zone en est rapprochée par son "
    "propre compte. Ce classement est jugé sur chaque année passée en ne connaissant que celles d’avant, et n’est montré que s’il fait mieux que le compte "
    "au-delà du hasard.",
    caveats=(
        "Des lieux, jamais des personnes : l’âge et l’usage du bâti sont les seuls traits, et aucune décision sur une personne n’en dépend.",
        "Un feu éteint sans les secours n’est pas compté.",
        "L’âge du bâti n’est pas une cause : il dit aussi des installations, une densité, des usages.",
        "Une zone qui a brûlé et fut refaite garde ses feux passés.",
        "Classé le 1er décembre 2026 (règlement européen sur l’IA) : des lieux et des nombres, aucune personne n’est évaluée ; hors de l’annexe III.",
    ),
    found_by={"fr": ("incendie", "feu", "pompier"), "en": ("fire", "firefighters")},
    answer=answer,
    words=(BY_MODEL, BY_COUNT, TESTED, UNTESTED),
)  # fmt: skip


def measure(tables: Tables) -> Measured | None:
    """How much more of the best catch areas alike would have taken than the count, with its bootstrap interval."""
    rows = [r for r in tables["examen"].to_pylist() if r["etat"] == TESTED]
    if not rows:
        return None
    (row,) = rows
    since = date(row["fin"] - row["epreuves"] + 1, 1, 1)
    low, high = min(row["ecart_bas"], row["ecart"]), max(row["ecart_haut"], row["ecart"])
    return Measured(
        round(100 * row["ecart"], 1),
        round(100 * low, 1),
        round(100 * high, 1),
        since,
        date(row["fin"], 12, 31),
        row["vus"],
    )


RANKING = Effect(
    name="risque-incendie-classement",
    of="risque-incendie",
    title="Feux de bâtiments pris par les zones semblables",
    against="le compte des feux passés",
    unit="points",
    better="higher",
    how="De l’efficacité (PEI) du classement par zones semblables est ôtée celle du compte, sur les mêmes années jugées et le dixième des zones ; bornes à "
    "95 % par tirages appariés des feux.",
    inputs={"examen": Input("risque-incendie-examen/examen")},
    measure=measure,
    cases=(
        Case(
            {"examen": [{"etat": TESTED, "ecart": 0.12, "ecart_bas": 0.04, "ecart_haut": 0.2, "fin": 2025, "epreuves": 4, "vus": 180}]},
            Measured(12.0, 4.0, 20.0, date(2022, 1, 1), date(2025, 12, 31), 180),
        ),
        Case({"examen": [{"etat": UNTESTED}]}, None),
    ),
)  # fmt: skip
