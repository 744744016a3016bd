"""What a fault leaves in a log: its kind and its place. A canary is raised in every loop that works by itself, and
looked for in all that was written; the source is read for other ways to write a fault down.
"""

from __future__ import annotations

import ast
import base64
import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import NoReturn

import pytest
from starlette.responses import Response
from starlette.testclient import TestClient

from parvis.core import traces
from parvis.core.errors import Unreadable
from parvis.decisions import deciding
from parvis.publication import pipeline
from parvis.publication.city import City
from parvis.store import failures, measured_risks
from parvis.store.outage import outage
from parvis.work import alerting, jobs, nightly, polling, service_runs
from parvis.work.alerting import worker
from tests.cities import livecity, webcity
from tests.work.test_worker import by_worker, city_with_a_file

CANARY = "06 41 50 70 90"
SOURCE = Path(__file__).resolve().parents[2] / "src" / "parvis"


def choke(*args: object, **named: object) -> NoReturn:
    """As a parser does: the value in the words, and in those of what lies behind."""
    try:
        float(CANARY)
    except ValueError as wrong:
        raise RuntimeError(f"row of {CANARY}") from wrong
    raise AssertionError


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    made = webcity.build(tmp_path)
    yield made
    made.db.close()


def ended(turn: Callable[[], None], said: Callable[[], bool]) -> None:
    """Take turns until something was said."""
    due = time.monotonic() + 20
    while not said():
        assert time.monotonic() < due
        turn()
        threading.Event().wait(0.02)


def written(caplog: pytest.LogCaptureFixture) -> str:
    """Everything that was logged, as a handler of the standard library writes it."""
    plain = logging.Formatter()
    return "\n".join(plain.format(r) for r in caplog.records)


def test_a_fault_is_told_by_its_kinds_and_places() -> None:
    try:
        choke()
    except RuntimeError as fault:
        said = traces.told(fault)
    assert said.splitlines()[0] == "RuntimeError"
    assert "from ValueError" in said
    assert "test_traces.py" in said
    assert "choke" in said
    assert CANARY not in said
    assert str(SOURCE.parent) not in said


def test_of_a_group_each_is_told() -> None:
    said = traces.told(ExceptionGroup(CANARY, [ValueError(CANARY), KeyError(CANARY)]))
    assert said.splitlines() == ["ExceptionGroup", "from ValueError", "from KeyError"]


def test_a_poll_that_fails(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    with livecity.riding(tmp_path, livecity.Clock()) as rides:
        monkeypatch.setattr(polling, "poll", choke)
        with polling.poller(rides.city, threading.Event()) as turn:
            ended(turn, lambda: "the poll of" in written(caplog))
    assert "RuntimeError" in written(caplog)
    assert CANARY not in written(caplog)


def test_a_feed_that_cannot_be_read_is_not_quoted_to_everybody(tmp_path: Path) -> None:
    """The state of a feed is on a public page; what cannot be read was searched by nobody."""
    with livecity.riding(tmp_path, livecity.Clock()) as rides:
        for wrong in (
            Unreadable(f"Les heures du flux n’ont pas de fuseau : « {CANARY} »."),
            Unreadable(f'Ce n’est pas une heure : "{CANARY}".'),
        ):
            assert rides.fail(wrong) == "malformed"
            with rides.city.db.read() as conn:
                state = polling.live.feed(conn, rides.resource.id)
            assert state is not None
            assert "« … »" in state.message
            assert CANARY not in state.message


def test_a_service_that_fails(
    city: City, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service_runs, "recompute", choke)
    with service_runs.computer(city) as turn:
        ended(turn, lambda: "a service failed" in written(caplog))
    assert CANARY not in written(caplog)


@pytest.mark.parametrize("which", ["look", "send"])
def test_an_alert_that_fails(
    city: City, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, which: str
) -> None:
    monkeypatch.setattr(worker, which, choke)
    if which == "send":
        monkeypatch.setattr(worker.alerts, "next_due", lambda conn: {"mail": city.now()})
    with alerting.courier(city, threading.Event()) as turn:
        ended(turn, lambda: "an alert failed" in written(caplog))
    assert CANARY not in written(caplog)
    assert all(CANARY not in fault.why for fault in failures.noted(city.settings.folder))


@pytest.mark.parametrize("which", ["nightly", "rescan"])
def test_a_night_that_fails(
    city: City, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, which: str
) -> None:
    if which == "nightly":
        monkeypatch.setattr(nightly, "nightly", choke)
        monkeypatch.setattr(nightly, "due", lambda city, last: last is None)
        monkeypatch.setattr(nightly, "LOOK_S", -1.0)
    else:
        monkeypatch.setattr(nightly.rescan, "rescan", choke)
    with nightly.watcher(city, threading.Event()) as turn:
        ended(turn, lambda: "stopped" in written(caplog))
    assert CANARY not in written(caplog)
    assert failures.noted(city.settings.folder)
    assert all(CANARY not in fault.why for fault in failures.noted(city.settings.folder))


def test_a_part_that_stops_over_a_file_is_not_told_in_the_file_s_words() -> None:
    assert CANARY not in failures.reason(Unreadable(f"« {CANARY} » n’est pas une date."))
    assert "RuntimeError" in failures.reason(RuntimeError(CANARY))


@pytest.mark.parametrize("step", ["draft", "decide_in"])
def test_a_deposit_that_fails_leaves_its_values_in_no_log_and_in_no_table_of_the_job_library(
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    step: str,
) -> None:
    city, deposit = city_with_a_file(tmp_path)
    monkeypatch.setattr(pipeline, step, choke)
    (failed,) = by_worker(city, [deposit.id])
    assert failed.state == "failed"
    said = capfd.readouterr()
    assert CANARY not in written(caplog) + said.out + said.err + failed.message
    kept = [*_cells(city.settings.path("var/jobs.db"))]
    assert any("FaultOfOurs" in text for text in kept), "the library keeps why a step stopped"
    assert not [text for text in kept if CANARY in text]


def test_a_risk_that_cannot_be_measured_leaves_none_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    city, _ = city_with_a_file(tmp_path)
    monkeypatch.setattr(jobs, "LOOK_AGAIN_S", 0.0)
    monkeypatch.setattr(measured_risks, "waiting", lambda conn, limit: ["a" * 64])
    stopped = list[str]()
    monkeypatch.setattr(deciding, "stopped", lambda city, version: stopped.append(version))
    with jobs.worker(city, measuring=choke) as turn:
        ended(lambda: (turn(), None)[1], lambda: bool(stopped))
    assert not [text for text in _cells(city.settings.path("var/jobs.db")) if CANARY in text]


def _cells(path: Path) -> Iterator[str]:
    """Every text of a database, and what it holds once unpacked."""
    with closing(sqlite3.connect(path)) as db:
        for (table,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            for row in db.execute(f'SELECT * FROM "{table}"'):
                for cell in row:
                    text = str(cell)
                    yield text
                    try:
                        yield base64.b64decode(text, validate=True).decode("utf-8", "ignore")
                    except ValueError:
                        continue


def test_the_job_library_is_not_quoted(caplog: pytest.LogCaptureFixture) -> None:
    """It puts a fault into its own sentences too."""
    logger = logging.getLogger("test-dbos-words")
    logger.filters = [jobs.Once()]
    try:
        choke()
    except RuntimeError as fault:
        logger.error(f"Error executing workflow 12: {fault}", exc_info=fault)
    assert written(caplog).startswith("Error executing workflow 12\nRuntimeError")
    assert CANARY not in written(caplog)


def test_a_whole_process_is_discreet(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Loggers that are not ours, threads that die, and what nobody caught."""
    import sys

    for holder, name in (
        (sys, "excepthook"),
        (threading, "excepthook"),
        (sys, "unraisablehook"),
    ):
        monkeypatch.setattr(holder, name, getattr(holder, name))
    before = logging.getLogRecordFactory()
    try:
        traces.discreet(outage)
        try:
            choke()
        except RuntimeError as fault:
            logging.getLogger("some.library").exception("went wrong: %s", fault)
            sys.excepthook(type(fault), fault, fault.__traceback__)
        logging.getLogger("some.library").error("away", exc_info=OSError(28, CANARY))
        dying = threading.Thread(target=choke)
        dying.start()
        dying.join()
    finally:
        logging.setLogRecordFactory(before)
    said = written(caplog) + capsys.readouterr().err
    assert "went wrong: RuntimeError" in said
    assert "Le disque est plein." in said
    assert said.count("from ValueError") == 3
    assert CANARY not in said


@pytest.mark.parametrize("late", [False, True])
def test_a_server_is_given_no_words_of_a_request_that_failed(city: City, late: bool) -> None:
    """What runs the application writes what reaches it into its log."""
    from starlette.requests import Request
    from starlette.responses import StreamingResponse
    from starlette.routing import Route

    from parvis.web.app import create_app

    def endpoint(request: Request) -> Response:
        return StreamingResponse(choke(n) if n else b"a" for n in range(2)) if late else choke()

    app = create_app(city)
    app.router.routes.append(Route("/fautive", endpoint))
    with TestClient(traces.wordless(app)) as client, pytest.raises(traces.FaultOfOurs) as seen:  # pyright: ignore[reportArgumentType]
        client.get("/fautive")
    assert "RuntimeError" in str(seen.value)
    fault: BaseException | None = seen.value
    while fault is not None:
        assert CANARY not in str(fault)
        fault = fault.__cause__ or fault.__context__


# --- the source ---------------------------------------------------------------------------------------------

LEVELS = {"debug", "info", "warning", "error", "critical", "exception", "log"}


def _ways(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Ways to write a fault's own words down: line, and what it is."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names) if any(n.name == "traceback" for n in names):
                yield node.lineno, "traceback"
            case ast.ImportFrom(module="traceback"):
                yield node.lineno, "traceback"
            case ast.Attribute(attr="excepthook" | "unraisablehook"):
                yield node.lineno, "excepthook"
            case ast.Call(keywords=given) if any(k.arg == "exc_info" for k in given):
                yield node.lineno, "exc_info"
            case ast.Call(func=ast.Attribute(attr="exception"), args=[_, *_]):
                yield node.lineno, ".exception()"
            case ast.ExceptHandler(name=str(name)):
                yield from _quoted(node, name)
            case _:
                pass


def _quoted(handler: ast.ExceptHandler, name: str) -> Iterator[tuple[int, str]]:
    """Lines of a handler that give the fault itself to a logger: bare, as text, or in a text."""
    for node in ast.walk(handler):
        if not (
            isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in LEVELS
        ):
            continue
        for given in [*node.args, *(k.value for k in node.keywords)]:
            told = {
                id(n)
                for call in ast.walk(given)
                if isinstance(call, ast.Call) and ast.unparse(call.func) in {"type", "traces.told"}
                for n in ast.walk(call)
            }
            named = {
                id(a.value)
                for a in ast.walk(given)
                if isinstance(a, ast.Attribute) and a.attr in {"reason", "message", "mend"}
            }
            yield from (
                (n.lineno, "the fault among what is logged")
                for n in ast.walk(given)
                if isinstance(n, ast.Name) and n.id == name and id(n) not in told | named
            )


def test_a_fault_is_written_down_in_one_way_only() -> None:
    found = {
        f"{path.relative_to(SOURCE)}:{line} {what}"
        for path in SOURCE.rglob("*.py")
        if path != SOURCE / "core" / "traces.py"
        for line, what in _ways(ast.parse(path.read_text("utf-8")))
    }
    assert not found


@pytest.mark.parametrize(
    "source",
    [
        "import traceback",
        "LOG.error('x', exc_info=True)",
        "LOG.exception('x')",
        "try: f()\nexcept ValueError as w: LOG.error('x %s', w)",
        "try: f()\nexcept ValueError as w: LOG.error(f'x {w}')",
        "try: f()\nexcept ValueError as w: LOG.error('x', str(w))",
        "try: f()\nexcept ValueError as w: LOG.error('x', w.args)",
    ],
)
def test_the_look_at_the_source_sees_it(source: str) -> None:
    assert [*_ways(ast.parse(source))]


def test_the_look_at_the_source_lets_kinds_through() -> None:
    ours = "try: f()\nexcept ValueError as w: LOG.error('x %s %s', type(w).__name__, traces.told(w))"
    assert not [*_ways(ast.parse(ours))]
