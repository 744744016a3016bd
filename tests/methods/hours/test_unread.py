"""A notice of which one part is not understood: the days of that part are unknown, with the part as the reason, and nothing that is
answered of the others may be wrong.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta

import pytest

from parvis.methods.hours import evaluation, french, reading, territory
from parvis.methods.hours.evaluation import Interval, Local
from parvis.methods.hours.french_unread import remainders, unread_parts
from parvis.methods.hours.reading import NotHours
from parvis.methods.hours.sun import Sun
from parvis.methods.hours.values import Hours
from parvis.services import open_places
from parvis.services.open_places import OpenPlace, understood

HERE = Local(territory.holidays("85"), Sun(46.7, -1.4, territory.clock("85")))
WEEKS = tuple(datetime.fromisoformat(day) for day in ("2026-03-16", "2026-04-13", "2026-08-03"))


def state(hours: Hours, day: str, clock: str = "10:00") -> tuple[str, str | None]:
    return evaluation.state(hours, datetime.fromisoformat(f"{day}T{clock}"), HERE)


@pytest.mark.parametrize(
    ("text", "part", "known", "unknown"),
    [
        (
            "Lundi 9h-12h\nMardi 9h-12h si zorglub\nJeudi 9h-12h",
            "Mardi 9h-12h si zorglub",
            {"2026-03-16": "open", "2026-03-18": "closed", "2026-03-19": "open"},
            ("2026-03-17",),
        ),
        (
            "Du lundi au vendredi 9h-12h. Le mercredi zorglub les agents brandolisés à 11h et 15h30.",
            "Le mercredi zorglub les agents brandolisés à 11h et 15h30",
            {"2026-03-16": "open", "2026-03-21": "closed"},
            ("2026-03-18", "2026-07-15"),
        ),
        (
            "Du lundi au vendredi 9h-12h. En juillet et août, la mairie ferme une heure plus tôt le vendredi.",
            "En juillet et août, la mairie ferme une heure plus tôt le vendredi",
            {"2026-03-16": "open", "2026-03-20": "open", "2026-09-04": "open"},
            ("2026-07-03", "2026-08-31"),
        ),
        (
            "Du lundi au vendredi : 8h30-12h et 13h30-17h. Pendant les vacances scolaires, la mairie ferme à 16h.",
            "Pendant les vacances scolaires, la mairie ferme à 16h",
            {"2026-03-16": "open", "2026-03-21": "closed"},
            ("2026-04-13", "2026-07-06"),
        ),
        (
            "Lundi 9h-12h\nMardi zorglub si blirg\n14h-18h\nJeudi 9h-12h",  # its hours stand on the next line
            "Mardi zorglub si blirg 14h-18h",
            {"2026-03-16": "open", "2026-03-19": "open", "2026-03-18": "closed"},
            ("2026-03-17",),
        ),
        (
            "Lundi et jeudi 9h-12h\nVendredi 18h-2h zorglub si blirg\nDimanche 9h-12h",
            "Vendredi 18h-2h zorglub si blirg",
            {"2026-03-16": "open", "2026-03-22": "open"},
            ("2026-03-20", "2026-03-21"),  # its night is of Saturday
        ),
    ],
)
def test_the_days_of_what_is_not_understood_are_unknown(
    text: str, part: str, known: dict[str, str], unknown: tuple[str, ...]
) -> None:
    hours = reading.read(text)
    assert unread_parts(hours.doubts) == (part,)
    assert {day: state(hours, day)[0] for day in known} == known
    for day in unknown:
        assert state(hours, day) == ("unknown", part)


def test_what_two_parts_may_have_spoilt_is_unknown_for_both() -> None:
    """Without the one or without the other it is understood: neither is answered."""
    hours = reading.read("Lundi 9h-12h\nMardi 9h-12h\nMardi matin 14h-16h zorglub\nJeudi 9h-12h")
    assert state(hours, "2026-03-17")[0] == "unknown"
    assert state(hours, "2026-03-16")[0] == state(hours, "2026-03-19")[0] == "open"


@pytest.mark.parametrize(
    "text",
    [
        "Lundi 9h-12h. Mardi et ces jours-là si zorglub de 14h à 18h.",  # other days than it names
        "Du lundi au vendredi 9h-12h. Zorglub le samedi uniquement si 10h-12h.",
        "Du lundi au samedi 9h-12h. Si blirg le vendredi sauf le mardi zorglub 10h-12h.",
        "Du lundi au vendredi 9h-12h. À partir du 1er juin si zorglub le mardi 14h-17h.",  # from a day on
        "Vacances zorglub si blirg :\nmardi 9h-12h\njeudi 14h-18h\nLundi zorglub si brax 9h-12h",
        "Lundi 9h-12h\nJeudi zorglub si blirg 9h-11h\nVendredi idem",
        "Du lundi au zorglub vendredi si 9h-12h ; samedi 10h-12h",  # up to which day?
        "Du lundi au vendredi 9h-12h. Fermé certaines semaines si zorglub.",  # all days
        "Mardi 9h-12h zorglub si blirg",
        "Le mercredi si zorglub 9h-12h. Fermé le dimanche.",  # nothing is left that is open
    ],
)
def test_a_part_of_which_it_cannot_be_told_which_days_it_is_about_refuses_the_notice(text: str) -> None:
    with pytest.raises(NotHours):
        reading.read(text)


NOTICES = (
    "Lundi : 8h30 – 12h00 / 13h30 – 17h30\nMardi : 8h30 – 12h00\nJeudi : fermé\nVendredi : 8h30 – 12h00 / 13h30 – 16h30",
    "Du lundi au jeudi de 9h à 12h et de 14h à 17h ; le vendredi de 9h à 12h. Fermé le 2e mardi du mois. Samedi matin de 9h à 11h30.",
    "Période scolaire :\nMercredi 14h-18h\nSamedi 10h-12h\nVacances scolaires :\nMardi 10h-12h\nMercredi et samedi 14h-17h",
    "Du 1er avril au 30 septembre : du lundi au samedi 9h-12h et 14h-19h.\nDu 1er octobre au 31 mars : du mardi au samedi 10h-12h.",
    "Tous les jours 9h-20h sauf le lundi. Vendredi et samedi jusqu’à 1h. Fermé du 3 au 21 août.",
    "lun. 14h-19h, mar.-ven. 9h-12h (14h-19h sur rendez-vous), sam. 9h-19h\ndim. fermé",
    "Les semaines paires : mardi 9h-12h. Les semaines impaires : jeudi 14h-17h. Le samedi de 10h à 12h.",
    "Mercredi : 10h-18h. Jeudi : 14h-20h. Fermé les jours fériés. Premier dimanche du mois : 14h-18h.",
    "8h45-12h15 et 13h30-17h15 du lundi au jeudi\n8h45-12h15 le vendredi\nFermé le jeudi après-midi",
)
NOISE = ("zorglub frinque", "sous réserve de blirg", "si le flumet est grondé", "brandolisé aux troufions")


def pieces(hours: Hours) -> list[Interval]:
    return [one for day in WEEKS for one in evaluation.intervals(hours, day, day + timedelta(14), HERE)]


def differs(one: Hours, other: Hours) -> bool:
    """Some minute is open for sure in one and closed for sure in the other."""
    return any(
        a.state == "open" and evaluation.state(hours, a.begin + (a.end - a.begin) / 2, HERE)[0] == "closed"
        for first, hours in ((one, other), (other, one))
        for a in pieces(first)
    )


def test_noise_in_a_part_never_changes_an_answer_for_sure() -> None:
    draw = random.Random(80)
    partly = 0
    for notice in NOTICES:
        whole = reading.read(notice)
        words = french.plain(notice).split(" ")
        for at in range(1, len(words)):
            text = " ".join([*words[:at], draw.choice(NOISE), *words[at:]])
            try:
                hours = reading.read(text)
            except NotHours:
                continue
            if unread_parts(hours.doubts):
                partly += 1
                assert not differs(whole, hours), text
    assert partly > 25


def test_a_sentence_put_in_makes_unknown_what_it_names_and_nothing_else() -> None:
    for notice in NOTICES[:2]:
        whole = reading.read(notice)
        hours = reading.read(f"{notice.rstrip('.')}.\nLe mardi, si le flumet gronde, zorglub de 15h à 16h.")
        assert not differs(whole, hours)
        assert state(hours, "2026-03-17")[0] == "unknown"
        assert state(hours, "2026-03-20")[0] == state(whole, "2026-03-20")[0] == "open"


def test_a_text_of_many_parts_is_not_searched_without_end() -> None:
    assert list(remainders("\n".join(["Lundi 9h-12h zorglub"] * 40))) == []


def test_a_place_says_that_it_does_not_know_on_such_a_day_and_why() -> None:
    text = "Lundi 9h-12h\nMardi 9h-12h si zorglub\nJeudi 9h-12h"
    place = OpenPlace("1", "Mairie", "mairie", "", "", text, understood(text), None, "", "85", -1.4, 46.7)
    tuesday = datetime.fromisoformat("2026-03-17T10:00+01:00")
    status = open_places.status(place, tuesday)
    assert (status.state, status.comment) == ("unknown", "Mardi 9h-12h si zorglub")
    assert open_places.opens(place, tuesday) == datetime.fromisoformat("2026-03-19T09:00")
    assert [(one.state, one.note) for one in open_places.stretches(place, tuesday, 1)] == [
        (open_places.MAYBE, "Mardi 9h-12h si zorglub")
    ]
