"""Accidents of the national files on the page of the street: places and years with their doubt, never a day or a person."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from parvis.core.language import language
from parvis.services.answers import Asked, Map, Rows, Said
from parvis.services.circulation import accidents

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


def row(year: int, street: str, lat: float | None = 43.61, lon: float | None = 3.87) -> dict[str, object]:
    return {
        "Num_Acc": "1",
        "jour": 27,
        "mois": 11,
        "an": year,
        "hrmn": "17:43",
        "lum": 1,
        "adr": street,
        "lat": lat,
        "long": lon,
    }


ROWS = [
    row(2024, "RUE DU  MOULIN"), row(2022, "rue du Moulin"), row(2024, "Rue du Four", 43.70, 3.95),
    row(2023, "rue Basse", None, None), row(2015, "rue du Moulin"),
]  # fmt: skip


def asked(code: str = "fr") -> Asked:
    return Asked({}, NOW, None, language(code).of("circulation"))


def test_streets_by_their_accidents_of_the_last_five_years_with_period_source_and_doubt() -> None:
    table, drawn = accidents.told(asked(), ROWS, None, None, 800.0)
    assert isinstance(table, Rows)
    assert table.rows[0] == {"rue": "Rue du moulin", "accidents": 2, "annees": "2022, 2024"}
    assert [r["accidents"] for r in table.rows] == [2, 1, 1]
    for said in (
        "4 accidents",
        "de 2022 à 2024",
        "1 sans position",
        "BAAC",
        "pas un risque par trajet",
        "petit nombre",
    ):
        assert said in table.note.replace("\u00a0", " ").replace("\u202f", " ")
    assert isinstance(drawn, Map)
    assert [m.value for m in drawn.marks] == ["2 · 2022, 2024", "1 · 2024"]
    assert drawn.table == table.title


def test_no_day_no_hour_and_nobody_is_told() -> None:
    told = repr(list(accidents.told(asked(), ROWS, None, None, 800.0)))
    assert not any(word in told for word in ("17:43", "27", "Num_Acc"))


def test_near_a_place_only_what_is_near_and_none_is_said_with_its_period() -> None:
    table, _ = accidents.told(asked(), ROWS, 43.70, 3.95, 800.0)
    assert isinstance(table, Rows)
    assert [r["rue"] for r in table.rows] == ["Rue du four"]
    (none,) = accidents.told(asked(), ROWS, 44.5, 3.95, 800.0)
    assert isinstance(none, Said)
    assert "2022" in none.text
    assert "2024" in none.text
    assert list(accidents.told(asked(), [], None, None, 800.0)) == []


@pytest.mark.parametrize("code", ["en"])
def test_in_english_too(code: str) -> None:
    table = next(iter(accidents.told(asked(code), ROWS, None, None, 800.0)))
    assert isinstance(table, Rows)
    assert "this is no risk per trip" in table.note
    assert table.title == "Injury accidents, street by street"
