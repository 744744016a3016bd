"""How far a file that is being read has come, for its sender who waits: written down where a step begins late enough
for somebody to be waiting, so that small files cost nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from parvis.core.sentence import Sentence
from parvis.publication.city import City
from parvis.store import deposits

Step = Literal["read", "type", "check"]

LATE_S = 0.5
"""A step that begins sooner after the last that was written down is not: nobody would read it."""

ALONE: Mapping[Step, Sentence] = {
    "read": Sentence("Étape 1 sur 3 : le fichier est ouvert et lu."),
    "type": Sentence("Étape 2 sur 3 : les colonnes sont comprises."),
    "check": Sentence("Étape 3 sur 3 : contrôles, puis recherche de données personnelles."),
}


@dataclass(slots=True)
class Progress:
    """The steps of one deposit. clock: seconds that only go forward."""

    city: City
    deposit_id: str
    clock: Callable[[], float] = time.monotonic
    _noted: float = field(init=False)

    def __post_init__(self) -> None:
        self._noted = self.clock()

    def begins(self, step: Step, table: int = 1, tables: int = 1) -> None:
        """A step begins. table, tables: which of the tables of the file, from 1."""
        now = self.clock()
        if now - self._noted < LATE_S:
            return
        self._noted = now
        with self.city.db.begin() as conn:
            deposits.note_step(conn, self.deposit_id, _words(step, table, tables))


def _words(step: Step, table: int, tables: int) -> Sentence:
    if tables == 1:
        return ALONE[step]
    return Sentence("{step} Table {table} sur {tables}.", step=ALONE[step], table=table, tables=tables)
