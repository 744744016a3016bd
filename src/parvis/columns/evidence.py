"""What is known of a column before it is typed: its distinct cells and how often each stands there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from parvis.columns.form import BLANKS, compiled
from parvis.columns.words import LONGEST, is_missing

PROBE = 120
"""Distinct cells that a form must first be tried on: one that meets none of them is not tried on the rest."""


@dataclass(frozen=True)
class Evidence:
    """Distinct cells of a column (stripped; neither empty nor a marker of a missing value), each with its
    count. whole: counted on every row of the table.
    """

    cells: tuple[tuple[str, int], ...]
    missing: int = 0
    """Cells that say, in words, that there is no value."""
    empty: int = 0
    whole: bool = False
    distinct: int = 0
    """Distinct cells before they were thinned."""
    seen: int = 0
    """Cells with a value before they were thinned."""
    worth: int = 0
    """Cells that fit, beyond these, which the header stands for (`vocabulary`)."""

    @cached_property
    def n(self) -> int:
        """Cells that hold a value."""
        return sum(c for _, c in self.cells)

    def weight(self, pattern: str, *, probe: bool = True) -> int:
        """Cells that meet the pattern. probe: give up when none of the first cells does (off for what may be
        rare).
        """
        match = compiled(pattern).fullmatch
        if (
            probe
            and len(self.cells) > PROBE
            and not any(match(text) for text, _ in self.cells[:: max(1, len(self.cells) // PROBE)])
        ):
            return 0
        return sum(count for text, count in self.cells if match(text))

    def where(self, test: Callable[[str], bool]) -> int:
        """Cells for which the test holds."""
        return sum(count for text, count in self.cells if test(text))

    def with_worth(self, worth: int) -> Evidence:
        """The same cells under a header that is worth so many more that fit."""
        return replace(self, worth=worth) if worth else self

    def fits(self, weight: float, *, share: float = 0.9) -> bool:
        """True when so many cells make the rule: a tenth may be bad, and one always may among five or more.
        What the header is worth counts with them, but half of the cells must be good.
        """
        n = self.n
        few = n - weight <= max((1 - share) * (n + self.worth) + 1e-9, 1 if n >= 5 else 0)
        return n > 0 and weight > 0 and few and (not self.worth or 2 * weight >= n)


def gather(counted: Iterable[tuple[str | None, int]], *, whole: bool = False, limit: int = 2500) -> Evidence:
    """Evidence from raw cells and their counts. Beyond `limit` distinct cells some are kept, and weigh for
    those that are not.
    """
    cells: dict[str, int] = {}
    missing = empty = 0
    for cell, count in counted:
        text = (cell or "").strip(BLANKS)
        if not text:
            empty += count
        elif len(text) <= LONGEST and not "0" <= text[0] <= "9" and is_missing(text):
            missing += count
        else:
            cells[text] = cells.get(text, 0) + count
    seen = sum(cells.values())
    sample = tuple(cells.items()) if len(cells) <= limit else _thinned(cells, limit, seen)
    return Evidence(sample, missing, empty, whole, len(cells), seen)


def _thinned(cells: Mapping[str, int], limit: int, seen: int) -> tuple[tuple[str, int], ...]:
    """The frequent ones as they are; of the others evenly spread ones, each with the weight of those up to
    the next: one text that stands in place of many values (`?`, `en cours`) keeps its share of the column.
    """
    often = tuple(pair for pair in cells.items() if pair[1] * limit > seen)
    seldom = [pair for pair in cells.items() if pair[1] * limit <= seen]
    parts = max(limit - len(often), limit // 2)
    step = len(seldom) / parts
    starts = [int(i * step) for i in range(parts)] if step > 1 else list(range(len(seldom)))
    spread = (
        (seldom[a][0], sum(count for _, count in seldom[a:b]))
        for a, b in zip(starts, [*starts[1:], len(seldom)], strict=True)
    )
    return (*often, *spread)
