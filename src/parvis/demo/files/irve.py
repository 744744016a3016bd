"""Charging points: UTF-8 with commas, a list in a column, « lon,lat » in one cell, two duplicates."""

from __future__ import annotations

from datetime import date

from parvis.demo.raw import Dossier, RawFile, Truth
from parvis.demo.world import INSEE, World, lonlat
from parvis.demo.writing import text_table

DUPLICATES = (31, 32)


def write(world: World) -> tuple[bytes, Truth]:
    """64 charging points, the last two written twice."""
    rng = world.rng("irve")
    rows: list[list[str | int | float]] = []
    for record, (x, y, address, _) in enumerate(world.places(rng, 62), 1):
        lon, lat = lonlat(x, y)
        rows.append(
            [
                f"FR340P{record:05d}",
                "Rivemont Recharge",
                address,
                INSEE,
                f"[{lon:.6f},{lat:.6f}]",
                int(rng.integers(1, 5)),
                float(rng.choice([7.4, 22.0, 50.0])),
                "24/7" if record % 5 else "Mo-Fr 07:00-20:00",
                "true" if rng.random() < 0.5 else "false",
                world.days.on(date(2026, int(rng.integers(1, 11)), int(rng.integers(1, 29)))).isoformat(),
            ]
        )
    rows += [rows[i - 1] for i in DUPLICATES]
    header = [
        "id_pdc_itinerance",
        "nom_enseigne",
        "adresse_station",
        "code_insee_commune",
        "coordonneesXY",
        "nbre_pdc",
        "puissance_nominale",
        "horaires",
        "gratuit",
        "date_maj",
    ]
    types = {
        "id_pdc_itinerance": "text",
        "code_insee_commune": "text",
        "nbre_pdc": "integer",
        "puissance_nominale": "number",
        "gratuit": "boolean",
        "date_maj": "date",
    }
    return text_table(header, rows, separator=",", newline="\n"), Truth(
        "csv", encoding="utf-8", separator=",", header_row=1, rows=64, types=types, geometry="point"
    )


FILE = RawFile(
    "irve.csv",
    "Bornes de recharge",
    Dossier(
        "bornes-recharge",
        "Bornes de recharge pour véhicules électriques",
        "Points de charge ouverts au public : adresse, puissance, horaires et position, aux noms de colonnes du schéma "
        "national des infrastructures de recharge.",
        "mobilites",
        ("TRAN", "ENER"),
        ("borne de recharge", "véhicule électrique", "irve"),
        "monthly",
        about="Une ligne par point de charge, aux noms de colonnes du schéma national.",
        period=("{year}-01-01", "{today}"),
    ),
    write,
)
