"""What the clauses of a French text of opening hours say, before it is known what they say together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from parvis.methods.hours.french_entries import Days, Scope, Season, Span

Act = Literal[
    "open",
    "shut",
    "except",
    "ends",
    "begins",
    "pause",
    "half",
    "same",
    "days",
    "when",
    "also",
    "only",
    "booked",
    "else",
    "with",
]
"""open: at these times; shut; except: shut, and bound to what stands before; ends, begins: at another time than
said; pause: shut within the hours; half: open in this half of the day only; same: at the times said before;
days: days without times; when: a heading; also: on this day of the year too; only: on none but these days; booked:
this half of the day by appointment; else: by appointment at all other times; with: on these days too.
"""


@dataclass(frozen=True, slots=True)
class When:
    """Part of the year. rest: what the seasons said elsewhere leave of it; summer: of which name, 0 of summer and 1
    of winter; legal: by the time of the clocks; before: until the date at which other hours begin.
    """

    seasons: tuple[Season, ...] = ()
    scope: Scope = ""
    parity: int | None = None
    rest: bool = False
    summer: int | None = None
    legal: bool = False
    before: bool = False
    but: tuple[Season, ...] = ()
    """Holidays of a name that are left out."""

    @property
    def dated(self) -> bool:
        return bool(self.seasons) or self.rest or self.before or self.summer is not None

    def and_(self, other: When) -> When | None:
        """Both; None when they cannot be."""
        if self.dated and other.dated:
            return self if self == other else None
        if (self.scope and other.scope and self.scope != other.scope) or (
            self.parity is not None and other.parity is not None and self.parity != other.parity
        ):
            return None
        parity = self.parity if other.parity is None else other.parity
        dates = self if self.dated else other
        return replace(dates, scope=self.scope or other.scope, parity=parity, but=self.but or other.but)


ALWAYS = When()


@dataclass(frozen=True, slots=True)
class On:
    """Days, and the half of the day that is said of them. others: those of these days (of all, where there are none)
    of which nothing else is said; same: the days said before; sure: the half is of these days, and of no others.
    """

    days: Days
    part: int | None = None
    others: bool = False
    same: bool = False
    sure: bool = False


@dataclass(frozen=True, slots=True)
class Clause:
    """One statement. bound: what stands in brackets behind it, or is left out of it. sign: what parts it from
    the one before; part: the half of the day, -1 where each time has its own.
    """

    act: Act
    on: tuple[On, ...] = ()
    when: When = ALWAYS
    spans: tuple[Span, ...] = ()
    at: int = 0
    part: int | None = None
    appointment: bool = False
    ended: bool = False
    """Its list of days is at an end: what follows is of something else."""
    vague: bool = False
    """Some days of that part of the year, and it is not said which."""
    led: bool = False
    """« sur rendez-vous » stands before the days."""
    walk_in: bool = False
    """Said to be open to whoever comes."""
    once: bool = False
    """« fermeture exceptionnelle »: of one year, and it is not said which."""
    only: bool = False
    instead: bool = False
    """« le mercredi uniquement l’après-midi 14h-17h »: no other hours of these days hold."""
    more: bool = False
    loose: bool = False
    """Its part of the year stands behind the days, in no brackets."""
    mixed: bool = False
    """A half of the day is said of some of its days only, and its times are of both halves."""
    colon: bool = False
    through: bool = False
    """Without the pause at midday."""
    trailing: bool = False
    """The part of the year stands behind the times."""
    times_first: bool = False
    gone: int | None = None
    """The half of these days that is said to be closed."""
    like: tuple[On, ...] = ()
    """Days at whose hours it is open too."""
    bound: tuple[Clause, ...] = ()
    sign: str = ""

    def with_(self, bound: tuple[Clause | When | str, ...]) -> Clause | None:
        """The clause with what follows it: its part of the year, a mark, or a clause that is bound to it."""
        out = self
        for one in bound:
            if isinstance(one, When):
                when = out.when.and_(one)
                if when is None:
                    return None
                out = replace(out, when=when, trailing=True)
            elif isinstance(one, Clause):
                out = replace(out, bound=(*out.bound, one))
            elif one == "appointment":
                out = replace(out, appointment=True)
            elif one == "walk-in":
                out = replace(out, walk_in=True)
            elif one == "only":
                out = replace(out, only=True)
            elif one == "more":
                out = replace(out, more=True)
        return out
