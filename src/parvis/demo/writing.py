"""Write files the way offices do: old encodings, titles above the header, French numbers, a spreadsheet's
habits.
"""

from __future__ import annotations

import csv
import gzip
import io
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from xml.sax.saxutils import escape

import numpy as np
import pyogrio.raw
import shapely
import xlsxwriter
from shapely.geometry.base import BaseGeometry

Cell = str | int | float | bool | date | datetime | None
STAMP = (2026, 11, 20, 8, 0, 0)


def text_table(
    header: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    *,
    separator: str = ";",
    encoding: str = "utf-8",
    above: Sequence[str] = (),
    below: Sequence[str] = (),
    newline: str = "\r\n",
    quote_all: bool = False,
) -> bytes:
    """A delimited text. above, below: lines written as they are, before the header and after the data."""
    out = io.StringIO()
    for line in above:
        out.write(line + newline)
    writer = csv.writer(
        out,
        delimiter=separator,
        lineterminator=newline,
        quoting=csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL,
    )
    writer.writerow(header)
    writer.writerows([["" if c is None else c for c in row] for row in rows])
    for line in below:
        out.write(line + newline)
    return out.getvalue().encode(encoding)


def french(value: float, digits: int = 2) -> str:
    """1234.5 as an office writes it: `1 234,50`."""
    return f"{value:,.{digits}f}".replace(",", " ").replace(".", ",")


def zipped(members: Mapping[str, bytes]) -> bytes:
    """A zip archive with fixed dates."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, STAMP), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def gzipped(content: bytes) -> bytes:
    """The content compressed, with a fixed date."""
    return gzip.compress(content, mtime=0)


def workbook(
    sheets: Mapping[str, Sequence[Sequence[Cell]]],
    *,
    hidden: Sequence[str] = (),
    merged: Mapping[str, str] | None = None,
) -> bytes:
    """An XLSX workbook. sheets: rows by sheet name. hidden: sheets that are hidden. merged: a range to merge
    (A1:D1) by sheet name.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "dd/mm/yyyy"})
    book.set_properties({"created": datetime(*STAMP), "author": "Mairie de Rivemont"})  # noqa: DTZ001
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for r, row in enumerate(rows):
            for c, cell in enumerate(row):
                if cell is not None:
                    sheet.write(r, c, cell)
        if merged and name in merged:
            sheet.merge_range(
                merged[name], rows[0][0] if rows and rows[0] else "", book.add_format({"bold": True})
            )
        if name in hidden:
            sheet.hide()
    book.close()
    return out.getvalue()


_ODS_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">'
    "<office:body><office:spreadsheet>"
)
_ODS_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">'
    '<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)


def open_document(sheets: Mapping[str, Sequence[Sequence[Cell]]]) -> bytes:
    """An ODS spreadsheet."""
    body = "".join(
        f'<table:table table:name="{escape(name)}">'
        + "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows)
        + "</table:table>"
        for name, rows in sheets.items()
    )
    content = f"{_ODS_HEAD}{body}</office:spreadsheet></office:body></office:document-content>"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(
            zipfile.ZipInfo("mimetype", STAMP),
            "application/vnd.oasis.opendocument.spreadsheet",
            zipfile.ZIP_STORED,
        )
        archive.writestr(zipfile.ZipInfo("META-INF/manifest.xml", STAMP), _ODS_MANIFEST, zipfile.ZIP_DEFLATED)
        archive.writestr(zipfile.ZipInfo("content.xml", STAMP), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _ods_cell(cell: Cell) -> str:
    if cell is None or cell == "":
        return "<table:table-cell/>"
    if isinstance(cell, bool):
        return f'<table:table-cell office:value-type="boolean" office:boolean-value="{str(cell).lower()}"><text:p>{cell}</text:p></table:table-cell>'
    if isinstance(cell, (int, float)):
        return f'<table:table-cell office:value-type="float" office:value="{cell}"><text:p>{cell}</text:p></table:table-cell>'
    if isinstance(cell, date):
        return f'<table:table-cell office:value-type="date" office:date-value="{cell.isoformat()}"><text:p>{cell:%d/%m/%Y}</text:p></table:table-cell>'
    return f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'


def layer(
    shapes: Sequence[BaseGeometry],
    columns: Mapping[str, Sequence[object]],
    *,
    driver: str,
    name: str,
    suffix: str,
    kind: str,
    crs: str = "EPSG:2154",
) -> dict[str, bytes]:
    """One vector layer written by GDAL: the files it is made of, by name."""
    with tempfile.TemporaryDirectory(prefix="parvis-") as folder:
        path = Path(folder) / f"{name}{suffix}"
        layer_options = {"ENCODING": "CP1252"} if driver == "ESRI Shapefile" else {}
        pyogrio.raw.write(
            path,
            np.array([shapely.to_wkb(s) for s in shapes], dtype=object),
            [np.array(list(v)) for v in columns.values()],
            list(columns),
            driver=driver,
            geometry_type=kind,
            crs=crs,
            layer=name,
            layer_options=layer_options,
        )
        return {p.name: p.read_bytes() for p in sorted(Path(folder).iterdir())}
