"""What the clauses of a French text of opening hours say, before it is known what they say together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from parvis.methods.hours.french_entries import Days, Scope, Season, Span

Act = Literal["open", "shut", "except", "ends", "begins", "pause", "half", "same", "days", "when"]
"""open: at these times; shut; except: shut, and bound to what stands before; ends, begins: at another time than
said; pause: shut within the hours; half: open in this half of the day only; same: at the times said before;
days: days without times; when: a heading.
"""


@dataclass(frozen=True, slots=True)
class When:
    """Part of the year. rest: what the seasons said elsewhere leave of it."""

    seasons: tuple[Season, ...] = ()
    scope: Scope = ""
    parity: int | None = None
    rest: bool = False

    def and_(self, other: When) -> When | None:
        """Both; None when they cannot be."""
        if (self.seasons or self.rest) and (other.seasons or other.rest):
            return self if self == other else None
        if (self.scope and other.scope and self.scope != other.scope) or (
            self.parity is not None and other.parity is not None and self.parity != other.parity
        ):
            return None
        parity = self.parity if other.parity is None else other.parity
        return When(self.seasons or other.seasons, self.scope or other.scope, parity, self.rest or other.rest)


ALWAYS = When()


@dataclass(frozen=True, slots=True)
class On:
    """Days, and the half of the day that is said of them. others: the days of which nothing else is said."""

    days: Days
    part: int | None = None
    others: bool = False


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
    only: bool = False
    more: bool = False
    colon: bool = False
    trailing: bool = False
    """The part of the year stands behind the times."""
    times_first: bool = False
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
            elif one == "only":
                out = replace(out, only=True)
            elif one == "more":
                out = replace(out, more=True)
        return out
