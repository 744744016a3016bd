"""What is passed around: a junction's signal groups, and a plan of fixed times for them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Junction:
    """The signal groups of one junction: what is green and red together. Arrays of shape (m,).

    intergreen: shape (m, m), seconds from the end of green of the row to the start of green of the column;
    NaN where both may be green together. saturation: veh/h that pass in green, over all lanes of the group, 0
    for pedestrians. min_green: seconds displayed. max_red: the longest red in seconds, infinite where none is
    set. gain: seconds of effective green beyond the displayed (yellow that is used, minus lost time).
    passing_share: shape (m, m), part of its saturation that the group of the row keeps while that of the
    column is green; 1 where it yields to nobody.
    """

    groups: tuple[str, ...]
    intergreen: Floats
    saturation: Floats
    min_green: Floats
    max_red: Floats
    gain: Floats
    passing_share: Floats

    def __post_init__(self) -> None:
        m = len(self.groups)
        if self.intergreen.shape != (m, m):
            raise ValueError("intergreen is one row and one column a group")
        if (
            self.passing_share.shape != (m, m)
            or not ((self.passing_share > 0) & (self.passing_share <= 1)).all()
        ):
            raise ValueError("passing_share is one share a pair of groups, over 0 and at most 1")
        if any(a.shape != (m,) for a in (self.saturation, self.min_green, self.max_red, self.gain)):
            raise ValueError("one value a group")
        conflicts = ~np.isnan(self.intergreen)
        if (conflicts != conflicts.T).any() or conflicts.diagonal().any():
            raise ValueError("a conflict holds both ways, and never with oneself")

    @property
    def conflicts(self) -> Flags:
        """Shape (m, m): groups that are never green together."""
        return ~np.isnan(self.intergreen)

    @property
    def vehicles(self) -> Flags:
        """Shape (m,): groups that let vehicles pass."""
        return self.saturation > 0


def junction(
    groups: tuple[str, ...],
    intergreen: Floats,
    saturation: Floats,
    *,
    min_green: Floats | float = 6.0,
    max_red: Floats | float = 120.0,
    gain: Floats | float = 0.0,
    passing_share: Floats | None = None,
) -> Junction:
    """A junction, one number standing for all groups. A road user waits at most 120 s, by IISR part 6, art. 110."""
    m = len(groups)
    green, red, more = (
        np.broadcast_to(np.asarray(a, np.float64), (m,)).copy() for a in (min_green, max_red, gain)
    )
    shares = np.ones((m, m)) if passing_share is None else passing_share.astype(np.float64)
    return Junction(
        groups, intergreen.astype(np.float64), saturation.astype(np.float64), green, red, more, shares
    )


Run = tuple[int, int]
"""One green: (start, length) in whole seconds, 0 <= start < cycle, 0 < length <= cycle; it may pass the cycle's end."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Fixed times of one junction. greens: one tuple of runs a group, in the order of the groups; offset:
    seconds by which the cycle starts after the common clock's.
    """

    cycle: int
    greens: tuple[tuple[Run, ...], ...]
    offset: int = 0

    def displayed(self) -> Floats:
        """Shape (m,): seconds of green in a cycle."""
        return np.array([sum(length for _, length in runs) for runs in self.greens], np.float64)

    def seconds(self) -> Flags:
        """Shape (m, cycle): which groups are green during each second, without the offset."""
        is_green = np.zeros((len(self.greens), self.cycle), np.bool_)
        for row, runs in zip(is_green, self.greens, strict=True):
            for start, length in runs:
                row[np.arange(start, start + length) % self.cycle] = True
        return is_green
