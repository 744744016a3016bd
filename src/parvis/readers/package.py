"""The smallest workbooks and archives that a program reads, for the examples of declarations."""

from __future__ import annotations

import io
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
    body = "".join(f'<row r="{r}">{"".join(_cell(r, c, v) for c, v in enumerate(row) if v != "")}</row>' for r, row in enumerate(rows, 1))
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
    return ods_of("".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows), sheet=sheet)


def ods_of(rows_xml: str, *, sheet: str = "Feuille1") -> bytes:
    """An OpenDocument sheet whose one table holds the XML given."""
    ns = "urn:oasis:names:tc:opendocument:xmlns"
    mime = "application/vnd.oasis.opendocument.spreadsheet"
    spaces = f'xmlns:office="{ns}:office:1.0" xmlns:table="{ns}:table:1.0" xmlns:text="{ns}:text:1.0"'
    entry = f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{mime}"/>'
    return zipped(
        {
            "mimetype": mime,
            "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{ns}:manifest:1.0">{entry}</manifest:manifest>',
            "content.xml": f"<office:document-content {spaces}><office:body><office:spreadsheet>"
            f'<table:table table:name="{escape(sheet)}">{rows_xml}</table:table></office:spreadsheet></office:body></office:document-content>',
        }
    )


def _ods_cell(value: Small) -> str:
    if value == "":
        return "<table:table-cell/>"
    if isinstance(value, str):
        return f'<table:table-cell office:value-type="string"><text:p>{escape(value)}</text:p></table:table-cell>'
    return f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{value}</text:p></table:table-cell>'
