"""Rows that are streets: what their kind is in one column, what they are called in the one beside it, and no number of a house.

Whom a street is called after is honoured there, and nothing is told of anybody else. Who lives in one has a number in it.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from sqlglot import exp

from parvis.privacy.addresses import kinds_of_street
from parvis.privacy.cells import cell_of, rows_of
from parvis.privacy.headers import says_birth, says_persons, spoken
from parvis.privacy.looking import Look

FEWEST = 5
"""Rows under which a register of streets may be a few addresses."""
ONCE = 0.95
"""Share of rows whose street stands once: a long one may be entered twice."""
_HOUSE = re.compile(
    r"^(?:n|no|num|numero)(?: (?:de )?(?:voie|rue|maison))?$|\bdomicile\b|\bcompl|\betage\b|\bcp\b|\bcode postal\b"
)
_CALLED = re.compile(
    r"^(?:lib|libelle|denomination|intitule|appellation|odonyme|toponyme)s?"
    r"(?: (?:complet|long|court|min|maj|(?:de |de la )?(?:voie|rue)))*$|^(?:voie|rue)s?$|\bnom (?:de (?:la )?)?(?:voie|rue)\b"
)
"""What a street is called, as registers of them head it. « Nom » alone may be that of who lives there."""


def about_streets(look: Look, rows: int) -> bool:
    """Whether each row is a street: its kind in one column, what it is called in another that comes but once, and no number of
    a house. What is told there of somebody is of whom it is called after.
    """
    if not any(map(kinds_of_street, look.samples.values())) or _housed(look):
        return False
    return any(_once(look, n, rows) for n, v in look.samples.items() if v and not kinds_of_street(v))


def street_names(look: Look, names: Collection[str], rows: int) -> frozenset[str]:
    """The columns that tell what each row, a street, is called: beside that of the kinds, headed so, each value once. None where
    another column names somebody or tells what people have. names: columns of names.
    """
    columns = look.schema.columns
    if rows < FEWEST or _housed(look) or any(says_birth(c.name) for c in columns):
        return frozenset()
    order = [c.name for c in columns]
    kinds = [n for n in order if n in look.samples and kinds_of_street(look.samples[n])]
    if len(kinds) != 1:
        return frozenset()
    at = order.index(kinds[0])
    beside = [n for n in order[at + 1 : at + 3] if n in look.samples and _CALLED.search(spoken(n))]
    called = frozenset(n for n in beside if _once(look, n, rows))
    others = [n for n in order if n not in called]
    return (
        called if called and called.issuperset(names) and not any(map(says_persons, others)) else frozenset()
    )


def _housed(look: Look) -> bool:
    return any(_HOUSE.search(spoken(c.name)) for c in look.schema.columns)


def _once(look: Look, name: str, rows: int) -> bool:
    """Whether nearly each row has its own value of a column."""
    many = exp.Count(this=exp.Distinct(expressions=[cell_of(name)]))
    row = look.con.execute(exp.select(many).from_(rows_of(look.paths)).sql("duckdb")).fetchone()
    return row is not None and row[0] >= ONCE * rows
