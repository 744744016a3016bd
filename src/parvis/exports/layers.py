"""Layers of GDAL's formats: the typed columns and the geometry of a release, batch by batch, written to a
file of the machine and read back in pieces.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pyarrow as pa
from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.core.late import late
from parvis.core.released import Released
from parvis.core.types import Column, Schema
from parvis.engine import trees as t
from parvis.engine.read import Engine, read
from parvis.engine.relations import over
from parvis.engine.render import Shown, plain
from parvis.exports import places
from parvis.exports.declaration import WGS_84, Chunks, Options

if TYPE_CHECKING:
    import pyogrio
else:
    pyogrio = late("pyogrio")

PIECE = 1 << 20
TYPED: Mapping[str, pa.DataType] = {
    "integer": pa.int64(),
    "year": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "datetime": pa.timestamp("ms", "UTC"),
}


def cell(one: Shown, options: Options, *, typed: bool) -> Expr:
    """A cell as a layer types it: numbers, booleans, dates and instants where it has them; everything else is
    text.
    """
    value = t.column(one.stored)
    if not typed:
        return plain(value, one.type, options.timezone, options.list_separator)
    match one.type:
        case "integer" | "year":
            return t.try_cast(value, "BIGINT")
        case "number":
            return t.either(t.call("isfinite", t.cast(value, "DOUBLE")), t.cast(value.copy(), "DOUBLE"))
        case _:
            return value


def arrow(columns: Sequence[tuple[str, Shown]], typed: Callable[[Shown], bool], geometry: str) -> pa.Schema:
    """The fields of a layer, by its name there, and its geometry."""
    return pa.schema(
        [
            *(pa.field(name, TYPED[c.type] if typed(c) else pa.string()) for name, c in columns),
            pa.field(geometry, pa.binary()),
        ]
    )


def geometry_name(columns: Sequence[tuple[str, Shown]]) -> str:
    """A name for the geometry that no column has, whatever its case."""
    taken = {name.lower() for name, _ in columns}
    return next(n for n in ("geometry", *(f"geometry_{i}" for i in range(len(taken) + 1))) if n not in taken)


def write(
    engine: Engine,
    released: Released,
    columns: Sequence[tuple[str, Shown]],
    path: Path,
    options: Options,
    *,
    driver: str,
    kind: str = "Unknown",
    typed: Collection[str] = tuple(TYPED),
    but: Collection[str] = (),
    cut: Callable[[Expr], Expr] = lambda text: text,
    where: Callable[[Expr], Expr] | None = None,
    **layer_options: str,
) -> int:
    """Write a layer and return its number of records.

    columns: each with its name in the layer; typed: the types that it has; others are text, and the columns
    of `but` too; cut: of a text; where: of the geometry; layer_options: to the driver.
    """
    place = places.place([c for _, c in columns])
    shape: Expr = (
        t.call("st_aswkb", _projected(there(place), options.epsg))
        if place is not None
        else t.cast(exp.Null(), "BLOB")
    )

    def is_typed(one: Shown) -> bool:
        return one.type in typed and one.name not in but

    def value(one: Shown) -> Expr:
        written = cell(one, options, typed=is_typed(one))
        return written if is_typed(one) else cut(written)

    fields = [(name, c) for name, c in columns if c is not place]
    geometry = geometry_name(fields)
    tree = over(released).select(
        *(t.alias(value(c), name) for name, c in fields), t.alias(shape, geometry), copy=False
    )
    if where is not None and place is not None:
        tree = tree.where(where(there(place)), copy=False)
    schema = arrow(fields, is_typed, geometry)
    count = 0
    with read(
        engine, released.querying(tree, Schema(columns=tuple(Column(n) for n in schema.names)))
    ) as result:

        def batches() -> Iterator[pa.RecordBatch]:
            nonlocal count
            for batch in result.batches():
                count += batch.num_rows
                yield batch.cast(schema)

        pyogrio.write_arrow(
            pa.RecordBatchReader.from_batches(schema, batches()),
            path,
            driver=driver,
            layer=path.stem,
            geometry_name=geometry,
            geometry_type=kind,
            crs=f"EPSG:{options.epsg}",
            encoding="UTF-8",
            layer_options=layer_options,
        )
    return count


def there(place: Shown) -> Expr:
    """The geometry of a record, NULL when it is empty: some formats know no other way to say it."""
    return t.either(exp.Not(this=t.call("st_isempty", places.geometry(place))), places.geometry(place))


def _projected(geometry: Expr, epsg: int) -> Expr:
    """The geometry in another system, east before north."""
    if epsg == WGS_84:
        return geometry
    return t.call("st_transform", geometry, t.text(f"EPSG:{WGS_84}"), t.text(f"EPSG:{epsg}"), exp.true())


@dataclass(frozen=True, slots=True)
class Look:
    """What the geometries of a release are. kinds: those of the engine (`POINT`, `MULTIPOLYGON`…); high:
    those of which some have a height.
    """

    kinds: frozenset[str]
    high: frozenset[str]
    missing: int
    collections: int


def look(engine: Engine, released: Released, place: Shown | None) -> Look:
    """One pass over the geometries."""
    if place is None:
        return Look(frozenset(), frozenset(), 0, 0)
    shape = there(place)
    kind = t.cast(t.call("st_geometrytype", shape), "VARCHAR")
    tree = (
        over(released)
        .select(
            t.alias(kind, "kind"),
            t.alias(
                t.call("coalesce", t.call("bool_or", t.call("st_hasz", shape.copy())), exp.false()), "high"
            ),
            t.alias(t.call("count_if", exp.true()), "n"),
            copy=False,
        )
        .group_by(exp.Literal.number(1), copy=False)
    )
    with read(
        engine,
        released.querying(
            tree, Schema(columns=(Column("kind"), Column("high", "boolean"), Column("n", "integer")))
        ),
    ) as result:
        counts = {str(r["kind"] or ""): (bool(r["high"]), int(str(r["n"]))) for r in result.rows()}
    missing, collections = (counts.get(k, (False, 0))[1] for k in ("", "GEOMETRYCOLLECTION"))
    return Look(
        frozenset(counts) - {""},
        frozenset(k for k, (high, _) in counts.items() if high),
        missing,
        collections,
    )


def counted(engine: Engine, released: Released, conditions: Sequence[Expr]) -> list[int]:
    """How many records meet each condition, in one pass."""
    if not conditions:
        return []
    names = [f"n{i}" for i in range(len(conditions))]
    tree = over(released).select(
        *(t.alias(t.call("count_if", one), name) for one, name in zip(conditions, names, strict=True)),
        copy=False,
    )
    with read(
        engine, released.querying(tree, Schema(columns=tuple(Column(name, "integer") for name in names)))
    ) as result:
        (row,) = result.rows()
    return [
        many if isinstance(many := row[name], int) else 0 for name in names
    ]  # of no row the engine says NULL


@contextmanager
def workshop() -> Generator[Path]:
    """A folder for the time that a file is made and sent."""
    with TemporaryDirectory(prefix="parvis-export-") as name:
        yield Path(name)


def pieces(path: Path) -> Chunks:
    """The bytes of a file, in order."""
    with path.open("rb") as source:
        while piece := source.read(PIECE):
            yield piece
