"""An attacker who sees a published table as people see it, labels and stars, and knows that totals are
totals. Shares no code with the protector: its own sums, from labels; its own simplex.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

import numpy as np

Label = tuple[int, ...]
"""One node of each axis; trees say what lies below a node."""


def sums_by_label(
    trees: Sequence[Mapping[int, Sequence[int]]], nodes: Sequence[int]
) -> list[tuple[Label, list[Label]]]:
    """(total, its parts) for every total of a table. trees: children of each node that has some; nodes: how
    many nodes each axis has.
    """
    found: list[tuple[Label, list[Label]]] = []
    for axis, tree in enumerate(trees):
        others = [range(n) if k != axis else [None] for k, n in enumerate(nodes)]
        for rest in itertools.product(*others):
            for node, children in tree.items():
                found.append(
                    (
                        tuple(node if v is None else v for v in rest),
                        [tuple(c if v is None else v for v in rest) for c in children],
                    )
                )
    return found


class Attacker:
    """Bounds hidden cells. shown: label -> number, None where hidden; a hidden cell is at least 0."""

    def __init__(
        self, sums: Sequence[tuple[Label, Sequence[Label]]], shown: Mapping[Label, float | None]
    ) -> None:
        self.labels = [label for label, value in shown.items() if value is None]
        place = {label: k for k, label in enumerate(self.labels)}
        rows, right = [], []
        for total, parts in sums:
            row, rest = np.zeros(len(place)), 0.0
            for label, sign in ((total, 1.0), *((p, -1.0) for p in parts)):
                if label in place:
                    row[place[label]] += sign
                else:
                    rest -= sign * float(shown[label] or 0)
            if row.any():
                rows.append(row)
                right.append(rest)
        self.place = place
        self.tableau, self.basis = (
            start(np.array(rows), np.array(right)) if rows else (np.zeros((0, len(place) + 1)), [])
        )

    def interval(self, label: Label) -> tuple[float, float]:
        column = self.place[label]
        return -self._most(column, -1.0), self._most(column, 1.0)

    def _most(self, column: int, sign: float) -> float:
        cost = np.zeros(self.tableau.shape[1] - 1)
        cost[column] = sign
        return most(self.tableau.copy(), list(self.basis), cost)


EPSILON = 1e-9


def pivot(tableau: np.ndarray, row: int, column: int) -> None:
    tableau[row] /= tableau[row, column]
    others = tableau[:, column].copy()
    others[row] = 0
    tableau -= np.outer(others, tableau[row])


def most(tableau: np.ndarray, basis: list[int], cost: np.ndarray) -> float:
    """Largest cost . x from a feasible basis, by the simplex with Bland's rule; infinite when nothing bounds
    it. tableau: rows (coefficients…, value).
    """
    while True:
        reduced = cost - cost[basis] @ tableau[:, :-1] if len(basis) else cost
        better = np.flatnonzero(reduced > EPSILON)
        if not len(better):
            return float(cost[basis] @ tableau[:, -1]) if len(basis) else 0.0
        column = int(better[0])
        up = np.flatnonzero(tableau[:, column] > EPSILON)
        if not len(up):
            return float("inf")
        ratios = tableau[up, -1] / tableau[up, column]
        ties = up[ratios <= ratios.min() + EPSILON]
        row = int(min(ties, key=lambda r: basis[r]))
        pivot(tableau, row, column)
        basis[row] = column


def start(rows: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, list[int]]:
    """A feasible basis of rows . x = right, x >= 0, without the rows that repeat others."""
    sign = np.where(right < 0, -1.0, 1.0)
    many, wide = rows.shape
    tableau = np.hstack([rows * sign[:, None], np.eye(many), (right * sign)[:, None]])
    basis = list(range(wide, wide + many))
    left = most(tableau, basis, np.concatenate([np.zeros(wide), -np.ones(many)]))
    assert left > -1e-6, "the published table contradicts itself"
    for row in range(many):
        if basis[row] >= wide:
            candidates = np.flatnonzero(np.abs(tableau[row, :wide]) > 1e-7)
            if len(candidates):
                pivot(tableau, row, int(candidates[0]))
                basis[row] = int(candidates[0])
    kept = [r for r in range(many) if basis[r] < wide]
    return np.hstack([tableau[kept, :wide], tableau[kept, -1:]]), [basis[r] for r in kept]
