"""What was understood of a French text, in all its readings, as sets that the text can be held against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from parvis.methods.hours.values import Dates, Holiday, Months, Rule, Weekdays, Weeks

EVERY = frozenset(range(7))


@dataclass(frozen=True, slots=True)
class Answer:
    """What was understood, in all its readings, as the sets that a text can be held against."""

    rules: tuple[Rule, ...]

    @property
    def clocks(self) -> frozenset[int]:
        """Minutes at which something begins or ends, within a day."""
        spans = [span for rule in self.rules for span in rule.times]
        ends = [c for span in spans for c in (span.start, span.end) if c is not None and c.event is None]
        return frozenset(c.minutes % 1440 for c in ends)

    @property
    def spans(self) -> frozenset[tuple[int, int]]:
        return frozenset(
            (span.start.minutes, span.end.minutes)
            for rule in self.rules
            if rule.state != "closed"
            for span in rule.times
            if span.end is not None
        )

    @property
    def closes_dates(self) -> bool:
        """Some rule closes, and has days of the year."""
        return any(
            rule.state != "open" and any(isinstance(s, Dates | Months) for group in rule.dates for s in group)
            for rule in self.rules
        )

    @property
    def named(self) -> frozenset[int]:
        """Weekdays that some rule opens or closes; all where a rule has none."""
        return frozenset().union(*(_weekdays(rule) for rule in self.rules))

    @property
    def opened(self) -> frozenset[int]:
        return frozenset().union(
            *(_weekdays(rule) for rule in self.rules if rule.state != "closed" and rule.joint != "fallback")
        )

    def has(self, kind: type[Dates] | type[Months] | type[Weeks]) -> bool:
        return any(isinstance(s, kind) for rule in self.rules for group in rule.dates for s in group)

    def holiday(self, kind: str) -> bool:
        return any(
            isinstance(s, Holiday) and s.kind == kind
            for rule in self.rules
            for group in rule.dates
            for s in group
        )

    @property
    def nth(self) -> bool:
        return any(
            (isinstance(s, Weekdays) and s.nth) or (isinstance(s, Dates) and s.first.nth)
            for rule in self.rules
            for group in rule.dates
            for s in group
        )

    @property
    def months(self) -> frozenset[int]:
        """Months that a rule names or spans; all of them where it counts from Easter."""
        out: set[int] = set()
        for one in (s for rule in self.rules for group in rule.dates for s in group):
            if isinstance(one, Months):
                out |= _months(one.first, one.last)
            elif isinstance(one, Dates):
                out |= (
                    _months(one.first.month, one.last.month)
                    if one.first.month and one.last.month
                    else set(range(1, 13))
                )
        return frozenset(out)

    @property
    def comments(self) -> str:
        return " ".join(rule.comment or "" for rule in self.rules)


def _months(first: int, last: int) -> set[int]:
    return {(first - 1 + n) % 12 + 1 for n in range((last - first) % 12 + 1)}


def _weekdays(rule: Rule) -> frozenset[int]:
    days = [s for group in rule.dates for s in group if isinstance(s, Weekdays)]
    dated = [s for group in rule.dates for s in group if not isinstance(s, Weekdays)]
    if not days:
        return frozenset() if dated and all(isinstance(s, Holiday) for s in dated) else EVERY
    return frozenset((s.first + n) % 7 for s in days for n in range((s.last - s.first) % 7 + 1))


def plainly_open(rules: Sequence[Rule]) -> set[int]:
    """Weekdays that are open in any week in which nothing else is."""
    out: set[int] = set()
    for rule in rules:
        selectors = [s for group in rule.dates for s in group]
        if not all(isinstance(s, Weekdays) and not s.nth for s in selectors):
            continue
        days = _weekdays(rule)
        if rule.state == "closed" and not rule.times:
            out -= days
        else:
            out |= days
    return out
