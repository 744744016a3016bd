"""What the pages need of the city they show. `cli` hands the real one to `create_app`; tests hand a small city of their own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from parvis.core.released import Public
from parvis.core.settings import Settings
from parvis.engine.read import Engine
from parvis.store.database import Database


class Person(Protocol):
    """Someone who signed in."""

    @property
    def id(self) -> str: ...

    @property
    def name(self) -> str: ...


class Session(Protocol):
    """A signed-in browser."""

    @property
    def person(self) -> Person: ...

    @property
    def csrf(self) -> str: ...


class Context(Protocol):
    """A city as its pages see it."""

    @property
    def settings(self) -> Settings: ...

    @property
    def db(self) -> Database: ...

    @property
    def engine(self) -> Engine: ...

    def reopen(self, resource: str) -> Public:
        """The version of the resource that the public may read. Raises NotFound, Gone or Refused."""
        ...

    def now(self) -> datetime: ...

    def stamp(self) -> int:
        """Sequence number of the last event: what is published has not changed while it stays the same."""
        ...

    def session(self, cookies: Mapping[str, str]) -> Session | None:
        """Who is signed in, by the browser's cookies."""
        ...
