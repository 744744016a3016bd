"""What a report quotes of a file, and is no cell, no header and no title of a table: nobody searched it, and everybody
reads it with what is published.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from datetime import timedelta

import openpyxl
import pytest

from parvis.core.types import Audience, Dataset, Resource
from parvis.decisions import deciding
from parvis.store import datasets, versions
from tests.attacks.conftest import OTHER_GROUP, Town
from tests.attacks.test_hidden_texts import FACES, PLACES, ROWS, csv, feature, zipped
from tests.cities.canarycity import NOW, PHONES, canaries, decoded, hand_in

WHO = f"Marie Dupont {PHONES[1]}"


def empty_sheet(who: str) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in (("quartier", "arbres"), *ROWS):
        sheet.append(row)
    book.create_sheet(who[:31])
    book.save(out)
    return out.getvalue()


def members(who: str) -> bytes:
    """A paper, an empty file and what is no archive beside a table."""
    return zipped(
        {"arbres.csv": csv(), f"{who}.pdf": b"%PDF-1.4", f"a {who}.csv": b"", f"b {who}.xlsx": b"PK\x03\x04x"}
    )


def system(who: str) -> bytes:
    crs = {"type": "name", "properties": {"name": who.encode("ascii", "ignore").decode()}}
    return json.dumps(
        {"type": "FeatureCollection", "crs": crs, "features": [feature(p) for p in PLACES]}
    ).encode()


def schema(who: str) -> bytes:
    """A schema that came along: its columns, lists, patterns and keys."""
    fields = [
        {"name": "quartier", "type": "string", "constraints": {"enum": [who]}},
        {"name": "arbres", "type": "integer", "constraints": {"pattern": who.replace(".", "[.]")}},
        {"name": f"vu par {who}", "type": "string"},
    ]
    package = {
        "resources": [{"name": "a", "path": "arbres.csv", "schema": {"fields": fields, "primaryKey": [who]}}]
    }
    return zipped({"arbres.csv": csv(), "datapackage.json": json.dumps(package).encode()})


def transport(who: str) -> bytes:
    """A member that the standard does not know."""
    return zipped({
        "agency.txt": b"agency_id,agency_name,agency_url,agency_timezone\nA,TAM,https://tam.example,Europe/Paris\n",
        "stops.txt": b"stop_id,stop_name,stop_lat,stop_lon\nS,Gare,43.6,3.87\nT,Port,43.61,3.88\n",
        f"{who}.dat": b"1",
    })  # fmt: skip


FILES: Mapping[str, Callable[[str], bytes]] = {
    "vide.xlsx": empty_sheet, "membres.zip": members, "systeme.geojson": system, "schema.zip": schema, "gtfs.zip": transport,
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_report_quotes_nobody(town: Town, name: str) -> None:
    city, story, part = town.story.city, town.story, f"cite-{name.replace('.', '-')}"
    content = FILES[name](WHO)
    if name.endswith("zip"):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            assert any(
                canaries(n) or canaries(packed.read(n).decode("utf-8", "ignore")) for n in packed.namelist()
            )
    with city.db.begin() as conn:
        datasets.save_dataset(conn, Dataset(part, "Arbres", "", "ailleurs"))
        datasets.save_resource(conn, Resource(f"{part}/t", part, "Arbres"))
    assert hand_in(city, f"{part}/t", content, name).state == "published"
    read = 0
    for address in (*(face.format(d=part) for face in FACES), f"/en/jeux/{part}", f"/en/jeux/{part}.json"):
        got = story.ask("GET", address, "anonymous")
        for place, text in decoded(address, got.body):
            assert not canaries(text), place
            read += "…" in text and got.status == 200
    assert read, "what the report has to say is there, without the words"
    with city.db.read() as conn:
        kept = versions.history(conn, f"{part}/t")[0]
    assert any("…" in f"{f.message}{f.fix}{f.column}" for f in kept.report.findings)
    assert not any(canaries(str(f)) for f in kept.report.findings)


def test_what_names_nobody_is_quoted(town: Town) -> None:
    """The sentence of an empty sheet says which."""
    city = town.story.city
    with city.db.begin() as conn:
        datasets.save_dataset(conn, Dataset("cite-rien", "Arbres", "", "ailleurs"))
        datasets.save_resource(conn, Resource("cite-rien/t", "cite-rien", "Arbres"))
    assert hand_in(city, "cite-rien/t", empty_sheet("Consignes de saisie"), "vide.xlsx").state == "published"
    page = town.story.ask("GET", "/jeux/cite-rien.json", "anonymous").body.decode()
    assert "Consignes de saisie" in page


def test_what_a_group_alone_reads_is_quoted_to_nobody_else(town: Town) -> None:
    """A version was shared with a group; the next one, without these words, is for everybody."""
    city, word = town.story.city, "Dossier Untelquart"

    def sent(kinds: tuple[str, ...]) -> bytes:
        rows = "".join(f"{q} {i};{i};{kinds[i % 2]}\n" for i in range(30) for q, _ in ROWS)
        return f"quartier;arbres;type\n{rows}".encode()

    with city.db.begin() as conn:
        datasets.save_dataset(conn, Dataset("cite-groupe", "Arbres", "", "ailleurs", access="restricted"))
        datasets.save_resource(conn, Resource("cite-groupe/t", "cite-groupe", "Arbres"))
    first = hand_in(city, "cite-groupe/t", sent(("pin", word)), "t.csv")
    assert first.state == "held"
    audience = Audience(OTHER_GROUP, "voir les arbres", NOW.date() + timedelta(days=30))
    deciding.share(city, first.version, audience, why="Ils les entretiennent.", actor="other-delegate")
    with city.db.begin() as conn:
        datasets.save_dataset(conn, Dataset("cite-groupe", "Arbres", "", "ailleurs"))
    second = hand_in(city, "cite-groupe/t", sent(("pin", "charme")), "t.csv")
    assert second.state == "published"
    for address in (
        "/jeux/cite-groupe",
        "/jeux/cite-groupe.json",
        "/qualite/cite-groupe.json",
        "/en/jeux/cite-groupe",
    ):
        got = town.story.ask("GET", address, "anonymous")
        assert got.status == 200
        assert "Untelquart" not in got.body.decode(), address
    assert "Untelquart" not in second.message
    with city.db.read() as conn:
        checks = {f.check for f in versions.history(conn, "cite-groupe/t")[0].report.findings}
    assert "drift-category-gone" in checks, "that something went is told"
