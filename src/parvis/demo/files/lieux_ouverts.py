"""Public places and their hours: CSV. One writes them in words, one so that nobody can tell, one says a closing of some
days, one something that is no closing.
"""

from __future__ import annotations

from datetime import date, timedelta

from parvis.demo.raw import Dossier, RawFile, Truth
from parvis.demo.world import INSEE, World, lonlat
from parvis.demo.writing import text_table

CLOSED_FROM, CLOSED_DAYS = 3, 2
"""The pool closes so many days from the day of the demo on, for so many days after the first."""
PLACES: tuple[tuple[str, str, str], ...] = (
    ("Hôtel de ville", "mairie", "Mo-Fr 08:30-12:00,13:30-17:30; Sa 09:00-12:00; PH off"),
    ("Mairie annexe du Vernet", "mairie", "lundi, mardi, jeudi et vendredi 9h-12h et 14h-17h ; mercredi 9h-12h"),
    ("Mairie annexe de La Plaine", "mairie", "Mo,Tu,Th,Fr 09:00-12:30; We 13:30-17:30; PH off"),
    ("Médiathèque centrale", "médiathèque", "Tu-Fr 10:00-19:00; Sa 10:00-18:00; PH off"),
    ("Médiathèque du Vernet", "médiathèque", "We 10:00-12:30,14:00-18:00; Sa 10:00-17:00; PH,SH off"),
    ("Piscine des Tanneries", "piscine", "Mo-Fr 12:00-14:00,17:00-20:00; Sa-Su 09:30-13:00,15:00-18:30; PH off"),
    ("Gymnase Saint-Aubin", "gymnase", "voir le planning affiché"),
    ("Musée des tanneurs", "musée", "We-Su 10:00-12:30,14:00-18:00; Jan 01,May 01,Dec 25 off"),
    ("Parc de la Gare", "parc", "Nov-Feb 08:00-17:30; Mar-Oct 07:30-20:30"),
    ("Parc des Coteaux", "parc", "sunrise-sunset"),
    ("Déchèterie de Port-Neuf", "déchèterie", "Mo-Sa 09:00-12:00,14:00-18:00; Su 09:00-12:00; PH off"),
    ("Marché du Centre", "marché", "Tu,Th,Sa 07:00-13:00"),
    ("Maison de quartier La Plaine", "maison de quartier", "Mo-Fr 14:00-19:00; PH,SH off"),
    ("Église Saint-Aubin, nef ouverte l’été", "lieu frais", "Jun-Sep 10:00-19:00"),
)  # fmt: skip
IN_WORDS, UNREADABLE, CLOSED, NOTED = 2, 7, 6, 4
"""Records (from 1): hours in French words, hours that nobody can read, a closing of some days, a sentence that closes nothing."""
HEADER = ["id", "nom", "type", "adresse", "code_insee", "horaires", "fermeture_exceptionnelle", "gratuit", "accessible_fauteuil", "climatise", "telephone", "url",
          "date_maj", "lat", "lon"]  # fmt: skip
_PAID = ("piscine", "musée")
_MONTHS = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
]


def rows(world: World) -> list[list[str]]:
    """The places, as they are written."""
    rng = world.rng("lieux-ouverts")
    made: list[list[str]] = []
    for number, ((name, kind, hours), (x, y, address, _)) in enumerate(
        zip(PLACES, world.places(rng, len(PLACES)), strict=True), 1
    ):
        lon, lat = lonlat(x, y)
        made.append(
            [
                f"LO-{number:03d}",
                name,
                kind,
                f"{address}, Rivemont",
                INSEE,
                hours,
                _signalled(world.today, number),
                "non" if kind in _PAID else "oui",
                "non" if rng.random() < 0.15 else "oui",
                "oui" if kind in ("médiathèque", "lieu frais", "piscine") else "non",
                f"04670002{number:02d}" if kind not in ("parc", "marché", "lieu frais") else "",
                f"https://www.rivemont.example/lieux/{number:03d}",
                (world.today - timedelta(days=int(rng.integers(5, 120)))).isoformat(),
                f"{lat:.6f}",
                f"{lon:.6f}",
            ]
        )
    return made


def _signalled(today: date, number: int) -> str:
    if number == CLOSED:
        first = today + timedelta(days=CLOSED_FROM)
        last = first + timedelta(days=CLOSED_DAYS)
        return f"Fermée du {_day(first)} au {_day(last)}"
    return "Travaux : entrée par la cour" if number == NOTED else ""


def _day(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def write(world: World) -> tuple[bytes, Truth]:
    """The places."""
    made = rows(world)
    content = text_table(HEADER, made, separator=";", encoding="utf-8")
    planted = {
        "hours in words": (IN_WORDS,),
        "hours unreadable": (UNREADABLE,),
        "closing of some days": (CLOSED,),
        "a sentence that closes nothing": (NOTED,),
    }
    types = {"id": "text", "type": "text", "gratuit": "boolean", "date_maj": "date", "lat": "number"}
    return content, Truth(
        "csv", encoding="utf-8", separator=";", header_row=1, rows=len(made), types=types, geometry="point", planted=planted
    )  # fmt: skip


FILE = RawFile(
    "lieux-ouverts.csv",
    "Horaires des lieux publics",
    Dossier(
        "lieux-ouverts",
        "Horaires des lieux publics",
        "Quand ouvrent la mairie et ses annexes, les médiathèques, la piscine, le musée, les parcs, la déchèterie, les marchés et les lieux frais, "
        "avec les fermetures annoncées.",
        "culture",
        ("GOVE",),
        ("horaires", "mairie", "médiathèque", "piscine"),
        "monthly",
        about="Un lieu par ligne : adresse, horaires à la façon d’OpenStreetMap, fermeture exceptionnelle, accès, position.",
        schema="lieux-ouverts",
        period=("{year}-01-01", "{today}"),
    ),
    write,
)
