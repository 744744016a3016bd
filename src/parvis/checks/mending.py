# pyright: reportMissingTypeArgument=false, reportUnknownParameterType=false, reportCallIssue=false, reportArgumentType=false
# Arrow's own functions are only partly typed.
"""From findings to a mended table: proposals by distinct text, then the table with them, cell by cell, and
the list of every changed cell.

Nothing here writes to the file that was handed in. Whoever calls checks the mended table again and withdraws
the proposals that some rule still blames.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from sqlglot import exp

from parvis.checks import repairs as declarations
from parvis.checks.layout import lay, named, raw_cell
from parvis.checks.repair import Exchange, Repair, Suspect
from parvis.checks.sql import call, select_from, text
from parvis.core.reading import ParquetScan, RawTable
from parvis.core.registry import declared
from parvis.core.types import Finding, Schema
from parvis.engine import scans

KNOWN = 20_000
"""Distinct texts of a column that a repair sees beside the suspects."""

SPOTTED = 100_000
"""Distinct texts that a repair may spot in one column."""

_ROWS = 20_480

RENAMED = ("Nom de colonne récrit comme le schéma l’écrit", "Column name written as the schema has it")
"""What is done to the header, which no repair of cells does."""

REPEATS = frozenset({"unique", "primary-key"})
"""Codes that blame a cell for standing twice: no repair changes that, and none is withdrawn for it."""


@dataclass(frozen=True, slots=True)
class Change:
    """One text of one column and what it becomes, wherever it stands."""

    place: int
    column: str
    """As the file names it."""
    before: str
    after: str
    repairs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """All that can be put right in a table without doubt."""

    changes: tuple[Change, ...] = ()
    exchanges: tuple[tuple[str, int, int], ...] = ()
    """Name of the exchange and the two places."""
    labels: Mapping[int, str] = field(default_factory=dict[int, str])
    """Place of a column and the name that it must bear."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One changed cell. record: 0 for the header."""

    record: int
    place: int
    column: str
    before: str
    after: str
    repairs: tuple[str, ...]


@cache
def repairs() -> Mapping[str, Repair]:
    """All declared repairs of texts by name."""
    return declared(declarations, Repair)


@cache
def exchanges() -> Mapping[str, Exchange]:
    """All declared exchanges by name."""
    return declared(declarations, Exchange)


def titles() -> Mapping[str, Repair | Exchange]:
    """Every way to mend by name."""
    every: dict[str, Repair | Exchange] = {**repairs(), **exchanges()}
    return {name: every[name] for name in sorted(every)}


def blamed(findings: Iterable[Finding]) -> Mapping[str, Mapping[str, int]]:
    """The texts that break rules, by column of the file."""
    out: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for finding in findings:
        if finding.check not in REPEATS:
            out[finding.column].update(r.value for r in finding.rows if r.record and r.value)
    return out


def propose(
    raw: RawTable,
    schema: Schema,
    wrong: Mapping[str, Mapping[str, int]],
    findings: Iterable[Finding],
    *,
    con: duckdb.DuckDBPyConnection,
    withdrawn: Collection[tuple[int, str]] = (),
) -> Proposal:
    """What can be mended. wrong: texts that are blamed, by column of the file. withdrawn: (place, text) pairs
    that a former try did not put right.
    """
    places = lay(raw, schema).places
    changes: list[Change] = []
    for column in schema.columns:
        place = places.get(column.name)
        if place is None or raw.columns[place].native is not None:
            continue
        texts = dict(wrong.get(raw.columns[place].name, {}))
        spotted = _spotted(raw, place, con)
        if not texts and not spotted:
            continue
        suspect = Suspect(column, texts, _known(raw, place, con))
        for before, after, by in _mended(suspect, spotted):
            if (place, before) not in withdrawn:
                changes.append(Change(place, raw.columns[place].name, before, after, by))
    pairs = [
        (e.name, places[a], places[b])
        for e in exchanges().values()
        for a, b in e.pairs(schema)
        if a in places and b in places and all(raw.columns[places[n]].native is None for n in (a, b))
    ]
    labels = {
        place: f.said["expected"]
        for f in findings
        if f.check == "column-case" and "expected" in f.said
        for place, c in enumerate(raw.columns)
        if c.name == f.column
    }
    return Proposal(tuple(changes), tuple(pairs), labels)


def _mended(suspect: Suspect, spotted: Mapping[str, int]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Texts that change, with what they become after all repairs in turn and the names of those that had a
    hand in it.
    """
    texts = {**spotted, **suspect.texts}
    now = {t: t for t in texts}
    by: defaultdict[str, list[str]] = defaultdict(list)
    for each in sorted(repairs().values(), key=lambda r: (r.turn, r.name)):
        pattern = re.compile(each.spots) if each.spots else None
        mine = [
            t
            for t in texts
            if now[t] and (t in suspect.texts or (pattern is not None and pattern.search(now[t])))
        ]
        if not mine:
            continue
        counts_now: Counter[str] = Counter()
        for t in mine:
            counts_now[now[t]] += texts[t]
        known: Counter[str] = Counter()
        for t, count in suspect.known.items():
            known[now.get(t, t)] += count
        better = each.mend(Suspect(suspect.column, counts_now, known))
        for t in mine:
            good = better.get(now[t], now[t])
            if good != now[t]:
                now[t] = good
                by[t].append(each.name)
    yield from ((t, good, tuple(by[t])) for t, good in now.items() if good != t)


def _known(raw: RawTable, place: int, con: duckdb.DuckDBPyConnection) -> Mapping[str, int]:
    counted = (
        _distinct(raw, place)
        .order_by(exp.Ordered(this=exp.column("n"), desc=True), exp.column(f"c{place}", quoted=True))
        .limit(KNOWN)
    )
    return {str(t): int(n) for t, n in con.execute(counted.sql("duckdb")).fetchall()}


def _spotted(raw: RawTable, place: int, con: duckdb.DuckDBPyConnection) -> Mapping[str, int]:
    """Texts that some repair spots by itself."""
    condition = call(
        "regexp_matches",
        raw_cell(place),
        text("|".join(f"(?:{r.spots})" for r in repairs().values() if r.spots)),
    )
    return {
        str(t): int(n)
        for t, n in con.execute(
            _distinct(raw, place).where(condition).limit(SPOTTED).sql("duckdb")
        ).fetchall()
    }


def _distinct(raw: RawTable, place: int) -> exp.Select:
    cell = raw_cell(place)
    counted = select_from(
        scans.relation(raw.scan, len(raw.columns)), cell, named(exp.Count(this=exp.Star()), "n")
    )
    return counted.where(exp.Not(this=exp.Is(this=cell.copy(), expression=exp.null())), copy=False).group_by(
        cell.copy(), copy=False
    )


def mend(
    raw: RawTable, proposal: Proposal, out: Path, *, con: duckdb.DuckDBPyConnection
) -> tuple[RawTable, tuple[Cell, ...]]:
    """Write the table with every proposal in it to a Parquet file; returns it, and every changed cell by
    record, the header first.

    The mended table has the records of the file, in their order.
    """
    width = len(raw.columns)
    flags = [
        named(exchanges()[name].wrong(raw_cell(a), raw_cell(b)), f"e{i}")
        for i, (name, a, b) in enumerate(proposal.exchanges)
    ]
    query = select_from(scans.relation(raw.scan, width), *(raw_cell(i) for i in range(width)), *flags)
    maps = _maps(proposal)
    cells = [
        Cell(0, place, raw.columns[place].name, raw.columns[place].label, label, ("column-name",))
        for place, label in sorted(proposal.labels.items())
    ]
    cursor = con.cursor()
    try:
        cursor.execute(query.sql("duckdb"))
        reader = cursor.to_arrow_reader(_ROWS)
        schema = pa.schema([reader.schema.field(i) for i in range(width)])
        start = 0
        with pq.ParquetWriter(out, schema, compression="snappy") as writer:
            for batch in reader:
                columns = [batch.column(i) for i in range(width)]
                changed: list[Cell] = []
                for place, (before, after, by) in maps.items():
                    columns[place] = _replaced(columns[place], before, after, by, start, place, raw, changed)
                for i, (name, a, b) in enumerate(proposal.exchanges):
                    _exchange(columns, batch.column(width + i), name, a, b, start, raw, changed)
                writer.write_table(pa.Table.from_arrays(columns, schema=schema), row_group_size=_ROWS)
                cells += sorted(changed, key=lambda c: (c.record, c.place))
                start += batch.num_rows
    finally:
        cursor.close()
    renamed = tuple(
        replace(c, name=proposal.labels[i], label=proposal.labels[i]) if i in proposal.labels else c
        for i, c in enumerate(raw.columns)
    )
    return replace(raw, columns=renamed, scan=ParquetScan(out)), tuple(_merged(cells))


def _maps(proposal: Proposal) -> Mapping[int, tuple[pa.Array, pa.Array, Sequence[tuple[str, ...]]]]:
    by_place: defaultdict[int, list[Change]] = defaultdict(list)
    for change in proposal.changes:
        by_place[change.place].append(change)
    return {
        place: (
            pa.array([c.before for c in changes], pa.string()),
            pa.array([c.after for c in changes], pa.string()),
            [c.repairs for c in changes],
        )
        for place, changes in sorted(by_place.items())
    }


def _replaced(
    column: pa.Array,
    before: pa.Array,
    after: pa.Array,
    by: Sequence[tuple[str, ...]],
    start: int,
    place: int,
    raw: RawTable,
    changed: list[Cell],
) -> pa.Array:
    """The column with its texts exchanged, and what changed noted."""
    index = pc.index_in(column, value_set=before)
    at = np.flatnonzero(pc.is_valid(index).to_numpy(zero_copy_only=False))
    if not len(at):
        return column
    which = index.take(pa.array(at)).to_numpy(zero_copy_only=False).astype(int)
    name = raw.columns[place].name
    changed += (
        Cell(start + int(i) + 1, place, name, before[int(w)].as_py(), after[int(w)].as_py(), by[int(w)])
        for i, w in zip(at, which, strict=True)
    )
    return pc.coalesce(after.take(index), column)


def _exchange(
    columns: list[pa.Array],
    flags: pa.Array,
    name: str,
    a: int,
    b: int,
    start: int,
    raw: RawTable,
    changed: list[Cell],
) -> None:
    """Exchange the cells of two columns where the flag is up."""
    flags = pc.fill_null(flags, False)
    at = np.flatnonzero(flags.to_numpy(zero_copy_only=False))
    if not len(at):
        return
    one, other = columns[a], columns[b]
    for i in at:
        row = int(i)
        for place, was, now in ((a, one, other), (b, other, one)):
            changed.append(
                Cell(
                    start + row + 1,
                    place,
                    raw.columns[place].name,
                    str(was[row].as_py()),
                    str(now[row].as_py()),
                    (name,),
                )
            )
    columns[a], columns[b] = pc.if_else(flags, other, one), pc.if_else(flags, one, other)


def _merged(cells: Sequence[Cell]) -> Iterator[Cell]:
    """A cell that was mended twice (its text, then its place) is one change: from what the file says to what
    it becomes.
    """
    last: dict[tuple[int, int], Cell] = {}
    for cell in cells:
        key = (cell.record, cell.place)
        held = last.get(key)
        last[key] = (
            cell
            if held is None
            else replace(cell, before=held.before, repairs=(*held.repairs, *cell.repairs))
        )
    yield from (c for c in last.values() if c.before != c.after)
