"""What a text says once the dress of machines is taken off: percent signs of addresses (RFC 3986), base64 and base16
(RFC 4648) also in `data:` addresses (RFC 2397), words of mail headers (RFC 2047), escapes of JSON (RFC 8259), entities
of pages, letters set apart one by one, numbers in words.

Nothing is sought here: a text that is dressed is given back as it reads, and searched like any other.
"""

from __future__ import annotations

import base64
import binascii
import html
import json
import re
from email.errors import HeaderParseError
from email.header import decode_header
from urllib.parse import unquote_plus

from parvis.privacy.number_words import in_digits

_PERCENT = re.compile("%[0-9A-Fa-f]{2}")
_ENTITY = re.compile("&(?:#[0-9]{2,6}|#x[0-9A-Fa-f]{2,5}|[A-Za-z]{2,8});")
_BASE64 = re.compile(r"(?>[A-Za-z0-9+/]{4}|[A-Za-z0-9_-]{4}){3,}(?:[A-Za-z0-9+/_-]{2,3}={0,2})?")
_GIVEN = re.compile(r"(?<==)[A-Za-z0-9+/_-]{12,}={0,2}(?![A-Za-z0-9])")
"""What an address gives to a page, where it is base64."""
_IN_DATA = re.compile(r"(?<=;base64,)[A-Za-z0-9+/_-]{8,}={0,2}")
_BASE16 = re.compile(r"(?=[0-9]*[A-Fa-f])(?:[0-9A-Fa-f]{2}){6,}")
_MAILED = re.compile(r"=\?[\w-]{2,20}\?[BbQq]\?[^?\s]+\?=")
_ESCAPED = re.compile(r"(?:\\u[0-9A-Fa-f]{4})+")
_RUN = re.compile(r"(?<![\w’'])(?:[^\W\d_] ){3,}[^\W\d_](?!\w)")
"""Letters set apart beside words that are not."""
_SPACED = re.compile(r"(?:[^\W\d_][ .·_-]+){2,}[^\W\d_]\.?")
_ALIKE = {
    "0": "OoОоΟο", "1": "lIІіΙӀ|", "2": "ƧϨ", "3": "ЗзƷӠ", "5": "Ƽ", "6": "б", "8": "Ȣȣ",
}  # fmt: skip
"""Letters that look like digits (Unicode, UTS 39, confusables)."""
_LOOKS_LIKE = str.maketrans({letter: digit for digit, letters in _ALIKE.items() for letter in letters})
_LETTERS_ALIKE = "".join(_ALIKE.values())
_MISTYPED = re.compile(
    rf"(?<!\w)(?=[0-9 .-]*[{_LETTERS_ALIKE}]|[A-Z]{{2}})(?:FR|MC)?(?:[0-9{_LETTERS_ALIKE}][ .-]?){{9,27}}(?!\w)"
)
"""A number in which some digit is the letter that looks like it."""
_SEPARATORS = frozenset(" .·_-")
_GAP = re.compile(r"[ .·_-]+")
_READABLE = re.compile(r"[\w\s.,;:!?'’\"«»()\[\]{}@+/&%=<>°€*#|~-]*")

LEAST_DIGITS = 6
"""Digits of a number of which the others may be letters that look like them."""
DEEPEST = 3
"""Dresses one over the other that are taken off."""


def decoded(text: str) -> str:
    """A text as it reads, "" where it wears no dress.

    >>> decoded("marie.durand%40orange.fr"), decoded("TWFyaWUgRHVyYW5k"), decoded("D U R A N D"), decoded("Ren&eacute;e")
    ('marie.durand@orange.fr', 'Marie Durand', 'DURAND', 'Renée')
    >>> decoded("https://ville.example/?u=bWFyaWVAZXhhbXBsZS5mcg==")
    'https://ville.example/?u=marie@example.fr'
    >>> decoded("data:text/plain;base64,TWFyaWUgRHVyYW5k"), decoded("6d6172696540782e6672"), decoded("=?utf-8?Q?Ren=C3=A9e?=")
    ('data:text/plain;base64,Marie Durand', 'marie@x.fr', 'Renée')
    >>> decoded('{"a": "marie\\\\u0040x.fr"}'), decoded("D U R A N D Marie"), decoded("20240131123456")
    ('{"a": "marie@x.fr"}', 'DURAND Marie', '')
    >>> decoded("zéro six douze trente-quatre cinquante-six soixante-dix-huit")
    '0612345678'
    >>> decoded("Marie Durand"), decoded("A B"), decoded("5 % 20"), decoded("deadbeefdeadbeef")
    ('', '', '', '')
    """
    if (
        "=" not in text
        and "%" not in text
        and "&" not in text
        and "\\" not in text
        and text[1:2] not in _SEPARATORS
        and text[-2:-1] not in _SEPARATORS
        and (len(text) < 12 or " " in text)
    ):  # most cells: told apart at once
        read = in_digits(text)
        return "" if read == text else read
    read = in_digits(text)
    for _ in range(DEEPEST):
        bare = _undressed(read.strip())
        if bare == read.strip():
            break
        read = bare
    return "" if read == text else read


def mistyped(text: str) -> str:
    """A text whose number is as it is meant, where letters stand for the digits that they look like; "" for any other
    text. One alone may be the code of something: a whole column is not.

    >>> mistyped("O6 l2 34 56 78"), mistyped("Oui"), mistyped("06 12 34 56 78"), mistyped("voir Об12345678 svp")
    ('06 12 34 56 78', '', '', 'voir 0612345678 svp')
    """
    if sum(map(str.isdigit, text)) < LEAST_DIGITS:
        return ""
    meant = _MISTYPED.sub(_as_meant, text)
    return "" if meant == text else meant


def _as_meant(run: re.Match[str]) -> str:
    return run[0].translate(_LOOKS_LIKE) if sum(map(str.isdigit, run[0])) >= LEAST_DIGITS else run[0]


def spelt(text: str) -> bool:
    """Whether a text is written letter by letter: « D U R A N D »."""
    return len(text) >= 5 and text[1] in _SEPARATORS and _SPACED.fullmatch(text) is not None


def _undressed(text: str) -> str:
    if "%" in text and _PERCENT.search(text):
        return unquote_plus(text, errors="replace")
    if "&" in text and _ENTITY.search(text):
        return html.unescape(text)
    if spelt(text):
        return " ".join(_GAP.sub("", word) for word in re.split(r" {2,}", text))
    if _RUN.search(text):
        return _RUN.sub(lambda m: m[0].replace(" ", ""), text)
    if "\\u" in text and _ESCAPED.search(text):
        return _ESCAPED.sub(lambda m: _plain(str(json.loads(f'"{m[0]}"'))), text)
    if _MAILED.search(text):
        return _MAILED.sub(lambda m: _of_mail(m[0]), text)
    if ";base64," in text:
        return _IN_DATA.sub(lambda m: _of_base64(m[0]) or m[0], text)
    if len(text) >= 12 and _BASE16.fullmatch(text):
        return _of_base16(text) or text
    if len(text) >= 12 and " " not in text and _BASE64.fullmatch(text):
        return _of_base64(text) or text
    if "=" in text:
        return _GIVEN.sub(lambda m: _of_base64(m[0].rstrip("=")) or m[0], text)
    return text


def _plain(text: str) -> str:
    """Without halves of characters, which no encoding has."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _of_mail(word: str) -> str:
    """What a word of a mail header says, itself where it says nothing."""
    try:
        ((text, charset),) = decode_header(word)
        return text.decode(charset or "ascii") if isinstance(text, bytes) else text
    except (HeaderParseError, LookupError, ValueError):
        return word


def _of_base16(text: str) -> str:
    """As `_of_base64`: hashes decode to noise."""
    try:
        read = bytes.fromhex(text).decode("utf-8")
    except ValueError:
        return ""
    return read if _READABLE.fullmatch(read) and any(map(str.isalpha, read)) else ""


def _of_base64(text: str) -> str:
    """The text that base64 holds, "" where it holds none: words of UTF-8, with a gap between them. Hashes and
    codes decode to noise.
    """
    try:
        bare = text.rstrip("=")
        read = base64.b64decode(
            bare + "=" * (-len(bare) % 4),
            altchars=b"-_" if "-" in bare or "_" in bare else None,
            validate=True,
        ).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return ""
    return read if _READABLE.fullmatch(read) and any(map(str.isalpha, read)) else ""
