"""Admission: how many requests of each kind are answered at once, and how long the far end may keep one
waiting.

Kinds have places of their own, so that none takes those of another: whatever the load, a page finds a place.
In each, one caller has a share. Who finds no place waits a little, in order; then is told when to come back
(503, or 429 where it is the caller's own share that is full). While the far end sends nothing, or takes
nothing, it wastes a place: it is cut when its clock is over, and earlier when somebody else waits for that
place.

An answer leaves in small pieces, each only when the one before it has gone: what waits in memory for a reader
that does not read is a few pieces.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal, TypeVar

import anyio.to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from parvis.core.errors import TooSlow
from parvis.store.outage import FAULTS

LOG = logging.getLogger("parvis.web")

T = TypeVar("T")

Kind = Literal["pages", "queries", "exports", "checks", "forms", "sign-in", "streams"]


@dataclass(frozen=True, slots=True)
class Capacity:
    """places: requests of a kind at once; share: of one caller; wait_s: how long who finds no place waits for
    one; again_s: when to come back.
    """

    places: int
    share: int
    wait_s: float = 5.0
    again_s: int = 10


CAPACITIES: Mapping[Kind, Capacity] = {
    "pages": Capacity(16, 12, wait_s=10.0),
    "queries": Capacity(12, 8),
    "exports": Capacity(32, 16),
    "checks": Capacity(24, 12, wait_s=10.0, again_s=60),
    "forms": Capacity(24, 12, wait_s=10.0),
    "sign-in": Capacity(6, 4),
    "streams": Capacity(32, 8, wait_s=0.0, again_s=5),
}
"""One process. A request holds one thread at most; a stream, which stays, none while it waits."""

QUEUE = 64
QUEUE_OWN = 24
"""Requests that wait for a place of one kind, and those of one caller among them; more are refused at once.
"""

SPARE_THREADS = 16
"""For what is neither of a kind nor long: files of the site, bodies that are put on the disk."""

PIECE = 65_536
"""Bytes of an answer that leave at once."""
WHOLE = 131_072
"""Largest answer that is handed over whole."""

SILENCE_S = 15.0
"""Longest silence of a far end that sends or reads."""
RATE = 10_000
"""Bytes a second that it sends, or reads, at least, on average after the first silence."""
YIELD_S = 3.0
"""Silence after which it is cut when somebody waits for its place."""
LOOK_S = 0.5
"""Time between two looks for one of those."""

REFUSAL_S = 1.0
"""Before a refusal leaves: who asks again at once is not answered faster for it."""
DRAIN_S = 10.0
DRAIN_BYTES = 32_000_000
"""Of a body that nobody wants: read and thrown away for so long, or a browser would not see the answer."""

UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class Stalled(ConnectionError):
    """The far end does not read what it asked for."""


class Full(Exception):
    """No place came free. own: the caller's share is full, not the room."""

    def __init__(self, *, own: bool) -> None:
        super().__init__()
        self.own = own


_LANGUAGE = re.compile("[a-z]{2,3}")
"""What the addresses of a language other than French begin with; no page of ours is so short, but the API."""


def kind_of(method: str, path: str) -> Kind | None:
    """The kind of a request; None for the files of the site, which are in memory.

    >>> [kind_of("GET", p) for p in ("/", "/en/jeux/x", "/api/explore/v2.1/catalog/datasets/x/records", "/static/app.css")]
    ['pages', 'pages', 'queries', None]
    >>> kind_of("GET", "/api/explore/v2.1/catalog/datasets/x/exports/csv/"), kind_of("POST", "/en/verifier"), kind_of("POST", "/connexion")
    ('exports', 'checks', 'sign-in')
    >>> kind_of("GET", "/en/depots/1a/suivi")
    'streams'
    """
    parts = path.strip("/").split("/")
    if _LANGUAGE.fullmatch(parts[0]) and parts[0] != "api":
        parts = parts[1:] or [""]
    if method in UNSAFE:
        if parts[0] == "verifier" or parts[:2] in (["api", "check"], ["api", "scan"]):
            return "checks"
        return "sign-in" if parts[0] in ("connexion", "mot-de-passe", "mon-compte") else "forms"
    if parts[0] in ("static", "favicon.ico", "robots.txt", "manifest.webmanifest"):
        return None
    if len(parts) == 3 and (parts[0], parts[2]) == ("depots", "suivi"):
        return "streams"
    if len(parts) > 2 and parts[-2] in ("exports", "export"):
        return "exports"
    return "queries" if parts[0] == "api" and len(parts) > 1 else "pages"


def caller_of(scope: Scope) -> str:
    """Who asks: the address of the scope (behind a proxy, corrected before); the addresses of one IPv6
    subscriber (/64) are one.
    """
    said = str(scope["client"][0]) if scope.get("client") else ""
    try:
        found = ipaddress.ip_address(said.partition("%")[0])
    except ValueError:
        return said
    return (
        str(ipaddress.ip_network((found, 64), strict=False))
        if found.version == 6 and not found.ipv4_mapped
        else said
    )


@dataclass(slots=True, eq=False)
class Stay:
    """A request that has its place. silent_since: since when the far end keeps us waiting, by the loop's
    clock; None while it does not.
    """

    caller: str
    silent_since: float | None = None
    clock: asyncio.Timeout | None = None
    waited: float = 0.0
    moved: int = 0
    """Bytes that went, or came."""

    async def patiently(self, far: Callable[[], Awaitable[T]]) -> T:
        """What the far end does, on its clock. Raises TimeoutError."""
        now = asyncio.get_running_loop().time()
        left = min(SILENCE_S, SILENCE_S + self.moved / RATE - self.waited)
        self.silent_since = now
        try:
            async with asyncio.timeout(left) as self.clock:
                return await far()
        finally:
            self.waited += asyncio.get_running_loop().time() - now
            self.silent_since = self.clock = None

    def cut(self) -> None:
        """End its patience now."""
        if self.clock is not None:
            self.clock.reschedule(0.0)
            self.silent_since = None


@dataclass(slots=True)
class Room:
    """The places of one kind. Of one event loop: nothing in here waits with a lock."""

    capacity: Capacity
    stays: set[Stay] = field(default_factory=set[Stay])
    queue: list[tuple[Stay, asyncio.Future[None]]] = field(
        default_factory=list[tuple[Stay, "asyncio.Future[None]"]]
    )
    """Who waits, first come first, and what tells them that they are in."""

    async def enter(self, caller: str) -> Stay:
        """Take a place, or wait for one. Raises Full."""
        stay = Stay(caller)
        if self._free(caller):
            self.stays.add(stay)
            return stay
        own = sum(waiting.caller == caller for waiting, _ in self.queue)
        if own >= QUEUE_OWN or len(self.queue) >= QUEUE:
            raise Full(own=own >= QUEUE_OWN)
        loop = asyncio.get_running_loop()
        due, admitted = loop.time() + self.capacity.wait_s, loop.create_future()
        self.queue.append((stay, admitted))
        try:
            while not admitted.done():
                now = loop.time()
                if now >= due:
                    raise Full(own=self._of(caller) >= self.capacity.share)
                self._make_room(caller, now)
                await asyncio.wait((admitted,), timeout=min(LOOK_S, due - now))
        except BaseException:
            self.queue[:] = [each for each in self.queue if each[0] is not stay]
            self.leave(stay)
            raise
        return stay

    def leave(self, stay: Stay) -> None:
        """Give the place back, if it was taken, to the first that may have it."""
        self.stays.discard(stay)
        for one in list(self.queue):
            if self._free(one[0].caller):
                self.queue.remove(one)
                self.stays.add(one[0])
                one[1].set_result(None)

    def _of(self, caller: str) -> int:
        return sum(s.caller == caller for s in self.stays)

    def _free(self, caller: str) -> bool:
        return len(self.stays) < self.capacity.places and self._of(caller) < self.capacity.share

    def _make_room(self, caller: str, now: float) -> None:
        """Cut the longest silence that stands in the way of that caller."""
        own = self._of(caller) >= self.capacity.share
        silent = [
            (s.silent_since, s)
            for s in self.stays
            if s.silent_since is not None and (not own or s.caller == caller)
        ]
        since, longest = min(silent, key=lambda each: each[0], default=(now, None))
        if longest is not None and now - since >= YIELD_S:
            longest.cut()


Refusal = Callable[[Scope, Kind, bool], tuple[int, Mapping[str, str], bytes]]
"""What to answer when no place came free: status, headers, body. The kind, and whether it is the caller's own
share that is full.
"""


class Admission:
    """ASGI middleware."""

    def __init__(
        self, app: ASGIApp, refusal: Refusal, capacities: Mapping[Kind, Capacity] = CAPACITIES
    ) -> None:
        self.app = app
        self.refusal = refusal
        self.rooms: dict[Kind, Room] = {kind: Room(capacity) for kind, capacity in capacities.items()}
        self.threads = sum(c.places for c in capacities.values()) + SPARE_THREADS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        anyio.to_thread.current_default_thread_limiter().total_tokens = self.threads
        kind = kind_of(scope["method"], scope["path"])
        if kind is None:
            await self.app(scope, receive, send)
            return
        room = self.rooms[kind]
        try:
            stay = await room.enter(caller_of(scope))
        except Full as full:
            await _refuse(scope, receive, send, self.refusal(scope, kind, full.own))
            return
        exchange = _Exchange(scope, receive, send, room, stay)
        try:
            await self.app(scope, exchange.receive, exchange.send)
        except Stalled:
            return  # what was sent stays without its end: nobody takes it for whole
        except (*FAULTS, RuntimeError, ClientDisconnect) as fault:
            # Starlette wraps what it could have answered, and what is the system's.
            cause = fault if isinstance(fault, FAULTS) else fault.__cause__ or fault.__context__
            if isinstance(fault, ClientDisconnect) and cause is None:
                return  # who asked left in the middle of the body: nobody is there to be answered
            if not exchange.started or not isinstance(cause, FAULTS):
                raise
            # The same, in one line without the fault's own words: they may quote a value of the table.
            LOG.error("answer cut: %s %a: %s", scope["method"], scope["path"], type(cause).__name__)
        finally:
            room.leave(stay)


class _Exchange:
    """One request and its answer, on their clocks."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, room: Room, stay: Stay) -> None:
        self._receive, self._send = receive, send
        self._room, self._stay = room, stay
        headers = Headers(scope=scope)
        self._coming = scope["method"] in UNSAFE and (
            headers.get("content-length", "0") != "0" or "transfer-encoding" in headers
        )
        """Whether some of the body has not come yet."""
        self._begun = False
        self.started = False
        """Whether the answer has begun: no other can be given."""

    async def receive(self) -> Message:
        """A piece of the body, on the clock of who sends it. Raises TooSlow."""
        if not self._coming:
            return await self._receive()
        try:
            message = await self._stay.patiently(self._receive)
        except TimeoutError:
            raise TooSlow(
                "L’envoi n’avance plus.", mend="Vérifiez votre connexion, puis envoyez à nouveau."
            ) from None
        self._stay.moved += len(message.get("body", b""))
        self._coming = bool(message.get("more_body", False))
        return message

    async def send(self, message: Message) -> None:
        """A piece of the answer, on the clock of who reads it. Raises Stalled."""
        if message["type"] == "http.response.start":
            if self._coming:
                MutableHeaders(scope=message)["connection"] = "close"
            if message["status"] in (429, 503):
                self._room.leave(self._stay)
                await asyncio.sleep(REFUSAL_S)
            self.started = True
            self._stay.moved, self._stay.waited = 0, 0.0
            await self._send(message)
            return
        if message["type"] != "http.response.body":
            await self._send(message)
            return
        body, more = memoryview(message.get("body", b"")), bool(message.get("more_body", False))
        if not more and self._coming:
            await self._pieces(body, more=True)
            self._room.leave(self._stay)
            await _drain(self._receive)
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})
        elif not more and not self._begun and len(body) <= WHOLE:
            await self._send(message)
        else:
            await self._pieces(body, more=more)
        self._begun = True

    async def _pieces(self, body: memoryview, *, more: bool) -> None:
        for at in range(0, max(1, len(body)), PIECE):
            piece = bytes(body[at : at + PIECE])
            said: Message = {
                "type": "http.response.body",
                "body": piece,
                "more_body": more or at + PIECE < len(body),
            }
            try:
                await self._stay.patiently(lambda said=said: self._send(said))
            except TimeoutError:
                raise Stalled from None
            self._stay.moved += len(piece)


async def _drain(receive: Receive) -> None:
    """Read what nobody wants, for a while."""
    left = DRAIN_BYTES
    with suppress(TimeoutError):
        async with asyncio.timeout(DRAIN_S):
            while left > 0:
                message = await receive()
                left -= len(message.get("body", b""))
                if not message.get("more_body", False):
                    return


async def _refuse(
    scope: Scope, receive: Receive, send: Send, said: tuple[int, Mapping[str, str], bytes]
) -> None:
    """Answer that there is no place. The place is not needed for that, nor is a thread."""
    status, headers, body = said
    unread = scope["method"] in UNSAFE
    listed = {**headers, "Content-Length": str(len(body)), **({"Connection": "close"} if unread else {})}
    await asyncio.sleep(REFUSAL_S)
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [(k.lower().encode(), v.encode("latin-1")) for k, v in listed.items()],
        }
    )
    await send(
        {
            "type": "http.response.body",
            "body": b"" if scope["method"] == "HEAD" else body,
            "more_body": unread,
        }
    )
    if unread:
        await _drain(receive)
        await send({"type": "http.response.body", "body": b"", "more_body": False})
