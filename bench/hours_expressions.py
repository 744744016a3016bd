"""Opening hours made from the published grammar, production by production, with a seed: what no test of ours
and none of anybody else's has seen.

Source of the productions: « Key:opening_hours/specification » of the OpenStreetMap wiki, version 0.7.
"""

from __future__ import annotations

from random import Random

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def expressions(seed: int, count: int) -> list[tuple[str, str]]:
    """So many different texts, each with the day from which a fortnight of it is compared; none in the weeks
    of a clock change.
    """
    make = _Maker(Random(seed))
    out: dict[str, str] = {}
    while len(out) < count:
        out.setdefault(
            make.text(),
            f"{make.pick('2026', '2027')}-{make.pick('01', '02', '05', '06', '07', '08', '09', '12')}-{make.random.randint(1, 14):02d}",
        )
    return list(out.items())


class _Maker:
    """A method for each production."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def pick(self, *options: str) -> str:
        return self.random.choice(options)

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def text(self) -> str:
        out = self.rule()
        for _ in range(int(self.pick("0", "0", "0", "1", "1", "2"))):
            out += self.pick("; ", "; ", "; ", ", ", " || ") + self.rule()
        return out

    def rule(self) -> str:
        if self.chance(0.03):
            return "24/7"
        parts = [self.wide() + (":" if self.chance(0.2) else "")] if self.chance(0.3) else []
        if self.chance(0.75):
            parts.append(self.weekdays())
        if self.chance(0.9) or not parts:
            parts.append(self.times())
        return " ".join(parts) + self.pick("", "", "", "", "", " off", " open", " unknown", ' "c"')

    def wide(self) -> str:
        return self.random.choice((self.monthdays, self.monthdays, self.weeks, self.years))()

    def years(self) -> str:
        first = self.random.randint(2024, 2027)
        return self.pick(
            f"{first}",
            f"{first}+",
            f"{first}-{first + self.random.randint(1, 4)}",
            f"{first}-{first + 6}/{self.pick('2', '3')}",
        )

    def weeks(self) -> str:
        first, last = sorted(self.random.sample(range(1, 54), 2))
        return "week " + self.pick(
            f"{first:02d}",
            f"{first:02d}-{last:02d}",
            f"{first:02d}-{last:02d}/{self.pick('2', '3', '4')}",
            f"{first:02d},{last:02d}",
        )

    def monthdays(self) -> str:
        return ",".join(self.monthday() for _ in range(int(self.pick("1", "1", "1", "2"))))

    def monthday(self) -> str:
        one, other = self.random.sample(range(12), 2)
        day, last = self.random.randint(1, _LENGTHS[one]), self.random.randint(1, _LENGTHS[other])
        return self.pick(
            MONTHS[one],
            f"{MONTHS[one]}-{MONTHS[other]}",
            f"{MONTHS[one]} {day:02d}",
            f"{MONTHS[one]} {day:02d}-{MONTHS[other]} {last:02d}",
            f"{MONTHS[one]} {min(day, 20):02d}-{min(day, 20) + 7:02d}",
            "easter",
            f"easter {self.pick('+', '-')}{self.random.randint(1, 7)} days",
            f"easter-{MONTHS[other]} {last:02d}",
        )

    def weekdays(self) -> str:
        out = ",".join(self.weekday() for _ in range(int(self.pick("1", "1", "1", "2"))))
        return self.pick(*[out] * 8, "PH", f"PH,{out}", f"{out},PH", f"PH {self.pick('+', '-')}1 day")

    def weekday(self) -> str:
        first, last = self.random.sample(DAYS, 2)
        which = self.pick("1", "2", "3", "4", "5", "-1", "-2", "1-2", "1,3", "2,-1")
        shift = f" {self.pick('+', '-')}{self.random.randint(1, 3)} days"
        return self.pick(
            f"{first}-{last}",
            f"{first}-{last}",
            first,
            first,
            f"{first}[{which}]",
            f"{first}[{which}]",
            f"{first}[{self.pick('2', '3')}]{shift}",
        )

    def times(self) -> str:
        count = int(self.pick("1", "1", "1", "2", "2", "3"))
        if count == 1 or self.chance(0.15):
            return ",".join(self.span() for _ in range(count))
        hours = sorted(self.random.sample(range(6, 26), 2 * count))
        spans = [
            f"{a:02d}:{self.pick('00', '30')}-{b:02d}:00"
            for a, b in zip(hours[::2], hours[1::2], strict=True)
        ]
        return ",".join(spans) + self.pick("", "", "+")

    def span(self) -> str:
        start = self.time()
        return self.pick(f"{start}+", *[f"{start}-{self.end()}"] * 8, f"{start}-{self.end()}+")

    def time(self) -> str:
        return self.event() if self.chance(0.15) else self.clock(0, 23)

    def end(self) -> str:
        return (
            self.event()
            if self.chance(0.12)
            else self.clock(24, 30)
            if self.chance(0.1)
            else self.clock(0, 23)
        )

    def clock(self, low: int, high: int) -> str:
        return f"{self.random.randint(low, high):02d}:{self.pick('00', '00', '30', '15', '45', '10')}"

    def event(self) -> str:
        name = self.pick("dawn", "sunrise", "sunset", "dusk")
        return (
            name
            if self.chance(0.6)
            else f"({name}{self.pick('+', '-')}{self.random.randint(0, 2):02d}:{self.pick('15', '30', '45')})"
        )
