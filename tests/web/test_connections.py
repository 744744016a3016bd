"""No request holds a connection of the database while it renders or streams: a slow page or a slow reader
starves nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import jinja2
import pytest
from starlette.responses import StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import Send

from parvis import api
from parvis.publication.city import City
from parvis.web import observing
from parvis.web.app import create_app
from tests.cities import webcity

KNOWN = {"id": "stations-velos", "format": "csv", "extension": "ttl", "name": "velos", "rid": "1", "code": "siret", "form": "csv", "position": "1",
         "token": "x", "file": "x", "run": "x", "part": "x"}  # fmt: skip
"""What stands for each parameter of an address; where it is nothing's name the error is a page too."""


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """A small published city."""
    made = webcity.build(tmp_path_factory.mktemp("city"), base_url="http://testserver")
    yield made
    made.db.close()


def test_no_route_holds_a_connection_while_it_renders_or_streams(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Looked at where every template is rendered and every piece of a stream is sent, on every address, for a
    visitor and for a publisher. Uses are not written down meanwhile: a thread of its own does that, ten seconds
    after the first, and the connection that it holds is none of the page that is rendered at that moment.
    """
    monkeypatch.setattr(observing, "FLUSH_S", 3600.0)
    app = create_app(city)
    api.install(app, city)
    held: list[str] = []
    rendered: list[str] = []
    streamed: list[int] = []
    render, stream = jinja2.Template.render, StreamingResponse.stream_response

    def watched(template: jinja2.Template, *given: object, **named: object) -> str:
        rendered.append(template.name or "")
        held.extend([f"renders {template.name}"] * city.db.held)
        return render(template, *given, **named)

    async def piecewise(response: StreamingResponse, send: Send) -> None:
        async def sent(message: dict[str, object]) -> None:
            streamed.append(1)
            held.extend(["streams"] * city.db.held)
            await send(message)

        await stream(response, sent)  # type: ignore[arg-type]

    monkeypatch.setattr(jinja2.Template, "render", watched)
    monkeypatch.setattr(StreamingResponse, "stream_response", piecewise)
    paths = [
        r.path
        for r in app.router.routes
        if isinstance(r, Route) and "GET" in (r.methods or ()) and not r.path.startswith("/en")
    ]
    with (
        TestClient(app, follow_redirects=False) as visitor,
        TestClient(app, follow_redirects=False) as person,
    ):
        found = re.search(r'name="csrf" value="([0-9a-f]+)"', person.get("/connexion").text)
        assert found is not None
        assert (
            person.post(
                "/connexion",
                data={"csrf": found[1], "email": "agent@montclair.example", "password": webcity.PASSWORD},
            ).status_code
            == 303
        )
        for path in paths:
            address = re.sub(r"\{(\w+)(?::\w+)?\}", lambda m: KNOWN[m[1]], path)
            before = len(held)
            for who in (visitor, person):
                assert who.get(address).status_code < 500, address
            assert held[before:] == [], address
    assert city.db.held == 0
    assert len(set(rendered)) > 30
    assert len(streamed) > 10


def test_as_many_threads_read_at_once_as_there_are(city: City) -> None:
    """SQLite: no thread waits for the connection of another, which ended in a time-out of the pool."""
    together = Barrier(60, timeout=60)

    def look(number: int) -> int:
        with city.db.read():
            return together.wait()

    with ThreadPoolExecutor(60) as pool:
        assert sorted(pool.map(look, range(60))) == list(range(60))
    assert city.db.held == 0
