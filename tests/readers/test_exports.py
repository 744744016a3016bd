"""What business software calls « Excel »: tables of a web page, Excel's web pages of one file, and its XML of
2003.
"""

from __future__ import annotations

import base64
import html
import quopri
import random
from pathlib import Path

import duckdb
import pytest

from parvis import readers
from parvis.core.errors import Unreadable
from parvis.core.reading import RawTable, Reading, Workspace
from parvis.core.settings import Limits
from parvis.engine.scans import select_raw


def read(content: bytes, folder: Path, limits: Limits | None = None, sheet: str = "") -> Reading:
    path = folder / "recu.xls"
    path.write_bytes(content)
    return readers.read(path, Workspace(folder / "spool", limits or Limits(), sheet=sheet))


def refused(content: bytes, folder: Path, limits: Limits | None = None) -> Unreadable:
    with pytest.raises(Unreadable) as wrong:
        read(content, folder, limits)
    return wrong.value


def rows(table: RawTable) -> list[tuple[object, ...]]:
    return duckdb.sql(select_raw(table.scan, len(table.columns)).sql("duckdb")).fetchall()


def labels(table: RawTable) -> list[str]:
    return [c.name for c in table.columns]


# ---- tables of a web page


PAGES = (
    ("utf-8", "utf-8"),
    ("cp1252", "windows-1252"),
    ("cp1252", "utf-8"),
    ("utf-8", "iso-8859-1"),
    ("iso8859-15", "iso-8859-15"),
    ("cp1250", "windows-1250"),
    ("utf-16", ""),
)
"""Encoding of the bytes, and what the page says of itself: programs say what they always say."""


@pytest.mark.parametrize("seed", range(14))
def test_a_made_export_is_read_cell_for_cell(tmp_path: Path, seed: int) -> None:
    """Banner, title in the table, header of th or td, end tags left out, cells with tags and entities, dates,
    numbers, notes below: by seed.
    """
    draw = random.Random(seed)
    codec, declared = PAGES[seed % len(PAGES)]
    head = ["Code", "Libellé", "Montant", "Date"]
    names = (
        ("Électricité", "Crèche & halte", "Fête « été »", "Voirie", "Chauffage, gaz")
        if codec != "cp1250"
        else ("Électricité", "Halle & marché", "Łódź", "Voirie")
    )
    body = [
        [
            f"{n:04d}",
            draw.choice(names),
            f"{draw.randint(1, 9999)},{draw.randint(0, 99):02d}",
            f"{draw.randint(1, 28):02d}/03/2026",
        ]
        for n in range(draw.randint(3, 40))
    ]
    closed = draw.random() < 0.5

    def cell(text: str, tag: str) -> str:
        inner = html.escape(text, quote=False)
        inner = draw.choice((inner, f"<font size=2>{inner}</font>", f"\n   {inner}\n ", f"<b>{inner}</b>"))
        return f"<{tag} class=xl24 nowrap>{inner}" + (f"</{tag}>" if closed else "")

    def line(cells: list[str], tag: str = "td") -> str:
        return "<tr>" + "".join(cell(c, tag) for c in cells) + ("</tr>\n" if closed else "\n")

    banner = draw.choice(
        (
            "",
            "<table><tr><td>Ville de Fenouillet</td></tr></table>",
            "<h1>Ville</h1><style>td {color: red}</style>",
        )
    )
    title = draw.choice(("", '<tr><td colspan="4">Liste des dépôts</td></tr>'))
    foot = draw.choice(("", "<tr><td colspan=4>Source : finances</td></tr>"))
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={declared}">' if declared else ""
    text = f"<html><head>{meta}</head><body>{banner}<table border=1>{title}{line(head, draw.choice(('td', 'th')))}{''.join(map(line, body))}{foot}</table></body></html>"
    reading = read(text.encode(codec), tmp_path)
    table = reading.tables[0]
    assert (reading.format, labels(table), table.rows) == ("html", head, len(body))
    assert rows(table) == [tuple(r) for r in body]
    assert table.encoding in {codec, "cp1252" if codec == "iso8859-15" else codec}


def test_spans_headers_and_groups(tmp_path: Path) -> None:
    """A cell over several rows says the same of each; two header rows are joined."""
    page = (
        "<table><tr><td rowspan=2>Service</td><td colspan=2>Effectif</td></tr><tr><td>Femmes</td><td>Hommes</td></tr>"
        "<tr><td rowspan=2>Voirie</td><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr><tr><td>Écoles</td><td>5</td><td>6</td></tr></table>"
    )
    table = read(page.encode(), tmp_path).tables[0]
    assert labels(table) == ["Service", "Effectif Femmes", "Effectif Hommes"]
    assert rows(table) == [("Voirie", "1", "2"), ("Voirie", "3", "4"), ("Écoles", "5", "6")]


def test_a_header_in_a_table_of_its_own_is_joined(tmp_path: Path) -> None:
    page = "<table><tr><th>a</th><th>b</th></tr></table><table><tr><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr></table>"
    table = read(page.encode(), tmp_path).tables[0]
    assert (labels(table), rows(table)) == (["a", "b"], [("1", "2"), ("3", "4")])


def test_layout_tables_are_passed_over_and_tables_keep_their_captions(tmp_path: Path) -> None:
    inner = "<table><caption>Parcs</caption><tr><th>nom<th>ha<tr><td>A<td>1<tr><td>B<td>2</table><table><tr><th>x<th>y<tr><td>1<td>2</table>"
    page = f"<html><body><table><tr><td>Menu</td><td>{inner}</td></tr><tr><td>Pied</td><td>de page</td></tr></table></body></html>"
    reading = read(page.encode(), tmp_path)
    assert [(t.name, t.rows) for t in reading.tables] == [("Parcs", 2), ("Table 2", 1)]
    assert labels(read(page.encode(), tmp_path, sheet="Table 2").tables[0]) == ["x", "y"]


@pytest.mark.parametrize("transfer", ["quoted-printable", "base64"])
def test_a_web_page_of_one_file(tmp_path: Path, transfer: str) -> None:
    """Excel puts a frame first, then a page a sheet."""
    page = "<html><head><meta charset=windows-1252></head><body><table><tr><td>nom<td>places<tr><td>Œuvre d’été<td>12</table></body></html>".encode(
        "cp1252"
    )
    coded = quopri.encodestring(page) if transfer == "quoted-printable" else base64.encodebytes(page)
    frame = b"<html><frameset rows='*'><frame src='feuille.htm'></frameset></html>"
    parts = [
        ("text/html", "7bit", frame),
        ("text/html", transfer, coded),
        ("text/css", "7bit", b"td {color: red}"),
    ]
    content = b'MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\nContent-Type: multipart/related;\r\n\tboundary="----=_P"\r\n\r\n'
    content += (
        b"".join(
            b"------=_P\r\nContent-Type: %s\r\nContent-Transfer-Encoding: %s\r\n\r\n%s\r\n"
            % (k.encode(), t.encode(), b)
            for k, t, b in parts
        )
        + b"------=_P--\r\n"
    )
    reading = read(content, tmp_path)
    assert (reading.format, reading.tables[0].encoding, rows(reading.tables[0])) == (
        "html",
        "cp1252",
        [("Œuvre d’été", "12")],
    )


def test_nothing_is_fetched_and_no_entity_is_expanded(tmp_path: Path) -> None:
    page = (
        '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY y "bombe">]><html><head><base href="http://127.0.0.1:9/"></head><body>'
        "<table><tr><td>a<td>b<tr><td>&x;<td>&y;<script>document.write('<tr><td>1<td>2')</script></table></body></html>"
    )
    table = read(page.encode(), tmp_path).tables[0]
    assert rows(table) in ([("&x;", "&y;")], [("&x", "&y")])


def test_a_page_without_table_is_still_named(tmp_path: Path) -> None:
    assert (
        "une page web"
        in refused(b"<!DOCTYPE html><html><body><p>Erreur 404</p></body></html>", tmp_path).message
    )
    assert (
        "aucune table remplie"
        in refused(b"<html><body><table><tr><td></td></tr></table></body></html>", tmp_path).message
    )


def test_an_xml_of_another_kind_is_left_to_its_reader(tmp_path: Path) -> None:
    assert (
        read(
            b"<table><ligne><a>1</a><b>2</b></ligne><ligne><a>3</a><b>4</b></ligne></table>", tmp_path
        ).format
        == "xml"
    )


@pytest.mark.parametrize(
    ("page", "limit"),
    [
        (
            "<table>" + "<tr>" + "<td rowspan=65534 colspan=1000>x" * 3 + "<tr><td>y" * 60_000 + "</table>",
            "cells",
        ),
        ("<table><tr>" + "<td rowspan=65534>" * 2000 + "<tr>" * 60_000 + "</table>", "cells"),
        ("<table>" * 300, "nesting"),
        ("<table><tr><td>" + "<b><i>" * 300, "nesting"),
        ("<table><tr><td>a<td>b<tr>" + "<td colspan=1000>x" * 30, "columns"),
    ],
    ids=["wide spans", "empty spans", "tables", "tags", "columns"],
)
def test_hostile_pages_are_stopped_by_a_limit(tmp_path: Path, page: str, limit: str) -> None:
    assert refused(page.encode(), tmp_path, Limits(cells=400_000)).limit == limit


# ---- Excel's XML of 2003

NS = 'xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet" xmlns:x="urn:schemas-microsoft-com:office:excel"'


def cell(value: object, kind: str = "", **attributes: int | str) -> str:
    said = "".join(f' ss:{k}="{v}"' for k, v in attributes.items())
    kind = kind or ("Number" if isinstance(value, (int, float)) else "String")
    return f'<Cell{said}><Data ss:Type="{kind}">{html.escape(str(value), quote=False)}</Data></Cell>'


def book(*sheets: tuple[str, str], declared: str = "UTF-8") -> str:
    leaves = "".join(
        f'<Worksheet ss:Name="{name}"><Table ss:ExpandedColumnCount="4">{body}</Table></Worksheet>'
        for name, body in sheets
    )
    return f'<?xml version="1.0" encoding="{declared}"?><?mso-application progid="Excel.Sheet"?><Workbook {NS}><Styles><Style ss:ID="s1"/></Styles>{leaves}</Workbook>'


def row(*cells: str, **attributes: int) -> str:
    return f"<Row{''.join(f' ss:{k}={chr(34)}{v}{chr(34)}' for k, v in attributes.items())}>{''.join(cells)}</Row>"


def test_gaps_merges_types_and_formats_of_text(tmp_path: Path) -> None:
    rich = '<Cell><ss:Data ss:Type="String" xmlns="http://www.w3.org/TR/REC-html40"><B>Mus</B><Font>ée</Font></ss:Data><Comment><ss:Data>note</ss:Data></Comment></Cell>'
    body = (
        row(cell("Régies de la ville", MergeAcross=3))
        + row(
            cell("code"), cell("nom"), cell("ouverte"), cell("active"), cell("heure"), cell("total"), Index=3
        )
        + row(
            cell("01"),
            rich,
            cell("2020-09-01T00:00:00.000", "DateTime"),
            cell(1, "Boolean"),
            cell("1899-12-31T08:30:00.000", "DateTime"),
            cell(12.5),
        )
        + row(
            cell(2),
            cell("#N/A", "Error"),
            cell("2021-01-02T00:00:00.000", "DateTime", Index=3),
            cell(0, "Boolean"),
            cell("1899-12-31T09:00:00.000", "DateTime"),
        )
        + row(
            cell("03"),
            cell("Halle"),
            cell("2021-01-03T00:00:00.000", "DateTime"),
            cell(0, "Boolean"),
            '<Cell ss:Formula="=A1"/>',
            cell("38529030900454123", "Number"),
        )
    )
    table = read(book(("Régies", body)).encode(), tmp_path).tables[0]
    assert (table.name, table.header_row, labels(table)) == (
        "Régies",
        3,
        ["code", "nom", "ouverte", "active", "heure", "total"],
    )
    assert {c.name: c.native for c in table.columns if c.native} == {
        "ouverte": "date",
        "active": "boolean",
        "heure": "time",
    }
    assert [r[:2] + r[5:] for r in rows(table)] == [
        ("01", "Musée", "12.5"),
        ("2", None, None),
        ("03", "Halle", "38529030900454123"),
    ]
    assert {"cell-error", "lost-formula"} <= {i.code for i in table.issues}


def test_the_data_sheet_first_the_hidden_one_last_and_told(tmp_path: Path) -> None:
    data = row(cell("a"), cell("b")) + "".join(row(cell(i), cell(f"x{i}")) for i in range(20))
    options = "<x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions>"
    content = book(
        ("Notice", row(cell("Lisez-moi")) + row(cell("texte"))), ("Secret", data), ("Données", data)
    )
    content = content.replace(
        '</Table></Worksheet><Worksheet ss:Name="Données"',
        f'</Table>{options}</Worksheet><Worksheet ss:Name="Données"',
    )
    reading = read(content.encode(), tmp_path)
    assert [t.name for t in reading.tables] == ["Données", "Notice", "Secret"]
    assert [(i.code, i.where) for i in reading.issues] == [("hidden-sheet", "Secret")]


@pytest.mark.parametrize(
    ("codec", "declared"), [("utf-16", "UTF-16"), ("cp1252", "windows-1252"), ("cp1252", "UTF-8")]
)
def test_encodings_that_are_right_and_wrong(tmp_path: Path, codec: str, declared: str) -> None:
    body = (
        row(cell("nom"), cell("prix"))
        + row(cell("Été à la plage, l’œuvre"), cell(3))
        + row(cell("Événement"), cell(4))
    )
    table = read(book(("Feuil1", body), declared=declared).encode(codec), tmp_path).tables[0]
    assert rows(table) == [("Été à la plage, l’œuvre", "3"), ("Événement", "4")]


def test_hostile_workbooks_are_refused(tmp_path: Path) -> None:
    two = row(cell("a"), cell("b")) + row(cell(1), cell(2))
    assert (
        refused(book(("F", two + row(cell(1), cell(1), Index=900_000_000))).encode(), tmp_path).limit
        == "cells"
    )
    assert refused(book(("F", two + row(cell(1, Index=900_000_000)))).encode(), tmp_path).limit == "columns"
    assert refused(book(("F", two * 50_000)).encode(), tmp_path, Limits(memory_mb=2)).limit == "memory_mb"
    entities = book(("F", two)).replace("<?mso", '<!DOCTYPE Workbook [<!ENTITY x "y">]><?mso')
    assert "entités" in refused(entities.encode(), tmp_path).message
    assert "mal formé" in refused(book(("F", two)).encode()[:-60], tmp_path).message
