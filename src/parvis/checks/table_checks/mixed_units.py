"""Measures written with their unit, and not always the same: « 12 m » and « 1200 cm » in one column."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray
from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.checks.declaration import Check, English, Example
from parvis.checks.sql import both, call, either, matches, one_of, surely, text, whole
from parvis.checks.table_checks import outlier
from parvis.checks.typed_view import (
    IDENTIFIERS,
    PLACES,
    RECORD,
    RuleHit,
    TypedView,
    cell,
    present,
    record_number,
)
from parvis.core.types import RAW_PREFIX

_GAP = r"[ \x{a0}\x{202f}]"
_AMOUNT = rf"(?:[0-9][0-9 \x{{a0}}\x{{202f}}]*(?:[.,][0-9]+)?{_GAP}+|(?:[0-9]{{1,5}}|[0-9]{{1,3}}(?:{_GAP}[0-9]{{3}})+)(?:[.,][0-9]+)?)"
"""A number before its unit. Without a blank between them it has five digits at most, or groups of three: «
300363250DM » is a code, no decimetres.
"""
_MEASURE = rf"\s*[+-]?{_AMOUNT}" r"(\p{L}{1,4}[23²³]?|%|€|k€|°C|°F|m/s|km/h|µg/m3|µg/m³|mg/l|mg/L)\s*"
_UNITS = frozenset({
    "mm", "cm", "dm", "m", "km", "m2", "m²", "ha", "km2", "km²", "g", "kg", "t", "l", "cl", "hl", "ml", "m3", "m³", "s", "min", "h", "j", "w", "kw", "mw", "wh",
    "kwh", "mwh", "€", "k€", "eur", "keur", "°c", "°f", "m/s", "km/h", "mg/l", "µg/m3", "µg/m³", "%",
})  # fmt: skip
"""In lower case. Units of different things in one column are told as well."""
_NUMBER = r"\s*[+-]?[0-9][0-9 \x{a0}\x{202f}]*(?:[.,][0-9]+)?\s*"
OTHERS = "l’unité des autres / the unit of the others"
NONE = "sans unité / no unit"
"""What a number without unit is called."""
_MEASURED, _NUMBERED = (
    re.compile(
        pattern.replace(r"\x{a0}\x{202f}", "\xa0\u202f")
        .replace(r"\s", r"[\t\n\f\r ]")
        .replace(r"\p{L}", r"[^\W\d_]")
    )
    for pattern in (_MEASURE, _NUMBER)
)
"""The same patterns, as Python writes them."""
LONGEST = 100
"""Characters up to which a text may be a measure: Python's patterns go back over what they have read."""
MANY = 1000
"""Different texts up to which they are looked at before the rows."""
MOST = 0.8
"""Share of cells that are measures."""


def _look(view: TypedView) -> Iterator[RuleHit]:
    yield from _beside(view)
    yield from _scaled(view)
    for column, known in view.columns("text"):
        if not any(re.match(r"\s*[+-]?[0-9]", v) for v, _ in known.top if v):
            continue
        few = known.distinct <= MANY
        counted = units_of(view.values(column.name)) if few else units_of_rows(view, column.name)
        if len(counted) < 2 or counted.total() < MOST * (view.rows - known.nulls):
            continue
        usual = counted.most_common(1)[0][0]
        other = exp.NEQ(this=_unit(column.name), expression=text(usual))
        hit = view.where(both(_measured(column.name), other), column.name)
        if hit is not None:
            unit_counts = ", ".join(f"{u or NONE} ({n})" for u, n in counted.most_common(4))
            yield RuleHit(
                column.name,
                hit.count,
                hit.rows,
                {"n": str(hit.count), "shown": unit_counts, "usual": usual or NONE},
            )


def _measured(name: str) -> Expr:
    """The cell is a measure, with its unit or without."""
    return exp.Paren(this=either(matches(cell(name), _MEASURE), matches(cell(name), _NUMBER)))


def _unit(name: str) -> Expr:
    """The unit of a measure, in lower case, "" when it has none."""
    return exp.Lower(this=call("regexp_extract", cell(name), text(f"^{_MEASURE}$"), whole(1)))


def units_of(texts: Mapping[str, int]) -> Counter[str]:
    """Rows by unit, "" for a number without one; texts: rows by text."""
    counted = Counter[str]()
    for value, count in texts.items():
        if len(value) > LONGEST:
            continue
        measure = _MEASURED.fullmatch(value)
        if measure is not None and measure[1].lower() in _UNITS:
            counted[measure[1].lower()] += count
        elif measure is None and _NUMBERED.fullmatch(value):
            counted[""] += count
    return counted


def units_of_rows(view: TypedView, name: str) -> Counter[str]:
    """The same by the engine, of a column of many texts."""
    query = view.select(_unit(name), exp.Count(this=exp.Star())).where(_measured(name), copy=False)
    return Counter(
        {
            unit: count
            for unit, count in view.fetch(query.group_by("1", copy=False))
            if isinstance(unit, str) and (unit in _UNITS or not unit) and isinstance(count, int)
        }
    )


def _beside(view: TypedView) -> Iterator[RuleHit]:
    """Columns read as numbers of one unit: the measures in another one were kept beside as texts."""
    for column, _ in view.columns("integer", "number"):
        if column.unit and column.name in view.schema.raw:
            twin = RAW_PREFIX + column.name
            unit = _unit(twin)
            query = view.select(unit.copy(), exp.Count(this=exp.Star())).where(
                matches(cell(twin), _MEASURE), copy=False
            )
            unit_rows = view.fetch(query.group_by("1", copy=False))
            counted = Counter(
                {u: n for u, n in unit_rows if isinstance(u, str) and u in _UNITS and isinstance(n, int)}
            )
            hit = (
                view.where(both(matches(cell(twin), _MEASURE), one_of(unit, tuple(counted))), twin)
                if counted
                else None
            )
            if hit is not None:
                unit_counts = ", ".join((column.unit, *(f"{u} ({n})" for u, n in counted.most_common(3))))
                yield RuleHit(
                    column.name,
                    hit.count,
                    hit.rows,
                    {"n": str(hit.count), "shown": unit_counts, "usual": column.unit},
                )


def _scaled(view: TypedView) -> Iterator[RuleHit]:
    """Columns of bare numbers of which some are 10, 100 or 1,000 times the others: two heaps alike, a gap
    between them, no category that tells why.
    """
    if view.rows > READ:
        return
    kinds: dict[str, NDArray[np.uint64]] = {}
    for column, known in view.columns("integer", "number"):
        if (
            column.meaning in IDENTIFIERS | PLACES
            or outlier.names(column.name)
            or known.distinct < 10
            or known.min is None
            or float(known.min) < 0
        ):
            continue
        if known.max is None or 0 < float(known.max) < 10 * float(known.min):
            continue  # all of one size
        number = record_number()
        measure = exp.Alias(
            this=surely(cell(column.name), "DOUBLE"), alias=exp.to_identifier("measure", quoted=True)
        )
        columns = view.arrays(view.select(number, measure).where(present(column.name), copy=False))
        numbers, values = np.asarray(columns[RECORD]), np.asarray(columns["measure"], dtype=np.float64)
        positive = values > 0
        split = heaps(values[positive & np.isfinite(values)])
        if split is None or _told_apart(view, column.name, numbers, values > split.bound, kinds):
            continue
        few = values > split.bound if split.above_is_few else positive & (values <= split.bound)
        rows = tuple(
            (int(n), f"{v:.15g}") for n, v in zip(numbers[few][: view.limit], values[few], strict=False)
        )
        proportions = f"≈ {split.usual:.3g} ({int((~few).sum())}), × {split.factor} ({int(few.sum())})"
        params = {"n": str(int(few.sum())), "shown": proportions, "usual": OTHERS}
        yield RuleHit(column.name, int(few.sum()), rows, params)


@dataclass(frozen=True, slots=True)
class Heaps:
    """Two groups of numbers. bound: between them; factor: of one to the other, as text; usual: median of the
    larger heap.
    """

    bound: float
    factor: str
    above_is_few: bool
    usual: float


def heaps(values: NDArray[np.float64]) -> Heaps | None:
    """Two groups of positive numbers of which one is the other times 10, 100 or 1,000, if there are such.
    values: shape (n,).
    """
    if len(values) < 30:
        return None
    logs = np.sort(np.log10(values))
    steps = np.diff(logs)
    at = int(steps.argmax())
    low, high = logs[: at + 1], logs[at + 1 :]
    if steps[at] < GAP or min(len(low), len(high)) < max(5, 0.02 * len(values)):
        return None
    apart = float(np.median(high) - np.median(low))
    power = round(apart)
    spreads = [float(np.subtract(*np.quantile(h, [0.9, 0.1]))) for h in (low, high)]
    if (
        power not in (1, 2, 3)
        or abs(apart - power) > 0.2
        or max(spreads) > 2 * min(spreads) + 0.05
        or steps[at] < ALONE * float(np.partition(steps, -2)[-2])
    ):
        return None
    few = len(high) <= len(low)
    larger = low if few else high
    return Heaps(
        float(10 ** ((low[-1] + high[0]) / 2)),
        f"10^{power if few else -power}",
        few,
        float(10 ** np.median(larger)),
    )


def _told_apart(
    view: TypedView,
    name: str,
    numbers: NDArray[np.generic],
    above: NDArray[np.bool_],
    kinds: dict[str, NDArray[np.uint64]],
) -> bool:
    """Whether a column of categories separates the groups: then they are two kinds of things, not two units.

    numbers: records, from 1, on which the column holds something, shape (n,); above: which of them are in the
    upper heap; kinds: category of each record, by column, read once for all columns of numbers.
    """
    at = numbers.astype(np.int64) - 1
    for column, _ in islice(
        (
            (c, k)
            for c, k in view.columns("text", "boolean", "integer", "year")
            if 2 <= k.distinct <= min(50, view.rows // 5)
        ),
        CATEGORIES,
    ):
        if column.name == name:
            continue
        kind = kinds.get(column.name)
        if kind is None:
            kind = kinds[column.name] = _kind(view, column.name)
        of, place = np.unique(kind[at], return_inverse=True)
        counts = np.bincount(place, minlength=len(of))
        more = np.bincount(place, weights=above, minlength=len(of))
        if np.minimum(more, counts - more).sum() < 0.02 * counts.sum():
            return True
    return False


def _kind(view: TypedView, name: str) -> NDArray[np.uint64]:
    """The values of a column as codes, one for each different value, by record; shape (rows,)."""
    number = record_number()
    mark = exp.Alias(this=call("hash", cell(name)), alias=exp.to_identifier("kind", quoted=True))
    columns = view.arrays(view.select(number, mark))
    kind = np.zeros(view.rows, dtype=np.uint64)
    kind[np.asarray(columns[RECORD]).astype(np.int64) - 1] = np.asarray(columns["kind"], dtype=np.uint64)
    return kind


CATEGORIES = 40
"""Columns of categories, the first ones, that may tell two heaps apart: each is read once."""

GAP = 0.4
"""Powers of ten without any value between the heaps, at least."""
ALONE = 2.5
"""Times the next gap that the one between the heaps is, at least."""
READ = 300_000
"""Rows up to which bare numbers are read for two heaps."""

mixed_units = Check(
    name="mixed-units",
    title="Unités mêlées",
    message="Colonne « {column} » : plusieurs unités ({shown}) ; {values} d’une autre que {usual}.",
    fix="Convertissez toute la colonne en {usual}, écrivez les nombres seuls, et mettez l’unité dans le nom ou la description de la colonne.",
    why="Des nombres d’unités différentes ne s’additionnent pas et ne se comparent pas.",
    english=English(
        title="Mixed units",
        message="Column “{column}”: several units ({shown}); {values} of another than {usual}.",
        fix="Convert the whole column to {usual}, write the numbers alone, and put the unit in the name or description of the column.",
        why="Numbers of different units can neither be added nor compared.",
    ),
    severity="warning",
    dimension="consistency",
    look=_look,
    examples=(
        Example(
            {},
            ("nom", "hauteur"),
            tuple((f"a{i}", "1200 cm" if i in (3, 7) else f"{10 + i} m") for i in range(1, 12)),
            (3, 7),
        ),
        Example(
            {},
            ("nom", "surface"),
            tuple((f"a{i}", "12 ha" if i == 13 else f"{100 + i} m2") for i in range(1, 60)),
            (13,),
        ),
        Example(
            {},
            ("nom", "loyer"),
            tuple(
                (f"a{i}", f"{5 + i / 100:.2f}" + (" €" if i in (4, 5, 9, 20) else "")) for i in range(1, 30)
            ),
            (4, 5, 9, 20),
        ),
        Example(
            {},
            ("nom", "hauteur"),
            tuple(
                (f"a{i}", str((8 + i * 7 % 13) * (100 if i in (3, 7, 11, 19, 31, 40) else 1)))
                for i in range(1, 50)
            ),
            (3, 7, 11, 19, 31, 40),
        ),
        Example(
            {},
            ("nom", "hauteur", "type"),
            tuple(
                (f"a{i}", str((8 + i * 7 % 13) * (100 if i % 3 else 1)), "mât" if i % 3 else "arbre")
                for i in range(1, 50)
            ),
            (),
        ),
        Example({}, ("nom", "adresse"), tuple((f"a{i}", f"{i} rue") for i in range(1, 12)), ()),
        Example(
            {},
            ("nom", "ligne"),
            tuple((f"a{i}", f"{i} {'bis' if i % 2 else 'ter'}") for i in range(1, 12)),
            (),
        ),
    ),
)
