"""The tutorial's service: what docs/tutorial-service.md prints is what runs, in under 80 lines, by the page."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from starlette.testclient import TestClient

from parvis.cli.init import create
from parvis.core import settings
from parvis.core.arrow import arrow_schema
from parvis.core.language import language
from parvis.core.types import Column, Dataset, Organisation, Resource, Schema
from parvis.publication.city import open_city
from parvis.services.declaration import texts
from parvis.services.fontaines.service import SERVICE
from parvis.store import datasets
from parvis.web.app import create_app
from parvis.work import live_hours, service_runs
from tests.cities.livecity import Clock
from tests.conftest import ROOT

FOUNTAINS = Schema(
    "fontaines",
    "1",
    tuple(
        Column(n, t)
        for n, t in (
            ("id", "text"),
            ("adresse", "text"),
            ("latitude", "number"),
            ("longitude", "number"),
            ("indisponible", "date"),
        )
    ),
)  # type: ignore[arg-type]
ROWS = [
    {
        "id": "F1",
        "adresse": "Place du Marché",
        "latitude": 43.6100,
        "longitude": 3.8700,
        "indisponible": None,
    },
    {
        "id": "F2",
        "adresse": "Square Bas",
        "latitude": 43.6105,
        "longitude": 3.8705,
        "indisponible": date(2026, 11, 1),
    },
    {"id": "F3", "adresse": None, "latitude": 43.6300, "longitude": 3.8700, "indisponible": None},
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    folder = tmp_path_factory.mktemp("fontaines") / "city"
    create(folder, "Ville")
    city = open_city(settings.load(folder, {}), clock=Clock(datetime(2026, 11, 26, tzinfo=UTC)))
    with city.db.begin() as conn:
        datasets.save_organisation(conn, Organisation("eau", "Service des eaux"))
        datasets.save_dataset(conn, Dataset("points-d-eau", "Points d’eau", "Où boire.", "eau"))
        datasets.save_resource(
            conn, resource := Resource("points-d-eau/liste", "points-d-eau", "Liste", schema="fontaines")
        )
    table = pa.Table.from_pylist(ROWS, schema=arrow_schema(FOUNTAINS))
    live_hours.publish(city, resource, FOUNTAINS, (live_hours.put(city, table),), (), what="import")
    service_runs.refresh(city)
    return TestClient(create_app(city))


def said(site: TestClient, **asked: str) -> list[dict[str, Any]]:
    return site.get("/services/fontaines.json", params=asked).json()["blocks"]


def test_the_page_prints_the_service_whole_in_under_80_lines() -> None:
    printed = re.findall(
        r"```python\n(.*?)```", (ROOT / "docs" / "tutorial-service.md").read_text("utf-8"), re.DOTALL
    )
    folder = Path(ROOT, "src", "parvis", "services", "fontaines")
    init, service = ((folder / n).read_text("utf-8") for n in ("__init__.py", "service.py"))

    def lines(text: str) -> list[str]:
        return [x for x in text.splitlines() if x.strip()]

    assert lines(printed[0]) == lines(init)
    assert lines("".join(printed[1:])) == lines(service)
    assert len(init.splitlines()) + len(service.splitlines()) < 80


def test_the_nearest_that_flows(site: TestClient) -> None:
    blocks = said(site, lieu="43.6106, 3.8706")
    assert blocks[0]["text"].startswith("La plus proche : Place du Marché, à 8")  # F2 is nearer and dry
    assert [(r["nom"], r["distance"]) for r in blocks[1]["rows"]] == [
        ("Place du Marché", pytest.approx(82, abs=2)),
        ("F3", pytest.approx(2158, abs=5)),
    ]
    assert [m["label"] for m in blocks[2]["marks"]] == ["Place du Marché", "F3"]


def test_without_a_place_it_asks(site: TestClient) -> None:
    assert said(site)[0]["text"].startswith("2 fontaines coulent")


def test_the_english_page(site: TestClient) -> None:
    english = language("en").of(SERVICE.name)
    assert [t for t in texts(SERVICE) if not english.knows(t)] == []
    assert "2 fountains flow" in site.get("/en/services/fontaines").text
