"""A postal code that is none of its commune's. Held to the city's list of communes where it knows the
commune, else to the department of the code.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.checks.declaration import Check, English, Example
from parvis.checks.sql import both, call, either, matches, one_of, text, when, whole
from parvis.checks.table_checks.commune_unknown import FORM
from parvis.checks.typed_view import RuleHit, TypedView, cell, present

SOME = 0.05
"""Share of codes of another department above which the two columns do not speak of one place (a seat, a
site).
"""


def _look(view: TypedView) -> Iterator[RuleHit]:
    of = {c.meaning: c.name for c, _ in view.columns("text") if c.meaning in ("commune_insee", "code_postal")}
    if len(of) < 2:
        return
    commune, postcode = of["commune_insee"], of["code_postal"]
    listed = [
        (code, tuple(sorted(codes))) for code, codes in sorted(view.territory.postcodes.items()) if codes
    ]
    known = [
        both(exp.EQ(this=cell(commune), expression=text(code)), exp.Not(this=one_of(cell(postcode), codes)))
        for code, codes in listed
    ]
    elsewhere = exp.Not(this=one_of(cell(commune), tuple(code for code, _ in listed)))
    other = both(elsewhere, exp.NEQ(this=_department(cell(commune)), expression=_department(cell(postcode))))
    formed = both(
        present(commune, postcode), matches(cell(commune), FORM), matches(cell(postcode), "[0-9]{5}")
    )
    hit = view.where(both(formed, exp.Paren(this=either(*known, other))), postcode)
    if hit is not None and hit.count <= max(1, SOME * view.rows):
        yield RuleHit(postcode, hit.count, hit.rows, {"commune": commune})


def _department(code: Expr) -> Expr:
    """The department that begins a code; Corsica is 20, Saint-Barthélemy and Saint-Martin have Guadeloupe's
    postal codes, Monaco is left alone.
    """
    first = call("left", code.copy(), whole(2))
    overseas = call("left", code.copy(), whole(3))
    island = when((one_of(overseas, ("977", "978")), text("971")), otherwise=overseas.copy())
    return when(
        (one_of(first, ("2A", "2B", "20")), text("20")),
        (one_of(first, ("97", "98")), island),
        otherwise=first.copy(),
    )


postcode_commune = Check(
    name="postcode-commune",
    title="Code postal d’une autre commune",
    message="{values} de la colonne « {column} » étrangères à la commune de « {commune} ».",
    fix="Vérifiez le code postal et le code INSEE de ces lignes : l’un des deux est faux.",
    english=English(
        title="Postal code of another commune",
        message="{values} of column “{column}” foreign to the commune of “{commune}”.",
        fix="Check the postal code and the INSEE code of these rows: one of the two is wrong.",
    ),
    severity="warning",
    dimension="consistency",
    look=_look,
    examples=(
        Example(
            {},
            ("code_insee", "code_postal", "n"),
            (
                *(("34172", "34170" if i == 4 else "34070", str(i)) for i in range(1, 30)),
                ("2A004", "20000", "30"),
                ("97123", "97133", "31"),
            ),
            (4,),
        ),
        Example(
            {},
            ("code_insee", "code_postal", "n"),
            tuple(("30189", "13000" if i == 7 else "30000", str(i)) for i in range(1, 30)),
            (7,),
        ),
    ),
)
