"""Dawn, sunrise, sunset and dusk at a place.

Source: J. Meeus, Astronomical Algorithms (1991), chapters 15 and 25, in the short form of the NOAA Solar
Calculator; within about a minute of the almanac in France. The sun rises and sets 0.85° below the horizon
(35′ of refraction, 16′ of half disc); dawn and dusk are those of civil twilight, 6° below.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from parvis.methods.hours.values import Event

PLAIN: dict[Event, int] = {"dawn": 330, "sunrise": 360, "sunset": 1080, "dusk": 1110}
"""Minutes since midnight that stand for the events where no place is known, as the specification says."""
_ALTITUDE: dict[Event, float] = {"dawn": -6.0, "sunrise": -0.85, "sunset": -0.85, "dusk": -6.0}
_J2000 = datetime(2000, 1, 1, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Sun:
    """The sun over a place: degrees, and the time zone of its clocks."""

    lat: float
    lon: float
    zone: ZoneInfo

    def minutes(self, event: Event, day: date) -> int | None:
        """Minutes since local midnight; None when the sun does not come so high or low that day."""
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC) - timedelta(minutes=4 * self.lon)
        at, phi = noon, math.radians(self.lat)
        for _ in range(2):
            declination, equation = _solar(at)
            cos_hour = (math.sin(math.radians(_ALTITUDE[event])) - math.sin(phi) * math.sin(declination)) / (
                math.cos(phi) * math.cos(declination)
            )
            if abs(cos_hour) > 1:
                return None
            angle = math.degrees(math.acos(cos_hour)) * (1 if event in ("sunset", "dusk") else -1)
            at = noon + timedelta(minutes=4 * angle - equation)
        local = at.astimezone(self.zone)
        return (local.date() - day).days * 1440 + local.hour * 60 + local.minute


def _solar(at: datetime) -> tuple[float, float]:
    """Declination in radians, equation of time in minutes."""
    century = (at - _J2000).total_seconds() / 86400 / 36525
    mean = math.radians((280.46646 + century * (36000.76983 + century * 0.0003032)) % 360)
    anomaly = math.radians(357.52911 + century * (35999.05029 - 0.0001537 * century))
    eccentricity = 0.016708634 - century * 0.000042037
    centre = (
        math.sin(anomaly) * (1.914602 - century * 0.004817)
        + math.sin(2 * anomaly) * (0.019993 - 0.000101 * century)
        + math.sin(3 * anomaly) * 0.000289
    )
    omega = math.radians(125.04 - 1934.136 * century)
    apparent = mean + math.radians(centre - 0.00569 - 0.00478 * math.sin(omega))
    tilt = math.radians(23.4392911 - 0.0130042 * century + 0.00256 * math.cos(omega))
    y = math.tan(tilt / 2) ** 2
    equation = (
        y * math.sin(2 * mean)
        - 2 * eccentricity * math.sin(anomaly)
        + 4 * eccentricity * y * math.sin(anomaly) * math.cos(2 * mean)
        - 0.5 * y * y * math.sin(4 * mean)
        - 1.25 * eccentricity**2 * math.sin(2 * anomaly)
    )
    return math.asin(math.sin(tilt) * math.sin(apparent)), 4 * math.degrees(equation)
