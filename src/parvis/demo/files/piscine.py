"""Pool visitors: tabs, Mac Roman, from an old machine at the desk."""

from __future__ import annotations

from datetime import date, timedelta

from parvis.demo.raw import Dossier, RawFile, Truth
from parvis.demo.world import World
from parvis.demo.writing import text_table


def write(world: World) -> tuple[bytes, Truth]:
    """300 days at two pools."""
    rng = world.rng("piscine")
    rows: list[list[str | int]] = []
    for d in range(300):
        day = world.days.on(date(2026, 1, 5)) + timedelta(days=d)
        closed = day.weekday() == 0 or day.month == 8
        for pool in ("Piscine des Tanneries", "Bassin d’été"):
            rows.append(
                [
                    f"{day:%d/%m/%Y}",
                    pool,
                    0 if closed else int(rng.poisson(260)),
                    0 if closed else int(rng.poisson(90)),
                    "fermé" if closed else "ouvert",
                ]
            )
    header = ["Date", "Établissement", "Entrées", "Entrées réduites", "État"]
    types = {"Date": "date", "Établissement": "text", "Entrées": "integer", "État": "text"}
    content = text_table(header, rows, separator="\t", encoding="mac-roman", newline="\r")
    return content, Truth("csv", encoding="mac-roman", separator="\t", header_row=1, rows=600, types=types)


FILE = RawFile(
    "frequentation piscine.txt",
    "Fréquentation des piscines",
    Dossier(
        "piscines-frequentation",
        "Fréquentation des piscines",
        "Entrées comptées chaque jour à la caisse des deux piscines, plein tarif et tarif réduit. Les scolaires et les clubs n’y "
        "sont pas.",
        "sports",
        ("EDUC", "SOCI"),
        ("piscine", "sport", "fréquentation"),
        "weekly",
        about="Une ligne par jour et par établissement ; entrées comptées aux tourniquets.",
    ),
    write,
)
