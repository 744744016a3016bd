"""What the demo city counts of its ill, as those who coordinate health share it: by quarter and by site, never public.

Planted: in one quarter, gastroenteritis three times as high as ever for five weeks, ill people in its care home, and a
task that is late. Everything else goes on as ever, within what chance leaves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import shapely

from parvis.core.types import Contact, Dataset
from parvis.demo.world import District, World, lonlat

Rows = list[dict[str, object]]
WEEKS, RISE, TIMES = 170, 5, 3
"""Weeks that are counted, the last of them that rise, and how high."""
PEOPLE_A_CASE = 500
"""Inhabitants of whom one is ill in a usual week."""
DELAYS = (0, 1, 1, 2, 2, 2, 3, 3, 4, 5, 7, 10, 14)
"""Days from the first signs to the declaration, in turn: late reports."""
SECTORS = ("Nord", "Centre-ville", "Sud")
PLANTED = "Gare"
SITES = (("ecole", "Centre", 200, 6), ("ecole", PLANTED, 180, 5), ("ehpad", PLANTED, 80, 1), ("ehpad", "Les Coteaux", 75, 1))  # fmt: skip
"""Kind, quarter, people received, ill in a usual week."""
ILL = 7
"""Ill in the planted quarter's care home, last week."""
CARE_HOME = "Ehpad des Glycines"
"""Named in a task of the group: nowhere else."""
LATE = "Appeler l’" + CARE_HOME


@dataclass(frozen=True, slots=True)
class Shared:
    """A table of the group. schema: the name that its rows follow."""

    dataset: Dataset
    schema: str
    rows: Callable[[World], Rows]


def monday(world: World) -> date:
    """The first day of the week that is not over."""
    return world.today - timedelta(days=world.today.weekday())


def code(district: District) -> str:
    """The id of a quarter among the places."""
    return district.name.lower().replace(" ", "-")


def places(world: World) -> Rows:
    """The quarters, three to a sector."""
    points = [shapely.centroid(d.shape) for d in world.districts]
    at = [lonlat(p.x, p.y) for p in points]
    return [
        {
            "lieu": code(d), "nom": d.name, "latitude": round(lat, 5), "longitude": round(lon, 5),
            "population": d.people, "secteur": SECTORS[n // 3],
        }
        for n, (d, (lon, lat)) in enumerate(zip(world.districts, at, strict=True))
    ]  # fmt: skip


def cases(world: World) -> Rows:
    """One row a case that is declared by now."""
    rng = world.rng("cas")
    rows: Rows = []
    for back in range(WEEKS, -1, -1):
        begin = monday(world) - timedelta(weeks=back)
        for district in world.districts:
            usual = (
                district.people / PEOPLE_A_CASE * (TIMES if district.name == PLANTED and back <= RISE else 1)
            )
            for n in range(round(usual * float(rng.uniform(0.9, 1.1)))):
                begun = begin + timedelta(days=n % 7)
                declared = begun + timedelta(days=DELAYS[(n + back) % len(DELAYS)])
                if declared <= world.today:
                    rows.append({"lieu": code(district), "debut": begun, "declare": declared})
    return rows


def sites(world: World) -> Rows:
    """Ill people by site and week, of weeks that are over."""
    of = {d.name: code(d) for d in world.districts}
    return [
        {
            "etablissement": f"{kind}-{of[quarter]}", "genre": kind, "lieu": of[quarter], "semaine": monday(world) - timedelta(weeks=back),
            "malades": ILL if back == 1 and (kind, quarter) == ("ehpad", PLANTED) else usual + (back + n) % 2, "accueillis": received,
        }
        for n, (kind, quarter, received, usual) in enumerate(SITES)
        for back in range(WEEKS, 0, -1)
    ]  # fmt: skip


def tasks(world: World) -> Rows:
    """Who does what: one is late, one is under way, one is done."""
    planted = next(code(d) for d in world.districts if d.name == PLANTED)

    def day(before: int) -> date:
        return world.today - timedelta(days=before)

    plan = (
        (LATE, planted, "Service santé", day(9), day(2), None),
        ("Prévenir les directions d’école", None, "Direction de l’éducation", day(4), day(-5), None),
        ("Vérifier le savon des écoles", planted, "Direction de l’éducation", day(12), day(6), day(7)),
    )
    names = ("tache", "action", "lieu", "service", "ouverte", "echeance", "faite")
    return [dict(zip(names, (f"T{n}", *task), strict=True)) for n, task in enumerate(plan, 1)]


def _of_the_group(name: str, title: str, text: str) -> Dataset:
    contact = Contact("Service des données", "donnees@rivemont.example")
    return Dataset(name, title, text, "sante", contact, access="restricted")


SHARED: Mapping[str, Shared] = {
    "lieux": Shared(
        _of_the_group("sante-quartiers", "Quartiers où la santé est suivie", "Les quartiers, leurs habitants et leur secteur."), "lieux-peuples", places,
    ),
    "liste": Shared(
        _of_the_group("sante-cas", "Gastro-entérites déclarées", "Où, quand les signes ont commencé, quand le cas a été déclaré ; ni nom, ni âge."),
        "liste-de-cas", cases,
    ),
    "etablissements": Shared(
        _of_the_group("sante-etablissements", "Malades des écoles et Ehpad suivis", "Ce que comptent écoles et Ehpad, semaine après semaine."),
        "malades-par-etablissement", sites,
    ),
    "taches": Shared(
        _of_the_group("sante-taches", "À faire, et par qui", "Qui fait quoi, depuis quand, pour quel jour."), "taches-sanitaires", tasks,
    ),
}  # fmt: skip
"""By the name of the input of the coordinators' page that reads it."""
