# pyright: reportMissingTypeArgument=false, reportUnknownParameterType=false, reportCallIssue=false, reportArgumentType=false, reportMissingModuleSource=false
# Arrow, NumPy's object arrays and shapely are only partly typed.
"""Bring geometries to WGS 84 (lon, lat), two dimensions, WKB; say what can't be brought there."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from parvis.core.late import late
from parvis.core.reading import Issue
from parvis.core.text import in_number
from parvis.readers.nested_shapes import refuse_nested

if TYPE_CHECKING:
    import shapely

    from parvis.readers import projections
else:
    shapely = late("shapely")
    projections = late("parvis.readers.projections")

Shapes = npt.NDArray[np.object_]
WGS84 = "EPSG:4326"


@dataclass(frozen=True, slots=True)
class Source:
    """A coordinate system as a file states it."""

    name: str
    """Short: `EPSG:2154`, or the title of the system."""
    degrees: bool
    """Longitude and latitude in WGS 84 already, or as good as (RGF93, ETRS89)."""
    crs: projections.CRS


@cache
def source(text: str) -> Source | None:
    """A coordinate system from a code, WKT, PROJ or URN; None when it is not understood."""
    try:
        crs = projections.CRS.from_user_input(text)
    except (projections.CRSError, projections.ProjError, ValueError):
        return None
    return of(crs)


def of(crs: projections.CRS) -> Source:
    """The source for a system that pyproj has read."""
    if crs.is_compound:
        crs = crs.sub_crs_list[0]
    authority = crs.to_authority(min_confidence=70)
    name = ":".join(authority) if authority else crs.name
    if name == "OGC:CRS84":
        name = WGS84
    same = crs.is_geographic and name in (
        WGS84,
        "EPSG:4171",
        "EPSG:4258",
        "EPSG:4326",
        "EPSG:4979",
        "EPSG:4965",
    )
    return Source(name, same, crs)


def guess(bounds: tuple[float, float, float, float]) -> Source | None:
    """The system of coordinates that come without one: degrees, Lambert-93, or one of the nine conic zones;
    None when they fit none.

    bounds: west, south, east, north. Boxes: metropolitan France with a margin, from the areas of use of
    EPSG:2154 and EPSG:3942 to 3950.
    """
    west, south, east, north = bounds
    if not np.all(np.isfinite(bounds)):
        return None
    if west >= -180 and east <= 180 and south >= -90 and north <= 90:
        return source(WGS84)
    if west >= 0 and east <= 1_350_000 and south >= 6_000_000 and north <= 7_200_000 and west < 1_300_000:
        return source("EPSG:2154")
    for zone in range(42, 51):
        # Zone 42 to 50: x0 = 1,700,000; y0 = (zone - 41) x 1,000,000 + 200,000 at the latitude of the zone;
        # one degree and a bit on each side.
        origin = (zone - 41) * 1_000_000 + 200_000
        if (
            west >= 1_000_000
            and east <= 2_400_000
            and south >= origin - 180_000
            and north <= origin + 180_000
        ):
            return source(f"EPSG:{3900 + zone}")
    return None


@dataclass(slots=True)
class Tally:
    """What was seen of the geometries of one table."""

    bad: int = 0
    """Geometries that can't be read."""
    outside: int = 0
    """Geometries that fall outside the globe."""
    first_bad: int = 0
    """Record of the first of them, from 1."""
    empty: int = 0
    seen: int = 0
    notes: list[Issue] = field(default_factory=list[Issue])

    def issues(self) -> tuple[Issue, ...]:
        """In words."""
        issues = list(self.notes)
        if self.bad:
            where = f"enregistrement {self.first_bad}"
            issues.append(
                Issue(
                    "bad-geometry",
                    in_number(
                        self.bad,
                        "{n} géométrie[s] illisible[s], la première à l’{where} : gardée[s] en texte.",
                        where=where,
                    ),
                    where,
                )
            )
        if self.outside:
            issues.append(
                Issue(
                    "out-of-range",
                    in_number(self.outside, "{n} géométrie[s] hors du globe, une fois en WGS 84 : vidée[s]."),
                )
            )
        if self.empty:
            issues.append(
                Issue("no-geometry", in_number(self.empty, "{n} enregistrement[s] sans géométrie."))
            )
        return tuple(issues)


def to_wgs84(shapes: Shapes, crs: Source | None, tally: Tally) -> Shapes:
    """Two dimensions, in degrees. Geometries that leave the globe become None, and are counted. crs None:
    degrees already.
    """
    flat = shapely.force_2d(shapes)
    if crs is not None and not crs.degrees:
        flat = _transformed(flat, crs)
    bounds = shapely.bounds(flat)
    with np.errstate(invalid="ignore"):
        west, south, east, north = bounds.T
        wrong = (
            (west < -180.0001)
            | (east > 180.0001)
            | (south < -90.0001)
            | (north > 90.0001)
            | np.isinf(bounds).any(axis=1)
        )
    # A geometry with a NaN in it has no bounds, or partial ones: look at its coordinates.
    holes = ~shapely.is_missing(flat) & ~shapely.is_empty(flat) & np.isnan(bounds).any(axis=1)
    wrong |= holes
    tally.outside += int(np.count_nonzero(wrong))
    flat[wrong] = None
    return flat


def _transformed(shapes: Shapes, crs: Source) -> Shapes:
    transformer = _transformer(crs)

    def move(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        lon, lat = transformer.transform(points[:, 0], points[:, 1])
        return np.column_stack([lon, lat])

    return shapely.transform(shapes, move)


@cache
def _transformer(crs: Source) -> projections.Transformer:
    return projections.Transformer.from_crs(crs.crs, WGS84, always_xy=True)


def wkb(shapes: Shapes) -> pa.Array:
    """WKB of each, null where there is none or where it is empty. Raises Unreadable when one nests collections
    deeper than the engine reads.
    """
    shapes = shapes.copy()
    shapes[shapely.is_empty(shapes)] = None
    written = shapely.to_wkb(shapes)
    refuse_nested(written[shapely.get_type_id(shapes) == shapely.GeometryType.GEOMETRYCOLLECTION])
    return pa.array(written, pa.binary())


def box(shapes: Shapes) -> tuple[float, float, float, float]:
    """West, south, east, north of all; NaN when there is nothing."""
    bounds = shapely.total_bounds(shapes)
    return float(bounds[0]), float(bounds[1]), float(bounds[2]), float(bounds[3])
