"""201 texts as town halls, déchèteries, libraries, pharmacies and markets write them, each with what it
means: never wrong without a doubt said, seldom refused.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

import pyarrow as pa
import pytest
from bench.unseen import hours

from parvis.core.language import languages
from parvis.methods.hours import evaluation, french_entries, reading, territory
from parvis.methods.hours.evaluation import SEVERAL, Local
from parvis.methods.hours.french_unread import unread_parts
from parvis.methods.hours.reading import NotHours
from parvis.methods.hours.sun import Sun
from parvis.methods.hours.values import Hours
from parvis.services.answers import Asked, Rows
from parvis.services.soins.answer import answer
from tests.conftest import DATA
from tests.methods.hours.hours_as_written import DAYS, Written, on, understood, written

HERE = Local(territory.holidays("34"), Sun(43.61, 3.88, territory.clock("34")))


def test_what_stands_beside_hours_is_passed_over() -> None:
    """164 texts written before the grammar was read: 132 with one meaning, of which 85 were read then, 24 with several, of
    which 6 were answered, 8 that say nothing.
    """
    found = Counter(what for _, what, _ in hours(DATA / "hours_beside_other_matter.json.gz"))
    assert not found["WRONG"] + found["ambiguous WITHOUT A DOUBT"] + found["nothing SAYS SOMETHING"]
    assert found["right"] >= 125
    assert found["refused"] <= 5


def minutes(hours: Hours, day: date) -> str:
    """The state of each minute: o, c or u."""
    midnight = datetime.combine(day, time.min)
    out = ["c"] * 1440
    for one in evaluation.intervals(hours, midnight, midnight + timedelta(1), HERE):
        first, last = (int((m - midnight).total_seconds() // 60) for m in (one.begin, one.end))
        out[first:last] = one.state[0] * (last - first)
    return "".join(out)


def truth(text: str, day: date) -> str | None:
    """The same, of what the text means; by appointment is « u ». None: not judged."""
    meant = on(text, day)
    if meant is None:
        return None
    out = ["c"] * 1440
    for first, last, appointment in meant:
        out[first:last] = ("u" if appointment else "o") * (last - first)
    return "".join(out)


def outcome(one: Written) -> str:
    """right, refused, partly (some of it not understood, and its days unknown), or what is wrong: « wrong » says open or closed where it is not; « silent » has one
    reading only where there are several.
    """
    try:
        hours = reading.read(one.text)
    except NotHours:
        return "refused"
    partly = bool(unread_parts(hours.doubts))
    if partly and one.readings != "one":
        return "partly"
    if one.readings == "many" and not hours.doubts and all("u" not in minutes(hours, day) for day in DAYS):
        return "silent"
    if "sunrise" in one.open:
        return "right" if hours.sun else "wrong"
    for day in DAYS:
        meant = truth(one.open, day) if one.readings != "none" else "u" * 1440
        if meant is None:
            continue
        for said, true in zip(minutes(hours, day), meant, strict=True):
            if (
                said != true
                and (said != "u" or not (hours.doubts or one.readings == "many"))
                and not (one.readings == "none" and said == "c")
            ):
                return "wrong"
    return "partly" if partly else "right"


def test_what_towns_write() -> None:
    """None is wrong, none keeps a second reading to itself; of those with one reading at most 15 % are
    refused.
    """
    found = {one: outcome(one) for one in written()}
    assert [one.text for one, said in found.items() if said in ("wrong", "silent")] == []
    clear = [said for one, said in found.items() if one.readings == "one"]
    assert len(found) >= 200
    assert clear.count("refused") <= 0.15 * len(clear)


def test_what_was_written_before_the_grammar_was_read() -> None:
    """Of all waves none is silently wrong; at most 15 % of the clear texts are refused, at least 95 % of the
    answered ones are right.
    """
    found = Counter(what for _, what, _ in hours())
    for never in ("WRONG", "ambiguous WITHOUT A DOUBT", "nothing SAYS SOMETHING", "expression WRONG"):
        assert found[never] == 0, [text for _, what, text in hours() if what == never]
    clear = {what: found[what] for what in ("right", "refused", "unknown", "wrong, a doubt said")}
    assert sum(clear.values()) >= 280
    assert clear["refused"] <= 0.15 * sum(clear.values())
    assert clear["right"] >= 0.95 * (sum(clear.values()) - clear["refused"])
    assert (
        found["malformed ACCEPTED"] <= 1
    )  # « Mo-Fr 08h-12h;Tu »: « 08h » is a spelling that is understood, and a day alone is a rule


@pytest.mark.parametrize(
    ("text", "moment", "state"),
    [
        (
            "Lun/Ven : 9h-12h",
            "2026-01-13T10:00",
            "unknown",
        ),  # Tuesday: from Monday to Friday, or Monday and Friday
        ("Lun/Ven : 9h-12h", "2026-01-12T10:00", "open"),
        ("Lundi-Mercredi-Vendredi : 9h-12h. Mardi-Jeudi : 14h-18h", "2026-01-13T15:00", "open"),
        ("lun 9h-12h, mar 14h-18h", "2026-01-13T15:00", "open"),
        ("Lun. Mar. Jeu. Ven. 8h30-12h15", "2026-01-13T20:00", "closed"),
        ("Du lundi au vendredi sauf mercredi : 9h-12h", "2026-01-14T10:00", "closed"),
        ("Du lundi au vendredi 8h-17h sauf mercredi : 9h-12h", "2026-01-14T10:00", "open"),
        ("Tous les jours de 7h à 13h sauf le lundi, dimanche de 8h à 12h", "2026-01-12T10:00", "unknown"),
        ("Mercredi 9h-12h hors vacances scolaires", "2026-07-22T10:00", "closed"),
        ("Lundi : fermé. Mardi : 9h-12h. Vacances scolaires : lundi 10h-12h", "2026-07-20T11:00", "open"),
        ("Mercredi et samedi 10h-12h. Vacances scolaires : mercredi 14h-17h", "2026-07-25T11:00", "unknown"),
        (
            "Mercredi et samedi 10h-12h. Vacances scolaires : mercredi 14h-17h uniquement",
            "2026-07-25T11:00",
            "closed",
        ),
        ("En août : fermé le samedi. Du lundi au samedi 9h-12h", "2026-01-17T10:00", "open"),
        ("Mercredi 9h-12h, y compris pendant les vacances scolaires", "2026-01-14T10:00", "open"),
        ("Mercredi et samedi 9h-12h, samedi fermé en juillet", "2026-01-17T10:00", "open"),
        ("Mercredi et samedi 9h-12h, samedi fermé en juillet", "2026-07-25T10:00", "closed"),
        ("Lundi-vendredi 9h-17h, samedi 9h-12h (fermé en juillet)", "2026-07-20T10:00", "unknown"),
        ("Tous les matins sauf dimanche et lundi de 7h à 13h", "2026-01-12T10:00", "closed"),
        (
            "Du lundi au samedi 9h-12h et 14h-18h sauf lundi matin, mercredi après-midi et samedi après-midi",
            "2026-01-12T15:00",
            "open",
        ),
        (
            "Du lundi au samedi 9h-12h et 14h-18h sauf lundi matin, mercredi après-midi et samedi après-midi",
            "2026-01-14T15:00",
            "closed",
        ),
        (
            "Du lundi au vendredi (sauf le mercredi après-midi) de 9h à 12h et de 14h à 17h",
            "2026-01-14T15:00",
            "closed",
        ),
        (
            "Fermé le mercredi après-midi. Du lundi au vendredi 9h-12h et 14h-17h",
            "2026-01-14T15:00",
            "closed",
        ),
        ("Ouvert de 8h à 2h du matin tous les jours", "2026-01-14T01:30", "open"),
        ("Été : 9h-20h tous les jours. Hiver : 9h-17h tous les jours.", "2026-01-12T10:00", "open"),
        ("Été : 9h-20h tous les jours. Hiver : 9h-17h tous les jours.", "2026-07-22T19:00", "unknown"),
        ("Été (avril à octobre) : lundi 9h-20h. Hiver : lundi 9h-17h.", "2026-01-12T19:00", "closed"),
        ("Lundi au vendredi 9h-12h, sauf mercredi 14h-17h", "2026-01-14T15:00", "open"),
        ("Lundi au vendredi 9h-12h, sauf mercredi 14h-17h", "2026-01-14T10:00", "unknown"),
        ("Lundi 8h30-12h, lundi 9h-12h30", "2026-01-12T12:15", "open"),
        ("Lundi 8h30-12h, lundi 9h-12h30", "2026-01-12T08:45", "unknown"),
        ("Ouvert tous les jours de la semaine de 10h à 12h", "2026-01-17T11:00", "unknown"),
        ("Ouvert toute l'année sauf en janvier, du mardi au samedi 14h-18h", "2026-07-22T15:00", "open"),
        ("Ouvert toute l'année sauf en janvier, du mardi au samedi 14h-18h", "2026-07-20T15:00", "closed"),
        ("Fermé le samedi et le dimanche, lun., mar. : 9h-12h", "2026-01-12T10:00", "open"),
        ("Fermé le samedi et le dimanche, lun., mar. : 9h-12h", "2026-01-17T10:00", "closed"),
        ("Tous les jours 11h-19h, le lundi à partir de 14h", "2026-01-12T18:00", "open"),
        ("Jeudi 9h-12h (semaines paires), mardi 14h-17h (semaines impaires)", "2026-01-20T15:00", "closed"),
        ("9h-12h lundi, mardi et 14h-17h jeudi", "2026-01-13T10:00", "open"),
        (
            "Avril-septembre : lun.-sam. 9h-12h ; dimanche 10h-12h. Octobre-mars : lun.-ven. 9h-12h",
            "2026-07-22T10:00",
            "open",
        ),
        ("Marché le jeudi, place de la Mairie, de 8h à 12h", "2026-01-15T10:00", "open"),
        ("8h-22h tous les jours, fermé le dimanche à partir de 18h", "2026-01-18T10:00", "open"),
        ("8h-22h tous les jours, fermé le dimanche à partir de 18h", "2026-01-18T19:00", "closed"),
        ("Lundi, mardi 9h-12h. En juillet : lundi 9h-12h uniquement", "2026-07-21T10:00", "closed"),
        ("Lundi, mardi 9h-12h. En juillet : lundi 9h-11h", "2026-07-21T10:00", "unknown"),
        ("12h-14h30 et 19h-22h30, fermé dimanche soir et lundi", "2026-01-18T13:00", "open"),
        ("12h-14h30 et 19h-22h30, fermé dimanche soir et lundi", "2026-01-18T20:00", "closed"),
        ("Mardi 9h-12h, samedi (semaines impaires) 9h-12h", "2026-01-20T10:00", "open"),
        ("Mardi 9h-12h, samedi (semaines impaires) 9h-12h", "2026-01-24T10:00", "closed"),
        (
            "Été (avril à octobre)\nlundi 9h-19h\nmardi 9h-18h\nHiver (novembre à mars)\nlundi 9h-17h\nmardi 9h-16h",
            "2026-01-13T16:30",
            "closed",
        ),
        ("Du lundi au vendredi 9h-17h (9h-12h en juillet)", "2026-07-20T15:00", "closed"),
        ("Du lundi au vendredi 9h-12h, et 14h-16h sauf mercredi", "2026-01-14T10:00", "unknown"),
        ("Ouvert de 10h à 18h (17h d'octobre à mars), fermé le lundi", "2026-01-12T11:00", "closed"),
        ("8h-12h les lundis et mardis, fermé dimanche, 10h-12h les samedis", "2026-01-17T11:00", "open"),
        ("Mercredi 14h-17h (10h-12h pendant les vacances scolaires)", "2026-07-22T15:00", "closed"),
        ("Mercredi 14h-17h (10h-12h pendant les vacances scolaires)", "2026-01-14T15:00", "open"),
        ("lundi\n9h-12h\nmardi\n-\nmercredi\n14h-17h", "2026-01-13T15:00", "closed"),
        ("Lundi 9h-5h", "2026-01-12T18:00", "unknown"),
        (
            "Sans rendez-vous le mardi 9h-11h et sur rendez-vous le jeudi 14h-16h",
            "2026-01-15T15:00",
            "unknown",
        ),
        ("Du lundi au vendredi 9h-12h et 14h-17h, vendredi après-midi 14h-16h", "2026-01-16T10:00", "open"),
        ("Du lundi au vendredi 9h-12h et 14h-17h, vendredi après-midi 14h-16h", "2026-01-16T16:30", "closed"),
        ("Lundi et samedi 9h-12h. En juillet, ouvert le samedi uniquement", "2026-07-20T10:00", "closed"),
    ],
)
def test_readings(text: str, moment: str, state: str) -> None:
    """Where they differ nobody is sent, and nobody is kept away."""
    hours = reading.read(text)
    found, comment = evaluation.state(hours, datetime.fromisoformat(moment), HERE)
    assert found == state, hours.warnings
    assert (comment == SEVERAL) == (state == "unknown" and bool(hours.others))
    assert bool(hours.others) <= bool(hours.doubts)
    assert set(hours.doubts) <= set(hours.warnings)


@pytest.mark.parametrize(
    "text",
    [
        "lundi 9h-25h",
        "lundi 9h60-12h",
        "lundi 9h",
        "lundi fermé, lundi 9h-12h",
        "lundi 31 février 9h-12h",
        "du 31 avril au 2 mai 9h-12h",
        "Les jours de marché de 8h à 13h",
        "lundi au vendredi aux heures de la mairie",
        "6e lundi du mois 9h-12h",
        "Particuliers : lundi 9h-12h / Professionnels : lundi 14h-17h",
        "Du lundi 14h au samedi 12h",
        "Lundi 14h-12h",
        "Lundi : - Mardi : 9h-12h",
        "Mairie : lundi 9h-12h ; bibliothèque : mercredi 14h-17h",
        "Lundi 9h-12h 14h-17h sauf vacances scolaires : 9h-12h",
        "lundi matin sauf lundi",
        "Lundi au vendredi 9h-17h, fermé le mercredi, le samedi 9h-12h",
        "Lundi au vendredi 9h-17h ; vacances scolaires 10h-16h ; fermé le mercredi",
        "Deux samedis par mois de 9h à 12h",
        "Pas de permanence le lundi 9h-12h",
        "lundi 8-12 2-6",
        "Groupes : lundi 9h-12h",
        "À partir du 1er janvier : lundi 9h-12h",
        "Fermé le lundi soir",
        "Lundi 9h-12h et 14h-18h, soir fermé",
        "Lundi, fermé mardi, mercredi 9h-12h",
        "Lundi au samedi 9h-17h, fermé mercredi, mardi, 9h-12h",
        "Lundi 9h-12h, réservé aux abonnés",
        "Samedi 9h-12h, une semaine sur deux",
        "Du lundi au vendredi 9h-17h, vendredi après-midi 14h-16h",
    ],
)
def test_what_is_no_hours_is_not_understood(text: str) -> None:
    """Never half read."""
    assert not understood(text)


@pytest.mark.parametrize("code", ["fr", "en"])
def test_the_page_says_what_is_in_doubt(code: str) -> None:
    """On a Tuesday a pharmacy « Lun/Ven 9h-12h » is among those in doubt, with its text and why, and among
    the open ones it is not; on a Monday it is in both.
    """
    rows = pa.table(
        {
            "id": ["x"],
            "nom": ["Pharmacie du Pont"],
            "type": ["pharmacie"],
            "horaires": ["Lun/Ven 9h-12h"],
            "code_insee": ["34172"],
            "lat": [43.6],
            "lon": [3.8],
        }
    )
    for day, opened in ((12, True), (13, False)):
        now = datetime(2026, 1, day, 9, 30, tzinfo=UTC)
        blocks = answer(
            Asked(
                {"quoi": "pharmacie"},
                now,
                now,
                languages("Europe/Paris")[code],
            ),
            {"lieux": rows},
        )
        tables = {b.title: b.rows for b in blocks if isinstance(b, Rows)}
        (doubtful,) = (
            found
            for title, found in tables.items()
            if title.startswith(("Horaires qui se lisent", "Hours that can be read"))
        )
        assert [(r["nom"], r["horaires"]) for r in doubtful] == [("Pharmacie du Pont", "Lun/Ven 9h-12h")]
        assert str(doubtful[0]["doute"]).startswith("La barre" if code == "fr" else "The slash")
        assert any(title.startswith(("Ouverts", "Open")) for title in tables) == opened


def test_every_doubt_has_its_english() -> None:
    """They are said on a page of two languages."""
    doubts = {
        value
        for name, value in vars(french_entries).items()
        if name.isupper() and isinstance(value, str) and " " in value and not value.startswith('"')
    }
    assert len(doubts) >= 8
    assert [d for d in doubts if not languages("Europe/Paris")["en"].knows(d)] == []
