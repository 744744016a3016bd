"""Opening hours in the grammar of OpenStreetMap, the one that national schemas ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from parvis.checks.declaration import Check, English
from parvis.checks.opening_hours import read
from parvis.core.late import late

if TYPE_CHECKING:
    from parvis.methods.hours import reading
else:
    reading = late("parvis.methods.hours.reading")


def _judge(text: str) -> bool:
    """The spelling of the grammar, and what the services of the city read: a text that passes is never « not
    understood » there.
    """
    if read(text).fault is not None:
        return True
    try:
        reading.read(text)
    except reading.NotHours:
        return True
    return False


opening_hours = Check(
    name="opening-hours",
    title="Horaires d’ouverture au format OpenStreetMap",
    message="Horaires non lisibles dans la colonne « {column} » : {values}.",
    fix="Écrivez les jours en anglais sur deux lettres, les heures sur quatre chiffres : « Mo-Fr 09:00-12:00,14:00-18:00; Sa 09:00-12:00; PH off ».",
    why="Les applications ne montrent « ouvert » ou « fermé » que si elles savent lire les horaires.",
    english=English(
        title="Opening hours in the OpenStreetMap form",
        message="Opening hours that can't be read in column “{column}”: {values}.",
        fix="Write days as two English letters and hours as four digits: “Mo-Fr 09:00-12:00,14:00-18:00; Sa 09:00-12:00; PH off”.",
        why="Applications show “open” or “closed” only when they can read the hours.",
    ),
    judge=_judge,
    custom="opening-hours-value",
    right=(
        "Mo-Fr 08:30-12:30,14:00-19:00",
        "24/7",
        "Mo-Sa 10:00-20:00; PH off",
        "Mo-Fr 08:00-12:00, We 14:00-18:00",
        "Mo-Fr 08:00-12:00,Mo-Fr 14:00-18:00",
        "Apr-Oct: Sa-Su 08:00-15:00",
        "Dec 20-Jan 05 off",
        "week 01-53/2 Mo 09:00-12:00",
        "Th[1,3] 14:00-17:00",
        "Mo-Su 22:00-26:00",
        "Fr 17:00+",
        'Mo-Fr 09:00-18:00 || "sur rendez-vous"',
        '"sur rendez-vous"',
        "sunrise-sunset",
        "(sunrise+01:00)-18:00",
        "SH Mo-Sa 09:00-19:00",
        "PH -1 day off",
        "easter -2 days-easter +1 day off",
        "2026 Jul 14 off",
        "2026-2028 Mo 10:00-12:00",
        "2026: Mo 10:00-12:00",
        "week 01-53/2: Mo 09:00-12:00",
        "2026-2028 Jul-Aug Mo 10:00-12:00",
        "Dec 24+Sa 09:00-12:00",
        "mo-fr 8:00-12:00",
        "",
    ),
    bad=(
        "lundi au vendredi 9h-18h",
        "Mo-Fr 25:00-26:00",
        "Mo-Fr 8h-12h",
        "lun-ven 9h-18h",
        "Mo-Fr 09:00",
        "Mo-Fr 9-12",
        "Feb 30 off",
        "Jun 30-24 off",
        "week 54 off",
        "Mo-Fr 09:00-12:00;",
        "Mo-Fr 09:60-12:00",
        "Mo-Fr 09:00-49:00",
        "Mo,,Th 09:00-12:00",
        "Mo-Fr 09:00-12:00 fermé",
        "2026-2026 Mo 10:00-12:00",
        "Mo[2] -7 days off",
        "Mo-Fr, 09:00-12:00",
        "Mo-Vr 09:00-12:00",
    ),
)
