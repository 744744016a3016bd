"""Spaces, no-break spaces and invisible characters around a value."""

from __future__ import annotations

from parvis.checks.declaration import English
from parvis.checks.repair import Example, Repair, each

_BLANK = " \t\r\n\f\v\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b\u202f\u205f\u3000\ufeff"
_CLASS = "[\\s\u00a0\u2000-\u200b\u202f\u205f\u3000\ufeff]"

outer_spaces = Repair(
    name="outer-spaces",
    title="Espaces autour de la valeur ôtées",
    certain="Une espace au bord d’une cellule ne dit rien, et fait deux valeurs d’une seule.",
    english=English(
        title="Spaces around the value taken away",
        why="A space at the edge of a cell says nothing, and makes two values of one.",
    ),
    turn=2,
    mend=each(lambda text: text.strip(_BLANK)),
    spots=f"^{_CLASS}|{_CLASS}$",
    examples=(
        Example(
            {"type": "string"},
            ("Gymnase ", "\u00a034172", "à droite", "\ufeffun", "a b", "\t"),
            {
                "Gymnase ": "Gymnase",
                "\u00a034172": "34172",
                "\ufeffun": "un",
                "\t": "",
            },
        ),
    ),
)
