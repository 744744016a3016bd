"""What a clerk sends that was once misread: rows of units, lines of dashes, lines between quotes, columns of
fixed width, decimal commas where no comma parts.
"""

from __future__ import annotations

import io
import json
import random
from pathlib import Path

import duckdb
import pytest
import xlsxwriter

from parvis import readers
from parvis.core.reading import RawTable, Workspace
from parvis.engine.scans import select_raw

HEAD = ["Code", "Libellé", "Montant", "Date"]


def body(seed: int) -> list[list[str]]:
    draw = random.Random(seed)
    words = ("Électricité", "Crèche", "Fête d'été", "Voirie")
    return [
        [
            f"{n:04d}",
            draw.choice(words),
            f"{draw.randint(1, 9999)},{draw.randint(0, 99):02d}",
            f"{draw.randint(1, 28):02d}/03/2026",
        ]
        for n in range(draw.randint(6, 60))
    ]


def text(rows: list[list[str]], separator: str = ";", end: str = "\r\n", tail: str = "") -> str:
    return "".join(separator.join(row) + tail + end for row in rows)


def read(content: bytes, folder: Path) -> RawTable:
    path = folder / "recu"
    path.write_bytes(content)
    return readers.read(path, Workspace(folder / "spool")).tables[0]


def cells(table: RawTable) -> list[list[str]]:
    return [
        list(row) for row in duckdb.sql(select_raw(table.scan, len(table.columns)).sql("duckdb")).fetchall()
    ]


def labels(table: RawTable) -> list[str]:
    return [c.name for c in table.columns]


def codes(table: RawTable) -> set[str]:
    return {i.code for i in table.issues}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("codec", "separator"),
    [
        ("utf-16", ";"),
        ("utf-16-le", "\t"),
        ("utf-16-be", ";"),
        ("cp850", ";"),
        ("mac-roman", "\t"),
        ("cp1252", "|"),
        ("utf-8-sig", ";"),
    ],
)
@pytest.mark.parametrize("shape", ["plain", "sep", "trailing", "titled"])
def test_any_encoding_and_habit(tmp_path: Path, seed: int, codec: str, separator: str, shape: str) -> None:
    """UTF-16 with and without a mark, DOS and Mac, « sep= », a delimiter at each end, titles above: header
    and cells are those that were written.
    """
    rows = body(seed)
    tail = separator if shape == "trailing" else ""
    above = {
        "sep": f"sep={separator}\r\n",
        "titled": f"Ville de Fenouillet{separator * 3}\r\nExercice 2026{separator * 3}\r\n",
    }.get(shape, "")
    table = read((above + text([HEAD, *rows], separator, tail=tail)).encode(codec), tmp_path)
    assert (labels(table), table.header_row, table.separator) == (HEAD, 1 + above.count("\n"), separator)
    assert cells(table) == rows


def test_decimal_commas_do_not_hide_a_rare_separator(tmp_path: Path) -> None:
    rows = body(7)
    table = read(text([HEAD, *rows], "^").encode("cp1252"), tmp_path)
    assert (labels(table), table.separator, cells(table)) == (HEAD, "^", rows)


@pytest.mark.parametrize(
    "units", [["", "", "k€", "jj/mm/aaaa"], ["(n°)", "(texte)", "(en €)", "(jour)"], ["", "", "€ TTC", ""]]
)
def test_a_row_of_units_belongs_to_the_header(tmp_path: Path, units: list[str]) -> None:
    rows = body(1)
    table = read(text([HEAD, units, *rows]).encode(), tmp_path)
    assert labels(table) == [f"{label} {unit}".strip() for label, unit in zip(HEAD, units, strict=True)]
    assert (table.header_row, cells(table)) == (2, rows)
    assert codes(table) == {"multi-row-header"}


@pytest.mark.parametrize(
    "first", [["", "", "n.c.", ""], ["M", "H", "12", ""], ["", "", "(1)", "Voirie"], ["", "m", "", ""]]
)
def test_a_first_record_that_is_no_row_of_units_stays(tmp_path: Path, first: list[str]) -> None:
    rows = body(2)
    table = read(text([HEAD, first, *rows]).encode(), tmp_path)
    assert (labels(table), cells(table)) == (HEAD, [first, *rows])


def test_a_row_of_units_in_a_workbook(tmp_path: Path) -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Budget")
        sheet.merge_range(0, 0, 0, 2, "Dépenses de la commune")
        for r, row in enumerate(
            [["Code", "Libellé", "Montant"], ["", "", "en k€"], ["a", "Voirie", 12.5], ["b", "Écoles", 3]], 3
        ):
            sheet.write_row(r, 0, row)
    table = read(out.getvalue(), tmp_path)
    assert (labels(table), table.header_row, cells(table)) == (
        ["Code", "Libellé", "Montant en k€"],
        5,
        [["a", "Voirie", "12.5"], ["b", "Écoles", "3"]],
    )


@pytest.mark.parametrize(
    "rule", ["----;-------;-------;----\r\n", "--------------------------\r\n", ":---;:---:;---:;----\r\n"]
)
def test_a_line_of_dashes_under_the_header_is_passed(tmp_path: Path, rule: str) -> None:
    rows = body(3)
    table = read((text([HEAD]) + rule + text(rows)).encode("cp1252"), tmp_path)
    assert (labels(table), table.header_row, cells(table)) == (HEAD, 1, rows)
    assert "rule-line" in codes(table)


@pytest.mark.parametrize("codec", ["utf-8-sig", "cp1252", "utf-16"])
def test_lines_between_quotes_are_freed(tmp_path: Path, codec: str) -> None:
    """A whole line in one cell, its own quotes doubled: what Excel makes of a CSV that was opened and saved
    in one column.
    """
    rows = [[r[0], f'"{r[1]}, lot n° {i}"', r[2].replace(",", "."), r[3]] for i, r in enumerate(body(4))]
    lines = text([HEAD, *rows], ",").split("\r\n")[:-1]
    content = "".join('"' + line.replace('"', '""') + '"\r\n' for line in lines)
    table = read(content.encode(codec), tmp_path)
    assert labels(table) == HEAD
    assert cells(table) == [[r[0], r[1].strip('"'), *r[2:]] for r in rows]
    assert "wrapped-lines" in codes(table)
    assert table.encoding == codec


def test_one_column_between_quotes_is_one_column(tmp_path: Path) -> None:
    table = read(b'"nom"\r\n"Voirie"\r\n"Eaux"\r\n', tmp_path)
    assert (labels(table), cells(table), codes(table)) == (["nom"], [["Voirie"], ["Eaux"]], set())


@pytest.mark.parametrize("dashes", [False, True])
def test_columns_of_fixed_width_are_cut_at_their_width_not_at_decimal_commas(
    tmp_path: Path, dashes: bool
) -> None:
    def line(row: list[str]) -> str:
        return f"{row[0]:<8}{row[1]:<16}{row[2]:>10}  {row[3]}".rstrip() + "\r\n"

    rows = body(5)
    table = read(
        (
            line(HEAD)
            + (line(["-" * 6, "-" * 14, "-" * 10, "-" * 10]) if dashes else "")
            + "".join(map(line, rows))
        ).encode("cp1252"),
        tmp_path,
    )
    assert (labels(table), cells(table), table.separator) == (HEAD, rows, None)
    assert "fixed-width" in codes(table)
    (tmp_path / "torn").mkdir()
    torn = read(
        b"avis\n" + b"".join(f"un  mot{' ' * (n % 5)}  et  {'la' * n}  suite\n".encode() for n in range(8)),
        tmp_path / "torn",
    )
    assert len(torn.columns) == 1


def test_wrapped_json_and_xml_with_namespaces(tmp_path: Path) -> None:
    rows = body(6)
    records = [dict(zip(HEAD, row, strict=True)) for row in rows]
    inner = "".join("<l>" + "".join(f"<n:{k}>{v}</n:{k}>" for k, v in r.items()) + "</l>" for r in records)
    soap = f'<s:Envelope xmlns:s="urn:s" xmlns:n="urn:n"><s:Body><r xmlns="urn:x"><nb>{len(rows)}</nb><liste>{inner}</liste></r></s:Body></s:Envelope>'
    for content in (
        json.dumps({"data": {"items": records}, "total": len(rows)}),
        json.dumps({"status": "ok", "result": {"records": records, "fields": [{"id": "a"}]}}),
        soap,
    ):
        table = read(content.encode(), tmp_path)
        assert (labels(table), cells(table)) == (HEAD, rows)
