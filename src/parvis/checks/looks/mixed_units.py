"""Measures written with their unit, and not always the same: « 12 m » and « 1200 cm » in one column."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from sqlglot import exp

from parvis.checks.declaration import Check, English, Example
from parvis.checks.ground import Blame, Ground, cell
from parvis.checks.sql import both, call, matches, one_of, text, whole
from parvis.core.types import RAW_PREFIX

_MEASURE = r"\s*[+-]?[0-9][0-9 \x{a0}\x{202f}]*(?:[.,][0-9]+)?[ \x{a0}\x{202f}]*(\p{L}{1,4}[23²³]?|%|€|k€|°C|°F|m/s|km/h|µg/m3|µg/m³|mg/l)\s*"
_UNITS = frozenset({
    "mm", "cm", "dm", "m", "km", "m2", "m²", "ha", "km2", "km²", "g", "kg", "t", "l", "cl", "hl", "ml", "m3", "m³", "s", "min", "h", "j", "w", "kw", "mw", "wh",
    "kwh", "mwh", "€", "k€", "eur", "keur", "°c", "°f", "m/s", "km/h", "mg/l", "µg/m3", "µg/m³", "%",
})  # fmt: skip
"""In lower case. Units of different things in one column are told as well."""
MOST = 0.8
"""Share of cells that are measures."""


def _look(ground: Ground) -> Iterator[Blame]:
    yield from _beside(ground)
    for column, known in ground.columns("text"):
        if not any(re.match(r"\s*[+-]?[0-9].*[^\W\d_%€°]", v) or v[-1:] in "%€" for v, _ in known.top if v):
            continue
        unit = exp.Lower(this=call("regexp_extract", cell(column.name), text(f"^{_MEASURE}$"), whole(1)))
        told = ground.select(unit.copy(), exp.Count(this=exp.Star())).where(matches(cell(column.name), _MEASURE), copy=False).group_by("1", copy=False)
        counted = Counter({u: n for u, n in ground.fetch(told) if isinstance(u, str) and u in _UNITS and isinstance(n, int)})
        if len(counted) < 2 or counted.total() < MOST * (ground.rows - known.nulls):
            continue
        usual = counted.most_common(1)[0][0]
        other = both(matches(cell(column.name), _MEASURE), exp.NEQ(this=unit, expression=text(usual)))
        found = ground.where(other, column.name)
        if found is not None:
            shown = ", ".join(f"{u} ({n})" for u, n in counted.most_common(4))
            yield Blame(column.name, found.count, found.rows, {"n": str(found.count), "shown": shown, "usual": usual})


def _beside(ground: Ground) -> Iterator[Blame]:
    """Columns read as numbers of one unit: the measures in another one were kept beside as texts."""
    for column, _ in ground.columns("integer", "number"):
        if column.unit and column.name in ground.schema.raw:
            twin = RAW_PREFIX + column.name
            unit = exp.Lower(this=call("regexp_extract", cell(twin), text(f"^{_MEASURE}$"), whole(1)))
            query = ground.select(unit.copy(), exp.Count(this=exp.Star())).where(matches(cell(twin), _MEASURE), copy=False)
            told = ground.fetch(query.group_by("1", copy=False))
            counted = Counter({u: n for u, n in told if isinstance(u, str) and u in _UNITS and isinstance(n, int)})
            found = ground.where(both(matches(cell(twin), _MEASURE), one_of(unit, tuple(counted))), twin) if counted else None
            if found is not None:
                shown = ", ".join((column.unit, *(f"{u} ({n})" for u, n in counted.most_common(3))))
                yield Blame(column.name, found.count, found.rows, {"n": str(found.count), "shown": shown, "usual": column.unit})


mixed_units = Check(
    name="mixed-units",
    title="Unités mêlées",
    message="Colonne « {column} » : plusieurs unités ({shown}) ; {n} valeurs ne sont pas en {usual}.",
    fix="Convertissez toute la colonne en {usual}, écrivez les nombres seuls, et mettez l’unité dans le nom ou la description de la colonne.",
    why="Des nombres d’unités différentes ne s’additionnent pas et ne se comparent pas.",
    english=English(
        title="Mixed units",
        message="Column “{column}”: several units ({shown}); {n} values are not in {usual}.",
        fix="Convert the whole column to {usual}, write the numbers alone, and put the unit in the name or description of the column.",
        why="Numbers of different units can neither be added nor compared.",
    ),
    severity="warning",
    dimension="consistency",
    look=_look,
    examples=(
        Example({}, ("nom", "hauteur"), tuple((f"a{i}", "1200 cm" if i in (3, 7) else f"{10 + i} m") for i in range(1, 12)), (3, 7)),
        Example({}, ("nom", "surface"), tuple((f"a{i}", "12 ha" if i == 13 else f"{100 + i} m2") for i in range(1, 60)), (13,)),
        Example({}, ("nom", "adresse"), tuple((f"a{i}", f"{i} rue") for i in range(1, 12)), ()),
        Example({}, ("nom", "ligne"), tuple((f"a{i}", f"{i} {'bis' if i % 2 else 'ter'}") for i in range(1, 12)), ()),
    ),
)
