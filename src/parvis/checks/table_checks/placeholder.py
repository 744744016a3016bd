"""A value put there because something had to be: « Inconnu », 999, 01/01/1900. It passes for a value and is
none.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.checks.declaration import Check, English, Example
from parvis.checks.sql import one_of, surely, text, whole
from parvis.checks.typed_view import IDENTIFIERS, PLACES, RuleHit, TypedView, cell
from parvis.core.text import fold, french_number
from parvis.core.types import ColumnProfile

WORDS = frozenset({
    "inconnu", "inconnue", "inconnus", "unknown", "a completer", "a renseigner", "a definir", "non renseigne", "non renseignee", "non communique",
    "non communiquee", "non connu", "non disponible", "n/a", "#n/a", "na", "nc", "n.c.", "nr", "nd", "tbd", "todo", "null", "none", "nan", "undefined", "xxx",
    "xxxx", "???", "??", "?", "#ref!", "#value!", "#valeur!", "#nom?", "#div/0!",
})  # fmt: skip
"""Folded: without case or accents."""
LONGEST = 2 * max(map(len, WORDS))
"""Characters up to which a text may be one of them: each letter may have its accent beside it. Longer ones
are not folded, which takes longer.
"""

NUMBERS = (99, 999, 9999, 99999, 999999, -1, -9, -99, -999, -9999)
DATES = (
    "1899-12-30",
    "1899-12-31",
    "1900-01-01",
    "1904-01-01",
    "1970-01-01",
    "0001-01-01",
    "9999-12-31",
    "9999-01-01",
)
MANY = 20_000
"""Distinct texts up to which each is looked at."""
FAR = timedelta(days=3650)
"""A date of convention stands at least so far from the next one."""


def _look(view: TypedView) -> Iterator[RuleHit]:
    for column, known in view.columns("text"):
        if known.distinct > 1:
            stand_ins = _words(view, column.name, known)
            yield from (
                _hit_unless_usual(view, column.name, one_of(cell(column.name), stand_ins), 0.9)
                if stand_ins
                else ()
            )
    for column, known in view.columns("integer", "number"):
        if column.meaning not in IDENTIFIERS | PLACES and known.distinct > 5:
            yield from _numbers(view, column.name, known.min, known.max)
    for column, known in view.columns("date"):
        ends = [
            d
            for d in DATES
            if known.min is not None
            and known.max is not None
            and (known.min <= d <= known.min or known.max <= d <= known.max)
        ]
        for day in ends:
            if _alone(view, column.name, day):
                yield from _hit_unless_usual(
                    view,
                    column.name,
                    exp.EQ(this=cell(column.name), expression=surely(text(day), "DATE")),
                    0.5,
                )


def _words(view: TypedView, name: str, known: ColumnProfile) -> tuple[str, ...]:
    """The texts of a column that are words of convention; where values are many, only the most frequent are
    looked at: such a word comes again and again.
    """
    values = (value for value, _ in known.top) if known.distinct > MANY else view.values(name)
    return tuple(value for value in values if len(bare := value.strip()) <= LONGEST and fold(bare) in WORDS)


def _numbers(view: TypedView, name: str, low: str | None, high: str | None) -> Iterator[RuleHit]:
    """A number of convention is the least or the greatest of its column, comes more than once, and stands far
    from all the others.
    """
    for number in NUMBERS:
        if (
            low is None
            or high is None
            or float(number) not in (float(low), float(high))
            or (number < 0 and float(low) != number)
        ):
            continue
        here = (
            exp.EQ(this=cell(name), expression=whole(number))
            if number >= 0
            else exp.EQ(this=cell(name), expression=exp.Neg(this=whole(-number)))
        )
        rest = view.select(
            exp.Min(this=cell(name)), exp.Max(this=cell(name)), exp.Count(this=exp.Star())
        ).where(exp.Not(this=here.copy()), copy=False)
        ((least, most, _),) = view.fetch(rest)
        if not isinstance(least, (int, float)) or not isinstance(most, (int, float)):
            continue
        far = least >= 0 if number < 0 else most < number / 3
        if far:
            yield from (b for b in _hit_unless_usual(view, name, here, 0.5) if b.count >= 2)


def _alone(view: TypedView, name: str, day: str) -> bool:
    here = exp.EQ(this=cell(name), expression=surely(text(day), "DATE"))
    ((least, most),) = view.fetch(
        view.select(exp.Min(this=cell(name)), exp.Max(this=cell(name))).where(exp.Not(this=here), copy=False)
    )
    day_read = date.fromisoformat(day)
    return (
        isinstance(least, date)
        and isinstance(most, date)
        and (least - day_read >= FAR or day_read - most >= FAR)
    )


def _hit_unless_usual(view: TypedView, name: str, wrong: Expr, most: float) -> Iterator[RuleHit]:
    hit = view.where(wrong, name)
    if hit is not None and hit.count <= most * view.rows:
        first_values = sorted({v for _, v in hit.rows if v})[:3]
        yield RuleHit(
            name,
            hit.count,
            hit.rows,
            {"n": french_number(hit.count), "shown": ", ".join(f"« {v} »" for v in first_values)},
        )


placeholder = Check(
    name="placeholder",
    title="Valeur de remplissage",
    message="Colonne « {column} » : valeurs de remplissage : {n} ({shown}).",
    fix="Laissez ces cellules vides : vide veut dire « on ne sait pas », et se compte.",
    why="Une valeur de remplissage entre dans les moyennes, les comptes et les cartes comme une vraie.",
    english=English(
        title="Placeholder value",
        message="Column “{column}”: placeholder values: {n} ({shown}).",
        fix="Leave these cells empty: empty means “not known”, and is counted as such.",
        why="A placeholder enters means, counts and maps like a true value.",
    ),
    severity="warning",
    dimension="completeness",
    look=_look,
    examples=(
        Example(
            {},
            ("nom", "n"),
            (("Antigone", "3"), ("Inconnu", "5"), ("Comédie", "4"), ("INCONNU", "2"), ("Corum", "7")),
            (2, 4),
        ),
        Example(
            {},
            ("capteur", "no2"),
            tuple((f"C{i}", "999" if i in (4, 9) else str(20 + i)) for i in range(1, 16)),
            (4, 9),
        ),
        Example(
            {},
            ("nom", "pose"),
            tuple((f"A{i}", "1900-01-01" if i == 3 else f"20{10 + i}-03-02") for i in range(1, 12)),
            (3,),
        ),
        Example({}, ("nom", "n"), tuple((f"A{i}", str(i * 99)) for i in range(1, 15)), ()),
        Example(
            {}, ("commune", "construit"), tuple((f"A{i}", f"19{i:02}-01-01") for i in range(0, 60, 4)), ()
        ),
    ),
)
