"""Is a plan what it says? Every rule of the job, looked at again from the plan alone: shares no code with
what made it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

from parvis.methods.rounds.job import Job, Plan, Round

SLACK_S = 0.05
SLACK = 1e-6


@dataclass(frozen=True, slots=True)
class Fault:
    """A rule that a plan breaks. round: its place in the plan, -1 for the plan as a whole."""

    rule: str
    round: int
    text: str


def faults(job: Job, plan: Plan) -> list[Fault]:
    """Everything that is wrong with a plan, nothing when it keeps every rule."""
    fault_list: list[Fault] = []
    seen = Counter(v.which for r in plan.rounds for v in r.visits if v.kind == "stop")
    for i, stop in enumerate(job.stops):
        if seen[i] > 1:
            fault_list.append(Fault("once", -1, f"stop {i} emptied {seen[i]} times"))
        if not seen[i] and stop.prize is None:
            fault_list.append(Fault("all", -1, f"stop {i} left"))
        if bool(seen[i]) == (i in plan.left):
            fault_list.append(Fault("said", -1, f"stop {i} is said to be left and is not, or the reverse"))
    if unknown := [i for i in seen if not 0 <= i < len(job.stops)]:
        fault_list.append(Fault("known", -1, f"no such stops: {unknown}"))
        return fault_list
    used = Counter(r.truck for r in plan.rounds)
    for k, count in used.items():
        if not 0 <= k < len(job.trucks):
            fault_list.append(Fault("known", -1, f"no such truck: {k}"))
            return fault_list
        if count > job.trucks[k].count:
            fault_list.append(
                Fault("fleet", -1, f"{count} trucks of kind {k}, there are {job.trucks[k].count}")
            )
    for number, one in enumerate(plan.rounds):
        fault_list += [Fault(rule, number, text) for rule, text in _round(job, one)]
    return fault_list


def _round(job: Job, one: Round) -> list[tuple[str, str]]:
    truck = job.trucks[one.truck]
    wrong: list[tuple[str, str]] = []
    if one.leave_s < truck.hours[0] - SLACK_S or one.back_s > truck.hours[1] + SLACK_S:
        wrong.append(("shift", f"out from {one.leave_s:.0f} to {one.back_s:.0f}, allowed {truck.hours}"))
    at, clock = truck.start, one.leave_s
    aboard, collected, emptied, rests = truck.aboard, 0.0, 0, 0
    for position, visit in enumerate(one.visits):
        if visit.kind == "rest":
            # A rest before the work is taken where the truck goes: it stands at the next place.
            place, work = (
                _ahead(job, one, position, at, clock),
                0.0 if truck.rest is None else float(truck.rest.seconds),
            )
            rests += 1
            if truck.rest is None:
                wrong.append(("rest", "a rest that nobody asked for"))
            elif not truck.rest.begins[0] - SLACK_S <= visit.begin_s <= truck.rest.begins[1] + SLACK_S:
                wrong.append(("rest", f"begins at {visit.begin_s:.0f}, allowed {truck.rest.begins}"))
        elif visit.kind == "tip":
            tip = job.tips[visit.which]
            place, work = tip.place, float(tip.service_s)
            aboard = 0.0
            if visit.begin_s < tip.hours[0] - SLACK_S or visit.leave_s > tip.hours[1] + SLACK_S:
                wrong.append(
                    (
                        "tip hours",
                        f"tip {visit.which} from {visit.begin_s:.0f} to {visit.leave_s:.0f}, open {tip.hours}",
                    )
                )
        else:
            stop = job.stops[visit.which]
            place, work = stop.place, float(stop.service_s)
            aboard += stop.load
            collected += stop.load
            emptied += 1
            if aboard > truck.capacity + SLACK:
                wrong.append(
                    ("capacity", f"{aboard:.2f} aboard after stop {visit.which}, room for {truck.capacity}")
                )
            if not any(low - SLACK_S <= visit.begin_s <= high + SLACK_S for low, high in stop.windows):
                wrong.append(("window", f"stop {visit.which} at {visit.begin_s:.0f}, allowed {stop.windows}"))
        needed = clock + float(job.seconds[at, place])
        if visit.arrive_s < needed - SLACK_S:
            wrong.append(
                (
                    "time",
                    f"{visit.kind} {visit.which} reached at {visit.arrive_s:.0f}, not possible before {needed:.0f}",
                )
            )
        if visit.begin_s < visit.arrive_s - SLACK_S or visit.leave_s < visit.begin_s + work - SLACK_S:
            wrong.append(
                (
                    "time",
                    f"{visit.kind} {visit.which}: {visit.arrive_s:.0f}, {visit.begin_s:.0f}, {visit.leave_s:.0f} for {work:.0f} s of work",
                )
            )
        at, clock = place, visit.leave_s
    needed = clock + float(job.seconds[at, truck.end])
    if one.back_s < needed - SLACK_S:
        wrong.append(("time", f"home at {one.back_s:.0f}, not possible before {needed:.0f}"))
    if job.tips and aboard > SLACK:
        wrong.append(("empty", f"comes home with {aboard:.2f} aboard"))
    if collected > truck.day_load + SLACK:
        wrong.append(("day load", f"{collected:.2f} collected, allowed {truck.day_load}"))
    if emptied > truck.day_stops:
        wrong.append(("day stops", f"{emptied} stops, allowed {truck.day_stops}"))
    if truck.rest is not None:
        owed = one.leave_s < truck.rest.begins[1] - SLACK_S and one.back_s > truck.rest.begins[1] + SLACK_S
        if rests > 1 or (owed and not rests):
            wrong.append(("rest", f"{rests} rests, out from {one.leave_s:.0f} to {one.back_s:.0f}"))
    for before, after in pairwise(one.visits):
        if after.arrive_s < before.leave_s - SLACK_S:
            wrong.append(("time", "visits overlap"))
    return wrong


def _ahead(job: Job, one: Round, position: int, at: int, clock: float) -> int:
    """Where a rest is taken: at the next place when there was time to go there before it, else where the
    truck stands.
    """
    following = next((v for v in one.visits[position + 1 :] if v.kind != "rest"), None)
    if following is None:
        return at
    place = job.tips[following.which].place if following.kind == "tip" else job.stops[following.which].place
    return place if one.visits[position].arrive_s >= clock + float(job.seconds[at, place]) - SLACK_S else at
