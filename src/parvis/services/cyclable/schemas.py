"""Tables of riding a bicycle."""

from __future__ import annotations

from parvis.core.types import Column, Schema

SECTIONS = Schema(
    "parvis/reseau-cyclable",
    "1",
    (
        Column("id", title="Identifiant", description="Identifiant du tronçon, donné par la collectivité."),
        Column("nom", title="Itinéraire", description="Noms locaux ; vide où il n’y en a pas."),
        Column("amenagement", title="Aménagement", description="Le plus protecteur des deux côtés."),
        Column("genre", title="Genre", description="séparée, sur la chaussée ou partagée."),
        Column("etat", title="État", description="en service, provisoire, ou en travaux."),
        Column("deux_sens", "boolean", title="Deux sens", description="Vide où ce n’est pas dit."),
        Column("eclaire", "boolean", title="Éclairé", description="Vide où ce n’est pas dit."),
        Column("annee", "year", title="Mise en service"),
        Column(
            "longueur_m", "integer", title="Longueur", unit="m", description="De l’axe, comptée une fois."
        ),
    ),
    geometry="shape",
)
"""One row a section that has something for bicycles on a side at least."""

COUNTERS = Schema(
    "parvis/passages-velos",
    "1",
    (
        Column("site", title="Site", description="Identifiant du site de comptage."),
        Column("nom", title="Compteur", description="Nom du lieu."),
        Column("etat", title="État", description="à jour, incomplet, figé ou silencieux."),
        Column(
            "jour",
            "date",
            title="Jour",
            description="Dernier jour compté en entier ; vide s’il n’y en a pas.",
        ),
        Column("passages", "integer", title="Passages", description="Vélos comptés ce jour-là."),
        Column(
            "habituel",
            "integer",
            title="D’habitude",
            description="Moyenne des mêmes jours de la semaine, huit semaines avant ; vide sous quatre jours.",
        ),
        Column("habituel_bas", "integer", title="Le moins", description="Le plus petit de ces jours."),
        Column("habituel_haut", "integer", title="Le plus", description="Le plus grand de ces jours."),
        Column(
            "evolution_pct",
            "number",
            title="Depuis un an",
            unit="%",
            description="Des quatre dernières semaines aux mêmes un an avant, sur les jours comptés en entier les deux fois.",
        ),
        Column("jours_compares", "integer", title="Jours comparés", description="Sur 28."),
        Column(
            "jours_connus",
            "integer",
            title="Jours connus",
            description="Comptés en entier, sur les 28 derniers.",
        ),
    ),
    geometry="point",
)
"""One row a site where bicycles are counted."""
