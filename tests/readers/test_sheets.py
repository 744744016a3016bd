"""Workbooks: where the table stands in its sheet, what its cells become, and what is refused before it costs
memory.
"""

from __future__ import annotations

import datetime as dt
import random
import re
import struct
from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb
import openpyxl
import pytest

from parvis.core.errors import Unreadable
from parvis.core.reading import ParquetScan, RawTable, Reader, Reading, Workspace
from parvis.core.settings import Limits
from parvis.readers.biff import MAGIC
from parvis.readers.grid import Merge, blocks, footer
from parvis.readers.minimal_files import (
    biff,
    compound,
    ods_of,
    small_ods,
    small_xlsx,
    xlsb_record,
    xlsx_of,
    zipped,
)
from parvis.readers.ods import ODS
from parvis.readers.raw import Cell
from parvis.readers.xls import XLS
from parvis.readers.xlsb import XLSB
from parvis.readers.xlsx import XLSX

READERS = {"xlsx": XLSX, "xls": XLS, "ods": ODS, "xlsb": XLSB}
Book = Callable[[openpyxl.Workbook], None]


def cells(table: RawTable) -> list[tuple[object, ...]]:
    """The rows of a raw table, without `_line`."""
    assert isinstance(table.scan, ParquetScan)
    names = ", ".join(f"c{i}" for i in range(len(table.columns)))
    return duckdb.sql(f"SELECT {names} FROM read_parquet('{table.scan.path}')").fetchall()


def lines(table: RawTable) -> list[int]:
    """The sheet rows of the records."""
    return [row[0] for row in duckdb.sql(f"SELECT _line FROM read_parquet('{table.scan.path}')").fetchall()]


def names(table: RawTable) -> list[str]:
    return [c.name for c in table.columns]


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Reading]:
    """Read bytes, or a workbook filled by a function, as xlsx unless said otherwise."""
    count = 0

    def go(content: bytes | Book, reader: Reader = XLSX, **asked: object) -> Reading:
        nonlocal count
        count += 1
        path = tmp_path / f"{count}.bin"
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            book = openpyxl.Workbook()
            content(book)
            book.save(path)
        spool = tmp_path / f"spool-{count}"
        spool.mkdir()
        return reader.read(path, Workspace(spool, **asked))  # pyright: ignore[reportArgumentType]

    return go


# --- where the table stands ---

Rows = Sequence[Sequence[Cell]]
HEADERS: Sequence[tuple[str, Rows, Sequence[Merge], int, int, tuple[str, ...]]] = [
    ("plain", [["a", "b"], [1.0, "x"], [2.0, "y"]], (), 0, 0, ("a", "b")),
    ("all text", [["nom", "ville"], ["x", "Rouen"], ["y", "Nantes"]], (), 0, 0, ("nom", "ville")),
    ("title and gap", [["Titre"], [], ["nom", "n"], ["x", 1.0], ["y", 2.0]], (), 2, 2, ("nom", "n")),
    ("two titles", [["Titre"], ["Mise à jour : hier"], ["nom", "n", "p"], ["x", 1.0, 2.0]], (), 2, 2, ("nom", "n", "p")),
    ("parameter rows above", [["Exercice", 2023.0], ["Service", "Voirie"], [], ["nom", "n", "p", "q"], ["x", 1.0, 2.0, "a"], ["y", 1.0, 2.0, "b"]], (), 3, 3,
     ("nom", "n", "p", "q")),
    ("years as labels", [["Commune", 2019.0, 2020.0, 2021.0], ["x", 12.0, 13.0, 14.0], ["y", 2.0, 3.0, 4.0]], (), 0, 0, ("Commune", "2019", "2020", "2021")),
    ("units below", [["Commune", "Surface", "Longueur"], ["", "(ha)", "(km)"], ["x", 1.0, 2.0], ["y", 1.0, 2.0], ["z", 1.0, 2.0]], (), 0, 1,
     ("Commune", "Surface (ha)", "Longueur (km)")),
    ("merged groups", [["Commune", "Hommes", "", "Femmes", ""], ["", "2019", "2020", "2019", "2020"], ["x", 1.0, 2.0, 3.0, 4.0]],
     (((0, 0), (1, 0)), ((0, 1), (0, 2)), ((0, 3), (0, 4))), 0, 1, ("Commune", "Hommes 2019", "Hommes 2020", "Femmes 2019", "Femmes 2020")),
    ("groups, not merged", [["", "Hommes", "", "Femmes", ""], ["Commune", "jeunes", "vieux", "jeunes", "vieux"], ["x", 1.0, 2.0, 3.0, 4.0],
     ["y", 1.0, 2.0, 3.0, 4.0], ["z", 1.0, 2.0, 3.0, 4.0]], (), 0, 1, ("Commune", "Hommes jeunes", "Hommes vieux", "Femmes jeunes", "Femmes vieux")),
    ("no header", [[1.0, "a"], [2.0, "b"], [3.0, "c"]], (), -1, -1, ("", "")),
    ("no header, dates", [["2020-01-01", 1.0], ["2020-01-02", 2.0]], (), -1, -1, ("", "")),
    ("one value alone", [["voir l’autre feuille"]], (), -1, -1, ("",)),
    ("labels alone", [["nom", "prénom"]], (), 0, 0, ("nom", "prénom")),
    ("one column under a title", [["Liste des rues"], [], ["rue"], ["Foch"], ["Comédie"]], (), 2, 2, ("rue",)),
    ("empty column between", [["a", "", "b"], ["x", "", "y"], ["z", "", "t"]], (), 0, 0, ("a", "b")),
    ("sparse first record", [["a", "b", "c", "d"], ["x", "", "", ""], ["y", 1.0, 2.0, 3.0], ["z", 1.0, 2.0, 3.0]], (), 0, 0, ("a", "b", "c", "d")),
    ("first record not known", [["nom", "n", "p"], ["x", "n.c.", 4.0], ["y", 1.0, 2.0], ["z", 1.0, 2.0]], (), 0, 0, ("nom", "n", "p")),
    ("gap in the data", [["Nom", "Âge"], ["Bob", 20.0], ["Jo", 3.0], [], ["Ian", 34.0]], (), 0, 0, ("Nom", "Âge")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "rows", "merges", "first", "last", "labels"), HEADERS, ids=[h[0] for h in HEADERS]
)
def test_header_is_found(
    name: str, rows: Rows, merges: Sequence[Merge], first: int, last: int, labels: tuple[str, ...]
) -> None:
    (block,) = blocks(rows, merges)
    assert (block.header_first, block.header_last, block.labels) == (first, last, labels)


def test_header_said_by_the_publisher_wins() -> None:
    """Line 2 is taken though line 1 looks better; 0 means none."""
    rows: Rows = [["a", "b"], ["x", "y"], ["z", "t"]]
    assert blocks(rows, header_row=2)[0].labels == ("x", "y")
    assert blocks(rows, header_row=0)[0].header_last == -1


def test_two_tables_side_by_side() -> None:
    """An empty column between two titled blocks parts two tables."""
    rows: Rows = [
        ["Vélos", "", "", "Bus", ""],
        [],
        ["nom", "n", "", "nom", "n"],
        ["x", 1.0, "", "y", 2.0],
        ["x", 1.0, "", "", ""],
    ]
    assert [b.columns for b in blocks(rows)] == [(0, 1), (3, 4)]


@pytest.mark.parametrize(
    ("rows", "notes"),
    [
        ([[], ["Source : Insee", ""]], 2),
        ([["Total", ""]], 1),
        ([["Autre", ""]], 0),
        ([["", "Autre"], [], ["une remarque", ""], ["une autre", ""]], 3),
        ([[], [3.0, ""]], 0),
        ([["a" * 80, ""]], 1),
        ([], 0),
    ],
)
def test_notes_below_the_table(rows: Rows, notes: int) -> None:
    assert footer(rows) == notes


# --- what cells become ---


def test_cells_keep_what_the_sheet_meant(read: Callable[..., Reading]) -> None:
    """Whole numbers lose .0; dates, times and booleans have their type; instants are ISO text; durations pass
    24 h; rows bear sheet rows.
    """

    def fill(book: openpyxl.Workbook) -> None:
        sheet = book.active
        assert sheet is not None
        sheet.append(["n", "jour", "instant", "heure", "oui", "durée", "mélange", "code"])
        first, second = (dt.datetime.fromisoformat(t) for t in ("2026-01-02T03:04:00", "2026-01-03T00:00:00"))
        sheet.append(
            [
                1,
                dt.date(2026, 1, 2),
                first,
                dt.time(8, 30),
                True,
                dt.timedelta(hours=27, minutes=17),
                3,
                "01000",
            ]
        )
        sheet.append(
            [2.5, dt.date(2026, 2, 3), second, dt.time(9), False, dt.timedelta(hours=1), "trois", "34000"]
        )

    (table,) = read(fill).tables
    assert [c.native for c in table.columns] == [None, "date", None, "time", "boolean", None, None, None]
    assert cells(table) == [
        ("1", dt.date(2026, 1, 2), "2026-01-02T03:04:00", dt.time(8, 30), True, "27:17:00", "3", "01000"),
        ("2.5", dt.date(2026, 2, 3), "2026-01-03T00:00:00", dt.time(9), False, "01:00:00", "trois", "34000"),
    ]
    assert lines(table) == [2, 3]


def test_values_that_a_sheet_lost_are_told(read: Callable[..., Reading]) -> None:
    """Formulas never computed, cells in error, numbers past 15 digits, a total at the bottom: each is said
    with its count.
    """

    def fill(book: openpyxl.Workbook) -> None:
        sheet = book.active
        assert sheet is not None
        sheet.append(["nom", "n", "p"])
        sheet.append(["a", "=1+1", 12345678901234567])
        sheet.append(["b", "#N/A", 2])
        sheet["B3"].data_type = "e"
        sheet.append(["TOTAL", 3, 4])

    (table,) = read(fill).tables
    assert {i.code for i in table.issues} == {"lost-formula", "cell-error", "digits-lost", "total-row"}
    assert all("1 " in i.message for i in table.issues if i.code != "total-row")


def test_merged_data_cells_bear_the_text_of_their_area_and_no_number_twice(
    read: Callable[..., Reading],
) -> None:
    def fill(book: openpyxl.Workbook) -> None:
        sheet = book.active
        assert sheet is not None
        for row in (["zone", "n", "montant"], ["nord", 1, 500], [None, 2, None], ["sud", 3, 40]):
            sheet.append(row)
        sheet.merge_cells("A2:A3")
        sheet.merge_cells("C2:C3")

    (table,) = read(fill).tables
    assert cells(table) == [("nord", "1", "500"), ("nord", "2", None), ("sud", "3", "40")]
    assert "merged-cells" in {i.code for i in table.issues}


def test_a_stray_cell_far_below_does_not_change_the_table(read: Callable[..., Reading]) -> None:
    """The used range is large; the columns that open only there are kept, the gap is not read."""

    def fill(book: openpyxl.Workbook) -> None:
        sheet = book.active
        assert sheet is not None
        for row in (["a", "b"], [1, 2], [3, 4]):
            sheet.append(row)
        sheet["D900"] = "perdu"
        sheet["A900"] = 5

    (table,) = read(fill).tables
    assert (names(table), table.rows, table.header_row) == (["a", "b", "colonne_3"], 3, 1)
    assert lines(table) == [2, 3, 900]


def test_a_table_that_starts_far_down_is_found(read: Callable[..., Reading]) -> None:
    def fill(book: openpyxl.Workbook) -> None:
        sheet = book.active
        assert sheet is not None
        sheet["C700"], sheet["D700"], sheet["C701"], sheet["D701"] = "nom", "n", "x", 1

    (table,) = read(fill).tables
    assert (names(table), table.rows, table.header_row) == (["nom", "n"], 1, 700)


# --- sheets ---


def workbook(book: openpyxl.Workbook) -> None:
    notice = book.active
    assert notice is not None
    notice.title = "Lisez-moi"
    for i in range(30):
        notice.append([f"ligne {i}", "texte"])
    data = book.create_sheet("Données")
    data.append(["nom", "n", "p"])
    for i in range(20):
        data.append([f"x{i}", i, i])
    hidden = book.create_sheet("Brouillon")
    hidden.sheet_state = "hidden"
    for i in range(500):
        hidden.append([f"x{i}", i, i, i])
    book.create_sheet("Vide")


def test_the_data_sheet_comes_first_and_hidden_ones_last(read: Callable[..., Reading]) -> None:
    """A notice does not come first, nor does a hidden sheet however large; hidden and empty sheets are told."""
    reading = read(workbook)
    assert [t.name for t in reading.tables] == ["Données", "Lisez-moi", "Brouillon"]
    assert {(i.code, i.where) for i in reading.issues} == {
        ("hidden-sheet", "Brouillon"),
        ("empty-sheet", "Vide"),
    }
    assert [i.code for i in reading.tables[2].issues if i.code == "hidden-sheet"] == ["hidden-sheet"]


def test_a_sheet_may_be_asked_for(read: Callable[..., Reading]) -> None:
    assert [t.name for t in read(workbook, sheet="Lisez-moi").tables] == ["Lisez-moi"]
    with pytest.raises(Unreadable, match=r"« Absente » n’est pas dans le classeur.*« Données »"):
        read(workbook, sheet="Absente")


def test_sheets_of_one_kind_keep_the_order_of_the_workbook(read: Callable[..., Reading]) -> None:
    def fill(book: openpyxl.Workbook) -> None:
        for year, rows in ((2019, 20), (2020, 30)):
            sheet = book.create_sheet(str(year))
            sheet.append(["nom", "n"])
            for i in range(rows):
                sheet.append(["x", i])

    assert [t.name for t in read(fill).tables] == ["2019", "2020"]


def test_ods_merges_make_one_header(read: Callable[..., Reading]) -> None:
    """calamine does not tell the merged areas of an ods: our own scan does."""

    def text(said: str, attributes: str = "") -> str:
        return f'<table:table-cell{attributes} office:value-type="string"><text:p>{said}</text:p></table:table-cell>'

    covered = "<table:covered-table-cell/>"
    top = (
        text("Commune", ' table:number-rows-spanned="2"')
        + text("Vélos", ' table:number-columns-spanned="2"')
        + covered
    )
    number = (
        '<table:table-cell office:value-type="float" office:value="4"><text:p>4</text:p></table:table-cell>'
    )
    header = f"<table:table-row>{top}</table:table-row><table:table-row>{covered}{text('ville')}{text('cargo')}</table:table-row>"
    row = f"<table:table-row>{text('x')}{number}{number}</table:table-row>"
    (table,) = read(ods_of(header + row), ODS).tables
    assert (names(table), table.header_row, table.rows) == (["Commune", "Vélos ville", "Vélos cargo"], 2, 1)


# --- the messy files ---


@pytest.mark.shared
def test_messy_workbooks(shared: Path, tmp_path: Path) -> None:
    """Header row, rows and columns of every sheet of high confidence, against the ground truth; one may
    differ.

    issue-312: two columns hold values under an empty label. The truth counts the three labels; we keep the
    five columns.
    """
    folder = shared / "data" / "messy"
    rows = [
        line.rstrip("\n").split("\t") for line in (folder / "expected.tsv").read_text("utf-8").splitlines()
    ]
    truth = [dict(zip(rows[0], row, strict=False)) for row in rows[1:]]
    wrong: list[str] = []
    seen = 0
    for path in sorted({t["path"] for t in truth if t["format"] in READERS}):
        wanted = [t for t in truth if t["path"] == path]
        reader = READERS[wanted[0]["format"]]
        assert reader.sniff((folder / path).read_bytes()[:65536], folder / path) == 1.0
        spool = tmp_path / re.sub(r"\W", "_", path)
        spool.mkdir()
        try:
            tables = {t.name: t for t in reader.read(folder / path, Workspace(spool)).tables}
        except Unreadable:
            tables = {}
        for t in (t for t in wanted if t["confidence"] == "high"):
            table = tables.get(t["member"])
            got = (table.header_row, table.rows, len(table.columns)) if table else (0, 0, 0)
            seen += 1
            if (t["header_last"], t["rows"], t["cols"]) != tuple(map(str, got)):
                wrong.append(path)
    assert seen >= 40
    assert wrong == ["frictionless-py/issue-312.xlsx"]


@pytest.mark.shared
def test_three_header_rows_of_a_real_report(shared: Path, tmp_path: Path) -> None:
    table = XLSX.read(shared / "data/messy/frictionless-py/issue-320.xlsx", Workspace(tmp_path)).tables[0]
    assert (table.header_row, table.rows, len(table.columns)) == (12, 46, 54)
    assert "Second Projection" in " ".join(names(table))
    assert names(table)[0] == "Country"


# --- hostile and damaged files ---

FAR = [
    '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    "<row r='1'><c r='A1'><v>1</v></c></row><row r='1048576'><c r='XFD1048576'><v>1</v></c></row>",
    '<row r="1"><c r="A1"><v>1</v></c><c\n r="XFD1048576"><v>1</v></c></row>',
    '<row r="1048576">' + "<c><v>1</v></c>" * 60 + "</row>" + '<row r="1"><c r="A1"/></row>',
]


@pytest.mark.parametrize("rows", FAR)
def test_a_sheet_of_billions_of_cells_is_refused_before_it_is_laid_out(
    read: Callable[..., Reading], rows: str
) -> None:
    """However the far cell is written: quotes, white space, no reference at all."""
    with pytest.raises(Unreadable, match="s’étend sur 1\u202f048\u202f576 lignes") as told:
        read(xlsx_of(f"<sheetData>{rows}</sheetData>"))
    assert told.value.limit == "cells"


def test_cells_past_the_end_of_a_sheet_are_refused(read: Callable[..., Reading]) -> None:
    with pytest.raises(Unreadable, match="hors des limites"):
        read(xlsx_of('<sheetData><row r="1"><c r="ZZZ9999999"><v>1</v></c></row></sheetData>'))


X = 'office:value-type="string"><text:p>x</text:p></table:table-cell>'


@pytest.mark.parametrize(
    "rows",
    [
        f'<table:table-row table:number-rows-repeated="1000000"><table:table-cell table:number-columns-repeated="16000" {X}</table:table-row>',
        f'<table:table-row><table:table-cell table:number-columns-repeated="99999999999"/><table:table-cell {X}</table:table-row>',
    ],
)
def test_an_ods_that_repeats_without_end_is_refused(read: Callable[..., Reading], rows: str) -> None:
    with pytest.raises(Unreadable) as told:
        read(ods_of(rows), ODS)
    assert told.value.limit == "cells"


def test_an_ods_filled_to_its_end_with_empty_cells_is_read(read: Callable[..., Reading]) -> None:
    """LibreOffice writes the empty rest of a sheet as repeats: that costs nothing and is no attack."""
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    rows = "".join(
        f"<table:table-row>{cell.format(a)}{cell.format(b)}</table:table-row>"
        for a, b in (("nom", "ville"), ("x", "y"))
    )
    empty = '<table:table-row table:number-rows-repeated="1048574"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    assert read(ods_of(rows + empty), ODS).tables[0].rows == 1


def test_an_xls_whose_cells_lie_far_apart_is_refused(read: Callable[..., Reading]) -> None:
    far = b"".join(
        biff(0x203, struct.pack("<HHHd", row, column, 0, 1.0)) for row, column in ((0, 0), (65535, 60000))
    )
    content = compound(biff(0x809, struct.pack("<HH12x", 0x600, 0x10)) + far + biff(0x0A))
    with pytest.raises(Unreadable, match="65\u202f536 lignes et 60\u202f001 colonnes"):
        read(content, XLS)


def test_an_xlsb_whose_cells_lie_far_apart_is_refused(read: Callable[..., Reading]) -> None:
    far = xlsb_record(0, struct.pack("<I13x", 1_000_000)) + xlsb_record(
        5, struct.pack("<IId", 16_000, 0, 1.0)
    )
    content = zipped(
        {"[Content_Types].xml": "<Types/>", "xl/workbook.bin": b"", "xl/worksheets/sheet1.bin": far}
    )
    with pytest.raises(Unreadable, match="s’étend sur"):
        read(content, XLSB)


BOMB = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)


def test_entities_in_a_workbook_are_refused_or_never_expanded(read: Callable[..., Reading]) -> None:
    """An ods is refused at the declaration; a sheet of an xlsx keeps nothing of them."""
    content = ods_of("<table:table-row><table:table-cell/></table:table-row>")
    bomb = zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": "<m/>",
            "content.xml": BOMB + "<x>&i;</x>",
        }
    )
    assert ODS.sniff(content[:65536], Path()) == 1.0
    with pytest.raises(Unreadable, match="entités"):
        read(bomb, ODS)


MANY = [["a", "b"], *([f"x{i}", i] for i in range(400))]


@pytest.mark.parametrize("part", [0.2, 0.6, 0.95])
@pytest.mark.parametrize(
    ("reader", "content"), [(XLSX, small_xlsx(MANY)), (ODS, small_ods(MANY))], ids=["xlsx", "ods"]
)
def test_a_workbook_cut_short_is_told_damaged(
    read: Callable[..., Reading], reader: Reader, content: bytes, part: float, tmp_path: Path
) -> None:
    """It is still recognised, so that the message is about a workbook."""
    cut = content[: int(part * len(content))]
    (tmp_path / "cut").write_bytes(cut)
    assert reader.sniff(cut[:65536], tmp_path / "cut") >= 0.9
    with pytest.raises(Unreadable, match="endommagé"):
        read(cut, reader)


def test_a_damaged_workbook_never_raises_anything_else(read: Callable[..., Reading]) -> None:
    """Bytes changed at random in a workbook, 150 times: a reading, or Unreadable."""
    draw = random.Random(7)
    whole = {XLSX: small_xlsx([["a", "b"], ["x", 1], ["y", 2]]), ODS: small_ods([["a", "b"], ["x", 1]])}
    outcomes = {"read": 0, "refused": 0}
    for turn in range(150):
        reader = (XLSX, ODS)[turn % 2]
        content = bytearray(whole[reader])
        for _ in range(draw.randint(1, 8)):
            content[draw.randrange(len(content))] = draw.randrange(256)
        try:
            read(bytes(content), reader)
            outcomes["read"] += 1
        except Unreadable:
            outcomes["refused"] += 1
    assert min(outcomes.values()) > 0


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
def test_random_bytes_are_refused(read: Callable[..., Reading], reader: Reader) -> None:
    with pytest.raises(Unreadable):
        read(random.Random(1).randbytes(5000), reader)
    with pytest.raises(Unreadable):
        read(MAGIC + random.Random(2).randbytes(5000), reader)


def test_limits_are_kept(read: Callable[..., Reading]) -> None:
    content = small_xlsx([["a", "b", "c"], ["x", 1, 2], ["y", 1, 2]])
    with pytest.raises(Unreadable) as told:
        read(content, limits=Limits(columns=2))
    assert told.value.limit == "columns"
    with pytest.raises(Unreadable) as told:
        read(content, limits=Limits(cells=8))
    assert told.value.limit == "cells"
