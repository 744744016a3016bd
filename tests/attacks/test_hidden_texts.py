"""Where a file can hide a text beside its cells: comments, properties, deleted records, foreign members, metadata.
None of it is on a public face, whether the file went out or waits.
"""

from __future__ import annotations

import io
import json
import sqlite3
import struct
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import pytest
from openpyxl.comments import Comment
from openpyxl.packaging.custom import StringProperty
from openpyxl.workbook.defined_name import DefinedName

from parvis.core.types import Dataset, Resource
from parvis.store import datasets
from tests.attacks.conftest import Town
from tests.cities.canarycity import EMAILS, canaries, decoded, hand_in

WHO = EMAILS[0]
ROWS = (("Gare", 12), ("Port", 7), ("Mairie", 31), ("Halles", 4))
PLACES = tuple((name, n, 3.87 + i / 100, 43.6 + i / 100) for i, (name, n) in enumerate(ROWS))


def zipped(members: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return out.getvalue()


def csv(above: str = "", below: str = "") -> bytes:
    return (above + "quartier;arbres\n" + "".join(f"{q};{n}\n" for q, n in ROWS) + below).encode()


def workbook(folder: Path) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (("quartier", "arbres"), *ROWS):
        sheet.append(row)
    sheet["A2"].comment = Comment(f"Voir {WHO}", WHO)
    sheet.oddHeader.left.text = WHO
    book.defined_names["contact"] = DefinedName("contact", attr_text=f'"{WHO}"')
    book.custom_doc_props.append(StringProperty(name="Rédaction", value=WHO))
    book.properties.creator = book.properties.description = book.properties.keywords = WHO
    out = io.BytesIO()
    book.save(out)
    members = {n: zipfile.ZipFile(out).read(n) for n in zipfile.ZipFile(out).namelist()}
    cache = f'<pivotCacheRecords xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><r><s v="{WHO}"/></r></pivotCacheRecords>'
    link = f'<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><v>{WHO}</v></externalLink>'
    return zipped(
        members | {"xl/pivotCache/pivotCacheRecords1.xml": cache.encode(), "xl/externalLinks/externalLink1.xml": link.encode()}
    )  # fmt: skip


def kml(folder: Path) -> bytes:
    marks = "".join(
        f"<Placemark><name>{q}</name><ExtendedData><Data name='arbres'><value>{n}</value></Data></ExtendedData>"
        f"<Point><coordinates>{x},{y}</coordinates></Point></Placemark>"
        for q, n, x, y in PLACES
    )
    return (
        f"<?xml version='1.0'?><!-- {WHO} --><kml xmlns='http://www.opengis.net/kml/2.2'><Document><name>{WHO}</name><description>{WHO}</description>"
        f"<atom:author xmlns:atom='http://www.w3.org/2005/Atom'><atom:email>{WHO}</atom:email></atom:author>"
        f"<Style id='{WHO}'><BalloonStyle><text>{WHO}</text></BalloonStyle></Style><ExtendedData><Data name='par'><value>{WHO}</value></Data></ExtendedData>"
        f"{marks}</Document></kml>"
    ).encode()


def gpx(folder: Path) -> bytes:
    points = "".join(f"<wpt lat='{y}' lon='{x}'><name>{q}</name></wpt>" for q, _, x, y in PLACES)
    user, _, domain = WHO.partition("@")
    return (
        f"<?xml version='1.0'?><!-- {WHO} --><gpx version='1.1' creator='{WHO}' xmlns='http://www.topografix.com/GPX/1/1'><metadata><author><name>{WHO}</name>"
        f"<email id='{user}' domain='{domain}'/></author><desc>{WHO}</desc></metadata>{points}<extensions><par>{WHO}</par></extensions></gpx>"
    ).encode()


def feature(place: tuple[str, int, float, float]) -> dict[str, object]:
    q, n, x, y = place
    return {"type": "Feature", "par": WHO, "geometry": {"type": "Point", "coordinates": [x, y], "par": WHO}, "properties": {"quartier": q, "arbres": n}}  # fmt: skip


def geojson(folder: Path) -> bytes:
    return json.dumps(
        {"type": "FeatureCollection", "name": WHO, "contact": {"courriel": WHO}, "features": [feature(p) for p in PLACES]}
    ).encode()  # fmt: skip


def doubled(folder: Path) -> bytes:
    """One key twice: what one reader takes another leaves."""
    rows = ",".join(f'{{"quartier":"{WHO}","quartier":"{q}","arbres":{n}}}' for q, n in ROWS)
    return f"[{rows}]".encode()


def doubled_last(folder: Path) -> bytes:
    rows = ",".join(f'{{"quartier":"{q}","quartier":"{WHO}","arbres":{n}}}' for q, n in ROWS)
    return f"[{rows}]".encode()


def around(folder: Path) -> bytes:
    """JSON whose table stands below other members."""
    rows = [{"quartier": q, "arbres": n} for q, n in ROWS]
    return json.dumps({"contact": {"courriel": WHO}, "redaction": WHO, "resultats": rows}).encode()


def layer(folder: Path, name: str, driver: str) -> Path:
    path = folder / name
    points = np.array([struct.pack("<BIdd", 1, 1, x, y) for _, _, x, y in PLACES], dtype=object)
    fields = [np.array([q for q, *_ in PLACES], dtype=object), np.array([n for _, n, *_ in PLACES])]
    pyogrio.raw.write(
        path, geometry=points, field_data=fields, fields=["quartier", "arbres"], geometry_type="Point", crs="EPSG:4326", driver=driver,
    )  # fmt: skip
    return path


def geopackage(folder: Path) -> bytes:
    path = layer(folder, "arbres.gpkg", "GPKG")
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE agents (courriel TEXT)")
        db.execute("INSERT INTO agents VALUES (?)", (WHO,))
        db.execute("UPDATE gpkg_contents SET description = ?", (WHO,))
    db.close()
    return path.read_bytes()


def shapefile(folder: Path) -> bytes:
    """A record that was deleted stays in the .dbf, with a star."""
    layer(folder, "arbres.shp", "ESRI Shapefile")
    dbf = bytearray((folder / "arbres.dbf").read_bytes())
    head, size = struct.unpack_from("<HH", dbf, 8)
    for number in range(4):
        cell = head + number * size + 1
        if number == 3:
            dbf[cell - 1 : cell] = b"*"
            dbf[cell : cell + len(WHO)] = WHO.encode()
    others = {
        p.name: p.read_bytes()
        for p in folder.iterdir()
        if p.name.startswith("arbres.") and p.suffix != ".dbf"
    }
    notes = {"arbres.shp.xml": f"<metadata><idCredit>{WHO}</idCredit></metadata>".encode()}
    return zipped(others | notes | {"arbres.dbf": bytes(dbf)})


def parquet(folder: Path) -> bytes:
    table = pa.table({"quartier": [q for q, _ in ROWS], "arbres": [n for _, n in ROWS]})
    kept = table.replace_schema_metadata({"redaction": WHO, "pandas": json.dumps({"creator": WHO})})
    field = kept.schema.field(0).with_metadata({"par": WHO})
    out = io.BytesIO()
    pq.write_table(kept.cast(kept.schema.set(0, field)), out)
    return out.getvalue()


def photographed(folder: Path) -> bytes:
    """A table with a picture and papers beside it."""
    tiff = (
        b"II*\0\x08\0\0\0\x01\0"
        + struct.pack("<HHII", 0x013B, 2, len(WHO) + 1, 26)
        + b"\0\0\0\0"
        + WHO.encode()
        + b"\0"
    )
    exif = b"Exif\0\0" + tiff
    xmp = (
        b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta><dc:creator>" + WHO.encode() + b"</dc:creator></x:xmpmeta>"
    )
    picture = (
        b"\xff\xd8"
        + b"".join(b"\xff\xe1" + struct.pack(">H", len(p) + 2) + p for p in (exif, xmp))
        + b"\xff\xd9"
    )
    word = zipped(
        {
            "word/document.xml": f"<w:t>{WHO}</w:t>".encode(),
            "docProps/core.xml": f"<dc:creator>{WHO}</dc:creator>".encode(),
        }
    )
    paper = f"%PDF-1.4\n1 0 obj<</Author ({WHO})>>endobj\ntrailer<</Info 1 0 R>>".encode()
    return zipped({"arbres.csv": csv(), "photo.jpg": picture, "notice.docx": word, "notice.pdf": paper})


def calendar(folder: Path) -> bytes:
    events = "".join(
        f"BEGIN:VEVENT\r\nUID:{i}@ville.example\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:2026010{i + 1}T090000Z\r\nSUMMARY:Marché {q}\r\nEND:VEVENT\r\n"
        for i, (q, _) in enumerate(ROWS)
    )
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:{WHO}\r\nX-WR-CALNAME:{WHO}\r\nX-OWNER:{WHO}\r\n{events}END:VCALENDAR\r\n".encode()


def page(folder: Path) -> bytes:
    rows = "".join(f"<tr><td>{q}</td><td title='{WHO}'>{n}</td></tr>" for q, n in ROWS)
    return (
        f"<html><head><meta name='author' content='{WHO}'><title>{WHO}</title></head><body><!-- {WHO} --><p hidden>{WHO}</p>"
        f"<table><tr><th>quartier</th><th>arbres</th></tr>{rows}</table></body></html>"
    ).encode()


FILES: Mapping[str, Callable[[Path], bytes]] = {
    "classeur.xlsx": workbook, "lieux.kml": kml, "lieux.gpx": gpx, "lieux.geojson": geojson, "double.json": doubled, "double-dernier.json": doubled_last,
    "autour.json": around, "couche.gpkg": geopackage, "couche.zip": shapefile, "colonnes.parquet": parquet, "photo.zip": photographed,
    "agenda.ics": calendar, "page.html": page,
    "dessus.csv": lambda _: csv(above=f"Rédigé par {WHO}\n\n"), "dessous.csv": lambda _: csv(below=f"\nContact : {WHO}\n"),
}  # fmt: skip

FACES = (
    "/jeux/{d}",
    "/jeux/{d}.json",
    "/jeux/{d}/qualite.json",
    "/jeux/{d}/metadonnees.json",
    "/jeux/{d}.atom",
    "/catalogue.ttl",
    "/jeux.json?q=courrier",
)
TABLES = ("{api}", "{api}/records?limit=50", "{api}/facets", "{api}/exports/json", "{api}/exports/csv", "{api}/exports/parquet", "{api}/exports/geojson", "{api}/exports/xlsx")  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_what_a_file_hides_is_on_no_public_face(town: Town, tmp_path: Path, name: str) -> None:
    city, story = town.story.city, town.story
    content = FILES[name](tmp_path)
    assert any(canaries(text) for _, text in decoded(name, content)), "the text is there"
    part = name.replace(".", "-")
    dataset = Dataset(f"cache-{part}", "Arbres", "", "ailleurs")
    with city.db.begin() as conn:
        datasets.save_dataset(conn, dataset)
        datasets.save_resource(conn, Resource(f"{dataset.id}/{part}", dataset.id, "Arbres"))
    handed = hand_in(city, f"{dataset.id}/{part}", content, name, folder=tmp_path)
    assert handed.state in ("published", "held", "refused"), (handed.state, handed.message)
    with city.db.read() as conn:
        tables = {r.id.replace("/", "--") for r in datasets.resources(conn, dataset.id)} | {dataset.id}
    api = "/api/explore/v2.1/catalog/datasets"
    addresses = [face.format(d=dataset.id) for face in FACES]
    addresses += [face.format(api=f"{api}/{one}") for one in sorted(tables) for face in TABLES]
    read = 0
    for address in addresses:
        got = story.ask("GET", address, "anonymous")
        assert got.status < 500, address
        read += address.endswith("limit=50") and got.status == 200
        for place, text in decoded(address, got.body):
            assert not canaries(text), (place, handed.state)
    assert bool(read) == (handed.state == "published")
    if name in ("colonnes.parquet", "lieux.geojson", "couche.gpkg", "double.json"):
        assert handed.state == "published", (
            handed.message
        )  # what is no cell holds nothing back: the walk reads something
