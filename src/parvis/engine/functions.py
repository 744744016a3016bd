"""The functions that expressions may call, and the macros by which loose ones read and write numbers and
dates.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.engine import trees as t

Kind = Literal["text", "number", "date", "datetime", "time", "truth"]

PADDED = 1_000
"""Characters that a text may be filled up to."""

NUMBER_TEXT = "parvis_number_text"
TEXT_NUMBER = "parvis_text_number"
TEXT_DATE = "parvis_text_date"

MACROS: tuple[str, ...] = (
    f"CREATE OR REPLACE MACRO {NUMBER_TEXT}(x) AS CASE WHEN x IS NULL OR NOT isfinite(x) THEN NULL "
    "WHEN x = trunc(x) AND abs(x) < 1e15 THEN CAST(CAST(x AS BIGINT) AS VARCHAR) ELSE printf('%.15g', x) END",
    f"CREATE OR REPLACE MACRO {TEXT_NUMBER}(c) AS CASE WHEN regexp_full_match(replace(regexp_replace(c, '[\\s\\p{{Z}}]', '', 'g'), ',', '.'), "
    "'[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]{1,3})?') "
    "THEN TRY_CAST(replace(regexp_replace(c, '[\\s\\p{Z}]', '', 'g'), ',', '.') AS DOUBLE) END",
    f"CREATE OR REPLACE MACRO {TEXT_DATE}(c) AS CAST(coalesce(try_strptime(left(trim(c), 10), '%Y-%m-%d'), "
    "try_strptime(trim(c), '%d/%m/%Y'), try_strptime(trim(c), '%d-%m-%Y'), try_strptime(trim(c), '%d.%m.%Y'), try_strptime(trim(c), '%Y%m%d')) AS DATE)",
)
"""Constant texts of ours: how a number is written, how a number and a date are read. A connection that runs
expressions needs them (`connect.processing`).
"""


@dataclass(frozen=True, slots=True)
class Function:
    """A function: kinds of its arguments (the last one again and again when `many`), how many must be there,
    what it yields, and how it is built.
    """

    takes: tuple[Kind, ...]
    gives: Kind
    build: Callable[..., Expr]
    title: str
    least: int = 0
    """Arguments that must be there; 0: all."""
    many: bool = False
    reads: bool = False
    """Reads its text as what it yields, in either manner."""


def _named(function: str) -> Callable[..., Expr]:
    """A function of the engine, as it is."""

    def build(*arguments: Expr) -> Expr:
        return t.call(function, *arguments)

    return build


def whole(value: Expr) -> Expr:
    """A count of characters or of decimals: one that is out of all bounds is none."""
    return t.try_cast(t.call("trunc", value), "INTEGER")


def _round(value: Expr, digits: Expr | None = None) -> Expr:
    return t.call("round", value, whole(digits)) if digits is not None else t.call("round", value)


def _part_of(part: str) -> Callable[[Expr], Expr]:
    return lambda value: t.cast(t.call(part, value), "DOUBLE")


def _pad(value: Expr, width: Expr, filling: Expr) -> Expr:
    """Filled on the left, never cut; to PADDED characters at the most."""
    wide = t.call("least", whole(width), t.number(PADDED))
    short = exp.LT(this=t.call("length", value), expression=wide)
    return t.either(
        short, t.call("lpad", value.copy(), t.cast(wide.copy(), "INTEGER"), filling), value.copy()
    )


FUNCTIONS: Mapping[str, Function] = MappingProxyType({
    "upper": Function(("text",), "text", _named("upper"), "upper(texte) : en majuscules"),
    "lower": Function(("text",), "text", _named("lower"), "lower(texte) : en minuscules"),
    "trim": Function(("text",), "text", _named("trim"), "trim(texte) : sans blancs autour"),
    "length": Function(("text",), "number", lambda v: t.cast(t.call("length", v), "DOUBLE"), "length(texte) : nombre de caractères"),
    "left": Function(("text", "number"), "text", lambda v, n: t.call("left", v, whole(n)), "left(texte, n) : les n premiers caractères"),
    "right": Function(("text", "number"), "text", lambda v, n: t.call("right", v, whole(n)), "right(texte, n) : les n derniers caractères"),
    "substr": Function(("text", "number", "number"), "text", lambda v, *n: t.call("substring", v, *(whole(k) for k in n)),
                       "substr(texte, début, longueur) : une partie, comptée à partir de 1", least=2),
    "replace": Function(("text", "text", "text"), "text", _named("replace"), "replace(texte, ancien, nouveau)"),
    "concat": Function(("text",), "text", _named("concat"), "concat(a, b, …) : bout à bout, les vides comptent pour rien", many=True),
    "split": Function(("text", "text", "number"), "text", lambda v, s, n: t.call("nullif", t.call("split_part", v, s, whole(n)), t.text("")),
                      "split(texte, séparateur, n) : le n-ième morceau"),
    "pad": Function(("text", "number", "text"), "text", _pad, "pad(texte, largeur, '0') : complété à gauche"),
    "contains": Function(("text", "text"), "truth", _named("contains"), "contains(texte, morceau)"),
    "starts": Function(("text", "text"), "truth", _named("starts_with"), "starts(texte, début)"),
    "ends": Function(("text", "text"), "truth", _named("ends_with"), "ends(texte, fin)"),
    "number": Function(("number",), "number", lambda v: v, "number(texte) : lu comme un nombre", reads=True),
    "round": Function(("number", "number"), "number", _round, "round(nombre, décimales)", least=1),
    "floor": Function(("number",), "number", _named("floor"), "floor(nombre) : l’entier au-dessous"),
    "ceil": Function(("number",), "number", _named("ceil"), "ceil(nombre) : l’entier au-dessus"),
    "abs": Function(("number",), "number", _named("abs"), "abs(nombre) : sans signe"),
    "least": Function(("number", "number"), "number", _named("least"), "least(a, b, …) : le plus petit", many=True),
    "greatest": Function(("number", "number"), "number", _named("greatest"), "greatest(a, b, …) : le plus grand", many=True),
    "date": Function(("date",), "date", lambda v: v, "date(texte) : lu comme une date", reads=True),
    "year": Function(("date",), "number", _part_of("year"), "year(date)"),
    "month": Function(("date",), "number", _part_of("month"), "month(date)"),
    "day": Function(("date",), "number", _part_of("day"), "day(date)"),
})  # fmt: skip
"""Every function that an expression may call, beside the choices: if, coalesce."""
