"""What every way of sending shares: an envelope in, nothing out, or Undelivered that says whether it may be
tried again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from parvis.alerts.message import Message

TOTAL_S = 15.0
"""What handing one message over may take, from the first packet to the last byte of the answer, however it is
cut up.
"""

AGAIN = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=20),
    timedelta(hours=1),
    timedelta(hours=3),
)
"""Waits between two tries; after the last a message has failed."""


class Undelivered(Exception):
    """The far end did not take a message. final: it never will. silent: it kept us waiting. reason: a short
    code, never an address: it is written down.
    """

    def __init__(self, reason: str, *, final: bool, silent: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.final = final
        self.silent = silent


@dataclass(frozen=True, slots=True)
class Envelope:
    """One message to one address. reference: the same for every try, so that the far end can tell a second
    one. leave: address of the page that stops it.
    """

    address: str
    language: str
    subject: str
    lines: tuple[str, ...]
    """Paragraphs."""
    reference: str
    leave: str = ""
    page: str = ""
    message: Message | None = None
    """None for the message that asks to confirm."""
    sent_at: datetime | None = None
    secret: str = ""
    """With what a webhook is signed."""


class Way(Protocol):
    """A way of sending. Raises Undelivered."""

    def send(self, one: Envelope) -> None: ...
    def close(self) -> None: ...
