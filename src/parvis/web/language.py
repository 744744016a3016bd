"""French first, English second: translations read straight from the `.po` file, and numbers, dates and sizes
as each language writes them.
"""

from __future__ import annotations

import gettext
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_timedelta
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import NumberPattern, format_decimal, format_percent, parse_pattern

from parvis.core.english import english

LOCALES = Path(__file__).parent / "locale"


def mark(message: str) -> str:
    """Mark a French sentence for translation where it is declared; it is translated where it is shown.

    >>> mark("Transports")
    'Transports'
    """
    return message


class French(gettext.NullTranslations):
    """Messages are French in the source: only the plural has to be right (0 and 1 are singular)."""

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return msgid1 if abs(n) < 2 else msgid2


class Errors(gettext.NullTranslations):
    """What errors say, which the other rooms raise in French: asked for what the pages' own sentences do not
    hold.
    """

    def gettext(self, message: str) -> str:
        return english(message)


@dataclass(frozen=True, slots=True)
class Language:
    """How one language says things. prefix: what its addresses begin with."""

    code: str
    name: str
    prefix: str
    locale: Locale
    words: gettext.NullTranslations
    zone: ZoneInfo

    def say(self, message: str, **values: object) -> str:
        """The sentence in this language, with its `%(name)s` filled. An empty message stays empty (gettext
        would answer with its header).
        """
        said = self.words.gettext(message) if message else ""
        return said % values if values else said

    def count(self, one: str, many: str, n: int) -> str:
        """« 1 jeu », « 3 000 jeux »: the right plural, with `%(n)s` written out."""
        return self.words.ngettext(one, many, n) % {"n": self.number(n)}

    def number(self, value: float | None, digits: int | None = None) -> str:
        """A number for people: at most `digits` decimals (default 6). Nothing for None."""
        if value is None:
            return ""
        decimals = 6 if digits is None else digits
        return _pattern("#,##0" + (f".{'#' * decimals}" if decimals else "")).apply(value, self.locale)

    def amount(self, value: float) -> str:
        """An amount of money: two decimals, or none at all.

        >>> language("fr").amount(4602737.6).replace(chr(0x202f), " ")
        '4 602 737,60'
        """
        return format_decimal(value, format="#,##0.00" if value % 1 else "#,##0", locale=self.locale)

    def percent(self, part: float) -> str:
        """A proportion from 0 to 1. What is not whole is never rounded to 0 % or 100 %.

        >>> language("fr").percent(0.9999).replace(chr(0x202f), " ").replace(chr(0xa0), " ")
        '99 %'
        """
        shown = min(max(part, 0.01), 0.99) if 0 < part < 1 else part
        return format_percent(shown, locale=self.locale)

    def day(self, value: date | datetime | None) -> str:
        """A day in words: « 3 mars 2026 »."""
        if value is None:
            return ""
        return format_date(
            value.astimezone(self.zone) if isinstance(value, datetime) and value.tzinfo else value,
            "long",
            locale=self.locale,
        )

    def short_day(self, value: date) -> str:
        """A day in a table cell: « 03/03/2026 »."""
        return format_date(value, "dd/MM/yyyy", locale=self.locale)

    def moment(self, value: datetime, *, seconds: bool = False) -> str:
        """A day and an hour in the city's time zone."""
        clock = "HH:mm:ss" if seconds else "HH:mm"
        return format_datetime(value, f"dd/MM/yyyy {clock}", tzinfo=self.zone, locale=self.locale)

    def ago(self, value: datetime, now: datetime) -> str:
        """How long ago, in words: « il y a 3 jours »."""
        return format_timedelta(min(value - now, timedelta(0)), add_direction=True, locale=self.locale)

    def bytes(self, value: int) -> str:
        """A size: « 1,2 Mo » (decimal units)."""
        units = [self.say(u) for u in (mark("octets"), mark("ko"), mark("Mo"), mark("Go"), mark("To"))]
        size, unit = float(value), 0
        while size >= 999.5 and unit < len(units) - 1:
            size, unit = size / 1000, unit + 1
        return f"{self.number(size, 0 if unit == 0 or size >= 100 else 1)}\u00a0{units[unit]}"


@cache
def _pattern(text: str) -> NumberPattern:
    """How numbers are written, read once: a page writes some hundreds of them."""
    return parse_pattern(text)


def language(code: str, zone: str = "Europe/Paris") -> Language:
    """The language of that code (`fr` or `en`), speaking in the city's time zone."""
    if code == "fr":
        return Language("fr", "Français", "", Locale("fr"), French(), ZoneInfo(zone))
    return Language(code, "English", f"/{code}", Locale(code, "GB"), _words(code), ZoneInfo(zone))


@cache
def _words(code: str) -> gettext.GNUTranslations:
    """The words of a language, read once."""
    with (LOCALES / code / "LC_MESSAGES" / "messages.po").open("rb") as source:
        compiled = io.BytesIO()
        write_mo(compiled, read_po(source, locale=code))
    compiled.seek(0)
    words = gettext.GNUTranslations(compiled)
    words.add_fallback(Errors())
    return words


def languages(zone: str) -> Mapping[str, Language]:
    """All languages by code, French first."""
    return {code: language(code, zone) for code in ("fr", "en")}
