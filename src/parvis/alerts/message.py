"""What an alert says at one step of its episode: plain values in both languages, from which every channel
writes its own form.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from parvis.store import codec

Kind = Literal["open", "raise", "keep", "lower", "extend", "confirm", "end", "withdraw", "lapse"]
"""How a step stands to those before it. A lapse is written down and sent to nobody."""

ENDS = ("end", "withdraw")
ASKS = ("open", "raise")
"""Kinds that a person lets out under the policy `first`."""

Severity = Literal["Extreme", "Severe", "Moderate", "Minor", "Unknown"]
Urgency = Literal["Immediate", "Expected", "Future", "Past", "Unknown"]
Certainty = Literal["Observed", "Likely", "Possible", "Unlikely", "Unknown"]

_ID = re.compile(r"[A-Za-z0-9._-]{1,200}")
"""An id that CAP, an address and the journal all take as it is."""


@dataclass(frozen=True, slots=True)
class Words:
    """A text in both languages."""

    fr: str
    en: str

    def of(self, language: str) -> str:
        """In that language; French for any other."""
        return self.en if language == "en" else self.fr


@dataclass(frozen=True, slots=True)
class Part:
    """What holds over one stretch of time. onset, expires: moments; a part always ends: an alert that never
    does is worse than none.
    """

    headline: Words
    text: Words
    advice: Words
    severity: Severity
    urgency: Urgency
    certainty: Certainty
    onset: datetime
    expires: datetime


@dataclass(frozen=True, slots=True)
class Area:
    """Where. insee: code of the commune or EPCI. ring: (lon, lat) in degrees, closed; () when only the code
    is known.
    """

    name: str
    insee: str = ""
    ring: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    """One step. data_at: the moment of the data it stands on. parameters: what a machine may want to know:
    pollutant, value, rule and its date, source.
    """

    alert: str
    topic: str
    episode: str
    number: int
    kind: Kind
    area: Area
    parts: tuple[Part, ...]
    data_at: datetime
    parameters: Mapping[str, str] = field(default_factory=dict[str, str])
    test: bool = False
    """An exercise: it is shown as one and reaches no subscriber."""

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.episode):
            raise ValueError(f"not the id of an episode: {self.episode!r}")
        if not self.parts:
            raise ValueError("a message says something")
        if any(p.expires <= p.onset for p in self.parts):
            raise ValueError("a part ends after it begins")

    @property
    def id(self) -> str:
        """Of the step: the same step always bears it. It is its CAP identifier too."""
        return f"{self.alert}.{self.episode}.{self.number}"

    @property
    def severe(self) -> bool:
        """Whether it speaks of an alert, not of information only."""
        return any(p.severity in ("Extreme", "Severe") for p in self.parts)

    @property
    def expires(self) -> datetime:
        """When all that it says is over."""
        return max(p.expires for p in self.parts)


def write(message: Message) -> str:
    """As the store keeps it."""
    return codec.dumps(Message, message)


def read(text: str) -> Message:
    """As it was written."""
    return codec.loads(Message, text)
