"""Columns of two or three cells, and places of one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from tests.readers.hostile.case import Case


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


FAMILIES = {"few cells": few, "two places": spots}
