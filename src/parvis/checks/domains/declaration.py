"""What a domain is: a standard of its own that a file, or several files together, must keep."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import cast

from parvis.core.reading import RawTable, Reading
from parvis.core.text import numbered
from parvis.core.types import Dimension, Finding, Json, Severity


@dataclass(frozen=True, slots=True)
class Notice:
    """One kind of fault that a domain finds, in words. Templates may hold {n}, {column}, {table}, {value}
    (the first) and the words that the finding brings; what differs for one and for several is written as
    `core.text.numbered` reads it.

    code: as the standard's own validator calls it. fr, en: the sentence. fix, mend: how to put it right, in
    French and in English.
    """

    code: str
    severity: Severity
    fr: str
    en: str
    fix: str = ""
    mend: str = ""
    dimension: Dimension = "validity"

    @property
    def message(self) -> str:
        """The sentence in French, as rules have it: of several."""
        return numbered(self.fr)[1]

    def of(self, count: int) -> str:
        """The sentence in French for so many."""
        return numbered(self.fr)[abs(count) > 1]

    @property
    def sentences(self) -> tuple[tuple[str, str], ...]:
        """What is said in French with its English: behind the place it speaks of (tried first: the sentence
        alone would fit it too), alone, and the fix.
        """
        alone = dict(zip(numbered(self.fr), numbered(self.en), strict=True))
        return (
            *((f"{{where}} : {fr}", f"{{where}}: {en}") for fr, en in alone.items()),
            *alone.items(),
            (self.fix, self.mend),
        )

    def title(self, english: bool = False) -> str:
        """The sentence without counts: what the code means.

        >>> Notice("x", "error", "{n} arrêt[s] sans position.", "{n} stop[s] without a position.").title()
        'Arrêt sans position'
        """
        one = numbered(self.en if english else self.fr)[0]
        words = re.sub(r"\{[a-z]+\}", "…", one.removeprefix("{n} ")).rstrip(".")
        return words[:1].upper() + words[1:]


def _as_it_is(finding: Finding, _: RawTable) -> Finding:
    return finding


@dataclass(frozen=True, slots=True)
class Package:
    """What was handed in, opened: one file, or the members of an archive or a folder.

    files: path inside the package (with `/`) to where it lies. read: the readers, for the tables of one of
    the files; raises Unreadable. spool: a folder to write in. now: aware. limit: rows kept of each finding.
    memory_mb: what an engine may take. lined: gives the rows of a finding on a table their physical lines.
    """

    files: Mapping[str, Path]
    spool: Path
    read: Callable[[Path, str], Reading]
    now: datetime
    limit: int = 100
    memory_mb: int = 700
    lined: Callable[[Finding, RawTable], Finding] = _as_it_is

    @property
    def only(self) -> Path | None:
        """The file, when there is just one."""
        return next(iter(self.files.values())) if len(self.files) == 1 else None

    def head(self, path: Path, size: int = 1 << 16) -> bytes:
        """The first bytes of a file of the package."""
        with path.open("rb") as source:
            return source.read(size)

    def below(self, mark: str) -> Mapping[str, Path]:
        """The files beside the one called `mark`, by their path from there: an archive may wrap all of them
        in a folder. Empty when there is no such file.

        The shallowest is taken when there are several.
        """
        paths = sorted(
            (n for n in self.files if n == mark or n.endswith("/" + mark)), key=lambda n: (n.count("/"), n)
        )
        if not paths:
            return {}
        folder = paths[0][: -len(mark)]
        return {name[len(folder) :]: path for name, path in self.files.items() if name.startswith(folder)}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was found, what was not looked at and why, and how many records were judged."""

    findings: tuple[Finding, ...] = ()
    not_checked: tuple[str, ...] = ()
    rows: int = 0


@dataclass(frozen=True, slots=True)
class Example:
    """A small package, and the codes of its findings: all of those that are not information."""

    name: str
    files: Mapping[str, bytes]
    codes: frozenset[str] = frozenset()
    profile: str = ""


@dataclass(frozen=True, slots=True)
class Domain:
    """A standard. Declared as a module constant below `checks/domains`; found by walking the package.

    recognises: the profile that fits the content ("" when there is but one), None when it is something else;
    looks at names and first bytes only. check: never raises on content; raises Unreadable when the package
    can't be opened as what it is said to be.
    """

    name: str
    title: str
    """French, for people."""
    recognises: Callable[[Package], str | None]
    check: Callable[[Package, str], Outcome]
    notices: Mapping[str, Notice]
    profiles: tuple[str, ...] = ()
    """What `--schema <name>-<profile>` may ask for; the first is the usual one."""
    examples: tuple[Example, ...] = ()
    tables: bool = True
    """Whether each table is looked at besides, for what its values let expect, when nobody asked for the
    domain by name.
    """
    severities: Mapping[str, Mapping[str, Severity]] = field(
        default_factory=dict[str, Mapping[str, Severity]]
    )
    """Profile to code to severity, where profiles judge the same thing differently."""


def read_notices(module: str) -> Mapping[str, Notice]:
    """The notices of the table beside a module (`notices.py`: `notices.tsv`), by code: a header, then one a
    line, its cells parted by tabs. Raises ValueError for a line without its seven cells, and when two bear one
    code.
    """
    lines = Path(module).with_suffix(".tsv").read_text("utf-8").splitlines()[1:]
    by_code = {
        code: Notice(code, cast(Severity, severity), fr, en, fix, mend, cast(Dimension, dimension))
        for code, severity, dimension, fr, en, fix, mend in (line.split("\t") for line in lines)
    }
    if len(by_code) != len(lines):
        raise ValueError("two notices bear one code")
    return by_code


def walk(value: Json, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Json]]:
    """Every value of a document with its place, outer ones first; by a stack of its own, so that depth costs
    no recursion.
    """
    waiting: list[tuple[tuple[str | int, ...], Json]] = [(path, value)]
    while waiting:
        place, node = waiting.pop()
        yield place, node
        if isinstance(node, dict):
            waiting.extend(((*place, key), inner) for key, inner in reversed(node.items()))
        elif isinstance(node, list):
            waiting.extend(((*place, i), node[i]) for i in range(len(node) - 1, -1, -1))
