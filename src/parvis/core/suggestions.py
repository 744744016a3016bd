"""What somebody may have meant: the nearest of the names that are known."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from parvis.core.sentence import Sentence


def near(word: str, known: Iterable[str], otherwise: str, *, alike: float = 0.6) -> str:
    """How to mend a name that is not known: the nearest one, else `otherwise`. alike: part of the letters that must agree (`difflib`).

    >>> near("bugdet", ("budget", "arbres"), "Voyez la liste."), near("xyz", ("budget",), "Voyez la liste.")
    ('Vouliez-vous dire « budget » ?', 'Voyez la liste.')
    """
    closest = difflib.get_close_matches(word, list(known), 1, alike)
    return Sentence("Vouliez-vous dire « {found} » ?", found=closest[0]) if closest else otherwise
