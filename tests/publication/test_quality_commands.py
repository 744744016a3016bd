"""Drift, the gate and the nightly look by command: what a data officer types, in real processes, and what is
then on the portal's data.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.commands import parvis
from tests.cities import driftcity

BASE = driftcity.without(driftcity.amenities(driftcity.generator("commands"), 200), "telephone")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A city with one dataset published."""
    folder = tmp_path_factory.mktemp("town") / "ville"
    assert parvis("init", folder, cwd=folder.parent).code == 0
    write(folder, BASE)
    assert parvis("publish", "places.csv", "--json", cwd=folder).code == 0
    return folder


def write(folder: Path, table: driftcity.Table, name: str = "places.csv") -> Path:
    path = folder / name
    path.write_bytes(driftcity.as_csv(table))
    return path


def test_two_files_are_compared_before_anything_is_published(town: Path) -> None:
    """`parvis compare`: 0 when nothing changed, 1 with what did; against a file, and against what a resource
    publishes.
    """
    same = write(town, driftcity.edited(BASE, driftcity.generator("x")), "same.csv")
    old = write(town, BASE, "old.csv")
    quiet = parvis("compare", old, same, "--json", cwd=town)
    assert (quiet.code, quiet.json["changed"]) == (0, False)
    new = write(town, driftcity.without(driftcity.scaled(BASE, "surface", 10), "accessible"), "new.csv")
    told = parvis("compare", "places/places", new, "--json", cwd=town)
    assert told.code == 1
    assert {(c["check"], c["column"]) for c in told.json["changes"]} >= {
        ("drift-column-removed", "accessible"),
        ("drift-values", "surface"),
    }


def test_the_sender_is_told_what_changed_and_a_break_is_held(town: Path) -> None:
    """In the command's answer: changes with their fix; a file of two rows waits (3), with what to do."""
    write(town, driftcity.without(BASE, "accessible"))
    told = parvis("publish", "places.csv", "--json", cwd=town)
    (deposit,) = told.json["deposits"]
    assert (told.code, deposit["state"]) == (0, "published")
    assert [(c["code"], c["column"]) for c in deposit["changes"]] == [("drift-column-removed", "accessible")]
    assert deposit["changes"][0]["fix"]
    write(town, driftcity.rows_of(driftcity.without(BASE, "accessible"), range(2)))
    held = parvis("publish", "places.csv", "--json", cwd=town)
    (deposit,) = held.json["deposits"]
    assert (held.code, deposit["state"]) == (3, "held")
    assert "publiez-le malgré tout" in deposit["message"]


def test_a_manifest_says_what_the_gate_does(town: Path) -> None:
    """`gate` in datasets.toml: this resource refuses what differs; a word that is none is told with what
    could stand there.
    """
    folder = town / "lot"
    folder.mkdir(exist_ok=True)
    write(folder, BASE, "lieux.csv")
    head = '[[dataset]]\nid = "lieux"\ntitle = "Lieux"\ndescription = "Les lieux."\npublisher = "{}"\n[[dataset.resource]]\nfile = "lieux.csv"\n'
    head = '[[organisation]]\nid = "sports"\nname = "Sports"\n' + head.format("sports")
    (folder / "datasets.toml").write_text(head + 'gate = { changes = "stop" }\n', "utf-8")
    wrong = parvis("publish", folder, cwd=town)
    assert wrong.code == 64
    assert "warn ou hold ou refuse" in wrong.err
    (folder / "datasets.toml").write_text(head + 'gate = { changes = "refuse" }\n', "utf-8")
    assert parvis("publish", folder, cwd=town).code == 0
    write(folder, driftcity.without(BASE, "surface"), "lieux.csv")
    refused = parvis("publish", folder, "--json", cwd=town)
    (deposit,) = refused.json["deposits"]
    assert (refused.code, deposit["state"]) == (3, "refused")
    assert "La colonne « surface » a disparu" in deposit["message"]


def test_what_is_published_is_verified_by_command(town: Path) -> None:
    """`parvis verify`: 0 when all is in order, 1 when bytes were altered."""
    done = parvis("verify", "--no-links", "--json", cwd=town)
    assert (done.code, done.json["ok"]) == (0, True)
    assert {t["state"] for t in done.json["tables"]} == {"sound"}
    files = sorted(
        (p for p in (town / "var" / "files").rglob("*") if p.is_file()), key=lambda p: p.stat().st_mtime
    )
    for file in files:
        file.chmod(0o644)
        file.write_bytes(file.read_bytes()[:-1] + b"X")
    broken = parvis("verify", "places", "--no-links", cwd=town)
    assert broken.code == 1
    assert "Les octets publiés ne sont plus ceux de leur empreinte" in broken.out
