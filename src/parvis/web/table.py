"""A table of a released version as a page shows it: filtered, sorted and paged over all its rows, by the
address alone.

    ?mots=gare&f=over:capacite:20&tri=-capacite&lot=2

`f` repeats: operator, column, value. What can't be understood is told beside the form; the other filters
still hold.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Annotated, Literal, get_args
from zoneinfo import ZoneInfo

from sqlglot import exp
from sqlglot.expressions.core import Expr
from starlette.datastructures import QueryParams

from parvis.core.released import Released
from parvis.core.text import fold
from parvis.core.types import RAW_PREFIX, Column, ColumnType
from parvis.engine.read import Engine, Result, read
from parvis.engine.relations import RECORD
from parvis.query import text_search

Operator = Literal["contains", "equals", "differs", "over", "under", "empty", "filled"]

SIZES = (25, 50, 100)
"""Rows a page."""

ORDERED: frozenset[ColumnType] = frozenset({"integer", "number", "year", "date", "datetime", "time"})
"""Types whose values can be more or less."""

UNSHOWN: frozenset[ColumnType] = frozenset({"shape"})
"""Types that a cell can't hold; the map shows them."""

WORDED: frozenset[ColumnType] = frozenset({"text", "json", "array"})
"""Types whose values are made of words."""

PLAIN = re.compile(r"[^\W_]+")
"""A run of letters and digits."""

MOST_FILTERS = 10


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition on one column."""

    column: Annotated[str, "Nom de la colonne."]
    operator: Annotated[
        Operator, "contains, equals, differs, over (au moins), under (au plus), empty ou filled."
    ]
    value: Annotated[str, "Valeur comparée, telle que l’adresse la porte ; vide pour empty et filled."] = ""

    def __str__(self) -> str:
        return f"{self.operator}:{self.column}:{self.value}"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks of a table. wrong: column and text of each value that could not be understood."""

    words: str
    filters: tuple[Filter, ...]
    sort: str
    descending: bool
    page: int
    size: int
    wrong: tuple[Filter, ...]


@dataclass(frozen=True, slots=True)
class TableView:
    """Some rows of a table."""

    columns: Annotated[tuple[Column, ...], "Colonnes montrées, dans l’ordre de la table."]
    rows: Annotated[tuple[Mapping[str, object], ...], "Lignes de cette page, par nom de colonne."]
    misfits: Annotated[
        tuple[Mapping[str, str], ...],
        "Pour chaque ligne, le texte d’origine des valeurs qui n’ont pas le type de leur colonne.",
    ]
    total: Annotated[int, "Nombre de lignes qui passent les filtres."]
    of: Annotated[int, "Nombre de lignes de la table entière."]
    page: Annotated[int, "Numéro de la page, à partir de 1."]
    pages: Annotated[int, "Nombre de pages."]
    size: Annotated[int, "Lignes par page."]
    words: Annotated[str, "Mots cherchés dans toutes les colonnes."]
    filters: Annotated[tuple[Filter, ...], "Filtres actifs."]
    wrong: Annotated[
        tuple[Filter, ...], "Filtres dont la valeur n’a pas pu être lue : ils ne sont pas appliqués."
    ]
    sort: Annotated[str, "Colonne de tri ; vide : l’ordre du fichier."]
    descending: Annotated[bool, "Vrai si le tri est décroissant."]


def ask(query: QueryParams, columns: Sequence[Column], zone: ZoneInfo) -> Asked:
    """Read the address. Unknown columns, operators and sizes are ignored: an old link still shows its table."""
    known = {c.name: c for c in columns if c.type not in UNSHOWN}
    said = [f for text in query.getlist("f") if (f := _filter(text, known)) is not None]
    if query.get("col", "") in known and query.get("op", "") in get_args(Operator):
        said += [
            f
            for f in [_filter(f"{query['op']}:{query['col']}:{query.get('val', '').strip()}", known)]
            if f is not None
        ]
    said = list(dict.fromkeys(said))[:MOST_FILTERS]
    right = tuple(
        f for f in said if f.operator in ("empty", "filled") or _value(f, known[f.column], zone) is not None
    )
    sort = query.get("tri", "")
    page, size = query.get("lot", ""), query.get("lignes", "")
    return Asked(
        query.get("mots", "").strip()[:200],
        right,
        sort.removeprefix("-") if sort.removeprefix("-") in known else "",
        sort.startswith("-"),
        int(page) if page.isascii() and page.isdigit() and len(page) < 10 and int(page) else 1,
        int(size) if size.isascii() and size.isdigit() and int(size) in SIZES else SIZES[0],
        tuple(f for f in said if f not in right),
    )


def _filter(text: str, known: Mapping[str, Column]) -> Filter | None:
    """`over:capacite:20`; a column whose name holds a colon is found by the longest name that fits."""
    for operator in get_args(Operator):
        if text.startswith(f"{operator}:"):
            rest = text.removeprefix(f"{operator}:")
            for name in sorted(known, key=len, reverse=True):
                if rest == name or rest.startswith(f"{name}:"):
                    value = rest.removeprefix(name).removeprefix(":")[:200]
                    return Filter(name, operator, "" if operator in ("empty", "filled") else value)
    return None


def condition(asked: Asked, columns: Sequence[Column], zone: ZoneInfo) -> tuple[Expr | None, list[object]]:
    """The WHERE of what was asked, None when nothing was; and the values of its `?`, in order."""
    known = {c.name: c for c in columns}
    parts: list[Expr] = []
    values: list[object] = []
    for f in asked.filters:
        column = known[f.column]
        ref = exp.column(f.column, quoted=True)
        text = column.type in ("text", "json")
        if f.operator in ("empty", "filled"):
            empty: Expr = exp.Is(this=ref, expression=exp.null())
            if text:
                empty = exp.or_(empty, exp.EQ(this=ref.copy(), expression=exp.Literal.string("")))
            parts.append(exp.paren(empty) if f.operator == "empty" else exp.not_(exp.paren(empty)))
        elif f.operator == "contains":
            parts.append(_contains(ref, fold(f.value), values))
        else:
            against: Expr = exp.Placeholder()
            if not (text or column.type in ORDERED or column.type == "boolean"):
                ref = exp.cast(ref, "VARCHAR")
            parts.append(
                {"equals": exp.EQ, "over": exp.GTE, "under": exp.LTE}.get(f.operator, exp.NullSafeNEQ)(
                    this=ref, expression=against
                )
            )
            values.append(_value(f, column, zone))
    for word in sought(asked.words):
        texts = [_contains(exp.column(c.name, quoted=True), word, values) for c in holding(word, columns)]
        parts.append(exp.paren(exp.or_(*texts)) if texts else exp.false())
    return (exp.and_(*parts) if parts else None), values


def sought(words: str) -> list[str]:
    """The words that are sought in every column, folded, eight at most."""
    return fold(words).split()[:8]


def holding(word: str, columns: Sequence[Column]) -> list[Column]:
    """The columns that may hold a word: no number or day holds letters, no cell shows the names of a place's
    coordinates.
    """
    letters = any(c.isalpha() for c in word)
    return [
        c
        for c in columns
        if c.type in WORDED or (not letters and c.type not in (*UNSHOWN, "point", "boolean"))
    ]


def _contains(ref: Expr, word: str, values: list[object]) -> Expr:
    """Whether the text of a cell holds a folded text, whatever its case and accents: by the pattern that the
    query API has for it, or its value bound where it is no run of letters and digits.
    """
    whole = exp.cast(ref, "VARCHAR")
    if PLAIN.fullmatch(word):
        return text_search.matches(whole, f"(?i){text_search.spelled(word)}")
    values.append(word)
    plain = exp.func("lower", exp.func("strip_accents", whole, dialect="duckdb"))
    return exp.func(
        "contains",
        exp.func("replace", plain, exp.Literal.string("’"), exp.Literal.string("'")),
        exp.Placeholder(),
        dialect="duckdb",
    )


def _value(f: Filter, column: Column, zone: ZoneInfo) -> object | None:
    """The value compared with, in the column's type; None when it is not one. Numbers and days are read as
    French people write them.
    """
    text = f.value.strip()
    if f.operator == "contains":
        return text or None
    if f.operator in ("over", "under") and column.type not in ORDERED:
        return None
    if not text:
        return None
    try:
        if column.type in ("integer", "number", "year"):
            plain = (
                text.replace("\u202f", "")
                .replace("\u00a0", "")
                .replace(" ", "")
                .replace(",", ".")
                .replace("−", "-")
            )
            return float(plain) if abs(float(plain)) < 1e300 else None
        if column.type == "boolean":
            return _TRUTHS[fold(text)]
        if column.type == "time":
            return time.fromisoformat(text)
        if column.type in ("date", "datetime"):
            day = (
                datetime.strptime(text, "%d/%m/%Y").replace(tzinfo=zone)
                if "/" in text
                else datetime.fromisoformat(text)
            )
            moment = day if day.tzinfo else day.replace(tzinfo=zone)
            return date(day.year, day.month, day.day) if column.type == "date" else moment
    except (ValueError, KeyError):
        return None
    return text


_TRUTHS: Mapping[str, bool] = {
    "oui": True, "vrai": True, "true": True, "yes": True, "1": True, "non": False, "faux": False, "false": False, "no": False, "0": False,
}  # fmt: skip


def base(released: Released, *columns: Expr) -> exp.Select:
    """SELECT of these columns from the released version."""
    (version,) = released.versions
    return exp.select(*columns).from_(exp.Table(this=exp.to_identifier(version, quoted=True)))


def view(
    engine: Engine, released: Released, asked: Asked, zone: ZoneInfo, only: Sequence[Column] | None = None
) -> TableView:
    """The page of rows that was asked. A page past the end shows the last one. only: the columns to read; all
    that a cell can hold when None.
    """
    schema = released.schema
    shown = tuple(c for c in (schema.columns if only is None else only) if c.type not in UNSHOWN)
    where, values = condition(asked, schema.columns, zone)
    total = _count(engine, released, where, values)
    pages = max(1, -(-total // asked.size))
    page = min(asked.page, pages)
    raw = [name for name in schema.raw if any(c.name == name for c in shown)]
    tree = base(
        released,
        *(exp.column(c.name, quoted=True) for c in shown),
        *(exp.column(RAW_PREFIX + name, quoted=True) for name in raw),
    )
    if where is not None:
        tree = tree.where(where)
    if asked.sort:
        first = exp.Ordered(
            this=exp.column(asked.sort, quoted=True), desc=asked.descending, nulls_first=False
        )
        tree = tree.order_by(first, exp.column(RECORD, quoted=True))
    tree = tree.limit(asked.size).offset((page - 1) * asked.size)
    with read(engine, released.querying(tree), values) as found:
        rows = records(found) if shown else []
    return TableView(
        shown,
        tuple({c.name: row[c.name] for c in shown} for row in rows),
        tuple(_misfits(row, raw) for row in rows),
        total,
        total if where is None else _count(engine, released, None, []),
        page,
        pages,
        asked.size,
        asked.words,
        asked.filters,
        asked.wrong,
        asked.sort,
        asked.descending,
    )


def records(found: Result) -> list[dict[str, object]]:
    """The rows through Arrow: DuckDB's own way to Python needs another package for instants."""
    return [row for batch in found.batches() for row in batch.to_pylist()]


def _count(engine: Engine, released: Released, where: Expr | None, values: Sequence[object]) -> int:
    tree = base(released, exp.func("count", exp.Star()))
    with read(engine, released.querying(tree if where is None else tree.where(where)), values) as found:
        said = found.scalar()
    return said if isinstance(said, int) else 0


def _misfits(row: Mapping[str, object], raw: Sequence[str]) -> Mapping[str, str]:
    return {name: str(said) for name in raw if (said := row[RAW_PREFIX + name]) is not None}
