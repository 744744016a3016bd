"""Do the shifts of street-side collection keep their hours? Walked again on the network, arc by arc, by code
that shares nothing with what packed them.
"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Sequence

from parvis.methods.rounds.job import Break, Tip, Window
from parvis.methods.rounds.shifts import Packed
from parvis.methods.rounds.streets import Network

SLACK_S = 0.05
Depot = tuple[int, int, Window, Break | None]
"""Trucks of one kind: how many, the node of their depot, their hours, the rest of their crew."""


def faults(
    network: Network,
    forth: Sequence[int],
    back: Sequence[int],
    serving: Sequence[float],
    trips: Sequence[Sequence[int]],
    depots: Sequence[Depot],
    tip: Tip,
    packed: Packed,
    *,
    turn_back: float = 0.0,
) -> list[str]:
    """What is wrong with the shifts, in words; nothing when every trip is in one of them or said to be left,
    and no hour is before it can be.

    forth, back: the arc of each street in either direction; serving: seconds of each; tip: its place is a
    node of the network.
    """
    messages: list[str] = []
    seen = Counter([*(t for s in packed.shifts for t in s.trips), *packed.left])
    messages += [f"trip {t} is in {seen[t]} shifts" for t in range(len(trips)) if seen[t] != 1]
    for crew, count in Counter(s.crew for s in packed.shifts).items():
        if count > depots[crew][0]:
            messages.append(f"{count} trucks of kind {crew}, there are {depots[crew][0]}")
    roads = _Roads(network, turn_back)
    for number, shift in enumerate(packed.shifts):
        _, depot, hours, rest = depots[shift.crew]
        if shift.leave_s < hours[0] - SLACK_S or shift.back_s > hours[1] + SLACK_S:
            messages.append(
                f"shift {number} is out from {shift.leave_s:.0f} to {shift.back_s:.0f}, allowed {hours}"
            )
        clock, at = shift.leave_s, -1 - depot
        rested = 0
        for place, trip in enumerate(shift.trips):
            sides = trips[trip]
            for position in range(len(sides) + 1):
                ends = position == len(sides)
                arc = -1 if ends else (back if sides[position] % 2 else forth)[sides[position] // 2]
                clock += roads.to_node(at, tip.place) if ends else roads.to_arc(at, arc)
                if shift.rest is not None and rest is not None and shift.rest[:2] == (place, position):
                    begun = shift.rest[2]
                    rested += 1
                    if (
                        begun < clock - SLACK_S
                        or not rest.begins[0] - SLACK_S <= begun <= rest.begins[1] + SLACK_S
                    ):
                        messages.append(
                            f"shift {number} rests at {begun:.0f}, reached {clock:.0f}, allowed {rest.begins}"
                        )
                    clock = begun + rest.seconds
                begin = shift.tips[place] if ends else shift.begins[place][position]
                if begin < clock - SLACK_S:
                    messages.append(
                        f"shift {number}, trip {trip}, {'tip' if ends else f'side {position}'} at {begin:.0f}, not possible before {clock:.0f}"
                    )
                if ends and not tip.hours[0] - SLACK_S <= begin <= tip.hours[1] - tip.service_s + SLACK_S:
                    messages.append(f"shift {number} is at the tip at {begin:.0f}, open {tip.hours}")
                clock = begin + (tip.service_s if ends else serving[sides[position] // 2])
                at = -1 - tip.place if ends else arc
        if shift.trips:
            clock += roads.to_node(at, depot)
        if shift.back_s < clock - SLACK_S:
            messages.append(f"shift {number} is home at {shift.back_s:.0f}, not possible before {clock:.0f}")
        if (
            rest is not None
            and shift.leave_s < rest.begins[1] - SLACK_S
            and shift.back_s > rest.begins[1] + SLACK_S
            and rested != 1
        ):
            messages.append(f"shift {number} owes a rest, and takes {rested}")
    return messages


class _Roads:
    """Least seconds over arcs, by Dijkstra's algorithm over a heap; turning back into the street one came by
    costs more.

    Where a truck is: an arc driven to its end, or a node where it stood, as -1 - node.
    """

    def __init__(self, network: Network, turn_back: float) -> None:
        self.tail, self.head, self.cost = network.tail.tolist(), network.head.tolist(), network.cost.tolist()
        self.turn_back = turn_back
        self.leaving: dict[int, list[int]] = defaultdict(list)
        for arc, tail in enumerate(self.tail):
            self.leaving[tail].append(arc)
        self.known: dict[int, dict[int, float]] = {}

    def to_arc(self, at: int, arc: int) -> float:
        """Seconds until an arc is begun."""
        return self._reach(at).get(arc, float("inf")) - self.cost[arc]

    def to_node(self, at: int, node: int) -> float:
        """Seconds until a node is reached."""
        if (self.head[at] if at >= 0 else -1 - at) == node:
            return 0.0
        return min(
            (cost for arc, cost in self._reach(at).items() if self.head[arc] == node), default=float("inf")
        )

    def _next(self, at: int) -> list[tuple[float, int]]:
        if at < 0:
            return [(self.cost[b], b) for b in self.leaving[-1 - at]]
        return [
            (self.cost[b] + (self.turn_back if self.head[b] == self.tail[at] else 0.0), b)
            for b in self.leaving[self.head[at]]
        ]

    def _reach(self, at: int) -> dict[int, float]:
        """Least seconds to the end of every arc."""
        if at not in self.known:
            least: dict[int, float] = {}
            queue = self._next(at)
            heapq.heapify(queue)
            while queue:
                cost, arc = heapq.heappop(queue)
                if arc not in least:
                    least[arc] = cost
                    for more, then in self._next(arc):
                        heapq.heappush(queue, (cost + more, then))
            self.known[at] = least
        return self.known[at]
