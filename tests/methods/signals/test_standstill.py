"""A lane that is let pass and lets nobody go: how it is known, and what a signal makes of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from parvis.methods.signals import control, standstill
from parvis.methods.signals.horizon import Model
from parvis.methods.signals.standstill import BLOCKED_S, flowing
from parvis.methods.signals.values import Flags
from tests.methods.signals.test_control import crossing, queued


def flags(*values: int) -> Flags:
    return np.array(values, np.bool_)


def test_green_that_nobody_uses_adds_up_over_red() -> None:
    """Only seconds of green count, in one green or several; whoever leaves ends it."""
    state, nobody = flowing(2), flags(0, 0)
    for second in range(30):
        green = second % 3 == 0
        state = standstill.observed(state, flags(green, green), flags(1, 0), nobody)
    assert state.seconds.tolist() == [10.0, 0.0]
    assert not state.blocked.any()
    for _ in range(int(BLOCKED_S) - 10):
        state = standstill.observed(state, flags(1, 1), flags(1, 1), nobody)
    assert state.blocked.tolist() == [True, False]
    state = standstill.observed(state, flags(0, 0), flags(1, 1), flags(1, 0))
    assert not state.blocked.any()


def test_whoever_cannot_leave_does_not_hold_the_signal() -> None:
    """A lane closed behind its line: who waits there longest came first for as long as it lasted, and kept the green that
    the other way needs.
    """
    layout = crossing()
    stage = next(k for k, row in enumerate(layout.stages) if row[0])
    shown = control.begun(layout, stage, 0.0)
    queue = queued(((0.0, 0), (0.0, 0)), ((0.0, 1), (0.0, 1)))
    queue = replace(queue, waited=np.array([300.0, 290.0, 20.0, 18.0]))
    held, why = control.decided(layout, shown, queue, 20.0, Model())
    assert (why.reason, held.stage) == ("long_wait", stage)
    blocked = replace(queue, blocked=flags(1, 0))
    freed, why = control.decided(layout, shown, blocked, 20.0, Model())
    assert why.reason == "changed"
    assert layout.stages[freed.stage, 1]


def test_a_blocked_lane_is_tried_again_before_its_maximum_red() -> None:
    """It may be open again: nobody else would know."""
    layout = crossing(max_red=60.0)
    stage = next(k for k, row in enumerate(layout.stages) if row[1] and not row[0])
    shown = control.begun(layout, stage, 0.0)
    queue = replace(queued(((0.0, 0),), ((0.0, 1),)), blocked=flags(1, 0))
    reasons = list[str]()
    turned = list[int]()
    for now in range(120):
        shown, why = control.decided(layout, shown, queue, float(now), Model())
        reasons.append(why.reason)
        turned += [now] if shown.green(float(now))[0] else []
    assert turned[0] <= 60
    assert "max_red" in reasons[: turned[0] + 1]


def test_nobody_but_the_blocked_is_nobody() -> None:
    """A signal whose only lane is blocked stays as it is."""
    layout = crossing()
    shown = control.begun(layout, 0, 0.0)
    queue = replace(queued(((0.0, 1),)), blocked=flags(1))
    stayed, why = control.decided(layout, shown, queue, 20.0, Model())
    assert (stayed.stage, why.reason) == (0, "held")
