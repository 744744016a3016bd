"""The tutorial's study: what docs/tutorial-study.md prints is what runs, on a page of under 100 lines; killed
half-way it ends the same.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from parvis.cli.init import create
from parvis.core import settings
from parvis.core.arrow import arrow_schema
from parvis.core.language import language
from parvis.core.types import Column, Dataset, Organisation, Resource, Schema
from parvis.publication.city import City, open_city
from parvis.services.answers import Said
from parvis.services.fontaines.one_more import STUDY
from parvis.services.study import texts
from parvis.store import datasets
from parvis.work import live_hours, studies
from tests.conftest import ROOT

COLUMNS = {
    "id": "text",
    "adresse": "text",
    "latitude": "number",
    "longitude": "number",
    "indisponible": "date",
}
FOUNTAINS = Schema("fontaines", "1", tuple(Column(n, t) for n, t in COLUMNS.items()))  # type: ignore[arg-type]
PLACES = [(43.60, 3.86), (43.60, 3.90), (43.64, 3.86), (43.64, 3.90), (43.62, 3.88)]


@pytest.fixture
def city(tmp_path: Path) -> City:
    create(tmp_path / "city", "Ville")
    city = open_city(settings.load(tmp_path / "city", {}), clock=lambda: datetime(2026, 11, 29, tzinfo=UTC))
    with city.db.begin() as conn:
        datasets.save_organisation(conn, Organisation("eau", "Service des eaux"))
        datasets.save_dataset(conn, Dataset("points-d-eau", "Points d’eau", "Où boire.", "eau"))
        resource = Resource("points-d-eau/liste", "points-d-eau", "Liste", schema="fontaines")
        datasets.save_resource(conn, resource)
    rows = [
        {"id": f"F{i}", "adresse": "", "latitude": lat, "longitude": lon, "indisponible": dry}
        for i, (lat, lon) in enumerate(PLACES)
        for dry in ([date(2026, 11, 1)] if i == 4 else [None])
    ]
    table = live_hours.pa.Table.from_pylist(rows, schema=arrow_schema(FOUNTAINS))
    live_hours.publish(city, resource, FOUNTAINS, (live_hours.put(city, table),), (), what="import")
    return city


def test_the_page_prints_the_study_whole_in_under_100_lines() -> None:
    page = (ROOT / "docs" / "tutorial-study.md").read_text("utf-8")
    printed = "".join(re.findall(r"```python\n(.*?)```", page, re.DOTALL))
    file = Path(ROOT, "src", "parvis", "services", "fontaines", "one_more.py").read_text("utf-8")
    assert [x for x in printed.splitlines() if x.strip()] == [x for x in file.splitlines() if x.strip()]
    assert len(page.splitlines()) < 100


def test_the_middle_that_is_dry_is_where_one_more_serves_best(city: City) -> None:
    one = studies.ask(city, STUDY, {"essais": 2000.0}, actor="system")
    assert studies.compute(city, one.id) == "done"
    done = studies.run(city, STUDY, one.id)
    made = studies.result(city, done)
    (place,) = made.tables["place"].to_pylist()
    assert (place["latitude"], place["longitude"]) == pytest.approx(PLACES[4], abs=0.002)
    for code, said in (
        ("fr", "Là où une fontaine manque le plus"),
        ("en", "Where a fountain is missed most"),
    ):
        first = studies.answered(city, STUDY, done, made, language(code))[0]
        assert isinstance(first, Said)
        assert first.text.startswith(said)


def test_it_speaks_english() -> None:
    english = language("en").of(STUDY.name)
    assert [t for t in texts(STUDY) if not english.knows(t)] == []
