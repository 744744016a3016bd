"""Opening hours: what a French city writes, its holidays and school holidays, what is refused, and the cases
of the reference program where they are present.
"""

from __future__ import annotations

import csv
import json
import math
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from parvis.methods.hours import abroad, calendars, doubts, evaluation, reading, territory, writing
from parvis.methods.hours.calendars import Holidays
from parvis.methods.hours.evaluation import OPEN_END, Local
from parvis.methods.hours.reading import Mode, NotHours
from parvis.methods.hours.sun import Sun

PARIS, BERLIN = ZoneInfo("Europe/Paris"), ZoneInfo("Europe/Berlin")
TOUSSAINT = [(date(2026, 10, 17), date(2026, 11, 1), "Vacances de la Toussaint")]
ZONE_A = [*TOUSSAINT, (date(2027, 2, 13), date(2027, 2, 28), "Vacances d’hiver")]
ZONE_C = [
    *TOUSSAINT,
    (date(2026, 7, 4), date(2026, 8, 31), "Vacances d’été"),
    (date(2027, 2, 6), date(2027, 2, 21), "Vacances d’hiver"),
]
KNOWN = (date(2026, 6, 1), date(2027, 6, 30))
HERE = Local(
    calendars.france(2020, 2031, departement="34", school=ZONE_C, known=KNOWN), Sun(43.61, 3.88, PARIS)
)
LYON = Local(calendars.france(2020, 2031, departement="69", school=ZONE_A, known=KNOWN))
STRASBOURG = Local(calendars.france(2020, 2031, departement="67", school=ZONE_C, known=KNOWN))


def says(text: str, at: str, where: Local = HERE) -> str:
    """« open », « closed » or « unknown », with the comment."""
    state, comment = evaluation.state(reading.read(text), datetime.fromisoformat(at), where)
    return state if comment is None else f"{state} · {comment}"


@pytest.mark.parametrize(
    ("text", "at", "where", "expected"),
    [
        ("Mo-Fr 09:00-18:00; PH off", "2026-07-14T10:00", HERE, "closed · Fête nationale"),
        (
            "PH off; Mo-Fr 09:00-18:00",
            "2026-07-14T10:00",
            HERE,
            "open",
        ),  # the order decides; the writer is warned
        (
            "Mo-Fr 09:00-18:00; PH off",
            "2026-04-03T10:00",
            STRASBOURG,
            "closed · Vendredi saint",
        ),  # Good Friday
        ("Mo-Fr 09:00-18:00; PH off", "2026-04-03T10:00", HERE, "open"),
        ("Mo-Sa 09:00-18:00; PH off", "2026-12-26T10:00", STRASBOURG, "closed · Saint-Étienne"),
        ("Mo-Sa 09:00-18:00; PH off", "2026-12-26T10:00", HERE, "open"),
        ("Mo-Sa 08:30-20:00; SH Mo-Sa 09:00-19:00", "2026-11-24T08:45", HERE, "open"),
        ("Mo-Sa 08:30-20:00; SH Mo-Sa 09:00-19:00", "2026-07-21T08:45", HERE, "closed"),
        ("SH 10:00-12:00", "2026-07-20T11:00", HERE, "open · Vacances d’été"),
        ("Mo-Su 10:00-12:00; SH off", "2026-07-20T11:00", HERE, "closed · Vacances d’été"),
        ("Mo-Fr 08:00-12:00,Mo-Fr 14:00-18:00", "2026-11-24T15:00", HERE, "open"),
        ('Mo-Fr 09:00-12:00 "sur rendez-vous"', "2026-11-24T10:00", HERE, "unknown · sur rendez-vous"),
        ('Mo-Fr 09:00-18:00 || "sur RDV"', "2026-11-28T10:00", HERE, "unknown · sur RDV"),
        ("Fr 17:00+", "2026-11-27T23:30", HERE, f"unknown · {OPEN_END}"),
        ("24/7", "2026-11-27T23:30", HERE, "open"),
        ("lun-ven 9h-18h", "2026-11-27T17:59", HERE, "open"),
        ("lundi au vendredi de 9h à 12h30", "2026-11-27T12:29", HERE, "open"),
        ("Mo-Fr 8h-12h", "2026-11-27T12:00", HERE, "closed"),
        ("lun, mar, mer 9h-12h", "2026-11-24T10:00", HERE, "open"),
        ("mars-oct. lun. 9h-12h", "2026-03-02T10:00", HERE, "open"),
        ("tous les jours 9h-19h, fermé jours fériés", "2026-11-11T10:00", HERE, "closed · Armistice de 1918"),
        (
            "Mo-Fr 09:00-18:00; SH off",
            "2027-02-10T10:00",
            HERE,
            "closed · Vacances d’hiver",
        ),  # zone C is off, zone A is not yet
        ("Mo-Fr 09:00-18:00; SH off", "2027-02-10T10:00", LYON, "open"),
        ("Mo-Fr 09:00-18:00; SH off", "2027-02-23T10:00", HERE, "open"),
        ("Mo-Fr 09:00-18:00; SH off", "2027-02-23T10:00", LYON, "closed · Vacances d’hiver"),
        ("Mo-Sa 09:00-19:00; PH -1 day 09:00-16:00", "2026-12-24T17:00", HERE, "closed"),
        ("Mo-Sa 09:00-19:00; PH -1 day 09:00-16:00", "2026-12-24T15:00", HERE, "open · Veille : Noël"),
        ("Sa[1,3] 09:00-12:00", "2026-11-21T10:00", HERE, "open"),
        ("Sa[-1] 09:00-12:00", "2026-11-21T10:00", HERE, "closed"),
        ("Fr-Sa 22:00-26:00", "2026-11-29T01:30", HERE, "open"),
        (
            "Fr-Sa 22:00-02:00; Su off",
            "2026-11-29T01:30",
            HERE,
            "closed",
        ),  # Sunday is overridden, its night too
        ("week 01-53/2 Mo 09:00-12:00", "2026-11-23T10:00", HERE, "closed"),  # week 48
        ("week 02-52/2 Mo 09:00-12:00", "2026-11-23T10:00", HERE, "open"),
        ("Jun 15-Sep 15 09:00-19:00", "2026-09-15T18:59", HERE, "open"),
        ("Dec 24-Jan 02 off; Mo-Fr 09:00-12:00", "2026-12-24T10:00", HERE, "open"),
        ("Mo-Fr 09:00-12:00; Dec 24-Jan 02 off", "2027-01-01T10:00", HERE, "closed"),
        ("easter +1 day 10:00-12:00", "2027-03-29T10:30", HERE, "open"),
        ("Mo-Su sunrise-sunset", "2026-06-21T21:00", HERE, "open"),
        ("Mo-Su sunrise-sunset", "2026-12-21T17:30", HERE, "closed"),
    ],
)
def test_what_a_city_expects(text: str, at: str, where: Local, expected: str) -> None:
    """Holidays, school holidays by zone, nights, notes, French ways of writing."""
    assert says(text, at, where) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        ";",
        "||",
        "ouvert le matin",
        "Mo-Tr 09:00-12:00",
        "Mo-Fr 25:00-26:00",
        "Mo-Fr 09:00-12:60",
        "Mo-Fr 09:00",
        "09:00",
        "Su-PH",
        "Jun 31",
        "week 54",
        "Mo[6] 09:00-12:00",
        "Mo-Fr 09:00-12:00;;; (",
        "Mo,,Tu",
        "11",
        "x" * 2001,
    ],
)
def test_what_cannot_be_placed_is_refused(text: str) -> None:
    """Never read as « closed »."""
    with pytest.raises(NotHours):
        reading.read(text)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("lun-ven 9h-12h30 et 14h-18h", "Mo-Fr 09:00-12:30,14:00-18:00"),
        ("Mo-Fr 08:00-12:00,Mo-Fr 14:00-18:00", "Mo-Fr 08:00-12:00, Mo-Fr 14:00-18:00"),
        ("24h/24 7j/7", "24/7"),
        ("Sa 10-12", "Sa 10:00-12:00"),
        ("lu-ve 0830-1230 ; sa, di fermé", "Mo-Fr 08:30-12:30; Sa,Su off"),
        ("Mo-Fr 9⁰⁰-18³⁰", "Mo-Fr 09:00-18:30"),
        ("ma, me 14h00 à 18h", "Tu,We 14:00-18:00"),
        ("Mo-Fr 09：00-12：00；PH off", "Mo-Fr 09:00-12:00; PH off"),
        ("dimanche fermé", '"heures non dites"; Su off'),
        ("jours fériés fermé", '"heures non dites"; PH off'),
        ("vacances scolaires lun-ven 9h-12h", "SH Mo-Fr 09:00-12:00"),
        ("Mo 12:00-14:00 16:00-18:00", "Mo 12:00-14:00,16:00-18:00"),
    ],
)
def test_a_correction_is_proposed(text: str, canonical: str) -> None:
    """What is not written as the grammar has it is warned of, and written again."""
    hours = reading.read(text)
    assert hours.warnings
    assert writing.write(hours) == canonical
    assert not reading.read(canonical).warnings


def test_the_order_of_rules_is_warned_of() -> None:
    """« PH off » first does nothing, and says so; so for the school holidays; who forgets the holidays is
    told.
    """
    assert any("PH" in w for w in reading.read("PH off; Mo-Fr 09:00-18:00").warnings)
    assert any("SH" in w for w in reading.read("SH off; Mo-Fr 09:00-18:00").warnings)
    assert reading.read("Mo-Fr 09:00-18:00; PH,SH off").warnings == ()
    assert doubts.advice(reading.read("Mo-Fr 09:00-18:00"))
    assert not doubts.advice(reading.read("Mo-Fr 09:00-18:00; PH off"))


@pytest.mark.parametrize(
    ("text", "warned"),
    [
        ("Mo-Th 18:00-02:00; Fr,Sa 18:00-04:00", doubts.NIGHT),  # Friday takes what is left of Thursday night
        ("Fr,Sa 18:00-04:00; Mo-Th 18:00-02:00", None),
        ("Mo-Th 18:00-02:00, Fr,Sa 18:00-04:00", None),
        ("Mo-Th 18:00-00:00; Fr,Sa 18:00-04:00", None),
        (
            "Mo-Fr 08:30-12:00;14:00-18:00",
            "Des heures sans jour après « ; » valent tous les jours : séparez-les par une virgule.",
        ),
        ("Mo-Fr 08:30-12:00,14:00-18:00; 13:00-14:00 off", None),
    ],
)
def test_a_night_cut_short_and_hours_without_a_day_are_warned_of(text: str, warned: str | None) -> None:
    """What the grammar says is kept; its writer is told, as it is seldom what was meant."""
    assert list(reading.read(text).warnings) == ([warned] if warned else [])


def test_beyond_the_calendar_is_unknown() -> None:
    """After the last known day of the school holidays a text that needs them is unknown; where both readings
    agree it is not.
    """
    text = "Mo-Fr 09:00-18:00; SH 09:00-12:00"
    assert says(text, "2027-07-20T10:00").startswith("open")
    assert says(text, "2027-07-20T15:00") == f"unknown · {evaluation.NOT_KNOWN}"
    assert says(text, "2027-07-20T20:00") == "closed"
    assert says("Mo-Fr 09:00-18:00; PH off", "2032-07-14T10:00").startswith("unknown")
    assert says("SH off", "2026-07-20T10:00", Local()).startswith("closed")


@pytest.mark.parametrize(
    ("text", "at", "now", "until", "then"),
    [
        ("Mo-Fr 08:30-12:30,14:00-19:00; PH off", "2026-11-10T18:00", "open", "2026-11-10T19:00", "closed"),
        ("Mo-Fr 08:30-12:30,14:00-19:00; PH off", "2026-11-10T20:00", "closed", "2026-11-12T08:30", "open"),
        ("24/7", "2026-11-10T18:00", "open", None, None),
        ("off", "2026-11-10T18:00", "closed", None, None),
        ("Aug 01-20 off; open", "2026-11-10T18:00", "open", None, None),
        ("open; Aug 01-20 off", "2026-11-10T18:00", "open", "2027-08-01T00:00", "closed"),
        (
            'Mo 08:00-12:00; Mo 12:00-14:00 unknown "peut-être"',
            "2026-11-23T11:00",
            "closed",
            "2026-11-23T12:00",
            "unknown",
        ),
    ],
)
def test_the_next_change(text: str, at: str, now: str, until: str | None, then: str | None) -> None:
    """Over lunch, over a holiday, over the new year, never."""
    found = evaluation.status(reading.read(text), datetime.fromisoformat(at), HERE)
    assert (found.state, found.until and found.until.isoformat(timespec="minutes"), found.then) == (
        now,
        until,
        then,
    )


def test_the_next_opening_is_a_sure_one() -> None:
    """« unknown » is no opening to send a person to."""
    at = datetime.fromisoformat("2026-11-28T15:00")
    assert evaluation.next_open(
        reading.read('Mo-Fr 09:00-18:00; Su 10:00-12:00 "peut-être"'), at, HERE
    ) == datetime.fromisoformat("2026-11-30T09:00")
    assert evaluation.next_open(reading.read("off"), at, HERE) is None


def test_french_public_holidays_of_eight_years() -> None:
    """Eleven a year everywhere; Easter by another rule (Gauss, as corrected by Lichtenberg); thirteen in
    Alsace-Moselle.
    """
    for year in range(2020, 2041):
        k = year // 100
        m, s = 15 + (3 * k + 3) // 4 - (8 * k + 13) // 25, 2 - (3 * k + 3) // 4
        a = year % 19
        d = (19 * a + m) % 30
        r = (d + a // 11) // 29
        og = 21 + d - r
        sz = 7 - (year + year // 4 + s) % 7
        sunday = date(year, 3, 1) + timedelta(days=og + 7 - (og - sz) % 7 - 1)
        assert calendars.easter(year) == sunday
        days = calendars.french_public(year, "34")
        assert {sunday + timedelta(n) for n in (1, 39, 50)} <= set(days)
        assert len(set(days)) == 11 - ((sunday + timedelta(39)) in (date(year, 5, 1), date(year, 5, 8)))
        assert set(calendars.french_public(year, "68")) - set(days) == {
            sunday - timedelta(2),
            date(year, 12, 26),
        }
    assert date(2026, 12, 20) in calendars.french_public(2026, "974")


def spencer(day: date, lat: float, lon: float, zone: ZoneInfo, way: int) -> float:
    """Minutes since local midnight by another road: J. W. Spencer, Search 2 (1971), 172, a Fourier series of
    the day of the year.
    """
    g = 2 * math.pi * (day.timetuple().tm_yday - 1) / 365
    delta = (
        0.006918
        - 0.399912 * math.cos(g)
        + 0.070257 * math.sin(g)
        - 0.006758 * math.cos(2 * g)
        + 0.000907 * math.sin(2 * g)
        - 0.002697 * math.cos(3 * g)
        + 0.00148 * math.sin(3 * g)
    )
    equation = 229.18 * (
        0.000075
        + 0.001868 * math.cos(g)
        - 0.032077 * math.sin(g)
        - 0.014615 * math.cos(2 * g)
        - 0.04089 * math.sin(2 * g)
    )
    phi = math.radians(lat)
    hour = math.acos(
        (math.sin(math.radians(-0.85)) - math.sin(phi) * math.sin(delta)) / (math.cos(phi) * math.cos(delta))
    )
    offset = datetime(day.year, day.month, day.day, 12, tzinfo=zone).utcoffset()
    assert offset is not None
    return 720 - 4 * lon - equation + way * 4 * math.degrees(hour) + offset.total_seconds() / 60


def test_sunrise_agrees_with_another_series() -> None:
    """Every tenth day of a year, from Lille to La Réunion: within four minutes of Spencer's series, which is
    itself good to about three.
    """
    for lat, lon, zone in (
        (43.61, 3.88, PARIS),
        (50.63, 3.06, PARIS),
        (48.58, 7.75, PARIS),
        (-21.1, 55.5, ZoneInfo("Indian/Reunion")),
    ):
        sun = Sun(lat, lon, zone)
        for day in (date(2026, 1, 1) + timedelta(days=10 * i) for i in range(36)):
            for event, way in (("sunrise", -1), ("sunset", 1)):
                found = sun.minutes(event, day)  # type: ignore[arg-type]
                assert found is not None
                assert abs(found - spencer(day, lat, lon, zone, way)) <= 4, (lat, day, event)
    assert Sun(69.65, 18.96, ZoneInfo("Europe/Oslo")).minutes("sunrise", date(2026, 12, 21)) is None


@pytest.mark.shared
def test_school_holidays_by_zone_every_day(shared: Path) -> None:
    """« SH » of the three zones on every day of the file from 2015 on: the file's own flag, 100 %."""
    with (shared / "data/culture/school_holidays_fr.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if "2015" <= row["date"] < "2028-07"]
    hours = reading.read("SH 10:00-11:00")
    wrong = 0
    for zone in "abc":
        off = {
            date.fromisoformat(r["date"]): r["nom_vacances"] or "vacances"
            for r in rows
            if r[f"vacances_zone_{zone}"] == "True"
        }
        where = Local(
            Holidays(
                school=off,
                school_since=date.fromisoformat(rows[0]["date"]),
                school_until=date.fromisoformat(rows[-1]["date"]),
            )
        )
        for row in rows:
            state, _ = evaluation.state(hours, datetime.fromisoformat(row["date"] + "T10:30"), where)
            wrong += state != ("open" if row[f"vacances_zone_{zone}"] == "True" else "closed")
    assert len(rows) > 4_500
    assert wrong == 0


@pytest.mark.parametrize(
    ("place", "day", "expected"),
    [
        ("DE-SL", "2026-08-15", "closed · Mariä Himmelfahrt"),
        ("DE-BW", "2026-08-15", "open"),
        ("DE-BW", "2027-01-06", "closed · Heilige Drei Könige"),
        (
            "DE",
            "2027-01-06",
            f"unknown · {evaluation.NOT_KNOWN}",
        ),  # some states keep it: which one is not said
        ("DE", "2026-10-03", "closed · Tag der Deutschen Einheit"),
        ("DE-SN", "2026-11-18", "closed · Buß- und Bettag"),
        ("BE", "2026-07-21", "closed · Fête nationale"),
        ("BE", "2026-07-14", "open"),
        ("LU", "2026-05-09", "closed · Journée de l’Europe"),
        ("LU", "2026-06-23", "closed · Fête nationale"),
        ("CH-GE", "2026-09-10", "closed · Jeûne genevois"),
        ("CH-VD", "2026-09-21", "closed · Lundi du Jeûne fédéral"),
        ("CH-BS", "2026-05-01", "closed · Fête du Travail"),
        ("CH-GE", "2026-05-01", "open"),
        ("IT", "2026-04-25", "closed · Anniversario della Liberazione"),
        ("ES-CT", "2026-09-11", "closed · Diada Nacional de Catalunya"),
        ("ES-PV", "2026-09-11", "open"),
        (
            "ES-CT",
            "2026-12-07",
            f"unknown · {evaluation.NOT_KNOWN}",
        ),  # the Constitution’s day is a Sunday: each region decides
        ("MC", "2026-11-02", "closed · Toussaint"),  # 1 November is a Sunday
        ("AD", "2026-09-08", "closed · Nostra Senyora de Meritxell"),
        ("BR-AP", "2026-09-07", "closed · Independência do Brasil"),
        ("PT", "2026-07-14", f"unknown · {evaluation.NOT_KNOWN}"),
        ("67", "2026-04-03", "closed · Vendredi saint"),
        ("974", "2026-12-21", "open"),
        ("", "2026-04-03", f"unknown · {evaluation.NOT_KNOWN}"),  # Alsace, or not
        ("", "2026-07-14", "closed · Fête nationale"),
    ],
)
def test_a_neighbour_keeps_the_holidays_of_its_own_country(place: str, day: str, expected: str) -> None:
    """Of its region too, where that is said; unknown where it is not. Alsace and Moselle, and overseas, keep
    their own.
    """
    assert says("Mo-Su 09:00-18:00; PH off", f"{day}T10:00", Local(territory.holidays(place))) == expected


def test_school_holidays_of_the_neighbours_are_known_or_unknown() -> None:
    """The Saarland’s, and nobody’s where we have none."""
    text = "Mo-Fr 09:00-18:00; SH off"
    assert says(text, "2026-10-07T10:00", Local(territory.holidays("DE-SL"))) == "closed · Herbstferien"
    assert says(text, "2026-10-20T10:00", Local(territory.holidays("DE-SL"))) == "open"
    assert says(text, "2029-10-20T20:00", Local(territory.holidays("DE-SL"))) == "closed"
    assert says(text, "2029-10-19T10:00", Local(territory.holidays("DE-SL"))).startswith("unknown")
    assert says(text, "2026-10-07T10:00", Local(territory.holidays("LU"))).startswith("unknown")


# The cases of opening_hours.js, with the calendars of the product: those of countries that it does not carry
# are counted apart.


def calendar(loc: str) -> Holidays | None:
    """The calendar of « de_bw », as the product has it, also for the years of the cases; None when it has
    none. A country alone has no regional day there.
    """
    country, _, region = loc.partition("_")
    place = f"{country}-{region}".upper().removesuffix("-")
    carried = abroad.holidays(place)
    if carried.public_since is None:
        return None
    days, unsure = abroad.public(country.upper(), region.upper(), 2010, 2036)
    span = (date(2010, 1, 1), date(2036, 12, 31))
    return Holidays(
        days,
        carried.school,
        *span,
        carried.school_since,
        carried.school_until,
        unsure if region else frozenset(),
    )


def moment(text: str) -> datetime:
    """« 2012-10-1 0:00 », also the 31st of a month that has 30 days; instants in UTC as Berlin's clock."""
    if "T" in text:
        return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(BERLIN).replace(tzinfo=None)
    (year, month, day), (hour, minute) = (
        map(int, part.split(sign)) for part, sign in zip(text.strip().split(" "), "-:", strict=True)
    )
    return datetime.combine(date(year, month, 1), time.min) + timedelta(
        days=day - 1, hours=hour, minutes=minute
    )


def said(comment: str | None) -> str | None:
    """Our words as the cases have them."""
    return (
        "x"
        if comment == OPEN_END
        else comment and comment.replace("Veille : ", "Day before ").replace("Lendemain : ", "Day after ")
    )


def named(case: dict[str, Any]) -> bool:
    """The case says where the place is."""
    return case["loc"] is not None and not case["loc"].startswith("[")


def ours(case: dict[str, Any]) -> list[tuple[datetime, datetime, bool, str | None]] | str:
    """The intervals of a case, or why it was refused."""
    mode = case["mode"].get("mode") if isinstance(case["mode"], dict) else case["mode"]
    known = calendar(case["loc"]) if named(case) else None
    where = Local(known or Holidays(), Sun(49.5400039, 9.7937133, BERLIN)) if named(case) else Local()
    modes: dict[int | None, Mode] = {None: "ranges", 0: "ranges", 1: "points", 2: "both"}
    try:
        hours = reading.read(case["value"], modes[mode])
    except NotHours as refused:
        return str(refused)
    found = evaluation.intervals(hours, moment(case["from"]), moment(case["to"]), where)
    return [(i.begin, i.end, i.state == "unknown", said(i.comment)) for i in found]


@pytest.fixture
def vectors(shared: Path) -> dict[str, list[dict[str, Any]]]:
    """The cases, read in place."""
    return json.loads((shared / "data/health/opening_hours/vectors_60.json").read_text(encoding="utf-8"))


@pytest.mark.shared
def test_the_cases_of_the_reference_program(vectors: dict[str, list[dict[str, Any]]]) -> None:
    """At least 95 % of those that need no calendar or one of the product's, interval by interval with
    comments; all that must be refused; all that must be warned of.

    Not followed: « pn », Friday in one language and Monday in another (4); « Jan 23,25 » and a range that
    begins before its year (2); a sunrise a minute beside theirs (2); « yes »; school holidays of German
    states in years that the product does not carry.
    """
    wrong, far = [], []
    for case in vectors["tests"]:
        expected = [
            (moment(e[0]), moment(e[1]), bool(e[2]) if len(e) > 2 else False, e[3] if len(e) > 3 else None)
            for e in case["exp"]
        ]
        if ours(case) == expected:
            continue
        (far if named(case) and calendar(case["loc"]) is None else wrong).append((case["loc"], case["value"]))
    carried = sum(not named(case) or calendar(case["loc"]) is not None for case in vectors["tests"])
    assert len(vectors["tests"]) == 470
    assert carried >= 400
    assert len(wrong) <= 0.05 * carried, wrong
    assert len(far) <= 470 - carried
    accepted = []
    for case in vectors["fail"]:
        if "constructor" in case["name"] or case["value"] == "Mo-Fr 10:00-20:00; SH off":
            continue  # wrong arguments of that program, and a text that needs a calendar it was not given
        try:
            reading.read(case["value"], "points" if "mode 1" in case["name"] else "ranges")
            accepted.append(case["value"])
        except NotHours:
            pass
    assert accepted == []
    unwarned = [
        c["value"]
        for c in vectors["warn"]
        if not (reading.read(c["value"]).warnings or doubts.advice(reading.read(c["value"])))
    ]
    assert unwarned == []


@pytest.mark.shared
def test_written_again_it_says_the_same(vectors: dict[str, list[dict[str, Any]]]) -> None:
    """read(write(read(text))) has the rules of read(text), for every case that is read."""
    seen = 0
    for case in (*vectors["tests"], {"value": "07:00+, off 12:00-16:00"}):
        try:
            hours = reading.read(case["value"], "both")
        except NotHours:
            continue
        seen += 1
        assert reading.read(writing.write(hours), "both").rules == hours.rules, case["value"]
    assert seen > 430
