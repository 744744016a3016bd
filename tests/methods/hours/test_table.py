"""The grammar of French sentences that is a table: all readings are found, what is not in it is refused, and
what has two meanings says so. With 624 texts of pages, written before it was asked.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from parvis.methods.hours import evaluation, french, reading
from parvis.methods.hours.alike import alike
from parvis.methods.hours.chart import Chart, Production, compiled
from parvis.methods.hours.french_entries import (
    CROSSED,
    DASH,
    EXCEPTED,
    HALF_BEGINS,
    HALF_OF,
    LONG_DAY,
    NTH,
    SEASON_GOES_ON,
    SLASH,
    WEEK,
)
from parvis.methods.hours.french_words import NotFrench, Word, words
from parvis.methods.hours.reading import NotHours
from tests.methods.hours.hours_as_written import DAYS, understood
from tests.methods.hours.test_written import HERE, minutes, truth

YEAR = [date(2026, 1, 1) + timedelta(n) for n in range(0, 364, 3)]
PAGES = Path(__file__).parents[2] / "data/hours_as_pages_write.tsv"


def chart(said: str) -> Chart:
    """Sums without brackets: « a-a-a » is (a-a)-a and a-(a-a)."""
    grammar = compiled(
        [
            Production("One", "label", lambda word: word.text),
            Production("Two", "One ~- One", lambda a, b: f"({a}{b})"),
            Production("Sum", "Two ~- One", lambda a, b: f"({a}{b})"),
            Production("Sum", "One ~- Two", lambda a, b: f"({a}{b})"),
            Production("Sum", "One -? One ~- One", lambda *_: "dear", cost=2),
            Production("Sum", "Two", lambda _: None),
        ]
    )
    return Chart(grammar, [Word("-" if sign == "-" else "label", (), sign) for sign in said])


def test_all_readings_are_found_the_cheapest_first() -> None:
    assert chart("a-b-c").readings("Sum") == [(0, "((ab)c)"), (0, "(a(bc))"), (2, "dear")]


def test_a_reading_without_a_meaning_is_none() -> None:
    assert chart("a-b").readings("Sum") == []
    assert chart("a-b-").readings("Sum") == []


def test_a_long_list_is_no_deep_pile_of_calls() -> None:
    grammar = compiled(
        [
            Production("List", "label", lambda _: 1),
            Production("List", "label ~- List", lambda _, more: more + 1),
        ]
    )
    said = [Word("-" if n % 2 else "label", (), "") for n in range(2401)]
    assert Chart(grammar, said).readings("List") == [(0, 1201)]


@pytest.mark.parametrize(
    "one", ["lundi, mardi, ", "lundi 9h-12h, ", "9h-12h, ", "lundi (9h-12h) ", "sauf mardi "]
)
def test_the_longest_texts_are_read_or_refused(one: str) -> None:
    """By no error of another kind."""
    for times in (15, 30, 60, 140):
        try:
            reading.read((one * times)[: reading.LONGEST])
        except NotHours:
            continue


def test_a_symbol_that_nothing_makes_is_a_slip_of_the_table() -> None:
    with pytest.raises(KeyError):
        compiled([Production("One", "Nothing", lambda a: a)])


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("9h-12h15, 13h30-17h30 du lundi au vendredi (mercredi : ouverture à 10h)", "Mo,Tu,Th,Fr 09:00-12:15,13:30-17:30; We 10:00-12:15,13:30-17:30"),
        ("De juin à août : 7h-22h / De septembre à mai : 8h-19h / Tous les jours", "Jun-Aug Mo-Su 07:00-22:00; Sep-May Mo-Su 08:00-19:00"),
        ("Du lundi au vendredi de 9h à 18h, jusqu'à 20h le mardi et le jeudi, et le samedi de 10h à 17h", "Mo,We,Fr 09:00-18:00; Tu,Th 09:00-20:00; Sa 10:00-17:00"),
        ("Du lundi au vendredi 8h30-12h et 13h30-17h ; en juillet et août, uniquement le matin", "Mo-Fr 08:30-12:00,13:30-17:00; Jul,Aug Mo-Fr 08:30-12:00"),
        ("Du lundi au vendredi matin et soir : 10h-12h et 16h-18h. Samedi matin : 10h-12h.", "Mo-Fr 10:00-12:00,16:00-18:00; Sa 10:00-12:00"),
        ("Lundi 9h-12h sans rendez-vous et de 14h à 17h sur rendez-vous", 'Mo 09:00-12:00, Mo 14:00-17:00 "sur rendez-vous"'),
        ("Lundi 9h-12h 14h-18h\nMardi 9h-12h Fermé\nJeudi Fermé Fermé", "Mo 09:00-12:00,14:00-18:00; Tu 09:00-12:00"),
        ("Lundi, mardi 9h-12h. Permanence le samedi de 9h à 11h.", "Mo,Tu 09:00-12:00; Sa 09:00-11:00"),
        ("Mardi 14h-18h, les autres jours de 10h à 12h (du mercredi au samedi)", "Tu 14:00-18:00; We-Sa 10:00-12:00"),
        ("Du lundi au vendredi de 8h30 à 12h et, sauf le mercredi, de 13h30 à 17h", "Mo-Fr 08:30-12:00,13:30-17:00; We 08:30-12:00"),
        ("Lundi 9h-12h et 14h-17h ; mardi : idem, nocturne jusqu'à 19h", "Mo 09:00-12:00,14:00-17:00; Tu 09:00-12:00,14:00-19:00"),
        ("7h-20h tous les jours ; du 1er avril au 30 septembre, fermeture à 22h", "Mo-Su 07:00-20:00; Apr 1-Sep 30 Mo-Su 07:00-22:00"),
        ("ÉTÉ (15/03 au 15/10) : 8h-12h - HIVER (16/10 au 14/03) : 9h-12h - Ouvert du lundi au samedi", "Mar 15-Oct 15 Mo-Sa 08:00-12:00; Oct 16-Mar 14 Mo-Sa 09:00-12:00"),
        ("Jour ; Matin ; Après-midi\nLundi ; 9h-12h ; fermé\nMardi ; fermé ; 14h-18h", "Mo 09:00-12:00; Tu 14:00-18:00"),
        ("du lundi au vendedi de 9h à 12h", "Mo-Fr 09:00-12:00"),
        ("Restaurant ouvert midi et soir, 12h-14h et 19h-22h, fermé dimanche soir et mercredi", "Mo,Tu,Th-Sa 12:00-14:00,19:00-22:00; Su 12:00-14:00"),
        ("Mardi 9h-12h. Fermeture 3 semaines en août.", "Tu 09:00-12:00; Aug unknown"),
        ("En semaine (du mardi au vendredi) : 10h-18h. Le week-end : 14h-18h.", "Tu-Fr 10:00-18:00; Sa,Su 14:00-18:00"),
        ("Mardi au vendredi 14h-18h, mercredi 10h-12h également, samedi 14h-17h", "Tu-Fr 14:00-18:00; We 10:00-12:00,14:00-18:00; Sa 14:00-17:00"),
        ("Du mardi au samedi de 6h30 à 19h30. Jour de fermeture : lundi.", "Tu-Sa 06:30-19:30"),
        ("Bibliothèque, 3 rue Haute. Mercredi : 13h30 à 17h.", "We 13:30-17:00"),
        ("Semaine : 8h30-12h30. Samedi : 9h-12h.", "Mo-Fr 08:30-12:30; Sa 09:00-12:00"),
        ("Lundi, mardi de 8h à 12h, sur rendez-vous de 14h à 18h", 'Mo,Tu 08:00-12:00, Mo,Tu 14:00-18:00 "sur rendez-vous"'),
        ("Mercredi, midi (12h - 14h) et soir (19h - 21h30)", "We 12:00-14:00,19:00-21:30"),
        ("Brigade de Vaux. Du lundi au samedi : 8h à 12h.", "Mo-Sa 08:00-12:00"),
        ("Lundi. Été : 9h-12h (1er avril - 30 septembre). Hiver : 10h-12h (1er octobre - 31 mars).", "Apr 1-Sep 30 Mo 09:00-12:00; Oct 1-Mar 31 Mo 10:00-12:00"),
        ("Lundi → mercredi : 8h30→17h", "Mo-We 08:30-17:00"),
        ("Lu 10-12 14-18, Ma 14-18", "Mo 10:00-12:00,14:00-18:00; Tu 14:00-18:00"),
        ("Adresse : 12 rue de la Paix\nHoraires : lundi de 9h à 12h", "Mo 09:00-12:00"),
        ("Mardi, mercredi de 14h à 18h ; mercredi et samedi de 9h à 12h", "Tu 14:00-18:00; We 09:00-12:00,14:00-18:00; Sa 09:00-12:00"),
        ("Lundi au vendredi : 9h-12h et 14h-17h (fermé l'après-midi en juillet)", "Mo-Fr 09:00-12:00,14:00-17:00; Jul Mo-Fr 09:00-12:00"),
        ("Ouvert tous les jours. Ouverture à 8h, fermeture à 20h.", "Mo-Su 08:00-20:00"),
    ],
)  # fmt: skip
def test_what_the_table_adds(text: str, rules: str) -> None:
    assert alike(reading.read(text).rules, reading.read(rules).rules), french.read(text)


def test_where_a_list_of_closed_days_ends_is_not_guessed() -> None:
    """At « et », or at the comma behind it."""
    with pytest.raises(NotHours):
        reading.read(
            "fermé dimanche, du lundi au mercredi, le vendredi et le samedi : 16h-18h, le jeudi : 8h-12h"
        )
    rules = reading.read("fermé samedi et dimanche, lundi à vendredi : 9h-12h").rules
    assert alike(rules, reading.read("Mo-Fr 09:00-12:00").rules)


def test_a_bracket_is_of_the_last_day() -> None:
    """« (fermé le matin) » takes the morning off none of the others."""
    hours = reading.read(
        "Lundi, mardi, mercredi et vendredi : 8h30-12h30 / 13h30-17h30. Jeudi : 13h30-19h (fermé le matin)."
    )
    assert not hours.doubts
    assert evaluation.state(hours, datetime.fromisoformat("2026-01-12T09:00"), HERE)[0] == "open"
    assert evaluation.state(hours, datetime.fromisoformat("2026-01-15T14:00"), HERE)[0] == "open"


@pytest.mark.parametrize(
    ("text", "doubt", "readings"),
    [
        ("Mercredi et samedi après-midi 10h-12h, 14h-18h", HALF_OF, 2),
        ("Fermé mercredi et samedi après-midi. Du lundi au samedi 9h-12h et 14h-18h", HALF_OF, 2),
        ("Ouvert le 2e mardi 14h-16h", NTH, 1),
        ("Du 1er novembre au 30 mars 8h-17h, du 1er mars au 31 octobre 8h-19h", CROSSED, 2),
        ("Du lundi au vendredi 9h-12h et 14h-18h (dès 13h30 le mercredi)", HALF_BEGINS, 2),
        ("Lundi-mercredi-vendredi 9h-12h. Mardi-jeudi 14h-18h.", DASH, 1),
        ("Lun/Ven 9h-12h", SLASH, 2),
        ("Ouvert tous les jours de la semaine de 10h à 12h", WEEK, 2),
        ("Bar : tous les jours 9h-3h", LONG_DAY, 2),
        ("Hors vacances scolaires : lundi 9h-12h ; mardi 14h-18h", SEASON_GOES_ON, 2),
        ("Tous les jours 8h-20h sauf dimanche 9h-13h", EXCEPTED, 2),
    ],
)
def test_what_has_two_meanings_says_which(text: str, doubt: str, readings: int) -> None:
    """The doubt is said, both readings are kept and shown, and where they differ the state is unknown."""
    hours = reading.read(text)
    assert doubt in hours.doubts
    assert len(hours.others) + 1 == readings
    assert ("ou comme «" in hours.warnings[0]) is (readings > 1)
    if readings > 1:
        days = [day for day in YEAR if minutes(hours, day) != minutes(replace(hours, others=()), day)]
        assert days
        assert all("u" in minutes(hours, day) for day in days)


@pytest.mark.parametrize(
    "text",
    [
        "Lundi-vendredi 9h-12h 14h-17h ; samedi 9h-12h (fermé samedi)",
        "Ouvert mardi 9h-12h ; jeudi 14h-18h ; mardi 14h-16h30 uniquement",
        "Samedi 6 mars 2026 : 9h-12h",  # a Friday
    ],
)
def test_what_contradicts_itself_is_not_understood(text: str) -> None:
    assert not understood(text)


def test_notes_at_hours_of_their_own_are_taken_out_and_said() -> None:
    for note in (
        "Standard ouvert jusqu'à 17h.",
        "Astreinte téléphonique 24h/24.",
        "Levée du courrier à 15h45 (samedi 11h).",
        "Parking gratuit pendant 2h.",
    ):
        hours = reading.read(f"Du lundi au vendredi de 9h à 12h. {note}")
        assert alike(hours.rules, reading.read("Mo-Fr 09:00-12:00").rules), note
        assert hours.doubts, note
    with pytest.raises(NotHours):
        reading.read("Du lundi au vendredi de 9h à 12h. Bibliothèque : parking, lundi 14h-17h.")


def outcome(text: str, open_: str, readings: str) -> str:
    try:
        hours = reading.read(text)
    except NotHours:
        return "refused"
    if readings != "one":
        return "in doubt" if hours.doubts or any("u" in minutes(hours, day) for day in DAYS) else "SILENT"
    meant = {day: truth(open_, day) for day in DAYS}
    wrong = {
        said for day, true in meant.items() if true is not None for said, is_ in zip(minutes(hours, day), true, strict=True) if said != is_
    }  # fmt: skip
    return "right" if not wrong else "unknown" if wrong == {"u"} else "wrong" if hours.doubts else "SILENT"


def test_what_pages_write() -> None:
    """None is silently wrong; at least 95 % of those answered are right, at most 15 % are refused."""
    found: Counter[str] = Counter()
    silent: list[str] = []
    for line in PAGES.read_text(encoding="utf-8").splitlines()[1:]:
        _, text, open_, readings, _ = line.split("\t")
        what = outcome(text.replace("\\n", "\n").replace("\\t", "\t"), open_, readings)
        found[what if readings == "one" else f"{what}, several"] += 1
        silent += [text] if what == "SILENT" else []
    assert silent == []
    clear = sum(found[what] for what in ("right", "unknown", "wrong", "refused"))
    assert clear >= 500
    assert found["refused"] <= 0.15 * clear
    assert found["right"] >= 0.95 * (clear - found["refused"])


def test_a_word_that_no_clause_holds_refuses() -> None:
    with pytest.raises(NotFrench):
        french.read("Lundi zorglub 9h-12h et mardi 14h-17h")
    assert words("lundi")[0].kind == "day"
