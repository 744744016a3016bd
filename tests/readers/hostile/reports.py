"""Text tables as programs print them: reports, fixed widths, frames."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from tests.readers.hostile.case import Case
from tests.readers.hostile.requests import HEAD, ROWS, whole
from tests.readers.hostile.text import lines


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


FAMILIES = {"reports": texts}
