"""Letters lost or doubled by a wrong encoding: « Ã© » for é, « � » for anything."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from parvis.checks.declaration import Check, English, Example
from parvis.checks.sql import both, call, either, text
from parvis.checks.typed_view import RuleHit, TypedView, cell

_CONTINUED = "\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122"
_DAMAGE = f"\ufffd|[ÃÂ][{_CONTINUED}]|â€[\u0080-\u2122]|Å“"
"""The replacement character; the bytes of UTF-8 read as cp1252."""

MANY = 20_000
FEW = 1_000
AGAIN = 5
"""Different texts up to which they are looked at instead of the rows: a few, which other checks look at too, or
many, if each stands on so many rows in the mean. Else the rows are looked at as soon.
"""

_MARKS = ("\ufffd", "Ã", "Â", "â€", "Å“")
"""What damaged texts hold, looked for first: it is quicker than a pattern; and quicker still, whether a text
holds more than ASCII, which none of them is.
"""


def _look(view: TypedView) -> Iterator[RuleHit]:
    for column, known in view.columns("text"):
        few = known.distinct <= max(FEW, min(MANY, view.rows // AGAIN))
        if few and not any(m in value for value in view.values(column.name) for m in _MARKS):
            continue
        accented = exp.NEQ(
            this=call("strlen", cell(column.name)), expression=call("length", cell(column.name))
        )
        mark = either(*(call("contains", cell(column.name), text(m)) for m in _MARKS))
        hit = view.where(
            both(accented, exp.Paren(this=mark), call("regexp_matches", cell(column.name), text(_DAMAGE))),
            column.name,
        )
        if hit is not None:
            yield hit


encoding_damage = Check(
    name="encoding-damage",
    title="Lettres abîmées par un mauvais encodage",
    message="{values} de la colonne « {column} » aux lettres abîmées par un mauvais encodage (« Ã© » pour « é », « � »).",
    fix="Reprenez le fichier d’origine et enregistrez-le en UTF-8 ; ce qui est devenu « � » est perdu et se ressaisit.",
    english=English(
        title="Letters damaged by a wrong encoding",
        message="{values} of column “{column}” with letters damaged by a wrong encoding (“Ã©” for “é”, “�”).",
        fix="Take the original file and save it as UTF-8; what has become “�” is lost and must be typed again.",
    ),
    severity="warning",
    dimension="accuracy",
    look=_look,
    examples=(
        Example(
            {},
            ("nom", "x"),
            (
                ("Ã©cole", "1"),
                ("école", "2"),
                ("cr�che", "3"),
                ("L’Île", "4"),
                ("lâ€™Ã®le", "5"),
                ("n° 4", "6"),
                ("nÂ° 4", "7"),
                ("SÃO PAULO", "8"),
            ),
            (1, 3, 5, 7),
        ),
    ),
)
