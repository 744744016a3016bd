"""A notice of hours is more than days and times: a heading, the name of the place, its address and telephone, notes, prices, closings
of the year. Each kind of these is put before or behind hours that are understood, and must change nothing of them; so must each
sign that a page sets in place of a colon, a line or nothing.
"""

from __future__ import annotations

import re

import pytest

from parvis.methods.hours.chart import Chart, Production, compiled
from parvis.methods.hours.french import read
from parvis.methods.hours.french_entries import BINDING, HALF_BEGINS, READINGS
from parvis.methods.hours.french_words import NotFrench
from parvis.methods.hours.reading import NotHours
from parvis.methods.hours.reading import read as hours_of
from tests.methods.hours.hours_as_written import understood

BASES = (
    "Du lundi au jeudi : 8h45-12h15 et 13h45-17h30\nVendredi : 8h45-12h15",
    "Mardi : 15h-18h30\nMercredi : 9h30-12h / 14h-18h30\nSamedi : fermé",
    "Ouvert tous les jours sauf le lundi de 9h30 à 18h.",
    "Mercredi 13h30-17h30, samedi 9h-12h (semaines paires)",
)
HEADS = {
    "heading": ("Horaires d’ouverture au public : ", "OUVERTURE AU PUBLIC\n", "Horaires habituels : ", "Horaires en vigueur\n"),
    "heading and place": (
        "Horaires d’ouverture : Ludothèque municipale\n",
        "Horaires d'ouverture au public : Gymnase Léo-Lagrange – ",
        "HORAIRES D’OUVERTURE\nMairie annexe de Kerhuon\n",
    ),
    "heading, place, address, telephone": (
        "Horaires d’ouverture au public : Trésorerie – 7 quai Ouest – 02 98 00 00 00 – ",
        "Ouverture :\nLudothèque, 4 bis rue du Port, 29200 Brest\nTél. : 02.98.00.00.00\n",
    ),
    "year": ("Horaires 2026 : ", "Horaires 2025-2026\n"),
}  # fmt: skip
TAILS = {
    "telephone": ("\nTél. : 02 98 00 00 00", "\nContact : 02 98 00 00 00 – accueil@exemple.fr"),
    "place": ("\n7 quai Ouest, 29200 Brest",),
    "delay": ("\nRéponse sous 48 h.", "\nRéservation 72 h à l’avance."),
    "price": ("\nTarif : 3,50 €", "\nEntrée gratuite."),
    "admission": ("\nDernière entrée 30 minutes avant la fermeture.",),
}
SIGNS = {
    "blanks": (r" ", "  "),
    "emphasis": (r"(?i)\b(lundi|mardi|mercredi|jeudi|vendredi|samedi)\b", r"**\1**"),
    "items": (r"(?m)^(?=\w)", "› "),
    "stars": (r"(?m)^(?=\w)", "* "),
    "leaders": (r" : (?=\d|ferm)", " ........ "),
    "ellipsis": (r" : (?=\d|ferm)", " … "),
    "greater than": (r" : (?=\d|ferm)", " > "),
    "arrow": (r" : (?=\d|ferm)", " → "),
    "double slash": (r"\n", " // "),
    "slash": (r"\n", " / "),
    "tab": (r" : (?=\d|ferm)", "\t"),
}


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize(("kind", "head"), [(kind, head) for kind, heads in HEADS.items() for head in heads])
def test_what_stands_before_hours_changes_nothing_of_them(base: str, kind: str, head: str) -> None:
    whole, headed = read(base), read(head + base)
    assert whole is not None, kind
    assert headed is not None
    assert (headed.text, headed.others) == (whole.text, whole.others)


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize(("kind", "tail"), [(kind, tail) for kind, tails in TAILS.items() for tail in tails])
def test_what_stands_behind_hours_changes_nothing_of_them(base: str, kind: str, tail: str) -> None:
    whole, noted = read(base), read(base + tail)
    assert whole is not None, kind
    assert noted is not None
    assert (noted.text, noted.others) == (whole.text, whole.others)


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("sign", SIGNS)
def test_a_sign_in_place_of_another_changes_nothing(base: str, sign: str) -> None:
    whole, other = read(base), read(re.sub(*SIGNS[sign], base))
    assert whole is not None
    assert other is not None
    assert (other.text, other.doubts) == (whole.text, whole.doubts)


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("L 9h-12h\nM 9h-12h\nM 14h-18h\nJ fermé", "Mo,Tu 09:00-12:00; We 14:00-18:00; Th off"),
        ("L : 9h-12h | Ma : 14h-17h | Me : 9h-12h | V : 9h-11h", "Mo,We 09:00-12:00; Tu 14:00-17:00; Fr 09:00-11:00"),
        ("L 9h-12h, M 9h-12h, M 14h-18h, J 9h-12h", "Mo,Tu,Th 09:00-12:00; We 14:00-18:00"),
        ("L | M | M | J\n9h-12h | 14h-17h | - | 9h-12h", "Mo,Th 09:00-12:00; Tu 14:00-17:00; We off"),
    ],
)  # fmt: skip
def test_rows_that_begin_with_the_first_letter_of_their_day(text: str, rules: str) -> None:
    reading = read(text)
    assert reading is not None
    assert reading.text == rules


def test_rows_whose_letters_name_several_lists_of_days_are_refused() -> None:
    with pytest.raises(NotHours):
        hours_of("L : 9h-12h\nM : 14h-17h\nJ : 9h-12h")


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("Mardi 9h-12h. Fermeture estivale du 3 au 21 août 2026.", "Tu 09:00-12:00; 2026 Aug 03-21 off"),
        ("Chaque 1er mardi 14h-18h et 3e jeudi 9h-12h du mois", "Tu[1] 14:00-18:00; Th[3] 09:00-12:00"),
        ("Mardi à vendredi 9h-12h et 14h-17h ; fermé le 3e jeudi du mois au matin", "Tu-Fr 09:00-12:00,14:00-17:00; Th[3] 14:00-17:00"),
        ("9h-19h du mardi au samedi, et jusqu'à 13h seulement le dimanche", "Tu-Sa 09:00-19:00; Su 09:00-13:00"),
        ("Tous les jours sauf le jeudi après-midi, du lundi au vendredi, 9h-12h et 14h-17h", "Mo-We,Fr 09:00-12:00,14:00-17:00; Th 09:00-12:00"),
        ("Vacances d'été (du 4 juillet au 29 août 2026) : mardi 9h-12h", "2026 Jul 04-2026 Aug 29 Tu 09:00-12:00"),
        ("10h-18h tlj sf lundi. Fermé le 1er nov. et le 25 déc. Dernière entrée 17h15.", "Tu-Su 10:00-18:00; Nov 01 off; Dec 25 off"),
        ("Salle hors-sac ouverte du 20 décembre 2025 au 29 mars 2026, 9h à 17h, 7j/7", "2025 Dec 20-2026 Mar 29 Mo-Su 09:00-17:00"),
        ("Foire du 4 au 9 mai 2026 : lundi à jeudi 14h-19h ; vendredi 14h-21h", "2026 May 04-09 Mo-Th 14:00-19:00; 2026 May 04-09 Fr 14:00-21:00"),
        ("Tous les jours du 1er juillet au 31 août 10h-18h ; week-ends uniquement en mai et juin", "Jul 01-Aug 31 Mo-Su 10:00-18:00; May,Jun Sa,Su 10:00-18:00"),
        ("Samedi 9h-12h (état civil uniquement, les semaines impaires)", "week 1-53/2 Sa 09:00-12:00"),
        ("Piscine fermée pour vidange du bassin du 31 août au 13 septembre 2026. Lundi 12h-14h", "Mo 12:00-14:00; 2026 Aug 31-2026 Sep 13 off"),
        ("Mardi 9h-12h, fermé la première quinzaine d'août", "Tu 09:00-12:00; Aug 01-15 off"),
        ("Mardi 9h-12h, fermé pendant les vacances scolaires de Noël et d'été", "Tu 09:00-12:00; Dec-Jan SH off; Jul-Aug SH off"),
        ("Mercredi 14h-18h (vacances scolaires : mardi au vendredi 14h-18h)", "We 14:00-18:00; SH Tu-Fr 14:00-18:00"),
        ("Mardi à vendredi 9h-12h (sauf le jeudi : ouverture à 10h)", "Tu,We,Fr 09:00-12:00; Th 10:00-12:00"),
        ("Mercredi 9h-12h, samedi (1er du mois) 10h-12h", "We 09:00-12:00; Sa[1] 10:00-12:00"),
        ("Hors vacances : mardi 16h-18h\nVacances : mardi 14h-18h\nFermé les jours fériés.", "Tu 16:00-18:00; SH off; SH Tu 14:00-18:00; PH off"),
        ("Mardi 9 heures-12 heures 14 heures-18 heures", "Tu 09:00-12:00,14:00-18:00"),
        ("Lundi / 9h-12h Mardi / 14h-17h Mercredi / fermé", "Mo 09:00-12:00; Tu 14:00-17:00; We off"),
        ("9h-12h lundi | 14h-18h mardi", "Mo 09:00-12:00; Tu 14:00-18:00"),
        ("9h-12h lundi / 14h-18h mardi / 9h-11h jeudi", "Mo 09:00-12:00; Tu 14:00-18:00; Th 09:00-11:00"),
        ("Été (juin à août) : mardi 9h-12h\n14h-18h\nHiver (décembre à février) : mardi 9h-12h", "Jun-Aug Tu 09:00-12:00,14:00-18:00; Dec-Feb Tu 09:00-12:00"),
        ("Mairie – Mardi : 9h-12h – Mercredi : 14h-17h – Fermée le lundi", "Tu 09:00-12:00; We 14:00-17:00; Mo off"),
        ("Mardi 9h-12h\n12 rue de la Paix, 85000 La Roche-sur-Yon", "Tu 09:00-12:00"),
        ("Du lundi au vendredi : 8 h\n30 – 12 h, 13 h 30 – 17 h", "Mo-Fr 08:30-12:00,13:30-17:00"),
        ("Du lundi au jeudi 9h-12h et 13h-17h (sans interruption le mardi)", "Mo,We,Th 09:00-12:00,13:00-17:00; Tu 09:00-17:00"),
        ("Du lundi au jeudi 9h-12h et 13h-17h ; le mardi journée continue", "Mo,We,Th 09:00-12:00,13:00-17:00; Tu 09:00-17:00"),
        ("Du lundi au jeudi 9h-12h et 13h-17h. Le jeudi, en continu jusqu'à 19h.", "Mo-We 09:00-12:00,13:00-17:00; Th 09:00-19:00"),
        ("Journée continue le samedi (9h-18h) ; mardi 9h-12h et 14h-19h", "Sa 09:00-18:00; Tu 09:00-12:00,14:00-19:00"),
        ("9h-17h sans interruption du lundi au vendredi", "Mo-Fr 09:00-17:00"),
        ("Mardi à jeudi 9h-17h, sauf le mercredi où les bureaux ferment à 12h", "Tu,Th 09:00-17:00; We 09:00-12:00"),
        ("Mardi 14h-18h ; samedi 9h-12h, sauf juillet-août où la mairie est fermée le samedi", "Tu 14:00-18:00; Sa 09:00-12:00; Jul-Aug Sa off"),
        ("Mardi 9h-12h, sauf en août où le service est fermé.", "Tu 09:00-12:00; Aug off"),
        ("Ouvert tous les jours (fermé le lundi) de 10h à 18h", "Tu-Su 10:00-18:00; Mo off"),
        ("Mercredi 14h-18h, vac. scol. : mardi à vendredi 14h-18h", "We 14:00-18:00; SH Tu-Fr 14:00-18:00"),
        ("Mardi 9h-12h, sur rendez-vous en dehors de ces horaires", 'Tu 09:00-12:00 || "sur rendez-vous"'),
        ("Mardi 9h-12h. En dehors de ces horaires, sur rendez-vous.", 'Tu 09:00-12:00 || "sur rendez-vous"'),
        ("Mardi 9h-12h, sauf le 1er mardi du mois (ouverture à 10h)", "Tu 09:00-12:00; Tu[1] 10:00-12:00"),
        ("Mardi 9h-12h, sauf pendant les vacances scolaires de Noël", "Tu 09:00-12:00; Dec-Jan SH off"),
        ("Mardi, jeudi 9h-12h, sauf le mardi des semaines paires", "Tu,Th 09:00-12:00; week 2-52/2 Tu off"),
        ("Mardi 9h-12h. Pont de l'Ascension : fermé le vendredi 15 mai 2026.", "Tu 09:00-12:00; 2026 May 15 off"),
        ("Mardi 9h-12h (fermé le vendredi 15 mai 2026, pont de l'Ascension)", "Tu 09:00-12:00; 2026 May 15 off"),
        ("Mardi 9h-12h. Ouverture exceptionnelle le dimanche 14 juin 2026 de 10h à 17h.", "Tu 09:00-12:00; 2026 Jun 14 Mo-Su 10:00-17:00"),
        ("Le dimanche de 9h à 11h, une semaine sur deux (semaines impaires)", "week 1-53/2 Su 09:00-11:00"),
        ("Mardi 9h-12h. Congés : du 3 au 21 août 2026.", "Tu 09:00-12:00; 2026 Aug 03-21 off"),
        ("Du L. au V. : 8h30-12h et 13h30-17h", "Mo-Fr 08:30-12:00,13:30-17:00"),
        ("Lundi : 8h-12h\nSamedi : 9h-11h30 (1er et 3e du mois)", "Mo 08:00-12:00; Sa[1,3] 09:00-11:30"),
        ("Mardi 16h30-18h30 (fermé du 1er au 31/08)", "Tu 16:30-18:30; Aug 01-31 off"),
        ("Collecte : samedi 7 mars 2026, samedi 4 avril 2026. Horaires : 9h-12h.", "2026 Mar 07,2026 Apr 04 Mo-Su 09:00-12:00"),
    ],
)  # fmt: skip
def test_parts_of_notices_that_were_not_known(text: str, rules: str) -> None:
    reading = read(text)
    assert reading is not None
    assert reading.text == rules


def test_days_that_are_open_all_the_year_are_not_open_only_in_a_season() -> None:
    with pytest.raises(NotFrench):
        read("Du lundi au samedi 9h-12h ; samedi uniquement en juillet")


@pytest.mark.parametrize(
    "text",
    [
        "Du M. au S. : 8h30-12h",  # Tuesday or Wednesday
        "Marché le 2e dimanche de chaque mois 9h-12h, sous les halles, pour les professionnels",
        "Mardi 9h-12h et 14h-19h, mercredi sans interruption",  # of which no hours are said
    ],
)
def test_what_turns_hours_is_not_understood(text: str) -> None:
    assert not understood(text)


def test_a_ranked_day_that_begins_later_ends_as_its_weekday_or_at_a_time_that_is_not_said() -> None:
    reading = read("Mardi 9h-12h et 14h-17h. Le 1er mardi du mois, ouverture à 10h.")
    assert reading is not None
    assert reading.text == "Tu 09:00-12:00,14:00-17:00; Tu[1] 10:00-12:00,14:00-17:00"
    assert reading.others == ("Tu 09:00-12:00,14:00-17:00; Tu[1] 10:00+",)
    assert HALF_BEGINS in reading.doubts


def test_an_exception_behind_two_times_that_a_semicolon_parts_may_be_of_both() -> None:
    reading = read("Tous les jours de 9h à 12h ; 14h à 18h, sauf mercredi")
    assert reading is not None
    assert reading.text == "Mo,Tu,Th-Su 09:00-12:00,14:00-18:00"
    assert reading.others == ("Mo,Tu,Th-Su 09:00-12:00,14:00-18:00; We 09:00-12:00",)
    assert BINDING in reading.doubts


def test_hours_before_dawn_may_be_of_the_afternoon() -> None:
    reading = read("Permanence du mercredi : 5h-7h")
    assert reading is not None
    assert (reading.text, reading.others) == ("We 05:00-07:00", ("We 17:00-19:00",))
    assert READINGS in reading.doubts


def test_readings_that_differ_in_some_weeks_of_one_month_stand_both() -> None:
    """On the Fridays of even weeks in August; a look at the first days of each month misses them."""
    hours = hours_of("Vendredi 17h-19h en semaine paire, samedi 10h-12h en semaine impaire, sauf août")
    assert hours.others


def test_a_production_is_looked_at_where_it_may_begin_with_what_may_be_missing() -> None:
    grammar = compiled(
        (
            Production("All", "Maybe b", lambda first, last: (first, last), whole=True),
            Production("Maybe", "", lambda: ""),
            Production("Maybe", "a", lambda word: word.text),
        )
    )

    class Token:
        def __init__(self, kind: str) -> None:
            self.kind = self.text = kind

    assert len(Chart(grammar, [Token("a"), Token("b")]).readings("All")) == 1
    assert len(Chart(grammar, [Token("b")]).readings("All")) == 1
    assert not Chart(grammar, [Token("c"), Token("b")]).readings("All")
