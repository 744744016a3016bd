"""Workbooks and pages made by hand at a desk, or saved by software under a name that is not
theirs.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

import openpyxl
from openpyxl.comments import Comment

from parvis.readers.minimal_files import ods_of, small_xls
from tests.readers.hostile.books import book
from tests.readers.hostile.case import Case

HEAD = ("code", "quartier", "places", "prix", "ouverture")
_AREAS = ("Centre", "Pré-Haut", "L'Étang", "Gare")
ROWS: list[tuple[object, ...]] = [
    (f"{n:04d}", _AREAS[n % 4], n * 3, n * 1.25, dt.date(2024, 1 + n % 12, 13 + n % 9)) for n in range(1, 13)
]
TYPES = ("text", "text", "integer", "number", "date")
FIRST = ("0001", "Pré-Haut", "3", "1.25", "2024-02-14")


def _append(rows: Sequence[Sequence[object]], row: int = 1, left: int = 1) -> Any:
    """Fills a sheet with rows, the first cell at (row, left)."""

    def fill(_: openpyxl.Workbook, sheet: Any) -> None:
        for r, cells in enumerate(rows):
            for c, cell in enumerate(cells):
                if cell is not None:
                    sheet.cell(row + r, left + c, cell)

    return fill


def _book(name: str, *fills: Any, **more: Any) -> Case:
    def fill(made: openpyxl.Workbook, sheet: Any) -> None:
        for each in fills:
            each(made, sheet)

    truth: dict[str, Any] = {
        "format": "xlsx",
        "header": 1,
        "rows": 12,
        "names": HEAD,
        "types": TYPES,
        "first": FIRST,
    }
    return Case(name, book(fill), **{**truth, **more})


def _free(name: str, rows: Sequence[Sequence[object]], *fills: Any, **more: Any) -> Case:
    truth: dict[str, Any] = {
        "header": 1,
        "rows": len(rows) - 1,
        "names": tuple(str(h) for h in rows[0]),
        "types": (),
        "first": (),
    }
    return _book(name, _append(rows), *fills, **{**truth, **more})


def _formats(column: int, code: str, rows: int = 40) -> Any:
    def fill(_: openpyxl.Workbook, sheet: Any) -> None:
        for r in range(2, rows):
            if sheet.cell(r, column).value is not None:
                sheet.cell(r, column).number_format = code

    return fill


def hand() -> Iterator[Case]:
    """Workbooks filled by hand."""
    table = [HEAD, *ROWS]
    yield _book(
        "a table at D7, a title at A1", _append([["PARKINGS DE LA VILLE"]]), _append(table, 7, 4), header=7
    )
    yield _book(
        "notes on the right, one column apart",
        _append(table),
        _append([["NB : à revoir"], ["voir avec Luc"]], 3, 7),
        names=(),
        types=(),
        first=(),
        codes=("split-table",),
    )
    yield _book(
        "a key of colours on the right",
        _append(table),
        _append([["Légende"], ["rouge : complet"], ["vert : libre"]], 1, 8),
        names=(),
        types=(),
        first=(),
        codes=("split-table",),
    )
    yield _book(
        "a total by formula",
        _append(table),
        _append([["Total", None, "=SUM(C2:C13)", "=SUM(D2:D13)"]], 14),
        codes=("lost-formula",),
    )
    yield _book(
        "subtotals by area",
        _append([HEAD, *ROWS[:6], ["Sous-total", None, 99, 9.5], *ROWS[6:], ["Total", None, 199, 19.5]]),
        rows=14,
    )
    yield _book(
        "labels on two lines in their cells", _append([tuple(f"{h}\n(2024)" for h in HEAD), *ROWS]), names=()
    )
    yield _book(
        "filters and frozen panes",
        _append(table),
        lambda _, s: (s.auto_filter.__setattr__("ref", "A1:E13"), s.__setattr__("freeze_panes", "A2")),
    )
    yield _book(
        "a comment on a cell",
        _append(table),
        lambda _, s: s["B3"].__setattr__("comment", Comment("faux ?", "Luc")),
    )
    yield _book("a table of Excel with its row of totals", _append(table))
    yield _book("empty rows between the groups", _append([HEAD, *ROWS[:4], [], *ROWS[4:8], [], *ROWS[8:]]))
    yield _book(
        "the group in a row of its own",
        _append([HEAD, ["SECTEUR NORD"], *ROWS[:6], ["SECTEUR SUD"], *ROWS[6:]]),
        rows=14,
        first=(),
    )
    yield _book("labels again after each group", _append([HEAD, *ROWS[:6], HEAD, *ROWS[6:]]))
    yield _book(
        "a pivot of Excel",
        _append(
            [
                ["Étiquettes de lignes", "Somme de places", "Moyenne de prix"],
                *([a, n * 7, n * 1.5] for n, a in enumerate(_AREAS)),
                ["Total général", 99, 1.5],
            ],
            3,
        ),
        header=3,
        rows=5,
        names=("Étiquettes de lignes", "Somme de places", "Moyenne de prix"),
        types=("text", "integer", "number"),
        first=(),
        codes=("total-row",),
    )
    yield _book(
        "filters of a dashboard above",
        _append([["Filtres appliqués :\nAnnée est 2024"], [], *table]),
        header=3,
    )
    yield _book(
        "days, some as text, one wrong",
        _append([HEAD, *((*r[:4], "31/02/2024" if n == 5 else r[4]) for n, r in enumerate(ROWS))]),
        misfits=1,
    )
    yield _book(
        "numbers, half as text",
        _append(
            [
                HEAD,
                *((*r[:3], str(r[3]).replace(".", ",") if n % 2 else r[3], r[4]) for n, r in enumerate(ROWS)),
            ]
        ),
    )
    yield _book(
        "no-break blanks and trailing blanks",
        _append([tuple(f"{h}\u00a0 " for h in HEAD), *((f"{r[0]} ", f"\u00a0{r[1]}", *r[2:]) for r in ROWS)]),
        first=(),
    )
    yield _book("cells of blanks only below", _append(table), _append([[" ", " ", " "], [" "]], 14))
    yield _free(
        "months as days in the labels",
        [["quartier", *(dt.date(2024, m, 1) for m in range(1, 7))], *([a, *range(6)] for a in _AREAS * 3)],
        names=(),
    )
    yield _free(
        "years as numbers in the labels",
        [
            ["quartier", 2021, 2022, 2023, 2024],
            *([f"{a} {n}", n, n + 1, n + 2, n + 3] for n, a in enumerate(_AREAS * 3)),
        ],
        names=("quartier", "2021", "2022", "2023", "2024"),
    )
    yield _free(
        "post codes shown with their zero",
        [["ville", "cp"], *([a, 1000 + n] for n, a in enumerate(_AREAS * 3))],
        _formats(2, "00000"),
        types=("text", "text"),
        first=("Centre", "01000"),
    )
    yield _free(
        "communes shown with their zero",
        [["INSEE", "nom"], *([1004 + n, a] for n, a in enumerate(_AREAS * 3))],
        _formats(1, "0####"),
        types=("text", "text"),
    )
    yield _free(
        "numbers padded to three",
        [["n°", "nom"], *([n, a] for n, a in enumerate(_AREAS * 3, 1))],
        _formats(1, "000"),
        types=("text", "text"),
        first=("001", "Centre"),
    )
    yield _free(
        "sirets shown by groups",
        [["siret", "nom"], *([21340172201787 + n, a] for n, a in enumerate(_AREAS * 3))],
        _formats(1, "### ### ### #####"),
        types=("text", "text"),
    )
    yield _free(
        "shares, thousands, euros",
        [
            ["nom", "part", "hab", "coût"],
            *([a, n / 40, n * 1234, n * 12.5] for n, a in enumerate(_AREAS * 3)),
        ],
        _formats(2, "0.00%"),
        _formats(3, "#,##0"),
        _formats(4, '#,##0.00" €"'),
        types=("text", "number", "integer", "number"),
    )
    yield _free(
        "hours and durations",
        [
            ["ligne", "départ", "durée"],
            *([f"L{n}", dt.time(8, n), dt.timedelta(minutes=90 + n)] for n in range(1, 13)),
        ],
        types=("text", "time", "time"),
        first=("L1", "08:01:00", "01:31:00"),
    )
    yield _free(
        "instants",
        [["ligne", "vu le"], *([f"L{n}", dt.datetime(2024, 3, 25, 10, n)] for n in range(1, 13))],  # noqa: DTZ001
        types=("text", "datetime"),
        first=("L1", "2024-03-25 09:01:00+00"),
    )
    yield _free(
        "phones as numbers",
        [["lieu", "téléphone"], *([a, 467000000 + n] for n, a in enumerate(_AREAS * 3))],
        types=("text", "text"),
    )
    yield _free(
        "X in a grid",
        [
            ["lieu", "rampe", "boucle", "braille"],
            *(
                [f"{a} {n}", "X" if n % 2 else None, "x" if n % 3 else None, "X"]
                for n, a in enumerate(_AREAS * 3)
            ),
        ],
        types=("text", "boolean", "boolean", "boolean"),
    )
    yield _free(
        "words for nothing",
        [["lieu", "places"], *([f"{a} {n}", "NC" if n % 5 == 0 else n] for n, a in enumerate(_AREAS * 5))],
        types=("text", "integer"),
        misfits=0,
    )
    yield _free(
        "a hundred thousand with blanks as text",
        [["lieu", "habitants"], *([f"{a} {n}", f"{n + 100} {n:03d}"] for n, a in enumerate(_AREAS * 3))],
        types=("text", "integer"),
        first=("Centre 0", "100000"),
    )

    def notes(made: openpyxl.Workbook, sheet: Any) -> None:
        sheet.title = "Lisez-moi"
        _append(
            [
                ["Parkings de la ville"],
                ["Mis à jour le 12/03/2025"],
                ["Champ", "Définition"],
                ["code", "code du lieu"],
                ["places", "nombre"],
            ]
        )(made, sheet)
        _append(table)(made, made.create_sheet("Données"))

    yield _book(
        "a sheet of notes first, then the data", notes, header=None, rows=None, names=(), types=(), first=()
    )

    def chart(made: openpyxl.Workbook, _: Any) -> None:
        made.create_chartsheet("Graphique")

    yield _book("a sheet of a chart", _append(table), chart)


def several() -> Iterator[Case]:
    """More than one table on a sheet: each becomes a table of its own, and none is lost."""
    one = [("mois", "entrées"), *((f"mois {n}", n) for n in range(1, 9))]
    two = [("tarif", "recettes", "part"), *((f"tarif {n}", n * 10.5, n / 7) for n in range(1, 7))]
    truth: dict[str, Any] = {
        "header": 1,
        "rows": 8,
        "names": ("mois", "entrées"),
        "types": ("text", "integer"),
        "first": ("mois 1", "1"),
    }
    both = (("Feuil1", 8, 2), ("Feuil1 (A12)", 6, 3))
    yield _book(
        "below, two blank rows",
        _append(one),
        _append(two, 12),
        **truth,
        tables=both,
        codes=("several-tables",),
    )
    under: dict[str, Any] = {**truth, "header": 2}
    yield _book(
        "below, titles of their own",
        _append([["Entrées"], *one]),
        _append([["Recettes"], *two], 13),
        **under,
        tables=(both[0], ("Feuil1 (A14)", 6, 3)),
        codes=("several-tables",),
    )
    yield _book(
        "below, one blank row",
        _append(one),
        _append(two, 11),
        **truth,
        tables=(both[0], ("Feuil1 (A11)", 6, 3)),
        codes=("several-tables",),
    )
    yield _book(
        "below, alike columns, their own labels",
        _append(one),
        _append([("jour", "sorties"), *((f"jour {n}", n) for n in range(1, 7))], 12),
        **truth,
        tables=(("Feuil1", 8, 2), ("Feuil1 (A12)", 6, 2)),
    )
    yield _book(
        "side by side, one column apart",
        _append(one),
        _append(two, 1, 4),
        **truth,
        tables=(both[0], ("Feuil1 (D)", 6, 3)),
        codes=("several-tables",),
    )
    yield _book(
        "side by side, titles above",
        _append([["Entrées"], *one]),
        _append([["Recettes"], *two], 1, 5),
        **under,
        tables=(both[0], ("Feuil1 (E)", 6, 3)),
    )
    yield _book(
        "three, one below the other",
        _append(one),
        _append(two, 12),
        _append([("ville", "n"), *((f"v{n}", n) for n in range(5))], 21),
        **truth,
        tables=(*both, ("Feuil1 (A21)", 5, 2)),
    )
    yield _book(
        "the same labels after a blank row are one table",
        _append([one[0], *one[1:5]]),
        _append([one[0], *one[5:]], 8),
        **truth,
        tables=(("Feuil1", 8, 2),),
    )
    loose: dict[str, Any] = {**truth, "names": (), "types": (), "first": ()}
    yield _book(
        "an empty column inside is one table",
        _append([("mois", None, "entrées"), *((a, None, b) for a, b in one[1:])]),
        **loose,
        tables=(("Feuil1", 8, 2),),
    )
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{c}</text:p></table:table-cell>' for c in r
        )
        + "</table:table-row>"
        for r in [*one, (), (), *two]
    )
    yield Case(
        "ods, one below the other",
        ods_of(
            cells.replace(
                "<table:table-row></table:table-row>",
                "<table:table-row><table:table-cell/></table:table-row>",
            )
        ),
        "ods",
        **{k: v for k, v in truth.items() if k != "types"},
        tables=(("Feuille1", 8, 2), ("Feuille1 (A12)", 6, 3)),
    )


def pages() -> Iterator[Case]:
    """Web pages saved under the name of a workbook."""
    truth: dict[str, Any] = {
        "format": "html",
        "rows": 12,
        "names": ("code", "quartier", "prix"),
        "types": ("text", "text", "number"),
        "first": ("0001", "Pré-Haut", "1.25"),
    }
    rows = [(str(r[0]), str(r[1]), f"{r[3]}".replace(".", ",")) for r in ROWS]

    def html(rows: Sequence[Sequence[str]], cell: str = "td") -> str:
        return "".join("<tr>" + "".join(f"<{cell}>{c}</{cell}>" for c in r) + "</tr>\n" for r in rows)

    head = html([("code", "quartier", "prix")], "th")
    yield Case(
        "a page of Excel with formats",
        (
            '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><style>td {mso-number-format:"\\@"}</style></head><body><table border=1>'
            + head
            + html(rows).replace("<td>", "<td x:str>")
            + "</table></body></html>"
        ).encode(),
        **truth,
    )
    yield Case(
        "a title over the table",
        (
            "<table><tr><td colspan=3><b>Parkings</b></td></tr>"
            + html([("code", "quartier", "prix")])
            + html(rows)
            + "</table>"
        ).encode("cp1252"),
        **truth,
    )
    yield Case(
        "a layout around the table",
        (
            "<table><tr><td><img src=logo.gif></td><td>Ville de Crécy</td></tr><tr><td colspan=2><table>"
            + head
            + html(rows)
            + "</table></td></tr></table>"
        ).encode(),
        **truth,
    )
    yield Case(
        "its head on each page",
        ("<table>" + head + html(rows[:6]) + head + html(rows[6:]) + "</table>").encode(),
        **truth,
    )
    yield Case(
        "cells over two rows",
        (
            "<table>"
            + head
            + "".join(
                f"<tr><td>{r[0]}</td><td rowspan=2>{r[1]}</td><td>{r[2]}</td></tr><tr><td>{rows[n + 1][0]}</td><td>{rows[n + 1][2]}</td></tr>"
                for n, r in enumerate(rows)
                if n % 2 == 0
            )
            + "</table>"
        ).encode(),
        **truth,
    )
    yield Case(
        "no-break blanks and entities",
        (
            "<table>"
            + head
            + html([(a, b.replace("é", "&eacute;"), c + "&nbsp;&euro;") for a, b, c in rows])
            + "</table>"
        ).encode(),
        **truth,
    )
    yield Case(
        "cells never closed",
        (
            "<TABLE><TR><TH>code<TH>quartier<TH>prix"
            + "".join("<TR><TD>" + "<TD>".join(r) for r in rows)
            + "</TABLE>"
        ).encode(),
        **truth,
    )
    yield Case(
        "a total in the foot",
        (
            "<table><thead>"
            + head
            + "</thead><tbody>"
            + html(rows)
            + "</tbody><tfoot>"
            + html([("Total", "", "97,5")])
            + "</tfoot></table>"
        ).encode(),
        **dict(truth, rows=13),
    )
    mime = (
        'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n--b\r\nContent-Location: file:///C:/a.htm\r\nContent-Transfer-Encoding: quoted-printable\r\nContent-Type: text/html; charset="utf-8"\r\n\r\n'
        + ("<table>" + head + html(rows) + "</table>").replace("é", "=C3=A9")
        + "\r\n--b--\r\n"
    )
    yield Case("one file of a web archive", mime.encode(), **truth)
    yield Case(
        "two tables on a page",
        (
            "<h2>Un</h2><table>"
            + head
            + html(rows)
            + "</table><h2>Deux</h2><table>"
            + html([("a", "b")], "th")
            + html([("x", "1")] * 4)
            + "</table>"
        ).encode(),
        **truth,
    )


def zeros() -> Iterator[Case]:
    """Codes kept as numbers and shown with their zeros, in workbooks other than xlsx."""
    truth: dict[str, Any] = {"header": 1, "rows": 12, "types": ("text", "text")}
    rows = [("cp", "nom"), *((1000 + n, "Foch") for n in range(12))]
    yield Case(
        "xls, zeros of a format",
        small_xls(rows, number_format="00000"),
        "xls",
        first=("01000", "Foch"),
        **truth,
    )
    yield Case(
        "xls, phones of a format",
        small_xls(
            [rows[0], *((499000000 + n, "Foch") for n in range(12))], number_format='0#" "##" "##" "##" "##'
        ),
        "xls",
        first=("04 99 00 00 00", "Foch"),
        **truth,
    )
    counts = [("places", "nom"), *rows[1:]]
    yield Case(
        "xls, a format of counts",
        small_xls(counts, number_format="#,##0"),
        "xls",
        header=1,
        rows=12,
        types=("integer", "text"),
        first=("1000", "Foch"),
    )
    five = '<number:number-style style:name="N10"><number:number number:decimal-places="0" number:min-integer-digits="5"/></number:number-style>'
    gaps = "".join(
        f'<number:embedded-text number:position="{p}"> </number:embedded-text>' for p in (2, 4, 6, 8)
    )
    ten = f'<number:number-style style:name="N11"><number:number number:decimal-places="0" number:min-integer-digits="10">{gaps}</number:number></number:number-style>'
    styles = (
        five
        + ten
        + "".join(
            f'<style:style style:name="ce{n}" style:family="table-cell" style:data-style-name="N1{n}"/>'
            for n in (0, 1)
        )
    )
    head = '<table:table-row><table:table-cell office:value-type="string"><text:p>cp</text:p></table:table-cell><table:table-cell office:value-type="string"><text:p>tel</text:p></table:table-cell></table:table-row>'
    own = "".join(
        f'<table:table-row><table:table-cell table:style-name="ce0" office:value-type="float" office:value="{1000 + n}"><text:p>0{1000 + n}</text:p></table:table-cell><table:table-cell table:style-name="ce1" office:value-type="float" office:value="{499000000 + n}"><text:p>x</text:p></table:table-cell></table:table-row>'
        for n in range(12)
    )
    yield Case(
        "ods, zeros of a style",
        ods_of(head + own, styles_xml=styles),
        "ods",
        first=("01000", "04 99 00 00 00"),
        **truth,
    )
    columns = '<table:table-column table:default-cell-style-name="ce0"/><table:table-column table:default-cell-style-name="ce1"/>'
    bare = own.replace(' table:style-name="ce0"', "").replace(' table:style-name="ce1"', "")
    yield Case(
        "ods, zeros of a style of the column",
        ods_of(columns + head + bare, styles_xml=styles),
        "ods",
        first=("01000", "04 99 00 00 00"),
        **truth,
    )


FAMILIES = {"zeros": zeros, "hand": hand, "several": several, "pages": pages}
