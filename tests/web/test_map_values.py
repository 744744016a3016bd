"""A map by value: every row that has a place is in one class, bounds are few digits, a legend says them with their unit;
what has no value is drawn hollow; categories have marks of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlglot import exp
from starlette.testclient import TestClient

from parvis.core.types import Column, Schema
from parvis.engine.read import Engine
from parvis.web import map_values
from parvis.web.app import create_app
from parvis.web.chart_figures import Rows
from tests.cities import webcity
from tests.tables.velo import engine, release

PLACE = "{{lon: 3.87 + 0.0001 * i, lat: 43.61}}::STRUCT(lon DOUBLE, lat DOUBLE) AS _point"
V, S = Column("v", "number", unit="m"), Column("s", "text")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("values")


@pytest.fixture(scope="module")
def on(folder: Path) -> Iterator[Engine]:
    opened = engine(folder)
    yield opened
    opened.connection.close()


def rows(on: Engine, folder: Path, value: str, text: str = "'a'", n: int = 100) -> Rows:
    sql = f"SELECT ({value})::DOUBLE AS v, {text} AS s, {PLACE.format()} FROM range({n}) t(i)"
    return Rows(on, release(folder, sql, Schema(columns=(V, S), geometry="point"), value[:40] + text))


@pytest.mark.parametrize(
    ("value", "classes", "missing"),
    [
        ("i * 1.2345", 5, 0),
        ("if(i < 90, 0, i)", 5, 0),  # most are alike: classes of the other values
        ("i % 3", 3, 0),
        ("7", 1, 0),
        ("-i", 5, 0),
        ("exp(i / 5.0)", 5, 0),
        ("if(i % 2 = 0, NULL, i)", 5, 50),
        ("if(i = 0, 'nan'::DOUBLE, i)", 5, 1),
        ("i * 1e-9", 5, 0),
    ],
)
def test_every_row_is_in_one_class(on: Engine, folder: Path, value: str, classes: int, missing: int) -> None:
    table = rows(on, folder, value)
    made = map_values.valued(table, V)
    assert made is not None
    assert (len(made.classes), made.missing) == (classes, missing)
    assert sum(c.rows for c in made.classes) + made.missing == 100
    assert all(c.rows for c in made.classes)
    lows = [c.low for c in made.classes if c.low is not None]
    assert lows == sorted(set(lows))
    for condition, expected in zip(
        map_values.conditions(made), [*(c.rows for c in made.classes), made.missing], strict=True
    ):
        (counted,) = Rows(on, table.released, condition).one(n=exp.func("count", exp.Star())).values()
        assert counted == expected
    for bound in made.bounds[:-1]:
        assert len(f"{abs(bound):.15g}".replace(".", "").strip("0").split("e")[0].strip("0")) <= 4, bound


def test_nothing_to_show_is_none(on: Engine, folder: Path) -> None:
    assert map_values.valued(rows(on, folder, "NULL"), V) is None
    assert map_values.valued(rows(on, folder, "1", "'s' || i"), S) is None, (
        "a hundred categories have no marks"
    )


def test_categories_have_marks_of_their_own(on: Engine, folder: Path) -> None:
    made = map_values.valued(
        rows(on, folder, "2", "CASE WHEN i < 60 THEN 'ouvert' WHEN i < 90 THEN 'fermé' END"), S
    )
    assert made is not None
    assert [(c.value, c.rows) for c in made.classes] == [("ouvert", 60), ("fermé", 30)]
    assert made.missing == 10
    drawn = {map_values.marked("M10 20h0M30 40h0", i) for i in range(map_values.CLASSES)}
    assert len(drawn) == map_values.CLASSES
    assert all(one.count("M") == 2 for one in drawn)


def test_the_page_shows_the_value_with_its_legend(tmp_path: Path) -> None:
    """Bounds, unit and rows in words beside the picture; the frame and the objects of the live map say the same; an
    unknown column changes nothing.
    """
    city = webcity.build(tmp_path)
    site = TestClient(create_app(city))
    address = "/jeux/stations-velos"
    plain = site.get(f"{address}.json?valeur=rien").json()["resource"]["map"]
    assert plain["valued"] is None
    assert "capacite" in {c["name"] for c in plain["choices"]}
    view = site.get(f"{address}.json?valeur=capacite").json()["resource"]["map"]
    assert sum(c["rows"] for c in view["valued"]["classes"]) + view["valued"]["missing"] == view["placed"]
    for path in (f"{address}?valeur=capacite", "/integrer/stations-velos/carte?valeur=capacite"):
        page = site.get(path).text
        legend = page.partition('class="map-legend"')[2].partition("</ul>")[0]
        assert legend.count("<li>") == len(view["valued"]["classes"]) + bool(view["valued"]["missing"])
        assert " ligne" in legend
    english = site.get(f"/en{address}?valeur=capacite").text
    assert "rows)" in english.partition('class="map-legend"')[2]
    kinds = site.get(f"{address}?valeur=etat").text
    assert 'class="symbol s1"' in kinds
    features = site.get(f"{address}/carte.geojson?valeur=capacite").json()["features"]
    assert all("Capacité" in f["properties"] or "capacite" in f["properties"] for f in features)
    city.db.close()
