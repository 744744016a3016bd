"""A second wave: exports of databases, spreadsheets' habits, answers of interfaces, writings of days and
places that the first one lacked.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import random
from collections.abc import Iterator
from typing import Any

import numpy as np
import openpyxl
import pyogrio.raw
import shapely

from parvis.readers.minimal_files import shapefile_parts, small_shapefile, zipped
from tests.readers.hostile import text
from tests.readers.hostile.books import HEAD as BOOK_HEAD
from tests.readers.hostile.books import ROWS as BOOK_ROWS
from tests.readers.hostile.books import book
from tests.readers.hostile.case import Case
from tests.readers.hostile.cells import column
from tests.readers.hostile.maps import AREA, HERE, METRES, PLACES, POINT
from tests.readers.hostile.text import HEAD, ROWS, lines
from tests.readers.hostile.trees import NAMES, TYPES
from tests.readers.hostile.trees import ROWS as RECORDS


def _turn(*cells: str, rows: int = 40) -> list[str]:
    return [cells[n % len(cells)] for n in range(rows)]


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


def writings() -> Iterator[Case]:
    """More ways to write a day, a number, a place."""
    yield column("hours in English", "heure", _turn("8:30 AM", "2:05 PM", "11:59 PM"), "time", "08:30:00")
    yield column("hours with seconds", "heure_depart", _turn("08:30:15", "14:05:00"), "time", "08:30:15")
    yield column(
        "instants of short years",
        "date",
        _turn("25/03/24 10:30", "14/07/24 23:05"),
        "datetime",
        "2024-03-25 09:30:00+00",
    )
    yield column(
        "instants of milliseconds",
        "horodatage",
        _turn("25/03/2024 10:30:00.250", "14/07/2024 23:05:00.000"),
        "datetime",
        "2024-03-25 09:30:00.25+00",
    )
    yield column(
        "instants of PostgreSQL",
        "maj",
        _turn("2024-03-25 10:30:00.123456+01", "2024-07-14 23:05:00+02"),
        "datetime",
        "2024-03-25 09:30:00.123456+00",
    )
    yield column(
        "instants of mail",
        "date",
        _turn("Mon, 25 Mar 2024 10:30:00 GMT", "Sun, 14 Jul 2024 23:05:00 +0200"),
        "datetime",
        "2024-03-25 10:30:00+00",
    )
    yield column(
        "days of Excel in French",
        "date",
        _turn("25-mars-24", "12-janv.-23", "01-août-22"),
        "date",
        "2024-03-25",
    )
    yield column(
        "days of Excel in English",
        "date",
        _turn("25-Mar-2024", "12-Jan-2023", "01-Aug-2022"),
        "date",
        "2024-03-25",
    )
    yield column("months and years in words", "mois", _turn("mars 2024", "avril 2024"), "text", "mars 2024")
    yield column("quarters", "trimestre", _turn("T1 2024", "T2 2024"), "text", "T1 2024")
    yield column("weeks", "semaine", _turn("2024-W12", "2024-W13"), "text", "2024-W12")
    yield column(
        "days, a few with hours",
        "date",
        _turn(
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
        _turn("1.234.567,89 €", "12,00 €"),
        "number",
        "1234567.89",
        meaning="money",
    )
    yield column(
        "negative euros", "solde", _turn("-12,50 €", "1 234,00 €"), "number", "-12.5", meaning="money"
    )
    yield column("degrees of heat", "température", _turn("12,5 °C", "-3 °C", "21 °C"), "number", "12.5")
    yield column("kilometres", "longueur", _turn("12 km", "3,5 km"), "number", "12.0")
    yield column(
        "below the limit",
        "mesure",
        _turn("0,5", "1,2", "3,4", "0,9", "0,7", "2,2", "1,1", "1,9", "1,8", "<0,1", rows=40),
        "number",
        "0.5",
        misfits=4,
    )
    yield column(
        "numbers with a star",
        "effectif",
        _turn("120", "75*", "300", "12", "15", "18", "21", "33", "41", "55", rows=40),
        "integer",
        "120",
        misfits=4,
    )
    yield column("prices by the sign", "tarif", _turn("12€50", "8€00", "3€20"), "number", "12.5")
    yield column("zero everywhere", "montant", _turn("0"), "integer", "0")
    yield column(
        "too large for an integer",
        "numero_compteur",
        _turn("123456789012345678901234", "223456789012345678901234"),
        "text",
        "123456789012345678901234",
    )
    yield column("many decimals", "ratio", _turn("0.123456789012345", "1.5"), "number", "0.123456789012345")
    yield column("mostly empty", "montant", ["12,5", *[""] * 38, "7"], "number", "12.5")
    yield column("all empty", "observations", [""] * 40, "text", None)
    yield column("words and one number", "observations", ["12", *(["à voir"] * 39)], "text", "12")
    yield column("half numbers, half words", "valeur", _turn("12", "variable"), "text", "12")
    yield column(
        "communes, five in a hundred bad",
        "code_commune",
        ["34172"] * 38 + ["Mpl", "3417"],
        "text",
        "34172",
        meaning="commune_insee",
    )
    yield column("plates", "immatriculation", _turn("AA-123-BB", "CD-456-EF"), "text", "AA-123-BB")
    yield column("ISBN", "isbn", _turn("9782070360024", "9782070408504"), "text", "9782070360024")
    yield column(
        "phone with points",
        "tel",
        _turn("04.99.00.00.01", "01.99.00.00.02"),
        "text",
        "04.99.00.00.01",
        meaning="phone",
    )
    yield column("arrondissements", "arrondissement", _turn("1er", "2e", "12e"), "text", "1er")
    yield column(
        "addresses",
        "adresse",
        _turn("12 rue Foch", "3 bis avenue de la Gare"),
        "text",
        "12 rue Foch",
        meaning="address",
    )
    yield column("lists", "mots_cles", _turn("sport, culture", "enfance"), "text", "sport, culture")
    yield column("yes, no in capitals with accents", "reponse", _turn("OUI", "NON"), "boolean", "true")
    yield column("true, false of spreadsheets", "actif", _turn("TRUE", "FALSE"), "boolean", "true")
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


def answers() -> Iterator[Case]:
    """What interfaces on the web answer."""

    def whole(name: str, value: object, **more: Any) -> Case:
        truth: dict[str, Any] = {"format": "json", "rows": 20, "names": NAMES, "types": TYPES}
        return Case(
            name, value if isinstance(value, bytes) else json.dumps(value).encode(), **{**truth, **more}
        )

    yield whole(
        "CKAN",
        {
            "help": "h",
            "success": True,
            "result": {"fields": [{"id": n, "type": "text"} for n in NAMES], "records": RECORDS, "total": 20},
        },
    )
    yield whole("OData", {"@odata.context": "c", "value": RECORDS})
    yield whole(
        "Elasticsearch",
        {
            "took": 1,
            "hits": {"total": 20, "hits": [{"_id": str(n), "_source": r} for n, r in enumerate(RECORDS)]},
        },
        names=(),
        types=(),
    )
    yield whole(
        "JSON:API",
        {
            "data": [{"type": "lieu", "id": str(n), "attributes": r} for n, r in enumerate(RECORDS)],
            "links": {},
        },
        names=(),
        types=(),
    )
    arcgis = {
        "objectIdFieldName": "OBJECTID",
        "geometryType": "esriGeometryPoint",
        "spatialReference": {"wkid": 102110, "latestWkid": 2154},
        "fields": [{"name": "nom", "type": "esriFieldTypeString"}],
        "features": [
            {"attributes": {"nom": f"Église {n}"}, "geometry": {"x": METRES[0], "y": METRES[1]}}
            for n in range(20)
        ],
    }
    yield whole("ArcGIS", arcgis, names=(), types=(), geometry="point", place=HERE)
    yield whole(
        "Socrata",
        {
            "meta": {"view": {"columns": [{"name": n} for n in NAMES]}},
            "data": [[r[n] for n in NAMES] for r in RECORDS],
        },
        names=(),
        types=(),
    )
    yield whole(
        "GeoJSON below « data »",
        {
            "data": {
                "type": "FeatureCollection",
                "features": [{"type": "Feature", "properties": r, "geometry": POINT} for r in RECORDS],
            }
        },
        names=(),
        types=(),
    )
    yield whole("plain values", [1, 2, 3], rows=3, names=(), types=("integer",))
    yield whole("JSONP", f"retour({json.dumps(RECORDS)});".encode())
    yield whole(
        "objects one after the other",
        "\n".join(json.dumps(r, indent=1) for r in RECORDS).encode(),
        format="jsonl",
    )
    yield whole(
        "a sequence with its marks",
        "".join("\x1e" + json.dumps(r) + "\n" for r in RECORDS).encode(),
        format="jsonl",
    )
    yield whole(
        "lines in utf-16", "".join(json.dumps(r) + "\n" for r in RECORDS).encode("utf-16"), format="jsonl"
    )
    yield whole(
        "a number that is sometimes text",
        [{"n": 1}, {"n": "2"}, {"n": None}, {"n": "3,5"}],
        rows=4,
        names=("n",),
        types=(),
    )
    yield whole(
        "lists of objects in records",
        [{"id": n, "lignes": [{"a": 1, "b": 2}, {"a": 3, "b": 4}]} for n in range(20)],
        names=("id", "lignes"),
        types=(),
    )
    yield whole("names with dots and blanks", [{"a.b": 1, "c d": 2, "": 3}] * 20, names=(), types=())
    yield whole(
        "two lists of one size", {"lieux": RECORDS[:10], "agents": RECORDS[:10]}, rows=10, names=(), types=()
    )
    yield whole(
        "Infinity and NaN",
        b'[{"n": NaN, "m": -Infinity}, {"n": 1.5, "m": 2}]',
        rows=2,
        names=("n", "m"),
        types=("number", "integer"),
    )
    rss = (
        '<?xml version="1.0"?><rss version="2.0"><channel><title>Ville</title>'
        + "".join(
            f"<item><title>Avis {n}</title><link>https://exemple.fr/{n}</link><pubDate>Mon, 25 Mar 2024 10:30:00 GMT</pubDate></item>"
            for n in range(20)
        )
        + "</channel></rss>"
    )
    yield Case(
        "RSS",
        rss.encode(),
        "xml",
        rows=20,
        names=("title", "link", "pubDate"),
        types=("text", "text", "datetime"),
    )
    soap = (
        '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Header/><soap:Body><r:reponse xmlns:r="urn:r"><r:statut>0</r:statut><r:lieux>'
        + "".join(f"<r:lieu><r:code>{n:05d}</r:code><r:n>{n}</r:n></r:lieu>" for n in range(20))
        + "</r:lieux></r:reponse></soap:Body></soap:Envelope>"
    )
    yield Case("SOAP", soap.encode(), "xml", rows=20, names=("code", "n"), types=("text", "integer"))
    osm = (
        '<osm version="0.6">'
        + "".join(
            f'<node id="{n}" lat="{HERE[1]}" lon="{HERE[0]}"><tag k="amenity" v="bench"/><tag k="name" v="Banc {n}"/></node>'
            for n in range(20)
        )
        + "</osm>"
    )
    yield Case("OpenStreetMap", osm.encode(), "xml", rows=20, geometry="point", place=HERE)
    missing = (
        "<l>" + "".join(f"<i><a>{n}</a>{'<b>x</b>' if n % 2 else ''}<c/></i>" for n in range(20)) + "</l>"
    )
    yield Case("children that come and go", missing.encode(), "xml", rows=20, names=("a", "c", "b"))
    tags = "<l>" + "".join(f"<i><a>{n}</a><mot>x</mot><mot>y</mot></i>" for n in range(20)) + "</l>"
    yield Case("children that come twice", tags.encode(), "xml", rows=20, names=("a", "mot"))


def layers() -> Iterator[Case]:
    """More of maps and workbooks."""
    wgs = 'GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]'
    yield Case(
        "shapefile in WGS 84",
        small_shapefile("lieux", [(n, *HERE) for n, _, _ in PLACES], prj=wgs),
        "zip+shapefile",
        rows=12,
        geometry="point",
        place=HERE,
    )
    yield Case(
        "shapefile whose .prj lies", small_shapefile("lieux", PLACES, prj=wgs), "zip+shapefile", rows=12
    )
    yield Case(
        "shapefile without .prj, conic 44",
        small_shapefile(
            "lieux", [(n, 1770000 + i, 3156000 + i) for i, (n, _, _) in enumerate(PLACES)], prj=""
        ),
        "zip+shapefile",
        rows=12,
        geometry="point",
        place=(3.867026, 43.600648),
    )
    yield Case("shapefile without a record", _shapes([]), "zip+shapefile", refused=("",))
    yield Case(
        "shapefile of areas with holes, some without",
        _shapes(
            [
                shapely.Polygon([(770000, 6280000), (770100, 6280000), (770100, 6280100)]),
                None,
                shapely.Point(770000, 6280000)
                .buffer(50)
                .difference(shapely.Point(770000, 6280000).buffer(10)),
            ]
        ),
        "zip+shapefile",
        rows=3,
        geometry="shape",
        crs="EPSG:2154",
    )
    yield Case(
        "shapefile of lines with heights",
        _shapes([shapely.LineString([(770000, 6280000, 5), (770100, 6280000, 6)])] * 3),
        "zip+shapefile",
        rows=3,
        geometry="shape",
    )
    mercator = {"crs": {"type": "name", "properties": {"name": "EPSG:3857"}}}
    features = [
        {
            "type": "Feature",
            "id": n,
            "properties": {"nom": "a", "detail": {"x": 1}},
            "geometry": {"type": "Point", "coordinates": [430464.34, 5407294.69]},
        }
        for n in range(5)
    ]
    yield Case(
        "GeoJSON in Mercator",
        json.dumps({"type": "FeatureCollection", **mercator, "features": features}).encode(),
        "geojson",
        rows=5,
        geometry="point",
        crs="EPSG:3857",
    )
    collection = {"type": "GeometryCollection", "geometries": [POINT, AREA]}
    yield Case(
        "GeoJSON of collections",
        json.dumps(
            {
                "type": "FeatureCollection",
                "features": [{"type": "Feature", "properties": {"n": 1}, "geometry": collection}] * 4,
            }
        ).encode(),
        "geojson",
        rows=4,
        geometry="shape",
    )
    schema = "".join(
        f'<Placemark><name>P{n}</name><ExtendedData><SchemaData schemaUrl="#s"><SimpleData name="places">{n}</SimpleData></SchemaData></ExtendedData><Point><coordinates>{HERE[0]},{HERE[1]}</coordinates></Point></Placemark>'
        for n in range(8)
    )
    yield Case(
        "KML with data",
        f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Schema name="s" id="s"><SimpleField name="places" type="int"/></Schema>{schema}</Document></kml>'.encode(),
        "kml",
        rows=8,
        geometry="point",
        place=HERE,
    )
    both = '<gpx xmlns="http://www.topografix.com/GPX/1/1"><wpt lat="43.6" lon="3.87"><name>a</name></wpt><rte><name>r</name><rtept lat="43.6" lon="3.87"/><rtept lat="43.7" lon="3.88"/></rte></gpx>'
    yield Case("GPX of points and a route", both.encode(), "gpx")
    mixed = {
        "lieux.geojson": json.dumps(
            {
                "type": "FeatureCollection",
                "features": [{"type": "Feature", "properties": {"n": 1}, "geometry": POINT}] * 4,
            }
        ),
        "lieux.csv": "a;b\n1;2\n",
    }
    yield Case("zip of a map and a table", zipped(mixed), "zip+geojson", rows=4, geometry="point")
    readme = {f"lieux.{s}": c for s, c in shapefile_parts(PLACES).items()} | {
        "LISEZMOI.txt": "Couche des lieux.\nSource : ville\n",
        "licence.pdf": b"%PDF-1.4 " + bytes(90),
    }
    yield Case(
        "zip of a shapefile, its readme and its licence",
        zipped(readme),
        "zip+shapefile",
        rows=12,
        geometry="point",
        place=HERE,
    )

    def stacked(_: openpyxl.Workbook, sheet: Any) -> None:
        sheet.append(("Entrées par mois",))
        sheet.append(("mois", "entrées"))
        for n in range(1, 9):
            sheet.append((f"mois {n}", n))
        sheet.append(())
        sheet.append(())
        sheet.append(("Recettes par tarif",))
        sheet.append(("tarif", "recettes", "part"))
        for n in range(1, 6):
            sheet.append((f"tarif {n}", n * 10.5, n / 7))

    yield Case(
        "two tables, one below the other", book(stacked), "xlsx", rows=8, header=2, names=("mois", "entrées")
    )

    def habits(_: openpyxl.Workbook, sheet: Any) -> None:
        sheet.append(("nom", "ouvert", "durée", "prix", "note"))
        for n in range(1, 20):
            sheet.append(
                (f"lieu {n}", n % 2 == 0, dt.timedelta(hours=30 + n), n * 1.25, "NC" if n == 5 else n)
            )
            sheet.cell(n + 1, 4).number_format = '#,##0.00\\ "€"'

    yield Case(
        "booleans, durations, euros, NC",
        book(habits),
        "xlsx",
        header=1,
        rows=19,
        types=("text", "boolean", "text", "number", "integer"),
    )

    def rich(_: openpyxl.Workbook, sheet: Any) -> None:
        from openpyxl.cell.rich_text import CellRichText, TextBlock
        from openpyxl.cell.text import InlineFont

        sheet.append(("nom", "n"))
        for n in range(1, 9):
            sheet.append((CellRichText("Place ", TextBlock(InlineFont(b=True), "Foch")), n))

    yield Case("rich text", book(rich), "xlsx", header=1, rows=8, first=("Place Foch", "1"))

    def phones(_: openpyxl.Workbook, sheet: Any) -> None:
        sheet.append(("téléphone", "siret", "n"))
        for n in range(1, 12):
            sheet.append((499000000 + n, 21340172201787, n))
            sheet.cell(n + 1, 1).number_format = '0#" "##" "##" "##" "##'
            sheet.cell(n + 1, 2).number_format = "0"

    yield Case(
        "phones by a format, sirets as numbers",
        book(phones),
        "xlsx",
        header=1,
        rows=11,
        types=("text", "text", "integer"),
        first=("04 99 00 00 01", "21340172201787", "1"),
    )

    def serial(_: openpyxl.Workbook, sheet: Any) -> None:
        sheet.append(("date", "n"))
        for n in range(1, 12):
            sheet.append((45000 + n, n))

    yield Case("days as bare numbers", book(serial), "xlsx", header=1, rows=11, types=("integer", "integer"))

    def deep(_: openpyxl.Workbook, sheet: Any) -> None:
        for n in range(12):
            sheet.append((f"Ligne {n} de la présentation du fichier",))
        sheet.append(BOOK_HEAD)
        for row in BOOK_ROWS:
            sheet.append(row)

    yield Case("header on the thirteenth row", book(deep), "xlsx", header=13, rows=20, names=BOOK_HEAD)

    def spaced(_: openpyxl.Workbook, sheet: Any) -> None:
        sheet.append(BOOK_HEAD)
        for n, row in enumerate(BOOK_ROWS):
            sheet.append(row)
            if n % 5 == 4:
                sheet.append(())

    yield Case("an empty row after five", book(spaced), "xlsx", header=1, rows=20, names=BOOK_HEAD)


def _shapes(shapes: list[Any]) -> bytes:
    """A zipped shapefile of shapes in Lambert-93."""
    import tempfile
    import zipfile
    from pathlib import Path

    with tempfile.TemporaryDirectory(prefix="parvis-") as folder:
        path = Path(folder) / "couche.shp"
        wkb = np.array(
            [None if s is None else shapely.to_wkb(s, output_dimension=3 if s.has_z else 2) for s in shapes],
            object,
        )
        kinds = {s.geom_type for s in shapes if s is not None} or {"Point"}
        kind = next(iter(kinds)) + (" Z" if any(s is not None and s.has_z for s in shapes) else "")
        pyogrio.raw.write(
            path,
            wkb,
            [np.array([f"É{n}" for n in range(len(shapes))], object)],
            ["nom"],
            driver="ESRI Shapefile",
            geometry_type=kind,
            crs="EPSG:2154",
        )  # pyright: ignore[reportUnknownMemberType]
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as made:
            for file in sorted(Path(folder).iterdir()):
                made.write(file, file.name)
        return out.getvalue()


FAMILIES = {"exports": exports, "writings": writings, "answers": answers, "layers": layers}
