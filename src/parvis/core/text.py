"""French text: folding, slugs, and how numbers and dates are written for people."""

from __future__ import annotations

import re
import unicodedata

_ACCENTS = re.compile("[\u0300-\u034e\u0350-\u036f]")
"""The combining marks of European letters (U+034F is none)."""
_LIGATURES = str.maketrans({"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "’": "'", "ʼ": "'"})


def fold(text: str) -> str:
    """Lower case, without accents or ligatures, typographic apostrophes made plain.

    >>> fold("L’Élève à l’Œuvre")
    "l'eleve a l'oeuvre"
    """
    if text.isascii():  # nothing to fold, and most cells are
        return text.lower()
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", text.translate(_LIGATURES)))
    if plain.isascii():
        return plain.lower()
    return "".join(c for c in plain if not unicodedata.combining(c)).lower()


_TOKEN = re.compile(r"[^\W_]+")


def tokens(text: str) -> list[str]:
    """The runs of letters and digits of a text, folded.

    >>> tokens("L’été, n° 12")
    ['l', 'ete', 'n', '12']
    """
    return _TOKEN.findall(fold(text))


_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def printable(text: str) -> str:
    """A text without what XML has no way to write: most control characters."""
    return _UNWRITABLE.sub("", text)


def visible(text: str) -> str:
    """A text without what nobody sees: control characters but the end of a line, and marks of format, which turn what
    follows round or make two texts look the same (Unicode general categories Cc, Cf, Co, Cs).

    >>> visible("https://ville.example/\\u202egro.tnahcem"), visible("a\\x1b[1m\\n12 €")
    ('https://ville.example/gro.tnahcem', 'a[1m\\n12 €')
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(c for c in text if c == "\n" or unicodedata.category(c) not in _UNSEEN)


_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs"})


def one_line(text: str, limit: int = 200) -> str:
    """A text on one line, of what is seen of it.

    >>> one_line("Vélos\\n\\nOuvrez  https://ailleurs.example"), one_line("\\u200bVélos")
    ('Vélos Ouvrez https://ailleurs.example', 'Vélos')
    """
    return " ".join(visible(" ".join(text.split())).split())[:limit]


def slug(text: str, *, limit: int = 80) -> str:
    """A name fit for addresses: ASCII letters, digits and hyphens.

    >>> slug("Stations de vélos — été 2026")
    'stations-de-velos-ete-2026'
    """
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")[:limit].strip("-") or "sans-nom"


_NUMBERED = re.compile(r"\[([^|\]\[]*)(?:\|([^\]\[]*))?\]")


def numbered(template: str) -> tuple[str, str]:
    """A sentence for one thing and for several: of `[one|many]` one of the two, and `[s]` for several only.

    >>> numbered("{n} date[s] qui [n’est|ne sont] pas ici.")
    ('{n} date qui n’est pas ici.', '{n} dates qui ne sont pas ici.')
    """

    def several(form: re.Match[str]) -> str:
        return form[1] if form[2] is None else form[2]

    return _NUMBERED.sub(lambda f: "" if f[2] is None else f[1], template), _NUMBERED.sub(several, template)


def in_number(count: int, template: str, **values: object) -> str:
    """A sentence with its `{n}`, as `numbered` reads it.

    >>> in_number(1, "{n} ligne[s] vide[s]."), in_number(1200, "{n} ligne[s] vide[s].")
    ('1 ligne vide.', '1\u202f200 lignes vides.')
    """
    return numbered(template)[abs(count) > 1].format(n=french_number(count), **values)


def counted(count: int, one: str, many: str) -> str:
    """A count before the words that it makes singular or plural.

    >>> counted(1, "ligne vide", "lignes vides"), counted(2, "ligne vide", "lignes vides")
    ('1 ligne vide', '2 lignes vides')
    """
    return f"{count} {one if abs(count) < 2 else many}"


def french_number(value: float, digits: int | None = None) -> str:
    """A number as French people write it: narrow no-break space between thousands, decimal comma.

    >>> french_number(1234567.5, 1)
    '1\\u202f234\\u202f567,5'
    """
    formatted = (
        f"{value:,.{digits}f}"
        if digits is not None
        else (f"{value:,}" if isinstance(value, int) else f"{value:,.10g}")
    )
    return formatted.replace(",", "\u202f").replace(".", ",")
