"""Columns of few values, set side by side: which came, which went, which is only written otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from parvis.checks.drift import RARE, Comparison
from parvis.checks.similarity import bare, dated, near
from parvis.checks.version_profile import PARTS, filled, spoken
from parvis.core.text import fold

SETTLED = 3
"""Rows that a value must have to be told, when the rows are the same as before but for a few."""

WIDE = 0.3
"""Share of the rows that a value must have, when the versions speak of different periods."""

WEIGHT = 4
"""Rows that each value must have on average for a column to be a category."""

CODES = 12
"""Distinct whole numbers up to which they are codes, looked at when both versions are of one period."""


@dataclass(frozen=True, slots=True)
class Category:
    """A column of few values on both sides. was, now: rows of each value, in whole tables."""

    column: str
    was: Mapping[str, int]
    now: Mapping[str, int]
    new: tuple[str, ...]
    """Values that were not there, neither a period of time nor another writing of a former value."""
    gone: tuple[str, ...]
    written: tuple[tuple[str, str], ...]
    """New writings, each with the former value that it stands for."""


def categories(c: Comparison) -> Iterator[Category]:
    """The columns of both versions that are categories."""
    for column in c.shared:
        sides = None if column.name == c.key or fold(column.name) in PARTS else _counts(c, column.name)
        if sides is None:
            continue
        was, now = sides
        total, again = sum(was.values()), sum(now.values())
        if not was or not now or total < WEIGHT * len(was) or again < 2 * len(now):
            continue
        added = [v for v in now if v not in was and not dated(v)]
        lost = [v for v in was if v not in now and not dated(v)]
        written = tuple((v, of) for v in added if (of := _former(v, was, now[v], again)))
        renamed = {of for _, of in written}
        new = tuple(
            v
            for v in added
            if v not in dict(written) and _tells(c, column.name, now[v], now[v] / again, total)
        )
        gone = tuple(
            v for v in lost if v not in renamed and _tells(c, column.name, was[v], was[v] / total, again)
        )
        yield Category(column.name, was, now, new, gone, written)


def _counts(c: Comparison, name: str) -> tuple[Mapping[str, int], Mapping[str, int]] | None:
    """Rows of each value of a column before and after: as they were counted, or, for codes written as
    numbers, counted now. None when the two can not be compared.
    """
    if name in c.before.counts and name in c.after.counts:
        return c.before.counts[name], c.after.counts[name]
    held, again = c.before.profile.get(name), c.after.profile.get(name)
    if (
        held is None
        or again is None
        or held.type != "integer"
        or max(held.distinct, again.distinct) > CODES
        or c.standing.phase != "same"
    ):
        return None
    return tuple(
        _tally([f"{v:g}" for v in filled(side.numbers[name]).tolist()], side.rows / max(side.size, 1))
        for side in (c.before, c.after)
    )  # pyright: ignore[reportReturnType]


def _tally(values: Sequence[str], weight: float) -> Mapping[str, int]:
    counts: dict[str, int] = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    return {value: round(count * weight) for value, count in counts.items()}


def _tells(c: Comparison, column: str, rows: int, share: float, of: int) -> bool:
    """Whether a value with that share of the rows of its side, and none of the `of` rows of the other, came
    or went for more than chance.
    """
    if c.steady(column):
        return rows >= SETTLED
    return share * of >= RARE and (share >= WIDE or not c.moved)


def _former(value: str, was: Mapping[str, int], rows: int, total: int) -> str:
    """The former value of which this is another writing, "" when there is none: case, accents, spaces and
    marks aside, or one slip of the hand.
    """
    if rows >= SETTLED:
        same = next((v for v in was if bare(v) == bare(value) and bare(v)), "")
        if same:
            return same
    return next((v for v in was if near(value, v)), "") if rows >= max(5, 0.01 * total) else ""


def shares(c: Comparison, category: Category) -> tuple[Mapping[str, int], Mapping[str, int]]:
    """Rows of each value among the sampled rows of the period that both versions have."""
    at, name = c.standing, category.column
    if at.phase == "same" or name not in c.before.texts:
        return category.was, category.now
    return _tally(spoken(c.before.texts[name][at.before]), 1), _tally(
        spoken(c.after.texts[name][at.after]), 1
    )
