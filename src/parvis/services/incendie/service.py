"""What the service of water against fire promises."""

from __future__ import annotations

from parvis.core.sentence import mark
from parvis.core.types import Dataset, Schema
from parvis.services.answers import Ask
from parvis.services.declaration import Input, Output, Service, State
from parvis.services.incendie.answer import answer
from parvis.services.incendie.compute import work
from parvis.services.incendie.rules import read
from parvis.services.incendie.schemas import (
    BROKEN,
    BUILDINGS,
    CASE,
    COVERED,
    DOUBT,
    FAR,
    OUT,
    POINTS,
    SHORT,
    SUMMARY,
    UNKNOWN,
    WORKING,
)


def _made(
    dataset: str, title: str, text: str, schema: Schema, row: tuple[str, str], label: str, brief: tuple[str, ...], state: str = "",
    states: tuple[State, ...] = (),
) -> Output:  # fmt: skip
    about = Dataset(
        dataset, title, text, "proximite", frequency="daily", themes=("GOVE",), keywords=("incendie", "point d’eau", "secours"),
        derived_from=("points-eau-incendie", "batiments-risque-incendie", "reseau-pieton"),
    )  # fmt: skip
    return Output(about, schema, *row, label, state, states, brief)


SERVICE = Service(
    name="eau-incendie",
    title="L’eau contre l’incendie",
    question="Y a-t-il de l’eau contre l’incendie à portée de chaque bâtiment ?",
    inputs={
        "points_eau": Input("points-eau-incendie/points-eau-incendie", schema="points-eau-incendie"),
        "defendus": Input("batiments-risque-incendie/batiments", schema="batiments-risque-incendie"),
        "rues": Input("reseau-pieton/troncons", schema="reseau-pieton", optional=True),
    },
    outputs={
        "batiments": _made(
            "eau-incendie-batiments", "Eau contre l’incendie : bâtiments",
            "Par bâtiment, le point d’eau en service le plus proche par les rues, l’eau à la distance de la règle, et si elle suffit.",
            BUILDINGS, ("bâtiment", "bâtiments"), "batiment", ("metres", "eau_m3"), "etat",
            (
                State(COVERED, "l’eau demandée est à portée", "ok"),
                State(DOUBT, "l’état ou le débit d’un point d’eau n’est pas dit", "warn"),
                State(BROKEN, "un point d’eau hors service la donnerait", "bad"),
                State(SHORT, "les points d’eau à portée n’en donnent pas assez", "bad"),
                State(FAR, "aucun point d’eau à la distance de la règle", "bad"),
                State(CASE, "ce risque est étudié bâtiment par bâtiment", ""),
            ),
        ),
        "points": _made(
            "eau-incendie-points", "Eau contre l’incendie : points d’eau",
            "Par point d’eau, son état, depuis quand, son contrôle, et combien de bâtiments attendent qu’il remarche.",
            POINTS, ("point d’eau", "points d’eau"), "point_eau", ("jours", "prives"), "etat",
            (State(WORKING, "il peut servir", "ok"), State(OUT, "il ne peut pas servir", "bad"), State(UNKNOWN, "personne ne dit s’il peut servir", "warn")),
        ),
        "bilan": _made(
            "eau-incendie-bilan", "Eau contre l’incendie : bilan par risque",
            "Par risque de bâtiment, combien ont l’eau demandée, combien non et pourquoi, et la règle appliquée avec sa source.",
            SUMMARY, ("risque", "risques"), "risque", ("batiments", "couverts"),
        ),
    },
    work=work,
    tune=read,
    every="day",
    method="De l’entrée de chaque bâtiment, les points d’eau en service sont cherchés par les rues où l’on marche sans escalier. Leur eau est additionnée "
    "jusqu’à la distance que la règle en vigueur permet pour le risque du bâtiment, et comparée à ce qu’elle demande.",
    caveats=(
        "La distance et l’eau demandées sont celles du règlement du département, que la ville met avec sa date ; sans cela un exemple est appliqué, et la "
        "page le dit.",
        "Le risque d’un bâtiment est celui que le fichier donne ; sans risque écrit, il est tenu pour ordinaire.",
        "Des débits s’additionnent ici sans que rien ne dise que la conduite les donne ensemble ; seul un essai le montre.",
        "Ni la largeur d’un passage, ni un portail fermé, ni la hauteur d’aspiration ne sont connus.",
        "Un fichier vieux de quelques mois ne sait rien d’une panne d’hier : les secours ont leurs propres tournées, et cette page ne les remplace pas.",
        "Des lieux, jamais une personne ; aucune décision sur une personne n’en dépend.",
        "Classé le 1er décembre 2026 (règlement européen sur l’IA) : des lieux et des nombres, aucune personne n’est évaluée ; hors de l’annexe III.",
    ),
    asks=(Ask("lieu", "Près de", "place"),),
    found_by={"fr": ("poteau", "hydrant", "pompier", "feu", "incendie"), "en": ("hydrant", "fire", "firefighters")},
    answer=answer,
    words=(
        mark("faible"), mark("ordinaire"), mark("important"), mark("particulier"),
    ),
)  # fmt: skip
