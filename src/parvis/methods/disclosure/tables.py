"""A table with its margins: cells, and the sums that hold between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Equations:
    """Sums over cells, by rows: of row r, sum(coefficients[k] * x[cells[k]]) = values[r] for k in [starts[r],
    starts[r + 1]).

    starts: shape (rows + 1,); cells, coefficients: shape (terms,); values: shape (rows,).
    """

    starts: Ints
    cells: Ints
    coefficients: Floats
    values: Floats

    @property
    def rows(self) -> int:
        return len(self.values)

    @property
    def owners(self) -> Ints:
        """Row of each term, shape (terms,)."""
        return np.repeat(np.arange(self.rows), np.diff(self.starts))

    def sums(self, x: Floats) -> Floats:
        """Left sides, shape (rows,), for x of shape (cells,)."""
        return np.bincount(self.owners, self.coefficients * x[self.cells], minlength=self.rows).astype(
            np.float64
        )


@dataclass(frozen=True, slots=True)
class Axis:
    """One way to break a table down, as a tree of positions. parents: shape (nodes,), -1 for the total; a node comes after its parent.

    >>> Axis.flat(3).parents.tolist(), Axis.nested([0, 0, 1]).parents.tolist()
    ([-1, 0, 0, 0], [-1, 0, 0, 1, 1, 2])
    """

    parents: Ints

    @classmethod
    def flat(cls, values: int) -> Axis:
        """A total and its values."""
        return cls(np.array([-1, *[0] * values], np.int64))

    @classmethod
    def nested(cls, zones: Sequence[int]) -> Axis:
        """A total, zones, and values within zones. zones: the zone of each value, numbered from 0 without
        holes.
        """
        many = max(zones) + 1
        return cls(np.array([-1, *[0] * many, *(1 + z for z in zones)], np.int64))

    @property
    def leaves(self) -> Ints:
        """Nodes that nothing stands below."""
        return np.setdiff1d(np.arange(len(self.parents)), self.parents)


def filled(axes: Sequence[Axis], values: Floats, *, combine: np.ufunc = np.add) -> Floats:
    """A whole table from its innermost cells. values: shape (leaves of each axis…); returns shape (nodes of
    each axis…).

    combine: np.maximum where the cells hold their largest units.
    """
    table = np.asarray(values, np.float64)
    for place, axis in enumerate(axes):
        moved = np.moveaxis(table, place, 0)
        grown = np.zeros((len(axis.parents), *moved.shape[1:]))
        grown[axis.leaves] = moved
        for node in range(len(axis.parents) - 1, 0, -1):
            if axis.parents[node] >= 0:
                grown[axis.parents[node]] = combine(grown[axis.parents[node]], grown[node])
        table = np.moveaxis(grown, 0, place)
    return table


def owners(axes: Sequence[Axis], counts: Ints) -> Ints:
    """Whose each cell is: the number of the innermost cell of the one unit in it, -1 where there is none or
    more than one.

    counts: units of the innermost cells. Returns shape (nodes of each axis…).
    """
    numbers = np.arange(1, counts.size + 1).reshape(counts.shape)
    one = filled(axes, np.where(counts == 1, numbers, 0).astype(np.float64)).astype(np.int64)
    return np.where(filled(axes, counts.astype(np.float64)) == 1, one - 1, -1)


def margins(axes: Sequence[Axis]) -> Equations:
    """The sums of a table, over its cells laid flat in C order: each node minus its children is nothing,
    along each axis.
    """
    shape = tuple(len(a.parents) for a in axes)
    cells = np.arange(int(np.prod(shape))).reshape(shape)
    starts, terms, coefficients = [0], list[Ints](), list[Floats]()
    for place, axis in enumerate(axes):
        lines = np.moveaxis(cells, place, 0).reshape(shape[place], -1)
        for node in np.unique(axis.parents[axis.parents >= 0]):
            children = np.flatnonzero(axis.parents == node)
            group = np.concatenate([lines[[node]], lines[children]])
            terms.append(group.T.reshape(-1))
            coefficients.append(np.tile(np.concatenate([[1.0], -np.ones(len(children))]), group.shape[1]))
            starts.extend(starts[-1] + len(group) * (np.arange(group.shape[1]) + 1))
    return Equations(
        np.array(starts, np.int64),
        _joined(terms).astype(np.int64),
        _joined(coefficients).astype(np.float64),
        np.zeros(len(starts) - 1),
    )


def _joined(parts: Sequence[npt.NDArray[np.generic]]) -> npt.NDArray[np.generic]:
    return np.concatenate(parts) if parts else np.zeros(0)


def stacked(*systems: tuple[Equations, int]) -> Equations:
    """Several tables side by side. systems: the sums of each and how many cells it has; the cells of the
    second come after those of the first, and so on.
    """
    shifts = np.cumsum([0, *(count for _, count in systems)])
    ends = np.cumsum([0, *(len(sums.cells) for sums, _ in systems)])
    return Equations(
        np.concatenate(
            [*(sums.starts[:-1] + end for (sums, _), end in zip(systems, ends[:-1], strict=True)), ends[-1:]]
        ).astype(np.int64),
        np.concatenate(
            [sums.cells + shift for (sums, _), shift in zip(systems, shifts[:-1], strict=True)]
        ).astype(np.int64),
        np.concatenate([sums.coefficients for sums, _ in systems]).astype(np.float64),
        np.concatenate([sums.values for sums, _ in systems]).astype(np.float64),
    )


def both(first: Equations, second: Equations) -> Equations:
    """All the sums of two systems over the same cells."""
    return Equations(
        np.concatenate([first.starts[:-1], second.starts + first.starts[-1]]).astype(np.int64),
        np.concatenate([first.cells, second.cells]).astype(np.int64),
        np.concatenate([first.coefficients, second.coefficients]).astype(np.float64),
        np.concatenate([first.values, second.values]).astype(np.float64),
    )
