"""Lanes that are let pass and let nobody go: works, a lane that is closed, a crash, a street that is full behind.

Without this, whoever waits there waits longest, comes first, and holds the green that everybody else needs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from parvis.methods.signals.values import Flags, Floats

BLOCKED_S = 12.0
"""Seconds of green, one green or several, in which whoever stands first does not leave: longer than anybody takes to
start, and than most who give way wait for a gap.
"""


@dataclass(frozen=True, slots=True)
class Standstill:
    """seconds: shape (lanes,), of green since somebody last left, while somebody stood first at the line."""

    seconds: Floats

    @property
    def blocked(self) -> Flags:
        """Shape (lanes,)."""
        return np.asarray(self.seconds >= BLOCKED_S, np.bool_)


def flowing(lanes: int) -> Standstill:
    """So many lanes that nothing is known of."""
    return Standstill(np.zeros(lanes))


def observed(before: Standstill, green: Flags, stands: Flags, left: Flags) -> Standstill:
    """A second later. Shapes (lanes,): green: it may pass, and gives way to nobody; stands: somebody stands first at its
    line; left: somebody passed it, or stands there no more. A red second counts nothing and forgets nothing.
    """
    return Standstill(np.where(left, 0.0, before.seconds + (green & stands)))
