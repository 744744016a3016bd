"""Table Schema types, as SQL that turns the text of a cell into a value, or NULL when it is not of the type.

The rules are those of Table Schema as frictionless 5 applies them, but for what is plainly wrong there:
underscores and non-ASCII digits are no number, and the no-break spaces of French typography are a space when
the group mark is a space. DuckDB's casts are looser than the standard (1.5 or 0x10 cast to an integer,
20-01-05 to the year 20), so the form of the text is matched in full before anything is cast.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.checks.declaration import Cell, called
from parvis.checks.sql import both, call, cast, either, escaped, is_null, matches, one_of, surely, text, when
from parvis.core.types import Column, Json

BLANKS = "[\\s\\p{Z}]*"
_SPACES = " \t\n\r\f\v\u00a0\u202f\u2007\u2009"
TRUE = ("true", "True", "TRUE", "1")
FALSE = ("false", "False", "FALSE", "0")
_YEAR = "(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])"
_ZONE = "(?:Z|[+-][0-9]{2}(?::?[0-9]{2})?)"
_CLOCK = "(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:[.][0-9]+)?|24:00:00(?:[.]0+)?)"
_NUMBER = "[+-]?(?:[0-9]+(?:[.][0-9]*)?|[.][0-9]+)(?:[eE][+-]?[0-9]+)?"
_SPECIAL = "(?i)[+-]?inf(?:inity)?|nan"
_EMAIL = '[^\\s@"(),:;<>\\[\\]\\\\]+@[^\\s@"(),:;<>\\[\\]\\\\.]+(?:\\.[^\\s@"(),:;<>\\[\\]\\\\.]+)*\\.[\\p{L}0-9-]{2,}'
_TEXT_FORMATS: Mapping[str, tuple[str, str]] = {
    "email": (_EMAIL, "une adresse électronique"),
    "uri": ("(?s)[A-Za-z][A-Za-z0-9+.-]*:.+", "une adresse complète, avec son début (https://…)"),
    "uuid": ("[0-9A-Fa-f]{8}-?[0-9A-Fa-f]{4}-?[0-9A-Fa-f]{4}-?[0-9A-Fa-f]{4}-?[0-9A-Fa-f]{12}", "un UUID"),
    "binary": ("(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?", "des octets en base 64"),
}
_DIRECTIVES: Mapping[str, tuple[str, str]] = {
    "Y": (_YEAR, "AAAA"), "y": ("[0-9]{2}", "AA"), "m": ("[0-9]{1,2}", "MM"), "d": ("[0-9]{1,2}", "JJ"), "H": ("[0-9]{1,2}", "HH"), "I": ("[0-9]{1,2}", "HH"),
    "M": ("[0-9]{1,2}", "MM"), "S": ("[0-9]{1,2}", "SS"), "f": ("[0-9]{1,6}", "ffffff"), "j": ("[0-9]{1,3}", "jjj"), "z": (_ZONE, "+HH:MM"),
    "p": ("[AaPp][Mm]", "AM"), "b": ("\\p{L}+", "mois"), "B": ("\\p{L}+", "mois"), "a": ("\\p{L}+", "jour"), "A": ("\\p{L}+", "jour"), "%": ("%", "%"),
}  # fmt: skip
"""strptime directives that DuckDB reads as Python does: pattern of what they match, and how a French reader
sees them.
"""

_DEFAULTS: Mapping[str, tuple[str, str]] = {
    "date": (f"{_YEAR}-[0-9]{{1,2}}-[0-9]{{1,2}}", "AAAA-MM-JJ"),
    "time": (f"{_CLOCK}{_ZONE}?", "HH:MM:SS"),
    "datetime": (f"{_YEAR}-[0-9]{{2}}-[0-9]{{2}}[T ]{_CLOCK}{_ZONE}?", "AAAA-MM-JJTHH:MM:SS"),
}
"""Form of the default format of each kind of moment, and how a French reader sees it."""

_MOMENTS = (
    ("YYYY", "%Y"),
    ("YY", "%y"),
    ("MM", "%m"),
    ("DD", "%d"),
    ("HH", "%H"),
    ("mm", "%M"),
    ("ss", "%S"),
    ("SS", "%S"),
)
_ANY_DATE = (
    "%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%d m%m %Y", "%d-m%m-%Y", "m%m %d %Y", "%Y m%m %d", "%d/%m/%y",
    "%d-%m-%y", "%d.%m.%y", "%d m%m %y", "%m/%d/%Y", "%m-%d-%Y",
)  # fmt: skip
"""Of a date written in any way (`_spelled`), the first that fits: the day before the month, unless there is
no such month.
"""
_WEEKDAY = (
    "^(?:le +)?(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:rs(?:day)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?|lun(?:di)?|mardi|mer(?:credi)?"
    "|jeu(?:di)?|ven(?:dredi)?|sam(?:edi)?|dim(?:anche)?)[.,]* +|^le +"
)
_MONTH_WORDS = (
    "jan(?:v(?:ier)?|uary)?", "f(?:[eé]v(?:r(?:ier)?)?|eb(?:ruary)?)", "mar(?:s|ch)?", "a(?:vr(?:il)?|pr(?:il)?)", "ma[iy]", "ju(?:in|ne?)",
    "jui?l(?:l(?:et)?|y)?", "a(?:o[uû]t|ug(?:ust)?)", "sept?(?:embre|ember)?", "oct(?:obre|ober)?", "nov(?:embre|ember)?", "d[eé]c(?:embre|ember)?",
)  # fmt: skip
_TAIL = "(?:t|\\s+)([0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?)(?:\\s?(?:z|utc|gmt|[+-][0-9]{2}:?[0-9]{2}))?$"
"""The hour after a day, in lower case."""
_ANY_TIME = ("%H:%M:%S", "%H:%M", "%I:%M %p", "%H:%M:%S.%f", "%Hh%M", "%Hh", "%H h %M")
_ANY_DATETIME = tuple(
    f"{d}{sep}{t}"
    for d in ("%Y-%m-%d", "%d/%m/%Y", "%Y/%m/%d")
    for sep in ("T", " ")
    for t in ("%H:%M:%S", "%H:%M", "%H:%M:%S.%f")
)
_NESTED = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}
"""Lists around a position in the coordinates of a geometry."""
_HOLDS = {
    "GeometryCollection": ("geometries", ("ARRAY",)),
    "FeatureCollection": ("features", ("ARRAY",)),
}
"""What else GeoJSON is made of: the member that must be there, and its type."""
_JSON_NUMBERS = ("BIGINT", "UBIGINT", "HUGEINT", "DOUBLE")
_DAY_S = 86_400
_UNITS = (
    ("([0-9.,]+)Y", 365.2425 * _DAY_S),
    ("^[^T]*?([0-9.,]+)M", 365.2425 / 12 * _DAY_S),
    ("([0-9.,]+)W", 7 * _DAY_S),
    ("([0-9.,]+)D", _DAY_S),
    ("([0-9.,]+)H", 3600),
    ("T.*?([0-9.,]+)M", 60),
    ("([0-9.,]+)S", 1),
)
"""Parts of an ISO 8601 duration and their seconds, years and months of mean length: durations have no other
order.
"""


_PART = "[0-9]+(?:[.,][0-9]+)?"
_HOURS = f"T(?:{_PART}H(?:{_PART}M)?(?:{_PART}S)?|{_PART}M(?:{_PART}S)?|{_PART}S)"
_DURATION = f"[+-]?P(?:{_PART}Y)?(?:{_PART}M)?(?:{_PART}W)?(?:{_PART}D)?(?:{_HOURS})?"
"""An ISO 8601 duration: each part once at most, from the largest to the smallest."""
_RING = 4
_POSITIONS = {
    "LineString": ("$.coordinates", 2),
    "MultiLineString": ("$.coordinates[*]", 2),
    "Polygon": ("$.coordinates[*]", _RING),
    "MultiPolygon": ("$.coordinates[*][*]", _RING),
}
"""Where the lists of positions lie, and how many each holds at least (RFC 7946, 3.1.4 and 3.1.6)."""


@dataclass(frozen=True, slots=True)
class Typing:
    """How the cells of a column are read. value: the typed cell, NULL when it does not fit; French: what is
    expected. usable: the format is known.
    """

    value: Expr
    description: str
    usable: bool = True


def typed(column: Column, cell: Expr, *, valued: bool = True) -> Typing:
    """Read a cell as the column's Table Schema type and format.

    valued: whether the value will be compared; else any non-NULL stands for « it fits », which is cheaper.
    """
    kind = called(column)
    if kind == "string":
        return _string(column, cell)
    if kind == "integer":
        return _integer(column, cell, valued)
    if kind == "number":
        return _number(column, cell, valued)
    if kind == "boolean":
        true, false = (
            options(column.options.get("trueValues"), TRUE),
            options(column.options.get("falseValues"), FALSE),
        )
        description = f"oui ou non, écrit {_listed((*true[:4], *false[:4]))}"
        return Typing(when((one_of(cell, true), exp.true()), (one_of(cell, false), exp.false())), description)
    if kind in ("date", "time", "datetime"):
        return _moment(kind, column, cell, valued)
    if kind == "year":
        return Typing(
            when((matches(cell, "-?[0-9]{4}"), cast(cell, "BIGINT"))), "une année à quatre chiffres"
        )
    if kind == "yearmonth":
        return Typing(
            when((matches(cell, f"{_YEAR}-(?:0?[1-9]|1[0-2])"), cell.copy())), "un mois écrit AAAA-MM"
        )
    if kind == "duration":
        form = _DURATION
        value = _seconds(cell) if valued else cell.copy()
        return Typing(
            when(
                (
                    both(
                        matches(cell, form),
                        exp.Not(this=exp.Paren(this=either(one_of(cell, ("P", "-P", "+P")), _split(cell)))),
                    ),
                    value,
                )
            ),
            "une durée ISO 8601 (PT1H30M)",
        )
    if kind == "array":
        return Typing(
            when((exp.EQ(this=_json_type(cell), expression=text("ARRAY")), cell.copy())),
            'une liste JSON (["a", "b"])',
        )
    if kind == "list":
        return _delimited(column, cell)
    if kind == "object":
        return Typing(
            when((exp.EQ(this=_json_type(cell), expression=text("OBJECT")), cell.copy())), "un objet JSON"
        )
    if kind == "geojson":
        shape = _topology(cell) if column.format == "topojson" else _geojson(cell)
        return Typing(
            when((both(exp.EQ(this=_json_type(cell), expression=text("OBJECT")), shape), cell.copy())),
            "une géométrie GeoJSON",
        )
    if kind == "geopoint":
        return _geopoint(column, cell)
    return Typing(cell.copy(), "une valeur")


def _string(column: Column, cell: Expr) -> Typing:
    form, description = _TEXT_FORMATS.get(column.format, ("", "un texte"))
    return Typing(
        when((matches(cell, form), cell.copy())) if form else cell.copy(),
        description,
        column.format in ("default", *_TEXT_FORMATS),
    )


def _integer(column: Column, cell: Expr, valued: bool) -> Typing:
    bare = column.options.get("bareNumber") is not False
    body = (
        cell.copy()
        if bare
        else call("regexp_replace", cell.copy(), text("^[^-0-9]*|[^0-9]*$"), text(""), text("g"))
    )
    apart = groups(option(column.options.get("groupChar")))
    if apart:
        digit = f"[0-9{''.join(escaped(c) for c in apart)}]"
        joined = call(
            "regexp_replace",
            call("trim", body.copy(), text(_SPACES)),
            text(f"[{''.join(escaped(c) for c in apart)}]"),
            text(""),
            text("g"),
        )
        body = when((matches(body, f"{BLANKS}[+-]?[0-9]{digit}*{BLANKS}"), joined))
    if not valued:
        return Typing(when((matches(body, f"{BLANKS}[+-]?[0-9]+{BLANKS}"), cell.copy())), "un nombre entier")
    plain = call("trim", body.copy(), text(_SPACES))
    huge = call(
        "coalesce",
        cast(plain, "HUGEINT"),
        cast(call("trunc", cast(plain, "DOUBLE")), "HUGEINT"),
        _beyond(plain),
    )
    value = when(
        (matches(body, "[+-]?[0-9]{1,18}"), cast(cast(body, "BIGINT"), "HUGEINT")),
        (matches(body, f"{BLANKS}[+-]?[0-9]+{BLANKS}"), huge),
    )
    return Typing(value, "un nombre entier")


def _beyond(plain: Expr) -> Expr:
    """An integer of more than 38 digits stands for the largest that fits: it compares rightly with any bound."""
    largest = exp.Literal.string("170141183460469231731687303715884105727")
    smallest = exp.Literal.string("-170141183460469231731687303715884105727")
    return when(
        (call("starts_with", plain.copy(), text("-")), cast(smallest, "HUGEINT")),
        otherwise=cast(largest, "HUGEINT"),
    )


def _number(column: Column, cell: Expr, valued: bool) -> Typing:
    decimal = option(column.options.get("decimalChar")) or "."
    group = option(column.options.get("groupChar"))
    mark, digit = escaped(decimal), f"[0-9{''.join(escaped(c) for c in groups(group))}]"
    form = (
        f"[+-]?(?:{digit}*[0-9]{digit}*(?:{mark}{digit}*)?|{mark}{digit}*[0-9]{digit}*)(?:[eE][+-]?[0-9]+)?"
    )
    body = cell.copy()
    if column.options.get("bareNumber") is False:
        body = call("regexp_replace", body, text("^[^-0-9]*|[^0-9]*$"), text(""), text("g"))

    def value(spread: Expr) -> Expr:
        if not valued:
            return surely(exp.Literal.number(0), "DOUBLE")
        for char in groups(group):
            spread = call("replace", spread, text(char), text(""))
        return cast(spread if decimal == "." else call("replace", spread, text(decimal), text(".")), "DOUBLE")

    trimmed = call("trim", body.copy(), text(_SPACES))
    special = when((matches(body, f"{BLANKS}(?:{_SPECIAL}){BLANKS}"), cast(trimmed, "DOUBLE")))
    branches = [
        (matches(body, form), value(body.copy())),
        (matches(body, f"{BLANKS}{form}{BLANKS}"), value(trimmed)),
    ]
    description = "un nombre" if decimal == "." else f"un nombre (décimales après « {decimal} »)"
    return Typing(when(*branches, otherwise=special), description)


def groups(group: str) -> tuple[str, ...]:
    """The characters between thousands: a space is any of the spaces that French typography puts there."""
    return (" ", "\u00a0", "\u202f") if group in (" ", "\u00a0", "\u202f") else (group,) if group else ()


def _moment(kind: str, column: Column, cell: Expr, valued: bool) -> Typing:
    target = {"date": "DATE", "time": "TIME", "datetime": "TIMESTAMPTZ" if valued else "TIMESTAMP"}[kind]
    noun = {"date": "une date", "time": "une heure", "datetime": "une date et une heure"}[kind]
    if column.format in ("default", ""):
        form, pattern_words = _DEFAULTS[kind]
        body = (
            call("regexp_replace", cell.copy(), text("Z$|[+-][0-9:]+$"), text("")) if kind == "time" else cell
        )
        return Typing(when((matches(cell, form), cast(body, target))), f"{noun} écrite {pattern_words}")
    if column.format == "any":
        read = [typed(Column("", column.type, options=column.options), cell, valued=valued).value]
        if kind == "date":
            read += _any_date(cell)
        else:
            read += [_strptime(p, cell, target) for p in (_ANY_TIME if kind == "time" else _ANY_DATETIME)]
        if kind == "datetime":
            clock = call(
                "nullif",
                call("regexp_extract", call("lower", cell.copy()), text(_TAIL), exp.Literal.number(1)),
                text(""),
            )
            day = cast(call("coalesce", *_any_date(cell)), "VARCHAR")
            read.append(
                cast(
                    exp.DPipe(
                        this=exp.DPipe(this=day, expression=text(" ")),
                        expression=call("coalesce", clock, text("00:00")),
                    ),
                    target,
                )
            )
        return Typing(call("coalesce", *read), noun)
    pattern = directives(column.format)
    if pattern is None:
        return Typing(cell.copy(), noun, usable=False)
    if pattern == "%Y-%m-%d" and kind == "date":
        return typed(Column("", "date"), cell, valued=valued)
    return Typing(_strptime(pattern, cell, target), f"{noun} écrite {pattern_text(pattern)}")


def _any_date(cell: Expr) -> list[Expr]:
    """A cell as a date, by each way to write one."""
    return [_strptime(pattern, _spelled(cell), "DATE") for pattern in _ANY_DATE]


def _spelled(cell: Expr) -> Expr:
    """A date in words as digits: without its weekday nor its hour, « 1er mars 2024 » as `1 m03 2024`."""
    plain = call("trim", call("lower", cell.copy()))
    steps = [(_TAIL, ""), (_WEEKDAY, ""), ("([0-9])(?:er|st|nd|rd|th)\\b", "\\1")]
    steps += [(f"\\b{words}\\b[.]?", f"m{number:02d}") for number, words in enumerate(_MONTH_WORDS, 1)]
    for pattern, replacement in (*steps, ("[, ]+", " ")):
        plain = call("regexp_replace", plain, text(pattern), text(replacement), text("g"))
    return plain


def _strptime(pattern: str, cell: Expr, target: str) -> Expr:
    body = (
        call("regexp_replace", cell.copy(), text("Z$"), text("+00"))
        if pattern.endswith("%z")
        else cell.copy()
    )  # DuckDB knows no Z there
    return when((matches(cell, _form(pattern)), cast(call("try_strptime", body, text(pattern)), target)))


def _split(cell: Expr) -> Expr:
    """Whether a part other than the smallest one has a fraction (ISO 8601-1, 5.5.2.2)."""
    return matches(cell, "[^.,]*[.,][0-9]+[YMWDH].*[0-9].*")


def _seconds(cell: Expr) -> Expr:
    """A duration as seconds."""
    total: Expr = exp.Literal.number(0)
    for pattern, seconds in _UNITS:
        digits = call(
            "replace",
            call("regexp_extract", cell.copy(), text(pattern), exp.Literal.number(1)),
            text(","),
            text("."),
        )
        part = call("coalesce", cast(digits, "DOUBLE"), exp.Literal.number(0))
        total = exp.Add(this=total, expression=exp.Mul(this=part, expression=exp.Literal.number(seconds)))
    return when(
        (call("starts_with", cell.copy(), text("-")), exp.Neg(this=exp.Paren(this=total.copy()))),
        otherwise=total,
    )


def _geojson(cell: Expr) -> Expr:
    """Whether an object has what its GeoJSON type asks for: coordinates that are numbers at the right depth,
    or its parts.
    """
    whole = cast(cell, "JSON")
    named = call("json_extract_string", whole.copy(), text("$.type"))
    inner = call("json_extract", whole.copy(), text("$.geometry"))
    parts = [*_geometries(whole), *_held(whole, named)]
    feature = both(
        one_of(named, ("Feature",)),
        exp.Not(this=is_null(call("json_type", whole.copy(), text("$.properties")))),
        exp.Paren(
            this=either(
                one_of(call("json_type", whole.copy(), text("$.geometry")), ("NULL",)),
                *_geometries(inner),
                one_of(call("json_extract_string", inner.copy(), text("$.type")), ("GeometryCollection",)),
            )
        ),
    )
    return exp.Paren(this=either(*parts, exp.Paren(this=feature)))


def _geometries(whole: Expr) -> list[Expr]:
    """By type of a geometry, whether JSON is one."""
    named = call("json_extract_string", whole.copy(), text("$.type"))
    within = cast(call("json_extract", whole.copy(), text("$.coordinates")), "VARCHAR")
    numbers = matches(within, "[\\[\\]0-9eE+.,\\s-]*")
    shapes: list[Expr] = []
    for name, depth in _NESTED.items():
        first = call("json_type", whole.copy(), text("$.coordinates" + "[0]" * (depth + 1)))
        empty = exp.EQ(
            this=call("json_array_length", whole.copy(), text("$.coordinates")),
            expression=exp.Literal.number(0),
        )
        listed = exp.EQ(this=call("json_type", whole.copy(), text("$.coordinates")), expression=text("ARRAY"))
        conditions = [one_of(first, _JSON_NUMBERS), _pairs(whole, depth), *_positions(name, whole)]
        filled = exp.Paren(this=both(*conditions)) if len(conditions) > 1 else conditions[0]
        shapes.append(
            exp.Paren(
                this=both(
                    one_of(named, (name,)), listed, numbers.copy(), exp.Paren(this=either(empty, filled))
                )
            )
        )
    return shapes


def _held(whole: Expr, named: Expr) -> Iterator[Expr]:
    for name, (member, kinds) in _HOLDS.items():
        held = one_of(call("json_type", whole.copy(), text(f"$.{member}")), kinds)
        yield exp.Paren(this=both(one_of(named.copy(), (name,)), held))


def _pairs(whole: Expr, depth: int) -> Expr:
    """That each position has two numbers at least."""
    held = call("json_array_length", whole.copy(), text("$.coordinates" + "[*]" * depth))
    return exp.GTE(this=call("list_min", held) if depth else held, expression=exp.Literal.number(2))


def _positions(name: str, whole: Expr) -> Iterator[Expr]:
    """That lines have two positions at least, and rings four. Whether a ring is closed is not asked here: the
    reference does not, and examples of national schemas are not; the check `open-ring` warns of it.
    """
    if name not in _POSITIONS:
        return
    path, least = _POSITIONS[name]
    held = call("json_array_length", whole.copy(), text(path))
    yield exp.GTE(
        this=held if name == "LineString" else call("list_min", held), expression=exp.Literal.number(least)
    )


def _topology(cell: Expr) -> Expr:
    whole = cast(cell, "JSON")
    wanted = (("objects", "OBJECT"), ("arcs", "ARRAY"))
    parts = (
        exp.EQ(this=call("json_type", whole.copy(), text(f"$.{member}")), expression=text(kind))
        for member, kind in wanted
    )
    return both(one_of(call("json_extract_string", whole.copy(), text("$.type")), ("Topology",)), *parts)


def directives(written: str) -> str | None:
    """The strptime pattern that a schema's format means: `%d/%m/%Y`, `fmt:%d/%m/%Y`, `DD/MM/YYYY`; None when
    it has no meaning that we know.
    """
    pattern = written.removeprefix("fmt:").strip()
    if "%" not in pattern:
        for moment, directive in _MOMENTS:
            pattern = pattern.replace(moment, directive)
    kinds = re.findall(r"%(-?.)", pattern)
    return pattern if kinds and all(k.removeprefix("-") in _DIRECTIVES for k in kinds) else None


def _form(pattern: str) -> str:
    return re.sub(
        r"%-?(.)|(.)",
        lambda m: _DIRECTIVES[m[1]][0] if m[1] else escaped(m[2]) if not m[2].isalnum() else m[2],
        pattern,
    )


def pattern_text(pattern: str) -> str:
    """A strptime pattern as a French reader would write it.

    >>> pattern_text("%d/%m/%Y")
    'JJ/MM/AAAA'
    """
    return re.sub(r"%-?(.)", lambda m: _DIRECTIVES[m[1]][1], pattern)


def _delimited(column: Column, cell: Expr) -> Typing:
    """A list of Table Schema 2: items of one type, parted by a mark."""
    mark = option(column.options.get("delimiter")) or ","
    kind = option(column.options.get("itemType")) or "string"
    forms = {
        "integer": "[+-]?[0-9]+",
        "number": _NUMBER,
        "boolean": "|".join((*TRUE, *FALSE)),
        "date": _DEFAULTS["date"][0],
        "time": _DEFAULTS["time"][0],
        "datetime": _DEFAULTS["datetime"][0],
    }
    description = f"une liste séparée par « {mark} »"
    if kind not in forms:
        return Typing(cell.copy(), description, usable=kind == "string")
    return Typing(
        when((matches(cell, f"(?:{forms[kind]})(?:{escaped(mark)}(?:{forms[kind]}))*"), cell.copy())),
        description,
    )


def _geopoint(column: Column, cell: Expr) -> Typing:
    gap = "[\\s\\p{Z}]*"
    lon, lat = coordinates(column, cell)
    if column.format == "object":
        form = f'{gap}\\{{{gap}"(?:lon|lat)"{gap}:{gap}"?{_NUMBER}"?{gap},{gap}"(?:lon|lat)"{gap}:{gap}"?{_NUMBER}"?{gap}\\}}{gap}'
        description = 'un point {"lon": 2.35, "lat": 48.85}'
    elif column.format == "array":
        form, description = (
            f'{gap}\\[{gap}"?{_NUMBER}"?{gap},{gap}"?{_NUMBER}"?{gap}\\]{gap}',
            "un point [longitude, latitude]",
        )
    else:
        form, description = f"{gap}{_NUMBER}{gap},{gap}{_NUMBER}{gap}", "un point « longitude, latitude »"
    return Typing(
        when((both(matches(cell, form), _within(lon, 180), _within(lat, 90)), cell.copy())), description
    )


def coordinates(column: Column, cell: Expr) -> tuple[Expr, Expr]:
    """Longitude and latitude of a cell of a geopoint column, DOUBLE; NULL when they can't be read."""
    if column.format == "object":
        lon, lat = (
            cast(call("json_extract_string", cast(cell, "JSON"), text(f"$.{k}")), "DOUBLE")
            for k in ("lon", "lat")
        )
        return lon, lat
    bare = call("trim", cell.copy(), text(_SPACES + '[]"'))
    lon, lat = (
        cast(
            call(
                "trim", call("split_part", bare.copy(), text(","), exp.Literal.number(i)), text(_SPACES + '"')
            ),
            "DOUBLE",
        )
        for i in (1, 2)
    )
    return lon, lat


def _within(value: Expr, bound: int) -> Expr:
    return exp.Between(this=value, low=exp.Literal.number(-bound), high=exp.Literal.number(bound))


def _json_type(cell: Expr) -> Expr:
    return call("json_type", cast(cell, "JSON"))


_NATIVE: Mapping[str, tuple[str, ...]] = {
    "integer": ("number", "year"),
    "datetime": ("date",),
    "date": ("datetime",),
    "json": ("geojson", "object", "array"),
    "shape": ("geojson", "geopoint"),
    "point": ("geojson", "geopoint"),
}
"""Table Schema types that a cell typed by its format also satisfies."""


def native_fits(native: str, kind: str) -> bool:
    """Whether a cell that the format itself types can be taken as it is."""
    return kind == "any" or native == kind or kind in _NATIVE.get(native, ())


def literal(column: Column, value: Json) -> Expr | None:
    """A value written in a schema (a bound, a member of an enum), typed as the column; None when it can't be
    of that type.
    """
    kind = called(column)
    if isinstance(value, bool):
        return (
            (exp.true() if value else exp.false())
            if kind == "boolean"
            else text("true" if value else "false")
            if kind == "string"
            else None
        )
    if kind in ("integer", "number", "year"):
        spoken = str(value).strip().replace(",", ".") if isinstance(value, (int, float, str)) else ""
        if not re.fullmatch(_NUMBER, spoken) and spoken.upper() not in ("INF", "-INF"):
            return None
        return surely(
            text(spoken),
            "HUGEINT" if re.fullmatch("[+-]?[0-9]{1,38}", spoken) and kind != "number" else "DOUBLE",
        )
    if not isinstance(value, (str, int, float)):
        return None
    written = text(str(value))
    if kind in ("date", "time", "datetime"):
        iso = typed(Column("", column.type, options={"type": kind}), written).value
        return call(
            "coalesce",
            typed(column, written).value,
            iso,
            cast(written, {"date": "DATE", "time": "TIME", "datetime": "TIMESTAMPTZ"}[kind]),
        )
    return typed(column, written).value if kind in ("boolean", "duration") else written


def length(cell: Cell) -> Expr:
    """What minLength and maxLength count: members of a list or an object, else code points."""
    kind = called(cell.column)
    if kind == "array":
        return call("json_array_length", cast(cell.value, "JSON"))
    if kind == "object":
        return call("len", call("json_keys", cast(cell.value, "JSON")))
    if kind == "list":
        return call(
            "len",
            call("string_split", cell.text.copy(), text(option(cell.column.options.get("delimiter")) or ",")),
        )
    return call("length", cell.text.copy())


def option(value: Json) -> str:
    return value if isinstance(value, str) else ""


def options(value: Json, default: tuple[str, ...]) -> tuple[str, ...]:
    if not isinstance(value, list):
        return default
    return tuple(
        "true" if v is True else "false" if v is False else str(v)
        for v in value
        if isinstance(v, (str, int, float))
    )


def _listed(values: tuple[str, ...]) -> str:
    return ", ".join(f"« {v} »" for v in values)
