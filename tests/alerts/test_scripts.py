"""Episodes that go wrong in the middle: refused, taken up again after their end, left by their readers, over
a night of clock change. Told by hand beforehand.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from lxml import etree

from parvis.alerts.addresses import leave
from parvis.alerts.message import Message
from parvis.publication.city import City
from parvis.store import alerts
from parvis.work import alerting
from tests.alerts.alert_servers import Hook, Post
from tests.alerts.test_sending import (
    NOON,
    Clock,
    city,  # noqa: F401
    clock,  # noqa: F401
    hook,  # noqa: F401
    opened,
    post,  # noqa: F401
    send,
    step,
    subscribe,
    tell,
    to,
)


def kind(city: City, said: Message) -> tuple[str, list[str]]:  # noqa: F811
    """msgType and the steps that it refers to."""
    with city.db.read() as conn:
        one = alerts.step(conn, said.id)
        assert one is not None
        root = etree.fromstring(alerting.as_cap(conn, city, one))
    refers = (root.findtext("{*}references") or "").split()
    return root.findtext("{*}msgType"), [r.split(",")[1].rpartition(".")[2] for r in refers]


def test_taken_up_again_after_its_end_it_is_a_new_alert(city: City, post: Post) -> None:  # noqa: F811
    subscribe(city, "ana@exemple.fr")
    said = [step(1), step(2, "raise", "Severe"), step(3, "end"), step(4, "open"), step(5, "end")]
    for one in said:
        tell(city, one)
        send(city)
    assert [kind(city, s) for s in said] == [
        ("Alert", []),
        ("Update", ["1"]),
        ("Cancel", ["1", "2"]),
        ("Alert", []),
        ("Cancel", ["4"]),
    ]
    assert len(post.taken()) == 5


def test_an_end_said_twice_takes_back_once(city: City, post: Post) -> None:  # noqa: F811
    subscribe(city, "ana@exemple.fr")
    assert [tell(city, s).state for s in (step(1), step(2, "end"), step(3, "withdraw"))] == [
        "issued",
        "issued",
        "void",
    ]
    send(city)
    assert len(post.taken()) == 0, (
        "the first was overtaken before it left: nobody heard of it, nobody is told its end"
    )


def test_refused_then_graver(tmp_path: Path, clock: Clock, post: Post) -> None:  # noqa: F811
    city = opened(tmp_path / "ville", clock, post, approval="first")  # noqa: F811
    subscribe(city, "ana@exemple.fr")
    alerting.refuse(city, tell(city, step(1)).id, "agent-1")
    assert tell(city, step(2, "extend")).state == "proposed", "nothing stands: what extends it opens it"
    assert tell(city, step(3, "raise", "Severe")).state == "proposed"
    alerting.approve(city, step(3).id, "agent-1")
    assert kind(city, step(3, "raise", "Severe")) == ("Alert", []), (
        "of what was refused or replaced there is nothing to refer to"
    )
    assert tell(city, step(4, "confirm", "Severe")).state == "issued"
    send(city)
    assert [str(m["Subject"]) for m in post.taken()] == ["Particules : information"]


def test_refused_and_over(tmp_path: Path, clock: Clock, post: Post) -> None:  # noqa: F811
    city = opened(tmp_path / "ville", clock, post, approval="each")  # noqa: F811
    subscribe(city, "ana@exemple.fr")
    alerting.refuse(city, tell(city, step(1)).id, "agent-1")
    assert tell(city, step(2, "end")).state == "void"
    send(city)
    assert post.taken() == []


def test_under_each_an_end_waits_too_and_replaces_what_waited(
    tmp_path: Path,
    clock: Clock,  # noqa: F811
    post: Post,  # noqa: F811
) -> None:
    city = opened(tmp_path / "ville", clock, post, approval="each")  # noqa: F811
    subscribe(city, "ana@exemple.fr")
    alerting.approve(city, tell(city, step(1)).id, "agent-1")
    send(city)
    tell(city, step(2, "extend"))
    assert tell(city, step(3, "end")).state == "proposed"
    with city.db.read() as conn:
        assert [s.state for s in alerts.of_episode(conn, step().episode)] == [
            "issued",
            "replaced",
            "proposed",
        ]
    alerting.approve(city, step(3).id, "agent-2")
    assert kind(city, step(3, "end")) == ("Cancel", ["1"])
    send(city)
    assert len(post.taken()) == 2


def test_who_leaves_in_the_middle_hears_no_more_and_who_comes_back_hears_what_is_new(
    city: City,  # noqa: F811
    post: Post,  # noqa: F811
    clock: Clock,  # noqa: F811
) -> None:
    who = subscribe(city, "ana@exemple.fr")
    subscribe(city, "bob@exemple.fr")
    tell(city, step(1))
    send(city)
    alerting.leave(city, leave(alerting.key(city), who))
    tell(city, step(2, "extend"))
    send(city)
    clock.at += timedelta(minutes=1)
    subscribe(city, "ana@exemple.fr")
    tell(city, step(3, "end"))
    send(city)
    assert to(post) == ["ana@exemple.fr", "bob@exemple.fr", "bob@exemple.fr", "bob@exemple.fr"], (
        "the link erased that she had ever heard of it"
    )


def test_who_leaves_while_a_message_waits_gets_none(city: City, post: Post) -> None:  # noqa: F811
    who = subscribe(city, "ana@exemple.fr")
    tell(city, step(1))
    alerting.leave(city, leave(alerting.key(city), who))
    assert send(city) == alerting.Round()
    assert post.taken() == []


def test_a_far_end_that_stays_silent_holds_back_nobody_else(
    city: City,  # noqa: F811
    post: Post,  # noqa: F811
    hook: Hook,  # noqa: F811
    clock: Clock,  # noqa: F811
) -> None:
    hook.status = 503
    subscribe(city, hook.url + "/x", channel="webhook")
    subscribe(city, "ana@exemple.fr")
    tell(city, step(1, day=11))
    assert send(city) == alerting.Round(sent=1, later=1)
    clock.at += timedelta(minutes=2)
    tell(city, step(2, "extend", day=11))
    hook.status = 204
    assert send(city).sent == 2
    assert len(hook.calls) == 2
    assert hook.calls[-1].json["alert"]["identifier"] == step(2).id, (
        "the first was overtaken, the second is what holds"
    )  # type: ignore[index]


def test_two_kinds_in_one_zone_end_apart(city: City, post: Post) -> None:  # noqa: F811
    subscribe(city, "ana@exemple.fr")
    ozone = "o3.34990.2026-01-10"
    for one in (step(1), step(1, episode=ozone), step(2, "end")):
        tell(city, one)
        send(city)
    assert tell(city, step(2, "raise", "Severe", episode=ozone)).state == "issued"
    assert kind(city, step(2, "raise", "Severe", episode=ozone)) == ("Update", ["1"])
    assert kind(city, step(2, "end")) == ("Cancel", ["1"])


@pytest.mark.parametrize(
    ("now", "morning"),
    [
        (datetime(2026, 3, 28, 22, 30, tzinfo=UTC), datetime(2026, 3, 29, 5, tzinfo=UTC)),
        (datetime(2026, 10, 24, 22, 30, tzinfo=UTC), datetime(2026, 10, 25, 6, tzinfo=UTC)),
    ],
    ids=["23 hours", "25 hours"],
)
def test_over_the_night_of_a_clock_change(
    city: City,  # noqa: F811
    post: Post,  # noqa: F811
    clock: Clock,  # noqa: F811
    now: datetime,
    morning: datetime,
) -> None:
    clock.at = now
    subscribe(city, "dort@exemple.fr", quiet="22-7", urgent=False)
    base = step(1, severity="Severe")
    part = base.parts[0].__class__(
        *(
            getattr(base.parts[0], n)
            for n in ("headline", "text", "advice", "severity", "urgency", "certainty")
        ),
        now,
        now + timedelta(days=1),
    )
    tell(
        city,
        Message(base.alert, base.topic, base.episode, 1, "open", base.area, (part,), NOON, base.parameters),
    )
    clock.at = morning - timedelta(seconds=1)
    assert send(city) == alerting.Round(), "not before seven on the clock of the place"
    clock.at = morning
    assert send(city).sent == 1


def test_a_channel_closed_in_the_middle_waits_and_what_expires_is_dropped(
    city: City,  # noqa: F811
    post: Post,  # noqa: F811
    clock: Clock,  # noqa: F811
) -> None:
    subscribe(city, "ana@exemple.fr")
    tell(city, step(1))
    assert alerting.send(city, {}) == alerting.Round(later=1)
    clock.at += timedelta(days=2)
    assert send(city) == alerting.Round(dropped=1)
    assert post.taken() == []
