"""Facilities: a cp1252 CSV with title lines above the header, French decimals, and three rows with swapped
coordinates.
"""

from __future__ import annotations

from parvis.demo.raw import Dossier, RawFile, Truth
from parvis.demo.world import INSEE, POSTCODE, World, lonlat
from parvis.demo.writing import text_table

KINDS = (
    "Gymnase",
    "Stade",
    "Médiathèque",
    "Salle polyvalente",
    "Crèche",
    "Maison de quartier",
    "Piscine",
    "Théâtre",
    "Boulodrome",
    "Skatepark",
)
SWAPPED = (17, 48, 103)


def write(world: World) -> tuple[bytes, Truth]:
    """140 facilities."""
    rng = world.rng("equipements")
    rows: list[list[str | int]] = []
    for record, (x, y, address, district) in enumerate(world.places(rng, 140), 1):
        kind = KINDS[int(rng.integers(len(KINDS)))]
        lon, lat = lonlat(x, y)
        first, second = (lon, lat) if record in SWAPPED else (lat, lon)
        opened = (
            ""
            if record % 29 == 0
            else f"{int(rng.integers(1, 29)):02d}/{int(rng.integers(1, 13)):02d}/{int(rng.integers(1958, 2026))}"
        )
        rows.append(
            [
                f"EQ{record:04d}",
                f"{kind} {district}",
                kind if record % 31 else f"{kind.upper()} ",
                address,
                POSTCODE,
                INSEE,
                opened,
                "oui" if rng.random() < 0.8 else "non",
                f"{first:.6f}".replace(".", ","),
                f"{second:.6f}".replace(".", ","),
            ]
        )
    header = [
        "Identifiant",
        "Nom de l’équipement",
        "Type",
        "Adresse",
        "Code postal",
        "Code INSEE",
        "Date d’ouverture",
        "Accessible PMR",
        "Latitude",
        "Longitude",
    ]
    above = [
        "Ville de Rivemont – Direction du patrimoine;;;;;;;;;",
        f"Équipements publics, état au {world.today:%d/%m/%Y};;;;;;;;;",
        ";;;;;;;;;",
    ]
    content = text_table(header, rows, encoding="cp1252", above=above)
    types = {
        "Identifiant": "text",
        "Code postal": "text",
        "Code INSEE": "text",
        "Date d’ouverture": "date",
        "Accessible PMR": "boolean",
        "Latitude": "number",
        "Longitude": "number",
    }
    return content, Truth(
        "csv",
        encoding="cp1252",
        separator=";",
        header_row=4,
        rows=140,
        types=types,
        geometry="point",
        planted={"swapped-coordinates": SWAPPED},
    )


FILE = RawFile(
    "equipements_{year}.csv",
    "Équipements publics",
    Dossier(
        "equipements-publics",
        "Équipements publics",
        "Gymnases, stades, médiathèques, crèches, salles et maisons de quartier de Rivemont : adresse, accessibilité et "
        "position. Relevé par la direction du patrimoine deux fois par an, sur place pour l’accessibilité.",
        "patrimoine",
        ("SOCI", "REGI"),
        ("équipement", "sport", "culture", "accessibilité"),
        "semiannual",
        about="Une ligne par équipement ; position relevée sur place, accessibilité vérifiée par la direction du patrimoine.",
        period=("{year}-01-01", "{today}"),
    ),
    write,
)
