"""Incidents for those who answer for a town's quiet and safety: what is shared with them, and the part of it for everybody."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from parvis.core.types import Dataset, Schema
from parvis.services.answers import Asked, Block, Blocks, Map, Mark, Rows, Said
from parvis.services.declaration import Input, Output, Service
from parvis.services.incidents import guard, schemas
from parvis.services.incidents.analysis import METHODS, work
from parvis.services.incidents.rules import read, shipped

GROUP = "tranquillite"
KEYWORDS = ("incidents", "sécurité", "tranquillité publique")


def _made(
    name: str,
    title: str,
    text: str,
    schema: Schema,
    one: str,
    many: str,
    label: str,
    brief: tuple[str, ...],
    access: str = "public",
) -> Output:
    about = Dataset(
        name, title, text, "proximite", frequency="monthly", themes=("JUST",), keywords=KEYWORDS,
        access="public" if access == "public" else "restricted",
    )  # fmt: skip
    return Output(about, schema, one, many, label, brief=brief)


def answer(asked: Asked, tables: Mapping[str, pa.Table]) -> Blocks:
    """Where the kept method looks first today; or why the table that was shared is refused."""
    if "incidents" in tables:
        got = guard.accepted(tables["incidents"], shipped(), asked.now)
        if isinstance(got, guard.Rejected):
            return _refused(asked, got)
    rows = tables["veille"].to_pylist() if "veille" in tables else []
    if not rows:
        return (
            Said(asked.say("Aucune maille n’a eu cinq incidents depuis un an : il n’y a rien à montrer.")),
        )
    title = asked.say("Les mailles à regarder d’abord")
    said = asked.count(
        "%(n)s maille a eu au moins cinq incidents depuis un an.",
        "%(n)s mailles ont eu au moins cinq incidents depuis un an ; elles sont rangées par la méthode qui a le mieux prévu les années passées.",
        len(rows),
    )
    marks = tuple(
        Mark("point", ((r["_point"]["lon"], r["_point"]["lat"]),), r["maille"], asked.number(r["incidents"]), "warn")
        for r in rows
    )  # fmt: skip
    key = {"warn": asked.say("au moins cinq incidents depuis un an")}
    return (
        Said(said),
        Rows(
            title, asked.columns_of(schemas.WATCH, "rang", "maille", "incidents", "methode", "jusqua"),
            tuple({**r, "methode": asked.say(r["methode"])} for r in rows),
        ),
        Map(asked.say("Où elles sont"), marks, title, key),
    )  # fmt: skip


def _refused(asked: Asked, got: guard.Rejected) -> Blocks:
    blocks: list[Block] = [
        Said(asked.say("La table partagée est refusée en entier : rien n’est compté tant qu’elle tient autre chose que des lieux."), "bad")
    ]  # fmt: skip
    if got.columns:
        blocks.append(
            Said(
                asked.say("Colonnes en trop ou manquantes : %(names)s.", names=", ".join(got.columns)), "bad"
            )
        )
    if got.natures:
        blocks.append(
            Said(
                asked.say(
                    "Lignes dont la nature n’est pas connue : %(n)s. Ajoutez-la à reglages/points-chauds.toml si c’en est une.",
                    n=asked.number(got.natures),
                ),
                "bad",
            )
        )
    if got.values:
        blocks.append(
            Said(
                asked.say(
                    "Lignes dont une date, une position, un nombre ou l’origine ne peut pas en être : %(n)s.",
                    n=asked.number(got.values),
                ),
                "bad",
            )
        )
    return tuple(blocks)


SERVICE = Service(
    name="points-chauds",
    title="Points chauds, pour qui veille à la tranquillité",
    question="Où et quand les incidents se concentrent-ils, et que vaut cette carte ?",
    inputs={
        "incidents": Input("incidents/incidents", schema="incidents-dates"),
        "mois_avant": Input("incidents-mois/mois", optional=True),
        "mailles_avant": Input("incidents-mailles/mailles", optional=True),
        "examens_avant": Input("incidents-examens/examens", optional=True),
    },
    outputs={
        "veille": _made(
            "points-chauds", "Mailles à regarder d’abord", "Pour le groupe : les mailles d’au moins cinq incidents depuis un an, dans l’ordre de la "
            "méthode retenue.",
            schemas.WATCH, "maille", "mailles", "maille", ("incidents",), "restricted",
        ),
        "mois": _made(
            "incidents-mois", "Incidents par mois et par nature",
            "Les incidents de la ville, mois par mois et nature par nature. Un nombre sous cinq n’est pas écrit ; un mois est montré une fois, clos "
            "depuis un mois, et n’est plus corrigé.",
            schemas.MONTHS, "mois d’une nature", "mois de natures", "nature", ("mois", "incidents"),
        ),
        "mailles": _made(
            "incidents-mailles", "Incidents par maille et par année",
            "Les mailles d’au moins deux cents mètres de côté qui ont eu au moins cinq incidents dans l’année, toutes natures ensemble. Une année est "
            "montrée une fois et n’est plus corrigée.",
            schemas.CELLS, "maille", "mailles", "maille", ("annee", "incidents"),
        ),
        "tendances": _made(
            "incidents-tendances", "Tendances des incidents",
            "Par nature, l’évolution par an une fois la saison ôtée, avec son intervalle, et la rupture que le hasard n’explique pas ; tirées des "
            "seuls mois montrés.",
            schemas.TRENDS, "tendance", "tendances", "nature", ("par_an_pct",),
        ),
        "examens": _made(
            "incidents-examens", "Examens publics de la carte des incidents",
            "Pour chaque année montrée : les données, la méthode, ce qui est écarté, ce que la carte aurait valu sur les années suivantes, et si des "
            "patrouilles envoyées d’après elle s’emballeraient.",
            schemas.EXAMS, "examen", "examens", "etat", ("annee", "pai", "pei"),
        ),
    },
    method="Les incidents sont comptés par maille ; plusieurs façons de les classer sont éprouvées sur les années passées, chacune ne connaissant que "
    "ce qui la précède, "
    "et une autre que le compte qui s’efface avec l’âge n’est prise que si elle fait mieux au-delà du hasard. Ce que les patrouilles constatent "
    "elles-mêmes est écarté.",
    caveats=(
        "Des lieux, jamais des personnes : une table qui porte une autre colonne que celles du schéma est refusée en entier. Aucune décision sur une "
        "personne n’en dépend.",
        "Beaucoup d’incidents ne sont jamais signalés, et pas partout autant : la carte montre les signalements, non les faits.",
        "Les habitants sont un mauvais dénominateur là où l’on passe plus qu’on n’habite.",
        "Classé le 1er décembre 2026 : aucune personne n’est évaluée (règlement européen sur l’IA, art. 5, 1, d) ; pour un service répressif, "
        "l’annexe III est à examiner avant tout usage.",
    ),
    work=work,
    tune=read,
    every="day",
    answer=answer,
    group=GROUP,
    purpose="veiller à la tranquillité des lieux",
    words=tuple(METHODS.values()),
)  # fmt: skip
