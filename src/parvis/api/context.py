"""What the HTTP dialects need of the city they speak for: `publication.city.City` has it all; tests hand a
small city of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from parvis.core.released import Public
from parvis.core.settings import Settings
from parvis.engine.read import Engine
from parvis.store.database import Database


class Context(Protocol):
    """An open city as its APIs see it."""

    @property
    def settings(self) -> Settings: ...

    @property
    def db(self) -> Database: ...

    @property
    def engine(self) -> Engine: ...

    @property
    def now(self) -> Callable[[], datetime]: ...

    def served(self, resource: str) -> Public:
        """The newest version of a resource that everybody may read. Raises NotFound when there is none."""
        ...
