"""What the service of riding a bicycle promises."""

from __future__ import annotations

from datetime import datetime

import pyarrow as pa

from parvis.core.arrow import arrow_table
from parvis.core.types import Dataset
from parvis.services.answers import Ask
from parvis.services.cyclable.answer import answer
from parvis.services.cyclable.counters import (
    COUNTS,
    PARTLY,
    SILENT,
    STUCK,
    STUCK_COUNT,
    STUCK_PERIODS,
    counters,
)
from parvis.services.cyclable.network import FACILITIES, OPEN, PROVISIONAL, WORKS, sections
from parvis.services.cyclable.schemas import COUNTERS, SECTIONS
from parvis.services.declaration import HERE, Input, Output, Service, State, Tables


def work(tables: Tables, now: datetime) -> Tables:
    """The sections that have something for bicycles, and what each counter counted."""
    counted = [tables.get(name) for name in ("sites", "canaux", "comptages")]
    known = [t for t in counted if isinstance(t, pa.Table)]
    return {
        "sections": sections(tables["amenagements"]),
        "compteurs": counters(*known) if len(known) == len(counted) else arrow_table(COUNTERS, ()),
    }


SERVICE = Service(
    name="cyclable",
    title="À vélo",
    question="Où passe la voie cyclable la plus proche, et combien y roulent ?",
    inputs={
        "amenagements": Input("amenagements-cyclables/pistes-cyclables-l93", schema="amenagements-cyclables"),
        "sites": Input("sites-comptage/sites-comptage", schema="sites-comptage", optional=True),
        "canaux": Input("canaux-comptage/canaux-comptage", schema="canaux-comptage", optional=True),
        "comptages": Input("comptages-mobilite/comptages-mobilite", schema="comptages", optional=True),
    },
    outputs={
        "sections": Output(
            Dataset(
                "reseau-cyclable", "Réseau cyclable",
                "Les tronçons aménagés pour les vélos : l’aménagement le plus protecteur de leurs deux côtés, son genre, son état et sa longueur.",
                "mobilites", themes=("TRAN", "ENVI"), keywords=("vélo", "piste cyclable", "voie verte"), frequency="irregular",
                derived_from=("amenagements-cyclables",),
            ),
            SECTIONS, "tronçon", "tronçons", label="amenagement", brief=("longueur_m",),
        ),
        "compteurs": Output(
            Dataset(
                "passages-velos", "Vélos comptés",
                "Pour chaque compteur de vélos : le dernier jour compté en entier, ce qui est habituel ce jour-là de la semaine, et l’évolution en un an.",
                "mobilites", themes=("TRAN", "ENVI"), keywords=("vélo", "comptage"), frequency="daily",
                derived_from=("comptages-mobilite", "sites-comptage", "canaux-comptage"),
            ),
            COUNTERS, "compteur", "compteurs", label="nom", state="etat",
            states=(
                State(COUNTS, "ses relevés couvrent les derniers jours", "ok"),
                State(PARTLY, "un de ses canaux au moins ne couvre pas les derniers jours", "warn"),
                State(STUCK, f"{STUCK_PERIODS} relevés de suite ou plus disent le même nombre, d’au moins {STUCK_COUNT}", "bad"),
                State(SILENT, "sans relevé depuis deux jours de plus que les autres", "bad"),
            ),
            brief=("passages", "habituel"),
        ),
    },
    method="Chaque tronçon prend l’aménagement le plus protecteur de ses deux côtés : séparé des voitures, sur la chaussée, ou partagé ; "
    "sa longueur compte une fois. Un jour de compteur compte quand ses relevés le couvrent à 95 % sur tous ses canaux ; il est mis à côté "
    "des mêmes jours de la semaine des huit semaines d’avant.",
    caveats=(
        "Une voie séparée des voitures croise encore des rues : ce n’est pas dire que le trajet est sûr.",
        "Un aménagement récent, fermé ou encombré peut ne pas être dans le fichier.",
        "Un compteur voit un point : qui passe à côté n’est pas compté, qui passe deux fois l’est deux fois.",
        "La météo, les vacances et un chantier changent ce qui est compté ; l’évolution en un an n’en est pas corrigée.",
        "Le service informe ; il ne décide rien d’une personne et ne retient pas où elle va.",
    ),
    work=work,
    asks=(Ask("lieu", "Près de", "place", "Une rue, un quartier ou un équipement de la ville, ou votre position."),),
    about="move",
    found_by={
        "fr": ("vélo", "piste cyclable", "voie verte", "bande cyclable", "cycliste", "compteur de vélos"),
        "en": ("bicycle", "bike lane", "cycle path", "cycling", "greenway"),
    },
    at_home={"lieu": HERE},
    answer=answer,
    words=(*(w for pair in FACILITIES.values() for w in pair), OPEN, PROVISIONAL, WORKS, COUNTS, PARTLY, STUCK, SILENT),
)  # fmt: skip
