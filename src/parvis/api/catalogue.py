"""Questions about the catalogue itself, in the same language, answered over its entries: some thousands of rows at most, all in memory.

Fields are the flat names of `metas.default`, and `dataset_id`; the dotted form (`default.title`) names the same. What the language says of comparisons with a
missing value, of `not` and of dates holds here too. Arithmetic, functions of dates and groups are left to the records of a dataset.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from parvis.api import describe
from parvis.catalogue.entries import Entry
from parvis.core.errors import BadQuery
from parvis.core.types import Json
from parvis.query import instants, parser, words
from parvis.query import tree as q
from parvis.query.ask import Ask, bounded

FACETS = ("publisher", "keyword", "theme", "features", "language", "license", "modified", "territory")

Flat = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Row:
    """One dataset: as it is answered, and flat, as it is asked."""

    whole: Mapping[str, Json]
    flat: Flat


def rows(entries: Sequence[Entry]) -> list[Row]:
    """Every table of the catalogue, newest first."""
    found: list[Row] = []
    for entry in entries:
        for item in entry.items:
            whole = describe.summary(entry, item)
            top = {k: v for k, v in whole.items() if k not in ("metas", "fields", "attachments")}
            found.append(Row(whole, {**describe.default(entry, item), **top}))
    return sorted(found, key=lambda r: str(r.flat["modified"]), reverse=True)


def chosen(found: Sequence[Row], ask: Ask, *, now: datetime) -> list[Row]:
    """Those that pass `where`, `refine` and `exclude`. Raises BadQuery."""
    test = _Test("where", ask, now)
    nodes = [node for text in ask.where if (node := parser.where(text)) is not None]
    refined = [(parser.refine(r, "refine"), True) for r in ask.refine if r.strip()] + [(parser.refine(r, "exclude"), False) for r in ask.exclude if r.strip()]
    probe: Flat = found[0].flat if found else {}
    for one, _ in refined:
        if found:
            _value(probe, one.name, one, "refine")
    return [
        row
        for row in found
        if all(test.holds(node, row.flat) for node in nodes) and all(_under(row.flat, one.name, one.value, ask.timezone) is keep for one, keep in refined)
    ]


def page(found: Sequence[Row], ask: Ask) -> list[Mapping[str, Json]]:
    """Ordered, cut and shaped. Raises BadQuery."""
    if ask.group_by.strip():
        raise _refused("group_by is not available on the catalogue", q.Null(), "group_by")
    ordered = list(found)
    for item in reversed(parser.order_by(ask.order_by)):
        if isinstance(item, q.Order) and isinstance(item.value, q.Name):
            name = item.value.name
            if found:
                _value(found[0].flat, name, item.value, "order_by")
            ordered.sort(key=lambda r: _order(_get(r.flat, name)), reverse=item.descending)
            ordered.sort(key=lambda r: _get(r.flat, name) is None)
    limit = bounded(ask, grouped=False)
    ordered = ordered[ask.offset : ask.offset + limit if limit >= 0 else None]
    items = parser.select(ask.select)
    if not items or any(isinstance(i, q.Everything) for i in items):
        return [r.whole for r in ordered]
    return [_shaped(r, items) for r in ordered]


def _shaped(row: Row, items: Sequence[q.SelectItem]) -> Mapping[str, Json]:
    made: dict[str, Json] = {}
    for item in items:
        if isinstance(item, q.Include):
            names = [n for n in row.flat if any(n == p or (p.endswith("*") and n.startswith(p[:-1])) for p in item.patterns) is item.keep]
            made |= {n: row.flat[n] for n in names}
        elif isinstance(item, q.Item) and isinstance(item.value, q.Name):
            name = item.value.name
            made[item.alias or name.rpartition(".")[2]] = _value(row.flat, name, item.value, "select")
        elif isinstance(item, q.Item) and isinstance(item.value, q.Text | q.Number | q.Boolean):
            made[item.alias or item.written] = item.value.value
        elif isinstance(item, q.Item):
            raise _refused("expressions are not available in a select on the catalogue", item.value, "select")
    return made


def facets(found: Sequence[Row], wanted: Sequence[str], ask: Ask) -> list[dict[str, Json]]:
    """Values and counts under each facet."""
    asked = [one for text in wanted for one in parser.facet(text)] or [q.Facet(n) for n in FACETS]
    refined = {(r.name, r.value) for r in (parser.refine(text) for text in ask.refine if text.strip())}
    answer: list[dict[str, Json]] = []
    for one in asked:
        if found:
            _value(found[0].flat, one.name, one, "facet")
        counts = Counter(v for row in found for v in _texts(_get(row.flat, one.name), one.name))
        by_count = one.sort in (None, "-count", "count")
        ordered = sorted(counts.items(), key=lambda p: (-p[1], p[0])) if by_count else sorted(counts.items(), reverse=one.sort == "-alphanum")
        values: list[Json] = [
            {"name": v, "count": n, "value": v, "state": "refined" if (one.name, v) in refined else "displayed"} for v, n in ordered[: one.limit or 100]
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


def _value(flat: Flat, name: str, node: q.Spot, clause: str) -> Json:
    if name.removeprefix("metas.").removeprefix("default.") not in flat:
        raise _refused(f"Unknown field: {name}", node, clause)
    return _get(flat, name)


def _refused(message: str, node: q.Spot, clause: str) -> BadQuery:
    return BadQuery(f"ODSQL query is malformed: {message}. Clause(s) containing the error(s): {clause}.", at=node.at, code="ODSQLError", clause=clause)


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
                return _compare(">=" if from_in else ">", subject, self.value(low, flat)) and _compare("<=" if to_in else "<", subject, self.value(high, flat))
            case q.Holds(item, name):
                return _compare("=", self.value(name, flat), self.value(item, flat))
            case q.Like(left, pattern):
                text = _said([self.value(left, flat)])
                return all(_found(text, w.strip("%")) for w in words.terms(pattern.replace("%", " ")))
            case q.Is(left, what, negated):
                return (self.value(left, flat) is what) is not negated
            case q.Text(said):
                return all(_found(_said(flat.values()), w) for w in words.terms(said))
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
        text = _said(named or flat.values())
        if name == "startswith":
            return any(isinstance(v, str) and v.startswith(last.value) for v in (named or flat.values()))
        return all(_found(text, w, start=True) for w in words.terms(last.value))

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
                settings = [(a.name, a.value) for a in arguments if isinstance(a, q.Setting) and a.name in instants.NOW_SETTINGS]
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
    if isinstance(right, list | dict) or isinstance(left, dict) or isinstance(left, str) is not isinstance(right, str):
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
    return {"=": inside, "!=": not inside, "<": moment < low, "<=": moment < high, ">": moment >= high, ">=": moment >= low}[op]


def _said(values: Iterable[Json | _Moment]) -> str:
    return "\n".join(", ".join(map(str, v)) if isinstance(v, list) else v for v in values if isinstance(v, str | list))


def _found(text: str, word: str, *, start: bool = False) -> bool:
    pattern = words.start(word) if start else words.whole(word)
    return re.search(pattern.replace(r"[^\p{L}\p{N}]", r"[\W_]"), text) is not None
