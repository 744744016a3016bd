"""What the pages need of the city they show: `pipeline.City` has it all; tests hand a small city of their own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from parvis.core.released import Public
from parvis.core.settings import Settings
from parvis.engine.read import Engine
from parvis.store.database import Database
from parvis.store.files import Files


class Context(Protocol):
    """An open city as its pages see it."""

    @property
    def settings(self) -> Settings: ...

    @property
    def db(self) -> Database: ...

    @property
    def files(self) -> Files: ...

    @property
    def engine(self) -> Engine: ...

    @property
    def now(self) -> Callable[[], datetime]: ...

    def served(self, resource: str) -> Public:
        """The newest version of a resource that everybody may read. Raises NotFound when there is none."""
        ...


class Person(Protocol):
    """Someone who signed in."""

    @property
    def id(self) -> str: ...

    @property
    def name(self) -> str: ...
