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
from parvis.services.answers import Asked, Said
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
        assert series_epidemies.OUTBREAK in first.text.lower()
        assert first.tone in ("warn", "bad")
