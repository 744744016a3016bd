"""Places of care: CSV. One writes its hours in words, one in a way that nobody can read: the first is
understood, the second is said to be unknown.
"""

from __future__ import annotations

from datetime import date

from parvis.demo.raw import Dossier, RawFile, Truth
from parvis.demo.world import INSEE, POSTCODE, World, lonlat
from parvis.demo.writing import text_table

HOURS = {
    "pharmacie": (
        "Mo-Fr 08:30-12:30,14:00-19:30; Sa 09:00-12:30; PH off",
        "Mo-Sa 08:30-20:00; SH Mo-Sa 09:00-19:00; PH off",
        "Mo-Fr 09:00-19:00; Sa 09:00-18:00; PH off",
    ),
    "centre de santé": (
        "Mo-Fr 08:00-18:30; Sa 08:30-12:00; PH off",
        "Mo-Fr 08:00-12:00,13:30-17:30; PH,SH off",
    ),
    "centre de vaccination": (
        "We 13:30-17:30; Sa 09:00-12:00; PH off",
        'Tu,Th 14:00-18:00 open "sur rendez-vous"; PH off',
    ),
    "laboratoire": ("Mo-Fr 07:00-18:00; Sa 07:00-12:00; PH off",),
    "PMI": ("Mo,Tu,Th,Fr 09:00-12:00; We 13:30-16:30; PH,SH off",),
    "urgences": ("24/7",),
}
COUNTS = {
    "pharmacie": 26,
    "centre de santé": 7,
    "centre de vaccination": 4,
    "laboratoire": 6,
    "PMI": 4,
    "urgences": 1,
}
NAMES = {
    "pharmacie": "Pharmacie",
    "centre de santé": "Centre de santé",
    "centre de vaccination": "Centre de vaccination",
    "laboratoire": "Laboratoire",
    "PMI": "PMI",
    "urgences": "Urgences de l’hôpital",
}
IN_WORDS, UNREADABLE = 4, 9
"""Records (from 1) of the pharmacies whose hours are written in French words, and so that nobody can tell."""

HEADER = ["id", "finess", "nom", "type", "adresse", "code_postal", "code_insee", "telephone", "site", "horaires", "garde", "vaccination", "accessible_fauteuil", "langues",
          "date_maj", "lat", "lon"]  # fmt: skip


def rows(world: World) -> list[list[str]]:
    """48 places, as they are written."""
    rng = world.rng("lieux-soins")
    made: list[list[str]] = []
    for kind, count in COUNTS.items():
        for n, (x, y, address, district) in enumerate(world.places(rng, count), 1):
            lon, lat = lonlat(x, y)
            hours = HOURS[kind][int(rng.integers(len(HOURS[kind])))]
            if kind == "pharmacie" and n == IN_WORDS:
                hours = "lundi-vendredi 9h-19h, samedi 9h-12h30; jours fériés fermé"
            if kind == "pharmacie" and n == UNREADABLE:
                hours = "voir affichage sur la porte"
            number = len(made) + 1
            languages = "|".join(
                [
                    "fr",
                    *(
                        code
                        for code, share in (("en", 0.5), ("ar", 0.2), ("es", 0.25), ("fsl", 0.1))
                        if rng.random() < share
                    ),
                ]
            )
            vaccinates = kind in ("centre de vaccination", "PMI") or (
                kind in ("pharmacie", "centre de santé") and bool(rng.random() < 0.7)
            )
            street = address.split(" ", 1)[1].removeprefix("rue ").removeprefix("avenue ")
            made.append(
                [
                    f"S-{number:03d}",
                    f"3400{number:05d}",
                    f"{NAMES[kind]} {street}" if kind != "urgences" else NAMES[kind],
                    kind,
                    address,
                    POSTCODE,
                    INSEE,
                    f"04670001{number:02d}",
                    f"https://soins.rivemont.example/s-{number:03d}",
                    hours,
                    "oui" if kind == "pharmacie" and n % 3 == 0 else "non",
                    "oui" if vaccinates else "non",
                    "non" if rng.random() < 0.2 else "oui",
                    languages,
                    world.days.on(date(2026, int(rng.integers(9, 12)), int(rng.integers(1, 19)))).isoformat(),
                    f"{lat:.6f}",
                    f"{lon:.6f}",
                ]
            )
            del district
    return made


def write(world: World) -> tuple[bytes, Truth]:
    """The places."""
    made = rows(world)
    content = text_table(HEADER, made, separator=",", encoding="utf-8")
    planted = {"hours in words": (IN_WORDS,), "hours unreadable": (UNREADABLE,)}
    types = {"id": "text", "finess": "text", "vaccination": "boolean", "date_maj": "date", "lat": "number"}
    return content, Truth(
        "csv",
        encoding="utf-8",
        separator=",",
        header_row=1,
        rows=len(made),
        types=types,
        geometry="point",
        planted=planted,
    )


FILE = RawFile(
    "lieux-soins.csv",
    "Lieux de soins",
    Dossier(
        "lieux-soins",
        "Lieux de soins",
        "Pharmacies, centres de santé, lieux de vaccination, laboratoires, PMI et urgences : horaires, accès en fauteuil, langues parlées. "
        "Les horaires sont vérifiés deux fois par an avec les lieux eux-mêmes.",
        "sante",
        ("HEAL",),
        ("pharmacie", "santé", "horaires", "vaccination"),
        "semiannual",
        about="Un lieu par ligne : adresse, téléphone, horaires à la façon d’OpenStreetMap, accès, langues, position.",
        schema="lieux-soins",
        period=("{year}-01-01", "{today}"),
    ),
    write,
)
