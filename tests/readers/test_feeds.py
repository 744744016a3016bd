"""GTFS and GBFS: every dialect of bike feeds gives the same stations; a feed that is broken says how."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from parvis import readers
from parvis.core.errors import Unreadable
from parvis.core.reading import CsvScan, RawTable, Reading, Workspace
from parvis.engine.scans import select_raw
from parvis.readers import gbfs, gtfs
from parvis.readers.gbfs import StationInformation, StationStatus
from parvis.readers.minimal_files import zipped

Read = Callable[..., Reading]
AT = datetime(2025, 2, 28, 9, 10, 49, tzinfo=UTC)


@pytest.fixture
def read(tmp_path: Path) -> Read:
    count = 0

    def go(content: object, **asked: object) -> Reading:
        nonlocal count
        count += 1
        path = tmp_path / f"recu-{count}"
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return readers.read(path, Workspace(tmp_path / f"spool-{count}", **asked))  # pyright: ignore[reportArgumentType]

    return go


def rows(table: RawTable) -> list[tuple[object, ...]]:
    return duckdb.sql(select_raw(table.scan, len(table.columns)).sql("duckdb")).fetchall()


def feed(**members: object) -> bytes:
    """A document around its data."""
    return json.dumps({"last_updated": 1740733845, "ttl": 60, "data": members}).encode()


# --- GBFS: one station in every dialect ---

DIALECTS = {
    "1.0": {
        "station_id": "7",
        "num_bikes_available": 5,
        "num_docks_available": 9,
        "is_installed": 1,
        "is_renting": 1,
        "is_returning": 0,
        "last_reported": 1740733849,
    },
    "2.3": {
        "station_id": "7",
        "num_bikes_available": 5,
        "num_docks_available": 9,
        "is_installed": True,
        "is_renting": True,
        "is_returning": False,
        "last_reported": 1740733849,
        "vehicle_types_available": [
            {"vehicle_type_id": "m", "count": 3},
            {"vehicle_type_id": "e", "count": 2},
        ],
    },
    "3.0": {
        "station_id": "7",
        "num_vehicles_available": 5,
        "num_docks_available": 9,
        "is_installed": True,
        "is_renting": True,
        "is_returning": False,
        "last_reported": "2025-02-28T10:10:49+01:00",
        "vehicle_types_available": [
            {"vehicle_type_id": "m", "count": 3},
            {"vehicle_type_id": "e", "count": 2},
        ],
    },
    "Vélib": {
        "station_id": 7,
        "stationCode": "16107",
        "num_bikes_available": 5,
        "numBikesAvailable": 5,
        "num_docks_available": 9,
        "numDocksAvailable": 9,
        "is_installed": 1,
        "is_renting": 1,
        "is_returning": 0,
        "last_reported": 1740733849,
        "num_bikes_available_types": [{"mechanical": 3}, {"ebike": 2}],
    },
    "Barcelona": {
        "station_id": 7,
        "num_bikes_available": 5,
        "num_bikes_available_types": {"mechanical": 3, "ebike": 2},
        "num_docks_available": 9,
        "is_installed": 1,
        "is_renting": 1,
        "is_returning": 0,
        "last_reported": 1740733849,
    },
    "Lyft": {
        "station_id": "7",
        "num_bikes_available": 5,
        "num_ebikes_available": 2,
        "num_docks_available": 9,
        "is_installed": 1,
        "is_renting": 1,
        "is_returning": 0,
        "last_reported": 1740733849000,
    },
    "texts": {
        "station_id": " 7 ",
        "num_bikes_available": "5",
        "num_docks_available": "9",
        "is_installed": "true",
        "is_renting": "1",
        "is_returning": "false",
        "last_reported": "1740733849",
    },
}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_dialect_says_the_same(dialect: str) -> None:
    types = gbfs.vehicle_types(
        feed(
            vehicle_types=[
                {"vehicle_type_id": "m", "form_factor": "bicycle", "propulsion_type": "human"},
                {"vehicle_type_id": "e", "form_factor": "bicycle", "propulsion_type": "electric_assist"},
            ]
        )
    )
    found = gbfs.statuses(feed(stations=[DIALECTS[dialect]]), types)
    told = (None, None) if dialect in ("1.0", "texts") else (3, 2)
    assert found.stations == (StationStatus("7", 5, *told, 9, True, True, False, AT),)
    assert (found.last_updated, found.ttl_s, found.issues) == (
        datetime(2025, 2, 28, 9, 10, 45, tzinfo=UTC),
        60,
        (),
    )


@pytest.mark.parametrize(
    ("said", "station"),
    [
        (
            {"station_id": "7", "name": "Gare", "lon": 3.8, "lat": 43.6, "capacity": 14},
            StationInformation("7", "Gare", 3.8, 43.6, 14),
        ),
        (
            {"station_id": 7, "stationCode": "16107", "name": "Gare", "lon": 3.8, "lat": 43.6},
            StationInformation("7", "Gare", 3.8, 43.6, None, "16107"),
        ),
        (
            {
                "station_id": "7",
                "name": [{"text": "Station", "language": "en"}, {"text": "Gare", "language": "fr-FR"}],
                "lon": "3.8",
                "lat": "43,6",
            },
            StationInformation("7", "Gare", 3.8, 43.6),
        ),
        (
            {"station_id": "7", "lon": 3.8, "lat": 43.6, "vehicle_type_capacity": {"a": 7, "b": 2}},
            StationInformation("7", "7", 3.8, 43.6, 9),
        ),
        (
            {
                "station_id": "7",
                "name": "Gare",
                "lon": 3.8,
                "lat": 43.6,
                "vehicle_docks_capacity": [{"vehicle_type_ids": ["a"], "count": 7}],
            },
            StationInformation("7", "Gare", 3.8, 43.6, 7),
        ),
    ],
)
def test_station_information(said: dict[str, object], station: StationInformation) -> None:
    assert gbfs.stations(feed(stations=[said])).stations == (station,)


def test_stations_that_say_too_little_are_left_out_and_counted() -> None:
    """No id, no count, a negative one, no object; no position, zero-zero, off the globe; twice the same: the
    last stays.
    """
    good = DIALECTS["1.0"]
    found = gbfs.statuses(
        feed(
            stations=[
                good,
                {**good, "station_id": None},
                {"station_id": "8"},
                {**good, "num_bikes_available": -1},
                3,
                {**good, "num_bikes_available": 6},
            ]
        )
    )
    assert [s.bikes for s in found.stations] == [6]
    assert {i.code: i.message[:1] for i in found.issues} == {"bad-station": "4", "duplicate-station": "1"}
    place = {"station_id": "7", "lon": 3.8, "lat": 43.6}
    information = gbfs.stations(
        feed(
            stations=[
                place,
                {"station_id": "8"},
                {"station_id": "9", "lon": 0, "lat": 0},
                {**place, "station_id": "10", "lat": 430},
            ]
        )
    )
    assert ([s.station_id for s in information.stations], information.issues[0].message[:1]) == (["7"], "3")


def test_types_without_a_list_are_guessed_by_name_or_not_at_all() -> None:
    said = {
        **DIALECTS["1.0"],
        "vehicle_types_available": [
            {"vehicle_type_id": "velo_electrique", "count": 2},
            {"vehicle_type_id": "velo_mecanique", "count": 3},
        ],
    }
    assert gbfs.statuses(feed(stations=[said])).stations[0].ebikes == 2
    unknown = {**said, "vehicle_types_available": [{"vehicle_type_id": "abc", "count": 5}]}
    assert gbfs.statuses(feed(stations=[unknown])).stations[0].ebikes is None


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (b"", "vide"),
        (b"<!DOCTYPE html><html><body>502</body></html>", "page web"),
        (b'{"data": {"stations": [', "tronqu"),
        (feed(stations=[]) + b"}", "suit la fin"),
        (b"[]", "« data »"),
        (b'{"data": []}', "« data »"),
        (feed(bikes=[]), "« data.stations »"),
        (b"[" * 100_000, "imbrique"),
        (b'{"data": {"x": ' + b"9" * 5000 + b"}}", "nombre"),
        ('{"data": "é"}'.encode("latin-1"), "UTF-8"),
    ],
)
def test_a_malformed_feed_says_how(document: bytes, said: str) -> None:
    for use in (gbfs.stations, gbfs.statuses):
        with pytest.raises(Unreadable, match=said):
            use(document)


def test_feeds_of_a_discovery_document() -> None:
    """By language before version 3, then without; French first."""
    url = {"name": "station_status", "url": "https://example.org/fr"}
    assert gbfs.feeds(
        feed(en={"feeds": [{**url, "url": "https://example.org/en"}]}, fr={"feeds": [url]})
    ) == {"station_status": "https://example.org/fr"}
    assert (
        gbfs.feeds(feed(en={"feeds": [url]}))
        == gbfs.feeds(feed(feeds=[url]))
        == {"station_status": "https://example.org/fr"}
    )
    with pytest.raises(Unreadable, match="aucun flux"):
        gbfs.feeds(feed(feeds=[]))


def test_an_empty_system_is_no_fault() -> None:
    assert gbfs.statuses(feed(stations=[])).stations == ()
    assert gbfs.stations(feed(stations=[])).stations == ()


def test_a_document_without_its_time_has_that_of_its_latest_station() -> None:
    """Some operators forget last_updated; without any report either, nothing says how old the counts are."""
    early = {**DIALECTS["1.0"], "station_id": "6", "last_reported": 1740730000}
    assert (
        gbfs.statuses(json.dumps({"data": {"stations": [DIALECTS["1.0"], early]}}).encode()).last_updated
        == AT
    )
    with pytest.raises(Unreadable, match="de quand"):
        gbfs.statuses(json.dumps({"data": {"stations": [{**early, "last_reported": None}]}}).encode())


def test_a_feed_is_read_as_a_table(read: Read) -> None:
    """Names in French, times in ISO, Vélib’s types as two columns; data may come before its envelope."""
    late = {
        "data": {"stations": [{**DIALECTS["Vélib"], "station_id": i} for i in range(900)]},
        "last_updated": 1740733845,
        "ttl": 60,
    }
    reading = read(late)
    (table,) = reading.tables
    assert (reading.format, table.rows) == ("gbfs", 900)
    first = dict(zip((c.name for c in table.columns), rows(table)[0], strict=True))
    assert (first["last_reported"], first["num_bikes_available_types.ebike"], first["stationCode"]) == (
        "2025-02-28T09:10:49Z",
        2,
        "16107",
    )
    named = feed(
        stations=[{"station_id": "1", "name": [{"text": "Gare", "language": "fr"}], "lat": 43.6, "lon": 3.8}]
    )
    assert rows(read(named).tables[0])[0][1] == "Gare"
    assert read(feed(en={"feeds": [{"name": "a", "url": "b"}]})).tables[0].rows == 1
    assert read(feed(system_id="x", name="Vélo")).tables[0].rows == 1


@pytest.mark.shared
def test_standard_examples(shared: Path) -> None:
    """The documents that other implementations test with: versions 2.2, 2.3, 3.0 and 3.1."""
    folder = shared / "standards" / "gbfs" / "examples"
    seen = 0
    for path in sorted(folder.rglob("station_status*.json")):
        found = gbfs.statuses(path.read_bytes())
        assert found.stations, path
        assert not found.issues, path
        assert all(s.last_reported and s.last_reported.tzinfo for s in found.stations), path
        seen += 1
    for path in sorted(folder.rglob("station_information*.json")):
        found_too = gbfs.stations(path.read_bytes())
        assert found_too.stations, path
        assert not found_too.issues, path
        seen += 1
    assert seen >= 10
    for path in sorted(folder.rglob("gbfs.json")):
        assert "station_information" in gbfs.feeds(path.read_bytes())


@pytest.mark.shared
def test_every_document_of_the_examples_is_a_table(shared: Path, tmp_path: Path) -> None:
    for number, path in enumerate(sorted((shared / "standards" / "gbfs" / "examples").rglob("*.json"))):
        said = ""
        try:
            assert readers.read(path, Workspace(tmp_path / str(number))).format == "gbfs", path
        except Unreadable as empty:
            said = str(empty)
        assert not said or "aucun enregistrement" in said, path


@pytest.mark.shared
def test_real_feeds(shared: Path) -> None:
    """Rouen in 2.3; four hundred hours of Mexico, of which one is malformed."""
    rouen = shared / "data" / "mobility" / "rouen_gbfs"
    places = gbfs.stations((rouen / "station_information.json").read_bytes())
    states = gbfs.statuses((rouen / "station_status.json").read_bytes())
    assert len(places.stations) == len(states.stations) == 122
    assert all(s.ebikes is not None for s in states.stations)
    good, bad = 0, []
    with zipfile.ZipFile(shared / "data" / "mobility" / "ecobici_gbfs_snapshots.zip") as archive:
        for name in archive.namelist():
            if "status" in name:
                try:
                    good += len(gbfs.statuses(archive.read(name)).stations) > 600
                except Unreadable as broken:
                    bad.append((name, "suit la fin" in broken.message))
    assert good == 398
    assert bad == [("station_status_20240412140435.json", True)]


# --- GTFS ---


def table_of(content: bytes) -> tuple[list[str], int]:
    """Header and number of records of a GTFS file, by another reader."""
    found = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    return [h.strip() for h in found[0]], sum(1 for row in found[1:] if any(c.strip() for c in row))


@pytest.mark.shared
@pytest.mark.parametrize(
    "name", ["cairns_gtfs", "nyc_subway_gtfs", "sample_gtfs", "sample_gtfs_2", "sample_feed_rare_features"]
)
def test_real_timetables(shared: Path, tmp_path: Path, name: str) -> None:
    """Every text file is a table with the columns and the records that the csv module sees; stops come first."""
    path = shared / "data" / "mobility" / "gtfs" / f"{name}.zip"
    reading = readers.read(path, Workspace(tmp_path))
    assert (reading.format, reading.tables[0].name) == ("gtfs", "stops.txt")
    seen = {t.name: ([c.name for c in t.columns], t.rows) for t in reading.tables}
    skipped = {i.where for i in reading.issues}
    with zipfile.ZipFile(path) as archive:
        for member in archive.namelist():
            base = member.rpartition("/")[2]
            if base.endswith(".txt") and base not in skipped:
                assert seen[base] == table_of(archive.read(member)), member


def test_a_timetable_in_a_folder_with_a_fault(read: Read) -> None:
    """A folder in the zip, a file without a byte, a foreign file, agencies missing: all told, the rest is
    read.
    """
    members: dict[str, str | bytes] = {
        f"reseau/{n}": c
        for n, c in (
            ("stops.txt", 'stop_id,stop_name\n"A","L\'Église, nord"\n'),
            ("routes.txt", "route_id\n1\n2\n"),
            ("trips.txt", "route_id,service_id,trip_id\n"),
            ("stop_times.txt", b""),
            ("calendar.txt", "service_id,monday\ns,1\n"),
        )
    }
    reading = read(zipped({**members, "lisez-moi.pdf": b"%PDF-1.4"}))
    assert [(t.name, t.rows) for t in reading.tables] == [
        ("stops.txt", 1),
        ("routes.txt", 2),
        ("trips.txt", 0),
        ("calendar.txt", 1),
    ]
    assert {(i.code, i.where) for i in reading.issues} == {
        ("missing-file", "agency.txt"),
        ("empty-member", "stop_times.txt"),
        ("member-skipped", "lisez-moi.pdf"),
    }
    assert rows(reading.tables[0]) == [("A", "L'Église, nord")]
    assert [t.name for t in read(zipped(members), sheet="routes").tables] == ["routes.txt"]
    with pytest.raises(Unreadable, match="« bus »"):
        read(zipped(members), sheet="bus")


def test_cells_of_a_timetable_are_text(read: Read) -> None:
    """Times past midnight and codes with zeros stay as written."""
    (example,) = gtfs.GTFS.examples
    table = next(t for t in read(example.content).tables if t.name == "stop_times.txt")
    assert isinstance(table.scan, CsvScan)
    assert rows(table)[0][1] == "25:00:00"
    assert all(c.native is None for c in table.columns)
