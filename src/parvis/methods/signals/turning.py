"""Who turns where at a junction, from what enters and what leaves: an estimate, and how far the counts fix it.

Sources: K. P. Furness, Traffic Engineering and Control 7 (1965), 458-460; M. Cremer, H. Keller, Transportation
Research B 21 (1987), 117-132, for shares from a series of counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from parvis.core.late import late
from parvis.methods.signals.values import Flags, Floats

if TYPE_CHECKING:
    from scipy.optimize import linprog, minimize
else:
    linprog = late("scipy.optimize", "linprog")
    minimize = late("scipy.optimize", "minimize")


@dataclass(frozen=True, slots=True)
class Turns:
    """Flows from entrance to exit, veh/h. flow: shape (entrances, exits); least, most: what the counts allow for
    each, same shape: equal where they fix it.
    """

    flow: Floats
    least: Floats
    most: Floats


def furness(entering: Floats, leaving: Floats, prior: Floats, *, rounds: int = 500) -> Floats:
    """The flows nearest to prior shares (in entropy) that add up to what enters; shape (entrances, exits).

    entering: (entrances,), leaving: (exits,), veh/h; prior: (entrances, exits), 0 where nobody may turn. What
    leaves is scaled to what enters: both are counted with errors, entrances are nearer to the signal.
    """
    total = float(entering.sum())
    wanted = leaving * (total / leaving.sum()) if leaving.sum() > 0 else leaving
    flow = prior * entering[:, None]
    for _ in range(rounds):
        flow *= _ratio(wanted, flow.sum(0))[None, :]
        flow *= _ratio(entering, flow.sum(1))[:, None]
    return flow


def _ratio(wanted: Floats, have: Floats) -> Floats:
    return np.divide(wanted, have, out=np.zeros_like(have), where=have > 0)


def allowed(entering: Floats, leaving: Floats, open_: Flags) -> tuple[Floats, Floats]:
    """(least, most) of each flow that one total of counts allows, shapes (entrances, exits), by linear programs.

    open_: where turning is possible. What leaves is scaled to what enters; NaN where no flows add up at all.
    """
    rows, columns = open_.shape
    total = float(entering.sum())
    wanted = leaving * (total / leaving.sum()) if leaving.sum() > 0 else leaving
    sums = np.vstack([np.kron(np.eye(rows), np.ones(columns)), np.kron(np.ones(rows), np.eye(columns))])
    limits = [(0.0, None if cell else 0.0) for cell in open_.ravel()]
    least, most = np.full(open_.shape, np.nan), np.full(open_.shape, np.nan)
    for cell in range(rows * columns):
        for into, sign in ((least, 1.0), (most, -1.0)):
            goal = np.zeros(rows * columns)
            goal[cell] = sign
            result = linprog(goal, A_eq=sums, b_eq=np.concatenate([entering, wanted]), bounds=limits)
            if result.success:
                into.flat[cell] = sign * float(result.fun)
    return least, most


def turns(entering: Floats, leaving: Floats, prior: Floats) -> Turns:
    """Flows of one total of counts, with what they allow. prior: (entrances, exits), 0 where nobody may turn."""
    least, most = allowed(entering, leaving, prior > 0)
    return Turns(furness(entering, leaving, prior), least, most)


def shares(entering: Floats, leaving: Floats, prior: Floats, *, trust: float = 1.0) -> Floats:
    """Shares of what enters that turns to each exit, from a series of counts: shape (entrances, exits), rows add up to 1.

    entering: (times, entrances), leaving: (times, exits), NaN where not counted; prior: shares, 0 where
    nobody may turn; trust: weight of the prior, as that of so many intervals. Least squares under the sums,
    each exit by the scatter of a Poisson count.
    """
    rows, columns = prior.shape
    usual = prior / np.maximum(prior.sum(1, keepdims=True), 1e-12)
    known = ~np.isnan(leaving)
    in_ = np.nan_to_num(entering)
    known[np.isnan(entering).any(1)] = False
    scatter = 1 / np.maximum(np.nanmean(leaving, 0), 1.0)
    pull = trust * np.nanmean(in_, 0) + 1e-6
    grams = np.array([(in_[known[:, j]].T @ in_[known[:, j]]) * scatter[j] for j in range(columns)])
    sides = np.array([(in_[known[:, j]].T @ leaving[known[:, j], j]) * scatter[j] for j in range(columns)])

    def value(x: Floats) -> tuple[float, Floats]:
        p = x.reshape(rows, columns)
        bent = np.einsum("jik,kj->ij", grams, p)
        away = p - usual
        loss = (
            0.5 * float((p * bent).sum())
            - float((p * sides.T).sum())
            + 0.5 * float((pull[:, None] * away**2).sum())
        )
        return loss / scale, ((bent - sides.T + pull[:, None] * away) / scale).ravel()

    scale = float(max(np.trace(grams.sum(0)), 1.0))
    result = minimize(
        value,
        usual.ravel(),
        jac=True,
        method="SLSQP",
        bounds=[(0.0, 1.0 if cell > 0 else 0.0) for cell in prior.ravel()],
        constraints={
            "type": "eq",
            "fun": lambda x: x.reshape(rows, columns).sum(1) - 1.0,
            "jac": lambda x: np.kron(np.eye(rows), np.ones(columns)),
        },
        options={"maxiter": 300, "ftol": 1e-12},
    )
    p = np.clip(result.x.reshape(rows, columns), 0.0, 1.0)
    return p / p.sum(1, keepdims=True)
