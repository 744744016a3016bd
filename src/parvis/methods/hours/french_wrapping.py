"""Lines that a page broke in the middle of a sentence, put together again: a line of its own is an entry to the
grammar.
"""

from __future__ import annotations

import re
from itertools import pairwise

_UNFINISHED = r"(?:à|de|du|des|et|au|aux|le|la|les|chaque|entre|jusqu['’]à|ou|puis|que|sauf|tous|toutes)"
"""Words that no French sentence ends with."""
_GOES_ON = r"(?:(?:et|ainsi qu[e'’]|puis|ou)\b|(?-i:au)\s+(?:\d|lun|mar|mer|jeu|ven|sam|dim))"
"""Words that join what follows to what came before, where no sign ended it."""
_FROM = r"(?:de|dès|à partir)\b"
"""Words that begin the times of the days before them, where these end a line."""
_CERTAIN = re.compile(
    rf"(?:(?<=\s)|(?<=^))(?P<word>{_UNFINISHED})[ \t]*\n\s*(?=\w)"
    rf"|(?<=[\w)])(?P<dash>[ \t]*[-–—])[ \t]*\n[ \t]*(?=(?-i:[a-zà-ÿ])|\d)"
    rf"|(?<=[\w)])[ \t]*\n[ \t]*(?={_GOES_ON})"
    rf"|(?<=[^\W\d_]{{3}})[ \t]*\n[ \t]*(?={_FROM})",
    re.IGNORECASE,
)
_DAY = re.compile(r"(?:lun|mar|mer|jeu|ven|sam|dim)(?:\.|di\b|credi\b|dredi\b|manche\b)?", re.IGNORECASE)


def unwrapped(text: str) -> str:
    """The text without the ends of lines that no end of a sentence can be.

    >>> unwrapped("ouvert du lundi au\\nvendredi de 9h à\\n12h\\net le samedi 9h -\\n11h\\nMardi : fermé")
    'ouvert du lundi au vendredi de 9h à 12h et le samedi 9h - 11h\\nMardi : fermé'
    """
    return _CERTAIN.sub(lambda match: f"{match['word'] or match['dash'] or ''} ", text)


def refilled(text: str) -> str:
    """The text as it was before a narrow column broke it: without the ends of lines that were full, where the next begins
    in the middle of a sentence. A line is full when the next word would have made it longer than the longest.

    >>> refilled("Ouvert tous les jours sauf le lundi,\\nde 9h à 18h sans interruption.\\nFermé en août.")
    'Ouvert tous les jours sauf le lundi, de 9h à 18h sans interruption.\\nFermé en août.'
    """
    lines = [line.strip() for line in text.split("\n")]
    width = max(map(len, lines))
    out = lines[:1]
    for before, line in pairwise(lines):
        first = line.split(" ")[0]
        full = len(before) + 1 + len(first) > width
        entry = bool(_DAY.fullmatch(first.rstrip(":"))) and any(c.isdigit() for c in before)
        if full and line and not entry and not line[0].isupper() and not before.endswith((".", ";")):
            out[-1] = f"{out[-1]} {line}"
        else:
            out.append(line)
    return "\n".join(out)
