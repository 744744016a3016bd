"""The days of the demo city: what its files say of dates stands as far from the day on which it is built as it
stood from the day on which it was drawn, so that a city built in any month shows today.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

DRAWN = date(2026, 11, 20)
"""The day for which the dates of the files were written down."""

SEASON = (9, 6)
"""First and last month of a school year, and of what goes by it."""

AHEAD = timedelta(days=120)
"""What goes by the school year is announced at least so far ahead, summer or not."""

MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Days:
    """The day on which the city is built, in its own zone, and what follows from it."""

    today: date

    def on(self, day: date) -> date:
        """The day that stands to today as that one stood to the day on which the city was drawn.

        >>> Days(date(2028, 2, 29)).on(date(2026, 11, 16)).isoformat()
        '2028-02-25'
        """
        return day + (self.today - DRAWN)

    def months(self, count: int) -> tuple[date, ...]:
        """First days of the last months that are over, the oldest first.

        >>> [d.isoformat() for d in Days(date(2027, 1, 4)).months(2)]
        ['2026-11-01', '2026-12-01']
        """
        last = self.today.year * 12 + self.today.month - 2
        return tuple(date(m // 12, m % 12 + 1, 1) for m in range(last - count + 1, last + 1))

    @property
    def year(self) -> int:
        """The year that has at least one whole month behind it."""
        return self.months(1)[0].year

    @property
    def closed(self) -> date:
        """Last day of the last month that is over."""
        return self.today.replace(day=1) - timedelta(days=1)

    @property
    def term(self) -> int:
        """Year in which the school year of today began."""
        return self.today.year if self.today.month >= SEASON[0] else self.today.year - 1

    @property
    def season(self) -> tuple[date, date]:
        """First and last day of what goes by the school year."""
        return date(self.term, SEASON[0], 1), max(date(self.term + 1, SEASON[1], 30), self.today + AHEAD)

    @property
    def words(self) -> Mapping[str, str]:
        """What stands for the {places} of a text."""
        return {
            "today": self.today.isoformat(),
            "today_fr": f"{self.today:%d/%m/%Y}",
            "year": str(self.year),
            "last_year": str(self.year - 1),
            "first_year": str(self.year - 3),
            "closed": self.closed.isoformat(),
            "closed_fr": f"{self.closed.day} {MONTHS[self.closed.month - 1]}",
            "two_years": self.months(22)[0].isoformat(),
            "term": str(self.term),
            "term_end": str(self.term + 1),
        }

    def filled(self, text: str) -> str:
        """A text with its {places} filled. Raises KeyError for a place that is none of `words`.

        >>> Days(date(2027, 1, 4)).filled("état {year}, clos au {closed_fr}")
        'état 2026, clos au 31 décembre'
        """
        return text.format_map(self.words)
