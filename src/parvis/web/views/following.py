"""A deposit followed while it is read: its state and its step, sent as they change (server-sent events).

A stream holds no connection of the database and no thread between two looks, ends with the work or after a while,
and has places of its own (`admission`): a browser that gets none asks the page's twin instead.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from parvis.core.errors import NotFound
from parvis.people.rights import can, require
from parvis.store import datasets, deposits
from parvis.web.page import NOWHERE, Visit, visit_of

LOOK_S = 1.0
"""Between two looks at a deposit."""
LONGEST_S = 60.0
"""Of one stream; the browser asks for the next by itself."""
ALIVE_S = 10.0
"""Between two signs of life, by which a reader that is gone is known."""
AT_WORK = frozenset({"received", "reading"})


@dataclass(frozen=True, slots=True)
class Seen:
    """How far a deposit has come. step: in the words of its sender, "" while there is nothing to tell."""

    state: str
    step: str = ""


def follow(request: Request) -> Response:
    """GET /depots/{id}/suivi: how far a deposit has come, until it waits for nothing here. Raises NotFound for others
    than those who see it.
    """
    visit = visit_of(request)
    first = _look(visit)
    headers = {**NOWHERE, "X-Accel-Buffering": "no"}
    return StreamingResponse(_events(visit, first), headers=headers, media_type="text/event-stream")


def _look(visit: Visit) -> Seen:
    if visit.person is None:
        require(None, "see-drafts")
    with visit.city.db.read() as conn:
        deposit = deposits.get(conn, visit.params["id"])
        owner = datasets.publisher(conn, deposit.resource) if deposit else ""
        step = deposits.step(conn, visit.params["id"])
    if deposit is None or not can(visit.person, "see-drafts", owner):
        raise NotFound("Ce dépôt n’existe pas, ou n’est pas de vos organisations.")
    waits = deposit.message if deposit.state in AT_WORK else ""
    return Seen(deposit.state, visit.language.say(waits or step))


async def _events(visit: Visit, first: Seen) -> AsyncIterator[str]:
    loop = asyncio.get_running_loop()
    seen, sent = first, first
    begun = alive = loop.time()
    yield f"retry: 2000\n{_event(first)}"
    while seen.state in AT_WORK and loop.time() - begun < LONGEST_S:
        await asyncio.sleep(LOOK_S)
        seen = await run_in_threadpool(_again, visit)
        if seen != sent:
            sent, alive = seen, loop.time()
            yield _event(seen)
        elif loop.time() - alive >= ALIVE_S:
            alive = loop.time()
            yield ": \n\n"


def _again(visit: Visit) -> Seen:
    try:
        return _look(visit)
    except NotFound:  # withdrawn meanwhile: the page says so
        return Seen("gone")


def _event(seen: Seen) -> str:
    return f"data: {json.dumps({'state': seen.state, 'step': seen.step}, ensure_ascii=False)}\n\n"


ROUTES = tuple(Route(f"{prefix}/depots/{{id}}/suivi", follow, methods=["GET"]) for prefix in ("", "/en"))
