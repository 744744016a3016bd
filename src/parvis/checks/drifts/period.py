"""The table stops earlier than the version before, or jumps far ahead of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from parvis.checks.declaration import English
from parvis.checks.drift import RARE, Change, Comparison, Drift, Pair
from parvis.checks.version_profile import Numbers, filled

SHARE = 0.05
"""Share of the former rows that lie after the new end."""

AHEAD, YEAR = 5.0, 366.0
"""A jump is longer than so many times the former extent, and than a year."""


def _look(c: Comparison) -> Iterable[Change]:
    for column in c.shared:
        name = column.name
        if column.type not in ("date", "datetime", "year") or name not in c.before.numbers:
            continue
        was, now = filled(c.before.numbers[name]), filled(c.after.numbers[name])
        if len(was) < 5 or len(now) < 5:
            continue
        lost = float((was > now.max()).mean())
        if lost >= SHARE and (lost * len(now) >= RARE or c.settled):
            yield _change(c, name, column.type, was, now, "s’arrête plus tôt qu’avant")
        elif now.min() > was.max() + max(
            AHEAD * float(was.max() - was.min()), YEAR if column.type != "year" else 2
        ):
            yield _change(c, name, column.type, was, now, "saute loin en avant")


def _change(c: Comparison, name: str, kind: str, was: Numbers, now: Numbers, what: str) -> Change:
    sentence = (
        what
        if c.hidden(name)
        else f"{what} : {_at(float(was.max()), kind)} puis {_at(float(now.max()), kind)}"
    )
    return Change(name, {"what": sentence}, int((was > now.max()).sum()))


def _at(value: float, kind: str) -> str:
    if kind == "year":
        return f"{value:.0f}"
    try:
        return f"{date(1970, 1, 1) + timedelta(days=value):%d/%m/%Y}"
    except OverflowError:
        return "une date impossible"


_DAYS = tuple(f"2026-{1 + i // 28:02d}-{1 + i % 28:02d}" for i in range(112))

period = Drift(
    name="drift-period",
    title="Période qui recule ou qui saute",
    message="La colonne « {column} » {what}.",
    fix="Vérifiez que ce n’est pas un ancien fichier, et que l’année des dates est la bonne.",
    why="Un ancien fichier déposé à la place du nouveau fait reculer tous ceux qui s’y fient.",
    look=_look,
    dimension="currentness",
    english=English(
        "Period that goes back or jumps",
        "The dates of the column “{column}” go back or jump ahead ({what}).",
        "Check that this is not an old file, and that the year of the dates is right.",
        "An old file in place of the new one takes everyone who relies on it back in time.",
    ),
    examples=(
        Pair({"d": _DAYS}, {"d": _DAYS[:84]}, ("d",)),
        Pair({"d": _DAYS[:56]}, {"d": _DAYS}),
        Pair({"d": _DAYS[:56]}, {"d": _DAYS[28:84]}),
    ),
)
