"""Codes that follow somebody from place to place: a badge at doors, a phone along a way. No header has to name
them: the same code comes again, moment after moment, where a person passes.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.core.text import fold
from parvis.core.types import Column, Sensitivity
from parvis.privacy.cells import call, cell_of, rows_of
from parvis.privacy.detection import Detection
from parvis.privacy.headers import spoken
from parvis.privacy.identifiers import says_thing_number
from parvis.privacy.looking import Look, integers, message_of
from parvis.privacy.row_cells import point

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
REST = 4 * 3600
"""Seconds without a point after which somebody has rested, or another day begins."""
RESTS = 1 / 60
"""Share of the steps that are rests, from which moments are of somebody's days: what happens all over a town
at any hour has none.
"""
WINDOW = 100_000
"""Rows in which a pace is measured: of a longer table, those in the middle of its time."""


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
    carried = any(_CARRIED.search(spoken(c.name)) for c in columns)
    meant = {c.name for c in columns if c.meaning or says_thing_number(c.name)}
    codes = {
        column.name: _codes(look, column)
        for column in columns
        if column.name not in known
        and (column.type == "text" or (column.type == "integer" and not carried and column.name not in meant))
    }
    many = _different(look, {name: values for name, values in codes.items() if len(values) > 1})
    again = {name: codes[name] for name, count in many.items() if count <= COMES_AGAIN * rows}
    yield from _hashed(look, {n: v for n, v in again.items() if n in look.samples}, many, rows)
    if carried:
        return
    points = tuple(c.name for c in columns if point(c))
    doors = _of_doors(look)
    plain = {name: values for name, values in again.items() if name not in meant and name not in points}
    often = [name for name in plain if many[name] * 4 <= rows]
    ways = _ways(look, often, plain, moments[0], points, rows)
    for name, values in plain.items():
        if name in ways:
            yield Trail(name, points)
        elif doors and name not in doors and _one_making(values):
            yield Trail(name, ())


def _different(look: Look, values: Mapping[str, Collection[str]]) -> dict[str, int]:
    """How many different values each column has in all: to within 2 % where the table is so long that only
    some of its values were read.
    """
    if look.whole or not values:
        return {name: len(seen) for name, seen in values.items()}
    counted = [call("approx_count_distinct", cell_of(name)) for name in values]
    row = look.con.execute(exp.select(*counted).from_(rows_of(look.paths)).sql("duckdb")).fetchone()
    return dict(zip(values, map(int, row or ()), strict=True))


_HASH = re.compile(r"[0-9a-f]{8,64}|[0-9A-F]{8,64}")
_DEVICE = re.compile(
    r"\bdev|\beui|\bcapt|\bsond|\bsensor|\bmac\b|\bcommit|\bsha|\bmd5|\bempreinte|\bcompteur|\bequip|\bfichier|\buuid|\betag"
)
VISITS = 1.5
"""Places by code from which it goes about."""


def _hashed(
    look: Look, again: Mapping[str, Collection[str]], many: Mapping[str, int], rows: int
) -> Iterator[Trail]:
    """Columns of digests that come again, each in several places: cards or people under a pseudonym. many:
    how many different values each column has.
    """
    for name, values in again.items():
        header = spoken(name)
        if _DEVICE.search(header) or _CARRIED.search(header) or says_thing_number(name):
            continue
        digests = [v for v in values if _HASH.fullmatch(v) and not v.isdigit() and not v.isalpha()]
        if len(digests) < 0.9 * len(values):
            continue
        others = [n for n in look.samples if n != name and 1 < many.get(n, 0) <= 0.5 * rows]
        counts = [
            exp.Count(this=exp.Distinct(expressions=[exp.Tuple(expressions=[cell_of(name), cell_of(n)])]))
            for n in others
        ]
        if not counts:
            continue
        visits = (
            look.con.execute(exp.select(*counts).from_(rows_of(look.paths)).sql("duckdb")).fetchone() or ()
        )
        if any(n >= VISITS * many[name] for n in visits):
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


def _ways(
    look: Look,
    often: Sequence[str],
    codes: Mapping[str, Collection[str]],
    moment: str,
    points: tuple[str, ...],
    rows: int,
) -> frozenset[str]:
    """The columns of codes, of those that come again `often`, whose rows are points of one way. Whether
    places are their own is counted first: it is next to nothing beside a pace, which sorts the table.
    """
    if len(points) < 2 or not often:
        return frozenset()
    place = exp.Count(this=exp.Distinct(expressions=[exp.Tuple(expressions=list(map(cell_of, points[:2])))]))
    row = look.con.execute(exp.select(place).from_(rows_of(look.paths)).sql("duckdb")).fetchone()
    if row is None or row[0] < 0.6 * rows:
        return frozenset()
    span = _window(look, moment, rows)
    numbers = [c.name for c in look.schema.columns if c.name in points and c.type in ("number", "integer")]
    return frozenset(
        name for name in often if _goes(look, name, moment, numbers[:2], span, _one_making(codes[name]))
    )


def _window(look: Look, moment: str, rows: int) -> tuple[float, float] | None:
    """The moments (epoch, s) between which `WINDOW` rows stand, about the middle; None for all of them."""
    if rows <= WINDOW:
        return None
    half = WINDOW / rows / 2
    bounds = exp.Array(expressions=[exp.Literal.number(q) for q in (0.5 - half, 0.5 + half)])
    asked = exp.select(call("quantile_disc", call("epoch", cell_of(moment)), bounds)).from_(
        rows_of(look.paths)
    )
    (found,) = look.con.execute(asked.sql("duckdb")).fetchone() or (None,)
    return (found[0], found[1]) if found else None


def _goes(
    look: Look,
    code: str,
    moment: str,
    coordinates: Sequence[str],
    span: tuple[float, float] | None,
    written_as_code: bool,
) -> bool:
    """Whether the rows of each code are points of one way: moments that follow at a walk's or a drive's pace,
    and each place beside the one before, nearer than the code's places are to their middle. Where many events
    share a kind or a district their moments follow as quickly, here and there. Calls at one door after another
    jump as far: a code (`written_as_code`) that rests between its days is followed all the same.
    """
    place = [exp.alias_(exp.cast(cell_of(c), "DOUBLE"), f"x{i}") for i, c in enumerate(coordinates)]
    inner = exp.select(
        exp.alias_(cell_of(code), "c"), exp.alias_(call("epoch", cell_of(moment)), "t"), *place
    ).from_(rows_of(look.paths))
    if span:
        low, high = map(exp.Literal.number, span)
        inner = inner.where(exp.Between(this=call("epoch", cell_of(moment)), low=low, high=high))
    columns = [f"x{i}" for i in range(len(coordinates))]
    steps = exp.select(
        exp.alias_(_since("t"), "gap"),
        exp.alias_(_distance([_since(x) for x in columns]), "step"),
        exp.alias_(_distance([exp.Sub(this=exp.column(x), expression=_middle(x)) for x in columns]), "off"),
    ).from_(inner.subquery("i"))
    median = (call("quantile_cont", exp.column(n), exp.Literal.number("0.5")) for n in ("gap", "step", "off"))
    long = exp.GTE(this=exp.column("gap"), expression=exp.Literal.number(REST))
    row = look.con.execute(
        exp.select(*median, exp.Avg(this=exp.cast(long, "INTEGER"))).from_(steps.subquery("s")).sql("duckdb")
    ).fetchone()
    if row is None or row[0] is None or not 0 < row[0] <= PACE:
        return False
    _, step, off, rests = row
    return step is None or step <= off or (written_as_code and rests >= RESTS)


def _since(name: str) -> Expr:
    """A value less the one before it in time, of the same code."""
    before = exp.Window(
        this=exp.Lag(this=exp.column(name)),
        partition_by=[exp.column("c")],
        order=exp.Order(expressions=[exp.Ordered(this=exp.column("t"))]),
    )
    return exp.Sub(this=exp.column(name), expression=before)


def _middle(name: str) -> Expr:
    return exp.Window(this=exp.Avg(this=exp.column(name)), partition_by=[exp.column("c")])


def _distance(differences: Sequence[Expr]) -> Expr:
    """The sum of what two places differ by, without its sign; null of places that are no numbers."""
    terms = [exp.Abs(this=d) for d in differences]
    return exp.Add(this=terms[0], expression=terms[1]) if len(terms) == 2 else exp.null()
