"""Words that hang on hours without being hours, and what binds one clause to another: each construct with a text of its
own, what it means, what it leaves in doubt, and what it must not be taken for.
"""

from __future__ import annotations

import pytest

from parvis.methods.hours import french, reading
from parvis.methods.hours.alike import alike
from parvis.methods.hours.french_beside import beside
from parvis.methods.hours.french_entries import (
    BINDING,
    EVEN_DAYS,
    EVERY_HALF,
    EXCEPTED,
    HOLIDAYS,
    LED,
    OVERLAP,
    SEASON_DAYS,
    SHUT_END,
    TAIL,
    UNLESS,
)
from tests.methods.hours.hours_as_written import understood


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        # An exception in brackets is of the days before it, whatever follows.
        ("Le lundi 14h-17h (sauf juillet et août) et le mercredi 9h-12h", "Mo 14:00-17:00; We 09:00-12:00; Jul-Aug Mo off"),
        # A half of a day, in some weeks: the other half stays.
        ("Du lundi au vendredi 9h-12h et le lundi après-midi des semaines paires de 14h à 17h", "Mo-Fr 09:00-12:00; week 2-52/2 Mo 09:00-12:00,14:00-17:00"),
        # A slash between two dates of a season.
        ("Été (1er avril / 30 septembre) : lundi 9h-19h. Hiver (1er octobre / 31 mars) : lundi 9h-17h.", "Apr-Sep Mo 09:00-19:00; Oct-Mar Mo 09:00-17:00"),
        ("Hiver (01.10 au 31.03) : mardi 9h-17h", "Oct-Mar Tu 09:00-17:00"),
        # The hours that are said of a half are those by appointment.
        ("Du lundi au vendredi 9h-12h et 14h-17h. L'après-midi uniquement sur rendez-vous.", 'Mo-Fr 09:00-12:00, Mo-Fr 14:00-17:00 "sur rendez-vous"'),
        ("Mardi et jeudi 9h-12h et 14h-17h. L'après-midi sur rendez-vous le jeudi.", 'Tu 09:00-12:00,14:00-17:00; Th 09:00-12:00, Th 14:00-17:00 "sur rendez-vous"'),
        # A season said behind all hours.
        ("Lundi et mardi 9h-18h, jeudi 9h-12h. Ouvert du 15/04 au 15/10.", "Apr 15-Oct 15 Mo,Tu 09:00-18:00; Apr 15-Oct 15 Th 09:00-12:00"),
        ("Été (du 1er juin au 30 septembre) : mardi 9h-19h. Fermé en dehors de cette période.", "Jun-Sep Tu 09:00-19:00"),
        # Times before days at the end of a sentence that began with days.
        ("Du lundi au vendredi 8h-12h et de 9h à 11h le samedi", "Mo-Fr 08:00-12:00; Sa 09:00-11:00"),
        ("Lundi et mardi 9h-12h et 14h-17h (jeudi 16h)", "Mo,Tu 09:00-12:00,14:00-17:00; Th 09:00-12:00,14:00-16:00"),
        ("Du lundi au vendredi : 9h-12h30 ; du lundi au jeudi : 13h30-17h", "Mo-Th 09:00-12:30,13:30-17:00; Fr 09:00-12:30"),
        # Slashes that would share days as ranges; letters and abbreviations in one list; points behind short days.
        ("Lu/Je 9h-12h ; Ma/Ve 14h-17h", "Mo,Th 09:00-12:00; Tu,Fr 14:00-17:00"),
        ("L/Ma/J : 9h-12h", "Mo,Tu,Th 09:00-12:00"),
        ("Lu. - Ve. 9h - 12h ; Sa. 9h - 11h", "Mo-Fr 09:00-12:00; Sa 09:00-11:00"),
        ("Du mardi jusqu'au jeudi 9h-12h", "Tu-Th 09:00-12:00"),
        # Tables whose columns are days, or whose last cells are missing.
        ("Lundi\tMardi\tJeudi\n9h-12h\t9h-12h\t14h-17h", "Mo,Tu 09:00-12:00; Th 14:00-17:00"),
        ("Lundi | Mardi | Mercredi\n9h-12h | | 9h-12h\n14h-17h | 14h-18h | ", "Mo 09:00-12:00,14:00-17:00; Tu 14:00-18:00; We 09:00-12:00"),
        ("Lundi;9h-12h;\nMardi;9h-12h;14h-17h", "Mo 09:00-12:00; Tu 09:00-12:00,14:00-17:00"),
        # A letter for the figure, points that trail, a semicolon within brackets, a post code.
        ("Mardi 1Oh-12hOO", "Tu 10:00-12:00"),
        ("Mardi 9h-12h. Fermé mercredi...", "Tu 09:00-12:00"),
        ("Du lundi au mercredi (de 9 h à 12 h ; de 14 h à 17 h)", "Mo-We 09:00-12:00,14:00-17:00"),
        ("Mardi 9h-12h. Fermé en août le mardi.", "Tu 09:00-12:00; Aug Tu off"),
        ("Mercredi et samedi de 14h à 18h. Fermeture annuelle : mois d'août.", "We,Sa 14:00-18:00; Aug off"),
        ("Mardi 9h-12h. Fermé le samedi, sauf rendez-vous.", 'Tu 09:00-12:00; Sa "sur rendez-vous"'),
        ("Mardi en fin d'après-midi (16h-19h)", "Tu 16:00-19:00"),
        ("Mardi 10h-18h (fermeture à 17h30 de l'espace jeux)", "Tu 10:00-18:00"),
        # Signs of other hands.
        ("[Lundi au mercredi] = 9h~12h", "Mo-We 09:00-12:00"),
        ('"Mardi de 9h à 12h"', "Tu 09:00-12:00"),
        ("Ouvert de 6h à 22h, 365 jours par an", "Mo-Su 06:00-22:00"),
        ("Ouvert 3 jours sur 7 (du lundi au mercredi) : 9h-12h", "Mo-We 09:00-12:00"),
        ("Du lundi au mercredi 9h-12h. Nocturne le mardi : 18h-20h", "Mo,We 09:00-12:00; Tu 09:00-12:00,18:00-20:00"),
        ("Pendant les vacances scolaires uniquement : mardi 9h-17h", "SH Tu 09:00-17:00"),
        ("Lundi : 9h-12h accueil libre / 14h-17h sur rendez-vous", 'Mo 09:00-12:00, Mo 14:00-17:00 "sur rendez-vous"'),
        # Days once for all seasons, with what is left out of them; names of two seasons; the middle of the day; a frame of dashes.
        ("Ouvert tous les jours sauf mardi. D'avril à octobre 10h-18h, de novembre à mars 10h-17h.", "Apr-Oct Mo,We-Su 10:00-18:00; Nov-Mar Mo,We-Su 10:00-17:00"),
        ("Printemps-été (1er avril au 30 septembre) : 7h-22h. Automne-hiver (1er octobre au 31 mars) : 8h-19h.", "Apr-Sep Mo-Su 07:00-22:00; Oct-Mar Mo-Su 08:00-19:00"),
        ("Crêperie : midi du lundi au mercredi 12h-14h, soir du lundi au mercredi 19h-22h", "Mo-We 12:00-14:00,19:00-22:00"),
        ("- Du mardi au jeudi -\n09:00 - 12:00\n14:00 - 17:00", "Tu-Th 09:00-12:00,14:00-17:00"),
        ("Deux marchés : mardi 7h-13h, samedi 8h-13h", "Tu 07:00-13:00; Sa 08:00-13:00"),
        ("Crèche : mardi 7h-19h. Accueil à partir de 10 semaines.", "Tu 07:00-19:00"),
        # Names that sound like days or dates.
        ("Musée de la Mer : du mardi au jeudi 10h-18h", "Tu-Th 10:00-18:00"),
        ("Espace jeu : mardi 10h-12h", "Tu 10:00-12:00"),
        ("Mairie, place du 8 Mai 1945 : mardi 9h-12h", "Tu 09:00-12:00"),
        ("Mardi 9h-12h. Une permanence est assurée le samedi de 10h à 12h.", "Tu 09:00-12:00; Sa 10:00-12:00"),
        # Hours of an exception, behind those of the rest.
        ("Du lundi au vendredi 14h-17h, sauf le mercredi : 9h-12h", "Mo,Tu,Th,Fr 14:00-17:00; We 09:00-12:00"),
        ("Tous les jours sauf dimanche 9h-12h 14h-19h", "Mo-Sa 09:00-12:00,14:00-19:00"),
        # What stands beside the hours and is no list of words: a call, initials, an address, a house of others, a number of stalls.
        ("Mardi 9h-12h.\nEn dehors de ces heures, appelez le 3237 (24h/24).", "Tu 09:00-12:00"),
        ("Paroisse N.-D. de Lorette\nmardi : 9h-12h", "Tu 09:00-12:00"),
        ("Mairie, 79000\n02 99 00 11 22 – mairie@exemple.fr\nMardi 9h-12h", "Tu 09:00-12:00"),
        ("Mardi 9h-12h, devant la halle. Une quinzaine de stands.", "Tu 09:00-12:00"),
        ("Mardi 9h-12h. Mise à jour : janvier 2026", "Tu 09:00-12:00"),
        ("Tous les jours, (sauf 1er mai), de 10h à 18h", "Mo-Su 10:00-18:00; May 1 off"),
    ],
)  # fmt: skip
def test_what_is_clear(text: str, rules: str) -> None:
    found = french.read(text)
    assert found is not None
    assert not found.others, found
    assert alike(reading.read(text).rules, reading.read(rules).rules), found


@pytest.mark.parametrize(
    ("text", "rules", "doubt"),
    [
        ("Samedi 9h-13h devant la gare", "Sa 09:00-13:00", TAIL),
        ("Samedi 9h-13h (état civil seulement)", "Sa 09:00-13:00", TAIL),
        ("Lundi 9h-12h (état civil)", "Mo 09:00-12:00", TAIL),
        ("Mardi 9h-12h à l'étage, jeudi 14h-17h", "Tu 09:00-12:00; Th 14:00-17:00", TAIL),
        ("Chaque samedi, le marché s'installe de 7h à 12h", "Sa 07:00-12:00", TAIL),
        ("Tous les jours 6h-23h (sortie possible 24h/24)", "Mo-Su 06:00-23:00", TAIL),
        ("Standard téléphonique de 8h à 18h. Accueil du lundi au jeudi 9h-12h.", "Mo-Th 09:00-12:00", TAIL),
        ("Dernière entrée 16h30. Mardi 9h-17h.", "Tu 09:00-17:00", TAIL),
        ("Tous les jours 9h-19h (hors offices)", "Mo-Su 09:00-19:00", UNLESS),
        ("Du lundi au jeudi 9h-19h (hors jours fériés et ponts)", "Mo-Th 09:00-19:00; PH off", UNLESS),
        ("Le samedi de 9h00 à 12h00 : permanence des élus", "Sa 09:00-12:00", TAIL),
        ("Lundi et mardi 9h-12h, 14h-17h sauf mardi 16h", "Mo 09:00-12:00,14:00-17:00; Tu 09:00-12:00,14:00-16:00", EXCEPTED),
        ("Mercredi et samedi 10h-12h, 14h-18h en juillet", "Jul We,Sa 10:00-12:00,14:00-18:00", BINDING),
        ("Sur rendez-vous : lundi 9h-12h ; mardi 14h-17h", 'Mo 09:00-12:00 "sur rendez-vous"; Tu 14:00-17:00 "sur rendez-vous"', LED),
        ("Tous les jours 9h-12h - 2 guichets", "Mo-Su 09:00-12:00", TAIL),
        ("Samedi 9h-12h (légumes, œufs, miel)", "Sa 09:00-12:00", TAIL),
        ("Samedi 14h-18h, à la Maison des associations", "Sa 14:00-18:00", TAIL),
        ("Mardi 10h-18h. Boutique, librairie, exposition.", "Tu 10:00-18:00", TAIL),
        ("Mardi 9h-12h, sauf jours fériés et fermetures exceptionnelles", "Tu 09:00-12:00; PH off", UNLESS),
        ("Ouvert 7j/7 de 9h à 19h. Fermé le dimanche.", "Mo-Sa 09:00-19:00", SHUT_END),
        ("Mercredi 14h-18h, vacances 10h-18h", "We 14:00-18:00; SH We 10:00-18:00", HOLIDAYS),
        ("Mercredi 16h-18h ; en juillet et août, le samedi matin seulement (10h-12h)", "We 16:00-18:00; Jul-Aug Sa 10:00-12:00; Jul-Aug We off", SEASON_DAYS),
        ("Samedis pairs : 9h-12h", "week 2-52/2 Sa 09:00-12:00", EVEN_DAYS),
        ("Lundi 9h-12h (14h-17h)", "Mo 09:00-12:00,14:00-17:00", OVERLAP),
        ("Du lundi au vendredi 9h-12h, lundi des semaines paires 14h-17h", "Mo-Fr 09:00-12:00; week 2-52/2 Mo 09:00-12:00,14:00-17:00", OVERLAP),
        ("Lundi : 9h-10h ; mardi : 9h-10h (en période scolaire)", "Mo,Tu 09:00-10:00; SH Tu off", BINDING),
        ("Lundi 9h-12h et 14h-17h, mardi 9h-12h. L'après-midi sur rendez-vous.", 'Mo 09:00-12:00,14:00-17:00; Tu 09:00-12:00, Tu 12:00-20:00 "sur rendez-vous"', LED),
    ],
)  # fmt: skip
def test_what_is_read_with_its_doubt(text: str, rules: str, doubt: str) -> None:
    found = french.read(text)
    assert found is not None
    assert doubt in found.doubts, found
    assert alike(reading.read(found.text).rules, reading.read(rules).rules), found


@pytest.mark.parametrize(
    "text",
    [
        "En cas de forte chaleur : 7h-13h du lundi au vendredi",
        "Samedi 9h-13h quand il fait beau",  # a condition is no place
        "Samedi 9h-13h par roulement avec le bourg",
        "Mardi 9h-12h pour les professionnels",
        "Bibliothèque : lundi 9h-12h ; espace numérique : mardi 14h-17h ou plus",
        "Lundi 9h-12h, fermé l'après-midi, 14h-17h",
        "Le matin de 9h à 12h, mardi et jeudi de 14h à 17h",
        "Fermé le lundi matin. Lundi 9h-12h, mardi 9h-12h",
        "Samedi 9h-13h mairie annexe dimanche 14h-17h",  # a subject of its own
    ],
)
def test_what_it_is_not_taken_for(text: str) -> None:
    assert not understood(text)


def test_a_text_of_nothing_but_what_stands_beside_hours_is_refused_and_no_fault() -> None:
    assert beside([]) == ([], [])


@pytest.mark.parametrize(
    ("text", "doubted"),
    [
        ("Mardi et jeudi 9h-12h. Tous les après-midis 14h-18h", True),
        ("Le samedi 9h-12h.\nOuvert tous les après-midis de 14h à 18h", True),
        ("Du lundi au vendredi 9h-12h\nChaque après-midi de 14h à 18h", True),
        ("Du lundi au vendredi\nTous les matins 9h-12h\nTous les après-midis 14h-18h", False),
        ("Mardi et jeudi 9h-12h. Tous les après-midis du lundi au vendredi 14h-18h", False),
        ("Tous les jours 9h-12h. Tous les après-midis 14h-18h", False),
        ("Du lundi au dimanche 9h-12h. Tous les après-midis 14h-18h", False),
        ("Mardi et jeudi 9h-12h et tous les après-midis 14h-18h", False),
    ],
)
def test_every_half_in_a_sentence_without_days_is_of_those_before_or_of_all(text: str, doubted: bool) -> None:
    assert (EVERY_HALF in reading.read(text).doubts) == doubted
