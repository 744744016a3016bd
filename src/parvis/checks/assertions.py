"""A city's own rules: a TOML file of assertions on the rows of one dataset.

    [[rule]]
    assert = "fin >= debut"          # what every row must keep
    where = "type = 'travaux'"       # rows it speaks of; all by default
    severity = "error"               # error, warning or info; error by default
    message = "La fin précède le début."
    fix = "Vérifiez les deux dates." # optional
    column = "fin"                   # column blamed; by default the first that the assertion names

An assertion is an expression as recipes have them, taken strictly (`engine.expressions`): columns have the
types of the table's schema, kinds must agree, and an empty cell breaks no rule but those that speak of
emptiness (IS NULL).
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import cast

from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.checks.declaration import Cell, called
from parvis.checks.sql import both, call, one_of
from parvis.core.errors import UsageError
from parvis.core.sentence import Sentence, Within
from parvis.core.toml import parsed
from parvis.core.types import Severity
from parvis.engine import expressions
from parvis.engine.expressions import Manner, Typed
from parvis.engine.functions import Kind
from parvis.engine.grammar import BadExpression, parse

_KINDS: Mapping[str, Kind] = {
    "integer": "number",
    "number": "number",
    "year": "number",
    "boolean": "truth",
    "date": "date",
    "datetime": "datetime",
    "time": "time",
}
_MAY = ("assert", "where", "severity", "message", "fix", "column")
_HELP = Sentence(
    'Exemple : assert = "fin >= debut" ; un nom de colonne à espaces s’écrit entre guillemets doubles, un texte entre apostrophes.'
)


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


# --- the file -----------------------------------------------------------------------------------------------


def read(content: bytes, source: str = "") -> tuple[Assertion, ...]:
    """The rules of a TOML file. Raises UsageError with the line, what is wrong there and how to mend it."""
    document = parsed(content, source or Sentence("règles"))
    written = content.decode("utf-8-sig")
    lines = [
        number
        for number, line in enumerate(written.splitlines(), 1)
        if re.match(r"\s*\[\[\s*rule\s*\]\]", line)
    ]
    rules = document.get("rule")
    strange = sorted(document.keys() - {"rule"})
    if strange or not isinstance(rules, list):
        what = (
            Sentence("clé inconnue « {strange} »", strange=strange[0])
            if strange
            else Sentence("aucune règle")
        )
        raise UsageError(
            Sentence("« {source} » : {what}.", source=source or Sentence("règles"), what=what),
            mend="Écrivez chaque règle sous un titre [[rule]], avec au moins assert et message.",
        )
    return tuple(
        _rule(rule, lines[i] if i < len(lines) else 0, written, source)
        for i, rule in enumerate(cast(list[object], rules))
    )


def _rule(entry: object, line: int, written: str, source: str) -> Assertion:
    def wrong(key: str, what: str, mend: str) -> UsageError:
        return UsageError(
            Sentence(
                "« {source} », ligne {line_of} : {what}.",
                source=source or Sentence("règles"),
                line_of=_line_of(written, line, key),
                what=what,
            ),
            mend=mend,
        )

    rule = cast(dict[str, object], entry) if isinstance(entry, dict) else {}
    for key, value in rule.items():
        if key not in _MAY:
            near = difflib.get_close_matches(key, _MAY, 1)
            raise wrong(
                key,
                Sentence("clé inconnue « {strange} »", strange=key),
                Sentence("Vouliez-vous « {near} » ?", near=near[0])
                if near
                else Sentence("Les clés sont : {list}.", list=", ".join(_MAY)),
            )
        if not isinstance(value, str) or not value.strip():
            raise wrong(
                key,
                Sentence("« {key} » n’est pas un texte", key=key),
                Sentence('Écrivez {key} = "…".', key=key),
            )
    for key in ("assert", "message"):
        if key not in rule:
            raise wrong(
                "",
                Sentence("la règle n’a pas de « {key} »", key=key),
                _HELP
                if key == "assert"
                else Sentence('Écrivez message = "…" : ce qui sera dit des lignes fautives.'),
            )
    severity = rule.get("severity", "error")
    if severity not in ("error", "warning", "info"):
        raise wrong(
            "severity",
            Sentence("gravité inconnue « {severity} »", severity=severity),
            Sentence("Les gravités sont : error, warning, info."),
        )
    words = {key: str(value) for key, value in rule.items()}
    assertion = Assertion(
        words["assert"],
        words.get("where", ""),
        severity,
        words["message"],
        words.get("fix", ""),
        words.get("column", ""),
        _line_of(written, line, "assert"),
        source,
    )
    for expression in (assertion.holds, assertion.where):
        if expression:
            _with_rule_name(assertion, lambda written=expression: parse(written))
    return assertion


def _line_of(written: str, begins: int, key: str) -> int:
    """The line of a key of the rule that begins there; the rule's own when it has no such key."""
    for number, line in enumerate(written.splitlines()[begins:], begins + 1):
        if line.lstrip().startswith("[["):
            break
        if key and re.match(rf'\s*"?{re.escape(key)}"?\s*=', line):
            return number
    return begins


# --- the expressions ----------------------------------------------------------------------------------------


def broken(rule: Assertion, cells: Mapping[str, Cell]) -> tuple[Expr, str]:
    """What is wrong with a row under this rule, never NULL, and the column to blame. cells: the columns of
    the table, by name.

    Raises UsageError with file, line and fix: an expression that can't be read, a column that is not there,
    kinds that don't go together.
    """
    named: dict[str, None] = {}
    holds = _condition(rule, rule.holds, cells, named)
    spoken = _condition(rule, rule.where, cells, {}) if rule.where else exp.true()
    if rule.column and rule.column not in cells:
        raise _no_column(rule, rule.column, cells)
    wrong = both(call("coalesce", spoken, exp.false()), exp.Not(this=call("coalesce", holds, exp.true())))
    return wrong, rule.column or next(iter(named), "")


def _condition(rule: Assertion, written: str, cells: Mapping[str, Cell], named: dict[str, None]) -> Expr:
    """The expression as a condition; `named` gathers the columns that it speaks of, in order."""
    folded = {name.lower(): name for name in cells}

    def column(name_in_rule: str) -> Typed:
        name = name_in_rule if name_in_rule in cells else folded.get(name_in_rule.lower(), "")
        if not name:
            raise _no_column(rule, name_in_rule, cells)
        named.setdefault(name)
        cell = cells[name]
        kind = _KINDS.get(called(cell.column), "text")
        return Typed(cell.text.copy() if kind == "text" else cell.value.copy(), kind)

    return _with_rule_name(
        rule, lambda: expressions.condition(written, Manner(column, loose=False, one_of=one_of))
    )


def _with_rule_name(rule: Assertion, read: Callable[[], Expr]) -> Expr:
    """What is read of a rule; what is wrong with its expression, with its file and line."""
    try:
        return read()
    except BadExpression as bad:
        raise _refused(rule, Within(bad.message, capital=False, stop=False), bad.mend) from bad


def _refused(rule: Assertion, what: str, mend: str) -> UsageError:
    return UsageError(
        Sentence(
            "« {source} », ligne {line_of} : {what}.",
            source=rule.source or Sentence("règles"),
            line_of=rule.line,
            what=what,
        ),
        mend=mend,
    )


def _no_column(rule: Assertion, name: str, cells: Mapping[str, Cell]) -> UsageError:
    near = difflib.get_close_matches(name, cells, 1, 0.5)
    mend = (
        Sentence("Vouliez-vous « {near} » ?", near=near[0])
        if near
        else Sentence("Les colonnes sont : {list}.", list=", ".join(cells))
    )
    return _refused(rule, Sentence("la table n’a pas de colonne « {name} »", name=name), mend)
