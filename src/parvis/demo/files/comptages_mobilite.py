"""Bicycles counted each day, at the national schema; a counter that is silent has no lines."""

from __future__ import annotations

from parvis.demo.counters import rows as counted
from parvis.demo.raw import Dossier, RawFile, Truth
from parvis.demo.world import World
from parvis.demo.writing import text_table


def write(world: World) -> tuple[bytes, Truth]:
    """400 days of twelve channels, less what was silent."""
    rows = [
        [name, start.isoformat().replace("+00:00", "Z"), end.isoformat().replace("+00:00", "Z"), count]
        for name, start, end, count in counted(world)
    ]
    types = {"channel_id": "text", "start_datetime": "datetime", "count": "number"}
    header = ["channel_id", "start_datetime", "end_datetime", "count"]
    return text_table(header, rows, separator=",", newline="\n"), Truth(
        "csv", encoding="utf-8", separator=",", header_row=1, rows=len(rows), types=types
    )


FILE = RawFile(
    "comptages-mobilite.csv",
    "Comptages de vélos par jour",
    Dossier(
        "comptages-mobilite",
        "Comptages de vélos par jour",
        "Vélos comptés chaque jour par chaque canal des compteurs de la ville, depuis plus d’un an, au schéma national. Un compteur en panne n’a pas "
        "de ligne : une journée absente n’est pas une journée sans vélos.",
        "mobilites",
        ("TRAN", "ENVI"),
        ("vélo", "comptage", "mobilité"),
        "daily",
        about="Une ligne par canal et par jour, aux noms du schéma national.",
        schema="comptages",
    ),
    write,
)
