"""Where translations are found: `.po` files by language, read once.

A folder of translations holds `<code>/LC_MESSAGES/*.po`, as gettext has them; all files of a language are one
catalogue, and what lies in a later folder goes before what lies in an earlier one: ours (`SHIPPED`), `locale`
beside the modules of installed packages, then the city's own. French is the language of the source: it needs
no file. A language is there as soon as one file of it is.

A sentence may have a translation of its own for one context (`msgctxt`: the name of a service), and another
one for all else.
"""

from __future__ import annotations

import gettext
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from babel.core import Locale, UnknownLocaleError
from babel.messages.pofile import read_po

from parvis.core import plugins
from parvis.core.sentence import FRENCH

SHIPPED = Path(__file__).parent / "locale"
"""Our own translations."""

Translation = tuple[tuple[str, ...], Callable[[int], int]]
"""The forms of a sentence, and which of them goes with a number."""


class French(gettext.NullTranslations):
    """Messages are French in the source: only the plural has to be right (0 and 1 are singular)."""

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return msgid1 if abs(n) < 2 else msgid2


class Translations(French):
    """One language: what its files hold; French where they lack something. context: whose own translations
    go first.
    """

    def __init__(self, messages: Mapping[tuple[str, str], Translation], context: str = "") -> None:
        super().__init__()
        self._said = messages
        self._context = context

    def of(self, context: str) -> Translations:
        """The same language, as it speaks in that context."""
        return Translations(self._said, context)

    def _lookup(self, message: str) -> Translation | None:
        return self._said.get((self._context, message)) or self._said.get(("", message))

    def holds(self, msgid: str) -> bool:
        """Whether some file says it."""
        return self._lookup(msgid) is not None

    def gettext(self, message: str) -> str:
        translation = self._lookup(message)
        return message if translation is None else translation[0][0]

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        translation = self._lookup(msgid1)
        if translation is None:
            return super().ngettext(msgid1, msgid2, n)
        forms, chosen = translation
        return forms[min(chosen(abs(n)), len(forms) - 1)]


def installed() -> tuple[Path, ...]:
    """The folders that every city has: ours, and those of installed packages."""
    return SHIPPED, *plugins.folders("locale")


@cache
def files(folders: tuple[Path, ...]) -> Mapping[str, tuple[Path, ...]]:
    """The files of each language, in the order of the folders. A folder whose name is no language is not
    looked into.
    """
    by_code: dict[str, tuple[Path, ...]] = {}
    for folder in folders:
        for path in sorted(folder.glob("*/LC_MESSAGES/*.po")):
            code = path.parent.parent.name
            if code != FRENCH and _locale(code):
                by_code[code] = (*by_code.get(code, ()), path)
    return by_code


def _locale(code: str) -> bool:
    try:
        Locale.parse(code)
    except (UnknownLocaleError, ValueError):
        return False
    return True


def translations(code: str, folders: tuple[Path, ...] = (SHIPPED,)) -> French:
    """The words of a language; French for one that no folder holds."""
    return _words(code, files(folders).get(code, ()))


@cache
def _words(code: str, paths: tuple[Path, ...]) -> French:
    """What files say, read once: ours take 0.1 CPU s or more, and cities whose folders hold no file have them in common."""
    messages: dict[tuple[str, str], Translation] = {}
    for path in paths:
        with path.open("rb") as source:
            read = read_po(source, locale=code)
        chosen = gettext.c2py(read.plural_expr)
        for message in read:
            forms = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
            if message.id and forms and all(forms) and not message.fuzzy:
                one = message.id if isinstance(message.id, str) else message.id[0]
                messages[message.context or "", one] = forms, chosen
    return Translations(messages) if paths else French()
