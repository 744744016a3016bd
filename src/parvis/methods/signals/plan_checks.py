"""Is a plan safe? Looked at second by second, by nothing that the optimiser uses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from parvis.methods.signals.values import Junction, Plan

Kind = Literal["conflict", "intergreen", "min_green", "max_red", "never_green"]


@dataclass(frozen=True, slots=True)
class Violation:
    """One rule that a plan breaks. group, other: names; seconds: what is shown; wanted: what the rule asks."""

    kind: Kind
    group: str
    other: str
    seconds: float
    wanted: float


def violations(junction: Junction, plan: Plan) -> tuple[Violation, ...]:
    """Every rule that the plan breaks: groups green together that conflict, an intergreen too short, a green too
    short, a red too long, a group that is never green.
    """
    return tuple(_violations(junction, plan))


def _violations(junction: Junction, plan: Plan) -> Iterator[Violation]:
    is_green = plan.seconds()
    for i, name in enumerate(junction.groups):
        lights = is_green[i]
        if not lights.any():
            yield Violation("never_green", name, "", 0.0, float(junction.min_green[i]))
            continue
        for length in _lengths(lights):
            if length < junction.min_green[i]:
                yield Violation("min_green", name, "", length, float(junction.min_green[i]))
        for length in _lengths(~lights):
            if length > junction.max_red[i]:
                yield Violation("max_red", name, "", length, float(junction.max_red[i]))
        for j, other in enumerate(junction.groups):
            wanted = float(junction.intergreen[i, j])
            if np.isnan(wanted):
                continue
            if (lights & is_green[j]).any():
                if i < j:
                    yield Violation("conflict", name, other, float((lights & is_green[j]).sum()), 0.0)
                continue
            gap = _least_gap(lights, is_green[j])
            if gap < wanted:
                yield Violation("intergreen", name, other, gap, wanted)


def _lengths(lights: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> list[float]:
    """Lengths of the stretches that are true, around the cycle; the whole cycle when none is false."""
    if lights.all():
        return [float(len(lights))]
    turned = np.roll(lights, -int(np.flatnonzero(~lights)[0]))
    edges = np.flatnonzero(np.diff(np.concatenate(([False], turned, [False])).astype(np.int8)))
    return [float(b - a) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _least_gap(
    before: np.ndarray[tuple[int], np.dtype[np.bool_]], after: np.ndarray[tuple[int], np.dtype[np.bool_]]
) -> float:
    """Seconds from an end of one green to the next start of another, the least of all, around the cycle."""
    cycle = len(before)
    if not after.any():
        return float(cycle)
    ends = np.flatnonzero(before & ~np.roll(before, -1)) + 1
    starts = np.flatnonzero(after & ~np.roll(after, 1))
    gaps = (starts[None, :] - ends[:, None]) % cycle
    return float(gaps.min())
