"""What passes when left turns give way to who comes towards them: gap acceptance, and lanes shared with others.

Source: Highway Capacity Manual 6, chapters 19 and 31 (permitted left turns; critical gap and follow-up time as there).
"""

from __future__ import annotations

import numpy as np

from parvis.methods.signals.values import Floats

CRITICAL_GAP_S = 4.5
"""The gap that a driver turning left accepts."""
FOLLOW_UP_S = 2.5
"""Seconds after which a second one follows through the same gap."""
SNEAKERS = 2.0
"""Vehicles that turn as the green ends, each time."""
FILLED = 0.85
"""Share of its capacity that whoever comes towards them is taken to fill, where that is not known."""


def gap_flow(opposing: Floats) -> Floats:
    """Veh/h that turn through the gaps of a flow without queue. opposing: veh/h, any shape.

    >>> gap_flow(np.array([0.0, 400.0, 1200.0])).round().tolist()
    [1440.0, 1000.0, 474.0]
    """
    q = np.maximum(opposing, 1e-6) / 3600.0
    return 3600.0 * q * np.exp(-q * CRITICAL_GAP_S) / -np.expm1(-q * FOLLOW_UP_S)


def left_flow(opposing: Floats, share: Floats, green_s: Floats, *, filled: float = FILLED) -> Floats:
    """Veh/h of green that turn left against a flow which first clears its queue, any shape.

    opposing: veh/h over the whole cycle; share: green share of the cycle; green_s: seconds of green. Of the
    green of whoever comes, (1 - X) / (1 - X share) has no queue, X its degree of saturation (`filled`).
    """
    free = (1 - filled) / (1 - filled * share)
    return free * gap_flow(opposing) + SNEAKERS * 3600.0 / np.maximum(green_s, 1.0)


def share_left(left: Floats, lanes: Floats, saturation: Floats, turning: Floats) -> Floats:
    """The share of its saturation flow that a group of lanes keeps while its left turns give way, in (0, 1].

    left: share of its vehicles that turn left; lanes: of the group, one of them shared with the left turns;
    saturation: veh/h of a lane; turning: veh/h that may turn left (`left_flow`). Others fill the lanes that
    are free and what the left turns leave of theirs, until these hold up everybody behind them.
    """
    limited = np.divide(turning, left * lanes * saturation, out=np.full_like(left, np.inf), where=left > 0)
    mixed = 1 / (1 + left * (saturation / np.maximum(turning, 1e-9) - 1))
    return np.clip(np.minimum(mixed, limited), 1e-3, 1.0)
