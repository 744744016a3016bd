"""Sums of days that are still to be told: on the outbreak of 2011, and on drawn epidemics whose end is known."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from tests.methods.outbreaks.test_nowcast import drawn

from parvis.methods.outbreaks.nowcast import cut, nowcast, triangle
from parvis.methods.outbreaks.nowcast_total import LEAST, nowcast_total, nowcast_totals

AGES = (0, 2, 4, 7)
"""Days before the last one on which the weeks that are asked end."""


def of_2011(shared: Path, longest: int = 15) -> np.ndarray:
    with (shared / "data" / "health" / "nowcast" / "husO104Hosp.csv").open(newline="") as file:
        cases = [
            tuple(date.fromisoformat(row[k]) for k in ("dHosp", "dReport")) for row in csv.DictReader(file)
        ]
    first, last = min(day for day, _ in cases), max(report for _, report in cases)
    days, reports = ([(case[k] - first).days for case in cases] for k in (0, 1))
    known = triangle(days, reports, (last - first).days + longest, longest)
    return np.nan_to_num(known)[: (last - first).days + 1]


def held(full: np.ndarray, days: range) -> tuple[list[bool], float, float]:
    """Whether the truth of each week lies in its interval; mean widths: of the sum, and of the bounds of its days added up."""
    truth, inside, widths, added = full.sum(axis=1), list[bool](), list[float](), list[float]()
    for today in days:
        known = cut(full, today)
        spans = [(today - age - 6, today - age) for age in AGES]
        totals, by_day = nowcast_totals(known, spans), nowcast(known).quantiles
        assert totals is not None
        for (first, last), total in zip(spans, totals, strict=True):
            low, high = total.quantiles[0.025], total.quantiles[0.975]
            inside.append(low <= truth[first : last + 1].sum() <= high)
            widths.append(high - low)
            added.append(float((by_day[0.975] - by_day[0.025])[first : last + 1].sum()))
    return inside, float(np.mean(widths)), float(np.mean(added))


def test_weeks_of_2011_are_held_as_often_as_is_said(shared: Path) -> None:
    """Reports came ever sooner there: days one by one hold .79, bounds added up .87 with twelve times the width."""
    inside, width, added = held(of_2011(shared), range(30, 55))
    assert 0.90 <= np.mean(inside) <= 0.98
    assert width < 0.5 * added


def test_weeks_of_drawn_epidemics_are_held_and_narrower_than_days_added_up() -> None:
    inside, widths = list[bool](), list[tuple[float, float]]()
    for seed in range(3):
        more, width, added = held(drawn(seed, level=8.0 + 12 * seed), range(100, 150, 16))
        inside += more
        widths.append((width, added))
    assert np.mean(inside) >= 0.90
    assert all(width < 0.8 * added for width, added in widths)


def test_a_sum_is_told_by_the_same_seed_and_never_below_what_was_seen() -> None:
    known = cut(drawn(2), 120)
    one, two = (nowcast_total(known, 114, 120) for _ in range(2))
    assert one == two
    assert one is not None
    assert one.seen == np.nansum(known[114:])
    assert one.seen <= one.quantiles[0.025] <= one.expected <= one.quantiles[0.975]
    assert one.widened >= 1
    told = nowcast_total(known, 100, 106)
    assert told is not None
    assert set(told.quantiles.values()) == {told.seen}, "all of it is told"


def test_where_too_few_days_are_known_nothing_is_said() -> None:
    full = drawn(1, longest=6)
    assert nowcast_total(cut(full, LEAST - 2), 20, 26) is None
    assert nowcast_total(cut(full, LEAST - 1), 20, 26) is not None
    assert nowcast_total(cut(drawn(1, longest=20), 38), 30, 36) is None, "twice the longest delay"
    none = nowcast_total(cut(np.zeros((60, 8)), 59), 50, 56)
    assert none is not None
    assert none.expected <= 1
    with pytest.raises(ValueError, match="first no later"):
        nowcast_total(cut(full, 50), 40, 60)
