"""Do trips serve every street, and cost what they say? Looked at on the network itself, arc by arc, by code
that shares nothing with the search.
"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Sequence

from parvis.methods.rounds.streets import Network, Trips


def faults(
    network: Network,
    forth: Sequence[int],
    back: Sequence[int],
    load: Sequence[float],
    serving: Sequence[float],
    capacity: float,
    start: int,
    end: int,
    trips: Trips,
    *,
    detour: float = 0.0,
    longest: float = float("inf"),
    most: int = 0,
) -> list[str]:
    """What is wrong with the trips, in words; nothing when they keep every rule. Costs of turning back are
    not known here: they must be nought.
    """
    messages: list[str] = []
    served = Counter(side // 2 for trip in trips.trips for side in trip)
    for street in range(len(load)):
        if served[street] != 1:
            messages.append(f"street {street} served {served[street]} times")
    if set(served) - set(range(len(load))):
        messages.append("a street that does not exist")
        return messages
    if most and len(trips.trips) > most:
        messages.append(f"{len(trips.trips)} trips, {most} allowed")
    leaving: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for tail, head, cost in zip(
        network.tail.tolist(), network.head.tolist(), network.cost.tolist(), strict=True
    ):
        leaving[tail].append((head, cost))
    known: dict[int, dict[int, float]] = {}

    def way(a: int, b: int) -> float:
        if a not in known:
            known[a] = _from(a, leaving)
        return known[a].get(b, float("inf"))

    total = 0.0
    for number, trip in enumerate(trips.trips):
        at, cost, full = start, 0.0, 0.0
        for side in trip:
            arc = (back if side % 2 else forth)[side // 2]
            if arc < 0:
                messages.append(f"trip {number} serves street {side // 2} against its direction")
                continue
            cost += way(at, int(network.tail[arc])) + serving[side // 2]
            full += load[side // 2]
            at = int(network.head[arc])
        cost += way(at, end) + detour
        if full > capacity + 1e-6:
            messages.append(f"trip {number} collects {full:g}, a truck holds {capacity:g}")
        if cost > longest + 1e-6:
            messages.append(f"trip {number} costs {cost:g}, {longest:g} allowed")
        total += cost
    if abs(total - trips.cost) > 1e-6 * max(1.0, total):
        messages.append(f"costs {total:g}, said to cost {trips.cost:g}")
    return messages


def _from(origin: int, leaving: dict[int, list[tuple[int, float]]]) -> dict[int, float]:
    """Least cost from one node to all, by Dijkstra's algorithm over a heap."""
    least = {origin: 0.0}
    queue = [(0.0, origin)]
    while queue:
        cost, node = heapq.heappop(queue)
        if cost > least[node]:
            continue
        for head, more in leaving.get(node, []):
            if cost + more < least.get(head, float("inf")):
                least[head] = cost + more
                heapq.heappush(queue, (cost + more, head))
    return least
