"""Rivemont, drawn from a seed: a boundary, a river, districts and streets that make a plausible map."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import numpy as np
import shapely
import shapely.affinity
from numpy.random import Generator, default_rng
from pyproj import Transformer
from shapely import LineString, MultiPoint, Point, Polygon
from shapely.geometry.base import BaseGeometry

from parvis.demo.days import DRAWN, Days

NAME = "Rivemont"
INSEE = "34990"
POSTCODE = "34995"
CENTRE = (3.7420, 43.7310)
"""Longitude and latitude of the town hall, in degrees WGS 84."""

RADIUS_M = 3200.0
ZONE = ZoneInfo("Europe/Paris")
NOW = datetime.combine(DRAWN, time(8), UTC)
"""A moment that does not move, for tests and measures; `parvis demo` builds for the moment at which it runs."""

NOW_DAYS = Days(DRAWN)

DISTRICTS = (
    "Centre",
    "Les Tanneries",
    "Saint-Aubin",
    "La Plaine",
    "Les Coteaux",
    "Gare",
    "Le Vernet",
    "Université",
    "Port-Neuf",
)
FIRST = ("des", "du", "de la", "de l’")
STREETS = (
    "rue des Tanneurs", "avenue de la République", "rue du Moulin", "rue Jean-Macé", "boulevard des Platanes", "rue de l’Abreuvoir", "place du Marché",
    "rue des Lavandières", "chemin des Vignes", "rue Marie-Curie", "allée des Micocouliers", "rue du Four", "rue de la Fontaine", "avenue de la Gare",
    "rue des Écoles", "quai de l’Ansonne", "rue Louise-Michel", "impasse du Puits", "rue du Pont-Vieux", "rue Hector-Berlioz", "chemin de Halage",
    "rue des Amandiers", "rue Victor-Hugo", "boulevard Gambetta", "rue de la Poste", "rue du Château-d’Eau", "avenue Jean-Jaurès", "rue des Artisans",
    "rue de l’Église", "cours des Alliés", "rue Frédéric-Mistral", "traverse des Jardins", "rue du Stade", "rue Olympe-de-Gouges", "rue des Cerisiers",
)  # fmt: skip

_TO_METRES = Transformer.from_crs("EPSG:4326", "EPSG:2154", always_xy=True)
_TO_DEGREES = Transformer.from_crs("EPSG:2154", "EPSG:4326", always_xy=True)


@dataclass(frozen=True, slots=True)
class District:
    """A district of the city. shape: in Lambert-93 metres."""

    name: str
    shape: Polygon
    people: int


@dataclass(frozen=True, slots=True)
class Street:
    """A street. line: in Lambert-93 metres."""

    name: str
    line: LineString
    district: str


@dataclass(frozen=True, slots=True)
class World:
    """The city that every file speaks of. now: when its files are handed in."""

    seed: int
    now: datetime
    boundary: Polygon
    river: LineString
    districts: tuple[District, ...]
    streets: tuple[Street, ...]

    @property
    def today(self) -> date:
        """The day on which its files are handed in."""
        return self.now.astimezone(ZONE).date()

    @property
    def days(self) -> Days:
        """What follows from that day."""
        return Days(self.today)

    def rng(self, name: str) -> Generator:
        """A generator of its own for each file: adding a file changes no other."""
        return default_rng([self.seed, *name.encode()])

    @property
    def bbox(self) -> tuple[float, float, float, float]:
        """lon min, lat min, lon max, lat max, in degrees."""
        west, south, east, north = to_degrees(self.boundary).bounds
        return west, south, east, north

    def places(
        self, rng: Generator, count: int, *, district: str = ""
    ) -> list[tuple[float, float, str, str]]:
        """Points beside streets: x, y in Lambert-93 metres, an address, the district."""
        streets = [s for s in self.streets if not district or s.district == district]
        weights = np.array([s.line.length for s in streets])
        chosen = rng.choice(len(streets), size=count, p=weights / weights.sum())
        made: list[tuple[float, float, str, str]] = []
        for index in chosen:
            street = streets[int(index)]
            along = float(rng.uniform(0.02, 0.98)) * street.line.length
            point = street.line.interpolate(along)
            x, y = point.x + float(rng.normal(0, 6)), point.y + float(rng.normal(0, 6))
            made.append((x, y, f"{max(1, round(along / 9))} {street.name}", street.district))
        return made


def to_degrees(shape: BaseGeometry) -> BaseGeometry:
    """Lambert-93 metres to WGS 84 degrees, longitude first."""
    return shapely.transform(shape, lambda xy: np.column_stack(_TO_DEGREES.transform(xy[:, 0], xy[:, 1])))


def lonlat(x: float, y: float) -> tuple[float, float]:
    """Lambert-93 metres to longitude and latitude."""
    lon, lat = _TO_DEGREES.transform(x, y)
    return float(lon), float(lat)


def build(seed: int = 2026, now: datetime = NOW) -> World:
    """Draw the city. The same seed draws the same city, and for the same day the same files."""
    rng = default_rng([seed, 1])
    x0, y0 = _TO_METRES.transform(*CENTRE)
    boundary = _blob(rng, x0, y0)
    river = _river(rng, x0, y0)
    cells = _districts(rng, boundary, x0, y0)
    streets = tuple(_streets(rng, boundary, cells, x0, y0))
    return World(seed, now, boundary, river, cells, streets)


def _blob(rng: Generator, x0: float, y0: float) -> Polygon:
    angle = np.linspace(0, 2 * np.pi, 120, endpoint=False)
    waves = sum(
        float(rng.normal(0, 0.10 / k)) * np.cos(k * angle + float(rng.uniform(0, 6.3))) for k in range(1, 6)
    )
    radius = RADIUS_M * (1 + np.asarray(waves))
    return Polygon(np.column_stack([x0 + radius * np.cos(angle), y0 + radius * np.sin(angle)]))


def _river(rng: Generator, x0: float, y0: float) -> LineString:
    along = np.linspace(-1.3, 1.3, 60)
    bend = 420 * np.sin(2.2 * along + float(rng.uniform(0, 6))) + 160 * np.sin(5 * along)
    return LineString(np.column_stack([x0 + RADIUS_M * along, y0 - 700 + bend]))


def _districts(rng: Generator, boundary: Polygon, x0: float, y0: float) -> tuple[District, ...]:
    count = len(DISTRICTS) - 1
    angle = np.linspace(0, 2 * np.pi, count, endpoint=False) + rng.uniform(-0.2, 0.2, count)
    reach = RADIUS_M * rng.uniform(0.5, 0.7, count)
    seeds = [(x0, y0), *zip(x0 + reach * np.cos(angle), y0 + reach * np.sin(angle), strict=True)]
    cells = shapely.voronoi_polygons(MultiPoint(seeds), extend_to=boundary).geoms
    by_seed = {i: next(c for c in cells if c.contains(Point(s))) for i, s in enumerate(seeds)}
    inside = [shapely.intersection(by_seed[i], boundary) for i in range(len(DISTRICTS))]
    outlines = [Polygon(each.exterior) for each in inside]  # pyright: ignore[reportAttributeAccessIssue]
    return tuple(
        District(n, outline, int(rng.integers(2800, 8200)))
        for n, outline in zip(DISTRICTS, outlines, strict=True)
    )


def _streets(
    rng: Generator, boundary: Polygon, districts: tuple[District, ...], x0: float, y0: float
) -> list[Street]:
    names = iter(np.tile(np.array(STREETS), 40))
    made: list[Street] = []
    for share in (0.33, 0.68):  # two rings
        ring = shapely.affinity.scale(boundary, share, share, origin=(x0, y0)).exterior
        for district in districts:
            made += (
                Street(str(next(names)), piece, district.name)
                for piece in _lines(shapely.intersection(ring, district.shape))
            )
    for district in districts:  # a grid of its own in each district
        turn = float(rng.uniform(0, 90))
        west, south, east, north = district.shape.bounds
        side = max(east - west, north - south)
        for direction in (turn, turn + 90 + float(rng.normal(0, 6))):
            gap = float(rng.uniform(170, 260))
            for offset in np.arange(-side, side, gap):
                line = LineString([(-side * 1.5, offset), (side * 1.5, offset + float(rng.normal(0, 25)))])
                placed = shapely.affinity.translate(
                    shapely.affinity.rotate(line, direction, origin=(0, 0)),
                    (west + east) / 2,
                    (south + north) / 2,
                )
                made += (
                    Street(str(next(names)), p, district.name)
                    for p in _lines(shapely.intersection(placed, district.shape))
                    if p.length > 120
                )
    return made


def _lines(shape: BaseGeometry) -> list[LineString]:
    if isinstance(shape, LineString):
        return [] if shape.is_empty else [shape]
    return [part for part in getattr(shape, "geoms", ()) if isinstance(part, LineString)]
