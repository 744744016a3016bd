"""The router of the portal answers as the plain one with the same routes: it only looks at fewer of them."""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from typing import Any

import pytest
from fastapi import APIRouter
from hypothesis import example, given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Match, Mount, Route
from starlette.types import Scope

from parvis import api
from parvis.web.app import create_app
from parvis.web.router import IndexedRouter
from tests.cities import webcity


async def nothing(request: Request) -> Response:
    return Response()


Answer = tuple[str, object]

FEW = ("", "a", "b", "a\n", "x.csv", "{id}", "à")
"""Parts of paths of which some begin routes and some do not."""


def answer(router: APIRouter, path: str, method: str = "GET", root: str = "") -> Answer:
    """What becomes of a request: the route that takes it with its parameters, an address elsewhere, or a refusal."""
    scope: MutableMapping[str, Any] = {
        "type": "http", "method": method, "path": path, "root_path": root, "query_string": b"", "headers": [],
        "scheme": "http", "server": ("localhost", 80), "app": Starlette(),
    }  # fmt: skip
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    try:
        with pytest.raises(StopIteration):  # nothing here waits: no loop is needed
            router(scope, receive, send).__await__().__next__()
    except HTTPException as refused:
        return str(refused.status_code), sorted((refused.headers or {}).get("Allow", "").split(", "))
    assert scope["router"] is router
    location = dict(sent[0]["headers"]).get(b"location")
    return ("moved", location) if location else (sent[1]["body"].decode(), scope["path_params"])


def numbered(routes: list[BaseRoute]) -> list[BaseRoute]:
    """Routes of the same class and addresses, each of which answers its place."""

    def one(place: int, route: BaseRoute) -> BaseRoute:
        async def endpoint(request: Request) -> Response:
            return PlainTextResponse(str(place))

        assert isinstance(route, Route)
        return type(route)(route.path, endpoint, methods=route.methods and sorted(route.methods))

    return [one(place, route) for place, route in enumerate(routes)]


def both(routes: list[BaseRoute]) -> tuple[APIRouter, IndexedRouter]:
    """A plain router and ours with the same routes."""
    indexed = IndexedRouter()
    indexed.routes.extend(routes)
    return APIRouter(routes=routes), indexed


@pytest.fixture(scope="module")
def routers(tmp_path_factory: pytest.TempPathFactory) -> tuple[APIRouter, IndexedRouter]:
    """Of the whole portal."""
    city = webcity.build(tmp_path_factory.mktemp("city"))
    app = create_app(city)
    api.install(app, city)
    assert isinstance(app.router, IndexedRouter)
    city.db.close()
    return both(numbered(app.router.routes))


def test_every_address_of_the_portal_is_answered_alike(routers: tuple[APIRouter, IndexedRouter]) -> None:
    plain, indexed = routers
    filled = {
        re.sub(r"\{(\w+)[^}]*\}", r"é-\1", route.path) for route in plain.routes if isinstance(route, Route)
    }
    assert len(filled) > 300
    kinds: set[str] = set()
    for path in sorted(filled):
        other = path.rstrip("/") if path.endswith("/") else path + "/"
        methods = [(method, path) for method in ("GET", "POST", "BREW")]
        for method, near in (*methods, *(("GET", p) for p in (other, path + "\n", path + "/x"))):
            expected = answer(plain, near, method)
            assert answer(indexed, near, method) == expected, (method, near)
            kinds.add("page" if expected[0].isdigit() and len(expected[0]) < 3 else expected[0])
    assert kinds >= {"page", "moved", "404", "405"}


def test_few_routes_are_tried(
    routers: tuple[APIRouter, IndexedRouter], monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []
    matches = Route.matches

    def counted(self: Route, scope: Scope) -> tuple[Match, Scope]:
        tried.append(self.path)
        return matches(self, scope)

    monkeypatch.setattr(Route, "matches", counted)
    counts: list[list[int]] = []
    for router in routers:
        counts.append([])
        for path in ("/", "/a-propos", "/en/a-propos", "/jeux/x", "/nulle-part"):
            tried.clear()
            answer(router, path)
            counts[-1].append(len(tried))
    plain, indexed = counts
    assert sum(plain) > 10 * sum(indexed), counts


paths = st.lists(st.sampled_from(FEW), min_size=1, max_size=4).map(lambda parts: "/" + "/".join(parts))
declared = st.tuples(
    st.lists(
        st.sampled_from(("", "a", "b", "{id}", "{id}.csv", "{rest:path}", "x.{ext}")), min_size=1, max_size=3
    )
    .map(lambda parts: "/" + "/".join(parts))
    .filter(lambda path: all(path.count("{" + name) < 2 for name in ("id", "rest", "ext"))),
    st.sampled_from((("GET",), ("POST",), ("GET", "POST"))),
)


@given(st.lists(declared, max_size=8), paths, st.sampled_from(("GET", "POST")), st.sampled_from(("", "/a")))
@example([("/a", ("GET",))], "/a\n", "GET", "")
@example([("/a/", ("GET",)), ("/{id}", ("POST",))], "/a", "GET", "")
@example([("/b", ("GET",))], "/a/b", "GET", "/a")
def test_any_routes_and_any_path(
    routes: list[tuple[str, tuple[str, ...]]], path: str, method: str, root: str
) -> None:
    plain, indexed = both(numbered([Route(p, nothing, methods=m) for p, m in routes]))
    assert answer(indexed, path, method, root) == answer(plain, path, method, root)


def test_routes_may_come_and_go_while_it_answers() -> None:
    plain, indexed = both(numbered([Route("/a", nothing)]))
    assert answer(indexed, "/b")[0] == "404"
    first, second = numbered([Route("/a", nothing), Route("/b", nothing)])
    indexed.routes[:0] = [second]
    assert answer(indexed, "/b") == ("1", {})
    indexed.routes.pop(0)
    assert answer(indexed, "/b")[0] == "404"
    indexed.routes.insert(0, Mount("/b", routes=numbered([Route("/c", nothing)])))
    assert answer(indexed, "/b/c")[0] == "0"
    assert answer(indexed, "/a") == answer(plain, "/a") == ("0", {})
    assert isinstance(first, Route)


def test_the_comparison_sees_a_router_that_tries_too_few(routers: tuple[APIRouter, IndexedRouter]) -> None:
    plain, _ = routers
    fewer = IndexedRouter()
    fewer.routes.extend(plain.routes[:-1])
    with pytest.raises(AssertionError, match="GET"):
        test_every_address_of_the_portal_is_answered_alike((plain, fewer))
