"""Drinking fountains: the national schema, three of them out of order."""

from __future__ import annotations

from datetime import date

from parvis.demo.raw import Dossier, RawFile, Truth
from parvis.demo.world import INSEE, World, lonlat
from parvis.demo.writing import text_table

DRY = (4, 17, 31)


def write(world: World) -> tuple[bytes, Truth]:
    """45 fountains."""
    rng = world.rng("fontaines")
    rows: list[list[str]] = []
    for record, (x, y, address, _) in enumerate(world.places(rng, 45), 1):
        lon, lat = lonlat(x, y)
        kind = "borne fontaine" if rng.random() < 0.8 else "fontaine type Wallace"
        dry = world.days.on(date(2026, 11, 16)).isoformat() if record in DRY else ""
        rows.append(
            [
                f"{INSEE}-F-{record:03d}",
                kind,
                "",
                "Rivemont, service des eaux",
                f"{lat:.6f}",
                f"{lon:.6f}",
                address,
                INSEE,
                "aucune",
                "2022-06-01",
                dry,
                "oui" if rng.random() < 0.7 else "non",
                "oui",
            ]
        )
    header = [
        "id",
        "type_fontaine",
        "modele",
        "gestionnaire",
        "latitude",
        "longitude",
        "adresse",
        "code_commune_insee",
        "conditions_acces",
        "date_installation",
        "indisponible",
        "accessible_pmr",
        "remplissage_contenant_possible",
    ]
    types = {
        "id": "text",
        "latitude": "number",
        "longitude": "number",
        "indisponible": "date",
        "accessible_pmr": "boolean",
    }
    return text_table(header, rows, separator=",", newline="\n"), Truth(
        "csv", encoding="utf-8", separator=",", header_row=1, rows=45, types=types, geometry="point"
    )


FILE = RawFile(
    "fontaines.csv",
    "Fontaines à boire",
    Dossier(
        "fontaines",
        "Fontaines à boire",
        "Les points d’eau potable de la ville, leur accès et ceux qui sont hors service. Le relevé est fait sur "
        "place par le service de la propreté, qui les coupe en hiver.",
        "proprete",
        ("ENVI", "HEAL"),
        ("fontaine", "eau potable"),
        "monthly",
        about="Une ligne par fontaine, aux noms du schéma national.",
        schema="fontaines",
        period=("{year}-01-01", "{today}"),
    ),
    write,
)
