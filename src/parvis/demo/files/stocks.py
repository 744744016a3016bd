"""A workbook cut in the middle of its transfer. It must be refused."""

from __future__ import annotations

from parvis.demo.raw import Dossier, RawFile, Truth
from parvis.demo.world import World
from parvis.demo.writing import workbook


def write(world: World) -> tuple[bytes, Truth]:
    """The first half of a workbook."""
    whole = workbook({"Stocks": [["Article", "Quantité"], *([f"Article {n}", n * 3] for n in range(400))]})
    return whole[: len(whole) // 2], Truth("xlsx", "refused")


FILE = RawFile(
    "stocks_ateliers.xlsx",
    "Stocks des ateliers",
    Dossier(
        "stocks-ateliers",
        "Stocks des ateliers municipaux",
        "Pièces et fournitures en stock aux ateliers.",
        "patrimoine",
        ("GOVE",),
        ("stock", "atelier"),
        "monthly",
    ),
    write,
)
