"""GML, WFS answers and FlatGeobuf: layers to WGS 84, nothing fetched, nothing written beside the sender's
file.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import numpy as np
import pyogrio
import pytest
import shapely

from parvis import readers
from parvis.core.errors import Unreadable
from parvis.core.reading import RawTable, Reading, Workspace
from parvis.core.settings import Limits
from parvis.engine.scans import select_raw

GML = 'xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:wfs="http://www.opengis.net/wfs/2.0" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:v="http://ville.example/"'
LAMBERT = "urn:ogc:def:crs:EPSG::2154"


def read(content: bytes, folder: Path, limits: Limits | None = None) -> Reading:
    (folder / "envoi").mkdir(exist_ok=True)
    path = folder / "envoi" / "recu"
    path.write_bytes(content)
    return readers.read(path, Workspace(folder / "spool", limits or Limits()))


def refused(content: bytes, folder: Path, limits: Limits | None = None) -> Unreadable:
    with pytest.raises(Unreadable) as wrong:
        read(content, folder, limits)
    return wrong.value


def rows(table: RawTable) -> list[tuple[object, ...]]:
    return duckdb.sql(select_raw(table.scan, len(table.columns)).sql("duckdb")).fetchall()


def point(srs: str, pos: str) -> str:
    return f'<gml:Point srsName="{srs}"><gml:pos>{pos}</gml:pos></gml:Point>'


def member(kind: str, number: int, geometry: str, **fields: object) -> str:
    leaves = "".join(f"<v:{key}>{value}</v:{key}>" for key, value in fields.items())
    return f'<wfs:member><v:{kind} gml:id="{kind}.{number}">{leaves}<v:geom>{geometry}</v:geom></v:{kind}></wfs:member>'


def collection(*members: str, declared: str = "UTF-8", more: str = "") -> str:
    return f'<?xml version="1.0" encoding="{declared}"?>\n<wfs:FeatureCollection {GML} {more}>{"".join(members)}</wfs:FeatureCollection>'


def test_a_table_for_each_type_of_feature(tmp_path: Path) -> None:
    """Lambert-93 and latitude first (urn 4326) both come out as longitude and latitude; the second has a
    geometry of its own kind.
    """
    square = f'<gml:Polygon srsName="{LAMBERT}"><gml:exterior><gml:LinearRing><gml:posList>0 0 10 0 10 10 0 10 0 0</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon>'
    square = square.replace(
        "0 0 10 0 10 10 0 10 0 0",
        "770000 6279000 770010 6279000 770010 6279010 770000 6279010 770000 6279000",
    )
    content = collection(
        member("parc", 1, point(LAMBERT, "770000 6279000"), nom="Éole", code="01"),
        member("parc", 2, point(LAMBERT, "770100 6279000"), nom="Prés"),
        member("zone", 1, square, nom="Zone A", surface="1.5"),
        member("borne", 1, point("urn:ogc:def:crs:EPSG::4326", "43.6 3.87"), nom="B"),
    )
    reading = read(content.encode(), tmp_path)
    tables = {t.name: t for t in reading.tables}
    assert (reading.format, sorted(tables)) == ("gml", ["borne", "parc", "zone"])
    assert [c.name for c in tables["parc"].columns] == ["gml_id", "nom", "code", "_point"]
    found = rows(tables["parc"])
    assert [r[1:3] for r in found] == [("Éole", "01"), ("Prés", None)]
    assert found[0][3] == pytest.approx({"lon": 3.869, "lat": 43.605}, abs=0.01)
    assert rows(tables["borne"])[0][-1] == pytest.approx({"lon": 3.87, "lat": 43.6})
    assert shapely.from_wkb(rows(tables["zone"])[0][-1]).geom_type == "Polygon"


def test_arcs_are_drawn(tmp_path: Path) -> None:
    arc = f'<gml:Curve srsName="{LAMBERT}"><gml:segments><gml:Arc><gml:posList>770000 6279000 770010 6279010 770020 6279000</gml:posList></gml:Arc></gml:segments></gml:Curve>'
    table = read(
        collection(member("voie", 1, arc, nom="a"), member("voie", 2, arc, nom="b")).encode(), tmp_path
    ).tables[0]
    line = shapely.from_wkb(rows(table)[0][-1])
    assert (line.geom_type, len(line.coords) > 4) == ("LineString", True)


@pytest.mark.parametrize(
    ("codec", "declared", "said"),
    [
        ("cp1252", "windows-1252", "cp1252"),
        ("cp1252", "UTF-8", "cp1252"),
        ("utf-16", "UTF-16", "utf-16"),
        ("utf-8-sig", "UTF-8", "utf-8-sig"),
    ],
)
def test_encodings_that_are_right_and_wrong(tmp_path: Path, codec: str, declared: str, said: str) -> None:
    content = collection(
        *(member("parc", n, point(LAMBERT, "770000 6279000"), nom="Œuvre d’été à l’école") for n in range(2)),
        declared=declared,
    )
    reading = read(content.encode(codec), tmp_path)
    assert {r[1] for r in rows(reading.tables[0])} == {"Œuvre d’été à l’école"}
    assert (reading.tables[0].encoding, [i.code for i in reading.issues]) == (
        said,
        ["encoding-mismatch"] if declared == "UTF-8" and codec == "cp1252" else [],
    )


@contextmanager
def listening() -> Iterator[tuple[int, list[bytes]]]:
    """A server that notes who calls."""
    calls: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        done = threading.Event()

        def serve() -> None:
            while not done.is_set():
                try:
                    caller, _ = server.accept()
                except TimeoutError:
                    continue
                with caller:
                    caller.settimeout(1)
                    calls.append(caller.recv(200))
                    caller.sendall(b"HTTP/1.0 404 Not Found\r\n\r\n")

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield server.getsockname()[1], calls
        finally:
            done.set()
            thread.join()


def test_nothing_is_fetched_and_nothing_is_written_beside(tmp_path: Path) -> None:
    """Schemas, linked geometries and a document type that point at a server: it is never called."""
    with listening() as (port, calls):
        site = f"http://127.0.0.1:{port}"
        schema = f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://ville.example/ {site}/wfs?service=WFS&amp;version=2.0.0&amp;request=DescribeFeatureType&amp;typename=parc"'
        link = f'<gml:Point srsName="{site}/crs"><gml:pos>3.87 43.6</gml:pos></gml:Point>'
        content = collection(
            member("parc", 1, point(LAMBERT, "770000 6279000"), nom="a"),
            member("parc", 2, link, nom="b"),
            more=schema,
        )
        content = content.replace(
            "<v:nom>b</v:nom>", f'<v:nom>b</v:nom><v:voisin xlink:href="{site}/parc.gml#p1"/>'
        )
        content = content.replace(
            "<wfs:FeatureCollection", f'<!DOCTYPE x SYSTEM "{site}/x.dtd"><wfs:FeatureCollection', 1
        )
        table = read(content.encode(), tmp_path).tables[0]
    assert (table.rows, calls) == (2, [])
    assert [p.name for p in (tmp_path / "envoi").iterdir()] == ["recu"]


def test_hostile_damaged_and_refused_by_the_service(tmp_path: Path) -> None:
    good = collection(member("parc", 1, point(LAMBERT, "770000 6279000"), nom="a"))
    assert (
        "entités"
        in refused(
            good.replace("<wfs:F", '<!DOCTYPE x [<!ENTITY a "b">]><wfs:F', 1).encode(), tmp_path
        ).message
    )
    assert refused(good.replace("<v:nom>", "<v:n>" * 250, 1).encode(), tmp_path).limit == "nesting"
    assert "mal formé" in refused(good.encode()[:-40], tmp_path).message
    error = '<ows:ExceptionReport xmlns:ows="http://www.opengis.net/ows/1.1"><ows:Exception><ows:ExceptionText>Unknown layer parcs</ows:ExceptionText></ows:Exception></ows:ExceptionReport>'
    assert (
        "erreur du service WFS, pas une couche : « Unknown layer parcs »"
        in refused(error.encode(), tmp_path).message
    )
    assert refused(collection().encode(), tmp_path).message


def test_flatgeobuf_with_polygons_types_and_its_index(tmp_path: Path) -> None:
    path = tmp_path / "zones.fgb"
    shapes = shapely.to_wkb(
        shapely.box([770000.0, 770100.0, 770200.0], 6279000.0, [770010.0, 770110.0, 770210.0], 6279010.0)
    )
    fields = [
        np.array(["Éole", "Œuvre", None], dtype=object),
        np.array([1, 2, 3], dtype=np.int64),
        np.array([1.5, 2.5, 3.5]),
    ]
    pyogrio.raw.write(
        path,
        shapes,
        fields,
        ["nom", "n", "aire"],
        driver="FlatGeobuf",
        geometry_type="Polygon",
        crs="EPSG:2154",
    )
    table = read(path.read_bytes(), tmp_path).tables[0]
    assert [(c.name, c.native) for c in table.columns] == [
        ("nom", None),
        ("n", "integer"),
        ("aire", "number"),
        ("_shape", "shape"),
    ]
    assert {r[:3] for r in rows(table)} == {("Éole", 1, 1.5), ("Œuvre", 2, 2.5), (None, 3, 3.5)}
    assert shapely.from_wkb(rows(table)[0][3]).centroid.x == pytest.approx(3.87, abs=0.01)
    assert "2154" in table.crs or "Lambert" in table.crs
