"""The answer about a file of a standard of its own: what the standard says of it, and, when it was not asked
for by name, what each table lets expect.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from parvis.checks.answer import Answer, Examined, Fault, Unchecked, answer
from parvis.core.errors import Unreadable
from parvis.core.sentence import IN_FRENCH, Speaker
from parvis.core.settings import Limits
from parvis.inspection import file_check
from parvis.inspection.standards import judge


def answered(
    file: Path,
    standard: str,
    *,
    name: str = "",
    limit: int = 100,
    language: Speaker = IN_FRENCH,
    limits: Limits | None = None,
    now: datetime | None = None,
) -> Answer | None:
    """What is wrong with a file or a folder by its standard; None when no standard is asked for nor
    recognised.

    standard: `gtfs`, `bal-1.5`, the path of a JSON Schema…, "" to go by the content. Raises Unreadable.
    """
    judged = judge(
        file, name=name, standard=standard, now=now or datetime.now(UTC), limits=limits, limit=limit
    )
    if judged is None:
        return None
    tables = (
        () if standard or file.is_dir() or not judged.domain.tables else _tables(file, name, limit, limits)
    )
    whole = Examined("", (), judged.outcome.rows, judged.outcome.findings, judged.checked)
    result = answer((whole, *tables), schema=judged.name, language=language)
    return replace(
        result,
        rows=sum(t.rows for t in tables) or judged.outcome.rows,
        errors=tuple(map(_placed, result.errors)),
        warnings=tuple(map(_placed, result.warnings)),
        notes=tuple(map(_placed, result.notes)),
        unchecked=(*result.unchecked, *(Unchecked("", what) for what in judged.outcome.not_checked)),
    )


def _placed(one: Fault) -> Fault:
    """The fault with the file, or the resource, that its rows lie in."""
    return one if one.table or not one.rows else replace(one, table=one.rows[0].table)


def _tables(file: Path, name: str, limit: int, limits: Limits | None) -> tuple[Examined, ...]:
    """What each table lets expect; nothing for what holds no table (a catalogue)."""
    try:
        with file_check.opened(file, name=name, limits=limits) as desk:
            return file_check.examined(desk, file_check.CheckRequest(limit=limit))
    except Unreadable:
        return ()
