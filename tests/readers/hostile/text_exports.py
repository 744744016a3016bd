"""What databases and spreadsheets write when asked for text."""

from __future__ import annotations

import random
from collections.abc import Iterator

from tests.readers.hostile import text
from tests.readers.hostile.case import Case
from tests.readers.hostile.text import HEAD, ROWS, lines


def exports() -> Iterator[Case]:
    """What databases and spreadsheets write when asked for text."""
    table = lines([HEAD, *ROWS])
    widths = (7, 20, 28, 10, 12)
    bars = (
        "|".join(f" {h:<{w}}" for h, w in zip(HEAD, widths, strict=True))
        + "\n"
        + "+".join("-" * (w + 1) for w in widths)
        + "\n"
    )
    psql = (
        bars
        + "".join("|".join(f" {c:<{w}}" for c, w in zip(r, widths, strict=True)) + "\n" for r in ROWS)
        + "(24 rows)\n\n"
    )
    yield text.whole("psql", psql.encode(), separator="|", header=None, first=(), last=())
    markdown = "".join(f"| {' | '.join(r)} |\n" for r in (HEAD, ["---"] * 5, *ROWS))
    yield Case("markdown", markdown.encode(), separator="|", rows=24, names=HEAD)
    excel = "code;nom;n\n" + "".join(f'="{n:05d}";Foch;{n}\n' for n in range(1, 20))
    yield Case(
        "codes as formulas",
        excel.encode(),
        rows=19,
        types=("text", "text", "integer"),
        first=("00001", "Foch", "1"),
    )
    quoted = "code,nom,n\n" + "".join(f'"=""{n:05d}""",Foch,{n}\n' for n in range(1, 20))
    yield Case(
        "codes as formulas in quotes",
        quoted.encode(),
        rows=19,
        types=("text", "text", "integer"),
        first=("00001", "Foch", "1"),
    )
    nulls = "id\tnom\tn\tjour\n" + "".join(
        f"{n}\t{'Foch' if n % 3 else chr(92) + 'N'}\t{n if n % 4 else chr(92) + 'N'}\t2025-03-{n + 9}\n"
        for n in range(1, 20)
    )
    yield Case(
        "\\N for nothing",
        nulls.encode(),
        rows=19,
        separator="\t",
        types=("integer", "text", "integer", "date"),
        misfits=0,
    )
    named = "id,nom,n\n" + "".join(
        f"{n},{'Foch' if n % 3 else 'NULL'},{n if n % 4 else 'NULL'}\n" for n in range(1, 20)
    )
    yield Case("NULL for nothing", named.encode(), rows=19, types=("integer", "text", "integer"), misfits=0)
    empty = lines([[*r[:2], "", *r[3:]] for r in ROWS])
    yield text.whole("a column without any value", (lines([HEAD]) + empty).encode(), first=(), last=())
    yield text.whole(
        "an empty column first",
        lines([["", *r] for r in [HEAD, *ROWS]]).encode(),
        names=(),
        types=(),
        first=(),
        last=(),
    )
    yield text.whole(
        "labels unlike by case only",
        lines([("Nom", "nom", "NOM", "montant", "jour"), *ROWS]).encode(),
        names=(),
    )
    yield text.whole(
        "records end with a blank", "".join(line + " \r\n" for line in table.splitlines()).encode(), names=()
    )
    yield text.whole("cut in the middle of a letter", table.encode()[:-2] + "é".encode()[:1], last=())
    yield text.whole(
        "cut in quotes", (lines([HEAD, *ROWS], quote='"') + '"00025";"Sète";"mar').encode(), rows=25, last=()
    )
    months = ("janvier", "février", "mars", "avril", "mai", "juin")
    yield Case(
        "months as labels",
        lines(
            [
                ("commune", *months),
                *([r[1], *(str(n + i) for i in range(6))] for n, r in enumerate(ROWS, 100)),
            ]
        ).encode(),
        header=1,
        rows=24,
        names=("commune", *months),
    )
    numbered = lines([HEAD, ["(1)", "(2)", "(3)", "(4)", "(5)"], *ROWS])
    yield text.whole("labels numbered below", numbered.encode(), header=2, names=())
    three = lines(
        [
            ("", "", "Recettes", "", ""),
            ("", "", "fonctionnement", "", "investissement"),
            ("code", "commune", "2023 (€)", "2024 (€)", "2024 (€)"),
            *([r[0], r[1], str(n), str(n + 7), str(n + 9)] for n, r in enumerate(ROWS, 100)),
        ]
    )
    yield Case(
        "three lines of labels",
        three.encode(),
        header=3,
        rows=24,
        types=("text", "text", "integer", "integer", "integer"),
    )
    yield text.whole(
        "keys and values above",
        ("Éditeur;Ville de Crécy\r\nDate;12/03/2025\r\nLicence;Licence ouverte\r\n\r\n" + table).encode(),
        header=5,
    )
    long = lines(
        [
            (
                "Q1. Êtes-vous satisfait de l'accueil qui vous a été réservé en mairie lors de votre dernière visite ?",
                "Q2. Combien de fois êtes-vous venu ?",
            ),
            *(["tout à fait", str(n)] for n in range(1, 30)),
        ]
    )
    yield Case("questions as labels", long.encode(), header=1, rows=29, types=("text", "integer"))
    sub = lines([HEAD, *ROWS[:12], ["Sous-total", "", "", "1234,00", ""], *ROWS[12:]])
    yield text.whole("a total among the records", sub.encode(), rows=25)
    yield text.whole("page numbers below", (table + "Page 1/1;;;;\r\n").encode())
    yield text.whole(
        "extracted on", (table + "\r\nExtrait le 12/03/2025 à 10h30 par le service informatique\r\n").encode()
    )
    yield text.whole(
        "legend below",
        (table + "\r\nLégende :\r\nN.C. : non communiqué\r\nn.d. : non disponible\r\n").encode(),
    )
    twice = lines([HEAD, *ROWS[:12]]).encode() + b"\xef\xbb\xbf" + lines([HEAD, *ROWS[12:]]).encode()
    yield text.whole("two exports in one, a mark between", b"\xef\xbb\xbf" + twice, encoding=("utf-8-sig",))
    late = "id,nom,avis\n" + "".join(
        f"{n},Foch,{'bien, mais cher' if n == 25_000 else 'bien'}\n" for n in range(1, 30_001)
    )
    yield Case(
        "a delimiter too many after twenty-five thousand records",
        late.encode(),
        rows=30_000,
        separator=",",
        header=1,
    )
    shifted = "id\tnom\tn\n" + "".join(f'{n}\ttuyau 5" de {n}\t{n}\n' for n in range(1, 40))
    yield Case(
        "inches between tabs", shifted.encode(), rows=39, separator="\t", first=("1", 'tuyau 5" de 1', "1")
    )
    apostrophes = "nom;lieu;n\n" + "".join(f"'s-Gravenhage;l'été;{n}\n" for n in range(1, 20))
    yield Case(
        "apostrophes at the start of a cell",
        apostrophes.encode(),
        rows=19,
        first=("'s-Gravenhage", "l'été", "1"),
    )
    draw = random.Random(2)
    words = (
        "bien",
        "merci",
        "je suis content",
        "la rue est sale",
        "un peu de bruit la nuit",
        "rien à dire",
        "très utile",
    )
    opinions = "avis\n" + "".join(
        ", ".join(draw.choices(words, k=draw.randint(1, 5)))
        + (" ; à revoir" if draw.random() < 0.3 else ".")
        + "\n"
        for _ in range(60)
    )
    yield Case("opinions of people", opinions.encode(), rows=60, header=1, separator=None)
    columns = "".join(
        "".join(f"{c:<{w + 2}}" for c, w in zip(r, widths, strict=True)).rstrip() + "\n"
        for r in (HEAD, *ROWS)
    )
    yield Case("aligned by blanks, blanks in the cells", columns.encode(), rows=24, codes=("fixed-width",))
    only = "1 2 3\n" * 3 + "4 5 6\n" * 20
    yield Case("numbers between blanks", only.encode(), rows=23, header=0)
    yield Case(
        "a text of rich format",
        b"{\\rtf1\\ansi\\deff0 {\\fonttbl {\\f0 Arial;}} Bonjour\\par}",
        refused=("",),
    )
    yield Case("an invoice of mail", b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Mairie\r\nEND:VCARD\r\n", names=())
    rows = [[f"{n}", "1 234,50", "12/03/2025"] for n in range(1, 30)]
    yield Case(
        "comma between, decimal commas bare",
        ("id,montant,jour\n" + "".join(",".join(r) + "\n" for r in rows)).encode(),
        separator=",",
        codes=("empty-label",),
    )
    yield Case(
        "cp1252 and semicolons, no accent but one euro sign",
        ("id;prix\r\n" + "".join(f"{n};{n},50 \u20ac\r\n" for n in range(1, 20))).encode("cp1252"),
        encoding=("cp1252",),
        rows=19,
        types=("integer", "number"),
        first=("1", "1.5"),
    )


FAMILIES = {"exports": exports}
