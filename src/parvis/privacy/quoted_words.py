"""What findings quote of a file beside its cells: names of sheets and members that hold no table, of layers, of coordinate
systems, of a schema that came along.

Everybody reads the report of what is published, and nobody has searched these words: a cell or a title that says something
holds its version back, they hold nothing. So they are searched here by the same detectors, and left out of the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import duckdb

from parvis.core.types import Finding, Row
from parvis.privacy import surrounding_words

UNSHOWN = "…"
"""In place of words that say something of somebody."""
_QUOTED = re.compile(r"[«“\"]\s*([^«»“”\"]+?)\s*[»”\"]|\(([^()]+)\)$|\s:\s(.+)$")
"""Between quotation marks, in the bracket that says where, behind the colon of a list."""
_SHORTEST = 5
"""Characters of the shortest words that name somebody or hold a number of theirs."""


def quoted(finding: Finding, known: Collection[str]) -> tuple[str, ...]:
    """The words that a finding may have from the file, each once; known: those that were searched already.

    >>> quoted(Finding("x", "La feuille « Port de Sète » est vide. (Port de Sète)"), ("Gare",))
    ('Port de Sète',)
    """
    return tuple(dict.fromkeys(w for w in _words(finding) if len(w) >= _SHORTEST and w not in known))


def _words(finding: Finding) -> Iterator[str]:
    for text in (finding.message, finding.fix):
        for match in _QUOTED.finditer(text):
            yield from (part.strip() for part in match.groups() if part)
    yield from finding.said.values()
    yield finding.column
    for row in finding.rows:
        yield row.table


def masked(
    con: duckdb.DuckDBPyConnection, findings: Sequence[Finding], known: Collection[str], path: Path
) -> tuple[Finding, ...]:
    """The findings without the words that say something personal or secret. known: names and titles of the columns and what
    else was searched already; path: a file that may be written and is gone afterwards.
    """
    texts = {word: word for finding in findings for word in quoted(finding, known)}
    personal = sorted(surrounding_words.personal(con, texts, path), key=len, reverse=True)
    return tuple(_without(finding, personal) for finding in findings) if personal else tuple(findings)


def _without(finding: Finding, personal: Sequence[str]) -> Finding:
    def bare(text: str) -> str:
        for word in personal:
            if word in text:
                text = text.replace(word, UNSHOWN)
        return text

    def row(one: Row) -> Row:
        table = bare(one.table)
        return one if table == one.table else replace(one, table=table)

    return replace(
        finding,
        message=bare(finding.message),
        fix=bare(finding.fix),
        column=bare(finding.column),
        said={name: bare(value) for name, value in finding.said.items()},
        rows=tuple(map(row, finding.rows)),
    )
