"""Shapefile (ESRI, 1998), zipped: a layer for each kind of geometry, since a layer holds one; WGS 84, UTF-8.

The format knows names of ten characters, texts of 254 bytes, dates but no instants (they are text), and no
collections. `LISEZMOI.txt` gives every name in full, and tells what was cut or left out.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator, Sequence

from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.core.errors import UsageError
from parvis.core.released import Released
from parvis.core.text import in_number, slug
from parvis.engine import trees as t
from parvis.engine.read import Engine
from parvis.engine.render import Shown, plain, shown_columns
from parvis.exports import layers, places
from parvis.exports.declaration import Chunks, Exporter, Options
from parvis.exports.spool import Pipe

NAME, TEXT = 10, 254
"""Bytes of a name and of a text."""
LARGEST = (1 << 31) - 1
"""Bytes of a file, beyond which many programs read nothing."""
_CUTS = (254, 244, 232, 216, 196, 160, 127, 84, 63)
"""Characters tried in turn until they take TEXT bytes at most: a character takes four at most."""
_TYPED = ("integer", "year", "number", "date")
_DIGITS, _LARGE, _DECIMALS, _NEAR = 17, 1e15, 15, 1e-9
"""Of a number that dBase holds: digits of a whole one, then the size, decimals and relative error of any
other. GDAL cuts what is wider without an error (M: 1.5e24 is read back as 1.5e23, 1e-20 as 0).
"""
KINDS = (
    ("points", "Point", ("POINT",)),
    ("points-groupes", "MultiPoint", ("MULTIPOINT",)),
    ("lignes", "LineString", ("LINESTRING", "MULTILINESTRING")),
    ("surfaces", "Polygon", ("POLYGON", "MULTIPOLYGON")),
)
"""Name of a layer, its kind in the format, and what it holds."""


def _chunks(engine: Engine, released: Released, options: Options) -> Chunks:
    columns = list(
        zip(
            short([c.name for c in shown_columns(released.schema)]),
            shown_columns(released.schema),
            strict=True,
        )
    )
    place = places.place([c for _, c in columns])
    look = layers.look(engine, released, place)
    held = [k for k in KINDS if set(k[2]) & look.kinds] or [KINDS[0]]
    numbers = [c for _, c in columns if c.type in ("integer", "year", "number")]
    wide = [
        c.name
        for c, n in zip(
            numbers, layers.counted(engine, released, [_too_wide(c) for c in numbers]), strict=True
        )
        if n
    ]
    pipe = Pipe()
    with (
        layers.workshop() as folder,
        zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
    ):  # pyright: ignore[reportArgumentType] (writes in order only)
        for i, (name, kind, holds) in enumerate(held):
            path = folder / f"{name if len(held) > 1 else 'donnees'}.shp"
            exact = f"{kind} Z" if set(holds) & look.high else kind
            where = _where(holds, with_none=i == 0)
            layers.write(
                engine,
                released,
                columns,
                path,
                options,
                driver="ESRI Shapefile",
                kind=exact,
                typed=_TYPED,
                but=wide,
                cut=_cut,
                where=where,
            )
            for part in sorted(folder.glob(f"{path.stem}.*")):
                if part.stat().st_size > LARGEST:
                    raise UsageError(
                        "Un fichier de formes ne dépasse pas 2 Go.",
                        mend="Filtrez la table, ou choisissez GeoJSON, FlatGeobuf ou Parquet.",
                    )
                with archive.open(part.name, "w", force_zip64=True) as entry:
                    for piece in layers.pieces(part):
                        entry.write(piece)
                        yield pipe.take()
                part.unlink()
        archive.writestr(
            "LISEZMOI.txt", "\r\n".join(_notes(engine, released, columns, place, look, wide)) + "\r\n"
        )
    yield pipe.take()


def short(names: Sequence[str]) -> list[str]:
    """Each name in ten letters, digits and `_`, all different: `nom_de_l_equipement` and
    `nom_de_l_etablissement` are `nom_de_l_e` and `nom_de_l_1`.
    """
    short_names: list[str] = []
    for name in names:
        plain_name = (
            re.sub(
                "[^A-Za-z0-9_]",
                "_",
                slug(name).replace("-", "_") if not re.fullmatch(r"\w+", name, re.ASCII) else name,
            )
            or "champ"
        )
        tries = (
            plain_name[:NAME],
            *(f"{plain_name[: NAME - len(str(i))]}{i}" for i in range(1, len(names) + 1)),
        )
        short_names.append(next(one for one in tries if one.lower() not in {f.lower() for f in short_names}))
    return short_names


def _cut(text: Expr) -> Expr:
    return exp.Case(
        ifs=[
            exp.If(
                this=_fits(t.call("left", text.copy(), t.number(n))),
                true=t.call("left", text.copy(), t.number(n)),
            )
            for n in _CUTS
        ]
    )


def _fits(value: Expr) -> Expr:
    return exp.LTE(this=t.call("strlen", value), expression=t.number(TEXT))


def _where(holds: Sequence[str], *, with_none: bool) -> Callable[[Expr], Expr]:
    def where(geometry: Expr) -> Expr:
        kind = exp.In(
            this=t.cast(t.call("st_geometrytype", geometry), "VARCHAR"),
            expressions=[t.text(h) for h in holds],
        )
        return exp.or_(t.absent(geometry.copy()), kind, copy=False) if with_none else kind

    return where


def _too_wide(one: Shown) -> Expr:
    """Whether a number would be another one in dBase."""
    if one.type != "number":
        whole = t.call("abs", t.cast(t.column(one.stored), "HUGEINT"))
        return exp.GTE(this=whole, expression=t.number(10**_DIGITS))
    value = t.cast(t.column(one.stored), "DOUBLE")
    size = t.call("abs", value)
    off = t.call(
        "abs", exp.Sub(this=value.copy(), expression=t.call("round", value.copy(), t.number(_DECIMALS)))
    )
    lost = exp.GT(this=off, expression=exp.Mul(this=size.copy(), expression=t.number(_NEAR)))
    far = exp.or_(exp.GTE(this=size, expression=t.number(_LARGE)), lost, copy=False)
    return exp.and_(t.call("isfinite", value.copy()), far, copy=False)


def _notes(
    engine: Engine,
    released: Released,
    columns: Sequence[tuple[str, Shown]],
    place: Shown | None,
    look: layers.Look,
    wide: Sequence[str],
) -> Iterator[str]:
    """The names in full, then what the format could not hold."""
    yield "Colonnes : nom dans ce fichier, puis nom complet."
    yield from (
        f"{name}\t{c.name}{f' ({c.title})' if c.title else ''}" for name, c in columns if c is not place
    )
    yield from (f"« {name} » : en texte, car ce format en changerait des nombres." for name in wide)
    texts = [c for _, c in columns if c is not place and c.type in ("text", "json", "array", "shape")]
    cuts = layers.counted(
        engine, released, [exp.Not(this=_fits(plain(t.column(c.stored), c.type))) for c in texts]
    )
    for c, cut in zip(texts, cuts, strict=True):
        if cut:
            yield in_number(
                cut,
                "« {name} » : {n} texte[s] de plus de {most} octets, coupé[s] ici. GeoJSON et FlatGeobuf [le|les] contiennent en entier.",
                name=c.name,
                most=TEXT,
            )
    if look.collections:
        yield in_number(
            look.collections,
            "Il manque ici {n} ligne[s] dont la géométrie mêle points, lignes ou surfaces : voyez GeoJSON ou FlatGeobuf.",
        )


SHP = Exporter(
    "shp",
    "Shapefile (zip)",
    "application/zip",
    "shp.zip",
    _chunks,
    b"PK\x03\x04",
    geo=True,
    projects=True,
    packed=True,
    steady=False,
    spooled=True,
)
