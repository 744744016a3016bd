"""Days and hours: day, month, quarter, year; hour, part of the day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from parvis.privacy.anonymising.declaration import Key, Ladder, Params, Scale, Value, labelled

OTHER = "(autre)"
_PARTS = ((5, "nuit"), (10, "matin"), (16, "journée"), (20, "soir"), (24, "nuit"))


def _day(value: Value) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def _dates(value: Value) -> tuple[str, ...]:
    if isinstance(value, int) and not isinstance(value, bool) and 1000 <= value <= 2999:
        return (*(str(value),) * 4, f"{value // 10 * 10}-{value // 10 * 10 + 9}")
    day = _day(value)
    if day is None:
        return (OTHER,) * 5
    decade = day.year // 10 * 10
    return (
        day.isoformat(),
        f"{day.year}-{day.month:02d}",
        f"{day.year}-T{(day.month + 2) // 3}",
        str(day.year),
        f"{decade}-{decade + 9}",
    )


def _hours(value: Value) -> tuple[str, ...]:
    hour = value.hour if isinstance(value, datetime | time) else None
    if hour is None and isinstance(value, str) and value[11:13].isdigit():
        hour = int(value[11:13])
    if hour is None and isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 24:
        hour = value
    if hour is None:
        return (OTHER,) * 3
    return (
        f"{hour:02d} h",
        f"{hour // 3 * 3:02d}-{hour // 3 * 3 + 3:02d} h",
        next(name for until, name in _PARTS if hour < until),
    )


def _scale(values: Sequence[Value], params: Params) -> Scale:
    return labelled(values, _dates, 5)


def _hour_scale(values: Sequence[Value], params: Params) -> Scale:
    # three hours straddle the parts of the day: the parts are shown without them between
    return Scale(
        tuple(values), tuple(level for i, level in enumerate(labelled(values, _hours, 3).levels) if i != 1)
    )


_NONE: tuple[Key, ...] = ()

DATES = Ladder(
    "dates",
    "Jour, mois, trimestre, année, décennie",
    ("jour", "mois", "trimestre", "annee", "decennie"),
    _NONE,
    _scale,
    examples=(
        (date(2026, 11, 3), ("2026-11-03", "2026-11", "2026-T4", "2026", "2020-2029")),
        ("2026-02-01T10:00:00", ("2026-02-01", "2026-02", "2026-T1", "2026", "2020-2029")),
        (1948, ("1948", "1948", "1948", "1948", "1940-1949")),
    ),
)
HOURS = Ladder(
    "hours",
    "Heure, moment de la journée (nuit, matin, journée, soir)",
    ("heure", "moment"),
    _NONE,
    _hour_scale,
    examples=(
        (datetime(2026, 11, 3, 17, 40), ("17 h", "soir")),  # noqa: DTZ001
        (9, ("09 h", "matin")),
        (time(23, 5), ("23 h", "nuit")),
    ),
)
