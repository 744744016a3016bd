"""The words, numbers, signs and comments of a text of opening hours, in whatever spelling and language people
write them.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from parvis.methods.hours import words

_QUOTED = re.compile(r"\"([^\"]*)\"|[„“”«「『‚‘’'´`]([^\"“”»」』‘’'´`]*)[\"“”»」』‘’'´`]")
_TOKEN = re.compile(
    r"(?P<word>[^\W\d_]+\.?)|(?P<num>\d+)|(?P<bar>\|\|)|(?P<sign>[-,;:+/\[\]()])|(?P<blank>\s+)|(?P<bad>.)",
    re.DOTALL,
)


class NotHours(ValueError):
    """The text does not follow the grammar. at: offset in the text as it was understood; near: what stands
    there.
    """

    def __init__(self, reason: str, at: int, near: str) -> None:
        super().__init__(f"{reason}: {near!r} at {at}")
        self.reason = reason
        self.at = at
        self.near = near


class Token(NamedTuple):
    kind: str  # word (a word of the grammar), num, comment, sign, end
    value: str
    at: int


def tokens(text: str, warnings: list[str]) -> list[Token]:
    """Words of the grammar, numbers, signs, comments. Spelling that is not the grammar's own is noted."""
    out: list[Token] = []
    in_french = words.french(text)
    if not in_french and words.two_languages(text):
        raise NotHours("days of two languages", 0, text[:20])
    at = 0
    pieces: list[tuple[bool, str]] = []
    for quoted in _QUOTED.finditer(text):
        pieces += [
            (False, text[at : quoted.start()]),
            (True, quoted[1] if quoted[1] is not None else quoted[2]),
        ]
        if quoted[1] is None:
            warnings.append('Un commentaire s’écrit entre guillemets droits : "…".')
        at = quoted.end()
    pieces.append((False, text[at:]))
    place = 0
    for comment, piece in pieces:
        if comment:
            out.append(Token("comment", piece, place))
            place += len(piece) + 2
            continue
        understood = words.plain(piece)
        if understood.strip() != " ".join(piece.split()):
            warnings.append(f"Compris comme « {understood.strip()} ».")
        for index, part in enumerate(re.split(r'"([^"]*)"', understood)):
            if index % 2:
                out.append(Token("comment", part, place))
            else:
                out += _plain_tokens(part, place, warnings, in_french)
            place += len(part) + (2 if index % 2 else 0)
    out.append(Token("end", "", place))
    return out


def _plain_tokens(text: str, place: int, warnings: list[str], in_french: bool) -> list[Token]:
    out: list[Token] = []
    for found in _TOKEN.finditer(text):
        kind, value, at = str(found.lastgroup), found[0], place + found.start()
        if kind == "word":
            bare = value.removesuffix(".")
            code = words.FRENCH.get(bare.lower()) if in_french else None
            code = code or (bare if bare in ("PH", "SH") else words.NAMES.get(bare.lower()))
            if code is None:
                raise NotHours("unknown word", at, value)
            if value != code and bare not in ("closed", "days"):
                warnings.append(f"« {value} » s’écrit « {code} ».")
            out.append(Token("word", code, at))
        elif kind == "bad":
            raise NotHours("unknown sign", at, value)
        elif kind != "blank":
            out.append(Token("num" if kind == "num" else "sign", value, at))
    return out


class Cursor:
    """Goes through the tokens of a text once, from left to right. warnings: what was understood though it is
    no spelling of the grammar.
    """

    __slots__ = ("at", "tokens", "warnings")

    def __init__(self, text: str) -> None:
        self.warnings: list[str] = []
        self.tokens = tokens(text, self.warnings)
        self.at = 0

    def peek(self, ahead: int = 0) -> Token:
        return self.tokens[min(self.at + ahead, len(self.tokens) - 1)]

    def sign(self, value: str, ahead: int = 0) -> bool:
        token = self.peek(ahead)
        return token.kind == "sign" and token.value == value

    def take(self, value: str) -> bool:
        if self.sign(value):
            self.at += 1
            return True
        return False

    def word(self, ahead: int = 0) -> str:
        token = self.peek(ahead)
        return token.value if token.kind == "word" else ""

    def number(self, ahead: int = 0) -> int | None:
        token = self.peek(ahead)
        return int(token.value) if token.kind == "num" and len(token.value) <= 4 else None

    def fail(self, reason: str) -> NotHours:
        token = self.peek()
        return NotHours(reason, token.at, token.value)

    def need(self, value: str) -> None:
        if not self.take(value):
            raise self.fail(f"{value} expected")

    def clock_ahead(self, ahead: int = 0) -> bool:
        """A time with its minutes: the colon of « Dec 31: 08:00 » is none of a time."""
        if (
            self.peek(ahead).kind != "num"
            or not self.sign(":", ahead + 1)
            or self.peek(ahead + 2).kind != "num"
        ):
            return False
        return not (self.sign(":", ahead + 3) and self.peek(ahead + 4).kind == "num")
