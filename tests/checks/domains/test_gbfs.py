"""GBFS: the verdict of the official schemas on every example of the standard, and what no schema sees."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema.validators import validator_for

from parvis.checks.domains import domains, recognise
from parvis.checks.domains.declaration import Outcome
from tests.checks.domains.domain_packages import package

GBFS = domains()["gbfs"]
EXAMPLES = ("rust-2.3", "rust-3.0", "java-3.1-RC3", "java-2.x", "java-3.0")
SCHEMAS = ("2.2", "2.3", "3.0", "3.1-RC3")

Change = Callable[[dict[str, Any]], object]


def _valid(outcome: Outcome) -> bool:
    return not any(f.severity == "error" for f in outcome.findings)


@pytest.mark.shared
@pytest.mark.parametrize("version", SCHEMAS)
@pytest.mark.parametrize("folder", EXAMPLES)
def test_the_verdict_is_that_of_the_official_schema(
    shared: Path, tmp_path: Path, folder: str, version: str
) -> None:
    """Each example held to each version: valid where the schema says so, not valid where it does not."""
    seen = 0
    for path in sorted((shared / "standards" / "gbfs" / "examples" / folder).glob("*.json")):
        schema_path = shared / "standards" / "gbfs" / f"v{version}" / f"{path.stem.split('-')[0]}.json"
        if schema_path.exists():
            schema = json.loads(schema_path.read_text("utf-8"))
            expected = validator_for(schema)(schema).is_valid(json.loads(path.read_text("utf-8")))
            assert (
                _valid(GBFS.check(package({path.name: path.read_bytes()}, tmp_path / path.stem), version))
                == expected
            ), path.name
            seen += 1
    assert seen >= 8


@pytest.mark.shared
def test_positive_examples_pass_and_negative_ones_fail(shared: Path, tmp_path: Path) -> None:
    """Under the version that each folder is for."""
    passed: dict[str, list[bool]] = {}
    for folder, version in (
        ("rust-2.3", "2.3"),
        ("rust-3.0", "3.0"),
        ("java-3.1-RC3", "3.1-RC3"),
        ("java-2.x", "2.3"),
        ("java-3.0", "3.0"),
    ):
        for path in sorted((shared / "standards" / "gbfs" / "examples" / folder).glob("*.json")):
            outcome = GBFS.check(
                package({path.name: path.read_bytes()}, tmp_path / folder / path.stem), version
            )
            passed.setdefault(folder, []).append(_valid(outcome))
    assert {folder: (sum(each), len(each)) for folder, each in passed.items()} == {
        "rust-2.3": (15, 16),
        "rust-3.0": (15, 17),
        "java-3.1-RC3": (12, 13),
        "java-2.x": (0, 13),
        "java-3.0": (0, 12),
    }


def _feed(change: Change | None = None) -> dict[str, str]:
    """Three documents of one small system, version 2.3, after a change."""
    head = {"last_updated": 1_795_500_000, "ttl": 60, "version": "2.3"}
    feed: dict[str, Any] = {
        "gbfs": {
            **head,
            "data": {
                "fr": {
                    "feeds": [
                        {"name": n, "url": f"https://velo.example.org/{n}.json"}
                        for n in ("station_information", "station_status")
                    ]
                }
            },
        },
        "station_information": {
            **head,
            "data": {
                "stations": [
                    {"station_id": "1", "name": "Comédie", "lat": 43.6086, "lon": 3.8797, "capacity": 10},
                    {"station_id": "2", "name": "Foch", "lat": 43.6150, "lon": 3.8700, "capacity": 8},
                ]
            },
        },
        "station_status": {
            **head,
            "data": {
                "stations": [
                    {
                        "station_id": i,
                        "num_bikes_available": 3,
                        "num_docks_available": 4,
                        "is_installed": True,
                        "is_renting": True,
                        "is_returning": True,
                        "last_reported": 1_795_499_990,
                    }
                    for i in ("1", "2")
                ]
            },
        },
    }
    if change is not None:
        change(feed)
    return {
        f"{name}.json": json.dumps(document, indent=1, ensure_ascii=False) for name, document in feed.items()
    }


def _status(feed: dict[str, Any]) -> dict[str, Any]:
    return feed["station_status"]["data"]["stations"][1]


SEMANTIC: list[tuple[str, Change, str]] = [
    ("no version where the others name theirs", lambda f: f["station_status"].pop("version"), "gbfs-missing-field"),
    ("a station that is not known", lambda f: _status(f).update(station_id="9"), "gbfs-unknown-reference"),
    ("a station without a state", lambda f: f["station_status"]["data"]["stations"].pop(), "gbfs-station-without-status"),
    ("more than it can hold", lambda f: _status(f).update(num_bikes_available=30), "gbfs-over-capacity"),
    ("a report of tomorrow", lambda f: _status(f).update(last_reported=1_795_586_400), "gbfs-future-report"),
    ("a report of last week", lambda f: _status(f).update(last_reported=1_794_895_200), "gbfs-stale-report"),
    ("one identifier for two", lambda f: _status(f).update(station_id="1"), "gbfs-duplicate-id"),
    ("a document that is not there", lambda f: f.pop("station_information"), "gbfs-file-missing"),
    ("no state announced", lambda f: f["gbfs"]["data"]["fr"]["feeds"].pop(), "gbfs-feed-missing"),
    ("off Ghana", lambda f: f["station_information"]["data"]["stations"][0].update(lat=0, lon=0), "gbfs-null-island"),
    ("milliseconds", lambda f: f["station_status"].update(last_updated=1_795_500_000_000), "gbfs-range"),
    ("two versions", lambda f: f["station_status"].update(version="9.9"), "gbfs-version"),
    ("a number as text", lambda f: _status(f).update(num_bikes_available="3"), "gbfs-type"),
    ("a count that is true", lambda f: _status(f).update(num_docks_available=True), "gbfs-type"),
    ("no count", lambda f: _status(f).pop("num_bikes_available"), "gbfs-missing-field"),
    ("a field of version 3", lambda f: _status(f).update(num_vehicles_available=3), "gbfs-other-version"),
    ("types over the total", lambda f: _status(f).update(vehicle_types_available=[{"vehicle_type_id": "a", "count": 5}]), "gbfs-types-over-total"),
    ("a feed of tomorrow", lambda f: f["station_status"].update(last_updated=1_799_000_000), "gbfs-future-feed"),
]  # fmt: skip


def test_a_feed_without_fault_is_told_nothing_but_its_age(tmp_path: Path) -> None:
    """Three documents that agree."""
    outcome = GBFS.check(package(_feed(), tmp_path, now=datetime.fromtimestamp(1_795_500_030, UTC)), "")
    assert outcome.findings == ()
    later = GBFS.check(
        package(_feed(), tmp_path / "later", now=datetime.fromtimestamp(1_795_600_000, UTC)), ""
    )
    assert {f.check for f in later.findings} == {"gbfs-stale-feed"}


@pytest.mark.parametrize(("name", "change", "code"), SEMANTIC, ids=[s[0] for s in SEMANTIC])
def test_what_is_wrong_is_told_on_its_line(tmp_path: Path, name: str, change: Change, code: str) -> None:
    """Code, document, line of the value, number of the record."""
    files = _feed(change)
    outcome = GBFS.check(package(files, tmp_path, now=datetime.fromtimestamp(1_795_500_030, UTC)), "")
    found = next(f for f in outcome.findings if f.check == code)
    row = found.rows[0]
    assert row.line > 0
    key = found.column.rsplit(".", 1)[-1].removesuffix("[]")
    line = files[row.table].splitlines()[row.line - 1]
    assert key in line or "{" in line or row.line == 1, (found.column, line)


def test_the_line_is_that_of_the_value(tmp_path: Path) -> None:
    """Not of the document, nor of the record."""
    files = _feed(lambda f: _status(f).update(num_bikes_available=-1))
    outcome = GBFS.check(package(files, tmp_path, now=datetime.fromtimestamp(1_795_500_030, UTC)), "")
    row = next(f for f in outcome.findings if f.check == "gbfs-range").rows[0]
    assert '"num_bikes_available": -1' in files["station_status.json"].splitlines()[row.line - 1]
    assert (row.record, row.value) == (2, "-1")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "gbfs-not-json"),
        (b'{"data": {"stations": [', "gbfs-not-json"),
        (b'{"ttl": NaN, "data": {}}', "gbfs-not-json"),
        (b"\xff\xfe{}", "gbfs-not-json"),
        (b'{"data": {"stations": []}, "ttl": 1} tail', "gbfs-not-json"),
        (b"[" * 100_000, "gbfs-not-json"),
        (b"[1, 2]", "gbfs-unknown-document"),
        (b'{"a": 1}', "gbfs-unknown-document"),
        (b'{"ttl": ' + b"9" * 5000 + b', "data": {"stations": []}}', "gbfs-not-json"),
        (
            b'{"ttl": 1e999, "last_updated": 1795500000, "version": "2.3", "data": {"stations": [null, 3, "x", {"station_id": {}}]}}',
            "gbfs-type",
        ),
    ],
)
def test_a_hostile_document_is_told_not_raised(tmp_path: Path, content: bytes, code: str) -> None:
    """Whatever stands in it, the answer is findings."""
    outcome = GBFS.check(package({"x.json": content}, tmp_path), "")
    assert code in {f.check for f in outcome.findings}


@pytest.mark.shared
def test_old_dialects_are_recognised_and_judged(shared: Path, tmp_path: Path) -> None:
    """Rouen's documents, as they were published."""
    folder = shared / "data" / "mobility" / "rouen_gbfs"
    made = package({p.name: p.read_bytes() for p in folder.glob("*.json")}, tmp_path)
    found = recognise(made)
    assert found is not None
    assert found[0].name == "gbfs"
    assert found[0].check(made, found[1]).rows > 50
