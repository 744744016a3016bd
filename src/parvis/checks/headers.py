"""Which column of the file is which column of the schema."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from parvis.checks.declaration import Label
from parvis.core.reading import RawTable
from parvis.core.text import fold
from parvis.core.types import Schema, Severity


def align(raw: RawTable, schema: Schema) -> Mapping[str, int]:
    """Schema column name to position in the file: by exact label, then by the name we gave, then by label
    without case, accents, spaces and punctuation.
    """
    exact: dict[str, int] = {}
    loose: dict[str, int] = {}
    for place, column in reversed(list(enumerate(raw.columns))):
        loose[_loosely(column.label)] = place
        exact[column.name] = place
    for place, column in reversed(list(enumerate(raw.columns))):
        exact[column.label] = place
    places = {c.name: exact[c.name] for c in schema.columns if c.name in exact}
    taken = set(places.values())
    for column in schema.columns:
        place = loose.get(_loosely(column.name))
        if column.name not in places and place is not None and place not in taken:
            places[column.name] = place
            taken.add(place)
    return {c.name: places[c.name] for c in schema.columns if c.name in places}


def asked_of(schema: Schema) -> tuple[str, ...]:
    """The columns that a file of this schema must have: the required ones, or all of them when none is."""
    required = tuple(c.name for c in schema.columns if c.constraints.get("required") is True)
    return required or schema.names


def foreign(raw: RawTable, schema: Schema) -> bool:
    """True when the table has less than half of what the schema asks for: the file may be of another one."""
    wanted, present = asked_of(schema), align(raw, schema)
    return len(wanted) > 1 and 2 * sum(name in present for name in wanted) < len(wanted)


def strictly(schema: Schema) -> Severity | None:
    """How grave it is that a file departs from the columns of a schema: an error where the schema itself says
    how they must agree, else what the check says.
    """
    return "error" if schema.fields_match else None


def together(labels: Sequence[Label]) -> Sequence[Label]:
    """What a header's columns have in common, said once for all of them; errors each on its own.

    >>> [(one.column, one.label) for one in together([Label("a", "A"), Label("b", "B")])]
    [('a, b', 'A, B')]
    """
    mild = [one for one in labels if one.severity != "error"]
    if len(mild) < 2:
        return labels
    written = [one.label for one in mild if one.label is not None]
    whole = Label(", ".join(one.column for one in mild), ", ".join(written) if written else None)
    return [*(one for one in labels if one.severity == "error"), whole]


def repeated(raw: RawTable) -> frozenset[int]:
    """Positions of the columns whose label comes earlier in the header."""
    first: dict[str, int] = {}
    return frozenset(
        place for place, c in enumerate(raw.columns) if c.label and first.setdefault(c.label, place) != place
    )


def _loosely(label: str) -> str:
    return re.sub(r"[\W_]+", "", fold(label))
