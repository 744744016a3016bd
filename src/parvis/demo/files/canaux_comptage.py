"""What each bicycle counter counts, at the national schema."""

from __future__ import annotations

from parvis.demo.counters import SITES, WAYS, channel, days
from parvis.demo.raw import Dossier, RawFile, Truth
from parvis.demo.world import World
from parvis.demo.writing import text_table


def write(world: World) -> tuple[bytes, Truth]:
    """Two channels a site, one each way."""
    begun = f"{days(world)[0]}T00:00:00+01:00"
    rows = [
        [channel(site, way), f"RIV-{site + 1}", "BIKE", "REMOTE TRANSMISSION", "INDUCTIVE LOOP", WAYS[way][0], WAYS[way][1], "PERMANENT", begun, 86400]
        for site in range(len(SITES))
        for way in range(len(WAYS))
    ]  # fmt: skip
    header = [
        "channel_id", "site_id", "mobility_type", "counter_transmission_type", "counter_type", "direction", "provider_direction_name", "temporality",
        "started_at", "time_step",
    ]  # fmt: skip
    types = {"channel_id": "text", "mobility_type": "text", "started_at": "datetime"}
    return text_table(header, rows, separator=",", newline="\n"), Truth(
        "csv", encoding="utf-8", separator=",", header_row=1, rows=len(rows), types=types
    )


FILE = RawFile(
    "canaux-comptage.csv",
    "Canaux de comptage des vélos",
    Dossier(
        "canaux-comptage",
        "Canaux de comptage des vélos",
        "Ce que compte chaque compteur de vélos : dans quel sens, depuis quand, à quel pas de temps ; ce qui relie les sites aux comptages de mobilité.",
        "mobilites",
        ("TRAN",),
        ("vélo", "comptage", "compteur"),
        "annual",
        about="Une ligne par canal, aux noms du schéma national : un site en a un par sens.",
        schema="canaux-comptage",
        period=("{year}-01-01", "{today}"),
    ),
    write,
)
