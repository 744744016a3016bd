"""Text tables: encodings, separators, quotes, line ends, headers, notes, and what is hardly a table."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Any

from tests.readers.hostile.case import Case

HEAD = ("code", "commune", "libellé", "montant", "le jour")
NAMES = HEAD
TYPES = ("text", "text", "text", "number", "date")
_TOWNS = (
    "Évry",
    "Orléans",
    "Mâcon",
    "Besançon",
    "Nîmes",
    "L'Haÿ",
    "Sète",
    "Forêt-la-Folie",
    "Crécy",
    "Château-l'Évêque",
)
_WORDS = (
    "réfection de la chaussée",
    "école maternelle",
    "marché d'été",
    "crèche",
    "théâtre",
    "réseau d'eau",
    "à côté du collège",
    "fête du château",
)


def body(rows: int = 24, seed: int = 5) -> list[list[str]]:
    """Records of a clerk: a code with zeros in front, a town, words, an amount with a decimal comma, a French
    day.
    """
    draw = random.Random(seed)
    return [
        [
            f"{n:05d}",
            draw.choice(_TOWNS),
            draw.choice(_WORDS),
            f"{draw.randint(1, 9999)},{draw.randint(1, 99):02d}",
            f"{draw.randint(13, 28)}/{draw.randint(1, 12):02d}/2025",
        ]
        for n in range(1, rows + 1)
    ]


def lines(rows: Sequence[Sequence[str]], separator: str = ";", end: str = "\r\n", quote: str = "") -> str:
    """A table as text, each cell between the quotes."""
    return "".join(separator.join(f"{quote}{cell}{quote}" for cell in row) + end for row in rows)


def _typed(row: Sequence[str]) -> tuple[str, ...]:
    day = row[4].split("/")
    return (row[0], row[1], row[2], str(float(row[3].replace(",", "."))), f"{day[2]}-{day[1]}-{day[0]}")


ROWS = body()
FIRST, LAST = _typed(ROWS[0]), _typed(ROWS[-1])


def whole(name: str, content: bytes, **more: Any) -> Case:
    """The table above, read whole whatever was done to the file."""
    truth: dict[str, Any] = {
        "header": 1,
        "rows": 24,
        "names": NAMES,
        "types": TYPES,
        "first": FIRST,
        "last": LAST,
        "decimal": ",",
        "separator": ";",
    }
    return Case(name, content, **{**truth, **more})


def encodings() -> Iterator[Case]:
    """One text in every encoding that a town hall's machine writes."""
    text = lines([HEAD, *ROWS])
    for codec in ("utf-8", "utf-8-sig", "cp1252", "cp850", "mac-roman", "utf-16-le", "utf-16-be"):
        accepted = {"cp1252": ("cp1252", "iso-8859-1", "iso-8859-15")}.get(codec, (codec,))
        yield whole(f"{codec}", text.encode(codec), encoding=accepted)
    yield whole(
        "utf-16 with a mark", b"\xff\xfe" + text.encode("utf-16-le"), encoding=("utf-16", "utf-16-le")
    )
    yield whole(
        "utf-16 be with a mark", b"\xfe\xff" + text.encode("utf-16-be"), encoding=("utf-16", "utf-16-be")
    )
    yield whole("utf-32 with a mark", text.encode("utf-32"), encoding=("utf-32", "utf-32-le"))
    yield whole(
        "utf-16 tabs, as « Texte Unicode »",
        b"\xff\xfe" + lines([HEAD, *ROWS], "\t").encode("utf-16-le"),
        encoding=("utf-16", "utf-16-le"),
        separator="\t",
    )
    euro = lines([("code", "commune", "montant en €"), *([r[0], r[1], r[3]] for r in ROWS)])
    yield Case(
        "cp1252 with a euro",
        euro.encode("cp1252"),
        encoding=("cp1252",),
        header=1,
        rows=24,
        names=("code", "commune", "montant en €"),
    )
    yield Case(
        "iso-8859-15 with a euro",
        euro.encode("iso-8859-15"),
        encoding=("iso-8859-15",),
        header=1,
        rows=24,
        names=("code", "commune", "montant en €"),
    )
    upper = lines(
        [
            ("CODE", "LIBELLE"),
            *(
                [r[0], w]
                for r, w in zip(
                    ROWS, ("ÉCOLE ÉLÉMENTAIRE", "CRÈCHE", "HÔTEL DE VILLE", "THÉÂTRE") * 6, strict=True
                )
            ),
        ]
    )
    yield Case(
        "cp850 in capitals",
        upper.encode("cp850"),
        encoding=("cp850", "cp858"),
        header=1,
        rows=24,
        first=("00001", "ÉCOLE ÉLÉMENTAIRE"),
    )
    yield Case(
        "cp1252 in capitals",
        upper.encode("cp1252"),
        encoding=("cp1252", "iso-8859-1", "iso-8859-15"),
        header=1,
        rows=24,
        first=("00001", "ÉCOLE ÉLÉMENTAIRE"),
    )
    yield Case(
        "mac-roman in capitals",
        upper.replace("\r\n", "\r").encode("mac-roman"),
        encoding=("mac-roman",),
        header=1,
        rows=24,
        first=("00001", "ÉCOLE ÉLÉMENTAIRE"),
    )
    few = lines([("id", "nom"), *([str(n), "Martin"] for n in range(1, 200)), ["200", "Lefèvre"]])
    yield Case(
        "one accent at the end, cp1252",
        few.encode("cp1252"),
        encoding=("cp1252", "iso-8859-1", "iso-8859-15"),
        rows=200,
        last=("200", "Lefèvre"),
    )
    yield Case(
        "one accent at the end, utf-8", few.encode(), encoding=("utf-8",), rows=200, last=("200", "Lefèvre")
    )
    late = lines([("id", "nom"), *([str(n), "Martin"] for n in range(1, 30_000)), ["30000", "Lefèvre"]])
    yield Case(
        "one accent after thirty thousand records, cp1252",
        late.encode("cp1252"),
        encoding=("cp1252", "iso-8859-1", "iso-8859-15"),
        rows=30_000,
        last=("30000", "Lefèvre"),
    )
    bad = text.encode().replace("Orléans".encode(), b"Orl\xe9ans", 1)
    yield whole("utf-8 with one bad byte", bad, encoding=("utf-8",), first=(), last=LAST)
    yield whole(
        "utf-8 written twice",
        text.encode().decode("cp1252").encode(),
        encoding=("utf-8",),
        names=(),
        first=(),
        last=(),
        codes=("double-encoding",),
    )
    yield whole("utf-8 with two marks", b"\xef\xbb\xbf" + text.encode("utf-8-sig"), encoding=("utf-8-sig",))
    quotes = lines([("id", "titre"), *([str(n), "L’été – « œuvre »…"] for n in range(1, 9))])
    yield Case(
        "cp1252 with curly quotes",
        quotes.encode("cp1252"),
        encoding=("cp1252",),
        rows=8,
        first=("1", "L’été – « œuvre »…"),
    )
    yield whole(
        "utf-8 with a mark and « sep= »",
        b"\xef\xbb\xbf" + ("sep=;\r\n" + text).encode(),
        encoding=("utf-8-sig",),
        header=2,
    )


def separators() -> Iterator[Case]:
    """Every character that parts cells, and some that do not."""
    plain = [[r[0], r[1], r[2], r[3].replace(",", "."), r[4]] for r in ROWS]
    yield whole("commas, points", lines([HEAD, *plain], ",").encode(), separator=",", decimal=".")
    quoted = "".join(",".join(f'"{c}"' if "," in c else c for c in row) + "\n" for row in [HEAD, *ROWS])
    yield whole("commas, decimal commas in quotes", quoted.encode(), separator=",", decimal=",")
    for separator, name in (
        ("\t", "tab"),
        ("|", "bar"),
        ("^", "caret"),
        ("~", "tilde"),
        (":", "colon"),
        ("¤", "currency sign"),
        ("\x1f", "unit separator"),
        ("§", "section"),
    ):
        rows = [[c.replace(separator, " ") for c in row] for row in [HEAD, *ROWS]]
        yield whole(f"separator {name}", lines(rows, separator).encode(), separator=separator)
    yield whole("separator of two characters", lines([HEAD, *ROWS], "||").encode(), separator="||")
    yield whole("blanks after each delimiter", lines([HEAD, *ROWS], "; ").encode(), first=(), last=())
    yield whole("a delimiter at each end", lines([[*row, ""] for row in [HEAD, *ROWS]]).encode())
    yield whole(
        "commas in words, semicolons between",
        lines([HEAD, *([r[0], r[1] + ", centre, nord", *r[2:]] for r in ROWS)]).encode(),
        first=(),
        last=(),
    )
    times = lines([("heure", "ligne"), *([f"{n % 24:02d}:15", f"L{n % 5}"] for n in range(30))], ",")
    yield Case(
        "commas with colons in the cells",
        times.encode(),
        separator=",",
        rows=30,
        header=1,
        types=("time", "text"),
    )
    alone = "nom\r\n" + "".join(f"{r[1]}\r\n" for r in ROWS)
    yield Case("one column", alone.encode(), separator=None, rows=24, header=1, names=("nom",))
    prices = "montant\r\n" + "".join(f"{r[3]}\r\n" for r in ROWS)
    yield Case(
        "one column of decimal commas",
        prices.encode(),
        separator=None,
        rows=24,
        header=1,
        types=("number",),
        decimal=",",
    )
    days = "date\n" + "".join(f"2025-03-{n:02d}\n" for n in range(1, 29))
    yield Case("one column of days", days.encode(), separator=None, rows=28, header=1, types=("date",))
    sentences = "avis\n" + "".join(f"Bonjour, je trouve {r[2]} très bien, merci ; à bientôt.\n" for r in ROWS)
    yield Case("one column of sentences", sentences.encode(), separator=None, rows=24, header=1)
    spaces = "".join(
        f"{a:<8} {b:<10} {c:>8}\n"
        for a, b, c in [
            ("code", "ville", "montant"),
            *((r[0], r[1].split("-")[0].split(" ")[0], r[3]) for r in ROWS),
        ]
    )
    yield Case("columns aligned by blanks", spaces.encode(), rows=24, codes=("fixed-width",))
    wide = lines([tuple(f"c{i}" for i in range(200)), *([str(i + n) for i in range(200)] for n in range(20))])
    yield Case("200 columns", wide.encode(), rows=20, header=1, names=tuple(f"c{i}" for i in range(200)))


def quoting() -> Iterator[Case]:
    """Quotes of every make, and cells that hold what they should not."""
    yield whole("all between quotes", lines([HEAD, *ROWS], quote='"').encode())
    yield whole("all between quotes, comma", lines([HEAD, *ROWS], ",", quote='"').encode(), separator=",")
    simple = [[c.replace("'", " ") for c in row] for row in ROWS]
    yield whole("all between apostrophes", lines([HEAD, *simple], quote="'").encode(), first=(), last=())
    rows = [[str(n), f'dit ""le {n}""', "12"] for n in range(1, 20)]
    yield Case(
        "quotes doubled",
        ("id;nom;n\n" + "".join(f'{a};"{b}";{c}\n' for a, b, c in rows)).encode(),
        rows=19,
        first=("1", 'dit "le 1"', "12"),
        separator=";",
    )
    yield Case(
        "quotes after a backslash",
        ("id,nom,n\n" + "".join(f'{n},"dit \\"le {n}\\", ici",12\n' for n in range(1, 20))).encode(),
        rows=19,
        first=("1", 'dit "le 1", ici', "12"),
    )
    yield Case(
        "quote inside a word",
        ("id;nom;n\n" + "".join(f'{n};écran 24" plat;12\n' for n in range(1, 20))).encode(),
        rows=19,
        first=("1", 'écran 24" plat', "12"),
    )
    yield Case(
        "quote at the start of a cell, never closed",
        (
            "id;nom;n\n"
            + "".join(f"{n};mot;12\n" for n in range(1, 10))
            + '10;"mot;12\n'
            + "".join(f"{n};mot;12\n" for n in range(11, 20))
        ).encode(),
        rows=19,
        last=("19", "mot", "12"),
    )
    yield Case(
        "line break in a cell",
        ("id;avis;n\n" + "".join(f'{n};"bien\nmais {n}";12\n' for n in range(1, 20))).encode(),
        rows=19,
        header=1,
        first=("1", "bien\nmais 1", "12"),
    )
    yield Case(
        "line break in the header",
        ('id;"Nombre\nde places";n\n' + "".join(f"{n};3;12\n" for n in range(1, 20))).encode(),
        rows=19,
        header=2,
        types=("integer", "integer", "integer"),
    )
    yield Case(
        "CRLF in cells, LF between records",
        ("id;avis;n\n" + "".join(f'{n};"bien\r\nmais {n}";12\n' for n in range(1, 20))).encode(),
        rows=19,
        header=1,
    )
    yield Case(
        "delimiters and quotes in a cell",
        ("id;adresse;n\n" + "".join(f'{n};"12; rue ""Foch"", {n}";7\n' for n in range(1, 20))).encode(),
        rows=19,
        first=("1", '12; rue "Foch", 1', "7"),
        separator=";",
    )
    yield Case(
        "a blank before the quote",
        ("id; nom; n\n" + "".join(f'{n}; "Foch; nord"; 12\n' for n in range(1, 20))).encode(),
        rows=19,
        separator=";",
        first=("1", "Foch; nord", "12"),
    )
    long = "é" * 200_000
    yield Case(
        "a cell of 400 kB",
        (
            "id;texte;n\n" + "".join(f'{n};"{long if n == 7 else "court"}";12\n' for n in range(1, 20))
        ).encode(),
        rows=19,
        separator=";",
    )
    yield Case(
        "each line between quotes",
        ('"id;nom;n"\n' + "".join(f'"{n};Foch;12"\n' for n in range(1, 20))).encode(),
        rows=19,
        separator=";",
        names=("id", "nom", "n"),
    )
    js = "".join(f'{n};"{{""a"": {n}, ""b"": [1; 2]}}";ok\n' for n in range(1, 20)).replace("1; 2", "1, 2")
    yield Case(
        "json in cells",
        ("id;details;etat\n" + js).encode(),
        rows=19,
        separator=";",
        meanings={"details": "json"},
    )


def ends() -> Iterator[Case]:
    """Line ends, bytes that do not belong, and no end at all."""
    text = lines([HEAD, *ROWS], end="\n")
    yield whole("CR only", text.replace("\n", "\r").encode())
    yield whole("CR CR LF", text.replace("\n", "\r\r\n").encode(), header=None)
    mixed = "".join(line + ("\r\n", "\n", "\r")[i % 3] for i, line in enumerate(text.splitlines()))
    yield whole("three kinds of line ends", mixed.encode())
    yield whole("no end of line at the end", text.removesuffix("\n").encode())
    yield whole("blank lines between all records", text.replace("\n", "\n\n").encode(), header=None)
    yield whole("blank lines at the end", (text + "\n\n\n;;;;\n").encode())
    yield whole("blank lines above", ("\n\n" + text).encode(), header=3)
    yield whole("NUL bytes", text.replace("crèche", "cr\x00èche").encode(), first=(), last=())
    yield whole("NUL bytes at the end", text.encode() + b"\x00" * 512)
    yield whole("the mark of the end of DOS", text.encode("cp850") + b"\x1a", encoding=("cp850", "cp858"))
    yield whole("form feed between pages", text.replace("\n00013", "\n\x0c00013").encode(), first=FIRST)
    yield whole(
        "no-break spaces around",
        lines([HEAD, *([f"\u00a0{c}\u00a0" for c in row] for row in ROWS)]).encode(),
        first=(),
        last=(),
    )
    yield whole(
        "zero width space in the header", text.replace("commune", "\u200bcommune", 1).encode(), names=()
    )


def headers() -> Iterator[Case]:
    """Where the header stands, when it stands anywhere."""
    table = lines([HEAD, *ROWS])
    yield whole(
        "one title", ("Liste des marchés 2025\r\n" + table).encode(), header=2, codes=("title-lines",)
    )
    yield whole("title and blank line", ("Liste des marchés 2025;;;;\r\n;;;;\r\n" + table).encode(), header=3)
    yield whole(
        "five lines above",
        (
            "Ville de Crécy\r\nDirection des finances\r\nExtrait le 12/03/2025\r\n\r\nMontants en euros\r\n"
            + table
        ).encode(),
        header=6,
    )
    yield whole(
        "parameters above", ("Exercice;2025;;;\r\nService;Voirie;;;\r\n;;;;\r\n" + table).encode(), header=4
    )
    yield whole("comments above", ("# extrait\r\n# le 12 mars\r\n" + table).encode(), header=3)
    yield whole("header twice", (lines([HEAD]) + table).encode(), header=2, codes=("repeated-header",))
    yield whole(
        "header again in the middle", (lines([HEAD, *ROWS[:12]]) + lines([HEAD, *ROWS[12:]])).encode()
    )
    yield whole("header, dashes, records", lines([HEAD, ["-----"] * 5, *ROWS]).encode(), header=None)
    yield whole("header, blank line, records", (lines([HEAD]) + "\r\n" + lines(ROWS)).encode(), header=1)
    units = lines([HEAD, ["", "", "", "€", "jj/mm/aaaa"], *ROWS])
    yield whole(
        "units below the header",
        units.encode(),
        header=2,
        names=("code", "commune", "libellé", "montant €", "le jour jj/mm/aaaa"),
        codes=("multi-row-header",),
    )
    yield Case("no header", lines(ROWS).encode(), header=0, rows=24, codes=("no-header",), types=TYPES)
    yield Case(
        "no header, numbers",
        "".join(f"{n};{n * 3};{n * 7}\n" for n in range(1, 40)).encode(),
        header=0,
        rows=39,
        types=("integer",) * 3,
    )
    yield Case("no header, texts", "".join(f"{r[1]};{r[2]}\n" for r in ROWS).encode(), header=0, rows=24)
    yield Case(
        "same label twice, one empty",
        lines([("nom", "nom", "", "n"), *([r[1], r[2], r[0], "4"] for r in ROWS)]).encode(),
        header=1,
        rows=24,
        names=("nom", "nom_2", "colonne_3", "n"),
        codes=("duplicate-label", "empty-label"),
    )
    years = lines(
        [
            ("commune", "2021", "2022", "2023"),
            *([r[1], str(n), str(n + 4), str(n + 9)] for n, r in enumerate(ROWS, 100)),
        ]
    )
    yield Case(
        "years as labels", years.encode(), header=1, rows=24, names=("commune", "2021", "2022", "2023")
    )
    groups = lines(
        [
            ("", "Hommes", "", "Femmes", ""),
            ("commune", "0-14 ans", "15 ans et +", "0-14 ans", "15 ans et +"),
            *([r[1], str(n), "4", "5", "6"] for n, r in enumerate(ROWS, 100)),
        ]
    )
    yield Case(
        "groups above labels",
        groups.encode(),
        header=2,
        rows=24,
        types=("text", "integer", "integer", "integer", "integer"),
    )
    yield Case(
        "header of dates",
        lines(
            [
                ("station", "01/01/2025", "02/01/2025", "03/01/2025"),
                *([r[1], str(n), "4", "5"] for n, r in enumerate(ROWS, 100)),
            ]
        ).encode(),
        header=1,
        rows=24,
    )
    yield Case(
        "all text, header unlike",
        lines([("identifiant", "nom", "ville"), *([f"A{r[0]}", r[2], r[1]] for r in ROWS)]).encode(),
        header=1,
        rows=24,
        names=("identifiant", "nom", "ville"),
    )
    yield Case(
        "labels in two lines by quotes",
        ('"Code";"Montant\r\n(en €)";"Jour"\r\n' + lines([[r[0], r[3], r[4]] for r in ROWS])).encode(),
        header=2,
        rows=24,
        types=("text", "number", "date"),
    )
    yield whole(
        "labels with blanks around", lines([tuple(f"  {h} " for h in HEAD), *ROWS]).encode(), names=NAMES
    )
    yield whole(
        "labels shouted",
        lines([tuple(h.upper() for h in HEAD), *ROWS]).encode(),
        names=tuple(h.upper() for h in HEAD),
    )
    yield Case(
        "header shorter than the records",
        lines([("code", "commune", "libellé", "montant"), *ROWS]).encode(),
        header=1,
        rows=24,
    )
    yield Case("header only", lines([HEAD]).encode(), header=1, rows=0, names=NAMES)
    yield Case("one record only", lines([HEAD, ROWS[0]]).encode(), header=1, rows=1, names=NAMES, first=FIRST)
    yield Case("two cells", b"nom\nFoch\n", header=1, rows=1, names=("nom",))
    yield Case(
        "a row of labels in technical names below",
        lines(
            [
                ("Code du lieu", "Nom du lieu", "Nombre"),
                ("code_lieu", "nom_lieu", "nombre"),
                *([r[0], r[1], "4"] for r in ROWS),
            ]
        ).encode(),
        header=2,
        rows=24,
        types=("text", "text", "integer"),
    )
    yield Case(
        "index column without a label",
        lines(
            [("", "commune", "montant"), *([str(n), r[1], r[3]] for n, r in enumerate(ROWS))], ",", quote='"'
        ).encode(),
        header=1,
        rows=24,
        names=("colonne_1", "commune", "montant"),
    )


def notes() -> Iterator[Case]:
    """What stands below the table, and is no record; rows of unlike width."""
    table = lines([HEAD, *ROWS])
    yield whole("source below", (table + "\r\nSource : direction des finances\r\n").encode())
    yield whole(
        "source below, delimiters", (table + ";;;;\r\nSource : direction des finances;;;;\r\n").encode()
    )
    yield whole(
        "two notes below", (table + "\r\n(1) montants hors taxes\r\n* chiffres provisoires\r\n").encode()
    )
    yield whole(
        "total below", (table + "Total;;;123456,00;\r\n").encode(), rows=25, last=(), codes=("total-row",)
    )
    yield whole("end mark", (table + "--- Fin du fichier ---\r\n").encode())
    yield whole("count of lines below", (table + "\r\n(24 lignes affectées)\r\n").encode())
    yield whole("updated on", (table + "Mise à jour : 12 mars 2025;;;;\r\n").encode())
    short = "".join(";".join(r[:3] if n == 4 else r) + "\r\n" for n, r in enumerate([list(HEAD), *ROWS]))
    yield whole("a short record", short.encode(), codes=("ragged-rows",))
    long = "".join(
        ";".join([*r, "en trop"] if n == 4 else r) + "\r\n" for n, r in enumerate([list(HEAD), *ROWS])
    )
    yield whole("a long record", long.encode(), names=(), types=(), first=(), last=())
    trailing = "".join(
        ";".join(r).rstrip("0123456789/") + "\r\n" if n % 3 == 1 else ";".join(r) + "\r\n"
        for n, r in enumerate([list(HEAD), *ROWS])
    )
    yield whole("days missing at line ends", trailing.encode(), first=(), last=())


def scraps() -> Iterator[Case]:
    """What is hardly a file."""
    yield Case("nothing", b"", refused=("vide",))
    yield Case("one line end", b"\n", refused=("aucun",))
    yield Case("blanks", b"   \r\n  \r\n", refused=("aucun",))
    yield Case("a mark alone", b"\xef\xbb\xbf", refused=("aucun",))
    yield Case("NULs alone", b"\x00" * 4096, refused=("format",))
    yield Case("delimiters alone", b";;;;\r\n;;;;\r\n", refused=("aucun",))
    yield Case("a picture", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9, refused=("image",))
    yield Case("a PDF", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n", refused=("PDF",))
    yield Case("noise", random.Random(4).randbytes(5000), refused=("format",))
    yield Case(
        "a Word document of old", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4000), refused=("table",)
    )
    yield Case("an 7z", b"7z\xbc\xaf\x27\x1c" + bytes(400), refused=("7",))
    yield Case(
        "a web page of a portal that is shut",
        b"<!DOCTYPE html><html><head><title>Connexion</title></head><body><form><input name=u></form></body></html>",
        refused=("page",),
    )


FAMILIES = {
    "encodings": encodings,
    "separators": separators,
    "quoting": quoting,
    "ends": ends,
    "headers": headers,
    "notes": notes,
    "scraps": scraps,
}
