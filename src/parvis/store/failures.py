"""What of the city's own work stopped by a fault and is begun again: said once, later each time, and noted in
a file for `parvis doctor`.

Threads and processes that live as long as the portal are watched this way; a fault that is not noted would be
found when somebody misses what it did.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, get_args

from parvis.core.errors import ParvisError, Unreadable
from parvis.store.outage import outage

Part = Literal["worker", "journal", "look", "mail", "sms", "webhook", "night", "detectors"]

TITLES: dict[Part, str] = {
    "worker": "Processus de traitement (parvis worker)", "journal": "Suivi du journal par le portail (recherche, retraits)",
    "look": "Alertes : examen des données", "mail": "Alertes : envoi des courriels", "sms": "Alertes : envoi des SMS",
    "webhook": "Alertes : envoi aux webhooks", "night": "Travail de la nuit",
    "detectors": "Examen par de nouveaux détecteurs",
}  # fmt: skip
FOLDER = "var/faults"
FIRST_S = 2.0
LONGEST_S = 60.0


@dataclass(frozen=True, slots=True)
class Fault:
    """A part that does not work. since: of the first of these faults, ISO 8601; times: how often it was begun
    again.
    """

    part: Part
    why: str
    since: str
    times: int


class Watched:
    """One part of the work, in one thread."""

    def __init__(
        self,
        folder: Path,
        part: Part,
        say: Callable[[str], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """folder: of the city. say: tells the person who runs it. clock: in seconds."""
        self._path = folder / FOLDER / f"{part}.json"
        self._part: Part = part
        self._say, self._clock = say, clock
        self._fault: Fault | None = None
        self._known_well = False
        self._due = 0.0
        self.news = False
        """Whether the last fault was another one than before it."""

    @property
    def waits(self) -> bool:
        """Whether it is not yet time to begin again."""
        return self._clock() < self._due

    def failed(self, fault: BaseException | str) -> float:
        """It stopped. Returns after how many seconds it may be begun again."""
        why = fault if isinstance(fault, str) else reason(fault)
        last = self._fault
        times = last.times + 1 if last is not None else 1
        self.news = last is None or last.why != why
        if self.news:
            self._say(
                f"{TITLES[self._part]} : {why} Un nouvel essai suivra, puis d’autres, de plus en plus espacés."
            )
        self._fault = Fault(
            self._part,
            why,
            last.since if last is not None else datetime.now(UTC).isoformat(timespec="seconds"),
            times,
        )
        self._known_well = False
        with suppress(OSError):  # on a full disk it is said all the same
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.write_text(json.dumps(asdict(self._fault)), "utf-8")
        wait_s = min(FIRST_S * 2 ** min(times - 1, 10), LONGEST_S)
        self._due = self._clock() + wait_s
        return wait_s

    def well(self) -> None:
        """It works."""
        if self._known_well:
            return
        if self._fault is not None:
            self._say(f"{TITLES[self._part]} : tout est rentré dans l’ordre.")
        with suppress(OSError):
            self._path.unlink(missing_ok=True)
            self._known_well = True
        self._fault, self._due = None, 0.0


def reason(fault: BaseException) -> str:
    """A fault in a sentence. What it quotes may be somebody's data: only an outage and our own errors, but those of a file, say more than their kind.

    >>> reason(ValueError("0612345678"))
    'une faute du programme (ValueError).'
    """
    down = outage(fault)
    if down is not None:
        return str(down)
    if isinstance(fault, ParvisError) and not isinstance(fault, Unreadable):
        return str(fault)
    return f"une faute du programme ({type(fault).__name__})."


def noted(folder: Path) -> tuple[Fault, ...]:
    """The parts of a city that do not work now."""
    faults: list[Fault] = []
    for part in get_args(Part):
        with suppress(OSError, ValueError, TypeError):
            faults.append(Fault(**json.loads((folder / FOLDER / f"{part}.json").read_text("utf-8"))))
    return tuple(faults)
