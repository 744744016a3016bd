"""Files of every kind, as town halls send them, through `parvis publish`, then the portal and its live
service: what goes in comes out, or is refused in words.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import rdflib
from rdflib.namespace import DCAT, RDF

from parvis import exports, readers
from parvis.cli.init import create
from parvis.core.reading import Example
from parvis.demo import feed, world
from tests.acceptance.commands import Said, parvis, serving, soon

SAMPLES: dict[str, Example] = {name: reader.examples[0] for name, reader in readers.readers().items()}
"""The first sample of every reader."""

EXPECTED = {
    "csv", "gzip", "zip", "xlsx", "xls", "ods", "json", "jsonl", "xml", "geojson", "shapefile", "gpkg", "gdb", "mapinfo", "kml", "gpx", "parquet", "gtfs", "gbfs",
}  # fmt: skip
"""What the issue asks for."""

PLACES = (
    "nom;latitude;longitude\n"
    + "".join(f"Lieu {i};43,6{i:03d};3,8{i:03d}\n" for i in range(40))
    + "Retourné;3,87;43,61\nAu loin;48,85;2,35\n"
)
"""Forty places of a city in Hérault, one with its coordinates swapped, one in Paris."""

FRENCH = """siret;cp;insee;tel;montant;quand;jour;actif;annee;point
21340172201787;01000;2A004;04 67 00 00 01;1 234,5;2026-03-01T08:00:00+01:00;01/03/2026;oui;2019;43.61,3.87
35600000000048;34000;34172;04 67 00 00 02;-0,25;2026-03-02T09:30:00+01:00;13/03/2026;non;2020;43.62,3.88
21340172201787;97411;97411;04 67 00 00 03;12;2026-03-03T10:00:00+01:00;31/12/2025;oui;2021;43.63,3.89
"""


def hostile() -> dict[str, bytes]:
    """Files made to harm, each small."""
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", b"a;b\n" + b"1;2\n" * 60_000_000)
    escape = io.BytesIO()
    with zipfile.ZipFile(escape, "w") as archive:
        archive.writestr("../../etc/passwd.csv", "a;b\n1;2\n")
    return {
        "bombe.zip": bomb.getvalue(),
        "evasion.zip": escape.getvalue(),
        "entites.xml": b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><r><l><v>&b;</v></l><l><v>&b;</v></l></r>',
        "ligne.csv": b"a;b\n" + b"x" * 10_000_000 + b";2\n",
        "vide.csv": b"",
    }


@dataclass(frozen=True)
class City:
    """A city in Hérault with everything published in one command."""

    folder: Path
    published: dict[str, dict[str, Any]]
    exported: dict[str, list[dict[str, Any]]]
    out: Path

    def type(self, *words: str | Path) -> Said:
        return parvis(*words, cwd=self.folder)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    """Published by one command, under names that say nothing of their kind; then the whole city exported by
    another.
    """
    root = tmp_path_factory.mktemp("files")
    create(root / "ville", "Montclair", {"city": {"bbox": "[3.75, 43.5, 4.0, 43.7]"}})
    sent = root / "recus"
    sent.mkdir()
    for name, example in SAMPLES.items():
        (sent / f"x-{name}.bin").write_bytes(example.content)
    (sent / "lieux.csv").write_text(PLACES, "utf-8")
    (sent / "francais.csv").write_text(FRENCH, "utf-8")
    (sent / "mixte.csv").write_text(
        "n;d\n" + "".join(f"{i};{i % 28 + 1:02d}/01/2026\n" for i in range(60)) + "beaucoup;31/02/2026\n",
        "utf-8",
    )
    for name, content in hostile().items():
        (sent / name).write_bytes(content)
    said = parvis("publish", *sorted(sent.iterdir()), "--json", cwd=root / "ville")
    assert said.code == 2, (said.out, said.err)
    written = parvis("export", "--all", "--format", "jsonl", "-o", "tout", "--json", cwd=root / "ville")
    assert written.code == 0, written.err
    tables = {
        f"{p.parent.name}/{p.stem}": [json.loads(line) for line in p.read_text("utf-8").splitlines()]
        for p in (root / "ville" / "tout").rglob("*.jsonl")
    }
    return City(
        root / "ville", {d["file"]: d for d in said.json["deposits"]}, tables, root / "ville" / "tout"
    )


def test_there_is_a_reader_for_every_kind() -> None:
    assert set(SAMPLES) >= EXPECTED


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_a_sample_of_every_reader_is_published_whole(city: City, name: str) -> None:
    """As many records come out of the export as the sample holds."""
    deposit = city.published[f"x-{name}.bin"]
    assert deposit["state"] == "published", deposit
    assert len(city.exported[f"x-{name}/x-{name}"]) == SAMPLES[name].rows


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("bombe.zip", "bombe de décompression"),
        ("evasion.zip", "dossier"),
        ("entites.xml", "entité"),
        ("ligne.csv", "trop longue"),
        ("vide.csv", "vide"),
    ],
)
def test_a_hostile_file_is_refused_in_words(city: City, name: str, words: str) -> None:
    """Nothing of it is published, and the reason is said."""
    deposit = city.published[name]
    assert deposit["state"] == "refused", deposit
    assert words in deposit["message"]


def test_types_are_those_of_french_files(city: City) -> None:
    """Codes stay text; numbers, dates, instants, booleans, years and a point are read as the French write
    them.
    """
    types = {
        c["name"]: c["type"]
        for c in city.type("inspect", city.folder.parent / "recus" / "francais.csv", "--json").json["columns"]
    }
    assert types == {
        "siret": "text",
        "cp": "text",
        "insee": "text",
        "tel": "text",
        "montant": "number",
        "quand": "datetime",
        "jour": "date",
        "actif": "boolean",
        "annee": "year",
        "point": types["point"],
    }
    first = (
        city.exported["francais/francais"][0]
        if city.published["francais.csv"]["state"] == "published"
        else {}
    )
    assert not first or (first["montant"], first["jour"], first["actif"]) == (1234.5, "2026-03-01", True)


def test_a_value_that_does_not_fit_is_kept_and_reported(city: City, portal: str) -> None:
    """Its column keeps its type; the CSV shows what the file said; the page counts it among the findings."""
    text = httpx.get(
        f"{portal}/api/explore/v2.1/catalog/datasets/mixte/exports/csv", timeout=30
    ).content.decode("utf-8-sig")
    assert text.splitlines()[-1] == "beaucoup;31/02/2026"
    assert city.exported["mixte/mixte"][-1] == {"n": None, "d": None}
    quality = httpx.get(f"{portal}/jeux/mixte.json", timeout=30).json()["resource"]["quality"]
    assert {f["column"] for f in quality["findings"] if f["count"] == 1} >= {"n", "d"}


def test_swapped_and_distant_places_are_reported(portal: str) -> None:
    """The two rows are named on the page of the dataset."""
    findings = httpx.get(f"{portal}/jeux/lieux.json", timeout=30).json()["resource"]["quality"]["findings"]
    assert {41, 42} <= {row["record"] for f in findings for row in f["rows"]}


@pytest.fixture(scope="module")
def portal(city: City) -> Iterator[str]:
    """The city served, with a live feed of bikes replayed on loopback that `datasets.toml` names by its
    address.
    """
    with feed.serving(world.build()) as url:
        folder = city.folder.parent / "flux"
        folder.mkdir()
        (folder / "datasets.toml").write_text(
            '[[organisation]]\nid = "mobilites"\nname = "Mobilités"\n[[dataset]]\nid = "velos-libre-service"\ntitle = "Vélos"\npublisher = "mobilites"\n'
            f'[[dataset.resource]]\nname = "releves"\nurl = "{url}"\nreader = "gbfs"\nevery_s = 60\n',
            "utf-8",
        )
        assert city.type("publish", folder, "--json").code == 0
        own = city.folder / "parvis.toml"  # the feed is on a machine of the city's own network
        own.write_text(
            own.read_text("utf-8").replace('# private = ""', f'private = "{urlsplit(url).netloc}"'), "utf-8"
        )
        with serving(city.folder, city.folder / "serve.log") as base:
            yield base


def test_a_live_feed_becomes_a_service(portal: str) -> None:
    """Polled by the worker of `parvis serve`: the page answers the citizen's question with every station; the
    derived dataset is served with its origin.
    """

    def look() -> dict[str, Any] | None:
        answer = httpx.get(f"{portal}/services/velos.json", timeout=30)
        return answer.json() if answer.status_code == 200 and answer.json()["total"] else None

    page, _ = soon(look, what="the first poll")
    told = json.loads(feed.documents(world.build(), portal, datetime.now(UTC))["station_information.json"])[
        "data"
    ]["stations"]
    assert page["total"] == len(told)
    assert page["question"] in httpx.get(f"{portal}/services/velos", timeout=30).text
    derived = httpx.get(f"{portal}/jeux/etat-stations-velos.json", timeout=30).json()
    assert [d["title"] for d in derived["derived_from"]] == ["Vélos"]


@pytest.mark.parametrize("name", sorted(exports.exporters()))
def test_every_export_is_the_whole_table(portal: str, name: str) -> None:
    """By the API, in each format, a table with a geometry: its first bytes are those of the format."""
    answer = httpx.get(f"{portal}/api/explore/v2.1/catalog/datasets/lieux/exports/{name}", timeout=30)
    assert answer.status_code == 200, answer.text
    assert answer.content.startswith(exports.exporter(name).starts)


def test_the_explore_api_selects_filters_orders_and_pages(portal: str) -> None:
    """select, where, order_by, limit, offset, group_by and refine on rows that were published by the command."""
    address = f"{portal}/api/explore/v2.1/catalog/datasets/mixte/records"
    answer = httpx.get(
        address,
        params={"select": "n", "where": "n >= 10 and n < 20", "order_by": "n desc", "limit": 3, "offset": 1},
        timeout=30,
    ).json()
    assert (answer["total_count"], answer["results"]) == (10, [{"n": 18}, {"n": 17}, {"n": 16}])
    assert httpx.get(address, params={"select": "count(*) as c", "where": "n is null"}, timeout=30).json()[
        "results"
    ][0] == {"c": 1}
    assert httpx.get(address, params={"where": "n = = 2"}, timeout=30).status_code == 400


def test_search_finds_by_words_and_facets(portal: str) -> None:
    """A word of the title, without its accent and in the singular; a facet narrows."""
    found = httpx.get(f"{portal}/jeux.json", params={"q": "lieu"}, timeout=30)
    assert '"lieux"' in found.text
    assert (
        httpx.get(
            f"{portal}/jeux", params={"q": "velos", "organisation": "mobilites"}, timeout=30
        ).status_code
        == 200
    )


def test_dcat_names_every_published_dataset(city: City, portal: str) -> None:
    """The same datasets in the catalogue that is served and in the one that `export --all` wrote, but for
    those that the live feed added since.
    """
    served = rdflib.Graph().parse(data=httpx.get(f"{portal}/catalogue.ttl", timeout=30).text, format="turtle")
    written = rdflib.Graph().parse(city.out / "catalog.ttl")
    names = [
        {str(d).rpartition("/")[2] for d in g.subjects(RDF.type, DCAT.Dataset)} for g in (served, written)
    ]
    assert names[1] <= names[0]
    assert len(names[1]) == len({k.partition("/")[0] for k in city.exported})


def test_every_page_answers(city: City, portal: str) -> None:
    """Home, search, dataset, organisation, services and the legal pages, as pages and in English."""
    for path in (
        "/",
        "/jeux",
        "/jeux/lieux",
        "/organisations",
        "/organisations/montclair",
        "/services",
        "/a-propos",
        "/mentions-legales",
        "/accessibilite",
        "/donnees-personnelles",
        "/plan-du-site",
        "/en",
        "/en/jeux/lieux",
    ):
        answer = httpx.get(portal + path, timeout=30)
        assert (path, answer.status_code, answer.headers["content-type"]) == (
            path,
            200,
            "text/html; charset=utf-8",
        )


def test_a_weakness_can_be_told(portal: str) -> None:
    """security.txt (RFC 9116) where it is looked for, with whom to write to and until when it holds; the
    sitemap and the robots' page beside it.
    """
    said = httpx.get(f"{portal}/.well-known/security.txt", timeout=30)
    assert (said.status_code, said.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    fields = dict(line.split(": ", 1) for line in said.text.splitlines())
    assert {"Contact", "Expires", "Canonical"} <= set(fields)
    assert datetime.fromisoformat(fields["Expires"]) > datetime.now(UTC)
    assert [httpx.get(portal + path, timeout=30).status_code for path in ("/sitemap.xml", "/robots.txt")] == [
        200,
        200,
    ]
