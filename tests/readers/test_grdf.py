"""Files of GRDF as readings of the schema: gas days by the clock of Paris, energies by the lower calorific value."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest

from parvis import readers
from parvis.core.errors import Unreadable
from parvis.core.reading import RawTable, Reading, Workspace
from parvis.engine.scans import select_raw
from parvis.readers.minimal_files import Small, small_xlsx

HEAD = [
    "",
    "Date de relevé",
    "Index début (m3)",
    "Index fin (m3)",
    "Volume consommé (m3)",
    "Energie consommée (kWh)",
    "Coefficient de conversion",
    "Température locale (°C)",
    "Qualification du relevé",
]


def read(content: bytes, folder: Path, sheet: str = "") -> Reading:
    path = folder / "gaz"
    path.write_bytes(content)
    return readers.read(path, Workspace(folder / "spool", sheet=sheet))


def rows(table: RawTable) -> list[tuple[object, ...]]:
    return duckdb.sql(select_raw(table.scan, len(table.columns)).sql("duckdb")).fetchall()


def of_area(*lines: list[Small]) -> bytes:
    """A workbook of the client's area: two title rows, the meter's number, headings in the ninth."""
    above: list[list[Small]] = [[], [], [], ["", "Numéro PCE", "", "", "09123456789012"], [], [], [], []]
    return small_xlsx([*above, list(HEAD), *lines])


@pytest.mark.parametrize(
    ("written", "start", "end"),
    [
        ("15/01/2026", "2026-01-15T06:00:00+01:00", "2026-01-16T06:00:00+01:00"),
        ("24/10/2026", "2026-10-24T06:00:00+02:00", "2026-10-25T06:00:00+01:00"),
        ("28/03/2026", "2026-03-28T06:00:00+01:00", "2026-03-29T06:00:00+02:00"),
        ("Du 24/11/2025 au 30/11/2025", "2025-11-24T06:00:00+01:00", "2025-12-01T06:00:00+01:00"),
        ("Décembre 2025", "2025-12-01T06:00:00+01:00", "2026-01-01T06:00:00+01:00"),
        ("Août 2025", "2025-08-01T06:00:00+02:00", "2025-09-01T06:00:00+02:00"),
    ],
)
def test_a_day_a_week_a_month_go_from_six_to_six(tmp_path: Path, written: str, start: str, end: str) -> None:
    reading = read(of_area(["", written, 100, 110, 10, 112, 11.2, 9, "Mesuré"]), tmp_path)
    (table,) = reading.tables
    assert reading.format == "grdf"
    assert [c.name for c in table.columns] == ["compteur", "debut", "fin", "kwh", "qualite"]
    assert rows(table) == [("09123456789012", start, end, pytest.approx(100.912), "réel")]
    assert {i.code for i in reading.issues} == {"grdf-calorific"}


def test_days_of_23_24_and_25_hours_follow_one_another(tmp_path: Path) -> None:
    days = [f"{d}/10/2026" for d in range(23, 28)]
    (table,) = read(of_area(*[["", d, 0, 1, 1, 11, 11, 9, "Mesuré"] for d in days]), tmp_path).tables
    spans = [tuple(datetime.fromisoformat(str(x)).astimezone(UTC) for x in r[1:3]) for r in rows(table)]
    assert all(a[1] == b[0] for a, b in pairwise(spans))
    assert [int((b - a).total_seconds() // 3600) for a, b in spans] == [24, 25, 24, 24, 24]


def test_estimates_what_is_missing_and_energies_by_volume(tmp_path: Path) -> None:
    lines: list[list[Small]] = [
        ["", "01/01/2026", 0, 10, 10, "112,5", 11.25, 9, "Mesuré"],
        ["", "02/01/2026", 10, 20, 10, "", 11.25, 9, "Estimé"],
        ["", "03/01/2026", "", "", "", 0, "", "", "Absence de Données"],
        ["", "04/01/2026", 20, 20, 0, 0, 11.25, 20, "Mesuré"],
    ]
    (table,) = read(of_area(*lines), tmp_path).tables
    assert [(r[3], r[4]) for r in rows(table)] == [
        (pytest.approx(101.3625, abs=1e-3), "réel"),
        (pytest.approx(101.3625, abs=1e-3), "estimé"),
        (None, "estimé"),
        (0.0, "réel"),
    ]


def test_many_meters_read_by_month(tmp_path: Path) -> None:
    """A date that follows another by a month is that of a reading: the period begins at the one before."""
    text = "N° PCE;Date de relevé;Energie consommée (kWh)\n" + "".join(
        f"{pce};{day};{kwh}\n"
        for pce, kwh in (("GI123456", 1000), ("09123456789012", 2000))
        for day in ("31/12/2025", "31/01/2026", "28/02/2026")
    )
    reading = read(text.encode("cp1252"), tmp_path)
    taken, lost = reading.tables
    assert [r[:4] for r in rows(taken)] == [
        (pce, a, b, kwh)
        for pce, kwh in (("GI123456", 901.0), ("09123456789012", 1802.0))
        for a, b in (
            ("2025-12-31T06:00:00+01:00", "2026-01-31T06:00:00+01:00"),
            ("2026-01-31T06:00:00+01:00", "2026-02-28T06:00:00+01:00"),
        )
    ]
    assert lost.rows == 2
    assert {i.code: i.count for i in reading.issues} == {"grdf-calorific": 1, "grdf-periods": 2}
    only = readers.read(tmp_path / "gaz", Workspace(tmp_path / "again", sheet="sans-periode"))
    assert [t.name for t in only.tables] == ["sans-periode"]


def test_both_ends_and_days_of_a_table_of_many(tmp_path: Path) -> None:
    text = "Numéro de PCE;Date de début;Date de fin;Volume brut consommé;Coefficient de conversion;Énergie (kWh);Type de relevé\nGI000001;01/01/2026;15/01/2026;;;500;Mesuré\n"
    (table,) = read(text.encode(), tmp_path).tables
    assert rows(table) == [
        ("GI000001", "2026-01-01T06:00:00+01:00", "2026-01-15T06:00:00+01:00", 450.5, "réel")
    ]


def adict(start: str, end: str, energy: float | None, quality: str = "Mesuré") -> dict[str, object]:
    return {
        "pce": {"id_pce": "09123456789012"},
        "consommation": {
            "date_debut_consommation": start,
            "date_fin_consommation": end,
            "volume_brut": 10,
            "coeff_calcul": {"coeff_conversion": 11.0},
            "energie": energy,
            "type_qualif_conso": quality,
        },
    }


@pytest.mark.parametrize("by_line", [True, False])
def test_the_api_by_line_or_as_a_list(tmp_path: Path, by_line: bool) -> None:
    answers = [
        adict("2026-01-01T06:00:00+01:00", "2026-02-01T06:00:00+01:00", 1000),
        adict("2026-02-01", "2026-03-01", None, "Estimé"),
        {
            "pce": {"id_pce": "09123456789012"},
            "consommation": None,
            "statut_restitution": {"code": "1000008"},
        },
    ]
    text = "\n".join(json.dumps(a) for a in answers) if by_line else json.dumps(answers)
    (table,) = read(text.encode(), tmp_path).tables
    assert [r[1:] for r in rows(table)] == [
        ("2026-01-01T06:00:00+01:00", "2026-02-01T06:00:00+01:00", 901.0, "réel"),
        ("2026-02-01T06:00:00+01:00", "2026-03-01T06:00:00+01:00", pytest.approx(99.11), "estimé"),
    ]


def test_readings_of_the_area_as_json(tmp_path: Path) -> None:
    """Six o'clock is that of Paris under whichever offset it is written."""
    reading = {"dateDebutReleve": "2025-10-10T06:00:00+00:00", "dateFinReleve": "2026-04-09T06:00:00+00:00",
               "journeeGaziere": None, "energieConsomme": 22417, "qualificationReleve": "Mesuré"}  # fmt: skip
    day = {"dateDebutReleve": "2026-05-01T06:00:00+02:00", "dateFinReleve": "2026-05-02T06:00:00+02:00",
           "journeeGaziere": "2026-05-01", "energieConsomme": 10, "qualificationReleve": "Estimé"}  # fmt: skip
    document = {"09123456789012": {"idPce": "09123456789012", "releves": [reading, day]}}
    (table,) = read(json.dumps(document).encode(), tmp_path).tables
    assert [r[1:] for r in rows(table)] == [
        ("2025-10-10T06:00:00+02:00", "2026-04-09T06:00:00+02:00", pytest.approx(20197.717), "réel"),
        ("2026-05-01T06:00:00+02:00", "2026-05-02T06:00:00+02:00", 9.01, "estimé"),
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"N\xb0 PCE;Adresse\nGI123456;Mairie\n",
        b"Date de relev\xe9;Energie consomm\xe9e (kWh)\n01/01/2026;3\n",
        b'{"releves": [{"energie": 3}]}',
        small_xlsx([["Nom", "Places"], ["Com\xe9die", 788]]),
    ],
)
def test_what_is_none_of_it_is_left_to_other_readers(tmp_path: Path, content: bytes) -> None:
    assert read(content, tmp_path).format in ("csv", "json", "xlsx")


@pytest.mark.parametrize(
    ("content", "why", "line"),
    [
        ("N° PCE;Date de relevé;Energie consommée (kWh)\n".encode(), "aucun relevé daté", 0),
        (
            "N° PCE;Date de relevé;Energie consommée (kWh)\nGI123456;demain;3\n".encode(),
            "« demain » à la ligne 2",
            2,
        ),
        (of_area(), "aucun relevé daté", 0),
        (
            b'[{"pce":{"id_pce":"1"},"consommation":{"date_debut_consommation":"x","date_fin_consommation":"y"}}]',
            "« x »",
            0,
        ),
    ],
)
def test_a_file_without_a_dated_reading_is_refused(
    tmp_path: Path, content: bytes, why: str, line: int
) -> None:
    """With what was written for a date and its line, where there is one."""
    with pytest.raises(Unreadable, match=why) as refused:
        read(content, tmp_path)
    assert refused.value.mend
    assert refused.value.line == line
