"""The expressions of recipes: what a publisher may write to compute a column or to choose rows.

A small part of SQL: columns (in "double quotes" when their name is not a plain word), texts in 'single quotes', numbers, + - * / % ||, comparisons,
AND OR NOT, IN, BETWEEN, LIKE, IS NULL, CASE, and the functions of FUNCTIONS. The text is read by sqlglot into a tree; the tree is compiled node by node into
another one, and whatever is not named here is refused: no text of a user becomes SQL text.

Cells are text. Where a number or a date is wanted they are read as French files write them (« 1 234,5 », « 31/12/2026 »); what can't be read is empty, and an
empty cell computes to an empty cell. Comparisons are true or false, never unknown: an empty cell equals '' and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Literal

import sqlglot.errors
from sqlglot import exp, parser
from sqlglot.dialects.dialect import Dialect
from sqlglot.expressions.core import Expr

from parvis.core.errors import UsageError
from parvis.engine import trees as t

LONGEST = 4_000
"""Characters of an expression."""
DEEPEST = 40
"""Brackets within brackets, and words or signs that open a level without one: what reads them is recursive."""
TALLEST = 120
"""Levels of the tree: a long sum leans to the left."""

PADDED = 1_000
"""Characters that a text may be filled up to."""

Kind = Literal["text", "number", "date", "truth"]


class _Plain(Dialect):
    """SQL without a function of its own: every call keeps its name and its arguments as they are written."""

    class Parser(parser.Parser):
        FUNCTIONS = {}  # noqa: RUF012 (as its parent declares them)
        FUNCTION_PARSERS = {}  # noqa: RUF012
        NO_PAREN_FUNCTIONS = {}  # noqa: RUF012
        NO_PAREN_FUNCTION_PARSERS = {"CASE": parser.Parser.NO_PAREN_FUNCTION_PARSERS["CASE"]}  # noqa: RUF012


@dataclass(frozen=True, slots=True)
class Typed:
    """A compiled part, and what it yields."""

    tree: Expr
    kind: Kind


Column = Callable[[str], Expr]
"""Name of a column -> its cell as text, NULL when empty. Raises when there is none."""


@dataclass(frozen=True, slots=True)
class Function:
    """A function: kinds of its arguments (the last one again and again when `many`), how many must be there, what it yields, and how it is built."""

    takes: tuple[Kind, ...]
    gives: Kind
    build: Callable[..., Expr]
    title: str
    least: int = 0
    """Arguments that must be there; 0: all."""
    many: bool = False


def parse(text: str) -> Expr:
    """The tree of an expression, nothing looked up yet. Raises UsageError that says what is wrong and where."""
    if len(text) > LONGEST:
        raise UsageError(f"Expression trop longue : {len(text)} caractères, {LONGEST} au plus.")
    depth = deepest = 0
    for character in text:
        depth += (character == "(") - (character == ")")
        deepest = max(deepest, depth)
    if deepest > DEEPEST or len(_OPENING.findall(text)) > DEEPEST:
        raise UsageError("Expression trop profonde.", mend="Calculez-la en plusieurs étapes.")
    try:
        found = _Plain().parse(text)
    except sqlglot.errors.ParseError as wrong:
        where = wrong.errors[0] if wrong.errors else {}
        at = f" vers le caractère {where['col']}" if isinstance(where.get("col"), int) else ""
        raise UsageError(f"Expression mal écrite{at} : « {text} ».", mend=_HELP) from wrong
    except sqlglot.errors.TokenError as wrong:
        raise UsageError(f"Expression mal écrite : « {text} ».", mend="Un guillemet ou une apostrophe n’est pas refermé.") from wrong
    if len(found) != 1 or found[0] is None:
        raise UsageError("Il faut une expression, et une seule.", mend=_HELP)
    level, height = [found[0]], 0
    while level and height <= TALLEST:
        level, height = [child for node in level for child in node.iter_expressions()], height + 1
    if height > TALLEST:
        raise UsageError("Expression trop profonde.", mend="Calculez-la en plusieurs étapes.")
    return found[0]


_OPENING = re.compile(r"\b(?:not|case)\b|[-+~]\s*(?=[-+~])", re.IGNORECASE)


_HELP = "Exemple : montant * 1.2, ou upper(nom) || ' ' || prenom ; un nom de colonne qui contient des espaces s’écrit entre guillemets doubles."


def compiled(text: str, column: Column) -> Expr:
    """An expression as the text that it yields, NULL where it can't be computed (a number out of bounds). Raises UsageError, and what `column` raises."""
    return t.call("try", _text(_compile(parse(text), column)).tree)


def condition(text: str, column: Column) -> Expr:
    """An expression as a condition, never NULL. Raises UsageError, and what `column` raises."""
    made = _compile(parse(text), column)
    if made.kind != "truth":
        raise UsageError(f"« {text} » n’est pas une condition.", mend="Comparez quelque chose : etat = 'ouvert', capacite >= 10, nom IS NOT NULL.")
    return t.call("coalesce", t.call("try", made.tree), exp.false())


def columns_of(text: str) -> tuple[str, ...]:
    """Names of the columns that an expression speaks of, in its order, each once. Raises UsageError."""
    names: list[str] = []

    def look(name: str) -> Expr:
        if name not in names:
            names.append(name)
        return exp.null()

    _compile(parse(text), look)
    return tuple(names)


def _compile(node: Expr, column: Column) -> Typed:
    build = _NODES.get(type(node))
    if build is None:
        raise UsageError(f"Une recette ne sait pas faire « {node.sql()} ».", mend=_HELP)
    return build(node, column)


def _paren(node: Expr, column: Column) -> Typed:
    inner = _compile(node.this, column)
    return Typed(exp.Paren(this=inner.tree), inner.kind)


def _column(node: Expr, column: Column) -> Typed:
    if not isinstance(node, exp.Column) or not isinstance(node.this, exp.Identifier) or node.args.get("table"):
        raise UsageError(f"« {node.sql()} » n’est pas un nom de colonne.", mend="Un nom qui contient un point s’écrit entre guillemets doubles.")
    return Typed(column(node.name), "text")


def _literal(node: Expr, column: Column) -> Typed:
    if not isinstance(node, exp.Literal):
        raise TypeError(node)
    if node.is_string:
        return Typed(t.text(node.name), "text")
    return Typed(t.cast(t.text(node.name), "DOUBLE"), "number")


def _truth(node: Expr, column: Column) -> Typed:
    return Typed(exp.true() if node.this else exp.false(), "truth")


def _null(node: Expr, column: Column) -> Typed:
    return Typed(exp.null(), "text")


def _both(node: Expr, column: Column) -> tuple[Typed, Typed]:
    return _compile(node.this, column), _compile(node.args["expression"], column)


def _arithmetic(node: Expr, column: Column) -> Typed:
    left, right = _both(node, column)
    if isinstance(node, exp.Sub) and left.kind == right.kind == "date":
        return Typed(t.cast(t.call("date_diff", t.text("day"), right.tree, left.tree), "DOUBLE"), "number")
    if isinstance(node, exp.Add | exp.Sub) and left.kind == "date":
        days = _whole(_number(right).tree)
        return Typed(type(node)(this=exp.Paren(this=left.tree), expression=days), "date")
    a, b = exp.Paren(this=_number(left).tree), exp.Paren(this=_number(right).tree)
    by = t.call("nullif", b, t.number(0.0)) if isinstance(node, exp.Div | exp.Mod) else b
    return Typed(exp.Paren(this=type(node)(this=a, expression=by)), "number")


def _minus(node: Expr, column: Column) -> Typed:
    return Typed(exp.Paren(this=exp.Neg(this=exp.Paren(this=_number(_compile(node.this, column)).tree))), "number")


def _joined(node: Expr, column: Column) -> Typed:
    return Typed(t.call("concat", *(_text(part).tree for part in _both(node, column))), "text")


def _compared(node: Expr, column: Column) -> Typed:
    left, right = _both(node, column)
    return Typed(_comparison(type(node), left, right), "truth")


def _comparison(how: type[Expr], left: Typed, right: Typed) -> Expr:
    """A comparison that is true or false: as numbers or dates when a side is one, in alphabetical order otherwise."""
    for a, b in ((left, right), (right, left)):
        if isinstance(a.tree, exp.Literal) and a.tree.is_string and not a.tree.name and how in (exp.EQ, exp.NEQ):
            empty = t.absent(exp.Paren(this=b.tree))
            return empty if how is exp.EQ else exp.Not(this=empty)
    kinds = {left.kind, right.kind}
    if "number" in kinds:
        a, b = _number(left).tree, _number(right).tree
    elif "date" in kinds:
        a, b = _date(left).tree, _date(right).tree
    elif kinds == {"truth"}:
        a, b = left.tree, right.tree
    else:
        a, b = _text(left).tree, _text(right).tree
    if how is exp.NEQ:
        return exp.Not(this=t.surely(exp.EQ(this=exp.Paren(this=a), expression=exp.Paren(this=b))))
    return t.surely(how(this=exp.Paren(this=a), expression=exp.Paren(this=b)))


def _logic(node: Expr, column: Column) -> Typed:
    left, right = (_condition(part, node) for part in _both(node, column))
    return Typed(exp.Paren(this=type(node)(this=left, expression=right)), "truth")


def _not(node: Expr, column: Column) -> Typed:
    return Typed(exp.Not(this=exp.Paren(this=_condition(_compile(node.this, column), node))), "truth")


def _condition(part: Typed, node: Expr) -> Expr:
    if part.kind != "truth":
        raise UsageError(f"« {node.sql()} » : AND, OR et NOT relient des conditions.", mend="Comparez quelque chose : etat = 'ouvert' AND capacite >= 10.")
    return part.tree


def _in(node: Expr, column: Column) -> Typed:
    cell, members = _compile(node.this, column), node.args.get("expressions") or []
    if not members or node.args.get("query") or node.args.get("unnest") or node.args.get("field"):
        raise UsageError(f"« {node.sql()} » : IN attend une liste de valeurs entre parenthèses.")
    made = [_comparison(exp.EQ, Typed(cell.tree.copy(), cell.kind), _compile(m, column)) for m in members]
    return Typed(exp.Paren(this=exp.or_(*made, copy=False)), "truth")


def _between(node: Expr, column: Column) -> Typed:
    cell = _compile(node.this, column)
    low, high = _compile(node.args["low"], column), _compile(node.args["high"], column)
    both = exp.And(this=_comparison(exp.GTE, cell, low), expression=_comparison(exp.LTE, Typed(cell.tree.copy(), cell.kind), high))
    return Typed(exp.Paren(this=both), "truth")


def _like(node: Expr, column: Column) -> Typed:
    cell, pattern = _both(node, column)
    return Typed(t.surely(type(node)(this=exp.Paren(this=_text(cell).tree), expression=_text(pattern).tree)), "truth")


def _is(node: Expr, column: Column) -> Typed:
    if not isinstance(node.args["expression"], exp.Null):
        raise UsageError(f"« {node.sql()} » : après IS vient NULL, ou NOT NULL.")
    return Typed(t.absent(exp.Paren(this=_compile(node.this, column).tree)), "truth")


def _case(node: Expr, column: Column) -> Typed:
    subject = node.args.get("this")
    conditions: list[Expr] = []
    values: list[Typed] = []
    for branch in node.args["ifs"]:
        if subject is None:
            conditions.append(_condition(_compile(branch.this, column), node))
        else:
            conditions.append(_comparison(exp.EQ, _compile(subject, column), _compile(branch.this, column)))
        values.append(_compile(branch.args["true"], column))
    default = node.args.get("default")
    values.append(_compile(default, column) if default is not None else Typed(exp.null(), "text"))
    kind, trees = _one_kind(values)
    return Typed(exp.Case(ifs=[exp.If(this=c, true=v) for c, v in zip(conditions, trees, strict=False)], default=trees[-1]), kind)


def _one_kind(values: list[Typed]) -> tuple[Kind, list[Expr]]:
    """What the branches of a choice have in common: their own kind, or text."""
    kinds: set[Kind] = {v.kind for v in values if not isinstance(v.tree, exp.Null)}
    if len(kinds) == 1:
        return next(iter(kinds)), [v.tree for v in values]
    return "text", [_text(v).tree for v in values]


def _call(node: Expr, column: Column) -> Typed:
    name = str(node.this).lower()
    if name == "if":
        arguments = [_compile(a, column) for a in node.expressions]
        if len(arguments) not in (2, 3):
            raise UsageError("if(condition, alors, sinon) prend deux ou trois arguments.")
        kind, trees = _one_kind([*arguments[1:], *([] if len(arguments) == 3 else [Typed(exp.null(), "text")])])
        return Typed(t.either(_condition(arguments[0], node), trees[0], trees[1]), kind)
    known = FUNCTIONS.get(name)
    if known is None:
        raise UsageError(f"Fonction inconnue : « {name} ».", mend=f"Fonctions permises : if, {', '.join(sorted(FUNCTIONS))}.")
    given = node.expressions
    if len(given) < (known.least or len(known.takes)) or (len(given) > len(known.takes) and not known.many):
        raise UsageError(f"{name} : {len(given)} argument(s), ce n’est pas le bon nombre.", mend=known.title)
    kinds: list[Kind] = [known.takes[min(i, len(known.takes) - 1)] for i in range(len(given))]
    return Typed(known.build(*(_as(kind)(_compile(a, column)).tree for kind, a in zip(kinds, given, strict=True))), known.gives)


def _as(kind: Kind) -> Callable[[Typed], Typed]:
    return {"text": _text, "number": _number, "date": _date, "truth": _text}[kind]


def _text(part: Typed) -> Typed:
    if part.kind == "number":
        return Typed(t.call(NUMBER_TEXT, part.tree), "text")
    if part.kind in ("date", "truth"):
        return Typed(t.cast(exp.Paren(this=part.tree), "VARCHAR"), "text")
    return part


def _number(part: Typed) -> Typed:
    if part.kind == "number":
        return part
    if part.kind == "text":
        return Typed(t.call(TEXT_NUMBER, part.tree), "number")
    raise UsageError("Une date ou une condition n’est pas un nombre.", mend="year(d), date(d) - date(d2) et if(condition, 1, 0) en donnent un.")


def _date(part: Typed) -> Typed:
    if part.kind == "date":
        return part
    if part.kind == "text":
        return Typed(t.call(TEXT_DATE, part.tree), "date")
    raise UsageError("Un nombre ou une condition n’est pas une date.")


NUMBER_TEXT = "parvis_number_text"
TEXT_NUMBER = "parvis_text_number"
TEXT_DATE = "parvis_text_date"

MACROS: tuple[str, ...] = (
    f"CREATE OR REPLACE TEMPORARY MACRO {NUMBER_TEXT}(x) AS CASE WHEN x IS NULL OR NOT isfinite(x) THEN NULL "
    "WHEN x = trunc(x) AND abs(x) < 1e15 THEN CAST(CAST(x AS BIGINT) AS VARCHAR) ELSE printf('%.15g', x) END",
    f"CREATE OR REPLACE TEMPORARY MACRO {TEXT_NUMBER}(c) AS CASE WHEN regexp_full_match(replace(regexp_replace(c, '[\\s\\p{{Z}}]', '', 'g'), ',', '.'), "
    "'[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]{1,3})?') "
    "THEN TRY_CAST(replace(regexp_replace(c, '[\\s\\p{Z}]', '', 'g'), ',', '.') AS DOUBLE) END",
    f"CREATE OR REPLACE TEMPORARY MACRO {TEXT_DATE}(c) AS CAST(coalesce(try_strptime(left(trim(c), 10), '%Y-%m-%d'), "
    "try_strptime(trim(c), '%d/%m/%Y'), try_strptime(trim(c), '%d-%m-%Y'), try_strptime(trim(c), '%d.%m.%Y'), try_strptime(trim(c), '%Y%m%d')) AS DATE)",
)
"""Constant texts of ours: how a number is written, how a number and a date are read. A connection that runs expressions needs them (`replay` sees to it)."""


def _named(function: str) -> Callable[..., Expr]:
    """A function of the engine, as it is."""

    def build(*arguments: Expr) -> Expr:
        return t.call(function, *arguments)

    return build


def _whole(value: Expr) -> Expr:
    """A count of characters or of decimals: one that is out of all bounds is none."""
    return t.try_cast(t.call("trunc", value), "INTEGER")


def _round(value: Expr, digits: Expr | None = None) -> Expr:
    return t.call("round", value, _whole(digits)) if digits is not None else t.call("round", value)


def _part_of(part: str) -> Callable[[Expr], Expr]:
    return lambda value: t.cast(t.call(part, value), "DOUBLE")


def _pad(value: Expr, width: Expr, filling: Expr) -> Expr:
    """Filled on the left, never cut; to PADDED characters at the most."""
    wide = t.call("least", _whole(width), t.number(PADDED))
    short = exp.LT(this=t.call("length", value), expression=wide)
    return t.either(short, t.call("lpad", value.copy(), t.cast(wide.copy(), "INTEGER"), filling), value.copy())


def _truth_text(value: Expr) -> Expr:
    return t.surely(value)


FUNCTIONS: Mapping[str, Function] = MappingProxyType({
    "upper": Function(("text",), "text", _named("upper"), "upper(texte) : en majuscules"),
    "lower": Function(("text",), "text", _named("lower"), "lower(texte) : en minuscules"),
    "trim": Function(("text",), "text", _named("trim"), "trim(texte) : sans blancs autour"),
    "length": Function(("text",), "number", lambda v: t.cast(t.call("length", v), "DOUBLE"), "length(texte) : nombre de caractères"),
    "left": Function(("text", "number"), "text", lambda v, n: t.call("left", v, _whole(n)), "left(texte, n) : les n premiers caractères"),
    "right": Function(("text", "number"), "text", lambda v, n: t.call("right", v, _whole(n)), "right(texte, n) : les n derniers caractères"),
    "substr": Function(("text", "number", "number"), "text", lambda v, *n: t.call("substring", v, *(_whole(k) for k in n)),
                       "substr(texte, début, longueur) : une partie, comptée à partir de 1", least=2),
    "replace": Function(("text", "text", "text"), "text", _named("replace"), "replace(texte, ancien, nouveau)"),
    "concat": Function(("text",), "text", _named("concat"), "concat(a, b, …) : bout à bout, les vides comptent pour rien", many=True),
    "split": Function(("text", "text", "number"), "text", lambda v, s, n: t.call("nullif", t.call("split_part", v, s, _whole(n)), t.text("")),
                      "split(texte, séparateur, n) : le n-ième morceau"),
    "pad": Function(("text", "number", "text"), "text", _pad, "pad(texte, largeur, '0') : complété à gauche"),
    "contains": Function(("text", "text"), "truth", lambda v, w: _truth_text(t.call("contains", v, w)), "contains(texte, morceau)"),
    "starts": Function(("text", "text"), "truth", lambda v, w: _truth_text(t.call("starts_with", v, w)), "starts(texte, début)"),
    "ends": Function(("text", "text"), "truth", lambda v, w: _truth_text(t.call("ends_with", v, w)), "ends(texte, fin)"),
    "coalesce": Function(("text",), "text", _named("coalesce"), "coalesce(a, b, …) : le premier qui n’est pas vide", many=True),
    "number": Function(("number",), "number", lambda v: v, "number(texte) : lu comme un nombre"),
    "round": Function(("number", "number"), "number", _round, "round(nombre, décimales)", least=1),
    "floor": Function(("number",), "number", _named("floor"), "floor(nombre) : l’entier au-dessous"),
    "ceil": Function(("number",), "number", _named("ceil"), "ceil(nombre) : l’entier au-dessus"),
    "abs": Function(("number",), "number", _named("abs"), "abs(nombre) : sans signe"),
    "least": Function(("number",), "number", _named("least"), "least(a, b, …) : le plus petit", many=True),
    "greatest": Function(("number",), "number", _named("greatest"), "greatest(a, b, …) : le plus grand", many=True),
    "date": Function(("date",), "date", lambda v: v, "date(texte) : lu comme une date"),
    "year": Function(("date",), "number", _part_of("year"), "year(date)"),
    "month": Function(("date",), "number", _part_of("month"), "month(date)"),
    "day": Function(("date",), "number", _part_of("day"), "day(date)"),
})  # fmt: skip
"""Every function that a recipe may call, beside if(condition, alors, sinon)."""

_NODES: Mapping[type[Expr], Callable[[Expr, Column], Typed]] = MappingProxyType({
    exp.Paren: _paren, exp.Column: _column, exp.Literal: _literal, exp.Boolean: _truth, exp.Null: _null, exp.Neg: _minus, exp.DPipe: _joined,
    **dict.fromkeys((exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod), _arithmetic),
    **dict.fromkeys((exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE), _compared), **dict.fromkeys((exp.And, exp.Or), _logic), exp.Not: _not,
    exp.In: _in, exp.Between: _between, **dict.fromkeys((exp.Like, exp.ILike), _like), exp.Is: _is, exp.Case: _case, exp.Anonymous: _call,
})  # fmt: skip
"""Every kind of node that may stand in an expression."""


@cache
def functions_help() -> tuple[str, ...]:
    """What each function does, by name, for the page."""
    return tuple(f.title for _, f in sorted(FUNCTIONS.items()))
