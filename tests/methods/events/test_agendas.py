"""Agendas of every kind to entries, doubles found and merged, occurrences searched, and where nothing
happens.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import pytest

from parvis import readers
from parvis.core.reading import Workspace
from parvis.engine.scans import select_raw
from parvis.methods.events.calendar_rows import event_of, row_of
from parvis.methods.events.coverage import coverage
from parvis.methods.events.duplicates import groups, merged, pairs
from parvis.methods.events.entry import Entry
from parvis.methods.events.ical import parsed
from parvis.methods.events.recurrence import occurrences
from parvis.methods.events.search import (
    CHILDREN,
    FREE,
    LASTING,
    OFF,
    Occurrences,
    Wish,
    access_bits,
    select,
    window,
)
from parvis.methods.events.sources import entries, unusable
from parvis.methods.sphere import distances
from parvis.privacy.headers import says_persons
from tests.methods.events import eventlabels, eventpairs

PARIS = ZoneInfo("Europe/Paris")
BEGIN, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 3, 1, tzinfo=UTC)


def only(row: dict[str, object]) -> Entry:
    (found,) = entries([row], "a", BEGIN, END)
    return found


def test_openagenda_json() -> None:
    found = only(
        {
            "uid": 123,
            "title.fr": "Éveil musical",
            "description.fr": "Avec <b>Zoé</b>",
            "keywords.fr": ["musique", "bébé"],
            "location.name": "Médiathèque",
            "location.address": "3 quai Bas",
            "location.city": "Rivemont",
            "location.latitude": 43.61,
            "location.longitude": 3.87,
            "age.min": 0,
            "age.max": 3,
            "accessibility.mi": True,
            "accessibility.hi": False,
            "conditions.fr": "Gratuit, sur inscription",
            "status": 6,
            "canonicalUrl": "https://x.example/1",
            "timings": [
                {"begin": "2026-03-02T10:00:00+01:00", "end": "2026-03-02T11:00:00+01:00"},
                {"begin": "2026-03-09T10:00:00+01:00", "end": "2026-03-09T11:00:00+01:00"},
            ],
        }
    )
    assert (found.title, found.text, found.category, found.state) == (
        "Éveil musical",
        "Avec Zoé",
        "concert",
        "annulé",
    )
    assert (found.free, found.children, found.access, found.address) == (
        True,
        True,
        frozenset({"fauteuil"}),
        "3 quai Bas, Rivemont",
    )
    assert [s.hour for s, _ in found.times] == [9, 9]


def test_openagenda_by_an_explore_export() -> None:
    found = only(
        {
            "uid": "9",
            "title_fr": "Conférence : le climat",
            "location_name": "Mairie",
            "location_coordinates": {"lon": 3.87, "lat": 43.61},
            "conditions_fr": "8 €, réduit 5 €",
            "timings": json.dumps(
                [{"begin": "2026-03-02T18:00:00+01:00", "end": "2026-03-02T20:00:00+01:00"}]
            ),
            "accessibility": '["ii","vi","sl"]',
            "age_min": None,
            "firstdate_begin": "2026-03-02T17:00:00+00:00",
            "lastdate_end": "2026-03-02T19:00:00+00:00",
        }
    )
    assert (found.free, found.lat, found.category, found.children) == (False, 43.61, "conférence", False)
    assert found.access == frozenset({"facile", "audiodescription", "lsf"})


def test_que_faire() -> None:
    found = only(
        {
            "id": "7",
            "title": "Bal",
            "occurrences": "2026-07-13T20:30:00+02:00_2026-07-14T02:00:00+02:00;2026-07-14T20:30:00+02:00_2026-07-15T02:00:00+02:00",
            "date_start": "2026-07-13T18:30:00+00:00",
            "price_type": "gratuit",
            "audience": "Enfants à partir de 6 ans",
            "lat_lon": "48.85, 2.35",
            "pmr": 1,
            "blind": 0,
            "deaf": 1,
            "address_name": "Caserne",
            "address_street": "1 rue Basse",
            "address_city": "Paris",
        }
    )
    assert (len(found.times), found.free, found.age_min, found.lon, found.place) == (
        2,
        True,
        6,
        2.35,
        "Caserne",
    )
    assert found.access == frozenset({"fauteuil", "lsf"})
    assert found.category == "fête"


def test_past_midnight_no_end_and_the_last_day() -> None:
    late = only({"title": "Veillée", "timetable": "2026-04-04T21:30:00 2026-04-04T00:00:00"})
    assert (late.times[0][1] - late.times[0][0], late.doubts) == (timedelta(hours=2.5), ("past-midnight",))
    point = only({"titre": "Départ", "debut": "2026-04-04T21:30:00+02:00"})
    assert (point.times[0][1] - point.times[0][0], point.doubts) == (timedelta(), ("no-end",))
    days = only({"titre": "Expo", "date_start": "2026-03-28", "date_end": "2026-03-29"})
    assert [t.astimezone(PARIS).isoformat() for t in days.times[0]] == [
        "2026-03-28T00:00:00+01:00",
        "2026-03-30T00:00:00+02:00",
    ]
    wrong = only({"titre": "Expo", "debut": "2026-03-28T10:00:00+01:00", "fin": "2026-03-20T10:00:00+01:00"})
    assert (wrong.times[0][0] == wrong.times[0][1], wrong.doubts) == (True, ("ends-before",))


def test_rows_that_are_no_events_are_said() -> None:
    assert [
        unusable(r)
        for r in (
            {"debut": "2026-01-01"},
            {"titre": "x"},
            {"titre": "x", "debut": "demain"},
            {"titre": "x", "debut": "2026-01-01"},
        )
    ] == [
        "no-title",
        "no-time",
        "no-time",
        "",
    ]
    assert entries([{"titre": "x"}], "a", BEGIN, END) == []


@pytest.mark.parametrize(
    ("point", "wanted"),
    [
        ("0,0", None),
        ("95, 2", None),
        ("n/a", None),
        ([48.85, 2.35], 48.85),
        ('{"lat": 48.85, "lon": 2.35}', 48.85),
    ],
)
def test_points_that_make_no_sense_are_unknown(point: object, wanted: float | None) -> None:
    assert only({"titre": "x", "debut": "2026-01-02", "geo_point_2d": point}).lat == wanted


def test_the_real_agenda(shared: Path) -> None:
    """100 events of 2018: none is lost, and those that pass midnight last less than a day."""
    records = json.loads((shared / "data" / "culture" / "paris_events_2018.json").read_text("utf-8"))[
        "records"
    ]
    rows = [r["fields"] for r in records]
    found = entries(rows, "paris", datetime(2017, 1, 1, tzinfo=UTC), datetime(2020, 1, 1, tzinfo=UTC))
    assert len(found) == 100
    assert any("past-midnight" in e.doubts for e in found)
    assert all(e > s for f in found for s, e in f.times if not f.doubts)
    assert sum(f.lat is not None for f in found) == 100
    assert not pairs(found)  # the two nearest are two contests of one show


def test_a_calendar_through_its_reader(tmp_path: Path) -> None:
    """File to rows to events: the same times as from the file itself."""
    content = readers.readers()["icalendar"].examples[0].content
    path = tmp_path / "agenda"
    path.write_bytes(content)
    table = readers.read(path, Workspace(tmp_path / "spool")).tables[0]
    raw = duckdb.sql(select_raw(table.scan, len(table.columns)).sql("duckdb")).fetchall()
    rows = [dict(zip((c.name for c in table.columns), r, strict=True)) for r in raw]
    found = entries(rows, "ics", BEGIN, END)
    chorale = next(e for e in found if e.title.startswith("Chorale"))
    straight, _ = occurrences([e for e in parsed(content.decode()).events if "chorale" in e.uid], BEGIN, END)
    assert list(chorale.times) == [(o.start, o.end) for o in straight]
    assert len(chorale.times) == 17  # 18 Mondays, one cancelled
    assert (chorale.lat, chorale.category, chorale.place) == (43.61, "concert", "Salle des Tanneries")
    party = next(e for e in found if e.title.startswith("Fête"))
    assert party.times[0][1] - party.times[0][0] == timedelta(days=2)


def test_the_privacy_search_does_not_take_ages_of_the_public_for_people() -> None:
    """An age asked of visitors is nobody's age; what names events is tried in `test_strays`."""
    assert [says_persons(n) for n in ("age.min", "age_max", "age", "âge du demandeur")] == [
        False,
        False,
        True,
        True,
    ]


def test_every_event_of_a_calendar_comes_back_from_its_row() -> None:
    text = (
        "BEGIN:VEVENT\nUID:1\nDTSTART;TZID=Europe/Paris:20260328T220000\nDTEND;TZID=Europe/Paris:20260329T060000\nRRULE:FREQ=WEEKLY;COUNT=3\nRDATE;TZID=Europe/Paris:20260501T100000\n"
        "RDATE;VALUE=PERIOD:20260502T100000Z/PT30M\nEXDATE:20260404T200000Z\nSEQUENCE:3\nSTATUS:CONFIRMED\nSUMMARY:Nuit\nEND:VEVENT\n"
        "BEGIN:VEVENT\nUID:1\nRECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Paris:20260411T220000\nDTSTART;TZID=Europe/Paris:20260411T210000\nSUMMARY:Nuit\nEND:VEVENT\n"
        "BEGIN:VEVENT\nUID:2\nDTSTART;VALUE=DATE:20260613\nRRULE:FREQ=YEARLY\nEXDATE;VALUE=DATE:20270613\nSUMMARY:Fête\nEND:VEVENT\n"
        "BEGIN:VEVENT\nUID:3\nDTSTART:20260613T101112\nSUMMARY:Heure locale\nEND:VEVENT\n"
    )
    events = parsed(text).events
    back = [event_of(row_of(e)) for e in events]
    times = [
        [
            (o.start, o.end)
            for o in occurrences([x for x in of if x], BEGIN, datetime(2030, 1, 1, tzinfo=UTC))[0]
        ]
        for of in (events, back)
    ]
    assert times[0] == times[1]
    assert len(times[0]) == 2 + 2 + 3 + 1


# --- doubles ---


def _f1(words: eventpairs.Words, seeds: range) -> float:
    hits = wrong = missed = 0
    for seed in seeds:
        some, labels = eventpairs.agendas(words, seed)
        found = {(p.first, p.second) for p in pairs(some)}
        true = {(i, j) for i in range(len(some)) for j in range(i + 1, len(some)) if labels[i] == labels[j]}
        hits, wrong, missed = hits + len(found & true), wrong + len(found - true), missed + len(true - found)
    return 2 * hits / (2 * hits + wrong + missed)


def test_doubles_of_a_vocabulary_that_nothing_was_tuned_on() -> None:
    """Bar: F1 of at least 0.95. Weights were set on DEV; these words, places and seeds were not looked at for
    that.
    """
    assert _f1(eventpairs.HELD_OUT, range(100, 105)) >= 0.95


def _at(hour: int, title: str = "Bal folk", **other: object) -> Entry:
    start = datetime(2026, 5, 1, hour, tzinfo=UTC)
    return Entry(
        **{
            "id": title,
            "agenda": "a",
            "title": title,
            "times": ((start, start + timedelta(hours=2)),),
            "place": "Halle",
            "lat": 43.6,
            "lon": 3.8,
        }
        | other
    )  # type: ignore[arg-type]


def test_the_order_of_the_agendas_changes_nothing() -> None:
    some, _ = eventpairs.agendas(eventpairs.DEV, 1, events=60)
    back = list(reversed(some))
    n = len(some) - 1
    assert {(p.first, p.second) for p in pairs(some)} == {(n - p.second, n - p.first) for p in pairs(back)}


def test_a_merged_event_keeps_what_each_agenda_knows() -> None:
    one = _at(18, text="Avec l’orchestre", lat=None, lon=None, free=True)
    two = _at(
        18, title="BAL FOLK", agenda="b", state="annulé", access=frozenset({"lsf"}), url="https://x.example"
    )
    found = pairs([one, two])
    assert groups(2, found) == [[0, 1]]
    whole = merged([one, two])
    assert (whole.text, whole.lat, whole.free, whole.state, whole.access, whole.agenda) == (
        "Avec l’orchestre",
        43.6,
        True,
        "annulé",
        frozenset({"lsf"}),
        "a|b",
    )
    assert len(whole.times) == 1


# --- search ---


def _occurrences(n: int, seed: int = 1) -> Occurrences:
    rng = np.random.default_rng(seed)
    start = np.sort(rng.integers(1_790_000_000, 1_790_000_000 + 90 * 86400, n))
    lasts = np.where(rng.random(n) < 0.05, 20 * 86400, rng.integers(0, 5, n) * 3600)
    flags = (
        rng.integers(0, 32, n)
        | np.where(rng.random(n) < 0.5, FREE, 0)
        | np.where(rng.random(n) < 0.2, CHILDREN, 0)
        | np.where(lasts > 86400, LASTING, 0)
        | np.where(rng.random(n) < 0.03, OFF, 0)
    ).astype(np.uint16)
    lat = np.where(rng.random(n) < 0.1, np.nan, 48.85 + rng.normal(0, 0.03, n))
    return Occurrences(
        start,
        start + lasts,
        lat,
        np.where(np.isnan(lat), np.nan, 2.35 + rng.normal(0, 0.04, n)),
        flags,
        rng.integers(0, 12, n).astype(np.int16),
        np.arange(n),
    )


@pytest.mark.parametrize("seed", range(5))
def test_the_same_rows_as_one_by_one(seed: int) -> None:
    among = _occurrences(3000, seed)
    rng = np.random.default_rng(seed)
    since = int(among.start[1000])
    texts = rng.random(3000) < 0.7
    wish = Wish(
        since,
        since + 3 * 86400,
        (48.86, 2.34, 6000.0),
        FREE | access_bits(["fauteuil"]),
        (1, 2, 3, 4, 5),
        cancelled=seed % 2 == 0,
    )
    found, far = select(among, wish, texts)
    slow = [
        i
        for i in range(3000)
        if among.start[i] < wish.until
        and (among.end[i] > since or among.end[i] == among.start[i] == since)
        and among.flags[i] & FREE
        and among.flags[i] & 1
        and among.category[i] in (1, 2, 3, 4, 5)
        and texts[i]
        and (wish.cancelled or not among.flags[i] & OFF)
        and not np.isnan(among.lat[i])
        and distances(among.lat[i : i + 1], among.lon[i : i + 1], 48.86, 2.34)[0] <= 6000
    ]
    assert sorted(found.tolist()) == slow
    assert slow
    assert np.all(far <= 6000)
    lasting = (among.flags[found] & LASTING) != 0
    assert np.all(np.diff(lasting.astype(int)) >= 0)  # what goes on for long comes last
    shown = np.maximum(among.start[found], since)[~lasting]
    assert np.all(np.diff(shown) >= 0)


def test_distances_are_those_of_the_globe() -> None:
    (far,) = distances(np.array([48.8566]), np.array([2.3522]), 45.7640, 4.8357)
    assert far == pytest.approx(391_500, abs=500)  # Paris to Lyon


@pytest.mark.parametrize(
    ("now", "name", "first", "last"),
    [
        ("2026-11-26T10:00", "ce-soir", "2026-11-26T18:00", "2026-11-27T05:00"),
        ("2026-11-26T21:00", "ce-soir", "2026-11-26T21:00", "2026-11-27T05:00"),
        ("2026-11-27T01:30", "ce-soir", "2026-11-27T01:30", "2026-11-27T05:00"),
        ("2026-11-26T10:00", "ce-week-end", "2026-11-27T18:00", "2026-11-30T00:00"),
        ("2026-11-28T10:00", "ce-week-end", "2026-11-28T10:00", "2026-11-30T00:00"),
        ("2026-11-29T23:00", "ce-week-end", "2026-11-29T23:00", "2026-11-30T00:00"),
        ("2026-11-30T10:00", "ce-week-end", "2026-12-04T18:00", "2026-12-07T00:00"),
        ("2026-11-26T10:00", "demain", "2026-11-27T05:00", "2026-11-28T05:00"),
    ],
)
def test_tonight_and_this_weekend(now: str, name: str, first: str, last: str) -> None:
    found = window(name, datetime.fromisoformat(now).replace(tzinfo=PARIS), PARIS)
    assert [f.strftime("%Y-%m-%dT%H:%M") for f in found] == [first, last]


# --- coverage ---


def test_where_and_when_nothing_happens() -> None:
    """Two busy squares two kilometres apart, and the empty one between them."""
    monday = (date(2026, 11, 30) - date(1970, 1, 1)).days
    day = np.array([monday, monday + 7, monday + 7, monday + 5, monday + 400])
    hour = np.array([20, 20, 21, 10, 10])
    lat, lon = np.array([43.6005, 43.6005, 43.6005, 43.6205, 43.6]), np.full(5, 3.8705)
    seen = coverage(day, hour, lat, lon, first=monday, weeks=4)
    assert seen.counts.sum() == 4  # one is beyond the window
    busy = int(np.argmin(np.abs(seen.lat - 43.6005)))
    assert (seen.counts[busy, 0, 2], seen.weeks[busy, 0, 2]) == (3, 2)
    assert seen.counts[int(np.argmin(np.abs(seen.lat - 43.6205))), 5, 0] == 1
    between = [i for i in range(len(seen.lat)) if not seen.counts[i].any()]
    assert len(between) == len(seen.lat) - 2 >= 1


def test_coverage_of_nothing_is_empty() -> None:
    none = np.zeros(0, np.int64)
    assert coverage(none, none, np.zeros(0), np.zeros(0), first=0, weeks=1).counts.shape == (0, 7, 3)
    with pytest.raises(ValueError, match="positive"):
        coverage(none, none, np.zeros(0), np.zeros(0), first=0, weeks=0)


@pytest.mark.parametrize(
    ("lines", "least"), [(eventlabels.FIRST, 0.95), (eventlabels.SECOND, 0.94)], ids=["first", "second"]
)
def test_doubles_labelled_by_hand(lines: str, least: float) -> None:
    """Towns apart, series, sub-events, twins that differ by one word; 250 pairs, each list in one agenda of
    all its entries.
    """
    entries, labels = eventlabels.labelled(lines)
    found = {(p.first, p.second) for p in pairs(entries)}
    hits = [(2 * n, 2 * n + 1) in found for n in range(len(labels))]
    right = sum(hit and one for hit, one in zip(hits, labels, strict=True))
    assert 2 * right / (sum(hits) + sum(labels)) >= least


@pytest.mark.parametrize(
    ("price", "free"),
    [
        ("Gratuit", True),
        ("Gratuit pour tous", True),
        ("Entrée libre dans la limite des places", True),
        ("Gratuit sur réservation", True),
        ("0 €", True),
        ("Gratuit pour les moins de 12 ans", None),
        ("gratuit jusqu’à 26 ans", None),
        ("Gratuit -26 ans", None),
        ("Gratuit aux étudiants", None),
        ("De 5 à 12 €, gratuit -12 ans", False),
        ("Payant", False),
        ("Tarif : 12,50 euros", False),
        ("Sur place", None),
    ],
)
def test_free_for_some_is_not_free(price: str, free: bool | None) -> None:
    """Who is sent to something free pays nothing there; points are read with French commas too."""
    entry = only(
        {
            "titre": "Concert",
            "debut": "2026-11-27T20:00:00+01:00",
            "tarif": price,
            "lat": "48,85",
            "lon": "2,35",
        }
    )
    assert (entry.free, entry.lat, entry.lon) == (free, 48.85, 2.35)
