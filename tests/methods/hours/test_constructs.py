"""Constructs of French that the table lacked when a stranger's texts were first read by it: each with texts of its
own, with what it means, what it leaves in doubt, and what it must not be taken for.
"""

from __future__ import annotations

import pytest

from parvis.methods.hours import french, reading
from parvis.methods.hours.alike import alike
from parvis.methods.hours.french_entries import (
    CROSSED,
    HEAD,
    HOLIDAYS,
    LED,
    NAMED_FEAST,
    ONCE,
    READINGS,
    SHUT_END,
    SOME_DAYS,
    TAIL,
    UNLESS,
)
from parvis.methods.hours.reading import NotHours


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        # Public holidays of a longer part of the year than that of the weekdays on which they fall.
        ("Jours fériés : 15h-18h. Avril à juin : du lundi au samedi 10h-13h. Octobre à mars : mardi au vendredi 10h-12h.", "Oct-Mar Tu-Fr 10:00-12:00; Apr-Jun Mo-Sa 10:00-13:00; PH 15:00-18:00"),
        ("Du lundi au samedi 9h-18h, jours fériés 10h-12h. Juillet-août : du lundi au samedi 9h-20h.", "Mo-Sa 09:00-18:00; Jul-Aug Mo-Sa 09:00-20:00; PH 10:00-12:00"),
        ("Tous les jours et jours fériés 9h-18h. Juillet-août : tous les jours 9h-20h.", "Mo-Su,PH 09:00-18:00; Jul-Aug Mo-Su 09:00-20:00"),
        # « également » behind a colon or a comma.
        ("Lundi, mardi : 9h-12h. Mercredi, également de 14h à 16h.", "Mo,Tu 09:00-12:00; We 14:00-16:00"),
        ("Du mardi au jeudi 9h-12h ; jeudi : aussi 17h-19h", "Tu,We 09:00-12:00; Th 09:00-12:00,17:00-19:00"),
        # A range that ends at noon of a day: « midi » is of that day, and says nothing otherwise.
        ("Du mardi au samedi midi : 9h-12h et 14h-18h", "Tu-Fr 09:00-12:00,14:00-18:00; Sa 09:00-12:00"),
        # « plus » before days: besides, not instead.
        ("Lundi au samedi 9h-12h, plus le mercredi après-midi 14h-17h", "Mo,Tu,Th-Sa 09:00-12:00; We 09:00-12:00,14:00-17:00"),
        ("Du mardi au vendredi 8h30-12h, plus le jeudi de 17h à 19h", "Tu,We,Fr 08:30-12:00; Th 08:30-12:00,17:00-19:00"),
        # A sentence of its own, before all hours.
        ("Uniquement sur rendez-vous.\nJeudi : 9h-12h\nVendredi : 14h-17h", 'Th 09:00-12:00 "sur rendez-vous"; Fr 14:00-17:00 "sur rendez-vous"'),
        # Dates in brackets behind the part of the year that they are of.
        ("Vacances scolaires (du 4 juillet au 31 août) : lundi 10h-18h", "Jul 4-Aug 31 Mo 10:00-18:00"),
        ("Période scolaire (du 1er septembre au 5 juillet) : mardi 16h-18h ; vacances scolaires : mardi 14h-18h", "Sep 1-Jul 5 Tu 16:00-18:00; SH off; SH Tu 14:00-18:00"),
        # Days by their first letters, in the order of the week.
        ("L. M. M. J. 9h-12h", "Mo-Th 09:00-12:00"),
        ("L, J, V : 9h-12h", "Mo,Th,Fr 09:00-12:00"),
        ("V - S - D : 10h-19h", "Fr-Su 10:00-19:00"),
        # The end of February.
        ("Tous les jours : du 1er octobre au 28/29 février 9h-17h, du 1er mars au 30 septembre 8h-20h", "Mar-Sep Mo-Su 08:00-20:00; Oct 1-Feb 29 Mo-Su 09:00-17:00"),
        ("Tous les jours : du 1er mars au 30 septembre 8h-20h, du 1er octobre au 28 février (29 les années bissextiles) 9h-17h", "Mar-Sep Mo-Su 08:00-20:00; Oct 1-Feb 29 Mo-Su 09:00-17:00"),
        # Every day, said behind all seasons.
        ("Du 1er avril au 30 septembre 8h-20h, du 1er octobre au 31 mars 8h-18h, tous les jours", "Apr-Sep Mo-Su 08:00-20:00; Oct-Mar Mo-Su 08:00-18:00"),
        ("Du 1er avril au 30 septembre de 8h30 à 19h30", "Apr-Sep Mo-Su 08:30-19:30"),
        # Weeks near a feast.
        ("Lundi 7h-19h. Fermeture deux semaines à Noël et trois semaines en août.", "Mo 07:00-19:00; Dec 15-Jan 10 unknown; Aug unknown"),
        # The middle of the day.
        ("Le midi du mardi au samedi de 12h à 14h, le soir du jeudi au samedi de 19h à 22h", "Tu,We 12:00-14:00; Th-Sa 12:00-14:00,19:00-22:00"),
        ("Du lundi au vendredi 8h-18h, fermé de midi à deux", "Mo-Fr 08:00-12:00,14:00-18:00"),
        ("Du lundi au vendredi 8h-18h (fermé entre midi et deux heures)", "Mo-Fr 08:00-12:00,14:00-18:00"),
        # A date from which or until which, of the only year that is said.
        ("Fermé jusqu'au 4 janvier 2027. À partir du mardi 5 janvier : mardi et jeudi 14h-18h", "2027 Jan 5+ Tu,Th 14:00-18:00; 2000 Jan 1-2027 Jan 4 off"),
        ("Ouvert jusqu'au 30 juin 2026 : lundi 9h-12h. À compter du 1er juillet : mardi 9h-12h", "2000 Jan 1-2026 Jun 30 Mo 09:00-12:00; 2026 Jul 1+ Tu 09:00-12:00"),
        ("Du lundi au vendredi 9h-18h. Fermé le vendredi à 16h.", "Mo-Th 09:00-18:00; Fr 09:00-16:00"),
        ("Tous les jours de 10h à 18h, sauf le lundi (fermeture hebdomadaire)", "Tu-Su 10:00-18:00"),
        ("Mardi 9h-12h. Lundi (fermeture hebdomadaire)", "Tu 09:00-12:00"),
        # Rooms, pictures, rows without hours, ruled lines.
        ("Mardi 9h-12h, bureau 4, 2e étage", "Tu 09:00-12:00"),
        ("Tous les jours, de 15h à 18h, dans la salle 12, bâtiment B", "Mo-Su 15:00-18:00"),
        ("📍 Mardi et jeudi 🕘 9h-12h", "Tu,Th 09:00-12:00"),
        ("Lundi 9h-12h\nMardi : ——\nJeudi : 14h-18h", "Mo 09:00-12:00; Th 14:00-18:00"),
        ("Lundi 9h-12h\n-----\nMercredi 14h-16h", "Mo 09:00-12:00; We 14:00-16:00"),
        ("me à ve 09:00-12:30 + 14:00-18:00, sa 09:00-12:30", "We-Fr 09:00-12:30,14:00-18:00; Sa 09:00-12:30"),
        ("24 heures sur 24 et 7 jours sur 7", "24/7"),
        ("Du lundi au vendredi 9h-18h. Mardi : fermeture anticipée à 16h.", "Mo,We-Fr 09:00-18:00; Tu 09:00-16:00"),
    ],
)  # fmt: skip
def test_what_is_clear(text: str, rules: str) -> None:
    found = french.read(text)
    assert found is not None
    assert not found.others, found
    assert alike(reading.read(text).rules, reading.read(rules).rules), found


@pytest.mark.parametrize(
    ("text", "readings", "doubt"),
    [
        ("Permanences sur rendez-vous le lundi de 9h à 12h, le mercredi de 14h à 17h", ('Mo 09:00-12:00 "sur rendez-vous"; We 14:00-17:00 "sur rendez-vous"', 'Mo 09:00-12:00 "sur rendez-vous"; We 14:00-17:00'), LED),
        # The same hours on a day and in the holidays, of which it is not said whether all of their days are meant.
        ("Mercredi et vacances scolaires : 7h30-18h30", ("We 07:30-18:30; SH We 07:30-18:30", "We 07:30-18:30; SH Mo-Su 07:30-18:30"), HOLIDAYS),
        ("Le mercredi et pendant les vacances scolaires de 8h à 18h ; samedi 9h-12h", ("We 08:00-18:00; Sa 09:00-12:00; SH We 08:00-18:00", "We 08:00-18:00; Sa 09:00-12:00; SH Mo-Su 08:00-18:00"), HOLIDAYS),
        ("Du lundi au samedi 9h-18h, jours fériés 10h-12h. Juillet-août : tous les jours 9h-20h.", ("Mo-Sa 09:00-18:00; Jul-Aug Mo-Su 09:00-20:00; PH 10:00-12:00", "Mo-Sa 09:00-18:00; PH 10:00-12:00; Jul-Aug Mo-Su 09:00-20:00"), CROSSED),
        # « uniquement » behind a day: in place of its hours; « l'après-midi uniquement » may be besides.
        ("Lundi au vendredi 9h-12h. Le mercredi uniquement l'après-midi de 14h à 17h.", ("Mo,Tu,Th,Fr 09:00-12:00; We 14:00-17:00", "Mo,Tu,Th,Fr 09:00-12:00; We 09:00-12:00,14:00-17:00"), READINGS),
        ("L-M-J 9h-12h", ("Mo,Tu,Th 09:00-12:00", "Mo,We,Th 09:00-12:00"), READINGS),
        ("Du mardi au dimanche 10h-18h. Fermé le dimanche.", ("Tu-Sa 10:00-18:00", "Tu-Su 10:00-18:00"), SHUT_END),
        ("Samedi 9h-12h. Fermeture exceptionnelle du 2 au 4 mai.", ("Sa 09:00-12:00; May 2-4 off", "Sa 09:00-12:00"), ONCE),
        ("Noël : 10h-12h. Lundi 9h-12h", ("Mo 09:00-12:00; Dec 25 10:00-12:00", "Mo 09:00-12:00; Dec-Jan SH 10:00-12:00"), NAMED_FEAST),
        ("M.J.C. : mercredi 14h-18h", ("We 14:00-18:00",), HEAD),
        ("Mardi 9h-12h. Tram ligne 3 toutes les 8 minutes.", ("Tu 09:00-12:00",), TAIL),
        ("Stade : de 8h à 22h tous les jours, sauf en cas de compétition", ("Mo-Su 08:00-22:00",), UNLESS),
        ("Square (sauf intempéries) : tous les jours 9h-18h. Fermé le lundi.", ("Tu-Su 09:00-18:00",), UNLESS),
        ("Lundi 7h-19h. Fermeture 3 semaines l'été et une semaine entre Noël et le jour de l'an.", ("Mo 07:00-19:00; Jul 1-Sep 10 unknown; Dec 15-Jan 10 unknown",), SOME_DAYS),
        ("Mardi 9h-12h. Borne accessible jour et nuit.", ("Tu 09:00-12:00",), TAIL),
        ("Mardi 9h-12h (retour aux horaires habituels le 1er septembre)", ("Tu 09:00-12:00",), TAIL),
        ("Du lundi au samedi 10h-19h, nocturne le vendredi", ("Mo-Sa 10:00-19:00",), TAIL),
    ],
)  # fmt: skip
def test_what_is_read_with_its_doubt(text: str, readings: tuple[str, ...], doubt: str) -> None:
    found = french.read(text)
    assert found is not None
    assert doubt in found.doubts, found
    said = (found.text, *found.others)
    assert len(said) == len(readings), found
    for one, meant in zip(said, readings, strict=True):
        assert alike(reading.read(one).rules, reading.read(meant).rules), (one, meant)


@pytest.mark.parametrize(
    "text",
    [
        "Sur rendez-vous. Lundi 9h-12h sans rendez-vous, mardi 14h-17h",  # of which
        "Du lundi au vendredi 9h-17h, fermé le midi",  # from when to when
        "Du lundi au jeudi 12h-14h et 19h-22h, vendredi le midi uniquement",
        "Fermé jusqu'au 4 janvier 2027. À partir du lundi 5 janvier : mardi 14h-18h",  # a Tuesday
        "Fermé jusqu'au 4 janvier 2026. À partir du 5 janvier : mardi 14h-18h jusqu'au 30 juin 2027",
        "❌ Mardi 9h-12h",
        "Bureau 3 : mardi 9h-12h. Bureau 4 : jeudi 14h-16h",  # two places
        "Mardi 9h-12h. Piscine 14-18",
        "Mardi 9h-12h. Groupes 2 fois par mois.",
        "J-M-L 9h-12h",
        "Le vendredi et la veille des vacances : 9h-12h",
        "Plus de 3 jours : mardi 9h-12h",
        "Samedi 9h-12h sauf en cas de jour férié",
        "Reprise le 24 août : lundi 9h-12h",
    ],
)
def test_what_it_is_not_taken_for(text: str) -> None:
    with pytest.raises(NotHours):
        reading.read(text)


def test_an_end_of_a_list_that_is_closed_in_a_season_only_is_clear() -> None:
    found = french.read("Du lundi au samedi 9h-12h. Fermé le samedi en août. Fermé le mercredi.")
    assert found is not None
    assert not found.doubts
