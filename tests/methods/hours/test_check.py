"""What was understood of a text, held against the text by a look that knows no grammar: it sees what a reading lost, added or
turned round, and texts that are changed so that they mean something else are never answered the same in silence.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator

import pytest

from parvis.methods.hours import french_check, reading
from parvis.methods.hours.alike import alike
from parvis.methods.hours.french_check import contradictions
from parvis.methods.hours.french_dated import DATED
from parvis.methods.hours.french_entries import DAY_NAMES, OVERLAP
from parvis.methods.hours.french_evidence import evidence
from parvis.methods.hours.french_week import week
from parvis.methods.hours.reading import NotHours
from parvis.methods.hours.values import Hours


def amiss(text: str, rules: str) -> set[str]:
    return set(contradictions(text, Hours(text, reading.read(rules).rules)))


@pytest.mark.parametrize(
    ("text", "rules", "doubt"),
    [
        ("Lundi 9h-12h et 14h-17h", "Mo 09:00-12:00", french_check.CLOCK_LOST),
        ("Lundi 9h-12h, accueil du public à 16h30", "Mo 09:00-12:00", french_check.CLOCK_LOST),
        ("Lundi 9h-12h", "Mo 09:00-12:00,14:00-17:00", french_check.CLOCK_ADDED),
        ("Lundi 9h-12h (enfants de 6 à 11 ans)", "Mo 06:00-11:00,09:00-12:00", french_check.CLOCK_ADDED),
        ("Lundi 14h-18h et 9h-12h", "Mo 09:00-12:00,14:00-18:00", french_check.ORDER),
        ("Lundi et jeudi 9h-12h", "Mo 09:00-12:00", french_check.DAY_LOST),
        ("Lundi et jeudi 9h-12h", "Mo-Th 09:00-12:00", french_check.DAY_ADDED),
        ("Du lundi au vendredi 9h-12h, sauf le mercredi", "Mo-Fr 09:00-12:00", french_check.CLOSING_LOST),
        ("Du lundi au samedi 9h-12h. Fermé le jeudi.", "Mo-Sa 09:00-12:00", french_check.CLOSING_LOST),
        ("Mardi 9h-12h, fermé en août", "Tu 09:00-12:00", french_check.SEASON_LOST),
        ("Mardi 9h-12h hors vacances scolaires", "Tu 09:00-12:00", french_check.SEASON_LOST),
        ("Mardi 9h-12h, fermé les jours fériés", "Tu 09:00-12:00", french_check.SEASON_LOST),
        ("Mardi des semaines paires 9h-12h", "Tu 09:00-12:00", french_check.TURN_LOST),
        ("1er mardi du mois 9h-12h", "Tu 09:00-12:00", french_check.TURN_LOST),
        ("Mardi 9h-12h sur rendez-vous", "Tu 09:00-12:00", french_check.BOOKED_LOST),
        ("Mardi matin 14h-18h", "Tu 14:00-18:00", french_check.HALF_AMISS),
        ("Mercredi et vacances scolaires : 8h-18h", "SH We 08:00-18:00", french_check.JOINED),
        ("Mardi 9h-12h, pas le jeudi", "Tu 09:00-12:00; Th off", french_check.NEGATED),
        ("Lundi 9h-12h ; mardi 14h-17h", "Tu 09:00-12:00; Mo 14:00-17:00", french_check.WEEK),
        ("Lundi 9h-12h fermé", "Mo 09:00-12:00", french_check.BOTH),
        ("Lundi, mercredi 9h-12h. Fermé le mercredi.", "Mo 09:00-12:00; We off", french_check.BOTH),
        ("Lundi fermé 9h-12h, mardi 9h-12h", "Mo,Tu 09:00-12:00", french_check.BOTH),
        ("Lundi 9h-12h. Fermé le 3 juin.", "Mo 09:00-12:00; Jun 03 09:00-12:00", french_check.BOTH),
        ("Lundi 9h-12h ; jeudi 14h-18h ; lundi 15h-16h", "Mo 15:00-16:00; Th 14:00-18:00", OVERLAP),
        ("Août : mardi 9h-12h ; reste de l'année : mardi et jeudi", "Aug Tu 09:00-12:00", french_check.BARE),
        ("Mardi 9h-12h parfois", "Tu 09:00-12:00", french_check.HEDGED),
        ("Mardi 9h-12h zarglou", "Tu 09:00-12:00", french_check.WORD),
    ],
)  # fmt: skip
def test_what_a_reading_lost_or_added_is_seen(text: str, rules: str, doubt: str) -> None:
    assert doubt in amiss(text, rules)


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("Mairie : du lundi au vendredi 8h30-12h / 13h30-17h ; samedi : 9h-12h", "Mo-Fr 08:30-12:00,13:30-17:00; Sa 09:00-12:00"),
        ("De neuf heures à midi le mardi", "Tu 09:00-12:00"),
        ("Mardi 9-12h, 14-17h. Fermé le mercredi.", "Tu 09:00-12:00,14:00-17:00; We off"),
        ("Tous les jours sauf le mardi de 10h à 18h", "Mo,We-Su 10:00-18:00"),
        ("Ma, je, sa : 10.00-12.00", "Tu,Th,Sa 10:00-12:00"),
        ("L'après-midi du lundi au jeudi, de 14h à 18h", "Mo-Th 14:00-18:00"),
        ("Du 1er avril au 31 octobre : mardi 9h-19h ; d'octobre à mars : mardi 9h-17h", "Apr-Oct Tu 09:00-19:00; Oct-Mar Tu 09:00-17:00"),
        ("Du lundi 14h au samedi 18h, 9h-12h et 14h-18h", "Mo 14:00-18:00; Tu-Sa 09:00-12:00,14:00-18:00"),
        ("Jeudi 22h-4h", "Th 22:00-04:00"),
        ("Mardi 10h-18h (dernière entrée à 17h15)", "Tu 10:00-18:00"),
        ("Mardi 9h-12h, sans rendez-vous. Tél. 01 02 03 04 05", "Tu 09:00-12:00"),
        ("Mardi 9h-12h, 12 rue du Port", "Tu 09:00-12:00"),
        ("Mercerdi 9h-12h", "We 09:00-12:00"),
    ],
)  # fmt: skip
def test_what_agrees_with_the_text_is_left_alone(text: str, rules: str) -> None:
    assert amiss(text, rules) == set()


def test_the_simpler_reading() -> None:
    assert week(evidence("9h-12h lundi ; 14h-17h mardi et jeudi")) == {
        0: [((540, 720),)],
        1: [((840, 1020),)],
        3: [((840, 1020),)],
    }
    assert week(evidence("Lundi 9h-12h, sauf en août")) is None
    assert week(evidence("Lundi 9h-12h 17h")) is None


TEXTS = (
    "Mairie ouverte du lundi au vendredi de 9h à 12h et de 14h à 17h",
    "Lundi, mardi et jeudi : 8h30-12h / 13h30-17h30. Vendredi : 8h30-12h.",
    "Mardi 14h-18h ; mercredi 10h-12h, 14h-18h ; samedi 10h-13h",
    "Bibliothèque : mardi et vendredi de 16h à 19h, samedi de 10h à 12h30",
    "Déchèterie : lundi, mercredi, samedi 9h-11h45 et 14h-17h45. Fermée le dimanche.",
    "Du 1er avril au 30 septembre : mardi au dimanche 10h-19h. Du 1er octobre au 31 mars : samedi et dimanche 14h-17h.",
    "Tous les jours sauf le mardi de 10h à 18h",
    "Lundi 9h-12h\nMardi 14h-18h\nJeudi 9h-12h 14h-18h",
    "Permanence le 1er samedi du mois de 10h à 12h",
    "Du mardi au samedi 9h30-12h30 14h-19h, fermé dimanche et lundi",
)
_DAY = re.compile(rf"\b({'|'.join(DAY_NAMES)})\b", re.IGNORECASE)
_CLOCK = re.compile(r"\b(\d{1,2})h(?:\d\d)?")


def mutations(text: str, draw: random.Random) -> Iterator[tuple[str, str]]:
    """Texts that mean something else, and how each was made."""
    days = {match[1].lower() for match in _DAY.finditer(text)}
    day, clock = draw.choice(list(_DAY.finditer(text))), draw.choice(list(_CLOCK.finditer(text)))
    ends = [match.end() for match in re.finditer(r"\w(?=[ ,.;])", text)]
    other = draw.choice([one for one in DAY_NAMES if one not in days])
    at = draw.choice([end for end in ends if end > clock.start()] or [len(text)])
    yield "another day", text[: day.start()] + other + text[day.end() :]
    yield "another clock", f"{text[: clock.start()]}{(int(clock[1]) + 1) % 24}h41{text[clock.end() :]}"
    yield "no clock", text[: clock.start()] + text[clock.end() :]
    yield "a clock twice", f"{text[: clock.end()]} {clock[0]}{text[clock.end() :]}"
    yield "closed then", f"{text.rstrip('.')}. Fermé en février."
    if "ferm" not in text.lower():  # there it would be of days that are closed in any week
        yield "odd weeks", f"{text.rstrip('.')} (semaines impaires)"
    if text[day.end() : day.end() + 1] in " :" and "ferm" not in text.lower():
        yield "a closed day", f"{text[: day.end()]} fermé{text[day.end() :]}"
    for word in ("sauf", "pas", "parfois", "zarglou", "impaires", "jusqu'au 12 mai"):
        yield f"« {word} »", f"{text[:at]} {word}{text[at:]}"
    if "sauf" not in text and "ferm" not in text.lower():
        yield "but a day", f"{text.rstrip('.')}, sauf le {draw.choice(sorted(days))}"


def test_what_is_changed_is_never_answered_the_same_in_silence() -> None:
    draw = random.Random(76)
    outcomes: Counter[str] = Counter()
    same: list[tuple[str, str]] = []
    for text in TEXTS:
        before = reading.read(text)
        assert before.doubts == ()
        for _ in range(6):
            for how, changed in mutations(text, draw):
                try:
                    after = reading.read(changed)
                except NotHours:
                    outcomes["refused"] += 1
                    continue
                outcomes["in doubt" if after.doubts else "another answer"] += 1
                if not after.doubts and alike(after.rules, before.rules):
                    same.append((how, changed))
    assert same == []
    assert min(outcomes.values()) > 40  # of 780, some of each


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("Mardi à vendredi 9h-12h. Fermé le lundi 3 mai.", "Tu-Fr 09:00-12:00; May 03 off"),
        (
            "Mardi à vendredi 9h-12h. Fermé du lundi 3 au vendredi 21 août.",
            "Tu-Fr 09:00-12:00; Aug 03-21 off",
        ),
    ],
)
def test_a_dated_day_without_its_year_is_that_date(text: str, rules: str) -> None:
    """It was read as closed on every Monday, and open on the date."""
    hours = reading.read(text)
    assert alike(hours.rules, reading.read(rules).rules)
    assert DATED in hours.doubts


def test_a_date_of_another_weekday_is_refused() -> None:
    with pytest.raises(NotHours, match="another day of the week"):
        reading.read("Mardi à vendredi 9h-12h. Fermé le lundi 4 mai 2027.")


@pytest.mark.parametrize(
    "text",
    [
        "Lundi 29 février 2100 9h-12h",
        "Lundi 29 février 2027 : 9h-12h",
        "Fermé le 29 février 2027. Mardi 9h-12h",
        "Nouveaux horaires à compter du 29/02/2027 : mardi 9h-12h",
        "Les 6 et 29 février 2027 : 9h-12h",
        "Lundi 3 juin 99999 9h-12h",
        "Fermé le lundi 3 juin 12000, mardi 9h-12h",
    ],
)
def test_a_day_that_its_year_does_not_have_is_refused(text: str) -> None:
    with pytest.raises(NotHours):
        reading.read(text)


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("Jeudi : ouverture matin : 8h fermeture matin : 11h30", "Th 08:00-11:30"),
        ("Mardi 9h-12h et 13h-18hfermé le samedi", "Tu 09:00-12:00,13:00-18:00; Sa off"),
        ("Le 1 er jeudi du mois de 9h à 12h", "Th[1] 09:00-12:00"),
        ("Ouvert du mardi au vendredi de 9h à\n11h et de 14h à 16h", "Tu-Fr 09:00-11:00,14:00-16:00"),
        ("Permanence trois fois par mois : le 1er, 2e et 3e jeudi de 9h à 12h", "Th[1-3] 09:00-12:00"),
        ("Horaires exceptionnels le 12 mai 2027 : 9h-12h. Mardi 14h-17h", "Tu 14:00-17:00; 2027 May 12 09:00-12:00"),
        ("Jours d'ouverture jeudi et samedi 9h-12h", "Th,Sa 09:00-12:00"),
    ],
)  # fmt: skip
def test_lines_and_words_as_forms_and_pages_have_them(text: str, rules: str) -> None:
    assert alike(reading.read(text).rules, reading.read(rules).rules)


@pytest.mark.parametrize(
    ("text", "rules"),
    [("09.30-12.30 ma-sa", "Tu-Sa 09:30-12:30"), ("sa, di 10.00-12.00", "Sa,Su 10:00-12:00"), ("ma 9:00-12:00, ve 9:00-12:00", "Tu,Fr 09:00-12:00")],
)  # fmt: skip
def test_french_day_codes_with_points_are_french(text: str, rules: str) -> None:
    assert alike(reading.read(text).rules, reading.read(rules).rules)


@pytest.mark.parametrize("text", ["ma-di 9:00-12:00", "ma 9.00-12.00"])
def test_codes_of_two_languages_are_refused(text: str) -> None:
    with pytest.raises(NotHours, match="two languages"):
        reading.read(text)
