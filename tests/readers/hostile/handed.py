"""A fourth wave, written once the third was read: other programs, other desks, other hands."""

from __future__ import annotations

import datetime as dt
import json
import random
from collections.abc import Iterator, Sequence
from typing import Any

import openpyxl

from parvis.readers.minimal_files import ods_of, small_xls, zipped
from tests.readers.hostile.books import book
from tests.readers.hostile.case import Case
from tests.readers.hostile.cells import column
from tests.readers.hostile.text import lines

HEAD = ("reference", "quartier", "agent", "duree_min", "cout", "cree_le")
_AREAS = ("Les Aubiers", "Saint-Étienne", "Cœur de ville", "Prés d'Arènes", "Île-aux-Moines")
ROWS = [
    [
        f"R-{n:04d}",
        _AREAS[n % 5],
        ("Dupré", "Müller", "N'Diaye")[n % 3],
        str(n * 5),
        f"{n},{n % 10}0",
        f"2024-0{n % 9 + 1}-{n % 18 + 10}",
    ]
    for n in range(1, 21)
]
TYPES = ("text", "text", "text", "integer", "number", "date")
START = ("R-0001", "Saint-Étienne", "Müller", "5", "1.1", "2024-02-11")


def whole(name: str, content: str | bytes, **more: Any) -> Case:
    truth: dict[str, Any] = {
        "header": 1,
        "rows": 20,
        "names": HEAD,
        "types": TYPES,
        "first": START,
        "separator": ";",
        "decimal": ",",
    }
    return Case(name, content.encode() if isinstance(content, str) else content, **{**truth, **more})


def _wide(
    rows: Sequence[Sequence[str]], widths: Sequence[int], between: str = " ", right: Sequence[int] = ()
) -> str:
    return "".join(
        between.join(
            f"{c:>{w}}" if i in right else f"{c:<{w}}" for i, (c, w) in enumerate(zip(r, widths, strict=True))
        ).rstrip()
        + "\n"
        for r in rows
    )


def texts() -> Iterator[Case]:
    """Text tables."""
    table = lines([HEAD, *ROWS])
    widths = (10, 16, 8, 10, 8, 10)
    yield whole("three blanks of a printer above", "   \r\n\r\n \r\n" + table, header=4)
    yield whole(
        "in a frame of stars", "*" * 50 + "\r\n* EXPORT GRC *\r\n" + "*" * 50 + "\r\n" + table, header=4
    )
    yield whole(
        "a delimiter only before",
        "".join(";" + ";".join(r) + "\r\n" for r in [HEAD, *ROWS]),
        names=(),
        types=(),
        first=(),
    )
    yield whole("tabs and quotes, UTF-8", lines([HEAD, *ROWS], "\t", quote='"'), separator="\t")
    yield whole("dash dash end", table + "-- \r\nfin de fichier\r\n")
    yield whole("number of records below", table + "Nombre d'enregistrements : 20\r\n")
    yield whole("printed by", table + "\r\nÉdité par M. Dupré le 12/03/2024 - page 1/1\r\n")
    yield whole("confidential above", "DOCUMENT INTERNE - NE PAS DIFFUSER\r\n\r\n" + table, header=3)
    yield whole("labels in quotes, records without", lines([HEAD], quote='"') + lines(ROWS))
    yield whole("records in quotes, labels without", lines([HEAD]) + lines(ROWS, quote='"'))
    yield whole(
        "old Mac, mac-roman", lines([HEAD, *ROWS], end="\r").encode("mac-roman"), encoding=("mac-roman",)
    )
    yield whole("UTF-16 by semicolons", table.encode("utf-16"), encoding=("utf-16", "utf-16-le"))
    yield whole("ISO-8859-15 with œ", table.encode("iso-8859-15"), encoding=("iso-8859-15",))
    yield whole("cp1252 with œ", table.encode("cp1252"), encoding=("cp1252",))
    yield whole(
        "a line cut in two by a return in a cell without quotes",
        table.replace("R-0005;Les Aubiers", "R-0005;Les\r\nAubiers", 1),
        rows=None,
        types=(),
        names=(),
        first=(),
    )
    yield whole(
        "two marks of UTF-8 between exports",
        b"\xef\xbb\xbf" + lines([HEAD, *ROWS[:10]]).encode() + b"\xef\xbb\xbf" + lines(ROWS[10:]).encode(),
    )
    pages = "".join(
        f"Service voirie                       Page {p + 1}\r\n\r\n"
        + lines([HEAD, *ROWS[p * 5 : p * 5 + 5]])
        + "\r\n"
        for p in range(4)
    )
    yield whole("four pages, their title with a number", pages, header=3)
    yield whole("labels twice on top", lines([HEAD, HEAD, *ROWS]), header=2)
    yield whole(
        "percent signs between",
        lines([HEAD, *ROWS], "%%"),
        separator="any",
        names=(),
        types=(),
        first=(),
        rows=20,
        header=None,
        decimal="any",
    )
    yield whole("two bars and blanks around", lines([HEAD, *ROWS], " || "), separator="any")
    yield whole("two carets", lines([HEAD, *ROWS], "^^"), separator="^^")
    yield whole("two tildes, ANSI", lines([HEAD, *ROWS], "~~").encode("cp1252"), separator="~~")
    yield whole("semicolons between blanks", lines([HEAD, *ROWS], " ; "), separator="any")
    yield whole(
        "two bars, a bar at the end too",
        "".join("||".join(r) + "||\r\n" for r in [HEAD, *ROWS]),
        separator="||",
    )
    yield whole(
        "two bars, empty cells everywhere",
        lines([HEAD, *([r[0], "", r[2], "", r[4], r[5]] for r in ROWS)], "||"),
        separator="||",
        types=(),
        first=(),
    )
    fixed = _wide([HEAD, *ROWS], widths, right=(3, 4))
    yield whole("aligned, one blank between, labels at the right too", fixed, separator=None)
    yield whole("aligned, CRLF, ANSI", fixed.replace("\n", "\r\n").encode("cp1252"), separator=None)
    ruled = _wide([HEAD, ["-" * w for w in widths], *ROWS], widths)
    yield whole("aligned, rules, a foot", ruled + "\n20 enregistrement(s)\n", header=None, separator=None)
    yield whole(
        "aligned, rules of equal signs, a title",
        "LISTE\n\n" + _wide([HEAD, ["=" * w for w in widths], *ROWS], widths),
        header=None,
        separator=None,
        first=(),
    )
    yield whole(
        "aligned, groups of four rows apart",
        "\n".join(
            x + ("\n" if n % 4 == 0 and n else "") for n, x in enumerate(fixed.rstrip("\n").split("\n"))
        )
        + "\n",
        separator=None,
    )
    bars = "".join(
        "| " + " | ".join(f"{c:<{w}}" for c, w in zip(r, widths, strict=True)) + " |\n" for r in [HEAD, *ROWS]
    )
    yield whole("bars drawn around, no rule", bars, separator="|")
    yield whole(
        "bars drawn around, a rule above and below",
        "-" * 80 + "\n" + bars + "-" * 80 + "\n",
        separator="|",
        header=2,
    )
    grid = "+" + "+".join("=" * (w + 2) for w in widths) + "+\n"
    yield whole(
        "reStructuredText",
        grid.replace("=", "-")
        + "".join(
            line + "\n" + (grid if n == 0 else grid.replace("=", "-"))
            for n, line in enumerate(bars.rstrip("\n").split("\n"))
        ),
        separator="|",
        header=None,
    )
    yield whole(
        "padded by tabs",
        lines([[f"{c:<{w}}" for c, w in zip(r, widths, strict=True)] for r in [HEAD, *ROWS]], "\t"),
        separator="\t",
        decimal="any",
    )
    poem = "\n".join(
        "  ".join(random.Random(n).choices(("la mer", "le vent", "un soir", "des rues", "une ville"), k=3))
        for n in range(12)
    )
    yield Case("verses with wide blanks", poem.encode(), separator=None, rows=None)
    log = "".join(
        f"2024-03-25 10:{n:02d}:00 INFO serveur - requête {n} traitée en {n} ms\n" for n in range(24)
    )
    yield Case("a journal of a server is one column or told", log.encode())
    yield whole("thousand empty lines below", table + "\r\n" * 300)
    yield whole(
        "HTML entities",
        lines([HEAD, *([r[0], r[1].replace("é", "&eacute;"), *r[2:]] for r in ROWS)]),
        types=(),
        first=(),
    )
    yield whole(
        "blanks of no width in numbers",
        lines([HEAD, *([*r[:3], r[3] + "\u200b", r[4], r[5]] for r in ROWS)]),
        types=(),
        first=(),
    )
    yield whole(
        "comma behind the cost only",
        lines([HEAD, *([*r[:4], r[4].split(",")[0] + ",", r[5]] for r in ROWS)]),
        types=(),
        first=(),
        decimal="any",
    )
    yield whole("letters A to F above the labels", lines([tuple("ABCDEF"), HEAD, *ROWS]), header=2)
    yield whole(
        "units in brackets below the labels",
        lines([HEAD, ["", "", "", "(min)", "(€)", "(aaaa-mm-jj)"], *ROWS]),
        header=2,
        names=(),
    )


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


def trees() -> Iterator[Case]:
    """JSON, XML, archives."""
    records = [dict(zip(HEAD, r, strict=True)) for r in ROWS]

    def js(name: str, value: object, **more: Any) -> Case:
        truth: dict[str, Any] = {"format": "json", "rows": 20}
        return Case(
            name,
            value if isinstance(value, bytes) else json.dumps(value, ensure_ascii=False).encode(),
            **{**truth, **more},
        )

    yield js("by identifier", {r["reference"]: r for r in records})
    yield js("by column", {h: [r[h] for r in records] for h in HEAD})
    yield js("labels, then lists", [list(HEAD), *ROWS])
    yield js(
        "SPARQL",
        {
            "head": {"vars": list(HEAD)},
            "results": {
                "bindings": [{k: {"type": "literal", "value": v} for k, v in r.items()} for r in records]
            },
        },
    )
    yield js(
        "Opendatasoft, first version",
        {
            "nhits": 20,
            "records": [{"datasetid": "d", "recordid": str(n), "fields": r} for n, r in enumerate(records)],
        },
    )
    yield js("Opendatasoft, second version", {"total_count": 20, "results": records})
    yield js("DKAN, deep", {"status": 200, "data": {"page": {"items": records}}})
    yield js("with a mark of UTF-8", b"\xef\xbb\xbf" + json.dumps(records).encode())
    yield js(
        "with comments and a last comma",
        ("[\n" + ",\n".join(json.dumps(r) for r in records) + ",\n]").encode(),
    )
    yield Case(
        "lines with a blank one",
        ("\n\n".join(json.dumps(r) for r in records) + "\n").encode(),
        "jsonl",
        rows=20,
        names=HEAD,
    )
    attributes = (
        "<demandes>"
        + "".join("<demande " + " ".join(f'{k}="{v}"' for k, v in r.items()) + "/>" for r in records)
        + "</demandes>"
    )
    yield Case("attributes only", attributes.replace("N'Diaye", "N&#39;Diaye").encode(), "xml", rows=20)
    deep = (
        '<?xml version="1.0" encoding="ISO-8859-1"?><export><entete><date>2024</date></entete><corps>'
        + "".join("<d>" + "".join(f"<{k}>{v}</{k}>" for k, v in r.items()) + "</d>" for r in records)
        + "</corps></export>"
    )
    yield Case(
        "a head, then a body, ISO-8859-1",
        deep.replace("œ", "oe").encode("iso-8859-1"),
        "xml",
        rows=20,
        names=HEAD,
        types=TYPES,
    )
    yield Case(
        "a zip of one table with its notice",
        zipped(
            {
                "export/demandes.csv": lines([HEAD, *ROWS]),
                "export/LISEZMOI.txt": "Bonjour.\nFin.\n",
                "__MACOSX/._x": b"\x00\x05",
            }
        ),
        "zip+csv",
        rows=20,
        names=HEAD,
    )


def ways() -> Iterator[Case]:
    """One column each."""

    def turn(*cells: str) -> list[str]:
        return [cells[n % len(cells)] for n in range(24)]

    for name, label, cells, kind, first in (
        ("km with a unit", "distance", ("1,5 km", "12 km", "0,8 km"), "number", "1.5"),
        ("counts with a word", "effectif", ("12 pers.", "7 pers.", "40 pers."), "integer", "12"),
        ("per cent with a comma", "part", ("12,5%", "7,25%", "100,0%"), "number", "12.5"),
        ("francs with blanks", "prix", ("1 500 €", "200 €", "75 €"), "integer", "1500"),
        ("dollars before", "price", ("$12.50", "$7.25", "$1,200.00"), "text", "$12.50"),
        ("negative with blanks", "ecart", ("- 5", "3", "- 12"), "integer", "-5"),
        ("ten to the power", "valeur", ("2,13402E+13", "2,13105E+13"), "number", "21340200000000.0"),
        ("day month in words without year", "jour", ("12 mars", "1er avril"), "text", "12 mars"),
        ("English words", "date", ("12 March 2024", "1 April 2023"), "date", "2024-03-12"),
        ("American with a day", "date", ("March 12, 2024", "April 1, 2023"), "date", "2024-03-12"),
        ("ISO week days", "semaine", ("2024-W12-1", "2024-W13-2"), "text", "2024-W12-1"),
        ("day of the year", "quantieme", ("2024-072", "2024-180"), "text", "2024-072"),
        ("year and month in digits", "periode", ("202401", "202412"), "integer", "202401"),
        ("hour ranges", "creneau", ("8h-12h", "14h-18h"), "text", "8h-12h"),
        ("hours and minutes in words", "heure", ("8 h 05 min", "14 h 30 min"), "time", "08:05:00"),
        ("noon", "heure", ("8:05 AM", "2:30 PM"), "time", "08:05:00"),
        (
            "milliseconds",
            "horodatage",
            ("2024-03-25 10:30:00,250", "2024-03-25 10:31:00,500"),
            "datetime",
            "2024-03-25 09:30:00.25+00",
        ),
        (
            "a zone in brackets",
            "date",
            ("2024-03-25T10:30:00+01:00[Europe/Paris]", "2024-07-14T10:30:00+02:00[Europe/Paris]"),
            "datetime",
            "2024-03-25 09:30:00+00",
        ),
        (
            "seconds since 1970 with a fraction",
            "ts",
            ("1711360800.123", "1711360801.456"),
            "number",
            "1711360800.123",
        ),
        ("on, off", "etat", ("on", "off"), "text", "on"),
        ("active, inactive", "etat", ("Actif", "Inactif"), "text", "Actif"),
        ("1 and blank", "est_ouvert", ("1", "", "1"), "boolean", "true"),
        ("roman centuries", "siecle", ("XIXe", "XXe", "XVIIIe"), "text", "XIXe"),
        ("code with dots", "code_naf", ("84.11Z", "85.20Z"), "text", "84.11Z"),
        ("references by strokes", "ref", ("2024/0012", "2024/0345"), "text", "2024/0012"),
        ("versions with a v", "version", ("v1.2", "v1.10"), "text", "v1.2"),
        (
            "telephones in brackets",
            "tel",
            ("(04) 67 34 70 00", "(01) 42 00 00 00"),
            "text",
            "(04) 67 34 70 00",
        ),
        ("lists by bars", "lignes", ("1|2", "3|4|5"), "text", "1|2"),
    ):
        yield column(name, label, turn(*cells), kind, first, misfits=None)


FAMILIES = {"handed texts": texts, "handed books": books, "handed trees": trees, "handed ways": ways}
