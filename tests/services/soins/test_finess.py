"""FINESS files: swapped axes found every time, in degrees and in metres, in every territory; no establishment
is lost; what is nowhere says so.
"""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import numpy as np
import pytest
from pyproj import Transformer

from parvis import readers
from parvis.core.errors import Unreadable
from parvis.core.reading import ParquetScan, RawTable, Workspace
from parvis.methods import axes

TERRITORIES = {
    "34": (3.8767, 43.6108, "EPSG:2154"),
    "2A": (8.74, 41.93, "EPSG:2154"),
    "971": (-61.53, 16.24, "EPSG:5490"),
    "972": (-61.06, 14.61, "EPSG:5490"),
    "973": (-52.33, 4.93, "EPSG:2972"),
    "974": (55.45, -20.88, "EPSG:2975"),
    "976": (45.23, -12.78, "EPSG:4471"),
}


def read(path: Path, content: bytes, tmp_path: Path) -> tuple[RawTable, list[dict[str, str | None]]]:
    """The table of a file, with its rows."""
    path.write_bytes(content)
    (table,) = readers.read(path, Workspace(tmp_path / "spool")).tables
    assert isinstance(table.scan, ParquetScan)
    found = duckdb.execute("SELECT * FROM read_parquet(?)", [str(table.scan.path)])
    names = [
        *(c.name for c in table.columns),
        *(["line"] if len(found.description) > len(table.columns) else []),
    ]
    return table, [dict(zip(names, row, strict=True)) for row in found.fetchall()]


@pytest.mark.parametrize("dep", TERRITORIES)
def test_every_order_and_unit_gives_the_same_place(dep: str) -> None:
    """Degrees and metres, both ways round, in each territory: the same point to a metre, and each named as it
    was written.
    """
    lon, lat, crs = TERRITORIES[dep]
    x, y = Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform(lon, lat)
    found = axes.placed(np.array([lon, lat, x, y]), np.array([lat, lon, y, x]), [dep] * 4)
    assert found.how.tolist() == [axes.DEGREES, axes.DEGREES_SWAPPED, axes.METRES, axes.METRES_SWAPPED]
    assert np.allclose(found.lon, lon, atol=1e-5)
    assert np.allclose(found.lat, lat, atol=1e-5)


def test_isles_that_files_still_count_in_guadeloupe_are_placed() -> None:
    """Saint-Barthélemy and Saint-Martin, under 971 as in the national file; Martinique under 971 is nowhere."""
    lon, lat = np.array([-62.85, -63.08, -61.07]), np.array([17.9, 18.07, 14.6])
    x, y = Transformer.from_crs("EPSG:4326", "EPSG:5490", always_xy=True).transform(lon, lat)
    found = axes.placed(np.r_[lon, y], np.r_[lat, x], ["971"] * 6)
    assert found.how.tolist() == [*[axes.DEGREES] * 2, axes.NOWHERE, *[axes.METRES_SWAPPED] * 2, axes.NOWHERE]
    assert np.allclose(found.lon[[3, 4]], lon[:2], atol=1e-5)


def test_what_is_nowhere_is_not_put_somewhere() -> None:
    """Zero, another country, a territory that is not its own, a missing half."""
    found = axes.placed(
        np.array([0.0, 13.4, 55.45, 3.88, 1e9]), np.array([0.0, 52.5, -20.88, np.nan, 1e9]), ["34"] * 5
    )
    assert found.how.tolist() == [axes.NOWHERE] * 5
    assert np.isnan(found.lon).all()


def test_injected_swaps_are_all_found_in_a_csv(tmp_path: Path) -> None:
    """2,000 establishments of six départements, 700 of them with their axes swapped, 20 without a place, 10
    with zeros: each found, none lost.
    """
    rng = np.random.default_rng(3)
    to_metres = Transformer.from_crs("EPSG:4326", "EPSG:2154", always_xy=True)
    lines, truth = ["finess;etalab;93;2026-01-05"], {}
    for n in range(2000):
        number = f"34{n:07d}"
        lines.append(
            f"structureet;{number};340000001;LIEU {n};;;;{n};R;DU FOUR;;;172;34;HERAULT;34000 MONTPELLIER;0467000001;;620;Pharmacie;33;;;;;;;;;;;"
        )
        x, y = to_metres.transform(rng.uniform(-1, 7), rng.uniform(43, 50))
        kind = "swapped" if n < 700 else "absent" if n < 720 else "zero" if n < 730 else "right"
        truth[number] = kind
        pair = {"swapped": (y, x), "right": (x, y), "zero": (0.0, 0.0)}.get(kind)
        if pair:
            lines.append(
                f"geolocalisation;{number};{pair[0]:.1f};{pair[1]:.1f};1,ATLASANTE,100,IGN,BD_ADRESSE,V2.1,LAMBERT_93;2025-02-03"
            )
    table, rows = read(tmp_path / "etalab.csv", "\r\n".join(lines).encode("iso-8859-15"), tmp_path)
    assert len(rows) == 2000 == table.rows
    said = {"swapped": "mètres, axes inversés", "right": "mètres", "absent": "absente", "zero": "illisible"}
    assert [r["finess"] for r in rows if r["position"] != said[truth[str(r["finess"])]]] == []
    assert {i.code: i.where for i in table.issues if i.code.startswith("finess")} == {
        "finess-swapped": "700 sur 2000",
        "finess-nowhere": "10 sur 2000",
    }
    assert rows[0]["code_insee"] == "34172"
    assert rows[0]["x_ecrit"] != rows[0]["y_ecrit"]


def test_injected_swaps_are_all_found_in_the_json_feed(tmp_path: Path) -> None:
    """In degrees, mostly the wrong way round; other names than the published schema; a body without an
    establishment is a row too.
    """
    rng = np.random.default_rng(4)
    bodies, swapped = [], 0
    for n in range(300):
        lon, lat = float(rng.uniform(-1, 7)), float(rng.uniform(43, 50))
        turned = rng.random() < 0.8
        swapped += turned
        place = {"coordonneeX": str(lat if turned else lon), "coordonneeY": str(lon if turned else lat)}
        address = [
            {
                "numeroVoie": str(n),
                "libelleVoie": "DU FOUR",
                "codePostal": "34000",
                "cogCommune": "34172",
                "coordonneesGeographique": place,
            }
        ]
        name = "informationsGeneralesEGE" if n % 2 else "informationsGeneralesEge"
        bodies.append(
            {
                "informationsGeneralesPMEJ": {"numFinessPm": f"35{n:07d}"},
                "ege": [
                    {
                        name: {"numFinessEge": f"34{n:07d}", "denominationEge": f"LIEU {n}"},
                        "categorieEntiteGeographiqueExercice": {"code": "620"},
                        "adresse": address,
                    }
                ],
            }
        )
    bodies.append({"informationsGeneralesPMEJ": {"numFinessPm": "350009999", "denominationPm": "SANS LIEU"}})
    _, rows = read(
        tmp_path / "feed.json", json.dumps({"pmej": bodies, "gco": [], "gcc": []}).encode(), tmp_path
    )
    assert len(rows) == 301
    assert sum(r["position"] == "degrés, axes inversés" for r in rows) == swapped > 200
    assert sum(r["position"] == "degrés" for r in rows) == 300 - swapped
    assert rows[-1]["nom"] == "SANS LIEU"
    assert rows[-1]["position"] == "absente"
    assert all(43 <= float(str(r["latitude"])) <= 50 for r in rows[:-1])
    assert rows[0]["finess"] == "340000000"


def test_overseas_codes_are_those_of_insee(tmp_path: Path) -> None:
    """The file's own 9D is 974."""
    line = "structureet;970000001;970000002;LIEU;;;;;;;;;411;9D;REUNION;97400 SAINT DENIS;;;620;;;;;;;;;;;;;"
    x, y = Transformer.from_crs("EPSG:4326", "EPSG:2975", always_xy=True).transform(55.45, -20.88)
    content = f"{line}\ngeolocalisation;970000001;{y:.0f};{x:.0f};1,ATLASANTE,100,IGN,BD_ADRESSE,V2.1,UTM_S40;2025-02-03\n"
    _, (row,) = read(tmp_path / "o.csv", content.encode(), tmp_path)
    assert row["code_insee"] == "97411"
    assert row["position"] == "mètres, axes inversés"
    assert float(str(row["longitude"])) == pytest.approx(55.45, abs=1e-4)


def test_two_positions_of_one_place_and_positions_of_none_are_told(tmp_path: Path) -> None:
    """A second position that says otherwise, one of an establishment that is not there, an establishment
    written twice; Saint-Pierre, Mayotte and a comma are read.
    """
    to = {
        crs: Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform
        for crs in ("EPSG:2154", "EPSG:4467", "EPSG:4471")
    }

    def place(number: str, dep: str, commune: str) -> str:
        return f"structureet;{number};340000001;LIEU;;;;1;R;DU FOUR;;;{commune};{dep};X;34000 VILLE;0467000001;;620;Pharmacie;33;;;;;;;;;;;"

    def at(number: str, crs: str, lon: float, lat: float, point: str = ".") -> str:
        return (
            f"geolocalisation;{number};"
            + ";".join(f"{v:.1f}".replace(".", point) for v in to[crs](lon, lat))
            + ";1,ATLASANTE,100,IGN,BD_ADRESSE,V2.1,X;2025-02-03"
        )

    lines = [
        at("340000001", "EPSG:2154", 3.87, 43.61),
        place("340000001", "34", "172"),  # the position first
        place("340000002", "34", "172"),
        at("340000002", "EPSG:2154", 3.87, 43.61),
        at("340000002", "EPSG:2154", 3.95, 43.61),
        place("340000003", "34", "172"),
        place("340000003", "34", "172"),
        at("340000003", "EPSG:2154", 3.87, 43.61, ","),
        at("340000009", "EPSG:2154", 3.87, 43.61),
        place("975000001", "9E", "502"),
        at("975000001", "EPSG:4467", -56.17, 46.78),
        place("980500001", "9F", "611"),
        at("980500001", "EPSG:4471", 45.23, -12.78),
    ]
    table, rows = read(
        tmp_path / "etalab.csv", "\n".join(["finess;etalab;93;2026-01-05", *lines]).encode(), tmp_path
    )
    assert [r["position"] for r in rows] == ["mètres"] * 6
    assert [(r["code_insee"], round(float(str(r["longitude"])), 2)) for r in rows[-2:]] == [
        ("97502", -56.17),
        ("97611", 45.23),
    ]
    assert {i.code: i.where for i in table.issues if i.code.startswith("finess")} == {
        "finess-astray": "2 sur 6",
        "finess-twice": "1 sur 6",
    }


@pytest.mark.parametrize(
    "content",
    [b"finess;etalab;93;2026-01-05\r\n", b'{"pmej":[],"gco":[],"finess":1}', b'{"pmej":[{"numFiness":'],
)
def test_an_empty_or_broken_file_is_refused(tmp_path: Path, content: bytes) -> None:
    """With words, not as an empty success."""
    path = tmp_path / "x"
    path.write_bytes(content)
    with pytest.raises(Unreadable):
        readers.read(path, Workspace(tmp_path / "spool"))
