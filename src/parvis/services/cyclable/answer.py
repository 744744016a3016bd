"""« Where does one ride in safety near here, and how many do? »: the nearest way away from cars, what is nearer, the
nearest counter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from parvis.core.types import POINT, SHAPE, Column
from parvis.methods.sphere import EARTH_M, distances
from parvis.services.answers import Asked, Block, Blocks, Figure, Figures, Map, Mark, Rows, Said, Spot, Tone
from parvis.services.cyclable.counters import COUNTS
from parvis.services.cyclable.network import MARKED, SEPARATE, SHARED, WORKS
from parvis.services.cyclable.schemas import COUNTERS

NEAR_M, LISTED = 1500, 8
"""How far a way is said to be near, and how many are listed."""
COUNTER_M = 2000
TONES: Mapping[str, Tone] = {SEPARATE: "ok", MARKED: "warn", SHARED: ""}


@dataclass(frozen=True, slots=True)
class Way:
    """A section, and how far it is as the crow flies. lines: (lon, lat) of its parts."""

    row: Mapping[str, Any]
    metres: float
    lines: tuple[tuple[tuple[float, float], ...], ...]


def answer(asked: Asked, tables: Mapping[str, pa.Table]) -> Blocks:
    """One sentence with its doubt; what is near with its map, else the whole network; the counters."""
    sections = tables["sections"].to_pylist() if "sections" in tables else []
    if not sections:
        return (Said(asked.say("Aucun aménagement cyclable n’est publié."), "warn"),)
    counters = tables["compteurs"].to_pylist() if "compteurs" in tables else []
    spot = asked.spot("lieu")
    if spot is None:
        return (_overview(asked, sections), _by_kind(asked, sections), *_counters(asked, counters, None))
    ways = near(sections, spot)
    blocks: list[Block] = [_lead(asked, ways)]
    if ways:
        blocks += [_listed(asked, ways), _map(asked, ways)]
    return (*blocks, *_counters(asked, counters, spot))


def near(sections: Sequence[Mapping[str, Any]], spot: Spot) -> list[Way]:
    """The sections within `NEAR_M`, the nearest first."""
    shapes = shapely.from_wkb([r[SHAPE] for r in sections])
    scale = np.array([cos(radians(spot.lat)), 1.0]) * radians(1) * EARTH_M

    def flat(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
        return (lonlat - np.array([spot.lon, spot.lat])) * scale

    metres = shapely.distance(shapely.transform(shapes, flat), shapely.Point(0.0, 0.0))
    order = [int(i) for i in np.argsort(metres, kind="stable") if metres[i] <= NEAR_M]
    return [Way(sections[i], float(metres[i]), _lines(shapes[i])) for i in order]


def _lines(shape: shapely.Geometry) -> tuple[tuple[tuple[float, float], ...], ...]:
    parts = shapely.get_parts(shape)
    return tuple(
        tuple((float(lon), float(lat)) for lon, lat in shapely.get_coordinates(part).tolist())
        for part in parts
        if shapely.get_num_coordinates(part) > 1
    )


def _lead(asked: Asked, ways: Sequence[Way]) -> Said:
    """The nearest way away from cars that is open; else the nearest of any kind."""
    able = [w for w in ways if w.row["etat"] != WORKS]
    best = next((w for w in able if w.row["genre"] == SEPARATE), None)
    if best is not None:
        text = asked.say(
            "La voie cyclable séparée des voitures la plus proche, %(name)s, est à %(far)s m.",
            **_values(asked, best),
        )
        return Said(text, "ok", _note(asked, best, ways))
    if able:
        text = asked.say(
            "Aucune voie cyclable séparée des voitures à moins de %(reach)s km ; à %(far)s m : %(name)s.",
            reach=asked.number(NEAR_M / 1000, 1),
            **_values(asked, able[0]),
        )
        return Said(text, "warn", _note(asked, able[0], ways))
    text = asked.say(
        "Aucun aménagement cyclable en service à moins de %(reach)s km.", reach=asked.number(NEAR_M / 1000, 1)
    )
    return Said(text, "warn", _note(asked, None, ways))


def _values(asked: Asked, way: Way) -> dict[str, str]:
    facility, name = asked.say(way.row["amenagement"]), way.row["nom"]
    named = asked.say("%(facility)s « %(name)s »", facility=facility, name=name) if name else facility
    return {"name": named, "far": asked.number(round(way.metres, -1), 0)}


def _note(asked: Asked, best: Way | None, ways: Sequence[Way]) -> str:
    parts = list[str]()
    closed = next((w for w in ways if w.row["etat"] == WORKS), None)
    if closed is not None and (best is None or closed.metres < best.metres):
        parts.append(
            asked.say("Plus près mais en travaux, à %(far)s m : %(name)s.", **_values(asked, closed))
        )
    nearer = next((w for w in ways if w.row["etat"] != WORKS and w is not best), None)
    if (
        best is not None
        and nearer is not None
        and nearer.metres < best.metres
        and _values(asked, nearer) != _values(asked, best)
    ):
        parts.append(asked.say("Plus près, à %(far)s m : %(name)s.", **_values(asked, nearer)))
    parts.append(asked.say("Distances à vol d’oiseau."))
    return " ".join(parts)


def _kilometres(sections: Sequence[Mapping[str, Any]], *, kind: str = "") -> float:
    of = (r for r in sections if r["etat"] != WORKS and (not kind or r["genre"] == kind))
    return sum(r["longueur_m"] for r in of) / 1000


def _overview(asked: Asked, sections: Sequence[Mapping[str, Any]]) -> Said:
    text = asked.say(
        "%(all)s km de rues et de chemins sont aménagés pour les vélos, dont %(safe)s km séparés des voitures.",
        all=asked.number(_kilometres(sections), 1),
        safe=asked.number(_kilometres(sections, kind=SEPARATE), 1),
    )
    works = sum(r["longueur_m"] for r in sections if r["etat"] == WORKS) / 1000
    note = asked.say("Dites où vous êtes pour savoir où passe la plus proche.")
    if works:
        closed = asked.say("%(km)s km de plus sont en travaux.", km=asked.number(works, 1))
        note = f"{closed} {note}"
    return Said(text, "", note)


def _by_kind(asked: Asked, sections: Sequence[Mapping[str, Any]]) -> Rows:
    kinds = dict.fromkeys(r["amenagement"] for r in sections)
    rows = [
        {
            "amenagement": asked.say(kind),
            "genre": asked.say(of[0]["genre"]),
            "longueur": round(_kilometres(of), 1),
            "troncons": len(of),
        }
        for kind in kinds
        if (of := [r for r in sections if r["amenagement"] == kind])
    ]
    columns = (
        Column("amenagement", title=asked.say("Aménagement")),
        Column("genre", title=asked.say("Genre")),
        Column("longueur", "number", title=asked.say("En service"), unit="km"),
        Column("troncons", "integer", title=asked.say("Tronçons")),
    )
    note = asked.say("La longueur est celle de l’axe, comptée une fois même où les deux côtés sont aménagés.")
    ordered = sorted(rows, key=lambda r: -float(r["longueur"]))
    return Rows(asked.say("Le réseau, par aménagement"), columns, tuple(ordered), note)


def _listed(asked: Asked, ways: Sequence[Way]) -> Rows:
    columns = (
        Column("voie", title=asked.say("Voie cyclable")),
        Column("distance", "integer", title=asked.say("Distance"), unit="m"),
        Column("genre", title=asked.say("Genre")),
        Column("etat", title=asked.say("État")),
        Column("deux_sens", title=asked.say("Deux sens")),
        Column("eclaire", title=asked.say("Éclairé")),
    )
    rows = tuple(
        {
            "voie": _values(asked, w)["name"],
            "distance": round(w.metres),
            "genre": asked.say(w.row["genre"]),
            "etat": asked.say(w.row["etat"]),
            "deux_sens": _whether(asked, w.row["deux_sens"]),
            "eclaire": _whether(asked, w.row["eclaire"]),
        }
        for w in ways[:LISTED]
    )
    return Rows(asked.say("Les plus proches"), columns, rows)


def _whether(asked: Asked, value: bool | None) -> str:
    """What is not said is not « no »."""
    return asked.say("non dit") if value is None else asked.say("oui") if value else asked.say("non")


def _map(asked: Asked, ways: Sequence[Way]) -> Map:
    marks = tuple(
        Mark("line", line, _values(asked, w)["name"], asked.say(w.row["genre"]), TONES[w.row["genre"]], 0.6 if w.row["etat"] == WORKS else 0.0)
        for w in ways[:LISTED]
        for line in w.lines
    )  # fmt: skip
    key = {
        "ok": asked.say("séparée des voitures"),
        "warn": asked.say("sur la chaussée"),
        "": asked.say("partagée avec les piétons ou les voitures"),
    }
    used = {k: v for k, v in key.items() if k in {m.tone for m in marks}}
    return Map(asked.say("Où elles passent"), marks, asked.say("Les plus proches"), used)


# --- how many ride ------------------------------------------------------------------------------------------


def _counters(asked: Asked, counters: Sequence[Mapping[str, Any]], spot: Spot | None) -> list[Block]:
    """The nearest counter that counts, or all of them together; and the table."""
    if not counters:
        return []
    able = [r for r in counters if r["jour"] is not None and r["etat"] == COUNTS]
    blocks = list[Block]()
    if spot is not None:
        able = _by_distance(able, spot)
    if able and spot is not None:
        blocks.append(_one(asked, able[0]))
    elif able:
        blocks.append(_all(asked, able))
    if not able and spot is None:
        blocks.append(Said(asked.say("Aucun compteur de vélos ne compte en ce moment."), "warn"))
    names = ("nom", "etat", "jour", "passages", "habituel", "evolution_pct", "jours_connus")
    rows = tuple(
        {n: asked.say(r[n]) if n == "etat" else r[n] for n in names}
        for r in sorted(counters, key=lambda r: -(r["passages"] or 0))
    )
    note = asked.say(
        "Un jour compte quand ses relevés le couvrent ; une heure sans relevé n’est pas une heure sans vélos."
    )
    columns = asked.columns_of(COUNTERS, *names)
    return [*blocks, Rows(asked.say("Les compteurs"), columns, rows, note)]


def _by_distance(counters: Sequence[Mapping[str, Any]], spot: Spot) -> list[Mapping[str, Any]]:
    placed = [r for r in counters if r.get(POINT)]
    if not placed:
        return []
    lat, lon = (np.array([r[POINT][k] for r in placed], np.float64) for k in ("lat", "lon"))
    metres = distances(lat, lon, spot.lat, spot.lon)
    return [placed[int(i)] for i in np.argsort(metres, kind="stable") if metres[i] <= COUNTER_M]


def _one(asked: Asked, row: Mapping[str, Any]) -> Said:
    text = asked.count(
        "Au compteur « %(name)s », %(n)s vélo est passé le %(day)s.",
        "Au compteur « %(name)s », %(n)s vélos sont passés le %(day)s.",
        row["passages"],
        name=row["nom"],
        day=asked.day(row["jour"]),
    )
    note = (
        asked.say(
            "Le même jour de la semaine, d’habitude : %(usual)s, de %(low)s à %(high)s.",
            usual=asked.number(row["habituel"], 0),
            low=asked.number(row["habituel_bas"], 0),
            high=asked.number(row["habituel_haut"], 0),
        )
        if row["habituel"] is not None
        else asked.say("Trop peu de jours comptés en entier pour dire l’habitude.")
    )
    return Said(text, "", note, dated=row["jour"])


def _all(asked: Asked, able: Sequence[Mapping[str, Any]]) -> Figures:
    """All of them on their last day that they have in common, and since a year where they say so."""
    day = max(r["jour"] for r in able)
    same = [r for r in able if r["jour"] == day]
    figures = [
        Figure(
            asked.number(sum(r["passages"] for r in same), 0),
            asked.count("vélos comptés à %(n)s endroit", "vélos comptés à %(n)s endroits", len(same)),
            asked.say("le %(day)s ; qui passe devant deux compteurs compte deux fois", day=asked.day(day)),
        )
    ]
    compared = sorted(r["evolution_pct"] for r in able if r["evolution_pct"] is not None)
    if compared:
        middle = (
            compared[len(compared) // 2]
            if len(compared) % 2
            else sum(compared[len(compared) // 2 - 1 :][:2]) / 2
        )
        figures.append(
            Figure(
                f"{'+' if middle > 0 else ''}{asked.number(middle, 1)} %",
                asked.say("depuis un an, au compteur du milieu"),
                asked.count(
                    "%(n)s compteur, de %(low)s à %(high)s %%", "%(n)s compteurs, de %(low)s à %(high)s %%", len(compared),
                    low=asked.number(compared[0], 1), high=asked.number(compared[-1], 1),
                ),
            )
        )  # fmt: skip
    return Figures(tuple(figures))
