"""Column types that mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from sqlalchemy import DateTime, Dialect, Text
from sqlalchemy.types import TypeDecorator

from parvis.core import sentence

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
"""What PostgreSQL refuses in a text (NUL) and what is no Unicode character (lone surrogates, left by file
names of other systems).
"""


class Instant(TypeDecorator[datetime]):
    """A moment: aware going in, UTC coming out, to the microsecond. A naive datetime is refused with
    ValueError: nobody knows what it means.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.utcoffset() is None:
            raise ValueError(f"a moment needs a time zone: {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class SentenceText(TypeDecorator[str]):
    """A sentence for people: a sentence with what stands in its places, so that it is said again in any
    language. Plain texts, and those of before sentences were kept, come out as they are.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else _UNSTORABLE.sub("\ufffd", sentence.written(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else sentence.reread(value)


class Words(TypeDecorator[str]):
    """Text and ids. What no database can hold becomes U+FFFD: a hostile file name is kept, a hostile address
    (`/jeux/%00`) finds nothing, without an error.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else _UNSTORABLE.sub("\ufffd", value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return value
