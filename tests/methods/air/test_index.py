"""The index of the air on every bound, by dated tables; days and their hours; what a level needs to be
passed.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from parvis.core.errors import UsageError
from parvis.methods.air import days, exceedance, index
from parvis.methods.air.exceedance import Extent, Territory
from parvis.services.air import rules
from tests.methods.air import air_cases

PARIS = ZoneInfo("Europe/Paris")
TODAY = date(2026, 1, 15)
ATMO = index.in_force(rules.shipped().scales, "atmo", TODAY)


@pytest.mark.parametrize(("pollutant", "figure", "code", "source"), air_cases.INDEX)
def test_every_bound(pollutant: str, figure: float, code: int, source: str) -> None:
    found = index.index({pollutant: figure}, ATMO)
    assert (found.parts[pollutant], found.code, found.worst) == (code, code, (pollutant,)), source


def test_a_mean_that_is_on_a_bound_does_not_pass_it() -> None:
    """Days of tenths whose mean is a bound to the digit: what floats add behind it is no worse air."""
    rng = np.random.default_rng(20261129)
    above = 0
    for pollutant in ("pm10", "pm25"):
        for code, bound in enumerate(ATMO.bounds[pollutant], 1):
            for _ in range(200):
                hours = rng.integers(0, 2 * bound * 10 + 1, 24)
                while (lack := bound * 240 - int(hours.sum())) != 0:
                    place = rng.integers(24)
                    hours[place] = max(0, hours[place] + lack)
                values = hours / 10
                above += values.mean() > bound
                assert index.sub_index(days.figure(values, "mean").item(), ATMO.bounds[pollutant]) == code
    assert above > 20, "floats alone would have said worse"


def test_the_cases_are_more_than_the_bar_asks() -> None:
    cases = (air_cases.INDEX, air_cases.LEVELS, air_cases.EXTENT, air_cases.PERSIST, air_cases.FOLLOW)
    assert sum(len(c) for c in cases) >= 150
    assert all(c[-1] for table in cases for c in table), "each has its source"


@pytest.mark.parametrize(
    ("figures", "code", "worst", "missing"),
    [
        ({"no2": 30, "o3": 110, "pm10": 45, "pm25": 12, "so2": 5}, 3, ("o3", "pm10"), ()),
        ({"no2": 30, "o3": None, "pm10": 21, "pm25": float("nan"), "so2": 5}, 2, ("pm10",), ("o3", "pm25")),
        ({}, 0, (), ("so2", "no2", "o3", "pm10", "pm25")),
        ({"pm25": 80}, 6, ("pm25",), ("so2", "no2", "o3", "pm10")),
        ({"no2": 0, "o3": 0, "pm10": 0, "pm25": 0, "so2": 0}, 1, ("so2", "no2", "o3", "pm10", "pm25"), ()),
    ],
)
def test_the_worst_makes_the_index(
    figures: dict[str, float | None], code: int, worst: tuple[str, ...], missing: tuple[str, ...]
) -> None:
    found = index.index(figures, ATMO)
    assert (found.code, found.worst, found.missing, found.whole) == (code, worst, missing, not missing)


def test_an_event_and_a_stranger() -> None:
    assert index.index({"pm10": 30}, ATMO, event=True).code == index.EVENT
    with pytest.raises(ValueError, match="does not know co"):
        index.index({"co": 3.0}, ATMO)


def test_a_value_means_nothing_without_the_date_of_its_table() -> None:
    scales = rules.shipped().scales
    old, new = (
        index.in_force(scales, "eaqi", date(2024, 12, 31)),
        index.in_force(scales, "eaqi", date(2025, 1, 1)),
    )
    assert (index.sub_index(18, old.bounds["pm25"]), index.sub_index(18, new.bounds["pm25"])) == (2, 3)
    with pytest.raises(ValueError, match="0 tables"):
        index.in_force(scales, "atmo", date(2020, 12, 31))
    with pytest.raises(ValueError, match="2 tables"):
        index.in_force((*scales, ATMO), "atmo", TODAY)


@pytest.mark.parametrize(("pollutant", "held", "level", "grade", "source"), air_cases.LEVELS)
def test_levels(pollutant: str, held: dict[str, object], level: int | None, grade: int, source: str) -> None:
    rule = exceedance.rule_in_force(rules.shipped().rules, pollutant, TODAY)
    assert rule is not None
    hours = np.array([np.nan if v is None else v for v in held["hours"]]) if "hours" in held else None  # type: ignore[attr-defined]
    assert exceedance.reached(held.get("day"), hours, rule) == (None if level is None else (level, grade)), (
        source
    )  # type: ignore[arg-type]


def test_hours_running_do_not_stop_at_midnight() -> None:
    rule = exceedance.rule_in_force(rules.shipped().rules, "no2", TODAY)
    assert rule is not None
    evening, morning = np.array([90.0, 401.0, 402.0]), np.array([403.0] + [90.0] * 23)
    assert exceedance.reached(None, morning, rule, evening=evening) == (2, 0)
    assert exceedance.reached(None, morning, rule) == (1, 0)
    calm = np.full(24, 90.0)
    assert exceedance.reached(None, calm, rule, evening=np.array([401.0, 402.0, 403.0])) == (0, 0), (
        "those hours were enough yesterday"
    )


@pytest.mark.parametrize(("area", "people", "all_people", "local", "criterion", "source"), air_cases.EXTENT)
def test_extent(
    area: float | None, people: int | None, all_people: int, local: bool, criterion: str | None, source: str
) -> None:
    assert exceedance.counts(Extent(area, people, local), Territory(all_people)) == criterion, source


def test_tables_of_a_city_are_read_or_refused() -> None:
    text = '[[rule]]\npollutant = "pm25"\nsince = 2027-01-01\nsource = "x"\nthresholds = [{level = "alert", bound = 50, measure = "day"}]\npersistence = []'
    assert rules.read(text, name="regles/air.toml").rules[0].thresholds[0].bound == 50
    for wrong in (
        text.replace("50", '"beaucoup"'),
        text.replace("2027-01-01", '"hier"'),
        text.replace("alert", "grave"),
        text + "\n[[",
    ):
        with pytest.raises(UsageError, match=r"regles/air\.toml"):
            rules.read(wrong, name="regles/air.toml")


def test_hours_make_legal_days() -> None:
    start = datetime(2026, 10, 24, 22, tzinfo=UTC)  # 25 October, 00:00 in Paris: the day of 25 hours
    at = [start + timedelta(hours=n) for n in range(26)]
    known, grid = days.by_day(at, np.arange(26.0), PARIS)
    assert known == [date(2026, 10, 25), date(2026, 10, 26)]
    assert grid[0].tolist() == list(np.arange(25.0))
    assert (grid[1, 0], int(np.isfinite(grid[1]).sum())) == (25.0, 1)
    ended, _ = days.by_day(at[:1], np.zeros(1), PARIS, ending=True)
    assert ended == [date(2026, 10, 24)], "a stamp of the end of the hour belongs to the hour before"
    with pytest.raises(ValueError, match="time zone"):
        days.by_day([datetime(2026, 1, 1)], np.zeros(1), PARIS)  # noqa: DTZ001


def test_a_day_needs_three_quarters_of_its_hours() -> None:
    assert np.isnan(days.figure(np.r_[np.full(17, 9.0), np.full(8, np.nan)], "mean"))
    assert days.figure(np.r_[np.full(18, 9.0), np.full(7, np.nan)], "max") == 9.0
