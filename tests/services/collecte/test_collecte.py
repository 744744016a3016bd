"""Days of collection: rules as towns write them, what becomes of public holidays, days moved by name; and the answer in
both languages, where nothing that the city did not say is sure.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
import pytest
import shapely

from parvis.core.arrow import arrow_table
from parvis.core.language import language
from parvis.core.types import SHAPE, Column, Schema
from parvis.services.answers import Asked, Blocks, Rows, Said, Spot
from parvis.services.collecte.answer import answer
from parvis.services.collecte.compute import AHEAD, work
from parvis.services.collecte.days import Collection, Flow, Holiday, collections, exceptions
from parvis.services.collecte.service import SERVICE

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)  # a Tuesday, ten o'clock in Paris
TABLE = Schema(
    "jours-collecte",
    "1",
    (
        *(
            Column(n)
            for n in ("secteur", "flux", "jours", "feries", "exceptions", "sortie", "rues", "code_insee")
        ),
        Column("debut", "date"),
        Column("fin", "date"),
    ),
    geometry="shape",
)
WEST, EAST = shapely.box(3.70, 43.70, 3.74, 43.76), shapely.box(3.74, 43.70, 3.78, 43.76)
HOME = Spot("Gare", 3.72, 43.73)


def row(rule: str, *, area: shapely.Polygon | None = WEST, **more: object) -> dict[str, object]:
    shape = None if area is None else shapely.to_wkb(area)
    return {
        "secteur": "Ouest",
        "flux": "emballages",
        "jours": rule,
        SHAPE: shape,
        "code_insee": "34990",
        **more,
    }


def said(
    *rows: Mapping[str, object], code: str = "fr", now: datetime = NOW, **values: Spot | str
) -> tuple[Said, Blocks]:
    tables = {"regles": arrow_table(TABLE, rows)}
    blocks = answer(Asked(values, now, now, language(code)), tables)
    lead = blocks[0]
    assert isinstance(lead, Said)
    return lead, blocks


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def days(
    rule: str, first: str, last: str, holidays: Holiday = "collecté", **more: object
) -> list[str] | None:
    flow = Flow("S", "F", rule, holidays, **more)  # type: ignore[arg-type]
    out = collections(flow, date.fromisoformat(first), date.fromisoformat(last))
    return None if out is None else [c.day.isoformat()[5:] for c in out]


# --- rules ---


@pytest.mark.parametrize(
    "rule",
    [
        "Tu,Fr",
        "Tu,Fr 06:00-12:00",
        "mardi et vendredi de 6h à 12h",
        "FREQ=WEEKLY;BYDAY=TU,FR",
        "RRULE:FREQ=WEEKLY;BYDAY=TU,FR",
    ],
)
def test_one_rule_in_each_way_of_writing_it(rule: str) -> None:
    assert days(rule, "2026-12-01", "2026-12-14") == ["12-01", "12-04", "12-08", "12-11"]


def test_two_days_in_a_row_and_a_night_are_what_they_are() -> None:
    """A stretch of two whole days is two collections; one that ends after midnight is one."""
    assert days("Tu,We", "2026-12-01", "2026-12-07") == ["12-01", "12-02"]
    assert days("Mo 22:00-04:00", "2026-12-01", "2026-12-09") == ["12-07"]
    assert days("Mo,Tu 22:00-04:00", "2026-12-01", "2026-12-09") == ["12-01", "12-07", "12-08"]


def test_every_other_week_counts_from_its_first_day_or_is_not_understood() -> None:
    rule = "FREQ=WEEKLY;INTERVAL=2;BYDAY=WE"
    assert days(rule, "2026-12-01", "2026-12-31", since=date(2026, 1, 7)) == ["12-09", "12-23"]
    assert days(rule, "2026-12-01", "2026-12-31", since=date(2026, 1, 14)) == ["12-02", "12-16", "12-30"]
    assert days(rule, "2026-12-01", "2026-12-31") is None
    # the first day is no day of the rule: it is not collected for that
    assert days("FREQ=WEEKLY;BYDAY=WE", "2026-12-01", "2026-12-08", since=date(2026, 12, 1)) == ["12-02"]


@pytest.mark.parametrize(
    "rule", ["", "n’importe quand", "FREQ=SOMETIMES", "Tu,Fr 06:00-", "voir le calendrier"]
)
def test_what_is_no_rule_is_not_understood(rule: str) -> None:
    assert days(rule, "2026-12-01", "2026-12-31") is None


def test_a_rule_holds_between_its_days() -> None:
    assert days("Tu", "2026-12-01", "2026-12-31", since=date(2026, 12, 8), until=date(2026, 12, 15)) == [
        "12-08",
        "12-15",
    ]


@pytest.mark.parametrize(
    ("holidays", "expected"),
    [
        ("collecté", ["12-21", "12-25", "12-28", "01-01"]),
        ("supprimé", ["12-21", "12-28"]),
        ("lendemain", ["12-21", "12-26", "12-28", "01-02"]),
        ("veille", ["12-21", "12-24", "12-28", "12-31"]),
        ("semaine", ["12-21", "12-26", "12-28", "01-02"]),
        ("", ["12-21", "12-25", "12-28", "01-01"]),
    ],
)
def test_each_fate_of_a_public_holiday(holidays: Holiday, expected: list[str]) -> None:
    """Christmas and New Year's Day of 2026 are Fridays."""
    assert days("Mo,Fr", "2026-12-21", "2027-01-02", holidays) == expected


def test_from_the_holiday_on_the_week_is_a_day_late() -> None:
    """Easter Monday 2026 is 6 April: all that week; Ascension, Thursday 14 May: from then on."""
    assert days("Mo,We,Sa", "2026-04-06", "2026-04-13", "semaine") == ["04-07", "04-09", "04-12", "04-13"]
    assert days("Tu,Fr", "2026-05-11", "2026-05-17", "semaine") == ["05-12", "05-16"]


def test_the_day_after_is_neither_a_holiday_nor_a_sunday() -> None:
    """Saturday 15 August 2026 goes to Monday; in Alsace 25 and 26 December 2026 go to Monday 28."""
    assert days("Sa", "2026-08-10", "2026-08-18", "lendemain") == ["08-17"]
    assert days("Fr", "2026-12-22", "2026-12-30", "lendemain", departement="67") == ["12-28"]
    assert days("Fr", "2026-12-22", "2026-12-30", "lendemain", departement="34") == ["12-26"]


def test_a_day_moved_by_name_wins_over_the_rule_of_holidays() -> None:
    moved, added = exceptions("2026-12-25>2026-12-23 2027-01-01> >2026-12-30")
    more = {"moved": moved, "added": added}
    assert days("Mo,Fr", "2026-12-21", "2027-01-02", "lendemain", **more) == [
        "12-21",
        "12-23",
        "12-28",
        "12-30",
    ]
    # moved into what is asked, from a day before it
    assert days("Fr", "2026-12-26", "2026-12-26", "lendemain") == ["12-26"]


def test_what_nobody_says_is_to_be_checked_and_named() -> None:
    [one] = collections(Flow("S", "F", "Fr"), date(2026, 12, 25), date(2026, 12, 26)) or []
    assert one == Collection(date(2026, 12, 25), date(2026, 12, 25), "à vérifier", "Noël")


def test_beside_a_plain_count_over_four_years() -> None:
    """« lendemain » against a count by hand, day by day."""
    from parvis.methods.hours.calendars import french_public

    public = {d for y in range(2025, 2031) for d in french_public(y)}
    expected: set[date] = set()
    day = date(2026, 1, 1) - timedelta(10)
    while day <= date(2029, 12, 31):
        if day.weekday() in (0, 4):
            to = day
            while to in public or (to != day and to.weekday() == 6):
                to += timedelta(1)
            expected.add(to)
        day += timedelta(1)
    for year in range(2026, 2030):
        out = collections(Flow("S", "F", "Mo,Fr", "lendemain"), date(year, 1, 1), date(year, 12, 31)) or []
        assert {c.day for c in out} == {d for d in expected if d.year == year}


# --- the answer ---


def test_the_next_day_in_one_sentence() -> None:
    lead, blocks = said(
        row("We 06:00-12:00", sortie="la veille à partir de 19 h"),
        row("Tu,Th", flux="verre", area=EAST),
        lieu=HOME,
    )
    assert plain(lead.text) == "Prochaine collecte demain, mercredi 2 décembre 2026 : emballages."
    assert lead.tone == "ok"
    assert "la veille à partir de 19 h" in lead.note
    table = next(b for b in blocks if isinstance(b, Rows))
    assert [r["flux"] for r in table.rows] == ["emballages"]


def test_two_flows_on_one_day_are_one_sentence() -> None:
    lead, _ = said(row("We"), row("We", flux="verre"), row("Th", flux="biodéchets"), lieu=HOME)
    assert plain(lead.text) == "Prochaine collecte demain, mercredi 2 décembre 2026 : emballages, verre."


def test_a_lorry_that_passed_this_morning_does_not_come_again() -> None:
    morning = row("Tu 06:00-09:00")
    assert "mardi 8 décembre" in plain(said(morning, lieu=HOME)[0].text)
    assert "aujourd’hui" in said(morning, lieu=HOME, now=NOW - timedelta(hours=2))[0].text


def test_in_english_nothing_stays_french() -> None:
    lead, blocks = said(
        row("Fr", feries="lendemain"), code="en", lieu=HOME, now=datetime(2026, 12, 24, 9, tzinfo=UTC)
    )
    assert plain(lead.text) == "Next collection Saturday, 26 December 2026: packaging."
    assert "Christmas" in lead.note
    assert lead.tone == "warn"
    table = next(b for b in blocks if isinstance(b, Rows))
    assert table.title == "Collection days"


def test_a_street_says_it_where_no_area_does() -> None:
    by_street = row("Fr", area=None, rues="Rue du Moulin|place du Marché")
    lead, _ = said(by_street, rue="12 rue du moulin", lieu=HOME)
    assert "vendredi 4 décembre" in plain(lead.text)
    lead, _ = said(by_street, rue="rue du Moulinet")
    assert (lead.tone, "Aucun secteur" in lead.text) == ("warn", True)


def test_elsewhere_nothing_is_said() -> None:
    lead, _ = said(row("Fr"), lieu=Spot("", 3.9, 43.73))
    assert plain(lead.text) == "Aucun secteur de collecte publié ne contient « votre position »."


def test_a_rule_that_is_not_understood_is_shown() -> None:
    lead, blocks = said(row("un jour sur trois ou quatre"), lieu=HOME)
    assert "un jour sur trois ou quatre" in lead.text
    assert lead.tone == "warn"
    wrong, _ = said(row("Fr", exceptions="le 25 décembre"), lieu=HOME)
    assert "le 25 décembre" in wrong.text, "an exception in words is not passed over"
    assert len(blocks) == 2


def test_a_rule_that_ended_gives_way_to_the_next() -> None:
    lead, blocks = said(row("We", fin=date(2026, 11, 30)), row("Th", debut=date(2026, 12, 1)), lieu=HOME)
    assert "jeudi 3 décembre" in plain(lead.text)
    assert len(next(b for b in blocks if isinstance(b, Rows)).rows) == 1


@pytest.mark.parametrize(("sectors", "words"), [(1, "1 secteur sur 1."), (2, "2 secteurs sur 2.")])
def test_without_a_place_the_whole_city(sectors: int, words: str) -> None:
    rows = [row("We", secteur=f"S{n}") for n in range(sectors)]
    assert plain(said(*rows)[0].text).endswith(words)


# --- the table ---


def test_six_weeks_are_published() -> None:
    out = work(
        {"regles": arrow_table(TABLE, [row("Fr", feries="lendemain"), row("rien", flux="verre")])}, NOW
    )["collectes"]
    assert isinstance(out, pa.Table)
    assert out.num_rows == AHEAD // 7
    moved = [r for r in out.to_pylist() if r["etat"] == "déplacée"]
    assert [(r["jour"], r["jour_habituel"], r["motif"]) for r in moved] == [
        (date(2026, 12, 26), date(2026, 12, 25), "Noël"),
        (date(2027, 1, 2), date(2027, 1, 1), "Jour de l’an"),
    ]
    assert SERVICE.outputs["collectes"].schema.name == "parvis/prochaines_collectes"
