"""What a request may cost before anybody knows who sends it: places by kind and by caller, bodies refused by
their headers, readers that do not read.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator

import duckdb
import pytest
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message

from parvis import api
from parvis.core.errors import TooSlow
from parvis.publication.city import City
from parvis.web import admission
from parvis.web.admission import CAPACITIES, PIECE, WHOLE, Admission, Capacity, Full, Kind, Room, kind_of
from parvis.web.app import create_app
from tests.cities import webcity

Receive = Callable[[], Awaitable[Message]]


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """A small published city."""
    made = webcity.build(tmp_path_factory.mktemp("city"))
    yield made
    made.db.close()


@pytest.fixture(scope="module")
def app(city: City) -> ASGIApp:
    """The portal and its programs' side."""
    made = create_app(city)
    api.install(made, city)
    return made


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A refusal does not wait here."""
    monkeypatch.setattr(admission, "REFUSAL_S", 0.0)


def scope(method: str, path: str, *, client: str = "192.0.2.1", **headers: str) -> dict[str, object]:
    """A request, as the server hands it over."""
    said = {"host": "localhost"} | {k.replace("_", "-"): v for k, v in headers.items()}
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(k.encode(), v.encode()) for k, v in said.items()],
        "client": (client, 1),
        "server": ("localhost", 80),
        "state": {},
    }


class Far:
    """The far end: what it got, and what it sends. reads: how many messages it takes before it stops for
    good, None for all of them.
    """

    def __init__(self, sends: list[Message], *, reads: int | None = None) -> None:
        self.sends, self.reads = sends, reads
        self.got: list[Message] = []
        self.asked_before_answer = 0
        self.stopped = asyncio.Event()

    async def receive(self) -> Message:
        if not self.got:
            self.asked_before_answer += 1
        if self.sends:
            return self.sends.pop(0)
        await asyncio.Event().wait()
        raise AssertionError

    async def send(self, message: Message) -> None:
        if self.reads is not None and len(self.got) >= self.reads:
            self.stopped.set()
            await asyncio.Event().wait()
        self.got.append(message)

    @property
    def status(self) -> int:
        return int(self.got[0]["status"])

    def header(self, name: str) -> str:
        return dict(self.got[0]["headers"]).get(name.encode(), b"").decode()


def asked(app: ASGIApp, request: dict[str, object], sends: list[Message] | None = None) -> Far:
    """One whole exchange."""
    far = Far(sends if sends is not None else [{"type": "http.request", "body": b"", "more_body": False}])

    async def run() -> None:
        async with asyncio.timeout(60):
            await app(request, far.receive, far.send)

    asyncio.run(run())
    return far


BODY: Message = {"type": "http.request", "body": b"x" * 1000, "more_body": True}
"""The beginning of a body whose end does not come."""


@pytest.mark.parametrize(
    "path", ["/depots/nouveau", "/en/depots/nouveau", "/jeux/stations-velos/recette/fichier"]
)
def test_who_may_not_send_is_refused_before_the_body_is_read(
    app: ASGIApp, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """Four gigabytes announced by nobody in particular: not one byte of them is asked for."""
    monkeypatch.setattr(admission, "DRAIN_S", 0.0)
    far = asked(
        app,
        scope(
            "POST",
            path,
            content_length="4000000000",
            content_type="multipart/form-data; boundary=x",
            accept="application/json",
        ),
        [BODY],
    )
    assert (far.status, far.asked_before_answer, far.header("connection")) == (401, 0, "close")


@pytest.mark.parametrize(
    "path",
    [
        "/verifier",
        "/en/verifier",
        "/api/check/v1",
        "/verifier/donnees-personnelles",
        "/api/scan/v1",
        "/connexion",
        "/alertes",
    ],
)
def test_a_body_too_long_by_its_own_header_is_not_read(
    app: ASGIApp, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """The limit is that of the route."""
    monkeypatch.setattr(admission, "DRAIN_S", 0.0)
    far = asked(
        app,
        scope("POST", path, content_length="53000000", content_type="multipart/form-data; boundary=x"),
        [BODY],
    )
    assert (far.status, far.asked_before_answer) == (413, 0)


def test_a_body_in_chunks_is_cut_at_the_limit_of_its_route(
    app: ASGIApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says no length: it is counted as it comes."""
    monkeypatch.setattr(admission, "DRAIN_S", 0.0)
    piece: Message = {
        "type": "http.request",
        "body": b'--x\r\nContent-Disposition: form-data; name="email"\r\n\r\n' + b"y" * 90_000,
        "more_body": True,
    }
    rest: Message = {"type": "http.request", "body": b"y" * 90_000, "more_body": True}
    far = asked(
        app,
        scope(
            "POST", "/connexion", transfer_encoding="chunked", content_type="multipart/form-data; boundary=x"
        ),
        [piece, *[dict(rest) for _ in range(9)]],
    )
    assert (far.status, far.asked_before_answer) == (413, 3)


def test_a_body_that_stops_coming_is_told_so(app: ASGIApp, monkeypatch: pytest.MonkeyPatch) -> None:
    """408 when its clock is over, and the place is free again."""
    monkeypatch.setattr(admission, "SILENCE_S", 0.0)
    monkeypatch.setattr(admission, "DRAIN_S", 0.0)
    far = asked(
        app,
        scope(
            "POST",
            "/verifier",
            content_length="9000",
            content_type="multipart/form-data; boundary=x",
            accept="application/json",
        ),
        [],
    )
    assert far.status == 408


@pytest.mark.parametrize("path", ["/verifier", "/connexion", "/api/check/v1", "/api/check/v1/schemas"])
def test_who_leaves_in_the_middle_of_a_body_writes_nothing_in_the_log(
    app: ASGIApp, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Each of a crowd that leaves would be a trace of thirty lines: a log that is full tells nothing."""
    kind = "multipart/form-data; boundary=x"
    sends: list[Message] = [
        {"type": "http.request", "body": b"--x\r\n", "more_body": True},
        {"type": "http.disconnect"},
    ]
    far = asked(app, scope("POST", path, content_length="9000", content_type=kind), sends)
    assert [m for m in far.got if m["type"] == "http.response.start" and m["status"] >= 500] == []
    assert not caplog.records


def test_an_answer_leaves_in_pieces_and_waits_for_its_reader(
    city: City, app: ASGIApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader that stops gets nothing more, is cut when its clock is over, and its place is free; the answer
    has no end that would make it whole.
    """
    made = [0]

    async def endless(scope: object, receive: object, send: Callable[[Message], Awaitable[None]]) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while True:
            made[0] += 1
            await send({"type": "http.response.body", "body": b"x" * (3 * PIECE), "more_body": True})

    watched = Admission(endless, refusal=lambda *_: (503, {}, b""))
    far = Far([], reads=3)
    monkeypatch.setattr(admission, "SILENCE_S", 0.05)
    asyncio.run(
        asyncio.wait_for(
            watched(scope("GET", "/api/explore/v2.1/catalog/datasets/x/exports/csv"), far.receive, far.send),
            60,
        )
    )
    assert [len(m.get("body", b"")) for m in far.got] == [0, PIECE, PIECE]
    assert all(m["more_body"] for m in far.got[1:])
    assert (made[0], watched.rooms["exports"].stays) == (1, set())


def test_a_large_answer_that_is_ready_waits_for_its_reader_too() -> None:
    """Only what is small is handed over whole."""

    async def whole(size: int) -> list[int]:
        async def ready(scope: object, receive: object, send: Callable[[Message], Awaitable[None]]) -> None:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"x" * size})

        far = Far([])
        await Admission(ready, refusal=lambda *_: (503, {}, b""))(scope("GET", "/"), far.receive, far.send)
        assert not far.got[-1]["more_body"] if "more_body" in far.got[-1] else True
        return [len(m["body"]) for m in far.got[1:]]

    assert asyncio.run(whole(WHOLE)) == [WHOLE]
    assert asyncio.run(whole(WHOLE + 1)) == [PIECE, PIECE, 1]


# --- places -------------------------------------------------------------------------------------------------


def test_a_caller_has_a_share_and_the_others_the_rest() -> None:
    """One that asks for everything does not keep another out."""

    async def run() -> None:
        room = Room(Capacity(3, 2, wait_s=0.0))
        await room.enter("a")
        await room.enter("a")
        with pytest.raises(Full) as own:
            await room.enter("a")
        assert own.value.own
        await room.enter("b")
        with pytest.raises(Full) as full:
            await room.enter("c")
        assert not full.value.own

    asyncio.run(run())


def test_places_are_given_on_in_order_and_past_whoever_has_enough() -> None:
    """First come, first served, but for a caller that has its share already."""

    async def run() -> None:
        room = Room(Capacity(2, 1, wait_s=30.0))
        first, second = await room.enter("a"), await room.enter("b")
        waiting = [asyncio.create_task(room.enter(c)) for c in ("a", "c", "d")]
        await asyncio.sleep(0)
        room.leave(second)
        assert (await waiting[1]).caller == "c"
        room.leave(first)
        assert (await waiting[0]).caller == "a"
        waiting[2].cancel()
        await asyncio.wait(waiting)
        assert (len(room.stays), room.queue) == (2, [])

    asyncio.run(run())


def test_who_keeps_us_waiting_makes_room_for_who_comes() -> None:
    """Half-sent bodies and readers that stopped are cut when their places are wanted, the longest silence
    first.
    """

    async def run() -> None:
        room = Room(Capacity(2, 2, wait_s=30.0))
        stays = [await room.enter("a"), await room.enter("a")]
        ended: list[int] = []

        async def silent(number: int) -> None:
            with pytest.raises(TimeoutError):
                await stays[number].patiently(asyncio.Event().wait)
            ended.append(number)
            room.leave(stays[number])

        tasks = [asyncio.create_task(silent(n)) for n in (0, 1)]
        await asyncio.sleep(0)
        stays[1].silent_since = asyncio.get_running_loop().time() - 2 * admission.YIELD_S
        assert (await room.enter("b")).caller == "b"
        assert ended == [1]
        tasks[0].cancel()
        await asyncio.wait(tasks)

    asyncio.run(run())


def test_a_full_kind_answers_in_plain_words_and_leaves_the_others_alone(app: ASGIApp, city: City) -> None:
    """503 with Retry-After, in the language of the address, as a page or as JSON; 429 for whoever has its own
    share full.
    """
    full = create_app(city)
    full.user_middleware[:] = [m for m in full.user_middleware if m.cls is not Admission]
    from parvis.web import errors

    none: dict[Kind, Capacity] = {
        kind: Capacity(0 if kind == "checks" else 4, 4, wait_s=0.0, again_s=7) for kind in CAPACITIES
    }
    full.add_middleware(Admission, refusal=errors.refusal(full.state.site), capacities=none)
    page = asked(full, scope("POST", "/en/verifier", accept="text/html"))
    assert (page.status, page.header("retry-after"), page.header("content-type")) == (
        503,
        str(CAPACITIES["checks"].again_s),
        "text/html; charset=utf-8",
    )
    said = page.got[1]["body"].decode()
    assert "Many files are being checked right now." in said
    assert '<html lang="en"' in said
    assert b'"status": 503' in asked(full, scope("POST", "/api/check/v1")).got[1]["body"]
    assert asked(full, scope("GET", "/a-propos")).status == 200


def test_every_route_has_its_kind(app: ASGIApp) -> None:
    """What writes or is long is never taken for a page; only the files of the site have no limit."""
    kinds: dict[str, set[str]] = {}
    for route in app.router.routes:  # type: ignore[attr-defined]
        for method in route.methods or ():
            kinds.setdefault(kind_of(method, route.path) or "", set()).add(f"{method} {route.path}")
    assert {r.split()[1].split("/")[1] for r in kinds[""]} <= {
        "static",
        "favicon.ico",
        "robots.txt",
        "manifest.webmanifest",
    }
    assert all(
        r.startswith(("GET", "HEAD", "OPTIONS"))
        for k in ("", "pages", "queries", "exports")
        for r in kinds[k]
    )
    assert {r for r in kinds["pages"] if "export" in r} == set()
    assert {r.split()[1] for r in kinds["checks"]} >= {
        "/verifier",
        "/en/verifier",
        "/api/check/v1",
        "/api/scan/v1",
    }
    assert kinds["sign-in"] >= {"POST /connexion", "POST /en/connexion", "POST /mot-de-passe"}
    assert set(kinds) - {""} == set(CAPACITIES)


def test_threads_are_enough_for_every_place() -> None:
    """No kind waits for the thread of another."""
    assert Admission(lambda *_: asyncio.sleep(0), refusal=lambda *_: (503, {}, b"")).threads > sum(
        c.places for c in CAPACITIES.values()
    )  # type: ignore[arg-type, return-value]


# --- cut ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", ["2.3", "2.4"])
@pytest.mark.parametrize(
    "fault",
    [
        TooSlow("06 41 50 70 90"),
        duckdb.ConversionException("06 41 50 70 90"),
        OSError(5, "06 41 50 70 90"),
        ZeroDivisionError("06"),
    ],
)
def test_an_answer_that_breaks_off_is_one_line_in_the_log(
    city: City, caplog: pytest.LogCaptureFixture, fault: Exception, version: str
) -> None:
    """No trace and no words of the fault, which may quote a value; no end of the body, so that nobody takes
    it for whole. A bug of ours keeps its trace.
    """

    def pieces() -> Iterator[bytes]:
        yield b"a;b\n"
        raise fault

    def endpoint(request: Request) -> Response:
        return StreamingResponse(pieces())

    app = create_app(city)
    app.router.routes.append(Route("/coupe\nici", endpoint))
    far, asked = Far([]), scope("GET", "/coupe\nici") | {"asgi": {"version": "3.0", "spec_version": version}}
    if isinstance(fault, ZeroDivisionError):
        with pytest.raises(ZeroDivisionError):
            asyncio.run(app(asked, far.receive, far.send))
        assert not caplog.records
        return
    asyncio.run(app(asked, far.receive, far.send))
    assert [m.get("more_body") for m in far.got if m["type"] == "http.response.body"] == [True]
    (line,) = caplog.records
    assert line.exc_info is None
    assert line.getMessage() == f"answer cut: GET '/coupe\\nici': {type(fault).__name__}"
