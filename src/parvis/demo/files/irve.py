"""Charging points: the national schema, UTF-8 with commas, « [lon,lat] » in one cell, two points written twice."""

from __future__ import annotations

from datetime import date

from parvis.demo.charging import stations
from parvis.demo.raw import Dossier, RawFile, Truth
from parvis.demo.world import INSEE, World
from parvis.demo.writing import text_table

DUPLICATES = (31, 32)
HEADER = [
    "nom_amenageur", "nom_operateur", "contact_operateur", "nom_enseigne", "id_station_itinerance", "nom_station", "implantation_station", "adresse_station",
    "code_insee_commune", "coordonneesXY", "nbre_pdc", "id_pdc_itinerance", "puissance_nominale", "prise_type_ef", "prise_type_2", "prise_type_combo_ccs",
    "prise_type_chademo", "prise_type_autre", "gratuit", "paiement_acte", "paiement_cb", "tarification", "condition_acces", "reservation", "horaires",
    "accessibilite_pmr", "restriction_gabarit", "station_deux_roues", "date_maj",
]  # fmt: skip


def write(world: World) -> tuple[bytes, Truth]:
    """The points of the stations, two of them written twice."""
    rng = world.rng("irve-fichier")
    rows: list[list[str | int | float]] = []
    for station in stations(world):
        checked = world.days.on(date(2026, int(rng.integers(1, 11)), int(rng.integers(1, 29)))).isoformat()
        plugs = [
            "true" if station.plug == p else "false" for p in ("ef", "2", "combo_ccs", "chademo", "autre")
        ]
        for point in station.points:
            rows.append([
                "Rivemont", "Rivemont Recharge", "aide@recharge.example", "Rivemont Recharge", station.id, station.name, "Voirie", station.address,
                INSEE, f"[{station.lon:.6f},{station.lat:.6f}]", len(station.points), point, station.power, *plugs,
                "true" if station.free else "false", "true", "true" if station.power >= 50 else "false",
                "" if station.free else "0,59 € par kWh" if station.power >= 50 else "0,35 € par kWh",
                "Accès libre", "false", station.hours, "Accessible mais non réservé PMR", "inconnu", "false", checked,
            ])  # fmt: skip
    rows += [rows[i - 1] for i in DUPLICATES]
    types = {
        "id_pdc_itinerance": "text",
        "code_insee_commune": "text",
        "nbre_pdc": "integer",
        "puissance_nominale": "number",
        "gratuit": "boolean",
        "date_maj": "date",
    }
    return text_table(HEADER, rows, separator=",", newline="\n"), Truth(
        "csv", encoding="utf-8", separator=",", header_row=1, rows=len(rows), types=types, geometry="point"
    )


FILE = RawFile(
    "irve.csv",
    "Bornes de recharge",
    Dossier(
        "bornes-recharge",
        "Bornes de recharge pour véhicules électriques",
        "Points de charge ouverts au public : adresse, puissance, prises, horaires et position, au schéma national des infrastructures de recharge.",
        "mobilites",
        ("TRAN", "ENER"),
        ("borne de recharge", "véhicule électrique", "irve"),
        "monthly",
        about="Une ligne par point de charge, aux noms de colonnes du schéma national.",
        schema="irve",
        period=("{year}-01-01", "{today}"),
    ),
    write,
)
