"""A command about one file, in a process of its own: a reader is native code, which no exception stops, and a file
may be made so that it never ends.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from select import select
from time import monotonic

from parvis.cli.output import fault
from parvis.core.errors import ParvisError, UsageError
from parvis.core.limits import Limits
from parvis.inspection import bounds
from parvis.inspection.bounds import Bounds
from parvis.store.processes import resident_mb

LOOK_S = 0.05
"""Time between two looks at what the process takes."""
OURS = 70


def apart(arguments: Sequence[str], lang: str) -> None:
    """Go on in a process of its own. This one waits for its end, and ends with its exit code; or ends it when
    it takes more than `PARVIS_LIMITS_DEPOSIT_S` or `PARVIS_LIMITS_DEPOSIT_MEMORY_MB` say.
    """
    try:
        limits = bounds.commanding(_limits())
    except UsageError as wrong:
        fault(wrong, as_json="--json" in arguments, lang=lang)
        sys.exit(wrong.exit_code)
    folder = _folder()
    process = os.fork()
    if not process:
        bounds.end_with_parent()
        if folder:
            os.environ["TMPDIR"] = folder
        return
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it is the process's too, which tells
    wrong = _watch(process, limits)
    if wrong is not None:
        os.kill(process, signal.SIGKILL)
    code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    if code == -signal.SIGKILL and wrong is None:  # not by us: the system had no memory left
        wrong = bounds.too_much(limits)
    _remove(folder)
    if wrong is None and code >= 0:
        os._exit(code)
    os._exit(_report(wrong, code, arguments, lang))


def _report(wrong: ParvisError | None, code: int, arguments: Sequence[str], lang: str) -> int:
    """Say why the process was ended, or that a library of ours crashed. Returns the exit code."""
    if wrong is None:
        sys.stderr.write(f"Erreur : le programme s’est arrêté (signal {-code}).\n")
        return OURS
    fault(wrong, as_json="--json" in arguments, lang=lang)
    sys.stdout.flush()
    return wrong.exit_code


def _watch(process: int, limits: Bounds) -> ParvisError | None:
    """Wait for the end of a process; why it has to be ended, None when it ended by itself."""
    due = monotonic() + limits.seconds
    handle = os.pidfd_open(process) if hasattr(os, "pidfd_open") else None
    while True:
        if handle is not None:
            ended = bool(select([handle], (), (), LOOK_S)[0])
        else:
            ended = os.waitid(os.P_PID, process, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
            if not ended:
                select((), (), (), LOOK_S)
        if ended:
            return None
        if monotonic() >= due:
            return bounds.too_long(limits)
        if resident_mb(process) > limits.memory_mb:
            return bounds.too_much(limits)


def _limits() -> Limits:
    limits = Limits()
    stated = {
        name: os.environ.get(f"PARVIS_LIMITS_{name}", "") for name in ("DEPOSIT_S", "DEPOSIT_MEMORY_MB")
    }
    try:
        return Limits(
            deposit_s=float(stated["DEPOSIT_S"] or limits.deposit_s),
            deposit_memory_mb=int(stated["DEPOSIT_MEMORY_MB"] or limits.deposit_memory_mb),
        )
    except ValueError as wrong:
        raise UsageError(
            "PARVIS_LIMITS_DEPOSIT_S et PARVIS_LIMITS_DEPOSIT_MEMORY_MB sont des nombres.",
            mend="Exemple : PARVIS_LIMITS_DEPOSIT_S=3600.",
        ) from wrong


def _folder() -> str:
    """For what the process writes in passing: it goes with it, however it ends. "" where there is none."""
    path = os.path.join(os.environ.get("TMPDIR") or "/tmp", f"parvis-{os.urandom(8).hex()}")
    try:
        os.mkdir(path, 0o700)
    except OSError:
        return ""
    return path


def _remove(folder: str) -> None:
    if not folder:
        return
    try:
        os.rmdir(folder)
    except OSError:
        from shutil import rmtree

        with suppress(OSError):
            rmtree(folder)
