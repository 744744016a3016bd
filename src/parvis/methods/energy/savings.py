"""What was saved against a baseline, and how sure that is (IPMVP option C).

The doubt of a sum over a period has two parts: what the days of the period do by chance, and what the baseline
does not know of its own coefficients and balance points. Both remember the day before: residuals are taken as
AR(1), the variance from generalised sums (the sandwich), not from independent days. ASHRAE's closed formula
stands beside it for whoever has to report it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from parvis.core.late import late
from parvis.methods.energy.baseline import Baseline, Calendar, Days, groups_of
from parvis.methods.energy.changepoint import Array

if TYPE_CHECKING:
    from scipy import stats
else:
    stats = late("scipy.stats")

MOST_RHO = 0.95


@dataclass(frozen=True, slots=True)
class Savings:
    """kWh that were not used. expected: what the baseline says of these days; used: what the meter says; low,
    high: bounds of the saving at `level`. days: those that both know. beyond: days colder or warmer than any
    that the baseline learnt from.
    """

    expected: float
    used: float
    low: float
    high: float
    level: float
    days: int
    beyond: int

    @property
    def saved(self) -> float:
        """Expected less used: negative when more was used."""
        return self.expected - self.used

    @property
    def part(self) -> float:
        """Of what was expected."""
        return self.saved / self.expected if self.expected else float("nan")


@dataclass(frozen=True, slots=True)
class Period:
    """Days of a meter. calendar: holidays and closed days, None where there are none."""

    days: Days
    temperature: Array
    use: Array
    calendar: Calendar | None = None

    def known(self) -> Period:
        """The days whose use and temperature are known."""
        keep = np.isfinite(self.use) & np.isfinite(self.temperature)
        return Period(
            self.days[keep],
            self.temperature[keep],
            self.use[keep],
            None if self.calendar is None else self.calendar[keep],
        )


def savings(baseline: Baseline, before: Period, after: Period, level: float = 0.9) -> Savings:
    """What `after` saved. before: the days that the baseline learnt from. Raises ValueError when `after` has no
    known day.
    """
    before, after = before.known(), after.known()
    if not len(after.use):
        raise ValueError("no day is known after the works")
    x, z = _slopes(baseline, before), _slopes(baseline, after)
    left = before.use - baseline.predict(before.days, before.temperature, before.calendar)
    n, p = x.shape
    rho = _memory(left, before.days, p)
    r = _correlation(before.days, before.days, rho)
    inverse = np.linalg.pinv(x.T @ x)
    hat_r = np.einsum("ij,jk,ki->", x, inverse, x.T @ r)
    variance = float(left @ left) / max(n - hat_r, 1.0)
    g = inverse @ z.sum(0)
    weights = x @ g
    spread = float(weights @ r @ weights) + float(_correlation(after.days, after.days, rho).sum())
    cross = float((_correlation(after.days, before.days, rho) @ weights).sum())
    half = float(np.sqrt(variance * max(spread - 2 * cross, 0.0)))
    effective = max(n * (1 - rho) / (1 + rho) - p, 3.0)
    half *= float(stats.t.ppf(0.5 + level / 2, effective))
    expected, used = (
        float(baseline.predict(after.days, after.temperature, after.calendar).sum()),
        float(after.use.sum()),
    )
    beyond = int(((after.temperature < baseline.coldest) | (after.temperature > baseline.warmest)).sum())
    return Savings(
        expected, used, expected - used - half, expected - used + half, level, len(after.use), beyond
    )


def ashrae_uncertainty(
    baseline: Baseline, periods: int, months: float, part: float, level: float = 0.9
) -> float:
    """Fractional savings uncertainty of ASHRAE Guideline 14 with the daily polynomial of Sun and Baltazar (2013): a
    part of the saving. part: saved share of what was expected, not 0.
    """
    n = baseline.n
    effective = n * (1 - baseline.rho) / (1 + baseline.rho)
    polynomial = -0.00024 * months**2 + 0.03535 * months + 1.00286
    t = float(stats.t.ppf(0.5 + level / 2, max(n - baseline.parameters, 1)))
    root = np.sqrt(n / effective * (1 + 2 / effective) / periods)
    return float(t * polynomial * baseline.cv_rmse * root / abs(part))


def _slopes(baseline: Baseline, period: Period) -> Array:
    """Derivatives of the model by all it was fitted with, balance points too: shape (days, parameters)."""
    columns: list[Array] = [baseline.design(period.days, period.temperature, period.calendar)]
    group = groups_of(period.days, period.calendar)
    for part in baseline.parts:
        here, m = np.isin(group, part.groups), part.model
        if m.heating > 0:
            columns.append(
                np.where(here & (period.temperature < m.heating_point), float(m.heating), 0.0)[:, None]
            )
        if m.cooling > 0:
            columns.append(
                np.where(here & (period.temperature > m.cooling_point), -float(m.cooling), 0.0)[:, None]
            )
    return np.concatenate(columns, 1)


def _memory(left: Array, days: Days, parameters: int) -> float:
    """Correlation of a day with the next, its bias downwards taken back (Marriott and Pope 1954, and what fitting
    takes)."""
    number = days.astype("datetime64[D]").astype(np.int64)
    after = np.diff(number) == 1
    rho = float(np.sum(left[1:][after] * left[:-1][after]) / max(float(left @ left), 1e-12))
    n = len(left)
    return float(np.clip(rho + (1 + 3 * rho + parameters * (1 - rho) / 2) / n, 0.0, MOST_RHO))


def _correlation(one: Days, other: Days, rho: float) -> Array:
    gap = np.abs(
        one.astype("datetime64[D]").astype(np.int64)[:, None]
        - other.astype("datetime64[D]").astype(np.int64)[None, :]
    )
    return np.power(rho, gap) if rho > 0 else (gap == 0).astype(np.float64)
