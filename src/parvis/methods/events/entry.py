"""An event as a citizen looks for it, whatever calendar it came from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

ACCESS = ("fauteuil", "boucle", "lsf", "audiodescription", "facile")
"""Ways in which a place or an event is made for everybody: wheelchair, hearing loop, sign language, audio
description, easy to read.
"""

CATEGORIES = (
    "concert", "spectacle", "exposition", "cinéma", "atelier", "visite", "conférence", "lecture", "fête", "sport", "marché", "autre",
)  # fmt: skip

STATES = ("prévu", "reporté", "annulé", "complet")


@dataclass(frozen=True, slots=True)
class Entry:
    """One event of one agenda. None and "" mean that the agenda doesn't say."""

    id: str
    agenda: str
    title: str
    times: tuple[tuple[datetime, datetime], ...]
    """When it takes place: (start, end), aware, in order; the end is the start where no end is known."""
    text: str = ""
    category: str = "autre"
    state: str = "prévu"
    place: str = ""
    address: str = ""
    lat: float | None = None
    lon: float | None = None
    free: bool | None = None
    price: str = ""
    age_min: int | None = None
    age_max: int | None = None
    access: frozenset[str] = frozenset()
    organiser: str = ""
    url: str = ""
    image: str = ""
    doubts: tuple[str, ...] = ()
    """What is odd in the agenda's row: `no-end`, `past-midnight`, `ends-before`, `no-time`, `no-title`,
    `bad-rule`, `flood`, `no-place`.
    """

    @property
    def children(self) -> bool:
        """Said to be for children: from an age of twelve at most, or up to sixteen at most; « from 0 to 99 »
        is for everybody.
        """
        return (self.age_min is not None and 0 < self.age_min <= 12) or (
            self.age_max is not None and self.age_max <= 16
        )
