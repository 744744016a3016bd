"""A road graph with the places of interest on it, ready for shortest ways."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from parvis.methods.roads.graph import Floats, Ints, Roads
from parvis.methods.roads.snapping import Stops

Index = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Network:
    """Arcs in compressed rows. Nodes: the n of the roads, then one a stop, then a spare one whose two arcs a
    question fills in.

    The cost of an arc has the unit of the costs given to `join`; metres are always there beside it.
    """

    roads: Roads
    stops: Stops
    indptr: Index
    indices: Index
    cost: Floats
    metres: Floats
    arc_edge: Ints
    """Edge that an arc runs along."""
    arc_from: Floats
    """Share of that edge where the arc begins, and ends."""
    arc_to: Floats
    cost_forth: Floats
    cost_back: Floats
    metre_cost: float
    """Cost of a metre, the middle one of all edges."""
    chain: Ints
    """Nodes along the edges, edge after edge, from start to end; with their shares."""
    chain_share: Floats
    chain_at: Ints

    @property
    def first_stop(self) -> int:
        """Node number of the first stop."""
        return len(self.roads.lon)

    @property
    def spare(self) -> int:
        """Node number of the origin of a question."""
        return self.first_stop + len(self.stops)


def join(roads: Roads, stops: Stops, cost_forth: Floats, cost_back: Floats | None = None) -> Network:
    """Splice stops into the edges where they stand.

    cost_forth, cost_back: (m,) cost of a whole edge each way (default: the same), >= 0; an edge closed one
    way (`roads.forth`, `roads.back`) gets no arc that way. Along an edge the cost is even. Raises ValueError
    on a cost that is negative, missing or without bound.
    """
    backwards = cost_forth if cost_back is None else cost_back
    if not all(np.isfinite(cost).all() and (cost >= 0).all() for cost in (cost_forth, backwards)):
        raise ValueError("a cost along the road is negative, missing or without bound")
    n, m, p = len(roads.lon), len(roads.start), len(stops)
    edges = np.arange(m)
    edge = np.concatenate([edges, stops.edge, edges])
    share = np.concatenate([np.zeros(m), stops.share, np.ones(m)])
    node = np.concatenate([roads.start, n + np.arange(p), roads.end])
    rank = np.concatenate(
        [np.zeros(m), np.ones(p), np.full(m, 2.0)]
    )  # the ends stay outside, also beside a stop at share 0 or 1
    order = np.lexsort((share, rank, edge))
    edge, share, node = edge[order], share[order], node[order]
    chain_at = np.concatenate([[0], np.cumsum(np.bincount(edge, minlength=m))]).astype(np.int64)
    here = np.flatnonzero(edge[1:] == edge[:-1])
    e, a, b, s, t = edge[here], node[here], node[here + 1], share[here], share[here + 1]
    same = s == t  # one spot, like a junction and the stop that stands on it: no street lies between
    forth, back = roads.forth[e] | same, roads.back[e] | same
    tail = np.concatenate([a[forth], b[back]])
    head = np.concatenate([b[forth], a[back]])
    along = np.concatenate([e[forth], e[back]])
    begin = np.concatenate([s[forth], t[back]])
    finish = np.concatenate([t[forth], s[back]])
    whole = np.concatenate([cost_forth[e[forth]], backwards[e[back]]])
    part = np.abs(finish - begin)
    cost = whole * part
    # Two streets between the same two junctions: the cheaper one counts (compressed rows would add them up).
    by = np.lexsort((cost, head, tail))
    tail, head = tail[by], head[by]
    keep = np.ones(len(by), dtype=bool)
    keep[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
    by, tail, head = by[keep], tail[keep], head[keep]
    counts = np.bincount(tail, minlength=n + p + 1)
    counts[n + p] = 2
    spare = np.array([0, 0])
    return Network(
        roads=roads,
        stops=stops,
        indptr=np.concatenate([[0], np.cumsum(counts)]).astype(np.int32),
        indices=np.concatenate([head, spare]).astype(np.int32),
        cost=np.concatenate([cost[by], [np.inf, np.inf]]),
        metres=np.concatenate([(roads.length_m[along] * part)[by], [0.0, 0.0]]),
        arc_edge=np.concatenate([along[by], spare]),
        arc_from=np.concatenate([begin[by], [0.0, 0.0]]),
        arc_to=np.concatenate([finish[by], [0.0, 0.0]]),
        cost_forth=cost_forth,
        cost_back=backwards,
        metre_cost=float(np.median(cost_forth / np.maximum(roads.length_m, 1e-9))) if m else 1.0,
        chain=node,
        chain_share=share,
        chain_at=chain_at,
    )
