"""A text of opening hours as the grammar has it: what `reading.read` understood, to be proposed to who wrote
it.
"""

from __future__ import annotations

from parvis.methods.hours import words
from parvis.methods.hours.values import (
    Clock,
    Dates,
    Holiday,
    Hours,
    Moment,
    Months,
    Rule,
    Selector,
    Span,
    Weekdays,
    Weeks,
    Years,
)

_JOINTS = {"normal": "; ", "additional": ", ", "fallback": " || "}


def write(hours: Hours) -> str:
    """The same rules in canonical form: `read(write(read(text)))` has the rules of `read(text)`."""
    return "".join((_JOINTS[rule.joint] if i else "") + _rule(rule) for i, rule in enumerate(hours.rules))


def _rule(rule: Rule) -> str:
    parts = [
        _group(group) + _colon(group, after)
        for group, after in zip(rule.dates, (*rule.dates[1:], ()), strict=False)
    ]
    if rule.times:
        parts.append(",".join(map(_span, rule.times)))
    if not parts and rule.default and rule.comment is None:
        return "24/7"
    if not rule.default or (rule.state == "unknown" and rule.comment is None):
        word = "off" if rule.state == "closed" else rule.state
        # « 07:00+, 12:00-16:00 off » would go on with the times of the rule before.
        parts.insert(0 if rule.joint == "additional" and not rule.dates else len(parts), word)
    if rule.comment is not None:
        parts.append(f'"{rule.comment}"')
    return " ".join(parts)


def _colon(group: tuple[Selector, ...], after: tuple[Selector, ...]) -> str:
    """« Aug: Su[-1] » is a month and a Sunday; « Aug Su[-1] » would be one day of the year."""
    return (
        ":"
        if isinstance(group[-1], Months) and after and isinstance(after[0], Weekdays) and after[0].nth
        else ""
    )


def _group(group: tuple[Selector, ...]) -> str:
    said = ",".join(map(_selector, group))
    return f"week {said}" if isinstance(group[0], Weeks) else said


def _selector(selector: Selector) -> str:
    match selector:
        case Weekdays(first, last, nth, shift):
            which = f"[{','.join(map(str, nth))}]" if nth else ""
            return (
                words.WEEKDAYS[first]
                + ("" if first == last else f"-{words.WEEKDAYS[last]}")
                + which
                + _shift(shift)
            )
        case Holiday(kind, shift):
            return kind + _shift(shift)
        case Months(first, last, year):
            return (
                _year(year)
                + words.MONTHS[first - 1]
                + ("" if first == last else f"-{words.MONTHS[last - 1]}")
            )
        case Years(first, last, every):
            if last is None:
                return f"{first}/{every}" if every > 1 else f"{first}+"
            return str(first) if first == last else f"{first}-{last}" + _every(every)
        case Weeks(first, last, every):
            return f"{first:02d}" if first == last else f"{first:02d}-{last:02d}" + _every(every)
        case Dates(first, last, every, endless):
            if endless:
                return f"{_moment(first)}+"
            return _moment(first) if first == last else f"{_moment(first)}-{_moment(last)}" + _every(every)


def _moment(moment: Moment) -> str:
    moved = (
        "" if moment.toward is None else f"{'-' if moment.back else '+'}{words.WEEKDAYS[moment.toward]}"
    ) + _shift(moment.shift)
    if not moment.month:
        return f"{_year(moment.year)}easter{moved}"
    day = f"{moment.day:02d}" if moment.weekday is None else f"{words.WEEKDAYS[moment.weekday]}[{moment.nth}]"
    return f"{_year(moment.year)}{words.MONTHS[moment.month - 1]} {day}{moved}"


def _year(year: int | None) -> str:
    return "" if year is None else f"{year} "


def _shift(days: int) -> str:
    return "" if not days else f" {days:+d} day{'' if abs(days) == 1 else 's'}"


def _every(step: int) -> str:
    return "" if step == 1 else f"/{step}"


def _span(span: Span) -> str:
    out = _clock(span.start)
    if span.end is not None:
        out += f"-{_clock(span.end)}"
    if span.every is not None:
        out += f"/{span.every}"
    return out + ("+" if span.open_end else "")


def _clock(clock: Clock) -> str:
    hours, minutes = divmod(abs(clock.minutes), 60)
    said = f"{hours:02d}:{minutes:02d}"
    if clock.event is None:
        return said
    return clock.event if not clock.minutes else f"({clock.event}{'+' if clock.minutes > 0 else '-'}{said})"
