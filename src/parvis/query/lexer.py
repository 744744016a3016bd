"""Cut an ODSQL text into tokens, each with its place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, NoReturn

from parvis.core.errors import BadQuery

MAX_TEXT = 200_000
"""Characters of a clause."""
MAX_TOKENS = 20_000
MAX_DIGITS = 40

Kind = Literal["word", "name", "string", "number", "date", "geom", "sign", "end"]

_SKIP = re.compile(r"\s*")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_WORD = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
"""A bare identifier; dots join the names of metadata (`default.title`)."""
_SIGN = re.compile(r"\.\.|!=|<=|>=|<>|[()\[\],:=<>+\-*/]")
_TYPED = re.compile(r"(date|geom)\s*(?=['\"])", re.IGNORECASE)
_SLASH = re.compile(r"\\(.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Token:
    """kind word: a bare identifier or a keyword; name: a back-quoted one. text: what it says, escapes undone.
    at, end: offsets from 0.
    """

    kind: Kind
    text: str
    at: int
    end: int

    @property
    def key(self) -> str:
        """How it is compared to keywords and signs: "" for strings, names and numbers, which are never
        either.
        """
        return self.text.lower() if self.kind in ("word", "sign") else ""


def fault(source: str, clause: str, token: Token | None, at: int, expected: tuple[str, ...] = ()) -> NoReturn:
    """Raise BadQuery as the dialect words it: « unexpected ( at position 8 in … »."""
    if token is not None and token.kind == "end":
        problem = "unexpected end of line"
    else:
        unexpected = source[at : token.end if token else at + 1][:40]
        problem = f"unexpected {unexpected} at position {at}"
    quoted = source if len(source) <= 300 else source[:300] + "…"
    hint = f" Expected: {', '.join(expected)}." if expected else ""
    raise BadQuery(
        f"ODSQL syntax exception: {problem} in {quoted}. Clause(s) containing the error(s): {clause}.{hint}",
        at=at,
        expected=expected,
        code="ODSQLSyntaxError",
        clause=clause,
    )


def tokens(source: str, clause: str) -> list[Token]:
    """Every token and a last one of kind `end`. Raises BadQuery at the first character that can't stand
    there.
    """
    if len(source) > MAX_TEXT:
        raise BadQuery(
            f"ODSQL query is malformed: longer than {MAX_TEXT} characters. Clause(s) containing the error(s): {clause}.",
            at=MAX_TEXT,
            code="ODSQLError",
            clause=clause,
        )
    token_list: list[Token] = []
    at = _after_blanks(source, 0)
    while at < len(source):
        token = _token(source, clause, at)
        token_list.append(token)
        if len(token_list) > MAX_TOKENS:
            raise BadQuery(
                f"ODSQL query is malformed: more than {MAX_TOKENS} words. Clause(s) containing the error(s): {clause}.",
                at=at,
                code="ODSQLError",
                clause=clause,
            )
        at = _after_blanks(source, token.end)
    token_list.append(Token("end", "", len(source), len(source)))
    return token_list


def _after_blanks(source: str, at: int) -> int:
    match = _SKIP.match(source, at)
    return match.end() if match else at


def _token(source: str, clause: str, at: int) -> Token:
    first = source[at]
    if first in "\"'":
        value, end = _quoted(source, clause, at)
        return Token("string", value, at, end)
    if first == "`":
        end = source.find("`", at + 1)
        if end < 0:
            fault(source, clause, None, at, ("`",))
        return Token("name", source[at + 1 : end], at, end + 1)
    if (typed := _TYPED.match(source, at)) is not None:
        value, end = _quoted(source, clause, typed.end())
        return Token("date" if typed[1].lower() == "date" else "geom", value, at, end)
    if (word := _WORD.match(source, at)) is not None:
        return Token("word", word[0], at, word.end())
    if (digits := _NUMBER.match(source, at)) is not None:
        if digits.end() - at > MAX_DIGITS or not digits[0].isascii():
            fault(source, clause, Token("number", digits[0], at, digits.end()), at)
        return Token("number", digits[0], at, digits.end())
    if (sign := _SIGN.match(source, at)) is not None:
        return Token("sign", "!=" if sign[0] == "<>" else sign[0], at, sign.end())
    fault(source, clause, None, at)


def _quoted(source: str, clause: str, at: int) -> tuple[str, int]:
    """The text between quotes that start at `at`, and where they end."""
    mark = source[at]
    here = at + 1
    while here < len(source) and source[here] != mark:
        here += 2 if source[here] == "\\" else 1
    if here >= len(source):
        fault(source, clause, Token("end", "", len(source), len(source)), len(source), (mark,))
    return _SLASH.sub(r"\1", source[at + 1 : here]), here + 1
