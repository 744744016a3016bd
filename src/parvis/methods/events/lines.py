"""The text layer of iCalendar: content lines unfolded, cut into name, parameters and value, and written back;
nothing is interpreted.

Source: RFC 5545, section 3.1 (content lines), 3.3.11 (text), and RFC 6868 (carets in parameters).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

FOLD = 75
"""Octets of a physical line, its end apart."""

_NAME = re.compile(r"[A-Za-z0-9_-]+")
_PARAMETER = re.compile(r';([A-Za-z0-9_-]+)=((?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)')
_VALUE = re.compile(r'"[^"]*"|[^,]+')
_ESCAPED = re.compile(r"\\([\\;,nN:\"])")
_CARET = re.compile(r"\^([n'^])")


@dataclass(frozen=True, slots=True)
class Line:
    """One content line. params: name in capitals and its values, in order; value: as written, still escaped."""

    name: str
    params: tuple[tuple[str, tuple[str, ...]], ...]
    value: str

    def param(self, name: str) -> str:
        """First value of a parameter, "" when it is not there."""
        return next((values[0] for key, values in self.params if key == name and values), "")


def unfolded(physical: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Logical lines with the number of their first physical line, from 1. physical: without line ends. Empty lines are passed.

    >>> list(unfolded(["SUMMARY:Con", " cert", "", "URL:x"]))
    [(1, 'SUMMARY:Concert'), (4, 'URL:x')]
    """
    start, held = 0, ""
    for number, line in enumerate(physical, 1):
        if line[:1] in (" ", "\t") and held:
            held += line[1:]
            continue
        if held:
            yield start, held
        start, held = number, line if line.strip() else ""
    if held:
        yield start, held


def cut(text: str) -> Line | None:
    """One logical line cut; None when it is none.

    >>> cut('DTSTART;TZID="Europe/Paris";VALUE=DATE-TIME:20260302T180000')
    Line(name='DTSTART', params=(('TZID', ('Europe/Paris',)), ('VALUE', ('DATE-TIME',))), value='20260302T180000')
    """
    head = _NAME.match(text)
    if head is None:
        return None
    at = head.end()
    params: list[tuple[str, tuple[str, ...]]] = []
    while match := _PARAMETER.match(text, at):
        params.append((match[1].upper(), tuple(_parameter_value(v) for v in _VALUE.findall(match[2]))))
        at = match.end()
    if text[at : at + 1] != ":":
        return None
    return Line(head[0].upper(), tuple(params), text[at + 1 :])


def _parameter_value(value: str) -> str:
    bare = value.removeprefix('"').removesuffix('"')
    return _CARET.sub(lambda m: {"n": "\n", "'": '"', "^": "^"}[m[1]], bare)


def joined(line: Line) -> str:
    """The logical line: what `cut` reads back."""
    params = "".join(f";{name}={','.join(map(_quoted, values))}" for name, values in line.params)
    return f"{line.name}{params}:{line.value}"


def _quoted(value: str) -> str:
    safe = value.replace("^", "^^").replace("\n", "^n").replace('"', "^'")
    return f'"{safe}"' if re.search(r"[;:,]", safe) else safe


_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


def folded(text: str) -> str:
    """Physical lines of at most 75 octets, each with CRLF; no character is torn. A logical line holds no
    control (RFC 5545, 3.1): none begins another line.
    """
    text = _CONTROL.sub("", text)
    parts: list[str] = []
    held, octets, room = "", 0, FOLD
    for character in text:
        size = len(character.encode("utf-8", "replace"))
        if octets + size > room:
            parts.append(held)
            held, octets, room = "", 0, FOLD - 1
        held += character
        octets += size
    return "\r\n ".join((*parts, held)) + "\r\n"


def text_of(value: str) -> str:
    r"""A TEXT value as people read it.

    >>> text_of(r"Concert\, salle 2\nEntrée libre")
    'Concert, salle 2\nEntrée libre'
    """
    return _ESCAPED.sub(lambda m: "\n" if m[1] in "nN" else m[1], value)


def escaped(text: str) -> str:
    """A text as a TEXT value."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def texts_of(value: str) -> tuple[str, ...]:
    r"""The parts of a list of TEXT values.

    >>> texts_of(r"jazz\, blues,famille")
    ('jazz, blues', 'famille')
    """
    parts = re.split(r"(?<!\\)((?:\\\\)*),", value)
    rebuilt = [a + b for a, b in zip(parts[0::2], [*parts[1::2], ""], strict=True)]
    return tuple(text_of(p).strip() for p in rebuilt if p.strip())
