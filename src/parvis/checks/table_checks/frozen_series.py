"""A sensor that always says the same, among sensors of the same kind that move: it is stuck, or no longer
read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np
from sqlglot import exp

from parvis.checks.declaration import Check, English, Example
from parvis.checks.sql import call, surely, whole
from parvis.checks.typed_view import RECORD, RuleHit, Series, TypedView, cell, present, record_number

LENGTH = 24
"""Measures from which a series that never moves is suspect."""
FEW = 0.25
"""Share of frozen series above which the column is no measure but a constant of each series (a capacity, an
altitude); one may always be.
"""
LONGER = 5
"""Times the longest usual run of equal measures (98th percentile) from which one is a sensor that stopped."""
READ = 300_000
"""Rows up to which each series is read for a time without change."""
QUIET = 0.2
"""Share of zeros in the column from which a series of zeros is ordinary: nothing happens there."""


def _look(view: TypedView) -> Iterator[RuleHit]:
    series = view.series
    if series is None or not series.keys:
        return
    for value in series.values:
        low, high = exp.Min(this=cell(value)), exp.Max(this=cell(value))
        name = call("list_value", *(surely(cell(k), "VARCHAR") for k in series.keys))
        count = exp.Count(this=exp.Star())
        first = exp.Add(this=exp.Min(this=exp.column("file_row_number")), expression=whole(1))
        zeros = exp.Filter(
            this=count.copy(), expression=exp.Where(this=exp.EQ(this=cell(value), expression=whole(0)))
        )
        query = (
            view.select(name, count, low, high, first, zeros)
            .where(present(value), copy=False)
            .group_by(*(cell(k) for k in series.keys), copy=False)
        )
        every = [
            (tuple(n), c, lo, hi, at, z)
            for n, c, lo, hi, at, z in view.fetch(query)
            if isinstance(n, list) and isinstance(c, int) and isinstance(at, int) and isinstance(z, int)
        ]
        long = [row for row in every if row[1] >= LENGTH]
        frozen = [row for row in long if row[2] == row[3]]
        if sum(row[5] for row in every) >= QUIET * sum(row[1] for row in every):
            frozen = [row for row in frozen if row[2] != 0]
        still = _of_a_kind([row[0] for row in long], {row[0] for row in frozen})
        frozen = [row for row in frozen if row[0] not in still]
        stuck = [] if frozen else _stuck(view, series, value)
        if stuck and len(stuck) <= max(1, FEW * len(long)):
            yield RuleHit(
                value, len(stuck), tuple(stuck[: view.limit]), {"n": str(len(stuck)), "of": str(len(every))}
            )
        if frozen and len(long) > 1 and len(frozen) <= max(1, FEW * len(long)):
            rows = sorted((at, f"{' · '.join(n)} : {_short(lo)} × {c}") for n, c, lo, _, at, _ in frozen)
            yield RuleHit(
                value, len(frozen), tuple(rows[: view.limit]), {"n": str(len(frozen)), "of": str(len(long))}
            )


def _stuck(view: TypedView, series: Series, value: str) -> list[tuple[int, str]]:
    """Series that stop moving for a time: the record from which they do, and what is shown. Not at zero,
    where nothing happens.
    """
    if view.rows > READ:
        return []
    order = (*(cell(k) for k in series.keys), series.time.copy())
    number = record_number()
    measure = exp.Alias(this=surely(cell(value), "DOUBLE"), alias=exp.to_identifier("measure", quoted=True))
    of = exp.Alias(
        this=call("hash", *(cell(k) for k in series.keys)), alias=exp.to_identifier("of", quoted=True)
    )
    query = view.select(number, measure, of).where(present(value), copy=False).order_by(*order, copy=False)
    columns = view.arrays(query)
    numbers, values, keys = (np.asarray(columns[name]) for name in (RECORD, "measure", "of"))
    if len(values) < LENGTH:
        return []
    starts = np.flatnonzero(np.append(True, (values[1:] != values[:-1]) | (keys[1:] != keys[:-1])))
    runs = np.diff(np.append(starts, len(values)))
    moving = values[starts] != 0
    usual = float(np.quantile(runs[moving], 0.98)) if moving.any() else 0.0
    first: dict[int, int] = {}
    for i in np.flatnonzero(moving & (runs >= max(LENGTH, LONGER * usual))).tolist():
        first.setdefault(int(keys[starts[i]]), i)
    return sorted(
        (int(numbers[starts[i]]), _named(view, series, value, int(numbers[starts[i]]), int(runs[i])))
        for i in first.values()
    )


def _named(view: TypedView, series: Series, value: str, record: int, times: int) -> str:
    """The series of a record, what it measures there, and how many times in a row."""
    here = exp.EQ(this=exp.column("file_row_number"), expression=whole(record - 1))
    ((*name, measure),) = view.fetch(
        view.select(*(surely(cell(k), "VARCHAR") for k in series.keys), cell(value)).where(here, copy=False)
    )
    return f"{' · '.join(map(str, name))} : {_short(measure)} × {times}"


def _of_a_kind(every: list[tuple[str, ...]], frozen: set[tuple[str, ...]]) -> set[tuple[str, ...]]:
    """The frozen series that share a part of their key with others, all of them frozen: that kind does not
    move (a total, a capacity).
    """
    kinds: defaultdict[tuple[int, str], list[tuple[str, ...]]] = defaultdict(list)
    for name in every:
        for place, part in enumerate(name):
            kinds[place, part].append(name)
    return {name for names in kinds.values() if len(names) > 1 and frozen.issuperset(names) for name in names}


def _short(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


frozen_series = Check(
    name="frozen-series",
    title="Série figée",
    message="Colonne « {column} » : séries qui ne changent jamais de valeur : {n} sur {of}.",
    fix="Vérifiez ces capteurs sur place ; en attendant, retirez leurs mesures ou signalez-les comme douteuses.",
    why="Un capteur bloqué a l’air de fonctionner : on décide sur une valeur morte.",
    english=English(
        title="Frozen series",
        message="Column “{column}”: series that never change their value: {n} of {of}.",
        fix="Check these sensors on the spot; until then remove their measures or mark them as doubtful.",
        why="A stuck sensor looks as if it worked: people decide on a dead value.",
    ),
    severity="warning",
    dimension="accuracy",
    look=_look,
    examples=(
        Example(
            {},
            ("date", "capteur", "no2", "hauteur"),
            tuple(
                (
                    f"2026-01-{day:02}",
                    f"C{s}",
                    "31" if s == 4 else str(20 + (day * 7 + s * 3) % 11),
                    str(s + 2),
                )
                for day in range(1, 29)
                for s in range(6)
            ),
            (5,),
        ),
        Example(
            {},
            ("date", "capteur", "no2"),
            tuple(
                (
                    f"2026-{1 + day // 28:02}-{1 + day % 28:02}",
                    f"C{s}",
                    "31" if s == 1 and 20 <= day < 50 else str(20 + (day * 7 + s * 3) % 11),
                )
                for day in range(70)
                for s in range(3)
            ),
            (62,),
        ),
        Example(
            {},
            ("date", "capteur", "passages"),
            tuple(
                (f"2026-01-{day:02}", f"C{s}", "0" if s < 2 or day % 2 else str(day + s))
                for day in range(1, 29)
                for s in range(6)
            ),
            (),
        ),
    ),
)
