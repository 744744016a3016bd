"""Numbers, days, places and words for nothing in every writing, one column each."""

from __future__ import annotations

import random
from collections.abc import Iterator

from tests.readers.hostile.case import Case
from tests.readers.hostile.cells import column


def _turn(*cells: str, rows: int = 24) -> list[str]:
    return [cells[n % len(cells)] for n in range(rows)]


def _forty(*cells: str, rows: int = 40) -> list[str]:
    return _turn(*cells, rows=rows)


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


def writings() -> Iterator[Case]:
    """More ways to write a day, a number, a place."""
    yield column("hours in English", "heure", _forty("8:30 AM", "2:05 PM", "11:59 PM"), "time", "08:30:00")
    yield column("hours with seconds", "heure_depart", _forty("08:30:15", "14:05:00"), "time", "08:30:15")
    yield column(
        "instants of short years",
        "date",
        _forty("25/03/24 10:30", "14/07/24 23:05"),
        "datetime",
        "2024-03-25 09:30:00+00",
    )
    yield column(
        "instants of milliseconds",
        "horodatage",
        _forty("25/03/2024 10:30:00.250", "14/07/2024 23:05:00.000"),
        "datetime",
        "2024-03-25 09:30:00.25+00",
    )
    yield column(
        "instants of PostgreSQL",
        "maj",
        _forty("2024-03-25 10:30:00.123456+01", "2024-07-14 23:05:00+02"),
        "datetime",
        "2024-03-25 09:30:00.123456+00",
    )
    yield column(
        "instants of mail",
        "date",
        _forty("Mon, 25 Mar 2024 10:30:00 GMT", "Sun, 14 Jul 2024 23:05:00 +0200"),
        "datetime",
        "2024-03-25 10:30:00+00",
    )
    yield column(
        "days of Excel in French",
        "date",
        _forty("25-mars-24", "12-janv.-23", "01-août-22"),
        "date",
        "2024-03-25",
    )
    yield column(
        "days of Excel in English",
        "date",
        _forty("25-Mar-2024", "12-Jan-2023", "01-Aug-2022"),
        "date",
        "2024-03-25",
    )
    yield column("months and years in words", "mois", _forty("mars 2024", "avril 2024"), "text", "mars 2024")
    yield column("quarters", "trimestre", _forty("T1 2024", "T2 2024"), "text", "T1 2024")
    yield column("weeks", "semaine", _forty("2024-W12", "2024-W13"), "text", "2024-W12")
    yield column(
        "days, a few with hours",
        "date",
        _forty(
            "25/03/2024",
            "14/07/2024",
            "14/07/2024",
            "14/07/2024",
            "14/07/2024",
            "14/07/2024",
            "14/07/2024",
            "14/07/2024",
            "14/07/2024",
            "14/07/2024",
            "14/07/2024",
            "14/07/2024",
            "14/07/2024",
            "14/07/2024",
            "14/07/2024",
            "14/07/2024",
            "14/07/2024",
            "14/07/2024",
            "14/07/2024",
            "14/07/2024 10:30",
        ),
        "date",
        "2024-03-25",
        misfits=None,
    )
    yield column(
        "euros of millions by points",
        "prix",
        _forty("1.234.567,89 €", "12,00 €"),
        "number",
        "1234567.89",
        meaning="money",
    )
    yield column(
        "negative euros", "solde", _forty("-12,50 €", "1 234,00 €"), "number", "-12.5", meaning="money"
    )
    yield column("degrees of heat", "température", _forty("12,5 °C", "-3 °C", "21 °C"), "number", "12.5")
    yield column("kilometres", "longueur", _forty("12 km", "3,5 km"), "number", "12.0")
    yield column(
        "below the limit",
        "mesure",
        _forty("0,5", "1,2", "3,4", "0,9", "0,7", "2,2", "1,1", "1,9", "1,8", "<0,1", rows=40),
        "number",
        "0.5",
        misfits=4,
    )
    yield column(
        "numbers with a star",
        "effectif",
        _forty("120", "75*", "300", "12", "15", "18", "21", "33", "41", "55", rows=40),
        "integer",
        "120",
        misfits=4,
    )
    yield column("prices by the sign", "tarif", _forty("12€50", "8€00", "3€20"), "number", "12.5")
    yield column("zero everywhere", "montant", _forty("0"), "integer", "0")
    yield column(
        "too large for an integer",
        "numero_compteur",
        _forty("123456789012345678901234", "223456789012345678901234"),
        "text",
        "123456789012345678901234",
    )
    yield column("many decimals", "ratio", _forty("0.123456789012345", "1.5"), "number", "0.123456789012345")
    yield column("mostly empty", "montant", ["12,5", *[""] * 38, "7"], "number", "12.5")
    yield column("all empty", "observations", [""] * 40, "text", None)
    yield column("words and one number", "observations", ["12", *(["à voir"] * 39)], "text", "12")
    yield column("half numbers, half words", "valeur", _forty("12", "variable"), "text", "12")
    yield column(
        "communes, five in a hundred bad",
        "code_commune",
        ["34172"] * 38 + ["Mpl", "3417"],
        "text",
        "34172",
        meaning="commune_insee",
    )
    yield column("plates", "immatriculation", _forty("AA-123-BB", "CD-456-EF"), "text", "AA-123-BB")
    yield column("ISBN", "isbn", _forty("9782070360024", "9782070408504"), "text", "9782070360024")
    yield column(
        "phone with points",
        "tel",
        _forty("04.99.00.00.01", "01.99.00.00.02"),
        "text",
        "04.99.00.00.01",
        meaning="phone",
    )
    yield column("arrondissements", "arrondissement", _forty("1er", "2e", "12e"), "text", "1er")
    yield column(
        "addresses",
        "adresse",
        _forty("12 rue Foch", "3 bis avenue de la Gare"),
        "text",
        "12 rue Foch",
        meaning="address",
    )
    yield column("lists", "mots_cles", _forty("sport, culture", "enfance"), "text", "sport, culture")
    yield column("yes, no in capitals with accents", "reponse", _forty("OUI", "NON"), "boolean", "true")
    yield column("true, false of spreadsheets", "actif", _forty("TRUE", "FALSE"), "boolean", "true")
    draw = random.Random(5)
    here = [(round(3.8 + draw.random() / 10, 6), round(43.55 + draw.random() / 10, 6)) for _ in range(40)]
    lon, lat = here[0]
    yield column(
        "« lat lon » by a blank",
        "coordonnees",
        [f"{y} {x}" for x, y in here],
        "text",
        f"{lat} {lon}",
        misfits=None,
        geometry="point",
        place=(lon, lat),
    )
    yield column(
        "« lon,lat », the header says",
        "lon_lat",
        [f"{x},{y}" for x, y in here],
        "text",
        f"{lon},{lat}",
        misfits=None,
        geometry="point",
        place=(lon, lat),
    )
    yield column(
        "« lat ; lon » with commas",
        "gps",
        [f"{y} ; {x}".replace(".", ",") for x, y in here],
        "text",
        f"{lat} ; {lon}".replace(".", ","),
        misfits=None,
        geometry="point",
        place=(lon, lat),
    )
    minutes = "clef;latitude;longitude\n" + "".join(
        f"K{n};43° 36,{n:03d}' N;3° 52,{n:03d}' E\n" for n in range(100, 140)
    )
    yield Case(
        "degrees and decimal minutes",
        minutes.encode(),
        rows=40,
        geometry="point",
        place=(3 + 52.1 / 60, 43 + 36.1 / 60),
    )
    letters = "clef;latitude;longitude\n" + "".join(
        f"K{n};{43.6 + n / 1000:.4f}N;{3.8 + n / 1000:.4f}E\n" for n in range(40)
    )
    yield Case("degrees with a letter", letters.encode(), rows=40, geometry="point", place=(3.8, 43.6))
    west = "clef;latitude;longitude\n" + "".join(
        f"K{n};48°07'{n:02d}\"N;1°40'{n:02d}\"W\n" for n in range(10, 50)
    )
    yield Case(
        "degrees to the west",
        west.encode(),
        rows=40,
        geometry="point",
        place=(-(1 + 40 / 60 + 10 / 3600), 48 + 7 / 60 + 10 / 3600),
    )
    turned = "clef;X;Y\n" + "".join(f"K{n};{y};{x}\n" for n, (x, y) in enumerate(here))
    yield Case(
        "x and y the other way round",
        turned.encode(),
        rows=40,
        geometry="point",
        codes=("swapped-coordinates",),
    )
    some = "clef;latitude;longitude\n" + "".join(
        f"K{n};{y if n % 2 else ''};{x if n % 2 else ''}\n" for n, (x, y) in enumerate(here)
    )
    yield Case(
        "half without a place", some.encode(), rows=40, geometry="point", types=("text", "number", "number")
    )
    bad = "clef;latitude;longitude\n" + "".join(
        f"K{n};{y if n not in (7, 9) else 'à venir'};{x if n not in (7, 9) else 'à venir'}\n"
        for n, (x, y) in enumerate(here)
    )
    yield Case(
        "five in a hundred without a place",
        bad.encode(),
        rows=40,
        geometry="point",
        place=(lon, lat),
        misfits=4,
    )


def single_columns() -> Iterator[Case]:
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


FAMILIES = {"amounts": amounts, "written days": days, "writings": writings, "single columns": single_columns}
