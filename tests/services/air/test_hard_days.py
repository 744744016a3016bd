"""Days that are hard to read, through the whole service: what each must come to was worked out by hand from
the texts, before the service was asked.

Each case: stations by kind with the hours of some days (ug/m3, None where nothing came), and of one day the
level by the law (None: not known) and the sub-index of the pollutant (0: absent).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest

from parvis.alerts import quiet
from parvis.services.air.compute import work
from parvis.services.air.places import zone_of

PARIS = ZoneInfo("Europe/Paris")
Hours = Sequence[float | None]
Place = tuple[str, str, Mapping[str, Hours]]
"""Kind of station, pollutant, and its hours by day."""


def table(places: Sequence[Place], *, zone: str = "34990", unit: str = "µg/m³", valid: str = "") -> pa.Table:
    rows = []
    for number, (kind, pollutant, days) in enumerate(places):
        for day, hours in days.items():
            start = datetime.fromisoformat(day).replace(tzinfo=zone_of(zone)).astimezone(UTC)
            rows += [
                {
                    "station": f"S{number}",
                    "typologie": kind,
                    "code_zone": zone,
                    "polluant": pollutant,
                    "debut": start + timedelta(hours=n),
                    "valeur": v,
                    "unite": unit,
                    "validite": valid,
                }
                for n, v in enumerate(hours)
            ]
    kinds = {"debut": pa.timestamp("us", "UTC"), "valeur": pa.float64()}
    return pa.table({k: pa.array([r[k] for r in rows], kinds.get(k, pa.string())) for k in rows[0]})


def told(given: pa.Table, day: str, pollutant: str, *, after: int = 1) -> tuple[object, object, object]:
    """(level, state, sub-index) of a day, asked at noon so many days later."""
    now = datetime.fromisoformat(day).replace(tzinfo=UTC) + timedelta(days=after, hours=12)
    made = work({"mesures": given}, now)
    level = (
        [
            r
            for r in made["procedures"].to_pylist()
            if r["jour"] == date.fromisoformat(day) and r["polluant"] == pollutant
        ]
        if "procedures" in made
        else []
    )
    index = (
        [r for r in made["indice"].to_pylist() if r["date_ech"] == date.fromisoformat(day)]
        if "indice" in made
        else []
    )
    return (
        level[0]["niveau"] if level else "no rule",
        level[0]["etat"] if level else "",
        index[0][f"code_{pollutant}"] if index else 0,
    )


MARCH, OCTOBER = "2026-03-29", "2026-10-25"
N: None = None

CASES: tuple[tuple[str, Sequence[Place], str, str, int | str | None, str, int], ...] = (
    # clock changes: three quarters of 23 hours are 18, of 25 are 19
    ("18 of 23 hours", [("fond", "pm10", {MARCH: [51.0] * 18 + [N] * 5})], MARCH, "pm10", 1, "information", 4),
    ("17 of 23 hours", [("fond", "pm10", {MARCH: [51.0] * 17 + [N] * 6})], MARCH, "pm10", None, "none", 0),
    ("19 of 25 hours", [("fond", "pm10", {OCTOBER: [51.0] * 19 + [N] * 6})], OCTOBER, "pm10", 1, "information", 4),
    ("18 of 25 hours", [("fond", "pm10", {OCTOBER: [51.0] * 18 + [N] * 7})], OCTOBER, "pm10", None, "none", 0),
    ("the hour more counts in the mean", [("fond", "pm10", {OCTOBER: [50.0] * 24 + [76.0]})], OCTOBER, "pm10", 1, "information", 4),
    ("the highest hour is the one more", [("fond", "no2", {OCTOBER: [30.0] * 24 + [201.0]})], OCTOBER, "no2", 1, "information", 4),
    ("23 hours, all heard", [("fond", "o3", {MARCH: [100.0] * 22 + [181.0]})], MARCH, "o3", 1, "information", 4),
    # holes and devices at zero
    ("small negatives are zeros", [("fond", "pm10", {"2026-01-10": [-3.0] * 12 + [100.0] * 12})], "2026-01-10", "pm10", 0, "none", 3),
    ("faults are holes", [("fond", "pm10", {"2026-01-10": [-80.0] * 6 + [60.0] * 18})], "2026-01-10", "pm10", 1, "information", 4),
    ("one fault too many", [("fond", "pm10", {"2026-01-10": [-80.0] * 7 + [60.0] * 17})], "2026-01-10", "pm10", None, "none", 0),
    ("an hour that passes is enough to pass, not to make an index", [("fond", "no2", {"2026-01-10": [N] * 20 + [30.0, 30.0, 201.0, 30.0]})], "2026-01-10", "no2", 1, "information", 0),
    ("few hours below prove nothing", [("fond", "no2", {"2026-01-10": [N] * 7 + [30.0] * 17})], "2026-01-10", "no2", None, "none", 0),
    ("a whole day of zeros", [("fond", "so2", {"2026-01-10": [0.0] * 24})], "2026-01-10", "so2", 0, "none", 1),
    # bounds
    ("exactly 50", [("fond", "pm10", {"2026-01-10": [50.0] * 24})], "2026-01-10", "pm10", 0, "none", 3),
    ("a hair over 50", [("fond", "pm10", {"2026-01-10": [50.0] * 23 + [51.0]})], "2026-01-10", "pm10", 1, "information", 4),
    ("exactly 80", [("fond", "pm10", {"2026-01-10": [80.0] * 24})], "2026-01-10", "pm10", 1, "information", 4),
    ("over 80", [("fond", "pm10", {"2026-01-10": [80.5] * 24})], "2026-01-10", "pm10", 2, "alert", 4),
    ("exactly 200", [("fond", "no2", {"2026-01-10": [200.0] * 24})], "2026-01-10", "no2", 0, "none", 4),
    ("exactly 240", [("fond", "o3", {"2026-07-10": [240.0] * 24})], "2026-07-10", "o3", 1, "information", 4),
    ("240 and more", [("fond", "o3", {"2026-07-10": [100.0] * 23 + [241.0]})], "2026-07-10", "o3", 2, "alert", 5),
    # hours running
    ("two hours over 500", [("fond", "so2", {"2026-01-10": [10.0] * 10 + [501.0] * 2 + [10.0] * 12})], "2026-01-10", "so2", 1, "information", 5),
    ("three hours over 500", [("fond", "so2", {"2026-01-10": [10.0] * 10 + [501.0] * 3 + [10.0] * 11})], "2026-01-10", "so2", 2, "alert", 5),
    ("a hole parts them", [("fond", "no2", {"2026-01-10": [90.0] * 10 + [401.0, 401.0, N, 401.0] + [90.0] * 10})], "2026-01-10", "no2", 1, "information", 6),
    ("over midnight, for the day on which they are enough", [("fond", "no2", {"2026-01-09": [90.0] * 23 + [410.0], "2026-01-10": [410.0] * 2 + [90.0] * 22})], "2026-01-10", "no2", 2, "alert", 6),
    ("over midnight, not for the day before", [("fond", "no2", {"2026-01-09": [90.0] * 23 + [410.0], "2026-01-10": [410.0] * 2 + [90.0] * 22})], "2026-01-09", "no2", 1, "information", 6),
    ("hours at two stations do not add up", [("fond", "no2", {"2026-01-10": [401.0] * 2 + [90.0] * 22}), ("fond", "no2", {"2026-01-10": [90.0] * 2 + [401.0] + [90.0] * 21})], "2026-01-10", "no2", 1, "information", 6),
    # stations of a zone
    ("the highest background station", [("fond", "pm10", {"2026-01-10": [40.0] * 24}), ("urbaine de fond", "pm10", {"2026-01-10": [60.0] * 24})], "2026-01-10", "pm10", 1, "information", 4),
    ("a road stands for itself", [("fond", "pm10", {"2026-01-10": [30.0] * 24}), ("trafic", "pm10", {"2026-01-10": [90.0] * 24})], "2026-01-10", "pm10", 0, "none", 2),
    ("a works stands for itself", [("fond", "so2", {"2026-01-10": [3.0] * 24}), ("Industrielle", "so2", {"2026-01-10": [700.0] * 24})], "2026-01-10", "so2", 0, "none", 1),
    ("where there is only a road", [("trafic", "pm10", {"2026-01-10": [90.0] * 24})], "2026-01-10", "pm10", 2, "alert", 4),
    ("one station silent, the other heard", [("fond", "pm10", {"2026-01-10": [60.0] * 10 + [N] * 14}), ("fond", "pm10", {"2026-01-10": [20.0] * 24})], "2026-01-10", "pm10", 0, "none", 1),
    # persistence, measured on both days
    ("two days running", [("fond", "pm10", {"2026-01-09": [51.0] * 24, "2026-01-10": [51.0] * 24})], "2026-01-10", "pm10", 1, "alert", 4),
    ("a day between", [("fond", "pm10", {"2026-01-08": [51.0] * 24, "2026-01-09": [49.0] * 24, "2026-01-10": [51.0] * 24})], "2026-01-10", "pm10", 1, "information", 4),
    ("a silent day between", [("fond", "pm10", {"2026-01-08": [51.0] * 24, "2026-01-09": [N] * 24, "2026-01-10": [51.0] * 24})], "2026-01-10", "pm10", 1, "information", 4),
    ("ozone, two days running", [("fond", "o3", {"2026-07-09": [181.0] * 24, "2026-07-10": [181.0] * 24})], "2026-07-10", "o3", 1, "alert", 4),
    ("sulphur dioxide knows none", [("fond", "so2", {"2026-01-09": [301.0] * 24, "2026-01-10": [301.0] * 24})], "2026-01-10", "so2", 1, "information", 3),
    ("two days, each at another station of the zone", [("fond", "pm10", {"2026-01-09": [60.0] * 24, "2026-01-10": [20.0] * 24}), ("fond", "pm10", {"2026-01-09": [20.0] * 24, "2026-01-10": [60.0] * 24})], "2026-01-10", "pm10", 1, "alert", 4),
    # fine particles: an index, no threshold of the law
    ("PM2.5", [("fond", "pm25", {"2026-01-10": [26.0] * 24})], "2026-01-10", "pm25", "no rule", "", 4),
    ("PM2.5 at its bound", [("fond", "pm25", {"2026-01-10": [25.0] * 24})], "2026-01-10", "pm25", "no rule", "", 3),
)  # fmt: skip


@pytest.mark.parametrize(
    ("places", "day", "pollutant", "level", "state", "code"),
    [c[1:] for c in CASES],
    ids=[c[0] for c in CASES],
)
def test_a_day(
    places: Sequence[Place], day: str, pollutant: str, level: object, state: str, code: int
) -> None:
    assert told(table(places), day, pollutant) == (level, state, code)


def test_several_pollutants_at_once_name_all_that_are_worst() -> None:
    day = {"2026-01-10": [91.0] * 24}
    given = table(
        [
            ("fond", "no2", day),
            ("fond", "pm10", {"2026-01-10": [41.0] * 24}),
            ("fond", "o3", {"2026-01-10": [50.0] * 24}),
            ("fond", "pm25", {"2026-01-10": [20.0] * 24}),
            ("fond", "so2", {"2026-01-10": [4.0] * 24}),
        ]
    )
    (row,) = [
        r
        for r in work({"mesures": given}, datetime(2026, 1, 11, 12, tzinfo=UTC))["indice"].to_pylist()
        if r["date_ech"] == date(2026, 1, 10)
    ]
    assert (row["code_qual"], set(row["polluants"].split(", ")), row["complet"]) == (3, {"no2", "pm10"}, True)


@pytest.mark.parametrize("unit", ["ppb", "mg/m³", "ppm"])
def test_what_is_in_another_unit_is_absent_not_small(unit: str) -> None:
    assert (
        told(table([("fond", "no2", {"2026-01-10": [150.0] * 24})], unit=unit), "2026-01-10", "no2")[2] == 0
    )


def test_provisional_counts_and_what_is_taken_back_does_not() -> None:
    days = {"2026-01-10": [60.0] * 24}
    assert told(table([("fond", "pm10", days)], valid="brute"), "2026-01-10", "pm10") == (1, "information", 4)
    assert told(table([("fond", "pm10", days)], valid="invalide"), "2026-01-10", "pm10")[2] == 0
    later = pa.concat_tables(
        [table([("fond", "pm10", days)]), table([("fond", "pm10", {"2026-01-10": [40.0] * 24})])]
    )
    assert told(later, "2026-01-10", "pm10") == (0, "none", 2), "of an hour said twice the later one counts"


def test_the_day_of_the_island() -> None:
    given = table([("fond", "o3", {"2026-07-10": [20.0] * 23 + [181.0]})], zone="97411")
    assert told(given, "2026-07-10", "o3") == (1, "information", 4)
    assert told(given, "2026-07-11", "o3", after=0)[0] in (None, "no rule"), (
        "the last hour before midnight there is no hour of the day after"
    )


@pytest.mark.parametrize(
    ("now", "hours", "due"),
    [
        ("2026-03-28T23:30+01:00", "22-7", "2026-03-29T05:00+00:00"),
        ("2026-03-29T01:30+01:00", "1-3", "2026-03-29T01:00+00:00"),
        ("2026-03-29T00:10+01:00", "22-2", "2026-03-29T01:00+00:00"),
        ("2026-03-29T03:10+02:00", "22-3", "2026-03-29T01:10+00:00"),
        ("2026-10-24T22:00+02:00", "22-7", "2026-10-25T06:00+00:00"),
        ("2026-10-25T02:30+02:00", "22-3", "2026-10-25T02:00+00:00"),
        ("2026-10-25T02:30+01:00", "22-3", "2026-10-25T02:00+00:00"),
        ("2026-01-10T06:59+01:00", "22-7", "2026-01-10T06:00+00:00"),
        ("2026-01-10T07:00+01:00", "22-7", "2026-01-10T06:00+00:00"),
        ("2026-12-31T23:00+01:00", "22-7", "2027-01-01T06:00+00:00"),
        ("2026-01-10T12:30+01:00", "12-14", "2026-01-10T13:00+00:00"),
    ],
)
def test_quiet_hours_over_midnight_and_clock_changes(now: str, hours: str, due: str) -> None:
    assert quiet.due(datetime.fromisoformat(now), hours, PARIS) == datetime.fromisoformat(due)
