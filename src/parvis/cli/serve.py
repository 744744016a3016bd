"""`parvis serve` and `parvis worker`: the portal, and the one process that handles deposits."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType
from typing import Annotated
from urllib.parse import urlsplit

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from parvis.cli.city import HERE, Folder, settings
from parvis.cli.commands import Commands, Option
from parvis.cli.output import say
from parvis.cli.port import claim
from parvis.core import origin, traces
from parvis.core.errors import HeldBack, UsageError
from parvis.core.sentence import Sentence
from parvis.core.settings import Settings
from parvis.people import demanded
from parvis.publication.city import open_city
from parvis.store import failures
from parvis.store.database import Moved
from parvis.store.outage import FAULTS, outage
from parvis.work import alerting, jobs, limited_drafting, notices, polling, reminders, service_runs
from parvis.work import nightly as watch

TURN_S = 0.2
OUTAGE_S = 2.0
"""Seconds between two turns while the database or a disk is away."""

AGAIN_S = 2.0
"""Time before a worker that died is started again, the first time; later it is longer."""
END_S = 30.0
"""Time that it has to end when it is asked to."""
STEADY_S = 10.0
"""Time after which a worker that was started again is well."""
WRONG_SETTING = "il s’est arrêté : un réglage est faux, voyez le message ci-dessus."

CONNECTIONS = 4096
"""Of one web process at once, most of them doing nothing: who may have work done is decided by
`web.admission`.
"""

CHORES_EVERY = 18_000
"""Turns between two clean-ups: an hour."""


def register(app: Commands) -> None:
    """Add the commands."""

    @app.declare("serve")
    def serve(
        port: Annotated[int | None, Option(help="Port, sinon celui de serve.port.")] = None,
        workers: Annotated[int, Option(min=1, help="Processus web.")] = 1,
        city: Folder = HERE,
    ) -> None:
        run(settings(city), port=port, workers=workers)

    @app.declare("worker")
    def worker(
        parent: Annotated[
            int, Option(hidden=True, help="S’arrête quand ce processus n’est plus son parent.")
        ] = 0,
        city: Folder = HERE,
    ) -> None:
        work(settings(city), parent=parent)


def run(said: Settings, *, port: int | None = None, workers: int = 1) -> None:
    """Serve until the signal to stop. The database is migrated and the city checked before the first request."""
    if path := urlsplit(said.serve.base_url).path.strip("/"):
        raise UsageError(
            Sentence(
                "serve.base_url a un chemin (« /{path} ») : le portail se sert à la racine d’un nom.",
                path=path,
            ),
            mend="Donnez-lui un nom à lui, par exemple « https://donnees.ville.fr ».",
        )
    origin.proxies(said.serve)
    origin.hosts(said.serve)
    demanded.roles(said.serve)
    number = port or said.serve.port
    claim(said.serve.host, number)
    city = open_city(said)
    alerting.check(city)
    city.db.close()
    os.environ |= {
        "PARVIS_FOLDER": str(said.folder),
        "PARVIS_SERVE_PORT": str(number),
    }  # addresses that we give bear the port that we listen on
    with ExitStack() as stack:
        if said.serve.worker:
            stack.enter_context(_child(said.folder, ["worker", "--parent", str(os.getpid())]))
        say(f"Parvis sert {said.city.name} sur http://{said.serve.host}:{number}/ (arrêt : Ctrl-C)")
        Server(
            "parvis.cli.asgi:application",
            factory=True,
            address=said.serve.host,
            port=number,
            interface=Interfaces.ASGI,
            workers=workers,
            log_level=LogLevels.warning,
            respawn_failed_workers=True,
            workers_kill_timeout=5,
            backpressure=CONNECTIONS,
        ).serve()


@contextmanager
def _child(folder: Path, arguments: Sequence[str]) -> Generator[None]:
    """A process of ours that is started again when it dies, until the `with` ends."""
    stop = threading.Event()
    command = [sys.executable, "-m", "parvis", *arguments, "--city", str(folder)]
    environment = os.environ | {"PARVIS_FOLDER": str(folder)}
    held, began, told = (
        [subprocess.Popen(command, env=environment)],
        [time.monotonic()],
        list[int | None]([None]),
    )

    watched = failures.Watched(folder, "worker", say)

    def look() -> None:
        code = held[0].poll()
        if code is None:
            if time.monotonic() - began[0] > STEADY_S:
                watched.well()
        elif not watched.waits and code is not told[0]:
            watched.failed(
                WRONG_SETTING if code == UsageError.exit_code else f"il s’est arrêté (code {code})."
            )
            told[0] = code
        elif not watched.waits:
            held[0], began[0], told[0] = subprocess.Popen(command, env=environment), time.monotonic(), None

    def watch() -> None:
        while not stop.wait(AGAIN_S / 4):
            try:
                look()
            except OSError as fault:  # no memory, no handle left: it cannot be started now
                watched.failed(fault)

    watching = threading.Thread(target=watch, name="watch", daemon=True)
    watching.start()
    try:
        yield
    finally:
        stop.set()
        watching.join()
        held[0].terminate()
        try:
            held[0].wait(timeout=END_S)
        except subprocess.TimeoutExpired:  # on a busy machine; what it was at goes on in the next one
            held[0].kill()
            held[0].wait()


def work(said: Settings, *, parent: int = 0) -> None:
    """Be the worker, or wait to become it, until SIGTERM, Ctrl-C, or the end of `parent`."""
    traces.discreet(outage)
    stop = threading.Event()

    def leave(number: int, frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)
    city = open_city(said)
    alerting.check(city)
    limited_drafting.ready()
    while not stop.is_set() and not _orphan(parent):
        try:
            with (
                jobs.worker(city, limited_drafting.apart, limited_drafting.measured) as turn,
                polling.poller(city, stop) as poll,
                service_runs.computer(city) as compute,
                watch.watcher(city, stop, limited_drafting.apart, limited_drafting.searched) as night,
                alerting.courier(city, stop) as tell,
                notices.teller(city) as notify,
            ):
                limited_drafting.sweep(city)
                turns, away, moved, waiting = 0, False, Moved(city.db), 0
                while not stop.wait(OUTAGE_S if away else TURN_S) and not _orphan(parent):
                    try:
                        if moved() or waiting:
                            waiting = turn()
                            compute()
                            tell()
                        poll()
                        night()
                        notify()
                        turns += 1
                        if turns % CHORES_EVERY == 1:
                            jobs.chores(city)
                            alerting.chores(city)
                            reminders.remind(city)
                    except FAULTS as fault:
                        away = _is_away(fault, told=away)
                    else:
                        away = False
        except HeldBack:
            stop.wait(1.0)


def _is_away(fault: Exception, *, told: bool) -> bool:
    """True for an outage, which is said once: the worker stays, and looks again until it is over. Raises the
    fault when it is another one.
    """
    down = outage(fault)
    if down is None:
        raise fault
    if not told:
        say(f"{down} Le traitement attend, puis reprendra.")
    return True


def _orphan(parent: int) -> bool:
    return bool(parent) and os.getppid() != parent
