"""Alerts: 10,000 subscribers queued, messages sent, from a measure to the feed, and a replayed month. No peer
does the same thing: times stand alone.

`python -m bench alerts`. Mail goes to a real server on loopback; wall and processor seconds, medians of
three.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from tests.alerts.alert_child import table
from tests.alerts.alert_servers import Post, mail_server

from bench import report
from parvis.alerts import addresses
from parvis.cli.init import create
from parvis.core import settings
from parvis.publication.city import City, open_city
from parvis.services.air.alert import AIR
from parvis.store import alerts, subscribers
from parvis.store.subscribers import Subscriber, Subscription
from parvis.work import alerting

SUBSCRIBERS = 10_000
SENT = 1_000
NOW = datetime(2026, 1, 4, 22, tzinfo=UTC)


def main() -> None:
    """Run all; writes bench/results/alerts.json."""
    with tempfile.TemporaryDirectory() as folder, mail_server() as post:
        rows = [_queued(Path(folder), post), *_sent(Path(folder), post), _told(Path(folder), post)]
    report.write(
        "alerts",
        rows,
        notes=["SQLite, synchronous FULL; one process; the mail server is a thread of the same process"],
    )


def _city(folder: Path, post: Post, name: str) -> City:
    create(folder / name, "Rivemont")
    asked = settings.Alerts(
        approval="none", sender="alertes@rivemont.example", smtp=f"127.0.0.1:{post.port}", smtp_tls="none"
    )
    return open_city(replace(settings.load(folder / name, {}), alerts=asked), clock=lambda: NOW)


def _people(city: City, count: int) -> None:
    """Subscribers in one transaction, every third with quiet hours."""
    key = alerting.key(city)
    with city.db.begin() as conn:
        for n in range(count):
            address, id_ = f"habitant{n}@exemple.fr", f"s{n:06d}"
            sealed = addresses.seal(key, address, id_)
            made = Subscriber(
                id_,
                "mail",
                addresses.mark(key, "mail", address),
                sealed,
                "fr",
                "22-7" if n % 3 == 0 else "",
                True,
                NOW,
            )
            subscribers.save(conn, made, [Subscription("air", "" if n % 2 else "34990")])


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def _queued(folder: Path, post: Post) -> dict[str, object]:
    """From what the service publishes to a message that waits for each of 10,000."""
    took: list[tuple[float, float]] = []
    for turn in range(3):
        city = _city(folder, post, f"queue-{turn}")
        _people(city, SUBSCRIBERS)
        took.append(
            _timed(
                lambda city=city: alerting.tell(
                    city, AIR, {"procedures": table(NOW.date(), NOW, measured=True)}, "1"
                )
            )
        )
        with city.db.read() as conn:
            (step,) = alerts.every(conn)
            assert sum(t.messages for t in alerts.tally(conn, step.id)) == SUBSCRIBERS
        city.db.close()
    return _row("10,000 subscribers queued, from the table of the service", took, SUBSCRIBERS)


def _sent(folder: Path, post: Post) -> list[dict[str, object]]:
    """Messages handed to the server one by one, each settled on disk."""
    city = _city(folder, post, "send")
    _people(city, SENT)
    alerting.tell(city, AIR, {"procedures": table(NOW.date(), NOW, measured=True)}, "1")
    by = alerting.ways(city)
    before = len(post.taken())
    took = _timed(lambda: alerting.send(city, by, limit=SENT))
    count = len(post.taken()) - before
    for way in by.values():
        way.close()
    return [_row(f"{count} messages sent by mail and settled", [took], count)]


def _told(folder: Path, post: Post) -> dict[str, object]:
    """From what the service publishes to the Atom feed and CAP."""
    took: list[tuple[float, float]] = []
    for turn in range(3):
        city = _city(folder, post, f"feed-{turn}")

        def work(city: City = city) -> None:
            (step,) = alerting.tell(city, AIR, {"procedures": table(NOW.date(), NOW, measured=True)}, "1")
            with city.db.read() as conn:
                assert alerting.as_cap(conn, city, step)
                assert alerts.in_state(conn, "issued")

        took.append(_timed(work))
        city.db.close()
    return _row("from the table of the service to the CAP message", took, 1)


def _row(what: str, took: list[tuple[float, float]], count: int) -> dict[str, object]:
    wall, cpu = (statistics.median(t[i] for t in took) for i in (0, 1))
    return {
        "what": what,
        "count": count,
        "wall_s": round(wall, 3),
        "cpu_s": round(cpu, 3),
        "a_second": round(count / wall, 1),
    }
