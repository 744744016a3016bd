"""Rounds by PyVRP: iterated local search over a job put into its words.

What PyVRP has no word for is said so (the first two after facts of the field, all checked afterwards by
`checking`, which shares no code with this):
- tip before home: the end of a shift is a place of its own, reached from x by way of the tip that makes the
  way home shortest;
- a daily load over all trips: each stop's load is put on the ways that lead to it, in the matrix of
  distances, whose sum PyVRP can bound; the cost is then
time;
- a rest: it is cut out of the day. Windows that close after its earliest beginning close sooner by its
  length, the shift ends sooner, and `timetable` puts
it back. Times are searched in tenths of a second and loads in hundredths, always rounded to the safe side.
Stopped by iterations, never by a clock: the same seed gives the same plan. Source: N. A. Wouda, L. Lan, W.
Kool, PyVRP: a high-performance VRP solver package, INFORMS Journal on Computing 36 (2024), 943-955.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from parvis.core.late import late
from parvis.methods.rounds.job import Job, Plan, Round, Truck, Window
from parvis.methods.rounds.timetable import Step, timed

if TYPE_CHECKING:
    import pyvrp
    from pyvrp.stop import FirstFeasible, MaxIterations, MultipleCriteria
else:
    pyvrp = late("pyvrp")
    FirstFeasible = late("pyvrp.stop", "FirstFeasible")
    MaxIterations = late("pyvrp.stop", "MaxIterations")
    MultipleCriteria = late("pyvrp.stop", "MultipleCriteria")

logging.getLogger("pyvrp").setLevel(
    logging.WARNING
)  # it speaks to standard output, which belongs to the answers of our commands

TICKS = 10
"""Search time units in a second."""

PARTS = 100
"""Search load units in one."""

_FAR = 10**15
"""More than any day has of anything."""


@dataclass(frozen=True, slots=True)
class _Model:
    """A job in PyVRP's words, and how to read its answer. clients: (stop, load) by client."""

    data: pyvrp.ProblemData
    clients: tuple[int, ...]
    kinds: tuple[int, ...]
    """By vehicle type, the kind of truck."""


def solve(
    job: Job, *, iterations: int, seed: int, first: Sequence[Sequence[Sequence[int]]] = ()
) -> Plan | None:
    """The best plan found, or None when no plan that keeps every rule was found.

    first: trips of stops to begin from, one list a truck in the order of the kinds. Raises ValueError for a
    job that does not hold together.
    """
    _refuse(job)
    if not job.stops:
        return Plan(())
    model = _model(job)
    begin = _beginning(job, model, first) if first else None
    result = pyvrp.solve(
        model.data,
        MaxIterations(iterations),
        seed=seed,
        collect_stats=False,
        display=False,
        initial_solution=begin,
    )
    return _read(job, model, result.best) if result.best.is_feasible() else None


def fewest(job: Job, *, iterations: int, seed: int, tries: int = 3) -> Job | None:
    """The job with as few trucks of its one kind as a plan was found for, or None when none was found even
    with all of them.

    Begins at the number that loads alone ask for. tries: how often, with other seeds, a number is tried
    before one truck more is granted. Raises ValueError for a job with several kinds of trucks.
    """
    (kind,) = job.trucks
    total = sum(s.load for s in job.stops if s.prize is None)
    least = max(
        1,
        math.ceil(total / kind.day_load - 1e-9) if math.isfinite(kind.day_load) else 1,
        math.ceil(len(job.stops) / kind.day_stops),
    )
    if not job.tips:
        least = max(least, math.ceil(total / kind.capacity - 1e-9))
    for count in range(least, kind.count + 1):
        smaller = replace(job, trucks=(replace(kind, count=count),))
        model = _model(smaller)
        for attempt in range(tries):
            stop = MultipleCriteria([FirstFeasible(), MaxIterations(iterations)])
            result = pyvrp.solve(model.data, stop, seed=seed + attempt, collect_stats=False, display=False)
            if result.best.is_feasible() and _read(smaller, model, result.best) is not None:
                return smaller
    return None


def _refuse(job: Job) -> None:
    n = len(job.metres)
    if job.metres.shape != (n, n) or job.seconds.shape != (n, n):
        raise ValueError(f"matrices of {job.metres.shape} and {job.seconds.shape}")
    if not (
        np.isfinite(job.metres).all()
        and np.isfinite(job.seconds).all()
        and (job.metres >= 0).all()
        and (job.seconds >= 0).all()
    ):
        raise ValueError("a way has no length or no time")
    if not job.trucks:
        raise ValueError("no truck")


def _model(job: Job) -> _Model:
    # Where the daily load binds the matrix of distances holds loads, and what is made least is time.
    capped = any(
        math.isfinite(t.day_load) and t.day_load < sum(s.load for s in job.stops) for t in job.trucks
    )
    many = any(t.day_stops < len(job.stops) for t in job.trucks)
    places: list[int] = []
    depots: list[pyvrp.Depot] = []
    ends_at: list[int] = []
    starts: list[int] = []
    for truck in job.trucks:
        starts.append(len(places))
        depots.append(pyvrp.Depot(len(places)))
        places.append(truck.start)
    for truck in job.trucks:
        ends_at.append(len(places))
        depots.append(pyvrp.Depot(len(places)))
        places.append(truck.end)
    rest = _common_rest(job)
    tips: list[int] = []
    for tip in job.tips:
        tips.append(len(places))
        low, high = _squeezed((tip.hours[0], tip.hours[1] - tip.service_s), rest)
        depots.append(
            pyvrp.Depot(
                len(places),
                tw_early=low * TICKS,
                tw_late=high * TICKS,
                service_duration=tip.service_s * TICKS,
            )
        )
        places.append(tip.place)
    # Prizes and fixed costs are said in metres; where time is made least, they are worth the time that these
    # metres take.
    unit = TICKS * (float(job.seconds.sum()) / max(float(job.metres.sum()), 1e-9) if capped or many else 1.0)
    clients: list[pyvrp.Client] = []
    groups: list[pyvrp.ClientGroup] = []
    of_client: list[int] = []
    weights = np.zeros(len(job.stops), np.int64)
    for i, stop in enumerate(job.stops):
        load = math.ceil(stop.load * PARTS - 1e-6)
        weights[i] = load
        if many:
            share = max(max(stop.load / t.day_load, 1 / t.day_stops) for t in job.trucks)
            weights[i] = math.ceil(share * 1e6)
        group = None
        if len(stop.windows) > 1:
            group = len(groups)
            groups.append(
                pyvrp.ClientGroup(
                    list(range(len(clients), len(clients) + len(stop.windows))), required=stop.prize is None
                )
            )
        for window in stop.windows:
            low, high = _squeezed(window, rest)
            clients.append(
                pyvrp.Client(
                    len(places),
                    pickup=[load],
                    service_duration=stop.service_s * TICKS,
                    tw_early=low * TICKS,
                    tw_late=max(low, high) * TICKS,
                    prize=0 if stop.prize is None else round(stop.prize * unit),
                    required=stop.prize is None and group is None,
                    group=group,
                )
            )
            of_client.append(i)
            places.append(stop.place)
    metres, seconds = _ways(job, places, ends_at, tips)
    own = np.zeros(len(places), np.int64)
    own[len(places) - len(of_client) :] = weights[of_client]
    limited = capped or many
    distances = np.broadcast_to(own, metres.shape).copy() if limited else metres
    np.fill_diagonal(distances, 0)
    vehicles: list[pyvrp.VehicleType] = []
    for k, truck in enumerate(job.trucks):
        low, high = truck.hours
        high -= truck.rest.seconds if truck.rest else 0
        bound = (
            math.floor(1e6 + 1e-6)
            if many
            else math.floor(truck.day_load * PARTS + 1e-6)
            if limited and math.isfinite(truck.day_load)
            else None
        )
        vehicles.append(
            pyvrp.VehicleType(
                num_available=truck.count,
                capacity=[math.floor(truck.capacity * PARTS + 1e-6)],
                start_depot=k,
                end_depot=len(job.trucks) + k,
                fixed_cost=round(truck.fixed * unit),
                tw_early=low * TICKS,
                tw_late=high * TICKS,
                profile=0,
                initial_load=[math.ceil(truck.aboard * PARTS - 1e-6)],
                unit_distance_cost=0 if limited else 1,
                unit_duration_cost=1 if limited else 0,
                reload_depots=list(range(2 * len(job.trucks), 2 * len(job.trucks) + len(tips))),
                max_distance=_FAR if bound is None else bound,
            )
        )
    if not limited and job.metres_per_s:
        # One unit of cost is a tenth of a metre; a tick of time costs its share by being added to the way
        # that takes it.
        distances = distances + np.rint(seconds * job.metres_per_s).astype(np.int64)
    nowhere = [pyvrp.Location(0, 0) for _ in places]
    # its stub takes an array for a shape
    data = pyvrp.ProblemData(nowhere, clients, depots, vehicles, [distances], [seconds], groups)  # pyright: ignore[reportArgumentType]
    return _Model(data, tuple(of_client), tuple(range(len(job.trucks))))


def _common_rest(job: Job) -> tuple[int, int, int] | None:
    """(length, earliest beginning, latest end) over all trucks that rest: windows are squeezed for all of
    them alike.
    """
    rests = [t.rest for t in job.trucks if t.rest]
    if not rests:
        return None
    return (
        max(r.seconds for r in rests),
        min(r.begins[0] for r in rests),
        max(r.begins[1] + r.seconds for r in rests),
    )


def _squeezed(window: Window, rest: tuple[int, int, int] | None) -> Window:
    """A window on a day from which the rest was cut out: what is kept in it is kept in the true day too."""
    low, high = max(0, window[0]), window[1]
    if rest is None:
        return low, high
    length, earliest, latest = rest
    return (low - length if low >= latest else low), max(high - length, min(high, earliest))


def _ways(
    job: Job, places: Sequence[int], ends: Sequence[int], tips: Sequence[int]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Tenths of metres and ticks between search places; the way to an end leads over the tip that makes it
    shortest.
    """
    index = np.array(places)
    metres, seconds = job.metres[np.ix_(index, index)], job.seconds[np.ix_(index, index)]
    if job.tips:
        for end in ends:
            home = places[end]
            by = np.array([t.place for t in job.tips])
            far = job.metres[np.ix_(index, by)] + job.metres[by, home]
            slow = (
                job.seconds[np.ix_(index, by)]
                + np.array([t.service_s for t in job.tips])
                + job.seconds[by, home]
            )
            best = np.argmin(far + slow * max(job.metres_per_s, 1e-3), axis=1)
            rows = np.arange(len(index))
            metres[:, end], seconds[:, end] = far[rows, best], slow[rows, best]
            metres[tips, end], seconds[tips, end] = job.metres[by, home], job.seconds[by, home]
    matrices = np.rint(metres * TICKS).astype(np.int64), np.ceil(seconds * TICKS - 1e-6).astype(np.int64)
    for matrix in matrices:
        np.fill_diagonal(matrix, 0)
    return matrices


def _steps(model: _Model, route: pyvrp.Route, kinds: int) -> list[Step]:
    """Stops and tips in order, without the depots at either end."""
    inner = list(route.schedule())[1:-1]
    return [(False, model.clients[a.idx]) if a.is_client() else (True, a.idx - 2 * kinds) for a in inner]


def _read(job: Job, model: _Model, best: pyvrp.Solution) -> Plan | None:
    rounds: list[Round] = []
    for route in best.routes():
        one = timed(job, model.kinds[route.vehicle_type()], _steps(model, route, len(job.trucks)))
        if one is None:
            return None
        rounds.append(one)
    done = {i for r in rounds for i in r.stops}
    return Plan(tuple(rounds), tuple(i for i in range(len(job.stops)) if i not in done))


def _beginning(job: Job, model: _Model, first: Sequence[Sequence[Sequence[int]]]) -> pyvrp.Solution | None:
    """The trips given, as PyVRP holds them; a stop with several windows enters by its first."""
    client_of: dict[int, int] = {}
    for client, stop in enumerate(model.clients):
        client_of.setdefault(stop, client)
    vehicle = [k for k, t in enumerate(job.trucks) for _ in range(t.count)]
    routes: list[pyvrp.Route] = []
    for k, trips in zip(vehicle, first, strict=False):
        wanted: list[pyvrp.Activity] = []
        for number, trip in enumerate(t for t in trips if t):
            if number and job.tips:
                wanted.append(pyvrp.Activity(pyvrp.ActivityType.DEPOT, 2 * len(job.trucks)))
            wanted += [pyvrp.Activity(pyvrp.ActivityType.CLIENT, client_of[s]) for s in trip]
        if wanted:
            routes.append(pyvrp.Route(model.data, wanted, k))
    return pyvrp.Solution(model.data, routes)


def without(job: Job, truck: int) -> tuple[Truck, ...]:
    """The trucks of a job with one less of a kind."""
    trucks = [replace(t, count=t.count - 1) if k == truck else t for k, t in enumerate(job.trucks)]
    return tuple(t for t in trucks if t.count)
