"""Opening hours in French words: texts as town halls write them, each asked at several moments."""

from __future__ import annotations

from datetime import datetime

import pytest

from parvis.methods.hours import evaluation, french, reading, territory
from parvis.methods.hours.evaluation import Local
from parvis.methods.hours.reading import NotHours
from parvis.methods.hours.sun import Sun
from tests.conftest import DATA

HERE = Local(territory.holidays("34"), Sun(43.61, 3.88, territory.clock("34")))
WEEK = {
    "Mo": "2026-11-23",
    "Tu": "2026-11-24",
    "We": "2026-11-25",
    "Th": "2026-11-26",
    "Fr": "2026-11-27",
    "Sa": "2026-11-28",
    "Su": "2026-11-29",
}
LETTER = {"open": "O", "closed": "C", "unknown": "U"}
UNREAD = {"Tous les dimanches de 15h à 18h de mai à septembre", "Mo-Fr 09:00-12:00,14:00-17:00,"}
"""What is refused though it says something. No production ends with a comma: it announces what is not there.
"""


def cases() -> list[tuple[str, str]]:
    """(moments with their truth, text)."""
    lines = (DATA / "hours_in_words.tsv").read_text(encoding="utf-8").splitlines()
    return [
        (moments, text.replace("\\n", "\n"))
        for moments, text in (line.split("\t") for line in lines if not line.startswith("#"))
    ]


def said(text: str, at: datetime) -> str:
    """O, C or U; a text that cannot be read is unknown."""
    try:
        return LETTER[evaluation.state(reading.read(text), at, HERE)[0]]
    except NotHours:
        return "U"


@pytest.mark.parametrize(("moments", "text"), [one for one in cases() if one[1] not in UNREAD])
def test_what_a_town_hall_writes(moments: str, text: str) -> None:
    """Open, closed, or unknown where the text leaves it so."""
    for one in moments.split(";"):
        day, hour, truth = one.split()
        assert said(text, datetime.fromisoformat(f"{WEEK.get(day, day)}T{hour}")) in truth, (
            one,
            reading.read(text).warnings,
        )


def test_there_are_enough_of_them() -> None:
    """445 texts, of which two are not read."""
    assert len(cases()) >= 440
    assert {text for _, text in cases()} >= UNREAD


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("mercredi 14h-17h hors vacances scolaires", "We 14:00-17:00; SH off"),
        ("Semaines paires : mercredi 9h-12h", "week 2-52/2 We 09:00-12:00"),
        ("Fermé le dimanche", '"heures non dites"; Su off'),
        ("Ouvert de mai à septembre", 'May-Sep "heures non dites"'),  # not day and night
        (
            "Période scolaire : mercredi 14h-18h ; vacances scolaires : lundi 10h-18h",
            "We 14:00-18:00; SH off; SH Mo 10:00-18:00",
        ),
        ("Mo-Fr 09:00-12:00; PH off", "Mo-Fr 09:00-12:00; PH off"),
        ('Lundi 9h-12h "sauf août"', 'Lundi 9h-12h "sauf août"'),  # a comment is its writer’s
    ],
)
def test_the_order_of_the_grammar(text: str, canonical: str) -> None:
    """What is no French sentence stays as it stands."""
    found = french.read(text)
    assert (text if found is None else found.text) == canonical


@pytest.mark.parametrize(
    "text",
    [
        "voir affichage sur la porte",
        "ouvert le matin",
        "horaires variables le lundi",
        "lundi selon la météo",
        "un samedi sur deux 9h-12h",
        "tous les 15 jours le mardi 14h-16h",
        "été : 9h-19h ; hiver : 9h-17h",
        "lundi matin",
        "dernière entrée 30 min avant fermeture, 10h-18h",
    ],
)
def test_words_that_nobody_understands_are_refused(text: str) -> None:
    """No word that may matter is dropped to make a text readable."""
    with pytest.raises(NotHours):
        reading.read(text)
