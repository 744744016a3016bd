"""The outbreak planted in the demo city's published series is found on the citizen's page, and nothing else is."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
import pytest

from parvis.core.language import language
from parvis.demo import world
from parvis.demo.files import series_epidemies
from parvis.services.answers import Asked, Chart, Rows, Said
from parvis.services.epidemies.answer import answer
from parvis.services.epidemies.situation import HIGH, RISES, USUAL, work


@pytest.mark.parametrize("now", [datetime(2026, 11, 20, 8, tzinfo=UTC), datetime(2027, 3, 7, 8, tzinfo=UTC)])
def test_the_planted_outbreak_is_told_and_the_rest_goes_on_as_ever(now: datetime) -> None:
    content = series_epidemies.write(world.build(now=now))[0].decode()
    rows = [
        {**r, "semaine": date.fromisoformat(r["semaine"]), "valeur": float(r["valeur"]), "url": None}
        for r in csv.DictReader(io.StringIO(content), delimiter=";")
    ]
    made = work({"series": pa.Table.from_pylist(rows)}, now)
    by = {r["quoi"].split(" : ")[0]: r for r in made["situation"].to_pylist()}
    assert {name: r["etat"] for name, r in by.items()} == {
        series_epidemies.OUTBREAK: HIGH, "gastro-entérite": USUAL, "varicelle": USUAL,
    }  # fmt: skip
    planted = by[series_epidemies.OUTBREAK]
    assert planted["tendance"] == RISES
    assert timedelta(0) <= planted["debut"] - planted["depuis"] <= timedelta(weeks=series_epidemies.RISE)
    for code in ("fr", "en"):
        first, *_ = answer(Asked({}, now, now, language(code).of("epidemies")), made)
        assert isinstance(first, Said)
        assert {"fr": "bronchiolite", "en": "bronchiolitis"}[code] in first.text.lower()
        assert first.tone in ("warn", "bad")


def test_illness_measure_and_unit_are_said_in_english_and_what_is_unknown_as_written() -> None:
    now = datetime(2026, 11, 20, 8, tzinfo=UTC)
    weeks = [date(2026, 11, 9) - timedelta(weeks=n) for n in range(60)]
    kinds = (
        ("Grippe", "Passages aux  urgences", "pour 10\u202f000 passages"),
        ("Mal du pays", "cas", "par jour"),
    )
    rows = [
        {
            "semaine": week, "code_zone": "35", "zone": "Ille-et-Vilaine", "niveau": "departement", "maladie": illness, "mesure": measure,
            "valeur": 10.0 + n % 3, "unite": unit, "source": "Ici", "url": None,
        }
        for illness, measure, unit in kinds
        for n, week in enumerate(weeks)
    ]  # fmt: skip
    tables = {"series": pa.Table.from_pylist(rows)}
    made = work(tables, now)
    for code, heard in (
        ("fr", {("Grippe : Passages aux  urgences", "pour 10\u202f000 passages"), ("Mal du pays : cas", "par jour")}),
        ("en", {("flu: emergency visits", "per 10,000 visits"), ("Mal du pays: cases", "par jour")}),
    ):  # fmt: skip
        blocks = answer(Asked({}, now, now, language(code).of("epidemies")), {**tables, **made})
        (table,) = [b for b in blocks if isinstance(b, Rows)]
        assert {(r["quoi"], r["unite"]) for r in table.rows} == heard
    (chart,) = [b for b in blocks if isinstance(b, Chart)]
    assert "flu: emergency visits" in chart.text or "Mal du pays: cases" in chart.text
