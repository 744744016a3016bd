"""Defibrillators: x and y in Lambert-93, a placeholder date."""

from __future__ import annotations

from datetime import date

from parvis.demo.raw import Dossier, RawFile, Truth
from parvis.demo.world import World
from parvis.demo.writing import text_table


def write(world: World) -> tuple[bytes, Truth]:
    """38 devices."""
    rng = world.rng("dae")
    rows: list[list[str | int]] = []
    for record, (x, y, address, district) in enumerate(world.places(rng, 38), 1):
        checked = (
            "01/01/1900"
            if record in (7, 21)
            else f"{world.days.on(_drawn(int(rng.integers(1, 29)), int(rng.integers(1, 11)))):%d/%m/%Y}"
        )
        rows.append(
            [
                f"DAE-{record:03d}",
                f"{district}",
                address,
                "intérieur" if record % 3 else "extérieur",
                checked,
                f"{x:.2f}",
                f"{y:.2f}",
            ]
        )
    header = ["id", "lieu", "adresse", "emplacement", "derniere_verification", "x_l93", "y_l93"]
    types = {"id": "text", "derniere_verification": "date", "x_l93": "number", "y_l93": "number"}
    return text_table(header, rows), Truth(
        "csv",
        encoding="utf-8",
        separator=";",
        header_row=1,
        rows=38,
        types=types,
        geometry="point",
        planted={"placeholder": (7, 21)},
    )


def _drawn(day: int, month: int) -> date:
    return date(2026, month, day)


FILE = RawFile(
    "DAE.csv",
    "Défibrillateurs",
    Dossier(
        "defibrillateurs",
        "Défibrillateurs",
        "Défibrillateurs automatiques installés dans les bâtiments de la ville : emplacement et date de dernière vérification. En cas d’urgence, appelez "
        "d’abord le 15 ou le 112.",
        "sante",
        ("HEAL",),
        ("défibrillateur", "santé", "urgence"),
        "quarterly",
        about="Une ligne par appareil ; x et y en Lambert-93, date de la dernière vérification.",
        period=("{year}-01-01", "{today}"),
    ),
    write,
)
