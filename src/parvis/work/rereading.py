"""A file at an address, read again every so often: what is new in it is handed in like any other file, and goes the same
way; the rules that were decided for its resource hold for it.

Nothing is handed in while the first file waits for its sender: what nobody looked at is not published by the clock. Nor is
what comes after something was taken down: it may say the same.
"""

from __future__ import annotations

import hashlib
import logging
import tempfile
import threading
import time
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit

import httpx
from sqlalchemy import Connection

from parvis import outbound
from parvis.core import traces
from parvis.core.errors import ParvisError, SourceDown, Unreadable
from parvis.core.sentence import Sentence
from parvis.core.types import PUBLIC
from parvis.decisions import takedown
from parvis.harvest import asking
from parvis.publication import pipeline
from parvis.publication.city import SYSTEM, City
from parvis.readers.file_signatures import web_page
from parvis.store import datasets, deposits, journal, rereads, versions
from parvis.store.deposits import Look
from parvis.store.rereads import Reread, State

LOG = logging.getLogger("parvis")

LOOK_S = 20
"""Seconds between two looks at which are due."""
LEAST_S = 900
"""No file is asked for more often."""

Outcome = Literal[State, "held", "failed"]
"""How a file that is read again goes, what became of what was handed in last included: it waits for a decision, or
could not be read.
"""

Get = Callable[[str], bytes]
"""The bytes at an address. Raises SourceDown, and Unreadable when they have no end."""


def name_of(address: str) -> str:
    """What the file at an address is called.

    >>> name_of("https://ville.example/donnees/arbres%202026.csv?cle=1"), name_of("https://ville.example/")
    ('arbres 2026.csv', 'fichier')
    """
    return unquote(Path(urlsplit(address).path).name)[:100].replace("/", "_") or "fichier"


def begin(city: City, resource: str, address: str, every_s: int, content: bytes) -> None:
    """Read that file again from now on. content: what it held just now, which was handed in."""
    now = city.now()
    digest = hashlib.sha256(content).hexdigest()
    with city.db.begin() as conn:
        rereads.save(
            conn, Reread(resource, address, max(every_s, LEAST_S), "waiting", now, now, received=digest)
        )


def move(city: City, one: Reread, address: str, content: bytes, *, actor: str) -> Reread:
    """Read a file at another address from now on. content: what is there, handed in where it is new."""
    with city.db.begin() as conn:
        rereads.save(conn, replace(one, address=address, failures=0))
        journal.append(conn, at=city.now(), actor=actor, verb="reread-moved", subject=one.resource)
    return reread(city, replace(one, address=address, failures=0), lambda _: content)


def outcome(conn: Connection, one: Reread) -> tuple[Outcome, str]:
    """How it goes, and why where it does not go well."""
    sent = deposits.find(conn, one.resource, one.received) if one.state == "up" else None
    if sent is not None and sent.state in ("held", "refused", "failed"):
        return sent.state, sent.message
    return one.state, one.message


def page_instead(city: City, one: Reread, content: bytes) -> bool:
    """Whether a web page stands where a file was: its server asks to sign in, or says that it moved."""
    if not web_page(content[:1024]):
        return False
    return not (city.inbox.exists(one.received) and web_page(city.inbox.read(one.received)[:1024]))


PAGE = Sentence(
    "L’adresse donne une page web, et non plus le fichier. "
    "Ouvrez-la : si elle demande de se connecter ou dit qu’il a déménagé, donnez l’adresse du fichier lui-même."
)


def reread(city: City, one: Reread, get: Get) -> Reread:
    """Ask once; hand in what is new. An Event is written when its state changes, never each time."""
    with city.db.read() as conn:
        resource = datasets.resource(conn, one.resource)
        published = versions.served(conn, one.resource, PUBLIC) is not None
        look: Look = "sender" if takedown.waits(conn, one.resource) else ""
    if resource is None:
        return one
    try:
        content = get(one.address)
    except (SourceDown, Unreadable) as wrong:
        return _note(city, one, "down", wrong.told)
    digest = hashlib.sha256(content).hexdigest()
    if page_instead(city, one, content):
        return _note(city, one, "refused", PAGE)  # its bytes are not kept: the file may come back as it was
    if digest == one.received:
        return _note(city, one, "up" if published else "waiting")
    if not published:
        return _note(city, one, "waiting")
    with tempfile.TemporaryDirectory(dir=city.settings.path(city.settings.storage.spool)) as folder:
        path = Path(folder) / "recu"
        path.write_bytes(content)
        try:
            name = name_of(one.address)
            pipeline.receive(city, path, name=name, resource=one.resource, actor=SYSTEM, look=look)
        except ParvisError as refused:
            if refused.status >= 500:
                raise
            return _note(city, one, "refused", refused.told, received=digest)
    return _note(city, one, "up", received=digest)


def _note(city: City, one: Reread, state: State, message: str = "", received: str = "") -> Reread:
    now, changed = city.now(), state != one.state
    noted = replace(
        one, state=state, since=now if changed else one.since, asked_at=now, message=message,
        failures=one.failures + 1 if state == "down" else 0, received=received or one.received,
    )  # fmt: skip
    with city.db.begin() as conn:
        if rereads.get(conn, one.resource) is None:  # stopped meanwhile
            return noted
        rereads.save(conn, noted)
        if changed:
            journal.append(conn, at=now, actor=SYSTEM, verb=f"reread-{state}", subject=one.resource)
    return noted


@contextmanager
def rereader(city: City, stop: threading.Event) -> Generator[Callable[[], None]]:
    """Yields `turn()`: begin to read those that are due, a few at a time."""
    way = city.settings.network
    out = outbound.client(
        outbound.allowing(way.private), proxy=way.proxy, timeout=asking.TIMEOUT, follow_redirects=True
    )
    running: dict[str, Future[Reread]] = {}
    looked = [-float(LOOK_S)]

    def pause(seconds: float) -> None:
        stop.wait(seconds)

    def get(client: httpx.Client, address: str) -> bytes:
        return asking.get(client, address, pause, source="file")

    with out as client, ThreadPoolExecutor(4, "reread") as pool:

        def turn() -> None:
            if time.monotonic() - looked[0] < LOOK_S:
                return
            looked[0] = time.monotonic()
            for name in [name for name, one in running.items() if one.done()]:
                if (fault := running.pop(name).exception()) is not None:
                    LOG.error("reading %s again failed: %s", name, traces.told(fault))
            with city.db.read() as conn:
                every = rereads.every(conn)
            for one in every:
                if one.resource not in running and city.now() >= next_at(one):
                    running[one.resource] = pool.submit(reread, city, one, partial(get, client))

        yield turn


def next_at(one: Reread) -> datetime:
    """When it is asked next."""
    return one.asked_at + timedelta(seconds=asking.delay(one.every_s, one.failures))
