"""A city's tables of signals as values of the methods: one junction, its counts of an average day, its"
" plans of today."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any

import numpy as np

from parvis.core.errors import UsageError
from parvis.core.sentence import Sentence
from parvis.methods.signals import permissive
from parvis.methods.signals.values import Floats, Junction, Plan, junction
from parvis.services.declaration import Tables

LANE = 1800.0
"""Veh/h that a lane lets pass in green, where the city does not say."""
MIN_GREEN, MAX_RED = 6.0, 120.0
DAYS = {"ouvrés": range(5), "samedi": range(5, 6), "dimanche": range(6, 7)}
"""Weekdays, from 0, that a kind of day holds."""


@dataclass(frozen=True, slots=True)
class Site:
    """One junction as the city describes it. rows: of its groups, in the order of the junction's.

    lanes: 0 for a group without; left: share of its vehicles that give way; opposing: numbers of the groups
    that they give way to.
    """

    name: str
    rows: tuple[Mapping[str, Any], ...]
    junction: Junction
    lanes: Floats
    left: Floats
    opposing: tuple[tuple[int, ...], ...]


def site(tables: Tables, name: str) -> Site:
    """The junction of that name. Raises UsageError that says what is missing or contradicts itself."""
    rows = sorted(
        (r for r in tables["groupes"].to_pylist() if r["carrefour"] == name), key=lambda r: r["groupe"]
    )
    number = {r["groupe"]: i for i, r in enumerate(rows)}
    m = len(rows)
    matrix = np.full((m, m), np.nan)
    for r in tables["interverts"].to_pylist():
        if r["carrefour"] != name:
            continue
        ends, begins = (
            _known(number, r[k], name, Sentence("la matrice des interverts"))
            for k in ("groupe_ferme", "groupe_ouvert")
        )
        if ends == begins:
            raise UsageError(
                Sentence(
                    "Carrefour « {name} » : la matrice des interverts oppose le groupe « {group} » à lui-même.",
                    name=name,
                    group=r["groupe_ferme"],
                ),
                mend="Retirez cette ligne.",
            )
        matrix[ends, begins] = float(r["secondes"])
    one_way = ~np.isnan(matrix) & np.isnan(matrix.T)
    if one_way.any():
        i, j = np.argwhere(one_way)[0].tolist()
        raise UsageError(
            Sentence(
                "Carrefour « {name} » : la matrice des interverts dit le temps de « {first} » à « {second} », non l’inverse.",
                name=name,
                first=rows[i]["groupe"],
                second=rows[j]["groupe"],
            ),
            mend="Ajoutez la ligne de l’autre sens : deux groupes antagonistes le sont dans les deux.",
        )
    drives = np.array([r["nature"] != "piétons" for r in rows])
    lanes = np.where(drives, [float(r.get("voies") or 1) for r in rows], 0.0)
    each = np.array([float(r.get("debit_saturation") or LANE) for r in rows])
    opposing = tuple(
        tuple(
            _known(number, word, name, Sentence("la colonne cede_a"))
            for word in (r.get("cede_a") or "").split()
        )
        for r in rows
    )
    for i, others in enumerate(opposing):
        for j in others:
            if not np.isnan(matrix[i, j]):
                raise UsageError(
                    Sentence(
                        "Carrefour « {name} » : « {first} » cède à « {second} », mais la matrice des interverts les dit antagonistes.",
                        name=name,
                        first=rows[i]["groupe"],
                        second=rows[j]["groupe"],
                    ),
                    mend="Gardez l’un ou l’autre.",
                )
    return Site(
        name,
        tuple(rows),
        junction(
            tuple(r["groupe"] for r in rows),
            matrix,
            lanes * each,
            min_green=np.array([_or(r.get("vert_min"), MIN_GREEN) for r in rows]),
            max_red=np.array([_or(r.get("rouge_max"), MAX_RED) for r in rows]),
        ),
        lanes,
        np.array([_or(r.get("part_cede"), 0.0) for r in rows]),
        opposing,
    )


def _or(value: float | None, usual: float) -> float:
    return usual if value is None else float(value)


def _known(number: Mapping[str, int], group: str, name: str, where: Sentence) -> int:
    """The number of a group of the junction `name`. Raises UsageError for one that its table does not have."""
    if group not in number:
        raise UsageError(
            Sentence(
                "Carrefour « {name} » : {where} nomme le groupe « {group} », qui n’est pas dans la table des groupes.",
                name=name,
                where=where,
                group=group,
            ),
            mend="Ajoutez-le, ou corrigez son nom.",
        )
    return number[group]


def giving_way(one: Site, flow: Floats, *, share: float = 0.45, green_s: float = 22.0) -> Junction:
    """The junction with what left turns keep of their lanes under these flows (veh/h). share, green_s: the usual
    green, before any plan is known.
    """
    shares = np.ones((len(one.rows), len(one.rows)))
    for i, others in enumerate(one.opposing):
        if not others or one.left[i] <= 0 or one.lanes[i] <= 0:
            continue
        against = float(flow[list(others)].sum())
        turning = permissive.left_flow(np.array(against), np.array(share), np.array(green_s))
        lane = one.junction.saturation[i] / one.lanes[i]
        shares[i, list(others)] = float(
            permissive.share_left(one.left[i : i + 1], one.lanes[i : i + 1], np.array([lane]), turning[None])[
                0
            ]
        )
    j = one.junction
    return junction(
        j.groups,
        j.intergreen,
        j.saturation,
        min_green=j.min_green,
        max_red=j.max_red,
        gain=j.gain,
        passing_share=shares,
    )


@dataclass(frozen=True, slots=True)
class Counts:
    """The average day of a kind of days. flow: passages an hour, (intervals, groups), NaN where nobody counted;
    step: minutes of an interval; days: how many days were counted; first, last: of them.
    """

    flow: Floats
    step: int
    days: int
    first: date
    last: date


def counts(tables: Tables, one: Site, days: str) -> Counts:
    """What was counted on such days at a junction. Raises UsageError when nothing was, or in steps that differ."""
    number = {name: i for i, name in enumerate(one.junction.groups)}
    rows = [
        r
        for r in tables["comptages"].to_pylist()
        if r["carrefour"] == one.name and r["groupe"] in number and r["date"].weekday() in DAYS[days]
    ]
    if not rows:
        raise UsageError(
            Sentence("Carrefour « {name} » : aucun comptage sur ces jours.", name=one.name),
            mend="Choisissez d’autres jours, ou publiez ses comptages.",
        )
    steps = sorted({int(r["minutes"]) for r in rows})
    if len(steps) > 1:
        raise UsageError(
            Sentence(
                "Carrefour « {name} » : des comptages par {first} et par {second} minutes sont mêlés.",
                name=one.name,
                first=steps[0],
                second=steps[-1],
            ),
            mend="Gardez une seule durée.",
        )
    step = steps[0]
    total, seen = np.zeros((1440 // step, len(number))), np.zeros((1440 // step, len(number)))
    for r in rows:
        at: time = r["heure_debut"]
        k, g = (at.hour * 60 + at.minute) // step, number[r["groupe"]]
        total[k, g] += float(r["passages"]) * 60 / step
        seen[k, g] += 1
    mean = np.divide(total, seen, out=np.full_like(total, np.nan), where=seen > 0)
    dates = {r["date"] for r in rows}
    return Counts(mean, step, len(dates), min(dates), max(dates))


@dataclass(frozen=True, slots=True)
class Current:
    """A plan of today, with the minutes of the day from which and up to which it serves."""

    name: str
    start: int
    end: int
    plan: Plan


def current(tables: Tables, one: Site, days: str) -> list[Current]:
    """The plans that serve a junction on such days, by name; [] where the city has published none. Groups that a
    plan does not name stay red.
    """
    if "plans" not in tables:
        return []
    number = {name: i for i, name in enumerate(one.junction.groups)}
    by_name: dict[tuple[str, time, time, int, int], list[Mapping[str, Any]]] = {}
    for r in tables["plans"].to_pylist():
        if r["carrefour"] == one.name and r["jours"] in ("tous", days):
            key = (r["plan"], r["de"], r["a"], int(r["cycle"]), int(r.get("decalage") or 0))
            by_name.setdefault(key, []).append(r)
    out: list[Current] = []
    for (name, start, end, cycle, offset), rows in sorted(by_name.items(), key=lambda item: str(item[0])):
        greens: list[list[tuple[int, int]]] = [[] for _ in number]
        for r in rows:
            g = _known(number, r["groupe"], one.name, Sentence("le plan « {plan} »", plan=name))
            greens[g].append((int(r["debut"]) % cycle, min(int(r["duree"]), cycle)))
        plan = Plan(cycle, tuple(tuple(sorted(g)) for g in greens), offset)
        out.append(Current(name, _minute(start), _minute(end) or 1440, plan))
    return out


def serving(plans: Sequence[Current], minute: int) -> Current | None:
    """The plan at a minute of the day; one that passes midnight serves on both sides."""
    for one in plans:
        inside = (
            one.start <= minute < one.end if one.start < one.end else minute >= one.start or minute < one.end
        )
        if inside:
            return one
    return None


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute
