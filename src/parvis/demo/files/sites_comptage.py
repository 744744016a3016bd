"""Where bicycles are counted, at the national schema."""

from __future__ import annotations

from parvis.demo.counters import SITES, places
from parvis.demo.raw import Dossier, RawFile, Truth
from parvis.demo.world import INSEE, World
from parvis.demo.writing import text_table


def write(world: World) -> tuple[bytes, Truth]:
    """The sites of the city."""
    rows = [
        [f"RIV-{n + 1}", "", name, INSEE, f"{lon:.6f}", f"{lat:.6f}", "", kind]
        for n, ((name, kind), (lon, lat)) in enumerate(zip(SITES, places(world), strict=True))
    ]
    header = ["site_id", "parent_site_id", "site_name", "fr_insee_code", "xlong", "ylat", "external_ids", "infrastructure_type"]  # fmt: skip
    types = {"site_id": "text", "site_name": "text", "xlong": "number"}
    return text_table(header, rows, separator=",", newline="\n"), Truth(
        "csv", encoding="utf-8", separator=",", header_row=1, rows=len(rows), types=types, geometry="point"
    )


FILE = RawFile(
    "sites-comptage.csv",
    "Sites de comptage des vélos",
    Dossier(
        "sites-comptage",
        "Sites de comptage des vélos",
        "Les endroits de la ville où des boucles comptent les vélos, avec leur nom et leur position, au schéma national des comptages de mobilité.",
        "mobilites",
        ("TRAN",),
        ("vélo", "comptage", "compteur"),
        "annual",
        about="Une ligne par site, aux noms du schéma national.",
        schema="sites-comptage",
        period=("{year}-01-01", "{today}"),
    ),
    write,
)
