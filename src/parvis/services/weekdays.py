"""Days as people name them: their day of the week first."""

from __future__ import annotations

from datetime import date

from parvis.core.sentence import mark
from parvis.services.answers import Asked

WEEKDAYS = (
    mark("lundi"), mark("mardi"), mark("mercredi"), mark("jeudi"), mark("vendredi"), mark("samedi"), mark("dimanche"),
)  # fmt: skip


def weekday(asked: Asked, day: date) -> str:
    """« mardi »."""
    return asked.say(WEEKDAYS[day.weekday()])


def dated_weekday(asked: Asked, day: date) -> str:
    """« mardi 3 mars 2026 »."""
    return asked.say("%(weekday)s %(day)s", weekday=weekday(asked, day), day=asked.day(day))
