"""A fifth wave, written without a look at the readers: small files as they lie in the post of a town hall,
each with its truth first.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import struct
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any

from parvis.readers.minimal_files import small_xlsb, xlsb_record, zipped
from tests.readers.hostile.books import book
from tests.readers.hostile.case import Case

_TREE = [{"code": f"{n:05d}", "nom": "Évry", "n": n, "prix": n + 0.5} for n in range(1, 6)]
_TREE_TRUTH: dict[str, Any] = {
    "rows": 5,
    "names": ("code", "nom", "n", "prix"),
    "types": ("text", "text", "integer", "number"),
    "first": ("00001", "Évry", "1", "1.5"),
}


def trees() -> Iterator[Case]:
    """JSON and XML that a strict program would refuse, or read as something else."""

    def js(name: str, value: object, kind: str = "json", **more: Any) -> Case:
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        return Case(name, text.encode(), kind, **{**_TREE_TRUTH, **more})

    def columns(
        name: str, cells: Sequence[object], kind: str, first: str | None, label: str = "code_postal"
    ) -> Case:
        return js(
            name,
            [{label: cell} for cell in cells],
            rows=len(cells),
            names=(label,),
            types=(kind,),
            first=(first,),
        )

    plain = json.dumps(_TREE, ensure_ascii=False)
    yield js("a comment above", "// export du 3 mars\n" + plain, codes=("loose-json",))
    yield js("comments between", plain.replace("}, {", "}, /* suite */ {"), codes=("loose-json",))
    yield js("a comma before each brace", plain.replace("}", ",}"), codes=("loose-json",))
    yield js(
        "an address is no comment",
        [{"url": "https://exemple.fr//a/*b*/,}"}, {"url": "x"}],
        rows=2,
        names=("url",),
        types=("text",),
        first=("https://exemple.fr//a/*b*/,}",),
    )
    yield js(
        "line ends inside a text",
        '[{"avis": "a\tb\nc"}, {"avis": "d"}]',
        rows=2,
        names=("avis",),
        types=("text",),
        first=("a\tb\nc",),
    )
    yield js(
        "half of a character",
        '[{"avis": "bien \\ud83d", "\\udc00": 1}, {"avis": "\\ud83d\\ude00"}]',
        rows=2,
        names=(),
        types=(),
        first=("bien \ufffd", "1"),
        last=("😀", None),
    )
    yield js(
        "half of a character on a line",
        '{"avis": "\\ud83d"}\n{"avis": "b"}\n',
        "jsonl",
        rows=2,
        names=("avis",),
        types=("text",),
        first=("\ufffd",),
    )
    yield columns("post codes as numbers", [34000, 1000, 75011], "text", "34000")
    yield columns("sirets as numbers", [21340172201787, 21310555400017], "text", "21340172201787", "siret")
    yield columns("numbers that count", [34000, 1000, 75011], "integer", "34000", "montant")

    meteo = {"latitude": 43.6, "units": {"time": "iso"}, "hourly": {"code": ["1", "2"], "temp": [12.5, 13.5]}}
    yield js(
        "columns under a key",
        meteo,
        rows=2,
        names=("code", "temp"),
        types=("text", "number"),
        first=("1", "12.5"),
    )

    def xml(name: str, body: str, **more: Any) -> Case:
        return Case(
            name, f'<?xml version="1.0" encoding="UTF-8"?>\n{body}'.encode(), "xml", **{**_TREE_TRUTH, **more}
        )

    cells = "".join(f"<{k}>{v}</{k}>" for k, v in _TREE[0].items())
    yield xml("one record alone", f"<lieux><lieu>{cells}</lieu></lieux>", rows=1)
    cells = "".join(
        f"<lieu><code>{r['code']}</code><nom>Évry</nom><n>{r['n']}</n><prix>{r['prix']}</prix></lieu>"
        for r in _TREE
    )
    loose: dict[str, Any] = {"codes": ("loose-xml",)}
    yield xml("a blank line above the declaration", f'<?xml version="1.0"?><lieux>{cells}</lieux>', **loose)
    yield xml(
        "a bare ampersand",
        f"<lieux>{cells.replace('Évry', 'Dupont & Cie', 1)}</lieux>",
        first=("00001", "Dupont & Cie", "1", "1.5"),
        **loose,
    )
    yield xml("letters by their names", f"<lieux>{cells.replace('Évry', '&Eacute;vry')}</lieux>", **loose)
    yield xml(
        "an ampersand beside a CDATA",
        f"<lieux>{cells.replace('Évry', '<![CDATA[A & B]]>', 1).replace('Évry', 'C & D')}</lieux>",
        first=("00001", "A & B", "1", "1.5"),
        **loose,
    )
    yield xml(
        "prefixes that nobody declared",
        f'<x:lieux xs:v="1">{cells.replace("<lieu>", "<x:lieu>").replace("</lieu>", "</x:lieu>")}</x:lieux>',
        **loose,
    )
    yield xml("a sign of control", f"<lieux>{cells.replace('Évry', chr(1) + 'Évry', 1)}</lieux>", **loose)
    rows = "".join(
        "<row>" + "".join(f'<field name="{k}">{v}</field>' for k, v in r.items()) + "</row>" for r in _TREE
    )
    yield xml("labels in attributes", f"<resultset>{rows}</resultset>")
    docs = "".join(
        f'<doc><str name="code">{r["code"]}</str><str name="nom">Évry</str><int name="n">{r["n"]}</int><float name="prix">{r["prix"]}</float></doc>'
        for r in _TREE
    )
    yield xml("labels in attributes, a tag a type", f"<result>{docs}</result>")


_HEAD = ("Code INSEE", "Commune", "Population", "Superficie (km²)", "Budget", "Date")
_ROWS = (
    ("34172", "Montpellier", "299 096", "56,88", "412 345 678,90", "28/03/2024"),
    ("01004", "Ambérieu-en-Bugey", "15 554", "24,60", "18 200 000,00", "02/04/2024"),
    ("2A004", "Ajaccio", "73 822", "82,03", "121 000 500,50", "15/12/2023"),
    ("97411", "Saint-Denis", "154 765", "142,79", "310 000 000,00", "30/01/2024"),
)
_TRUTH: dict[str, Any] = {
    "header": 1,
    "rows": 4,
    "names": _HEAD,
    "types": ("text", "text", "integer", "number", "number", "date"),
    "decimal": ",",
    "first": ("34172", "Montpellier", "299096", "56.88", "412345678.9", "2024-03-28"),
}


def texts() -> Iterator[Case]:
    """Four records, and delimiters that nobody expects."""
    for sign in ("::", "~~", "$$", "##", "§§", "^^", "¤¤", "<>", "@|@", "|;|", ";|;", "|||"):
        yield Case(
            f"{sign} between, commas in numbers",
            "".join(sign.join(r) + "\n" for r in (_HEAD, *_ROWS)).encode(),
            separator=sign,
            **_TRUTH,
        )
    yield Case(
        "a bar between blanks",
        "".join(" | ".join(r) + "\n" for r in (_HEAD, *_ROWS)).encode(),
        separator="|",
        **_TRUTH,
    )
    for below in ("FIN", "3 enregistrement(s)", "Fin de fichier", "EOF"):
        yield Case(
            f"two columns, « {below} » below",
            f"a;b\n1;x\n2;y\n3;z\n{below}\n".encode(),
            rows=3,
            header=1,
            codes=("footer",),
        )
    below = "a,b\n1,x\n2,y\n\nSource : ville de Sète, direction des données\n"
    yield Case(
        "two columns, a source with a comma below", below.encode(), rows=2, header=1, codes=("footer",)
    )
    days = "compteur;01/01/2024;02/01/2024;03/01/2024\nA;125;130;99\nB;80;75;66\n"
    yield Case(
        "days above two records of counts",
        days.encode(),
        rows=2,
        header=1,
        types=("text", "integer", "integer", "integer"),
    )
    weather = "Date;Température;Pluie\n[jj/mm/aaaa];[°C];[mm]\n01/02/2024;12,5;0,2\n02/02/2024;13,5;0,0\n"
    yield Case(
        "units in square brackets", weather.encode(), header=2, rows=2, types=("date", "number", "number")
    )
    wide = (("CODE", 6), ("COMMUNE", 20), ("POP", 8))
    lines = (
        ("CODE", "COMMUNE", "POP"),
        ("34172", "MONTPELLIER", "299096"),
        ("01004", "AMBERIEU EN BUGEY", "15554"),
        ("2A004", "AJACCIO", "73822"),
        ("97411", "ST DENIS", "1"),
    )
    fixed = "".join(
        "".join(cell.ljust(size) for cell, (_, size) in zip(line, wide, strict=True)) + "\n" for line in lines
    )
    yield Case(
        "aligned, five lines, codes as wide as their column",
        fixed.encode(),
        header=1,
        rows=4,
        types=("text", "text", "integer"),
        first=lines[1],
    )
    hours = "nom::ouverture::fermeture\nPiscine::08:30::19:00\nMusée::10:00::18:00\n"
    yield Case(
        "two colons, hours between",
        hours.encode(),
        separator="::",
        rows=2,
        names=("nom", "ouverture", "fermeture"),
        types=("text", "time", "time"),
    )


def _column(name: str, label: str, cells: Sequence[str], kind: str, first: str, **more: Any) -> Case:
    text = f"clef;{label}\n" + "".join(f"K{n};{cell}\n" for n, cell in enumerate(cells))
    truth: dict[str, Any] = {
        "rows": len(cells),
        "header": 1,
        "types": ("text", kind),
        "first": ("K0", first),
        "misfits": 0,
    }
    return Case(name, text.encode(), **{**truth, **more})


def few() -> Iterator[Case]:
    """Columns of two or three cells."""
    yield _column("whole, in brackets", "solde", ["(1 234)", "12", "(5)"], "integer", "-1234")
    yield _column("whole, a minus behind", "solde", ["1234-", "12", "5 -"], "integer", "-1234")
    yield _column("whole, apostrophes", "population", ["1'234", "1’234’567", "12"], "integer", "1234")
    yield _column("in a thousand", "taux", ["12,5 ‰", "100 ‰"], "number", "12.5")
    yield _column(
        "euros before, points for thousands", "loyer", ["€ 1.200,00", "€ 950,00"], "number", "1200.0"
    )
    yield _column("two units are text", "distance", ["300 m", "1,5 km", "800 m"], "text", "300 m")
    yield _column("ticked", "accessible", ["✓", "", "✓"], "boolean", "true")
    yield _column("colours without a letter", "route_color", ["112233", "445566"], "text", "112233")
    yield _column(
        "le, à, no minutes",
        "début",
        ["le 28/03/2024 à 8h", "le 29/03/2024 à 18h30"],
        "datetime",
        "2024-03-28 07:00:00+00",
    )
    yield _column(
        "day in words, à",
        "début",
        ["28 mars 2024 à 08h30", "mardi 2 avril 2024, 18:30"],
        "datetime",
        "2024-03-28 07:30:00+00",
    )
    yield _column(
        "short names of days", "date", ["ven. 29 mars 2024", "lun. 1 avr. 2024"], "date", "2024-03-29"
    )
    yield _column("months between strokes", "date", ["29/mars/2024", "01/avr/2024"], "date", "2024-03-29")
    yield _column(
        "a period among days",
        "datesPeriodeVersement",
        ["2023-05-01/2023-12-31", "2023-05-01"],
        "text",
        "2023-05-01/2023-12-31",
    )
    yield _column("headings of a nomenclature", "DELIB_MATIERE_CODE", ["7.1", "1.10"], "text", "7.1")
    yield _column("EUR before", "prix", ["EUR 12,50", "EUR 1 250,00"], "number", "12.5")
    yield _column(
        "mail, two of them",
        "contact",
        ["accueil@ville.fr", "mairie@ville.fr"],
        "text",
        "accueil@ville.fr",
        meanings={"contact": "email"},
    )
    yield _column(
        "two counts are no mail", "contact", ["12", "15"], "integer", "12", meanings={"contact": ""}
    )


def spots() -> Iterator[Case]:
    """Two places, one cell each."""

    def spot(
        name: str,
        label: str,
        cells: Sequence[str],
        kind: str = "point",
        place: tuple[float, float] | None = (3.87, 43.61),
    ) -> Case:
        text = f"nom;{label}\n" + "".join(
            f'A{n};"{cell.replace(chr(34), chr(34) * 2)}"\n' for n, cell in enumerate(cells)
        )
        return Case(name, text.encode(), rows=len(cells), header=1, geometry=kind, place=place)

    yield spot("lat,lon", "coordonnées", ["43.61,3.87", "43.62,3.88"])
    yield spot("lon,lat of charging points", "coordonneesXY", ["[3.87, 43.61]", "[3.88,43.62]"])
    yield spot("lat,lon in brackets", "position", ["(43.61, 3.87)", "(43.62, 3.88)"])
    yield spot(
        "lat and lon by name",
        "geo_point_2d",
        ['{"lon": 3.87, "lat": 43.61}', '{"lat": "43.62", "lon": "3.88"}'],
    )
    yield spot("sizes are no places", "dimensions", ["12.5,3.2", "13.5,4.2"], "", None)
    yield spot("a point in WKT", "wkt", ["POINT(3.87 43.61)", "POINT(3.88 43.62)"])
    yield spot("an area in WKT", "wkt", ["POLYGON ((3.87 43.61, 3.9 43.61, 3.9 43.7, 3.87 43.61))"], "shape")
    metres = (3.86692079, 43.61559233)
    yield spot(
        "a point in metres",
        "geom",
        ["POINT(770000 6280000)", "SRID=2154;POINT (770010 6280010)"],
        place=metres,
    )
    yield spot(
        "an area in metres",
        "geom",
        ["POLYGON((770000 6280000,770100 6280000,770100 6280100,770000 6280000))"],
        "shape",
        metres,
    )
    yield spot(
        "a point in bytes",
        "geom",
        ["0101000020E6100000F6285C8FC2F50E40AE47E17A14CE4540", "0101000000F6285C8FC2F50E40AE47E17A14CE4540"],
    )
    yield spot(
        "sums of bytes are no places",
        "md5",
        ["0101000020e61f0c9a1b2c3d4e5f6071", "00f0aa31c9d2e4f56a7b8c9d0e1f2a3b"],
        "",
        None,
    )


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


FAMILIES = {
    "fresh trees": trees,
    "fresh texts": texts,
    "few cells": few,
    "fresh spots": spots,
    "fresh books": books,
}
