"""Health indicators of the weeks around the day of the files: CSV, invented levels in the form in which
agencies publish them.
"""

from __future__ import annotations

from datetime import timedelta

from parvis.demo.raw import Dossier, RawFile, Truth
from parvis.demo.world import World
from parvis.demo.writing import text_table

LEVELS = {
    "grippe": ("hors épidémie", "pré-épidémie", "épidémie"),
    "pollen": ("nul", "faible", "moyen"),
    "air": ("bon", "moyen", "dégradé"),
    "chaleur": ("vert", "jaune", "orange"),
}
WEEKS = 18


def write(world: World) -> tuple[bytes, Truth]:
    """Flu rises from week to week; the others stay low."""
    rng = world.rng("indicateurs-sante")
    monday = world.today - timedelta(days=world.today.weekday() + 14)
    made: list[list[str]] = []
    for week in range(WEEKS):
        first = monday + timedelta(days=7 * week)
        for name, words in LEVELS.items():
            level = (
                min(week // 3, 2)
                if name == "grippe"
                else int(rng.random() < 0.2)
                if name in ("pollen", "air")
                else 0
            )
            made.append(
                [
                    name,
                    str(level),
                    words[level],
                    first.isoformat(),
                    (first + timedelta(days=6)).isoformat(),
                    "Observatoire régional (exemple)",
                    "https://sante.rivemont.example/",
                ]
            )
    content = text_table(
        ["indicateur", "niveau", "libelle", "debut", "fin", "source", "url"],
        made,
        separator=";",
        encoding="utf-8",
    )
    return content, Truth(
        "csv",
        encoding="utf-8",
        separator=";",
        header_row=1,
        rows=len(made),
        types={"indicateur": "text", "niveau": "integer", "debut": "date"},
    )


FILE = RawFile(
    "indicateurs-sante.csv",
    "Indicateurs de santé publique",
    Dossier(
        "indicateurs-sante",
        "Indicateurs de santé publique",
        "Niveaux hebdomadaires de grippe, de pollens, de chaleur et d’air, repris des organismes qui les publient.",
        "sante",
        ("HEAL",),
        ("grippe", "pollen", "canicule", "air"),
        "weekly",
        about="Un indicateur et une semaine par ligne : niveau de 0 à 4, libellé et source.",
        schema="indicateurs-sante",
    ),
    write,
)
