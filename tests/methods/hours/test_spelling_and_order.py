"""Spellings and orders that a stranger's texts of the ninth set lacked a rule for: each with texts of its own, what it means, and what
stays in doubt or is refused.
"""

from __future__ import annotations

import pytest

from parvis.methods.hours import french, reading
from parvis.methods.hours.alike import alike
from parvis.methods.hours.french_entries import DASH, HALF_OF, NAMED_HOLIDAYS, PAIRED, READINGS, SHUT_END
from parvis.methods.hours.reading import NotHours


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        # No blank, no clock of twelve hours, English beside French.
        ("mercredi14h-18hsamedi10h-12h", "We 14:00-18:00; Sa 10:00-12:00"),
        ("Mardi 9h-12hJeudi 14h-17h", "Tu 09:00-12:00; Th 14:00-17:00"),
        ("Du mardi au jeudi 8:30 AM – 5 pm", "Tu-Th 08:30-17:00"),
        ("Open du mardi au samedi 10am-12pm, 2pm-6.30pm", "Tu-Sa 10:00-12:00,14:00-18:30"),
        ("Lundi / Monday : 9h-12h", "Mo 09:00-12:00"),
        ("Closed on Tuesday - ouvert mer-lun 10h-17h (last entry 16:30)", "We-Mo 10:00-17:00"),
        ("Jeudi AM 9h-12h, vendredi PM 14h-17h", "Th 09:00-12:00; Fr 14:00-17:00"),
        ("mar. mat. 9h-12h, jeu. ap-midi 14h-16h", "Tu 09:00-12:00; Th 14:00-16:00"),
        ("Mercredi de 9h30à 12h et de 14hà 16h", "We 09:30-12:00,14:00-16:00"),
        ("Mardi ➜ Samedi : 10h-19h", "Tu-Sa 10:00-19:00"),
        ("H24, 7j/7", "24/7"),
        ("vendr. 15h-18h, mercr. 10h-12h", "Fr 15:00-18:00; We 10:00-12:00"),
        ("semaine : 8h-19h, we : 9h-12h", "Mo-Fr 08:00-19:00; Sa,Su 09:00-12:00"),
        ("tlj sauf mar. et j. fériés 9h-19h", "Mo,We-Su 09:00-19:00; PH off"),
        # « mêmes horaires » before its days, and with an end of its own.
        ("Mardi 8h-12h et 14h-18h. Mêmes horaires le jeudi et le vendredi.", "Tu,Th,Fr 08:00-12:00,14:00-18:00"),
        ("Du lundi au mercredi 8h-12h et 13h-18h. Jeudi : mêmes horaires mais fermeture à 17h.", "Mo-We 08:00-12:00,13:00-18:00; Th 08:00-12:00,13:00-17:00"),
        # What changes hours stands before them.
        ("Nocturne le jeudi jusqu'à 20h30 ; du mercredi au lundi 11h-18h", "Mo,We,Fr-Su 11:00-18:00; Th 11:00-20:30"),
        ("Mar-sam 9h-18h, nocturne jeudi 21h", "Tu,We,Fr,Sa 09:00-18:00; Th 09:00-21:00"),
        ("Mer-dim 10h-18h, nocturnes les 1ers vendredis du mois (22h)", "We-Su 10:00-18:00; Fr[1] 10:00-22:00"),
        # From a clock of one day to a clock of another.
        ("Ouvert du mardi 15h au vendredi 17h : 8h-12h et 14h-18h", "Tu 15:00-18:00; We,Th 08:00-12:00,14:00-18:00; Fr 08:00-12:00,14:00-17:00"),
        ("Fermé du samedi 12h au lundi 14h. Ouvert 9h-12h et 14h-18h", "Tu-Fr 09:00-12:00,14:00-18:00; Sa 09:00-12:00; Mo 14:00-18:00"),
        # An end of the small hours, later on some days; which days a weekend is.
        ("Du mercredi au samedi dès 19h, fermeture à minuit (1h le week-end : vendredi et samedi)", "We,Th 19:00-24:00; Fr,Sa 19:00-01:00"),
        ("Le week-end (du vendredi au dimanche) 20h-23h", "Fr-Su 20:00-23:00"),
        # A day of each month.
        ("Foire le 12 de chaque mois, 7h-13h", "Jan 12,Feb 12,Mar 12,Apr 12,May 12,Jun 12,Jul 12,Aug 12,Sep 12,Oct 12,Nov 12,Dec 12 07:00-13:00"),
        ("De 14h à 18h les 5 et 20 du mois", "Jan 5,Feb 5,Mar 5,Apr 5,May 5,Jun 5,Jul 5,Aug 5,Sep 5,Oct 5,Nov 5,Dec 5,Jan 20,Feb 20,Mar 20,Apr 20,May 20,Jun 20,Jul 20,Aug 20,Sep 20,Oct 20,Nov 20,Dec 20 14:00-18:00"),
        # Other days than dates; an exception that leaves nothing else; an exception within a part of the year.
        ("Fermé le 25 décembre et le 1er janvier. Tous les autres jours : 10h-17h", "Mo-Su 10:00-17:00; Dec 25,Jan 1 off"),
        ("Tous les jours 8h-20h, sauf dimanche 8h30-12h30", "Mo-Sa 08:00-20:00; Su 08:30-12:30"),
        ("Du lundi au vendredi 9h-18h sauf mercredi (17h)", "Mo,Tu,Th,Fr 09:00-18:00; We 09:00-17:00"),
        ("Du mardi au samedi 9h-12h sauf le samedi en juillet", "Tu-Sa 09:00-12:00; Jul Sa off"),
        ("Du mardi au samedi 9h-12h, sauf le jeudi pendant les vacances scolaires", "Tu-Sa 09:00-12:00; SH Th off"),
        ("Vacances scolaires : lundi-vendredi 9h-18h ; le reste de l'année : mercredi 14h-18h", "We 14:00-18:00; SH off; SH Mo-Fr 09:00-18:00"),
        ("6 jours sur 7, de 9h à 19h, fermé le jeudi", "Mo-We,Fr-Su 09:00-19:00"),
        ("Du mardi au samedi 9h-18h, sauf de 12h à 13h", "Tu-Sa 09:00-12:00,13:00-18:00"),
        ("Du mardi au samedi 9h-18h, fermé le jeudi de 12h à 14h", "Tu,We,Fr,Sa 09:00-18:00; Th 09:00-12:00,14:00-18:00"),
        ("Du mardi au samedi 9h-18h avec une interruption de 12h à 13h", "Tu-Sa 09:00-12:00,13:00-18:00"),
        ("Sauf jeudi, tous les jours 9h-12h", "Mo-We,Fr-Su 09:00-12:00"),
        ("Mardi-samedi 9h-18h, sauf le 1er jeudi du mois (9h-12h)", "Tu-Sa 09:00-18:00; Th[1] 09:00-12:00"),
        ("Jeudi 9 avril 2026 : fermeture exceptionnelle. Mardi au samedi 9h-17h.", "Tu-Sa 09:00-17:00; 2026 Apr 9 off"),
        ("Ouvert exceptionnellement le dimanche 12 avril 2026 de 14h à 17h ; mardi-samedi 9h-19h", "Tu-Sa 09:00-19:00; 2026 Apr 12 14:00-17:00"),
        # Ends without a word, hours of the afternoon by twelve, hours before a long list.
        ("9h-18h du mardi au vendredi, 17h le samedi", "Tu-Fr 09:00-18:00; Sa 09:00-17:00"),
        ("Mardi de 3h à 6h de l'après-midi", "Tu 15:00-18:00"),
        ("9h-12h ; 14h-18h mardi-samedi", "Tu-Sa 09:00-12:00,14:00-18:00"),
        ("Deux fois par semaine : mercredi et samedi 15h-18h", "We,Sa 15:00-18:00"),
        ("Mecredi 14h…18h", "We 14:00-18:00"),
        # The middle of the day is no afternoon.
        ("12h-14h et 19h-22h, fermé samedi midi et dimanche", "Mo-Fr 12:00-14:00,19:00-22:00; Sa 19:00-22:00"),
        ("Tous les jours 12h-14h et 19h-22h sauf mardi midi", "Mo,We-Su 12:00-14:00,19:00-22:00; Tu 19:00-22:00"),
        # Halves of several days, cells that say « fermé ».
        ("Mardi matin, jeudi toute la journée et samedi après-midi : 8h-12h / 14h-18h", "Tu 08:00-12:00; Th 08:00-12:00,14:00-18:00; Sa 14:00-18:00"),
        ("Mardi : fermé / 14h-18h ; mercredi : 9h-12h / fermé", "Tu 14:00-18:00; We 09:00-12:00"),
        ("Midi : 12h-14h du mardi au samedi ; soir : 19h-22h vendredi et samedi", "Tu-Th 12:00-14:00; Fr,Sa 12:00-14:00,19:00-22:00"),
        ("Mardi et jeudi 9h-12h (14h-16h sur rendez-vous)", 'Tu,Th 09:00-12:00, Tu,Th 14:00-16:00 "sur rendez-vous"'),
    ],
)  # fmt: skip
def test_what_is_clear(text: str, rules: str) -> None:
    found = french.read(text)
    assert found is not None
    assert not found.others, found
    assert not {DASH, HALF_OF, PAIRED, READINGS, SHUT_END} & {*found.doubts}, found
    assert alike(reading.read(text).rules, reading.read(rules).rules), found


@pytest.mark.parametrize(
    ("text", "readings", "doubt"),
    [
        # Cells of a table in one line: of the row before, or of the next one.
        ("Mardi 8h-12h Mercredi – Jeudi 8h-12h", ("Tu-Th 08:00-12:00", "Tu,Th 08:00-12:00"), DASH),
        ("mardi 8h-11h, 14h-16h jeudi 9h-12h", ("Tu 08:00-11:00,14:00-16:00; Th 09:00-12:00", "Tu 08:00-11:00; Th 09:00-12:00,14:00-16:00"), READINGS),
        # A half that is said to be closed, of days whose hours say otherwise.
        ("Mardi et jeudi : 8h-12h et 14h-17h (fermé le matin)", ("Tu,Th 14:00-17:00", "Tu,Th 08:00-12:00,14:00-17:00"), SHUT_END),
        ("Mardi de 6h à 8h du soir", ("Tu 06:00-20:00", "Tu 18:00-20:00"), READINGS),
        ("9h-12h mardi mercredi 14h-18h", ("Tu 09:00-12:00; We 14:00-18:00",), PAIRED),
        ("Mardi et jeudi matin : 9h-12h et 14h-18h", ("Tu,Th 09:00-12:00,14:00-18:00", "Tu 09:00-12:00,14:00-18:00; Th 09:00-12:00"), HALF_OF),
        ("Vacances d'hiver : lundi-vendredi 10h-17h ; reste de l'année : samedi 10h-17h", ("Sa 10:00-17:00; Feb-Mar SH Mo-Fr 10:00-17:00; Feb-Mar SH Sa off",), NAMED_HOLIDAYS),
    ],
)  # fmt: skip
def test_what_is_read_with_its_doubt(text: str, readings: tuple[str, ...], doubt: str) -> None:
    found = french.read(text)
    assert found is not None
    assert doubt in found.doubts, found
    assert len((found.text, *found.others)) == len(readings), found
    for one, meant in zip((found.text, *found.others), readings, strict=True):
        assert alike(reading.read(one).rules, reading.read(meant).rules), (one, meant)


@pytest.mark.parametrize(
    "text",
    [
        "Mardi 14h-18h fermé",  # open or closed
        "Mercredi : fermé 9h-12h",
        "Fermé le jeudi 14h-18h",
        "Mardi matin, jeudi après-midi : 9h-12h",  # on Thursday
        "Les 1er et 3e de chaque mois, 9h-12h",  # of which weekday
        "Ouvert du mardi 15h au vendredi 17h",  # by day and by night
        "Mardi 8h30-12h30 et 1h30-5h30",  # of the afternoon
        "Du mardi au samedi ainsi que les lundis fériés, 10h-18h",  # no other Monday
        "Mardi 9h-12h, 11h mercredi",  # a beginning or an end
        "6 jours sur 7, de 9h à 19h",  # which one is left out
        "Mardi 9h-12h. Mêmes horaires que le jeudi.",
        "Mardi 9h-12h et 14h-18h ainsi que le samedi matin aux mêmes heures",
    ],
)
def test_what_it_is_not_taken_for(text: str) -> None:
    with pytest.raises(NotHours):
        reading.read(text)
