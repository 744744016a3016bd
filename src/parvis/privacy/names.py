"""Frequent French first names and surnames, folded: our own compact lists, enough to tell a column of people
from a column of places.

They know most people by their first name and one in six by their surname: a surname column is found by the
first names beside it.
"""

from __future__ import annotations

from pathlib import Path

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
