"""The expressions that people may write: to compute a column of a recipe, to choose its rows, to say what
every row of a dataset must keep.

A small part of SQL: columns (in "double quotes" when their name is not a plain word), texts in 'single
quotes', numbers, TRUE, FALSE, NULL, + - * / % ||, comparisons, AND OR NOT, IN, BETWEEN, LIKE, IS NULL, CASE,
and the functions of FUNCTIONS. The text is read by sqlglot into a tree; the tree is compiled node by node
into another one, and whatever is not named here is refused: no text of a user becomes SQL text. Faults are
told with the character where they stand.

One grammar and one set of functions; two ways to take cells (`Manner`):

- loose, for recipes, whose cells are texts: where a number or a date is wanted they are read as French files
  write them (« 1 234,5 », « 31/12/2026 »); what
  can't be read is empty, and an empty cell computes to an empty cell. Comparisons are true or false, never
  unknown: an empty cell equals '' and nothing else.
- strict, for rules, whose columns have the types of a schema: kinds must agree (a text between apostrophes
  may be written for a date), and what is said of an
  empty cell is unknown, but for IS NULL.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.core.sentence import Sentence
from parvis.engine import trees as t
from parvis.engine.functions import FUNCTIONS, NUMBER_TEXT, TEXT_DATE, TEXT_NUMBER, Kind, whole
from parvis.engine.grammar import BadExpression, parse

_COMPARE = Sentence("Comparez quelque chose : fin >= debut, etat = 'ouvert', nom IS NOT NULL.")


@dataclass(frozen=True, slots=True)
class Typed:
    """A compiled part, and what it yields."""

    tree: Expr
    kind: Kind


def members(cell: Expr, values: tuple[str, ...]) -> Expr:
    """The text is one of these."""
    return exp.Paren(
        this=exp.or_(*(exp.EQ(this=cell.copy(), expression=t.text(v)) for v in values), copy=False)
    )


@dataclass(frozen=True, slots=True)
class Manner:
    """How an expression is compiled.

    column: name -> its cell, NULL when empty; raises when there is none. loose: see above. one_of: how a
    strict text is compared with a list of texts.
    """

    column: Callable[[str], Typed]
    loose: bool
    one_of: Callable[[Expr, tuple[str, ...]], Expr] = members


def value(text: str, manner: Manner) -> Typed:
    """An expression, and the kind of what it yields. Raises BadExpression, and what `column` raises."""
    return _compile(parse(text), manner)


def as_text(text: str, manner: Manner) -> Expr:
    """A loose expression as the text that it yields, NULL where it can't be computed (a number out of
    bounds). Raises as `value` does.
    """
    return t.call("try", _text(value(text, manner), None, manner).tree)


def condition(text: str, manner: Manner) -> Expr:
    """An expression as a condition: never NULL when loose. Raises as `value` does."""
    typed = value(text, manner)
    if typed.kind != "truth":
        raise BadExpression(Sentence("« {text} » n’est pas une condition", text=text), mend=_COMPARE)
    return (
        t.call("coalesce", t.call("try", typed.tree), exp.false())
        if manner.loose
        else exp.Paren(this=typed.tree)
    )


def columns_of(text: str) -> tuple[str, ...]:
    """Names of the columns that a loose expression speaks of, in its order, each once. Raises BadExpression."""
    names: dict[str, None] = {}

    def look(name: str) -> Typed:
        names.setdefault(name)
        return Typed(exp.null(), "text")

    _compile(parse(text), Manner(look, loose=True))
    return tuple(names)


# --- the nodes ----------------------------------------------------------------------------------------------


def _compile(node: Expr, manner: Manner) -> Typed:
    build = _NODES.get(type(node))
    if build is None:
        raise _strange(node)
    return build(node, manner)


def _strange(node: Expr) -> BadExpression:
    return BadExpression(
        Sentence("Une expression ne sait pas faire « {node} »", node=node.sql()[:80]), at=_place(node)
    )


def _place(node: Expr | None) -> int:
    """The character where a node begins, from 1; 0 when nothing in it tells."""
    starts = (
        [start for each in node.walk() if isinstance(start := each.meta.get("start"), int)]
        if node is not None
        else []
    )
    return min(starts) + 1 if starts else 0


def _paren(node: Expr, manner: Manner) -> Typed:
    inner = _compile(node.this, manner)
    return Typed(exp.Paren(this=inner.tree), inner.kind)


def _column(node: Expr, manner: Manner) -> Typed:
    if (
        not isinstance(node, exp.Column)
        or not isinstance(node.this, exp.Identifier)
        or node.args.get("table")
    ):
        mend = Sentence("Un nom qui contient un point s’écrit entre guillemets doubles.")
        raise BadExpression(
            Sentence(
                "Une expression ne sait pas faire « {node} » : ce n’est pas un nom de colonne",
                node=node.sql()[:80],
            ),
            at=_place(node),
            mend=mend,
        )
    return manner.column(node.name)


def _literal(node: Expr, manner: Manner) -> Typed:
    if not isinstance(node, exp.Literal):
        raise TypeError(node)
    if node.is_string:
        return Typed(t.text(node.name), "text")
    return Typed(t.cast(t.text(node.name), "DOUBLE") if manner.loose else node.copy(), "number")


def _truth(node: Expr, manner: Manner) -> Typed:
    return Typed(exp.true() if node.this else exp.false(), "truth")


def _null(node: Expr, manner: Manner) -> Typed:
    return Typed(exp.null(), "text")


def _both(node: Expr, manner: Manner) -> tuple[Typed, Typed]:
    """The two sides of an operator, compiled."""
    return _compile(node.this, manner), _compile(node.args["expression"], manner)


def _arithmetic(node: Expr, manner: Manner) -> Typed:
    left, right = _both(node, manner)
    if isinstance(node, exp.Sub) and left.kind == right.kind == "date":
        return Typed(t.cast(t.call("date_diff", t.text("day"), right.tree, left.tree), "DOUBLE"), "number")
    if isinstance(node, exp.Add | exp.Sub) and left.kind == "date":
        days = whole(_number(right, node, manner).tree)
        return Typed(type(node)(this=exp.Paren(this=left.tree), expression=days), "date")
    a, b = (
        exp.Paren(this=_number(left, node.this, manner).tree),
        exp.Paren(this=_number(right, node.args["expression"], manner).tree),
    )
    by = t.call("nullif", b, t.number(0.0)) if isinstance(node, exp.Div | exp.Mod) else b
    return Typed(exp.Paren(this=type(node)(this=a, expression=by)), "number")


def _minus(node: Expr, manner: Manner) -> Typed:
    return Typed(
        exp.Paren(
            this=exp.Neg(this=exp.Paren(this=_number(_compile(node.this, manner), node.this, manner).tree))
        ),
        "number",
    )


def _joined(node: Expr, manner: Manner) -> Typed:
    parts = zip(_both(node, manner), (node.this, node.args["expression"]), strict=True)
    return Typed(t.call("concat", *(_text(part, where, manner).tree for part, where in parts)), "text")


def _compared(node: Expr, manner: Manner) -> Typed:
    left, right = _both(node, manner)
    return Typed(_comparison(type(node), left, right, node, manner), "truth")


def _comparison(how: type[Expr], left: Typed, right: Typed, node: Expr, manner: Manner) -> Expr:
    """A comparison. Loose: as numbers or dates when a side is one, else in alphabetical order; true or false;
    '' for an empty cell. Strict: of one kind.
    """
    if not manner.loose:
        a, b = _alike(left, right, node)
        return how(this=a, expression=b)
    for a, b in ((left, right), (right, left)):
        if (
            isinstance(a.tree, exp.Literal)
            and a.tree.is_string
            and not a.tree.name
            and how in (exp.EQ, exp.NEQ)
        ):
            empty = t.absent(exp.Paren(this=b.tree))
            return empty if how is exp.EQ else exp.Not(this=empty)
    kinds = {left.kind, right.kind}
    if "number" in kinds:
        one, other = _number(left, node, manner).tree, _number(right, node, manner).tree
    elif "date" in kinds:
        one, other = _date(left, node, manner).tree, _date(right, node, manner).tree
    elif kinds == {"truth"}:
        one, other = left.tree, right.tree
    else:
        one, other = _text(left, node, manner).tree, _text(right, node, manner).tree
    if how is exp.NEQ:
        return exp.Not(this=t.surely(exp.EQ(this=exp.Paren(this=one), expression=exp.Paren(this=other))))
    return t.surely(how(this=exp.Paren(this=one), expression=exp.Paren(this=other)))


def _alike(left: Typed, right: Typed, node: Expr) -> tuple[Expr, Expr]:
    """Both sides of a strict comparison, of one kind: the second follows the first, unless the first is the
    one that is written out.
    """
    if left.kind == right.kind:
        return left.tree, right.tree
    if isinstance(right.tree, exp.Literal) or (left.kind == "date" and right.kind == "datetime"):
        return left.tree, _of(right, left.kind, node)
    return _of(left, right.kind, node), right.tree


def _of(part: Typed, kind: Kind, node: Expr | None) -> Expr:
    """A strict part, which must be of that kind; a moment may be written as a text."""
    if part.kind == kind or isinstance(part.tree, exp.Null):
        return part.tree
    if kind in ("date", "datetime", "time") and isinstance(part.tree, exp.Literal) and part.tree.is_string:
        return _moment(part.tree.name, kind, node)
    if kind == "date" and part.kind == "datetime":
        return t.cast(part.tree, "DATE")
    written = part.tree.sql("duckdb") if node is None else node.sql()
    raise BadExpression(
        Sentence(
            "« {shown} » : {words}, là où il faut {words2}",
            shown=written[:80],
            words=WORDS[part.kind],
            words2=WORDS[kind],
        ),
        at=_place(node),
    )


def _moment(text: str, kind: Kind, node: Expr | None) -> Expr:
    form = {
        "date": r"\d{4}-\d\d-\d\d",
        "time": r"\d\d:\d\d(:\d\d)?",
        "datetime": r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?)?",
    }[kind]
    if not re.fullmatch(form, text):
        raise BadExpression(
            Sentence("« {text} » n’est pas {words}", text=text, words=WORDS[kind]),
            at=_place(node),
            mend=Sentence("Écrivez AAAA-MM-JJ, HH:MM, ou AAAA-MM-JJ HH:MM."),
        )
    return t.try_cast(t.text(text), {"date": "DATE", "time": "TIME", "datetime": "TIMESTAMPTZ"}[kind])


WORDS: Mapping[Kind, str] = MappingProxyType(
    {
        "text": Sentence("un texte"),
        "number": Sentence("un nombre"),
        "date": Sentence("une date"),
        "datetime": Sentence("une date et une heure"),
        "time": Sentence("une heure"),
        "truth": Sentence("une condition"),
    }
)
"""Kinds, as people say them."""


def _sure(condition: Expr, manner: Manner) -> Typed:
    """A condition: unknown counts as false when loose."""
    return Typed(t.surely(condition) if manner.loose else condition, "truth")


def _logic(node: Expr, manner: Manner) -> Typed:
    left, right = (_condition(part, node) for part in _both(node, manner))
    return Typed(exp.Paren(this=type(node)(this=left, expression=right)), "truth")


def _not(node: Expr, manner: Manner) -> Typed:
    return Typed(exp.Not(this=exp.Paren(this=_condition(_compile(node.this, manner), node))), "truth")


def _condition(part: Typed, node: Expr) -> Expr:
    if part.kind != "truth":
        raise BadExpression(
            Sentence("« {node} » : AND, OR et NOT relient des conditions", node=node.sql()[:80]),
            at=_place(node),
            mend=_COMPARE,
        )
    return part.tree


def _in(node: Expr, manner: Manner) -> Typed:
    listed: Sequence[Expr] = node.args.get("expressions") or ()
    if not listed or node.args.get("query") or node.args.get("unnest") or node.args.get("field"):
        raise _strange(node)
    cell, others = _compile(node.this, manner), [_compile(m, manner) for m in listed]
    if (
        not manner.loose
        and cell.kind == "text"
        and all(isinstance(m.tree, exp.Literal) and m.kind == "text" for m in others)
    ):
        return Typed(manner.one_of(cell.tree, tuple(m.tree.name for m in others)), "truth")
    comparisons = [_comparison(exp.EQ, Typed(cell.tree.copy(), cell.kind), m, node, manner) for m in others]
    return Typed(exp.Paren(this=exp.or_(*comparisons, copy=False)), "truth")


def _between(node: Expr, manner: Manner) -> Typed:
    cell, low, high = (_compile(part, manner) for part in (node.this, node.args["low"], node.args["high"]))
    above = _comparison(exp.GTE, cell, low, node, manner)
    return Typed(
        exp.Paren(
            this=exp.And(
                this=above,
                expression=_comparison(exp.LTE, Typed(cell.tree.copy(), cell.kind), high, node, manner),
            )
        ),
        "truth",
    )


def _like(node: Expr, manner: Manner) -> Typed:
    cell, pattern = _both(node, manner)
    return _sure(
        type(node)(
            this=exp.Paren(this=_text(cell, node, manner).tree), expression=_text(pattern, node, manner).tree
        ),
        manner,
    )


def _is(node: Expr, manner: Manner) -> Typed:
    if not isinstance(node.args["expression"], exp.Null):
        raise BadExpression(
            Sentence("« {node} » : après IS vient NULL, ou NOT NULL", node=node.sql()[:80]), at=_place(node)
        )
    return Typed(t.absent(exp.Paren(this=_compile(node.this, manner).tree)), "truth")


def _case(node: Expr, manner: Manner) -> Typed:
    subject = node.args.get("this")
    conditions: list[Expr] = []
    values: list[Typed] = []
    for branch in node.args["ifs"]:
        if subject is None:
            conditions.append(_condition(_compile(branch.this, manner), node))
        else:
            conditions.append(
                _comparison(exp.EQ, _compile(subject, manner), _compile(branch.this, manner), node, manner)
            )
        values.append(_compile(branch.args["true"], manner))
    default = node.args.get("default")
    values.append(_compile(default, manner) if default is not None else Typed(exp.null(), "text"))
    kind, trees = _one_kind(values, node, manner)
    return Typed(
        exp.Case(
            ifs=[exp.If(this=c, true=v) for c, v in zip(conditions, trees, strict=False)], default=trees[-1]
        ),
        kind,
    )


def _one_kind(values: Sequence[Typed], node: Expr, manner: Manner) -> tuple[Kind, list[Expr]]:
    """What the branches of a choice have in common: their own kind, or text when loose."""
    kinds: set[Kind] = {v.kind for v in values if not isinstance(v.tree, exp.Null)}
    if len(kinds) == 1:
        return next(iter(kinds)), [v.tree for v in values]
    if not manner.loose and kinds:
        raise BadExpression(
            Sentence("« {node} » donne des valeurs de plusieurs sortes", node=node.sql()[:80]),
            at=_place(node),
        )
    return "text", [_text(v, node, manner).tree for v in values]


def _call(node: Expr, manner: Manner) -> Typed:
    name = str(node.this).lower()
    given: Sequence[Expr] = node.expressions
    if name in _CHOICES:
        return _choice(name, node, manner)
    known = FUNCTIONS.get(name)
    if known is None:
        raise BadExpression(
            Sentence("Fonction inconnue : « {name} »", name=name),
            at=_place(node),
            mend=Sentence("Fonctions permises : {list}.", list=", ".join(sorted((*FUNCTIONS, *_CHOICES)))),
        )
    least = known.least or len(known.takes)
    if len(given) < least or (len(given) > len(known.takes) and not known.many):
        few = (
            least
            if least == len(known.takes)
            else Sentence("{least} à {most}", least=least, most=len(known.takes))
        )
        raise BadExpression(
            (
                (
                    Sentence("{name} prend une valeur ou plus", name=name)
                    if few == 1
                    else Sentence("{name} prend {few} valeurs ou plus", name=name, few=few)
                )
                if known.many
                else Sentence("{name} prend une valeur", name=name)
                if few == 1
                else Sentence("{name} prend {few} valeurs", name=name, few=few)
            ),
            at=_place(node),
            mend=known.title,
        )
    kinds: list[Kind] = [known.takes[min(i, len(known.takes) - 1)] for i in range(len(given))]
    read = Manner(manner.column, loose=True) if known.reads else manner
    tree = known.build(
        *(_AS[kind](_compile(a, manner), a, read).tree for kind, a in zip(kinds, given, strict=True))
    )
    return _sure(tree, manner) if known.gives == "truth" else Typed(tree, known.gives)


_CHOICES: Mapping[str, str] = MappingProxyType(
    {
        "if": Sentence("if(condition, alors, sinon)"),
        "coalesce": Sentence("coalesce(a, b, …) : le premier qui n’est pas vide"),
    }
)
"""Functions that yield what their arguments have in common."""


def _choice(name: str, node: Expr, manner: Manner) -> Typed:
    arguments = [_compile(a, manner) for a in node.expressions]
    if name == "coalesce":
        if not arguments:
            raise BadExpression(
                Sentence("{name} prend une valeur ou plus", name=name), at=_place(node), mend=_CHOICES[name]
            )
        kind, trees = _one_kind(arguments, node, manner)
        return Typed(t.call("coalesce", *trees), kind)
    if len(arguments) not in (2, 3):
        raise BadExpression(
            Sentence(
                "{name} prend {few} valeurs", name=name, few=Sentence("{least} à {most}", least=2, most=3)
            ),
            at=_place(node),
            mend=_CHOICES[name],
        )
    kind, trees = _one_kind(
        [*arguments[1:], *([] if len(arguments) == 3 else [Typed(exp.null(), "text")])], node, manner
    )
    return Typed(t.either(_condition(arguments[0], node), trees[0], trees[1]), kind)


# --- kinds --------------------------------------------------------------------------------------------------


def _text(part: Typed, node: Expr | None, manner: Manner) -> Typed:
    if not manner.loose:
        return Typed(_of(part, "text", node), "text")
    if part.kind == "number":
        return Typed(t.call(NUMBER_TEXT, part.tree), "text")
    return part if part.kind == "text" else Typed(t.cast(exp.Paren(this=part.tree), "VARCHAR"), "text")


def _number(part: Typed, node: Expr | None, manner: Manner) -> Typed:
    if not manner.loose:
        return Typed(_of(part, "number", node), "number")
    if part.kind == "text":
        return Typed(t.call(TEXT_NUMBER, part.tree), "number")
    if part.kind != "number":
        mend = Sentence("year(d), date(d) - date(d2) et if(condition, 1, 0) en donnent un.")
        raise BadExpression(
            Sentence("Une date ou une condition n’est pas un nombre"), at=_place(node), mend=mend
        )
    return part


def _date(part: Typed, node: Expr | None, manner: Manner) -> Typed:
    if not manner.loose:
        return Typed(_of(part, "date", node), "date")
    if part.kind == "text":
        return Typed(t.call(TEXT_DATE, part.tree), "date")
    if part.kind == "datetime":
        return Typed(t.cast(part.tree, "DATE"), "date")
    if part.kind != "date":
        raise BadExpression(Sentence("Un nombre ou une condition n’est pas une date"), at=_place(node))
    return part


_AS: Mapping[Kind, Callable[[Typed, Expr | None, Manner], Typed]] = MappingProxyType(
    {"text": _text, "number": _number, "date": _date}
)

_NODES: Mapping[type[Expr], Callable[[Expr, Manner], Typed]] = MappingProxyType({
    exp.Paren: _paren, exp.Column: _column, exp.Literal: _literal, exp.Boolean: _truth, exp.Null: _null, exp.Neg: _minus, exp.DPipe: _joined,
    **dict.fromkeys((exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod), _arithmetic),
    **dict.fromkeys((exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE), _compared), **dict.fromkeys((exp.And, exp.Or), _logic), exp.Not: _not,
    exp.In: _in, exp.Between: _between, **dict.fromkeys((exp.Like, exp.ILike), _like), exp.Is: _is, exp.Case: _case, exp.Anonymous: _call,
})  # fmt: skip
"""Every kind of node that may stand in an expression."""


@cache
def functions_help() -> tuple[str, ...]:
    """What each function does, by name, for the page."""
    titles = {name: f.title for name, f in FUNCTIONS.items()} | {"coalesce": _CHOICES["coalesce"]}
    return tuple(title for _, title in sorted(titles.items()))
