"""Weeks made up with a seed, written in the many ways of French sentences: what is read is the week, or a
doubt is said, or it is refused, which is seldom.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from random import Random

from parvis.methods.hours import evaluation, reading, territory
from parvis.methods.hours.evaluation import Local
from parvis.methods.hours.reading import NotHours

HERE = Local(territory.holidays("34"))
WINTER, SUMMER = date(2026, 1, 12), date(2026, 7, 20)  # a Monday each, no public holiday in the week
NAMES = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MORNINGS, AFTERNOONS, DAYS = (
    ((540, 720), (510, 735), (600, 720)),
    ((840, 1020), (810, 1050), (960, 1110)),
    ((600, 1080), (540, 1140)),
)

Week = dict[int, tuple[tuple[int, int], ...]]
"""Open days, from 0 (Monday), each with its hours in minutes."""


def week(rng: Random) -> Week:
    """One to three kinds of days, over five to seven days or some of them."""
    kinds = [
        rng.choice(
            [
                (rng.choice(MORNINGS),),
                (rng.choice(AFTERNOONS),),
                (rng.choice(DAYS),),
                (rng.choice(MORNINGS), rng.choice(AFTERNOONS)),
            ]
        )
        for _ in range(3)
    ]
    days = (
        range(rng.choice((5, 6, 7)))
        if rng.random() < 0.7
        else sorted(rng.sample(range(7), rng.randint(2, 5)))
    )
    return {day: rng.choice(kinds) if rng.random() < 0.5 else kinds[0] for day in days}


def clock(minutes: int, style: int) -> str:
    hour, minute = divmod(minutes, 60)
    if style == 0:
        return f"{hour}h{minute or '':0>2}" if minute else f"{hour}h"
    return (f"{hour:02d}h{minute:02d}", f"{hour}:{minute:02d}", f"{hour} h {minute:02d}")[style - 1]


def times(rng: Random, spans: Sequence[tuple[int, int]], style: int) -> str:
    between = ("{} - {}", "{}-{}", "de {} à {}", "{} à {}")[style % 4]
    return rng.choice((" et ", " / ", ", ")).join(
        between.format(clock(a, style // 4), clock(b, style // 4)) for a, b in spans
    )


def days(listed: list[int], style: int) -> str:
    """« du lundi au jeudi et le samedi », « lundi, mardi et jeudi », « lun., mar. », « les lundis et jeudis
    ».
    """
    if len(listed) == 7:
        return "tous les jours"
    runs = [
        [day for _, day in group]
        for _, group in itertools.groupby(enumerate(listed), lambda pair: pair[1] - pair[0])
    ]
    if style == 0:
        parts = [
            p
            for run in runs
            for p in (
                [f"du {NAMES[run[0]]} au {NAMES[run[-1]]}"]
                if len(run) > 2
                else [f"le {NAMES[d]}" for d in run]
            )
        ]
    elif style == 1 and len(runs) == 1 and len(listed) > 3:
        parts = [f"{NAMES[listed[0]]} à {NAMES[listed[-1]]}"]
    elif style == 2:
        return ", ".join(f"{NAMES[d][:3]}." for d in listed)
    else:
        parts = [NAMES[d] + "s" * (style == 3) for d in listed]
    return ("les " if style == 3 else "") + " et ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))


def items(rng: Random, hours: Week, form: str) -> list[str]:
    """One for each kind of day."""
    groups: dict[tuple[tuple[int, int], ...], list[int]] = {}
    for day, spans in hours.items():
        groups.setdefault(spans, []).append(day)
    style, named = rng.randrange(16), rng.randrange(4)
    return [
        form.format(d=days(listed, named), t=times(rng, spans, style)) for spans, listed in groups.items()
    ]


def text(rng: Random, winter: Week, summer: Week) -> str:
    """The week in words; where summer differs, under the names of seasons."""
    form, apart = rng.choice(("{d} : {t}", "{d} {t}", "{t} {d}", "{d}, {t}")), rng.choice((". ", " ; ", "\n"))
    if winter is not summer:
        first, second = rng.choice(
            (
                ("D’avril à septembre : ", "D’octobre à mars : "),
                ("Été (avril à septembre) : ", "Hiver (octobre à mars) : "),
            )
        )
        return (
            first
            + ", ".join(items(rng, summer, "{d} : {t}"))
            + apart
            + second
            + ", ".join(items(rng, winter, "{d} : {t}"))
        )
    if rng.random() < 0.3:
        style = rng.randrange(16)
        lines = [
            f"{NAMES[d]}{rng.choice((' : ', chr(10), ' | '))}{times(rng, winter[d], style) if d in winter else rng.choice(('fermé', '-'))}"
            for d in range(7)
        ]
        return "\n".join(lines)
    found = items(rng, winter, form)
    shut = [NAMES[d] for d in range(7) if d not in winter]
    if shut and rng.random() < 0.6:
        found.insert(
            rng.randrange(len(found) + 1), rng.choice(("fermé {}", "{} : fermé")).format(" et ".join(shut))
        )
    head = rng.choice(
        (
            "",
            "",
            "Mairie : ",
            "Ouvert ",
            "Horaires d’ouverture\n",
            "Le service vous accueille ",
            "Bibliothèque Jules-Verne : ",
        )
    )
    tail = rng.choice(
        (
            "",
            ".",
            ". Dernière entrée 30 min avant la fermeture",
            ", place de la République",
            " (sauf jours fériés)",
        )
    )
    return head + rng.choice((apart, ", ")).join(found) + tail


def outcome(said: str, weeks: tuple[tuple[date, Week], ...]) -> str:
    try:
        hours = reading.read(said)
    except NotHours:
        return "refused"
    wrong: set[str] = set()
    for monday, meant in weeks:
        for day in range(7):
            midnight = datetime.combine(monday + timedelta(day), time.min)
            open_at = [
                a <= m < b
                for m in range(0, 1440, 15)
                for a, b in [next((s for s in meant.get(day, ()) if s[0] <= m < s[1]), (0, 0))]
            ]
            for step, true in enumerate(open_at):
                state, _ = evaluation.state(hours, midnight + timedelta(minutes=15 * step), HERE)
                wrong |= {state} if state != ("open" if true else "closed") else set()
    return (
        "right"
        if not wrong
        else "unknown"
        if wrong == {"unknown"}
        else "wrong, a doubt said"
        if hours.doubts
        else "WRONG"
    )


def test_made_up_weeks_are_read_as_they_were_meant() -> None:
    """200 of them."""
    rng = Random(20261129)
    found: Counter[str] = Counter()
    bad: list[str] = []
    for _ in range(200):
        winter = week(rng)
        summer = week(rng) if rng.random() < 0.2 else winter
        said = text(rng, winter, summer)
        what = outcome(said, ((WINTER, winter), (SUMMER, summer)))
        found[what] += 1
        bad += [said] if what.lower().startswith("wrong") else []
    assert bad == []
    assert found["right"] >= 0.95 * 200
