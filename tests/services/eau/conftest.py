"""The demo city's files of water, published as anybody would, and the service computed from them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from parvis.cli.init import create
from parvis.cli.publish import plan, process
from parvis.core import settings
from parvis.demo import build, world
from parvis.demo.files import eau
from parvis.demo.raw import on
from parvis.publication import pipeline
from parvis.publication.city import City, open_city
from parvis.services.eau.service import SERVICE
from parvis.web.app import create_app
from parvis.work import service_runs
from tests.cities.livecity import Clock

FILES = (eau.DISTRICTS_FILE, eau.MEASURES_FILE, eau.YEARS_FILE, eau.CONTROL_FILE, eau.WORKS_FILE)
MORNING = world.NOW.replace(hour=4)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    folder = tmp_path_factory.mktemp("eau")
    drawn = world.build()
    raw = folder / "raw"
    raw.mkdir()
    dated = [on(file, drawn.days) for file in FILES]
    for file in dated:
        (raw / file.name).write_bytes(file.write(drawn)[0])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "raw_files", lambda days: {f.name: f for f in dated})
        (raw / "datasets.toml").write_text(build.manifest(drawn.days), "utf-8")
        patch.setattr(service_runs, "declared", lambda: (SERVICE,))
        create(folder / "ville", "Rivemont", {"city": {"insee": '"34990"'}})
        opened = open_city(settings.load(folder / "ville", {}), clock=Clock(MORNING))
        entries = plan(opened, [raw])
        sent = [
            pipeline.receive(opened, e.file, name=e.file.name, resource=e.resource.id)
            for e in entries
            if e.file is not None
        ]
        assert {d.state for d in process(opened, [d.id for d in sent])} == {"published"}
        service_runs.refresh(opened)
        yield opened


@pytest.fixture(scope="module")
def site(city: City) -> Iterator[TestClient]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(service_runs, "declared", lambda: (SERVICE,))
        yield TestClient(create_app(city))
