"""Smoothed rates, Gi* and local Moran beside spdep and esda on the data of North Carolina, and on chance alone."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from parvis.methods.scan import local_rates as rates


class Carolina:
    """Sudden deaths of infants by county, 1974-78, births, and who borders whom."""

    def __init__(self, folder: Path) -> None:
        with (folder / "nc_sids.csv").open(newline="") as file:
            rows = list(csv.DictReader(file))
        with (folder / "nc_sids_spdep_reference.csv").open(newline="") as file:
            told = {r["FIPSNO"]: r for r in csv.DictReader(file)}
        self.cases, self.people = (np.array([float(r[k]) for r in rows]) for k in ("SID74", "BIR74"))
        self.links = np.zeros((len(rows), len(rows)), bool)
        with (folder / "nc_sids_nb.csv").open(newline="") as file:
            for r in csv.DictReader(file):
                self.links[int(r["i"]) - 1, int(r["j"]) - 1] = True
        self.told = {k: np.array([float(told[r["FIPSNO"]][k]) for r in rows]) for k in ("EB", "GiStar", "Ii")}


@pytest.fixture(scope="module")
def carolina(shared: Path) -> Carolina:
    return Carolina(shared / "data" / "health" / "spatial")


def test_rates_drawn_to_the_whole_equal_those_of_r(carolina: Carolina) -> None:
    np.testing.assert_allclose(rates.shrunk(carolina.cases, carolina.people), carolina.told["EB"], atol=1e-15)


def test_rates_drawn_to_neighbours_equal_those_of_esda(carolina: Carolina) -> None:
    """Recorded from esda 2.9.0 (Spatial_Empirical_Bayes); R's EBlocal takes each neighbour's own mean."""
    made = rates.shrunk_locally(carolina.cases, carolina.people, carolina.links)
    np.testing.assert_allclose(made[[0, 1, 2, 50, 99]], ESDA, rtol=1e-13)


def test_gi_star_and_local_moran_equal_those_of_r(carolina: Carolina) -> None:
    raw = carolina.cases / carolina.people
    np.testing.assert_allclose(rates.gi_star(raw, carolina.links), carolina.told["GiStar"], atol=1e-12)
    np.testing.assert_allclose(rates.local_moran(raw, carolina.links), carolina.told["Ii"], atol=1e-12)
    assert rates.gi_star(raw, carolina.links).max() == pytest.approx(4.25177239257, abs=1e-10)


def test_areas_that_all_agree_on_are_flagged(carolina: Carolina) -> None:
    """The south and the north-east, as every text on these data has them."""
    made = rates.hot(carolina.cases, carolina.people, carolina.links)
    assert 8 <= made.flagged.sum() <= 20
    assert made.flagged[np.argmax(rates.gi_star(carolina.cases / carolina.people, carolina.links))]


def test_chance_alone_is_flagged_as_often_as_is_said() -> None:
    """150 even risks on 60 places: within the 99 % band of one in twenty."""
    rng = np.random.default_rng(3)
    x, y = rng.random((2, 60))
    people = rng.uniform(500, 9000, 60)
    links = rates.nearest(x, y, 6)
    hot, alike = 0, 0
    for k in range(150):
        cases = rng.multinomial(400, people / people.sum())
        hot += bool(rates.hot(cases, people, links, draws=99, seed=k).flagged.any())
        alike += bool(rates.alike(cases, people, links, draws=99, seed=k).flagged.any())
    assert 1 <= hot <= 15
    assert 1 <= alike <= 15


def test_a_planted_high_is_flagged_and_little_else() -> None:
    rng = np.random.default_rng(8)
    x, y = rng.random((2, 80))
    people = rng.uniform(2000, 9000, 80)
    high = np.argsort(np.hypot(x - 0.5, y - 0.5))[:6]
    risk = np.ones(80)
    risk[high] = 2.5
    cases = rng.poisson(people / 300 * risk)
    links = rates.nearest(x, y, 6)
    made = rates.hot(cases, people, links).flagged
    assert made[high].sum() >= 4
    assert made[high[0]]
    near = links[high].any(axis=0) | links[:, high].any(axis=1)
    assert not made[~near].any(), "a neighbour of the high ones may be flagged, nothing else"


def test_few_people_are_drawn_to_the_whole_and_many_are_not() -> None:
    people = np.array([100.0, 100_000.0, 50_000.0, 80_000.0])
    cases = np.array([2.0, 1_300.0, 500.0, 800.0])
    made, raw = rates.shrunk(cases, people), cases / people
    whole = cases.sum() / people.sum()
    assert abs(made[0] - whole) < 0.3 * abs(raw[0] - whole)
    assert made[1] == pytest.approx(raw[1], rel=0.02)
    links = rates.nearest([0, 1, 2, 3], [0, 0, 0, 0], 2)
    assert links.sum(axis=1).tolist() == [2, 2, 2, 2]
    assert not links.diagonal().any()


ESDA = (
    0.000992227550851662,
    0.0012639029322548028,
    0.000974025974025974,
    0.0026275859516672216,
    0.0029116981412509006,
)
