"""Put a raw table through a recipe: the same table and the same recipe give the same bytes, every time."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
from sqlglot import exp

from parvis.core.errors import UsageError
from parvis.core.reading import ParquetScan, RawTable
from parvis.core.sentence import Sentence, placed, spoken
from parvis.core.text import fold
from parvis.core.types import Finding
from parvis.engine import trees as t
from parvis.prepare.declaration import Bench, Unfit
from parvis.prepare.frame import RECORD, Frame, NoColumn, start, write
from parvis.prepare.recipe import Recipe, values
from parvis.prepare.tracing import Source, Traced, after, sources, trace

SHOWN = 10
"""Rows of a preview."""
CUT = 200
"""Characters of a cell in a preview."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A table that went through its recipe: text cells in a Parquet file of the spool, which also tells of
    each row the record of the file it comes from.
    """

    raw: RawTable
    findings: tuple[Finding, ...]
    """What the steps have to tell, rows by record of the file."""
    traced: Traced = field(default_factory=lambda: Traced({}))
    """Which columns of the file each of its columns depends on."""

    def of_file(self, finding: Finding) -> Finding:
        """A finding on the prepared table, its rows by record of the file as it was handed in."""
        wanted = sorted({r.record for r in finding.rows if r.record > 0})
        if not wanted:
            return finding
        known = _records(self.raw.scan.path, wanted)
        return replace(
            finding,
            rows=tuple(
                replace(r, line=0, record=known.get(r.record, r.record)) if r.record > 0 else r
                for r in finding.rows
            ),
        )


def replay(
    raw: RawTable,
    recipe: Recipe,
    *,
    con: duckdb.DuckDBPyConnection,
    spool: Path,
    table: Callable[[str], RawTable],
) -> Prepared:
    """Put the whole of a table through a recipe. spool: an empty folder. table: other tables by reference,
    see `Bench`.

    Raises Unfit when a step can't take it: which step, which column, what stands there now, how to mend it.
    """
    first = start(raw, con=con, spool=spool)
    every = (first, *frames(first, recipe, con=con, spool=spool, table=table))
    frame = every[-1]
    out = write(frame.sorted(), spool / "prepared.parquet", con=con)
    rows = pq.read_metadata(out).num_rows
    return Prepared(
        replace(raw, columns=frame.columns, scan=ParquetScan(out), rows=rows),
        frame.findings,
        traced(recipe, [f.names for f in every])[-1],
    )


def traced(recipe: Recipe, names: Sequence[Sequence[str]]) -> tuple[Traced, ...]:
    """Where the columns come from at the start and after each step that could run. names: of the columns, at
    the same points.
    """
    flows = [
        step.flow(params, *around)
        for (step, params), around in zip(map(values, recipe), pairwise(names), strict=False)
    ]
    return trace(names[0], flows)


def frames(
    frame: Frame,
    recipe: Recipe,
    *,
    con: duckdb.DuckDBPyConnection,
    spool: Path,
    table: Callable[[str], RawTable],
) -> Iterator[Frame]:
    """The table after each step. Raises Unfit."""
    for number, one in enumerate(recipe, 1):
        step, params = values(one)
        here = Sentence("Étape {number} ({title})", number=number, title=spoken(step.title))
        folder = spool / f"step-{number}"
        folder.mkdir()
        try:
            frame = step.apply(frame, params, Bench(con, folder, table))
        except NoColumn as wrong:
            raise _unfit(wrong, here, number, frame) from wrong
        except UsageError as wrong:
            raise Unfit(
                placed(here, wrong.message),
                mend=wrong.mend,
                step=number,
                columns=frame.names,
            ) from wrong
        except Unfit as wrong:
            raise Unfit(
                placed(here, wrong.message),
                mend=wrong.mend,
                step=number,
                columns=frame.names,
            ) from wrong
        yield frame


def read_by(recipe: Recipe, names: Sequence[Sequence[str]]) -> tuple[frozenset[Source], ...]:
    """Of each step, the columns of the file and of other tables whose values it reads. names: as in `traced`;
    further steps are followed by what they say.
    """
    at = trace(names[0], ())[-1]
    sources_of_steps: list[frozenset[Source]] = []
    for number, (step, params) in enumerate(map(values, recipe), 1):
        before = tuple(at.columns)
        flow = step.flow(params, before, names[number] if number < len(names) else before)
        sources_of_steps.append(sources(at, flow, flow.read, flow.their_read))
        at = after(at, flow)
    return tuple(sources_of_steps)


def _unfit(wrong: NoColumn, here: str, number: int, frame: Frame) -> Unfit:
    there = ", ".join(frame.names[:40]) + ("…" if len(frame.names) > 40 else "")
    if wrong.there:
        return Unfit(
            placed(
                here,
                Sentence(
                    "la colonne « {column} » existe déjà à cette étape. Colonnes présentes : {there}.",
                    column=wrong.column,
                    there=there,
                ),
            ),
            mend=Sentence("Choisissez un autre nom dans la recette, ou retirez d’abord l’ancienne colonne."),
            step=number,
            column=wrong.column,
            columns=frame.names,
        )
    near = likely(wrong.column, frame.names)
    guess = Sentence("S’appelle-t-elle maintenant « {near} » ? ", near=near) if near else ""
    return Unfit(
        placed(
            here,
            Sentence(
                "la colonne « {column} » n’est pas dans le fichier à cette étape. Colonnes présentes : {there}.",
                column=wrong.column,
                there=there,
            ),
        ),
        mend=Sentence(
            "{guess}Corrigez l’étape {number} de la recette ou remettez la colonne dans le fichier, puis demandez une relecture.",
            guess=guess,
            number=number,
        ),
        step=number,
        column=wrong.column,
        columns=frame.names,
        near=near,
    )


def likely(name: str, there: Sequence[str]) -> str:
    """The column that most likely has another name now, "" when none is likely.

    >>> likely("Adresse", ("nom", "ADRESSE_POSTALE", "ville"))
    'ADRESSE_POSTALE'
    """
    plain = {"".join(c for c in fold(n) if c.isalnum()): n for n in reversed(there)}
    wanted = "".join(c for c in fold(name) if c.isalnum())
    if wanted in plain:
        return plain[wanted]
    inside = [
        n for p, n in plain.items() if len(min(p, wanted, key=len)) >= 3 and (p in wanted or wanted in p)
    ]
    if len(inside) == 1:
        return inside[0]
    near = difflib.get_close_matches(wanted, plain, 1, 0.65)
    return plain[near[0]] if near else ""


def _records(path: Path, wanted: Sequence[int]) -> Mapping[int, int]:
    """Record of the file, by row of the prepared table from 1."""
    record_of: dict[int, int] = {}
    with pq.ParquetFile(path) as file:
        before = 0
        for group in range(file.num_row_groups):
            rows = file.metadata.row_group(group).num_rows
            here = [n for n in wanted if before < n <= before + rows]
            if here:
                column = file.read_row_group(group, columns=[RECORD]).column(0)
                record_of |= {n: int(column[n - before - 1].as_py()) for n in here}
            before += rows
    return record_of


# --- preview ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sight:
    """The first rows of a table at one point of its recipe. records: of the file, one for each row."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]
    records: tuple[int, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Stop:
    """Where a recipe no longer fits: the step, and what it says."""

    step: int
    wrong: Unfit


@dataclass(frozen=True, slots=True)
class Preview:
    """What a recipe makes of a sample. before, after: one step from both sides; counts: rows at the start and
    after each step that could run.
    """

    shown: int
    """The step that is looked at: the one asked for, or the last one that could run; 0 when it is the start
    alone, which has no after.
    """
    columns: tuple[tuple[str, ...], ...]
    """Names of the columns at the start and after each step that could run."""
    counts: tuple[int, ...]
    before: Sight
    after: Sight | None
    origin: Mapping[int, tuple[str | None, ...]]
    """Of the records that `after` shows, the first row that each had before the step."""
    findings: tuple[Finding, ...]
    stop: Stop | None = None


def preview(
    raw: RawTable,
    recipe: Recipe,
    step_shown: int,
    *,
    con: duckdb.DuckDBPyConnection,
    spool: Path,
    table: Callable[[str], RawTable],
    barred: Callable[[frozenset[Source]], str] = lambda _: "",
) -> Preview:
    """Put a table, a few records of one as a rule, through a recipe and look at one step (from 1; 0: the
    start alone).

    A step that does not fit ends the preview, and is told; so is one that chooses rows by columns that are
    barred (columns -> the one that is, "" for none).
    """
    seen = [start(raw, con=con, spool=spool)]
    at = trace(seen[0].names, ())[-1]
    stop: Stop | None = None
    rest = frames(seen[0], recipe, con=con, spool=spool, table=table)
    try:
        for number, (step, params) in enumerate(map(values, recipe), 1):
            flow = step.flow(params, seen[-1].names, seen[-1].names)
            if column := barred(sources(at, flow, flow.rows, flow.their_rows)):
                raise Unfit(
                    Sentence(
                        "Étape {number} ({title}) : elle choisit les lignes d’après {column}, dont votre compte ne permet pas de voir les valeurs.",
                        number=number,
                        title=spoken(step.title),
                        column=column,
                    ),
                    mend=Sentence(
                        "La personne qui a déposé le fichier, ou la protection des données, peut l’essayer."
                    ),
                    step=number,
                    columns=seen[-1].names,
                )
            frame = next(rest)
            at = after(at, step.flow(params, seen[-1].names, frame.names))
            seen.append(frame)
    except Unfit as wrong:
        stop = Stop(wrong.step, wrong)
    counts = tuple(_count(f, con) for f in seen)
    place = min(step_shown, len(seen) - 1)
    last = max(place - 1, 0)
    shows = sight(seen[place], counts[place], con=con) if place else None
    origin = _origin(seen[last], shows.records, con=con) if shows else {}
    return Preview(
        place,
        tuple(f.names for f in seen),
        counts,
        sight(seen[last], counts[last], con=con),
        shows,
        origin,
        seen[-1].findings,
        stop,
    )


def _origin(
    frame: Frame, records: Sequence[int], *, con: duckdb.DuckDBPyConnection
) -> Mapping[int, tuple[str | None, ...]]:
    wanted = (
        exp.or_(
            *(exp.EQ(this=t.column(RECORD), expression=t.number(r)) for r in sorted(set(records))), copy=False
        )
        if records
        else exp.false()
    )
    rows_seen = sight(frame.where(wanted), 0, con=con, rows=1000)
    return dict(reversed(list(zip(rows_seen.records, rows_seen.rows, strict=True))))


def sight(frame: Frame, count: int, *, con: duckdb.DuckDBPyConnection, rows: int = SHOWN) -> Sight:
    """The first rows, cells as text."""
    cells = [t.alias(frame.text(i), f"c{i}") for i in range(len(frame.columns))]
    query = exp.Select(expressions=[*cells, t.column(RECORD)]).from_(
        exp.Subquery(this=frame.sorted().limit(rows, copy=False)), copy=False
    )
    fetched = con.execute(query.sql("duckdb")).fetchall()
    return Sight(
        frame.names,
        tuple(tuple(v if v is None else str(v)[:CUT] for v in row[:-1]) for row in fetched),
        tuple(int(row[-1]) for row in fetched),
        count,
    )


def _count(frame: Frame, con: duckdb.DuckDBPyConnection) -> int:
    counted = con.execute(
        exp.select(exp.Count(this=exp.Star())).from_(frame.below()).sql("duckdb")
    ).fetchone()
    return int(counted[0]) if counted else 0
