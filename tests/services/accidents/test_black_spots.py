"""Black spots of the demo city: the planted junction and nothing else, with what stands beside; said in both languages."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
import pytest
import shapely

from parvis.core.language import language
from parvis.demo import world
from parvis.demo.files import accidents_corporels, trafic_troncons, troncons_routiers
from parvis.services.accidents.compute import work
from parvis.services.accidents.service import answer
from parvis.services.answers import Asked, Map, Rows, Said
from parvis.services.declaration import Tables

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)


def _number(text: str) -> float | None:
    return float(text.replace(",", ".")) if text else None


@pytest.fixture(scope="module")
def read() -> Tables:
    drawn = world.build()
    rows = csv.DictReader(io.StringIO(accidents_corporels.write(drawn)[0].decode()), delimiter=";")
    accidents = [{"an": int(r["an"]), "lat": _number(r["lat"]), "long": _number(r["long"])} for r in rows]
    features = json.loads(troncons_routiers.write(drawn)[0])["features"]
    roads = [
        {"id": f["properties"]["id"], "nom": f["properties"]["nom"], "_shape": shapely.to_wkb(shapely.geometry.shape(f["geometry"]))} for f in features
    ]  # fmt: skip
    flows = csv.DictReader(io.StringIO(trafic_troncons.write(drawn)[0].decode()), delimiter=";")
    traffic = [{"troncon": r["troncon"], "tmja": int(r["tmja"])} for r in flows]
    return {
        "accidents": pa.Table.from_pylist(accidents),
        "routes": pa.Table.from_pylist(roads),
        "trafic": pa.Table.from_pylist(traffic),
    }


@pytest.fixture(scope="module")
def made(read: Tables) -> Tables:
    return work(read, NOW)


def asked(code: str = "fr") -> Asked:
    return Asked({}, NOW, None, language(code).of("points-noirs"))


def test_the_planted_junction_is_found_and_nothing_else(made: Tables) -> None:
    (spot,) = made["points"].to_pylist()
    lon, lat = world.lonlat(*accidents_corporels.black_spot(world.build()))
    assert spot["genre"] == "carrefour"
    assert spot["accidents"] >= accidents_corporels.PLANTED - 2
    assert (spot["_point"]["lon"], spot["_point"]["lat"]) == (
        pytest.approx(lon, abs=3e-4),
        pytest.approx(lat, abs=3e-4),
    )
    assert spot["bas"] > 2 * spot["attendus"]
    assert 0 < spot["doute"] <= 0.05, "a chance of error is never written as none"


def test_the_answer_names_the_clearest_place_and_says_how_often_names_are_wrong(made: Tables) -> None:
    (spot,) = made["points"].to_pylist()
    first, *_ = answer(asked(), made)
    assert isinstance(first, Said)
    assert spot["lieu"] in first.text
    assert "un sur vingt au plus l’est à tort" in first.note


def test_what_they_rest_on_is_said(made: Tables) -> None:
    junctions, streets = made["couverture"].to_pylist()
    assert (junctions["debut"], junctions["fin"]) == (2021, 2025)
    total = accidents_corporels.YEARS * accidents_corporels.PER_YEAR + accidents_corporels.PLANTED
    assert junctions["accidents"] + streets["accidents"] + junctions["perdus"] == total
    assert 0 < junctions["perdus"] < 20
    assert streets["trafic"]
    assert streets["exposant"] == pytest.approx(0.8, abs=0.35)


def test_school_school_street_and_works_beside_are_context(read: Tables, made: Tables) -> None:
    (spot,) = made["points"].to_pylist()
    here = spot["_point"]
    beside: dict[str, list[dict[str, Any]]] = {
        "ecoles": [{"_point": {"lon": here["lon"] + 0.001, "lat": here["lat"]}}],
        "rues_scolaires": [
            {"nom": "rue des Écoles", "latitude": here["lat"] + 0.0005, "longitude": here["lon"]}
        ],
        "travaux": [
            {"nature": "gaz", "lat": here["lat"], "lon": here["lon"], "debut": date(2024, 3, 1), "fin": None}
        ],
    }
    told = work({**read, **{n: pa.Table.from_pylist(r) for n, r in beside.items()}}, NOW)
    (spot,) = told["points"].to_pylist()
    assert spot["ecole_m"] == pytest.approx(80, abs=2)
    assert (spot["rue_scolaire"], spot["travaux"]) == ("rue des Écoles", "gaz")


def test_without_traffic_it_is_said_and_without_streets_nothing_is(read: Tables) -> None:
    told = work({n: t for n, t in read.items() if n != "trafic"}, NOW)
    blocks = answer(asked(), told)
    assert any(isinstance(b, Said) and b.tone == "warn" and "trafic" in b.text.lower() for b in blocks)
    empty = work({**read, "routes": read["routes"].slice(0, 0)}, NOW)
    (said,) = answer(asked(), empty)
    assert isinstance(said, Said)


@pytest.mark.parametrize(("code", "word"), [("fr", "carrefour"), ("en", "junction")])
def test_the_page_in_both_languages(made: Tables, code: str, word: str) -> None:
    first, table, drawn, cover = answer(asked(code), made)
    assert isinstance(first, Said)
    assert isinstance(table, Rows)
    assert isinstance(drawn, Map)
    assert isinstance(cover, Rows)
    assert table.rows[0]["genre"] == word
    assert "2021" in first.text
    assert drawn.table == table.title
