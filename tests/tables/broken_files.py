"""Twenty files as clerks send them, each broken in one common way: seeded, ours, made in memory.

Each has the code that its report must tell first of all, and what must be done about it must stand on the
first screen.
"""

from __future__ import annotations

import io
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import openpyxl

HEADER = ("id", "nom", "code_insee", "siret", "type", "ouverture", "surface", "latitude", "longitude")
SCHEMA = {
    "name": "lieux",
    "fields": [
        {
            "name": "id",
            "type": "string",
            "constraints": {"required": True, "unique": True, "pattern": "EQ[0-9]{3}"},
        },
        {"name": "nom", "type": "string", "constraints": {"required": True}},
        {
            "name": "code_insee",
            "type": "string",
            "constraints": {"required": True, "pattern": "([013-9][0-9]|2[AB1-9])[0-9]{3}"},
        },
        {"name": "siret", "type": "string", "constraints": {"pattern": "[0-9]{14}"}},
        {
            "name": "type",
            "type": "string",
            "constraints": {"enum": ["Gymnase", "Piscine", "Stade", "Médiathèque"]},
        },
        {"name": "ouverture", "type": "date"},
        {"name": "surface", "type": "number", "constraints": {"minimum": 0}},
        {"name": "latitude", "type": "number", "constraints": {"minimum": 41, "maximum": 52}},
        {"name": "longitude", "type": "number", "constraints": {"minimum": -6, "maximum": 10}},
    ],
}
SCHEMA_BYTES = json.dumps(SCHEMA, ensure_ascii=False).encode()

Rows = list[list[str]]

SIRETS = ("21340172201787", "21310555400017", "21130055300016", "21690123100011", "21750001600019")


def clean(seed: int = 20) -> Rows:
    """Forty places of a city, without any fault."""
    rng = random.Random(seed)
    kinds = ("Gymnase", "Piscine", "Stade", "Médiathèque")
    streets = ("Jean Moulin", "des Écoles", "Simone Veil", "du Moulin à Vent", "Aimé Césaire", "de la Gaîté")
    rows: Rows = []
    for i in range(40):
        kind = kinds[rng.randrange(4)]
        rows.append(
            [
                f"EQ{i + 1:03d}",
                f"{kind} {streets[rng.randrange(6)]}",
                rng.choice(("01004", "34172", "34057")),
                rng.choice(SIRETS),
                kind,
                f"{rng.randrange(1960, 2020)}-{rng.randrange(1, 13):02d}-{rng.randrange(1, 29):02d}",
                f"{rng.randrange(200, 9000)}.{rng.randrange(1, 10)}",
                f"{43.55 + rng.random() / 10:.5f}",
                f"{3.82 + rng.random() / 10:.5f}",
            ]
        )
    return rows


def csv(rows: Sequence[Sequence[str]], *, separator: str = ";", header: Sequence[str] = HEADER) -> bytes:
    """A plain CSV, quoted where it must be."""
    import csv as writers

    out = io.StringIO()
    writer = writers.writer(out, delimiter=separator, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue().encode()


@dataclass(frozen=True, slots=True)
class Broken:
    """One file. code: what its report must tell; "" for a file that can't be read at all. schema: whether it
    is held to SCHEMA.
    """

    name: str
    file: str
    make: Callable[[], bytes]
    code: str
    schema: bool = True


def _with(column: str, change: Callable[[int, str], str]) -> Callable[[], bytes]:
    def make() -> bytes:
        rows, place = clean(), HEADER.index(column)
        for i, row in enumerate(rows):
            row[place] = change(i, row[place])
        return csv(rows)

    return make


def _french(day: str) -> str:
    return "/".join(reversed(day.split("-")))


def _wrong_separator() -> bytes:
    """Commas between columns and commas in the numbers."""
    lines = [",".join(HEADER), *(",".join(v.replace(".", ",") for v in row) for row in clean())]
    return "\r\n".join(lines).encode()


def _titles() -> bytes:
    return "Liste des équipements sportifs et culturels\r\nMise à jour le 3 mars 2026\r\n\r\n".encode() + csv(
        clean()
    )


def _merged_header() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Équipement", None, "Codes", None, "Description", None, None, "Position", None])
    for area in ("A1:B1", "C1:D1", "E1:G1", "H1:I1"):
        sheet.merge_cells(area)
    sheet.append(list(HEADER))
    for row in clean():
        sheet.append(row)
    return _saved(book)


def _two_tables() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for place, row in enumerate([list(HEADER), *clean()], 1):
        for column, value in enumerate(row, 1):
            sheet.cell(place, column, value)
    for place, (kind, count) in enumerate(
        [("categorie", "nombre"), ("Gymnase", 9), ("Piscine", 12), ("Stade", 10), ("Médiathèque", 9)], 1
    ):
        sheet.cell(place, 13, kind)
        sheet.cell(place, 14, count)
    return _saved(book)


def _saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _swapped() -> bytes:
    rows = clean()
    for row in rows[4:9]:
        row[7], row[8] = row[8], row[7]
    return csv(rows)


def _duplicate() -> bytes:
    rows = clean()
    rows[11][0] = rows[3][0]
    return csv(rows)


def _without_column() -> bytes:
    return csv(
        [[v for i, v in enumerate(row) if i != 2] for row in clean()],
        header=[h for h in HEADER if h != "code_insee"],
    )


def _misspelt() -> bytes:
    return csv(clean(), header=["ID", "Nom", "Code INSEE", *HEADER[3:]])


def _blank_rows() -> bytes:
    rows = clean()
    return csv([*rows[:10], [""] * 9, [""] * 9, *rows[10:25], [""] * 9, *rows[25:]])


def _total() -> bytes:
    rows = clean()
    return csv([*rows, ["Total", "", "", "", "", "", f"{sum(float(r[6]) for r in rows):.1f}", "", ""]])


def _mojibake() -> bytes:
    return csv(clean()).decode("utf-8").encode("utf-8").decode("cp1252").encode("utf-8")


def _truncated() -> bytes:
    return csv(clean())[:-57]


def _cut_workbook() -> bytes:
    return _merged_header()[:-900]


BROKEN: tuple[Broken, ...] = (
    Broken("wrong separator", "separateur.csv", _wrong_separator, "file-more-cells"),
    Broken("Windows encoding", "windows.csv", lambda: csv(clean()).decode().encode("cp1252"), "file-not-utf8"),
    Broken("title lines", "titre.csv", _titles, "file-title-lines"),
    Broken("merged header", "fusion.xlsx", _merged_header, "file-multi-row-header", schema=False),
    Broken("day/month dates", "dates.csv", _with("ouverture", lambda _, v: _french(v)), "type-error"),
    Broken("decimal comma", "virgule.csv", _with("surface", lambda _, v: v.replace(".", ",")), "type-error"),
    Broken("lost zeros", "zeros.csv", _with("code_insee", lambda _, v: v.lstrip("0")), "constraint-pattern"),
    Broken("SIRET in scientific notation", "siret.csv", _with("siret", lambda i, v: f"{float(v):.2E}".replace(".", ",") if i % 4 == 0 else v), "constraint-pattern"),
    Broken("swapped coordinates", "inversion.csv", _swapped, "constraint-maximum"),
    Broken("duplicate id", "doublon.csv", _duplicate, "unique"),
    Broken("missing required column", "sans-insee.csv", _without_column, "missing-column"),
    Broken("misspelt header", "entete.csv", _misspelt, "column-case"),
    Broken("category spelling", "categories.csv", _with("type", lambda i, v: (v.upper(), v.lower(), v + " ")[i % 3] if i % 5 == 0 else v), "constraint-enum"),
    Broken("blank rows", "vides.csv", _blank_rows, "file-blank-rows"),
    Broken("total row", "total.csv", _total, "file-total-row"),
    Broken("two tables in a sheet", "deux-tables.xlsx", _two_tables, "file-several-tables", schema=False),
    Broken("no-break spaces", "espaces.csv", _with("id", lambda i, v: f"\u00a0{v}" if i % 6 == 0 else v), "constraint-pattern"),
    Broken("mixed date forms", "dates-melees.csv", _with("ouverture", lambda i, v: (_french(v), v.replace("-", "."), v)[i % 3]), "type-error"),
    Broken("double encoding", "accents.csv", _mojibake, "file-double-encoding"),
    Broken("truncated file", "tronque.csv", _truncated, "file-ragged-rows"),
    Broken("damaged workbook", "abime.xlsx", _cut_workbook, "", schema=False),
)  # fmt: skip
