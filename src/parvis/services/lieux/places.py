"""Public places, read from the table that a city publishes: their hours, less what it closes out of turn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pyarrow as pa

from parvis.methods.hours import territory
from parvis.methods.hours.values import Hours, Rule
from parvis.services.open_places import OpenPlace, point, understood, words


@dataclass(frozen=True, slots=True)
class Place(OpenPlace):
    """One public place. closing: what escapes its hours, as the city wrote it; free: nothing to pay; cool: fresh in summer."""

    closing: str
    free: bool | None
    cool: bool | None


def places(table: pa.Table) -> list[Place]:
    """The rows that have a position; the others cannot be gone to."""
    return [place for row in table.to_pylist() if (place := _place(row)) is not None]


def _place(row: Mapping[str, object]) -> Place | None:
    spot = point(row)
    if spot is None:
        return None
    text, closing = words(row, "horaires"), words(row, "fermeture_exceptionnelle")
    return Place(
        id=words(row, "id"),
        name=words(row, "nom"),
        kind=words(row, "type"),
        address=words(row, "adresse"),
        phone=words(row, "telephone"),
        text=text,
        hours=less(understood(text), closing),
        wheelchair=_yes(row, "accessible_fauteuil"),
        checked=words(row, "date_maj"),
        territory=territory.of(words(row, "code_insee")),
        lon=spot[0],
        lat=spot[1],
        closing=closing,
        free=_yes(row, "gratuit"),
        cool=_yes(row, "climatise"),
    )


def less(hours: Hours | None, closing: str) -> Hours | None:
    """The hours with what a sentence closes taken away. A sentence that is not understood as a closing leaves nothing sure:
    what was open is then unknown, with the sentence beside it.
    """
    if hours is None or not closing.strip():
        return hours
    closed = _closings(closing)
    if closed is None:

        def doubtful(rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
            return tuple(
                replace(r, state="unknown", comment=closing) if r.state == "open" else r for r in rules
            )

        return replace(hours, rules=doubtful(hours.rules), others=tuple(map(doubtful, hours.others)))
    more, doubts = closed
    return replace(
        hours,
        rules=(*hours.rules, *more),
        others=tuple((*rules, *more) for rules in hours.others),
        doubts=(*hours.doubts, *doubts),
    )


def _closings(text: str) -> tuple[tuple[Rule, ...], tuple[str, ...]] | None:
    """The rules of a sentence that only closes, on days that it names, and what is taken for granted in them; None where
    it says anything else.
    """
    read = understood(text)
    if read is None or read.others:
        return None
    rules = [r for r in read.rules if r.state != "unknown" or r.dates or r.times]
    return (
        (tuple(rules), read.doubts) if rules and all(r.state == "closed" and r.dates for r in rules) else None
    )


def _yes(row: Mapping[str, object], name: str) -> bool | None:
    value = row.get(name)
    return value if isinstance(value, bool) else None
