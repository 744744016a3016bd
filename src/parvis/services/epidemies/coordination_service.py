"""The page of those who coordinate health in the town: for their group alone, but for the counts without small numbers."""

from __future__ import annotations

from parvis.core.types import Dataset, Schema
from parvis.services.declaration import Input, Output, Service, State
from parvis.services.epidemies import rules
from parvis.services.epidemies.coordination import work
from parvis.services.epidemies.coordination_answer import answer
from parvis.services.epidemies.schemas import MEASURES, PUBLISHED, REGISTER, SIGNALS
from parvis.services.epidemies.signals import UNKNOWN, UNUSUAL, USUAL

GROUP = "coordination-sante"


def _apart(name: str, title: str, text: str, schema: Schema, one: str, many: str, **more: object) -> Output:
    made = Dataset(
        name,
        title,
        text,
        "sante",
        frequency="daily",
        themes=("HEAL",),
        keywords=("santé", "coordination"),
        access="restricted",
    )
    return Output(made, schema, one, many, **more)  # type: ignore[arg-type]


SERVICE = Service(
    name="coordination-sanitaire",
    title="Coordination sanitaire",
    question="Qu’est-ce qui sort de l’habitude, et qui fait quoi ?",
    inputs={
        "cas": Input("epidemies/cas", schema="cas-par-lieu", optional=True),
        "liste": Input("epidemies/liste", schema="liste-de-cas", optional=True),
        "declarations": Input("epidemies/declarations", schema="declarations-par-lieu", optional=True),
        "etablissements": Input("epidemies/etablissements", schema="malades-par-etablissement", optional=True),
        "lieux": Input("epidemies/lieux", schema="lieux-peuples"),
        "taches": Input("epidemies/taches", schema="taches-sanitaires", optional=True),
        "registre_avant": Input("registre-cas-par-zone/registre", optional=True),
        "publies_avant": Input("cas-par-zone/publies", optional=True),
    },
    outputs={
        "signaux": _apart(
            "signaux-sanitaires", "Signaux sanitaires par zone", "Par série et par zone : la dernière semaine, ce qui est habituel, depuis quand elle en sort.",
            SIGNALS, "zone", "zones", label="nom", state="etat", brief=("cas", "habituels"),
            states=(State(UNUSUAL, "plus de cas que d’habitude", "bad"), State(USUAL, "comme d’habitude", "ok"), State(UNKNOWN, "ne peut être dit", "")),
        ),
        "mesures": _apart(
            "mesures-sanitaires", "Mesures appelées par les règles", "Les mesures qu’une règle appelle, où, pourquoi, et ce qu’un membre y a répondu.",
            MEASURES, "mesure", "mesures", label="mesure",
        ),
        "registre": _apart(
            "registre-cas-par-zone", "Registre des semaines arrêtées", "Les nombres de chaque zone, tels que connus à l’arrêt de la semaine, publiés ou non.",
            REGISTER, "nombre", "nombres", label="nom",
        ),
        "publies": Output(
            Dataset(
                "cas-par-zone", "Cas par zone et par semaine, sans petit nombre",
                "Nombres de cas et de malades par zone et par semaine, ou par quatre semaines. Aucun nombre de moins de onze n’est publié, ni ne se retrouve "
                "par soustraction de zones, de semaines ou de versions ; une semaine est publiée une fois et n’est plus revue.",
                "sante", frequency="weekly", themes=("HEAL",), keywords=("épidémie", "santé publique", "surveillance"),
            ),
            PUBLISHED, "nombre d’une zone", "nombres de zones", "nom", brief=("cas", "debut"),
        ),
    },
    method="Chaque zone est comparée à la même saison de deux à cinq ans d’avant (Farrington et Noufaily) ; où moins de deux ans précèdent, "
    "ou si la ville le choisit, les écarts à l’habitude sont cumulés (CUSUM binomial négatif). "
    "Ce qui reste à déclarer de la dernière semaine est estimé des délais passés, la semaine en une fois, et l’intervalle élargi d’autant que les estimations "
    "d’avant s’étaient trompées. "
    "Une semaine est arrêtée neuf jours après sa fin ; ce qui en est publié est choisi pour que nul petit nombre ne se retrouve "
    "(suppression secondaire, attaquée par programmation linéaire avant de sortir). Les mesures sont des règles datées, avec leur source.",
    caveats=(
        "Un changement de laboratoire, de définition ou de façon de déclarer ressemble à une épidémie.",
        "Plus il y a de zones, plus le hasard en fait sonner : le taux demandé vaut pour chacune.",
        "Les règles de mesures ne sont pas toutes vérifiées mot à mot : comparez-les aux instructions en vigueur.",
        "Des cas de la semaine arrêtée qui arrivent plus tard ne sont jamais publiés ; ils comptent pour les signaux.",
        "Des lieux et des services, jamais des personnes : aucune décision sur une personne n’en dépend.",
        "Classé le 1er décembre 2026 (règlement européen sur l’IA) : des lieux et des nombres, aucune personne n’est évaluée ; hors de l’annexe III.",
    ),
    work=work,
    tune=rules.read,
    every="day",
    answer=answer,
    group=GROUP,
    purpose="coordonner la réponse sanitaire de la ville",
    agreed=True,
)  # fmt: skip
