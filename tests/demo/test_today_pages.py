"""A city of the demo's files and feeds of three hard days, by its pages: the air of the day, what is on
tonight, a pharmacy that is open, bikes of this minute; none of it called old.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from parvis.cli import demo
from parvis.cli.init import create
from parvis.core import settings
from parvis.core.language import language
from parvis.core.types import Organisation
from parvis.demo import air, raw, world
from parvis.demo.files import agenda, calendrier, lieux_soins, openagenda, pharmacies_garde
from parvis.demo.world import ZONE
from parvis.publication.city import open_city
from parvis.services.air.batch import batch as hourly
from parvis.services.air.schemas import RELEVES
from parvis.services.declaration import Batch
from parvis.store import datasets
from parvis.web.app import create_app
from parvis.work import polling, service_runs
from tests.cities import carecity
from tests.cities.livecity import Clock

DAYS = (
    datetime(2027, 1, 12, 8, 15, tzinfo=ZONE),  # winter
    datetime(2027, 3, 28, 11, 0, tzinfo=ZONE),  # a Sunday, clocks went forward
    datetime(2028, 2, 29, 17, 30, tzinfo=ZONE),
)
FILES = (agenda.FILE, openagenda.FILE, calendrier.FILE, lieux_soins.FILE, pharmacies_garde.FILE)
MEASURES = raw.RawFile(
    f"{air.RESOURCE.id.partition('/')[2]}.csv",
    "Air",
    raw.Dossier(air.DATASET.id, "Air", "Air.", "environnement", (), (), "daily", schema=air.RESOURCE.schema),
    lambda of: (air.write(of, of.now), raw.Truth("csv")),
)


@pytest.fixture(scope="module", params=DAYS, ids=lambda now: f"{now:%Y-%m-%d}")
def portal(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[TestClient, Clock]]:
    """The portal under a clock that stands at that moment, and the clock."""
    folder, clock = tmp_path_factory.mktemp("today") / "city", Clock(request.param)
    create(folder, world.NAME, {"city": {"contact": '"donnees@rivemont.example"'}})
    city = open_city(settings.load(folder, {}), clock=clock)
    drawn = world.build(now=clock())
    for file in FILES:
        carecity.publish(city, folder, raw.on(file, drawn.days), file.write(drawn)[0])
    carecity.publish(city, folder, MEASURES, air.write(drawn, clock()))
    with city.db.begin() as conn:
        datasets.save_organisation(conn, Organisation("mobilites", "Mobilités"))
        datasets.save_organisation(conn, Organisation("environnement", "Environnement"))
        datasets.describe(conn, air.DATASET)
        releves = datasets.describe_resource(conn, air.live("http://127.0.0.1/air.geojson"))
    bikes = demo._describe_bikes(city, "http://127.0.0.1/gbfs.json")  # pyright: ignore[reportPrivateUsage]
    at, rows = hourly(air.document(drawn, clock(), drawn.today))
    polling.keep(city, releves, Batch(at, rows, RELEVES))
    demo._poll(city, bikes, drawn, clock())  # pyright: ignore[reportPrivateUsage]
    service_runs.refresh(city)
    yield TestClient(create_app(city)), clock
    city.db.close()


def said(portal: tuple[TestClient, Clock], service: str, **asked: str) -> list[dict[str, Any]]:
    answer = portal[0].get(f"/services/{service}.json", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()["blocks"]


def test_the_air_of_today(portal: tuple[TestClient, Clock]) -> None:
    assert said(portal, "air")[0]["text"].startswith("Aujourd’hui, l’air est ")


def test_something_is_on_tonight(portal: tuple[TestClient, Clock]) -> None:
    """The first event is this evening, by the city's clock, and the programme below dates it today."""
    answer = said(portal, "sorties")
    assert answer[0]["tone"] == "ok"
    assert answer[0]["text"].startswith("Ce soir à ")
    assert language("fr", ZONE.key).day(portal[1]().date()) in repr(answer[1:])


def test_a_pharmacy_is_open_now_and_one_tonight(portal: tuple[TestClient, Clock]) -> None:
    assert said(portal, "soins", besoin="pharmacie")[0]["tone"] == "ok"
    assert said(portal, "soins", besoin="pharmacie", heure="23:00")[0]["tone"] == "ok"


def test_bikes_of_this_minute(portal: tuple[TestClient, Clock]) -> None:
    moment = portal[0].get("/services/velos.json").json()["moment"]
    at = datetime.fromisoformat(moment["at"])
    assert timedelta(0) <= portal[1]() - at < timedelta(minutes=2)
