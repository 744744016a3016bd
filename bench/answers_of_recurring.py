"""Run in the peer's environment: expand a calendar with recurring-ical-events. Reads {calendar, begin, end}
on standard input, answers times in UTC and CPU seconds.
"""

from __future__ import annotations

import json
import sys
import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events

PARIS = ZoneInfo("Europe/Paris")


def instant(at: date) -> str:
    if not isinstance(at, datetime):
        at = datetime(at.year, at.month, at.day, tzinfo=PARIS)
    return (at if at.tzinfo else at.replace(tzinfo=PARIS)).astimezone(UTC).isoformat()


def main() -> None:
    asked = json.load(sys.stdin)
    started = time.process_time()
    calendar = icalendar.Calendar.from_ical(asked["calendar"])
    read = time.process_time() - started
    started = time.process_time()
    found = recurring_ical_events.of(calendar).between(
        datetime.fromisoformat(asked["begin"]), datetime.fromisoformat(asked["end"])
    )
    spent = time.process_time() - started
    times = []
    for event in found:
        end = event.get("DTEND")
        start = event["DTSTART"].dt
        ends = (
            end.dt if end else start + (timedelta(days=1) if not isinstance(start, datetime) else timedelta())
        )
        times.append([str(event["UID"]), instant(start), instant(ends)])
    json.dump({"times": sorted(times), "read": read, "expand": spent}, sys.stdout)


if __name__ == "__main__":
    main()
