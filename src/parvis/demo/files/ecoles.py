"""Schools: a workbook whose header stands on line 4 under a merged title, with a hidden sheet."""

from __future__ import annotations

from parvis.demo.raw import Dossier, RawFile, Truth
from parvis.demo.world import POSTCODE, World, lonlat
from parvis.demo.writing import Cell, workbook

NAMES = (
    "Jean-Macé",
    "Marie-Curie",
    "Les Tanneries",
    "Louise-Michel",
    "Le Vernet",
    "Jacques-Prévert",
    "Saint-Aubin",
    "Les Micocouliers",
    "Olympe-de-Gouges",
    "La Plaine",
)
LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"


def write(world: World) -> tuple[bytes, Truth]:
    """26 schools."""
    rng = world.rng("ecoles")
    rows: list[list[Cell]] = [
        [
            f"Effectifs scolaires {world.days.term}-{world.days.term + 1}",
            None,
            None,
            None,
            None,
            None,
            None,
            None,
        ],
        ["Source : direction de l’éducation"],
        [],
    ]
    rows.append(["UAI", "École", "Niveau", "Adresse", "Code postal", "Élèves", "Latitude", "Longitude"])
    for record, (x, y, address, _) in enumerate(world.places(rng, 26), 1):
        lon, lat = lonlat(x, y)
        level = "maternelle" if record % 2 else "élémentaire"
        number = 340900 + record
        rows.append(
            [
                f"0{number}{LETTERS[number % 23]}",
                f"École {level} {NAMES[record % len(NAMES)]}",
                level,
                address,
                POSTCODE,
                int(rng.integers(60, 340)),
                round(lat, 6),
                round(lon, 6),
            ]
        )
    rows.extend(([], [f"Les effectifs sont arrêtés au 15 octobre {world.days.term}."]))
    notes: list[list[Cell]] = [["à vérifier avec l’inspection"], ["ne pas diffuser"]]
    types = {
        "UAI": "text",
        "Code postal": "text",
        "Élèves": "integer",
        "Latitude": "number",
        "Longitude": "number",
    }
    content = workbook(
        {"Effectifs": rows, "notes internes": notes}, hidden=["notes internes"], merged={"Effectifs": "A1:H1"}
    )
    return content, Truth(
        "xlsx", header_row=4, rows=26, types=types, geometry="point", planted={"hidden-sheet": (1,)}
    )


FILE = RawFile(
    "Effectifs écoles.xlsx",
    "Écoles et effectifs",
    Dossier(
        "ecoles-effectifs",
        "Écoles publiques et effectifs",
        "Écoles maternelles et élémentaires publiques : code UAI, adresse, nombre d’élèves à la rentrée. Les "
        "effectifs sont ceux que les directions d’école ont déclarés le 15 octobre.",
        "education",
        ("EDUC",),
        ("école", "élèves", "effectif scolaire"),
        "annual",
        about="Une ligne par école : effectifs constatés à la rentrée, adresse et position.",
        period=("{term}-09-01", "{term_end}-07-05"),
    ),
    write,
)
