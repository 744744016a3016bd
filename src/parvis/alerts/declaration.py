"""What an alert promises: a topic that people subscribe to, who lets its messages out, and how CAP files it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

import pyarrow as pa

from parvis.alerts.message import Message

Topic = Literal["air", "health", "heat", "water", "works"]
"""What people subscribe to."""

Approval = Literal["none", "first", "each"]
"""Whether a person lets a message out: never; when an episode opens or rises, the rest follows by itself;
each time.
"""

Category = Literal[
    "Geo",
    "Met",
    "Safety",
    "Security",
    "Rescue",
    "Fire",
    "Health",
    "Env",
    "Transport",
    "Infra",
    "CBRNE",
    "Other",
]


Look = Callable[[Mapping[str, pa.Table], str, datetime], tuple[str, Sequence[Message]]]
"""(tables by name, what was remembered ("" at first), now) -> what to remember, and the steps to tell. The
same tables again tell nothing.
"""


@dataclass(frozen=True, slots=True)
class Alert:
    """One kind of alert. Declared beside what raises it (a service), or here for those that a person writes;
    found by walking the packages.
    """

    name: str
    title: str
    topic: Topic
    about: str
    """One sentence: when a message comes, and what it is not."""
    categories: tuple[Category, ...]
    """Of CAP."""
    approval: Approval = "first"
    """Unless the city says otherwise."""
    examples: tuple[str, ...] = ()
    """Headlines such as it sends."""
    reads: Mapping[str, str] = field(default_factory=dict[str, str])
    """Resources that are looked at when one of them has a new version, by name; {} for an alert that people
    write.
    """
    look: Look | None = None


TOPICS: Mapping[Topic, str] = {
    "air": "Air",
    "health": "Santé",
    "heat": "Chaleur",
    "water": "Eau",
    "works": "Travaux",
}
