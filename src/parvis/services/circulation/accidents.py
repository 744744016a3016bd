"""Where people were hurt in traffic, from the national yearly files: places and years, never a day, an hour or anybody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from parvis.core.types import Column
from parvis.methods.sphere import distances
from parvis.services.answers import Asked, Map, Mark, Rows, Said

YEARS = 5
"""The last so many are told: before, the street was another."""
STREETS = 12
SAME_PLACE = 4
"""Decimals of a degree, some ten metres."""

Row = Mapping[str, Any]


def told(
    asked: Asked, rows: Sequence[Row], lat: float | None, lon: float | None, reach_m: float
) -> Iterator[Said | Rows | Map]:
    """Accidents by street and on a map; lat, lon: near there, within `reach_m`."""
    last = max((int(r["an"]) for r in rows if r.get("an") is not None), default=0)
    recent = [r for r in rows if r.get("an") is not None and int(r["an"]) > last - YEARS]
    if not recent:
        return
    first = min(int(r["an"]) for r in recent)
    placed = [r for r in recent if r.get("lat") and r.get("long")]
    near = _near(placed, lat, lon, reach_m) if lat is not None and lon is not None else recent
    period = {"first": str(first), "last": str(last)}
    if not near:
        yield Said(asked.say("Aucun accident corporel relevé près de là de %(first)s à %(last)s.", **period))
        return
    note = asked.count(
        "%(n)s accident corporel de %(first)s à %(last)s, relevé par la police et la gendarmerie (fichier national BAAC) ; %(lost)s sans position. "
        "Beaucoup de blessés légers, à vélo surtout, n’y sont pas ; là où plus de monde passe, il y en a plus : ce n’est pas un risque par trajet. "
        "Un petit nombre dit peu.",
        "%(n)s accidents corporels de %(first)s à %(last)s, relevés par la police et la gendarmerie (fichier national BAAC) ; %(lost)s sans position. "
        "Beaucoup de blessés légers, à vélo surtout, n’y sont pas ; là où plus de monde passe, il y en a plus : ce n’est pas un risque par trajet. "
        "Un petit nombre dit peu.",
        len(near), lost=asked.number(len(recent) - len(placed)), **period,
    )  # fmt: skip
    by_street: dict[str, list[int]] = defaultdict(list)
    for r in near:
        by_street[" ".join(str(r.get("adr") or "").split()).lower()].append(int(r["an"]))
    by_street.pop("", None)
    lines = sorted(by_street.items(), key=lambda item: (-len(item[1]), item[0]))[:STREETS]
    title = asked.say("Accidents corporels, rue par rue")
    columns = (
        Column("rue", title=asked.say("Rue")),
        Column("accidents", "integer", title=asked.say("Accidents")),
        Column("annees", title=asked.say("Années")),
    )
    shown = tuple(
        {"rue": _named(street), "accidents": len(years), "annees": _years(years)} for street, years in lines
    )
    yield Rows(title, columns, shown, note, folded=True)
    spots: dict[tuple[float, float], list[Row]] = defaultdict(list)
    for r in near:
        if r.get("lat") and r.get("long"):
            spots[round(float(r["long"]), SAME_PLACE), round(float(r["lat"]), SAME_PLACE)].append(r)
    marks = tuple(
        Mark("point", (place,), _named(str(some[0].get("adr") or "")), f"{len(some)} · {_years([int(r['an']) for r in some])}", "bad")
        for place, some in sorted(spots.items())
    )  # fmt: skip
    if marks:
        yield Map(
            asked.say("Où des gens ont été blessés"), marks, title, {"bad": asked.say("un accident ou plus")}
        )


def _near(rows: Sequence[Row], lat: float, lon: float, reach_m: float) -> list[Row]:
    if not rows:
        return []
    points = np.array([(float(r["lat"]), float(r["long"])) for r in rows])
    metres = distances(points[:, 0], points[:, 1], lat, lon)
    return [r for r, m in zip(rows, metres, strict=True) if m <= reach_m]


def _named(street: str) -> str:
    clean = " ".join(street.split()).lower()
    return clean[:1].upper() + clean[1:]


def _years(years: Sequence[int]) -> str:
    return ", ".join(str(y) for y in sorted(set(years)))
