"""Buildings to defend from fire, and the risk that the département's rule gives each; a farm stands far from all water."""

from __future__ import annotations

from parvis.demo import firewater
from parvis.demo.raw import Dossier, RawFile, Truth
from parvis.demo.world import World
from parvis.demo.writing import text_table


def write(world: World) -> tuple[bytes, Truth]:
    """All of them, those that were planted first."""
    buildings, _ = firewater.drawn(world)
    rows = [
        [f"BAT-{n:04d}", one.usage, one.risk, f"{one.lat:.7f}", f"{one.lon:.7f}"] for n, one in enumerate(buildings, 1)
    ]  # fmt: skip
    types = {"id": "text", "usage": "text", "risque": "text", "latitude": "number"}
    truth = Truth(
        "csv", encoding="utf-8", separator=";", header_row=1, rows=len(rows), types=types, geometry="point",
        planted={"sans eau": tuple(n for n, one in enumerate(buildings, 1) if one.planted)},
    )  # fmt: skip
    return text_table(["id", "usage", "risque", "latitude", "longitude"], rows), truth


FILE = RawFile(
    "batiments.csv",
    "Bâtiments et risque d’incendie",
    Dossier(
        "batiments-risque-incendie",
        "Bâtiments à défendre contre l’incendie",
        "Des bâtiments de la ville, leur usage et le risque d’incendie que le règlement départemental leur donne. La position est celle de l’entrée.",
        "urbanisme",
        ("GOVE",),
        ("bâtiment", "incendie", "risque"),
        "annual",
        about="Une ligne par bâtiment ; jamais qui y vit.",
        period=("{year}-01-01", "{today}"),
        schema="batiments-risque-incendie",
    ),
    write,
)
