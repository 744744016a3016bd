"""Patterns of a schema, as the engine must read them: the whole cell, with Unicode classes.

The specification means the whole cell; a pattern is wrapped in a group, so that `AB|CD` is two whole words.
`\\d`, `\\w` and `\\s` mean Unicode classes (XML Schema, Python); RE2 knows them as ASCII and gets them
spelled out. What RE2 can't say (back-references, look-around) is asked of each distinct text, with a time
limit: such patterns can take for ever.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable

SECONDS = 0.2
"""Time that one text may take under a pattern that may blow up."""

_OUTSIDE = {
    "d": r"\p{Nd}",
    "D": r"\P{Nd}",
    "w": r"[\p{L}\p{N}_]",
    "W": r"[^\p{L}\p{N}_]",
    "s": r"[\s\p{Z}]",
    "S": r"[^\s\p{Z}]",
}
_INSIDE = {"d": r"\p{Nd}", "D": r"\P{Nd}", "w": r"\p{L}\p{N}_", "s": r"\s\p{Z}"}


_LESS = r"-\[(?=[^\[\]]*\]\])"
"""A class taken out of another, as XML Schema writes it: `[a-z-[aeiou]]`."""


def for_engine(pattern: str) -> str | None:
    """The pattern in RE2's words, for a full match; None when it has no such form.

    >>> for_engine(r"^AB|[\\d-]+$")
    '^(?:^AB|[\\\\p{Nd}-]+$)$'
    """
    out: list[str] = []
    inside = False
    place = 0
    while place < len(pattern):
        char = pattern[place]
        if char == "\\" and place + 1 < len(pattern):
            kind = pattern[place + 1]
            known = (_INSIDE if inside else _OUTSIDE).get(kind)
            if known is not None:
                out.append(known)
            elif (
                kind == "u"
                and len(code := pattern[place + 2 : place + 6]) == 4
                and all(c in "0123456789abcdefABCDEF" for c in code)
            ):
                out.append(f"\\x{{{code}}}")
                place += 4
            elif kind in "bBZzAGkKQE0123456789WSuUNRX":
                return None
            elif kind.isascii():
                out.append(char + kind)
            else:
                out.append(kind)
            place += 2
            continue
        if char == "[" and not inside:
            inside = True
            out.append(char)
            place += 1
            if pattern[place : place + 1] == "^":
                out.append("^")
                place += 1
            if pattern[place : place + 1] == "]":
                out.append("\\]")
                place += 1
            continue
        if char == "-" and inside and pattern[place + 1 : place + 2] == "[":
            return None  # a class without another (XML Schema)
        if char == "[" and inside and pattern[place + 1 : place + 2] != ":":
            out.append("\\[")
            place += 1
            continue
        if char == "]" and inside and not "".join(out).endswith(":"):
            inside = False
        out.append(char)
        place += 1
    return f"^(?:{''.join(out)})$"


def understood(pattern: str) -> bool:
    """Whether some engine reads the pattern. What `re` takes `regex` takes too, and `regex` is long to load."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore", FutureWarning
            )  # sets of sets: it says that they may mean something else one day
            re.compile(f"(?:{pattern})")
    except re.error:
        return one_by_one(pattern) is not None
    return True


def one_by_one(pattern: str) -> Callable[[str], bool] | None:
    """A function that says whether a text breaks the pattern; None when nobody understands the pattern. It
    raises TimeoutError past `SECONDS`.
    """
    import regex  # loaded for the few patterns that ask for it

    try:
        less = regex.sub(_LESS, "--[", pattern)
        compiled = regex.compile(f"(?:{less})", flags=regex.VERSION0 if less == pattern else regex.VERSION1)
    except regex.error:
        return None
    return lambda text: compiled.fullmatch(text, timeout=SECONDS) is None
