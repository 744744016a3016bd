"""What has a form of its own, in every cell of a table: one scan for the hints of all detectors, then a
closer look at the columns that bear any.

One scan counts, in every column, the cells that bear the hint of some detector (the hints are two patterns).
Only columns that have any are looked at closely, and each such cell only by the detectors whose hint it
bears. Check digits pass by luck, so hits are counted beside the number of tries.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from sqlglot import exp, parse_one
from sqlglot.expressions.core import Expr

from parvis.core.types import RAW_PREFIX, Column, Schema
from parvis.privacy.cells import ROWS, aliased, call, cell_of, literal, matches, record_of, rows_of
from parvis.privacy.declaration import Detector
from parvis.privacy.headers import spoken

MANY = 50_000
"""Cells from which a column is looked at value by value."""

AGAIN = 5
"""Times that each value of a column stands on average for it to be looked at value by value from the start.
"""

_SPACES = "\t\n\r\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u205f\u3000"
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
_UNSEEN = (
    (0xAD, 0xAD), (0x300, 0x36F), (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x200B, 0x200F), (0x202A, 0x202E),
    (0x2060, 0x206F), (0x20D0, 0x20F0), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0x1D173, 0x1D17A),
    (0xE0000, 0xE0FFF),
)  # fmt: skip
"""What nobody sees (Default_Ignorable_Code_Point of the Unicode Character Database), and marks that stand on, under or
around the sign before them.
"""
_DIGITS = {sign: str(unicodedata.digit(sign)) for sign in map(chr, range(0x80, 0x1FC00)) if sign.isdigit()}
"""Digits of other scripts, raised, sunk and encircled ones: what Unicode gives the value of a digit."""
_MEANT: Mapping[str, str] = (
    _DIGITS
    | {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if not 0xFF10 <= code <= 0xFF19}
    | dict.fromkeys(_SPACES, " ")
    | dict.fromkeys(_DASHES, "-")
    | {chr(code): "" for first, last in _UNSEEN for code in range(first, last + 1)}
)
"""Digits of other scripts, full-width signs, spaces and dashes of typesetters, and what they mean; signs that
nobody sees mean nothing.
"""
_MEANING = str.maketrans(dict(_MEANT))
_OTHER_SIGN = "[^\\x20-\\x7E\\x{A1}-\\x{AC}\\x{AE}-\\x{B1}\\x{B4}-\\x{B8}\\x{BA}-\\x{17F}]"
"""RE2: a sign that no keyboard of ours has."""
_RAISED = "\\x{B2}\\x{B3}\\x{B9}\\x{2070}-\\x{2079}\\x{2080}-\\x{2089}\\x{2460}-\\x{249B}\\x{24EA}-\\x{24FF}\\x{2776}-\\x{2793}\\x{1F100}-\\x{1F10A}"

DISGUISED = (
    "[\\x{FF01}-\\x{FF5E}\\x{660}-\\x{669}\\x{6F0}-\\x{6F9}\\x{7C0}-\\x{7C9}\\x{966}-\\x{96F}\\x{1D7CE}-\\x{1D7FF}\\x{2000}-\\x{200F}\\x{205F}"
    "\\x{3000}\\x{3164}\\x{FFA0}\\x{AD}\\x{34F}\\x{61C}\\x{115F}\\x{1160}\\x{180B}-\\x{180F}\\x{202A}-\\x{202E}\\x{2060}-\\x{206F}\\x{FEFF}\\x{E0000}-\\x{E0FFF}"
    "\\x{2010}-\\x{2012}\\x{2212}]|[0-9][\\t\\r\\n\\x{300}-\\x{36F}\\x{20D0}-\\x{20F0}\\x{FE00}-\\x{FE0F}]|[0-9] ?[\\x{2013}-\\x{2015}] ?[0-9]"
    f"|[{_RAISED}]{{2}}|[\\x{{9E6}}-\\x{{1CC9}}\\x{{A620}}-\\x{{ABF9}}\\x{{104A0}}-\\x{{11FFF}}\\x{{1E140}}-\\x{{1E95F}}\\x{{1FBF0}}-\\x{{1FBF9}}]"
)
"""RE2: a cell in which some digit, letter or gap may be written so that no pattern of plain signs sees it. Raised digits
count from two in a row: one is the square of a metre.
"""

WIDE, SHORT = 600, 50_000
"""Columns past which, and rows up to which, a table is read so many columns at a time before the engine sees them:
for each query it would look at the names of all of them.
"""
SLICE = "columns_of_a_wide_table"
TOGETHER = 100
"""Columns whose hints are counted in one scan: a pattern for each, and DuckDB holds a vector for each."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What one detector saw in one column. hits: candidates whose check holds; whole: those that fill their
    cell; first: (record, candidate).
    """

    cells: int
    tries: int
    hits: int
    whole: int
    harmless: int
    named: int
    first: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A column of the file to look into. physical: its name there; numeric: its cells are numbers; mine: what
    is sought in it.

    prior: names of the detectors that the header speaks for; again: its values are known to come again, and
    again.
    """

    column: Column
    physical: str
    numeric: bool
    mine: tuple[Detector, ...]
    prior: frozenset[str]
    again: bool = False
    sign: str = ""
    """RE2 pattern whose cells are counted beside: what sentences about somebody bear. Empty: not counted."""

    @property
    def hints(self) -> tuple[str, ...]:
        """Patterns of which every cell of interest bears one; none when each cell is of interest. Hints of
        figures are apart and accept any digit (`any_digit`): RE2 walks a pattern as an automaton whose states it
        makes as it needs them, and a long run of digits in which each may begin another number needs thousands.
        It then forgets and makes them anew, 15 µs a SIRET where .1 is enough.
        """
        if not all(d.hint for d in self.mine):
            return ()
        hints = [any_digit(d.hint) for d in self.mine]
        named = (f"^(?:{d.named})$" for d in self.mine if d.named and d.name in self.prior)
        figures = [f"(?:{h})" for h in hints if h.startswith(_DIGIT)]
        others = [f"(?:{h})" for h in hints if not h.startswith(_DIGIT)]
        others += [*named, *(() if self.numeric else (DISGUISED,))]
        return tuple("|".join(part) for part in (figures, others) if part)


_DIGIT = "[0-9]"


def any_digit(hint: str) -> str:
    """A pattern with every digit wherever it wants some of them: wider, and of fewer states.

    >>> any_digit("[12][0-9]{2}[01][0-9][0-9A]")
    '[0-9][0-9]{2}[0-9][0-9][0-9A]'
    """
    return re.sub(r"\[[0-9](?:-?[0-9])*\]", _DIGIT, hint)


def _bears(cell: Expr, hints: Sequence[str]) -> Expr:
    return exp.or_(*(matches(cell.copy(), hint) for hint in hints))


def places(
    schema: Schema, every: Sequence[Detector], again: Collection[str], signs: Mapping[str, str] | None = None
) -> list[Place]:
    """Where there is something to seek: texts, what did not fit a type, and numbers for what a spreadsheet
    makes numbers of. signs: by column.
    """
    places: list[Place] = []
    for column in schema.columns:
        for physical in (column.name, *((RAW_PREFIX + column.name,) if column.name in schema.raw else ())):
            text = physical != column.name or column.type in ("text", "json", "array", "time")
            if not text and column.type not in ("integer", "number"):
                continue
            header = spoken(column.name)
            prior = frozenset(d.name for d in every if d.headers and re.search(d.headers, header))
            fit = (
                d
                for d in every
                if (text or d.numbers or (d.named and d.name in prior))
                and not (d.aside and re.search(d.aside, header))
            )
            mine = tuple(d for d in fit if not d.told_by_header or d.name in prior)
            if mine:
                places.append(
                    Place(
                        column,
                        physical,
                        not text,
                        mine,
                        prior,
                        text and physical in again,
                        (signs or {}).get(physical, ""),
                    )
                )
    return places


def _sql(text: str, **columns: Expr) -> Expr:
    """A declaration's SQL with its letters replaced by columns."""
    return parse_one(text, dialect="duckdb").transform(
        lambda n: columns[n.name].copy() if isinstance(n, exp.Column) and n.name in columns else n
    )


_TEMPORARY = exp.Properties(expressions=[exp.TemporaryProperty()])


def _cell(place: Place) -> Expr:
    """A cell as text; of numbers only whole ones of 11 to 16 digits, as a code would have, of 9 under a
    header that names one.
    """
    column = cell_of(place.physical)
    if not place.numeric:
        return exp.cast(column, "VARCHAR")
    plain = exp.TryCast(this=column.copy(), to=exp.DataType.build("BIGINT"))
    whole = exp.EQ(this=plain.copy(), expression=column.copy())
    return exp.Case(ifs=[exp.If(this=exp.and_(_long(column, place), whole), true=exp.cast(plain, "VARCHAR"))])


def _long(number: Expr, place: Place) -> Expr:
    least = 10**8 if any(d.named and d.name in place.prior for d in place.mine) else 10**10
    return exp.Between(this=number.copy(), low=exp.Literal.number(least), high=exp.Literal.number(10**16))


def marked(
    con: duckdb.DuckDBPyConnection, paths: Sequence[Path], places: Sequence[Place]
) -> list[tuple[int, int, int]]:
    """For each place: cells filled, those that bear a hint, those that bear its sign."""
    counts: dict[int, tuple[int, int, int]] = {}
    alone = [i for i, place in enumerate(places) if not place.again]
    files = _opened(paths) if len(alone) > WIDE else ()
    for start in range(0, len(alone), TOGETHER):
        together = alone[start : start + TOGETHER]
        source: Expr = rows_of(paths)
        if files:
            names = list(dict.fromkeys(places[i].physical for i in together))
            con.register(SLICE, pa.concat_tables([file.read(columns=names) for file in files]))
            source = exp.to_table(SLICE)
        sums = [count for i in together for count in _marks(places[i])]
        row = con.execute(exp.select(*sums).from_(source).sql("duckdb")).fetchone() or ()
        counts |= dict(zip(together, zip(row[::3], row[1::3], row[2::3], strict=True), strict=True))
    if files:
        con.unregister(SLICE)
    for i, place in enumerate(places):
        if place.again:
            counts[i] = _marked_values(con, paths, place)
    return [counts[i] for i in range(len(places))]


def _opened(paths: Sequence[Path]) -> Sequence[pq.ParquetFile]:
    """The files, to be read so many columns at a time; none when they are too long for that."""
    files = [pq.ParquetFile(path) for path in paths]
    return files if sum(file.metadata.num_rows for file in files) <= SHORT else ()


def _marked_values(
    con: duckdb.DuckDBPyConnection, paths: Sequence[Path], place: Place
) -> tuple[int, int, int]:
    """The same of one place, by the values that it holds."""
    value, weight = exp.column("v"), exp.Sum(this=exp.column("n"))
    filled = exp.Not(this=exp.Is(this=value, expression=exp.null()))
    hinted = _bears(value, place.hints) if place.hints else filled.copy()
    signed = matches(value.copy(), place.sign) if place.sign else exp.false()
    values = (
        exp.select(aliased(_cell(place), "v"), aliased(exp.Count(this=exp.Star()), "n"))
        .from_(rows_of(paths))
        .group_by("1")
    )
    sums = (exp.Filter(this=weight.copy(), expression=exp.Where(this=w)) for w in (filled, hinted, signed))
    row = con.execute(
        exp.select(*(call("coalesce", s, exp.Literal.number(0)) for s in sums))
        .from_(values.subquery("v"))
        .sql("duckdb")
    ).fetchone()
    return (int(row[0]), int(row[1]), int(row[2])) if row else (0, 0, 0)


def _marks(place: Place) -> tuple[Expr, Expr, Expr]:
    """The three counts of a place. A cell is measured first (CASE is lazy): most are too short to hold
    anything.
    """
    column = cell_of(place.physical)
    filled = exp.Count(this=column.copy())
    nothing = exp.Literal.number(0)
    if place.numeric:
        return filled, exp.CountIf(this=_long(column, place)), nothing
    cell = _cell(place)
    signed = exp.CountIf(this=matches(cell.copy(), place.sign)) if place.sign else nothing
    if not place.hints:
        return filled, filled.copy(), signed
    lengthy = exp.GTE(
        this=call("strlen", cell.copy()), expression=exp.Literal.number(min(d.shortest for d in place.mine))
    )
    return (
        filled,
        exp.CountIf(this=exp.Case(ifs=[exp.If(this=lengthy, true=_bears(cell, place.hints))])),
        signed,
    )


@lru_cache(maxsize=512)
def _tally(mine: tuple[Detector, ...], prior: frozenset[str], hints: tuple[str, ...], signs: str) -> str:
    """The query that counts, over the view `looked_at` (r, v, n: a value, how often it stands, its first
    record), what each detector sees: six cells a detector. It is the same for every column, so it is written
    once: building it costs more than running it on a small table.
    """
    close = exp.select("r", aliased(_plain(exp.column("v"), signs), "v"), "n").from_("looked_at")
    if hints:
        close = close.where(_bears(exp.column("v"), hints))
    level = exp.select("r", "v", "n", *(aliased(_candidate(d), f"c{i}") for i, d in enumerate(mine))).from_(
        close.subquery("close")
    )
    plain = (
        call("regexp_replace", cell_of(f"c{i}"), literal("[^\\p{L}0-9]"), literal(""), literal("g"))
        for i in range(len(mine))
    )
    bare = [aliased(call("upper", each), f"d{i}") for i, each in enumerate(plain)]
    level = exp.select("*", *bare).from_(level.subquery("candidates"))
    verdicts: list[Expr] = []
    for i, d in enumerate(mine):
        some = exp.NEQ(this=cell_of(f"c{i}"), expression=literal(""))
        sure = exp.Case(
            ifs=[
                exp.If(
                    this=some,
                    true=_sql(d.sure, d=cell_of(f"d{i}"), v=cell_of(f"c{i}")) if d.sure else exp.true(),
                )
            ],
            default=exp.false(),
        )
        verdicts.append(aliased(call("coalesce", sure, exp.false()), f"s{i}"))
    level = exp.select("*", *verdicts).from_(level.subquery("bare"))
    out: list[Expr] = []
    for i, d in enumerate(mine):
        hit, some = cell_of(f"s{i}"), exp.NEQ(this=cell_of(f"c{i}"), expression=literal(""))
        tried = exp.or_(some, _sql(d.like, v=exp.column("v"))) if d.like else some
        fills = exp.EQ(this=call("trim", exp.column("v")), expression=cell_of(f"c{i}"))
        harmless = _sql(d.harmless, d=cell_of(f"d{i}"), v=cell_of(f"c{i}")) if d.harmless else exp.false()
        named = matches(exp.column("v"), d.named, whole=True) if d.named and d.name in prior else exp.false()
        conditions = (tried, hit, exp.and_(hit, fills), exp.and_(hit, harmless), named)
        weighed = [
            exp.Filter(this=exp.Sum(this=exp.column("n")), expression=exp.Where(this=c.copy()))
            for c in conditions
        ]
        out += [call("coalesce", w, exp.Literal.number(0)) for w in weighed]
        pair = call("list_value", exp.cast(exp.column("r"), "VARCHAR"), cell_of(f"c{i}"))
        first = call("arg_min", pair, exp.column("r"), exp.Literal.number(ROWS))
        out.append(exp.Filter(this=first, expression=exp.Where(this=hit.copy())))
    return exp.select(*out).from_(level.subquery("verdicts")).sql("duckdb")


def plain_text(text: str) -> str:
    """A text with the signs that a keyboard has: what is disguised is read as it is meant.

    >>> plain_text("０６ ①②\u200b③"), plain_text("06 12")
    ('06 123', '06 12')
    """
    return text if text.isascii() and text.isprintable() else text.translate(_MEANING)


def _plain(cell: Expr, signs: str) -> Expr:
    """The same of a cell, of which these signs are disguised ones."""
    if not signs:
        return cell
    seen = [s for s in signs if _MEANT[s]]
    written = "".join((*seen, *(s for s in signs if not _MEANT[s])))
    # the engine reads the whole list for each cell: it has those of the column only
    meant = call("translate", cell.copy(), literal(written), literal("".join(_MEANT[s] for s in seen)))
    return exp.Case(ifs=[exp.If(this=matches(cell.copy(), DISGUISED), true=meant)], default=cell)


def _signs(con: duckdb.DuckDBPyConnection) -> str:
    """The disguised signs of the view `looked_at`."""
    each = call("regexp_extract_all", exp.column("v"), literal(_OTHER_SIGN))
    source = exp.select(aliased(call("unnest", each), "s")).from_("looked_at")
    query = exp.select("s").distinct().from_(source.where(matches(exp.column("v"), DISGUISED)).subquery("s"))
    return "".join(sorted(s for (s,) in con.execute(query.sql("duckdb")).fetchall() if s in _MEANT))


def _candidate(detector: Detector) -> Expr:
    """What a detector takes out of a cell, "" when nothing; only a cell that bears its own hint is read."""
    cell = exp.column("v")
    taken = call("regexp_extract", cell, literal(detector.within), exp.Literal.number(1))
    if not detector.hint:
        return taken
    return exp.Case(ifs=[exp.If(this=matches(cell.copy(), detector.hint), true=taken)], default=literal(""))


def look(
    con: duckdb.DuckDBPyConnection, paths: Sequence[Path], place: Place, filled: int
) -> list[tuple[Detector, Seen]]:
    """Look closely at one column for all that is sought in it; a detector that can't see anything there is
    left out. filled: its cells that are not empty.
    """
    base = exp.select(aliased(record_of(paths, con), "r"), aliased(_cell(place), "v")).from_(rows_of(paths))
    _set_out(con, base, place, once=filled > MANY)
    mine, signs = _borne(con, place, every=not (place.again or filled <= MANY))
    row = _counted(con, place, mine, signs)
    if filled > MANY and any(len(row[6 * i + 5] or ()) < min(ROWS, row[6 * i + 1]) for i in range(len(mine))):
        _set_out(con, base, place, once=False)  # few values, each often: name the records themselves
        row = _counted(con, place, mine, signs)
    seen: list[tuple[Detector, Seen]] = []
    for i, d in enumerate(mine):
        tries, hits, whole, harmless, named, first = (row[6 * i + k] for k in range(6))
        seen.append(
            (d, Seen(filled, tries, hits, whole, harmless, named, tuple((int(r), c) for r, c in first or ())))
        )
    return seen


def _set_out(con: duckdb.DuckDBPyConnection, base: exp.Select, place: Place, *, once: bool) -> None:
    """Make the view `looked_at`. once: each different value is looked at once and weighs as often as it
    stands; a city's columns repeat themselves.
    """
    one = aliased(exp.cast(exp.Literal.number(1), "BIGINT"), "n")
    each = exp.select("r", "v", one).from_(base.subquery("cells"))
    if once:
        counted = aliased(exp.Count(this=exp.Star()), "n")
        each = (
            exp.select(aliased(exp.Min(this=exp.column("r")), "r"), "v", counted)
            .from_(base.subquery("cells"))
            .group_by("v")
        )
        # grouped first, then looked at: left alone, the engine looks at every cell and groups what is left
        if place.again:
            each = exp.select(exp.Star()).from_("u").with_("u", as_=each, materialized=True)
    con.execute(
        exp.Create(
            this=exp.to_table("looked_at"),
            kind="VIEW",
            replace=True,
            properties=_TEMPORARY.copy(),
            expression=each,
        ).sql("duckdb")
    )


def _borne(con: duckdb.DuckDBPyConnection, place: Place, *, every: bool) -> tuple[tuple[Detector, ...], str]:
    """Those of the place's detectors that may see something: the header speaks for them, or some value bears
    their hint. The patterns of the others are long to make ready, longer than a column of thousands of values
    is to read. And the disguised signs of its values. every: all detectors, for values would be told apart twice.
    """
    unsure = [] if every else [d for d in place.mine if d.hint and d.name not in place.prior]
    disguised = exp.false() if place.numeric else call("bool_or", matches(exp.column("v"), DISGUISED))
    hints = [call("bool_or", matches(exp.column("v"), d.hint)) for d in unsure]
    row = con.execute(exp.select(disguised, *hints).from_("looked_at").sql("duckdb")).fetchone() or (False,)
    signs = _signs(con) if row[0] else ""
    if signs and hints:
        plain = exp.select(aliased(_plain(exp.column("v"), signs), "v")).from_("looked_at").subquery("plain")
        row = con.execute(exp.select(exp.true(), *hints).from_(plain).sql("duckdb")).fetchone() or ()
    absent = {d.name for d, some in zip(unsure, row[1:], strict=True) if not some}
    return tuple(d for d in place.mine if d.name not in absent), signs


def _counted(
    con: duckdb.DuckDBPyConnection, place: Place, mine: tuple[Detector, ...], signs: str
) -> tuple[Any, ...]:
    """One row of counts, six a detector, over the view `looked_at`."""
    return (con.execute(_tally(mine, place.prior, place.hints, signs)).fetchone() or ()) if mine else ()


def marks(
    con: duckdb.DuckDBPyConnection, texts: Sequence[str], detectors: Sequence[Detector]
) -> list[frozenset[str]]:
    """For each text, the names of the detectors that see something inside it, whose check digits hold."""
    if not texts:
        return []
    con.execute(
        "CREATE OR REPLACE TEMP TABLE read_texts AS SELECT unnest(range(len(v))) AS r, unnest(v) AS v FROM (SELECT ?::VARCHAR[] AS v)",
        [[plain_text(text) for text in texts]],
    )
    names: list[set[str]] = [set() for _ in texts]
    for each in detectors:
        inside = exp.select("r", aliased(_candidate(each), "c")).from_("read_texts").subquery("c")
        bare = call(
            "upper",
            call("regexp_replace", exp.column("c"), literal("[^\\p{L}0-9]"), literal(""), literal("g")),
        )
        level = (
            exp.select("r", "c", aliased(bare, "d"))
            .from_(inside)
            .where(exp.NEQ(this=exp.column("c"), expression=literal("")))
            .subquery("d")
        )
        query = exp.select("r").from_(level)
        if each.sure:
            query = query.where(_sql(each.sure, d=exp.column("d"), v=exp.column("c")))
        for (place,) in con.execute(query.sql("duckdb")).fetchall():
            names[place].add(each.name)
    return [frozenset(f) for f in names]
