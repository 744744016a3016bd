"""A winter month replayed by real processes, killed ten times by SIGKILL: exactly the right alerts, each
known to its reader by one id; and who gets them.

What is expected is worked out by hand from `alert_child.MEASURED` and `FORECAST` (more than 50 is
information, two days running or 80 an alert):

    4 to 7 January: forecast on the 4th for the 5th, measured on the 4th itself (two days: alert), extended
    and confirmed on the 5th and the 6th, over on the 7th
    12 January: forecast, never measured, over that evening
    17 and 18 January: forecast for the 18th, measured on the 17th (alert), over on the 18th, which stayed at
    49
    28 January: measured without a forecast, over on the 29th
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from email.message import EmailMessage
from pathlib import Path

import pytest

from parvis.alerts.addresses import Wish
from parvis.cli.init import create
from parvis.core import settings
from parvis.publication.city import open_city
from parvis.store import alerts
from parvis.store.subscribers import Floor, Subscription
from parvis.work import alerting
from tests.alerts.alert_child import POINTS, main
from tests.alerts.alert_servers import Post, mail_server
from tests.processes.forks import ended, fork

STEPS = (
    ("air.pm10.34990.2026-01-05.1", "open"), ("air.pm10.34990.2026-01-05.2", "raise"), ("air.pm10.34990.2026-01-05.3", "extend"),
    ("air.pm10.34990.2026-01-05.4", "confirm"), ("air.pm10.34990.2026-01-05.5", "extend"), ("air.pm10.34990.2026-01-05.6", "confirm"),
    ("air.pm10.34990.2026-01-05.7", "end"), ("air.pm10.34990.2026-01-12.1", "open"), ("air.pm10.34990.2026-01-12.2", "end"),
    ("air.pm10.34990.2026-01-18.1", "open"), ("air.pm10.34990.2026-01-18.2", "raise"), ("air.pm10.34990.2026-01-18.3", "end"),
    ("air.pm10.34990.2026-01-28.1", "open"), ("air.pm10.34990.2026-01-28.2", "end"),
)  # fmt: skip

ALL = {name for name, _ in STEPS}
GRAVE = {f"air.pm10.34990.2026-01-05.{n}" for n in (2, 3, 4, 5, 6, 7)} | {
    f"air.pm10.34990.2026-01-18.{n}" for n in (2, 3)
}
"""From the first alert of an episode on, and its end."""
CALM_NIGHTS = {
    f"air.pm10.34990.2026-01-{n}"
    for n in ("05.1", "05.3", "05.5", "05.6", "05.7", "12.1", "12.2", "18.1", "18.2", "18.3")
}
"""Between 20:00 and 8:00 nothing comes: what the morning overtakes is not sent, nor is what is over by then.
"""

Reader = tuple[str, Floor, str, set[str]]
"""Address, gravest it waits for, quiet hours, and the steps that it is to get."""

READERS: tuple[Reader, ...] = (
    *((f"tout{n}@exemple.fr", "information", "", ALL) for n in range(5)),
    *((f"grave{n}@exemple.fr", "alert", "", GRAVE) for n in range(3)),
    *((f"dort{n}@exemple.fr", "information", "20-8", CALM_NIGHTS) for n in range(2)),
)


def build(folder: Path, readers: Sequence[Reader] = READERS) -> Path:
    create(folder, "Rivemont")
    city = open_city(settings.load(folder, {}))
    for address, level, quiet, _ in readers:
        alerting.confirm(
            city, Wish("mail", address, (Subscription("air", "", level),), "fr", quiet, urgent=False)
        )
    city.db.close()
    return folder


def child(folder: Path, post: Post, point: str = "", count: int = 0) -> int | None:
    return ended(fork(main, folder, post.port, point, count))


def told(folder: Path, mails: list[EmailMessage]) -> dict[str, Counter[str]]:
    """By reader: how often each step came, told by the id of the mail."""
    city = open_city(settings.load(folder, {}))
    with city.db.read() as conn:
        marks = {
            alerting.reference(step.id, one.subscriber, "mail"): step.id
            for step in alerts.every(conn)
            for one in _sendings(conn, step.id)
        }
    city.db.close()
    found: dict[str, Counter[str]] = {}
    for mail in mails:
        found.setdefault(str(mail["To"]), Counter())[
            marks[str(mail["Message-ID"])[1:].partition("@")[0]]
        ] += 1
    return found


def _sendings(conn: alerts.Connection, step: str) -> list[alerts.Sending]:
    rows = conn.execute(
        alerts.select(alerts.outbox.c.subscriber, alerts.outbox.c.channel).where(alerts.outbox.c.step == step)
    )
    return [alerts.Sending(step, r.subscriber, r.channel, 0, None, None) for r in rows]


def check(folder: Path, post: Post, *, doubles: int) -> None:
    found = told(folder, post.taken())
    assert {address: set(steps) for address, steps in found.items()} == {
        address: steps for address, _, _, steps in READERS
    }
    assert sum(sum(steps.values()) - len(steps) for steps in found.values()) == doubles
    city = open_city(settings.load(folder, {}))
    with city.db.read() as conn:
        made = sorted((s.id, s.kind) for s in alerts.every(conn))
        states = {s.state for s in alerts.every(conn)}
    city.db.close()
    assert made == sorted(STEPS)
    assert states == {"issued"}


def test_undisturbed(tmp_path: Path) -> None:
    folder = build(tmp_path / "ville")
    with mail_server() as post:
        assert child(folder, post) == 0
        check(folder, post, doubles=0)
        assert child(folder, post) == 0, "replayed whole, it tells nothing twice"
        check(folder, post, doubles=0)


@pytest.mark.parametrize("step", [2])
def test_killed_ten_times(tmp_path: Path, step: int) -> None:
    """At each point once. A mail that was taken but not yet written down as sent when the kill came is sent
    again under its own id: of the ten points three stand in that moment (after:mail, and before and
    after:settle, whose transaction is still open).
    """
    folder = build(tmp_path / "ville")
    with mail_server() as post:
        for number, point in enumerate(POINTS):
            assert child(folder, post, point, 1 + (number * step) % 3) == -9, f"no kill at {point}"
        assert child(folder, post) == 0
        check(folder, post, doubles=3)
