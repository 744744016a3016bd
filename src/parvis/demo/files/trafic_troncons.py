"""What drives through each piece of the road network in a day."""

from __future__ import annotations

from parvis.demo.files.accidents_corporels import traffic
from parvis.demo.raw import Dossier, RawFile, Truth
from parvis.demo.world import World
from parvis.demo.writing import text_table


def write(world: World) -> tuple[bytes, Truth]:
    """A row a piece."""
    year = str(world.today.year - 1)
    rows = [[f"R-{n:05d}", str(flow), year] for n, flow in enumerate(traffic(world), 1)]
    types = {"troncon": "text", "tmja": "integer"}
    return text_table(["troncon", "tmja", "annee"], rows), Truth(
        "csv", encoding="utf-8", separator=";", header_row=1, rows=len(rows), types=types
    )


FILE = RawFile(
    "trafic_troncons.csv",
    "Trafic moyen des rues",
    Dossier(
        "trafic-troncons",
        "Trafic moyen journalier des rues",
        "Véhicules par jour en moyenne sur l’année dans chaque tronçon du réseau routier, comptés ou estimés d’après les comptages voisins par la "
        "direction des mobilités.",
        "mobilites",
        ("TRAN",),
        ("trafic", "TMJA", "voirie"),
        "annual",
        about="Une ligne par tronçon du réseau routier ; le trafic est celui des deux sens.",
        period=("{year}-01-01", "{today}"),
        schema="trafic-troncons",
    ),
    write,
)
