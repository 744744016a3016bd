"""A list costs what it shows: more than twice as many datasets, and no page, list or search asks the database
more often, or reads more rows of it.
"""

from __future__ import annotations

import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from bench import large_city
from sqlalchemy import Engine, event
from sqlalchemy.engine.cursor import CursorFetchStrategy
from starlette.testclient import TestClient

from parvis import api
from parvis.catalogue.description_scores import Follower
from parvis.cli.init import create
from parvis.core import settings
from parvis.publication import pipeline
from parvis.publication.city import City, open_city
from parvis.web.app import create_app

FEW, MANY = 220, 500

LISTS = (
    "/", "/index.json", "/jeux", "/jeux?page=2", "/jeux?q=piscines", "/jeux?tri=title&theme=TRAN", "/jeux/jeu-3", "/jeux/jeu-3/metadonnees", "/jeux/jeu-3.ttl",
    "/jeux/jeu-3.atom", "/jeux/jeu-3/datapackage.json", "/organisations", "/organisations/direction-3", "/services", "/qualite", "/qualite?tri=fraicheur",
    "/qualite?etat=retard", "/metadonnees", "/metadonnees?page=2", "/qualite/jeu-3", "/qualite/regressions.atom", "/plan-du-site", "/catalogue.ttl?page=1&page_size=20", "/terrain",
    "/api/explore/v2.1/catalog/datasets", "/api/explore/v2.1/catalog/datasets?order_by=records_count%20desc&offset=5",
    "/api/explore/v2.1/catalog/datasets?refine=publisher:Direction%203", '/api/explore/v2.1/catalog/datasets?where=records_count>25 and keyword="budget"',
    '/api/explore/v2.1/catalog/datasets?where="relevé" and search(title, "pisc")', "/api/explore/v2.1/catalog/datasets?order_by=title&where=publisher like 'direction'",
    "/api/explore/v2.1/catalog/datasets/jeu-3", "/api/explore/v2.1/catalog/datasets/jeu-3/records", "/api/explore/v2.1/catalog/facets?facet=publisher&facet=theme",
)  # fmt: skip

VOCABULARY = 131
"""Rows that a count by theme or by organisation may read more of: there are 13 themes, 78 pairs of them and
40 organisations, whatever the city holds.
"""


@dataclass
class Cost:
    """What one request asked of the database."""

    statements: int = 0
    rows: int = 0


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Generator[Cost]:
    """What is asked until the `with` ends, except by timers: what counts uses is written down every few
    seconds, whoever is being answered then.
    """
    cost = Cost()

    def counts() -> bool:
        return not isinstance(threading.current_thread(), threading.Timer)

    def asked(*_: object) -> None:
        cost.statements += counts()

    with monkeypatch.context() as patch:
        for name in ("fetchone", "fetchmany", "fetchall"):
            fetch = getattr(CursorFetchStrategy, name)

            def watched(*given: object, fetch: object = fetch, **named: object) -> object:
                found = fetch(*given, **named)  # type: ignore[operator]
                if counts():
                    cost.rows += len(found) if isinstance(found, list) else found is not None
                return found

            patch.setattr(CursorFetchStrategy, name, watched)
        event.listen(Engine, "before_cursor_execute", asked)
        try:
            yield cost
        finally:
            event.remove(Engine, "before_cursor_execute", asked)


def costs(city: City, monkeypatch: pytest.MonkeyPatch) -> dict[str, Cost]:
    """Of each list, asked for the first time by a process that has answered one of its kind."""
    app = create_app(city)
    api.install(app, city)
    found: dict[str, Cost] = {}
    with TestClient(app, follow_redirects=False) as visitor:
        for path in LISTS:
            with counted(monkeypatch) as cost:
                assert visitor.get(path).status_code in (200, 303, 401), path
            found[path] = cost
    return found


def test_more_datasets_cost_a_list_nothing_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    create(tmp_path / "ville", "Grandville", {"serve": {"hosts": '["testserver"]'}})
    city = open_city(settings.load(tmp_path / "ville", {}))
    models = large_city.begin(city)
    large_city.grow(city, models, len(models), FEW)
    pipeline.index(city).follow(city.db)
    scores = Follower(city.db, city.settings)
    while scores.turn(city.now()):
        pass
    costs(city, monkeypatch)  # what a process loads once
    few = costs(city, monkeypatch)
    large_city.grow(city, models, FEW, MANY)
    pipeline.index(city).follow(city.db)
    while scores.turn(city.now()):
        pass
    many = costs(city, monkeypatch)
    city.db.close()
    assert sum(cost.statements for cost in few.values()) > 3 * len(LISTS), "the counter counts"
    grown = [
        f"{path}: {few[path].statements} to {many[path].statements} statements, {few[path].rows} to {many[path].rows} rows"
        for path in LISTS
        if many[path].statements > few[path].statements or many[path].rows > few[path].rows + VOCABULARY
    ]
    assert not grown, "\n".join(grown)
