"""By when the law wants it published, with the text that says so, and how late it is.

Rules are dated data: each names its source and since when it holds; a change of the law is a new line here.
"""

from __future__ import annotations

import calendar
from collections.abc import Set
from dataclasses import dataclass
from datetime import date, timedelta

from parvis.core.sentence import mark


@dataclass(frozen=True, slots=True)
class Rule:
    """What must be published by when. months, days: counted from `starts` (French words for people); least:
    cents from which it is owed, 0 always.
    """

    name: str
    what: str
    starts: str
    source: str
    since: date
    months: int = 0
    days: int = 0
    least: int = 0


RULES = (
    Rule(
        "subventions",
        mark("données essentielles d’une convention de subvention de plus de 23 000 €"),
        "signature de la convention",
        "Loi n° 2000-321 du 12 avril 2000, art. 10 ; décret n° 2017-779 du 5 mai 2017",
        date(2017, 8, 1),
        months=3,
        least=2_300_001,
    ),
    Rule(
        "marches",
        mark("données essentielles d’un marché de 40 000 € hors taxes ou plus"),
        "notification du marché",
        "Code de la commande publique, art. R. 2196-1",
        date(2024, 1, 1),
        months=2,
        least=4_000_000,
    ),
    Rule(
        "deliberations",
        mark("liste des délibérations examinées par le conseil"),
        "séance du conseil",
        "Code général des collectivités territoriales, art. L. 2121-25",
        date(2022, 7, 1),
        days=7,
    ),
    Rule(
        "budget",
        "documents budgétaires et leur présentation, en ligne",
        "adoption de la délibération",
        "Code général des collectivités territoriales, art. L. 2313-1 et R. 2313-8",
        date(2016, 6, 26),
        months=1,
    ),
)
"""By name."""


@dataclass(frozen=True, slots=True)
class Due:
    """By when, and how it stands at a day. state: `fait` in time, `tard` done late, `retard` overdue,
    `attente` still to come, `libre` not owed.
    """

    by: date | None
    state: str
    days: int
    """Days late (`tard`, `retard`) or left (`attente`); 0 otherwise."""


@dataclass(frozen=True, slots=True)
class Vote:
    """What the council must vote by a day of the year. after: years after that of the budget."""

    what: str
    documents: tuple[str, ...]
    month: int
    day: int
    after: int
    source: str


VOTES = (
    Vote(
        mark("vote du budget primitif"),
        ("budget primitif",),
        4,
        15,
        0,
        "CGCT, art. L. 1612-2 (le 30 avril l’année des élections)",
    ),
    Vote(
        mark("vote du compte administratif ou du compte financier unique"),
        ("compte administratif", "compte financier unique"),
        6,
        30,
        1,
        "Code général des collectivités territoriales, art. L. 1612-12",
    ),
)


def votes_due(published: Set[tuple[str, str]], today: date) -> list[tuple[Vote, str, date, str]]:
    """The votes that come next: (vote, year of the budget, by when, `attente` or `retard`). published:
    (document, year) of the budgets that are.

    Looked at for the budget of this year and the next, and for the accounts of the last two years; what is
    published is left out. A city that has published no budget at all is told nothing: nobody knows what it
    votes.
    """
    votes: list[tuple[Vote, str, date, str]] = []
    years = sorted(int(y) for _, y in published if y.isascii() and y.isdigit() and len(y) == 4)
    for vote in VOTES if years else ():
        for year in range(max(years[0], today.year - 2), today.year + 2):
            by = date(year + vote.after, vote.month, vote.day)
            if (
                any((d, str(year)) in published for d in vote.documents)
                or by.year > today.year + 1
                or (vote.after == 0 and year < today.year)
            ):
                continue
            votes.append((vote, str(year), by, "attente" if today <= by else "retard"))
    return votes


def rule(name: str) -> Rule:
    """Raises KeyError."""
    return {r.name: r for r in RULES}[name]


def later(start: date, months: int, days: int = 0) -> date:
    """A day so many months later; the last day of a month that is too short.

    >>> later(date(2026, 12, 31), 2)
    datetime.date(2027, 2, 28)
    """
    place = start.year * 12 + start.month - 1 + months
    year, month = place // 12, place % 12 + 1
    return date(year, month, min(start.day, calendar.monthrange(year, month)[1])) + timedelta(days=days)


def due(of: Rule, start: date, published: date | None, today: date, amount: int | None = None) -> Due:
    """How one thing stands. amount: cents; None is taken for owed."""
    if start < of.since or (amount is not None and amount < of.least):
        return Due(None, "libre", 0)
    by = later(start, of.months, of.days)
    if published is not None:
        return Due(by, "fait" if published <= by else "tard", max(0, (published - by).days))
    return Due(by, "retard" if today > by else "attente", abs((today - by).days))
