"""The clock of a breach of personal data: 72 hours from the moment the controller knew (GDPR art. 33-1),
unless it puts nobody at risk.

Where the risk is high, the people are told too, without undue delay (art. 34). Every breach is written down,
told or not (art. 33-5).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from parvis.store.register import Breach

LIMIT = timedelta(hours=72)

State = Literal["running", "overdue", "told", "told-late", "not-due"]


@dataclass(frozen=True, slots=True)
class Clock:
    """Where the 72 hours stand. left_s: seconds until the limit, below 0 once it is past; of the moment of
    telling once it is told.
    """

    state: State
    due: datetime
    left_s: int
    people_due: bool
    """The people are to be told, and were not yet."""


def clock(breach: Breach, now: datetime) -> Clock:
    """Where the 72 hours of a breach stand at a moment."""
    due = breach.known_at + LIMIT
    until = breach.authority_at or now
    left = int((due - until).total_seconds())
    people_due = breach.risk == "high" and breach.people_at is None
    if breach.risk == "none" and breach.authority_at is None:
        return Clock("not-due", due, left, people_due)
    if breach.authority_at is not None:
        return Clock("told" if breach.authority_at <= due else "told-late", due, left, people_due)
    return Clock("running" if now <= due else "overdue", due, left, people_due)
