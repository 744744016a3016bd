"""A real process that replays a month of air and sends its alerts: `python -m tests.alerts.alert_child CITY
SMTP_PORT [POINT COUNT]`, or the days of `tests.alerts.alert_own`.

It starts at the first day each time, as a process that forgot everything does. POINT names where it kills
itself with SIGKILL, COUNT at which passage.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa

from parvis.alerts import mail
from parvis.alerts.declaration import Alert
from parvis.core import settings
from parvis.publication.city import City, open_city
from parvis.services.air.alert import AIR
from parvis.store import alerts, journal
from parvis.work import alerting
from parvis.work.alerting import steps
from tests.work.kill_child import armed

POINTS = (
    "before:post",
    "after:post",
    "before:queue",
    "after:queue",
    "before:mail",
    "after:mail",
    "before:settle",
    "after:settle",
    "before:event",
    "after:event",
)

MEASURED = {
    # the day means of January 2026 at the station of the old town, µg/m³: two episodes, and a false alarm
    # between them
    4: 52.0,
    5: 61.0,
    6: 85.0,
    7: 47.0,
    17: 51.0,
    18: 49.0,
    27: 30.0,
    28: 55.0,
    29: 30.0,
}
FORECAST = {5: 58.0, 6: 70.0, 7: 55.0, 12: 54.0, 18: 53.0, 28: 40.0}
"""What was forecast the day before for each day; 25 µg/m³ where nothing is said."""


Looks = Iterator[tuple[datetime, pa.Table | None]]


def looks() -> Looks:
    """Two looks a day: at 6:00 with the forecasts, at 23:00 with the day measured; and noon, when only what
    waited is sent.
    """
    for number in range(1, 32):
        day = date(2026, 1, number)
        for hour in (5, 11, 22):  # UTC
            now = datetime(2026, 1, number, hour, tzinfo=UTC)
            yield now, None if hour == 11 else table(day, now, measured=hour == 22)


def table(day: date, now: datetime, *, measured: bool) -> pa.Table:
    """What the service would publish then."""
    rows = []
    for shift in (-1, 0, 1):
        at = day + timedelta(days=shift)
        own = shift < 0 or (shift == 0 and measured)
        value = (MEASURED if own else FORECAST).get(at.day if at.month == 1 else 0, 25.0)
        rows.append(
            {
                "cadre": "loi",
                "polluant": "pm10",
                "code_zone": "34990",
                "lib_zone": "Rivemont",
                "jour": at,
                "niveau": (value > 50) + (value > 80),
                "connu": "mesuré" if own else "prévu",
                "valeur": value,
                "echelon": 0,
                "maintien": False,
                "donnees_du": now - timedelta(minutes=20),
            }
        )
    return pa.Table.from_pylist(rows)


def main(folder: Path, port: int, point: str, count: int) -> None:
    """Replay the month and send until nothing is due."""
    replay(folder, port, point, count, (AIR,), looks())


def replay(folder: Path, port: int, point: str, count: int, by: tuple[Alert, ...], looks: Looks) -> None:
    """Replay some looks, by each of some alerts in turn, and send until nothing is due."""
    wrap = armed(point, count)
    steps.post = wrap("post", steps.post)
    alerts.queue = wrap("queue", alerts.queue)
    alerts.settle = wrap("settle", alerts.settle)
    mail.Mailer.send = wrap("mail", mail.Mailer.send)  # type: ignore[method-assign]
    journal.append = wrap("event", journal.append)
    asked = settings.Alerts(
        approval="none", sender="alertes@rivemont.example", smtp=f"127.0.0.1:{port}", smtp_tls="none"
    )
    clock = [datetime(2026, 1, 1, tzinfo=UTC)]
    city = open_city(replace(settings.load(folder, {}), alerts=asked), clock=lambda: clock[0])
    ways = alerting.ways(city)
    done = latest(city, by[-1].name)
    for now, said in looks:
        if now <= done:
            continue
        clock[0] = now
        if said is not None:
            for alert in by:
                alerting.tell(city, alert, {"procedures": said}, now.isoformat())
        while alerting.send(city, ways) != alerting.Round():
            pass
    for way in ways.values():
        way.close()


def latest(city: City, alert: str = "air") -> datetime:
    """The look that was written down last, less one: messages of the last may still wait."""
    with city.db.read() as conn:
        said = alerts.memory(conn, f"seen:{alert}")
    return datetime.fromisoformat(said) - timedelta(seconds=1) if said else datetime(2025, 12, 31, tzinfo=UTC)


if __name__ == "__main__":
    main(
        Path(sys.argv[1]),
        int(sys.argv[2]),
        *((sys.argv[3], int(sys.argv[4])) if len(sys.argv) > 3 else ("", 0)),
    )
