"""Codes that follow somebody from place to place: a badge at doors, a phone along a way. No header has to name
them: the same code comes again, moment after moment, where a person passes.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sqlglot import exp

from parvis.core.text import fold
from parvis.core.types import Column, Sensitivity
from parvis.privacy.cells import call, cell_of, rows_of
from parvis.privacy.detection import Detection
from parvis.privacy.headers import spoken
from parvis.privacy.identifiers import says_thing_number
from parvis.privacy.looking import Look, integers, message_of
from parvis.privacy.rows import point

_CARRIED = re.compile(
    r"\bvehicul|\bbus\b|\bcars?\b|\blignes?\b|\btram|\bmetro\b|\btrains?\b|\bengin|\bbennes?\b|\bcamions?\b|\bvelos?\b|\btrottinette|\bdrones?\b|\bnavire"
    r"|\bbateau|\bmmsi\b|\bcapteurs?\b|\bsondes?\b|\bbalises?\b|\bimmat|\bplaques?\b|\bcourses?\b|\bcircuits?\b|\btournees?\b|\bparc\b|\btrips?\b|\broute\b"
    r"|\bbacs?\b|\bcolis\b|\bespeces?\b|\banima|\bindividu\b|\bcollier|\bbagues?\b|\bautopartage|\bstations?\b|\bbornes?\b"
)
"""What moves and is no person, or is hired by others each time."""
_WAYS = (
    frozenset({"e", "s"}),
    frozenset({"entree", "sortie"}),
    frozenset({"entrée", "sortie"}),
    frozenset({"in", "out"}),
    frozenset({"+", "-"}),
    frozenset({"arrivee", "depart"}),
    frozenset({"ent", "sor"}),
    frozenset({"i", "o"}),
)
"""How a reader tells on which side one passed."""
_DOOR = re.compile(
    r"\bportes?\b|\bportails?\b|\bportillons?\b|\bbarrieres?\b|\btourniquets?\b|\bsas\b|\bvestiaires?\b|\baccueil\b|\bparkings?\b|\blocal\b|\bserveurs?\b"
    r"|\bbadgeuses?\b|\blecteurs?\b|\bhall\b|\bascenseurs?\b|\bescaliers?\b|\bcouloirs?\b|\bbureaux?\b|\batelier\b|\barchives?\b|\bsalles?\b|\bgarage\b|\bgrille\b"
)
_GRANTED = re.compile(
    r"\brefus|\baccord|\bautoris|\binterdit|\bok\b|\bdenied\b|\bgranted\b|\binvalide|\bhors plage|\bpasse\b|\bnon reconnu"
)
LEAST = 12
"""Rows from which a code that comes again shows a way."""
COMES_AGAIN = 0.7
"""Different codes by row above which nobody is followed."""
PACE = 900
"""Seconds between two points of one way, usually: more, and they are visits."""


@dataclass(frozen=True, slots=True)
class Trail:
    """The column that follows somebody, and the points along the way, where it has any."""

    code: str
    points: tuple[str, ...]


def trails(look: Look, rows: int, known: Collection[str]) -> Iterator[Trail]:
    """known: columns of which something was told already. rows: of the table."""
    columns = look.schema.columns
    moments = [c.name for c in columns if c.type == "datetime"]
    if not moments or rows < LEAST:
        return
    yield from _hashed(look, rows, known)
    if any(_CARRIED.search(spoken(c.name)) for c in columns):
        return
    points = tuple(c.name for c in columns if point(c))
    doors = _of_doors(look)
    for column in columns:
        if column.type not in ("text", "integer") or column.meaning or column.name in (*moments, *points):
            continue
        if column.name in known or says_thing_number(column.name):
            continue
        codes = _codes(look, column)
        if not 1 < len(codes) <= COMES_AGAIN * rows:
            continue
        if len(points) >= 2 and _goes(look, column.name, moments[0], points, rows):
            yield Trail(column.name, points)
        elif doors and column.name not in doors and _one_making(codes):
            yield Trail(column.name, ())


_HASH = re.compile(r"[0-9a-f]{8,64}|[0-9A-F]{8,64}")
_DEVICE = re.compile(
    r"\bdev|\beui|\bcapt|\bsond|\bsensor|\bmac\b|\bcommit|\bsha|\bmd5|\bempreinte|\bcompteur|\bequip|\bfichier|\buuid|\betag"
)
VISITS = 1.5
"""Places by code from which it goes about."""


def _hashed(look: Look, rows: int, known: Collection[str]) -> Iterator[Trail]:
    """Columns of digests that come again, each in several places: cards or people under a pseudonym."""
    for name, values in look.samples.items():
        header = spoken(name)
        if name in known or not 1 < len(values) <= COMES_AGAIN * rows or _DEVICE.search(header):
            continue
        if _CARRIED.search(header) or says_thing_number(name):
            continue
        digests = [v for v in values if _HASH.fullmatch(v) and not v.isdigit() and not v.isalpha()]
        if len(digests) < 0.9 * len(values):
            continue
        others = [n for n, v in look.samples.items() if n != name and 1 < len(v) <= 0.5 * rows]
        counts = [
            exp.Count(this=exp.Distinct(expressions=[exp.Tuple(expressions=[cell_of(name), cell_of(n)])]))
            for n in others
        ]
        if not counts:
            continue
        visits = (
            look.con.execute(exp.select(*counts).from_(rows_of(look.paths)).sql("duckdb")).fetchone() or ()
        )
        if any(n >= VISITS * len(values) for n in visits):
            yield Trail(name, ())


def told(look: Look, trail: Trail) -> Iterator[Detection]:
    """What is told of one trail."""
    for name, kind, title, fix in (
        (trail.code, "person-number", "numéros ou comptes de personnes", _CODE_FIX),
        *((p, "home-point", "points qui situent des personnes", _POINT_FIX) for p in trail.points),
    ):
        count, first = look.filled(name)
        yield Detection(
            kind,
            name,
            Sensitivity.DIRECT,
            Sensitivity.DIRECT,
            "error",
            count,
            count,
            SURELY,
            message_of(title, name, count, count),
            fix,
            first,
        )


SURELY = 0.8
_CODE_FIX = "Un numéro ou un compte qui suit quelqu’un le désigne, même sans son nom : supprimez la colonne, ou comptez par jour, par lieu ou par tranche."
_POINT_FIX = "Un point exact à côté d’une personne montre où elle vit : agrégez par quartier ou par maille, ou déplacez les points."


def _codes(look: Look, column: Column) -> list[str]:
    return (
        integers(look, column.name) if column.type == "integer" else list(look.samples.get(column.name, ()))
    )


def _of_doors(look: Look) -> frozenset[str]:
    """The columns of an access log: where somebody passed, and which way or whether they were let in."""
    cells = {n: [fold(v).strip() for v in look.values(n, 200)] for n in look.samples}
    ways = {
        n
        for n, v in cells.items()
        if frozenset(v) in _WAYS or (1 < len(set(v)) <= 6 and all(_GRANTED.search(x) for x in v))
    }
    doors = {
        n
        for n, v in cells.items()
        if n not in ways and len(v) > 1 and sum(_DOOR.search(x) is not None for x in v) >= 0.4 * len(v)
    }
    return frozenset(ways | doors) if ways and doors else frozenset()


_CODE = re.compile(r"[A-Za-z]{0,4}[-_ .:]?[0-9A-Fa-f:-]{3,20}")


def _one_making(codes: Collection[str]) -> bool:
    """Whether codes are written alike: hexadecimal or figures of the same length, most with a figure."""
    alike = [c for c in codes if _CODE.fullmatch(c) and any(map(str.isdigit, c))]
    lengths = {len(c) for c in alike}
    return len(alike) >= 0.8 * len(codes) and len(lengths) <= 3


def _goes(look: Look, code: str, moment: str, points: tuple[str, ...], rows: int) -> bool:
    """Whether the rows of each code are points of one way: moments that follow at a walk's or a drive's pace,
    each at a place of its own.
    """
    inner = exp.select(
        exp.alias_(cell_of(code), "c"),
        exp.alias_(call("epoch", cell_of(moment)), "t"),
        exp.alias_(exp.Tuple(expressions=[cell_of(p) for p in points[:2]]), "p"),
    ).from_(rows_of(look.paths))
    before = exp.Window(
        this=exp.Lag(this=exp.column("t")),
        partition_by=[exp.column("c")],
        order=exp.Order(expressions=[exp.Ordered(this=exp.column("t"))]),
    )
    steps = exp.select("c", "p", exp.alias_(exp.Sub(this=exp.column("t"), expression=before), "gap")).from_(
        inner.subquery("i")
    )
    row = look.con.execute(
        exp.select(
            call("quantile_cont", exp.column("gap"), exp.Literal.number("0.5")),
            exp.Count(this=exp.Distinct(expressions=[exp.column("p")])),
            exp.Count(this=exp.Distinct(expressions=[exp.column("c")])),
        )
        .from_(steps.subquery("s"))
        .sql("duckdb")
    ).fetchone()
    if row is None or row[0] is None:
        return False
    gap, places, codes = row
    return 0 < gap <= PACE and places >= 0.6 * rows and codes * 4 <= rows
