"""Public toilets: UTF-16 as a spreadsheet exports « Unicode text »."""

from __future__ import annotations

from parvis.demo.raw import Dossier, RawFile, Truth
from parvis.demo.world import World, lonlat
from parvis.demo.writing import text_table


def write(world: World) -> tuple[bytes, Truth]:
    """33 toilets."""
    rng = world.rng("toilettes")
    rows: list[list[str]] = []
    for record, (x, y, address, district) in enumerate(world.places(rng, 33), 1):
        lon, lat = lonlat(x, y)
        rows.append(
            [
                f"WC{record:02d}",
                address,
                district,
                "gratuit",
                "oui" if record % 4 else "non",
                "6h-22h" if record % 3 else "24h/24",
                f"{lat:.6f}, {lon:.6f}",
            ]
        )
    header = ["ref", "adresse", "quartier", "tarif", "accès fauteuil", "horaires", "position"]
    content = text_table(header, rows, separator="\t", encoding="utf-16")
    return content, Truth(
        "csv",
        encoding="utf-16",
        separator="\t",
        header_row=1,
        rows=33,
        types={"ref": "text", "accès fauteuil": "boolean"},
        geometry="point",
    )


FILE = RawFile(
    "toilettes publiques.txt",
    "Toilettes publiques",
    Dossier(
        "toilettes-publiques",
        "Toilettes publiques",
        "Sanitaires ouverts à tous : adresse, horaires et accès en fauteuil. Signalez un sanitaire fermé à la mairie de quartier.",
        "proprete",
        ("HEAL", "SOCI"),
        ("toilettes", "sanitaires", "accessibilité"),
        "semiannual",
        about="Une ligne par sanitaire : adresse, tarif, accès en fauteuil, horaires, position.",
        period=("{year}-01-01", "{today}"),
    ),
    write,
)
