"""What a fault of the program leaves behind in a log: its kinds and the places that it came through, never its own
words, which may quote a cell of somebody's table ("could not convert string to float: '06 41 50 70 90'").

`told` is the one way to write a fault down; `discreet` has this process write no other, whoever logs it: the job
library, the server, the interpreter itself when a thread dies.
"""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from collections.abc import Awaitable, Callable, Iterator
from types import TracebackType
from typing import Any

PLACES = 40
"""Of one fault, the last ones."""
FAULTS = 20
"""Of one chain and its groups."""


def told(fault: BaseException) -> str:
    """A fault and those that it came from, the first cause last: a line for each kind, a line for each place.

    >>> try: float("06 41 50 70 90")
    ... except ValueError as fault: told(fault).splitlines()[0], "06" in told(fault)
    ('ValueError', False)
    """
    return "\n".join(_lines(fault))


def _lines(fault: BaseException) -> Iterator[str]:
    waiting, seen = [fault], set[int]()
    while waiting and len(seen) < FAULTS:
        each = waiting.pop(0)
        if id(each) in seen:
            continue
        seen.add(id(each))
        kind = type(each)
        yield ("" if each is fault else "from ") + (
            kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
        )
        yield from _places(each.__traceback__)
        if isinstance(each, BaseExceptionGroup):
            waiting += each.exceptions
        cause = each.__cause__ or (None if each.__suppress_context__ else each.__context__)
        if cause is not None:
            waiting.append(cause)


def _places(trace: TracebackType | None) -> Iterator[str]:
    frames = [*traceback.walk_tb(trace)]
    if len(frames) > PLACES:
        yield f"  ({len(frames) - PLACES} before)"
    for frame, line in frames[-PLACES:]:
        yield f"  {_module(frame.f_code.co_filename)}:{line} {frame.f_code.co_qualname}"


def _module(file: str) -> str:
    """Of a file of code, what tells which one it is: no folder of the machine."""
    for root in ("/site-packages/", "/src/", "/python3"):
        _, match, rest = file.rpartition(root)
        if match:
            return rest if root != "/python3" else rest.partition("/")[2]
    return file.rpartition("/")[2]


# --- the whole process --------------------------------------------------------------------------------------


def discreet(brief: Callable[[BaseException], object | None] = lambda fault: None) -> None:
    """From now on this process writes down what a fault is and where, not what it says: in every record of
    every logger, for threads that die, and for what nobody caught.

    brief: the sentence that stands for a fault that is known, such as an outage, in place of its trace.
    """
    record_factory = logging.getLogRecordFactory()

    def factory(*given: Any, **named: Any) -> logging.LogRecord:
        return without_words(record_factory(*given, **named), brief)

    logging.setLogRecordFactory(factory)
    sys.excepthook = _uncaught
    threading.excepthook = lambda died: _uncaught(died.exc_type, died.exc_value, died.exc_traceback)
    sys.unraisablehook = lambda lost: _uncaught(lost.exc_type, lost.exc_value, lost.exc_traceback)


def without_words(
    record: logging.LogRecord, brief: Callable[[BaseException], object | None] = lambda fault: None
) -> logging.LogRecord:
    """A record whose fault is told by kind and place, in its text and among its arguments."""
    fault = record.exc_info[1] if record.exc_info else None
    if fault is not None:
        known = brief(fault)
        record.exc_info, record.exc_text = None, told(fault) if known is None else str(known)
    if isinstance(record.args, tuple):
        record.args = tuple(type(a).__name__ if isinstance(a, BaseException) else a for a in record.args)
    return record


def _uncaught(kind: type[BaseException], fault: BaseException | None, trace: TracebackType | None, /) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    sys.stderr.write((told(fault) if fault is not None else kind.__qualname__) + "\n")


class FaultOfOurs(Exception):
    """A request failed by a fault of the program; what it was is told by kind and place."""


Message = dict[str, Any]
Application = Callable[[Any, Callable[[], Awaitable[Any]], Callable[[Any], Awaitable[None]]], Awaitable[None]]


def wordless(application: Application) -> Application:
    """An ASGI application whose faults reach the server without their words: servers log what they are given."""

    async def answer(
        scope: Any, receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]
    ) -> None:
        try:
            await application(scope, receive, send)
        except Exception as fault:  # noqa: BLE001
            traced = told(fault)
        else:
            return
        raise FaultOfOurs(traced)  # outside of the handler: nothing is chained to it

    return answer
