"""What the publisher or a schema asks of a column: it wins over what the cells suggest."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from parvis.columns.evidence import Evidence
from parvis.columns.form import GROUP, Form, compiled
from parvis.columns.forms import booleans, dates, datetimes, degrees, numbers, structures, times
from parvis.columns.guess import TEXT, Guess, guess
from parvis.core.errors import UsageError
from parvis.core.sentence import Sentence
from parvis.core.types import DUCKDB_TYPES, Column, ColumnType, Json

_FRENCH_TYPES: Mapping[ColumnType, str] = {
    "text": "texte", "integer": "nombre entier", "number": "nombre", "boolean": "oui/non", "date": "date", "datetime": "date et heure", "time": "heure",
    "year": "année", "array": "liste", "json": "JSON", "point": "point", "shape": "géométrie",
}  # fmt: skip


def french_type(kind: ColumnType) -> str:
    """The name of a type for people."""
    return _FRENCH_TYPES[kind]


def corrected(name: str, correction: str, label: str, evidence: Evidence, decimal: str | None) -> Guess:
    """The publisher's own word: a type, or a type and a date pattern (`date:%m/%d/%Y`). Raises UsageError
    when there is no such type.
    """
    kind, _, pattern = correction.partition(":")
    if kind not in DUCKDB_TYPES or (
        pattern and not (kind in ("date", "datetime", "time") and _readable(pattern))
    ):
        raise UsageError(
            Sentence(
                "« {correction} » n’est pas un type de colonne (colonne « {name} »).",
                correction=correction,
                name=name,
            ),
            mend=Sentence("Types possibles : {list}.", list=", ".join(DUCKDB_TYPES)),
        )
    return _forced(Column(name, _column_type(kind), format=pattern or "default"), label, evidence, decimal)


def expected(
    column: Column, missing: Sequence[str], label: str, evidence: Evidence, decimal: str | None
) -> Guess:
    """What a Table Schema field asks: its own format first, then whatever reads as the same type (the check
    on the raw cells says what breaks the format).
    """
    own = column.options.get("missingValues")
    missing_texts = tuple(str(m) for m in own) if isinstance(own, list) else tuple(missing)
    return replace(_forced(column, label, evidence, decimal), missing=tuple(m for m in missing_texts if m))


def _column_type(kind: str) -> ColumnType:
    return next(t for t in DUCKDB_TYPES if t == kind)


def _forced(column: Column, label: str, evidence: Evidence, decimal: str | None) -> Guess:
    kind = column.type
    seen = guess(label, evidence, decimal)
    if kind == "text":
        return replace(
            TEXT, meaning=column.meaning or (seen.meaning if seen.type == "text" else ""), fixed=True
        )
    own = _format(column)
    fitting = seen.forms if seen.type == kind else ()
    forms = tuple({f.name: f for f in (*own, *fitting, *_all(kind, decimal, evidence))}.values())
    return Guess(
        kind,
        forms,
        column.meaning or (seen.meaning if seen.type in (kind, "text") else ""),
        seen.unit if seen.type == kind else "",
        (),
        seen.doubts if seen.type == kind and not own else (),
        fixed=True,
    )


def _all(kind: ColumnType, decimal: str | None, evidence: Evidence) -> tuple[Form, ...]:
    """Every way to write the type that can't be mistaken for another."""
    if kind == "integer":
        return (*numbers.INTEGERS, numbers.INTEGER_ZEROS)
    if kind == "number":
        comma = evidence.weight(numbers.STRAY_COMMA.pattern, probe=False) > evidence.weight(
            numbers.STRAY_DOT.pattern, probe=False
        )
        french = comma or (decimal == "," and not evidence.weight(numbers.STRAY_DOT.pattern, probe=False))
        return (
            *(numbers.FRENCH if french else numbers.ENGLISH),
            numbers.ZEROS,
            numbers.PARENTHESES,
            degrees.SEXAGESIMAL,
        )
    if kind == "date":
        return (
            *dates.BIG_ENDIAN,
            *dates.DAY_FIRST,
            dates.DMY_WORDS,
            dates.DMY_DASH_WORDS,
            dates.COMPACT,
            dates.ISO_MIDNIGHT,
            dates.DMY_MIDNIGHT,
        )
    if kind == "datetime":
        return (
            *datetimes.LOCAL,
            *datetimes.DAY_FIRST_TIMES,
            *(datetimes.DAYS[f.name] for f in (*dates.BIG_ENDIAN, *dates.DAY_FIRST, dates.DMY_WORDS)),
        )
    if kind == "point":
        order = structures.LON_LAT if lon_first("", evidence) else structures.LAT_LON
        return (
            order,
            structures.LAT_LON_COMMAS,
            degrees.PAIR,
            structures.LAT_LON_NAMED,
            structures.WKT_POINT,
            structures.GEOJSON_POINT,
        )
    rest: Mapping[str, tuple[Form, ...]] = {
        "boolean": (booleans.WORDS,),
        "time": (times.CLOCK, times.HOURS, times.NOON),
        "year": (times.YEAR, times.YEAR_POINT_ZERO),
        "json": (structures.JSON,),
        "array": (structures.ARRAY,),
        "shape": (structures.WKT_SHAPE, structures.GEOJSON_SHAPE, structures.WKB_SHAPE),
    }
    return rest[kind]


def _format(column: Column) -> tuple[Form, ...]:
    """The form that a field's own format, marks or words define; none for the default ones."""
    if column.type in ("date", "datetime", "time") and _readable(column.format):
        return (_strptime(column.type, column.format),)
    if column.type in ("number", "integer") and (
        column.options.get("decimalChar") or column.options.get("groupChar")
    ):
        return (_marked(column),)
    if column.type == "boolean" and ("trueValues" in column.options or "falseValues" in column.options):
        return (_worded(column),)
    if column.type == "number":
        return (numbers.INFINITE,)
    return ()


_DIGITS: Mapping[str, str] = {
    "d": "[0-9]{1,2}", "m": "[0-9]{1,2}", "Y": "[0-9]{4}", "y": "[0-9]{2}", "H": "[0-9]{1,2}", "I": "[0-9]{1,2}", "M": "[0-9]{1,2}", "S": "[0-9]{1,2}",
    "f": "[0-9]{1,6}",
    "p": "[AaPp][Mm]", "j": "[0-9]{1,3}", "z": "(Z|[+-][0-9]{2}:?[0-9]{2})", "b": "[A-Za-z]{3}", "B": "[A-Za-z]+", "a": "[A-Za-z]{3}", "A": "[A-Za-z]+",
    "%": "%",
}  # fmt: skip


def _strptime(kind: ColumnType, pattern: str) -> Form:
    """A form for a strptime pattern: digits counted first, since `try_strptime` alone takes `20` for a year."""
    parts = re.split(r"%(.)", pattern)
    whole = "".join(re.escape(p) if i % 2 == 0 else _DIGITS[p] for i, p in enumerate(parts))
    moment = "try_strptime(v, pattern)"
    casts: Mapping[str, str] = {"date": f"{moment}::date", "time": f"{moment}::time"}
    cast = casts.get(kind, f"{moment}::timestamptz" if "%z" in pattern else f"timezone(zone, {moment})")
    return Form(f"pattern {pattern}", pattern, kind, whole, cast, values={"pattern": pattern})


def _readable(pattern: str) -> bool:
    """True when every directive of the pattern is one that we know."""
    return (
        "%" in pattern
        and all(p in _DIGITS for p in re.split(r"%(.)", pattern)[1::2])
        and not pattern.endswith("%")
    )


def _marked(column: Column) -> Form:
    """A form for declared decimalChar and groupChar, groups of three digits or none."""
    mark = str(column.options.get("decimalChar") or ".")[:1]
    group = str(column.options.get("groupChar") or "")[:1]
    between = GROUP if group == " " else re.escape(group)
    longest, groups = ("18", "5") if column.type == "integer" else ("30", "9")
    whole = (
        f"([0-9]{{1,3}}({between}[0-9]{{3}}){{1,{groups}}}|[0-9]{{1,{longest}}})"
        if group
        else f"[0-9]{{1,{longest}}}"
    )
    if column.type == "integer":
        return Form(
            f"integer {group}",
            "",
            "integer",
            f"[+-]?{whole}",
            "try_cast(regexp_replace(v, '[^0-9+-]', '', 'g') as bigint)",
        )
    cast = "try_cast(replace(regexp_replace(v, others, '', 'g'), mark, '.') as double)"
    others = f"[^0-9{re.escape(mark)}+-]"
    return Form(
        f"number {mark} {group}",
        "",
        "number",
        f"[+-]?{whole}({re.escape(mark)}[0-9]{{0,60}})?",
        cast,
        values={"others": others, "mark": mark},
    )


def _worded(column: Column) -> Form:
    """A form for declared true and false words, exact."""
    true, false = _texts(column.options.get("trueValues")), _texts(column.options.get("falseValues"))
    true, false = true or ("true", "True", "TRUE", "1"), false or ("false", "False", "FALSE", "0")
    accepted = "|".join(re.escape(t) for t in (*true, *false))
    return Form(
        "boolean words", "", "boolean", accepted, "list_contains(accepted, v)", values={"accepted": true}
    )


def _texts(value: Json) -> tuple[str, ...]:
    return tuple(str(s) for s in value) if isinstance(value, list) else ()


def lon_first(label: str, evidence: Evidence) -> bool:
    """Whether « a, b » is longitude then latitude: what values beyond 90° and the boxes of France say, else
    the header.
    """
    first = second = 0
    for text, count in evidence.cells:
        pair = re.findall(r"[+-]?[0-9]+(?:[.][0-9]+)?", text)
        if len(pair) == 2:
            a, b = float(pair[0]), float(pair[1])
            first += count * (abs(a) > 90 or _in_france(a, b))
            second += count * (abs(b) > 90 or _in_france(b, a))
    if first != second:
        return first > second
    return bool(re.search(r"lo?ng?_?lat|xy|x_y|lon_lat", "_".join(re.findall(r"[a-z]+", label.lower()))))


def _in_france(lon: float, lat: float) -> bool:
    return any(w <= lon <= e and s <= lat <= n for w, s, e, n in FRANCE)


FRANCE: tuple[tuple[float, float, float, float], ...] = (
    (-5.6, 41.2, 9.8, 51.3), (-61.95, 15.7, -60.9, 18.2), (-63.3, 17.8, -62.7, 18.2), (-61.3, 14.3, -60.7, 15.0), (-54.7, 2.0, -51.5, 5.9), (55.1, -21.5,
    55.95, -20.8),
    (44.9, -13.1, 45.4, -12.5), (-56.5, 46.7, -56.0, 47.2), (163.5, -22.9, 168.3, -19.4), (-155.0, -28.0, -134.0, -7.8), (-178.3, -14.5, -176.0, -13.1),
    (68.0, -50.2, 70.9, -48.3),
)  # fmt: skip
"""Boxes of France, overseas included: lon min, lat min, lon max, lat max, in degrees."""


def reads(form: Form, text: str) -> bool:
    """True when the text meets the form's pattern."""
    return compiled(form.pattern).fullmatch(text) is not None
