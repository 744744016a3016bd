"""Columns of every writing: the type that the whole file gives them, the value of the first cell, the cells
that do not fit.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Any

from tests.readers.hostile.case import Case

_NB, _NNB = "\u00a0", "\u202f"


def column(
    name: str,
    label: str,
    cells: Sequence[str],
    kind: str,
    first: str | None,
    *,
    meaning: str = "",
    misfits: int | None = 0,
    codes: tuple[str, ...] = (),
    geometry: str | None = None,
    place: tuple[float, float] | None = None,
) -> Case:
    """A table of two columns: a code, and the one that is to be judged."""
    text = f"clef;{label}\r\n" + "".join(
        f'K{n:04d};"{cell}"\r\n' if ";" in cell or "\n" in cell else f"K{n:04d};{cell}\r\n"
        for n, cell in enumerate(cells)
    )
    return Case(
        name,
        text.encode(),
        rows=len(cells),
        header=1,
        types=("text", kind),
        first=("K0000", first),
        misfits=misfits,
        codes=codes,
        geometry=geometry,
        place=place,
        meanings={label: meaning} if meaning else {},
    )


def _turn(cells: Sequence[str], rows: int = 40) -> list[str]:
    return [cells[n % len(cells)] for n in range(rows)]


def _bad(cells: Sequence[str], bad: Sequence[str]) -> list[str]:
    """Forty cells of which two are bad: five in a hundred."""
    made = _turn(cells)
    made[17], made[31] = bad[0], bad[-1]
    return made


def numbers() -> Iterator[Case]:
    """Amounts, shares, sizes."""
    for gap, name in (
        (" ", "blank"),
        (_NB, "no-break blank"),
        (_NNB, "narrow blank"),
        ("\u2009", "thin blank"),
    ):
        yield column(
            f"thousands by a {name}",
            "montant",
            _turn([f"1{gap}234,5", f"12{gap}345{gap}678,25", "17,5", f"2{gap}000"]),
            "number",
            "1234.5",
        )
        yield column(
            f"whole thousands by a {name}",
            "population",
            _turn([f"1{gap}234", f"12{gap}345", "17", f"2{gap}000"]),
            "integer",
            "1234",
        )
    yield column(
        "points and a comma", "montant", _turn(["1.234,50", "12.345.678,00", "17,50"]), "number", "1234.5"
    )
    yield column(
        "commas and a point", "montant", _turn(["1,234.50", "12,345,678.00", "17.50"]), "number", "1234.5"
    )
    yield column(
        "apostrophes for thousands", "montant", _turn(["1'234.50", "12'345.00", "17.50"]), "number", "1234.5"
    )
    yield column(
        "whole thousands by points",
        "population",
        _turn(["1.234", "12.345", "123.456", "1.234.567", "876"]),
        "integer",
        "1234",
    )
    yield column("negatives", "solde", _turn(["-1 234,5", "17,5", "-3", "+4,2"]), "number", "-1234.5")
    yield column("true minus", "solde", _turn(["\u22121 234,5", "17,5", "\u22123"]), "number", "-1234.5")
    yield column(
        "negatives in brackets",
        "solde",
        _turn(["(1 234,50)", "17,50", "(3,00)", "4,20"]),
        "number",
        "-1234.5",
    )
    yield column("minus behind", "solde", _turn(["1234,50-", "17,50", "3,00-", "4,20"]), "number", "-1234.5")
    yield column(
        "shares", "taux", _turn(["12,5 %", "7 %", "100 %", "0,25 %"]), "number", "12.5", meaning="percent"
    )
    yield column("shares, close", "part", _turn(["12%", "7%", "100%"]), "integer", "12", meaning="percent")
    yield column(
        "shares, no-break blank",
        "taux",
        _turn([f"12,5{_NB}%", f"7,1{_NNB}%"]),
        "number",
        "12.5",
        meaning="percent",
    )
    yield column(
        "euros behind", "prix", _turn(["12,50 €", "1 234,00 €", "0,99 €"]), "number", "12.5", meaning="money"
    )
    yield column(
        "euros close and by thousands",
        "prix",
        _turn(["12,50€", f"1{_NNB}234,00€"]),
        "number",
        "12.5",
        meaning="money",
    )
    yield column(
        "euros before", "prix", _turn(["€12.50", "€1,234.00", "€0.99"]), "number", "12.5", meaning="money"
    )
    yield column(
        "EUR behind", "montant", _turn(["12,50 EUR", "1234,00 EUR"]), "number", "12.5", meaning="money"
    )
    yield column("thousands of euros", "budget", _turn(["12,5 k€", "1 234 k€", "0,9 k€"]), "number", "12.5")
    yield column("square metres", "surface", _turn(["125 m²", "1 234 m²", "98 m²"]), "integer", "125")
    yield column("scientific", "mesure", _turn(["1,5E+03", "2,25E-01", "1,0E+00"]), "number", "1500.0")
    yield column("comma first", "mesure", _turn([",5", "1,5", ",25"]), "number", "0.5")
    yield column(
        "points and commas mixed", "montant", _turn(["12,5", "12.75", "13,25", "8,5"]), "number", "12.5"
    )
    yield column("integers with an empty one", "nb", _turn(["12", "", "7", "0"]), "integer", "12")
    yield column(
        "words for nothing",
        "nb",
        _turn(["12", "NC", "7", "n.d.", "-", "N/A", "8", "9", "10", "11"]),
        "integer",
        "12",
        codes=("missing-marker",),
    )
    yield column(
        "five in a hundred bad, numbers",
        "montant",
        _bad(["1 234,5", "17,5", "3"], ["voir mairie", "12,5,3"]),
        "number",
        "1234.5",
        misfits=2,
        codes=("type-misfit",),
    )
    yield column(
        "five in a hundred bad, integers",
        "nombre",
        _bad(["12", "7", "3"], ["douze", "7 ou 8"]),
        "integer",
        "12",
        misfits=2,
        codes=("type-misfit",),
    )
    yield column(
        "approximate numbers",
        "effectif",
        _bad(["120", "75", "300"], ["~ 80", "env. 50"]),
        "integer",
        "120",
        misfits=2,
    )
    yield column("ranges are text", "tranche", _turn(["0-14", "15-24", "25-64", "65 et +"]), "text", "0-14")
    yield column("versions are text", "version", _turn(["1.2.3", "1.10.0", "2.0.1"]), "text", "1.2.3")
    yield column("fractions are text", "quotité", _turn(["1/2", "3/4", "1/3"]), "text", "1/2")
    yield column(
        "zeros, then numbers of a street",
        "numero",
        _turn(["1", "12", "7 bis", "14", "3 ter", "120"]),
        "text",
        "1",
    )


def codes() -> Iterator[Case]:
    """Digits that count nothing: they keep their zeros."""
    yield column("communes", "code_commune", _turn(["01000", "2A004", "97411", "34172"]), "text", "01000")
    yield column(
        "communes without a zero", "code_insee", _turn(["1004", "34172", "75056", "13055"]), "text", "1004"
    )
    yield column(
        "communes, all digits, header says",
        "Code INSEE",
        _turn(["34172", "75056", "13055"]),
        "text",
        "34172",
        meaning="commune_insee",
    )
    yield column(
        "post codes", "cp", _turn(["01000", "34000", "75011"]), "text", "01000", meaning="code_postal"
    )
    yield column(
        "sirets",
        "siret",
        _turn(["21340172201787", "21310555400017", "21130055300016"]),
        "text",
        "21340172201787",
        meaning="siret",
    )
    yield column(
        "sirets by blanks",
        "N° SIRET",
        _turn(["213 401 722 01787", "213 105 554 00017"]),
        "text",
        "213 401 722 01787",
        meaning="siret",
    )
    yield column("sirens", "siren", _turn(["213401722", "213105554"]), "text", "213401722", meaning="siren")
    yield column(
        "sirets, header silent",
        "etablissement",
        _turn(["21340172201787", "21310555400017", "21130055300016", "21690123100011"]),
        "text",
        "21340172201787",
        meaning="siret",
    )
    yield column(
        "telephones by blanks",
        "téléphone",
        _turn(["04 99 00 00 01", "01 99 00 00 02"]),
        "text",
        "04 99 00 00 01",
        meaning="phone",
    )
    yield column(
        "telephones, ten digits",
        "tel",
        _turn(["0499000001", "0199000002"]),
        "text",
        "0499000001",
        meaning="phone",
    )
    yield column(
        "telephones that lost their zero",
        "Telephone",
        _turn(["499000001", "199000002", "699000003"]),
        "text",
        "499000001",
    )
    yield column(
        "telephones abroad",
        "contact",
        _turn(["+33 4 99 00 00 01", "+33 1 99 00 00 02"]),
        "text",
        "+33 4 99 00 00 01",
        meaning="phone",
    )
    yield column("departments", "dep", _turn(["01", "2A", "34", "974"]), "text", "01", meaning="departement")
    yield column("regions", "code_region", _turn(["76", "01", "11", "93"]), "text", "76", meaning="region")
    yield column(
        "irises", "code_iris", _turn(["341720101", "341720102"]), "text", "341720101", meaning="iris"
    )
    yield column("codes with zeros in front", "ref", _turn(["000123", "000124", "123456"]), "text", "000123")
    yield column("accounts", "code_compte", _turn(["6068", "60611", "64111", "611"]), "text", "6068")
    yield column("activities", "APE", _turn(["84.11Z", "85.20Z", "93.11Z"]), "text", "84.11Z")
    yield column("numbers of inventory", "identifiant", [str(n) for n in range(101, 141)], "integer", "101")
    yield column("hexadecimal", "couleur", _turn(["00FF00", "123456", "1E3000", "AA0011"]), "text", "00FF00")
    yield column(
        "uuids",
        "uid",
        _turn(["6f1e2d3c-0000-4000-8000-000000000001", "6f1e2d3c-0000-4000-8000-000000000002"]),
        "text",
        "6f1e2d3c-0000-4000-8000-000000000001",
    )
    yield column(
        "e-mail addresses",
        "courriel",
        _turn(["accueil@exemple.fr", "mairie@exemple.org"]),
        "text",
        "accueil@exemple.fr",
        meaning="email",
    )
    yield column(
        "web addresses",
        "site",
        _turn(["https://exemple.fr/a", "https://exemple.org/b"]),
        "text",
        "https://exemple.fr/a",
        meaning="url",
    )
    yield column("letters with digits", "ligne", _turn(["1", "2", "A", "12", "T1", "T2"]), "text", "1")
    yield column("parcels", "parcelle", _turn(["34172000AB0012", "34172000AC0120"]), "text", "34172000AB0012")


def times() -> Iterator[Case]:
    """Days, instants, hours, years, months."""
    yield column(
        "dd/mm/yyyy", "date", _turn(["25/03/2024", "01/12/2023", "14/07/2024"]), "date", "2024-03-25"
    )
    yield column(
        "d/m/yy",
        "date",
        _turn(["25/3/24", "1/12/23", "14/7/24"]),
        "date",
        "2024-03-25",
        codes=("two-digit-year",),
    )
    yield column(
        "d/m/yyyy", "date de début", _turn(["5/3/2024", "1/12/2023", "14/7/2024"]), "date", "2024-03-05"
    )
    yield column("dd-mm-yyyy", "fin", _turn(["25-03-2024", "01-12-2023"]), "date", "2024-03-25")
    yield column("dd.mm.yyyy", "jour", _turn(["25.03.2024", "01.12.2023"]), "date", "2024-03-25")
    yield column("yyyymmdd", "date_maj", _turn(["20240325", "20231201"]), "date", "2024-03-25")
    yield column("yyyy/mm/dd", "date", _turn(["2024/03/25", "2023/12/01"]), "date", "2024-03-25")
    yield column(
        "day, word, year",
        "date",
        _turn(["12 mars 2024", "1er août 2023", "25 déc. 2024", "3 février 2024"]),
        "date",
        "2024-03-12",
    )
    yield column(
        "day of the week too",
        "date",
        _turn(["mardi 12 mars 2024", "samedi 2 décembre 2023", "lundi 1 juillet 2024"]),
        "date",
        "2024-03-12",
    )
    yield column(
        "days that do not tell their order",
        "date",
        _turn(["05/03/2024", "01/12/2023"]),
        "date",
        "2024-03-05",
        codes=("date-order-ambiguous",),
    )
    yield column(
        "month first",
        "date",
        _turn(["03/25/2024", "12/01/2023", "07/14/2024", "11/30/2023"]),
        "date",
        "2024-03-25",
    )
    yield column(
        "iso with a zone",
        "maj",
        _turn(["2024-03-12T10:30:00+01:00", "2024-07-12T10:30:00+02:00"]),
        "datetime",
        "2024-03-12 09:30:00+00",
    )
    yield column(
        "iso in Z and milliseconds",
        "maj",
        _turn(["2024-03-12T10:30:00.250Z", "2024-07-12T10:30:00.000Z"]),
        "datetime",
        "2024-03-12 10:30:00.25+00",
    )
    yield column(
        "iso without a zone is Paris",
        "horodatage",
        _turn(["2024-03-12T10:30:00", "2024-07-12T10:30:00"]),
        "datetime",
        "2024-03-12 09:30:00+00",
    )
    yield column(
        "French instant",
        "date_heure",
        _turn(["25/03/2024 10:30", "14/07/2024 23:05"]),
        "datetime",
        "2024-03-25 09:30:00+00",
    )
    yield column(
        "French instant with « à » and h",
        "début",
        _turn(["25/03/2024 à 10h30", "14/07/2024 à 23h05"]),
        "datetime",
        "2024-03-25 09:30:00+00",
    )
    yield column(
        "instants at midnight are days",
        "date_debut",
        _turn(["25/03/2024 00:00:00", "14/07/2024 00:00:00"]),
        "date",
        "2024-03-25",
    )
    yield column("hours", "heure", _turn(["08:30", "14:05", "23:59"]), "time", "08:30:00")
    yield column("hours by h", "ouverture", _turn(["8h30", "14h", "18h05"]), "time", "08:30:00")
    yield column("years", "année", _turn(["2021", "2022", "2023"]), "year", "2021")
    yield column("years of building", "annee_construction", _turn(["1890", "1965", "2001"]), "year", "1890")
    yield column("years as decimals", "annee", _turn(["2021.0", "2022.0", "2023.0"]), "year", "2021")
    yield column(
        "school years are text", "année scolaire", _turn(["2021-2022", "2022-2023"]), "text", "2021-2022"
    )
    yield column("months and years", "mois", _turn(["01/2024", "02/2024", "12/2023"]), "text", "01/2024")
    yield column("iso months", "periode", _turn(["2024-01", "2024-02", "2023-12"]), "text", "2024-01")
    yield column(
        "months in words",
        "mois",
        _turn(["janvier", "février", "août", "décembre"]),
        "text",
        "janvier",
        meaning="month",
    )
    yield column(
        "five in a hundred bad days",
        "date",
        _bad(["25/03/2024", "01/12/2023"], ["31/02/2024", "courant mars"]),
        "date",
        "2024-03-25",
        misfits=2,
        codes=("type-misfit",),
    )
    yield column(
        "days of two writings",
        "date",
        _turn(["25/03/2024", "2024-03-26", "27 mars 2024", "28-03-2024"]),
        "date",
        "2024-03-25",
    )
    yield column(
        "seconds since 1970 stay numbers",
        "last_reported",
        _turn(["1711360800", "1711360900"]),
        "integer",
        "1711360800",
    )
    yield column(
        "durations beyond a day are no hours",
        "durée",
        _turn(["25:30", "48:00", "12:15", "36:45"]),
        "text",
        "25:30",
    )
    yield column(
        "hours of opening are text",
        "horaires",
        _turn(["Mo-Fr 08:00-18:00", "Sa 09:00-12:00"]),
        "text",
        "Mo-Fr 08:00-18:00",
    )


def flags() -> Iterator[Case]:
    """Yes and no."""
    yield column("oui, non", "gratuit", _turn(["oui", "non", "Oui"]), "boolean", "true")
    yield column("O, N", "accessible", _turn(["O", "N", "N"]), "boolean", "true")
    yield column("vrai, faux", "actif", _turn(["VRAI", "FAUX"]), "boolean", "true")
    yield column("1, 0 under a flag", "est_ouvert", _turn(["1", "0", "0"]), "boolean", "true")
    yield column("true, false", "station_deux_roues", _turn(["true", "false"]), "boolean", "true")
    yield column("1, 0 of a count", "nb_places_pmr", _turn(["1", "0", "0", "1"]), "integer", "1")
    yield column(
        "yes, no and unknown",
        "pmr",
        _turn(
            [
                "oui",
                "non",
                "ne sait pas",
                "oui",
                "non",
                "oui",
                "oui",
                "non",
                "non",
                "oui",
                "non",
                "oui",
                "oui",
                "non",
                "oui",
                "non",
                "oui",
                "non",
                "oui",
                "oui",
            ]
        ),
        "boolean",
        "true",
        misfits=None,
    )
    yield column("two words", "état", _turn(["ouvert", "fermé"]), "text", "ouvert")
    yield column("X or nothing", "pmr", _turn(["X", "", "X", "", ""]), "boolean", "true")
    yield column("M, F", "sexe", _turn(["M", "F"]), "text", "M")


def _pair(
    name: str, a: str, b: str, values: Sequence[tuple[str, str]], *, separator: str = ";", **more: Any
) -> Case:
    text = (
        separator.join(("clef", a, b))
        + "\n"
        + "".join(separator.join((f"K{n:04d}", x, y)) + "\n" for n, (x, y) in enumerate(values))
    )
    return Case(name, text.encode(), rows=len(values), header=1, **more)


def places() -> Iterator[Case]:
    """Where things are, in every writing; a few lie where they cannot."""
    draw = random.Random(11)
    here = [(round(3.8 + draw.random() / 10, 6), round(43.55 + draw.random() / 10, 6)) for _ in range(40)]
    lon, lat = here[0]
    degrees = [(str(y), str(x)) for x, y in here]
    comma = [(str(y).replace(".", ","), str(x).replace(".", ",")) for x, y in here]
    yield _pair(
        "latitude, longitude",
        "latitude",
        "longitude",
        degrees,
        geometry="point",
        place=(lon, lat),
        quiet=True,
    )
    yield _pair(
        "degrees with commas",
        "lat",
        "lon",
        comma,
        geometry="point",
        place=(lon, lat),
        types=("text", "number", "number"),
    )
    yield _pair("y and x in degrees", "Y", "X", degrees, geometry="point", place=(lon, lat))
    yield _pair(
        "coord_y, coord_x with a prefix", "geo_lat", "geo_lng", degrees, geometry="point", place=(lon, lat)
    )
    yield _pair(
        "all swapped",
        "latitude",
        "longitude",
        [(b, a) for a, b in degrees],
        geometry="point",
        codes=("swapped-coordinates",),
    )
    yield _pair(
        "two swapped",
        "latitude",
        "longitude",
        [(b, a) if n in (5, 9) else (a, b) for n, (a, b) in enumerate(degrees)],
        geometry="point",
        place=(lon, lat),
        codes=("swapped-coordinates",),
    )
    yield _pair(
        "one at zero",
        "latitude",
        "longitude",
        [("0", "0") if n == 5 else p for n, p in enumerate(degrees)],
        geometry="point",
        codes=("null-island",),
    )
    yield _pair(
        "one in the ocean",
        "latitude",
        "longitude",
        [("12.5", "-40.25") if n == 5 else p for n, p in enumerate(degrees)],
        geometry="point",
        codes=("point-outside",),
    )
    yield _pair(
        "one without its longitude",
        "latitude",
        "longitude",
        [(p[0], "") if n == 5 else p for n, p in enumerate(degrees)],
        geometry="point",
        codes=("geometry-unreadable",),
    )
    yield _pair(
        "decimal point lost",
        "latitude",
        "longitude",
        [(p[0].replace(".", ""), p[1].replace(".", "")) if n == 5 else p for n, p in enumerate(degrees)],
        geometry="point",
        place=(lon, lat),
        types=("text", "number", "number"),
    )
    for between, name in ((", ", "comma and blank"), (",", "comma")):
        yield column(
            f"« lat{between}lon » by {name}",
            "geo_point_2d",
            [f"{y}{between}{x}" for x, y in here],
            "text",
            f"{lat}{between}{lon}",
            misfits=None,
            geometry="point",
            place=(lon, lat),
        )
    yield column(
        "« lon, lat » in brackets",
        "coordonneesXY",
        [f"[{x},{y}]" for x, y in here],
        "text",
        f"[{lon},{lat}]",
        misfits=None,
        geometry="point",
        place=(lon, lat),
    )
    yield column(
        "wkt points",
        "geom",
        [f"POINT ({x} {y})" for x, y in here],
        "text",
        f"POINT ({lon} {lat})",
        misfits=None,
        geometry="point",
        place=(lon, lat),
    )
    yield column(
        "wkt with an SRID",
        "geom",
        [f"SRID=4326;POINT({x} {y})" for x, y in here],
        "text",
        f"SRID=4326;POINT({lon} {lat})",
        misfits=None,
        geometry="point",
        place=(lon, lat),
    )
    yield column(
        "wkt lines",
        "trace",
        [f"LINESTRING ({x} {y}, {x + 0.01:.6f} {y})" for x, y in here],
        "text",
        f"LINESTRING ({lon} {lat}, {lon + 0.01:.6f} {lat})",
        misfits=None,
        geometry="shape",
        place=(lon, lat),
    )
    jsons = [f'{{"type": "Point", "coordinates": [{x}, {y}]}}' for x, y in here]
    text = "clef;geo_shape\n" + "".join(
        f'K{n};"{j.replace(chr(34), chr(34) * 2)}"\n' for n, j in enumerate(jsons)
    )
    yield Case("geojson in cells", text.encode(), rows=40, geometry="point", place=(lon, lat))
    yield _dms()
    yield _pair(
        "Lambert-93",
        "x_l93",
        "y_l93",
        [(f"{770000 + n * 10}.5", f"{6280000 + n * 10}.25") for n in range(40)],
        geometry="point",
        place=(3.866927, 43.615595),
    )
    yield _pair(
        "Lambert-93 with commas and blanks",
        "X",
        "Y",
        [(f"770 {n:03d},5", f"6 280 {n:03d},25") for n in range(100, 140)],
        geometry="point",
    )
    yield _pair(
        "conic 44",
        "x_cc44",
        "y_cc44",
        [(f"{1770000 + n * 10}", f"{3156000 + n * 10}") for n in range(40)],
        geometry="point",
        place=(3.867026, 43.600648),
    )
    yield _pair("counts are no places", "x", "y", [(str(n), str(n * 3)) for n in range(40)], geometry="")


def _dms() -> Case:
    cells = [f"43°36'{n:02d}.1\"N" for n in range(10, 50)]
    text = "clef;latitude;longitude\n" + "".join(
        f'K{n};"{a.replace(chr(34), chr(34) * 2)}";"3°52\'{n + 10:02d}.2""E"\n' for n, a in enumerate(cells)
    )
    return Case(
        "degrees, minutes, seconds",
        text.encode(),
        rows=40,
        geometry="point",
        place=(3 + 52 / 60 + 10.2 / 3600, 43 + 36 / 60 + 10.1 / 3600),
    )


FAMILIES = {"numbers": numbers, "codes": codes, "times": times, "flags": flags, "places": places}
