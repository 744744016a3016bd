"""Outbreaks for citizens: what the service promises."""

from __future__ import annotations

from parvis.core.types import Dataset
from parvis.services.answers import Ask
from parvis.services.declaration import Input, Output, Service, State
from parvis.services.epidemies.answer import COUNTED, UNITS, answer
from parvis.services.epidemies.schemas import SITUATION
from parvis.services.epidemies.signals import UNUSUAL, USUAL
from parvis.services.epidemies.situation import HIGH, OLD, SHORT, SMALL, work
from parvis.services.epidemies.words import KNOWN

SERVICE = Service(
    name="epidemies",
    title="Épidémies : où en est-on ?",
    found_by={
        "fr": ("grippe", "covid", "gastro", "bronchiolite", "virus", "maladie", "contagion", "dengue", "épidémie"),
        "en": ("flu", "covid", "virus", "outbreak", "disease", "epidemic"),
    },
    question="Y a-t-il une épidémie en ce moment, où, et que faire ?",
    inputs={
        "series": Input("series-epidemies/series-epidemies", schema="series-epidemies", optional=True),
        "eaux_usees": Input("eaux-usees-virus/eaux-usees-virus", schema="eaux-usees-virus", optional=True),
        "publies": Input("cas-par-zone/publies", optional=True),
    },
    outputs={
        "situation": Output(
            Dataset(
                "situation-epidemies", "Situation des épidémies",
                "Pour chaque série suivie et chaque zone : sa dernière semaine, ce qui est habituel, si elle monte, et ce qui ne peut être dit. "
                "Des séries publiées par les autorités, des eaux usées, et les comptages de la ville dont aucun petit nombre ne se retrouve.",
                "sante", frequency="weekly", themes=("HEAL",), keywords=("épidémie", "santé publique", "surveillance"),
                derived_from=("series-epidemies", "eaux-usees-virus", "cas-par-zone"),
            ),
            SITUATION, "série d’une zone", "séries de zones", "zone", "etat",
            (
                State(UNUSUAL, "plus de cas que d’habitude à cette saison", "bad"),
                State(HIGH, "plus haut que neuf semaines connues sur dix", "warn"),
                State(USUAL, "comme d’habitude", "ok"),
                State(SMALL, "trop peu de cas pour être montrés", ""),
                State(OLD, "les données s’arrêtent il y a plus de cinq semaines", "warn"),
                State(SHORT, "trop peu de semaines pour dire ce qui est habituel", ""),
            ),
            ("valeur", "debut"),
        )
    },
    work=work,
    every="day",
    method="Les comptages de la ville sont comparés à la même saison de deux à cinq ans d’avant (Farrington et Noufaily) "
    "ou, où moins de deux ans précèdent, leurs écarts à l’habitude sont cumulés (CUSUM binomial négatif) ; "
    "les taux et les eaux usées sont comparés à toutes les semaines connues. "
    "Aucun nombre de moins de onze personnes n’est publié, ni ne se retrouve par soustraction de zones ou de semaines.",
    caveats=(
        "Un changement de laboratoire, de définition ou de façon de déclarer ressemble à une épidémie.",
        "Les dernières semaines sont incomplètes : des cas sont déclarés en retard.",
        "Un hiver haut est habituel en hiver : « comme d’habitude » ne veut pas dire « rien ».",
        "Les écoles, crèches et Ehpad qui ne comptent pas ne sont pas dans les nombres.",
        "Un taux du département ne dit rien d’un quartier.",
        "Des lieux, jamais des personnes ; aucune décision sur une personne n’en dépend, et aucun message ne part sans qu’une personne l’ait lu.",
        "Classé le 1er décembre 2026 (règlement européen sur l’IA) : des lieux et des nombres, aucune personne n’est évaluée ; hors de l’annexe III.",
    ),
    asks=(Ask("lieu", "Une zone", "text", "Un quartier, une commune, un département, ou une partie du nom."),),
    answer=answer,
    words=(*COUNTED, *UNITS, *KNOWN),
)  # fmt: skip
