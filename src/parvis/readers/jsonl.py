"""JSON Lines: one object on each line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import cast

from parvis.core.errors import Unreadable
from parvis.core.reading import Example, Issue, Reader, Reading, Workspace
from parvis.core.sentence import Sentence
from parvis.core.settings import Limits
from parvis.core.text import in_number
from parvis.readers import objects
from parvis.readers.encoding import MEND
from parvis.readers.json import broken
from parvis.readers.json_text import DECODER, BadJson, JsonText, decoded, encoding_of
from parvis.readers.limits import MB, past
from parvis.readers.raw import Cell

_BETWEEN = " \t\r\n\x1e"
SHARE = 0.1
"""Above this share of lines that are not JSON, the file is something else."""


def sniff(head: bytes, path: Path) -> float:
    """Two lines at least, each an object or a list by itself; or objects one after the other, on lines of
    their own or not.
    """
    return 0.95 if len(first_objects(head, path)) >= 2 or _one_after_the_other(head) else 0.0


def _one_after_the_other(head: bytes) -> bool:
    text = head.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace").lstrip(_BETWEEN)
    if text[:1] != "{":
        return False
    try:
        _, end = DECODER.raw_decode(text)
    except (ValueError, RecursionError):
        return False
    return text[end:].lstrip(_BETWEEN)[:1] == "{"


def first_objects(head: bytes, path: Path) -> list[Cell]:
    """The first two lines that are each an object (or both a list) by themselves; fewer when there are not.
    For sniffing: never raises.
    """
    wide = "utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else ""
    begin = head.decode(wide, "ignore").encode() if wide else head.removeprefix(b"\xef\xbb\xbf")
    if begin.lstrip(b" \t\r\n\x1e")[:1] not in (b"{", b"["):
        return []
    values: list[Cell] = []
    bad = 0
    with path.open(encoding=wide or "utf-8", errors="replace", newline="\n") as file:
        for _ in range(20):
            whole = file.readline(8 * MB)
            line = whole.removeprefix("\ufeff").strip(_BETWEEN)
            if not line:
                if not whole:
                    break
                continue
            try:
                value = cast(Cell, DECODER.decode(line))
            except (ValueError, RecursionError):
                value = None
            if isinstance(value, (dict, list)):
                values.append(value)
            elif not values or bad >= len(values):
                return []
            else:
                bad += 1
            if len(values) == 2:
                break
    return (
        values if all(isinstance(v, dict) for v in values) or all(isinstance(v, list) for v in values) else []
    )


def lines(path: Path, encoding: str, limits: Limits) -> Iterator[tuple[int, str]]:
    """Physical line from 1 and text of each line that is not blank. Raises Unreadable past `line_mb`."""
    most = limits.line_mb * MB
    with path.open(encoding=encoding, errors=MEND, newline="\n") as file:
        number = 0
        while line := file.readline(most + 1):
            number += 1
            if len(line) > most:
                raise past(
                    "line_mb",
                    limits.line_mb,
                    Sentence("La ligne {number} est trop longue", number=number),
                    unit="Mo",
                    line=number,
                )
            bare = line.strip(" \t\r\n\ufeff\x1e")
            if bare:
                yield number, bare


class Lines:
    """The values of a JSON Lines file, with what went wrong on the way. Read once."""

    def __init__(self, path: Path, encoding: str, limits: Limits) -> None:
        self._path, self._encoding, self._limits = path, encoding, limits
        self.good = 0
        self.bad = 0
        self.first_bad = 0

    def __iter__(self) -> Iterator[tuple[int, Cell]]:
        for number, text in lines(self._path, self._encoding, self._limits):
            try:
                value = decoded(text)
            except RecursionError as error:
                raise past(
                    "nesting",
                    self._limits.nesting,
                    Sentence("La ligne {number} imbrique trop d’objets ou de listes", number=number),
                    line=number,
                ) from error
            except ValueError:
                self.wrong(number)
                continue
            self.good += 1
            yield number, value

    def wrong(self, number: int) -> None:
        """Count a line that can't be used."""
        self.bad += 1
        self.first_bad = self.first_bad or number
        if self.bad > 100 and self.bad > self.good:
            raise self.mostly_bad()

    def mostly_bad(self) -> Unreadable:
        """The error for a file that is no JSON Lines after all."""
        share = f"{self.bad} sur {self.good + self.bad}"
        return Unreadable(
            Sentence("Trop de lignes ne sont pas du JSON ({share}).", share=share),
            mend="Un objet par ligne est attendu.",
            line=self.first_bad,
        )

    def issues(self) -> Iterator[Issue]:
        """To be asked once all is read."""
        if self.bad > SHARE * (self.good + self.bad) and self.bad > 1:
            raise self.mostly_bad()
        if self.bad:
            where = f"ligne {self.first_bad}"
            yield Issue(
                "bad-line",
                in_number(
                    self.bad,
                    "{n} ligne[s] [n’est pas du JSON et n’est pas lue : la|ne sont pas du JSON et ne sont pas lues ; la première est la] {where}.",
                    where=where,
                ),
                where,
            )


class Values(Lines):
    """The values of a file that holds one after the other, whatever its lines. Read once. Raises BadJson at
    what is none.
    """

    def __iter__(self) -> Iterator[tuple[int, Cell]]:
        with JsonText(self._path, self._encoding, self._limits) as text:
            while text.peek():
                number = text.line
                self.good += 1
                yield number, text.value()


def read(path: Path, workspace: Workspace) -> Reading:
    """One record a line. Raises Unreadable when too many lines are not JSON."""
    encoding = encoding_of(path)
    with path.open("rb") as file:
        head = file.read(1 << 16)
    source = (
        Lines(path, encoding, workspace.limits)
        if len(first_objects(head, path)) >= 2
        else Values(path, encoding, workspace.limits)
    )
    labels: list[str] = []

    def records() -> Iterator[tuple[int, Mapping[str, Cell]]]:
        for number, value in source:
            if isinstance(value, dict):
                yield number, value
            elif isinstance(value, list):
                if not labels and value and all(isinstance(v, str) for v in value):
                    labels.extend(cast(list[str], value))
                    continue
                yield (
                    number,
                    {labels[i] if i < len(labels) else f"colonne_{i + 1}": v for i, v in enumerate(value)},
                )
            else:
                source.good -= 1
                source.wrong(number)

    try:
        table = objects.table(records(), workspace, "jsonl", encoding, lines=True)
    except BadJson as error:
        raise broken(error) from error
    issues = tuple(source.issues())
    if table is None:
        raise Unreadable("Le fichier ne contient aucun objet JSON.")
    return Reading("jsonl", (replace(table, issues=(*table.issues, *issues)),))


JSONL = Reader(
    name="jsonl",
    title="JSON Lines (un objet par ligne)",
    sniff=sniff,
    read=read,
    examples=(
        Example("deux objets", '{"a": 1, "b": {"c": "é"}}\n{"a": 2}\n'.encode(), ("a", "b.c"), 2, "utf-8"),
    ),
)
