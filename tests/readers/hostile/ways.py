"""A third wave: numbers, days and words for nothing in every writing, one column each."""

from __future__ import annotations

from collections.abc import Iterator

from tests.readers.hostile.case import Case
from tests.readers.hostile.cells import column


def _turn(*cells: str, rows: int = 24) -> list[str]:
    return [cells[n % len(cells)] for n in range(rows)]


def amounts() -> Iterator[Case]:
    """Amounts as people and machines write them."""
    for name, cells, first in (
        ("thin no-break blanks", ("1\u202f234,50", "12\u202f000,00", "7,25"), "1234.5"),
        ("thin blanks", ("1\u2009234,50", "12\u2009000,00", "7,25"), "1234.5"),
        ("points for thousands", ("1.234,50", "12.000,00", "7,25"), "1234.5"),
        ("commas for thousands", ("1,234.50", "12,000.00", "7.25"), "1234.5"),
        ("apostrophes for thousands", ("1'234.50", "12'000.00", "7.25"), "1234.5"),
        ("curly apostrophes for thousands", ("1’234,50", "12’000,00", "7,25"), "1234.5"),
        ("euros behind", ("1 234,50 €", "12 000,00 €", "7,25 €"), "1234.5"),
        ("euros before", ("€ 1 234,50", "€ 12 000,00", "€ 7,25"), "1234.5"),
        ("EUR behind", ("1234,50 EUR", "12000,00 EUR", "7,25 EUR"), "1234.5"),
        ("euros in words", ("1 234,50 euros", "12 000 euros", "7,25 euros"), "1234.5"),
        ("brackets for less than nothing", ("(1 234,50)", "12 000,00", "(7,25)"), "-1234.5"),
        ("a minus behind", ("1234,50-", "12000,00", "7,25-"), "-1234.5"),
        ("the minus of typographers", ("\u22121 234,50", "12 000,00", "\u22127,25"), "-1234.5"),
        ("a minus apart", ("- 1 234,50", "12 000,00", "- 7,25"), "-1234.5"),
        ("a plus before", ("+1234,50", "-12000,00", "+7,25"), "1234.5"),
        ("no digit before the comma", (",50", "-,25", "7,25"), "0.5"),
        ("nothing as a dash", ("1 234,50", "-", "7,25", "12 000,00"), "1234.5"),
        ("nothing as a dash of accountants", ("1 234,50 €", " -   € ", "7,25 €", "12 000,00 €"), "1234.5"),
        ("powers of ten", ("1,2345E+03", "1,2E+04", "7,25E+00"), "1234.5"),
        ("HT behind", ("1 234,50 € HT", "12 000,00 € HT", "7,25 € HT"), "1234.5"),
    ):
        yield column(name, "montant", _turn(*cells), "number", first, misfits=0)
    yield column("euros for a comma", "tarif", _turn("12€50", "7€25", "3€00"), "number", "12.5", misfits=0)
    yield column(
        "thousands of euros in words stay text",
        "budget",
        _turn("12,5 k€", "3 M€", "700 k€"),
        "text",
        "12,5 k€",
    )
    yield column("shares apart", "taux", _turn("12,5 %", "7 %", "100 %"), "number", "12.5", misfits=0)
    yield column(
        "fewer than, detection limits",
        "nitrates",
        _turn("< 0,5", "12,5", "7,25", "3,1", "8,2", "<0,02"),
        "text",
        "< 0,5",
        misfits=None,
    )


def days() -> Iterator[Case]:
    """Days and hours as people and machines write them."""
    for name, cells, kind, first in (
        ("Oracle", ("25-MAR-24", "01-DEC-23", "14-JUL-24"), "date", "2024-03-25"),
        ("Oracle with the century", ("25-MAR-2024", "01-DEC-2023", "14-JUL-2024"), "date", "2024-03-25"),
        ("Oracle in French", ("25-MARS -24", "01-DÉC. -23", "14-JUIL.-24"), "date", "2024-03-25"),
        ("short months in French", ("25-mars-24", "01-déc-23", "14-juil-24"), "date", "2024-03-25"),
        ("short months with points", ("25 mars 2024", "1 déc. 2023", "14 juil. 2024"), "date", "2024-03-25"),
        ("capitals", ("25 MARS 2024", "1ER DÉCEMBRE 2023", "14 JUILLET 2024"), "date", "2024-03-25"),
        ("without accents", ("25 fevrier 2024", "1er decembre 2023", "14 aout 2024"), "date", "2024-02-25"),
        (
            "le, day of the week",
            ("le lundi 25 mars 2024", "le vendredi 1er décembre 2023"),
            "date",
            "2024-03-25",
        ),
        ("American words", ("Mar 25, 2024", "Dec 1, 2023", "Jul 14, 2024"), "date", "2024-03-25"),
        ("blanks around the strokes", ("25 / 03 / 2024", "01 / 12 / 2023"), "date", "2024-03-25"),
        ("points, two digits", ("25.03.24", "01.12.23", "14.07.24"), "date", "2024-03-25"),
        (
            "microseconds",
            ("2024-03-25 10:30:12.123456", "2023-12-01 00:05:00.000000"),
            "datetime",
            "2024-03-25 09:30:12.123456+00",
        ),
        (
            "a zone without colon",
            ("2024-03-25T10:30:00+0100", "2024-07-14T10:30:00+0200"),
            "datetime",
            "2024-03-25 09:30:00+00",
        ),
        ("compact instants", ("20240325T103000Z", "20231201T000500Z"), "datetime", "2024-03-25 10:30:00+00"),
        ("fourteen digits", ("20240325103000", "20231201000500"), "datetime", "2024-03-25 09:30:00+00"),
        (
            "hours with h and blanks",
            ("25/03/2024 10 h 30", "01/12/2023 00 h 05"),
            "datetime",
            "2024-03-25 09:30:00+00",
        ),
        ("day - hour", ("25/03/2024 - 10:30", "01/12/2023 - 00:05"), "datetime", "2024-03-25 09:30:00+00"),
        (
            "American with AM",
            ("3/25/2024 10:30:00 AM", "12/31/2023 12:05:00 PM"),
            "datetime",
            "2024-03-25 09:30:00+00",
        ),
        (
            "of e-mails",
            ("Mon, 25 Mar 2024 10:30:00 +0100", "Fri, 01 Dec 2023 00:05:00 +0100"),
            "datetime",
            "2024-03-25 09:30:00+00",
        ),
        (
            "of Java",
            ("Mon Mar 25 10:30:00 CET 2024", "Fri Jul 14 00:05:00 CEST 2023"),
            "datetime",
            "2024-03-25 09:30:00+00",
        ),
        ("hours in four digits are text or numbers", ("8h", "14h30", "9H05"), "time", "08:00:00"),
        ("hours and seconds", ("8h30m12s", "14h05m00s"), "time", "08:30:12"),
        ("weeks are text", ("2024-W12", "2024-W13"), "text", "2024-W12"),
        ("quarters are text", ("T1 2024", "T2 2024"), "text", "T1 2024"),
        ("months in short are text", ("janv-24", "févr-24", "mars-24"), "text", "janv-24"),
        ("seasons are text", ("2023/2024", "2024/2025"), "text", "2023/2024"),
    ):
        yield column(
            f"days: {name}",
            {"date": "date", "datetime": "horodatage", "time": "heure"}.get(kind, "période"),
            _turn(*cells),
            kind,
            first,
            misfits=0,
        )


FAMILIES = {"amounts": amounts, "written days": days}
