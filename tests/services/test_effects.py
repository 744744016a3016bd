"""Measured effects: every example of every declaration holds, they are gathered in one dataset with a version a
change, and the page says what is known, and what is not.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from starlette.testclient import TestClient

from parvis.cli.init import create
from parvis.core import settings
from parvis.core.language import language
from parvis.core.types import Column, Dataset, Organisation, Resource, Schema
from parvis.publication.city import City, open_city
from parvis.services.dechets.effect import ROUNDS
from parvis.services.effect import Effect, Measured, measured, texts
from parvis.services.velos.effect import BRIER
from parvis.store import datasets, runs, versions
from parvis.web.app import create_app
from parvis.work import live_hours, service_runs, studies
from tests.cities.livecity import Clock

NOW = datetime(2026, 11, 29, 9, 0, tzinfo=UTC)
EVERY = [(one, n) for one in service_runs.effects() for n in range(len(one.cases))]


@pytest.mark.parametrize(("effect", "number"), EVERY, ids=[f"{e.name}-{n}" for e, n in EVERY])
def test_every_example_of_a_declaration_holds(effect: Effect, number: int) -> None:
    case = effect.cases[number]
    assert (
        effect.measure({name: pa.Table.from_pylist([*rows]) for name, rows in case.rows.items()})
        == case.measured
    )


def test_every_effect_is_of_something_and_measures_something() -> None:
    subjects = {s.name for s in service_runs.declared()} | {s.name for s in studies.declared()}
    for one in service_runs.effects():
        assert one.of in subjects
        assert any(c.measured is not None for c in one.cases)
        assert all(language("en").of(one.of).knows(text) for text in texts(one))


def test_a_value_outside_its_bounds_and_a_bound_alone_are_refused() -> None:
    for low, high in ((2.0, 3.0), (None, 3.0)):
        with pytest.raises(ValueError, match=r"between|bound"):
            Measured(1.0, low, high, None, None, 1)


def test_an_effect_without_example_is_refused() -> None:
    with pytest.raises(ValueError, match="example"):
        replace(BRIER, cases=())


def test_what_cannot_be_measured_is_no_row_and_stops_nothing() -> None:
    tables = {"dechets-km.bilan": pa.Table.from_pylist([*ROUNDS.cases[0].rows["bilan"]])}
    (row,) = measured((BRIER, ROUNDS), tables).to_pylist()
    assert (row["effet"], row["valeur"], row["bas"], row["haut"]) == ("dechets-km", -30.0, -40.0, -20.0)


# --- in a city ----------------------------------------------------------------------------------------------

BALANCE = Schema(
    "parvis/bilan_collecte", "1",
    (
        Column("flux"), Column("indicateur"), Column("aujourdhui", "number"), Column("propose", "number"),
        Column("depuis", "date"), Column("jusqua", "date"),
    ),
)  # fmt: skip


@pytest.fixture
def city(tmp_path: Path) -> City:
    create(tmp_path / "city", "Ville")
    city = open_city(settings.load(tmp_path / "city", {}), clock=Clock(NOW))
    with city.db.begin() as conn:
        datasets.save_organisation(conn, Organisation("proprete", "Propreté"))
        datasets.save_dataset(conn, Dataset("bilan-collecte", "Bilan", "Bilan.", "proprete"))
        datasets.save_resource(conn, Resource("bilan-collecte/bilan", "bilan-collecte", "Bilan"))
    return city


def _balance(city: City, after: float) -> None:
    rows = [
        {"flux": f, "indicateur": "distance", "aujourdhui": 100.0, "propose": p, "depuis": date(2026, 11, 2), "jusqua": date(2026, 11, 15)}
        for f, p in (("verre", after), ("papier", after + 10))
    ]  # fmt: skip
    table = pa.Table.from_pylist(rows, live_hours.arrow_schema(BALANCE))
    with city.db.read() as conn:
        resource = datasets.resource(conn, "bilan-collecte/bilan")
    assert resource is not None
    live_hours.publish(city, resource, BALANCE, (live_hours.put(city, table),), (), what="import")


def test_one_dataset_gathers_them_with_a_version_a_change_and_its_lineage(city: City) -> None:
    _balance(city, 60.0)
    service_runs.refresh(city)
    city.now.forward(days=1)  # type: ignore[attr-defined]
    service_runs.refresh(city)  # nothing changed: no version more
    _balance(city, 50.0)
    service_runs.refresh(city)
    with city.db.read() as conn:
        past = versions.history(conn, "effets/effets")
        made = runs.producing(conn, past[0].digest)
        dataset = datasets.dataset(conn, "effets")
    assert len(past) == 2
    assert made[-1].what == "service:effets"
    assert len(made[-1].inputs) == 1
    assert dataset is not None
    assert dataset.publisher == "proprete"


def test_the_page_says_value_doubt_and_what_was_before_in_both_languages(city: City) -> None:
    _balance(city, 60.0)
    service_runs.refresh(city)
    city.now.forward(days=1)  # type: ignore[attr-defined]
    _balance(city, 50.0)
    service_runs.refresh(city)
    client = TestClient(create_app(city))
    (km, *others) = client.get("/effets.json").json()["effects"]
    assert (km["name"], km["value"], km["low"], km["high"], km["tone"]) == (
        "dechets-km",
        -45.0,
        -50.0,
        -40.0,
        "ok",
    )
    assert len(km["earlier"]) == 1
    assert "35" in km["earlier"][0]["value"]
    assert {o["value"] for o in others} == {None}
    french, english = client.get("/effets").text, client.get("/en/effets").text
    assert "(de -50 à -40)".replace("-", "−") in french.replace("-", "−")
    assert "pas encore mesuré ici" in french
    assert "Kilometres of waste rounds, a week" in english
    assert "Kilomètres des tournées" not in english


def test_a_city_that_measures_nothing_says_so(tmp_path: Path) -> None:
    create(tmp_path / "city", "Ville")
    client = TestClient(create_app(open_city(settings.load(tmp_path / "city", {}))))
    assert client.get("/effets.json").json()["measured"] == 0
    assert "Aucun effet n’est encore mesuré" in client.get("/effets").text


def test_no_effect_is_claimed_where_the_bounds_disagree(city: City) -> None:
    _balance(city, 95.0)  # one flow gains 5 %, the other loses 5 %
    service_runs.refresh(city)
    client = TestClient(create_app(city))
    assert client.get("/effets.json").json()["effects"][0]["tone"] == "warn"
