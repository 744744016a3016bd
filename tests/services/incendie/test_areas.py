"""Building fires by area: ranked by areas alike only where that foresees better than the count; small areas and counts are
not told; both languages.
"""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pytest

from parvis.core.language import language
from parvis.demo import world
from parvis.demo.files import feux_batiments
from parvis.methods.incidents.area_risk import drawn, examine, plain
from parvis.services.answers import Asked, Map, Points, Rows, Said
from parvis.services.declaration import Tables, texts
from parvis.services.incendie.areas import LEAST_FIRES, work
from parvis.services.incendie.areas_service import SERVICE, measure

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)


def drawn_town(
    seed: int, *, alike: float, areas: int = 90, years: int = 7
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Fires by area and year, buildings, traits; alike: what a whole trait multiplies fires by, as a logarithm."""
    rng = np.random.default_rng(seed)
    buildings, traits = rng.integers(120, 320, areas).astype(float), rng.beta(0.5, 0.9, (areas, 2))
    mean = buildings * 0.0003 * np.exp(alike * traits[:, 0]) * rng.gamma(8, 1 / 8, areas)
    return rng.poisson(mean[:, None], (areas, years)), buildings, traits


def test_areas_alike_are_taken_where_they_foresee_better_and_not_where_traits_say_nothing() -> None:
    told = [examine(*drawn_town(seed, alike=3.0, areas=200), 0.1, draws=60) for seed in range(4)]
    assert any(one.chosen == "model" for one in told)
    for one in told:
        assert one.test is not None
        model, count = one.test.judged["model"], one.test.judged["count"]
        assert (one.chosen == "model") == (model.low > 0)  # beyond chance, or the count
        assert model.pei >= count.pei - 0.05
        assert one.seen == pytest.approx(one.foreseen, rel=0.2)
    blind = [examine(*drawn_town(seed, alike=0.0), 0.1, draws=60) for seed in range(6)]
    assert sum(one.chosen == "model" for one in blind) <= 1


def test_too_few_fires_are_no_examination() -> None:
    fires = np.zeros((60, 6), np.int64)
    fires[:4, :] = 1
    told = examine(fires, np.full(60, 100.0), np.zeros((60, 0)), 0.1)
    assert (told.test, told.chosen) == (None, "count")


def test_estimates_by_hand() -> None:
    """With one mean for all, what an area had is drawn to it by k; the exact interval of Poisson's law holds 3."""
    alone = plain(np.array([0.0, 3.0]), 1.0)
    assert alone.low == pytest.approx([0.0, 0.6187], abs=1e-4)
    assert alone.high == pytest.approx([3.6889, 8.7673], abs=1e-4)
    counts = np.array([0.0, 10.0, 5.0, 5.0, 0.0, 10.0])
    risk = drawn(counts, 5.0, np.full(6, 100.0), np.zeros((6, 1)))
    assert risk.yearly.sum() == pytest.approx(counts.sum() / 5, rel=0.02)
    assert 0 < risk.yearly[0] < 1 < risk.yearly[1] < 2


@pytest.fixture(scope="module")
def made() -> Tables:
    content = feux_batiments.write(world.build())[0].decode()
    rows = [
        {k: v if k == "zone" else float(v) if k in ("latitude", "longitude", "anciens_pct", "activites_pct") else int(v) for k, v in r.items()}
        for r in csv.DictReader(io.StringIO(content), delimiter=";")
    ]  # fmt: skip
    return {**work({"feux": pa.Table.from_pylist(rows)}, NOW), "feux": pa.Table.from_pylist(rows)}


def test_the_demo_follows_old_buildings_and_says_what_that_is_worth(made: Tables) -> None:
    (exam,) = made["examen"].to_pylist()
    assert (exam["debut"], exam["fin"], exam["epreuves"], exam["etat"]) == (2019, 2025, 5, "éprouvé")
    assert exam["methode"] == "zones semblables"
    assert exam["ecart_bas"] > 0
    assert exam["pai"] > exam["pai_compte"]
    old = {r["zone"]: r["anciens_pct"] for r in made["feux"].to_pylist()}
    first = [old[r["zone"]] for r in made["zones"].to_pylist()[:10]]
    assert min(first) > np.median(list(old.values()))
    measured = measure({"examen": made["examen"]})
    assert measured is not None
    assert measured.low is not None
    assert measured.low > 0


def test_a_small_area_is_left_out_and_small_counts_are_not_written(made: Tables) -> None:
    zones = made["zones"].to_pylist()
    assert f"ZONE-{feux_batiments.SMALL:03d}" not in {r["zone"] for r in zones}
    assert made["examen"].to_pylist()[0]["ecartees"] == 1
    assert all(r["feux"] is None or r["feux"] >= LEAST_FIRES for r in zones)
    assert any(r["feux"] is None for r in zones)


def test_where_the_count_is_shown_a_small_one_is_not_read_from_its_mean() -> None:
    rng = np.random.default_rng(3)
    rows = [
        {
            "zone": f"Z{z:02d}", "annee": year, "feux": int(rng.poisson(6 if z < 5 else 0.4)), "batiments": 200, "latitude": 43.7, "longitude": 3.7 + z / 100,
        }
        for z in range(40)
        for year in range(2020, 2026)
    ]  # fmt: skip
    told = work({"feux": pa.Table.from_pylist(rows)}, NOW)
    assert told["examen"].to_pylist()[0]["methode"] == "compte des feux"
    small = [r for r in told["zones"].to_pylist() if r["feux"] is None]
    assert small
    assert all(r[n] is None for r in small for n in ("par_an", "bas", "haut", "pour_mille"))
    assert any(r["par_an"] for r in told["zones"].to_pylist())


@pytest.mark.parametrize(("code", "words"), [("fr", "zones semblables"), ("en", "areas alike")])
def test_the_page_in_both_languages(made: Tables, code: str, words: str) -> None:
    asked = Asked({}, NOW, None, language(code).of(SERVICE.name))
    assert SERVICE.answer is not None
    first, table, drawn_map, law, exam = SERVICE.answer(asked, made)
    assert isinstance(first, Said)
    assert words in first.note
    assert made["zones"].to_pylist()[0]["zone"] in first.text
    assert isinstance(table, Rows)
    assert isinstance(drawn_map, Map)
    assert drawn_map.table == table.title
    assert len(drawn_map.marks) == len(table.rows)
    assert isinstance(law, Points)
    assert isinstance(exam, Rows)
    assert code == "fr" or all(language(code).of(SERVICE.name).knows(t) for t in texts(SERVICE))
