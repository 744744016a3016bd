"""What could be done about what is odd: an action, what it costs, what it would save, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from parvis.methods.energy.anomalies import REDUCED, Habits, HeatingLeftOn, Step

Kind = Literal["palier", "nuit", "weekend", "ete", "pointe"]

NIGHT = 0.5
"""Night power over that of working hours from where a building that nobody sleeps in is said to be on at night."""

WEEKEND = 0.75
SUMMER = 0.15
"""Summer use of an energy that heats over its winter use from where the boiler is said to be left on."""


@dataclass(frozen=True, slots=True)
class Odd:
    """One thing that is odd of a meter. kwh: a year, what putting it right would save at best guess; low, high: its bounds.
    value: the measure; usual: what it is held to.
    """

    kind: Kind
    value: float
    usual: float
    kwh: float
    low: float
    high: float


def odd_things(
    yearly: float,
    rmse: float,
    habits: Habits | None,
    heating: HeatingLeftOn | None,
    steps: list[Step],
    *,
    days_since: int | None,
) -> list[Odd]:
    """What is odd of a meter that uses so many kWh a year, the dearest first. rmse: kWh a day of its baseline; days_since: days
    since its last step upwards was seen to begin, None where there is none.
    """
    odd: list[Odd] = []
    up = [s for s in steps if s.change > 0]
    if up and days_since is not None and days_since >= 0:
        last = up[-1]
        half = 1.645 * rmse / max(days_since, 7) ** 0.5 * 365
        kwh = last.change * 365
        odd.append(Odd("palier", last.part, 0.0, kwh, max(0.0, kwh - half), kwh + half))
    if habits is not None and habits.night > NIGHT:
        part = (habits.night - NIGHT) * 5 / (5 * habits.night + 19)
        odd.append(Odd("nuit", habits.night, NIGHT, yearly * part, yearly * part * 0.4, yearly * part * 1.6))
    if habits is not None and habits.weekend > WEEKEND:
        part = (habits.weekend - WEEKEND) * 2 / (2 * habits.weekend + 5)
        odd.append(
            Odd("weekend", habits.weekend, WEEKEND, yearly * part, yearly * part * 0.4, yearly * part * 1.6)
        )
    if heating is not None and heating.weekend > 0.85 and heating.kwh > 0.02 * yearly:
        odd.append(
            Odd("weekend", heating.weekend, REDUCED, heating.kwh, heating.kwh * 0.4, heating.kwh * 1.4)
        )
    if heating is not None and heating.summer > SUMMER:
        part = yearly * (heating.summer - 0.05) * 0.25
        odd.append(Odd("ete", heating.summer, SUMMER, part, part * 0.4, part * 1.5))
    return sorted(odd, key=lambda o: -o.kwh)
