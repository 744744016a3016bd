"""Sites of posts, beside every choice there is and the published optimum of OR-Library."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse.csgraph import shortest_path

from parvis.methods.incidents import siting_tree
from parvis.methods.incidents.siting import maximal_cover, one_less, p_centre, p_median, response


def network(path: Path) -> tuple[np.ndarray, int]:
    told = [int(word) for word in path.read_text().split()]
    nodes, edges, p = told[:3]
    lengths = np.full((nodes, nodes), np.inf)
    for k in range(edges):  # a repeated edge: the last counts
        a, b, length = told[3 + 3 * k : 6 + 3 * k]
        lengths[a - 1, b - 1] = lengths[b - 1, a - 1] = length
    np.fill_diagonal(lengths, 0)
    return shortest_path(lengths, directed=False), p


def test_the_network_of_or_library_has_its_published_optimum(shared: Path) -> None:
    times, p = network(shared / "data" / "safety" / "pmed1.txt")
    made = p_median(times, np.ones(len(times)), p)
    assert (made.value, made.proven, len(made.chosen)) == (5819.0, True, 5)
    assert p_centre(times, p).value == 127.0


def drawn(seed: int, places: int = 14, sites: int = 9) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    spots, posts = rng.random((places, 2)), rng.random((sites, 2))
    times = np.round(40 * np.hypot(*(spots[:, None] - posts[None]).transpose(2, 0, 1)), 1)
    return times, rng.integers(1, 20, places).astype(float)


def best(sites: int, p: int, value: Callable[[tuple[int, ...]], float]) -> float:
    return min(value(chosen) for chosen in itertools.combinations(range(sites), p))


@pytest.mark.parametrize("seed", range(12))
def test_no_choice_is_better(seed: int) -> None:
    times, weights = drawn(seed)

    def nearest(chosen: tuple[int, ...]) -> np.ndarray:
        return times[:, list(chosen)].min(axis=1)

    for p in (1, 2, 4):
        median, centre = p_median(times, weights, p), p_centre(times, p)
        assert median.value == pytest.approx(best(9, p, lambda c: float(nearest(c) @ weights)))
        assert median.value == pytest.approx(float(nearest(median.chosen) @ weights))
        assert median.proven
        assert centre.value == pytest.approx(best(9, p, lambda c: float(nearest(c).max())))
        assert nearest(centre.chosen).max() <= centre.value
        cover = maximal_cover(times, weights, 12.0, p)
        assert cover.value == pytest.approx(-best(9, p, lambda c: -float(weights[nearest(c) <= 12].sum())))


@pytest.mark.parametrize(("nodes", "p", "seed"), [(200, 5, 3), (250, 8, 4), (300, 4, 7)])
@pytest.mark.parametrize("weighed", [False, True])
def test_few_posts_of_many_places_are_proven_best(nodes: int, p: int, seed: int, weighed: bool) -> None:
    """A gap of duality that multipliers leave for ever is closed by branches on the sites; the bound says so by itself."""
    rng = np.random.default_rng(seed)
    lengths = np.zeros((nodes, nodes))
    for a, b in rng.integers(0, nodes, (nodes * nodes // 50, 2)).tolist():
        if a != b:
            lengths[a, b] = lengths[b, a] = int(rng.integers(1, 101))
    for a in range(nodes):
        lengths[a, (a + 1) % nodes] = lengths[(a + 1) % nodes, a] = 50
    times = shortest_path(lengths, directed=False)
    weights = rng.uniform(0.5, 20, nodes) if weighed else np.ones(nodes)
    sited = p_median(times, weights, p)
    assert sited.proven
    assert sited.value == pytest.approx(float(times[:, list(sited.chosen)].min(axis=1) @ weights))


@pytest.mark.parametrize("seed", range(8))
def test_branches_bound_what_trying_all_finds(seed: int) -> None:
    """Multipliers of nothing, a value that is not the best: the branches alone must come to it, and never pass it."""
    times, weights = drawn(seed)
    weighted = np.ascontiguousarray(times * weights[:, None])
    p = 2 + seed % 3
    least = best(9, p, lambda c: float(weighted[:, list(c)].min(axis=1).sum()))
    start = np.arange(p)
    value = float(weighted[:, start].min(axis=1).sum())
    met, bound = siting_tree.nearer(weighted, p, weighted.min(axis=1) + 1.0, value, 0.0, value, 60.0)
    assert bound == pytest.approx(least)
    if met is None:
        assert value == pytest.approx(least)
    else:
        assert float(weighted[:, met].min(axis=1).sum()) == pytest.approx(least)
        assert len(set(met.tolist())) == p


def test_without_time_the_bound_is_the_one_that_was_given() -> None:
    times, weights = drawn(1)
    weighted = np.ascontiguousarray(times * weights[:, None])
    assert siting_tree.nearer(weighted, 3, weighted.min(axis=1), 1e9, 7.0, 1e9, -1.0) == (None, 7.0)


def test_units_that_are_busy_are_doubled_where_demand_is() -> None:
    """Two places that no site reaches both: with busy units a second one goes to the larger, not to the small."""
    times, weights = np.array([[1.0, 90], [90, 1.0]]), np.array([100.0, 10])
    assert maximal_cover(times, weights, 5, 2).chosen == (0, 1)
    doubled = maximal_cover(times, weights, 5, 2, busy=0.5)
    assert doubled.chosen == (0, 0)
    assert doubled.value == pytest.approx(100 * (1 - 0.5**2))


def test_a_larger_one_is_proven_or_says_how_far_off_it_may_be() -> None:
    rng = np.random.default_rng(7)
    spots = rng.random((150, 2))
    times = np.round(1000 * np.hypot(*(spots[:, None] - spots[None]).transpose(2, 0, 1)))
    made = p_median(times, np.ones(150), 8)
    assert made.bound <= made.value
    assert made.gap <= 1e-3
    assert made == p_median(times, np.ones(150), 8)


def test_response_says_who_waits_longest_and_what_one_less_costs() -> None:
    times = np.array([[2.0, 9, 30], [8, 3, 30], [12, 11, 4], [25, 20, 6]])
    weights = np.array([5.0, 3, 1, 1])
    told = response(times, weights, (0, 1, 2))
    assert told.mean == pytest.approx((2 * 5 + 3 * 3 + 4 + 6) / 10)
    assert (told.nine_in_ten, told.longest, told.nearest.tolist()) == (4.0, 6.0, [0, 1, 2, 2])
    np.testing.assert_allclose(told.load, [0.5, 0.3, 0.2])
    without = one_less(times, weights, (0, 1, 2))
    assert [site for site, _ in without] == [1, 2, 0]
    assert without[0][1].mean == pytest.approx((2 * 5 + 8 * 3 + 4 + 6) / 10)
    with pytest.raises(ValueError, match="none"):
        one_less(times, weights, (1,))


@pytest.mark.parametrize(
    ("times", "weights", "p"),
    [([[1.0, 2]], [1.0], 3), ([[1.0, -2]], [1.0], 1), ([[1.0, np.inf]], [1.0], 1), ([[1.0, 2]], [0.0], 1), ([[1.0, 2]], [1.0, 1], 1)],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(times: list[list[float]], weights: list[float], p: int) -> None:
    with pytest.raises(ValueError, match=r"posts|time|demand"):
        p_median(times, weights, p)
