"""`parvis check` and `parvis publish` on files of a standard, as they are typed: real processes, exit codes,
one JSON object.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from bench.gtfs_feeds import CLEAN, changed
from bench.oracle_bal import HEADER, ROW

from parvis.checks.domains import domains
from parvis.core.settings import load
from parvis.store import datasets, versions
from parvis.store.database import Database
from tests.acceptance.commands import Said, parvis


def _zipped(path: Path, files: Mapping[str, str]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


def _check(*words: str | Path, here: Path) -> Said:
    said = parvis("check", *words, "--json", cwd=here)
    assert isinstance(said.json, dict), (said.out, said.err)
    return said


def _codes(said: Said, severity: str = "errors") -> set[str]:
    return {fault["code"] for fault in said.json[severity]}  # type: ignore[index]


def test_a_feed_of_timetables_is_found_and_told_by_file_and_line(tmp_path: Path) -> None:
    """GTFS: without a word from the sender; the same when asked for by name."""
    feed = _zipped(tmp_path / "reseau.zip", changed("stops.txt", "43.6086,3.8797", ","))
    found = _check(feed, here=tmp_path)
    assert found.code == 1
    assert "stop_without_location" in _codes(found)
    fault = next(f for f in found.json["errors"] if f["code"] == "stop_without_location")
    assert (fault["table"], fault["count"], fault["rows"][0]["line"], fault["rows"][0]["value"]) == (
        "stops.txt",
        1,
        5,
        "C",
    )
    assert found.json["schema"] == "gtfs"
    asked = _check(feed, "--schema", "gtfs", "--lang", "en", here=tmp_path)
    english = next(f for f in asked.json["errors"] if f["code"] == "stop_without_location")
    assert (english["language"], english["message"]) == (
        "en",
        "stops.txt – stop_lat: 1 stop without a position.",
    )
    assert asked.json["rows"] == found.json["rows"]
    clean = _check(_zipped(tmp_path / "sain.zip", CLEAN), "--schema", "gtfs", here=tmp_path)
    assert (clean.code, clean.json["valid"]) == (0, True)


def test_addresses_are_held_to_the_profile_asked_for(tmp_path: Path) -> None:
    """BAL: found by its columns; another profile, another verdict; the correction beside the value."""
    (tmp_path / "adresses.csv").write_text(HEADER + ROW.replace(";12;", ";0012;"), "utf-8")
    found = _check("adresses.csv", here=tmp_path)
    assert (found.code, found.json["schema"]) == (1, "bal-1.4")
    (fault,) = (f for f in found.json["errors"] if f["code"] == "numero.contient_prefixe")
    assert (fault["column"], fault["rows"][0]["line"], fault["rows"][0]["value"]) == (
        "numero",
        2,
        "0012 → 12",
    )
    relaxed = _check("adresses.csv", "-S", "bal-1.3-relax", here=tmp_path)
    assert (relaxed.code, "numero.contient_prefixe" in _codes(relaxed, "warnings")) == (0, True)
    assert "field.toponyme.missing" in _codes(_check("adresses.csv", "-S", "bal-1.5", here=tmp_path))


@pytest.mark.parametrize("name", ["gbfs", "geojson", "dcat", "datapackage", "json-schema"])
def test_a_folder_or_a_file_of_a_standard_is_found_and_told(tmp_path: Path, name: str) -> None:
    """GBFS, GeoJSON, DCAT, data packages, JSON Schema: a broken one exits 1 with its codes, and says of which
    standard it is.
    """
    bad = next(e for e in domains()[name].examples if e.codes)
    for file, content in bad.files.items():
        (tmp_path / file).write_bytes(content)
    said = _check(tmp_path if len(bad.files) > 1 else tmp_path / next(iter(bad.files)), here=tmp_path)
    assert said.code == 1, said.out
    assert bad.codes - {"gbfs-future-feed"} <= _codes(said)
    assert said.json["schema"] == name


def test_a_document_is_held_to_the_json_schema_at_a_path(tmp_path: Path) -> None:
    """`--schema` takes a JSON Schema as well as a Table Schema."""
    bad = next(e for e in domains()["json-schema"].examples if e.codes)
    for file, content in bad.files.items():
        (tmp_path / file).write_bytes(content)
    said = _check("chantiers.json", "--schema", "schema.json", here=tmp_path)
    assert (said.code, _codes(said)) == (1, set(bad.codes))


def test_a_deposit_bears_what_its_standard_says(tmp_path: Path) -> None:
    """Published without a schema: the report of each table has the notices of its file."""
    assert parvis("init", "ville", cwd=tmp_path).code == 0
    city = tmp_path / "ville"
    feed = _zipped(city / "reseau.zip", changed("stops.txt", "43.6086,3.8797", ","))
    said = parvis("publish", feed, "--json", cwd=city)
    assert said.code in (0, 3), (said.out, said.err)
    found = _reported(city)
    assert "stop_without_location" in found["stops"]
    assert "stop_without_location" not in found["trips"]


def _reported(city: Path) -> dict[str, set[str]]:
    """Codes in the reports that a city keeps, by table."""
    settings = load(city, {})
    with Database(settings.database_url).read() as conn:
        kept = {
            r.id: versions.latest(conn, r.id)
            for d in datasets.datasets(conn)
            for r in datasets.resources(conn, d.id)
        }
    return {
        version.schema.names[0].removesuffix("_id") + "s": {f.check for f in version.report.findings}
        for version in kept.values()
        if version is not None
    }
