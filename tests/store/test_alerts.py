"""Alerts in the database, the same on SQLite and PostgreSQL: one step an id, one message a step, subscriber
and channel.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from parvis.store import alerts, subscribers
from parvis.store.alerts import Step
from parvis.store.database import Database
from parvis.store.subscribers import Subscriber, Subscription

AT = datetime(2026, 1, 10, 11, tzinfo=UTC)
STEP = Step("air.x.1", "x", 1, "air", "air", "open", "issued", AT, AT, "{}", refers=("air.x.0", "air.y.1"))


def someone(number: int) -> Subscriber:
    return Subscriber(f"s{number}", "mail", f"mark{number}", "sealed", "fr", "22-7", True, AT)


def test_steps_are_kept_once_and_come_back_whole(database: Database) -> None:
    with database.begin() as conn:
        assert alerts.add_step(conn, STEP)
        assert not alerts.add_step(conn, replace(STEP, kind="end"))
        alerts.save_step(conn, replace(STEP, id="air.x.2", number=2, state="proposed", refers=()))
    with database.read() as conn:
        assert alerts.step(conn, "air.x.1") == STEP
        assert [s.number for s in alerts.of_episode(conn, "x")] == [1, 2]
        assert [s.id for s in alerts.in_state(conn, "proposed")] == ["air.x.2"]
        assert alerts.in_state(conn, "issued", topic="water") == []
        assert alerts.step(conn, "rien") is None
    with pytest.raises(IntegrityError), database.begin() as conn:
        alerts.add_step(conn, replace(STEP, id="other"))


def test_one_message_a_step_subscriber_and_channel(database: Database) -> None:
    with database.begin() as conn:
        alerts.add_step(conn, STEP)
        for n in range(3):
            subscribers.save(conn, someone(n), [Subscription("air")])
        alerts.queue(
            conn, STEP.id, [(f"s{n}", "mail", AT, "expired" if n == 2 else "") for n in range(3)], AT
        )
    with pytest.raises(IntegrityError), database.begin() as conn:
        alerts.queue(conn, STEP.id, [("s0", "mail", AT, "")], AT)
    with database.read() as conn:
        due = alerts.due(conn, AT)
        assert [one.subscriber for one in due] == ["s0", "s1"]
        assert alerts.due(conn, AT - timedelta(seconds=1)) == []
    with database.begin() as conn:
        alerts.settle(conn, due[0], "sent", AT)
        alerts.settle(conn, due[1], "waiting", AT, note="smtp-451", due_at=AT + timedelta(minutes=1))
        assert subscribers.erase(conn, "s1")
    with database.read() as conn:
        assert alerts.reached(conn, "x") == {("s0", "mail")}
        (late,) = alerts.due(conn, AT + timedelta(minutes=1))
        assert (late.attempts, late.sealed) == (1, None), "an erased subscriber has no address any more"
        assert [(t.state, t.messages, t.first) for t in alerts.tally(conn, STEP.id)] == [
            ("dropped", 1, None),
            ("sent", 1, AT),
            ("waiting", 1, None),
        ]
    with database.begin() as conn:
        alerts.overtake(conn, "x", 2, AT)
        assert alerts.forget(conn, AT + timedelta(days=1)) == 3


def test_who_is_concerned(database: Database) -> None:
    asked = {
        0: [Subscription("air"), Subscription("air", "34990")],
        1: [Subscription("air", "34172")],
        2: [Subscription("air", "", "alert")],
        3: [Subscription("water")],
    }
    with database.begin() as conn:
        for n, topics in asked.items():
            subscribers.save(conn, someone(n), topics)
    with database.read() as conn:
        assert [w[0] for w in subscribers.concerned(conn, "air", "34990", "information")] == ["s0"]
        assert [w[0] for w in subscribers.concerned(conn, "air", "34990", "alert")] == ["s0", "s2"]
        assert [w[0] for w in subscribers.concerned(conn, "air", "", "alert")] == ["s0", "s1", "s2"]
        assert subscribers.by_mark(conn, "mail", "mark3") == someone(3)
        assert subscribers.count(conn) == {"mail": 4}
    with database.begin() as conn:
        subscribers.save(conn, replace(someone(0), quiet=""), [Subscription("works")])
    with database.read() as conn:
        assert [s.topic for s in subscribers.asked_for(conn, "s0")] == ["works"], "exactly what is asked now"


def test_a_memory_takes_the_place_of_the_one_before(database: Database) -> None:
    with database.begin() as conn:
        assert alerts.memory(conn, "air") is None
        alerts.remember(conn, "air", "un", AT)
        alerts.remember(conn, "air", "deux", AT)
    with database.read() as conn:
        assert alerts.memory(conn, "air") == "deux"
