"""The text of an expression to its tree, nothing looked up yet. What is too long or too deep is refused
before anything recursive sees it.
"""

from __future__ import annotations

import re

import sqlglot.errors
from sqlglot import parser
from sqlglot.dialects.dialect import Dialect
from sqlglot.expressions.core import Expr

from parvis.core.errors import UsageError
from parvis.core.sentence import Sentence

LONGEST = 4_000
"""Characters of an expression."""
DEEPEST = 40
"""Brackets within brackets, and words or signs that open a level without one: what reads them is recursive.
"""
TALLEST = 120
"""Levels of the tree: a long sum leans to the left."""

_OPENING = re.compile(r"\b(?:not|case)\b|[-+~]\s*(?=[-+~])", re.IGNORECASE)

_HELP = Sentence(
    "Exemple : montant * 1.2, ou upper(nom) || ' ' || prenom ; un nom de colonne qui contient des espaces s’écrit entre guillemets doubles."
)


class BadExpression(UsageError):
    """An expression that can't be understood. at: character of the fault, from 1; 0 when it is the whole."""

    def __init__(self, message: str, *, at: int = 0, mend: str = _HELP) -> None:
        super().__init__(
            Sentence("{message} (caractère {at}).", message=message, at=at)
            if at
            else Sentence("{message}.", message=message),
            mend=mend,
        )
        self.at = at


class _Plain(Dialect):
    """SQL without a function of its own: every call keeps its name and its arguments as they are written."""

    class Parser(parser.Parser):
        FUNCTIONS = {}  # noqa: RUF012
        FUNCTION_PARSERS = {}  # noqa: RUF012
        NO_PAREN_FUNCTIONS = {}  # noqa: RUF012
        NO_PAREN_FUNCTION_PARSERS = {"CASE": parser.Parser.NO_PAREN_FUNCTION_PARSERS["CASE"]}  # noqa: RUF012


def parse(text: str) -> Expr:
    """The tree of an expression, nothing looked up yet. Raises BadExpression."""
    if len(text) > LONGEST:
        raise BadExpression(
            Sentence(
                "Expression trop longue : {n} caractères, {longest} au plus", n=len(text), longest=LONGEST
            ),
            mend=Sentence("Faites-en plusieurs."),
        )
    depth = deepest = 0
    for character in text:
        depth += (character == "(") - (character == ")")
        deepest = max(deepest, depth)
    if deepest > DEEPEST or len(_OPENING.findall(text)) > DEEPEST:
        raise BadExpression(Sentence("Expression trop profonde"), mend=Sentence("Faites-en plusieurs."))
    try:
        trees = _Plain().parse(text)
    except sqlglot.errors.ParseError as wrong:
        where = wrong.errors[0] if wrong.errors else {}
        at = where.get("col")
        raise BadExpression(
            Sentence("Expression mal écrite : « {text} »", text=text), at=at if isinstance(at, int) else 0
        ) from wrong
    except sqlglot.errors.TokenError as wrong:
        raise BadExpression(
            Sentence("Expression mal écrite : « {text} »", text=text),
            mend=Sentence("Un guillemet ou une apostrophe n’est pas refermé."),
        ) from wrong
    if len(trees) != 1 or trees[0] is None:
        raise BadExpression(Sentence("Il faut une expression, et une seule"))
    level, height = [trees[0]], 0
    while level and height <= TALLEST:
        level, height = [child for node in level for child in node.iter_expressions()], height + 1
    if height > TALLEST:
        raise BadExpression(Sentence("Expression trop profonde"), mend=Sentence("Faites-en plusieurs."))
    return trees[0]
