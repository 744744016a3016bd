"""What is known of requests once they are answered: counts of use by dataset, measures for whoever runs the
portal, and a line in a journal. None of it holds an address of a visitor, a parameter, or a path with what was
asked in it: the address is that of its route.
"""

from __future__ import annotations

import os
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

import orjson
from sqlalchemy.exc import SQLAlchemyError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from parvis.people.rights import Person
from parvis.publication.city import City
from parvis.store import uses
from parvis.store.uses import Act, Client

FLUSH_S = 10.0
"""Seconds that counts wait in memory before they are added to those of the day: what a killed process loses."""

BOUNDS_S = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper bounds of the histogram of durations."""

ASKER = "parvis.asker"
"""Where a request says who asks (`web.page`)."""

USED: Mapping[str, Act] = {
    "/jeux/{id}": "view",
    "/services/{name}": "view",
    "/api/explore/v2.1/catalog/datasets/{id}/exports/{format}": "download",
    "/api/explore/v2.1/catalog/datasets/{id}/records": "api",
    "/api/explore/v2.1/catalog/datasets/{id}/records/{rid}": "api",
    "/api/explore/v2.1/catalog/datasets/{id}/facets": "api",
    "/jeux/{id}.json": "api",
}
"""What a request of such a route does with a dataset."""

_ROBOT = re.compile(r"bot\b|crawl|spider|slurp|preview|monitor|scan", re.IGNORECASE)


def client_of(agent: str) -> Client:
    """What kind of client calls itself so.

    >>> client_of("Mozilla/5.0 (X11) Firefox/140"), client_of("curl/8.5"), client_of("Mozilla/5.0 (compatible; Googlebot/2.1)")
    ('browser', 'program', 'robot')
    """
    return "robot" if _ROBOT.search(agent) else "browser" if agent.startswith("Mozilla/") else "program"


def route_of(path: str, params: Mapping[str, object]) -> str:
    """The address with the names of its parameters in the place of what they are, in one language.

    >>> route_of("/en/jeux/arbres.json", {"id": "arbres"})
    '/jeux/{id}.json'
    """
    parts = (
        path.removeprefix("/en/").strip("/").split("/")
        if path.startswith("/en/")
        else path.strip("/").split("/")
    )
    for name, value in params.items():
        for i, part in enumerate(parts):
            if part == str(value):
                parts[i] = f"{{{name}}}"
                break
            if part.startswith(f"{value}."):
                parts[i] = f"{{{name}}}{part[len(str(value)) :]}"
                break
    return "/" + "/".join(parts)


@dataclass
class Measures:
    """Of one process, since it began."""

    answered: Counter[tuple[str, str, int]] = field(default_factory=Counter[tuple[str, str, int]])
    """Route, method and status to how often."""
    lasted: dict[str, list[int]] = field(default_factory=dict[str, list[int]])
    """Route to how many answers lasted up to each bound, then longer."""
    seconds: Counter[str] = field(default_factory=Counter[str])
    """Route to seconds in all."""

    def take(self, route: str, method: str, status: int, seconds: float) -> None:
        self.answered[route, method, status] += 1
        self.seconds[route] += seconds  # type: ignore[assignment]
        places = self.lasted.setdefault(route, [0] * (len(BOUNDS_S) + 1))
        places[next((i for i, bound in enumerate(BOUNDS_S) if seconds <= bound), len(BOUNDS_S))] += 1


class Counted:
    """Uses that wait to be added to those of the day. Safe between threads."""

    def __init__(self, city: City) -> None:
        self._city = city
        self._zone = ZoneInfo(city.settings.city.timezone)
        self._lock = threading.Lock()
        self._waiting: Counter[tuple[date, str, Act, Client]] = Counter()
        self._timer: threading.Timer | None = None

    def take(self, dataset: str, act: Act, client: Client) -> None:
        day = self._city.now().astimezone(self._zone).date()
        with self._lock:
            self._waiting[day, dataset, act, client] += 1
            if self._timer is None:
                self._timer = threading.Timer(FLUSH_S, self.flush)
                self._timer.daemon = True
                self._timer.start()

    def flush(self) -> None:
        """Add what waits to the database; what it does not take goes on waiting."""
        with self._lock:
            waiting, self._waiting = self._waiting, Counter()
            if self._timer is not None:
                self._timer.cancel()
            self._timer = None
        by_day: dict[date, dict[tuple[str, Act, Client], int]] = {}
        for (day, dataset, act, client), n in waiting.items():
            by_day.setdefault(day, {})[dataset, act, client] = n
        try:
            with self._city.db.begin() as conn:
                for day, counted in sorted(by_day.items()):
                    uses.add(conn, day, counted)
        except SQLAlchemyError:  # away: the next request brings another timer
            with self._lock:
                self._waiting.update(waiting)


Kind = Literal["faits", "qui"]
"""What was answered; and apart from it, who signed in asked for what."""


class RequestLog:
    """Lines of JSON, a file a day and a kind, for whoever runs the portal alone; old files are taken away."""

    def __init__(self, folder: Path, days: int, clock: Callable[[], datetime]) -> None:
        self._folder, self._days, self._clock = folder, days, clock
        self._lock = threading.Lock()
        self._open: dict[Kind, tuple[date, int]] = {}

    def write(self, kind: Kind, said: Mapping[str, object]) -> None:
        if self._days <= 0:
            return
        now = self._clock()
        line = orjson.dumps({"at": now, **said}) + b"\n"
        try:
            with self._lock:
                os.write(self._file(kind, now.date()), line)
        except OSError:  # a full disk must not keep a page from being read; `doctor` says that it is full
            return

    def _file(self, kind: Kind, day: date) -> int:
        opened = self._open.get(kind)
        if opened is not None and opened[0] == day:
            return opened[1]
        if opened is not None:
            os.close(opened[1])
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._folder / f"{kind}-{day}.jsonl"
        made = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._open[kind] = day, made
        self._forget(day)
        return made

    def _forget(self, day: date) -> None:
        oldest = (day - timedelta(days=self._days)).isoformat()
        for file in self._folder.glob("*-????-??-??.jsonl"):
            if file.stem[-10:] < oldest:
                file.unlink(missing_ok=True)

    def close(self) -> None:
        with self._lock:
            for _, made in self._open.values():
                os.close(made)
            self._open.clear()


@dataclass
class Observer:
    """What one application keeps of its requests."""

    counted: Counted
    log: RequestLog
    measures: Measures = field(default_factory=Measures)


def observer(city: City) -> Observer:
    """Of the portal of a city."""
    return Observer(
        Counted(city),
        RequestLog(city.settings.path("var/journaux"), city.settings.logs.days, city.now),
    )


class Observed:
    """ASGI middleware: tell the observer of each request that was answered."""

    def __init__(self, app: ASGIApp, seen: Observer) -> None:
        self.app, self.seen = app, seen

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun, status, sent = time.monotonic(), 0, 0

        async def watched(message: Message) -> None:
            nonlocal status, sent
            if message["type"] == "http.response.start":
                status = message["status"]
            else:
                sent += len(message.get("body", b""))
            await send(message)

        try:
            await self.app(scope, receive, watched)
        finally:
            self._tell(scope, status, sent, time.monotonic() - begun)

    def _tell(self, scope: Scope, status: int, sent: int, seconds: float) -> None:
        params: Mapping[str, object] = scope.get("path_params") or {}
        path = str(scope["path"])
        route = route_of(path, params) if scope.get("endpoint") else "(aucune)"
        route = "/static" if path.startswith("/static/") else route
        method = str(scope["method"]) if scope["method"] in ("GET", "HEAD", "POST", "OPTIONS") else "(autre)"
        agent = next((v for k, v in scope["headers"] if k == b"user-agent"), b"").decode("latin-1")
        client = client_of(agent)
        self.seen.measures.take(route, method, status, seconds)
        line = {
            "route": route,
            "method": method,
            "status": status,
            "ms": round(1000 * seconds),
            "bytes": sent,
        }
        self.seen.log.write("faits", {**line, "client": client})
        person = (scope.get(ASKER) or (None,))[0]
        if isinstance(person, Person):
            self.seen.log.write(
                "qui", {"person": person.id, "route": route, "method": method, "status": status}
            )
        act = USED.get(route)
        if act is not None and "id" in params and method == "GET" and status in (200, 206, 304):
            self.seen.counted.take(str(params["id"]), act, client)
