"""The courier in the worker: asks the outbox when something may be due and not otherwise, and one fault stops
nothing else.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from datetime import timedelta
from typing import ParamSpec, TypeVar

import pytest

from parvis.alerts.declaration import Alert
from parvis.publication.city import City
from parvis.store import failures
from parvis.work import alerting
from parvis.work.alerting import worker
from tests.alerts.alert_servers import Post
from tests.alerts.test_sending import Clock, city, clock, post, step, subscribe, tell, to

__all__ = ["city", "clock", "post"]

P = ParamSpec("P")
T = TypeVar("T")


class AtOnce(Executor):
    """Does in place what it is given: no thread, nothing to wait for."""

    def __init__(self, threads: int, name: str) -> None:
        pass

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        made: Future[T] = Future()
        try:
            made.set_result(fn(*args, **kwargs))
        except (RuntimeError, ZeroDivisionError) as fault:
            made.set_exception(fault)
        return made


@pytest.fixture
def sendings(monkeypatch: pytest.MonkeyPatch) -> list[alerting.Round]:
    """The rounds of sending, as they are made."""
    made: list[alerting.Round] = []

    def send(*given: object, **named: object) -> alerting.Round:
        made.append(alerting.send(*given, **named))  # type: ignore[arg-type]
        return made[-1]

    monkeypatch.setattr(worker, "ThreadPoolExecutor", AtOnce)
    monkeypatch.setattr(worker, "send", send)
    return made


def test_an_idle_courier_asks_nothing(
    city: City, clock: Clock, post: Post, sendings: list[alerting.Round]
) -> None:
    subscribe(city, "ana@exemple.fr")
    subscribe(city, "leo@exemple.fr", quiet="10-14")
    with alerting.courier(city, threading.Event()) as turn:
        turn()
        for _ in range(20):
            turn()
        assert sendings == []
        tell(city, step())
        for _ in range(20):
            turn()
        assert [r.sent for r in sendings] == [1]
        clock.at += timedelta(hours=3)  # the quiet hours of the other one are over
        for _ in range(20):
            turn()
        assert [r.sent for r in sendings] == [1, 1]
    assert to(post) == ["ana@exemple.fr", "leo@exemple.fr"]


def test_a_stopped_courier_starts_nothing(city: City, sendings: list[alerting.Round]) -> None:
    stop = threading.Event()
    with alerting.courier(city, stop) as turn:
        stop.set()
        turn()
    assert not sendings


def test_a_fault_in_a_look_stops_neither_the_others_nor_the_sending(
    city: City,
    post: Post,
    sendings: list[alerting.Round],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    looked: list[str] = []

    def look(city: City, alert: Alert) -> tuple[()]:
        looked.append(alert.name)
        if len(looked) == 1:
            raise ZeroDivisionError
        return ()

    monkeypatch.setattr(worker, "look", look)
    subscribe(city, "ana@exemple.fr")
    tell(city, step())
    with alerting.courier(city, threading.Event()) as turn, caplog.at_level(logging.ERROR, "parvis"):
        turn()
        turn()
    assert looked == list(alerting.declared())
    assert to(post) == ["ana@exemple.fr"]
    assert [r.message.partition("\n")[0] for r in caplog.records] == ["an alert failed: ZeroDivisionError"]


def test_what_could_not_be_sent_by_our_fault_is_tried_again_a_little_later(
    city: City, clock: Clock, post: Post, monkeypatch: pytest.MonkeyPatch, sendings: list[alerting.Round]
) -> None:
    tries: list[int] = []

    def send(*given: object, **named: object) -> alerting.Round:
        tries.append(1)
        if len(tries) == 1:
            raise RuntimeError("disk")
        return alerting.send(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(worker, "send", send)
    subscribe(city, "ana@exemple.fr")
    tell(city, step())
    with alerting.courier(city, threading.Event()) as turn:
        for _ in range(20):
            turn()
        assert len(tries) == 1
        clock.at += timedelta(seconds=failures.FIRST_S)
        for _ in range(20):
            turn()
    assert len(tries) == 2
    assert to(post) == ["ana@exemple.fr"]
