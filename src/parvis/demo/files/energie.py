"""Energy of the buildings, the street lights and the vans: meters, readings, temperatures, works."""

from __future__ import annotations

from datetime import timedelta

from parvis.demo.energy import LAMPS, METERS, WORKS, readings, temperatures
from parvis.demo.raw import Dossier, RawFile, Truth
from parvis.demo.world import World
from parvis.demo.writing import gzipped, text_table

REFERENCE = 2015


def meters(world: World) -> tuple[bytes, Truth]:
    """One row a meter."""
    rows = [
        [m.id, m.building, m.post, m.use, m.energy, f"{m.area or ''}", *_reference(m.post, m.base, m.heating)]
        for m in METERS
    ]
    header = [
        "compteur",
        "batiment",
        "poste",
        "usage",
        "energie",
        "surface_m2",
        "reference_annee",
        "reference_kwh",
    ]
    types = {"compteur": "text", "surface_m2": "number", "reference_annee": "integer"}
    content = text_table(header, rows, separator=",", encoding="utf-8")
    return content, Truth("csv", encoding="utf-8", separator=",", header_row=1, rows=len(rows), types=types)


def _reference(post: str, base: float, heating: float) -> list[str]:
    if post != "batiment":
        return ["", ""]
    return [str(REFERENCE), f"{(base * 0.85 * 365 + heating * 2100 * 0.85) * 1.12:.0f}"]


def counted(world: World) -> tuple[bytes, Truth]:
    """One row a meter and day."""
    rows = readings(world)
    header = ["compteur", "debut", "fin", "kwh", "qualite"]
    content = gzipped(text_table(header, rows, separator=",", encoding="utf-8"))
    types = {"compteur": "text", "debut": "datetime", "fin": "datetime", "kwh": "number"}
    return content, Truth(
        "gzip+csv", encoding="utf-8", separator=",", header_row=1, rows=len(rows), types=types
    )


def weather(world: World) -> tuple[bytes, Truth]:
    """One row a day."""
    days, means = temperatures(world)
    rows = [[d.isoformat(), f"{t:.1f}"] for d, t in zip(days, means.tolist(), strict=True)]
    content = text_table(["jour", "temperature"], rows, separator=",", encoding="utf-8")
    types = {"jour": "date", "temperature": "number"}
    return content, Truth("csv", encoding="utf-8", separator=",", header_row=1, rows=len(rows), types=types)


def works(world: World) -> tuple[bytes, Truth]:
    """One row an action."""
    day = world.today - timedelta(days=WORKS)
    rows = [
        ["École Pasteur", day.isoformat(), "isolation des combles", "48000", "18"],
        ["Médiathèque", (world.today - timedelta(days=LAMPS)).isoformat(), "relampage LED", "9500", "3"],
    ]
    content = text_table(
        ["batiment", "jour", "action", "cout", "gain_attendu_pct"], rows, separator=",", encoding="utf-8"
    )
    types = {"batiment": "text", "jour": "date", "action": "text", "cout": "number"}
    return content, Truth("csv", encoding="utf-8", separator=",", header_row=1, rows=len(rows), types=types)


METERS_FILE = RawFile(
    "compteurs_energie.csv",
    "Compteurs d’énergie",
    Dossier(
        "compteurs-energie",
        "Compteurs d’énergie de la commune",
        "Ce que la commune paie d’énergie : bâtiments, éclairage public, véhicules, avec la surface et l’année de référence "
        "déclarée des bâtiments.",
        "patrimoine",
        ("ENER",),
        ("énergie", "bâtiment", "compteur"),
        "annual",
        about="Une ligne par compteur.",
        period=("2021-01-01", "{today}"),
        schema="compteurs-energie",
    ),
    meters,
)

READINGS_FILE = RawFile(
    "releves_energie.gz",
    "Relevés d’énergie",
    Dossier(
        "releves-energie",
        "Relevés d’énergie de la commune",
        "Ce que chaque compteur a compté depuis 2021, jour par jour, heure par heure pour l’hôtel de ville depuis peu. Un jour "
        "absent n’a pas été relevé : ce n’est pas un jour sans consommation.",
        "patrimoine",
        ("ENER",),
        ("énergie", "consommation", "relevé"),
        "daily",
        about="Une ligne par compteur et période relevée, en kilowattheures.",
        schema="releves-energie",
    ),
    counted,
)

WEATHER_FILE = RawFile(
    "temperatures_jour.csv",
    "Températures du jour",
    Dossier(
        "temperatures",
        "Températures moyennes du jour",
        "Moyenne de chaque jour à la station du centre, qui sert à comparer les consommations par le même temps.",
        "environnement",
        ("ENVI",),
        ("température", "météo"),
        "daily",
        about="Une ligne par jour, en degrés Celsius.",
        schema="temperatures-jour",
    ),
    weather,
)

WORKS_FILE = RawFile(
    "travaux_energie.csv",
    "Travaux d’énergie",
    Dossier(
        "travaux-energie",
        "Travaux d’économie d’énergie",
        "Ce que la commune a fait pour consommer moins, bâtiment par bâtiment : l’action, son coût, le gain qui était attendu.",
        "patrimoine",
        ("ENER",),
        ("énergie", "travaux", "rénovation"),
        "annual",
        about="Une ligne par action et par bâtiment.",
        schema="travaux-energie",
    ),
    works,
)
