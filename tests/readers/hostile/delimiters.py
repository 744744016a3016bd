"""Delimiters that nobody expects."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.readers.hostile.case import Case

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


FAMILIES = {"delimiters": texts}
