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


def slug(text: str, *, limit: int = 80) -> str:
    """A name fit for addresses: ASCII letters, digits and hyphens.

    >>> slug("Stations de vélos — été 2026")
    'stations-de-velos-ete-2026'
    """
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")[:limit].strip("-") or "sans-nom"


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
