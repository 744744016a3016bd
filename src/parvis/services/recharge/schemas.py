"""Tables of charging points."""

from __future__ import annotations

from parvis.core.types import Column, Schema

STATES = Schema(
    "irve-dynamique",
    "1",
    (
        Column("id_pdc_itinerance", title="Identifiant du point", description="Identifiant d’itinérance, celui de la table statique."),
        Column("etat_pdc", title="État", description="en_service, hors_service ou inconnu."),
        Column("occupation_pdc", title="Occupation", description="libre, occupe, reserve ou inconnu."),
        Column("horodatage", "datetime", title="Horodatage", description="Instant où l’information est remontée."),
        Column("etat_prise_type_2", title="Prise de type 2", description="fonctionnel, hors_service, inconnu, ou vide."),
        Column("etat_prise_type_combo_ccs", title="Combo CCS", description="fonctionnel, hors_service, inconnu, ou vide."),
        Column("etat_prise_type_chademo", title="CHAdeMO", description="fonctionnel, hors_service, inconnu, ou vide."),
        Column("etat_prise_type_ef", title="Prise E/F", description="fonctionnel, hors_service, inconnu, ou vide."),
    ),
)  # fmt: skip
"""One row a charging point and a poll, in the columns of the national schema, whose name it bears."""

STATIONS = Schema(
    "parvis/stations_recharge",
    "1",
    (
        Column("id", title="Identifiant", description="Identifiant d’itinérance de la station, ou son nom là où elle n’en a pas."),
        Column("nom", title="Station"),
        Column("enseigne", title="Enseigne", description="Nom du réseau que voit l’automobiliste."),
        Column("adresse", title="Adresse"),
        Column("points", "integer", title="Points de charge"),
        Column("puissance", "number", title="Puissance", unit="kW", description="Celle du plus fort de ses points."),
        Column("prises", title="Prises", description="Prises des points de la station, séparées par une virgule."),
        Column("horaires", title="Horaires", description="Tels que publiés, à la façon d’OpenStreetMap."),
        Column("acces", title="Accès", description="Accès libre ou réservé."),
        Column("gratuit", "boolean", title="Gratuit"),
        Column("tarif", title="Tarif", description="Tel que publié."),
    ),
    geometry="point",
)  # fmt: skip
"""One row a station: its points together."""
