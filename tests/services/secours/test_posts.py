"""The study of posts: by the streets, with its proof, backup, one post less, beside today, in both languages."""

from __future__ import annotations

import csv
import io
import itertools
import json
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import shapely

from parvis.core.errors import HeldBack, UsageError
from parvis.core.language import language
from parvis.demo import world
from parvis.demo.files import demande_secours, postes_possibles, troncons_routiers
from parvis.services.answers import Asked, Map, Rows, Said
from parvis.services.declaration import Tables
from parvis.services.secours import posts
from parvis.services.secours.posts_study import POSTS
from parvis.services.study import texts

ASKED = {"objectif": "moyenne", "postes": 3.0, "delai": 6.0, "occupe": 20.0, "vitesse": 30.0}


class Quiet:
    kept = b""

    def __call__(self, share: float, step: str = "") -> None: ...

    def keep(self, state: bytes) -> None: ...


def rows(content: bytes) -> list[dict[str, Any]]:
    numbers = ("poids", "latitude", "longitude")
    made = csv.DictReader(io.StringIO(content.decode()), delimiter=";")
    return [
        {k: float(v) if k in numbers else v == "oui" if k == "existant" else v for k, v in r.items()}
        for r in made
    ]


@pytest.fixture(scope="module")
def read() -> Tables:
    drawn = world.build()
    features = json.loads(troncons_routiers.write(drawn)[0])["features"]
    roads = [
        {**f["properties"], "_shape": shapely.to_wkb(shapely.geometry.shape(f["geometry"]))} for f in features
    ]
    return {
        "demande": pa.Table.from_pylist(rows(demande_secours.write(drawn)[0])),
        "candidats": pa.Table.from_pylist(rows(postes_possibles.write(drawn)[0])), "routes": pa.Table.from_pylist(roads),
    }  # fmt: skip


def run(read: Tables, **more: object) -> Tables:
    return posts.run(read, {**ASKED, **more}, 1, Quiet(), lambda: False).tables  # type: ignore[dict-item]


@pytest.fixture(scope="module")
def made(read: Tables) -> Tables:
    return run(read)


def test_what_is_proposed_is_proven_and_better_than_today(made: Tables) -> None:
    ours, today = made["bilan"].to_pylist()
    assert (ours["choix"], ours["postes"], ours["par_rues"]) == ("proposé", 3, True)
    assert ours["ecart_pct"] == pytest.approx(0, abs=1e-4)
    assert ours["moyenne_min"] < today["moyenne_min"]
    assert ours["double_pct"] <= ours["couvert_pct"] <= 100


def test_no_three_posts_are_better_by_the_streets(read: Tables, made: Tables) -> None:
    places, sites = read["demande"].to_pylist(), read["candidats"].to_pylist()
    minutes = posts._minutes(places, sites, read["routes"].to_pylist(), 30.0)
    weights = np.array([r["poids"] for r in places])
    best = min(
        float(minutes[:, list(c)].min(axis=1) @ weights) for c in itertools.combinations(range(len(sites)), 3)
    )
    assert made["bilan"].to_pylist()[0]["moyenne_min"] == pytest.approx(best / weights.sum(), abs=0.006)
    straight = posts._minutes(places, sites, [], 30.0)
    assert np.isfinite(minutes).all()
    assert np.corrcoef(minutes.ravel(), straight.ravel())[0, 1] > 0.5  # five bridges only


def test_each_post_less_makes_the_mean_longer(made: Tables) -> None:
    mean = made["bilan"].to_pylist()[0]["moyenne_min"]
    told = made["postes"].to_pylist()
    assert all(r["sans_moyenne_min"] > mean for r in told)
    assert sum(r["charge_pct"] for r in told) == pytest.approx(100, abs=0.3)


def test_each_place_has_its_post_its_second_and_how_many_are_in_time(made: Tables) -> None:
    for r in made["secteurs"].to_pylist():
        assert r["minutes"] <= r["second_min"]
        assert r["couvert"] >= (r["minutes"] <= 6) + (r["second_min"] <= 6)


@pytest.mark.parametrize("goal", ["plus-long", "couverture", "attendue"])
def test_each_goal_does_best_what_it_seeks(read: Tables, made: Tables, goal: str) -> None:
    (ours, *_), (mean, *_) = run(read, objectif=goal)["bilan"].to_pylist(), made["bilan"].to_pylist()
    if goal == "plus-long":
        assert ours["plus_long_min"] <= mean["plus_long_min"]
    if goal == "couverture":
        assert ours["couvert_pct"] >= mean["couvert_pct"]
    assert ours["moyenne_min"] >= mean["moyenne_min"] - 1e-9


def test_too_many_and_nothing_are_refused(read: Tables) -> None:
    with pytest.raises(UsageError, match="possibles"):
        run(read, postes=99.0)
    with pytest.raises(HeldBack, match="coordonnées"):
        run({**read, "demande": read["demande"].slice(0, 0)})


@pytest.mark.parametrize("code", ["fr", "en"])
def test_the_answer_in_both_languages(made: Tables, code: str) -> None:
    asked = Asked({}, datetime(2026, 11, 20, tzinfo=UTC), None, language(code).of(POSTS.name))
    first, proof, _, *tables, drawn = POSTS.answer(asked, made)
    assert isinstance(first, Said)
    assert isinstance(proof, Said)
    assert ("démontré" if code == "fr" else "proven") in proof.text
    assert isinstance(drawn, Map)
    assert [isinstance(t, Rows) for t in tables] == [True] * 3
    assert drawn.table in {t.title for t in tables if isinstance(t, Rows)}
    assert len(drawn.marks) == made["secteurs"].num_rows + 3
    assert code == "fr" or all(language("en").of(POSTS.name).knows(t) for t in texts(POSTS))
