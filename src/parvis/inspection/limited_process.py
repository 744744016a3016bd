"""Work on a file that somebody handed in, in a process of its own: ended by one clock and one limit of memory for
all that it does, or when whoever asked has left. All such processes that one process asked for share a budget of memory.

The process is forked from one that has imported the program and opened nothing, so that it starts at once and
is as quick as a thread. What it leaves is a file; what it raises comes back as the error that it is. It ends
with the process that asked for it.
"""

from __future__ import annotations

import gc
import io
import multiprocessing
import os
import pickle
import resource
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from multiprocessing import connection, forkserver
from pathlib import Path
from time import monotonic
from typing import TypeVar

import duckdb

from parvis.core import errors, traces
from parvis.core.errors import ParvisError, TooSlow, Unreadable
from parvis.core.sentence import restored
from parvis.engine.background import give_way
from parvis.inspection import forked
from parvis.inspection.bounds import Bounds, busy, end_with_parent, engine_full, too_long, too_much
from parvis.inspection.memory_budget import Budget
from parvis.store.outage import outage
from parvis.store.processes import resident_mb

T = TypeVar("T")

FORKS = multiprocessing.get_context("forkserver")

LOOK_S = 0.02
"""Time between two looks at what the process takes."""
TOGETHER = Budget()
"""Of all that this process asks for."""
ANSWER_MB = 64
"""Largest answer that comes back as values."""


class Ended(RuntimeError):
    """A process of ours ended without an answer: a fault of the program, or of a library that it uses."""


def ready(preload: str) -> None:
    """Start the process that others are forked from. It imports a module (some seconds) while this one goes
    on.
    """
    FORKS.set_forkserver_preload([preload])
    forkserver.ensure_running()


def run(
    work: Callable[..., T],
    arguments: Sequence[object],
    *,
    folder: Path,
    bounds: Bounds,
    gone: threading.Event,
    preload: str,
    values: frozenset[type] = frozenset(),
    budget: Budget = TOGETHER,
) -> T:
    """What `work` returns. Blocks.

    work: a function of a module that may be begun again; folder: of its own, where it may write; values: the
    classes that its answer is made of, beside plain values; preload: what the process that it is forked from has
    imported, see `ready`; budget: whose memory it shares. Raises the ParvisError that it raised,
    Unreadable when it took too long or too much, TooSlow when `gone` was set, Busy when others took all the memory
    for as long as it might have worked, Ended for a fault of the program.
    """
    FORKS.set_forkserver_preload([preload])  # the first one that is asked for is there for all
    out = folder / "answer"
    share = budget.enter(bounds.rank)

    def once() -> tuple[int | None, ParvisError | None]:
        out.unlink(missing_ok=True)
        return _run(
            work, arguments, out, bounds, gone, lambda mb: budget.holds(share, mb, bounds.together_mb)
        )

    try:
        code, why = once()
        lost = why is None and code not in ENDED and not out.exists()
        if lost:  # it crashed, or never began: another may do better, and one that does not is our fault
            sys.stderr.write(f"the process of a {bounds.work} ended with {code}: once more\n")
            code, why = once()
        while why is NOT_NOW:
            if not budget.alone(share, bounds.seconds):
                raise busy()
            code, why = once()
    finally:
        budget.leave(share)
    if why is not None:
        raise why
    if not out.exists():  # it is put there whole, as the last thing that the process does
        if code == -signal.SIGALRM:
            raise too_long(bounds)
        if code == -signal.SIGKILL:  # not by us: the system had no memory left
            raise too_much(bounds)
        raise Ended(f"the process of a {bounds.work} ended with {code}")
    if out.stat().st_size > ANSWER_MB * 1_000_000:
        raise Unreadable(
            "Ce fichier a trop de fautes pour être montrées.",
            mend="Vérifiez-en une partie, ou utilisez la commande parvis check.",
        )
    return _opened(out.read_bytes(), values)


def _run(
    work: Callable[..., object],
    arguments: Sequence[object],
    out: Path,
    bounds: Bounds,
    gone: threading.Event,
    holds: Callable[[float], bool],
) -> tuple[int | None, ParvisError | None]:
    """One process, begun and ended: its exit code, and why it was ended if it was."""
    process = FORKS.Process(target=_child, args=(work, tuple(arguments), out, bounds), daemon=True)
    forked.start(process)
    try:
        why = _watch(process.pid or 0, process.sentinel, bounds, gone, holds)
    finally:
        code = forked.end(process)
    return code, why


FAULT = 70
"""Exit code of a process that told a fault of the program."""
ENDED = frozenset({0, FAULT, -signal.SIGALRM, -signal.SIGKILL})
"""Exit codes of a process that ended for a reason that it would have again."""

NOT_NOW = TooSlow("")
"""Others take the memory: it is to be begun again."""


def _watch(
    pid: int, sentinel: int, bounds: Bounds, gone: threading.Event, holds: Callable[[float], bool]
) -> ParvisError | None:
    """Wait for the end of a process; why it has to be ended, None when it ended by itself. holds: whether it may
    go on with what it takes, beside the others.
    """
    due = monotonic() + bounds.seconds
    while not connection.wait([sentinel], timeout=min(LOOK_S, bounds.seconds)):
        if gone.is_set():
            return TooSlow("La connexion a été coupée.")
        if monotonic() >= due:
            return too_long(bounds)
        mb = resident_mb(pid)
        if mb > bounds.memory_mb:
            return too_much(bounds)
        if not holds(mb):
            return NOT_NOW
    return None


# --- in the process -----------------------------------------------------------------------------------------


def _child(work: Callable[..., object], arguments: tuple[object, ...], out: Path, bounds: Bounds) -> None:
    if bounds.aside:
        give_way(bounds.nice)
    else:
        os.nice(bounds.nice)
    end_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.setitimer(signal.ITIMER_REAL, bounds.seconds + 5)  # nobody is left to end it: SIGALRM does
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (bounds.file_mb * 1_000_000, bounds.file_mb * 1_000_000))
    gc.freeze()
    try:
        outcome: tuple[str, object] = ("done", work(*arguments))
    except ParvisError as wrong:
        outcome = _as_error(wrong)
    except MemoryError:
        outcome = ("told", ("Unreadable", dict(_attributes(too_much(bounds)))))
    except duckdb.OutOfMemoryException:
        outcome = ("told", ("Unreadable", dict(_attributes(engine_full()))))
    except Exception as fault:  # noqa: BLE001
        down = outage(fault)  # told here: in the process that asked there is no cause to look behind
        if down is None:
            sys.stderr.write(traces.told(fault) + "\n")
            os._exit(FAULT)
        outcome = _as_error(down)
    written = out.with_name("answer.part")
    written.write_bytes(pickle.dumps(outcome, protocol=5))
    written.replace(out)
    os._exit(0)  # what the process has open goes with it


def _as_error(wrong: ParvisError) -> tuple[str, object]:
    kind = next(k for k in type(wrong).__mro__ if k.__module__ == errors.__name__)
    return "told", (kind.__name__, dict(_attributes(wrong)))


def _attributes(wrong: ParvisError) -> Iterator[tuple[str, object]]:
    for name in ("message", "mend", "line", "limit", "wait_s"):
        value = getattr(wrong, name, None)
        if isinstance(value, (str, int)):
            yield name, value


class _Values(pickle.Unpickler):
    """Reads plain values, sentences and those of known classes, whatever the file made of the process that wrote them."""

    def __init__(self, pickled: bytes, known: Mapping[tuple[str, str], Callable[..., object]]) -> None:
        super().__init__(io.BytesIO(pickled))
        self._known = known

    def find_class(self, module_name: str, global_name: str, /) -> Callable[..., object]:
        try:
            return self._known[module_name, global_name]
        except KeyError:
            raise pickle.UnpicklingError(f"not a value of an answer: {module_name}.{global_name}") from None


def _opened(pickled: bytes, values: frozenset[type]) -> T:  # pyright: ignore[reportInvalidTypeVarUse] (the work's own type)
    known = {(v.__module__, v.__qualname__): v for v in (*values, restored)}
    kind, value = _Values(pickled, known).load()
    if kind == "done":
        return value
    name, attributes = value
    raised = getattr(errors, name, None)
    if not (isinstance(raised, type) and issubclass(raised, ParvisError)):
        raised = Unreadable
    wrong = raised(str(attributes.get("message", "")), mend=str(attributes.get("mend", "")))
    for key, said_value in attributes.items():
        setattr(wrong, key, said_value)
    raise wrong
