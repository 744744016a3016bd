"""A city's own rules: a TOML file of assertions on the rows of one dataset.

    [[rule]]
    assert = "fin >= debut"          # what every row must keep
    where = "type = 'travaux'"       # rows it speaks of; all by default
    severity = "error"               # error, warning or info; error by default
    message = "La fin précède le début."
    fix = "Vérifiez les deux dates." # optional
    column = "fin"                   # column blamed; by default the first that the assertion names

An assertion is a small part of SQL: columns ("in double quotes" when their name is no plain word), 'texts', numbers, TRUE and FALSE, + - * / %, comparisons,
AND OR NOT, IN, BETWEEN, LIKE, IS NULL, CASE, and the functions of FUNCTIONS. It is read by sqlglot and compiled node by node into another tree; whatever is not
named here is refused, so that no text of a file becomes SQL text. Columns have the types of the table's schema. An empty cell breaks no rule but those that
speak of emptiness (IS NULL).
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, cast

import sqlglot.errors
from sqlglot import exp, parse_one
from sqlglot.expressions.core import Expr

from parvis.checks.declaration import Cell, called
from parvis.checks.sql import both, call, one_of, surely, text
from parvis.core.errors import UsageError
from parvis.core.types import Severity

Kind = Literal["text", "number", "date", "datetime", "time", "truth"]

LONGEST = 2_000
"""Characters of an expression."""
DEEPEST = 40
"""Brackets within brackets: what reads them is recursive."""

_KINDS: Mapping[str, Kind] = {
    "integer": "number", "number": "number", "year": "number", "boolean": "truth", "date": "date", "datetime": "datetime", "time": "time",
}  # fmt: skip
_MAY = ("assert", "where", "severity", "message", "fix", "column")
_HELP = "Exemple : assert = \"fin >= debut\" ; un nom de colonne à espaces s’écrit entre guillemets doubles, un texte entre apostrophes."


@dataclass(frozen=True, slots=True)
class Assertion:
    """One rule as it is written. line: where it begins in its file, from 1; source: the name of that file."""

    holds: str
    where: str = ""
    severity: Severity = "error"
    message: str = ""
    fix: str = ""
    column: str = ""
    line: int = 0
    source: str = ""


@dataclass(frozen=True, slots=True)
class Function:
    """A function: kinds of its arguments, what it yields."""

    takes: tuple[Kind, ...]
    gives: Kind
    build: Callable[..., Expr]


def _named(name: str) -> Callable[..., Expr]:
    return lambda *arguments: call(name, *arguments)


FUNCTIONS: Mapping[str, Function] = {
    "upper": Function(("text",), "text", _named("upper")),
    "lower": Function(("text",), "text", _named("lower")),
    "trim": Function(("text",), "text", _named("trim")),
    "length": Function(("text",), "number", _named("length")),
    "contains": Function(("text", "text"), "truth", _named("contains")),
    "starts": Function(("text", "text"), "truth", _named("starts_with")),
    "ends": Function(("text", "text"), "truth", _named("ends_with")),
    "abs": Function(("number",), "number", _named("abs")),
    "round": Function(("number",), "number", _named("round")),
    "floor": Function(("number",), "number", _named("floor")),
    "ceil": Function(("number",), "number", _named("ceil")),
    "least": Function(("number", "number"), "number", _named("least")),
    "greatest": Function(("number", "number"), "number", _named("greatest")),
    "year": Function(("date",), "number", _named("year")),
    "month": Function(("date",), "number", _named("month")),
    "day": Function(("date",), "number", _named("day")),
}


# --- the file ------------------------------------------------------------------------------------------------------------------------------------------------


def read(content: bytes, source: str = "") -> tuple[Assertion, ...]:
    """The rules of a TOML file. Raises UsageError with the line, what is wrong there and how to mend it."""
    try:
        written = content.decode("utf-8-sig")
        said = tomllib.loads(written)
    except UnicodeDecodeError as bad:
        raise UsageError(f"« {source or 'règles'} » n’est pas en UTF-8.", mend="Enregistrez le fichier en UTF-8.") from bad
    except tomllib.TOMLDecodeError as bad:
        found = re.search(r"line (\d+), column (\d+)", str(bad))
        at = f", ligne {found[1]}, colonne {found[2]}" if found else ""
        raise UsageError(f"« {source or 'règles'} »{at} : ce n’est pas du TOML ({bad}).", mend=_HELP) from bad
    lines = [number for number, line in enumerate(written.splitlines(), 1) if re.match(r"\s*\[\[\s*rule\s*\]\]", line)]
    rules = said.get("rule")
    strange = sorted(said.keys() - {"rule"})
    if strange or not isinstance(rules, list):
        what = f"clé inconnue « {strange[0]} »" if strange else "aucune règle"
        raise UsageError(f"« {source or 'règles'} » : {what}.", mend="Écrivez chaque règle sous un titre [[rule]], avec au moins assert et message.")
    return tuple(
        _rule(rule, lines[i] if i < len(lines) else 0, written, source) for i, rule in enumerate(cast(list[object], rules))
    )


def _rule(said: object, line: int, written: str, source: str) -> Assertion:
    def wrong(key: str, what: str, mend: str) -> UsageError:
        return UsageError(f"« {source or 'règles'} », ligne {_line_of(written, line, key)} : {what}.", mend=mend)

    rule = cast(dict[str, object], said) if isinstance(said, dict) else {}
    for key, value in rule.items():
        if key not in _MAY:
            near = difflib.get_close_matches(key, _MAY, 1)
            raise wrong(key, f"clé inconnue « {key} »", f"Vouliez-vous « {near[0]} » ?" if near else f"Les clés sont : {', '.join(_MAY)}.")
        if not isinstance(value, str) or not value.strip():
            raise wrong(key, f"« {key} » n’est pas un texte", f'Écrivez {key} = "…".')
    for key in ("assert", "message"):
        if key not in rule:
            raise wrong("", f"la règle n’a pas de « {key} »", _HELP if key == "assert" else 'Écrivez message = "…" : ce qui sera dit des lignes fautives.')
    severity = rule.get("severity", "error")
    if severity not in ("error", "warning", "info"):
        raise wrong("severity", f"gravité inconnue « {severity} »", "Les gravités sont : error, warning, info.")
    words = {key: str(value) for key, value in rule.items()}
    made = Assertion(
        words["assert"], words.get("where", ""), severity, words["message"], words.get("fix", ""), words.get("column", ""),
        _line_of(written, line, "assert"), source,
    )  # fmt: skip
    for expression in (made.holds, made.where):
        if expression:
            _parsed(made, expression)
    return made


def _line_of(written: str, begins: int, key: str) -> int:
    """The line of a key of the rule that begins there; the rule's own when it has no such key."""
    for number, line in enumerate(written.splitlines()[begins:], begins + 1):
        if line.lstrip().startswith("[["):
            break
        if key and re.match(rf'\s*"?{re.escape(key)}"?\s*=', line):
            return number
    return begins


# --- the expressions -----------------------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Typed:
    """A compiled part, and what it yields."""

    tree: Expr
    kind: Kind


def broken(rule: Assertion, cells: Mapping[str, Cell]) -> tuple[Expr, str]:
    """What is wrong with a row under this rule, never NULL, and the column to blame. cells: the columns of the table, by name.

    Raises UsageError with file, line and fix: an expression that can't be read, a column that is not there, kinds that don't go together.
    """
    named: list[str] = []
    holds = _condition(rule, rule.holds, cells, named)
    spoken = _condition(rule, rule.where, cells, []) if rule.where else exp.true()
    if rule.column and rule.column not in cells:
        raise _no_column(rule, rule.column, cells)
    wrong = both(call("coalesce", spoken, exp.false()), exp.Not(this=call("coalesce", holds, exp.true())))
    return wrong, rule.column or next(iter(named), "")


def _condition(rule: Assertion, written: str, cells: Mapping[str, Cell], named: list[str]) -> Expr:
    made = _Compiler(rule, written, cells, named).compile(_parsed(rule, written))
    if made.kind != "truth":
        raise _refused(rule, f"« {written} » n’est pas une condition", "Comparez quelque chose : fin >= debut, etat = 'ouvert', nom IS NOT NULL.")
    return exp.Paren(this=made.tree)


def _refused(rule: Assertion, what: str, mend: str = _HELP) -> UsageError:
    return UsageError(f"« {rule.source or 'règles'} », ligne {rule.line} : {what}.", mend=mend)


def _no_column(rule: Assertion, name: str, cells: Mapping[str, Cell]) -> UsageError:
    near = difflib.get_close_matches(name, cells, 1, 0.5)
    mend = f"Vouliez-vous « {near[0]} » ?" if near else f"Les colonnes sont : {', '.join(cells)}."
    return _refused(rule, f"la table n’a pas de colonne « {name} »", mend)


def _parsed(rule: Assertion, written: str) -> Expr:
    if len(written) > LONGEST:
        raise _refused(rule, f"expression de {len(written)} caractères, {LONGEST} au plus", "Faites-en plusieurs règles.")
    depth = deepest = 0
    for character in written:
        depth += (character == "(") - (character == ")")
        deepest = max(deepest, depth)
    if deepest > DEEPEST or len(re.findall(r"\b(?:not|case)\b|[-+~]\s*(?=[-+~])", written, re.IGNORECASE)) > DEEPEST:
        raise _refused(rule, "expression trop profonde", "Faites-en plusieurs règles.")
    try:
        return parse_one(written, dialect="duckdb")
    except sqlglot.errors.ParseError as bad:
        column = bad.errors[0].get("col") if bad.errors else None
        raise _refused(rule, f"expression mal écrite{f' vers le caractère {column}' if column else ''} : « {written} »") from bad
    except sqlglot.errors.TokenError as bad:
        raise _refused(rule, f"expression mal écrite : « {written} »", "Un guillemet ou une apostrophe n’est pas refermé.") from bad


_COMPARISONS: tuple[type[exp.Binary], ...] = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE)
_SUMS: tuple[type[exp.Binary], ...] = (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod)


class _Compiler:
    """Compiles the nodes of one expression; `named` gathers the columns it speaks of, in order."""

    def __init__(self, rule: Assertion, written: str, cells: Mapping[str, Cell], named: list[str]) -> None:
        self.rule, self.written, self.cells, self.named = rule, written, cells, named

    def compile(self, node: Expr) -> Typed:
        """The node under its own kind."""
        if isinstance(node, exp.Paren):
            inner = self.compile(node.this)
            return Typed(exp.Paren(this=inner.tree), inner.kind)
        if isinstance(node, exp.Column):
            return self._column(node)
        if isinstance(node, exp.Literal):
            return Typed(node.copy(), "text" if node.is_string else "number")
        if isinstance(node, exp.Boolean):
            return Typed(node.copy(), "truth")
        if isinstance(node, exp.Neg):
            return Typed(exp.Neg(this=self._of(node.this, "number")), "number")
        if isinstance(node, exp.Not):
            return Typed(exp.Not(this=self._of(node.this, "truth")), "truth")
        if isinstance(node, (exp.And, exp.Or)):
            return Typed(type(node)(this=self._of(node.this, "truth"), expression=self._of(node.expression, "truth")), "truth")
        if isinstance(node, _COMPARISONS):
            first, second = self._alike(node.this, node.expression)
            return Typed(type(node)(this=first, expression=second), "truth")
        if isinstance(node, _SUMS):
            second = self._of(node.expression, "number")
            if isinstance(node, (exp.Div, exp.Mod)):
                second = call("nullif", second, exp.Literal.number(0))
            return Typed(exp.Paren(this=type(node)(this=self._of(node.this, "number"), expression=second)), "number")
        if isinstance(node, exp.Is) and isinstance(node.expression, exp.Null):
            return Typed(exp.Is(this=self.compile(node.this).tree, expression=exp.null()), "truth")
        if isinstance(node, exp.Between):
            low, high = self._alike(node.this, node.args["low"]), self._alike(node.this, node.args["high"])
            return Typed(exp.Between(this=low[0], low=low[1], high=high[1]), "truth")
        if isinstance(node, exp.In) and node.expressions and not node.args.get("query"):
            return self._in(node)
        if isinstance(node, exp.Like):
            return Typed(exp.Like(this=self._of(node.this, "text"), expression=self._of(node.expression, "text")), "truth")
        if isinstance(node, exp.Case) and node.this is None:
            return self._case(node)
        return self._call(node)

    def _column(self, node: exp.Column) -> Typed:
        if node.table or not isinstance(node.this, exp.Identifier):
            raise self._unknown(node)
        folded = {name.lower(): name for name in self.cells}
        name = node.name if node.name in self.cells else folded.get(node.name.lower(), "")
        if not name:
            raise _no_column(self.rule, node.name, self.cells)
        if name not in self.named:
            self.named.append(name)
        cell = self.cells[name]
        kind = _KINDS.get(called(cell.column), "text")
        return Typed(cell.text.copy() if kind == "text" else cell.value.copy(), kind)

    def _of(self, node: Expr, kind: Kind) -> Expr:
        """The node, which must be of that kind; a text may be written for a date."""
        made = self.compile(node)
        if made.kind == kind:
            return made.tree
        if kind in ("date", "datetime", "time") and isinstance(node, exp.Literal) and node.is_string:
            return self._moment(node, kind)
        if kind == "date" and made.kind == "datetime":
            return surely(made.tree, "DATE")
        raise _refused(self.rule, f"« {node.sql('duckdb')} » est {_WORDS[made.kind]}, là où il faut {_WORDS[kind]}", f"Dans « {self.written} ».")

    def _alike(self, first: Expr, second: Expr) -> tuple[Expr, Expr]:
        """Both sides of a comparison, of one kind."""
        one, other = self.compile(first), self.compile(second)
        if one.kind == other.kind:
            return one.tree, other.tree
        if isinstance(second, exp.Literal) or (one.kind == "date" and other.kind == "datetime"):
            return one.tree, self._of(second, one.kind)
        return self._of(first, other.kind), other.tree

    def _moment(self, node: exp.Literal, kind: Kind) -> Expr:
        form = {"date": r"\d{4}-\d\d-\d\d", "time": r"\d\d:\d\d(:\d\d)?", "datetime": r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?)?"}[kind]
        if not re.fullmatch(form, node.name):
            raise _refused(self.rule, f"« {node.name} » n’est pas {_WORDS[kind]}", "Écrivez AAAA-MM-JJ, HH:MM, ou AAAA-MM-JJ HH:MM.")
        return exp.TryCast(this=text(node.name), to=exp.DataType.build({"date": "DATE", "time": "TIME", "datetime": "TIMESTAMPTZ"}[kind], dialect="duckdb"))

    def _in(self, node: exp.In) -> Typed:
        kind = self.compile(node.this).kind
        members = [self._of(m, kind) for m in node.expressions]
        if kind == "text":
            if not all(isinstance(m, exp.Literal) for m in members):
                raise self._unknown(node)
            return Typed(one_of(self.compile(node.this).tree, tuple(m.name for m in members)), "truth")
        return Typed(exp.Paren(this=exp.or_(*(exp.EQ(this=self.compile(node.this).tree, expression=m) for m in members), copy=False)), "truth")

    def _case(self, node: exp.Case) -> Typed:
        branches = [(self._of(b.this, "truth"), self.compile(b.args["true"])) for b in node.args.get("ifs") or []]
        default = self.compile(node.args["default"]) if node.args.get("default") is not None else None
        kinds: set[Kind] = {value.kind for _, value in branches}
        if default is not None:
            kinds.add(default.kind)
        if len(kinds) != 1:
            raise self._unknown(node)
        made = exp.Case(ifs=[exp.If(this=test, true=value.tree) for test, value in branches], default=default.tree if default else None)
        return Typed(made, kinds.pop())

    def _call(self, node: Expr) -> Typed:
        name, arguments = _called(node)
        function = FUNCTIONS.get(name)
        if function is None:
            raise self._unknown(node)
        if len(arguments) != len(function.takes):
            raise _refused(self.rule, f"{name} prend {len(function.takes)} valeur(s)", f"Dans « {self.written} ».")
        return Typed(function.build(*(self._of(a, k) for a, k in zip(arguments, function.takes, strict=True))), function.gives)

    def _unknown(self, node: Expr) -> UsageError:
        mend = f"Les fonctions sont : {', '.join(sorted(FUNCTIONS))}."
        return _refused(self.rule, f"une règle ne sait pas faire « {node.sql('duckdb')[:80]} »", mend)


_WORDS: Mapping[Kind, str] = {
    "text": "un texte", "number": "un nombre", "date": "une date", "datetime": "une date et une heure", "time": "une heure", "truth": "une condition",
}  # fmt: skip


def _called(node: Expr) -> tuple[str, Sequence[Expr]]:
    """Name and arguments of a call, whichever of its own nodes sqlglot makes of it."""
    if isinstance(node, exp.Anonymous):
        return str(node.this).lower(), node.expressions
    if isinstance(node, exp.Func):
        arguments = [a for key in node.arg_types for a in _each(node.args.get(key))]
        return _ALIASES.get(node.sql_name().lower(), node.sql_name().lower()), arguments
    return "", ()


_ALIASES = {"starts_with": "starts", "ends_with": "ends", "ts_or_ds_to_date": "date"}


def _each(argument: object) -> list[Expr]:
    if isinstance(argument, list):
        return [a for a in cast(list[object], argument) if isinstance(a, Expr)]
    return [argument] if isinstance(argument, Expr) else []
