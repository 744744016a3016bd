"""One pass of Polars over a clean text file, that lets through only the records that may be wrong; DuckDB,
the reference, judges those.

Nearly all records of a usual file are right, and can be seen to be right cheaply. Each column gets one
question, made of all its rules: the conditions of the declarations, translated, on quick readings of its
cells. What the sieve lets through in vain costs time, never a verdict; so both compilers give one answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from io import BytesIO
from operator import and_
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypedDict, Unpack

import polars as pl
from polars.exceptions import ComputeError, SchemaError
from sqlglot.expressions.core import Expr

from parvis.checks.condition_scan import Hits, few_query, repeats, scan, scan_few
from parvis.checks.declaration import Cell, called
from parvis.checks.layout import RECORD, Layout, compared, has_value
from parvis.checks.polars_casts import reading
from parvis.checks.polars_conditions import (
    Iso,
    Scope,
    Untranslatable,
    Value,
    columns,
    conjunction,
    disjunction,
    negation,
    null,
    one_of,
    translate,
    truth,
)
from parvis.checks.rule_bits import Rule
from parvis.checks.table_schema import missing
from parvis.core.reading import CsvScan, ParquetScan
from parvis.core.types import Column

if TYPE_CHECKING:
    import duckdb

PART = 100_000
"""Suspects that are held in memory before they go to a file of the spool."""

BATCHES = 8
"""Batches whose texts are kept for the suspects in them, until those get texts of their own."""

DOUBLED = 50_000
"""Records with a doubled key that are looked up one by one; for more, the reference goes through all keys."""


class _More(TypedDict, total=False):
    row_index_name: str
    row_index_offset: int


@dataclass(frozen=True, slots=True)
class Prefilter:
    """What one pass asks of every record."""

    readings: Mapping[str, pl.Expr]
    """The typed values, computed once: the engine computes a repeated expression each time."""
    suspect: pl.Expr
    """It may be wrong."""
    keys: tuple[pl.Expr, ...]
    """The hash of each key, NULL where the whole key is missing."""
    unsure: pl.Expr
    """Some key stands in it that no quick reading knows."""


class Proof(Protocol):
    """What must be seen of a file that nobody read to the end, so that its scan may be trusted."""

    @property
    def longest(self) -> int:
        """Bytes that a record may have."""
        ...

    @property
    def header(self) -> tuple[str, ...]:
        """Cells of the header: a record that begins like it is for the reader."""
        ...

    @property
    def start(self) -> int:
        """Where the first record begins."""
        ...

    @property
    def line_end(self) -> int:
        """Bytes of a line end."""
        ...

    @property
    def content(self) -> Callable[[], bytes] | None:
        """The bytes of the file, where somebody has brought them: the engine reads them a fifth sooner."""
        ...

    def plain(self) -> bool: ...

    def holds(self, records: int, cells: int) -> bool: ...


@dataclass(frozen=True, slots=True)
class Caught:
    """What one pass let through. suspects: how many were written; doubled: finds, for each key, the records
    that share its hash with another, None when they are too many or some key was not known.
    """

    records: int
    suspects: int
    doubled: Callable[[], tuple[pl.DataFrame | None, ...]]


@dataclass(frozen=True, slots=True)
class Sifted:
    """The hits of every rule and of every key, and the number of records."""

    records: int
    rules: list[Hits]
    keys: list[Hits]


def sift(
    judge: Callable[[], duckdb.DuckDBPyConnection | None],
    layout: Layout,
    rules: Sequence[Rule],
    keys: Sequence[Sequence[Cell]],
    limit: int,
    spool: Path,
    proof: Proof | None = None,
) -> Sifted | None:
    """Hold every record to the rules and the keys; None when the file is not one for the sieve.

    judge: called once, while the other engine works; None when the reference does not take some rule. spool:
    a folder where what is let through may be written. proof: None when the reader has seen every record.
    """
    scanned = layout.raw.scan
    if not isinstance(scanned, CsvScan) or (proof is None and not layout.raw.rows):
        return None
    prefilter, easy = plan(layout, rules, keys)
    # What the sieve can't ask is asked of all records by the reference; a rule that silences others is needed
    # on both sides.
    silent = {i for i, rule in enumerate(rules) if rule.check.silences}
    hard = set(range(len(rules))) - easy
    places = sorted(easy | silent)
    open_rules = [rules[i] for i in places]
    suspects = _cut(layout, spool / "suspects" / "*.parquet")
    with ThreadPoolExecutor(1) as beside:
        passing = beside.submit(_passed, layout, scanned, prefilter, spool / "suspects", proof)
        con = (
            judge()
        )  # loading the reference and writing its query take 0.1 s, and hardly any file needs no judge
        query = few_query(suspects, open_rules) if open_rules else ""
        caught = passing.result()
        if caught is None or con is None:
            return None
        doubling = beside.submit(caught.doubled)
        hits_by_place = dict.fromkeys(places, Hits(0))
        if open_rules and caught.suspects:
            hits = (
                scan_few(con, query, open_rules, limit)
                if caught.suspects <= _FEW
                else scan(con, suspects, open_rules, limit)
            )
            hits_by_place = dict(zip(places, hits, strict=True))
        twice = doubling.result()
    if hard:
        places = sorted(hard | silent)
        hits_by_place |= dict(zip(places, scan(con, layout, [rules[i] for i in places], limit), strict=True))
    again: list[Hits] = []
    for i, (parts, doubled) in enumerate(zip(keys, twice, strict=True)):
        if doubled is None:
            again.append(repeats(con, layout, parts, limit))
        elif len(doubled):
            path = spool / f"key{i}.parquet"
            _write(doubled, path)
            again.append(repeats(con, _cut(layout, path), parts, limit))
        else:
            again.append(Hits(0))
    return Sifted(caught.records, [hits_by_place[i] for i in range(len(rules))], again)


def plan(layout: Layout, rules: Sequence[Rule], keys: Sequence[Sequence[Cell]]) -> tuple[Prefilter, set[int]]:
    """The questions of one pass, and the rule of each; the others have no translation."""
    cells = {
        layout.places[c.name]: _Cell(layout, c, layout.places[c.name])
        for c in layout.schema.columns
        if c.name in layout.places
    }
    easy: set[int] = set()
    together: list[Value] = []
    for i, rule in enumerate(rules):
        names = columns(rule.wrong)
        try:
            places = _places(names)
            alone = cells.get(next(iter(places))) if len(places) == 1 else None
            if alone is not None:
                alone.ask(rule.wrong, names)
            else:
                together.append(translate(rule.wrong, _row(cells, names)))
        except Untranslatable:
            continue
        easy.add(i)
        for place in (int(name[1:]) for name in names if name.startswith("t")):
            cells[place].read = True
    suspect = disjunction([*(cell.verdict() for cell in cells.values()), *together])
    values = [[cells[layout.places[part.column.name]].part() for part in parts] for parts in keys]
    unsure = disjunction([doubt for parts in values for _, doubt in parts])
    readings = {f"t{cell.place}": cell.reading for cell in cells.values() if cell.reading is not None}
    readings |= {f"m{cell.place}": cell.absent for cell in cells.values() if cell.absent is not None}
    return Prefilter(
        readings,
        truth(suspect),
        tuple(_hash([value for value, _ in parts]) for parts in values),
        truth(unsure),
    ), easy


def _places(names: Collection[str]) -> set[int]:
    """Positions of the columns that conditions name c0, x0, t0… Raises Untranslatable for any other name."""
    if not all(re.fullmatch("[cxt][0-9]+", name) for name in names):
        raise Untranslatable("a column that is no cell")
    return {int(name[1:]) for name in names}


class _Cell:
    """The question that all rules of one column together ask of its cell, while it is being put together."""

    def __init__(self, layout: Layout, column: Column, place: int) -> None:
        self.place, self.column = place, column
        self.text = pl.col(f"c{place}")
        absent = missing(column.options, layout.schema)
        self.absent = one_of(self.text, absent) if absent else None
        """How it is told that the cell is missing: each rule and each key asks that again."""
        self.missing: pl.Expr | bool = False if self.absent is None else pl.col(f"m{place}")
        self.valued = compared(layout, column)
        self.typed = has_value(layout, column)
        self.reading: pl.Expr | None = None
        """How the typed value is computed, once somebody asked for it."""
        self.read = False
        """A rule stands on the typed value: where no quick reading knows it, the record is suspect."""
        self.conditions: list[Value] = []
        self.lacking = False
        """Some rule wants a value."""

    @cached_property
    def value(self) -> Value:
        """The typed value of a cell that is there, as the column that the sieve computes. Raises
        Untranslatable.
        """
        if not self.typed:
            return self.text
        value, name = reading(self.column, self.text, valued=self.valued), pl.col(f"t{self.place}")
        if isinstance(value, Iso):
            self.reading = value.text
            return Iso(name, value.form)
        self.reading = value if isinstance(value, pl.Expr) else pl.lit(value)
        return name

    def unread(self) -> Value:
        """No quick reading knows the cell."""
        return disjunction(
            [
                null(self.value),
                pl.col(f"t{self.place}").is_nan() if called(self.column) == "number" else False,
            ]
        )

    def scope(self, names: Collection[str], text: Value, value: Callable[[], Value]) -> dict[str, Value]:
        return {
            name: value() if name.startswith("t") else text if name.startswith("x") else self.text
            for name in names
        }

    def ask(self, wrong: Expr, names: Collection[str]) -> None:
        """Add the condition of a rule. Raises Untranslatable."""
        here = translate(
            wrong, Scope(self.scope(names, self.text, lambda: self.value), {f"x{self.place}": False})
        )
        gone = translate(wrong, Scope(self.scope(names, None, lambda: None)))
        if isinstance(gone, pl.Expr):
            raise Untranslatable("a condition on the raw cell")
        self.conditions.append(here)
        self.lacking = self.lacking or gone is True

    def verdict(self) -> Value:
        """The cell is wrong, or not known to be right."""
        wrong = disjunction([*self.conditions, self.unread() if self.read and self.typed else False])
        return (
            disjunction([self.missing, wrong])
            if self.lacking
            else conjunction([negation(self.missing), wrong])
        )

    def part(self) -> tuple[Value, Value]:
        """Its value in a key, NULL when missing; and where it is there and not known."""
        try:
            value = self.value
        except Untranslatable:
            return None, True
        return self.given(value), conjunction(
            [negation(self.missing), self.unread()]
        ) if self.typed else False

    def given(self, value: Value) -> Value:
        """The value, NULL where the cell is missing."""
        if self.missing is False:
            return value
        there = pl.when(truth(negation(self.missing)))
        return Iso(there.then(value.text), value.form) if isinstance(value, Iso) else there.then(value)


def _row(cells: Mapping[int, _Cell], names: Collection[str]) -> Scope:
    """The expressions of the columns of a condition over the whole row. Raises Untranslatable."""
    values: dict[str, Value] = {}
    for name in names:
        cell = cells.get(int(name[1:]))
        if cell is None:
            values[name] = pl.col(name)
        else:
            values |= cell.scope((name,), cell.given(cell.text), lambda cell=cell: cell.given(cell.value))
    return Scope(values, {f"x{place}": cell.missing for place, cell in cells.items()})


def _hash(parts: Sequence[Value]) -> pl.Expr:
    """One number for a key, NULL when all of it is missing: equal keys have equal numbers, and nearly all
    others differ.
    """
    values = [
        part.text if isinstance(part, Iso) else part if isinstance(part, pl.Expr) else pl.lit(part)
        for part in parts
    ]
    whole = values[0] if len(values) == 1 else pl.struct(v.alias(f"k{i}") for i, v in enumerate(values))
    return pl.when(~pl.all_horizontal(v.is_null() for v in values)).then(whole.hash())


def _file(layout: Layout, scan: CsvScan, content: bytes | None = None, **more: Unpack[_More]) -> pl.LazyFrame:
    texts = {f"c{i}": pl.String for i in range(len(layout.raw.columns))}
    return pl.scan_csv(
        content or scan.path,
        separator=scan.separator,
        quote_char=scan.quote or None,
        has_header=False,
        skip_lines=scan.skip,
        schema=texts,
        empty_string_is_null=False,
        glob=False,
        **more,
    )


def _passed(
    layout: Layout, scanned: CsvScan, prefilter: Prefilter, folder: Path, proof: Proof | None
) -> Caught | None:
    """The one pass; suspects are written to files of the folder. None when this engine reads the file
    otherwise than the reader, or when the proof fails.
    """
    texts = [f"c{i}" for i in range(len(layout.raw.columns))]
    raw = [RECORD, *texts]
    suspect = prefilter.suspect
    expressions = {_UNSURE: prefilter.unsure, **{f"h{i}": key for i, key in enumerate(prefilter.keys)}}
    if proof is not None:
        expressions[_BYTES] = pl.sum_horizontal(pl.col(c).str.len_bytes() for c in texts)
        expressions[_AGAIN] = reduce(
            and_, [pl.col(c) == label for c, label in zip(texts[:2], proof.header, strict=False)]
        )
        suspect = suspect | expressions[_AGAIN]
    held: list[pl.DataFrame] = []
    fresh: list[pl.DataFrame] = []
    keyed: dict[str, list[pl.Series]] = {name: [] for name in expressions if name not in (_UNSURE, _AGAIN)}
    seen = kept_rows = cells = 0
    unsure = False
    try:
        content = proof.content() if proof is not None and proof.content is not None else None
        sieved = (
            _file(layout, scanned, content)
            .with_columns(**prefilter.readings)
            .select(*texts, suspect.alias(_SUSPECT), **expressions)
        )
        batches = sieved.collect_batches(engine="streaming", maintain_order=True)
        if proof is not None and not proof.plain():  # looked at while the engine works
            return None
        for batch in batches:  # few calls a batch: each takes as long as reading a thousand records
            mask = batch[_SUSPECT]
            if mask.any():
                caught = batch.with_row_index(RECORD, seen + 1).filter(mask)
                if proof is not None and caught[_AGAIN].any():
                    return None
                fresh.append(caught.select(raw))
                kept_rows += len(caught)
                if len(fresh) == BATCHES:
                    held.append(_own(pl.concat(fresh)))
                    fresh.clear()
                if sum(map(len, held)) >= PART:
                    _write(pl.concat(held), folder / f"{kept_rows}.parquet")
                    held.clear()
            seen += len(batch)
            if proof is not None:
                size = batch[_BYTES]
                cells += int(size.sum())
                if (
                    _least(size, proof.longest - len(texts)) <= _BLANK
                    and batch.filter(size <= _BLANK).select(_blank(texts)).item()
                ):
                    return None
            unsure = unsure or bool(batch[_UNSURE].any())
            for name, series in keyed.items():
                series.append(batch[name])
    except (ComputeError, SchemaError):  # quotes or widths that this engine does not take: the reference does
        return None
    if not seen or (seen != layout.raw.rows if proof is None else not proof.holds(seen, cells)):
        return None
    if held or fresh:
        _write(pl.concat([*held, *fresh]), folder / f"{kept_rows}.last.parquet")
    if unsure:
        return Caught(seen, kept_rows, lambda: (None,) * len(prefilter.keys))
    every = {name: pl.concat(series) for name, series in keyed.items()}

    def brought(wanted: pl.Series) -> pl.DataFrame | None:
        if len(wanted) > DOUBLED:
            return None
        return (
            _records(layout, scanned, wanted)
            if proof is None
            else _lines(scanned, proof, texts, every[_BYTES], wanted)
        )

    return Caught(
        seen, kept_rows, lambda: tuple(brought(_doubled(every[f"h{i}"])) for i in range(len(prefilter.keys)))
    )


def _own(records: pl.DataFrame) -> pl.DataFrame:
    """The same records with texts of their own: a filtered frame keeps the texts of its whole batch in
    memory.
    """
    out = BytesIO()
    records.write_ipc_stream(out)
    return pl.read_ipc_stream(out.getvalue())


def _least(sizes: pl.Series, most: int) -> int:
    """The fewest bytes of a record, 0 when another has more than the reader allows."""
    least, largest = sizes.min(), sizes.max()
    return least if isinstance(least, int) and isinstance(largest, int) and largest <= most else 0


def _blank(texts: Sequence[str]) -> pl.Expr:
    """Some record holds nothing but spaces: the reader leaves such records out."""
    return (pl.concat_str(texts).str.strip_chars(" \t\r\n\x1a") == "").any()


def _doubled(hashes: pl.Series) -> pl.Series:
    """The records, from 1, whose hash another one has."""
    ordered = hashes.drop_nulls().sort()
    twice = ordered.filter(ordered == ordered.shift(1)).unique()
    return hashes.is_in(twice.implode()).arg_true() + 1 if len(twice) else pl.Series(dtype=pl.UInt32)


def _records(layout: Layout, scanned: CsvScan, wanted: pl.Series) -> pl.DataFrame:
    """Those records, by a second pass when there are any."""
    every = _file(layout, scanned, row_index_name=RECORD, row_index_offset=1)
    return (
        every.filter(pl.col(RECORD).is_in(wanted.implode())).collect(engine="streaming")
        if len(wanted)
        else every.head(0).collect()
    )


def _lines(
    scanned: CsvScan, proof: Proof, texts: Sequence[str], sizes: pl.Series, wanted: pl.Series
) -> pl.DataFrame:
    """Those records, from where they must lie in a file of the form that was proved: no quotes, so many bytes
    in the cells of each record before.
    """
    if not len(wanted):
        return pl.DataFrame(schema={RECORD: pl.UInt32, **dict.fromkeys(texts, pl.String)})
    between = len(texts) - 1
    places = wanted - 1
    records: list[tuple[str, ...]] = []
    with scanned.path.open("rb") as file:
        ends = sizes.cast(pl.UInt64).cum_sum().gather(places).to_list()
        for place, size, end in zip(places.to_list(), sizes.gather(places).to_list(), ends, strict=True):
            file.seek(proof.start + end - size + place * (between + proof.line_end))
            records.append(tuple(file.read(size + between).decode("utf-8").split(scanned.separator)))
    return pl.DataFrame(records, schema=dict.fromkeys(texts, pl.String), orient="row").with_columns(
        wanted.alias(RECORD)
    )


def _cut(layout: Layout, path: Path) -> Layout:
    """The same table, cut down to the records of a file."""
    return replace(layout, raw=replace(layout.raw, scan=ParquetScan(path)), cut=True)


def _write(records: pl.DataFrame, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    records.write_parquet(path, compression="uncompressed")


_SUSPECT, _UNSURE, _BYTES, _AGAIN = "suspect", "unsure", "bytes", "again"

_BLANK = 8
"""Bytes of cells up to which the reader, too, takes a record for a blank one."""

_FEW = 20_000
"""Suspects that one query judges and brings."""
