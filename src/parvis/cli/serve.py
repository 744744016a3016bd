"""`parvis serve`: the portal, with the process that handles deposits as its child."""

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
from typing import Annotated
from urllib.parse import urlsplit

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from parvis.administration import first_run
from parvis.cli.city import HERE, Folder, settings
from parvis.cli.commands import Commands, Option
from parvis.cli.output import say
from parvis.cli.port import claim
from parvis.core import origin
from parvis.core.errors import UsageError
from parvis.core.sentence import Sentence
from parvis.core.settings import Settings
from parvis.people import demanded
from parvis.publication.city import open_city
from parvis.store import failures
from parvis.work import alerting

SOON_S = 0.5
"""Time between two looks whether the city has its first account."""
ANEW_S = 20.0
"""Time that a web process has to open its city before the one that it takes the place of ends."""
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


def register(app: Commands) -> None:
    """Add the command."""

    @app.declare("serve")
    def serve(
        port: Annotated[int | None, Option(help="Port, sinon celui de serve.port.")] = None,
        workers: Annotated[int, Option(min=1, help="Processus web.")] = 1,
        city: Folder = HERE,
    ) -> None:
        run(settings(city), port=port, workers=workers)


def run(config: Settings, *, port: int | None = None, workers: int = 1) -> None:
    """Serve until the signal to stop. The database is migrated and the city checked before the first request."""
    if path := urlsplit(config.serve.base_url).path.strip("/"):
        raise UsageError(
            Sentence(
                "serve.base_url a un chemin (« /{path} ») : le portail se sert à la racine d’un nom.",
                path=path,
            ),
            mend="Donnez-lui un nom à lui, par exemple « https://donnees.ville.fr ».",
        )
    origin.proxies(config.serve)
    origin.hosts(config.serve)
    demanded.roles(config.serve)
    number = port or config.serve.port
    claim(config.serve.host, number)
    city = open_city(config)
    alerting.check(city)
    first = first_run.offer(city)
    city.db.close()
    os.environ |= {
        "PARVIS_FOLDER": str(config.folder),
        "PARVIS_SERVE_PORT": str(number),
    }  # addresses that we give bear the port that we listen on
    with ExitStack() as stack:
        again = threading.Event()
        if config.serve.worker:
            stack.enter_context(_child(config.folder, ["worker", "--parent", str(os.getpid())], again))
        if first:
            here = config.serve.base_url or f"http://{config.serve.host}:{number}"
            say(f"Première visite, pendant 24 heures et une seule fois : {here}/premiere-visite?lien={first}")
            stack.enter_context(_first_run(config, again))
        say(f"Parvis sert {config.city.name} sur http://{config.serve.host}:{number}/ (arrêt : Ctrl-C)")
        Server(
            "parvis.cli.asgi:application",
            factory=True,
            address=config.serve.host,
            port=number,
            interface=Interfaces.ASGI,
            workers=workers,
            log_level=LogLevels.warning,
            respawn_failed_workers=True,
            workers_kill_timeout=5,
            respawn_interval=ANEW_S,
            backpressure=CONNECTIONS,
        ).serve()


@contextmanager
def _first_run(config: Settings, again: threading.Event) -> Generator[None]:
    """Until the `with` ends, wait for the city to have its first account: its settings were written then, and every
    process of ours reads them anew.
    """
    stop, file = threading.Event(), first_run.link_file(config)

    def watch() -> None:
        while not stop.wait(SOON_S):
            if not file.exists():
                again.set()
                os.kill(os.getpid(), signal.SIGHUP)  # the server starts its web processes anew, one by one
                return

    watching = threading.Thread(target=watch, name="first-run", daemon=True)
    watching.start()
    try:
        yield
    finally:
        stop.set()
        watching.join()


@contextmanager
def _child(folder: Path, arguments: Sequence[str], again: threading.Event) -> Generator[None]:
    """A process of ours that is started again when it dies, or when `again` is set, until the `with` ends."""
    stop = threading.Event()
    command = [sys.executable, "-m", "parvis", *arguments, "--city", str(folder)]
    environment = os.environ | {"PARVIS_FOLDER": str(folder)}
    held, began, reported = (
        [subprocess.Popen(command, env=environment)],
        [time.monotonic()],
        list[int | None]([None]),
    )

    watched = failures.Watched(folder, "worker", say)

    def look() -> None:
        if again.is_set():
            again.clear()
            held[0].terminate()
            held[0].wait(timeout=END_S)
            held[0], began[0], reported[0] = (
                subprocess.Popen(command, env=environment),
                time.monotonic(),
                None,
            )
            return
        code = held[0].poll()
        if code is None:
            if time.monotonic() - began[0] > STEADY_S:
                watched.well()
        elif not watched.waits and code is not reported[0]:
            watched.failed(
                WRONG_SETTING if code == UsageError.exit_code else f"il s’est arrêté (code {code})."
            )
            reported[0] = code
        elif not watched.waits:
            held[0], began[0], reported[0] = (
                subprocess.Popen(command, env=environment),
                time.monotonic(),
                None,
            )

    def watch() -> None:
        while not stop.wait(AGAIN_S / 4):
            try:
                look()
            except subprocess.TimeoutExpired:  # on a busy machine: asked again
                again.set()
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
