"""Columns of what the service of water against fire makes, and the words that it writes in them."""

from __future__ import annotations

from parvis.core.sentence import mark
from parvis.core.types import Column, Schema

COVERED, DOUBT, BROKEN = mark("couvert"), mark("à vérifier"), mark("en panne")
SHORT, FAR, CASE = mark("trop peu d’eau"), mark("trop loin"), mark("au cas par cas")
STATES = (COVERED, DOUBT, BROKEN, SHORT, FAR, CASE)
WITHOUT = (BROKEN, SHORT, FAR)
"""States of a building that has not what the rule asks for."""

WORKING, OUT, UNKNOWN = mark("en service"), mark("hors service"), mark("non dit")

BUILDINGS = Schema(
    "parvis/eau-incendie-batiments", "1",
    (
        Column("batiment", title="Bâtiment"),
        Column("usage", title="Usage"),
        Column("risque", title="Risque"),
        Column("etat", title="État", description="couvert, à vérifier, en panne, trop peu d’eau, trop loin, ou au cas par cas."),
        Column(
            "metres", "integer", title="Point d’eau le plus proche", unit="m",
            description="De ceux qui ne sont pas hors service ; vide : aucun à moins du double de la plus longue distance de la règle.",
        ),
        Column("point_eau", title="Lequel"),
        Column("regle_m", "integer", title="Distance de la règle", unit="m"),
        Column(
            "eau_m3", "integer", title="Eau à cette distance", unit="m³",
            description="Des points en service dont le débit ou le volume est connu ; vide : une source qui ne s’épuise pas.",
        ),
        Column("besoin_m3", "integer", title="Eau demandée", unit="m³"),
        Column("par_rues", "boolean", title="Par les rues", description="Non : à vol d’oiseau, rallongé de trois dixièmes."),
    ),
    geometry="point",
)  # fmt: skip
POINTS = Schema(
    "parvis/eau-incendie-points", "1",
    (
        Column("point_eau", title="Point d’eau"),
        Column("genre", title="Type"),
        Column("situation", title="Situation"),
        Column("etat", title="État"),
        Column("depuis", "date", title="Depuis"),
        Column("jours", "integer", title="Jours", unit="j"),
        Column("eau_m3h", "number", title="Débit", unit="m³/h"),
        Column("controle", "date", title="Dernier contrôle"),
        Column("en_retard", "boolean", title="Contrôle en retard", description="Vide : jour du contrôle inconnu."),
        Column("prives", "integer", title="Bâtiments privés d’eau", description="Ceux qui auraient toute leur eau si ce point d’eau, et lui seul, remarchait."),
    ),
    geometry="point",
)  # fmt: skip
SUMMARY = Schema(
    "parvis/eau-incendie-bilan", "1",
    (
        Column("risque", title="Risque"),
        Column("batiments", "integer", title="Bâtiments"),
        Column("couverts", "integer", title="Couverts"),
        Column("a_verifier", "integer", title="À vérifier"),
        Column("en_panne", "integer", title="En panne"),
        Column("trop_peu", "integer", title="Trop peu d’eau"),
        Column("trop_loin", "integer", title="Trop loin"),
        Column("regle_m", "integer", title="Distance de la règle", unit="m"),
        Column("besoin_m3", "integer", title="Eau demandée", unit="m³"),
        Column("heures", "number", title="En tant d’heures", unit="h"),
        Column("regle_du", "date", title="Règle du"),
        Column("source", title="Source de la règle"),
        Column("de_la_ville", "boolean", title="Règle mise par la ville"),
        Column("par_rues", "integer", title="Mesurés par les rues"),
        Column("releve", "date", title="Points d’eau mis à jour le"),
    ),
)  # fmt: skip
