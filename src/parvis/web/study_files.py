"""A result to take home: one PDF/UA, or a folder with it, the tables as CSV, the files, and how it was made."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence

import pyarrow as pa

from parvis.core.formulas import inert
from parvis.core.language import Language
from parvis.core.pdf import typeset
from parvis.core.types import POINT, SHAPE, Column
from parvis.services import answers
from parvis.services.answers import Block
from parvis.services.comparing import Pair
from parvis.store.study_runs import StudyRun

SOURCE = b"""
#let said = json(bytes(sys.inputs.said))
#set document(title: said.title, author: said.author, date: none)
#set text(lang: said.language, size: 9.5pt, hyphenate: true)
#set page(paper: "a4", margin: 1.8cm, numbering: "1 / 1")
#show heading.where(level: 1): set text(size: 12pt)
#title(said.title)
#said.opening
#for part in said.parts [
  #if part.title != "" { heading(level: 1, part.title) }
  #for line in part.lines [ #par(line) ]
  #if part.rows.len() > 0 {
    table(columns: part.head.len(), stroke: 0.4pt, table.header(..part.head.map(x => strong(x))), ..part.rows.flatten().map(x => [#x]))
  }
]
"""

ROWS = 500
"""Rows of one table that a PDF shows: the CSV beside it has them all."""
EPOCH = (1980, 1, 1, 0, 0, 0)
"""Time of every file in a folder: the same result gives the same bytes."""


def pdf(
    language: Language,
    title: str,
    opening: str,
    facts: Sequence[Pair],
    blocks: Sequence[Block],
    caveats: Sequence[str],
    *,
    author: str,
) -> bytes:
    """The result as a document. facts: parameters and origin, their second side unused."""
    say = language.say
    parts = [
        *(_part(language, block) for block in blocks if not isinstance(block, answers.Take | answers.Map)),
        {"title": say("Ce qui la rendrait fausse"), "lines": list(caveats), "head": [], "rows": []},
        {
            "title": say("Comment ce résultat a été obtenu"),
            "lines": [],
            "head": [say("Rubrique"), say("Valeur")],
            "rows": [[fact.label, fact.first] for fact in facts],
        },
    ]
    return typeset(
        SOURCE,
        {
            "title": title,
            "language": language.code,
            "author": author,
            "opening": opening,
            "parts": parts,
        },
    )


def _part(language: Language, block: Block) -> Mapping[str, object]:
    """A block as a heading, lines and a table."""
    match block:
        case answers.Said():
            return {"title": "", "lines": [block.text], "head": [], "rows": []}
        case answers.Figures():
            lines = [f"{f.label} : {f.value}{f' ({f.note})' if f.note else ''}" for f in block.figures]
            return {"title": "", "lines": lines, "head": [], "rows": []}
        case answers.Points():
            lines = [f"{p.text}{f' ({p.source})' if p.source else ''}" for p in block.points]
            return {"title": block.title, "lines": lines, "head": [], "rows": []}
        case answers.Chart():
            return _table(language, block.title, block.columns, block.rows, block.text)
        case answers.Rows():
            return _table(language, block.title, block.columns, block.rows, block.note)
        case _:
            return {"title": "", "lines": [], "head": [], "rows": []}


def _table(
    language: Language,
    title: str,
    columns: Sequence[Column],
    rows: Sequence[Mapping[str, object]],
    note: str,
) -> Mapping[str, object]:
    head = [f"{c.title or c.name}{f' ({c.unit})' if c.unit else ''}" for c in columns]
    shown = [[cell(language, row.get(c.name)) for c in columns] for row in rows[:ROWS]]
    left = len(rows) - len(shown)
    lines = [note] if note else []
    if left:
        lines.append(
            language.count(
                "%(n)s autre ligne n’est pas montrée.", "%(n)s autres lignes ne sont pas montrées.", left
            )
        )
    return {"title": title, "lines": lines, "head": head, "rows": shown}


def cell(language: Language, value: object) -> str:
    """A value as a person reads it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return language.say("oui") if value else language.say("non")
    return language.number(value) if isinstance(value, int | float) else str(value)


def zipped(name: str, files: Iterable[tuple[str, bytes]]) -> bytes:
    """Files by name as a ZIP with one folder: the same files, the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for path, data in files:
            packed.writestr(zipfile.ZipInfo(f"{name}/{path}", EPOCH), data)
    return out.getvalue()


def contents(
    document: bytes, one: StudyRun, tables: Mapping[str, pa.Table], files: Mapping[str, bytes]
) -> Iterator[tuple[str, bytes]]:
    """The files of the folder by name: the document, a CSV a table, the files, and `etude.json` (parameters,
    seed, input versions) with which it can be done again.
    """
    yield "resultat.pdf", document
    yield "etude.json", json.dumps(record(one), ensure_ascii=False, indent=2, sort_keys=True).encode()
    for table, rows in sorted(tables.items()):
        yield f"{table}.csv", as_csv(rows)
    yield from sorted(files.items())


def record(one: StudyRun) -> Mapping[str, object]:
    """What a run was made from."""
    return {
        "run": one.id,
        "study": one.study,
        "at": one.at.isoformat(),
        "parameters": dict(one.parameters),
        "seed": one.seed,
        "inputs": dict(one.inputs),
        "parts": {part.name: part.digest for part in one.parts},
    }


def as_csv(rows: pa.Table) -> bytes:
    """A table for a spreadsheet: points as two columns, shapes left out, no cell that is run."""
    out = io.StringIO()
    names = [n for n in rows.column_names if n not in (POINT, SHAPE)]
    placed = POINT in rows.column_names
    write = csv.writer(out, delimiter=";", lineterminator="\n")
    write.writerow([*names, *(("latitude", "longitude") if placed else ())])
    for row in rows.to_pylist():
        said = [inert(v) if isinstance(v := row[n], str) else "" if v is None else v for n in names]
        spot = row[POINT] if placed else None
        write.writerow([*said, *((spot["lat"], spot["lon"]) if spot else ("", "") if placed else ())])
    return out.getvalue().encode("utf-8-sig")
