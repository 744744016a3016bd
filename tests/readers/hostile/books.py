"""Workbooks: where the table stands, what dates, faults and formats become, which sheets there are."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import openpyxl
import xlsxwriter

from parvis.readers.minimal_files import ods_of, small_xls, small_xlsb
from tests.readers.hostile.case import Case

HEAD = ("code", "commune", "montant", "jour")
ROWS = [
    (f"{n:05d}", ("Évry", "Mâcon", "Sète")[n % 3], n * 1.5, dt.date(2025, 1 + n % 12, 13 + n % 9))
    for n in range(1, 21)
]
TYPES = ("text", "text", "number", "date")
FIRST = ("00001", "Mâcon", "1.5", "2025-02-14")
LAST = ("00020", "Sète", "30.0", "2025-09-15")


Fill = Callable[[openpyxl.Workbook, Any], object]


def book(fill: Fill) -> bytes:
    """A workbook whose first sheet, « Feuil1 », was filled by a function."""
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = "Feuil1"
    fill(made, sheet)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _sheet(above: int = 0, left: int = 0, *, end: tuple[tuple[object, ...], ...] = ()) -> Fill:
    def fill(_: openpyxl.Workbook, sheet: Any) -> None:
        for r, row in enumerate((HEAD, *ROWS, *end)):
            for c, value in enumerate(row):
                if value is not None:
                    sheet.cell(1 + above + r, 1 + left + c, value)

    return fill


def _whole(name: str, content: bytes, **more: Any) -> Case:
    truth: dict[str, Any] = {
        "format": "xlsx",
        "header": 1,
        "rows": 20,
        "names": HEAD,
        "types": TYPES,
        "first": FIRST,
        "last": LAST,
    }
    return Case(name, content, **{**truth, **more})


def _with(*more: Fill, above: int = 0, left: int = 0) -> bytes:
    def fill(made: openpyxl.Workbook, sheet: Any) -> None:
        _sheet(above, left)(made, sheet)
        for each in more:
            each(made, sheet)

    return book(fill)


def _do(**cells: object) -> Fill:
    def fill(_: openpyxl.Workbook, sheet: Any) -> None:
        for where, value in cells.items():
            sheet[where] = value

    return fill


def xlsx() -> Iterator[Case]:
    """Workbooks as Excel leaves them after people worked in them."""
    yield _whole("plain", book(_sheet()))
    yield _whole("title, blank row", _with(_do(A1="Marchés de la ville"), above=2), header=3)
    yield _whole(
        "title merged over the table",
        _with(_do(A1="Marchés de la ville"), lambda _, s: s.merge_cells("A1:D1"), above=1),
        header=2,
    )
    yield _whole("two columns empty on the left", book(_sheet(left=2)))
    yield _whole("three rows and a column empty", book(_sheet(above=3, left=1)), header=4)
    yield _whole("source below", _with(_do(A23="Source : direction des finances")))
    yield _whole(
        "rows hidden",
        _with(lambda _, s: [s.row_dimensions.__getitem__(r).__setattr__("hidden", True) for r in (5, 6)]),
    )
    yield _whole("column hidden", _with(lambda _, s: s.column_dimensions["B"].__setattr__("hidden", True)))
    yield _whole(
        "far away cell formatted", _with(lambda _, s: s.cell(5000, 60).__setattr__("number_format", "0.00"))
    )
    yield _whole("total below", _with(_do(A22="Total", C22=315.0)), rows=21, last=(), codes=("total-row",))

    def second(made: openpyxl.Workbook, _: object) -> None:
        sheet = made.create_sheet("Lisez-moi")
        sheet["A1"] = "Ce classeur recense les marchés."
        sheet["A3"] = "Contact : service des achats"

    yield _whole("a sheet to be read", _with(second))

    def first(made: openpyxl.Workbook, sheet: Any) -> None:
        sheet["A1"] = "Ce classeur recense les marchés."
        sheet["A3"] = "Contact : service des achats"
        _sheet()(made, made.create_sheet("Données"))

    yield _whole("the data on the second sheet", book(first))

    def hidden(made: openpyxl.Workbook, _: object) -> None:
        sheet = made.create_sheet("listes")
        for n, word in enumerate(("genre", "oui", "non"), 1):
            sheet.cell(n, 1, word)
        sheet.sheet_state = "hidden"

    yield _whole("a hidden sheet of lists", _with(hidden))

    def years(made: openpyxl.Workbook, sheet: Any) -> None:
        sheet.title = "2023"
        _sheet()(made, sheet)
        for year in ("2024", "2025"):
            _sheet()(made, made.create_sheet(year))

    yield _whole("a sheet a year", book(years), tables=(("2023", 20, 4), ("2024", 20, 4), ("2025", 20, 4)))
    yield _whole("an empty sheet first", book(lambda made, _: _sheet()(made, made.create_sheet("Données"))))

    def faults(_: openpyxl.Workbook, sheet: Any) -> None:
        for row in (7, 12):
            sheet.cell(row, 3).value = "#N/A"
            sheet.cell(row, 3).data_type = "e"

    yield _whole("faults of formulas", _with(faults))

    def shares(_: openpyxl.Workbook, sheet: Any) -> None:
        sheet.append(("commune", "taux"))
        for n in range(1, 20):
            sheet.append(("Évry", n / 80))
            sheet.cell(n + 1, 2).number_format = "0.0%"

    yield Case(
        "shares", book(shares), "xlsx", header=1, rows=19, types=("text", "number"), first=("Évry", "0.0125")
    )
    yield Case(
        "days of 1904",
        _xlsxwriter({"date_1904": True}),
        "xlsx",
        header=1,
        rows=9,
        types=("date", "datetime", "integer"),
        first=("2025-03-12", "2025-03-12 09:30:00+00", "1"),
    )
    yield Case(
        "days of 1900",
        _xlsxwriter({}),
        "xlsx",
        header=1,
        rows=9,
        types=("date", "datetime", "integer"),
        first=("2025-03-12", "2025-03-12 09:30:00+00", "1"),
    )

    def texts(_: openpyxl.Workbook, sheet: Any) -> None:
        sheet.append(("code", "montant", "jour"))
        for n in range(1, 20):
            sheet.append((f"{n:05d}", f"{n},50", f"{12 + n % 10}/03/2025"))

    yield Case(
        "numbers and days as text",
        book(texts),
        "xlsx",
        header=1,
        rows=19,
        types=("text", "number", "date"),
        first=("00001", "1.5", "2025-03-13"),
    )

    def mixed(_: openpyxl.Workbook, sheet: Any) -> None:
        sheet.append(("nom", "jour"))
        for n in range(1, 20):
            sheet.append(("Foch", f"{12 + n % 10}/03/2025" if n % 4 == 0 else dt.date(2025, 3, 12 + n % 10)))
            sheet.cell(n + 1, 2).number_format = "dd/mm/yyyy"

    yield Case(
        "days, some as text",
        book(mixed),
        "xlsx",
        header=1,
        rows=19,
        types=("text", "date"),
        first=("Foch", "2025-03-13"),
        misfits=0,
    )

    def zeros(_: openpyxl.Workbook, sheet: Any) -> None:
        sheet.append(("code postal", "nom"))
        for n in range(1, 20):
            sheet.append((1000 + n, "Foch"))
            sheet.cell(n + 1, 1).number_format = "00000"

    yield Case(
        "zeros shown by a format",
        book(zeros),
        "xlsx",
        header=1,
        rows=19,
        types=("text", "text"),
        first=("01001", "Foch"),
    )

    def groups(_: openpyxl.Workbook, sheet: Any) -> None:
        sheet.append(("commune", "Hommes", None, "Femmes", None))
        sheet.append((None, "0-14 ans", "15 ans et +", "0-14 ans", "15 ans et +"))
        for n in range(1, 20):
            sheet.append((f"Ville {n}", n, n + 1, n + 2, n + 3))
        for span in ("A1:A2", "B1:C1", "D1:E1"):
            sheet.merge_cells(span)

    names = ("commune", "Hommes 0-14 ans", "Hommes 15 ans et +", "Femmes 0-14 ans", "Femmes 15 ans et +")
    yield Case(
        "merged groups of labels",
        book(groups),
        "xlsx",
        header=2,
        rows=19,
        names=names,
        types=("text", "integer", "integer", "integer", "integer"),
    )

    def spans(_: openpyxl.Workbook, sheet: Any) -> None:
        sheet.append(("quartier", "rue", "n"))
        for n in range(18):
            sheet.append((f"Q{n // 3}" if n % 3 == 0 else None, f"rue {n}", n))
        for n in range(0, 18, 3):
            sheet.merge_cells(start_row=2 + n, end_row=4 + n, start_column=1, end_column=1)

    yield Case(
        "merged cells among the records", book(spans), "xlsx", header=1, rows=18, last=("Q5", "rue 17", "17")
    )

    def three(_: openpyxl.Workbook, sheet: Any) -> None:
        sheet.append(("Collecte des déchets", None, None, None))
        sheet.append(("Commune", "Ordures", "Tri", "Verre"))
        sheet.append((None, "(t)", "(t)", "(kg)"))
        for n in range(1, 20):
            sheet.append((f"Ville {n}", n * 1.5, n * 2.5, n))

    yield Case(
        "title, labels, units",
        book(three),
        "xlsx",
        header=3,
        rows=19,
        names=("Commune", "Ordures (t)", "Tri (t)", "Verre (kg)"),
    )
    yield Case(
        "formulas never computed",
        book(lambda _, s: [s.append(r) for r in (("a", "b"), *((n, f"=A{n + 1}*2") for n in range(1, 9)))]),
        "xlsx",
        header=1,
        rows=8,
        names=("a", "b"),
    )
    yield Case("nothing in it", book(lambda _, __: None), "xlsx", refused=("vide",))
    yield Case("labels only", book(lambda _, s: s.append(HEAD)), "xlsx", header=1, rows=0, names=HEAD)
    yield Case(
        "locked by a password",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(500)
        + "EncryptedPackage".encode("utf-16-le")
        + bytes(4000),
        refused=("passe",),
    )
    yield Case("cut in the middle", book(_sheet())[:3000], refused=("endommagé",))


def _xlsxwriter(options: dict[str, object]) -> bytes:
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out, {"in_memory": True, **options})  # pyright: ignore[reportUnknownMemberType]
    sheet = made.add_worksheet("Feuil1")
    day, instant = (
        made.add_format({"num_format": "dd/mm/yyyy"}),
        made.add_format({"num_format": "dd/mm/yyyy hh:mm"}),
    )
    for c, label in enumerate(("jour", "horodatage", "n")):
        sheet.write(0, c, label)
    for n in range(1, 10):
        sheet.write_datetime(n, 0, dt.datetime(2025, 3, 11 + n), day)  # noqa: DTZ001
        sheet.write_datetime(n, 1, dt.datetime(2025, 3, 11 + n, 10, 30), instant)  # noqa: DTZ001
        sheet.write(n, 2, n)
    made.close()
    return out.getvalue()


def _rows_of(rows: list[tuple[str | float, ...]]) -> str:
    """Rows of an ods sheet: numbers as floats, texts as strings."""

    def cell(value: str | float) -> str:
        if isinstance(value, str):
            return (
                f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'
                if value
                else "<table:table-cell/>"
            )
        return f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{value}</text:p></table:table-cell>'

    return "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)


def others() -> Iterator[Case]:
    """Old and open workbooks."""
    rows: list[tuple[str | float, ...]] = [
        ("code", "commune", "montant"),
        *((f"{n:05d}", "Évry", n * 1.5) for n in range(1, 21)),
    ]
    truth: dict[str, Any] = {
        "rows": 20,
        "names": ("code", "commune", "montant"),
        "types": ("text", "text", "number"),
        "first": ("00001", "Évry", "1.5"),
    }
    yield Case("xls", small_xls(rows), "xls", header=1, **truth)
    yield Case("xls with a title", small_xls([("Marchés",), (), *rows]), "xls", header=3, **truth)
    yield Case("xlsb", small_xlsb(rows), "xlsb", header=1, **truth)
    yield Case("ods", ods_of(_rows_of(rows)), "ods", header=1, **truth)
    yield Case(
        "ods with a title and a blank row",
        ods_of(_rows_of([("Marchés",), ("",), *rows])),
        "ods",
        header=3,
        **truth,
    )
    repeated = (
        _rows_of(rows)
        + '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="1024"/></table:table-row>'
    )
    yield Case("ods with a million empty rows", ods_of(repeated), "ods", header=1, **truth)
    day = '<table:table-cell office:value-type="date" office:date-value="2025-03-12"><text:p>12/03/25</text:p></table:table-cell>'
    share = '<table:table-cell office:value-type="percentage" office:value="0.125"><text:p>12,5%</text:p></table:table-cell>'
    euro = '<table:table-cell office:value-type="currency" office:currency="EUR" office:value="12.5"><text:p>12,50 €</text:p></table:table-cell>'
    flag = '<table:table-cell office:value-type="boolean" office:boolean-value="true"><text:p>VRAI</text:p></table:table-cell>'
    head = _rows_of([("jour", "taux", "prix", "ouvert")])
    yield Case(
        "ods with days, shares, euros and flags",
        ods_of(head + f"<table:table-row>{day}{share}{euro}{flag}</table:table-row>" * 12),
        "ods",
        header=1,
        rows=12,
        types=("date", "number", "number", "boolean"),
        first=("2025-03-12", "0.125", "12.5", "true"),
    )
    many = '<table:table-row table:number-rows-repeated="5">' + _rows_of([("a", 1.0)]).removeprefix(
        "<table:table-row>"
    )
    yield Case("ods with rows repeated", ods_of(_rows_of([("nom", "n")]) + many), "ods", header=1, rows=5)
    html = (
        "<html><body><table><tr><th>code</th><th>commune</th><th>montant</th></tr>"
        + "".join(f"<tr><td>{n:05d}</td><td>Évry</td><td>{n},50</td></tr>" for n in range(1, 21))
        + "</table></body></html>"
    )
    yield Case(
        "a web page named xls",
        html.encode(),
        "html",
        rows=20,
        names=("code", "commune", "montant"),
        types=("text", "text", "number"),
        first=("00001", "Évry", "1.5"),
    )
    with io.BytesIO() as out:
        with zipfile.ZipFile(out, "w") as docx:
            docx.writestr("[Content_Types].xml", "<Types/>")
            docx.writestr("word/document.xml", "<document/>")
        yield Case("a text document", out.getvalue(), refused=("table",))


FAMILIES = {"xlsx": xlsx, "other books": others}
