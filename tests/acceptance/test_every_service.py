"""What every service owes, whatever it computes, on the demo city: the lines that issue D asks of all of
them.
"""

from __future__ import annotations

import html
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from parvis import api
from parvis import services as declared_in
from parvis.cli.city import settings
from parvis.core import registry
from parvis.core.types import PUBLIC
from parvis.publication.city import City, open_city
from parvis.schemas.library import library
from parvis.services.declaration import Service
from parvis.store import runs, versions
from parvis.web.app import create_app
from parvis.work.service_runs import known


def plain(text: str) -> str:
    """With plain spaces where the page holds words together."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@dataclass(frozen=True)
class Town:
    """The demo city, its pages and its services."""

    city: City
    web: TestClient
    services: tuple[Service, ...]

    def computed(self) -> Iterator[Service]:
        """Those that had something to read: a live one waits for its feed, which nobody polls here."""
        with self.city.db.read() as conn:
            for service in self.services:
                if any(versions.served(conn, r, PUBLIC) is not None for r in service.resources):
                    yield service


@pytest.fixture(scope="module")
def town(demo_city: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("services") / "rivemont"
    shutil.copytree(demo_city, folder)
    city = open_city(settings(folder))
    app = create_app(city)
    api.install(app, city)
    with city.db.read() as conn:
        services = tuple(known(conn))
    with TestClient(app) as client:
        yield Town(city, client, services)
    city.db.close()


OF_OTHERS = {"releves", "meteo", "quefaire", "avis", "ecoles"}
"""Inputs in the words of others: feeds, whose schema their readers write; the agenda of another portal; the schools of the
ministry; and opinions on an episode, which have none of ours yet.
"""


def test_inputs_follow_a_schema_of_ours() -> None:
    """Each input but the output of another service names a shipped schema; those that don't are known."""
    services = registry.declared(declared_in, Service).values()
    made = {r for s in services for r in s.resources}
    shipped = {k.name for k in library()} | {f"parvis/{k.name}" for k in library()}
    lacking = {
        name
        for s in services
        for name, one in s.reads.items()
        if one.resource not in made and one.schema not in shipped
    }
    assert lacking <= OF_OTHERS
    assert len({one.schema for s in services for one in s.reads.values()} & shipped) > 10


def test_a_page_says_the_question_the_results_and_what_makes_them_wrong(town: Town) -> None:
    """Title first, every caveat, a table, a way to each result; the JSON twin says the same."""
    for service in town.computed():
        if not service.page:
            continue
        page = town.web.get(f"/services/{service.name}")
        if service.group:
            assert page.status_code == 404, f"{service.name} is for a group"
            continue
        assert page.status_code == 200, service.name
        text = plain(html.unescape(page.text))
        assert service.caveats, service.name
        for caveat in service.caveats:
            assert plain(caveat) in text, f"{service.name}: {caveat}"
        twin = town.web.get(f"/services/{service.name}.json").json()
        assert service.question in str(twin) or service.title in str(twin), service.name
        for output in service.outputs.values():
            assert f"/jeux/{output.dataset.id}" in text, f"{service.name}: no way to {output.dataset.id}"


def test_results_are_datasets_with_their_lineage(town: Town) -> None:
    """Each result has its page, its rows in the query API, and the run that made it, with what it read."""
    services = list(town.computed())
    assert {"sorties", "finances", "soins", "dechets", "air"} <= {s.name for s in services}
    for service in services:
        for resource in service.resources:
            with town.city.db.read() as conn:
                version = versions.served(conn, resource, PUBLIC)
                made_by = runs.producing(conn, version.digest) if version is not None else []
            if version is None:
                continue
            dataset = resource.partition("/")[0]
            # what a group's service makes for all bears the name of the dataset: nobody else knows the service
            makers = {f"service:{service.name if not service.group else dataset}"}
            assert any(r.what in {*makers, "live", "close"} for r in made_by), resource
            if made_by[0].what in makers:
                assert made_by[0].inputs, resource
            assert town.web.get(f"/jeux/{dataset}").status_code == 200
            assert town.web.get(f"/api/explore/v2.1/catalog/datasets/{dataset}").status_code == 200


def test_columns_of_results_are_told(town: Town) -> None:
    for service in town.services:
        for name, output in service.outputs.items():
            bare = [c.name for c in output.schema.columns if not c.title]
            assert not bare, f"{service.name}/{name}: {bare}"
            assert output.dataset.title, service.name
            assert output.dataset.description, service.name
