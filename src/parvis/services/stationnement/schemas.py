"""Tables of car parks."""

from __future__ import annotations

from parvis.core.types import Column, Schema

FREE = Schema(
    "etat-stationnement",
    "1",
    (
        Column("id", title="Identifiant", description="Identifiant du parc, comme le flux le donne."),
        Column("nom", title="Nom", description="Nom du parc."),
        Column("libres", "integer", title="Places libres", description="Vide : rien n’est compté, ce n’est pas zéro."),
        Column("total", "integer", title="Places en tout", description="Places mises en service à cet instant."),
        Column("ouvert", "boolean", title="Ouvert", description="Le parc laisse entrer ; vide si le flux ne le dit pas."),
        Column("releve_le", "datetime", title="Relevé", description="Instant du comptage ; vide si le flux ne le dit pas."),
        Column("flux_du", "datetime", title="Moment du flux", description="Instant dont parle le flux."),
    ),
    geometry="point",
)  # fmt: skip
"""One row a car park and a poll, as the feed says it; the name is that of the schema that a clerk's file follows."""

PARKS = Schema(
    "parvis/parcs_ouverts",
    "1",
    (
        Column("id", title="Identifiant", description="Identifiant national du parc."),
        Column("nom", title="Parc"),
        Column("adresse", title="Adresse"),
        Column("places", "integer", title="Places"),
        Column("pmr", "integer", title="Places PMR", description="Places pour les personnes à mobilité réduite."),
        Column("electriques", "integer", title="Places électriques", description="Places équipées d’une borne."),
        Column("hauteur_m", "number", title="Hauteur maximale", unit="m", description="Vide s’il n’y a pas de limite."),
        Column("gratuit", "boolean", title="Gratuit"),
        Column("tarif_1h", "number", title="Prix d’une heure", unit="€"),
        Column("info", title="À savoir"),
    ),
    geometry="point",
)  # fmt: skip
"""One row a car park that lets everybody in."""
