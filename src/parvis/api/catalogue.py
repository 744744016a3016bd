"""Questions about the catalogue itself, in the same language: which tables match and in which order, then
those of one page, or all of them as they come.

Fields are the flat names of `metas.default`, and `dataset_id`; the dotted form (`default.title`) names the
same. What the language says of comparisons with a missing value, of `not` and of dates holds here too.
Arithmetic, functions of dates and groups are left to the records of a dataset.

The database answers what it can (`catalogue_sql`): facets chosen, comparisons, the usual orders. Words inside
texts, and whatever else it has no way to say, are looked for in one short row a table.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from sqlalchemy import ColumnElement, Connection, func, select

from parvis.api import catalogue_sql as sql
from parvis.api import describe
from parvis.catalogue import entries
from parvis.catalogue.links import Links
from parvis.core.errors import BadQuery
from parvis.core.types import Json
from parvis.query import instants, parser, text_search
from parvis.query import tree as q
from parvis.query.question import Ask, bounded
from parvis.store.database import Database

FACETS = ("publisher", "keyword", "theme", "features", "language", "license", "modified", "territory")

BATCH = 100
"""Tables described at once."""

Flat = Mapping[str, Json]

PROBE: Flat = dict.fromkeys(sql.FIELDS)


@dataclass(frozen=True, slots=True)
class Row:
    """One table: as it is answered, and flat, as it is asked."""

    whole: Mapping[str, Json]
    flat: Flat


@dataclass(frozen=True, slots=True)
class Chosen:
    """The tables that a question asks for. flats: those that pass what only Python can say, newest first;
    None when SQL says it all.
    """

    condition: ColumnElement[bool]
    flats: Sequence[sql.Light] | None


def chosen(conn: Connection, links: Links, ask: Ask, *, now: datetime) -> Chosen:
    """Those that pass `where`, `refine` and `exclude`. Raises BadQuery."""
    if ask.group_by.strip():
        raise _refused("group_by is not available on the catalogue", q.Null(), "group_by")
    conditions: list[ColumnElement[bool]] = []
    tests: list[Callable[[Flat], bool]] = []
    refined = [(parser.refine(r, "refine"), True) for r in ask.refine if r.strip()] + [
        (parser.refine(r, "exclude"), False) for r in ask.exclude if r.strip()
    ]
    for one, keep in refined:
        name = _known(one.name, one, "refine")
        tested = sql.refined(name, one.value, ask.timezone)
        if tested is not None:
            conditions.append(tested if keep else ~tested)
        else:
            tests.append(
                lambda flat, name=name, value=one.value, keep=keep: (
                    _under(flat, name, value, ask.timezone) is keep
                )
            )
    test = _Test("where", ask, now)
    trees = [tree for text in ask.where if (tree := parser.where(text)) is not None]
    for node in (part for tree in trees for part in (tree.parts if isinstance(tree, q.Every) else (tree,))):
        test.holds(node, PROBE)  # whatever is wrong with it is said, be there one table or none
        tested = sql.condition(node, ask.timezone)
        if tested is not None:
            conditions.append(tested)
        else:
            tests.append(lambda flat, node=node: test.holds(node, flat))
    condition = sql.every(conditions)
    flats = (
        [light for light in sql.lights(conn, links, condition) if all(t(light.flat) for t in tests)]
        if tests
        else None
    )
    return Chosen(condition, flats)


def total(conn: Connection, selection: Chosen) -> int:
    """How many they are."""
    return (
        len(selection.flats)
        if selection.flats is not None
        else conn.execute(
            select(func.count()).select_from(sql.TABLES).where(selection.condition)
        ).scalar_one()
    )


def ordered(conn: Connection, links: Links, selection: Chosen, ask: Ask) -> Sequence[str]:
    """Resources of those that the page holds, in order; all of them for an export. Raises BadQuery."""
    items = [(i, i.value) for i in parser.order_by(ask.order_by) if isinstance(i, q.Order)]
    orders = [
        (_known(named.name, named, "order_by"), i.descending)
        for i, named in items
        if isinstance(named, q.Name)
    ]
    limit = bounded(ask, grouped=False)
    order = sql.order(conn, orders) if selection.flats is None else None
    if order is not None:
        query = select(sql.RESOURCE).select_from(sql.TABLES).where(selection.condition).order_by(*order)
        return conn.execute(query.limit(limit if limit >= 0 else None).offset(ask.offset)).scalars().all()
    lights = list(
        selection.flats if selection.flats is not None else sql.lights(conn, links, selection.condition)
    )
    for name, descending in reversed(orders):
        lights.sort(key=lambda one: _order(_get(one.flat, name)), reverse=descending)
        lights.sort(key=lambda one: _get(one.flat, name) is None)
    return [one.resource for one in lights[ask.offset : ask.offset + limit if limit >= 0 else None]]


def rows(db: Database, links: Links, resources: Sequence[str]) -> Iterator[Row]:
    """Those tables, described, in that order, a batch at a time: no connection is held in between. One that
    was withdrawn since is left out.
    """
    for start in range(0, len(resources), BATCH):
        wanted = resources[start : start + BATCH]
        with db.read() as conn:
            by_name = {
                i.resource.id: (e, i)
                for e in entries.entries(conn, links, only={name.partition("/")[0] for name in wanted})
                for i in e.items
            }
        for name in wanted:
            if name in by_name:
                entry, item = by_name[name]
                whole = describe.summary(entry, item)
                top = {k: v for k, v in whole.items() if k not in ("metas", "fields", "attachments")}
                yield Row(whole, {**describe.default(entry, item), **top})


def shaped(rows_: Iterable[Row], ask: Ask) -> Iterator[Mapping[str, Json]]:
    """What `select` asks of each. Raises BadQuery."""
    items = parser.select(ask.select)
    whole = not items or any(isinstance(i, q.Everything) for i in items)
    return (row.whole for row in rows_) if whole else (_shaped(row, items) for row in rows_)


def _shaped(row: Row, items: Sequence[q.SelectItem]) -> Mapping[str, Json]:
    record: dict[str, Json] = {}
    for item in items:
        if isinstance(item, q.Include):
            names = [
                n
                for n in row.flat
                if any(n == p or (p.endswith("*") and n.startswith(p[:-1])) for p in item.patterns)
                is item.keep
            ]
            record |= {n: row.flat[n] for n in names}
        elif isinstance(item, q.Item) and isinstance(item.value, q.Name):
            name = item.value.name
            record[item.alias or name.rpartition(".")[2]] = _value(row.flat, name, item.value, "select")
        elif isinstance(item, q.Item) and isinstance(item.value, q.Text | q.Number | q.Boolean):
            record[item.alias or item.written] = item.value.value
        elif isinstance(item, q.Item):
            raise _refused("expressions are not available in a select on the catalogue", item.value, "select")
    return record


def facets(
    conn: Connection, links: Links, selection: Chosen, wanted: Sequence[str], ask: Ask
) -> list[dict[str, Json]]:
    """Values and counts under each facet."""
    facets_ = [one for text in wanted for one in parser.facet(text)] or [q.Facet(n) for n in FACETS]
    refined = {(r.name, r.value) for r in (parser.refine(text) for text in ask.refine if text.strip())}
    answer: list[dict[str, Json]] = []
    flats = selection.flats
    for one in facets_:
        name = _known(one.name, one, "facet")
        counts = sql.counted(conn, name, selection.condition) if flats is None else None
        if counts is None:
            flats = flats if flats is not None else list(sql.lights(conn, links, selection.condition))
            counts = Counter(v for light in flats for v in _texts(_get(light.flat, name), name))
        by_count = one.sort in (None, "-count", "count")
        ordered_ = (
            sorted(counts.items(), key=lambda p: (-p[1], p[0]))
            if by_count
            else sorted(counts.items(), reverse=one.sort == "-alphanum")
        )
        values: list[Json] = [
            {
                "name": v,
                "count": n,
                "value": v,
                "state": "refined" if (one.name, v) in refined else "displayed",
            }
            for v, n in ordered_[: one.limit or 100]
        ]
        answer.append({"name": one.name, "facets": values})
    return answer


def _texts(value: Json, name: str) -> list[str]:
    if value is None:
        return []
    if isinstance(value, list):
        return [str(v) for v in value]
    return [str(value)[:4] if name == "modified" else str(value)]


def _get(flat: Flat, name: str) -> Json:
    return flat.get(name.removeprefix("metas.").removeprefix("default."))


def _known(name: str, node: q.Spot, clause: str) -> str:
    """The bare name of a field. Raises BadQuery."""
    bare = name.removeprefix("metas.").removeprefix("default.")
    if bare not in sql.FIELDS:
        raise _refused(f"Unknown field: {name}", node, clause)
    return bare


def _value(flat: Flat, name: str, node: q.Spot, clause: str) -> Json:
    return flat[_known(name, node, clause)]


def _refused(message: str, node: q.Spot, clause: str) -> BadQuery:
    return BadQuery(
        f"ODSQL query is malformed: {message}. Clause(s) containing the error(s): {clause}.",
        at=node.at,
        code="ODSQLError",
        clause=clause,
    )


def _order(value: Json) -> tuple[int, float, str]:
    if isinstance(value, bool) or value is None:
        return (0, float(bool(value)), "")
    if isinstance(value, int | float):
        return (1, float(value), "")
    return (2, 0.0, ", ".join(map(str, value)) if isinstance(value, list) else str(value))


def _under(flat: Flat, name: str, value: str, zone: str) -> bool:
    held = _get(flat, name)
    if isinstance(held, list):
        return value in map(str, held)
    if name.endswith(("modified", "processed")):
        return _compare("=", held, _Moment(value, zone))
    return held is not None and str(held) == value


class _Moment:
    """A date of the query, as an interval."""

    def __init__(self, text: str, zone: str) -> None:
        self.span = instants.interval(text, zone)


@dataclass(frozen=True, slots=True)
class _Test:
    """A condition on one row."""

    clause: str
    ask: Ask
    now: datetime

    def holds(self, node: q.Node, flat: Flat) -> bool:
        match node:
            case q.Every(parts):
                return all(self.holds(p, flat) for p in parts)
            case q.Some(parts):
                return any(self.holds(p, flat) for p in parts)
            case q.Not(part):
                return not self.holds(part, flat)
            case q.Compare(op, left, right):
                return _compare(op, self.value(left, flat), self.value(right, flat))
            case q.Among(left, items):
                return any(_compare("=", self.value(left, flat), self.value(i, flat)) for i in items)
            case q.Between(left, low, high, from_in, to_in):
                subject = self.value(left, flat)
                return _compare(">=" if from_in else ">", subject, self.value(low, flat)) and _compare(
                    "<=" if to_in else "<", subject, self.value(high, flat)
                )
            case q.Holds(item, name):
                return _compare("=", self.value(name, flat), self.value(item, flat))
            case q.Like(left, pattern):
                text = _only_texts([self.value(left, flat)])
                return all(_matches(text, w.strip("%")) for w in text_search.terms(pattern.replace("%", " ")))
            case q.Is(left, what, negated):
                return (self.value(left, flat) is what) is not negated
            case q.Text(said):
                text = _only_texts(_get(flat, field) for field in sql.WORDED)
                return all(_matches(text, w) for w in text_search.terms(said))
            case q.Call(name, arguments) if name in ("search", "suggest", "startswith"):
                return self.searched(name, arguments, node, flat)
            case q.Name() | q.Boolean():
                return self.value(node, flat) is True
            case _:
                raise _refused("this condition is not available on the catalogue", node, self.clause)

    def searched(self, name: str, arguments: tuple[q.Node, ...], node: q.Node, flat: Flat) -> bool:
        *fields, last = arguments or (q.Null(),)
        if not isinstance(last, q.Text):
            raise _refused(f"invalid_function(): {name}() ends with a quoted text", node, self.clause)
        named = [self.value(f, flat) for f in fields if not isinstance(f, q.Star)]
        text = _only_texts(named or [_get(flat, field) for field in sql.WORDED])
        if name == "startswith":
            return any(isinstance(v, str) and v.startswith(last.value) for v in (named or flat.values()))
        return all(_matches(text, w, start=True) for w in text_search.terms(last.value))

    def value(self, node: q.Node, flat: Flat) -> Json | _Moment:
        match node:
            case q.Text(v) | q.Number(v) | q.Boolean(v):
                return v
            case q.Null():
                return None
            case q.Moment(said):
                moment = _Moment(said, self.ask.timezone)
                if moment.span is None:
                    raise _refused(f"invalid date: {said[:60]}", node, self.clause)
                return moment
            case q.Name(name):
                return _value(flat, name, node, self.clause)
            case q.Call("now", arguments):
                settings = [
                    (a.name, a.value)
                    for a in arguments
                    if isinstance(a, q.Setting) and a.name in instants.NOW_SETTINGS
                ]
                try:
                    return instants.now(self.now, self.ask.timezone, settings).isoformat()
                except (ValueError, OverflowError) as wrong:
                    raise _refused("invalid_function(): now() is out of range", node, self.clause) from wrong
            case _:
                raise _refused("this expression is not available on the catalogue", node, self.clause)


def _compare(op: str, left: Json | _Moment, right: Json | _Moment) -> bool:
    """A comparison with what is missing is false; a list passes when any element does."""
    if left is None or right is None or isinstance(left, _Moment):
        return False
    if isinstance(left, list):
        return (op == "=" and right in left) or (op == "!=" and bool(left) and right not in left)
    if isinstance(right, _Moment):
        return _in_span(op, left, right)
    if (
        isinstance(right, list | dict)
        or isinstance(left, dict)
        or isinstance(left, str) is not isinstance(right, str)
    ):
        return False
    a, b = (left, right) if isinstance(left, str) else (_order(left), _order(right))
    return {"=": a == b, "!=": a != b, "<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[op]  # pyright: ignore[reportOperatorIssue] (of one type)


def _in_span(op: str, left: Json, right: _Moment) -> bool:
    if right.span is None or not isinstance(left, str):
        return False
    try:
        moment = datetime.fromisoformat(left)
    except ValueError:
        return False
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    low, high = right.span.low_utc, right.span.high_utc
    inside = low <= moment < high
    return {
        "=": inside,
        "!=": not inside,
        "<": moment < low,
        "<=": moment < high,
        ">": moment >= high,
        ">=": moment >= low,
    }[op]


def _only_texts(values: Iterable[Json | _Moment]) -> str:
    """The texts among them. Asked of every table of the catalogue: most values are texts."""
    return "\n".join(
        [v if type(v) is str else ", ".join(map(str, v)) for v in values if type(v) is str or type(v) is list]
    )


def _matches(text: str, word: str, *, start: bool = False) -> bool:
    letters, token = _patterns(word, start)
    return letters.search(text) is not None and token.search(text) is not None


@lru_cache(maxsize=128)
def _patterns(word: str, start: bool) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The letters of a token, wherever they are, which is soon looked for; and the token between its edges."""
    token = text_search.start(word) if start else text_search.whole(word)
    return (
        re.compile(f"(?i){text_search.spelled(word)}"),
        re.compile(token.replace(r"[^\p{L}\p{N}]", r"[\W_]")),
    )
