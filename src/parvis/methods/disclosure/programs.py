"""Linear programs over the cells of a table, solved by HiGHS: one model, asked many times from where the last
answer stood.
"""

from __future__ import annotations

import highspy
import numpy as np

from parvis.methods.disclosure.tables import Equations, Floats, Ints

INFINITE = highspy.kHighsInf


class Infeasible(ValueError):
    """No values satisfy the sums within the bounds."""


class Program:
    """x with low <= x <= high and every equation true; `extreme` asks how small or large a sum of cells can
    be.
    """

    def __init__(
        self, sums: Equations, low: Floats, high: Floats, *, whole: bool = False, seconds: float = 0.0
    ) -> None:
        """low, high: shape (cells,), high may be infinite; whole: only whole numbers, to within 2 % of the
        best. seconds: gives up after so long; 0: never.
        """
        self._model = highspy.Highs()
        self._model.setOptionValue("output_flag", False)
        self._model.setOptionValue("threads", 1)
        if seconds:
            self._model.setOptionValue("time_limit", seconds)
        count = len(low)
        nothing = np.zeros(count)
        self._model.addCols(
            count, nothing, low, high, 0, np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0)
        )
        starts, cells = sums.starts[:-1].astype(np.int32), sums.cells.astype(np.int32)
        self._model.addRows(sums.rows, sums.values, sums.values, len(cells), starts, cells, sums.coefficients)
        if whole and count:
            self._model.setOptionValue("mip_rel_gap", 0.02)
            kinds = np.full(count, int(highspy.HighsVarType.kInteger), np.uint8)
            self._model.changeColsIntegrality(count, np.arange(count, dtype=np.int32), kinds)
        self._costs = nothing

    def bound(self, cell: int, low: float, high: float) -> None:
        """Other bounds of one cell."""
        self._model.changeColBounds(cell, low, high)

    def costs(self, costs: Floats) -> None:
        """What `least` minimises, shape (cells,)."""
        changed = np.flatnonzero(costs != self._costs).astype(np.int32)
        if len(changed):
            self._model.changeColsCost(len(changed), changed, costs[changed])
        self._costs = costs.copy()

    def least(self) -> Floats:
        """Values of least cost, shape (cells,). Raises Infeasible when there are none, or none was found in
        time.
        """
        self._model.changeObjectiveSense(highspy.ObjSense.kMinimize)
        if not self._solved():
            raise Infeasible("no values satisfy the sums")
        return np.array(self._model.getSolution().col_value, np.float64)

    def extreme(self, cells: Ints, *, largest: bool) -> float:
        """The least or largest that the sum of some cells can be; infinite when nothing bounds it. Raises
        Infeasible.
        """
        costs = np.zeros(len(self._costs))
        costs[cells] = 1.0
        self.costs(costs)
        self._model.changeObjectiveSense(
            highspy.ObjSense.kMaximize if largest else highspy.ObjSense.kMinimize
        )
        if self._solved():
            return self._model.getObjectiveValue()
        if self._model.getModelStatus() in (
            highspy.HighsModelStatus.kUnbounded,
            highspy.HighsModelStatus.kUnboundedOrInfeasible,
        ):
            return INFINITE if largest else -INFINITE
        raise Infeasible("no values satisfy the sums")

    def reached(self, cells: Ints, *, largest: bool) -> Floats:
        """Values, shape (cells,), where the sum of some cells is the least or largest. Those cells are
        bounded on that side. Raises Infeasible.
        """
        self.extreme(cells, largest=largest)
        return np.array(self._model.getSolution().col_value, np.float64)

    def _solved(self) -> bool:
        self._model.run()
        if self._model.getModelStatus() == highspy.HighsModelStatus.kOptimal:
            return True
        # Whole numbers that are found in time do, though better ones may exist.
        late = self._model.getModelStatus() == highspy.HighsModelStatus.kTimeLimit
        return (
            late
            and self._model.getInfo().primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        )
