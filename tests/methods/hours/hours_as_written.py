"""What texts of `data/hours_as_towns_write.tsv` mean, in a notation of its own, on 28 days: it shares no code
with the reader that it judges.

    1-5 0830-1200 1330-1730; 6#1 0900-1200; F-

Clauses add up. Days of the week are 1 (Monday) to 7, `*` is all, `#1,-1` the first and the last of the month,
`/even` and `/odd` ISO weeks; before them `[0401-0930]` is a season, both days included, `{V}` only in school
holidays, `{E}` only outside them. Times run past 2400 into the night. `r` after a range: by appointment.
`F-`: closed on public holidays, `F+`: as on any day, `F=0900-1200`: these hours; without one of them, public
holidays are not judged. `X0501`: closed that day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from parvis.methods.hours import reading
from parvis.methods.hours.french_unread import unread_parts
from parvis.methods.hours.reading import NotHours
from tests.conftest import DATA

DAYS = tuple(
    start + timedelta(n)
    for start, count in ((date(2026, 1, 12), 7), (date(2026, 4, 27), 14), (date(2026, 7, 20), 7))
    for n in range(count)
)
"""A week of winter; a fortnight of spring, of which the first week is school holidays (zone C), with two
public holidays; a week of summer.
"""
PUBLIC = {date(2026, 5, 1), date(2026, 5, 8)}
SCHOOL = {d for d in DAYS if date(2026, 4, 27) <= d <= date(2026, 5, 3) or d.month == 7}

Stretch = tuple[int, int, bool]
"""Minutes from, minutes to, and whether it is by appointment."""


@dataclass(frozen=True)
class Written:
    """One text. half: first (may be looked at) or last (kept for the last look); readings: one, many or none."""

    half: str
    text: str
    open: str
    readings: str


def written() -> list[Written]:
    """All texts of the file."""
    lines = (DATA / "hours_as_towns_write.tsv").read_text(encoding="utf-8").splitlines()
    return [Written(*line.split("\t")) for line in lines[1:]]


def on(truth: str, day: date) -> list[Stretch] | None:
    """When it is open on a day, midnight to midnight; None: not judged."""
    own = _of(truth, day)
    before = _of(truth, day - timedelta(1))
    if own is None or (before is None and re.search(r"-(2[5-9]|3\d)\d\d", truth)):
        return None
    late = [(0, b - 1440, r) for _, b, r in before or () if b > 1440]
    return _joined([*late, *((a, min(b, 1440), r) for a, b, r in own)])


def _of(truth: str, day: date) -> list[Stretch] | None:
    clauses = [c.strip() for c in truth.split(";") if c.strip()]
    if f"X{day:%m%d}" in clauses:
        return []
    if day in PUBLIC:
        special = [c for c in clauses if c.startswith("F")]
        if not special:
            return None
        if special[0] != "F+":
            return list(_ranges(special[0].removeprefix("F=").removeprefix("F-")))
    out: list[Stretch] = []
    for clause in clauses:
        if clause[0] not in "FX" and _holds(clause, day):
            out += _ranges(clause.split("]")[-1].split("}")[-1].strip().partition(" ")[2])
    return out


def _ranges(text: str) -> Iterator[Stretch]:
    for one in re.finditer(r"(\d\d)(\d\d)-(\d\d)(\d\d)(r?)", text):
        yield int(one[1]) * 60 + int(one[2]), int(one[3]) * 60 + int(one[4]), bool(one[5])


def _holds(clause: str, day: date) -> bool:
    season = re.match(r"\[(\d{4})-(\d{4})\]", clause)
    if season:
        now, first, last = f"{day:%m%d}", season[1], season[2]
        if not (first <= now <= last if first <= last else now >= first or now <= last):
            return False
    school = re.search(r"\{([VE])\}", clause)
    if school and (day in SCHOOL) != (school[1] == "V"):
        return False
    days = clause.split("]")[-1].split("}")[-1].strip().split(" ")[0]
    weeks = re.search(r"/(even|odd)", days)
    if weeks and (day.isocalendar()[1] % 2 == 0) != (weeks[1] == "even"):
        return False
    names, _, nth = days.split("/")[0].partition("#")
    if names != "*" and not any(int(a[0]) <= day.isoweekday() <= int(a[-1]) for a in names.split(",")):
        return False
    month_end = (day.replace(day=28) + timedelta(4)).replace(day=1) - timedelta(1)
    return not nth or any(
        ((day.day - 1) // 7 + 1 == n) if n > 0 else ((month_end.day - day.day) // 7 + 1 == -n)
        for n in map(int, nth.split(","))
    )


def _joined(stretches: list[Stretch]) -> list[Stretch]:
    out: list[Stretch] = []
    for a, b, r in sorted(stretches):
        if out and out[-1][1] >= a and out[-1][2] == r:
            out[-1] = (out[-1][0], max(b, out[-1][1]), r)
        elif b > a:
            out.append((a, b, r))
    return out


def understood(text: str) -> bool:
    """The whole text is: it is not refused, and no part of it makes its days unknown."""
    try:
        return not unread_parts(reading.read(text).doubts)
    except NotHours:
        return False
