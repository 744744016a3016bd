"""Tables that the analysis of incidents makes."""

from __future__ import annotations

from parvis.core.types import Column, Schema

MONTHS = Schema(
    "parvis/incidents-mois", "1",
    (
        Column("mois", "date", title="Mois", description="Son premier jour."),
        Column("nature", title="Nature"),
        Column("incidents", "integer", title="Incidents", description="Vide : moins de cinq. Un mois n’est montré qu’une fois, clos depuis un mois."),
    ),
)  # fmt: skip
"""One row a month and a nature; what is empty is under five, nothing included."""

CELLS = Schema(
    "parvis/incidents-mailles", "1",
    (
        Column("annee", "integer", title="Année"),
        Column("maille", title="Maille", description="Colonne et rang de la maille, comptés d’une origine qui ne bouge pas."),
        Column("cote_m", "number", title="Côté", unit="m"),
        Column("incidents", "integer", title="Incidents", description="Jamais moins de cinq dans l’année."),
        Column("foyer", "boolean", title="Plus que le hasard", description="Au-delà de ce que le hasard met dans une maille, un faux sur vingt au "
        "plus parmi celles qui le sont."),
        Column("rang", "integer", title="Rang", description="Rang parmi les mailles à surveiller, selon la méthode que l’épreuve a retenue ; vide : "
        "elle n’en est pas."),
    ),
    geometry="point",
)  # fmt: skip
"""One row a cell and a year; its point is the middle of the cell."""

TRENDS = Schema(
    "parvis/incidents-tendances", "1",
    (
        Column("nature", title="Nature"),
        Column("debut", "date", title="Premier mois"),
        Column("fin", "date", title="Dernier mois"),
        Column("mois_connus", "integer", title="Mois connus"),
        Column("par_an_pct", "number", title="Évolution par an", unit="%"),
        Column("bas_pct", "number", title="Borne basse", unit="%"),
        Column("haut_pct", "number", title="Borne haute", unit="%", description="Intervalle à 95 %."),
        Column("rupture", "date", title="Rupture", description="Premier mois du nouveau niveau ; vide si le hasard l’explique."),
        Column("facteur", "number", title="Nouveau niveau, rapporté à l’ancien"),
        Column("p", "number", title="Probabilité d’une telle rupture par hasard"),
    ),
)  # fmt: skip

EXAMS = Schema(
    "parvis/incidents-examens", "1",
    (
        Column("annee", "integer", title="Année montrée"),
        Column("etat", title="État"),
        Column("debut", "date", title="Données depuis"),
        Column("fin", "date", title="Données jusqu’à"),
        Column("cote_m", "number", title="Côté des mailles", unit="m"),
        Column("methode", title="Méthode retenue"),
        Column("epreuves", "integer", title="Années d’épreuve", description="Chacune est classée par ce qui la précède seul."),
        Column("part_pct", "number", title="Part du territoire surveillée", unit="%"),
        Column("pai", "number", title="PAI", description="Part des incidents pris sur part du territoire."),
        Column("pai_bas", "number", title="PAI, borne basse"),
        Column("pai_haut", "number", title="PAI, borne haute"),
        Column("pai_compte", "number", title="PAI du compte qui s’efface"),
        Column("pei", "number", title="PEI", description="Incidents pris, sur le plus qu’une telle surface aurait pu prendre."),
        Column("pei_bas", "number", title="PEI, borne basse"),
        Column("pei_haut", "number", title="PEI, borne haute"),
        Column("pei_compte", "number", title="PEI du compte qui s’efface"),
        Column("exclus_pct", "number", title="Lignes écartées", unit="%", description="À la dizaine près."),
        Column("natures_exclues", title="Natures écartées"),
        Column("boucle_pct", "number", title="Dérive des patrouilles", unit="%", description="Écart, au plus, entre la part des patrouilles et la "
        "part des incidents d’un lieu, simulé."),
        Column("boucle_naive_pct", "number", title="Dérive si tout comptait", unit="%"),
    ),
)  # fmt: skip
"""One row a year that was shown, or one that says why nothing was."""

WATCH = Schema(
    "parvis/points-chauds", "1",
    (
        Column("rang", "integer", title="Rang"),
        Column("maille", title="Maille"),
        Column("incidents", "integer", title="Incidents depuis un an", description="Jamais moins de cinq."),
        Column("methode", title="Méthode"),
        Column("jusqua", "date", title="Jusqu’à"),
    ),
    geometry="point",
)  # fmt: skip
"""For the group: cells that the kept method puts first today."""
