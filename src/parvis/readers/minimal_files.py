"""The smallest workbooks and archives that a program reads, for the examples of declarations."""

from __future__ import annotations

import io
import sqlite3
import struct
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

Small = str | int | float


def zipped(members: Mapping[str, str | bytes]) -> bytes:
    """A zip archive, always the same bytes for the same members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content)
    return out.getvalue()


def small_xlsx(rows: Sequence[Sequence[Small]], *, sheet: str = "Feuil1") -> bytes:
    """A workbook of one sheet, texts inline."""
    body = "".join(
        f'<row r="{r}">{"".join(_cell(r, c, v) for c, v in enumerate(row) if v != "")}</row>'
        for r, row in enumerate(rows, 1)
    )
    return xlsx_of(f"<sheetData>{body}</sheetData>", sheet=sheet)


def xlsx_of(sheet_xml: str, *, sheet: str = "Feuil1") -> bytes:
    """A workbook whose one sheet holds the XML given (below `worksheet`)."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    types = (
        f'<Types xmlns="{package}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/></Types>'
    )

    def relations(what: str, target: str) -> str:
        return f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{office}/{what}" Target="{target}"/></Relationships>'

    return zipped(
        {
            "[Content_Types].xml": types,
            "_rels/.rels": relations("officeDocument", "xl/workbook.xml"),
            "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="{escape(sheet)}" sheetId="1" r:id="r1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": relations("worksheet", "worksheets/sheet1.xml"),
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}">{sheet_xml}</worksheet>',
        }
    )


def _cell(row: int, column: int, value: Small) -> str:
    where = f"{chr(65 + column)}{row}"
    if isinstance(value, str):
        return f'<c r="{where}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return f'<c r="{where}"><v>{value}</v></c>'


def small_ods(rows: Sequence[Sequence[Small]], *, sheet: str = "Feuille1") -> bytes:
    """An OpenDocument sheet."""
    return ods_of(
        "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows),
        sheet=sheet,
    )


def ods_of(rows_xml: str, *, sheet: str = "Feuille1", styles_xml: str = "") -> bytes:
    """An OpenDocument sheet whose one table holds the XML given. styles_xml: its automatic styles."""
    ns = "urn:oasis:names:tc:opendocument:xmlns"
    mime = "application/vnd.oasis.opendocument.spreadsheet"
    known = {"office": "office", "table": "table", "text": "text", "style": "style", "number": "datastyle"}
    spaces = " ".join(f'xmlns:{prefix}="{ns}:{name}:1.0"' for prefix, name in known.items())
    entry = f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{mime}"/>'
    return zipped(
        {
            "mimetype": mime,
            "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{ns}:manifest:1.0">{entry}</manifest:manifest>',
            "content.xml": f"<office:document-content {spaces}><office:automatic-styles>{styles_xml}</office:automatic-styles><office:body><office:spreadsheet>"
            f'<table:table table:name="{escape(sheet)}">{rows_xml}</table:table></office:spreadsheet></office:body></office:document-content>',
        }
    )


def _ods_cell(value: Small) -> str:
    if value == "":
        return "<table:table-cell/>"
    if isinstance(value, str):
        return f'<table:table-cell office:value-type="string"><text:p>{escape(value)}</text:p></table:table-cell>'
    return f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{value}</text:p></table:table-cell>'


_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def compound(stream: bytes) -> bytes:
    """A compound file ([MS-CFB], sectors of 512 bytes) with one stream, `Workbook`."""
    count = -(-max(len(stream), 4096) // 512)
    fat = [_FAT, _END, *(i + 3 for i in range(count - 1)), _END]

    def entry(name: str, kind: int, start: int, size: int) -> bytes:
        text = name.encode("utf-16-le") + b"\0\0"
        links = struct.pack("<HBB3I", len(text), kind, 1, _FREE, _FREE, 1 if kind == 5 else _FREE)
        return text.ljust(64, b"\0") + links + bytes(36) + struct.pack("<III", start, size, 0)

    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(16)
        + struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, _END, 0, _END, 0)
    )
    directory = entry("Root Entry", 5, _END, 0) + entry("Workbook", 2, 2, max(len(stream), 4096)) + bytes(256)
    table = struct.pack("<128I", *fat, *[_FREE] * (128 - len(fat)))
    return (
        header
        + struct.pack("<109I", 0, *[_FREE] * 108)
        + table
        + directory
        + stream.ljust(count * 512, b"\0")
    )


def biff(kind: int, body: bytes = b"") -> bytes:
    """One record of an old workbook."""
    return struct.pack("<HH", kind, len(body)) + body


def small_xls(rows: Sequence[Sequence[Small]], *, sheet: str = "Feuil1", number_format: str = "") -> bytes:
    """An old workbook (BIFF 8) of one sheet. number_format: the format of its numbers."""
    name = bytes([len(sheet), 1]) + sheet.encode("utf-16-le")
    begin = biff(0x0809, struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 0))
    formats = biff(0x0042, struct.pack("<H", 1200))
    if number_format:
        formats += biff(
            0x041E, struct.pack("<HHB", 164, len(number_format), 1) + number_format.encode("utf-16-le")
        ) + biff(0x00E0, struct.pack("<HH", 0, 164) + bytes(16))
    else:
        formats += biff(0x00E0, bytes(20))
    at = len(begin) + len(formats) + 4 + 6 + len(name) + 4
    book = begin + formats + biff(0x0085, struct.pack("<IH", at, 0) + name) + biff(0x000A)
    cells = b"".join(_xls_cell(r, c, v) for r, row in enumerate(rows) for c, v in enumerate(row) if v != "")
    return compound(
        book + biff(0x0809, struct.pack("<HHHHII", 0x0600, 0x10, 0, 0, 0, 0)) + cells + biff(0x000A)
    )


def _xls_cell(row: int, column: int, value: Small) -> bytes:
    where = struct.pack("<HHH", row, column, 0)
    if isinstance(value, str):
        return biff(0x0204, where + struct.pack("<HB", len(value), 1) + value.encode("utf-16-le"))
    return biff(0x0203, where + struct.pack("<d", float(value)))


def xlsb_record(kind: int, body: bytes = b"") -> bytes:
    """One record of a binary workbook ([MS-XLSB] 2.1.4)."""
    tag = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size = len(body)
    length = bytes([size]) if size < 128 else bytes([size & 0x7F | 0x80, size >> 7])
    return tag + length + body


def small_xlsb(rows: Sequence[Sequence[Small]], *, sheet: str = "Feuil1") -> bytes:
    """A binary workbook of one sheet."""

    def wide(text: str) -> bytes:
        return struct.pack("<I", len(text)) + text.encode("utf-16-le")

    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    bundle = xlsb_record(0x9C, struct.pack("<II", 0, 1) + wide("r1") + wide(sheet))
    book = xlsb_record(0x83) + xlsb_record(0x8F) + bundle + xlsb_record(0x90) + xlsb_record(0x84)
    body = b""
    for r, row in enumerate(rows):
        body += xlsb_record(0, struct.pack("<I13x", r))
        for c, value in enumerate(row):
            where = struct.pack("<II", c, 0)
            if isinstance(value, str):
                body += xlsb_record(6, where + wide(value)) if value else b""
            else:
                body += xlsb_record(5, where + struct.pack("<d", float(value)))
    size = xlsb_record(
        0x94, struct.pack("<IIII", 0, max(0, len(rows) - 1), 0, max(map(len, rows), default=1) - 1)
    )
    part = xlsb_record(0x81) + size + xlsb_record(0x91) + body + xlsb_record(0x92) + xlsb_record(0x82)
    return zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{package}/content-types"/>',
            "xl/workbook.bin": book,
            "xl/_rels/workbook.bin.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{office}/worksheet" '
            'Target="worksheets/sheet1.bin"/></Relationships>',
            "xl/worksheets/sheet1.bin": part,
        }
    )


LAMBERT_93 = (
    'PROJCS["RGF_1993_Lambert_93",GEOGCS["GCS_RGF_1993",DATUM["D_RGF_1993",SPHEROID["GRS_1980",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],'
    'UNIT["Degree",0.0174532925199433]],PROJECTION["Lambert_Conformal_Conic"],PARAMETER["False_Easting",700000.0],PARAMETER["False_Northing",6600000.0],'
    'PARAMETER["Central_Meridian",3.0],PARAMETER["Standard_Parallel_1",49.0],PARAMETER["Standard_Parallel_2",44.0],PARAMETER["Latitude_Of_Origin",46.5],'
    'UNIT["Meter",1.0]]'
)
"""What a .prj says of Lambert-93, as ArcGIS writes it."""

Place = tuple[str, float, float]
"""A name, x and y."""


def shapefile_parts(places: Sequence[Place], *, encoding: str = "cp1252") -> dict[str, bytes]:
    """The three binary files of a shapefile of points with one text field, by extension. Source: ESRI, July
    1998.
    """
    size = 28
    box = struct.pack("<8d", *(f(p[i] for p in places) for f in (min, max) for i in (1, 2)), 0, 0, 0, 0)

    def header(length: int) -> bytes:
        return struct.pack(">I20xI", 9994, length // 2) + struct.pack("<II", 1000, 1) + box

    shapes = b"".join(
        struct.pack(">II", n, 10) + struct.pack("<Idd", 1, x, y) for n, (_, x, y) in enumerate(places, 1)
    )
    index = b"".join(struct.pack(">II", (100 + size * n) // 2, 10) for n in range(len(places)))
    field = b"nom".ljust(11, b"\0") + b"C" + bytes(4) + bytes([20]) + bytes(15)
    records = b"".join(b" " + name.encode(encoding).ljust(20) for name, _, _ in places)
    table = struct.pack("<BBBBIHH20x", 3, 126, 1, 1, len(places), 65, 21) + field + b"\r" + records + b"\x1a"
    return {"shp": header(100 + len(shapes)) + shapes, "shx": header(100 + len(index)) + index, "dbf": table}


def small_shapefile(
    name: str, places: Sequence[Place], *, prj: str = LAMBERT_93, cpg: str = "", encoding: str = "cp1252"
) -> bytes:
    """A zipped shapefile of points."""
    members: dict[str, str | bytes] = {
        f"{name}.{kind}": content for kind, content in shapefile_parts(places, encoding=encoding).items()
    }
    return zipped(members | ({f"{name}.prj": prj} if prj else {}) | ({f"{name}.cpg": cpg} if cpg else {}))


def small_gpkg(name: str, places: Sequence[Place], *, epsg: int = 2154) -> bytes:
    """A GeoPackage of one layer of points. Source: OGC 12-128r17, clauses 1.1 and 2.1."""
    base = sqlite3.connect(":memory:")
    base.executescript(
        "PRAGMA application_id = 0x47504B47; PRAGMA user_version = 10200;"
        "CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER PRIMARY KEY, organization TEXT, organization_coordsys_id INTEGER, definition TEXT,"
        " description TEXT);"
        "CREATE TABLE gpkg_contents (table_name TEXT PRIMARY KEY, data_type TEXT, identifier TEXT, description TEXT, last_change TEXT,"
        " min_x, min_y, max_x, max_y, srs_id INTEGER);"
        "CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, geometry_type_name TEXT, srs_id INTEGER, z INTEGER, m INTEGER);"
        "CREATE TABLE couche (fid INTEGER PRIMARY KEY, geom BLOB, nom TEXT);"
    )
    base.execute(
        "INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, 'EPSG', ?, 'undefined', '')",
        (f"EPSG:{epsg}", epsg, epsg),
    )
    base.execute(
        "INSERT INTO gpkg_contents VALUES ('couche', 'features', ?, '', '2026-01-01T00:00:00.000Z', NULL, NULL, NULL, NULL, ?)",
        (name, epsg),
    )
    base.execute("INSERT INTO gpkg_geometry_columns VALUES ('couche', 'geom', 'POINT', ?, 0, 0)", (epsg,))
    for label, x, y in places:
        shape = b"GP\0\1" + struct.pack("<i", epsg) + struct.pack("<BIdd", 1, 1, x, y)
        base.execute("INSERT INTO couche (geom, nom) VALUES (?, ?)", (shape, label))
    base.commit()
    content = base.serialize()
    base.close()
    return content
