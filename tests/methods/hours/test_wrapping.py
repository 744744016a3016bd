"""Sentences that a narrow column broke into lines: read as in one line, or refused; never otherwise."""

from __future__ import annotations

import random
import textwrap

import pytest

from parvis.methods.hours.french import read
from parvis.methods.hours.french_words import NotFrench

SENTENCES = (
    "La médiathèque vous accueille du mardi au vendredi de 10h à 12h30 et de 14h à 18h, ainsi que le samedi de 10h à 17h.",
    "Ouvert tous les jours sauf le mardi de 9h à 12h et de 14h à 19h.",
    "Lundi, mardi, jeudi et vendredi : 8h30 - 12h00 et 13h30 - 17h00 ; mercredi : 8h30 - 12h00.",
    "Du 1er avril au 30 septembre, du lundi au samedi de 8h à 20h. Du 1er octobre au 31 mars, du lundi au samedi de 9h à 17h.",
    "Piscine ouverte le mercredi de 14h à 18h, le samedi de 10h à 12h et de 14h à 18h et le dimanche de 9h à 13h.",
    "Permanence le mardi de 9h à 11h et le jeudi de 16h à 18h.",
)


@pytest.mark.parametrize("sentence", SENTENCES)
@pytest.mark.parametrize("width", [24, 30, 38, 50])
def test_a_narrow_column_changes_nothing(sentence: str, width: int) -> None:
    whole, broken = read(sentence), read("\n".join(textwrap.wrap(sentence, width)))
    assert whole is not None
    assert broken is not None
    assert (broken.text, broken.others) == (whole.text, whole.others)


@pytest.mark.parametrize("sentence", SENTENCES)
def test_wherever_a_line_ends_no_other_hours_are_read_in_silence(sentence: str) -> None:
    """Ends of lines at random places, as an export of a page leaves them."""
    whole = read(sentence)
    assert whole is not None
    draw = random.Random(20261203)
    for _ in range(60):
        broken = "".join("\n" if c == " " and draw.random() < 0.15 else c for c in sentence)
        try:
            reading = read(broken)
        except NotFrench:
            continue
        assert reading is not None
        assert reading.text == whole.text or reading.doubts, broken


def test_entries_that_are_as_long_stay_entries() -> None:
    lines = "lundi : 9h-12h\nmardi : 9h-12h\njeudi : 9h-12h\nvendredi : fermé"
    reading = read(lines)
    assert reading is not None
    assert reading.text == "Mo,Tu,Th 09:00-12:00; Fr off"


def test_where_it_matters_whether_a_line_is_an_entry_both_readings_are_given() -> None:
    """« sauf le mercredi : 9h-12h », on the line of its days: in one line it is Wednesday's, as an entry it is of all others."""
    lines = (
        "Ouverture tous les\naprès-midis de 13h30 à 16h30\ndu lundi au vendredi, sauf le\nmercredi : 9h-12h."
    )
    broken, whole = read(lines), read(lines.replace("\n", " "))
    assert broken is not None
    assert whole is not None
    assert whole.text in (broken.text, *broken.others)
    assert broken.text == whole.text or broken.doubts
