"""Walk a JSON text without loading it: one value at a time, through a window on the file.

Values come from the standard decoder (in C), which says where it stopped; the window grows only when a value
does not fit in it.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from parvis.core.errors import Unreadable
from parvis.core.sentence import Sentence
from parvis.core.settings import Limits
from parvis.readers.encoding import MEND, detect
from parvis.readers.limits import MB, past
from parvis.readers.memory_maps import mapped
from parvis.readers.raw import Cell

WINDOW = 1 << 20
"""Characters read at a time."""
VALUE_MB = 256
"""Millions of characters that one value may take: past that it could not be held in memory."""
_SPACE = " \t\r\n\ufeff\x1e"
_EDGE = 64
"""A value that ends so near the end of the window may go on (a number cut in two)."""


def _nothing(_: str) -> None:
    """NaN and infinities are no JSON, but are written for a missing number."""
    return


DECODER = json.JSONDecoder(parse_constant=_nothing, strict=False)
"""Line ends and tabs as they are inside a text harm nobody: `strict` would refuse them."""


def encoding_of(path: Path) -> str:
    """The Python codec of a JSON file."""
    with mapped(path) as data:
        return detect(data).codec


_HALF = re.compile(r"\\u[dD][89a-fA-F]")
"""The escape of half a character beyond the first plane: two of them make one, alone it is none."""


def mended(value: Cell) -> Cell:
    """The value with a mark of replacement for each half of a character whose other half was cut off: no file
    can hold it.
    """
    if isinstance(value, str):
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if isinstance(value, list):
        return [mended(v) for v in value]
    if isinstance(value, dict):
        return {cast(str, mended(k)): mended(v) for k, v in value.items()}
    return value


def decoded(text: str) -> Cell:
    """One value that is the whole text. Raises ValueError when it is none, RecursionError when it is too
    deep.
    """
    value = cast(Cell, DECODER.decode(text))
    return mended(value) if _HALF.search(text) else value


_LOOSE = re.compile(
    r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|//[^\n]*|/\*.*?(?:\*/|\Z)|,(?=(?:\s|//[^\n]*|/\*.*?(?:\*/|\Z))*+[}\]])',
    re.DOTALL,
)
_REMARKS = re.compile(r"(?:\s|//[^\n]*\n|/\*.*?\*/)*+", re.DOTALL)
"""Comments before the document."""


def tidied(path: Path, encoding: str, folder: Path, *, most_mb: int) -> Path | None:
    """A copy in UTF-8 without what people write in JSON and no decoder takes: comments, a comma before the
    end. None when there is none of it, or too much to hold in memory. Lines keep their numbers.
    """
    if path.stat().st_size > most_mb * MB:
        return None
    text = path.read_bytes().decode(encoding, MEND)
    bare = _LOOSE.sub(lambda m: m[0] if m[0][0] == '"' else "\n" * m[0].count("\n"), text)
    if bare == text:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    copy = folder / "tidied.json"
    copy.write_bytes(bare.removeprefix("\ufeff").encode("utf-8", "replace"))
    return copy


class BadJson(ValueError):
    """The text is not JSON at this place. line: from 1."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


class JsonText:
    """A window that moves over a JSON text. Not thread-safe; use in a `with`."""

    def __init__(self, path: Path, encoding: str, limits: Limits) -> None:
        self._file = path.open("rb")
        self._decoder = codecs.getincrementaldecoder(encoding)(errors=MEND)
        self._limits = limits
        self._text = ""
        self._at = 0
        self._ended = False
        self._lines = 0
        self._gone = 0

    def __enter__(self) -> JsonText:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    @property
    def offset(self) -> int:
        """Characters passed."""
        return self._gone + self._at

    @property
    def line(self) -> int:
        """Physical line of the current place, from 1."""
        return self._lines + self._text.count("\n", 0, self._at) + 1

    def _fill(self) -> bool:
        """Read more; False at the end of the file."""
        if self._ended:
            return False
        if len(self._text) - self._at > VALUE_MB * MB:
            raise Unreadable(
                Sentence("Une valeur du JSON dépasse {value_mb} Mo.", value_mb=VALUE_MB),
                mend="Écrivez les enregistrements dans une liste, un par objet.",
            )
        self._lines += self._text.count("\n", 0, self._at)
        self._gone += self._at
        block = self._file.read(max(WINDOW, len(self._text) - self._at))
        self._ended = not block
        self._text = self._text[self._at :] + self._decoder.decode(block, final=self._ended)
        self._at = 0
        return True

    def peek(self) -> str:
        """The next character that is no white space; "" at the end."""
        while True:
            while self._at < len(self._text):
                if self._text[self._at] not in _SPACE:
                    return self._text[self._at]
                self._at += 1
            if not self._fill():
                return ""

    def take(self, expected: str) -> None:
        """Pass one character, which must be one of these."""
        char = self.peek()
        if not char or char not in expected:
            raise self._wrong(f"{' ou '.join(f'« {c} »' for c in expected)} attendu")
        self._at += 1

    def value(self) -> Cell:
        """Pass one whole value."""
        self.peek()
        while True:
            try:
                parsed, end = DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                cut = error.pos >= len(self._text) - _EDGE or error.msg.startswith("Unterminated")
                if cut and self._fill():
                    continue
                self._at = min(error.pos, len(self._text))
                raise self._wrong(
                    "valeur incomplète" if cut and not self.peek() else "valeur mal écrite"
                ) from error
            except RecursionError as error:
                raise past(
                    "nesting", self._limits.nesting, Sentence("Le JSON imbrique trop d’objets ou de listes")
                ) from error
            except ValueError as error:
                raise self._wrong("nombre trop long") from error
            if end > len(self._text) - _EDGE and self._fill():
                continue
            escaped = _HALF.search(self._text, self._at, end)
            self._at = end
            return mended(cast(Cell, parsed)) if escaped else cast(Cell, parsed)

    def _wrong(self, message: str) -> BadJson:
        return BadJson(message, self.line)

    def elements(self) -> Iterator[Cell]:
        """The values of the list that starts here."""
        self.take("[")
        if self.peek() == "]":
            self.take("]")
            return
        while True:
            yield self.value()
            if self.peek() == "]":
                self.take("]")
                return
            self.take(",")
            # A comma before the end is a common slip of hand-made files: it harms nobody.
            if self.peek() == "]":
                self.take("]")
                return

    def keys(self) -> Iterator[str]:
        """The keys of the object that starts here; the caller passes the value of each before it asks for the
        next.
        """
        self.take("{")
        if self.peek() == "}":
            self.take("}")
            return
        while True:
            if self.peek() != '"':
                raise self._wrong("clé attendue entre guillemets")
            yield cast(str, self.value())
            if self.peek() == "}":
                self.take("}")
                return
            self.take(",")
            if self.peek() == "}":
                self.take("}")
                return

    def colon(self) -> None:
        """Pass the mark between a key and its value."""
        self.take(":")


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of the document."""

    path: tuple[str, ...]
    """Keys that lead to it."""
    count: int
    records: int
    """Elements that are objects."""
    rows: int
    """Elements that are lists."""
    size: int
    """Characters."""


@dataclass(frozen=True, slots=True)
class Outline:
    """What a document holds down to a few levels of objects."""

    kind: str
    """« [ », « { », or "" for a scalar."""
    listings: tuple[Listing, ...]
    scalars: Mapping[str, Cell]
    """Plain values of the first level."""


DEPTH = 5
_LISTINGS = 2000


def outline(path: Path, encoding: str, limits: Limits) -> Outline:
    """One pass over the whole document; elements are counted, not kept."""
    listings: list[Listing] = []
    scalars: dict[str, Cell] = {}
    with JsonText(path, encoding, limits) as text:
        kind = text.peek()
        if kind == "{":
            _object(text, (), listings, scalars)
        elif kind == "[":
            listings.append(_listing(text, ()))
        else:
            text.value()
            kind = ""
        if text.peek():
            raise BadJson("texte après la fin du document", text.line)
    return Outline(kind, tuple(listings), scalars)


def _object(text: JsonText, path: tuple[str, ...], listings: list[Listing], scalars: dict[str, Cell]) -> None:
    for key in text.keys():  # noqa: SIM118
        text.colon()
        kind = text.peek()
        if kind == "[":
            listing = _listing(text, (*path, key))
            if len(listings) < _LISTINGS:
                listings.append(listing)
        elif kind == "{" and len(path) < DEPTH:
            _object(text, (*path, key), listings, scalars)
        else:
            value = text.value()
            if not path and not isinstance(value, (dict, list)):
                scalars[key] = value


def _listing(text: JsonText, path: tuple[str, ...]) -> Listing:
    start = text.offset
    count = records = rows = 0
    for value in text.elements():
        count += 1
        records += isinstance(value, dict)
        rows += isinstance(value, list)
    return Listing(path, count, records, rows, text.offset - start)


def elements(path: Path, encoding: str, limits: Limits, keys: tuple[str, ...]) -> Iterator[Cell]:
    """The elements of the list at these keys; nothing when there is none. What follows the list is not looked
    at, but at the first level.
    """
    with JsonText(path, encoding, limits) as text:
        yield from _descend(text, keys, 0)


def _descend(text: JsonText, keys: tuple[str, ...], level: int) -> Iterator[Cell]:
    if level == len(keys):
        yield from text.elements()
        if not keys and text.peek():
            raise BadJson("texte après la fin du document", text.line)
        return
    for key in text.keys():  # noqa: SIM118
        text.colon()
        if key == keys[level] and text.peek() == ("{" if level + 1 < len(keys) else "["):
            yield from _descend(text, keys, level + 1)
            return
        text.value()


def list_of_objects(path: Path, encoding: str, limits: Limits) -> bool:
    """True when the document is a list whose first element is an object."""
    with JsonText(path, encoding, limits) as text:
        if text.peek() != "[":
            return False
        text.take("[")
        return text.peek() == "{"


def whole(path: Path, encoding: str, limits: Limits, *, most_mb: int) -> Cell:
    """The whole document, when it is small enough."""
    if path.stat().st_size > most_mb * MB:
        raise Unreadable(
            Sentence(
                "Ce JSON de plus de {most_mb} Mo n’est pas une liste d’enregistrements : il faudrait le tenir en mémoire.",
                most_mb=most_mb,
            ),
            mend="Écrivez-le comme une liste d’objets, ou un objet par ligne.",
        )
    with JsonText(path, encoding, limits) as text:
        return text.value()


def first_level(head: bytes) -> dict[str, Cell]:
    """Keys of the first level that the first bytes show, each with its plain value, or « { » or « [ » for
    what it opens. For sniffing: never raises.
    """
    text = _decoded(head).lstrip(_SPACE)
    members: dict[str, Cell] = {}
    if not text.startswith("{"):
        return members
    at = 1
    while True:
        at = _skip(text, at)
        try:
            key, at = DECODER.raw_decode(text, at)
            at = _skip(text, at)
            if not isinstance(key, str) or text[at : at + 1] != ":":
                return members
            at = _skip(text, at + 1)
            if text[at : at + 1] in ("{", "["):
                members[key] = text[at]
            value, at = DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            return members
        if not isinstance(value, (dict, list)):
            members[key] = cast(Cell, value)
        at = _skip(text, at)
        if text[at : at + 1] != ",":
            return members
        at += 1


def _decoded(head: bytes) -> str:
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return head[: len(head) // 2 * 2].decode("utf-16", "ignore")
    return head.decode("utf-8", "ignore")


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in _SPACE:
        at += 1
    return at


def looks_like_json(head: bytes) -> float:
    """How sure from 0 to 1 that the bytes begin a JSON object or list."""
    whole = _decoded(head).lstrip(_SPACE)
    text = whole[begun.end() :] if whole[:1] == "/" and (begun := _REMARKS.match(whole)) else whole
    if text[:1] not in ("{", "["):
        return 0.0
    follows = text[_skip(text, 1) : _skip(text, 1) + 1]
    if follows not in ('"', "}") if text[0] == "{" else follows not in '{["-0123456789tfn]':
        return 0.0
    try:
        DECODER.raw_decode(text)
    except json.JSONDecodeError as error:
        cut = error.pos >= len(text) - _EDGE or error.msg.startswith("Unterminated")
        return 0.9 if cut or len(head) >= 1 << 16 else 0.5
    except (ValueError, RecursionError):
        return 0.9
    return 0.9
