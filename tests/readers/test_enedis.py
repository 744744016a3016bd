"""Files of Enedis as readings of the schema: both ends of each period by the clock of Paris, kWh, and what is no consumption beside."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pytest

from parvis import readers
from parvis.core.errors import Unreadable
from parvis.core.reading import RawTable, Reading, Workspace
from parvis.engine.scans import select_raw

PARIS = ZoneInfo("Europe/Paris")
HEAD = (
    "Identifiant PRM;Date de début;Date de fin;Grandeur physique;Grandeur métier;Etape métier;Unité;"
    "Horodate;Valeur;Nature;Pas;Indice de vraisemblance;Etat complémentaire\n"
)


def read(content: bytes, folder: Path, sheet: str = "") -> Reading:
    path = folder / "mesures.csv"
    path.write_bytes(content)
    return readers.read(path, Workspace(folder / "spool", sheet=sheet))


def rows(table: RawTable) -> list[tuple[object, ...]]:
    return duckdb.sql(select_raw(table.scan, len(table.columns)).sql("duckdb")).fetchall()


def codes(reading: Reading) -> set[str]:
    return {issue.code for issue in reading.issues}


def curve(
    day: str, *, end: bool, naive: bool, minutes: int = 30, watts: float = 1000
) -> tuple[str, list[tuple[datetime, datetime]]]:
    """(a file of one day as a flux writes it, the periods that it means)."""
    midnight = datetime.fromisoformat(day).replace(tzinfo=PARIS)
    after = (midnight + timedelta(days=1)).astimezone(UTC)
    step, start = timedelta(minutes=minutes), midnight.astimezone(UTC)
    lines: list[str] = []
    periods: list[tuple[datetime, datetime]] = []
    while start < after:
        stamp = (start + step if end else start).astimezone(PARIS)
        text = f"{stamp:%Y-%m-%d %H:%M:%S}" if naive else stamp.isoformat()
        lines.append(
            f"30001234567890;{midnight:%Y-%m-%d};{after.astimezone(PARIS):%Y-%m-%d};PA;CONS;BRUT;W;{text};{watts};B;PT{minutes}M;0;0"
        )
        periods.append((start, start + step))
        start += step
    return HEAD + "\n".join(lines) + "\n", periods


def periods(table: RawTable) -> list[tuple[datetime, datetime]]:
    return [
        (datetime.fromisoformat(str(r[1])).astimezone(UTC), datetime.fromisoformat(str(r[2])).astimezone(UTC))
        for r in rows(table)
    ]


@pytest.mark.parametrize("day", ["2026-01-15", "2026-03-29", "2026-10-25"])
@pytest.mark.parametrize("end", [True, False])
@pytest.mark.parametrize("naive", [True, False])
@pytest.mark.parametrize("minutes", [10, 30, 60])
def test_each_period_is_where_it_was_and_weighs_its_energy(
    tmp_path: Path, day: str, end: bool, naive: bool, minutes: int
) -> None:
    """Days of 23, 24 and 25 hours; stamps at either end; the hour that comes twice is told apart by the order of the file."""
    text, meant = curve(day, end=end, naive=naive, minutes=minutes)
    reading = read(text.encode("utf-8-sig"), tmp_path)
    (table,) = reading.tables
    assert reading.format == "enedis"
    assert [c.name for c in table.columns] == ["compteur", "debut", "fin", "kwh", "qualite"]
    assert periods(table) == meant
    assert {float(str(r[3])) for r in rows(table)} == {round(minutes / 60, 6)}
    assert codes(reading) == set()


def test_units_natures_and_what_is_missing(tmp_path: Path) -> None:
    def line(stamp: str, value: str, *, unit: str = "Wh", quantity: str = "EA", nature: str = "R") -> str:
        return f"30001234567890;2026-01-01;2026-01-02;{quantity};CONS;MESURE;{unit};2026-01-01 {stamp};{value};{nature};PT60M;;"

    lines = [
        line("00:00", "1500"),
        line("01:00", "1,5", unit="kWh", nature="E"),
        line("02:00", "", nature="S"),
        line("03:00", "2", unit="kW", quantity="PA", nature="H"),
        line("04:00", "ERR"),
        line("05:00", "12", unit="VAr", quantity="ER"),
        line("06:00", "3", unit="V", quantity="E"),
    ]
    reading = read((HEAD + "\n".join(lines)).encode("cp1252"), tmp_path)
    taken, others = reading.tables
    assert [(r[3] and float(str(r[3])), r[4]) for r in rows(taken)] == [
        (1.5, "réel"), (1.5, "estimé"), (None, "réel"), (2.0, "estimé"),
    ]  # fmt: skip
    assert [r[[c.name for c in others.columns].index("valeur")] for r in rows(others)] == ["ERR", "12", "3"]


def test_a_production_is_not_taken_for_a_use_and_is_not_lost(tmp_path: Path) -> None:
    text, _ = curve("2026-01-15", end=True, naive=True)
    reading = read((text + text.removeprefix(HEAD).replace(";CONS;", ";PROD;")).encode(), tmp_path)
    assert [(t.name, t.rows) for t in reading.tables] == [("releves", 48), ("autres-grandeurs", 48)]
    path = tmp_path / "mesures.csv"
    only = readers.read(path, Workspace(tmp_path / "again", sheet="autres-grandeurs"))
    assert [t.name for t in only.tables] == ["autres-grandeurs"]


def test_stamps_that_fit_neither_end_are_doubted(tmp_path: Path) -> None:
    """A curve cut out of the period that the file says."""
    text, meant = curve("2026-01-15", end=True, naive=True)
    lines = text.splitlines(keepends=True)
    reading = read("".join([lines[0], *lines[11:31]]).encode(), tmp_path)
    assert periods(reading.tables[0]) == meant[10:30]
    assert codes(reading) == {"enedis-stamps"}


def test_a_file_whose_lines_say_one_period_a_month(tmp_path: Path) -> None:
    days = [curve(day, end=True, naive=True) for day in ("2026-10-24", "2026-10-25", "2026-10-26")]
    reading = read((HEAD + "".join(text.removeprefix(HEAD) for text, _ in days)).encode(), tmp_path)
    assert periods(reading.tables[0]) == [period for _, of_day in days for period in of_day]
    assert codes(reading) == set()


def test_two_points_in_any_order_of_lines(tmp_path: Path) -> None:
    ending, meant = curve("2026-01-15", end=True, naive=False)
    starting, _ = curve("2026-01-15", end=False, naive=False, watts=500)
    other = starting.removeprefix(HEAD).replace("30001234567890", "30009876543210").splitlines()
    mixed = [
        x for pair in zip(reversed(ending.removeprefix(HEAD).splitlines()), other, strict=True) for x in pair
    ]
    (table,) = read((HEAD + "\n".join(mixed)).encode(), tmp_path).tables
    for point in ("30001234567890", "30009876543210"):
        of_it = [p for r, p in zip(rows(table), periods(table), strict=True) if r[0] == point]
        assert sorted(of_it) == meant


AREA = "Identifiant PRM;Type de donnees;Date de debut;Date de fin;Grandeur physique;Grandeur metier;Etape metier;Unite"


def area(kind: str, unit: str, values: Iterable[str], head: str = "Horodate;Valeur") -> str:
    return (
        f"{AREA}\n30001234567890;{kind};01/02/2026;02/02/2026;Energie active;Consommation;Comptage Brut;{unit}\n\n{head}\n"
        + "".join(f"{v}\n" for v in values)
    )


def test_the_file_of_a_client_area(tmp_path: Path) -> None:
    values = [f"2026-02-01T{h:02d}:{m:02d}:00+01:00;540" for h in range(24) for m in (0, 30)][1:]
    reading = read(area("Courbe de charge", "W", [*values, "2026-02-02T00:00:00+01:00;"]).encode(), tmp_path)
    (table,) = reading.tables
    assert periods(table)[0] == (
        datetime(2026, 1, 31, 23, tzinfo=UTC),
        datetime(2026, 1, 31, 23, 30, tzinfo=UTC),
    )
    assert [r[3] for r in rows(table)] == [*[0.27] * 47, None]
    assert codes(reading) == {"enedis-steps"}, "this file has no column of steps"


def test_energies_of_days_and_blocks_that_follow_one_another(tmp_path: Path) -> None:
    days = area(
        "Consommation quotidienne", "", ["2026-03-28;12571", "29/03/2026;9800"], "Date;Valeur (en Wh)"
    )
    indexes = area(
        "Index",
        "Wh",
        ["2026-03-29T00:00:00+01:00;Arrêté quotidien;1;2"],
        "Horodate;Type de releve;EAS F1;EAS F2",
    )
    powers = area("Puissance maximale quotidienne", "VA", ["2026-03-29T12:00:00+02:00;6000"])
    reading = read((days + indexes + powers).encode(), tmp_path)
    taken, others = reading.tables
    assert [(str(r[1]), str(r[2]), float(str(r[3]))) for r in rows(taken)] == [
        ("2026-03-28T00:00:00+01:00", "2026-03-29T00:00:00+01:00", 12.571),
        ("2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00", 9.8),
    ]
    assert others.rows == 2


def test_data_connect(tmp_path: Path) -> None:
    intervals = [
        {"value": "540", "date": f"2026-01-15 {h:02d}:00:00", "interval_length": "PT60M", "measure_type": "B"}
        for h in range(1, 24)
    ]
    document = {
        "meter_reading": {
            "usage_point_id": "30001234567890", "start": "2026-01-15", "end": "2026-01-16", "quality": "BRUT",
            "reading_type": {"unit": "W", "measurement_kind": "power", "aggregate": "average"},
            "interval_reading": [*intervals, {"value": "1000", "date": "2026-01-16 00:00:00", "interval_length": "PT60M", "measure_type": "E"}],
        }
    }  # fmt: skip
    (table,) = read(json.dumps(document).encode(), tmp_path).tables
    assert periods(table)[0][0] == datetime(2026, 1, 14, 23, tzinfo=UTC)
    assert rows(table)[-1][1:] == ("2026-01-15T23:00:00+01:00", "2026-01-16T00:00:00+01:00", 1.0, "estimé")


@pytest.mark.parametrize(
    "content",
    [
        area(
            "Index",
            "Wh",
            ["2026-03-29T00:00:00+01:00;Arrêté quotidien;1;2"],
            "Horodate;Type de releve;EAS F1;EAS F2",
        ),
        "Identifiant PRM;Adresse\n30001234567890;Mairie\n",
        '{"meter_reading": 3}',
    ],
)
def test_what_holds_no_readings_is_left_to_the_readers_of_its_form(tmp_path: Path, content: str) -> None:
    assert read(content.encode(), tmp_path).format in ("csv", "json")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (HEAD, "aucune mesure"),
        (HEAD + "30001234567890;;;PA;CONS;BRUT;W;46037,5;1;B;PT30M;;\n", "« 46037,5 » n’est pas un moment"),
        ('{"meter_reading":{"usage_point_id":"3","interval_reading":[]}}', "aucune mesure"),
    ],
)
def test_a_file_without_its_moments_is_refused_where_it_is(tmp_path: Path, content: str, says: str) -> None:
    with pytest.raises(Unreadable, match=says) as refused:
        read(content.encode(), tmp_path)
    assert refused.value.mend
