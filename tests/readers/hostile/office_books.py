"""Workbooks and pages as office programs save them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

import openpyxl

from parvis.readers.minimal_files import ods_of, small_xls
from tests.readers.hostile.books import book
from tests.readers.hostile.case import Case
from tests.readers.hostile.requests import HEAD, ROWS, START, TYPES


def books() -> Iterator[Case]:
    """Workbooks and pages."""
    records: list[tuple[object, ...]] = [
        (r[0], r[1], r[2], int(r[3]), float(r[4].replace(",", ".")), dt.date.fromisoformat(r[5]))
        for r in ROWS
    ]
    truth: dict[str, Any] = {
        "format": "xlsx",
        "header": 1,
        "rows": 20,
        "names": HEAD,
        "types": TYPES,
        "first": START,
    }

    def made(name: str, *parts: tuple[int, int, Sequence[Sequence[object]]], **more: Any) -> Case:
        def fill(_: openpyxl.Workbook, sheet: Any) -> None:
            for top, left, rows in parts:
                for r, cells in enumerate(rows):
                    for c, cell in enumerate(cells):
                        if cell is not None:
                            sheet.cell(top + r, left + c, cell)

        return Case(name, book(fill), **{**truth, **more})

    table = [HEAD, *records]
    small = [("statut", "nb"), ("ouvert", 12), ("clos", 8), ("annulé", 3)]
    yield made(
        "a small summary below",
        (1, 1, table),
        (24, 1, small),
        tables=(("Feuil1", 20, 6), ("Feuil1 (A24)", 3, 2)),
    )
    yield made(
        "a small summary on the right",
        (1, 1, table),
        (1, 9, small),
        tables=(("Feuil1", 20, 6), ("Feuil1 (I)", 3, 2)),
    )
    yield made(
        "a summary of figures above", (1, 1, [("Total", 20), ("Coût", 210.5)]), (5, 1, table), header=5
    )
    yield made(
        "a table a quarter, titles between",
        *((1 + q * 9, 1, [[f"Trimestre {q + 1}"], HEAD, *records[q * 5 : q * 5 + 5]]) for q in range(4)),
        header=2,
        rows=None,
        types=(),
        first=(),
    )
    yield made(
        "two tables, dates in the labels of the second",
        (1, 1, table),
        (
            25,
            1,
            [("agent", dt.date(2024, 1, 1), dt.date(2024, 2, 1)), *((f"a{n}", n, n + 1) for n in range(5))],
        ),
        rows=None,
        types=(),
        names=(),
        first=(),
    )
    yield made("empty rows after each record", *((1 + 2 * n, 1, [row]) for n, row in enumerate(table)))
    yield made(
        "a note in the middle",
        (1, 1, table[:11]),
        (12, 1, [["suite page suivante"]]),
        (13, 1, table[11:]),
        rows=21,
        first=(),
    )
    yield made(
        "labels again after a blank row",
        (1, 1, table[:11]),
        (13, 1, [HEAD, *records[10:]]),
        tables=(("Feuil1", 20, 6),),
    )
    yield made("a title in the middle of its row", (1, 4, [["Demandes 2024"]]), (3, 1, table), header=3)
    yield made(
        "a logo's caption and an address above",
        (1, 1, [["Ville de Crécy"], ["1 place Foch"], ["01000 Crécy"]]),
        (6, 1, table),
        header=6,
    )
    yield made(
        "records numbered in a column without a label",
        (1, 1, [(None, *HEAD), *((n, *r) for n, r in enumerate(records, 1))]),
        names=("colonne_1", *HEAD),
        types=("integer", *TYPES),
        first=("1", *START),
    )
    yield made("trailing blanks and tabs in labels", (1, 1, [tuple(f" {h}\t" for h in HEAD), *records]))
    yield made(
        "costs as text with a euro",
        (
            1,
            1,
            [
                HEAD,
                *(
                    (*r[:4], f"{r[4]:.2f} €".replace(".", ","), r[5])
                    for r in records
                    if isinstance(r[4], float)
                ),
            ],
        ),
    )
    yield made(
        "days of three writings",
        (
            1,
            1,
            [HEAD, *((*r[:5], r[5] if n % 3 else f"{12 + n % 9}/03/2024") for n, r in enumerate(records, 1))],
        ),
        first=(),
    )
    yield made(
        "yes as a tick",
        (1, 1, [("lieu", "accessible"), *((f"l{n}", "✓" if n % 2 else None) for n in range(20))]),
        names=("lieu", "accessible"),
        types=(),
        first=(),
    )
    yield made(
        "only one column",
        (1, 1, [["quartier"], *([r[1]] for r in records)]),
        names=("quartier",),
        types=("text",),
        first=("Saint-Étienne",),
    )
    yield made(
        "labels merged two by two",
        (
            1,
            1,
            [
                ("2023", None, "2024", None),
                ("nb", "coût", "nb", "coût"),
                *((n, n * 1.5, n + 1, n * 2.5) for n in range(1, 21)),
            ],
        ),
        header=2,
        names=(),
        types=("integer", "number", "integer", "number"),
        first=("1", "1.5", "2", "2.5"),
    )
    cells: list[tuple[str | float, ...]] = [HEAD[:4], *((r[0], r[1], r[2], float(r[3])) for r in ROWS)]
    yield Case(
        "xls of a program, a title",
        small_xls([("Liste",), (), *cells]),
        "xls",
        header=3,
        rows=20,
        names=HEAD[:4],
        types=TYPES[:4],
    )
    rows = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{c}</text:p></table:table-cell>' for c in r
        )
        + "</table:table-row>"
        for r in [HEAD, *ROWS]
    )
    yield Case(
        "ods, all as text",
        ods_of(rows.replace("'", "&apos;")),
        "ods",
        header=1,
        rows=20,
        names=HEAD,
        types=TYPES,
        first=START,
    )

    def html(head: Sequence[str], body: Sequence[Sequence[str]]) -> str:
        return (
            "<tr>"
            + "".join(f"<th>{h}</th>" for h in head)
            + "</tr>"
            + "".join("<tr>" + "".join(f"<td>{c}</td>" for c in r) + "</tr>" for r in body)
        )

    yield Case(
        "a page with a menu table",
        (
            "<html><body><table><tr><td>Accueil</td><td>Contact</td></tr></table><table id=t>"
            + html(HEAD, ROWS)
            + "</table></body></html>"
        ).encode(),
        "html",
        rows=20,
        names=HEAD,
        types=TYPES,
        first=START,
    )
    yield Case(
        "bold cells for labels",
        (
            "<table><tr>"
            + "".join(f"<td><b>{h}</b></td>" for h in HEAD)
            + "</tr>"
            + html((), ROWS).replace("<tr></tr>", "")
            + "</table>"
        ).encode("cp1252"),
        "html",
        rows=20,
        names=HEAD,
        types=TYPES,
    )


FAMILIES = {"office books": books}
