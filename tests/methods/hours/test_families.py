"""Families of French sentences: feasts and rough dates, times in words, ends said apart, markup, legal time,
ranks, notes beside the hours.
"""

from __future__ import annotations

from datetime import datetime

import pytest

from parvis.methods.hours import evaluation, reading, territory
from parvis.methods.hours.doubts import INSTEAD
from parvis.methods.hours.evaluation import Local
from parvis.methods.hours.reading import NotHours

HERE = Local(territory.holidays("34"))


@pytest.mark.parametrize(
    ("text", "moment", "state"),
    [
        (
            "Musée ouvert de Pâques à la Toussaint, les samedis et dimanches de 15h à 18h",
            "2027-03-21T16:00",
            "closed",
        ),
        (
            "Musée ouvert de Pâques à la Toussaint, les samedis et dimanches de 15h à 18h",
            "2027-03-28T16:00",
            "open",
        ),  # Easter Sunday
        ("De la Toussaint à Pâques : samedi 14h-17h", "2027-02-06T15:00", "open"),
        ("De la Toussaint à Pâques : samedi 14h-17h", "2027-06-05T15:00", "closed"),
        ("De l'Ascension à la Pentecôte : tous les jours 14h-18h", "2027-05-16T15:00", "open"),  # Whit Sunday
        ("De l'Ascension à la Pentecôte : tous les jours 14h-18h", "2027-05-17T15:00", "closed"),
        ("De Noël à la mi-janvier, tous les jours 14h-18h", "2027-01-08T15:00", "open"),
        ("De Noël à la mi-janvier, tous les jours 14h-18h", "2027-01-15T15:00", "unknown"),
        ("De Noël à la mi-janvier, tous les jours 14h-18h", "2027-01-25T15:00", "closed"),
        ("Du 15 juin à la rentrée, tous les jours de 11h à 19h", "2027-09-05T15:00", "unknown"),
        ("De début avril à fin octobre : tous les jours 9h-12h", "2027-07-05T10:00", "open"),
        ("Lundi 9h-12h, sauf le lundi de Pâques", "2027-03-29T10:00", "closed"),
        ("Tous les jours 9h-18h, sauf Noël et le jour de l'an", "2027-01-01T10:00", "closed"),
        ("Mercredi 14h-17h, sauf vacances de Noël", "2027-02-10T15:00", "open"),
        ("Mercredi 14h-17h, sauf vacances de Noël", "2026-12-23T15:00", "closed"),
        (
            "Piscine d'été : ouverte du 12 juin au 31 août, tous les jours de 11h à 19h",
            "2027-03-15T12:00",
            "closed",
        ),
        ("Le lundi, de neuf heures à midi et demi", "2027-03-15T12:15", "open"),
        ("Le lundi, de quatorze heures à dix-huit heures trente", "2027-03-15T18:15", "open"),
        ("Lundi de 9h à vingt et une heures moins le quart", "2027-03-15T20:50", "closed"),
        ("Fermeture à 18h. Ouverture à 9h30. Du mardi au samedi.", "2027-03-16T17:00", "open"),
        (
            "Ouverture de la grille : 7h. Fermeture : 20h d'avril à septembre, 18h d'octobre à mars. Tous les jours.",
            "2027-03-16T19:00",
            "closed",
        ),
        (
            "Lundi : 9h-12h<br/>Mardi : ferm&eacute;<br/>Mercredi : 14h&nbsp;-&nbsp;17h",
            "2027-03-17T15:00",
            "open",
        ),
        ("• Mardi : 9h - 12h\n• Mercredi : 14h - 18h", "2027-03-17T15:00", "open"),
        ("Heure d'hiver : mardi 9h-17h. Heure d'été : mardi 9h-18h.", "2027-03-23T17:30", "closed"),
        ("Heure d'hiver : mardi 9h-17h. Heure d'été : mardi 9h-18h.", "2027-03-30T17:30", "open"),
        (
            "À partir du 1er avril 2027 : lundi 8h-12h. Jusqu'à cette date : mardi 9h-12h.",
            "2027-03-30T10:00",
            "open",
        ),
        (
            "À partir du 1er avril 2027 : lundi 8h-12h. Jusqu'à cette date : mardi 9h-12h.",
            "2027-04-06T10:00",
            "closed",
        ),
        (
            "D'avril à octobre : mercredi 9h-19h. De novembre à mars : mêmes jours, 9h-17h.",
            "2027-03-17T18:00",
            "closed",
        ),
        ("Le 1er samedi du mois 14h-17h ; les autres samedis 9h-12h", "2027-03-06T10:00", "closed"),
        ("Le 1er samedi du mois 14h-17h ; les autres samedis 9h-12h", "2027-03-13T10:00", "open"),
        ("Permanence les samedis 6 et 20 mars 2027, de 10h à 12h30", "2027-03-13T11:00", "closed"),
        ("Permanence les samedis 6 et 20 mars 2027, de 10h à 12h30", "2027-03-20T11:00", "open"),
        (
            "Ouvert du lundi au vendredi : 9h-12h lundi, mercredi, vendredi ; 14h-17h mardi, jeudi",
            "2027-03-16T10:00",
            "closed",
        ),
        ("Lundi 9-12h ; mardi 9-12h 14-17h", "2027-03-16T15:00", "open"),
        ("5h30 - 0h30 tous les jours", "2027-03-16T13:00", "open"),
        ("Du lundi au vendredi de 8h45 à 17h (prise des tickets jusqu'à 16h45)", "2027-03-16T16:50", "open"),
        ("Poste : lundi 9h-12h. Départ du courrier : 15h30 (samedi 11h30).", "2027-03-15T15:30", "closed"),
        (
            "Du lundi au vendredi 8h30-12h. L'après-midi sur rendez-vous uniquement.",
            "2027-03-15T15:00",
            "unknown",
        ),
        (
            "Du lundi au vendredi 8h30-12h. L'après-midi sur rendez-vous uniquement.",
            "2027-03-20T15:00",
            "closed",
        ),
        (
            "La mairie est fermée le mercredi. Les autres jours, du lundi au samedi : 9h-12h.",
            "2027-03-21T10:00",
            "closed",
        ),
        (
            "D'avril à octobre, 8h-19h ; de novembre à mars, 8h-17h. Ouvert tous les jours, y compris dimanches et jours fériés.",
            "2027-03-21T16:00",
            "open",
        ),
        (
            "Mercredi en période scolaire 7h30-18h, et pendant les vacances (sauf Noël) du lundi au vendredi, mêmes horaires",
            "2027-03-15T10:00",
            "closed",
        ),
        (
            "Tous les jours d'avril à octobre de 10h à 19h, le week-end de novembre à mars de 14h à 17h",
            "2027-03-16T15:00",
            "closed",
        ),
        (
            "Ouvert tous les jours de juin à septembre, de 10h à 19h, et les week-ends d'octobre à mai, de 14h à 18h",
            "2027-07-06T11:00",
            "open",
        ),
        (
            "Lundi (semaines paires) 9h-12h, jeudi 14h-17h",
            "2027-03-18T15:00",
            "open",
        ),  # the 11th week of the year
        ("Lundi (semaines paires) 9h-12h, jeudi 14h-17h", "2027-03-15T10:00", "closed"),
        ("Samedi d'avril à octobre 9h-12h, mercredi 14h-17h", "2027-03-17T15:00", "unknown"),
        ("Samedi 10h-18h. De juin à septembre : fermeture à 17h le samedi.", "2027-03-20T17:30", "open"),
        (
            "Vacances de la Toussaint : du mardi au samedi 14h-18h. Hors vacances : mercredi 14h-18h",
            "2026-10-21T15:00",
            "open",
        ),
        (
            "D'avril à octobre : 9h-19h ; de novembre à mars : 9h-17h. Fermé le dimanche.",
            "2027-03-21T10:00",
            "closed",
        ),
        (
            "D'avril à octobre : 9h-19h ; de novembre à mars : 9h-17h. Fermé le dimanche.",
            "2027-06-06T10:00",
            "closed",
        ),
        ("9h-12h : lundi, mercredi, vendredi. 14h-17h : mardi, jeudi.", "2027-03-16T15:00", "open"),
        ("Samedi : 9h-12h sauf le premier samedi du mois : 14h-17h", "2027-03-06T10:00", "closed"),
        ("Lundi, mardi : 9h-12h et 14h-17h. Mercredi : matin uniquement", "2027-03-17T15:00", "closed"),
        ("Lundi, mardi : 9h-12h et 14h-17h. Mercredi : matin uniquement", "2027-03-17T10:00", "open"),
        ("Lundi 9h-12h ; mardi 14h-17h ; jeudi : mêmes horaires que lundi", "2027-03-18T10:00", "open"),
        ("Ouvert d'avril à octobre. Accueil tous les jours de 8h à 20h.", "2027-03-16T10:00", "closed"),
        ("Du lundi au vendredi : 9h-12h. Standard téléphonique : 8h30-17h", "2027-03-16T15:00", "closed"),
        ("Fermé du 15 au 28 mars 2027. Lundi 9h-12h", "2027-03-15T10:00", "closed"),
        ("Samedi 6 mars et dimanche 7 mars 2027 : 10h-18h", "2027-03-07T11:00", "open"),
        ("Tous les jours 9h-19h, fermé le week-end de l'Ascension", "2027-05-08T10:00", "closed"),
        ("Tous les jours 9h-19h, fermé le week-end de l'Ascension", "2027-05-07T10:00", "unknown"),
        ("Tous les jours 9h-19h, fermé le week-end de l'Ascension", "2027-05-10T10:00", "open"),
        ("Mercredi 14h-17h, sauf vacances de la Toussaint et de Noël", "2026-12-23T15:00", "closed"),
        ("Heure d'été : 8h-20h / Heure d'hiver : 8h-18h", "2027-03-16T19:00", "closed"),
        (
            "La poste est fermée le lundi. Les autres jours de 9h à 12h, sauf dimanche.",
            "2027-03-21T10:00",
            "closed",
        ),
        ("Musée : du mardi au dimanche 10h-18h, et le lundi de Pâques 14h-18h", "2027-03-29T15:00", "open"),
        ("Du mardi au dimanche 10h-18h, ainsi que le lundi de Pâques", "2027-03-16T11:00", "open"),
        ("Du mardi au dimanche 10h-18h, ainsi que le lundi de Pâques", "2027-03-29T11:00", "open"),
        ("Ouvert le lundi de Pâques. Du mardi au dimanche 10h-18h", "2027-03-16T11:00", "open"),
        ("Lundi 9h-12h (en juillet : 10h-12h), mardi 14h-17h", "2027-03-16T15:00", "open"),
        (
            "Ouvert de mai à septembre, tous les jours de 10h à 18h, et d'octobre à avril, uniquement le dimanche de 14h à 17h",
            "2027-03-16T15:00",
            "closed",
        ),
        (
            "Tous les jours, de 9h à 19h du 1er avril au 30 septembre et de 9h à 17h le reste de l'année",
            "2027-03-16T18:00",
            "closed",
        ),
        ("Ouvert tous les jours fériés de 10h à 12h", "2027-03-16T11:00", "closed"),
        ("Tous les samedis du 1er avril au 30 septembre de 9h à 12h", "2027-07-10T10:00", "open"),
        ("Sur rendez-vous : lundi 9h-12h, mardi 14h-17h", "2027-03-16T15:00", "unknown"),
        ("Lundi 9h-12h, mardi 14h-17h sur rendez-vous, mercredi 9h-12h", "2027-03-16T15:00", "unknown"),
        ("Du mardi au samedi 8h30-12h. Sur rendez-vous de 14h à 17h.", "2027-03-16T15:00", "unknown"),
        ("Du mardi au samedi 8h30-12h. Sur rendez-vous de 14h à 17h.", "2027-03-16T18:00", "closed"),
        (
            "Mercredi 9h-12h toutes les semaines, vendredi 14h-17h en semaine impaire",
            "2027-03-24T10:00",
            "open",
        ),
        ("Du 15/03/2027 au 28/03/2027 : lundi 9h-12h", "2027-03-22T10:00", "open"),
        ("Du 15/03/2027 au 28/03/2027 : lundi 9h-12h", "2027-03-29T10:00", "closed"),
        # the season said first is not written over
        ("En juillet, lundi 9h-12h, et mercredi 9h-12h le reste de l'année", "2027-07-05T10:00", "open"),
        ("En juillet, lundi 9h-12h, et mercredi 9h-12h le reste de l'année", "2027-07-07T10:00", "closed"),
        ("En juillet, lundi 9h-12h, et mercredi 9h-12h le reste de l'année", "2027-03-17T10:00", "open"),
    ],
)
def test_readings(text: str, moment: str, state: str) -> None:
    assert evaluation.state(reading.read(text), datetime.fromisoformat(moment), HERE)[0] == state


@pytest.mark.parametrize(
    "text",
    [
        # a range whose beginning is not known
        "Bibliothèque ouverte de la Saint-Jean à la Toussaint, 10h-18h",
        "Chapelle : de la Saint-Michel à mars, tous les jours 10h-18h",
        "Le lundi 9h-12h et le mardi de Pâques 10h-12h",
        "Tous les jours 9h-12h, fermé le week-end du 15 août",
        "Lundi ou mardi 9h-12h",
        "À partir du 1er avril : lundi 8h-12h",
        "Les samedis 6 et 20 mars, 10h-12h",  # of which year
        "Les samedis 7 et 20 mars 2027, 10h-12h",  # the 7th is a Sunday
        "Ouverture à 9h. Tous les jours.",
        # where the list of closed days ends
        "Ouvert du mardi au samedi, fermé dimanche, lundi, 9h-12h",
    ],
)
def test_a_word_that_says_when_is_never_passed_over(text: str) -> None:
    with pytest.raises(NotHours):
        reading.read(text)


@pytest.mark.parametrize(
    "text",
    [
        "du lundi au vendredi de 9h à 12h et de 14h à 17h, le samedi de 9h à 12h",
        "mardi, jeudi : 16h-18h ; samedi 10h-12h. Fermé en août",
        "d'avril à octobre : du mardi au dimanche 10h-18h ; de novembre à mars : le week-end 14h-17h",
        "le 1er samedi du mois 9h-12h, les autres samedis 14h-17h",
    ],
)
@pytest.mark.parametrize("said", ["Zorglub", "zorglub", "de la Saint-Jean à la Sainte-Luce"])
def test_words_of_no_list_among_the_hours_are_refused_or_a_doubt(text: str, said: str) -> None:
    """At every place of the text."""
    words, before = text.split(), reading.read(text)
    for at in range(len(words) + 1):
        try:
            found = reading.read(" ".join([*words[:at], said, *words[at:]]))
        except NotHours:
            continue
        assert set(found.doubts) - set(before.doubts), " ".join([*words[:at], said, *words[at:]])


@pytest.mark.parametrize(
    ("text", "doubted"),
    [
        ("Lu-Ve 08:00-12:00; Lu,Ma,Je 13:30-17:00", True),
        ("Lu-Ve 08:00-12:00,13:30-17:00; Me 08:00-12:00", False),
        ("Lu-Ve 08:00-12:00; Sa 13:30-17:00", False),
        ("Mo-Fr 08:00-12:00; Mo,Tu 13:30-17:00", False),
    ],
)
def test_a_later_rule_of_some_days_adds_or_takes_away(text: str, doubted: bool) -> None:
    """By the grammar « ; » takes away the morning; who writes French days may not know: both readings are
    kept. In the grammar's own words it is warned of only.
    """
    found = reading.read(text)
    assert bool(found.doubts) is bool(found.others) is doubted
    assert (INSTEAD in found.warnings) is (doubted or text.startswith("Mo"))


def test_days_that_have_a_season_are_given_no_other() -> None:
    with pytest.raises(NotHours):
        reading.read(
            "Ouvert tous les jours de juin à septembre, les samedis et dimanches en avril, mai et octobre : 10h-18h"
        )
