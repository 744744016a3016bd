"""Memory that the limited processes of one process share: each may take all of it while the others leave it, and
together they never take more.

Where they would, one of them is ended and begun again when those before it are done: the one that ranks lowest,
and of these the youngest. Most files are small, and are worked at side by side.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class Share:
    """What one of them takes. rank: who ranks higher goes on; number: the youngest has the greatest."""

    rank: int
    number: int
    mb: float = 0.0
    waits: bool = False
    """It was ended, and is to be begun again."""

    @property
    def order(self) -> tuple[int, int]:
        """The lowest goes on."""
        return (-self.rank, self.number)


@dataclass(slots=True)
class Budget:
    """Of one process. Safe between threads."""

    _begun: int = 0
    _shares: list[Share] = field(default_factory=list[Share])
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def enter(self, rank: int = 0) -> Share:
        """A share of it, empty. To be given back by `leave`."""
        with self._changed:
            self._begun += 1
            share = Share(rank, self._begun)
            self._shares.append(share)
            return share

    def holds(self, share: Share, mb: float, most_mb: float) -> bool:
        """Note what it takes now. False when all of them take more than `most_mb`, and this is the one to end."""
        with self._changed:
            share.mb, share.waits = mb, False
            taking = [one for one in self._shares if one.mb]
            return (
                sum(one.mb for one in taking) <= most_mb
                or share is not max(taking, key=_order)
                or len(taking) == 1
            )

    def alone(self, share: Share, seconds: float) -> bool:
        """Wait, taking nothing, until none goes before it. False when that took longer."""
        with self._changed:
            share.mb, share.waits = 0.0, True
            self._changed.notify_all()
            return self._changed.wait_for(
                lambda: all(
                    one is share or _order(one) > _order(share) or not one.mb for one in self._shares
                ),
                seconds,
            )

    def leave(self, share: Share) -> None:
        """It takes nothing any more."""
        with self._changed:
            self._shares.remove(share)
            self._changed.notify_all()


def _order(share: Share) -> tuple[int, int]:
    return share.order
