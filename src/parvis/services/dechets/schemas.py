"""What the service of waste publishes."""

from __future__ import annotations

import pyarrow as pa

from parvis.core.types import Column, Schema

REMPLISSAGE = Schema(
    name="parvis/remplissage_conteneurs",
    version="1",
    geometry="point",
    columns=(
        Column("id_point", title="Conteneur", description="Identifiant du conteneur."),
        Column("adresse", title="Adresse", description="Où il est."),
        Column("flux", title="Flux", description="Ce que l’on y dépose."),
        Column("quartier", title="Quartier", description="Quartier de la ville."),
        Column(
            "niveau_pct",
            "integer",
            title="Niveau attendu",
            unit="%",
            description="Part du volume attendue pleine le matin du jour prévu.",
        ),
        Column(
            "risque_soir_pct",
            "number",
            title="Risque le soir",
            unit="%",
            description="Probabilité qu’il déborde le soir de ce jour s’il n’est pas vidé.",
        ),
        Column(
            "risque_lendemain_pct",
            "number",
            title="Risque le lendemain",
            unit="%",
            description="La même, un jour plus tard.",
        ),
        Column(
            "risque_3_jours_pct",
            "number",
            title="Risque à trois jours",
            unit="%",
            description="La même, deux jours plus tard.",
        ),
        Column(
            "deborde_le",
            "date",
            title="Débordera le",
            description="Premier jour où il déborderait plus d’une fois sur deux ; vide : pas en un mois.",
        ),
        Column("etat", title="État", description="à vider, à surveiller ou ça va."),
        Column("passage", title="Passage", description="Tournée du jour qui le vide, et l’heure prévue."),
        Column("jour", "date", title="Jour prévu", description="Jour dont parle la ligne."),
        Column(
            "su_par",
            title="Connu par",
            description="sonde, vidages, ou voisins (aucun relevé de ce conteneur).",
        ),
    ),
)
"""One row a bin."""

TOURNEES = Schema(
    name="parvis/tournees_collecte",
    version="1",
    geometry="point",
    columns=(
        Column("tournee", title="Tournée", description="Nom de la tournée : flux et numéro."),
        Column("jour", "date", title="Jour", description="Jour de la tournée."),
        Column("ordre", "integer", title="Ordre", description="Rang de l’arrêt, à partir de 1."),
        Column("type_arret", title="Arrêt", description="départ, collecte, vidage, pause ou retour."),
        Column("id_point", title="Conteneur", description="Conteneur collecté ; vide ailleurs."),
        Column("lieu", title="Lieu", description="Adresse du conteneur, nom de l’exutoire ou du dépôt."),
        Column("vehicule", title="Véhicule", description="Sorte de camion."),
        Column("heure_prevue", title="Heure", description="Heure d’arrivée prévue (HH:MM)."),
        Column("repart", title="Repart", description="Heure de départ prévue (HH:MM)."),
        Column("km", "number", title="Distance", unit="km", description="Depuis l’arrêt précédent."),
        Column(
            "volume_l",
            "integer",
            title="Volume attendu",
            unit="l",
            description="Ce que l’on s’attend à y collecter.",
        ),
        Column(
            "par_les_rues",
            "boolean",
            title="Par les rues",
            description="Distances par le réseau routier ; non : à vol d’oiseau plus 30 %.",
        ),
    ),
)
"""One row a stop of a round, in order."""

BILAN = Schema(
    name="parvis/bilan_collecte",
    version="1",
    columns=(
        Column("flux", title="Flux", description="Ce qui est collecté."),
        Column("indicateur", title="Indicateur", description="Ce qui est compté, par semaine."),
        Column("unite", title="Unité", description="Unité de l’indicateur."),
        Column(
            "aujourdhui",
            "number",
            title="Tournées d’aujourd’hui",
            description="Selon les tournées faites, sinon les jours de passage relevés.",
        ),
        Column(
            "propose",
            "number",
            title="Selon le remplissage",
            description="Avec les tournées calculées chaque matin.",
        ),
        Column(
            "source",
            title="Aujourd’hui connu par",
            description="tournées faites, ou jours de passage (ordonnés au mieux, faute de tournées publiées).",
        ),
        Column(
            "depuis",
            "date",
            title="Tournées depuis",
            description="Premier jour des semaines de tournées faites.",
        ),
        Column("jusqua", "date", title="Tournées jusqu’au", description="Dernier jour de ces semaines."),
    ),
)
"""One row a flow and an indicator: the calendar beside the rounds of the day, over the same simulated weeks.
"""

TRACES = Schema(
    name="parvis/traces_collecte",
    version="1",
    geometry="shape",
    columns=(
        Column("tournee", title="Tournée", description="Nom de la tournée."),
        Column("jour", "date", title="Jour", description="Jour de la tournée."),
        Column("km", "number", title="Distance", unit="km", description="Longueur de toute la tournée."),
    ),
)
"""One row a round: its way, by the streets where they are known."""

RUES = Schema(
    name="parvis/tournees_porte_a_porte",
    version="1",
    geometry="shape",
    columns=(
        Column(
            "tournee",
            "integer",
            title="Tour",
            description="Numéro du tour : du dépôt ou de l’exutoire jusqu’à l’exutoire.",
        ),
        Column("ordre", "integer", title="Ordre", description="Rang de la rue dans le tour."),
        Column("troncon", title="Tronçon", description="Identifiant du tronçon."),
        Column("rue", title="Rue", description="Nom de la rue."),
        Column("sens", title="Sens", description="direct : dans le sens du tracé ; inverse."),
        Column(
            "kg", "number", title="Poids attendu", unit="kg", description="Ce que l’on s’attend à y ramasser."
        ),
        Column(
            "vehicule",
            title="Camion",
            description="Le camion qui fait ce tour ; vide : aucun camion n’en a le temps ce jour-là.",
        ),
        Column("heure_prevue", title="Heure", description="Quand la rue est commencée (HH:MM)."),
        Column(
            "pause",
            title="Pause",
            description="Heure de la pause de l’équipe, quand elle est prise juste avant cette rue.",
        ),
        Column("vide_a", title="Vidé à", description="Quand le camion vide ce tour à l’exutoire (HH:MM)."),
        Column(
            "depart",
            title="Départ du camion",
            description="Quand le camion quitte le dépôt, pour tous ses tours (HH:MM).",
        ),
        Column("retour", title="Retour du camion", description="Quand il est rentré au dépôt (HH:MM)."),
    ),
)
"""One row a street served from door to door."""


def empty(schema: Schema) -> pa.Table:
    """No row, in the columns of a schema."""
    names = [c.name for c in schema.columns] + ([f"_{schema.geometry}"] if schema.geometry else [])
    return pa.table({name: pa.nulls(0) for name in names})
