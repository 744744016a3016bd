"""What a controller knows by loops: of a street that is made up here, second by second, in place of a simulation."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from parvis.methods.signals.control import begun
from parvis.methods.signals.standstill import BLOCKED_S
from parvis.services.feux.sumo_control import by_loops
from parvis.services.feux.sumo_layout import controlled
from parvis.services.feux.sumo_loops import laid
from parvis.services.feux.sumo_net import read_net

FILE = Path(__file__).with_name("two_signals.net.xml")


@dataclass
class Street:
    """Loops that are covered, and vehicles that each counts in this second, as `libsumo` tells them."""

    covered: set[str] = field(default_factory=set[str])
    counted: dict[str, list[tuple[str, float, float, float, str]]] = field(
        default_factory=dict[str, list[tuple[str, float, float, float, str]]]
    )

    def seen(self) -> Any:
        return SimpleNamespace(
            inductionloop=SimpleNamespace(getVehicleData=lambda loop: self.counted.get(loop, [])),
            lanearea=SimpleNamespace(
                getLastStepVehicleNumber=lambda area: int(area.rpartition("/")[0] in self.covered)
            ),
        )


def test_a_line_that_stays_covered_in_green_is_blocked_until_somebody_leaves() -> None:
    """A lane that is closed behind its line, as loops see it; one where vehicles leave is not."""
    net = read_net(FILE.read_bytes())
    one = controlled(net, net.signals[0], min_green=5.0, max_red=100.0, yellow=3.0)
    assert one is not None
    its = laid(net, one, before_m=80.0)
    giving = [one.layout.yields[g].any() for g in its.loops.group]
    shut, flows = [
        k for k, gives in enumerate(giving) if not gives and its.loops.turning[k] == its.loops.group[k]
    ][:2]
    stage = next(k for k, row in enumerate(one.layout.stages) if row[its.loops.group[shut]])
    shown = {one.signal.name: begun(one.layout, stage, 0.0)}
    street = Street({its.lines[shut].name, its.lines[flows].name})
    view = by_loops(street.seen(), [one], [its], net, 0.0)
    for second in range(1, int(BLOCKED_S) + 3):
        now = float(second)
        left = [("v", 4.0, now - 1.5, now, "car")] if second % 3 == 0 else []
        street.counted = {its.lines[flows].name: left}
        queue = view.queues(now, shown)[one.signal.name]
        assert queue is not None
        assert bool(queue.blocked[shut]) == (second >= BLOCKED_S)
        assert not queue.blocked[flows]
    later = BLOCKED_S + 3.0
    street.counted = {its.lines[shut].name: [("w", 4.0, later - 1.0, later, "car")]}
    queue = view.queues(later, shown)[one.signal.name]
    assert queue is not None
    assert not queue.blocked.any()
