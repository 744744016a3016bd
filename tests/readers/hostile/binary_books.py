"""Binary workbooks with formats, and long sheets."""

from __future__ import annotations

import datetime as dt
import io
import struct
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any

from parvis.readers.minimal_files import small_xlsb, xlsb_record, zipped
from tests.readers.hostile.books import book
from tests.readers.hostile.case import Case


def _dated_xlsb(rows: Sequence[Sequence[object]], shown: str) -> bytes:
    """A binary workbook whose numbers are all shown by one format."""
    plain: list[list[str | float]] = [
        [v if isinstance(v, str) else float(str(v)) for v in row] for row in rows
    ]
    with zipfile.ZipFile(io.BytesIO(small_xlsb(plain))) as made:
        parts: dict[str, str | bytes] = {name: made.read(name) for name in made.namelist()}
    code = struct.pack("<HI", 164, len(shown)) + shown.encode("utf-16-le")
    formats = b"\xe7\x04\x04" + struct.pack("<I", 1) + xlsb_record(0x2C, code) + b"\xe8\x04\x00"
    looks = b"".join(xlsb_record(0x2F, struct.pack("<HH12x", 0xFFFF, n)) for n in (0, 164))
    parts["xl/styles.bin"] = formats + b"\xe9\x04\x04" + struct.pack("<I", 2) + looks + b"\xea\x04\x00"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    relations = parts["xl/_rels/workbook.bin.rels"]
    assert isinstance(relations, bytes)
    more = f'<Relationship Id="r2" Type="{office}/styles" Target="styles.bin"/></Relationships>'.encode()
    parts["xl/_rels/workbook.bin.rels"] = relations.replace(b"</Relationships>", more)
    sheet = parts["xl/worksheets/sheet1.bin"]
    assert isinstance(sheet, bytes)
    for c in range(len(rows[0])):  # a cell of number: column, style, eight bytes
        sheet = sheet.replace(b"\x05\x10" + struct.pack("<II", c, 0), b"\x05\x10" + struct.pack("<II", c, 1))
    parts["xl/worksheets/sheet1.bin"] = sheet
    return zipped(parts)


def books() -> Iterator[Case]:
    """Binary workbooks with formats, and long sheets."""
    shown = [["cp", "nom"], [1000, "Bourg"], [34000, "Montpellier"]]
    yield Case(
        "xlsb, zeros of a format",
        _dated_xlsb(shown, "00000"),
        "xlsb",
        header=1,
        rows=2,
        types=("text", "text"),
        first=("01000", "Bourg"),
    )
    day = (dt.date(2024, 3, 28) - dt.date(1899, 12, 30)).days
    days = [["nom", "jour"], ["Bourg", day], ["Sète", day + 1]]
    yield Case(
        "xlsb, days of a format",
        _dated_xlsb(days, "dd/mm/yyyy"),
        "xlsb",
        header=1,
        rows=2,
        types=("text", "date"),
        first=("Bourg", "2024-03-28"),
    )

    def long(_: object, sheet: Any) -> None:
        for row in (("nom", "places"), *((f"a{n}", n) for n in range(5100))):
            sheet.append(row)
        for r, row in enumerate(
            (("poste", "montant", "an"), ("eau", 4, 2024), ("gaz", 5, 2024), ("bois", 6, 2024)), 5104
        ):
            for c, value in enumerate(row, 1):
                sheet.cell(r, c, value)

    yield Case(
        "a small table below a long one",
        book(long),
        "xlsx",
        header=1,
        tables=(("Feuil1", 5100, 2), ("Feuil1 (A5104)", 3, 3)),
    )


FAMILIES = {"binary books": books}
