"""The table of the days to come."""

from __future__ import annotations

from parvis.core.types import Column, Schema

DAYS = Schema(
    "parvis/prochaines_collectes",
    "1",
    (
        Column("secteur", title="Secteur", description="Secteur de collecte."),
        Column("flux", title="Flux", description="Ce qui est collecté."),
        Column("jour", "date", title="Jour", description="Jour de la collecte."),
        Column("jour_habituel", "date", title="Jour habituel", description="Jour de la règle ; un autre que le jour de la collecte quand elle est déplacée."),
        Column("etat", title="État", description="prévue, déplacée, ou à vérifier."),
        Column("motif", title="Motif", description="Jour férié qui la déplace ou la met en doute ; vide un jour ordinaire."),
        Column("sortie", title="Quand sortir le bac", description="Comme la ville le dit."),
    ),
)  # fmt: skip
"""One row a sector, a flow and a day."""
