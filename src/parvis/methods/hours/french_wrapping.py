"""Lines that a page broke in the middle of a sentence, put together again: a line of its own is an entry to the
grammar.
"""

from __future__ import annotations

import re
from itertools import pairwise

_UNFINISHED = r"(?:à|de|du|des|et|au|aux|le|la|les|chaque|entre|jusqu['’]à|ou|puis|que|sauf|sf|tous|toutes|hors|en|pendant|durant|dès|pour)"
"""Words that no French sentence ends with."""
_GOES_ON = r"(?:(?:et|ainsi qu[e'’]|puis|ou)\b|(?-i:au)\s+(?:\d|lun|mar|mer|jeu|ven|sam|dim))"
"""Words that join what follows to what came before, where no sign ended it."""
_SHORT = "lun|mar|mer|jeu|ven|sam|dim"
_FROM = r"(?:de|dès|à partir)\b"
"""Words that begin the times of the days before them, where these end a line."""
_TIGHT = re.compile(r"(?<=[a-zà-ÿ])-[ \t]*\n[ \t]*(?=[a-zà-ÿ])")
"""« après- », « midi »"""
_CERTAIN = re.compile(
    rf"(?:(?<=\s)|(?<=^))(?P<word>{_UNFINISHED})[ \t]*\n\s*(?=\w)"
    rf"|(?<=[\w)])(?P<dash>[ \t]*[-–—])[ \t]*\n[ \t]*(?=(?-i:[a-zà-ÿ])|\d)"
    rf"|(?<=[\w)])[ \t]*\n[ \t]*(?={_GOES_ON})"
    rf"|(?<=[^\W\d_]{{3}})[ \t]*\n[ \t]*(?={_FROM})"
    r"|(?<=[\d ]h)[ \t]*\n[ \t]*(?=[0-5]\d[ \t]*(?:[-–à.,;)]|$))"
    rf"|(?<=[\w.])[ \t]*\n[ \t]*(?=du mois\b)|(?<=\d)(?P<day>[^\d\n|]*[ ,;](?:{_SHORT})\.)[ \t]*\n[ \t]*(?=\d{{1,2}} ?[h:])",
    re.IGNORECASE,
)
_CLOCK_ENDS = re.compile(r"\d ?[hH:]? ?(?:\d\d)?$")
_COUNTED = re.compile(r"\d{1,4}(?: ?(?:bis|ter))?,? (?!heure)[^\W\d_]{3,}")
"""« 9h-12h », and on the next line « 12 rue de la Paix »: no minutes."""
_DAY = re.compile(r"(?:lun|mar|mer|jeu|ven|sam|dim)(?:\.|di\b|credi\b|dredi\b|manche\b)?", re.IGNORECASE)


def unwrapped(text: str) -> str:
    """The text without the ends of lines that no end of a sentence can be.

    >>> unwrapped("ouvert du lundi au\\nvendredi de 9h à\\n12h\\net le samedi 9h -\\n11h\\nMardi : fermé")
    'ouvert du lundi au vendredi de 9h à 12h et le samedi 9h - 11h\\nMardi : fermé'
    """
    return _CERTAIN.sub(_joined, _TIGHT.sub(r"-", text))


def _joined(match: re.Match[str]) -> str:
    return f"{match['word'] or match['dash'] or match['day'] or ''} "


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
        anew = bool(_CLOCK_ENDS.search(before)) and bool(_COUNTED.match(line))
        if (
            full
            and line
            and not entry
            and not anew
            and not line[0].isupper()
            and not before.endswith((".", ";"))
        ):
            out[-1] = f"{out[-1]} {line}"
        else:
            out.append(line)
    return "\n".join(out)
