"""What the service of energy promises."""

from __future__ import annotations

from parvis.core.sentence import mark
from parvis.core.types import Dataset, Schema
from parvis.services.answers import Ask, Download
from parvis.services.declaration import Input, Output, Service, State
from parvis.services.energie.answer import GOALS, MODELS, ODD, SAVED, YEARS, actions, answer, operat
from parvis.services.energie.compute import (
    HELD,
    KINDS,
    MORE,
    NO_REFERENCE,
    NOT_SEEN,
    PASSED,
    SEEN,
    TODO,
    work,
)
from parvis.services.energie.rules import read
from parvis.services.energie.schemas import ANNEES, ANOMALIES, ECONOMIES, MODELES, OBJECTIFS

FROM = ("compteurs-energie", "releves-energie", "temperatures", "travaux-energie")


def _made(
    dataset: str,
    title: str,
    description: str,
    schema: Schema,
    one: str,
    many: str,
    brief: tuple[str, ...],
    *,
    state: str = "",
    states: tuple[State, ...] = (),
) -> Output:
    about = Dataset(
        dataset,
        title,
        description,
        "patrimoine",
        frequency="daily",
        themes=("ENER", "ENVI"),
        keywords=("énergie", "bâtiment"),
        derived_from=FROM,
    )
    return Output(about, schema, one, many, "batiment", state, states, brief)


SERVICE = Service(
    name="energie",
    title="L’énergie de la ville",
    question="Combien d’énergie la ville consomme-t-elle, et que peut-elle économiser ?",
    inputs={
        "compteurs": Input("compteurs-energie/compteurs-energie", schema="compteurs-energie"),
        "releves": Input("releves-energie/releves-energie", schema="releves-energie"),
        "temperatures": Input("temperatures/temperatures-jour", schema="temperatures-jour", optional=True),
        "travaux": Input("travaux-energie/travaux-energie", schema="travaux-energie", optional=True),
    },
    outputs={
        "annees": _made(
            YEARS,
            "Énergie et CO2 de la commune, par compteur et par année",
            "Énergie finale de chaque compteur et année, jours connus, part estimée, et CO2 selon le facteur en vigueur, sa date et sa source.",
            ANNEES,
            "année",
            "années",
            ("annee", "kwh"),
        ),
        "modeles": _made(
            MODELS,
            "Consommation des bâtiments selon le temps qu’il fait",
            "Le modèle de chaque compteur suivi jour par jour : sa consommation au climat appris, sa précision, son écart aux bâtiments de même usage.",
            MODELES,
            "modèle",
            "modèles",
            ("kwh_an", "cv_rmse_pct"),
        ),
        "anomalies": _made(
            ODD,
            "Anomalies d’énergie et actions",
            "Ce qui est anormal dans chaque compteur, ce qu’on peut y faire, ce que cela économiserait, entre deux bornes.",
            ANOMALIES,
            "anomalie",
            "anomalies",
            ("gain_kwh",),
        ),
        "objectifs": _made(
            GOALS,
            "Énergie : ce que la loi attend",
            "Par loi et par année, pour un bâtiment ou toute la commune : l’énergie consommée, ce qui est permis, l’écart.",
            OBJECTIFS,
            "objectif",
            "objectifs",
            ("annee", "ecart_kwh"),
            state="etat",
            states=(
                State(HELD, "l’objectif est tenu", "ok"),
                State(PASSED, "plus que ce qui est permis", "bad"),
                State(NO_REFERENCE, "aucune référence n’est connue", "warn"),
            ),
        ),
        "economies": _made(
            SAVED,
            "Économies d’énergie vérifiées après travaux",
            "Ce que chaque action a économisé face à ce que le bâtiment aurait consommé par le même temps, avec son intervalle à 90 %.",
            ECONOMIES,
            "action",
            "actions",
            ("economie_kwh",),
            state="etat",
            states=(
                State(SEEN, "l’intervalle ne contient pas zéro", "ok"),
                State(NOT_SEEN, "trop tôt, ou trop peu pour être vu", ""),
                State(MORE, "plus qu’avant par le même temps", "bad"),
            ),
        ),
    },
    work=work,
    tune=read,
    every="day",
    method="La consommation de chaque jour est apprise selon la température, par des droites qui changent de pente aux points d’équilibre, "
    "à part pour les saisons et les fins de semaine quand elles le méritent. "
    "Ce qui suit lui est comparé : une économie se lit avec son intervalle, un palier s’il dure, les nuits et fins de semaine face aux jours d’activité.",
    caveats=(
        "Un modèle ne connaît que le temps qu’il fait : une école qui accueille plus d’élèves consomme plus sans être en faute.",
        "Les compteurs relevés par mois n’ont ni modèle ni anomalie : seules leurs années sont comptées.",
        "Un palier plus petit que celui que dit la dernière colonne n’est pas vu en trois semaines.",
        "Les objectifs comparent des consommations réelles, sans correction du climat ni de l’activité que les déclarations admettent.",
        "Le CO2 prend un facteur moyen par énergie ; celui d’un réseau de chaleur diffère d’une ville à l’autre.",
    ),
    asks=(Ask("batiment", "Un bâtiment", "text", "Son nom, ou une partie."),),
    about="home",
    found_by={
        "fr": ("électricité", "gaz", "chauffage", "consommation", "bâtiments"),
        "en": ("energy", "electricity", "gas", "heating"),
    },
    answer=answer,
    files=(
        Download("operat.csv", "Tableau de déclaration du décret tertiaire", "text/csv", operat),
        Download("actions.csv", "Liste d’actions", "text/csv", actions),
    ),
    words=(
        *KINDS.values(),
        *TODO.values(),
        mark("électricité"),
        mark("gaz"),
        mark("fioul"),
        mark("bois"),
        mark("réseau de chaleur"),
        mark("essence"),
        mark("gazole"),
    ),
)
