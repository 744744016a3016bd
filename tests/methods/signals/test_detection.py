"""Queues from loops, against a street of which everything is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from parvis.methods.signals import detection
from parvis.methods.signals.detection import Estimate, Loops, Reading, Zone
from parvis.methods.signals.values import Floats

TRAVEL = 8.0
OWN = np.array([0.75, 0.25])
TWO_LANES = Loops(
    (Zone(OWN, TRAVEL), Zone(OWN[::-1], TRAVEL)),
    np.array([0, 1], np.int64),
    np.array([0, 1], np.int64),
    np.array([2, 1], np.int64),
)


@dataclass(frozen=True)
class Street:
    """What was there and what was estimated, second by second: shapes (seconds, lanes)."""

    stood: Floats
    estimated: Floats
    last: Estimate


def lived(
    *, seconds: int = 3600, seed: int = 1, missed: float = 0.0, silent: int | None = None, flow: float = 0.12
) -> Street:
    """Two lanes with an advance loop each; one vehicle in five changes lanes after the loop. Green 30 s of each 70.

    missed: share of vehicles that loops don't count; silent: an advance loop that counts nobody.
    """
    rng = np.random.default_rng(seed)
    coming: list[tuple[float, int]] = []
    standing: list[list[float]] = [[], []]
    next_out = [0.0, 0.0]
    at = detection.nobody(TWO_LANES, 0.0)
    stood, estimated = np.zeros((seconds, 2)), np.zeros((seconds, 2))
    for now in range(seconds):
        green = now % 70 < 30
        came, left = np.zeros(2, np.int64), np.zeros(2, np.int64)
        for lane in range(2):
            if rng.random() < flow:
                if rng.random() >= missed and lane != silent:
                    came[lane] += 1
                coming.append((now + TRAVEL + rng.normal(0, 0.7), lane if rng.random() < 0.8 else 1 - lane))
        for due, lane in [c for c in coming if c[0] <= now]:
            coming.remove((due, lane))
            standing[lane].append(due)
        for lane in range(2):
            if green and standing[lane] and now >= next_out[lane]:
                standing[lane].pop(0)
                next_out[lane] = now + 2.0
                left[lane] += rng.random() >= missed
        stands = np.array([bool(row) and not green for row in standing])
        at = detection.observed(
            TWO_LANES,
            at,
            Reading(came, left, stands, np.zeros(2, np.bool_)),
            np.array([green, green]),
            float(now),
        )
        stood[now] = [len(row) for row in standing]
        estimated[now] = at.shares[at.arrival <= now].sum(0)
    return Street(stood, estimated, at)


@pytest.mark.parametrize(("missed", "wrong"), [(0.0, 0.8), (0.1, 1.2)])
def test_queues_are_near_the_true_ones_after_an_hour_too(missed: float, wrong: float) -> None:
    street = lived(missed=missed)
    assert street.stood.max() >= 6, "a street without queues proves nothing"
    error = np.abs(street.estimated - street.stood)
    assert error[:1800].mean() < wrong
    assert error[1800:].mean() < wrong, "errors add up"
    blind = np.abs(street.stood - street.stood.mean(0)).mean()
    assert error.mean() < 0.6 * blind


def test_the_same_readings_give_the_same_estimate() -> None:
    one, two = lived(seconds=400), lived(seconds=400)
    assert (one.estimated == two.estimated).all()


def test_a_loop_that_counts_nobody_is_found_and_no_other() -> None:
    for seed in range(3):
        zones, lines = detection.faults(TWO_LANES, lived(seed=seed, seconds=1500, silent=1).last)
        assert zones.tolist() == [False, True]
        assert not lines.any()
        for flow in (0.004, 0.05, 0.2):
            zones, lines = detection.faults(TWO_LANES, lived(seed=seed, seconds=1500, flow=flow).last)
            assert not zones.any()
            assert not lines.any()


def test_a_line_that_stays_covered_is_found() -> None:
    at = detection.nobody(TWO_LANES, 0.0)
    reading = Reading(
        np.zeros(2, np.int64), np.zeros(2, np.int64), np.array([True, False]), np.zeros(2, np.bool_)
    )
    for now in range(320):
        at = detection.observed(TWO_LANES, at, reading, np.array([now % 60 < 30] * 2), float(now))
    assert detection.faults(TWO_LANES, at)[1].tolist() == [True, False]


def test_what_stands_at_a_red_line_is_seen_though_no_loop_counted_it() -> None:
    at = detection.nobody(TWO_LANES, 0.0)
    none = np.zeros(2, np.int64)
    reading = Reading(none, none, np.array([False, True]), np.zeros(2, np.bool_))
    at = detection.observed(TWO_LANES, at, reading, np.zeros(2, np.bool_), 1.0)
    queue = detection.queue(TWO_LANES, at, np.array([np.inf, 3.0]), 1.0)
    assert queue.group.tolist() == [1]
    assert queue.first.tolist() == [0, 0, 1]
    assert queue.size.tolist() == [1.0]


def test_behind_a_loop_that_is_covered_as_many_stand_as_usually_come() -> None:
    at = detection.nobody(TWO_LANES, 0.0)
    for now in range(600):
        came = np.array([int(now % 5 == 0), 0])
        at = detection.observed(
            TWO_LANES,
            at,
            Reading(came, came, np.zeros(2, np.bool_), np.zeros(2, np.bool_)),
            np.ones(2, np.bool_),
            float(now),
        )
    before = detection.queue(TWO_LANES, at, np.full(2, np.inf), 600.0).size.sum()
    none = np.zeros(2, np.int64)
    for now in range(600, 660):
        at = detection.observed(
            TWO_LANES,
            at,
            Reading(none, none, np.ones(2, np.bool_), np.array([True, False])),
            np.zeros(2, np.bool_),
            float(now),
        )
    after = detection.queue(TWO_LANES, at, np.full(2, np.inf), 660.0).size.sum()
    assert 8 <= after - before <= 16, "60 s at a vehicle each 5 s"


def test_who_stands_first_in_green_gives_way_to_somebody() -> None:
    at = detection.nobody(TWO_LANES, 0.0)
    none = np.zeros(2, np.int64)
    stands = Reading(none, none, np.array([True, False]), np.zeros(2, np.bool_))
    for now in range(3):
        at = detection.observed(TWO_LANES, at, stands, np.zeros(2, np.bool_), float(now))
    assert detection.queue(TWO_LANES, at, np.full(2, np.inf), 3.0).group.tolist() == [0]
    for now in range(3, 8):
        at = detection.observed(TWO_LANES, at, stands, np.ones(2, np.bool_), float(now))
    assert detection.queue(TWO_LANES, at, np.full(2, np.inf), 8.0).group.tolist() == [2]
    moves = Reading(none, np.array([1, 0]), np.array([True, False]), np.zeros(2, np.bool_))
    at = detection.observed(TWO_LANES, at, moves, np.ones(2, np.bool_), 8.0)
    at = detection.observed(TWO_LANES, at, stands, np.zeros(2, np.bool_), 9.0)
    assert detection.queue(TWO_LANES, at, np.full(2, np.inf), 9.0).group.tolist() == [0]


def test_a_lane_that_nobody_takes_is_no_fault() -> None:
    """One advance loop before two lanes, of which all take the first: the sums fit, so no loop has failed."""
    loops = Loops(
        (Zone(np.array([0.4, 0.6]), TRAVEL),),
        np.array([0, 1], np.int64),
        np.array([0, 1], np.int64),
        np.array([0, 1], np.int64),
    )
    for counts, failed in ((1, False), (0, True)):
        at = detection.nobody(loops, 0.0)
        for now in range(600):
            came = int(now % 5 == 0)
            at = detection.observed(
                loops,
                at,
                Reading(
                    np.array([came]),
                    np.array([came * counts, 0]),
                    np.zeros(2, np.bool_),
                    np.zeros(1, np.bool_),
                ),
                np.ones(2, np.bool_),
                float(now),
            )
        zones, lines = detection.faults(loops, at)
        assert not zones.any()
        assert lines.any() == failed, "one whose vehicles are missing in the sum has failed"


@pytest.mark.parametrize("every", [2, 4])
def test_where_the_street_forks_behind_a_loop_as_many_are_awaited_as_come(every: int) -> None:
    """One in so many goes on to the line; at first one in three is taken to. The light is red for as long as green."""
    loops = Loops(
        (Zone(np.ones(1), TRAVEL, 1 / 3),),
        np.zeros(1, np.int64),
        np.zeros(1, np.int64),
        np.zeros(1, np.int64),
    )
    at = detection.nobody(loops, 0.0)
    errors: list[float] = []
    standing, come = 0, 0
    for now in range(2400):
        came = int(now % 3 == 0)
        come += came
        standing += int(now % 3 == 2 and (now // 3) % every == 0)
        green = now % 60 < 30
        left = int(green and standing > 0 and now % 2 == 0)
        standing -= left
        at = detection.observed(
            loops,
            at,
            Reading(np.array([came]), np.array([left]), np.array([standing > 0]), np.zeros(1, np.bool_)),
            np.array([green]),
            float(now),
        )
        if now > 1200:
            errors.append(float(at.shares[at.arrival <= now].sum()) - standing)
    assert detection.reaches(loops, at)[0] == pytest.approx(1 / every, abs=0.05)
    assert abs(np.mean(errors)) < 1.5
    assert not np.concatenate(detection.faults(loops, at)).any()


def test_where_nobody_turns_off_every_vehicle_comes() -> None:
    assert detection.reaches(TWO_LANES, lived(seconds=900, missed=0.1).last).tolist() == [1.0, 1.0]
