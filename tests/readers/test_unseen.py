"""Cases of readers and checks that nobody here had seen: short rows, blank records at the end, settings in an
archive, codes with letters, durations, geometries.
"""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from parvis.cli.app import run


def inspected(path: Path, capfd: pytest.CaptureFixture[str]) -> dict[str, Any]:
    run(["inspect", str(path), "--json"])
    return json.loads(capfd.readouterr().out)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_column_that_the_header_names_is_there(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], separator: str
) -> None:
    """Most rows stop before it: it vanished, with what the others held in it."""
    rows = [
        ["id", "name", "country", "city"],
        *([str(i), f"n{i}"] for i in range(9)),
        ["9", "x", "FR", "Paris"],
        ["10", "y"],
    ]
    (tmp_path / "a.csv").write_text("".join(separator.join(r) + "\n" for r in rows), "utf-8")
    found = inspected(tmp_path / "a.csv", capfd)
    assert [(c["name"], c["examples"][:1]) for c in found["columns"]][2:] == [
        ("country", ["FR"]),
        ("city", ["Paris"]),
    ]
    assert found["rows"] == 11


def test_none_of_many_headers_is_lost(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    head = [f"c{i}" for i in range(151)]
    rows = [[str(r * i) for i in range(142 if r % 7 else 151)] for r in range(1, 40)]
    (tmp_path / "a.csv").write_text("\n".join(";".join(r) for r in (head, *rows)) + "\n", "utf-8")
    found = inspected(tmp_path / "a.csv", capfd)
    assert [c["name"] for c in found["columns"]] == head
    assert found["columns"][150]["nulls"] == sum(1 for r in range(1, 40) if r % 7)


def test_no_column_is_made_of_what_the_header_does_not_name(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.csv").write_text("a;b;;\n1;2\n3;4\n5;6\n", "utf-8")
    assert [c["name"] for c in inspected(tmp_path / "a.csv", capfd)["columns"]] == ["a", "b"]


def checked(
    folder: Path, body: str, fields: list[dict[str, Any]], capfd: pytest.CaptureFixture[str]
) -> dict[str, Any]:
    (folder / "a.csv").write_text(body, "utf-8")
    (folder / "schema.json").write_text(json.dumps({"fields": fields}), "utf-8")
    run(["check", str(folder / "a.csv"), "--schema", str(folder / "schema.json"), "--json"])
    return json.loads(capfd.readouterr().out)


THREE = [{"name": n, "type": "integer"} for n in "abc"]


@pytest.mark.parametrize(
    ("tail", "count"),
    [(",,\n", 1), (",,\n,,\n", 2), (",,", 1), ("\n,,\n", 2), ("\n", 0), ("\n\n", 0), (" , ,\n", 1)],
)
def test_separators_alone_are_a_blank_record_at_the_end_too(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], tail: str, count: int
) -> None:
    found = checked(tmp_path, "a,b,c\n1,2,3\n4,5,6\n" + tail, THREE, capfd)
    assert [(e["code"], e["count"]) for e in found["errors"]] == ([("blank-row", count)] if count else [])
    if count == 1:
        assert [r["line"] for r in found["errors"][0]["rows"]] == [4]


RING = "[0,0],[4,0],[4,4],[0,0]"
GEO = {
    f'{{"type":"Polygon","coordinates":[[{RING}]]}}': True, '{"type":"Polygon","coordinates":[[[0,0],[4,0],[4,4]]]}': False,
    '{"type":"Polygon","coordinates":[[[0,0],[4,0],[0,0]]]}': False, f'{{"type":"Polygon","coordinates":[[{RING}],[[1,1],[2,1],[1,1]]]}}': False,
    '{"type":"Polygon","coordinates":[[[0,0],[4,0],[4,4],[1,1]]]}': True, f'{{"type":"MultiPolygon","coordinates":[[[{RING}]],[[{RING}]]]}}': True,
    f'{{"type":"MultiPolygon","coordinates":[[[{RING}]],[[[0,0],[1,1],[0,0]]]]}}': False, '{"type":"LineString","coordinates":[[0,0]]}': False,
    '{"type":"LineString","coordinates":[[0,0],[1,1]]}': True, '{"type":"MultiLineString","coordinates":[[[0,0],[1,1]],[[0,0]]]}': False,
    '{"type":"Point","coordinates":[1,2]}': True, '{"type":"MultiPoint","coordinates":[[1,2]]}': True, '{"type":"Polygon","coordinates":[]}': True,
    '{"type":"Point","coordinates":[1]}': False, '{"type":"Point","coordinates":[1,2,3]}': True, '{"type":"LineString","coordinates":[[0,0],[1]]}': False,
    '{"type":"Polygon","coordinates":[[[0,0],[4,0],[4],[0,0]]]}': False, '{"type":"polygon","coordinates":[]}': False,
    '{"type":"Feature","geometry":{"type":"Point","coordinates":[1,2]},"properties":null}': True, '{"type":"Feature","geometry":null,"properties":{}}': True,
    '{"type":"Feature","geometry":{"type":"Point","coordinates":[1,2]}}': False,
    '{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[0,0],[1,1],[0,0]]]},"properties":{}}': False,
    '{"type":"Feature","geometry":{"type":"GeometryCollection","geometries":[]},"properties":{}}': True,
}  # fmt: skip


def test_geometries_have_the_positions_that_they_need(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    body = "g;n\n" + "".join(
        f"{g.replace(';', ',')!s};1\n".replace('"', '""').replace("{", '"{', 1).replace("};", '}";')
        for g in GEO
    )
    found = checked(
        tmp_path, body, [{"name": "g", "type": "geojson"}, {"name": "n", "type": "integer"}], capfd
    )
    wrong = {r["record"] for e in found["errors"] for r in e["rows"]}
    assert wrong == {i for i, right in enumerate(GEO.values(), 1) if not right}


DURATIONS = {
    "P1Y2M3DT4H5M6S": True, "P2W": True, "PT0.5S": True, "P1M1Y": False, "PT5M4H": False, "P1DT": False, "P": False, "-P1D": True, "P1Y1Y": False, "PT": False,
    "P3D2W": False, "PT1,5H": True, "P1H": False, "+P1M": True, "PT5S4M": False, "P1.5DT1H": False, "P1,5Y2M": False, "P1DT1.5H": True, "PT36H": True, "pt1h": False, "P-1D": False, "1H": False,
}  # fmt: skip


def test_parts_of_a_duration_have_an_order(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    body = "d;n\n" + "".join(f"{d};1\n" for d in DURATIONS)
    found = checked(
        tmp_path, body, [{"name": "d", "type": "duration"}, {"name": "n", "type": "integer"}], capfd
    )
    assert {r["value"] for e in found["errors"] for r in e["rows"]} == {
        d for d, right in DURATIONS.items() if not right
    }


YAML = (
    "nom: Rivemont\nliste:\n  - a\n  - b\nautre: 3\n",
    "---\nversion: 1\nservices:\n  web:\n    image: x, y\n    ports: [80, 443]\n",
    "- nom: a\n  age: 3\n- nom: b\n  age: 4\n",
)


@pytest.mark.parametrize("text", YAML)
def test_settings_in_an_archive_are_no_table(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], text: str
) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        packed.writestr("reglages.yaml", text)
        packed.writestr("table.csv", "heure: debut;n\n10:00;1\n11:30;2\n")
    run(["inspect", str(tmp_path / "a.zip"), "--json"])
    said = capfd.readouterr().out
    assert "heure: debut" in said
    assert "member-skipped" in said
    assert "autre" not in said


BESIDE = {
    "reglages.toml": "[base]\nport = 1, 2\nnom = 'x, y'\n", "reglages.ini": "[a]\nb=1;2\nc=2;3\n", "variables": "A=1,2\nB=2,3\nC=3,4\n", ".gitignore": "a,b\nc,d\n",
    "LISEZMOI.md": "# Titre\n\nUn texte, avec des virgules, ici.\nEt là, aussi, ici.\n", "lire.py": "a, b = 1, 2\nc, d = 2, 3\n", "zone.prj": 'GEOGCS["x",DATUM["y"]]',
}  # fmt: skip


@pytest.mark.parametrize("name", BESIDE)
def test_what_stands_beside_tables_in_an_archive_is_none(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], name: str
) -> None:
    """It was the first table: a settings file cut at its commas."""
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        packed.writestr(name, BESIDE[name])
        packed.writestr("table.csv", "a=b;n\n1;2\n3;4\n")
    found = inspected(tmp_path / "a.zip", capfd)
    assert [t["name"] for t in found["tables"]] == ["table.csv"]
    assert [(i["code"], i["where"]) for i in found["issues"]] == [("member-skipped", name)]


def test_alone_in_an_archive_it_is_read_whatever_its_name(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        packed.writestr("export.cfg", "a;b\n1;2\n3;4\n")
    assert inspected(tmp_path / "a.zip", capfd)["rows"] == 2


def test_a_code_with_letters_is_no_measure(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    body = "ref;haut\n" + "".join(
        f"{300363250 + i}{'DM' if i % 5 else ''};{i + 3} {'m' if i % 4 else 'cm'}\n" for i in range(60)
    )
    (tmp_path / "a.csv").write_text(body, "utf-8")
    run(["check", str(tmp_path / "a.csv"), "--json"])
    found = json.loads(capfd.readouterr().out)
    told = {
        f["column"] for part in ("errors", "warnings", "notes") for f in found[part] if "unit" in f["code"]
    }
    assert told == {"haut"}


@pytest.mark.parametrize(
    "value",
    [
        *(
            "20240102 00:00:00",
            "20240102T00:00:00",
            "20240102 23:59",
            "20240102T00:00:00Z",
            "20240102 120000",
        ),
        *("20240102T1230", "20240102T123015+0200", "20240102T123015.250", "20240102T12:30:15,5+01:00"),
    ],
)
def test_a_compact_day_with_a_clock_is_an_instant(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], value: str
) -> None:
    (tmp_path / "a.csv").write_text(
        "horodate;n\n" + "".join(f"{value.replace('0102', f'01{d:02d}')};{d}\n" for d in range(2, 12)),
        "utf-8",
    )
    assert [c["type"] for c in inspected(tmp_path / "a.csv", capfd)["columns"]] == ["datetime", "integer"]


ANY = {
    "01/02/2024": True, "2024-01-02": True, "3 mars 2024": True, "1er janvier 2024": True, "Mardi 12 mars 2024": True, "12 Mar. 2024": True, "Tue, 12 Mar 2024": True,
    "March 3, 2024": True, "2024-01-02T10:00:00": True, "2024/01/02 10:00": True, "13-02-24": True, "2024.01.02": True, "12/31/2024": True, "20240102": True,
    "15 août 2023": True, "2 févr. 2024": True, "abc": False, "45": False, "2024-13-01": False, "31/31/2024": False, "32 mars 2024": False, "3 brumaire 2024": False,
    "30/02/2024": False, "demain": False, "le 3 mars 2024": True, "le mardi 12 mars 2024": True, "mars 2024": False,
}  # fmt: skip


@pytest.mark.parametrize("kind", ["date", "datetime"])
def test_a_date_in_any_format(tmp_path: Path, capfd: pytest.CaptureFixture[str], kind: str) -> None:
    body = "d;n\n" + "".join(f"{d};1\n" for d in ANY)
    found = checked(
        tmp_path,
        body,
        [{"name": "d", "type": kind, "format": "any"}, {"name": "n", "type": "integer"}],
        capfd,
    )
    assert {r["value"] for e in found["errors"] for r in e["rows"]} == {
        d for d, right in ANY.items() if not right
    }


@pytest.mark.parametrize(
    ("second", "told"),
    [
        ("nom;habitants;aire", True),
        ("Text;Integer;Number", True),
        ("A;12;3,5", False),
        ("Total;12;", False),
        ("x;x;x", False),
    ],
)
def test_a_second_header_line_is_told(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], second: str, told: bool
) -> None:
    """It was a record whose values do not fit; it still is one, and the line is named."""
    (tmp_path / "a.csv").write_text(
        f"Commune;Population;Surface\n{second}\n" + "".join(f"V{i};{i * 100};{i},5\n" for i in range(1, 9)),
        "utf-8",
    )
    found = inspected(tmp_path / "a.csv", capfd)
    assert [i["where"] for i in found["issues"] if i["code"] == "multi-row-header"] == (
        ["ligne 2"] if told else []
    )
