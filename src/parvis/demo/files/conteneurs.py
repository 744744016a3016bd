"""Bins, what emptied them and what empties them: CSV. How fast each fills is drawn once, and every file of
them follows from it.

Planted: bin C-0001 fills in a day and overflows every week-end; C-0002 has filled by nothing for two years,
and is emptied all the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from parvis.demo.raw import Dossier, RawFile, Truth
from parvis.demo.world import World, lonlat
from parvis.demo.writing import Cell, text_table

FLOWS = ("verre", "emballages")
VOLUME_L = {"verre": 3000, "emballages": 4000}
DAYS = 140
"""Days of history before the day of the files."""

WEEK = np.array([1.15, 0.85, 0.95, 0.95, 1.05, 1.3, 0.75])
"""How much each weekday brings, Monday first, beside a mean day."""

NOISE = 0.06
"""Variance of a day per mean, in parts of the volume."""

NAMES = ("lun", "mar", "mer", "jeu", "ven", "sam", "dim")
CALENDAR = {1: ("mer",), 2: ("lun", "jeu"), 3: ("lun", "mer", "ven"), 6: NAMES[:6]}
_ZONE = ZoneInfo("Europe/Paris")


@dataclass(frozen=True, slots=True)
class Bins:
    """Bins and their past. rate: parts of the volume a day; brought: (days, bins); often: emptyings a week,
    by district and flow, as the rounds of today have it.
    """

    rows: tuple[tuple[float, float, str, str, str], ...]
    rate: NDArray[np.float64]
    often: tuple[int, ...]
    sensor: NDArray[np.bool_]
    brought: NDArray[np.float64]


@lru_cache(maxsize=1)
def bins(world: World) -> Bins:
    """Sixty bins of each flow."""
    rng = world.rng("conteneurs")
    rows: list[tuple[float, float, str, str, str]] = []
    for flow in FLOWS:
        rows += [(x, y, address, district, flow) for x, y, address, district in world.places(rng, 60)]
    pace = {d.name: float(rng.lognormal(0, 0.25)) for d in world.districts}
    base = np.array([0.10 if r[4] == "verre" else 0.16 for r in rows])
    rate = base * np.array([pace[r[3]] for r in rows]) * rng.lognormal(0, 0.45, len(rows))
    rate[0], rate[1] = 0.9, 0.002
    often: list[int] = []
    for row in rows:
        same = np.array([rate[i] for i, other in enumerate(rows) if other[3:] == row[3:]])
        # a whole district goes by what its fuller bins need
        need = float(np.quantile(same, 0.8))
        often.append(1 if need * 7 <= 0.9 else 2 if need * 4 <= 0.9 else 3 if need * 3 <= 0.9 else 6)
    first = (world.today - timedelta(days=DAYS)).weekday()
    mean = rate[None, :] * WEEK[(np.arange(DAYS) + first) % 7][:, None]
    return Bins(tuple(rows), rate, tuple(often), rng.random(len(rows)) < 0.3, rng.gamma(mean / NOISE, NOISE))


def _id(i: int) -> str:
    return f"C-{i + 1:04d}"


def containers(world: World) -> tuple[bytes, Truth]:
    """One row a bin."""
    made = bins(world)
    rows: list[list[Cell]] = []
    for i, (x, y, address, district, flow) in enumerate(made.rows):
        lon, lat = lonlat(x, y)
        rows.append(
            [
                _id(i),
                flow,
                VOLUME_L[flow],
                address,
                district,
                "oui" if made.sensor[i] else "non",
                f"{lat:.6f}",
                f"{lon:.6f}",
            ]
        )
    header = ["id_point", "flux", "volume_l", "adresse", "quartier", "sonde", "lat", "lon"]
    types = {"id_point": "text", "flux": "text", "volume_l": "integer", "sonde": "boolean"}
    return text_table(header, rows), Truth(
        "csv", encoding="utf-8", separator=";", header_row=1, rows=len(rows), types=types, geometry="point"
    )


def readings(world: World) -> tuple[bytes, Truth]:
    """One row an emptying, the level to five per cent as the driver keys it in, and one a sensor and a
    morning of the last three weeks.
    """
    made = bins(world)
    rng = world.rng("vidages")
    level = np.zeros(len(made.rows))
    rows: list[list[Cell]] = []
    for n in range(DAYS):
        day = world.today - timedelta(days=DAYS - n)
        name = NAMES[day.weekday()]
        for i, often in enumerate(made.often):
            if made.sensor[i] and n >= DAYS - 21:
                rows.append(
                    [
                        _id(i),
                        _at(day, 5),
                        f"{np.clip(level[i] + rng.normal(0, 0.02), 0, 1):.2f}",
                        "non",
                        "sonde",
                    ]
                )
            if name in CALENDAR[often]:
                rows.append(
                    [_id(i), _at(day, 9), f"{round(20 * min(level[i], 1.0)) / 20:.2f}", "oui", "tournée"]
                )
                level[i] = 0.0
        level = level + made.brought[n]
    types = {
        "id_point": "text",
        "releve_le": "datetime",
        "remplissage": "number",
        "vide": "boolean",
        "source": "text",
    }
    content = text_table(["id_point", "releve_le", "remplissage", "vide", "source"], rows)
    return content, Truth("csv", encoding="utf-8", separator=";", header_row=1, rows=len(rows), types=types)


def _at(day: date, hour: int) -> str:
    return datetime(day.year, day.month, day.day, hour, 0, tzinfo=_ZONE).isoformat()


def yards(world: World) -> dict[str, tuple[float, float]]:
    """Metres of the depots in the west and east of the city, and of the transfer station in its north."""
    x = world.boundary.centroid.x
    streets = sorted(world.streets, key=lambda s: s.line.centroid.x)
    west, east = (
        streets[k].line.interpolate(0.5, normalized=True) for k in (len(streets) // 20, -len(streets) // 20)
    )
    north = max(
        world.streets, key=lambda s: s.line.centroid.y - abs(s.line.centroid.x - x) / 4
    ).line.interpolate(0.5, normalized=True)
    return {k: (float(p.x), float(p.y)) for k, p in {"ouest": west, "est": east, "nord": north}.items()}


def means(world: World) -> tuple[bytes, Truth]:
    """Three kinds of trucks at two depots, two places to tip."""
    spots = {k: lonlat(*at) for k, at in yards(world).items()}
    rows: list[list[Cell]] = [
        ["Grue verre", "camion", "verre", 1, 36000, None, "06:00", "13:30", 20, 150, 1250, *spots["ouest"]],
        [
            "Grue emballages",
            "camion",
            "emballages",
            2,
            90000,
            None,
            "06:00",
            "13:30",
            20,
            150,
            1250,
            *spots["est"],
        ],
        [
            "Benne de rue",
            "camion",
            "ordures ménagères",
            2,
            None,
            7000,
            "05:00",
            "12:30",
            20,
            None,
            1250,
            *spots["est"],
        ],
        [
            "Quai de transfert",
            "exutoire",
            "",
            1,
            None,
            None,
            "05:30",
            "14:00",
            15,
            None,
            None,
            *spots["nord"],
        ],
        [
            "Centre de tri",
            "exutoire",
            "emballages",
            1,
            None,
            None,
            "07:00",
            "14:00",
            20,
            None,
            None,
            *spots["est"],
        ],
    ]
    for row in rows:
        row[11:] = [f"{float(str(v)):.6f}" for v in row[11:]]
    header = [
        "nom",
        "type",
        "flux",
        "nombre",
        "capacite_l",
        "capacite_kg",
        "ouvre",
        "ferme",
        "minutes",
        "vidage_s",
        "co2_g_km",
        "longitude",
        "latitude",
    ]
    types = {"nom": "text", "nombre": "integer", "longitude": "number"}
    return text_table(header, rows), Truth(
        "csv", encoding="utf-8", separator=";", header_row=1, rows=len(rows), types=types, geometry="point"
    )


CONTAINERS = RawFile(
    "points-apport.csv",
    "Conteneurs de collecte",
    Dossier(
        "conteneurs-collecte",
        "Conteneurs de collecte",
        "Les conteneurs de verre et d’emballages que la ville vide : flux, volume, adresse, et s’ils ont une sonde.",
        "proprete",
        ("ENVI",),
        ("conteneur", "collecte", "verre", "emballages"),
        "monthly",
        about="Une ligne par conteneur : flux, volume, adresse et position.",
        period=("{year}-01-01", "{today}"),
        schema="points-apport",
    ),
    containers,
)
READINGS = RawFile(
    "releves-conteneurs.csv",
    "Relevés des conteneurs",
    Dossier(
        "releves-conteneurs",
        "Relevés des conteneurs",
        "À quel point chaque conteneur était plein quand le camion l’a vidé, à cinq pour cent près, et ce que disent les sondes chaque "
        "matin des trois dernières semaines.",
        "proprete",
        ("ENVI",),
        ("conteneur", "collecte", "vidage", "remplissage", "sonde"),
        "daily",
        about="Une ligne par vidage, ou par sonde et par matin.",
        schema="releves-conteneurs",
    ),
    readings,
)
MEANS = RawFile(
    "moyens-collecte.csv",
    "Moyens de collecte",
    Dossier(
        "moyens-collecte",
        "Moyens de collecte",
        "Les camions de la collecte et leurs dépôts, ce qu’ils emportent, leurs heures, et les exutoires où "
        "ils se vident, avec leurs heures d’ouverture.",
        "proprete",
        ("ENVI",),
        ("collecte", "camion", "dépôt", "exutoire"),
        "annual",
        about="Une ligne par sorte de camion à un dépôt, ou par exutoire.",
        period=("{year}-01-01", "{today}"),
        schema="moyens-collecte",
    ),
    means,
)
