"""What follows the grammar of opening hours and says something else than its writer is likely to mean."""

from __future__ import annotations

import itertools
from dataclasses import replace

from parvis.core.sentence import mark
from parvis.methods.hours.values import DAY, Holiday, Hours, Months, Rule, Selector, Span, Weekdays, Weeks

NIGHT = "Une règle écrite plus loin prend tout le lendemain et coupe la nuit à minuit : écrivez-la avant, ou séparez-les par une virgule."

INSTEAD = mark(
    "Une règle écrite plus loin donne d’autres heures à certains jours, et leur ôte celles d’avant : pour les ajouter, séparez-les par une virgule."
)


def doubts(rules: tuple[Rule, ...]) -> list[str]:
    """What follows the grammar and says something else than its writer is likely to mean."""
    out: list[str] = []
    for i, rule in enumerate(rules):
        first: tuple[Selector, ...] = rule.dates[0] if rule.dates else ()
        kinds = {s.kind for s in first if isinstance(s, Holiday)}
        if not kinds or any(not isinstance(s, Holiday) for s in first):
            continue
        if any(
            r.joint == "normal"
            and r.state != "closed"
            and not any(isinstance(s, Holiday) for g in r.dates for s in g)
            for r in rules[i + 1 :]
        ):
            word = "fériés (PH)" if "PH" in kinds else "de vacances scolaires (SH)"
            out.append(
                f"Une règle écrite après celle des jours {word} l’annule : écrivez celle-ci en dernier."
            )
    for i, rule in enumerate(rules[1:], 1):
        if (
            not rules[i - 1].dates
            and not rules[i - 1].times
            and rule.times
            and not rule.dates
            and rule.state == "closed"
        ):
            out.append("« 24/7 » suivi d’une fermeture : dites plutôt les heures d’ouverture.")
    for before, rule in itertools.pairwise(rules):
        if (
            before.dates
            and before.times
            and rule.times
            and not rule.dates
            and rule.joint == "normal"
            and rule.state == "open"
        ):
            out.append(
                "Des heures sans jour après « ; » valent tous les jours : séparez-les par une virgule."
            )
    out += [NIGHT] * any(_cut_short(rules, i) for i in range(len(rules)))
    out += [INSTEAD] * (added(rules) != rules)
    for rule in rules:
        months = [g for g in rule.dates if all(isinstance(s, Months) for s in g)]
        if len(months) > 1:
            out.append("Deux mois côte à côte : séparez-les par une virgule.")
        if any(isinstance(s, Weeks) for g in rule.dates for s in g) and months:
            out.append("Une semaine et un mois ensemble : seuls les jours des deux comptent.")
        plain_days = [g for g in rule.dates if all(isinstance(s, Weekdays) for s in g)]
        if len(plain_days) > 1:
            out.append("Deux jours côte à côte : séparez-les par une virgule.")
    return out


def _cut_short(rules: tuple[Rule, ...], i: int) -> bool:
    """A rule of plain weekdays that runs past midnight into a day which a later one of plain weekdays takes
    whole.
    """
    ends = (
        {(day + 1) % 7 for day in _weekdays(rules[i])}
        if any(_past_midnight(span) for span in rules[i].times)
        else set[int]()
    )
    return any(
        ends & _weekdays(later)
        for later in rules[i + 1 :]
        if later.joint == "normal" and later.state == "open"
    )


def added(rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """The rules as who knows no grammar means them: one for some of the days of a rule before, whose hours
    begin when those are over, adds to it.

    « Mo-Fr 08:00-12:00; Mo,Tu 13:30-17:00 »: by the grammar, Monday and Tuesday are closed in the morning.
    """
    return tuple(
        replace(r, joint="additional") if any(_follows(before, r) for before in rules[:i]) else r
        for i, r in enumerate(rules)
    )


def _follows(rule: Rule, later: Rule) -> bool:
    if (
        rule.state != "open"
        or later.state != "open"
        or later.joint != "normal"
        or not rule.times
        or not later.times
    ):
        return False
    if (
        not all(map(_plain, (*rule.times, *later.times)))
        or not _weekdays(later)
        or not _weekdays(later) < _weekdays(rule)
    ):
        return False
    over = max(span.end.minutes for span in rule.times if span.end is not None)
    return all(span.start.minutes >= over for span in later.times)


def _plain(span: Span) -> bool:
    return span.end is not None and not span.start.event and not span.end.event


def _weekdays(rule: Rule) -> set[int]:
    days = [s for group in rule.dates for s in group if isinstance(s, Weekdays)]
    if len(rule.dates) != 1 or not days or any(s.nth or s.shift for s in days):
        return set()
    return {(s.first + n) % 7 for s in days for n in range((s.last - s.first) % 7 + 1)}


def _past_midnight(span: Span) -> bool:
    return (
        span.end is not None
        and not span.start.event
        and not span.end.event
        and (span.end.minutes > DAY or 0 < span.end.minutes <= span.start.minutes)
    )


def advice(hours: Hours) -> tuple[str, ...]:
    """What a careful writer would add."""
    always = all(not rule.dates and not rule.times for rule in hours.rules)
    return (
        ()
        if always or "PH" in hours.needs
        else ("Les jours fériés ne sont pas dits : ajoutez « PH off », ou leurs heures.",)
    )
