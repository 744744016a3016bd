"""A code of commune that the city's list of communes does not know. Without a list (`communes.csv` in the
city's folder) only the form of the code is held.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from parvis.checks.declaration import Check, English, Example
from parvis.checks.sql import both, call, matches
from parvis.checks.sql import one_of as is_one_of
from parvis.checks.typed_view import RuleHit, TypedView, cell, present

FORM = "(?:0[1-9]|[13-9][0-9]|2[AB1-9])[0-9]{3}"


def _look(view: TypedView) -> Iterator[RuleHit]:
    known = view.territory.names
    departments = {code[:2] for code in known}
    for column, _ in view.columns("text"):
        if column.meaning != "commune_insee" or not known:
            continue
        here = is_one_of(call("left", cell(column.name), exp.Literal.number(2)), tuple(sorted(departments)))
        strange = both(
            present(column.name),
            matches(cell(column.name), FORM),
            here,
            exp.Not(this=is_one_of(cell(column.name), tuple(sorted(known)))),
        )
        hit = view.where(strange, column.name)
        if hit is not None:
            yield RuleHit(column.name, hit.count, hit.rows, {"departments": ", ".join(sorted(departments))})


commune_unknown = Check(
    name="commune-unknown",
    title="Code de commune inconnu",
    message="{values} de la colonne « {column} » absentes de la liste des communes de la ville (départements {departments}).",
    fix="Vérifiez le code : commune ancienne, code postal à la place du code INSEE, faute de frappe. Si la liste est en retard, complétez communes.csv.",
    english=English(
        title="Unknown code of commune",
        message="{values} of column “{column}” missing from the city’s list of communes (departments {departments}).",
        fix="Check the code: a former commune, a postal code instead of the INSEE code, a typing error. If the list is late, complete communes.csv.",
    ),
    severity="warning",
    dimension="validity",
    look=_look,
    examples=(
        Example(
            {},
            ("code_insee", "n"),
            tuple((("34172", "34057", "34999", "75056")[i % 4], str(i)) for i in range(12)),
            (3, 7, 11),
        ),
    ),
)
