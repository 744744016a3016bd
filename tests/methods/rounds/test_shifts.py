"""Trips packed into shifts: against every way of sharing them out, and against a checker that walks the
network itself.
"""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from parvis.methods.rounds.job import Break, Tip
from parvis.methods.rounds.shift_checking import faults
from parvis.methods.rounds.shifts import Crew, Packed, Work, pack, timed
from parvis.methods.rounds.streets import Network, Streets, Trips, plan, ways
from tests.methods.rounds.test_streets import grid

TURN = 30.0
REST = Break(1200, (3600, 3 * 3600))


class Sector:
    """Sixteen streets of a small town, served slowly; trucks at one corner, the tip at another."""

    def __init__(
        self,
        seed: int,
        capacity: float,
        crew: tuple[int, tuple[int, int], Break | None] = (3, (0, 7 * 3600), REST),
    ) -> None:
        self.network: Network = grid(4, seed)
        half = len(self.network.tail) // 2
        self.forth = np.random.default_rng(seed).permutation(half)[:16]
        self.back = self.forth + half
        arcs = self.forth, self.back
        between, from_tip, to_tip = ways(self.network, *arcs, 15, 15, turn_back=TURN)
        out = ways(self.network, *arcs, 0, 15, turn_back=TURN)[1]
        home = _between(self.network, 15, 0)
        self.tip = Tip(15, 600, (3600, 8 * 3600))
        self.serving = self.network.cost[self.forth] * 12
        self.streets = Streets(self.serving, np.ones(16), between, out, to_tip + 600 + home, capacity)
        self.work = Work(self.serving, between, to_tip, from_tip, self.tip)
        self.crews = [Crew(crew[0], crew[1], out, home, crew[2])]
        self.depots = [(crew[0], 0, crew[1], crew[2])]

    def wrong(self, trips: Trips, packed: Packed) -> list[str]:
        return faults(
            self.network,
            self.forth.tolist(),
            self.back.tolist(),
            self.serving.tolist(),
            trips.trips,
            self.depots,
            self.tip,
            packed,
            turn_back=TURN,
        )


def _between(network: Network, first: int, second: int) -> float:
    leaving = np.flatnonzero(network.tail == first)
    _, _, home = ways(network, leaving, np.full(len(leaving), -1), first, second, turn_back=TURN)
    return float((network.cost[leaving] + home[0::2]).min())


def fewest(here: Sector, trips: Trips) -> int:
    """The least number of shifts, over every way of sharing the trips out and every order within a shift."""
    n = len(trips.trips)
    held = {
        chosen: any(
            timed(trips.trips, order, here.work, here.crews, 0) is not None
            for order in itertools.permutations(chosen)
        )
        for size in range(1, n + 1)
        for chosen in itertools.combinations(range(n), size)
    }
    shares = itertools.product(range(here.crews[0].count), repeat=n)
    return min(
        len(set(s)) for s in shares if all(held[tuple(t for t in range(n) if s[t] == k)] for k in set(s))
    )


@pytest.mark.parametrize(("seed", "capacity"), [(1, 4.0), (2, 3.0), (3, 4.0)])
def test_as_few_shifts_as_any_sharing_takes(seed: int, capacity: float) -> None:
    here = Sector(seed, capacity)
    trips = plan(here.streets, iterations=500, seed=1)
    packed = pack(trips.trips, here.work, here.crews, seed=1)
    assert here.wrong(trips, packed) == []
    assert packed.left == ()
    assert len(packed.shifts) == fewest(here, trips) > 1
    assert [s.rest is not None for s in packed.shifts] == [s.back_s > REST.begins[1] for s in packed.shifts]


def test_what_finds_no_room_is_left_and_said() -> None:
    here = Sector(1, 4.0, (1, (0, 5 * 3600), None))
    trips = plan(here.streets, iterations=500, seed=1)
    packed = pack(trips.trips, here.work, here.crews, seed=1)
    assert len(packed.shifts) == 1
    assert packed.left
    assert here.wrong(trips, packed) == []
    never = pack(trips.trips, here.work, [replace(here.crews[0], hours=(0, 1800))], seed=1)
    assert (never.shifts, len(never.left)) == ((), len(trips.trips))
    with pytest.raises(ValueError, match="no truck"):
        pack(trips.trips, here.work, [], seed=1)


def test_the_truck_leaves_when_the_tip_will_be_open() -> None:
    """A short trip: nobody waits an hour at the gate."""
    here = Sector(2, 1.0)
    found = timed(((0,),), (0,), here.work, here.crews, 0)
    assert found is not None
    assert found.leave_s > 1500
    assert found.tips == (3600.0,)


def test_the_checker_finds_each_rule_that_is_broken() -> None:
    here = Sector(1, 4.0)
    trips = plan(here.streets, iterations=500, seed=1)
    packed = pack(trips.trips, here.work, here.crews, seed=1)
    at = next(k for k, s in enumerate(packed.shifts) if s.rest is not None)
    shift = packed.shifts[at]

    def broken(**changed: object) -> str:
        return " / ".join(
            here.wrong(
                trips,
                replace(
                    packed,
                    shifts=tuple(
                        replace(s, **changed) if k == at else s for k, s in enumerate(packed.shifts)
                    ),
                ),
            )
        )  # type: ignore[arg-type]

    assert "is in 0 shifts" in " / ".join(here.wrong(trips, replace(packed, shifts=packed.shifts[1:])))
    assert "is in 2 shifts" in " / ".join(here.wrong(trips, replace(packed, left=shift.trips)))
    assert "trucks of kind 0" in " / ".join(here.wrong(trips, replace(packed, shifts=packed.shifts * 4)))
    assert "is out from" in broken(leave_s=-60.0)
    assert "is home at" in broken(back_s=shift.back_s - 60)
    assert "owes a rest" in broken(rest=None)
    assert shift.rest is not None
    assert "rests at" in broken(rest=(*shift.rest[:2], 60.0))
    first = shift.begins[0]
    assert "side 1 at" in broken(begins=((first[0], first[1] - 60, *first[2:]), *shift.begins[1:]))
    assert "tip at" in broken(tips=(shift.tips[0] - 60, *shift.tips[1:]))
    assert "is at the tip at" in broken(tips=(*shift.tips[:-1], 9.0 * 3600))
