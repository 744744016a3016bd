"""GBFS in all its dialects: the same station, said five ways, is the same station; what is malformed is
refused with a reason.
"""

from __future__ import annotations

import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from parvis.core.errors import Unreadable
from parvis.harvest.asking import delay
from parvis.harvest.gbfs import Documents
from parvis.readers import gbfs
from parvis.services.velos.batch import batch

AT = datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
STAMP = 1_700_000_000


def status(station: dict[str, object], updated: object = STAMP) -> bytes:
    return json.dumps({"last_updated": updated, "ttl": 0, "data": {"stations": [station]}}).encode()


@pytest.mark.parametrize(
    ("document", "kinds"),
    [
        (
            status(
                {
                    "station_id": "7",
                    "num_bikes_available": 3,
                    "num_docks_available": 2,
                    "is_installed": 1,
                    "is_renting": 1,
                    "is_returning": 1,
                    "last_reported": STAMP,
                }
            ),
            (None, None),
        ),
        (
            status(
                {
                    "station_id": 7,
                    "stationCode": "7",
                    "num_bikes_available": 3,
                    "numBikesAvailable": 3,
                    "num_bikes_available_types": [{"mechanical": 1}, {"ebike": 2}],
                    "num_docks_available": 2,
                    "is_installed": 1,
                    "is_renting": 1,
                    "is_returning": 1,
                    "last_reported": STAMP,
                }
            ),
            (1, 2),
        ),
        (
            status(
                {
                    "station_id": "7",
                    "num_bikes_available": 3,
                    "num_bikes_available_types": {"mechanical": 1, "ebike": 2},
                    "num_docks_available": 2,
                    "is_installed": True,
                    "is_renting": True,
                    "is_returning": True,
                    "last_reported": str(STAMP),
                }
            ),
            (1, 2),
        ),
        (
            status(
                {
                    "station_id": "7",
                    "num_vehicles_available": 3,
                    "num_docks_available": 2,
                    "is_installed": True,
                    "is_renting": True,
                    "is_returning": True,
                    "last_reported": "2023-11-14T23:13:20+01:00",
                },
                "2023-11-14T22:13:20Z",
            ),
            (None, None),
        ),
        (
            status(
                {
                    "station_id": "7",
                    "num_bikes_available": 3,
                    "num_ebikes_available": 2,
                    "num_docks_available": 2,
                    "is_installed": "true",
                    "is_renting": "1",
                    "is_returning": True,
                    "last_reported": STAMP,
                }
            ),
            (1, 2),
        ),
    ],
    ids=["1.0", "velib", "2.x one object", "3.0", "ebikes apart"],
)
def test_one_station_said_five_ways(document: bytes, kinds: tuple[int | None, int | None]) -> None:
    said = gbfs.statuses(document)
    assert said.last_updated == AT
    assert said.stations == (gbfs.StationStatus("7", 3, *kinds, 2, True, True, True, AT),)


TYPES = gbfs.vehicle_types(
    json.dumps(
        {
            "data": {
                "vehicle_types": [
                    {"vehicle_type_id": "m", "form_factor": "bicycle", "propulsion_type": "human"},
                    {
                        "vehicle_type_id": "e",
                        "form_factor": "cargo_bicycle",
                        "propulsion_type": "electric_assist",
                    },
                    {
                        "vehicle_type_id": "s",
                        "form_factor": "scooter_standing",
                        "propulsion_type": "electric",
                    },
                    {"vehicle_type_id": "c", "form_factor": "car", "propulsion_type": "combustion"},
                ]
            }
        }
    ).encode()
)


@pytest.mark.parametrize(
    ("counts", "wanted"),
    [
        ({"m": 2, "e": 1, "s": 3}, (3, 2, 1)),
        ({"m": 2, "e": 4, "c": 0}, (6, 2, 4)),
        ({"s": 6}, (0, None, None)),
        ({"m": 4, "nobody knows": 2}, (6, None, None)),
        ({"m": 1, "s": 1, "nobody knows": 4}, (5, None, None)),
    ],
)
def test_what_is_no_bicycle_is_not_counted_as_one(
    counts: dict[str, int], wanted: tuple[int, int | None, int | None]
) -> None:
    kinds = [{"vehicle_type_id": k, "count": n} for k, n in counts.items()]
    (said,) = gbfs.statuses(
        status({"station_id": "7", "num_vehicles_available": 6, "vehicle_types_available": kinds}), TYPES
    ).stations
    assert (said.bikes, said.mechanical, said.ebikes) == wanted


def test_docks_told_by_type_of_vehicle_are_added_up() -> None:
    docks = [
        {"vehicle_type_ids": ["m", "e"], "count": 7},
        {"vehicle_type_ids": ["s"], "count": 5},
        {"vehicle_type_ids": ["e", "s"], "count": 1},
    ]
    (said,) = gbfs.statuses(
        status({"station_id": "7", "num_bikes_available": 0, "vehicle_docks_available": docks}), TYPES
    ).stations
    assert said.docks == 8


def test_of_a_station_said_twice_the_later_report_stays() -> None:
    late, early = (
        {"station_id": "7", "num_bikes_available": n, "last_reported": STAMP - ago}
        for n, ago in ((9, 10), (2, 900))
    )
    for both in ([late, early], [early, late]):
        said = gbfs.statuses(json.dumps({"last_updated": STAMP, "data": {"stations": both}}).encode())
        assert ([s.bikes for s in said.stations], [i.code for i in said.issues]) == (
            [9],
            ["duplicate-station"],
        )


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"{",
        b"[]",
        b'{"data":[]}',
        b'{"data":{"stations":[1]}}',
        b'{"last_updated":1,"data":{"stations":[]}}',
        status({"num_bikes_available": 1}),
        status({"station_id": "a"}),
        status({"station_id": "a", "num_bikes_available": -1}),
    ],
)
def test_a_malformed_document_is_refused_with_a_reason(document: bytes) -> None:
    with pytest.raises(Unreadable) as wrong:
        gbfs.statuses(document)
    assert wrong.value.message.endswith(".")


def test_names_in_several_languages_are_read_in_french_first() -> None:
    body = {
        "data": {
            "stations": [
                {
                    "station_id": "a",
                    "name": [{"text": "Station", "language": "en"}, {"text": "Gare", "language": "fr-FR"}],
                    "lat": 48.1,
                    "lon": 2.1,
                }
            ]
        }
    }
    assert gbfs.stations(json.dumps(body).encode()).stations == (
        gbfs.StationInformation("a", "Gare", 2.1, 48.1, None),
    )


def test_a_station_at_no_place_is_left_out() -> None:
    body = {
        "data": {
            "stations": [
                {"station_id": "a", "name": "A", "lat": 0, "lon": 0},
                {"station_id": "b", "name": "B", "lat": "48.1", "lon": "2.1"},
            ]
        }
    }
    assert [s.station_id for s in gbfs.stations(json.dumps(body).encode()).stations] == ["b"]


@pytest.mark.parametrize(
    "discovery",
    [
        {
            "data": {
                "en": {"feeds": [{"name": "station_status", "url": "en"}]},
                "fr": {"feeds": [{"name": "station_status", "url": "fr"}]},
            }
        },
        {"data": {"feeds": [{"name": "station_status", "url": "fr"}]}},
    ],
)
def test_discovery_of_both_ages_is_understood(discovery: dict[str, object]) -> None:
    assert gbfs.feeds(json.dumps(discovery).encode()) == {"station_status": "fr"}


def test_a_source_that_stays_away_is_asked_less_and_less_but_never_forgotten() -> None:
    waits = [delay(60, n) for n in range(12)]
    assert waits[:3] == [60, 60, 120]
    assert waits == sorted(waits)
    assert waits[-1] == 900


def test_published_examples_are_read(shared: Path) -> None:
    folder = shared / "standards" / "gbfs" / "examples"
    seen = 0
    for path in sorted(folder.glob("*/station_status.json")):
        assert gbfs.statuses(path.read_bytes()).stations, path
        seen += 1
    for path in sorted(folder.glob("*/station_information*.json")):
        assert gbfs.stations(path.read_bytes()).stations, path
        seen += 1
    assert seen >= 8


def test_a_month_of_real_snapshots_is_read_and_the_broken_one_is_refused(shared: Path) -> None:
    broken: list[str] = []
    read = 0
    with zipfile.ZipFile(shared / "data" / "mobility" / "ecobici_gbfs_snapshots.zip") as archive:
        for name in archive.namelist():
            if not name.endswith(".json") or "information" in name:
                continue
            try:
                read += len(gbfs.statuses(archive.read(name)).stations) > 600
            except Unreadable:
                broken.append(name)
    assert len(broken) == 1
    assert "20240412140435" in broken[0]
    assert read >= 390


def test_a_real_french_feed_is_read(shared: Path) -> None:
    folder = shared / "data" / "mobility" / "rouen_gbfs"
    information = next(p for p in folder.glob("*.json") if "information" in p.name)
    status_file = next(p for p in folder.glob("*.json") if "status" in p.name)
    places = {s.station_id for s in gbfs.stations(information.read_bytes()).stations}
    said = gbfs.statuses(status_file.read_bytes())
    assert len(places) == 122
    assert {s.station_id for s in said.stations} == places


def test_one_clock_that_runs_ahead_does_not_move_the_feed_nor_keep_a_station_fresh() -> None:
    """A feed without last_updated is of its stations' latest report, not of next year's; where most run ahead
    (local time sent as UTC) all stand.
    """

    def poll(*minutes: int, updated: object = None) -> Documents:
        stations = [
            {
                "station_id": str(i),
                "num_bikes_available": 1,
                "last_reported": STAMP + 60 * m,
                "lon": 2.3,
                "lat": 48.8,
            }
            for i, m in enumerate(minutes)
        ]
        document = json.dumps({"last_updated": updated, "data": {"stations": stations}}).encode()
        return Documents(document, document)

    year = 525_600
    assert [
        t.last_updated for t in (gbfs.statuses(poll(-3, 0, year).status), gbfs.statuses(poll(0).status))
    ] == [AT, AT]
    for minutes, known in [
        ((-3, 0, year), [True, True, False]),
        ((-3, 9, 11), [True, True, False]),
        ((60, 62, -1), [True, True, True]),
    ]:
        at, table = batch(poll(*minutes, updated=STAMP))
        assert at == AT
        assert [t is not None for t in table["releve_le"].to_pylist()] == known


def test_a_list_of_types_that_lacks_some_is_no_zero() -> None:
    """Six bikes, one of them listed as mechanical: nobody knows how many of the five have a motor."""
    document = status(
        {
            "station_id": "7",
            "num_bikes_available": 6,
            "vehicle_types_available": [{"vehicle_type_id": "m", "count": 1}],
        }
    )
    assert [(s.bikes, s.mechanical, s.ebikes) for s in gbfs.statuses(document, TYPES).stations] == [
        (6, None, None)
    ]


def test_two_documents_that_speak_of_other_stations_are_refused() -> None:
    """« 017 » in one and 17 in the other: no empty table, but the reason."""
    places = json.dumps({"data": {"stations": [{"station_id": "017", "lon": 2.3, "lat": 48.8}]}}).encode()
    with pytest.raises(Unreadable, match="identifiants"):
        batch(Documents(places, status({"station_id": 17, "num_bikes_available": 1})))


@pytest.mark.parametrize(
    "value", [10**400, "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+12:00"], ids=lambda v: str(v)[:30]
)
def test_a_time_that_no_calendar_holds_is_none(value: object) -> None:
    """It stopped the whole feed."""
    document = status(
        {"station_id": "7", "num_bikes_available": 1, "num_docks_available": 10**400, "last_reported": value}
    )
    (station,) = gbfs.statuses(document).stations
    assert (station.last_reported, station.bikes, station.docks) == (None, 1, None)
