"""What is personal or secret in a table of typed cells: a full scan for what has a form, a sample for names; nothing readable in the answer.

One scan counts, in every column, the cells that bear the hint of some detector (the hints are one pattern). Only columns that have any are looked at closely,
and each such cell only by the detectors whose hint it bears. Check digits pass by luck, so hits are weighed against the number of tries. Headers count as a
prior: they make a weak sign speak, and tell contacts of organisations from people's.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import duckdb
from sqlglot import exp, parse_one
from sqlglot.expressions.core import Expr

from parvis.core.registry import declared
from parvis.core.text import french_number
from parvis.core.types import RAW_PREFIX, Column, ColumnProfile, Finding, Row, Schema, Sensitivity, Severity
from parvis.privacy import detectors as declarations
from parvis.privacy.chance import NEGLIGIBLE, tail
from parvis.privacy.declaration import Detector, stars
from parvis.privacy.headers import about_bodies, about_elected, names_body, says_birth, spoken
from parvis.privacy.people import Kind, Shares, name_columns, shares

SAMPLE = 20_000
"""Rows looked at for names."""

MANY = 50_000
"""Cells from which a column is looked at value by value."""

AGAIN = 5
"""Times that each value of a column stands on average for it to be looked at value by value from the start."""

ROWS = 20
"""Rows shown of each finding, masked."""

TOGETHER = 100
"""Columns whose hints are counted in one scan: a pattern for each, and DuckDB holds a vector for each."""

_ORDER = tuple(Sensitivity)


@dataclass(frozen=True, slots=True)
class Seen:
    """What one detector saw in one column. hits: candidates whose check holds; whole: those that fill their cell; first: (record, candidate)."""

    cells: int
    tries: int
    hits: int
    whole: int
    harmless: int
    named: int
    first: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A column of the file to look into. physical: its name there; numeric: its cells are numbers; mine: what is sought in it.

    prior: names of the detectors that the header speaks for; again: its values are known to come again, and again.
    """

    column: Column
    physical: str
    numeric: bool
    mine: tuple[Detector, ...]
    prior: frozenset[str]
    again: bool = False

    @property
    def hint(self) -> str:
        """What every cell of interest bears, as one pattern; "" when each cell is of interest."""
        if not all(d.hint for d in self.mine):
            return ""
        return "|".join([*(f"(?:{d.hint})" for d in self.mine), *(f"^(?:{d.named})$" for d in self.mine if d.named and d.name in self.prior)])


@cache
def known_detectors() -> Mapping[str, Detector]:
    """All declared detectors by name."""
    return declared(declarations, Detector)


def find(
    con: duckdb.DuckDBPyConnection, files: Path | Sequence[Path], schema: Schema, rows: int, *, profile: Sequence[ColumnProfile] = (),
    known: Mapping[str, Detector] | None = None,
) -> tuple[tuple[Finding, ...], dict[str, Sensitivity]]:  # fmt: skip
    """Look for personal and secret data in the Parquet files of a version.

    files: in record order; schema: of the typed columns (their `_raw_` twins are read too); rows: records in all. profile: of the
    columns, where there is one: those whose values come again are looked at value by value. known: detectors, all declared by default.
    Returns findings, worst first, with masked evidence, and the sensitivity of the columns that have any.
    """
    paths = [files] if isinstance(files, Path) else list(files)
    if not rows:
        return (), {}
    every = tuple((known_detectors() if known is None else known).values())
    names = name_columns(_samples(con, paths, schema, rows))
    bodies = about_bodies(schema) and not names
    found: list[Finding] = []
    levels: dict[str, Sensitivity] = {}

    def add(finding: Finding | None, level: Sensitivity) -> None:
        if finding is not None:
            found.append(finding)
            levels[finding.column] = max(levels.get(finding.column, Sensitivity.NONE), level, key=_ORDER.index)

    distinct = {p.name: p.distinct for p in profile}
    places = _places(schema, every, frozenset(n for n, d in distinct.items() if rows > MANY and d * AGAIN <= rows))
    for place, (filled, marked) in zip(places, _marked(con, paths, places), strict=True):
        for detector, seen in _look(con, paths, place, filled) if marked else ():
            add(*_judge(detector, place.column, seen, bodies or names_body(place.column.name)))
    for name, kind in names.items():
        add(*_people(con, paths, name, kind, alone=set(names.values()) == {"first"}, elected=about_elected(schema)))
    for column in schema.columns:
        if says_birth(column.name) and column.type in ("date", "datetime", "text", "year"):
            add(*_birth(con, paths, column, named=bool(names)))
    rank: Mapping[Severity, int] = {"error": 0, "warning": 1, "info": 2}
    return tuple(sorted(found, key=lambda f: (rank[f.severity], f.check, f.column))), {k: v for k, v in levels.items() if v is not Sensitivity.NONE}


def _places(schema: Schema, every: Sequence[Detector], again: Collection[str]) -> list[Place]:
    """Where there is something to seek: texts, what did not fit a type, and numbers for what a spreadsheet makes numbers of."""
    places: list[Place] = []
    for column in schema.columns:
        for physical in (column.name, *((RAW_PREFIX + column.name,) if column.name in schema.raw else ())):
            text = physical != column.name or column.type in ("text", "json", "array", "time")
            if not text and column.type not in ("integer", "number"):
                continue
            mine = tuple(d for d in every if text or d.numbers)
            said = spoken(column.name)
            prior = frozenset(d.name for d in mine if d.headers and re.search(d.headers, said))
            if mine:
                places.append(Place(column, physical, not text, mine, prior, text and physical in again))
    return places


# --- reading -------------------------------------------------------------------------------------------------------------------------------------------------


def _call(name: str, *arguments: Expr) -> Expr:
    return exp.Anonymous(this=name, expressions=list(arguments))


def _text(value: str) -> Expr:
    return exp.Literal.string(value)


def _matches(cell: Expr, pattern: str, *, whole: bool = False) -> Expr:
    return _call("regexp_full_match" if whole else "regexp_matches", cell, _text(pattern))


def _named(value: Expr, name: str) -> Expr:
    return exp.Alias(this=value, alias=exp.to_identifier(name, quoted=True))


def _column(name: str) -> Expr:
    return exp.column(name, quoted=True)


def _files(paths: Sequence[Path]) -> exp.Table:
    listed = exp.Array(expressions=[_text(str(p)) for p in paths])
    numbered = [exp.EQ(this=exp.to_identifier(k), expression=exp.true()) for k in ("file_row_number",)]
    return exp.Table(this=_call("read_parquet", listed, *numbered))


def _record(paths: Sequence[Path], con: duckdb.DuckDBPyConnection) -> Expr:
    """Number of the record from 1, over all files."""
    number = exp.Add(this=exp.column("file_row_number"), expression=exp.Literal.number(1))
    if len(paths) == 1:
        return number
    before, ifs = 0, list[Expr]()
    for place, path in enumerate(paths):
        ifs.append(exp.If(this=exp.EQ(this=exp.column("file_index"), expression=exp.Literal.number(place)), true=exp.Literal.number(before)))
        counted = con.execute("SELECT sum(num_rows) FROM parquet_file_metadata(?)", [str(path)]).fetchone()
        before += int(counted[0]) if counted else 0
    return exp.Add(this=number, expression=exp.Case(ifs=ifs, default=exp.Literal.number(0)))


def _sql(said: str, **columns: Expr) -> Expr:
    """A declaration's SQL with its letters replaced by columns."""
    return parse_one(said, dialect="duckdb").transform(lambda n: columns[n.name].copy() if isinstance(n, exp.Column) and n.name in columns else n)


_TEMPORARY = exp.Properties(expressions=[exp.TemporaryProperty()])


def _cell(place: Place) -> Expr:
    """A cell as text; of numbers only whole ones of 13 to 16 digits, as a code would have."""
    column = _column(place.physical)
    if not place.numeric:
        return exp.cast(column, "VARCHAR")
    plain = exp.TryCast(this=column.copy(), to=exp.DataType.build("BIGINT"))
    whole = exp.EQ(this=plain.copy(), expression=column.copy())
    return exp.Case(ifs=[exp.If(this=exp.and_(_long(column), whole), true=exp.cast(plain, "VARCHAR"))])


def _long(number: Expr) -> Expr:
    return exp.Between(this=number.copy(), low=exp.Literal.number(10**12), high=exp.Literal.number(10**16))


def _marked(con: duckdb.DuckDBPyConnection, paths: Sequence[Path], places: Sequence[Place]) -> list[tuple[int, int]]:
    """For each place: cells filled, and those that bear a hint."""
    counts: dict[int, tuple[int, int]] = {}
    alone = [i for i, place in enumerate(places) if not place.again]
    for start in range(0, len(alone), TOGETHER):
        together = alone[start : start + TOGETHER]
        asked = [count for i in together for count in _marks(places[i])]
        row = con.execute(exp.select(*asked).from_(_files(paths)).sql("duckdb")).fetchone() or ()
        counts |= dict(zip(together, zip(row[::2], row[1::2], strict=True), strict=True))
    for i, place in enumerate(places):
        if place.again:
            counts[i] = _marked_values(con, paths, place)
    return [counts[i] for i in range(len(places))]


def _marked_values(con: duckdb.DuckDBPyConnection, paths: Sequence[Path], place: Place) -> tuple[int, int]:
    """The same of one place, by the values that it holds."""
    value, weight = exp.column("v"), exp.Sum(this=exp.column("n"))
    filled = exp.Not(this=exp.Is(this=value, expression=exp.null()))
    hinted = _matches(value.copy(), place.hint) if place.hint else filled.copy()
    values = exp.select(_named(_cell(place), "v"), _named(exp.Count(this=exp.Star()), "n")).from_(_files(paths)).group_by("1")
    sums = (exp.Filter(this=weight.copy(), expression=exp.Where(this=w)) for w in (filled, hinted))
    row = con.execute(exp.select(*(_call("coalesce", s, exp.Literal.number(0)) for s in sums)).from_(values.subquery("v")).sql("duckdb")).fetchone()
    return (int(row[0]), int(row[1])) if row else (0, 0)


def _marks(place: Place) -> tuple[Expr, Expr]:
    """The two counts of a place. A cell is measured first (CASE is lazy): most are too short to hold anything."""
    column = _column(place.physical)
    filled = exp.Count(this=column.copy())
    if place.numeric:
        return filled, exp.CountIf(this=_long(column))
    if not place.hint:
        return filled, filled.copy()
    cell = _cell(place)
    long = exp.GTE(this=_call("strlen", cell.copy()), expression=exp.Literal.number(min(d.shortest for d in place.mine)))
    return filled, exp.CountIf(this=exp.Case(ifs=[exp.If(this=long, true=_matches(cell, place.hint))]))


@lru_cache(maxsize=512)
def _tally(mine: tuple[Detector, ...], prior: frozenset[str], hint: str) -> str:
    """The query that counts, over the view `looked_at` (r, v, n: a value, how often it stands, its first record), what each detector sees: six cells a
    detector. It is the same for every column, so it is written once: building it costs more than running it on a small table."""
    close = exp.select("r", "v", "n").from_("looked_at")
    if hint:
        close = close.where(_matches(exp.column("v"), hint))
    level = exp.select("r", "v", "n", *(_named(_candidate(d), f"c{i}") for i, d in enumerate(mine))).from_(close.subquery("close"))
    bare = [_named(_call("upper", _call("regexp_replace", _column(f"c{i}"), _text("[^\\p{L}0-9]"), _text(""), _text("g"))), f"d{i}") for i in range(len(mine))]
    level = exp.select("*", *bare).from_(level.subquery("candidates"))
    verdicts: list[Expr] = []
    for i, d in enumerate(mine):
        some = exp.NEQ(this=_column(f"c{i}"), expression=_text(""))
        sure = exp.Case(ifs=[exp.If(this=some, true=_sql(d.sure, d=_column(f"d{i}")) if d.sure else exp.true())], default=exp.false())
        verdicts.append(_named(_call("coalesce", sure, exp.false()), f"s{i}"))
    level = exp.select("*", *verdicts).from_(level.subquery("bare"))
    out: list[Expr] = []
    for i, d in enumerate(mine):
        hit, some = _column(f"s{i}"), exp.NEQ(this=_column(f"c{i}"), expression=_text(""))
        tried = exp.or_(some, _sql(d.like, v=exp.column("v"))) if d.like else some
        fills = exp.EQ(this=_call("trim", exp.column("v")), expression=_column(f"c{i}"))
        harmless = _sql(d.harmless, d=_column(f"d{i}"), v=_column(f"c{i}")) if d.harmless else exp.false()
        named = _matches(exp.column("v"), d.named, whole=True) if d.named and d.name in prior else exp.false()
        conditions = (tried, hit, exp.and_(hit, fills), exp.and_(hit, harmless), named)
        weighed = [exp.Filter(this=exp.Sum(this=exp.column("n")), expression=exp.Where(this=c.copy())) for c in conditions]
        out += [_call("coalesce", w, exp.Literal.number(0)) for w in weighed]
        pair = _call("list_value", exp.cast(exp.column("r"), "VARCHAR"), _column(f"c{i}"))
        first = _call("arg_min", pair, exp.column("r"), exp.Literal.number(ROWS))
        out.append(exp.Filter(this=first, expression=exp.Where(this=hit.copy())))
    return exp.select(*out).from_(level.subquery("verdicts")).sql("duckdb")


def _candidate(detector: Detector) -> Expr:
    """What a detector takes out of a cell, "" when nothing; only a cell that bears its own hint is read."""
    cell = exp.column("v")
    taken = _call("regexp_extract", cell, _text(detector.within), exp.Literal.number(1))
    if not detector.hint:
        return taken
    return exp.Case(ifs=[exp.If(this=_matches(cell.copy(), detector.hint), true=taken)], default=_text(""))


def _look(con: duckdb.DuckDBPyConnection, paths: Sequence[Path], place: Place, filled: int) -> list[tuple[Detector, Seen]]:
    """Look closely at one column for all that is sought in it. filled: its cells that are not empty."""
    base = exp.select(_named(_record(paths, con), "r"), _named(_cell(place), "v")).from_(_files(paths))
    row = _counted(con, base, place, once=filled > MANY)
    if filled > MANY and any(len(row[6 * i + 5] or ()) < min(ROWS, row[6 * i + 1]) for i in range(len(place.mine))):
        row = _counted(con, base, place, once=False)  # few values, each often: name the records themselves
    seen: list[tuple[Detector, Seen]] = []
    for i, d in enumerate(place.mine):
        tries, hits, whole, harmless, named, first = (row[6 * i + k] for k in range(6))
        seen.append((d, Seen(filled, tries, hits, whole, harmless, named, tuple((int(r), c) for r, c in first or ()))))
    return seen


def _counted(con: duckdb.DuckDBPyConnection, base: exp.Select, place: Place, *, once: bool) -> tuple[Any, ...]:
    """One row of counts. once: each different value is looked at once and weighs as often as it stands; a city's columns repeat themselves."""
    one = _named(exp.cast(exp.Literal.number(1), "BIGINT"), "n")
    each = exp.select("r", "v", one).from_(base.subquery("cells"))
    if once:
        counted = _named(exp.Count(this=exp.Star()), "n")
        each = exp.select(_named(exp.Min(this=exp.column("r")), "r"), "v", counted).from_(base.subquery("cells")).group_by("v")
        if place.again:  # grouped first, then looked at: left alone, the engine looks at every cell and groups what is left
            each = exp.select(exp.Star()).from_("u").with_("u", as_=each, materialized=True)
    con.execute(exp.Create(this=exp.to_table("looked_at"), kind="VIEW", replace=True, properties=_TEMPORARY.copy(), expression=each).sql("duckdb"))
    return con.execute(_tally(place.mine, place.prior, place.hint)).fetchone() or ()


def _samples(con: duckdb.DuckDBPyConnection, paths: Sequence[Path], schema: Schema, rows: int) -> dict[str, Shares]:
    """Shares of names by text column, on rows spread evenly over the table: the same ones each time."""
    texts = [
        c.name for c in schema.columns if c.type == "text" and c.meaning not in ("siret", "siren", "commune_insee", "code_postal", "email", "phone", "url")
    ]
    if not texts:
        return {}
    query = exp.select(*(_column(n) for n in texts)).from_(_files(paths))
    if rows > SAMPLE:
        spread = exp.Mod(this=_call("hash", exp.column("file_row_number")), expression=exp.Literal.number(max(1, rows // SAMPLE)))
        query = query.where(exp.EQ(this=spread, expression=exp.Literal.number(0)))
    cells = con.execute(query.limit(4 * SAMPLE).sql("duckdb")).to_arrow_table()
    return {n: shares(v for v in cells.column(n).unique().to_pylist() if isinstance(v, str) and len(v) <= 80) for n in texts}


# --- judging -------------------------------------------------------------------------------------------------------------------------------------------------


def _judge(detector: Detector, column: Column, seen: Seen, bodies: bool) -> tuple[Finding | None, Sensitivity]:
    """Whether what was seen is there on purpose of nobody's luck, and how grave it is."""
    prior = bool(detector.headers) and re.search(detector.headers, spoken(column.name)) is not None
    hits = seen.hits
    if prior and seen.named > hits and seen.named >= 0.5 * seen.cells:
        hits = seen.named
    elif not hits or not _speaks(detector, seen, prior):
        return None, Sensitivity.NONE
    spared = min(seen.harmless, hits) if bodies or detector.harmless_alone else 0
    personal = hits - spared
    free = seen.whole < 0.5 * hits and hits == seen.hits
    severity, level = detector.severity, detector.sensitivity
    if not personal:
        severity, level = "info", Sensitivity.NONE
    elif detector.harmless and bodies and not free:
        severity, level = "warning", Sensitivity.INDIRECT
    count = personal or hits
    share = f"{french_number(100 * count / seen.cells, 1)} % des cellules remplies" if seen.cells else ""
    where = "dans le texte libre de" if free else "dans"
    purpose = {
        "info": " Elles désignent des services : elles peuvent sortir.",
        "warning": " La table décrit des organismes : vérifiez qu’ils sont publiés exprès.",
    }
    told = purpose.get(severity, "") if detector.harmless else ""
    message = f"{detector.title.capitalize()} {where} la colonne « {column.name} » : {french_number(count)} ({share}).{told}"
    rows = tuple(Row("", 0, record, detector.mask(candidate)) for record, candidate in seen.first)
    return Finding(f"privacy-{detector.name}", message, severity, "confidentiality", column.name, count, rows, detector.article), level


def _speaks(detector: Detector, seen: Seen, prior: bool) -> bool:
    """Whether the hits are more than luck."""
    if not detector.alone:
        return prior or (seen.hits >= 20 and seen.hits >= 0.8 * seen.cells)
    if prior or detector.chance == 0 or tail(seen.tries, seen.hits, detector.chance) < NEGLIGIBLE:
        return True
    return seen.tries <= 20 and seen.hits >= detector.few and seen.hits >= 0.5 * seen.tries


_KINDS: Mapping[Kind, str] = {"first": "Prénoms", "surname": "Noms de famille", "full": "Noms de personnes"}


def _people(con: duckdb.DuckDBPyConnection, paths: Sequence[Path], name: str, kind: Kind, *, alone: bool, elected: bool) -> tuple[Finding, Sensitivity]:
    """A column of names. Alone, first names point at nobody; those of elected people are public."""
    count, rows = _filled(con, paths, name)
    severity: Severity = "warning" if alone or elected else "error"
    level = Sensitivity.INDIRECT if alone else Sensitivity.DIRECT
    told = " Sans nom de famille à côté, ils ne désignent personne." if alone else " Les noms et mandats des élus sont publics." if elected else ""
    message = f"{_KINDS[kind]} dans la colonne « {name} » : {french_number(count)} cellules remplies.{told}"
    fix = (
        "Un nom ne se publie qu’avec l’accord de la personne ou si un texte le prévoit (élus, organigrammes, listes de promotion : CRPA, article D312-1-3) ; "
        "sinon supprimez la colonne."
    )
    return Finding("privacy-person-name", message, severity, "confidentiality", name, count, rows, fix), level


def _birth(con: duckdb.DuckDBPyConnection, paths: Sequence[Path], column: Column, *, named: bool) -> tuple[Finding | None, Sensitivity]:
    """A column that its header calls a birth."""
    count, rows = _filled(con, paths, column.name)
    if not count:
        return None, Sensitivity.NONE
    message = f"Dates ou lieux de naissance dans la colonne « {column.name} » : {french_number(count)} cellules remplies."
    fix = "Gardez l’année ou une tranche d’âge : avec le sexe et la commune, une date de naissance suffit à désigner quelqu’un."
    level = Sensitivity.DIRECT if named else Sensitivity.INDIRECT
    return Finding("privacy-birth-date", message, "error" if named else "warning", "confidentiality", column.name, count, rows, fix), level


def _filled(con: duckdb.DuckDBPyConnection, paths: Sequence[Path], name: str) -> tuple[int, tuple[Row, ...]]:
    """How many cells of a column are filled, and the first of them, masked."""
    pair = _call("list_value", exp.cast(exp.column("r"), "VARCHAR"), exp.cast(exp.column("v"), "VARCHAR"))
    base = exp.select(_named(_record(paths, con), "r"), _named(_column(name), "v")).from_(_files(paths)).subquery("base")
    filled = exp.Not(this=exp.Is(this=exp.column("v"), expression=exp.null()))
    query = exp.select(exp.Count(this=exp.Star()), _call("arg_min", pair, exp.column("r"), exp.Literal.number(ROWS))).from_(base).where(filled)
    count, first = con.execute(query.sql("duckdb")).fetchone() or (0, None)
    return int(count), tuple(Row("", 0, int(r), stars(v)) for r, v in first or ())
