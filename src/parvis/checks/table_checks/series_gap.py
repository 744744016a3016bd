"""Moments that are missing from a series of measures: longer steps than its rhythm allows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray
from sqlglot import exp

from parvis.checks.declaration import Check, English, Example
from parvis.checks.sql import both, call, surely, text, whole
from parvis.checks.typed_view import RuleHit, Series, TypedView, cell

REGULAR = 0.8
"""Share of equal steps from which a series is regular: then each step longer than one and a half is a gap."""
LOOSE = 5
"""In an irregular series, times the median step (and beyond the 99th percentile) from which a step is a gap.
"""
RUN = 3
"""Moments in a row that one series must lack, where the others have them, to be told."""
WHOLE, SOME = 0.8, 0.34
"""Share of the other series that lack nothing, and share of the series that lack something at most."""


def _look(view: TypedView) -> Iterator[RuleHit]:
    series = view.series
    if series is None:
        return
    at = exp.Add(this=exp.Min(this=exp.column("file_row_number")), expression=whole(1))
    query = view.select(call("epoch", series.time.copy()), at).group_by(series.time.copy(), copy=False)
    moment_rows = sorted(
        (float(moment), row)
        for moment, row in view.fetch(query)
        if isinstance(moment, (int, float)) and isinstance(row, int)
    )
    if len(moment_rows) < 10:
        return
    moments, records = np.array([m for m, _ in moment_rows]), [r for _, r in moment_rows]
    steps = np.diff(moments)
    seen, counts = np.unique(np.round(steps), return_counts=True)
    usual = float(seen[counts.argmax()])
    regular = bool(counts.max() >= REGULAR * len(steps))
    if not regular and len(series.moments) == 1 and not series.keys:
        return
    limit = 1.5 * usual if regular else max(LOOSE * float(np.median(steps)), float(np.quantile(steps, 0.99)))
    gaps = [
        i
        for i in np.flatnonzero(steps > limit).tolist()
        if not (steps[i] == usual + 3600 and _clocks_change(moment_rows[i + 1][0]))
    ]
    told_of = (
        [(float(steps[i]), records[i + 1], _lasting(float(steps[i]))) for i in gaps]
        if len(gaps) <= max(3, 0.05 * len(steps))
        else []
    )
    told_of += _alone(view, series, moments) if series.keys else []
    if told_of:
        longest = max(lasting for lasting, _, _ in told_of)
        rows = sorted((record, moment_text) for _, record, moment_text in told_of)
        yield RuleHit(
            series.moments[0],
            len(told_of),
            tuple(rows[: view.limit]),
            {"n": str(len(told_of)), "longest": _lasting(longest)},
        )


def _alone(view: TypedView, series: Series, moments: NDArray[np.float64]) -> list[tuple[float, int, str]]:
    """Gaps of one series where the others were read: seconds, first record after, what is shown. moments: of
    all series, in order, shape (n,).

    Only where nearly all series are whole: sensors that are read each at its own pace say nothing.
    """
    spans, epoch = view.spans, call("epoch", series.time.copy())
    wanted = [
        int(np.searchsorted(moments, s.last, "right") - np.searchsorted(moments, s.first)) for s in spans
    ]
    short = [s.keys for s, of in zip(spans, wanted, strict=True) if of - s.moments >= RUN]
    whole_ones = sum(s.moments == of for s, of in zip(spans, wanted, strict=True))
    if (
        not short
        or len(spans) < 2
        or whole_ones < WHOLE * (len(spans) - len(short))
        or len(short) > max(1, SOME * len(spans))
    ):
        return []
    gaps: list[tuple[float, int, str]] = []
    for keys in short:
        mine = both(
            *(
                exp.EQ(this=surely(cell(k), "VARCHAR"), expression=text(str(v)))
                for k, v in zip(series.keys, keys, strict=True)
            )
        )
        number = exp.Add(this=exp.Min(this=exp.column("file_row_number")), expression=whole(1))
        rows = view.fetch(
            view.select(epoch.copy(), number).where(mine, copy=False).group_by(series.time.copy(), copy=False)
        )
        own = sorted(
            (float(at), record)
            for at, record in rows
            if isinstance(at, (int, float)) and isinstance(record, int)
        )
        places = np.searchsorted(moments, [at for at, _ in own])
        for i in np.flatnonzero(np.diff(places) > RUN).tolist():
            lasting = own[i + 1][0] - own[i][0]
            gaps.append((lasting, own[i + 1][1], f"{' · '.join(keys)} : {_lasting(lasting)}"))
    return gaps


def _clocks_change(moment: float) -> bool:
    """Whether European clocks change in the hours before a moment (seconds since 1970, UTC)."""
    at = datetime.fromtimestamp(moment, UTC)
    return at.month in (3, 10) and at.day >= 25 and at.isoweekday() == 7 and at.hour <= 3


def _lasting(seconds: float) -> str:
    """A lasting time that French and English readers read alike."""
    minutes = round(seconds / 60)
    if minutes < 120:
        return f"{minutes} min"
    if minutes < 2880:
        return f"{minutes // 60} h" if minutes % 60 == 0 else f"{minutes // 60} h {minutes % 60:02}"
    return f"{minutes // 1440} × 24 h"


series_gap = Check(
    name="series-gap",
    title="Trou dans une série",
    message="Série de mesures interrompue {n} fois, jusqu’à {longest} (colonne « {column} »).",
    fix="Cherchez les relevés qui manquent juste avant ces lignes ; s’ils sont perdus, dites-le dans la description du jeu.",
    why="Une moyenne ou un total calculé par-dessus un trou est faux sans que rien ne le montre.",
    english=English(
        title="Gap in a series",
        message="Interruptions in a series of measures: {n}, the longest of {longest} (column “{column}”).",
        fix="Look for the readings missing right before these rows; if they are lost, say so in the description of the dataset.",
        why="A mean or a total computed across a gap is wrong, and nothing shows it.",
    ),
    severity="warning",
    dimension="completeness",
    look=_look,
    examples=(
        Example(
            {},
            ("date", "mesure"),
            tuple((f"2026-01-{d:02}", str(d * 7 % 13)) for d in range(1, 32) if d not in (12, 13)),
            (12,),
        ),
        Example(
            {},
            ("date", "capteur", "mesure"),
            tuple(
                (f"2026-01-{d:02}", s, str(d * 7 % 13))
                for d in range(1, 32)
                for s in "ABC"
                if s != "B" or not 9 < d < 15
            ),
            (39,),
        ),
        Example(
            {},
            ("date", "montant"),
            tuple(
                (f"2026-{m:02}-{(m * 11 + d * 7) % 28 + 1:02}", str(m * d))
                for m in range(1, 12)
                for d in (1, 5)
            ),
            (),
        ),
    ),
)
