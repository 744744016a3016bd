"""The days of a text against those that were understood: which are named, closed, excepted, named twice, named without hours."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from parvis.methods.hours.alike import plain_week
from parvis.methods.hours.french_answer import Answer, plainly_open
from parvis.methods.hours.french_evidence import Sign, of
from parvis.methods.hours.french_week import week
from parvis.methods.hours.values import Hours

_LED = frozenset({"le", "les", "du", "de", "au", "des", "l'", "tous", "d'", "chaque"})


def without_ends_of_days(signs: Sequence[Sign]) -> list[Sign]:
    """Without « du lundi 14h au samedi 18h »: the first beginning and the last end of several days."""
    out = list(signs)
    for i in range(len(out) - 4, -1, -1):
        if [s.kind for s in out[i : i + 5]] == ["day", "clock", "link", "day", "clock"]:
            first, last = out[i].values[0], out[i + 3].values[-1]
            days = tuple((first + n) % 7 for n in range((last - first) % 7 + 1))
            out[i : i + 5] = [Sign("day", days, out[i].text, out[i].at)]
    return out


def _named(signs: Sequence[Sign]) -> Iterator[tuple[int, Sign]]:
    """The days of the text, but not those of a date (« samedi 6 mars »)."""
    for i, one in enumerate(signs):
        if one.kind == "day" and [s.kind for s in signs[i + 1 : i + 2]] != ["date"]:
            yield i, one


def day_lost(signs: Sequence[Sign], answer: Answer, hours: Hours) -> bool:
    """A day of the text that is in no rule, though nothing closes or excepts days."""
    closing = bool(of(signs, "closed", "except", "excluded"))
    lost = {day for _, s in _named(signs) for day in s.values} - answer.named
    return bool(lost) and not closing


def day_added(signs: Sequence[Sign], answer: Answer, hours: Hours) -> bool:
    """A day is open that the text neither names nor implies; where it names closed days alone, all others are implied."""
    signs = without_ends_of_days(signs)
    shut = _under_closings(signs)
    named = {day for i, s in _named(signs) for day in s.values if i not in shut}
    if not named or of(signs, "every", "rest", "date", "month", "season", "school", "holiday"):
        return False
    return bool(answer.opened - named - {day for i in shut for day in signs[i].values})


def _under_closings(signs: Sequence[Sign]) -> set[int]:
    """The places of days that a closing or an exception is said of."""
    out: set[int] = set()
    for i, one in enumerate(signs):
        if one.kind in ("closed", "except"):
            for k in range(i + 1, len(signs)):
                if signs[k].kind == "day":
                    out.add(k)
                elif (
                    signs[k].kind not in ("and", "comma", "colon", "part", "link")
                    and signs[k].text not in _LED
                ):
                    break
        elif one.kind == "excluded":
            out |= _ahead(signs, i)
    return out


def _ahead(signs: Sequence[Sign], at: int) -> set[int]:
    """The places of days right before « excepté »: « mercredi et jeudi exceptés »."""
    run = itertools.takewhile(
        lambda k: signs[k].kind in ("day", "and", "part") or signs[k].text in _LED, range(at - 1, -1, -1)
    )
    return {k for k in run if signs[k].kind == "day"}


def half_amiss(signs: Sequence[Sign], answer: Answer, hours: Hours) -> bool:
    """« lundi matin 14h-17h »: clocks right behind a half of the day that are not of it."""
    for i, one in enumerate(signs):
        if one.kind != "part":
            continue
        behind = list(
            itertools.takewhile(
                lambda s: (
                    s.kind in ("colon", "link", "clock", "(", "comma", "until") or s.text in ("de", "entre")
                ),
                signs[i + 1 :],
            )
        )
        clocks = [s.values[0] for s in behind if s.kind == "clock"]
        if not clocks or of(signs[max(0, i - 4) : i], "closed", "except") or of(signs[i - 2 : i], "part"):
            continue
        if one.values == (0,) and (clocks[0] >= 13 * 60 or len(clocks) > 2):
            return True
        if one.values == (1,) and clocks[0] < 11 * 60 + 30:
            return True
    return False


_TURNED = frozenset((
    "clock", "number", "part", "month", "date", "season", "school", "holiday", "until", "from", "parity", "link", "(", "closed", "booked", "nth",
    "negation", "more", "except", "excluded", "only",
))  # fmt: skip
"""What says that a closing is of some hours, weeks or seasons."""


def _closings(signs: Sequence[Sign]) -> Iterator[set[int]]:
    """« sauf le mardi », « fermé le mardi », of all the day and all the year: which days."""
    for i, one in enumerate(signs):
        if one.kind == "excluded" and not of(signs[max(0, i - 2) : i], "part", "date", "month"):
            yield {day for k in _ahead(signs, i) for day in signs[k].values}
        if one.kind not in ("closed", "except"):
            continue
        begin = next((k + 1 for k in range(i - 1, -1, -1) if signs[k].kind == "break"), 0)
        if of(signs[begin:i], "month", "date", "season", "school", "nth", "parity"):
            continue
        behind = list(
            itertools.takewhile(
                lambda s: s.kind in ("day", "and", "comma", "colon") or s.text in _LED, signs[i + 1 :]
            )
        )
        following = signs[i + 1 + len(behind) :][:2]
        if not {s.kind for s in following} & _TURNED:
            yield {day for s in behind if s.kind == "day" for day in s.values}


def closing_lost(signs: Sequence[Sign], answer: Answer, hours: Hours) -> bool:
    """« sauf le mardi », « fermé le mardi »: and Tuesday is as open as if nothing had been said."""
    plain = plainly_open(hours.rules)
    return not of(signs, "part") and any(days & plain for days in _closings(signs))


def open_and_closed(signs: Sequence[Sign], answer: Answer, hours: Hours) -> bool:
    """« lundi 9h-12h fermé »; « lundi, mercredi 9h-12h. Fermé le mercredi »."""
    for i, one in enumerate(signs):
        ahead = [s.kind for s in signs[max(0, i - 2) : i]]
        behind = [s.kind for s in signs[i + 1 : i + 3]]
        if (
            one.kind == "closed"
            and "clock" in ahead[-1:] + ahead[-2:-1] * (ahead[-1:] == ["("])
            and behind[:1] in ([], ["break"], [")"])
        ):
            return True
        between = [s for s in signs[i + 1 : i + 6] if s.kind != "colon"]
        stretch = [s.kind for s in between[:3]] == ["clock", "link", "clock"]
        if one.kind == "closed" and stretch and (between[0].values[0], between[2].values[0]) in answer.spans:
            return True
        if one.kind == "closed" and any(s.kind == "date" for s in between[:2]) and not answer.closes_dates:
            return True
    shut = _under_closings(signs)
    alone = {s.values[0] for i, s in _named(signs) if i not in shut and len(s.values) == 1}
    return any(days & alone for days in _closings(signs)) and not of(signs, "every")


def week_differs(signs: Sequence[Sign], answer: Answer, hours: Hours) -> bool:
    """The text by the order of its days and times alone gives other hours to a day."""
    by_order = week(signs)
    if by_order is None or any(
        end > 1440 for said in by_order.values() for spans in said for _, end in spans
    ):
        return False
    understood = plain_week(hours.rules)
    return any(understood[day] not in [_merged(spans) for spans in said] for day, said in by_order.items())


def _merged(spans: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Stretches that meet as one."""
    out: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], end))
        else:
            out.append((start, end))
    return tuple(out)


def twice(signs: Sequence[Sign], answer: Answer, hours: Hours) -> bool:
    """A day stands by itself before two lots of hours, other days between, and nothing says that the second adds to the first."""
    if of(
        signs,
        "part",
        "more",
        "season",
        "month",
        "date",
        "school",
        "holiday",
        "parity",
        "nth",
        "except",
        "excluded",
        "only",
        "until",
        "from",
        "booked",
    ):
        return False
    shut = _under_closings(signs)
    lots: list[tuple[frozenset[int], list[int]]] = []
    alone, clocks = set[int](), list[int]()
    for i, one in enumerate(signs):
        if one.kind == "day" and i not in shut:
            if clocks:
                lots.append((frozenset(alone), clocks))
                alone, clocks = set(), []
            alone |= set(one.values) if len(one.values) == 1 else set()
        elif one.kind == "clock":
            clocks.append(one.values[0])
    lots.append((frozenset(alone), clocks))
    return any(
        one & other and hours_of_one != hours_of_other and k > i + 1
        for i, (one, hours_of_one) in enumerate(lots)
        for k, (other, hours_of_other) in enumerate(lots)
        if k > i
    )


def bare(signs: Sequence[Sign], answer: Answer, hours: Hours) -> bool:
    """« juillet : 10h-19h ; reste de l'année : week-ends »: a part of the year with days and no hours, behind others with hours."""
    parts = [list(run) for ends, run in itertools.groupby(signs, key=lambda s: s.kind == "break") if not ends]
    timed = [bool(of(part, "clock", "number")) for part in parts]
    return any(
        timed[i - 1]
        and not timed[i]
        and of(parts[i], "day", "every")
        and of(parts[i], "season", "month", "date", "school")
        and not of(
            parts[i],
            "closed",
            "except",
            "excluded",
            "booked",
            "more",
            "only",
            "part",
            "holiday",
            "until",
            "from",
        )
        for i in range(1, len(parts))
    )
