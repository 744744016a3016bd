"""A service whose results were taken down: gone at every address of it, and it does not bring them back."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from parvis import api
from parvis.cli.city import settings
from parvis.core.types import PUBLIC
from parvis.decisions import takedown
from parvis.publication.city import City, open_city
from parvis.store import versions
from parvis.web.app import create_app
from parvis.work import service_runs
from tests.access import table


@pytest.fixture(scope="module")
def city(demo_city: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    folder = tmp_path_factory.mktemp("gone") / "rivemont"
    shutil.copytree(demo_city, folder)
    made = open_city(settings(folder))
    yield made
    made.db.close()


def test_a_withdrawn_service_is_gone_at_every_address_and_stays_so(city: City) -> None:
    """Pages, twins, English pages, maps, files; exports, API and descriptions of its datasets; and what it
    reads may change: nothing of it is published.
    """
    app = create_app(city)
    api.install(app, city)
    with city.db.read() as conn:
        known = {
            s.name: s
            for s in service_runs.known(conn)
            if s.page and any(versions.served(conn, r, PUBLIC) is not None for r in s.resources)
        }
    paths = [path for path, methods in table(app).items() if "GET" in methods]
    assert len(known) >= 4
    with TestClient(app, follow_redirects=False) as client:
        for name, service in sorted(known.items())[:2]:
            datasets = [o.dataset.id for o in service.outputs.values()]
            files = [d.name for d in service.files]
            addresses = {
                path.replace("{name}", name).replace("{file}", file)
                for path in paths
                for file in files or ["x"]
                if path.startswith(("/services/{name}", "/en/services/{name}"))
            }
            first = datasets[0]
            addresses |= {
                re.sub(r"\{(id|dataset|dataset_id|table)\}", first, p).replace("{format}", "csv")
                for p in paths
                if re.search(r"\{(id|dataset|dataset_id|table)\}", p)
            }
            answered = sorted(a for a in addresses if "{" not in a and client.get(a).status_code == 200)
            assert f"/services/{name}" in answered
            assert f"/en/services/{name}.json" in answered
            assert len(answered) > 30
            for dataset in datasets:
                takedown.withdraw(city, dataset, why="Le calcul était faux.", actor="system", everywhere=True)
            assert {a: status for a in answered if (status := client.get(a).status_code) != 410} == {}, name
            assert name not in [
                s["name"] for s in client.get("/services.json").json()["services"] if s["ready"]
            ]
            assert f'href="/services/{name}"' not in client.get("/services").text
            service_runs.recompute(city, service, anew=True)
            with city.db.read() as conn:
                assert [r for r in service.resources if versions.served(conn, r, PUBLIC) is not None] == [], (
                    name
                )
            assert client.get(f"/services/{name}").status_code == 410
