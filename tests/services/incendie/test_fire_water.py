"""Water against fire: what was planted in the demo city and nothing else, the rule by hand, one more point, both languages."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import shapely

from parvis.core.errors import HeldBack, UsageError
from parvis.core.language import language
from parvis.core.types import POINT, SHAPE
from parvis.demo import firewater, world
from parvis.demo.files import batiments, cheminements, points_eau_incendie
from parvis.services.answers import Asked, Block, Map, Rows, Said, Spot, Value
from parvis.services.declaration import Tables, texts
from parvis.services.incendie import cover
from parvis.services.incendie.compute import work
from parvis.services.incendie.effect import measure
from parvis.services.incendie.one_more import STUDY
from parvis.services.incendie.rules import read as read_rules
from parvis.services.incendie.service import SERVICE
from parvis.services.study import texts as study_texts

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
RULE = """
[[rule]]
risk = "faible"
since = 2017-03-01
metres = 400
water_m3 = 30
hours = 1
source = "RDDECI"
[[rule]]
risk = "ordinaire"
since = 2017-03-01
metres = 200
water_m3 = 60
hours = 1
source = "RDDECI"
[[rule]]
risk = "ordinaire"
since = 2027-01-01
metres = 50
water_m3 = 60
hours = 1
source = "RDDECI"
[[rule]]
risk = "important"
since = 2017-03-01
metres = 100
water_m3 = 240
hours = 2
source = "RDDECI"
"""


class Quiet:
    kept = b""

    def __call__(self, share: float, step: str = "") -> None: ...

    def keep(self, state: bytes) -> None: ...


def rows(content: bytes, separator: str) -> list[dict[str, Any]]:
    numbers, days = ("debit", "lon", "lat", "latitude", "longitude"), ("date_dispo", "date_maj", "date_ct")
    return [
        {
            k: (float(v) if v else None) if k in numbers else date.fromisoformat(v) if k in days else v == "1" if k == "disponible" else v
            for k, v in r.items()
        }
        for r in csv.DictReader(io.StringIO(content.decode()), delimiter=separator)
    ]  # fmt: skip


@pytest.fixture(scope="module")
def city() -> Tables:
    drawn = world.build()
    streets = [
        {**f["properties"], "pieton": True, "marches": f["properties"]["marches"] == "oui", SHAPE: shapely.to_wkb(shapely.geometry.shape(f["geometry"]))}
        for f in json.loads(cheminements.write(drawn)[0])["features"]
    ]  # fmt: skip
    return {
        "points_eau": pa.Table.from_pylist(rows(points_eau_incendie.write(drawn)[0], ",")),
        "defendus": pa.Table.from_pylist(rows(batiments.write(drawn)[0], ";")), "rues": pa.Table.from_pylist(streets),
    }  # fmt: skip


@pytest.fixture(scope="module")
def made(city: Tables) -> Tables:
    return work(city, NOW)


def asked(code: str = "fr", name: str = "eau-incendie", **values: Value) -> Asked:
    return Asked(values, NOW, NOW, language(code).of(name))


def study(city: Tables, made: Tables, **more: Value) -> Tables:
    read = {
        "batiments": made["batiments"],
        "points": made["points"],
        "regles": made["bilan"],
        "rues": city["rues"],
    }
    return STUDY.run(read, {"nombre": 1.0, "debit": 60.0, **more}, 1, Quiet(), lambda: False).tables


def test_what_was_planted_is_found_and_nothing_else(made: Tables) -> None:
    buildings, _ = firewater.drawn(world.build())
    states = {
        firewater.FARM: "trop loin",
        firewater.BROKEN: "en panne",
        firewater.WEAK: "trop peu d’eau",
        firewater.UNTESTED: "à vérifier",
        "": "couvert",
    }
    assert [r["etat"] for r in made["batiments"].to_pylist()] == [states[b.planted] for b in buildings]
    out = [r for r in made["points"].to_pylist() if r["etat"] == "hors service"]
    assert [(r["prives"], r["jours"]) for r in out] == [(1, 29), (1, 30)]
    assert sum(r["prives"] for r in made["points"].to_pylist()) == 2
    late = [n for n, r in enumerate(made["points"].to_pylist(), 1) if r["en_retard"]]
    assert late == [n for n in range(1, made["points"].num_rows + 1) if n % points_eau_incendie.LATE == 0]
    assert all(r["par_rues"] for r in made["batiments"].to_pylist())
    assert {r["risque"]: r["batiments"] for r in made["bilan"].to_pylist()}.keys() == {
        "faible",
        "ordinaire",
        "important",
    }


def grid(
    *buildings: Mapping[str, object],
    points: list[Mapping[str, object]],
    streets: bool = True,
    rule: str = RULE,
) -> Tables:
    """One straight street of a kilometre eastwards on the equator, 0.001° each 111 m."""
    line = shapely.to_wkb(shapely.LineString([(0.0, 0.0), (0.01, 0.0)]))
    read: dict[str, pa.Table] = {
        "defendus": pa.Table.from_pylist([{"id": f"B{n}", "usage": None, "risque": None, "latitude": 0.0, **b} for n, b in enumerate(buildings)]),
        "points_eau": pa.Table.from_pylist(
            [
                {
                    "id_sdis": f"P{n}", "type_pei": "PI", "source_pei": "reseau_aep", "lat": 0.0, "debit": 60.0, "volume": None, "disponible": True,
                    "date_dispo": None, "date_maj": date(2026, 11, 1), "date_ct": None, "situation": None, **p,
                }
                for n, p in enumerate(points)
            ]
        ),
        "reglages": pa.table({"texte": [rule]}),
    }  # fmt: skip
    return read | ({"rues": pa.Table.from_pylist([{SHAPE: line}])} if streets else {})


def states(read: Tables, now: datetime = NOW) -> list[str]:
    return [r["etat"] for r in work(read, now)["batiments"].to_pylist()]


def test_the_rule_by_hand() -> None:
    at = {"longitude": 0.0}
    near, far = {"lon": 0.0017}, {"lon": 0.0019}  # 189 m and 212 m
    assert states(grid(at, points=[near])) == ["couvert"]
    assert states(grid(at, points=[far])) == ["trop loin"]
    assert states(grid({**at, "risque": "faible"}, points=[far])) == ["couvert"]
    assert states(grid({**at, "risque": "particulier"}, points=[far])) == ["au cas par cas"]
    assert states(grid(at, points=[{**near, "disponible": False}])) == ["en panne"]
    assert states(grid(at, points=[{**near, "disponible": None}])) == ["à vérifier"]
    assert states(grid(at, points=[{**near, "debit": None}])) == ["à vérifier"]
    assert states(grid(at, points=[{**near, "debit": 40.0}])) == ["trop peu d’eau"]
    assert states(grid(at, points=[{**near, "debit": 40.0}, {"lon": 0.0005, "debit": 20.0}])) == ["couvert"]
    assert states(grid(at, points=[{**near, "type_pei": "CI", "debit": None, "volume": 60.0}])) == ["couvert"]
    assert states(grid(at, points=[{**near, "type_pei": "CI", "debit": None, "volume": 30.0}])) == [
        "trop peu d’eau"
    ]
    assert states(
        grid(at, points=[{**near, "type_pei": "PA", "source_pei": "cours_eau", "debit": None}])
    ) == ["couvert"]
    assert states(grid({**at, "risque": "important"}, points=[{"lon": 0.0005, "debit": 119.0}])) == [
        "trop peu d’eau"
    ]
    assert states(grid({**at, "risque": "important"}, points=[{"lon": 0.0005, "debit": 120.0}])) == [
        "couvert"
    ]


def test_a_rule_holds_from_its_day_and_without_streets_the_line_is_made_longer() -> None:
    read = grid({"longitude": 0.0}, points=[{"lon": 0.0015}])  # 167 m, 217 m with the detour
    assert states(read) == ["couvert"]
    assert states(read, datetime(2027, 1, 2, tzinfo=UTC)) == ["trop loin"]
    straight = work(grid({"longitude": 0.0}, points=[{"lon": 0.0015}], streets=False), NOW)
    (building,) = straight["batiments"].to_pylist()
    assert (building["etat"], building["par_rues"], building["metres"]) == (
        "trop loin",
        False,
        round(cover.DETOUR * 167),
    )
    blocks = SERVICE.answer(asked(), straight) if SERVICE.answer else ()
    assert any("vol d’oiseau" in f.label for b in blocks if b.kind == "figures" for f in b.figures)
    assert straight["bilan"].to_pylist()[0]["de_la_ville"]


def test_a_rule_that_is_none_is_refused() -> None:
    with pytest.raises(UsageError, match="important"):
        read_rules(RULE.split('risk = "important"')[0].rpartition("[[rule]]")[0], "x")
    with pytest.raises(UsageError, match="incomplète"):
        read_rules(RULE.replace("metres = 400", 'metres = "loin"'), "x")


def test_one_more_point_goes_where_it_serves_most(city: Tables, made: Tables) -> None:
    one = study(city, made)
    (balance,), (place,) = one["bilan"].to_pylist(), one["places"].to_pylist()
    assert (balance["avant"], balance["repares"], balance["par_rues"]) == (4, 2, True)
    assert place["gain"] == 1.0
    assert balance["au_mieux"] == pytest.approx(1.0)
    two = study(city, made, nombre=9.0)
    assert [r["rang"] for r in two["places"].to_pylist()] == [1, 2]
    assert two["bilan"].to_pylist()[0]["apres"] == two["restants"].num_rows == 0
    served = {r["pres_de"] for r in two["places"].to_pylist()}
    assert served == {"BAT-0001", "BAT-0004"}  # the farm, and the one that has too little
    every = study(city, made, nombre=9.0, sans_reparer=True)
    assert every["places"].num_rows == 4
    assert one["reparations"].num_rows == 2


def test_several_short_of_water_share_one_place() -> None:
    read = grid(
        {"longitude": 0.0}, {"longitude": 0.003}, {"longitude": 0.009}, points=[{"lon": 0.0055, "debit": 1.0}]
    )
    tables = work(read, NOW)
    told = study({"rues": read["rues"]}, tables)
    (place,) = told["places"].to_pylist()
    assert place["servis"] == 2
    assert 0.0012 <= place["longitude"] <= 0.0018  # 200 m from both, whose doors are 334 m apart
    assert [r["batiment"] for r in told["restants"].to_pylist()] == ["B2"]
    with pytest.raises(HeldBack):
        study({"rues": read["rues"]}, work(grid({"longitude": 0.0}, points=[{"lon": 0.0}]), NOW))


def test_its_effect_has_its_doubt(made: Tables) -> None:
    measured = measure({"batiments": made["batiments"], "bilan": made["bilan"]})
    assert measured is not None
    assert (measured.value, measured.low, measured.high) == (2.0, 2.0, 3.0)
    assert measured.seen == firewater.BUILDINGS


@pytest.mark.parametrize(("code", "words"), [("fr", "n’ont pas l’eau"), ("en", "do not have the water")])
def test_the_page_in_both_languages(city: Tables, made: Tables, code: str, words: str) -> None:
    assert SERVICE.answer is not None
    first, rule, _, out, lacking, drawn, summary = SERVICE.answer(asked(code), {**city, **made})
    assert isinstance(first, Said)
    assert words in first.text
    assert isinstance(rule, Said)
    assert rule.tone == "warn"  # an example until the city sets its own
    assert isinstance(out, Rows)
    assert isinstance(lacking, Rows)
    assert isinstance(summary, Rows)
    assert len(lacking.rows) == 5
    assert isinstance(drawn, Map)
    assert drawn.table == lacking.title
    assert len(drawn.marks) == 5 + 2
    assert code == "fr" or all(language(code).of("eau-incendie").knows(t) for t in texts(SERVICE))


def test_near_a_place_the_nearest_that_works(city: Tables, made: Tables) -> None:
    (broken, *_) = [r for r in made["points"].to_pylist() if r["etat"] == "hors service"]
    spot = Spot("ici", broken[POINT]["lon"], broken[POINT]["lat"])
    assert SERVICE.answer is not None
    first, *_ = SERVICE.answer(asked(lieu=spot), {**city, **made})
    assert isinstance(first, Said)
    assert " 0 m" not in first.text
    nowhere, *_ = SERVICE.answer(asked(lieu=Spot("mer", 4.2, 43.2)), {**city, **made})
    assert isinstance(nowhere, Said)
    assert nowhere.tone == "bad"


@pytest.mark.parametrize("code", ["fr", "en"])
def test_the_study_in_both_languages(city: Tables, made: Tables, code: str) -> None:
    told = study(city, made)
    blocks: list[Block] = list(STUDY.answer(asked(code, STUDY.name), told))
    assert isinstance(blocks[0], Said)
    assert ("démontré" if code == "fr" else "proven") in blocks[0].note
    assert isinstance(blocks[-1], Map)
    assert blocks[-1].table in {b.title for b in blocks if isinstance(b, Rows)}
    assert code == "fr" or all(language(code).of(STUDY.name).knows(t) for t in study_texts(STUDY))


def test_ways_are_those_of_the_street() -> None:
    """A river between: near as the crow flies, far by the only bridge."""
    bank = [(0.0, 0.0), (0.01, 0.0)], [(0.0, 0.001), (0.01, 0.001)], [(0.01, 0.0), (0.01, 0.001)]
    streets = pa.Table.from_pylist([{SHAPE: shapely.to_wkb(shapely.LineString(p))} for p in bank])
    found = cover.pairs(np.array([[0.005, 0.0]]), np.array([[0.005, 0.001], [0.006, 0.0]]), streets, 2000.0)
    by = dict(zip(found.point.tolist(), found.metres.tolist(), strict=True))
    assert by[0] == pytest.approx(2 * 556.6 + 110.6, abs=2)
    assert by[1] == pytest.approx(111.3, abs=1)
