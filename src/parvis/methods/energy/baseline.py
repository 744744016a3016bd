"""What a building uses by the weather: change-point models of its days, split by season and weekend where that
pays.

Days fall into six groups (winter, shoulder, summer; weekday, weekend), and a seventh when the building is closed for a
while and says so: a school in summer. Each way to put groups together is priced like the shapes themselves (see
`changepoint.price`), and the cheapest is kept: a split must earn its parameters.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from parvis.methods.energy.changepoint import Array, ChangePoint, Sums, fits, points_between, price, sums

Days = NDArray[np.datetime64]
Groups = NDArray[np.int64]

WINTER, SHOULDER, SUMMER = 0, 1, 2
SEASON = np.array([0, 0, 1, 1, 1, 2, 2, 2, 2, 1, 0, 0], dtype=np.int64)
"""Season of each month, January first."""

SEASONS: tuple[tuple[tuple[int, ...], ...], ...] = (
    ((0, 1, 2),), ((2,), (0, 1)), ((1, 2), (0,)), ((0, 2), (1,)), ((0,), (1,), (2,)),
)  # fmt: skip
"""Ways to put seasons together."""

CLOSED = 6
"""Group of the days on which the building is closed."""

AS_WEEKEND, AS_CLOSED = 1, 2
"""What a calendar says of a day that is no plain one: a holiday, like a weekend; or closed for a while."""

Calendar = NDArray[np.int8]
"""Of each day: 0, AS_WEEKEND or AS_CLOSED."""

LEAST_BELOW = 6
"""Days beyond a balance point of one group without which it is not believed."""


@dataclass(frozen=True, slots=True)
class Part:
    """A model of some of the groups of days."""

    groups: tuple[int, ...]
    model: ChangePoint


@dataclass(frozen=True, slots=True)
class Baseline:
    """What a meter would use. parts: together they hold all groups. n: days it learnt from. mean: kWh a
    day. rmse: kWh a day, of n - p. rho: correlation of a day's residual with the day before's. warmest,
    coldest: of the days it learnt from, °C; beyond them it guesses.
    """

    parts: tuple[Part, ...]
    n: int
    mean: float
    sse: float
    rho: float
    coldest: float
    warmest: float

    @property
    def parameters(self) -> int:
        """Coefficients and balance points of all parts."""
        return sum(p.model.parameters for p in self.parts)

    @property
    def rmse(self) -> float:
        """Root of the squares left over n - p."""
        return float(np.sqrt(self.sse / max(self.n - self.parameters, 1)))

    @property
    def cv_rmse(self) -> float:
        """CV(RMSE) of ASHRAE Guideline 14, n - p: a part of the mean."""
        return self.rmse / self.mean if self.mean else float("inf")

    @property
    def cv_rmse_plain(self) -> float:
        """The same over n, as OpenDSM's `cvrmse`."""
        return float(np.sqrt(self.sse / max(self.n, 1))) / self.mean if self.mean else float("inf")

    def predict(self, days: Days, temperature: Array, calendar: Calendar | None = None) -> Array:
        """kWh of each day. days: datetime64[D], temperature in °C, both of shape (k,). calendar: what is known
        of the days, Saturdays and Sundays aside.
        """
        group = groups_of(days, calendar)
        out = np.full(len(days), np.nan)
        for part in self.parts:
            here = np.isin(group, part.groups)
            out[here] = part.model.predict(temperature[here])
        return out

    def design(self, days: Days, temperature: Array, calendar: Calendar | None = None) -> Array:
        """The columns that the coefficients multiply, balance points held: shape (k, c)."""
        group = groups_of(days, calendar)
        columns: list[Array] = []
        for part in self.parts:
            here = np.isin(group, part.groups).astype(np.float64)
            columns.append(here)
            if part.model.heating > 0:
                columns.append(here * np.maximum(0.0, part.model.heating_point - temperature))
            if part.model.cooling > 0:
                columns.append(here * np.maximum(0.0, temperature - part.model.cooling_point))
        return np.stack(columns, 1)


def groups_of(days: Days, calendar: Calendar | None = None) -> Groups:
    """Group of each day: twice its season, plus one on weekends and days like them; or CLOSED."""
    number = days.astype("datetime64[D]").astype(np.int64)
    month = days.astype("datetime64[M]").astype(np.int64) % 12
    weekend = (number + 3) % 7 >= 5
    if calendar is None:
        return 2 * SEASON[month] + weekend
    return np.where(calendar == AS_CLOSED, CLOSED, 2 * SEASON[month] + (weekend | (calendar == AS_WEEKEND)))


def learn(
    days: Days,
    temperature: Array,
    use: Array,
    *,
    calendar: Calendar | None = None,
    heats: bool = True,
    cools: bool = True,
    split: bool = True,
) -> Baseline:
    """Fit the days of a meter. use: kWh a day; a day whose use or temperature is NaN counts for nothing.

    heats, cools: what it may serve (gas does not cool). split: whether seasons and weekends may differ. Raises
    ValueError with fewer than 30 days.
    """
    known = np.isfinite(use) & np.isfinite(temperature)
    if known.sum() < 30:
        raise ValueError("fewer than 30 days")
    days, temperature, use = days[known], temperature[known], use[known]
    calendar = calendar[known] if calendar is not None else None
    group = groups_of(days, calendar)
    shift = float(use.mean())  # sums of squares lose less around the mean
    grid = points_between(temperature)
    table = sums(temperature, use - shift, group, 7, grid)
    chosen = _best(table, heats=heats, cools=cools) if split else (tuple(range(7)),)
    parts = tuple(
        _refined(groups, temperature, use, group, table, heats=heats, cools=cools) for groups in chosen
    )
    left = use - _predicted(parts, group, temperature)
    after = np.diff(days.astype("datetime64[D]").astype(np.int64)) == 1
    rho = float(np.sum(left[1:][after] * left[:-1][after]) / max(np.sum(left * left), 1e-12))
    return Baseline(
        parts, len(use), shift, float(left @ left), rho, float(temperature.min()), float(temperature.max())
    )


def _predicted(parts: tuple[Part, ...], group: Groups, temperature: Array) -> Array:
    out = np.zeros(len(group))
    for part in parts:
        here = np.isin(group, part.groups)
        out[here] = part.model.predict(temperature[here])
    return out


def _best(table: Sums, *, heats: bool, cools: bool) -> tuple[tuple[int, ...], ...]:
    """The cheapest way to put the groups together."""
    ways: list[tuple[tuple[int, ...], ...]] = []
    for seasons in SEASONS:
        for weekends in product((False, True), repeat=len(seasons)):
            way: list[tuple[int, ...]] = []
            for these, apart in zip(seasons, weekends, strict=True):
                if apart:
                    way += [tuple(2 * s for s in these), tuple(2 * s + 1 for s in these)]
                else:
                    way.append(tuple(2 * s + w for s in these for w in (0, 1)))
            ways += [(*way, (CLOSED,)), tuple((*part, CLOSED) if part == way[-1] else part for part in way)]
    kinds = sorted({part for way in ways for part in way})
    member = np.zeros((len(kinds), 7))
    for row, part in enumerate(kinds):
        member[row, list(part)] = 1.0
    many = Sums(
        table.points,
        np.einsum("kg,g...->k...", member, table.whole),
        np.einsum("kg,g...->k...", member, table.below),
        np.einsum("kg,g...->k...", member, table.above),
    )
    fitted = dict(zip(kinds, fits(many, heats=heats, cools=cools, least=LEAST_BELOW), strict=True))
    n = float(table.whole[:, 0].sum())
    total = float(table.whole[:, 2].sum()) + 1e-12

    def cost(way: tuple[tuple[int, ...], ...]) -> float:
        left = sum(fitted[part].sse for part in way)
        return price(max(left, 1e-9 * total), n, sum(fitted[part].parameters for part in way))

    usable = [w for w in ways if all(fitted[part].n >= 10 or len(w) == 1 for part in w)]
    return min(usable, key=cost)


def _refined(
    groups: tuple[int, ...],
    temperature: Array,
    use: Array,
    group: Groups,
    table: Sums,
    *,
    heats: bool,
    cools: bool,
) -> Part:
    """The model of one part, its balance points looked for again between the neighbours of the best."""
    here = np.isin(group, groups)
    t, u = temperature[here], use[here]
    shift = float(u.mean())
    points = points_between(t) if len(t) else table.points
    model = _fit(t, u - shift, points, heats, cools)
    for _ in range(2):
        step = float(points[1] - points[0]) if len(points) > 1 else 0.0
        near = [p for p in (model.heating_point, model.cooling_point) if np.isfinite(p)]
        if not near or step <= 0.02:
            break
        points = np.unique(np.concatenate([np.linspace(p - step, p + step, 11) for p in near]))
        finer = _fit(t, u - shift, points, heats, cools)
        if price(finer.sse, finer.n, finer.parameters) < price(model.sse, model.n, model.parameters):
            model = finer
    return Part(groups, _shifted(model, shift))


def _fit(t: Array, u: Array, points: Array, heats: bool, cools: bool) -> ChangePoint:
    one = np.zeros(len(t), dtype=np.int64)
    return fits(sums(t, u, one, 1, points), heats=heats, cools=cools, least=LEAST_BELOW)[0]


def _shifted(model: ChangePoint, by: float) -> ChangePoint:
    return ChangePoint(
        model.base + by,
        model.heating,
        model.heating_point,
        model.cooling,
        model.cooling_point,
        model.sse,
        model.n,
    )
