"""The week of a text that is nothing but days, times and closings, read by their order alone: what stands behind days is theirs, or
what stands before them where the text begins with times. Used to check what the grammar made of it, never as an answer.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from parvis.methods.hours.french_evidence import Sign

Spans = tuple[tuple[int, int], ...]
"""Minutes from and to, in order; past midnight from 1440 on."""
Week = dict[int, list[Spans]]
"""For each weekday that is named, the hours that it may have: those said last, or with the earlier ones. None: closed."""

_PLAIN = frozenset(
    {
        "day",
        "clock",
        "number",
        "closed",
        "link",
        "and",
        "comma",
        "colon",
        "break",
        "(",
        ")",
        "word",
        "counted",
    }
)
_LED = frozenset({"de", "du", "entre", "le", "les", "au", "d'", "l'"})


class _Item(NamedTuple):
    """Days, or the times of one stretch, or a closing (neither)."""

    days: frozenset[int] = frozenset()
    span: tuple[int, int] | None = None


def week(signs: Sequence[Sign]) -> Week | None:
    """The week; None where the text holds more than that, or its order is not clear.

    >>> from parvis.methods.hours.french_evidence import evidence
    >>> week(evidence("Lundi et mardi 9h-12h ; jeudi : fermé"))
    {0: [((540, 720),)], 1: [((540, 720),)], 3: [()]}
    """
    if any(s.kind not in _PLAIN for s in signs):
        return None
    items = list(_items(signs))
    if (
        None in items
        or not any(one and one.days for one in items)
        or not any(one and one.span for one in items)
    ):
        return None
    groups = _groups([one for one in items if one is not None])
    if groups is None:
        return None
    out: Week = {}
    for days, spans in groups:
        for day in days:
            before = out.get(day, [])
            more = [(*old, *spans) for old in before if old and spans and old[-1][1] <= spans[0][0]]
            out[day] = [spans, *more]
    return out


def _items(signs: Sequence[Sign]) -> Iterator[_Item | None]:
    """None where clocks do not come in pairs."""
    i = 0
    while i < len(signs):
        one = signs[i]
        if one.kind == "day":
            days = set(one.values)
            end = i + 1
            while (following := _next_day(signs, end)) is not None:
                days |= set(signs[following].values)
                end = following + 1
            yield _Item(days=frozenset(days))
            i = end
        elif one.kind == "closed":
            yield _Item()
            i += 1
        elif one.kind in ("clock", "number"):
            pair = _paired(signs, i)
            if pair is None:
                if one.kind == "clock":
                    yield None
                i += 1
                continue
            start, end = one.values[0], signs[pair].values[0]
            yield _Item(span=(start, end if end > start else end + 1440))
            i = pair + 1
        else:
            i += 1


def _next_day(signs: Sequence[Sign], at: int) -> int | None:
    """« lundi, mardi et le jeudi », « lundi / jeudi »: the next day of the list."""
    for i in range(at, min(at + 3, len(signs))):
        if signs[i].kind == "day":
            return i
        if signs[i].kind not in ("and", "comma", "link") and signs[i].text not in _LED:
            return None
    return None


def _paired(signs: Sequence[Sign], at: int) -> int | None:
    """Where the end is of a stretch that begins here."""
    for i in range(at + 1, min(at + 4, len(signs))):
        if signs[i].kind in ("clock", "number"):
            linked = any(s.kind in ("link", "and") for s in signs[at + 1 : i])
            return i if linked or (i == at + 1 and signs[i].kind == signs[at].kind == "clock") else None
        if signs[i].kind not in ("link", "and") and signs[i].text not in ("jusque", "de"):
            return None
    return None


def _groups(items: Sequence[_Item]) -> list[tuple[frozenset[int], Spans]] | None:
    """Days with their times; times are theirs that stand behind, or before where the text begins with times."""
    runs = [
        (kind, list(run))
        for kind, run in itertools.groupby(
            items, key=lambda one: "D" if one.days else "T" if one.span else "C"
        )
    ]
    order = "".join(kind for kind, _ in runs)
    if any(kind == "D" and len(run) > 1 for kind, run in runs):
        return None
    if order.startswith("T"):
        if order != "TD" * (len(order) // 2):
            return None
        return [
            (_days(behind), _spans(ahead))
            for (_, ahead), (_, behind) in zip(runs[::2], runs[1::2], strict=True)
        ]
    out: list[tuple[frozenset[int], Spans]] = []
    while runs:
        (kind, run), following = runs[0], order[1:3]
        if kind == "D" and following[:1] in ("T", "C"):
            out.append((_days(run), _spans(runs[1][1])))
        elif kind == "C" and following in ("D", "DC"):
            out.append((_days(runs[1][1]), ()))
        else:
            return None
        runs, order = runs[2:], order[2:]
    return out


def _days(run: Sequence[_Item]) -> frozenset[int]:
    return frozenset[int]().union(*(one.days for one in run))


def _spans(run: Sequence[_Item]) -> Spans:
    return tuple(one.span for one in run if one.span)
