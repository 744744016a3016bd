"""The fields of the catalogue in SQL: what the database can say of a question on it, and one short row a
table for what it cannot.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import ColumnElement, Connection, and_, case, extract, false, func, not_, or_, select, true

from parvis.api import describe
from parvis.catalogue import vocabularies
from parvis.catalogue.links import Links
from parvis.core.text import tokens
from parvis.core.types import Json
from parvis.query import instants, text_search
from parvis.query import tree as q
from parvis.query.instants import Interval
from parvis.store import codec, listing
from parvis.store.tables import (
    datasets,
    listed,
    listed_keywords,
    listed_tables,
    listed_words,
    organisations,
    resources,
    versions,
)

_T, _L, _D, _O, _R, _V = listed_tables.c, listed.c, datasets.c, organisations.c, resources.c, versions.c
_W = listed_words.c
_SECOND = listed_tables.alias("second")

TABLES = (
    listed_tables.join(listed, _L.dataset == _T.dataset)
    .join(datasets, _D.id == _T.dataset)
    .join(organisations, _O.id == _L.publisher)
    .join(resources, _R.id == _T.resource)
    .join(versions, _V.digest == _T.version)
)
"""Every table that everybody may see, with all that its fields are made of."""

RESOURCE = _T.resource
NEWEST = (_T.at.desc(), _T.dataset, _T.position)

_NAME = case(
    (or_(_T.first, _T.resource == _T.dataset), _T.dataset),
    else_=_T.dataset + "--" + func.substr(_T.resource, func.length(_T.dataset) + 2),
)
_SEVERAL = select(_SECOND.c.resource).where(_SECOND.c.dataset == _T.dataset, _SECOND.c.position == 1).exists()

_WORDS: Mapping[str, ColumnElement[str]] = {
    "dataset_id": _NAME,
    "publisher": _O.name,
    "language": _D.language,
    "update_frequency": _D.frequency,
}
"""Texts that are never missing."""

_MOMENTS = ("modified", "data_processed", "metadata_processed")

_TITLE = case(
    (and_(_SEVERAL, _T.dataset != _NAME), _D.title + " — " + _R.title),
    else_=_D.title,
)

_ORDERED: Mapping[str, ColumnElement[str]] = {**_WORDS, "title": _TITLE}
"""Texts that are never missing either, and that a list is put in order by."""

SortKey = ColumnElement[str] | ColumnElement[datetime] | ColumnElement[int]
Labels = Mapping[str, str]

_THEMES: Labels = {code: label.fr for code, label in vocabularies.THEMES.items()}
_LICENCES: Labels = {code: licence.title for code, licence in vocabularies.LICENCES.items()}
_NONE: tuple[str, Labels] = ("", {})
_PLACES: Mapping[str, tuple[ColumnElement[str] | None, tuple[str, Labels]]] = {
    "title": (_W.title, _NONE),
    "description": (_W.description, _NONE),
    "keyword": (_W.keywords, _NONE),
    "publisher": (_W.publisher, _NONE),
    "theme": (None, ("theme", _THEMES)),
    "license": (None, ("licence", _LICENCES)),
    "others": (_W.others, _NONE),
}
"""Where the words of a field are kept: a column, or the labels of the codes of a vocabulary."""

WORDED = (
    "title",
    "description",
    "keyword",
    "publisher",
    "theme",
    "license",
    "dataset_id",
    "territory",
    "language",
    "update_frequency",
)
"""Fields that a search in a whole table reads: all that is written for people, and not what is the same of
every table, a date or an address.
"""

FIELDS = frozenset(
    {
        *describe.FIELDS,
        "dataset_id",
        "dataset_uid",
        "has_records",
        "data_visible",
        "features",
        "visibility",
    }
)
"""Names that a question may use."""


def every(conditions: Sequence[ColumnElement[bool]]) -> ColumnElement[bool]:
    """All of them; true when there is none."""
    return and_(true(), *conditions)


def refined(name: str, value: str, zone: str) -> ColumnElement[bool] | None:
    """`refine=name:value`; None for a field that the database does not compare as it is written."""
    if name in _MOMENTS:
        return _within(name, "=", instants.interval(value, zone))
    return _equal(name, value)


def condition(node: q.Node, zone: str) -> ColumnElement[bool] | None:
    """The same condition, never null; None when it says something that the database cannot."""
    match node:
        case q.Every(parts) | q.Some(parts):
            conditions = [condition(part, zone) for part in parts]
            known = [s for s in conditions if s is not None]
            return (
                None
                if len(known) < len(conditions)
                else and_(*known)
                if isinstance(node, q.Every)
                else or_(*known)
            )
        case q.Not(part):
            inner = condition(part, zone)
            return None if inner is None else not_(inner)
        case q.Compare(op, q.Name(name), right):
            return _compared(_bare(name), op, right, zone)
        case q.Among(q.Name(name), items):
            conditions = [_compared(_bare(name), "=", item, zone) for item in items]
            known = [s for s in conditions if s is not None]
            return or_(false(), *known) if len(known) == len(conditions) else None
        case q.Between(q.Name(name), low, high, from_in, to_in):
            least, most = (
                _compared(_bare(name), *pair, zone)
                for pair in ((">=" if from_in else ">", low), ("<=" if to_in else "<", high))
            )
            return None if least is None or most is None else and_(least, most)
        case q.Text(text):
            return worded((), text_search.terms(text))
        case q.Like(q.Name(name), pattern):
            return worded((_bare(name),), text_search.terms(pattern.replace("%", " ")))
        case q.Call("search" | "suggest", (*fields, q.Text(text))) if all(
            isinstance(f, q.Name | q.Star) for f in fields
        ):
            names = tuple(_bare(f.name) for f in fields if isinstance(f, q.Name))
            return worded(names, text_search.terms(text), start=True)
        case q.Holds(q.Text() as item, q.Name(name)):
            return _compared(_bare(name), "=", item, zone)
        case _:
            return None


def worded(names: Sequence[str], words: Sequence[str], *, start: bool = False) -> ColumnElement[bool] | None:
    """Every word is one of these fields, of any field when none is named; start: begins one. None for a field
    whose words are not kept.
    """
    fields = [place for name in names or _PLACES if (place := _PLACES.get(name)) is not None]
    if len(fields) < len(names):
        return None
    columns = list(dict.fromkeys(column for column, _ in fields if column is not None))
    vocabulary = [(kind, labels) for _, (kind, labels) in fields if kind]
    conditions: list[ColumnElement[bool]] = []
    for word in words:
        places = [column.contains(f" {word}" if start else f" {word} ") for column in columns]
        for kind, labels in vocabulary:
            places += [
                _W.others.contains(f" {listing.code_word(kind, code)} ", autoescape=True)
                for code, label in labels.items()
                if any(t.startswith(word) if start else t == word for t in tokens(label))
            ]
        conditions.append(or_(false(), *places))
    return _T.resource.in_(select(_W.resource).where(every(conditions)))


def _bare(name: str) -> str:
    return name.removeprefix("metas.").removeprefix("default.")


def _compared(name: str, op: str, right: q.Node, zone: str) -> ColumnElement[bool] | None:
    match right:
        case q.Moment(said) if name in _MOMENTS and (span := instants.interval(said, zone)) is not None:
            return _within(name, op, span)
        case q.Number(value) if name == "records_count":
            c = _V.rows
            return {
                "=": c == value,
                "!=": c != value,
                "<": c < value,
                "<=": c <= value,
                ">": c > value,
                ">=": c >= value,
            }.get(op)
        case q.Text(value) if op == "=":
            return _equal(name, value)
        case q.Text(value) if op == "!=" and name in _WORDS:
            return _WORDS[name] != value
        case _:
            return None


def _equal(name: str, value: str) -> ColumnElement[bool] | None:
    """A field is this text, or one of its values is."""
    if name in _WORDS:
        return _WORDS[name] == value
    if name == "keyword":
        return (
            select(listed_keywords.c.dataset)
            .where(listed_keywords.c.dataset == _T.dataset, listed_keywords.c.keyword == value)
            .exists()
        )
    if name == "theme":
        return or_(
            false(),
            *(
                _L.themes.contains(f'"{code}"')
                for code, label in vocabularies.THEMES.items()
                if label.fr == value
            ),
        )
    if name == "license":
        codes = [code for code, licence in vocabularies.LICENCES.items() if licence.title == value]
        return _D.licence.in_(codes) if codes else _D.licence == value
    if name == "territory":
        return and_(_D.spatial == value, _D.spatial != "")
    return None


def _within(name: str, op: str, span: Interval | None) -> ColumnElement[bool] | None:
    if span is None:
        return false()
    stored = _L.modified_us if name == "metadata_processed" else _T.at
    low, high = (
        listing.microseconds(m) if name == "metadata_processed" else m for m in (span.low_utc, span.high_utc)
    )
    inside = and_(stored >= low, stored < high)
    return {
        "=": inside,
        "!=": not_(inside),
        "<": stored < low,
        "<=": stored < high,
        ">": stored >= high,
        ">=": stored >= low,
    }.get(op)


def order(conn: Connection, keys: Sequence[tuple[str, bool]]) -> Sequence[SortKey] | None:
    """An order by these fields, the newest first where they are equal; None for a field that the database
    does not order as we do. Texts are ordered by their code points, as Python does.
    """
    postgresql = conn.dialect.name == "postgresql"
    stored: dict[str, SortKey] = {
        **{name: text.collate("C") if postgresql else text for name, text in _ORDERED.items()},
        "modified": _T.at,
        "data_processed": _T.at,
        "metadata_processed": _L.modified_us,
        "records_count": _V.rows,
    }
    if any(name not in stored for name, _ in keys):
        return None
    return (
        *(stored[name].desc() if descending else stored[name].asc() for name, descending in keys),
        *NEWEST,
    )


def counted(conn: Connection, name: str, where: ColumnElement[bool]) -> Counter[str] | None:
    """How many tables have each value of a field; None for a field that the database does not tell apart as
    we do.
    """
    stored = {
        **_WORDS,
        "license": _D.licence,
        "territory": _D.spatial,
        "theme": _L.themes,
        "keyword": listed_keywords.c.keyword,
        "modified": extract("year", _T.at),
    }
    counts: Counter[str] = Counter()
    if name == "features":
        for row in conn.execute(
            select(_T.geo, _T.dated, func.count().label("n"))
            .select_from(TABLES)
            .where(where)
            .group_by(_T.geo, _T.dated)
        ):
            counts.update(dict.fromkeys(describe.features(geo=row.geo, dated=row.dated), row.n))
        return counts
    if name not in stored:
        return None
    value = stored[name]
    source = (
        TABLES.join(listed_keywords, listed_keywords.c.dataset == _T.dataset) if name == "keyword" else TABLES
    )
    for row in conn.execute(
        select(value.label("value"), func.count().label("n")).select_from(source).where(where).group_by(value)
    ):
        if name == "theme":
            counts.update(dict.fromkeys(_themes(row.value), row.n))
        elif name == "license":
            counts[describe.licence_title(row.value)] += row.n
        elif row.value != "":
            counts[f"{int(row.value):04d}" if name == "modified" else row.value] += row.n
    return counts


@lru_cache(maxsize=4096)
def _themes(stored: str) -> tuple[str, ...]:
    return tuple(describe.themes(codec.loads(tuple[str, ...], stored)))


@lru_cache(maxsize=4096)
def _keywords(stored: str) -> tuple[str, ...]:
    return codec.loads(tuple[str, ...], stored)


@dataclass(frozen=True, slots=True)
class Light:
    """A table with its fields alone."""

    resource: str
    flat: Mapping[str, Json]


def lights(conn: Connection, links: Links, where: ColumnElement[bool]) -> Iterator[Light]:
    """The tables that pass a condition, the newest first."""
    query = (
        select(
            _T.resource,
            _NAME.label("name"),
            _T.at,
            _T.geo,
            _T.dated,
            _T.first,
            _SEVERAL.label("several"),
            _L.modified_us,
            _D.id,
            _D.title,
            _D.description,
            _D.themes,
            _D.keywords,
            _D.licence,
            _D.language,
            _D.spatial,
            _D.frequency,
            _O.name.label("publisher"),
            _R.title.label("part"),
            _V.rows,
        )
        .select_from(TABLES)
        .where(where)
        .order_by(*NEWEST)
    )
    for row in conn.execute(query):
        described = describe.Told(
            f"{row.title} — {row.part}" if row.several and row.name != row.id else row.title,
            row.description,
            _themes(row.themes),
            _keywords(row.keywords),
            row.licence,
            row.language,
            row.at,
            listing.moment(row.modified_us),
            row.spatial,
            row.rows,
            row.publisher,
            links.dataset(row.id),
            row.frequency,
        )
        yield Light(
            row.resource,
            {
                **describe.flat(described),
                **describe.head(row.name, describe.features(geo=row.geo, dated=row.dated)),
            },
        )
