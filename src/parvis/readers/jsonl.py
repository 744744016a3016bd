"""JSON Lines: one object on each line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import cast

from parvis.core.errors import Unreadable
from parvis.core.reading import Example, Issue, Reader, Reading, Workspace
from parvis.core.settings import Limits
from parvis.readers import objects
from parvis.readers.encoding import MEND
from parvis.readers.json_text import DECODER, encoding_of
from parvis.readers.limits import MB, past
from parvis.readers.raw import Cell

SHARE = 0.1
"""Above this share of lines that are not JSON, the file is something else."""


def sniff(head: bytes, path: Path) -> float:
    """Two lines at least, each an object or a list by itself."""
    return 0.95 if len(first_objects(head, path)) >= 2 else 0.0


def first_objects(head: bytes, path: Path) -> list[Cell]:
    """The first two lines that are each an object (or both a list) by themselves; fewer when there are not. For sniffing: never raises."""
    if head.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n\x1e")[:1] not in (b"{", b"["):
        return []
    found: list[Cell] = []
    bad = 0
    with path.open("rb") as file:
        for _ in range(20):
            line = file.readline(8 * MB).removeprefix(b"\xef\xbb\xbf").strip(b" \t\r\n\x1e")
            if not line:
                if file.tell() >= path.stat().st_size:
                    break
                continue
            try:
                value = cast(Cell, DECODER.decode(line.decode("utf-8", "replace")))
            except (ValueError, RecursionError):
                value = None
            if isinstance(value, (dict, list)):
                found.append(value)
            elif not found or bad >= len(found):
                return []
            else:
                bad += 1
            if len(found) == 2:
                break
    return found if all(isinstance(v, dict) for v in found) or all(isinstance(v, list) for v in found) else []


def lines(path: Path, encoding: str, limits: Limits) -> Iterator[tuple[int, str]]:
    """Physical line from 1 and text of each line that is not blank. Raises Unreadable past `line_mb`."""
    most = limits.line_mb * MB
    with path.open(encoding=encoding, errors=MEND, newline="\n") as file:
        number = 0
        while line := file.readline(most + 1):
            number += 1
            if len(line) > most:
                raise past("line_mb", limits.line_mb, f"La ligne {number} est trop longue", unit="Mo", line=number)
            bare = line.strip(" \t\r\n\ufeff\x1e")
            if bare:
                yield number, bare


class Lines:
    """The values of a JSON Lines file, with what went wrong on the way. Read once."""

    def __init__(self, path: Path, encoding: str, limits: Limits) -> None:
        self._source = lines(path, encoding, limits)
        self._limits = limits
        self.good = 0
        self.bad = 0
        self.first_bad = 0

    def __iter__(self) -> Iterator[tuple[int, Cell]]:
        for number, text in self._source:
            try:
                value = cast(Cell, DECODER.decode(text))
            except RecursionError as error:
                raise past("nesting", self._limits.nesting, f"La ligne {number} imbrique trop d’objets ou de listes", line=number) from error
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
        return Unreadable(f"Trop de lignes ne sont pas du JSON ({share}).", mend="Un objet par ligne est attendu.", line=self.first_bad)

    def issues(self) -> Iterator[Issue]:
        """To be asked once all is read."""
        if self.bad > SHARE * (self.good + self.bad) and self.bad > 1:
            raise self.mostly_bad()
        if self.bad:
            where = f"ligne {self.first_bad}"
            yield Issue("bad-line", f"{self.bad} ligne(s) ne sont pas du JSON et ne sont pas lues ; la première est la {where}.", where)


def read(path: Path, workspace: Workspace) -> Reading:
    """One record a line. Raises Unreadable when too many lines are not JSON."""
    encoding = encoding_of(path)
    source = Lines(path, encoding, workspace.limits)
    labels: list[str] = []

    def records() -> Iterator[tuple[int, Mapping[str, Cell]]]:
        for number, value in source:
            if isinstance(value, dict):
                yield number, value
            elif isinstance(value, list):
                if not labels and value and all(isinstance(v, str) for v in value):
                    labels.extend(cast(list[str], value))
                    continue
                yield number, {labels[i] if i < len(labels) else f"colonne_{i + 1}": v for i, v in enumerate(value)}
            else:
                source.good -= 1
                source.wrong(number)

    table = objects.table(records(), workspace, "jsonl", encoding, lines=True)
    issues = tuple(source.issues())
    if table is None:
        raise Unreadable("Le fichier ne contient aucun objet JSON.")
    return Reading("jsonl", (replace(table, issues=(*table.issues, *issues)),))


JSONL = Reader(
    name="jsonl",
    title="JSON Lines (un objet par ligne)",
    sniff=sniff,
    read=read,
    examples=(Example("deux objets", '{"a": 1, "b": {"c": "é"}}\n{"a": 2}\n'.encode(), ("a", "b.c"), 2, "utf-8"),),
)
