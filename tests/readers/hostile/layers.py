"""Layers of maps with holes, heights and systems of their own, and workbooks beside them."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import openpyxl
import pyogrio.raw
import shapely

from parvis.readers.minimal_files import shapefile_parts, small_shapefile, zipped
from tests.readers.hostile.books import HEAD as BOOK_HEAD
from tests.readers.hostile.books import ROWS as BOOK_ROWS
from tests.readers.hostile.books import book
from tests.readers.hostile.case import Case
from tests.readers.hostile.maps import AREA, HERE, PLACES, POINT


def layers() -> Iterator[Case]:
    """More of maps and workbooks."""
    wgs = 'GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]'
    yield Case(
        "shapefile in WGS 84",
        small_shapefile("lieux", [(n, *HERE) for n, _, _ in PLACES], prj=wgs),
        "zip+shapefile",
        rows=12,
        geometry="point",
        place=HERE,
    )
    yield Case(
        "shapefile whose .prj lies", small_shapefile("lieux", PLACES, prj=wgs), "zip+shapefile", rows=12
    )
    yield Case(
        "shapefile without .prj, conic 44",
        small_shapefile(
            "lieux", [(n, 1770000 + i, 3156000 + i) for i, (n, _, _) in enumerate(PLACES)], prj=""
        ),
        "zip+shapefile",
        rows=12,
        geometry="point",
        place=(3.867026, 43.600648),
    )
    yield Case("shapefile without a record", _shapes([]), "zip+shapefile", refused=("",))
    yield Case(
        "shapefile of areas with holes, some without",
        _shapes(
            [
                shapely.Polygon([(770000, 6280000), (770100, 6280000), (770100, 6280100)]),
                None,
                shapely.Point(770000, 6280000)
                .buffer(50)
                .difference(shapely.Point(770000, 6280000).buffer(10)),
            ]
        ),
        "zip+shapefile",
        rows=3,
        geometry="shape",
        crs="EPSG:2154",
    )
    yield Case(
        "shapefile of lines with heights",
        _shapes([shapely.LineString([(770000, 6280000, 5), (770100, 6280000, 6)])] * 3),
        "zip+shapefile",
        rows=3,
        geometry="shape",
    )
    mercator = {"crs": {"type": "name", "properties": {"name": "EPSG:3857"}}}
    features = [
        {
            "type": "Feature",
            "id": n,
            "properties": {"nom": "a", "detail": {"x": 1}},
            "geometry": {"type": "Point", "coordinates": [430464.34, 5407294.69]},
        }
        for n in range(5)
    ]
    yield Case(
        "GeoJSON in Mercator",
        json.dumps({"type": "FeatureCollection", **mercator, "features": features}).encode(),
        "geojson",
        rows=5,
        geometry="point",
        crs="EPSG:3857",
    )
    collection = {"type": "GeometryCollection", "geometries": [POINT, AREA]}
    yield Case(
        "GeoJSON of collections",
        json.dumps(
            {
                "type": "FeatureCollection",
                "features": [{"type": "Feature", "properties": {"n": 1}, "geometry": collection}] * 4,
            }
        ).encode(),
        "geojson",
        rows=4,
        geometry="shape",
    )
    schema = "".join(
        f'<Placemark><name>P{n}</name><ExtendedData><SchemaData schemaUrl="#s"><SimpleData name="places">{n}</SimpleData></SchemaData></ExtendedData><Point><coordinates>{HERE[0]},{HERE[1]}</coordinates></Point></Placemark>'
        for n in range(8)
    )
    yield Case(
        "KML with data",
        f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Schema name="s" id="s"><SimpleField name="places" type="int"/></Schema>{schema}</Document></kml>'.encode(),
        "kml",
        rows=8,
        geometry="point",
        place=HERE,
    )
    both = '<gpx xmlns="http://www.topografix.com/GPX/1/1"><wpt lat="43.6" lon="3.87"><name>a</name></wpt><rte><name>r</name><rtept lat="43.6" lon="3.87"/><rtept lat="43.7" lon="3.88"/></rte></gpx>'
    yield Case("GPX of points and a route", both.encode(), "gpx")
    mixed = {
        "lieux.geojson": json.dumps(
            {
                "type": "FeatureCollection",
                "features": [{"type": "Feature", "properties": {"n": 1}, "geometry": POINT}] * 4,
            }
        ),
        "lieux.csv": "a;b\n1;2\n",
    }
    yield Case("zip of a map and a table", zipped(mixed), "zip+geojson", rows=4, geometry="point")
    readme = {f"lieux.{s}": c for s, c in shapefile_parts(PLACES).items()} | {
        "LISEZMOI.txt": "Couche des lieux.\nSource : ville\n",
        "licence.pdf": b"%PDF-1.4 " + bytes(90),
    }
    yield Case(
        "zip of a shapefile, its readme and its licence",
        zipped(readme),
        "zip+shapefile",
        rows=12,
        geometry="point",
        place=HERE,
    )

    def stacked(_: openpyxl.Workbook, sheet: Any) -> None:
        sheet.append(("Entrées par mois",))
        sheet.append(("mois", "entrées"))
        for n in range(1, 9):
            sheet.append((f"mois {n}", n))
        sheet.append(())
        sheet.append(())
        sheet.append(("Recettes par tarif",))
        sheet.append(("tarif", "recettes", "part"))
        for n in range(1, 6):
            sheet.append((f"tarif {n}", n * 10.5, n / 7))

    yield Case(
        "two tables, one below the other", book(stacked), "xlsx", rows=8, header=2, names=("mois", "entrées")
    )

    def habits(_: openpyxl.Workbook, sheet: Any) -> None:
        sheet.append(("nom", "ouvert", "durée", "prix", "note"))
        for n in range(1, 20):
            sheet.append(
                (f"lieu {n}", n % 2 == 0, dt.timedelta(hours=30 + n), n * 1.25, "NC" if n == 5 else n)
            )
            sheet.cell(n + 1, 4).number_format = '#,##0.00\\ "€"'

    yield Case(
        "booleans, durations, euros, NC",
        book(habits),
        "xlsx",
        header=1,
        rows=19,
        types=("text", "boolean", "text", "number", "integer"),
    )

    def rich(_: openpyxl.Workbook, sheet: Any) -> None:
        from openpyxl.cell.rich_text import CellRichText, TextBlock
        from openpyxl.cell.text import InlineFont

        sheet.append(("nom", "n"))
        for n in range(1, 9):
            sheet.append((CellRichText("Place ", TextBlock(InlineFont(b=True), "Foch")), n))

    yield Case("rich text", book(rich), "xlsx", header=1, rows=8, first=("Place Foch", "1"))

    def phones(_: openpyxl.Workbook, sheet: Any) -> None:
        sheet.append(("téléphone", "siret", "n"))
        for n in range(1, 12):
            sheet.append((499000000 + n, 21340172201787, n))
            sheet.cell(n + 1, 1).number_format = '0#" "##" "##" "##" "##'
            sheet.cell(n + 1, 2).number_format = "0"

    yield Case(
        "phones by a format, sirets as numbers",
        book(phones),
        "xlsx",
        header=1,
        rows=11,
        types=("text", "text", "integer"),
        first=("04 99 00 00 01", "21340172201787", "1"),
    )

    def serial(_: openpyxl.Workbook, sheet: Any) -> None:
        sheet.append(("date", "n"))
        for n in range(1, 12):
            sheet.append((45000 + n, n))

    yield Case("days as bare numbers", book(serial), "xlsx", header=1, rows=11, types=("integer", "integer"))

    def deep(_: openpyxl.Workbook, sheet: Any) -> None:
        for n in range(12):
            sheet.append((f"Ligne {n} de la présentation du fichier",))
        sheet.append(BOOK_HEAD)
        for row in BOOK_ROWS:
            sheet.append(row)

    yield Case("header on the thirteenth row", book(deep), "xlsx", header=13, rows=20, names=BOOK_HEAD)

    def spaced(_: openpyxl.Workbook, sheet: Any) -> None:
        sheet.append(BOOK_HEAD)
        for n, row in enumerate(BOOK_ROWS):
            sheet.append(row)
            if n % 5 == 4:
                sheet.append(())

    yield Case("an empty row after five", book(spaced), "xlsx", header=1, rows=20, names=BOOK_HEAD)


def _shapes(shapes: list[Any]) -> bytes:
    """A zipped shapefile of shapes in Lambert-93."""
    import tempfile
    import zipfile
    from pathlib import Path

    with tempfile.TemporaryDirectory(prefix="parvis-") as folder:
        path = Path(folder) / "couche.shp"
        wkb = np.array(
            [None if s is None else shapely.to_wkb(s, output_dimension=3 if s.has_z else 2) for s in shapes],
            object,
        )
        kinds = {s.geom_type for s in shapes if s is not None} or {"Point"}
        kind = next(iter(kinds)) + (" Z" if any(s is not None and s.has_z for s in shapes) else "")
        pyogrio.raw.write(
            path,
            wkb,
            [np.array([f"É{n}" for n in range(len(shapes))], object)],
            ["nom"],
            driver="ESRI Shapefile",
            geometry_type=kind,
            crs="EPSG:2154",
        )  # pyright: ignore[reportUnknownMemberType]
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as made:
            for file in sorted(Path(folder).iterdir()):
                made.write(file, file.name)
        return out.getvalue()


FAMILIES = {"layers": layers}
