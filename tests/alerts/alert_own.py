"""Three weeks of particles in a town whose own thresholds, 35 and 60 µg/m³, are stricter than those of the
law, replayed by `alert_child`.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa

from parvis.services.air.alert import AIR
from parvis.services.air.city_alert import CITY_AIR
from tests.alerts.alert_child import Looks, replay

MEASURED = {2: 42.0, 6: 55.0, 7: 38.0, 12: 85.0, 20: 20.0, 24: 55.0}
FORECAST = {2: 40.0, 6: 45.0, 7: 40.0, 12: 65.0, 20: 40.0}
"""As told in the morning for that day and the next; 25 µg/m³ where nothing is said."""
REVISED = {20: 25.0}
"""As told in the evening for the next day, and from then on."""

SOURCE = "Délibération du 12 décembre 2024"
STATES = ("none", "information", "alert")


def looks() -> Looks:
    """At 6:00, at 23:00 with the day measured, and at noon, when only what waited is sent."""
    for number in range(1, 27):
        for hour in (5, 11, 22):  # UTC
            now = datetime(2026, 1, number, hour, tzinfo=UTC)
            yield now, None if hour == 11 else table(date(2026, 1, number), now, evening=hour == 22)


def table(day: date, now: datetime, *, evening: bool) -> pa.Table:
    """What the service would publish then."""
    rows = []
    for shift in (-1, 0, 1):
        at = day + timedelta(days=shift)
        own = shift < 0 or (shift == 0 and evening)
        told = FORECAST | REVISED if evening or shift == 0 else FORECAST
        value = (MEASURED if own else told).get(at.day if at.month == 1 else 0, 25.0)
        for whose, low, high, rule in (("loi", 50, 80, "arrêté"), ("ville", 35, 60, SOURCE)):
            level = (value > low) + (value > high)
            rows.append(
                {
                    "cadre": whose,
                    "polluant": "pm10",
                    "code_zone": "34990",
                    "lib_zone": "Rivemont",
                    "jour": at,
                    "niveau": level,
                    "connu": "mesuré" if own else "prévu",
                    "valeur": value,
                    "echelon": 0,
                    "maintien": False,
                    "donnees_du": now - timedelta(minutes=20),
                    "etat": STATES[level],
                    "motif": "level" if level else "",
                    "regle": rule,
                    "regle_du": date(2025, 1, 1),
                }
            )
    return pa.Table.from_pylist(rows)


def main(folder: Path, port: int, point: str, count: int) -> None:
    """Replay the weeks by the alert of the law, then by that of the city."""
    replay(folder, port, point, count, (AIR, CITY_AIR), looks())
