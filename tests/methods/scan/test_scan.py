"""Clusters in space and time: the values that SaTScan 10.3.2, smerc and SpatialEpi 1.2.8 give, and by hand."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from parvis.methods.scan.circles import circles
from parvis.methods.scan.ratios import BINS, bars, bernoulli_ratio, poisson_ratio
from parvis.methods.scan.scanning import (
    Scan,
    indirect,
    person_time,
    recurrence,
    scan_bernoulli,
    scan_permutation,
    scan_poisson,
)


@pytest.fixture(scope="module")
def data(shared: Path) -> Path:
    return shared / "data" / "health" / "scan"


def columns(path: Path) -> dict[str, np.ndarray]:
    with path.open(newline="") as file:
        told = list(csv.DictReader(file))
    return {name: np.array([float(row[name]) for row in told]) for name in told[0]}


# --- beside the others --------------------------------------------------------------------------------------


def test_new_york_equals_satscan(data: Path) -> None:
    ny = columns(data / "ny" / "smerc_nydf.csv")
    made = scan_poisson(np.floor(ny["cases"]), ny["population"], ny["x"], ny["y"])
    first, second, third = made.clusters[:3]
    assert (len(first.places), first.places[0] + 1, first.cases) == (37, 15, 117)
    assert first.ratio == pytest.approx(15.0055622644641, abs=1e-9)
    assert first.expected == pytest.approx(70.6105195, abs=1e-6)
    assert (round(first.radius, 2), round(first.relative_risk, 2), first.p) == (9.40, 1.83, 0.001)
    assert (len(second.places), second.places[0] + 1) == (11, 88)
    assert second.ratio == pytest.approx(7.85101476739355, abs=1e-9)
    assert (len(third.places), third.places[0] + 1) == (16, 113)
    assert third.ratio == pytest.approx(7.199672, abs=1e-6)
    for cluster, theirs in ((second, 0.050), (third, 0.101)):
        assert abs(cluster.p - theirs) < 4 * np.sqrt(2 * theirs * (1 - theirs) / 1000)


def test_new_york_by_great_circles_equals_smerc(data: Path) -> None:
    ny = columns(data / "ny" / "smerc_nydf.csv")
    made = scan_poisson(
        np.floor(ny["cases"]), ny["population"], ny["latitude"], ny["longitude"], geographic=True, share=0.1
    )
    first, second = made.clusters[:2]
    assert (len(first.places), first.places[0] + 1, first.cases) == (26, 52, 95)
    assert first.ratio == pytest.approx(13.789127985241, abs=1e-9)
    assert (len(second.places), round(second.ratio, 8)) == (9, 8.28705568)


@pytest.mark.parametrize("share", [0.5, 0.15])
def test_new_york_by_cases_among_people_equals_spatialepi(data: Path, share: float) -> None:
    ny, grid = columns(data / "ny" / "NYleukemia.csv"), columns(data / "ny" / "NYleukemia_grid_km.csv")
    made = scan_bernoulli(
        np.floor(ny["cases"]), ny["population"], grid["x"], grid["y"], share=share, replicates=99
    )
    first = made.clusters[0]
    assert (len(first.places), first.cases, ny["population"][list(first.places)].sum()) == (30, 106, 118_102)
    assert first.ratio == pytest.approx(15.1868943403, rel=1e-9)
    assert first.ratio == pytest.approx(15.18689433855844, abs=1e-11), (
        "by 40 digits; theirs is rounded at 1.7e-9"
    )
    assert first.p <= 0.02


def test_every_circle_of_new_york_has_the_ratio_of_spatialepi(data: Path) -> None:
    ny, grid = columns(data / "ny" / "NYleukemia.csv"), columns(data / "ny" / "NYleukemia_grid_km.csv")
    cases, people = np.floor(ny["cases"]), ny["population"]
    found = circles(grid["x"], grid["y"], people, 0.5)
    told = columns(data / "ny" / "NY_binomial_floor_all_zone_llr.csv")["l"]
    ours = np.concatenate(
        [
            bernoulli_ratio(np.cumsum(cases[mine]), np.cumsum(people[mine]), cases.sum(), people.sum())
            for mine in np.split(found.order, found.start[1:-1])
        ]
    )
    theirs = told[told > 0]  # theirs has circles of other ties and of few cases too
    assert np.isin(np.round(theirs, 6), np.round(ours, 6)).mean() > 0.99


def test_new_mexico_equals_satscan(data: Path) -> None:
    folder = data / "new_mexico"
    places = [line.split() for line in (folder / "nm.geo").read_text().splitlines() if line.strip()]
    names = [row[0] for row in places]
    people: dict[tuple[str, str], dict[tuple[str, int], float]] = {}
    for line in (folder / "nm.pop").read_text().split("\n"):
        if line.strip():
            name, year, count, age, sex = line.split()
            people.setdefault((age, sex), {})[name, 1900 + int(year)] = float(count)
    strata, years = list(people), sorted({year for told in people.values() for _, year in told})
    cases, of_stratum = np.zeros((len(names), 19)), dict.fromkeys(strata, 0)
    for line in (folder / "nm.cas").read_text().split("\n"):
        if line.strip():
            name, count, year, age, sex = line.split()
            cases[names.index(name), int(year) - 1973] += int(count)
            of_stratum[age, sex] += int(count)
    counted = np.array([[[people[s][n, y] for y in years] for n in names] for s in strata])
    time = person_time(
        [date(y, 7, 1).toordinal() for y in years],
        counted,
        [date(1973 + k, 1, 1).toordinal() for k in range(20)],
    )
    made = scan_poisson(
        cases,
        indirect([of_stratum[s] for s in strata], time),
        [float(row[1]) for row in places],
        [float(row[2]) for row in places],
        geographic=True,
    )
    first, second, third = made.clusters[:3]
    assert [names[k] for k in first.places] == [
        "Torrance", "Bernalillo", "Valencia", "SantaFe", "Guadelupe", "Socorro", "Sandoval", "SanMiguel", "LosAlamos",
    ]  # fmt: skip
    assert (1973 + first.first, 1973 + first.last, first.cases) == (1985, 1989, 236)
    assert first.ratio == pytest.approx(10.979758, abs=1e-6)
    assert (round(first.expected, 2), round(first.relative_risk, 2), round(first.radius, 2)) == (
        176.22,
        1.42,
        125.60,
    )
    assert abs(first.p - 0.014) < 0.014
    assert ([names[k] for k in second.places], second.cases) == (["Chaves"], 16)
    assert second.ratio == pytest.approx(5.684828, abs=1e-6)
    assert {names[k] for k in third.places} == {"Curry", "Roosevelt"}
    assert third.ratio == pytest.approx(3.884186, abs=1e-6)


def test_cases_alone_that_go_on_equal_satscan(data: Path) -> None:
    folder = data / "stp_test1"
    places = {
        row.split()[0]: [float(v) for v in row.split()[1:3]]
        for row in (folder / "satscan_test1.geo").read_text().splitlines()
        if row.strip()
    }
    names, cases = list(places), np.zeros((len(places), 1001))
    for line in (folder / "satscan_test1.cas").read_text().splitlines():
        if line.strip():
            name, count, when = line.split()
            cases[names.index(name), int(when)] += int(count)
    x, y = np.array(list(places.values())).T
    made = scan_permutation(cases, x, y, alive=True, longest=500, replicates=99)
    first, second = made.clusters[:2]
    assert ({names[k] for k in first.places}, first.first, first.last, first.cases) == (
        {"23", "6", "16"},
        993,
        1000,
        3,
    )
    assert (round(first.ratio, 6), round(first.expected, 2), first.radius) == (3.352053, 0.42, 20.0)
    assert ([names[k] for k in second.places], second.first, round(second.ratio, 6)) == (
        ["10"],
        962,
        2.715606,
    )
    assert recurrence(0.202, 1.0) == pytest.approx(5.0, abs=0.05)


# --- by hand ------------------------------------------------------------------------------------------------


def test_places_enter_nearest_first_and_ties_by_x_then_y() -> None:
    x, y = np.array([0.0, 1, 0, -1, 0, 5]), np.array([0.0, 0, 1, 0, -1, 0])
    found = circles(x, y, np.ones(6), 1.0)
    assert found.members(0, 6).tolist() == [0, 3, 4, 2, 1, 5]
    half = circles(x, y, np.array([1.0, 1, 1, 1, 1, 3]), 0.5)
    assert [int(n) for n in np.diff(half.start)][:1] == [4], "a circle of half of all is one, more is none"
    with pytest.raises(ValueError, match="share"):
        circles(x, y, np.ones(6), 0.0)


def test_circles_of_many_places_are_those_of_all_distances() -> None:
    rng = np.random.default_rng(4)
    x, y = rng.integers(0, 25, (2, 400)).astype(float)  # a grid: ties everywhere
    expected = rng.random(400) + 0.1
    found = circles(x, y, expected, 0.1)
    for centre in range(0, 400, 37):
        distance = (x - x[centre]) ** 2 + (y - y[centre]) ** 2
        order = np.lexsort((y, x, distance))
        inside = order[: int((np.cumsum(expected[order]) <= 0.1 * expected.sum()).sum())]
        mine = found.members(centre, 400)
        for told in (distance, x, y):
            assert np.array_equal(told[mine], told[inside])


def test_no_draw_passes_under_the_bars() -> None:
    rng = np.random.default_rng(6)
    for total, people in ((300, 0.0), (300, 5000.0)):
        sizes = rng.random(3000) * (people or total) / 2
        counts = np.minimum(rng.integers(2, 250, 3000), np.floor(sizes) if people else 250)
        ratio = (
            bernoulli_ratio(counts, sizes, total, people) if people else poisson_ratio(counts, sizes, total)
        )
        bar = bars(total, people, 4.0, 2)[(sizes * BINS / (people or total)).astype(int)]
        assert (counts[(ratio >= 4.0) & (counts >= 2)] >= bar[(ratio >= 4.0) & (counts >= 2)]).all()


def drawn_plainly(cases: np.ndarray, expected: np.ndarray, x: np.ndarray, y: np.ndarray) -> float:
    """The largest ratio, circle by circle."""
    found, most = circles(x, y, expected, 0.5), 0.0
    for mine in np.split(found.order, found.start[1:-1]):
        c, e = np.cumsum(cases[mine]), np.cumsum(expected[mine])
        most = max(most, float(np.where(c >= 2, poisson_ratio(c, e, cases.sum()), 0).max(initial=0.0)))
    return most


def test_the_draws_of_the_kernel_have_the_law_of_plain_ones() -> None:
    rng = np.random.default_rng(11)
    x, y = rng.random((2, 60))
    people = rng.integers(50, 900, 60).astype(float)
    cases = rng.multinomial(200, people / people.sum())
    made = scan_poisson(cases, people, x, y, replicates=999, seed=3)
    expected = people * 200 / people.sum()
    plain = np.sort(
        [drawn_plainly(rng.multinomial(200, people / people.sum()), expected, x, y) for _ in range(400)]
    )
    both = np.concatenate([made.drawn, plain])
    gap = np.abs(
        np.searchsorted(made.drawn, both, "right") / 999 - np.searchsorted(plain, both, "right") / 400
    ).max()
    assert gap < 1.95 * np.sqrt(1 / 999 + 1 / 400), "Kolmogorov and Smirnov at .001"
    assert made.clusters[0].ratio == pytest.approx(drawn_plainly(cases, expected, x, y))


def test_a_run_is_the_same_again_whatever_the_threads() -> None:
    rng = np.random.default_rng(2)
    x, y = rng.random((2, 50))
    cases = rng.poisson(3, (50, 12))
    one, two = (
        scan_poisson(cases, np.ones((50, 12)), x, y, replicates=199, seed=7, threads=n) for n in (1, 2)
    )
    assert np.array_equal(one.drawn, two.drawn)
    assert one.clusters == two.clusters
    assert not np.array_equal(
        one.drawn, scan_poisson(cases, np.ones((50, 12)), x, y, replicates=199, seed=8).drawn
    )


def test_chance_alone_is_called_a_cluster_as_often_as_p_says() -> None:
    rng = np.random.default_rng(21)
    x, y = rng.random((2, 40))
    people = rng.integers(100, 900, 40).astype(float)
    alarms = 0
    for seed in range(200):
        made = scan_poisson(
            rng.multinomial(150, people / people.sum()), people, x, y, replicates=99, seed=seed
        )
        alarms += made.clusters[0].p <= 0.05 if made.clusters else 0
    assert 2 <= alarms <= 20, "200 of chance .05: 99 in 100 lie between"


def planted() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(5)
    x, y = rng.random((2, 80))
    rate = np.full((80, 30), 0.6)
    near = np.hypot(x - 0.3, y - 0.6) < 0.15
    rate[np.ix_(near, np.arange(22, 30))] = 2.4
    return rng.poisson(rate), x, y


@pytest.mark.parametrize("way", ["poisson", "permutation"])
def test_what_was_planted_is_found(way: str) -> None:
    cases, x, y = planted()
    made: Scan = (
        scan_poisson(cases, np.ones(cases.shape), x, y, longest=14, replicates=199)
        if way == "poisson"
        else scan_permutation(cases, x, y, longest=14, alive=True, replicates=199)
    )
    first = made.clusters[0]
    assert first.p <= 0.005
    assert (first.last, abs(first.first - 22) <= 2) == (29, True)
    true = set(np.flatnonzero(np.hypot(x - 0.3, y - 0.6) < 0.15))
    assert len(true & set(first.places)) / len(true | set(first.places)) > 0.6
    assert first.gumbel < 0.01


def test_people_between_two_counts_by_hand() -> None:
    """100 in year 0, 200 in year 10: half a year at 100, then rising by 10 a year, constant after."""
    made = person_time([0.5, 10.5], [[100.0, 200.0]], [0, 1, 5, 12])
    np.testing.assert_allclose(made, [[50 + 0.5 * 102.5, 4 * 125, 5.5 * (145 + 200) / 2 + 1.5 * 200]])
    rates = indirect([10, 30], np.array([[[100.0], [300]], [[100], [100]]]))
    np.testing.assert_allclose(rates, [[2.5 + 15], [7.5 + 15]])


@pytest.mark.parametrize(
    ("cases", "expected", "told"),
    [
        ([1.5, 2, 3], [1, 1, 1], "whole"),
        ([1, -2, 3], [1, 1, 1], "whole"),
        ([1, 2, 3], [1, 1], "expected"),
        ([1, 2, 3], [1, 0, 1], "missing"),
        ([1, 2, 3, 4], [1, 1, 1, 1], "coordinates"),
    ],
)
def test_what_makes_no_sense_is_refused(cases: list[float], expected: list[float], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        scan_poisson(cases, expected, [0.0, 1, 2], [0.0, 0, 0])


def test_nothing_or_one_case_is_no_cluster() -> None:
    for cases in ([0, 0, 0], [0, 1, 0]):
        assert scan_poisson(cases, [1.0, 1, 1], [0.0, 1, 2], [0.0, 0, 0], replicates=9).clusters == ()
