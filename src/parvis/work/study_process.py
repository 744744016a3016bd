"""The method of a study at work, in a process of its own: ended by a clock, by a limit of memory, when nobody
waits for it any more, or with the worker that began it.

It speaks through a pipe, in frames of bytes that are never unpickled: a method may read a file that somebody
handed in. It opens nothing of the city and writes nothing.
"""

from __future__ import annotations

import io
import json
import multiprocessing
import os
import resource
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from multiprocessing import connection
from multiprocessing.connection import Connection
from time import monotonic
from typing import Literal

import pyarrow as pa

from parvis.core import errors, traces
from parvis.core.errors import HeldBack, ParvisError
from parvis.core.sentence import Sentence, reread, written
from parvis.inspection import forked
from parvis.inspection.bounds import end_with_parent
from parvis.services.declaration import Tables
from parvis.services.study import Method, Parameters
from parvis.store.processes import resident_mb

FORKS = multiprocessing.get_context("forkserver")

LOOK_S = 0.05
"""Time between two looks at what the process takes."""
NICE = 10
"""Of the process: pages and deposits come first."""
GRACE_S = 5.0
"""Time in which a method that is asked to stop may end by itself."""
DISK_MB = 1_000
"""Largest file that the process may write: what its libraries keep for themselves."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the work may take. seconds: from here on; memory_mb: resident, of the process alone."""

    seconds: float
    memory_mb: int


@dataclass(frozen=True, slots=True)
class Said:
    """One frame: how far it is (JSON), a checkpoint, a table (Arrow IPC), a file; or the end."""

    kind: Literal["progress", "kept", "table", "file", "end"]
    name: str = ""
    data: bytes = b""


_LETTERS: Mapping[str, Literal["progress", "kept", "table", "file", "end"]] = {
    "p": "progress",
    "k": "kept",
    "t": "table",
    "f": "file",
    ".": "end",
}
_TOLD, _FAULT = "e", "!"


class Stopped(Exception):
    """Nobody waits for it any more."""


class Fault(Exception):
    """The method failed: a fault of the program, told by its kind and places, never by its words."""


def working(
    run: Method,
    tables: Tables,
    parameters: Parameters,
    seed: int,
    *,
    checkpoint: bytes,
    bounds: Bounds,
    stopped: Callable[[], bool],
) -> Iterator[Said | None]:
    """What the method says, as it says it, to the end; None where it has said nothing for a moment. checkpoint: the
    checkpoint to go on from.

    Raises the ParvisError that the method raised, HeldBack when it took too long or too much, Stopped,
    Fault. However it is left, the process is gone.
    """
    ours, theirs = FORKS.Pipe(duplex=True)
    arguments = (run, dict(tables), dict(parameters), seed, checkpoint, theirs, bounds)
    process = FORKS.Process(target=_child, args=arguments, daemon=True)
    forked.start(process)
    theirs.close()
    due = monotonic() + bounds.seconds
    try:
        while True:
            if ours.poll(LOOK_S):
                event = _received(ours)
                if event is None:
                    connection.wait([process.sentinel])
                    break
                yield event
                if event.kind == "end":
                    return
            else:
                yield None
            if stopped():
                _ask_to_stop(ours, process.sentinel)
                raise Stopped
            if monotonic() >= due:
                raise _too_long(bounds)
            if resident_mb(process.pid or 0) > bounds.memory_mb:
                raise _too_much(bounds)
    finally:
        code = forked.end(process)
        ours.close()
    raise _died(code, bounds)


def _received(ours: Connection) -> Said | None:
    """The next frame; None when the process died. Raises what the method raised."""
    try:
        frame = ours.recv_bytes()
    except (EOFError, ConnectionResetError):
        return None
    letter, (name, _, data) = chr(frame[0]), frame[1:].partition(b"\0")
    if letter == _FAULT:
        raise Fault(data.decode("utf-8", "replace"))
    if letter == _TOLD:
        raise _error(data)
    return Said(_LETTERS[letter], name.decode("utf-8"), data)


def _error(data: bytes) -> ParvisError:
    document = json.loads(data)
    kind = getattr(errors, str(document["kind"]), None)
    if not (isinstance(kind, type) and issubclass(kind, ParvisError)):
        kind = HeldBack
    return kind(reread(str(document["message"])), mend=reread(str(document["mend"])))


def _ask_to_stop(ours: Connection, sentinel: int) -> None:
    """Say that nobody waits, and read what still comes, so that the process is not stuck in saying it."""
    due = monotonic() + GRACE_S
    try:
        ours.send_bytes(b"stop")
        while monotonic() < due:
            ready = connection.wait([ours, sentinel], timeout=LOOK_S)
            if sentinel in ready:
                return
            if ours in ready:
                ours.recv_bytes()
    except (OSError, EOFError):
        return


def _died(code: int | None, bounds: Bounds) -> Exception:
    """Why a process that said nothing more is gone."""
    if code == -signal.SIGKILL:  # by the system, short of memory: nobody else ends it so
        return _too_much(bounds)
    return Fault(f"the process of a study ended with {code}")


def _too_long(bounds: Bounds) -> HeldBack:
    return HeldBack(
        "Cette étude demande plus de temps qu’il ne lui en est donné : elle a été arrêtée.",
        mend="Réduisez ce qu’elle cherche, ou changez le réglage limits.study_s.",
    )


def _too_much(bounds: Bounds) -> HeldBack:
    return HeldBack(
        Sentence(
            "Cette étude demande plus de {memory_mb} Mo de mémoire : elle a été arrêtée.",
            memory_mb=bounds.memory_mb,
        ),
        mend="Réduisez ce qu’elle lit ou cherche, ou changez le réglage limits.study_memory_mb.",
    )


# --- in the process -----------------------------------------------------------------------------------------


class _Spoken:
    """`Progress` through a pipe."""

    def __init__(self, pipe: Connection, checkpoint: bytes) -> None:
        self._pipe, self._kept = pipe, checkpoint

    @property
    def kept(self) -> bytes:
        return self._kept

    def __call__(self, share: float, step: str = "") -> None:
        document = {"share": min(max(float(share), 0.0), 1.0), "step": step}
        _send(self._pipe, "p", "", json.dumps(document).encode())

    def keep(self, state: bytes) -> None:
        self._kept = bytes(state)
        _send(self._pipe, "k", "", self._kept)


def _send(pipe: Connection, letter: str, name: str, data: bytes) -> None:
    pipe.send_bytes(letter.encode() + name.encode() + b"\0" + data)


def _child(
    run: Method,
    tables: Tables,
    parameters: Parameters,
    seed: int,
    checkpoint: bytes,
    pipe: Connection,
    bounds: Bounds,
) -> None:
    """Work, say what comes of it, and end."""
    _end_with_parent()
    os.nice(NICE)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (DISK_MB * 1_000_000, DISK_MB * 1_000_000))
    try:
        result = run(tables, parameters, seed, _Spoken(pipe, checkpoint), pipe.poll)
        for name in sorted(result.tables):
            _send(pipe, "t", name, packed(result.tables[name]))
        for name in sorted(result.files):
            _send(pipe, "f", name, result.files[name])
        _send(pipe, ".", "", b"")
    except ParvisError as wrong:
        document = {
            "kind": type(wrong).__name__,
            "message": written(wrong.message),
            "mend": written(wrong.mend),
        }
        _send(pipe, _TOLD, "", json.dumps(document).encode())
    except MemoryError:
        too = _too_much(bounds)
        document = {"kind": "HeldBack", "message": written(too.message), "mend": written(too.mend)}
        _send(pipe, _TOLD, "", json.dumps(document).encode())
    except (BrokenPipeError, ConnectionResetError):  # nobody listens any more
        pass
    except Exception as fault:  # noqa: BLE001 (told to the worker, which logs it)
        _send(pipe, _FAULT, "", traces.told(fault).encode())
    pipe.close()
    os._exit(0)


def _end_with_parent() -> None:
    """End when the worker does, even by SIGKILL: at once where the system knows how (Linux), else as soon as
    a thread of ours sees it.
    """
    end_with_parent()
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def packed(table: pa.Table) -> bytes:
    """A table as an Arrow IPC stream: the same bytes for the same rows, however they were chunked."""
    out = io.BytesIO()
    whole = table.combine_chunks().replace_schema_metadata(None)
    with pa.ipc.new_stream(out, whole.schema) as stream:
        stream.write_table(whole)
    return out.getvalue()


def unpacked(data: bytes) -> pa.Table:
    """The table that `packed` wrote."""
    with pa.ipc.open_stream(io.BytesIO(data)) as stream:
        return stream.read_all()
