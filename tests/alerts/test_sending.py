"""From a step to its messages: once each, by mail, webhook and SMS, at the hour that people chose, after a
person where the policy says so, and audited.
"""

from __future__ import annotations

import hashlib
import hmac
import itertools
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from parvis.alerts import addresses
from parvis.alerts.addresses import Wish, leave
from parvis.alerts.message import Area, Kind, Message, Part, Severity, Words
from parvis.cli.init import create
from parvis.core import settings
from parvis.core.errors import HeldBack, NotFound, ParvisError, UsageError
from parvis.publication.city import City, open_city
from parvis.store import alerts, journal, subscribers
from parvis.store.subscribers import Channel, Floor, Subscription
from parvis.work import alerting
from tests.alerts.alert_servers import Hook, Post, mail_server, web_server

NOON = datetime(2026, 1, 10, 11, tzinfo=UTC)


class Clock:
    """Moved by hand."""

    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def post() -> Iterator[Post]:
    with mail_server() as made:
        yield made


@pytest.fixture
def hook() -> Iterator[Hook]:
    with web_server() as made:
        yield made


def opened(folder: Path, clock: Clock, post: Post, approval: str = "none", sms: str = "") -> City:
    create(folder, "Rivemont")
    asked = replace(
        settings.load(folder, {}),
        alerts=settings.Alerts(
            approval=approval,
            sender="alertes@rivemont.example",
            smtp=f"127.0.0.1:{post.port}",
            smtp_tls="none",
            sms=sms,
        ),
    )
    return open_city(asked, clock=clock)


@pytest.fixture
def city(tmp_path: Path, clock: Clock, post: Post) -> City:
    return opened(tmp_path / "ville", clock, post)


def step(
    number: int = 1,
    kind: Kind = "open",
    severity: Severity = "Moderate",
    *,
    episode: str = "pm10.34990.2026-01-10",
    zone: str = "34990",
    day: int = 10,
    test: bool = False,
) -> Message:
    start = datetime(2026, 1, day, tzinfo=UTC) - timedelta(hours=1)
    part = Part(
        Words("Particules : information", "Particles: information"),
        Words("Le texte.", "The text."),
        Words("Le conseil.", "The advice."),
        severity,
        "Immediate",
        "Observed",
        start,
        start + timedelta(days=1),
    )
    return Message(
        "travaux",
        "works",
        episode,
        number,
        kind,
        Area("Rivemont", zone),
        (part,),
        NOON,
        {"polluant": "pm10"},
        test,
    )


def subscribe(
    city: City,
    address: str,
    *,
    channel: Channel = "mail",
    zone: str = "",
    level: Floor = "information",
    quiet: str = "",
    urgent: bool = True,
    language: str = "fr",
) -> str:
    return alerting.confirm(
        city, Wish(channel, address, (Subscription("works", zone, level),), language, quiet, urgent)
    ).id


def tell(city: City, said: Message) -> alerts.Step:
    with city.db.begin() as conn:
        return alerting.post(conn, city, said)


def send(city: City) -> alerting.Round:
    by = alerting.ways(city, allowed=lambda address, port: True)
    try:
        return alerting.send(city, by, limit=1000)
    finally:
        for way in by.values():
            way.close()


def to(post: Post) -> list[str]:
    return sorted(str(m["To"]) for m in post.taken())


def test_a_message_a_step_and_no_second_one(city: City, post: Post) -> None:
    subscribe(city, "ana@exemple.fr")
    subscribe(city, "ANA@exemple.fr")
    for _ in range(3):
        assert tell(city, step()).state == "issued"
        send(city)
    assert len(post.taken()) == 1
    tell(city, step(2, "raise", "Severe"))
    send(city)
    assert len({m["Message-ID"] for m in post.taken()}) == len(post.taken()) == 2


def test_who_is_concerned(city: City, post: Post) -> None:
    subscribe(city, "tout@exemple.fr")
    subscribe(city, "ici@exemple.fr", zone="34990")
    subscribe(city, "ailleurs@exemple.fr", zone="34172")
    subscribe(city, "grave@exemple.fr", level="alert")
    tell(city, step())
    send(city)
    assert to(post) == ["ici@exemple.fr", "tout@exemple.fr"]
    tell(city, step(2, "raise", "Severe"))
    send(city)
    assert to(post)[0::1].count("grave@exemple.fr") == 1
    assert "ailleurs@exemple.fr" not in to(post)
    tell(city, step(3, "end", "Severe"))
    send(city)
    assert to(post).count("grave@exemple.fr") == to(post).count("ici@exemple.fr") - 1 == 2


def test_quiet_hours(city: City, post: Post, clock: Clock) -> None:
    clock.at = datetime(2026, 1, 10, 21, 30, tzinfo=UTC)  # 22:30 in Paris
    subscribe(city, "dort@exemple.fr", quiet="22-7")
    subscribe(city, "dort-vraiment@exemple.fr", quiet="22-7", urgent=False)
    subscribe(city, "veille@exemple.fr")
    tell(city, step(day=11))
    send(city)
    assert to(post) == ["veille@exemple.fr"]
    clock.at = datetime(2026, 1, 11, 1, tzinfo=UTC)
    tell(city, step(2, "raise", "Severe", day=11))
    send(city)
    assert to(post) == ["dort@exemple.fr", "veille@exemple.fr", "veille@exemple.fr"], (
        "an alert wakes those who want it to"
    )
    clock.at = datetime(2026, 1, 11, 6, tzinfo=UTC)
    send(city)
    assert to(post).count("dort-vraiment@exemple.fr") == 1, "the second step, not the first that it overtook"
    assert to(post).count("dort@exemple.fr") == 1


def test_what_is_over_before_the_morning_is_not_sent(city: City, post: Post, clock: Clock) -> None:
    clock.at = datetime(2026, 1, 10, 21, 30, tzinfo=UTC)
    subscribe(city, "dort@exemple.fr", quiet="22-7")
    tell(city, step(day=10))
    clock.at += timedelta(hours=12)
    send(city)
    assert to(post) == []
    with city.db.read() as conn:
        assert [(t.state, t.messages) for t in alerts.tally(conn, step().id)] == [("dropped", 1)]


def test_the_end_is_told_to_those_who_heard_of_it(city: City, post: Post) -> None:
    subscribe(city, "avant@exemple.fr")
    tell(city, step())
    send(city)
    subscribe(city, "apres@exemple.fr")
    tell(city, step(2, "end"))
    send(city)
    assert to(post) == ["avant@exemple.fr", "avant@exemple.fr"]


def test_a_person_lets_it_out(tmp_path: Path, clock: Clock, post: Post) -> None:
    city = opened(tmp_path / "ville", clock, post, approval="first")
    subscribe(city, "ana@exemple.fr")
    proposed = tell(city, step())
    assert (proposed.state, send(city).sent) == ("proposed", 0)
    clock.at += timedelta(minutes=20)
    issued = alerting.approve(city, proposed.id, "agent-1")
    assert (issued.decided_by, issued.issued_at) == ("agent-1", clock.at)
    assert send(city).sent == 1
    with pytest.raises(HeldBack):
        alerting.approve(city, proposed.id, "agent-2")
    assert tell(city, step(2, "extend")).state == "issued", "what follows goes by itself"
    assert tell(city, step(3, "raise", "Severe")).state == "proposed", "a rise waits"
    refused = alerting.refuse(city, step(3).id, "agent-1")
    assert refused.state == "refused"
    assert tell(city, step(4, "end")).refers == (step(1).id, step(2).id)
    with city.db.read() as conn:
        verbs = [e.verb for e in journal.since(conn, 0) if e.verb.startswith("alert-")]
    assert verbs == [
        "alert-proposed",
        "alert-issued",
        "alert-issued",
        "alert-proposed",
        "alert-refused",
        "alert-issued",
    ]


def test_what_nobody_let_out_is_overtaken_and_its_end_takes_nothing_back(
    tmp_path: Path, clock: Clock, post: Post
) -> None:
    city = opened(tmp_path / "ville", clock, post, approval="first")
    subscribe(city, "ana@exemple.fr")
    tell(city, step())
    assert tell(city, step(2, "extend")).state == "proposed", (
        "nothing of the episode was let out: this opens it"
    )
    assert tell(city, step(3, "end")).state == "void"
    with city.db.read() as conn:
        assert [s.state for s in alerts.of_episode(conn, step().episode)] == ["replaced", "replaced", "void"]
    send(city)
    assert post.taken() == []


def test_an_exercise_reaches_nobody(city: City, post: Post) -> None:
    subscribe(city, "ana@exemple.fr")
    assert tell(city, step(test=True)).state == "issued"
    assert send(city) == alerting.Round()


def test_mail_says_who_why_and_how_to_stop(city: City, post: Post) -> None:
    who = subscribe(city, "ana@exemple.fr")
    subscribe(city, "bob@example.com", language="en")
    tell(city, step())
    send(city)
    mails = {str(m["To"]): m for m in post.taken()}
    mail, text = mails["ana@exemple.fr"], mails["ana@exemple.fr"].get_content()
    assert (mail["Subject"], mail["From"]) == (
        "Particules : information",
        "Rivemont <alertes@rivemont.example>",
    )
    token = leave(alerting.key(city), who)
    assert f"/alertes/quitter/{token}>" in mail["List-Unsubscribe"]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "De samedi 10 janvier, 0 h 00 à dimanche 11 janvier, 0 h 00." in text
    assert "Le texte." in text
    assert "Le conseil." in text
    english = mails["bob@example.com"].get_content()
    assert "The text." in english
    assert "/en/alertes/quitter/" in english
    assert "ana" not in english


def test_leaving_erases_everything(city: City, post: Post, tmp_path: Path) -> None:
    who = subscribe(city, "tres-reconnaissable@exemple.fr", quiet="0-23")
    tell(city, step())
    token = leave(alerting.key(city), who)
    with pytest.raises(NotFound):
        alerting.leave(city, token[:-1] + ("0" if token[-1] != "0" else "1"))
    assert alerting.leave(city, token)
    assert not alerting.leave(city, token), "a second click finds nobody, and is no fault"
    send(city)
    assert post.taken() == []
    with city.db.read() as conn:
        assert subscribers.by_id(conn, who) is None
        assert subscribers.asked_for(conn, who) == []


def test_addresses_lie_sealed_and_in_no_log(city: City, post: Post, caplog: pytest.LogCaptureFixture) -> None:
    post.answer = lambda recipient: f"550 5.1.1 <{recipient}> unknown"
    subscribe(city, "tres-reconnaissable@exemple.fr")
    tell(city, step())
    assert send(city).failed == 1
    city.db.scrub()
    held = b"".join(p.read_bytes() for p in (city.settings.folder / "var").rglob("*") if p.is_file())
    assert b"reconnaissable" not in held
    assert "reconnaissable" not in caplog.text


def test_what_is_refused_for_now_is_tried_again_with_the_same_name(
    city: City, post: Post, clock: Clock
) -> None:
    subscribe(city, "ana@exemple.fr")
    tell(city, step())
    post.answer = lambda recipient: "451 later"
    assert send(city) == alerting.Round(later=1)
    assert send(city) == alerting.Round(), "not before its time"
    post.answer = lambda recipient: "250 ok"
    clock.at += timedelta(minutes=1)
    assert send(city).sent == 1
    post.answer = lambda recipient: "550 never"
    subscribe(city, "bob@exemple.fr")
    tell(city, step(2, "extend"))
    assert send(city).failed == 2


def test_a_message_that_never_goes_has_failed_at_last(city: City, post: Post, clock: Clock) -> None:
    subscribe(city, "ana@exemple.fr")
    tell(city, step(day=11))
    post.answer = lambda recipient: "451 later"
    outcomes = []
    for _ in range(7):
        outcomes.append(send(city))
        clock.at += timedelta(hours=3)
    assert [o.later for o in outcomes] == [1, 1, 1, 1, 1, 0, 0]
    assert sum(o.failed for o in outcomes) == 1


def test_webhooks_are_signed_and_stay_outside(city: City, hook: Hook, post: Post) -> None:
    who = subscribe(city, hook.url + "/x", channel="webhook")
    tell(city, step())
    inside = alerting.ways(city)
    assert alerting.send(city, inside).failed == 1, "loopback is no place of the open Internet"
    tell(city, step(2, "extend"))
    assert send(city).sent == 1
    (call,) = hook.calls
    stamp, mark = (part.partition("=")[2] for part in call.headers["parvis-signature"].split(", "))
    secret = addresses.webhook_secret(alerting.key(city), who)
    assert hmac.compare_digest(
        mark, hmac.new(secret.encode(), stamp.encode() + b"." + call.body, hashlib.sha256).hexdigest()
    )
    assert call.headers["idempotency-key"] == alerting.reference(step(2).id, who, "webhook")
    assert call.json["alert"]["identifier"] == step(2).id  # type: ignore[index]
    hook.status = 410
    tell(city, step(3, "extend"))
    assert send(city).failed == 1


def test_sms_by_a_gateway_declared_in_one_file(
    tmp_path: Path, clock: Clock, post: Post, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMS_KEY", "une-cle")
    city = opened(tmp_path / "ville", clock, post, sms="passerelle-sms.toml")
    gateway = city.settings.folder / "passerelle-sms.toml"
    gateway.write_text(
        f'url = "{hook.url}/envoi"\nformat = "json"\nheaders = {{ Authorization = "Bearer ${{SMS_KEY}}" }}\nbody = {{ to = "{{numero}}", text = "{{texte}}", ref = "{{reference}}" }}\naccepted = [204]\n',
        "utf-8",
    )
    assert alerting.open_channels(city) == ("mail", "webhook", "sms")
    who = subscribe(city, "+33612345678", channel="sms")
    tell(city, step())
    assert send(city).sent == 1
    (call,) = hook.calls
    assert call.headers["authorization"] == "Bearer une-cle"
    assert call.json["to"] == "+33612345678"
    assert call.json["ref"] == alerting.reference(step().id, who, "sms")
    assert str(call.json["text"]).startswith("Particules : information http")
    gateway.write_text(gateway.read_text("utf-8").replace("204", "200"), "utf-8")
    tell(city, step(2, "extend"))
    assert send(city) == alerting.Round(later=1), "an answer that is not accepted is tried again"
    gateway.write_text('url = "https://x.example"\nbody = { to = "{numero}" }\n', "utf-8")
    with pytest.raises(UsageError, match="body"):
        alerting.ways(city)


def test_every_message_is_accounted_for(city: City, post: Post, clock: Clock) -> None:
    post.answer = lambda recipient: "550 no" if recipient.startswith("b") else "250 ok"
    for name in ("ana", "bob", "cleo"):
        subscribe(city, f"{name}@exemple.fr")
    tell(city, step())
    clock.at += timedelta(seconds=40)
    send(city)
    with city.db.read() as conn:
        kept = alerts.step(conn, step().id)
        assert kept is not None
        assert (kept.data_at, kept.issued_at) == (NOON, NOON)
        assert [(t.channel, t.state, t.messages, t.first) for t in alerts.tally(conn, step().id)] == [
            ("mail", "failed", 1, None),
            ("mail", "sent", 2, clock.at),
        ]
    clock.at += timedelta(days=401)
    assert alerting.chores(city) == 3


def test_a_key_of_another_city_opens_nothing(city: City) -> None:
    who = subscribe(city, "ana@exemple.fr")
    with city.db.read() as conn:
        held = subscribers.by_id(conn, who)
    assert held is not None
    assert addresses.unseal(alerting.key(city), held.sealed, who) == "ana@exemple.fr"
    with pytest.raises(ParvisError):
        addresses.unseal(bytes(32), held.sealed, who)


def test_a_webhook_that_says_a_byte_now_and_then_stops_nobody_else(
    city: City, hook: Hook, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has one clock, its host is asked once a round, and neither the other hosts nor the other channels
    wait for it.
    """
    monkeypatch.setattr("parvis.alerts.webhook.TOTAL_S", 0.4)
    asked: list[int] = []

    class Dribble(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            asked.append(1)
            with suppress(OSError):
                for byte in itertools.chain(b"HTTP/1.1 200 OK\r\nX-Long: ", itertools.repeat(120)):
                    self.request.sendall(bytes([byte]))
                    time.sleep(0.02)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), Dribble) as slow:
        thread = threading.Thread(target=slow.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        for name in ("a", "b", "c"):
            subscribe(city, f"http://localhost:{slow.server_address[1]}/{name}", channel="webhook")
        subscribe(city, hook.url + "/x", channel="webhook")
        subscribe(city, "ana@exemple.fr")
        tell(city, step())
        done = send(city)
        slow.shutdown()
        thread.join()
    assert (done.sent, done.later, done.failed) == (2, 3, 0)
    assert (len(hook.calls), to(post), len(asked)) == (1, ["ana@exemple.fr"], 1)
    with city.db.read() as conn:
        assert set(alerts.next_due(conn)) == {"webhook"}
