"""Says whether a query reads the versions it was given and nothing else.

A tree is data that many hands may build, so nothing in it is trusted: not only the tables that it names, but
every text that would reach the SQL unquoted.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.core.errors import Refused

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]+)?|-?\.[0-9]+", re.ASCII)
_PHRASES = frozenset({"", "CURRENT ROW", "*", "?"})
"""Texts of more than one word that the generator itself writes."""

_SOURCES = (exp.Table, exp.Subquery, exp.Unnest, exp.Values, exp.Lateral)
"""What may stand after FROM and JOIN."""

_TABLE_KEYS = frozenset({"this", "alias", "joins", "sample"})
"""What a named table may carry: no other catalogue, no time travel, no pivot."""

_FOREIGN = (
    exp.DDL, exp.Insert, exp.Update, exp.Delete, exp.Merge, exp.Command, exp.Copy, exp.Into, exp.Attach, exp.Detach, exp.Pragma, exp.Set, exp.Use, exp.Describe,
    exp.Summarize, exp.Pivot,
)  # fmt: skip
"""Statements, and what hides a table behind another form."""


def confine(tree: Expr, versions: Collection[str]) -> None:
    """Pass when the tree is one SELECT over `versions`, its own CTEs, literal rows and number series.

    Raises Refused for any other table (even under the name of a CTE that cannot be seen from there), any
    table function, any statement, and any raw text.
    """
    if not isinstance(tree, (exp.Select, exp.SetOperation, exp.Subquery)):
        raise Refused("Seule une lecture (SELECT) est permise.")
    for node in tree.walk():
        if isinstance(node, _FOREIGN):
            raise Refused("Seule une lecture (SELECT) est permise.")
        _plain(node)
        if isinstance(node, (exp.From, exp.Join)) and not isinstance(node.this, _SOURCES):
            raise Refused("Cette requête lit autre chose qu’une table publiée.")
        if isinstance(node, exp.Lateral) and not isinstance(node.this, (exp.Subquery, exp.Unnest)):
            raise Refused("Cette requête appelle une fonction qui lit des données.")
        if isinstance(node, exp.Subquery) and not isinstance(node.this, (exp.Query, exp.Table)):
            raise Refused("Seule une lecture (SELECT) est permise.")
        if isinstance(node, exp.CTE) and (not isinstance(node.this, exp.Query) or node.alias in versions):
            raise Refused("Une sous-requête nommée ne peut ni écrire, ni prendre le nom d’une version.")
        if isinstance(node, exp.Table):
            _known(node, versions)


def _known(table: exp.Table, versions: Collection[str]) -> None:
    if any(value for key, value in table.args.items() if key not in _TABLE_KEYS):
        raise Refused("Cette requête nomme une table qui n’est pas publiée.")
    if isinstance(table.this, exp.GenerateSeries):
        return
    if not isinstance(table.this, exp.Identifier):
        raise Refused("Cette requête appelle une fonction qui lit des données.")
    if table.name not in versions and table.name not in set(_visible(table)):
        raise Refused("Cette requête nomme une table qui n’est pas publiée.")


def _visible(node: Expr) -> Iterator[str]:
    """Names of the CTEs that can be seen from a node: those of the queries around it, and, inside a WITH,
    only those written before.
    """
    child, parent = node, node.parent
    while parent is not None:
        if isinstance(parent, exp.With):
            written = parent.expressions
            place = next(i for i, cte in enumerate(written) if cte is child)
            yield from (cte.alias for cte in written[: place + bool(parent.args.get("recursive"))])
        else:
            around = parent.args.get("with_")
            if isinstance(around, exp.With) and around is not child:
                yield from (cte.alias for cte in around.expressions)
        child, parent = parent, parent.parent


def _plain(node: Expr) -> None:
    """Refuse a node whose text would be written to the SQL as it is, unless it is a word or a number."""
    if (isinstance(node, exp.Literal) and node.is_string) or (
        isinstance(node, exp.Identifier) and node.args.get("quoted") is True
    ):
        return
    for value in node.args.values():
        for text in value if isinstance(value, list) else (value,):
            if isinstance(text, str) and not (
                text in _PHRASES or _WORD.fullmatch(text) or _NUMBER.fullmatch(text)
            ):
                raise Refused("Cette requête contient du texte qui n’est ni un nom, ni une valeur.")
