"""Frequent French first names and surnames, folded: our own compact lists, enough to tell a column of people
from a column of places.

They know most people by their first name and one in six by their surname: a surname column is found by the
first names beside it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from parvis.core.text import fold

_HERE = Path(__file__).parent


def listed_words(text: str) -> frozenset[str]:
    """The words of a list."""
    return frozenset(text.split())


FIRST = listed_words((_HERE / "first_names.txt").read_text("utf-8"))

SURNAMES = listed_words((_HERE / "surnames.txt").read_text("utf-8"))

PLACES = listed_words(
    """
    agence allee allees amicale arret association av avenue bas bd bibliotheque boulevard cabinet cathedrale centre chapelle chemin cimetiere cinema
    clinique club college comite commune complexe cours creche direction dit ecole eglise elementaire espace esplanade eurl federation fondation fontaine
    gare grand grande groupe gymnase halle hameau haut hopital hotel impasse institut jardin lieu lotissement lycee mairie maison marche maternelle
    mediatheque mont musee nouveau nouvelle office parc parking passage petit petite pharmacie piscine place point pole pont primaire quai quartier
    residence rond route rue sa saint sainte salle sarl sas sci scolaire scop service societe square st stade station ste syndicat theatre union
    universite ville za zi zone
    """
)
"""Words that make a phrase a place or a body, even when it bears somebody's name: « rue Victor Hugo », «
école Jules Ferry ».
"""


BACKWARDS = 0.5
"""Share of the words that the lists know once they are turned round, from which a column is written backwards."""
_LETTERS = re.compile(r"[^\W\d_]{3,}")


def written_backwards(values: Sequence[str]) -> bool:
    """Whether texts are names of people turned round: « dnaruD eiraM ». Few words are names both ways.

    >>> written_backwards(["dnaruD eiraM", "nitraM luaP", "titeP eihpoS"]), written_backwards(["Marie Durand", "Anna", "Bob"])
    (True, False)
    """
    words = [fold(w) for v in values[:200] for w in _LETTERS.findall(v[:60])]
    backwards = sum(w[::-1] in FIRST or w[::-1] in SURNAMES for w in words)
    if backwards < max(3, BACKWARDS * len(words)):
        return False
    return sum(w in FIRST or w in SURNAMES for w in words) < 0.5 * backwards
