"""Schemas taken in from a catalogue: what is new, what changed, what is wrong; by folder and by address, and
nothing else.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from parvis import schemas
from parvis.core.errors import SourceDown, Unreadable, UsageError
from parvis.core.types import Json
from parvis.harvest import schemas as harvesting
from parvis.schemas.syncing import Change, sync

LAMPS = {"name": "lampes", "title": "Lampadaires", "fields": [{"name": "id", "type": "string"}]}


def entry(name: str, version: str, kind: str = "tableschema", url: str = "") -> dict[str, Json]:
    address = url or f"https://catalogue.example/schemas/{name}/latest/schema.json"
    return {
        "name": name,
        "schema_type": kind,
        "versions": [{"version_name": version, "schema_url": address}],
        "schema_url": address,
    }


def put(root: Path, entries: list[Json], **documents: str) -> None:
    root.mkdir(parents=True, exist_ok=True)
    (root / "schemas.json").write_text(json.dumps({"schemas": entries}))
    for name, text in documents.items():
        file = root / "schemas" / name.replace("__", "/") / "latest" / "schema.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A catalogue served on this machine: its folder and its address."""
    root = tmp_path / "site"
    root.mkdir()

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None: ...  # noqa: A002

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(root)))
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield root, f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def take(source: str, city: Path) -> list[Change]:
    with httpx.Client(timeout=harvesting.TIMEOUT) as client:
        return list(sync(harvesting.catalogue(client, source), client, city))


@pytest.mark.parametrize("by", ["folder", "address"])
def test_new_updated_changed_same_gone_and_faulty(site: tuple[Path, str], tmp_path: Path, by: str) -> None:
    root, address = site
    source, city = str(root) if by == "folder" else address, tmp_path / "city"
    first: list[Json] = [
        entry("v/lampes", "1.0.0"),
        entry("v/bancs", "v0.1"),
        entry("v/casse", "1.0.0"),
        entry("v/sans-nom", "1.0.0"),
        entry("v/absent", "1.0.0"),
        entry("v/plan", "1.0.0", "jsonschema"),
        entry("../../evil", "1.0.0"),
        entry("v/ailleurs", "1.0.0", url="https://other.example/../../etc/passwd"),
    ]
    put(
        root,
        first,
        v__lampes=json.dumps(LAMPS),
        v__bancs=json.dumps(LAMPS),
        v__casse="{",
        **{"v__sans-nom": '{"fields": [{}]}'},
    )
    found = {c.name: c for c in take(source, city)}
    assert {n: c.what for n, c in found.items()} == {
        "v/lampes": "new",
        "v/bancs": "new",
        "v/casse": "refused",
        "v/sans-nom": "refused",
        "v/absent": "refused",
        "v/plan": "other",
        "../../evil": "refused",
        "v/ailleurs": "refused",
    }
    assert "JSON" in found["v/casse"].why
    assert "champ n° 1" in found["v/sans-nom"].why
    assert sorted(p.relative_to(city).as_posix() for p in city.rglob("*.*")) == [
        "schemas/v/bancs/0.1.json",
        "schemas/v/lampes/1.0.0.json",
    ]
    put(
        root,
        [entry("v/lampes", "1.1.0"), entry("v/casse", "1.0.0")],
        v__lampes=json.dumps(LAMPS),
        v__casse=json.dumps(LAMPS),
    )
    assert [(c.name, c.what, c.before) for c in take(source, city)] == [
        ("v/lampes", "updated", "1.0.0"),
        ("v/casse", "new", ""),
        ("v/bancs", "gone", "0.1"),
    ]
    put(
        root,
        [entry("v/lampes", "1.1.0"), entry("v/casse", "1.0.0")],
        v__lampes=json.dumps({**LAMPS, "title": "Autre"}),
    )
    assert [(c.name, c.what) for c in take(source, city)] == [
        ("v/lampes", "changed"),
        ("v/casse", "same"),
        ("v/bancs", "gone"),
    ]
    known = schemas.library(city)
    assert [known.find(n).title for n in ("lampes", "v/lampes@1.0.0")] == ["Autre", "Lampadaires"]


def test_an_index_never_sends_us_to_another_machine(site: tuple[Path, str], tmp_path: Path) -> None:
    """The address of a document is read for its path alone: it is asked of where the index was."""
    root, address = site
    put(
        root,
        [entry("v/lampes", "1.0.0", url="http://127.0.0.1:1/schemas/v/lampes/latest/schema.json")],
        v__lampes=json.dumps(LAMPS),
    )
    assert [c.what for c in take(address, tmp_path / "city")] == ["new"]


def test_a_wrong_source_is_told(site: tuple[Path, str], tmp_path: Path) -> None:
    root, address = site
    with pytest.raises(UsageError, match="ni une adresse"):
        take(str(tmp_path / "nulle-part"), tmp_path)
    with pytest.raises(SourceDown, match="404"):
        take(address, tmp_path)
    (root / "schemas.json").write_text("[]")
    with pytest.raises(Unreadable, match="catalogue"):
        take(address, tmp_path)
    with pytest.raises(SourceDown, match="ne répond pas"):
        take("http://127.0.0.1:1/schemas.json", tmp_path)


@pytest.mark.shared
def test_the_national_catalogue_comes_in_whole(shared: Path, tmp_path: Path) -> None:
    source = str(shared / "standards" / "schema.data.gouv.fr")
    first = take(source, tmp_path)
    assert [c for c in first if c.what not in ("new", "other")] == []
    assert sum(c.what == "new" for c in first) == 60
    assert {c.what for c in take(source, tmp_path)} == {"same", "other"}
    assert schemas.library(tmp_path).find("scdl/budget").version == "0.8.3"
