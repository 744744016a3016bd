"""Days that are taken out of what is said, or added to it, by a word before them or behind them: « sauf le jeudi », « jeudi excepté »,
« y compris le samedi », « samedi compris ».
"""

from __future__ import annotations

import pytest

from parvis.methods.hours import reading
from parvis.methods.hours.alike import alike
from parvis.methods.hours.reading import NotHours


def _means(text: str, rules: str) -> bool:
    hours = reading.read(text)
    return not hours.others and not hours.doubts and alike(hours.rules, reading.read(rules).rules)


@pytest.mark.parametrize(
    "but",
    [
        "sauf le jeudi",
        "excepté le jeudi",
        "hors jeudi",
        "hormis le jeudi",
        "à l'exception du jeudi",
        "à l'exclusion du jeudi",
        "exception faite du jeudi",
        "non compris le jeudi",
        "mis à part le jeudi",
        "à part le jeudi",
        "sans compter le jeudi",
        "si ce n'est le jeudi",
        "jeudi excepté",
        "jeudi exclu",
        "jeudi non compris",
        "le jeudi mis à part",
        "jeudis exceptés",
    ],
)
def test_one_day_is_left_out(but: str) -> None:
    assert _means(f"Du lundi au samedi 9h-18h, {but}", "Mo-We,Fr,Sa 09:00-18:00")
    assert _means(f"Du lundi au samedi ({but}) : 9h-18h", "Mo-We,Fr,Sa 09:00-18:00")
    assert _means(f"Du lundi au samedi, {but}, de 9h à 18h", "Mo-We,Fr,Sa 09:00-18:00")


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("Du lundi au vendredi 9h-12h et 14h-17h, jeudi après-midi exclu", "Mo-Fr 09:00-12:00,14:00-17:00; Th 09:00-12:00"),
        ("Du lundi au vendredi 9h-12h et 14h-17h (mercredi après-midi non compris)", "Mo-Fr 09:00-12:00,14:00-17:00; We 09:00-12:00"),
        ("Tous les jours 9h-18h, lundis et jours fériés exceptés", "Tu-Su 09:00-18:00; PH off"),
        ("Tous les jours 9h-18h, jours fériés non compris", "Mo-Su 09:00-18:00; PH off"),
        ("Tous les jours 9h-18h, dimanche et 1er mai exclus", "Mo-Sa 09:00-18:00; May 1 off"),
        ("Du lundi au vendredi 9h-18h, août excepté", "Mo-Fr 09:00-18:00; Aug off"),
        ("Du lundi au vendredi 9h-18h, vacances scolaires exceptées", "Mo-Fr 09:00-18:00; SH off"),
        ("Jeudi excepté, du lundi au samedi 9h-18h", "Mo-We,Fr,Sa 09:00-18:00"),
        # What nothing opens is closed, whether it is said or not.
        ("Du lundi au samedi 9h-18h, dimanche exclu", "Mo-Sa 09:00-18:00"),
        ("Du lundi au samedi 9h-18h, sauf le dimanche", "Mo-Sa 09:00-18:00"),
        # Of what follows.
        ("Du lundi au vendredi 9h-12h, excepté de 10h à 10h30", "Mo-Fr 09:00-10:00,10:30-12:00"),
        ("Du lundi au vendredi 9h-18h, excepté en août", "Mo-Fr 09:00-18:00; Aug off"),
    ],
)  # fmt: skip
def test_what_is_left_out(text: str, rules: str) -> None:
    assert _means(text, rules)


@pytest.mark.parametrize(
    "too",
    [
        "samedi compris",
        "samedi inclus",
        "samedis compris",
        "y compris le samedi",
        "même le samedi",
        "le samedi inclus",
    ],
)
def test_one_day_more(too: str) -> None:
    assert _means(f"Du lundi au vendredi 9h-18h, {too}", "Mo-Sa 09:00-18:00")
    assert _means(f"Du lundi au vendredi ({too}) : 9h-18h", "Mo-Sa 09:00-18:00")
    assert _means(f"Du lundi au vendredi, {too}, 9h-18h. Fermé le dimanche.", "Mo-Sa 09:00-18:00")


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("Du lundi au samedi inclus 9h-18h", "Mo-Sa 09:00-18:00"),
        ("Du lundi au samedi 9h-18h, samedi inclus", "Mo-Sa 09:00-18:00"),
        ("Du lundi au samedi 9h-18h, dimanche et jours fériés compris", "Mo-Su,PH 09:00-18:00"),
        ("Du lundi au samedi 9h-18h, jours fériés compris", "Mo-Sa 09:00-18:00"),
        ("Du lundi au vendredi 9h-12h et 14h-18h, samedi matin compris", "Mo-Fr 09:00-12:00,14:00-18:00; Sa 09:00-12:00"),
        ("En juillet 9h-18h ; en août 10h-17h. Tous les jours, dimanches et fêtes compris.", "Jul Mo-Su 09:00-18:00; Aug Mo-Su 10:00-17:00"),
        ("Du 1er juin au 31 août inclus, tous les jours 9h-18h", "Jun-Aug 09:00-18:00"),
    ],
)  # fmt: skip
def test_what_is_included(text: str, rules: str) -> None:
    hours = reading.read(text)
    assert not hours.others
    assert alike(hours.rules, reading.read(rules).rules)


@pytest.mark.parametrize(
    "text",
    [
        "Mardi 14h-18h, mercredi 9h-12h et jeudi 10h-11h, samedi compris",
        "Jeudi exclu",
        "Samedi compris",
        "Mercredi, jeudi 14h-17h sauf vendredi",
    ],
)
def test_at_which_hours_is_not_guessed(text: str) -> None:
    try:
        hours = reading.read(text)
    except NotHours:
        return
    assert any("unknown" in str(rule.state) for rule in hours.rules)
