"""What the service of public places publishes."""

from __future__ import annotations

from parvis.core.types import Column, Schema

OUVERTURES = Schema(
    name="parvis/ouvertures_lieux",
    version="1",
    geometry="point",
    columns=(
        Column("id_lieu", title="Identifiant", description="Identifiant du lieu parmi les lieux ouverts."),
        Column("nom", title="Lieu", description="Nom du lieu."),
        Column("type", title="Type", description="mairie, médiathèque, piscine…"),
        Column("debut", "datetime", title="Début", description="Début de la plage."),
        Column("fin", "datetime", title="Fin", description="Fin de la plage."),
        Column("etat", title="État", description="ouvert, à vérifier ou horaires non compris."),
        Column(
            "note",
            title="Note",
            description="Commentaire des horaires, fermeture annoncée, ou texte non compris.",
        ),
    ),
)
"""One row a stretch of time: two weeks of each place."""
