"""Search inside records: tokens, and patterns that find them whatever their case and accents.

A token is a run of letters and digits. The pattern of a token holds every accented form of each of its
letters, so that the stored text is read as it lies, in one pass, without being folded first.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.core.text import fold, tokens
from parvis.engine import trees as t

MAX_TERMS = 30
_EDGE_LEFT = r"(^|[^\p{L}\p{N}])"
_ANY = r"[\p{L}\p{N}]*"
_EDGE_RIGHT = r"($|[^\p{L}\p{N}])"


def terms(text: str) -> tuple[str, ...]:
    """Folded tokens of a text, at most MAX_TERMS."""
    return tuple(tokens(text)[:MAX_TERMS])


@lru_cache(maxsize=1)
def _forms() -> Mapping[str, str]:
    """Folded letter to all the letters of the Latin blocks that fold to it."""
    letters_of: dict[str, str] = {}
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        letter = chr(code)
        plain = fold(letter)
        if len(plain) == 1 and plain.isalpha() and plain != letter:
            letters_of[plain] = letters_of.get(plain, "") + letter
    return letters_of


_PAIRS = {"oe": "(?:oe|œ)", "ae": "(?:ae|æ)", "ss": "(?:ss|ß)"}


def spelled(token: str) -> str:
    """A pattern for one folded token, without its edges."""
    pieces: list[str] = []
    at = 0
    while at < len(token):
        pair = token[at : at + 2]
        if pair in _PAIRS:
            pieces.append(_PAIRS[pair])
            at += 2
            continue
        letter = token[at]
        others = _forms().get(letter, "")
        pieces.append(f"[{letter}{others}]" if others else re.escape(letter))
        at += 1
    return "".join(pieces)


def whole(token: str) -> str:
    """A pattern for a text that holds the token."""
    return f"(?i){_EDGE_LEFT}{spelled(token)}{_EDGE_RIGHT}"


def start(token: str) -> str:
    """A pattern for a text one of whose tokens starts with it."""
    return f"(?i){_EDGE_LEFT}{spelled(token)}"


def phrase_start(text: str) -> str:
    """A pattern for a text that holds these tokens in a row, the last one perhaps unfinished."""
    return f"(?i){_EDGE_LEFT}" + r"[^\p{L}\p{N}]+".join(spelled(w) for w in terms(text))


def matches(value: Expr, pattern: str) -> Expr:
    """Does the text hold the pattern."""
    return t.call("regexp_matches", value, t.text(pattern))


def like(value: Expr, pattern: str) -> Expr:
    """Every token of the pattern is a token of the text; `%` stands for any run of letters and digits, so
    that `%gare%` finds the token too.
    """
    conditions: list[Expr] = []
    for word in re.findall(r"[^\W_%]*%?(?:[^\W_]|%)*", unicodedata.normalize("NFC", pattern)):
        bare = [fold(part) for part in word.split("%")]
        if any(bare):
            inner = ".*".join(spelled(part) for part in bare if part)
            left, right = (_ANY if not bare[0] else ""), (_ANY if not bare[-1] else "")
            conditions.append(matches(value.copy(), f"(?is){_EDGE_LEFT}{left}{inner}{right}{_EDGE_RIGHT}"))
    return (
        exp.and_(*conditions[:MAX_TERMS], copy=False)
        if conditions
        else t.either(t.absent(value), exp.Null(), exp.true())
    )


def near(value: Expr, token: str) -> Expr:
    """Some token of the text is the token give or take one fault (3 to 5 letters) or two (6 and more); a swap
    of neighbours is one fault.
    """
    allowed = 2 if len(token) > 5 else 1 if len(token) > 2 else 0
    if not allowed:
        return matches(value, whole(token))
    tokens = t.call(
        "regexp_split_to_array", t.call("lower", t.call("strip_accents", value)), t.text(r"[^\p{L}\p{N}]+")
    )
    word = exp.Column(this=exp.Identifier(this="w", quoted=False))
    close = exp.LTE(this=t.call("damerau_levenshtein", word, t.text(token)), expression=t.number(allowed))
    near_tokens = t.call(
        "list_filter", tokens, exp.Lambda(this=close, expressions=[exp.Identifier(this="w", quoted=False)])
    )
    return exp.GT(this=t.call("len", near_tokens), expression=t.number(0))


def search(value: Expr, text: str) -> Expr:
    """Every term but the last is found give or take a fault; the last one starts a token."""
    words = terms(text)
    if not words:
        return exp.true()
    conditions = [near(value.copy(), w) for w in words[:-1]]
    return exp.and_(*conditions, matches(value, start(words[-1])), copy=False)
