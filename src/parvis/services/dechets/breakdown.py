"""A truck of today broke down: the rounds that were published, shared among the trucks that are left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

from parvis.methods.rounds.job import Job, Plan, Round, Stop, Visit, driven
from parvis.methods.rounds.replanning import Replanned, replan
from parvis.services.dechets import depot
from parvis.services.dechets.compute import site
from parvis.services.dechets.depot import Bin, Place, Vehicle, clock
from parvis.services.dechets.sheets import rounds

ITERATIONS = 400


@dataclass(frozen=True, slots=True)
class Shared:
    """The rest of the day. rows: new stops of each truck, in order. left: bins that nobody can empty any
    more; km: what is driven from the breakdown on; lost: litres aboard.
    """

    done: int
    rows: tuple[Mapping[str, object], ...]
    left: tuple[str, ...]
    km: float
    lost: float


def shared(tables: Mapping[str, pa.Table], name: str, at_s: int, seed: int = 1) -> Shared | None:
    """The rounds of the same flow after the truck of round `name` stopped at `at_s` seconds after midnight;
    None when no plan was found. Raises KeyError for no such round.
    """
    every = rounds(tables)
    flow = name.rsplit(" ", 1)[0]
    names = [n for n in every if n.rsplit(" ", 1)[0] == flow]
    rows = [row for n in names for row in every[n]]
    wanted = {row["id_point"] for row in rows if row["id_point"]}
    chosen = [b for b in depot.bins(tables["conteneurs"]) if b.id in wanted]
    vehicles, tips = depot.means(tables["moyens"])
    placed = site(flow, chosen, vehicles, tips, tables.get("reseau"))
    if placed is None:
        return None
    whole, _, trucks, ends, _ = placed
    job, plan = _again(whole, [every[n] for n in names], chosen, trucks, ends)
    # a truck of the flow that stays in today may come out
    used = [sum(r.truck == k for r in plan.rounds) for k in range(len(trucks))]
    spare = [replace(t, count=t.count - used[k]) for k, t in enumerate(job.trucks) if t.count > used[k]]
    found = replan(
        job, plan, broken=names.index(name), at_s=float(at_s), iterations=ITERATIONS, seed=seed, spare=spare
    )
    return None if found is None else _told(found, names, chosen, ends)


def _again(
    whole: Job,
    published: list[list[dict[str, Any]]],
    chosen: list[Bin],
    trucks: list[Vehicle],
    ends: list[Place],
) -> tuple[Job, Plan]:
    """The job and the plan of the day, from what was published."""
    number = {b.id: i for i, b in enumerate(chosen)}
    loads = {
        row["id_point"]: float(row["volume_l"] or 0) for rows in published for row in rows if row["id_point"]
    }
    job = replace(
        whole, stops=tuple(_loaded(s, loads[b.id]) for s, b in zip(whole.stops, chosen, strict=True))
    )
    kind = {t.name: k for k, t in enumerate(trucks)}
    tip = {t.name: k for k, t in enumerate(ends)}
    made: list[Round] = []
    for rows in published:
        visits: list[Visit] = []
        for row in rows:
            begin, leave = float(_seconds(row["heure_prevue"])), float(_seconds(row["repart"]))
            if row["type_arret"] == "collecte":
                visits.append(Visit("stop", number[row["id_point"]], begin, begin, leave))
            elif row["type_arret"] == "vidage":
                visits.append(Visit("tip", tip[row["lieu"]], begin, begin, leave))
            elif row["type_arret"] == "pause":
                visits.append(Visit("rest", -1, begin, begin, leave))
        made.append(
            Round(
                kind[rows[0]["vehicule"]],
                float(_seconds(rows[0]["heure_prevue"])),
                tuple(visits),
                float(_seconds(rows[-1]["heure_prevue"])),
            )
        )
    return job, Plan(tuple(made))


def _loaded(stop: Stop, litres: float) -> Stop:
    return replace(stop, load=litres)


def _seconds(text: str) -> int:
    hour, minute = text.split(":")
    return 3600 * int(hour) + 60 * int(minute)


def _told(found: Replanned, names: list[str], chosen: list[Bin], ends: list[Place]) -> Shared:
    rows: list[Mapping[str, object]] = []
    for one in found.plan.rounds:
        of = found.of_round[one.truck]
        name = names[of] if of >= 0 else ""
        for order, visit in enumerate(one.visits, 1):
            if visit.kind == "rest":
                where, point = "", ""
            elif visit.kind == "tip":
                where, point = ends[visit.which].name, ""
            else:
                bin_ = chosen[found.stops[visit.which]]
                where, point = bin_.address, bin_.id
            rows.append(
                {
                    "tournee": name,
                    "ordre": order,
                    "heure": clock(visit.begin_s),
                    "arret": visit.kind,
                    "conteneur": point,
                    "lieu": where,
                }
            )
    left = tuple(chosen[found.stops[i]].id for i in found.plan.left)
    return Shared(
        len(found.done),
        tuple(rows),
        left,
        sum(driven(found.job, r)[0] for r in found.plan.rounds) / 1000,
        found.lost,
    )
