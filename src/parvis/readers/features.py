# pyright: reportMissingTypeArgument=false, reportUnknownParameterType=false, reportCallIssue=false, reportArgumentType=false
# Arrow and NumPy's object arrays are only partly typed.
"""Write features (properties and a GeoJSON geometry) as a raw table: properties flat, then the geometry in
WGS
84.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, cast

import numpy as np

from parvis.core.late import late
from parvis.core.reading import Issue, RawTable, Workspace
from parvis.core.sentence import Sentence
from parvis.core.types import SHAPE
from parvis.readers import flatten, geometry
from parvis.readers.geometry import Shapes, Source, Tally
from parvis.readers.limits import past
from parvis.readers.raw import JSON_NATIVE, Cell, RawWriter

if TYPE_CHECKING:
    import shapely
else:
    shapely = late("shapely")

FEATURES = 10_000
"""Features laid out in one go."""
_CELLS = 400_000
_ID = "\x00id"
UNREAD = "geometrie_illisible"
"""Column that keeps, as text, the geometries that can't be read."""


class FeatureWriter:
    """Collects features of one table. `finish` closes it; nothing is readable before."""

    def __init__(
        self, workspace: Workspace, stem: str, crs: Source | None, tally: Tally, *, lines: bool = False
    ) -> None:
        """crs: what the file states, None for degrees (guessed when the coordinates are none)."""
        self._limits = workspace.limits
        self._writer = RawWriter(workspace.spool, stem)
        self._crs = crs
        self._stated = crs is not None
        self._tally = tally
        self._lines = lines
        self._rows: list[dict[str, Cell]] = []
        self._shapes: list[Cell] = []
        self._places: list[int] = []
        self._cells = 0

    def add(
        self, shape: Cell, properties: Mapping[str, Cell], *, identifier: Cell = None, line: int = 0
    ) -> None:
        """One feature. shape: a GeoJSON geometry, None when it has none."""
        row = flatten.flat(properties, self._limits)
        if identifier is not None and "id" not in row and isinstance(identifier, (str, int, float)):
            row = {_ID: identifier, **row}
        self._rows.append(row)
        self._shapes.append(shape)
        self._places.append(line)
        self._cells += len(row) + _size(shape)
        if len(self._rows) >= FEATURES or self._cells > _CELLS:
            self._flush()

    def _flush(self) -> None:
        rows = self._rows
        if not rows:
            return
        shapes, unread = _read(self._shapes, self._tally, self._writer.rows)
        if not self._writer.rows and not self._stated:
            self._crs = _guessed(shapes, self._tally)
        for row, text in zip(rows, unread, strict=True):
            if text is not None:
                row[UNREAD] = text
        moved = geometry.to_wgs84(shapes, self._crs, self._tally)
        if any(_ID in row for row in rows):
            self._writer.declare([_ID], ["id"])
        keys = dict.fromkeys(key for row in rows for key in row)
        if len(keys) > self._limits.columns:
            raise past(
                "columns",
                self._limits.columns,
                Sentence("Les objets ont {n} propriétés différentes", n=len(keys)),
            )
        columns = {key: [row.get(key) for row in rows] for key in keys}
        typed = {SHAPE: ("shape", geometry.wkb(moved))}
        self._writer.add(columns, len(rows), lines=self._places if self._lines else None, typed=typed)
        if self._writer.width > self._limits.columns:
            raise past(
                "columns",
                self._limits.columns,
                Sentence("Les objets ont {n} propriétés différentes", n=self._writer.width),
            )
        self._rows.clear()
        self._shapes.clear()
        self._places.clear()
        self._cells = 0

    def finish(self, name: str, encoding: str | None) -> RawTable | None:
        """The table; None when there was no feature."""
        self._flush()
        if not self._writer.rows:
            return None
        columns, scan = self._writer.finish(JSON_NATIVE)
        crs_name = self._crs.name if self._crs else geometry.WGS84
        return RawTable(
            name,
            columns,
            scan,
            self._writer.rows,
            encoding=encoding,
            crs=crs_name,
            issues=self._tally.issues(),
        )


def _size(shape: Cell) -> int:
    """About the number of coordinates, from the two upper levels."""
    parts = shape.get("coordinates") if isinstance(shape, dict) else None
    if not isinstance(parts, list):
        return 1
    first = parts[0] if parts else None
    rings = isinstance(first, list) and bool(first) and isinstance(first[0], list)
    return sum(len(p) if isinstance(p, list) else 1 for p in parts) * (20 if rings else 1)


def _read(values: Sequence[Cell], tally: Tally, before: int) -> tuple[Shapes, list[str | None]]:
    """Geometries, and the text of those that can't be read."""
    tally.seen += len(values)
    missing = np.array([value is None or value == {} for value in values])
    tally.empty += int(missing.sum())
    plain = _plain_points(values)
    with np.errstate(
        over="ignore"
    ):  # numbers past what a float holds are off the globe, and are told as such
        shapes = (
            plain
            if plain is not None
            else shapely.from_geojson([_text(v) for v in values], on_invalid="ignore")
        )
    bad = shapely.is_missing(shapes) & ~missing
    unread: list[str | None] = [None] * len(values)
    if bad.any():
        tally.first_bad = tally.first_bad or before + int(np.argmax(bad)) + 1
        tally.bad += int(bad.sum())
        for i in np.flatnonzero(bad).tolist():
            unread[i] = json.dumps(values[i], ensure_ascii=False, separators=(",", ":"))
    return shapes, unread


def _plain_points(values: Sequence[Cell]) -> Shapes | None:
    """All of them points of two or three numbers: the usual case, without a detour by text."""
    pairs: list[tuple[float, float]] = []
    for value in values:
        if not isinstance(value, dict) or value.get("type") != "Point":
            return None
        place = value.get("coordinates")
        if not isinstance(place, list) or len(place) < 2:
            return None
        x, y = place[0], place[1]
        if type(x) not in (int, float) or type(y) not in (int, float):
            return None
        pairs.append((cast(float, x), cast(float, y)))
    try:
        return cast(Shapes, shapely.points(np.array(pairs, dtype=np.float64)))
    except OverflowError:  # a whole number of hundreds of digits
        return None


def _text(value: Cell) -> str | None:
    # Values are numbers or they are wrong: "12.5" as a text is no coordinate.
    return (
        json.dumps(
            {k: value[k] for k in ("type", "coordinates", "geometries") if k in value}, separators=(",", ":")
        )
        if isinstance(value, dict)
        else None
    )


def _guessed(shapes: Shapes, tally: Tally) -> Source | None:
    """Degrees are the rule. Coordinates far from any degree are in a system that was not said: one is
    proposed when it fits.
    """
    bounds = geometry.box(shapes)
    if not np.all(np.isfinite(bounds)) or max(map(abs, bounds)) <= 400:
        return None
    guessed = geometry.guess(bounds)
    if guessed is not None:
        sentence = f"Le fichier n’est pas en degrés et ne dit pas son système de coordonnées : {guessed.name} lui va, et a été supposé."
        tally.notes.append(Issue("crs-guessed", sentence))
    return guessed
