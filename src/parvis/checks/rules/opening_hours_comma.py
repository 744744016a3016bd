"""Opening hours that people read rightly and programs don't: a comma right before a day starts a new rule
only with a blank after it.
"""

from __future__ import annotations

from parvis.checks.declaration import Check, English
from parvis.checks.opening_hours import read


def _judge(text: str) -> bool:
    hours = read(text)
    return hours.fault is None and hours.loose


opening_hours_comma = Check(
    name="opening-hours-comma",
    title="Virgule sans espace dans des horaires",
    message="Horaires dont une virgule précède un jour sans espace, dans la colonne « {column} » : {values}.",
    fix="Mettez une espace après la virgule, ou un point-virgule : « Mo-Fr 08:00-12:00, Mo-Fr 14:00-18:00 ».",
    why="Certains programmes refusent ces horaires, d’autres les lisent.",
    english=English(
        title="Comma without a blank in opening hours",
        message="Opening hours with a comma right before a day in column “{column}”: {values}.",
        fix="Put a blank after the comma, or a semicolon: “Mo-Fr 08:00-12:00, Mo-Fr 14:00-18:00”.",
        why="Some programs refuse these hours, others read them.",
    ),
    severity="warning",
    judge=_judge,
    custom="opening-hours-value",
    right=(
        "Mo-Fr 08:00-12:00, Mo-Fr 14:00-18:00",
        "Mo-Fr 08:00-12:00,14:00-18:00",
        "Mo,Tu 08:00-12:00",
        "n’importe quoi",
        "",
    ),
    bad=("Mo-Fr 08:00-12:00,Mo-Fr 14:00-18:00",),
)
