"""What a command says: one JSON object or readable text to standard output, everything else to standard
error.

Rich is loaded when something is drawn: it takes as long as checking a small file, and who asks for JSON draws
nothing.
"""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeVar, cast

from parvis.core.errors import ParvisError
from parvis.core.sentence import FRENCH, mark

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, TaskID

T = TypeVar("T")


def plain(value: object) -> object:
    """The value as JSON has it: dataclasses as objects, dates in ISO 8601."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(v) for v in value]
    return value


def fields(value: object) -> dict[str, object]:
    """A dataclass as JSON has it, for an answer that adds to it."""
    attributes = plain(value)
    if not isinstance(attributes, dict):
        raise TypeError(f"{type(value).__name__} is no dataclass")
    return attributes


def print_json(value: object) -> None:
    """One object, on standard output."""
    sys.stdout.write(json.dumps(plain(value), ensure_ascii=False, indent=2) + "\n")


def _console(*, stderr: bool = False, soft_wrap: bool = False) -> Console:
    from rich.console import Console

    return Console(stderr=stderr, highlight=False, soft_wrap=soft_wrap)


def say(text: str) -> None:
    """A message for the person at the terminal, on standard error."""
    _console(stderr=True, soft_wrap=True).print(text, markup=False)


def show(text: str) -> None:
    """A line of the answer itself, on standard output."""
    _console(soft_wrap=True).print(text, markup=False)


WORD = 16
"""Characters of a word that a column of a table has room for, at most: longer ones are broken."""


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table of the answer, on standard output. On a terminal too narrow for it the last columns are left
    out, and named, before words are broken.
    """
    from rich.table import Table

    console = _console()
    cells = [["" if cell is None else str(cell) for cell in row] for row in rows]
    widths = _widths(columns, cells, console.width) if console.is_terminal else [None] * len(columns)
    drawn = Table(title=title or None, title_justify="left", header_style="bold")
    for name, width in zip(columns, widths, strict=False):
        drawn.add_column(name, overflow="fold", width=width)
    for row in cells:
        drawn.add_row(*row[: len(widths)])
    console.print(drawn)
    if len(widths) < len(columns):
        left = ", ".join(columns[len(widths) :])
        say(f"Colonnes laissées de côté, le terminal étant étroit : {left}. --json les donne.")


def _widths(columns: Sequence[str], cells: Sequence[Sequence[str]], width: int) -> list[int]:
    """Characters of each of the columns, from the first, that stand side by side without breaking a word; of
    the first two at least. What is left over goes to those that would take it.
    """
    held = [(name, *(row[n] for row in cells)) for n, name in enumerate(columns)]
    least = [max(1, min(WORD, max(map(_longest, texts)))) for texts in held]
    beside = len(columns)
    while beside > 2 and sum(least[:beside]) + 3 * beside + 1 > width:
        beside -= 1
    widths, most = least[:beside], [max(map(len, texts)) for texts in held]
    left = width - sum(widths) - 3 * beside - 1
    while left > 0 and (narrow := [n for n in range(beside) if widths[n] < most[n]]):
        for n in narrow[:left]:
            widths[n] += 1
        left -= len(narrow[:left])
    return widths


def _longest(text: str) -> int:
    """Characters of the longest word."""
    return max(map(len, text.split()), default=0)


class Unseen:
    """A progress bar that nobody looks at: what of `rich.progress.Progress` the commands use."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None: ...

    def add_task(self, description: str, *, total: float | None) -> TaskID:
        return cast("TaskID", 0)

    def update(self, task: TaskID, *, completed: float, description: str | None = None) -> None: ...

    def advance(self, task: TaskID) -> None: ...

    def track(self, things: Iterable[T], *, total: float | None = None, description: str) -> Iterable[T]:
        return things


def progress() -> Progress | Unseen:
    """A progress bar on standard error, drawn on a terminal only: nobody waits elsewhere for what draws it."""
    console = _console(stderr=True)
    if not console.is_terminal:
        return Unseen()
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total}"),
        TimeElapsedColumn(),
        console=console,
        transient=True,
    )


def fault(error: ParvisError, *, as_json: bool, lang: str = FRENCH, folders: tuple[Path, ...] = ()) -> None:
    """Tell an error: where, what, how to mend it. lang: the language that was asked for. folders: where its
    translations may lie.
    """
    message, mend, wrong = error.message, error.mend, WRONG
    if lang != FRENCH:
        from parvis.core.language import language

        speaker = language(lang, folders=folders)
        message, mend, wrong = speaker.say(message), speaker.say(mend), speaker.say(WRONG)
    if as_json:
        body = {"ok": False, "error": type(error).__name__, "message": message, "mend": mend}
        extra = {k: v for k in ("line", "limit", "at", "expected") if (v := getattr(error, k, None))}
        print_json(body | extra)
    say(f"{wrong} {message}" + (f"\n→ {mend}" if mend else ""))


WRONG = mark("Erreur :")
