"""Signals of three junctions: groups, intergreens, plans and a fortnight of counts, a CSV each, under the schemas that
a clerk would follow. The loops in front of them are those of the feed (`demo.street`).

Planted: the evening plan of the second junction opens a street two seconds after the other closed, where six are
wanted; a loop of the third has been stuck since the morning.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import numpy as np

from parvis.demo import street
from parvis.demo.raw import Dossier, RawFile, Truth
from parvis.demo.street import Loop
from parvis.demo.world import World
from parvis.demo.writing import Cell, text_table
from parvis.methods.hours.calendars import french_public

LOOPS: Mapping[str, tuple[int, int, int, int]] = {
    "Pont": (0, 1, 3, 4),
    "Gare": (6, 7, 8, 9),
    "Marché": (10, 11, 12, 13),
}
"""Numbers of the loops in front of F1 to F4 of each junction; 11 is the one that is stuck (`street.STUCK`)."""
UNSAFE = ("Gare", "soir")
"""The junction and the plan with the planted intergreen."""
CYCLE, INTERGREEN, TO_WALK, FROM_WALK = 80, 6, 5, 8
WHEN = {
    "matin": ("07:00:00", "09:30:00", 8.3),
    "journée": ("09:30:00", "16:30:00", 13.0),
    "soir": ("16:30:00", "07:00:00", 17.7),
}
"""From, to, and the hour that a plan is made for."""
DAYS = 14
WALKERS = (60, 90)
"""Pedestrians an hour by day, on each crossing."""
PAIRS = [(f"F{a}", f"F{b}") for a in (1, 2) for b in (3, 4)] + [
    ("F1", "P1"),
    ("F2", "P1"),
    ("F3", "P2"),
    ("F4", "P2"),
]
SIDES = {
    "F1": "nord",
    "F2": "sud",
    "F3": "est",
    "F4": "ouest",
    "P1": "traversée nord et sud",
    "P2": "traversée est et ouest",
}


def _loops(world: World, name: str) -> tuple[Loop, ...]:
    known = street.loops(world)
    return tuple(known[i] for i in LOOPS[name])


def groups(world: World) -> tuple[bytes, Truth]:
    """One row a junction and group; the junction lies where its first loop does."""
    header = [
        "carrefour",
        "groupe",
        "nature",
        "entree",
        "voies",
        "vert_min",
        "rouge_max",
        "capteurs",
        "latitude",
        "longitude",
    ]
    rows: list[list[Cell]] = []
    for name in LOOPS:
        loops = _loops(world, name)
        for n, (group, side) in enumerate(SIDES.items()):
            walks = group.startswith("P")
            entry = side if walks else f"{loops[n].name}, {side}"
            counts = "" if walks else loops[n].id
            rows.append(
                [
                    name,
                    group,
                    "piétons" if walks else "véhicules",
                    entry,
                    None if walks else 2,
                    6,
                    110,
                    counts,
                    loops[0].lat,
                    loops[0].lon,
                ]
            )
    return text_table(header, rows), _truth(
        len(rows), {"carrefour": "text", "voies": "integer", "latitude": "number"}, "point"
    )


def intergreens(world: World) -> tuple[bytes, Truth]:
    """One row an ordered pair of groups that conflict."""

    def seconds(ends: str, begins: str) -> int:
        return TO_WALK if begins.startswith("P") else FROM_WALK if ends.startswith("P") else INTERGREEN

    rows: list[list[Cell]] = [
        [name, *pair, seconds(*pair)] for name in LOOPS for a, b in PAIRS for pair in ((a, b), (b, a))
    ]
    header = ["carrefour", "groupe_ferme", "groupe_ouvert", "secondes"]
    return text_table(header, rows), _truth(len(rows), {"carrefour": "text", "secondes": "number"})


def plans(world: World) -> tuple[bytes, Truth]:
    """One row a green: two stages, shared out by what passes at the hour that the plan is for."""
    header = ["carrefour", "plan", "jours", "de", "a", "cycle", "decalage", "groupe", "debut", "duree"]
    rows: list[list[Cell]] = []
    for name in LOOPS:
        for plan, (since, until, hour) in WHEN.items():
            flow = [_usual(loop, hour) for loop in _loops(world, name)]
            busy = max(flow[:2]), max(flow[2:])
            first = int(np.clip(round((CYCLE - 2 * INTERGREEN) * busy[0] / sum(busy)), 16, 52))
            second = first + INTERGREEN
            length = CYCLE - INTERGREEN - second
            early = INTERGREEN - 2 if (name, plan) == UNSAFE else 0
            slack = FROM_WALK - INTERGREEN
            greens = {
                "F1": (0, first), "F2": (0, first), "P2": (0, first - slack),
                "F3": (second - early, length + early), "F4": (second - early, length + early), "P1": (second, length - slack),
            }  # fmt: skip
            for group, (start, last) in greens.items():
                rows.append([name, plan, "tous", since, until, CYCLE, 0, group, start, last])
    return text_table(header, rows), _truth(
        len(rows), {"carrefour": "text", "cycle": "integer", "duree": "integer"}
    )


def counts(world: World) -> tuple[bytes, Truth]:
    """One row a group and a quarter of an hour of the last fortnight, as the loops saw it; pedestrians counted by hand."""
    header = ["carrefour", "groupe", "date", "heure_debut", "minutes", "passages"]
    rng = world.rng("feux")
    rows: list[list[Cell]] = []
    for name, numbers in LOOPS.items():
        loops = _loops(world, name)
        for back in range(DAYS, 0, -1):
            day = world.today - timedelta(days=back)
            free = day.weekday() >= 5 or day in french_public(day.year)
            passed = {
                f"F{n + 1}": _quarters(loops[n], numbers[n], world.seed, day.toordinal(), free)
                for n in range(4)
            }
            open_ = (np.arange(96) >= 28) & (np.arange(96) < 84)
            walked = {f"P{n + 1}": rng.poisson(np.where(open_, WALKERS[n], 6) / 4) for n in range(2)}
            for group, values in {**passed, **walked}.items():
                for k in range(96):
                    at = f"{k // 4:02d}:{k % 4 * 15:02d}:00"
                    rows.append([name, group, day.isoformat(), at, 15, int(values[k])])
    types = {"carrefour": "text", "date": "date", "minutes": "integer", "passages": "number"}
    return text_table(header, rows), _truth(len(rows), types)


def _quarters(
    loop: Loop, number: int, seed: int, ordinal: int, free: bool
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Vehicles of each quarter of an hour of a local day, from its periods of six minutes."""
    flow, _ = street.day(loop, number, seed, ordinal, free)
    minutes = np.repeat(flow / 60, 6)
    return np.rint(minutes.reshape(96, 15).sum(1))


def _usual(loop: Loop, hour: float) -> float:
    """Vehicles an hour at a time of an ordinary day, without its chances."""
    morning, evening = np.exp(-0.5 * ((hour - 8.3) / 0.9) ** 2), np.exp(-0.5 * ((hour - 17.7) / 1.3) ** 2)
    return float(loop.size * (0.5 + (1 + loop.tide) * morning + (1 - loop.tide) * evening))


def _truth(rows: int, types: Mapping[str, str], geometry: str = "") -> Truth:
    return Truth(
        "csv",
        encoding="utf-8",
        separator=";",
        header_row=1,
        rows=rows,
        types=types,
        geometry="point" if geometry else "",
    )


def _dossier(name: str, title: str, text: str, about: str) -> Dossier:
    return Dossier(
        name, title, text, "mobilites", ("TRAN",), ("feux", "carrefour", "circulation"), "irregular", about=about, schema=name.split("-")[1] + "-feux",
        period=("{year}-01-01", "{today}"),
    )  # fmt: skip


GROUPS = RawFile(
    "feux_groupes.csv", "Groupes de feux",
    _dossier(
        "feux-groupes", "Groupes de feux des carrefours", "Les lignes de feux de trois carrefours : ce qu’elles laissent passer, les règles qu’un plan doit tenir, les boucles qui les comptent.",
        "Une ligne par carrefour et groupe de feux, tels que posés dans la rue.",
    ),
    groups,
)  # fmt: skip
INTERGREENS = RawFile(
    "feux_interverts.csv", "Matrices des interverts",
    _dossier(
        "feux-interverts", "Interverts des carrefours", "Le temps entre la fin d’un vert et le début d’un vert antagoniste, pour chaque couple de groupes de trois carrefours.",
        "Une ligne par carrefour et couple ordonné de groupes antagonistes.",
    ),
    intergreens,
)  # fmt: skip
PLANS = RawFile(
    "feux_plans.csv", "Plans de feux",
    _dossier(
        "feux-plans", "Plans de feux des carrefours", "Les plans de trois carrefours, tels que les contrôleurs les suivent à l’heure : quand chaque groupe est vert dans le cycle.",
        "Une ligne par vert d’un groupe dans un plan.",
    ),
    plans,
)  # fmt: skip
COUNTS = RawFile(
    "feux_comptages.csv", "Comptages par groupe de feux",
    _dossier(
        "feux-comptages", "Comptages aux carrefours à feux", "Les véhicules comptés par les boucles et les piétons comptés à la main à trois carrefours, par quart d’heure, deux semaines durant.",
        "Une ligne par carrefour, groupe et quart d’heure, en heure locale.",
    ),
    counts,
)  # fmt: skip
