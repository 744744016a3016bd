"""What two spellings of one thing have in common."""

from __future__ import annotations

import re

from parvis.core.text import fold


def key(value: str) -> str:
    """A text without case, accents, punctuation or superfluous blanks.

    >>> key("  L’École   Jean-Moulin ") == key("l'ecole jean moulin")
    True
    """
    return re.sub(r"[\W_]+", " ", fold(value)).strip()
