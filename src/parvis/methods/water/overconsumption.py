"""The French rule of abnormal consumption of a dwelling, exactly: volumes in whole litres, shares of days as fractions.

Code général des collectivités territoriales, L. 2224-12-4 III bis, R. 2224-20-1 and R. 2224-19-2 (law 2011-525, décret
2012-1078).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Literal

BACK = 3
"""Years before whose equivalent periods are averaged."""

Cause = Literal["conduite", "appareil", "inconnue"]


@dataclass(frozen=True, slots=True)
class Span:
    """What was counted between two readings of a dwelling's meter, whoever lived there: [start, end), litres. A change of
    meter is the end of one span and the start of another.
    """

    start: date
    end: date
    litres: int

    def __post_init__(self) -> None:
        if self.end <= self.start or self.litres < 0:
            raise ValueError("a span ends after it begins, and counts no less than nothing")


@dataclass(frozen=True, slots=True)
class Window:
    """An equivalent period of a year before. litres: None where the spans do not cover it whole. days: that it has."""

    start: date
    end: date
    days: int
    litres: Fraction | None


@dataclass(frozen=True, slots=True)
class Judged:
    """What the rule says of a period. reference: litres, None where neither the dwelling nor its zone gives one. source:
    whose mean it is. abnormal: more than twice the reference, strictly.
    """

    litres: int
    windows: tuple[Window, ...]
    reference: Fraction | None
    source: Literal["logement", "zone", ""]
    abnormal: bool


@dataclass(frozen=True, slots=True)
class Due:
    """Litres to pay for. water: None while the check of the meter is pending. why: the rule that decides."""

    water: Fraction | None
    sewerage: Fraction | None
    why: Literal[
        "normal", "plafond", "non informé", "attestation", "compteur", "hors champ", "sans attestation"
    ]


def judge(period: Span, history: Sequence[Span], zone_litres_a_day: Fraction | None = None) -> Judged:
    """Hold a period against the mean of the equivalent periods of the three years before.

    history: spans of the same dwelling in any order, without overlap. A year whose equivalent period they do not cover whole is
    left out of the mean; where none is covered, that of comparable dwellings of the zone counts, by days. Raises ValueError
    for spans that overlap.
    """
    ordered = sorted(history, key=lambda s: s.start)
    if any(a.end > b.start for a, b in pairwise(ordered)):
        raise ValueError("spans overlap")
    windows = tuple(_window(period, back, ordered) for back in range(1, BACK + 1))
    known = [w.litres for w in windows if w.litres is not None]
    if known:
        own = sum(known, Fraction(0)) / len(known)
        return Judged(period.litres, windows, own, "logement", period.litres > 2 * own)
    if zone_litres_a_day is not None:
        alike = zone_litres_a_day * (period.end - period.start).days
        return Judged(period.litres, windows, alike, "zone", period.litres > 2 * alike)
    return Judged(period.litres, windows, None, "", False)


def due(
    judged: Judged,
    *,
    dwelling: bool,
    cause: Cause,
    informed: date | None,
    certificate: date | None,
    billed: date | None = None,
    meter_check: Literal["", "asked", "faulty", "sound"] = "",
) -> Due:
    """What of it is to be paid. informed: when the subscriber was told; at latest with the bill (billed). certificate: when the
    plumber's proof of repair, with place and date, reached the utility.

    A dwelling alone is protected. Not told in time: nothing beyond twice the reference. Told, and the repair of a pipe proved
    within one month: the same cap, and the leak is not billed as sewerage. A meter under check holds the excess back.
    """
    whole = Fraction(judged.litres)
    if not dwelling:
        return Due(whole, whole, "hors champ")
    if not judged.abnormal or judged.reference is None:
        return Due(whole, whole, "normal")
    cap = 2 * judged.reference
    if informed is None or (billed is not None and informed > billed):
        return Due(cap, whole if cause != "conduite" else judged.reference, "non informé")
    if meter_check == "asked":
        return Due(None, None, "compteur")
    if meter_check == "faulty":
        return Due(cap, judged.reference, "compteur")
    if cause != "conduite":
        return Due(whole, whole, "sans attestation")
    if certificate is None or certificate > one_month_after(informed):
        return Due(whole, whole, "sans attestation")
    return Due(cap, judged.reference, "attestation")


def one_month_after(day: date) -> date:
    """The same day of the next month, or its last where it has none such.

    >>> one_month_after(date(2026, 1, 31)).isoformat()
    '2026-02-28'
    """
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
    return _clamped(year, month, day.day)


def _window(period: Span, back: int, history: Sequence[Span]) -> Window:
    start, end = (_clamped(d.year - back, d.month, d.day) for d in (period.start, period.end))
    litres, covered = Fraction(0), 0
    for span in history:
        shared = (min(span.end, end) - max(span.start, start)).days
        if shared > 0:
            litres += Fraction(span.litres * shared, (span.end - span.start).days)
            covered += shared
    days = (end - start).days
    return Window(start, end, days, litres if covered == days and days > 0 else None)


def _clamped(year: int, month: int, day: int) -> date:
    while True:
        try:
            return date(year, month, day)
        except ValueError:
            day -= 1
