"""How a language says things: its words, and numbers, dates and sizes as it writes them. French first; what
a language lacks stays French.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import NumberPattern, format_decimal, format_percent, parse_pattern

from parvis.core.sentence import FRENCH, Sentence, Spoken, mark
from parvis.core.settings import Settings
from parvis.core.translations import French, Translations, files, installed, translations

__all__ = ["Language", "language", "languages", "mark"]


@dataclass(frozen=True, slots=True)
class Language:
    """How one language says things. prefix: what its addresses begin with."""

    code: str
    name: str
    prefix: str
    locale: Locale
    words: French
    zone: ZoneInfo

    def say(self, message: str, **values: object) -> str:
        """The sentence in this language: a `Spoken` as it knows itself, a msgid with its `%(name)s` filled. An
        empty message stays empty (gettext would answer with its header).
        """
        if isinstance(message, Spoken):
            return message.said_in(self)
        translated = self.words.gettext(message) if message else ""
        return translated % values if values else translated

    @property
    def french(self) -> Language:
        """French, in the same time zone."""
        return language(FRENCH, self.zone.key)

    def of(self, context: str) -> Language:
        """The same language, with the translations that a context has of its own: the name of a service."""
        return replace(self, words=self.words.of(context)) if isinstance(self.words, Translations) else self

    def translated(self, msgid: str, many: str = "", n: int = 0) -> str:
        """The sentence with its places open; "" when no translation holds it."""
        if not isinstance(self.words, Translations) or not self.words.holds(msgid):
            return ""
        return self.words.ngettext(msgid, many, n) if many else self.words.gettext(msgid)

    def knows(self, message: str) -> bool:
        """Whether it has words of its own for a sentence: French has them all."""
        if self.code == FRENCH:
            return True
        return (message if isinstance(message, Spoken) else Sentence(message)).known_to(self)

    def either(self, french: str, english: str) -> str:
        """A text of a vocabulary that brings both: English as it is there, any other language by its
        translation of the French.
        """
        return english if self.code == "en" else self.say(french)

    def count(self, one: str, many: str, n: int, **values: object) -> str:
        """« 1 jeu », « 3 000 jeux »: the right plural, with `%(n)s` written out, and what else it names."""
        return self.words.ngettext(one, many, n) % {"n": self.number(n), **values}

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
        bounded = min(max(part, 0.01), 0.99) if 0 < part < 1 else part
        return format_percent(bounded, locale=self.locale)

    def day(self, value: date | datetime | None) -> str:
        """A day in words: « 3 mars 2026 », « 1er mars 2026 »."""
        if value is None:
            return ""
        text = format_date(
            value.astimezone(self.zone) if isinstance(value, datetime) and value.tzinfo else value,
            "long",
            locale=self.locale,
        )
        return f"1er{text[1:]}" if self.code == FRENCH and text.startswith("1 ") else text

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


def language(code: str, zone: str = "Europe/Paris", folders: tuple[Path, ...] = ()) -> Language:
    """The language of that code, speaking in the city's time zone; French for one that is not there. folders:
    where translations lie beside our own.
    """
    where = (*installed(), *folders)
    if code not in files(where):
        return Language(FRENCH, "Français", "", Locale(FRENCH), translations(FRENCH), ZoneInfo(zone))
    locale = Locale(code, "GB") if code == "en" else Locale.parse(code)
    name = (locale.get_language_name(code) or code).capitalize()
    return Language(code, name, f"/{code}", locale, translations(code, where), ZoneInfo(zone))


def language_of(settings: Settings, code: str) -> Language:
    """The language of that code as a city speaks it: in its time zone, with its own translations."""
    return language(code, settings.city.timezone, settings.translations)


def languages(zone: str, folders: tuple[Path, ...] = ()) -> Mapping[str, Language]:
    """All languages by code, French first: those whose `.po` files lie in a folder of ours, of an installed package,
    or in the others.
    """
    return {code: language(code, zone, folders) for code in (FRENCH, *files((*installed(), *folders)))}
