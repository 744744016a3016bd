"""What is asked of the columns of a table before it is decided what its rows are: whether they are a point, ages, births of the
living, how many live in a home, how many combinations stand.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlglot import exp

from parvis.core.text import fold
from parvis.core.types import Column
from parvis.privacy.cells import call, cell_of, rows_of
from parvis.privacy.headers import says_birth, says_counted, says_point, spoken
from parvis.privacy.looking import Look

_PLACED = frozenset({"latitude", "longitude", "lambert93_x", "lambert93_y"})


def banded(values: Sequence[str]) -> bool:
    """Whether distinct values are classes of age: « 2-6 », « 6/12 ans », « 3+ »."""
    return bool(values) and sum(_BAND.fullmatch(fold(v).strip()) is not None for v in values) >= 0.8 * len(
        values
    )


_BAND = re.compile(
    r"(?:de |des )?\d{1,2} ?(?:-|/|a|et|\+) ?(?:\d{1,2})?(?: ?ans)?(?: et plus)?|tout age|tous ages"
)


def says_birth_year(column: Column) -> bool:
    """Whether a column of numbers is called a birth, one birth: « naissance », not « naissances »."""
    return says_birth(column.name) and not says_counted(column.name)


def combinations_of(columns: Sequence[str]) -> exp.Count:
    """How many combinations of some columns there are."""
    return exp.Count(this=exp.Distinct(expressions=[exp.Tuple(expressions=[cell_of(c) for c in columns])]))


ONCE = 0.95
"""Share of rows whose area, and period, stands once: a row may have been entered twice."""
AREA = re.compile(
    r"\b(?:communes?|insee|cantons?|quartiers?|iris|epci|departements?|regions?|carreaux?|mailles?|arrondissements?|qpv)\b"
)
AGAIN = 0.7
"""Distinct values by row under which a column tells kinds, that come again; above it names things, each of
its own.
"""


def lived(look: Look, name: str) -> bool:
    """Whether the numbers of a column may be births of the living: years, or days written as numbers; not
    those of the dead whom streets are called after, nor how many were born.
    """
    ends = (call("quantile_cont", cell_of(name), exp.Literal.number(q)) for q in ("0.05", "0.95"))
    early, late = look.con.execute(exp.select(*ends).from_(rows_of(look.paths)).sql("duckdb")).fetchone() or (
        None,
        None,
    )
    if early is None or late is None:
        return False
    if early < 1000:
        return (
            late < 100 and early != late and not says_counted(name)
        )  # « 54 », « 87 »: years without their century
    return not late < DEAD


DEAD = 1920
"""Year of birth before which nobody lives."""
_HOUSEHOLD = re.compile(
    r"^(?:(?:nb|nbre|nombre|n) )?(?:de |d )?(?:pers|personnes?|enf|enfants|parts?|adultes?|mineurs|occ(?:up)?|occupants?|hab|habitants)"
    r"(?: (?:fiscales?|a charge|mineurs|au foyer"
    r"|(?:du |dans le )?(?:foyer|menage|logement)|scolarises?))?$"
    r"|^(?:pers|personnes?|enf|enfants?) (?:au |du |dans le |a )?(?:foyer|menage|charge|logement)$"
    r"|^taille (?:du |de la )?(?:foyer|menage|famille)$|^(?:foyer|menage|fam|famille) (?:nb|pers|personnes|taille|nb pers)$|^occup$"
)
_BARE = re.compile(r"^(?:pers|personnes?|enf|enfants|adultes?|mineurs|hab|habitants|occ)$")
"""Who may be in a row for other reasons than that they live there: at a fight, in a class."""


def says_household(name: str) -> bool:
    """Whether a header says how many live in a household: « nb_pers », « occupants », « enfants à charge »."""
    said = spoken(name)
    return _HOUSEHOLD.search(said) is not None and _BARE.search(said) is None


def within(look: Look, column: Column, low: float, high: float) -> bool:
    """Whether nearly all the numbers of a column lie between two others, and are not all the same."""
    if column.type not in ("integer", "number"):
        return False
    ends = (call("quantile_cont", cell_of(column.name), exp.Literal.number(q)) for q in ("0.02", "0.98"))
    found = look.con.execute(exp.select(*ends).from_(rows_of(look.paths)).sql("duckdb")).fetchone()
    return found is not None and found[0] is not None and low <= found[0] < found[1] <= high


def point(column: Column) -> bool:
    return (
        column.meaning in _PLACED
        or column.type in ("point", "shape")
        or (column.type == "number" and says_point(column.name))
    )
