"""What of a city the rooms between the store and the pipeline need: its settings, where things are kept, and
the time.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from parvis.core.settings import Settings
from parvis.store.database import Database
from parvis.store.files import Files
from parvis.store.sealing import Sealed


class City(Protocol):
    """A city as far as the store knows it. `publication.city.City` is one."""

    @property
    def settings(self) -> Settings: ...
    @property
    def db(self) -> Database: ...
    @property
    def files(self) -> Files: ...
    @property
    def inbox(self) -> Sealed: ...
    @property
    def now(self) -> Callable[[], datetime]: ...
